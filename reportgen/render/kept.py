"""Memoization on the object that a value belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Kept:
    """A cached attribute: ``functools.cached_property`` without its lock (before Python 3.12)."""

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        self.func = compute
        self._name = compute.__name__

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self.func(instance)
        return value


def with_style(name: str, compute: Callable[[Any], T]) -> Callable[[Any], T]:
    """Memoize a function of a style on that style, under the attribute ``_reportgen_<name>``."""
    key = f"_reportgen_{name}"

    def cached(style: Any) -> T:
        values: dict[str, T] = style.__dict__
        if key not in values:
            values[key] = compute(style)
        return values[key]

    return cached
