"""Figures by item, component and year."""

from __future__ import annotations

from dataclasses import replace

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Missing
from tests.factories.formula_table import year


def test_a_year_that_is_not_known_has_no_figure_yet() -> None:
    figures = year("設計 60 去年 30")
    this_year, last_year = figures("設計", None), figures("設計", None, -1)
    assert this_year is not None
    assert last_year is not None
    assert (this_year.at.cell, last_year.at.cell) == ("E2", "D2")
    with_words = replace(this_year, written="完成設計")
    alone = replace(figures, before=None, rows={("設計", ""): with_words})
    unknown = alone("設計", None, -1)
    assert unknown is not None
    assert unknown.value == Missing(reason=MissingReason.NOT_YET)
    assert unknown.written == ""


def test_an_item_without_a_row_has_no_figure_in_any_year() -> None:
    figures = year("設計 60")
    assert figures("規劃", None) is None
    assert figures("規劃", None, -1) is None
    assert replace(figures, before=None)("規劃", None, -1) is None
