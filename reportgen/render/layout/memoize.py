"""Memoization on the style that a value belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.render.weasyprint_types import Style

T = TypeVar("T")


def memoize_per_style(name: str, compute: Callable[[Style], T]) -> Callable[[Style], T]:
    """Return ``compute``, memoized on the style it is called with.

    The value is kept in the style's attribute ``_reportgen_<name>``, so it lives as long as the
    style does; ``name`` must be unique among the memoized functions.
    """
    key = f"_reportgen_{name}"

    def cached(style: Style) -> T:
        """Return the style's value, computed at its first use."""
        values: dict[str, T] = style.__dict__
        if key not in values:
            values[key] = compute(style)
        return values[key]

    return cached
