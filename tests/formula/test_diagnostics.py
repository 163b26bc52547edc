"""What is said about a faulty formula, and where the caret points."""

from __future__ import annotations

import sys
import time
from inspect import cleandoc

import pytest

from reportgen.formula import Vocabulary, evaluate, excerpt_with_caret, parse_formula
from reportgen.problems import CATALOGUE, Problem
from reportgen.problems.catalogue.formula_problems import ENTRIES
from tests.factories.formula_table import WHERE, vocabulary_of, year

FIGURES = year("甲 6; 乙 3; 應付未付數 5; 賸餘數 2; 乙(丙) 4; 分項/原預算 1; 分項/追加 2")


VOCABULARY = vocabulary_of(FIGURES).for_kpi("執行率", "AC1.1")


def problems_of(text: str, vocabulary: Vocabulary | None = None) -> tuple[Problem, ...]:
    formula, problems = parse_formula(text, WHERE, vocabulary)
    if formula is None:
        return problems
    outcome = evaluate(formula, FIGURES, names=FIGURES.names, where=WHERE)
    return (*problems, *outcome.problems)


CASES = [
    ("", "E201", 1, "", ""),
    (" \n\u3000\u200b", "E201", 1, "", ""),
    ("甲" * 2001, "E202", 2001, "2001", "^^"),
    ("甲\0乙", "E203", 2, "U+0000", "  ^"),
    ("\ud800", "E203", 1, "U+D800", "^"),
    ("甲\ufffe", "E203", 2, "U+FFFE", "  ^"),
    ("甲+2(乙)", "W201", 4, "乙", "    ^^^^"),
    ("甲×2(乙)+1", "E204", 4, "(", "    ^"),
    ("甲(乙+1)×2", "E204", 2, "(", "  ^"),
    ("(甲)乙", "E204", 4, "乙", "    ^^"),
    ("1.5 2", "E204", 5, "2", "    ^"),
    ("甲/應付未附數", "E205", 3, "應付未附數", "   ^^^^^^^^^^"),
    ("剩餘數", "E205", 1, "剩餘數", "^^^^^^"),
    ("甲/分項(以上各數均含原預算及追加)", "E206", 1, "甲", "^^"),
    ("甲+分項", "E207", 3, "分項", "   ^^^^"),
    ("(甲+乙", "E208", 1, "(", "^"),
    ("甲+乙)", "E208", 4, ")", "     ^"),
    ("(甲+乙]", "E208", 1, "(", "^"),
    ("甲+)", "E213", 3, ")", "   ^"),
    ("甲×1,23", "E209", 3, "1,23", "   ^^^^"),
    ("甲×1.2.3", "E209", 3, "1.2.3", "   ^^^^^"),
    ("甲×.5", "E209", 3, ".5", "   ^^"),
    ("+".join(["甲"] * 202), "E210", 402, "+", None),
    ("(" * 51 + "甲" + ")" * 51, "E211", 51, "(", None),
    ("-" * 51 + "甲", "E211", 51, "-", None),
    ("≥90%", "E212", 1, "≥", "^"),
    ("甲≥3≥2", "E212", 4, "≥", "    ^"),
    ("(甲≥3)", "E212", 3, "≥", "   ^"),
    ("甲+×乙", "E213", 3, "×", "   ^"),
    ("9**9", "E213", 3, "*", "  ^"),
    ("()", "E213", 2, ")", " ^"),
    ("甲+", "E214", 2, "+", "  ^"),
    ("甲%", "E215", 2, "%", "  ^"),
    ("(甲/乙)%", "E215", 6, "%", "       ^"),
    ("%", "E215", 1, "%", "^"),
    ("甲，乙", "E216", 2, "，", "  ^^"),
    ("甲^2", "E216", 2, "^", "  ^"),
    ("。", "E216", 1, "。", "^^"),
    ("執行率：甲/乙", "E216", 4, "：", "      ^^"),
    ("甲/90分鐘", "E217", 3, "90分鐘", "   ^^^^^^"),
    ("甲×" + "1" * 41, "E218", 3, "1" * 40 + "…", None),
    ("甲/乙(丙)", "E220", 3, "乙(丙)", "   ^^^^^^"),
    ("甲(乙+丙)", "W201", 2, "乙+丙", "  ^^^^^^^"),
    ("甲(1/2)", "W201", 2, "1/2", "  ^^^^^"),
    ("甲(賸餘數)", "W201", 2, "賸餘數", "  ^^^^^^^^"),
    ("甲(105/12/31為準)(單位：件)", None, 0, "", ""),
    ("甲(單位：)", "W205", 2, None, "  ^^^^^^^^"),
    ("甲(單位：人)(單位：件)", "W206", 8, "件", "            ^^^^^^^^^^"),
]


MANY = year(
    "收入 6 元; 補助 3 元; 人數 4 人; 上年度收入 5 元; 執行率 8.8; 男性人口 5 人; 女性人口 4 人;"
    "各場得分/第1場 80 分; 各場得分/第2場 90 分; 經費/原預算 5 元; 經費/追加 6 元;"
    "A 3 件; 完成件數 4 件; 應完成件數 5 件; 收入-補助 7 元; 死亡人數 3 人; 年中人口數 60000 人"
)
KNOWN = vocabulary_of(MANY).for_kpi("達成率", "AC1.1")

# What only a reader who knows the workbook's names can say.
KNOWN_CASES = [
    ("收入加補助除以人數", "E231", 6, "除以"),
    ("收入+補助\n/人數", "E231", 7, "/"),
    ("收入+補助÷2", "E231", 6, "÷"),
    ("收入+補助+人數/3×100%", "E231", 9, "/"),
    ("男性人口：女性人口", "E232", 1, "男性人口：女性人口"),
    ("平均(收入)", "E224", 1, "平均(收入)"),
    ("Σ收入×各場得分", "E224", 1, "Σ收入×各場得分"),
    ("收入(男)÷收入(女)", "E225", 1, "收入"),
    ("A÷B（A：收入；B：補助；B：人數）", "E225", 15, "B"),
    ("達成程度(直接填報)", "E226", 1, "達成率"),
    ("由專家小組評分後加權計算", "E227", 1, None),
    ("規劃30%\n完工100%", "E229", 1, "達成率"),
    ("收入/人數；補助/人數", "E228", 6, "補助/人數"),
    ("1-12月收入", "E217", 1, "1-12月收入"),
    ("80%≦收入/人數", "E212", 1, None),
    ("105/12/31", "E227", 1, None),
    ("甲乙/人數", "E217", 1, "甲乙"),
    ("A÷人數（A：完成件數）", "W207", 6, "A"),
    ("收入-補助", "W208", 1, "收入-補助"),
    ("執行率=收入/人數", "W209", 1, "執行率"),
    ("收入(補助+人數)×2", "W210", 4, "收入"),
    ("收入/人數(100%)", "W212", 6, "100%"),
    ("收入(占人數之比率)", "W212", 3, "占人數之比率"),
    ("人數/收入≧60", "W217", 7, "60"),
    ("人數/收入達60以上", "W217", 6, "60"),
    ("收入/人數（取整數）", "W211", 6, "取整數"),
    ("收入×40+補助×60", "W217", 1, "40"),
    ("收入/人數×100%（無條件捨去）", "W211", 11, "無條件捨去"),
    ("收入/人數（扣除補助）", "W212", 6, "扣除補助"),
    ("收入×60%+補助(40%)", "W212", 10, "40%"),
    ("收入+補助（權重：40分）", "W212", 6, "權重：40分"),
    ("收入/人數（加補助）", "W212", 6, "加補助"),
    ("收入/人數（再加補助）", "W212", 6, "再加補助"),
    ("收入(扣補助)", "W212", 3, "扣補助"),
    ("收入(補助+)", "W212", 3, "補助+"),
    ("收入/人數，以年底為準（單位：%", "W201", 12, "（單位：%"),  # the bracket is never closed
    ("收入/人數（較去年同期）", "W212", 6, "較去年同期"),
    ("收入/人數（以1減之）", "W212", 6, "以1減之"),
    ("完成件數/應完成件數×100%(單位：‰)", "W213", 1, "%"),
    ("每十萬人口死亡率=死亡人數/年中人口數", "W214", 10, "每十萬"),
    ("死亡人數/年中人口數×100×1000000（單位：%）", "W215", 1, "5,000.00%"),
    ("收入(千元)/人數", "W216", 1, "收入（千元）"),
    ("完成件數/應完成件數×1000%", "W217", 12, "1000%"),
]


@pytest.mark.parametrize(("text", "code", "column", "found"), KNOWN_CASES)
def test_problem_of_known_names(text: str, code: str, column: int, found: str | None) -> None:
    formula, problems = parse_formula(text, WHERE, KNOWN)
    if formula is not None:
        problems += evaluate(formula, MANY, names=MANY.names, where=WHERE).problems
    (problem,) = [each for each in problems if each.code == code]
    assert problem.where.column == column
    assert found is None or dict(problem.fields)["found"] == found
    assert formula is None or code[0] == "W" or code == "E217"
    for language in ("zh-TW", "en"):
        problem.line(language).encode()


@pytest.mark.parametrize(("text", "code", "column", "found", "caret"), CASES)
def test_problem_and_place(
    text: str, code: str | None, column: int, found: str | None, caret: str | None
) -> None:
    problems = problems_of(text)
    if code is None:
        assert problems == ()
        return
    problem = problems[0]
    assert problem.code == code
    assert (problem.where.sheet, problem.where.cell) == ("關鍵績效指標", "D4")
    assert problem.where.column == column
    fields = dict(problem.fields)
    if found:
        assert fields["found"] == found
    if caret is not None and excerpt_with_caret(problem) and not fields["excerpt"].startswith("…"):
        assert excerpt_with_caret(problem).splitlines()[1] == caret
    for language in ("zh-TW", "en"):
        problem.line(language).encode()
    excerpt_with_caret(problem).encode()


def test_every_code_of_the_language_is_tested() -> None:
    here = {code for _, code, *_ in (*CASES, *KNOWN_CASES)}
    with_units = {
        "W202",
        "W203",
        "W204",
        "W218",
        "W219",
        "N201",
        "N202",
        "N203",
        "E219",
    }  # test_formula_table
    assert here | with_units == ENTRIES.keys() | {None}


def test_the_caret_stands_under_full_width_text() -> None:
    (problem,) = problems_of("(甲+應付未附數)/乙×100%(單位：%)")
    assert excerpt_with_caret(problem) == cleandoc("""
        (甲+應付未附數)/乙×100%(單位：%)
            ^^^^^^^^^^
    """)
    assert problem.line() == (
        "〔E205〕「關鍵績效指標」D4 公式用到「應付未附數」，但查無此資料項。是否為「應付未付數」？"
    )
    assert problem.line("en") == (
        "[E205] “關鍵績效指標” D4: the formula uses “應付未附數”, but there is no such figure."
        " Do you mean “應付未付數”?"
    )


def test_a_long_text_is_shown_around_the_place() -> None:
    text = "甲+" * 40 + "應付未附數" + "+乙" * 40
    (problem,) = problems_of(text)
    excerpt, caret = excerpt_with_caret(problem).splitlines()
    assert excerpt == "…" + "甲+" * 12 + "應付未附數" + "+乙" * 12 + "…"
    assert caret == " " * 37 + "^" * 10


def test_every_unknown_name_is_reported_at_once() -> None:
    problems = problems_of("(剩餘數+應付未附數)/雪茄")
    assert [(problem.code, problem.where.column) for problem in problems] == [
        ("E205", 2), ("E205", 6), ("E217", 13),
    ]  # fmt: skip


HOSTILE = [
    "「" * 2000,
    "甲及" * 1000,
    "甲再乘以" * 400,
    "Σ" * 2000,
    "甲\n" + "-" * 1990,
    "A=甲；" * 500,
    "甲占" * 900,
    '__import__("os").system("id")',
    "9**9**9**9",
    "9" * 1999,
    "(" * 10_000,
    "(" * 1000,
    ")" * 2000,
    "甲(" * 600,
    "甲(乙)" * 400,
    "(甲)" * 600,
    "[{(" * 600,
    "-" * 2000,
    "1/" * 999 + "0",
    "." * 2000,
    "%" * 2000,
    "甲," * 999,
    "\u200b" * 2000,
    "😀/👨‍👩‍👧",
    "\ud83d",
    "\0" * 100,
    "甲" + " " * 1998 + "乙",
    "{甲.__class__}",
    "%(甲)s{0}%s",
    "'; DROP TABLE 年度資料; --",
    "<img src=x onerror=alert(1)>",
    "(以上各數均含" + "及" * 1900 + ")",
    "甲(以上各數均含" + "甲及、" * 600 + ")",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "ＳＵＭ（Ｅ５：Ｅ９）",
    "1e999999999",
    "甲÷1e-400",
]


STRANGE = [
    "\u202e甲\u202c/乙",
    "甲" + "(註)" * 600,
    "甲(單位：" + "千/" * 900 + ")",
    "甲(單位：" + "9" * 1900 + "萬人)",
    "甲" + "。" * 1999,
]


@pytest.mark.parametrize("text", STRANGE, ids=lambda text: ascii(text[:12]))
def test_strange_text_that_is_a_formula(text: str) -> None:
    start = time.process_time()
    assert problems_of(text) == ()
    problems_of(text, VOCABULARY)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_ends_in_problems_at_once(text: str) -> None:
    start = time.process_time()
    problems = problems_of(text)
    problems_of(text, VOCABULARY)
    assert time.process_time() - start < 0.5
    assert problems
    assert all(CATALOGUE[problem.code] for problem in problems)


def test_a_formula_reaches_nothing_but_figures() -> None:
    before = set(sys.modules)
    problems_of('__import__("antigravity")')
    assert "antigravity" not in set(sys.modules) - before
    (problem,) = problems_of('__import__("os")')
    assert problem.code == "E217"


def test_a_combining_mark_has_no_column_of_its_own() -> None:
    text = "e\u0301甲+應付未附數"  # é in two characters
    problem = problems_of(text)[-1]
    assert dict(problem.fields)["found"] == "應付未附數"
    assert excerpt_with_caret(problem).splitlines()[1] == " " * 4 + "^" * 10
