"""What is found out once, and kept with what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Kept:
    """What is found out of an object once: ``functools.cached_property``, without its lock."""

    def __init__(self, find: Callable[[Any], Any]) -> None:
        self.func = find
        self._name = find.__name__

    def __get__(self, thing: Any, owner: type | None = None) -> Any:
        if thing is None:
            return self
        value = thing.__dict__[self._name] = self.func(thing)
        return value


def with_style(name: str, find: Callable[[Any], T]) -> Callable[[Any], T]:
    """What follows from a style alone, found out once for each style; ``name`` is what it is."""
    key = f"_reportgen_{name}"

    def of(style: Any) -> T:
        values: dict[str, T] = style.__dict__
        if key not in values:
            values[key] = find(style)
        return values[key]

    return of
