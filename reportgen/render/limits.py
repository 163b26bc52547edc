"""Limits of time and memory for a document, by how much it prints.

Measured on one core of 2023: templates 0.2 s for 7,000 texts; layout, PDF and Word together 1.4 ms
and 8 kB for each character of the data. A machine may be ten times as slow. What a template does by
itself, such as an endless loop, does not grow with the data and so is stopped soon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from reportgen.problems import Location, Problem, make_problem
from reportgen.processes.resource_limits import Limits, system_lacks_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE_TIMEOUT_S: Final = 10.0
LAYOUT_TIMEOUT_S: Final = 30.0
LAYOUT_S_PER_CHAR: Final = 0.015
MEMORY_BYTES: Final = 1_000_000_000  # bytes
MEMORY_BYTES_PER_CHAR: Final = 20_000  # bytes
MAX_COUNTED_CHARS: Final = 20_000  # characters; what is longer is a picture
OUT_OF_TIME, OUT_OF_MEMORY = ("時間", "time"), ("記憶體", "memory")


def document_limits(context: Mapping[str, Any]) -> Limits:
    """Return the limits of a document by the characters in its template's data, ``context``.

    The time is that of the template alone, to be extended for the layout up to the total.
    """
    size = _size(context)
    return Limits(
        seconds=TEMPLATE_TIMEOUT_S,
        memory=MEMORY_BYTES + MEMORY_BYTES_PER_CHAR * size,
        max_total_seconds=TEMPLATE_TIMEOUT_S + layout_timeout(context),
    )


def layout_timeout(context: Mapping[str, Any]) -> float:
    """Return the seconds for the layout, the PDF and Word together: 30, and 0.015 a character."""
    return LAYOUT_TIMEOUT_S + LAYOUT_S_PER_CHAR * _size(context)


def limit_problem(what: tuple[str, str], where: Location) -> Problem:
    """Return E409 for OUT_OF_TIME or OUT_OF_MEMORY (``what``), located at ``where``.

    Out of memory is E515 instead if the whole machine has less free than a document may use.
    """
    if what is OUT_OF_MEMORY and system_lacks_memory(MEMORY_BYTES):
        return make_problem("E515")
    found, found_en = what
    return make_problem("E409", where, found=found, found_en=found_en)


def _size(context: Mapping[str, Any]) -> int:
    """Return the number of characters in a template's data; strings of pictures do not count."""
    lengths = (len(text) for text in _strings_within(context))
    return sum(length for length in lengths if length <= MAX_COUNTED_CHARS)


def _strings_within(value: Any) -> Iterator[str]:
    """Yield every string in a value, its mappings, dataclasses and iterables, at any depth.

    Keys of mappings are left out; so are bytes and other values.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings_within(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _strings_within(getattr(value, name))
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for item in value:
            yield from _strings_within(item)
