"""The yearly review: counts, who improved, and the words of the data year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.compute import compute
from reportgen.documents import document_content
from reportgen.views.review_view import bound_figure_problems, review_view
from tests.factories.samples import scorecard, second_agency, yearly_review
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from reportgen.views.review_view import ReviewView
    from reportgen.workbook.writing.scorecard_rows import Row


def view(**sheets: list[Row]) -> ReviewView:
    """Five KPIs: better and reached, better and missed, worse, the same, without a figure."""
    given = {
        "關鍵績效指標": [
            kpi("甲（單位：件）", "AC1.1"),
            kpi("乙（單位：件）", "AC1.2", 方向="越低越好"),
            kpi("丙（單位：件）", "AC1.3"),
            kpi("丁（單位：件）", "AC1.4"),
            kpi("戊（單位：件）", "AC1.5"),
        ],
        "年度資料": [
            figure("甲", [1, 2, 3]),
            figure("乙", [1, 3, 2]),
            figure("丙", [1, 3, 2]),
            figure("丁", [1, 2, 2]),
            figure("戊", [1, 2, "…"]),
        ],
        "目標值": [goal("3"), goal("1", "AC1.2"), goal("1", "AC1.4"), goal("1", "AC1.5")],
        **sheets,
    }
    return review_view(compute(read(**given))[0])


def test_kpis_are_counted_by_verdict_and_by_progress() -> None:
    total = view().total
    assert (total.total, total.achieved, total.missed, total.unjudged) == (5, 2, 1, 2)
    assert (total.improved, total.unchanged, total.declined) == (2, 1, 1)
    # Worse, the same or better needs both years; one KPI has no figure.
    assert total.improved + total.unchanged + total.declined == total.total - 1


def test_missed_worse_and_better_kpis_are_listed_by_direction() -> None:
    shown = view()
    groups = {group.name: [row.code for row in group.rows] for group in shown.groups}
    assert groups == {"未達成": ["AC1.2"], "較上年度退步": ["AC1.3"]}
    assert [row.code for row in shown.improved] == ["AC1.1", "AC1.2"]


def test_the_counts_of_perspectives_add_up() -> None:
    for sample in (yearly_review, second_agency):
        shown = review_view(compute(scorecard(sample))[0])
        for name in ("total", "achieved", "missed", "unjudged", "improved", "declined"):
            assert sum(getattr(row, name) for row in shown.summary) == getattr(shown.total, name)


def words(shown: ReviewView) -> dict[str, dict[str, str]]:
    return {
        commentary.code: {text.label: text.text for text in commentary.texts}
        for page in shown.pages
        for commentary in page.commentaries
    }


def test_words_of_the_data_year_are_printed_below_their_labels() -> None:
    entries: list[Row] = [
        {"KPI代碼": "AC1.1", "年度": 104, "執行情形": "前一年"},
        {"KPI代碼": "AC1.1", "年度": 105, "執行情形": "{AC1.1} 件", "目標調整理由": "調高"},
        {"KPI代碼": "AC1.2", "年度": 105, "因應策略": "檢討"},
    ]
    assert words(view(執行說明=entries)) == {
        "AC1.1": {"執行情形": "3 件", "下年度目標調整理由": "調高"},
        "AC1.2": {"未達成原因": "（待填）", "因應策略\n（改善措施）": "檢討"},
    }


def test_a_missed_kpi_without_words_shows_that_they_are_wanting() -> None:
    blank = "（待填）"
    assert words(view()) == {"AC1.2": {"未達成原因": blank, "因應策略\n（改善措施）": blank}}


def test_initiatives_stand_below_their_objective() -> None:
    initiatives: list[Row] = [
        {"策略目標": "AC1", "名稱": "一", "開始日期": "105-01-02", "經費（千元）": "1234.5"},
        {"策略目標": "AC1", "名稱": "二", "結束日期": "105-12-31", "辦理情形": "{甲} 件"},
    ]
    (page,) = view(行動方案=initiatives).pages
    ((one, two),) = (group.initiatives for group in page.initiatives)
    assert (one.start, one.end, one.budget, one.progress) == ("105.1.2", "", "1,234.5", "")
    assert (two.start, two.end, two.budget, two.progress) == ("", "105.12.31", "", "3 件")


def test_only_symbols_of_figures_are_explained() -> None:
    entries: list[Row] = [
        {"KPI代碼": "AC1.1", "年度": 105, "執行情形": "未填 … 者從略"},
        {"KPI代碼": "AC1.2", "年度": 105, "執行情形": "甲", "未達成原因": "乙", "因應策略": "丙"},
    ]
    without_gap = {
        "關鍵績效指標": [kpi("甲（單位：件）"), kpi("乙（單位：件）", "AC1.2")],
        "年度資料": [figure("甲", [1, 2, 3]), figure("乙", ["-", 3, 2])],
        "目標值": [],
    }
    (page,) = view(**without_gap, 執行說明=entries).pages
    assert page.symbols == ()
    entries[0] = {**entries[0], "執行情形": "103 年 {AC1.2 103}"}
    (page,) = view(**without_gap, 執行說明=entries).pages
    assert [note.symbol for note in page.symbols] == ["-"]


def test_two_perspectives_of_one_name_keep_their_own_figures() -> None:
    card = scorecard(yearly_review)
    name = card.perspectives[0].card_name
    same = replace(
        card, perspectives=tuple(replace(entry, card_name=name) for entry in card.perspectives)
    )
    shown = review_view(compute(same)[0])
    codes = [
        row.code for page in shown.pages for objective in page.objectives for row in objective.rows
    ]
    assert sorted(codes) == sorted(kpi.code for kpi in card.kpis)


def test_characters_of_words_are_checked_for_glyphs() -> None:
    card = scorecard(yearly_review)
    entry = card.commentaries[0]
    odd = replace(entry, progress=replace(entry.progress, text="{AC1.1} \U0002f9f4 件"))
    results = compute(replace(card, commentaries=(odd,)))[0]
    assert odd.progress in document_content("review", results).texts


def test_the_sample_has_no_problem() -> None:
    assert bound_figure_problems(compute(scorecard(yearly_review))[0]) == ()
