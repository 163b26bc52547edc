"""Figures in words: what they print, and what is told of those that print nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.compute import compute
from reportgen.model.scorecard import CellRef, Text
from reportgen.views.bound_figures import BoundText, FigureLookup
from tests.factories.bound_texts import PHRASES, references
from tests.factories.samples import scorecard, teachers_center
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from reportgen.compute.result_types import Results

AT = CellRef(sheet="執行說明", cell="C5")


@cache
def results() -> Results:
    card = read(
        關鍵績效指標=[
            kpi("甲/乙×100%（單位：%）", "F1.1"),
            kpi("丙（單位：元）", "F1.2"),
            kpi("丁（單位：件）", "F1.3", 方向="越低越好"),
        ],
        年度資料=[
            figure("甲", [1, 2, 1]),
            figure("乙", [4, 4, 3]),
            figure("丙", [1000, 2000, 1500], "元", "本年度"),
            figure("丙", [1, 0, "0.5"], "元", "保留數"),
            figure("丁", ["-", 4, "…"]),
            figure("戊 己", [7, 8, 9], "場次"),
            figure("庚", [1, 1, 1], "元", "一"),
            figure("庚", [1, 1, 1], "千元", "二"),
        ],
        目標值=[{"KPI代碼": "F1.1", 104: "≥40%", 105: "≥50%"}, goal("≤3", "F1.3")],
    )
    return compute(card)[0]


def bind(text: str, year: int = 105, units: frozenset[str] = frozenset()) -> BoundText:
    lookup = FigureLookup(results())
    return lookup.bind(Text(text=text, at=AT), year, label="執行情形", units=units)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("執行率 {F1.1}。", "執行率 33.33%。"),
        ("{F1.1 目標值}", "≥50%"),
        ("{F1.1 104}", "50.00%"),
        ("{F1.1 104年 目標值}", "≥40%"),
        ("{F1.1 目標值 104年度}", "≥40%"),
        ("{F1.1 達成率}、{F1.1 達成情形}", "66.67%、未達成"),
        ("{F1.1 較上年增減}", "\u221216.67百分點"),
        ("{F1.1　單位}", "%"),
        ("｛Ｆ１．１　１０４｝", "50.00%"),
        ("{f1.1}", "33.33%"),
        ("{F1.3}", "…"),
        ("{F1.3 104}", "4"),
        ("{甲}/{乙}", "1/3"),
        ("{甲 104}", "2"),
        ("{丙（本年度）}、{丙（保留數）}", "1,500、0.5"),
        ("{戊 己}", "9"),
        ("{戊己 103}", "7"),
        ("{戊 己 單位}", "場次"),
        ("{庚（二） 104}", "1"),
        ("{{F1.1}}", "{F1.1}"),
        ("{{{F1.1}}}", "{33.33%}"),
        ("第一行 {甲}\n第二行", "第一行 1\n第二行"),
    ],
)
def test_a_bound_figure_is_printed_as_the_tables_print_it(written: str, printed: str) -> None:
    bound = bind(written)
    assert (bound.text, bound.problems) == (printed, ())


def test_the_year_is_that_of_the_words() -> None:
    assert bind("{F1.1}", 104).text == "50.00%"


def test_components_are_added_as_a_formula_adds_them_or_in_one_unit() -> None:
    assert bind("{丙}").text == "1,500.5"
    (problem,) = bind("{庚}").problems  # 元 and 千元
    assert problem.code == "E262"


@pytest.mark.parametrize(
    ("written", "code", "found"),
    [
        ("{F9.9}", "E261", "{F9.9}"),
        ("{F1.1 進度}", "E261", "{F1.1 進度}"),
        ("{F1.1104}", "E261", "{F1.1104}"),
        ("{}", "E261", "{}"),
        ("{104}", "E261", "{104}"),
        ("{目標值}", "E261", "{目標值}"),
        ("{F1.1 104 103}", "E261", "{F1.1 104 103}"),
        ("{F1.1 目標值 達成率}", "E261", "{F1.1 目標值 達成率}"),
        ("{F1.1 99}", "E262", "{F1.1 99}"),
        ("{F1.1 目標值 103}", "E262", "{F1.1 目標值 103}"),
        ("{F1.2 達成率}", "E262", "{F1.2 達成率}"),
        ("{甲 目標值}", "E262", "{甲 目標值}"),
        ("{F1.1", "E263", "{F1.1"),
        ("F1.1}", "E263", "}"),
        ("a {F1.1 b {甲}", "E263", "{F1.1 b {甲}"),
    ],
)
def test_an_error_names_the_cell_and_the_name(written: str, code: str, found: str) -> None:
    problems = bind(written).problems
    assert [problem.code for problem in problems] == [code]
    assert (problems[0].where.sheet, problems[0].where.cell) == (AT.sheet, AT.cell)
    for language in ("zh-TW", "en"):
        assert found in problems[0].message(language)
        assert "執行情形" in problems[0].message(language)


def test_a_misspelt_name_is_suggested() -> None:
    assert "戊 己" in bind("{戊 已}").problems[0].fix()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("執行率 33.33%", ""),  # as computed
        ("執行率 50％，目標 50 %", ""),
        ("執行率 33.4%", "33.4%"),
        ("成長 1,500元、1,501元", "1,501元"),
        ("105年第3季辦理2場", ""),  # no unit of the KPI
        ("F1.1 為 98%", "98%"),
    ],
)
def test_a_typed_figure_that_equals_none_is_a_notice(typed: str, found: str) -> None:
    problems = bind(typed, units=frozenset({"%", "元"})).problems
    assert [problem.code for problem in problems] == (["N261"] if found else [])
    assert all(f" {found} " in problem.message() for problem in problems)


@cache
def sample_references() -> tuple[Results, tuple[tuple[str, str], ...]]:
    found = compute(scorecard(teachers_center))[0]
    return found, references(found)


@settings(deadline=None)
@given(st.data())
def test_any_words_with_any_figures_are_printed_to_the_letter(data: st.DataObject) -> None:
    found, known = sample_references()
    parts = st.one_of(
        st.sampled_from(known), st.sampled_from(PHRASES).map(lambda word: (word,) * 2)
    )
    drawn = data.draw(st.lists(parts, max_size=20))
    written, printed = (
        ("".join(column) for column in zip(*drawn, strict=True)) if drawn else ("", "")
    )
    text = Text(text=written, at=AT)
    bound = FigureLookup(found).bind(text, 105, label="執行情形", units=frozenset())
    assert (bound.text, bound.problems) == (printed, ())


@settings(deadline=None)
@given(st.text(st.sampled_from("{}｛｝F1. 0目標值甲\n%"), max_size=30))
def test_any_text_is_bound_or_an_error_names_what_is_not(written: str) -> None:
    bound = bind(written)
    for problem in bound.problems:
        assert problem.where.cell == AT.cell
        assert dict(problem.fields)["found"]
    errors = [problem for problem in bound.problems if problem.code != "N261"]
    has_plain_braces = any(pair in written for pair in ("{{", "}}", "｛｛", "｝｝"))
    if not errors and not has_plain_braces:
        assert not set("{}｛｝") & set(bound.text)
