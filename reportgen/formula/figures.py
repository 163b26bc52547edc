"""One year's figures, as formulas look them up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, Figure, Missing, Value
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCell:
    """A figure, in ``unit`` (as written; blank: not stated), and its cell."""

    value: Value
    unit: str
    at: CellRef
    written: str = ""  # of a milestone: the words in the cell that name the stage reached


class Lookup(Protocol):
    """Lookup of the figure of an item, or of one of its components."""

    def __call__(self, key: str, component: str | None, offset: int = 0) -> FigureCell | None:
        """Return the figure ``offset`` years from the year in question.

        ``key`` is that of the 資料項, ``component`` that of the 組成 or None. None: there is
        no such row.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """A :data:`Lookup` over the rows of 年度資料, for one ROC year."""

    year: int
    names: tuple[str, ...]  # as written, for suggestions
    rows: Mapping[tuple[str, str], FigureCell]
    before: YearFigures | None = None  # of the year before

    @classmethod
    def of(cls, figures: Iterable[Figure], year: int) -> YearFigures:
        """Return the figures of ``year``; a row without that column counts as not yet available.

        Of two rows with the same 資料項 and 組成 the first counts. ``before`` is not filled in.
        """
        rows: dict[tuple[str, str], FigureCell] = {}
        names: dict[str, str] = {}
        for figure in figures:
            names.setdefault(name_key(figure.item.text), figure.item.text)
            row_key = (name_key(figure.item.text), name_key(figure.component.text))
            rows.setdefault(row_key, _figure_of_year(figure, year))
        return cls(year=year, names=tuple(names.values()), rows=rows)

    def __call__(self, key: str, component: str | None, offset: int = 0) -> FigureCell | None:
        """Return the figure of an item, or of one of its components; None if there is no such row.

        ``offset`` is 0 or -1, the year before; a year that is not known is NOT_YET.
        """
        figure = self.rows.get((key, component or ""))
        if offset == 0 or figure is None:
            return figure
        if offset == -1 and self.before is not None:
            return self.before(key, component)
        return replace(figure, value=Missing(reason=MissingReason.NOT_YET), written="")


def _figure_of_year(figure: Figure, year: int) -> FigureCell:
    """Return the figure of a year with its unit and cell.

    It is Missing (NOT_YET) if the row lacks the year.
    """
    unit = "%" if figure.is_milestone else figure.unit.text
    for cell in figure.values:
        if cell.year == year:
            return FigureCell(value=cell.value, unit=unit, at=cell.at, written=cell.written)
    value = Missing(reason=MissingReason.NOT_YET)
    return FigureCell(value=value, unit=unit, at=figure.at)
