"""Memoization on the object that a value belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.render.weasyprint_types import Style

T = TypeVar("T")


class CachedAttribute:
    """A cached attribute: ``functools.cached_property`` without its lock (before Python 3.12)."""

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        self.func = compute
        self._name = compute.__name__

    def __get__(self, instance: object, owner: type | None = None) -> object:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self.func(instance)
        return value


def memoize_per_style(name: str, compute: Callable[[Style], T]) -> Callable[[Style], T]:
    """Memoize a function of a style on that style, under the attribute ``_reportgen_<name>``."""
    key = f"_reportgen_{name}"

    def cached(style: Style) -> T:
        values: dict[str, T] = style.__dict__
        if key not in values:
            values[key] = compute(style)
        return values[key]

    return cached
