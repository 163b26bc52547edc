"""Limits of time and memory for a document, by how much it prints.

Measured on one core of 2023: templates 0.2 s for 7,000 texts; layout, PDF and Word together 1.4 ms
and 8 kB for each character of the data. A machine may be ten times as slow. What a template does by
itself, such as an endless loop, does not grow with the data and so is stopped soon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from reportgen.problems import Location, Problem, make
from reportgen.processes.resource_limits import Limits, system_lacks_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE_SECONDS: Final = 10.0
LAYOUT_SECONDS: Final = 30.0
SECONDS_PER_CHARACTER: Final = 0.015
MEMORY: Final = 1_000_000_000  # bytes
MEMORY_PER_CHARACTER: Final = 20_000  # bytes
LONGEST_TEXT: Final = 20_000  # characters; what is longer is a picture
TIME, SPACE = ("時間", "time"), ("記憶體", "memory")


def of_all(context: Mapping[str, Any]) -> Limits:
    """Return the limits of a document; its first stage is the template."""
    size = _size(context)
    return Limits(
        seconds=TEMPLATE_SECONDS,
        memory=MEMORY + MEMORY_PER_CHARACTER * size,
        max_total_seconds=TEMPLATE_SECONDS + of_layout(context),
    )


def of_layout(context: Mapping[str, Any]) -> float:
    """Return the seconds for the layout, the PDF and Word."""
    return LAYOUT_SECONDS + SECONDS_PER_CHARACTER * _size(context)


def exceeded(what: tuple[str, str], where: Location) -> Problem:
    """Return E409 for TIME or SPACE, or E515 if it is the machine that has too little memory."""
    if what is SPACE and system_lacks_memory(MEMORY):
        return make("E515")
    found, found_en = what
    return make("E409", where, found=found, found_en=found_en)


def _size(context: Mapping[str, Any]) -> int:
    """Return the number of characters that a template is given to print."""
    lengths = (len(text) for text in _texts(context))
    return sum(length for length in lengths if length <= LONGEST_TEXT)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _texts(getattr(value, name))
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for each in value:
            yield from _texts(each)
