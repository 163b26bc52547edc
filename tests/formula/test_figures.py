"""One year's figures: how rows are looked up, in that year and the one before."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reportgen.formula import FigureCell, YearFigures
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, Figure, Known, Missing, Text, Value, YearValue

NOT_YET = Missing(reason=MissingReason.NOT_YET)


def at(cell: str) -> CellRef:
    return CellRef(sheet="年度資料", cell=cell)


def row(item: str, component: str = "", unit: str = "件", number: int = 5, **given: int) -> Figure:
    """A row with values such as ``y105=3``, in the columns of their years."""
    blank = Text(text="", at=at("A1"))
    values = tuple(
        YearValue(year=int(year[1:]), value=Known(value=Fraction(value)), at=at(f"{year}-{number}"))
        for year, value in given.items()
    )
    return Figure(
        item=Text(text=item, at=at(f"A{number}")),
        component=Text(text=component, at=at(f"B{number}")),
        unit=Text(text=unit, at=at(f"C{number}")),
        values=values,
        source=blank,
        note=blank,
        at=at(f"A{number}"),
    )


def known(value: int) -> Value:
    return Known(value=Fraction(value))


ROWS = (
    row("甲 數", y104=1, y105=2),
    row("乙", "追加", unit="千元", number=6, y104=7, y105=3),
    row("甲數", number=7, y105=9),  # the same row again
)


def test_a_row_is_found_by_its_item_and_component() -> None:
    figures = YearFigures.of(ROWS, 105)
    assert (figures.year, figures.names) == (105, ("甲 數", "乙"))
    assert figures("甲數", None) == FigureCell(value=known(2), unit="件", at=at("y105-5"))
    assert figures("甲數", "") == figures("甲數", None)
    assert figures("乙", "追加") == FigureCell(value=known(3), unit="千元", at=at("y105-6"))
    assert figures("乙", None) is None
    assert figures("丙", None) is None
    assert figures("丙", None, -1) is None


def test_a_year_without_a_column_is_not_yet_known() -> None:
    figures = YearFigures.of(ROWS, 103)
    assert figures("甲數", None) == FigureCell(value=NOT_YET, unit="件", at=at("A5"))


@pytest.mark.parametrize(("offset", "value"), [(0, known(2)), (-1, known(1)), (-2, NOT_YET)])
def test_the_year_before_is_looked_up_where_it_is_known(offset: int, value: Value) -> None:
    before = YearFigures.of(ROWS, 104)
    now = YearFigures.of(ROWS, 105)
    figures = YearFigures(year=105, names=now.names, rows=now.rows, before=before)
    found = figures("甲數", None, offset)
    assert found is not None
    assert found.value == value
    component = figures("乙", "追加", -1)
    assert component is not None
    assert component.value == known(7)
    alone = now("甲數", None, offset)
    assert alone is not None
    assert alone.value == (value if offset == 0 else NOT_YET)
    assert alone.written == ""


def test_a_milestone_is_in_percent_and_keeps_its_words() -> None:
    blank = Text(text="", at=at("A1"))
    value = YearValue(year=105, value=known(60), at=at("E5"), written="設計")
    figure = Figure(
        item=Text(text="甲", at=at("A5")),
        component=blank,
        unit=Text(text="件", at=at("C5")),
        values=(value,),
        source=blank,
        note=blank,
        at=at("A5"),
        is_milestone=True,
    )
    figures = YearFigures.of([figure], 105)
    assert figures("甲", None) == FigureCell(value=known(60), unit="%", at=at("E5"), written="設計")
    before = figures("甲", None, -1)
    assert before is not None
    assert (before.value, before.written, before.unit) == (NOT_YET, "", "%")
