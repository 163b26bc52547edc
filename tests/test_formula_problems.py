"""What is said about a faulty formula, and where the caret points."""

from __future__ import annotations

import sys
import time
from inspect import cleandoc

import pytest

from reportgen.formula import evaluate, parse, pointed
from reportgen.problems import CATALOGUE, Problem
from reportgen.problems.of_formula import ENTRIES
from tests.formula_table import WHERE, vocabulary_of, year

FIGURES = year("甲 6; 乙 3; 應付未付數 5; 賸餘數 2; 乙(丙) 4; 分項/原預算 1; 分項/追加 2")


VOCABULARY = vocabulary_of(FIGURES).for_kpi("執行率", "AC1.1")


def problems_of(text: str) -> tuple[Problem, ...]:
    formula, problems = parse(text, WHERE, VOCABULARY)
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
    ("公式：甲/乙", "E216", 3, "：", "    ^^"),
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
    if caret is not None and pointed(problem) and not fields["excerpt"].startswith("…"):
        assert pointed(problem).splitlines()[1] == caret
    for language in ("zh-TW", "en"):
        problem.line(language).encode()
    pointed(problem).encode()


def test_every_code_of_the_language_is_tested() -> None:
    here = {code for _, code, *_ in CASES}
    with_units = {"W202", "W203", "W204", "N201", "N202", "E219"}  # test_formula_table
    assert here | with_units == ENTRIES.keys() | {None}


def test_the_caret_stands_under_full_width_text() -> None:
    (problem,) = problems_of("(甲+應付未附數)/乙×100%(單位：%)")
    assert pointed(problem) == cleandoc("""
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
    excerpt, caret = pointed(problem).splitlines()
    assert excerpt == "…" + "甲+" * 12 + "應付未附數" + "+乙" * 12 + "…"
    assert caret == " " * 37 + "^" * 10


def test_every_unknown_name_is_reported_at_once() -> None:
    problems = problems_of("(剩餘數+應付未附數)/雪茄")
    assert [(problem.code, problem.where.column) for problem in problems] == [
        ("E205", 2), ("E205", 6), ("E217", 13),
    ]  # fmt: skip


HOSTILE = [
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
    start = time.perf_counter()
    assert problems_of(text) == ()
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_ends_in_problems_at_once(text: str) -> None:
    start = time.perf_counter()
    problems = problems_of(text)
    assert time.perf_counter() - start < 0.5
    assert problems
    assert all(CATALOGUE[problem.code] for problem in problems)


def test_a_formula_reaches_nothing_but_figures() -> None:
    before = set(sys.modules)
    problems_of('__import__("antigravity")')
    assert "antigravity" not in set(sys.modules) - before
    (problem,) = problems_of('__import__("os")')
    assert problem.code == "E217"
