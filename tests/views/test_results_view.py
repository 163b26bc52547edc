"""The small charts of the results, and what is explained below them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute
from reportgen.views.results_view import results_view
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import scorecard, second_agency, teachers_center
from tests.factories.scorecards import figure, goal, kpi, read, rows
from tests.factories.workbooks import read_scorecard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.views.results_view import ResultPage, TrendView
    from reportgen.workbook.writing.scorecard_rows import Content


def page(figures: Mapping[int, Content], target: Content = None) -> ResultPage:
    """The results of one KPI with these figures; 105 is the data year."""
    row: dict[str | int, Content] = {"資料項": "甲", "組成": "", "單位": "件"}
    row.update(figures.items())
    sheets = rows(
        關鍵績效指標=[kpi("甲（單位：件）")],
        年度資料=[row],
        目標值=[goal(target)] if target else [],
    )
    book = BytesIO()
    write_rows(sheets, book, modified=teachers_center.REVISED, years=tuple(figures))
    (found,) = results_view(compute(read_scorecard(book.getvalue()))[0]).pages
    return found


def trend(figures: Mapping[int, Content], target: Content = None) -> TrendView:
    return page(figures, target).objectives[0].rows[0].trend


def shape(view: TrendView) -> list[tuple[int, float, float]]:
    """Left, top and bottom of every bar."""
    return [(bar.x, float(bar.y), float(bar.y) + float(bar.height)) for bar in view.bars]


@pytest.mark.parametrize(
    ("figures", "axis", "bars"),
    [
        ({103: 10, 104: 20, 105: 30}, 30, [(3, 20, 30), (21, 10, 30), (39, 0, 30)]),
        ({103: -10, 104: 20, 105: 5}, 20, [(3, 20, 30), (21, 0, 20), (39, 15, 20)]),
        ({103: -10, 104: -20, 105: -30}, 0, [(3, 0, 10), (21, 0, 20), (39, 0, 30)]),
        ({103: 10, 104: "-", 105: 30}, 30, [(3, 20, 30), (39, 0, 30)]),
        ({101: 10, 105: 30}, 30, [(2, 20, 30), (42, 0, 30)]),
    ],
)
def test_bars_stand_on_the_zero_line_in_the_place_of_their_year(
    figures: dict[int, Content], axis: float, bars: list[tuple[int, float, float]]
) -> None:
    view = trend(figures)
    assert float(view.axis) == axis
    assert shape(view) == bars
    assert view.has_gaps == (len(bars) * 18 < view.width)


def test_a_threshold_without_a_figure_keeps_its_relation() -> None:
    sheets = {
        "關鍵績效指標": [kpi("甲 ≤ 乙/丙")],
        "年度資料": [figure("甲", [1]), figure("乙", [2]), figure("丙", [0])],
    }
    (found,) = results_view(compute(read(**sheets))[0]).pages
    assert found.objectives[0].rows[0].target == "≤--"


def test_years_that_are_left_out_are_told() -> None:
    view = trend({year: year for year in range(95, 106)})
    assert view.left_out == "95至97年未列"
    assert [view.figures[0], view.figures[-1], len(view.figures)] == ["98年 98", "105年 105", 8]
    assert view.description.startswith("AC1.1 歷年實績：95至97年未列；98年 98；")
    assert trend({97: 1, **{year: year for year in range(98, 106)}}).left_out == "97年未列"
    assert trend({104: 1, 105: 2}).left_out == ""


def test_the_legend_explains_only_what_is_printed() -> None:
    plain, full = page({104: 1, 105: 2}), page({103: "…", 104: -1, 105: 2}, 3)
    assert (plain.has_charts, plain.has_goals, plain.has_gaps, plain.symbols) == (
        True,
        False,
        False,
        (),
    )
    assert (full.has_charts, full.has_goals, full.has_gaps) == (True, True, True)
    assert [(note.symbol, note.meaning) for note in full.symbols] == [("…", "尚未產生")]
    assert full.objectives[0].rows[0].trend.figures == ("103年 …", "104年 −1", "105年 2")


def test_a_change_that_is_not_that_of_the_printed_figures_is_explained() -> None:
    """In 112 WO1.2 prints 7.8, 6.3 and -1.4, which is -1.44 before it is rounded."""
    view = results_view(compute(scorecard(second_agency))[0])
    (change,) = (
        row.change
        for page in view.pages
        for objective in page.objectives
        for row in objective.rows
        if row.code == "WO1.2"
    )
    assert change == "−1.4"
    explained = [page.perspective for page in view.pages if page.has_rounded_changes]
    assert explained == ["作業效能面", "預算資源面", "社會責任面"]
    assert not any(
        page.has_rounded_changes
        for page in results_view(compute(scorecard(teachers_center))[0]).pages
    )
    assert not page({104: 3, 105: 5}).has_rounded_changes
