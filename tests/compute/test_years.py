"""Which years have results, and what a blank cell of each stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute
from reportgen.compute.years import figures_by_year
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Missing
from tests.factories.scorecards import figure, kpi, read

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard

BLANK, NOT_YET = Missing(reason=MissingReason.BLANK), Missing(reason=MissingReason.NOT_YET)


def blanks() -> Scorecard:
    """甲 is blank in each year but 乙 in none; 105 is the data year."""
    return read(
        關鍵績效指標=[kpi("甲（單位：件）")],
        年度資料=[
            {**figure("甲", [None, None, None]), 106: None},
            {**figure("乙", [1, 1, 1]), 106: 2},
        ],
    )


def test_only_a_blank_of_the_data_year_may_still_be_filled_in() -> None:
    found = figures_by_year(blanks())
    assert [*found] == [103, 104, 105, 106]
    now = {year: figures.rows["甲", ""].value for year, figures in found.items()}
    assert now == {103: NOT_YET, 104: NOT_YET, 105: BLANK, 106: NOT_YET}
    before = {
        year: figures.before.rows["甲", ""].value
        for year, figures in found.items()
        if figures.before is not None
    }
    assert before == {103: NOT_YET, 104: NOT_YET, 105: NOT_YET, 106: BLANK}


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ({103: 1, 105: 1}, (103, 104, 105)),
        ({105: 1, 106: None}, (103, 104, 105)),
        ({105: 1, 106: "…"}, (103, 104, 105)),
        ({105: 1, 106: 0}, (103, 104, 105, 106)),
    ],
)
def test_a_year_after_the_data_year_has_results_where_it_has_a_figure(
    years: dict[str | int, object], expected: tuple[int, ...]
) -> None:
    row = {"資料項": "甲", "單位": "件", **years}
    card = read(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[row])  # type: ignore[list-item]
    assert compute(card)[0].years == expected


def test_the_year_before_is_the_one_before_each() -> None:
    card = read(
        關鍵績效指標=[kpi("甲-上年度甲（單位：件）")],
        年度資料=[{**figure("甲", [1, 3, 7]), 106: 20}],
    )
    found = {year.year: year.actual.text for year in compute(card)[0].kpis[0].years}
    assert found == {103: "…", 104: "2", 105: "4", 106: "13"}
