"""One year's figures, as formulas look them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.model import CellRef, Figure, Missing, MissingReason, Value
from reportgen.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A figure, in ``unit`` (as written; blank: not stated), and its cell."""

    value: Value
    unit: str
    at: CellRef


# (key of the name, key of the component or None) → the figure, or None: there is no such row.
Lookup = Callable[[str, str | None], Found | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """A :data:`Lookup` over the rows of 年度資料, for one ROC year."""

    year: int
    names: tuple[str, ...]  # as written, for suggestions
    rows: Mapping[tuple[str, str], Found]

    @classmethod
    def of(cls, figures: Iterable[Figure], year: int) -> YearFigures:
        """The figures of ``year``; a row without that column counts as not yet available."""
        rows: dict[tuple[str, str], Found] = {}
        names: dict[str, str] = {}
        for figure in figures:
            names.setdefault(name_key(figure.item.text), figure.item.text)
            where = (name_key(figure.item.text), name_key(figure.component.text))
            rows.setdefault(where, _found(figure, year))
        return cls(year=year, names=tuple(names.values()), rows=rows)

    def __call__(self, key: str, component: str | None) -> Found | None:
        """The figure of a name, or of one of its components."""
        return self.rows.get((key, component or ""))


def _found(figure: Figure, year: int) -> Found:
    for cell in figure.values:
        if cell.year == year:
            return Found(value=cell.value, unit=figure.unit.text, at=cell.at)
    value = Missing(reason=MissingReason.NOT_YET)
    return Found(value=value, unit=figure.unit.text, at=figure.at)
