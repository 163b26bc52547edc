"""Signs in all their forms, each where it counts, and brackets that belong together."""

from __future__ import annotations

import pytest

from reportgen.formula import parse_formula
from reportgen.formula.tokens import holds_arithmetic, pair_brackets
from tests.factories.formula_table import told

COUNTS = "甲 6; 乙 3"


@pytest.mark.parametrize(
    ("signs", "calculation"),
    [
        ("+＋﹢", "6+3 = 9"),
        ("-－−–﹣—―─", "6-3 = 3"),
        ("*＊×﹡✕╳✖⨯xXｘＸ·⋅∙•", "6×3 = 18"),
        ("/／÷∕⁄╱", "6÷3 = 2"),
        (">＞﹥", "6 > 3，達成"),
        ("<＜﹤", "6 < 3，未達成"),
        ("≥≧⩾", "6 ≥ 3，達成"),
        ("≤≦⩽", "6 ≤ 3，未達成"),
    ],
)
def test_a_sign_counts_in_every_form(signs: str, calculation: str) -> None:
    for sign in signs:
        for text in (f"甲{sign}乙", f"甲 {sign} 乙"):
            given = told(text, COUNTS)
            assert (given.calculation, given.codes) == (calculation, set()), text


def test_a_relation_may_be_of_two_signs() -> None:
    for first in ">＞﹥":
        for second in "=＝﹦":
            assert told(f"甲{first} {second}乙", COUNTS).calculation == "6 ≥ 3，達成"
    for first in "<＜﹤":
        for second in "=＝﹦":
            assert told(f"甲{first}{second}乙", COUNTS).calculation == "6 ≤ 3，未達成"


@pytest.mark.parametrize(
    ("signs", "figure"), [("%％﹪", "600.00%"), ("‰", "6,000.00‰"), ("‱", "60,000.00‱")]
)
def test_a_rate_has_its_sign(signs: str, figure: str) -> None:
    for sign in signs:
        factor = {"‰": 1000, "‱": 10000}.get(sign, 100)
        assert told(f"甲×{factor}{sign}", "甲 6 倍").figure == figure


BRACKETS = [
    ("(（﹙", ")）﹚"),
    ("[［〔﹝", "]］〕﹞"),
    ("{｛﹛", "}｝﹜"),
    ("【〖", "】〗"),
    ("〈", "〉"),
]


@pytest.mark.parametrize(("opening", "closing"), BRACKETS)
def test_brackets_belong_together_by_shape(opening: str, closing: str) -> None:
    for first in opening:
        for last in closing:
            given = told(f"{first}甲+乙{last}×乙", COUNTS)
            assert (given.calculation, given.codes) == ("(6+3)×3 = 27", set()), first + last
    for _, others in BRACKETS:
        if others != closing:
            assert told(f"{opening[0]}甲+乙{others[0]}×乙", COUNTS).codes == {"E208"}, others


@pytest.mark.parametrize("sign", "「」『』“”\"'‘’＂①②③④⑤⑥⑦⑧⑨⑩")
def test_quotes_and_numbers_in_circles_are_passed_over_between_known_names(sign: str) -> None:
    given = told(f"{sign}甲{sign}÷{sign}乙{sign}", COUNTS)
    assert (given.calculation, given.codes) == ("6÷3 = 2", set())


@pytest.mark.parametrize("sign", "；;：:﹕∶！!？?^＾√≠±∑※，,")
def test_a_sign_without_meaning_is_refused(sign: str) -> None:
    formula, problems = parse_formula(f"甲+乙{sign}甲+丙")
    assert formula is None
    assert [problem.code for problem in problems] == ["E216"]


@pytest.mark.parametrize("stop", "。｡.．")
def test_a_stop_may_end_a_formula(stop: str) -> None:
    assert told(f"甲÷乙{stop}（單位：倍）{stop}", COUNTS).calculation == "6÷3 = 2 倍"


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("甲(乙)", {1}),
        ("甲(乙)。 (丙)．", {1, 4, 6, 9}),
        ("甲(乙)丙", set()),
        ("甲(乙", set()),
        ("(甲)", {0}),
        ("", set()),
    ],
)
def test_what_ends_a_text_is_its_tail(text: str, tail: set[int]) -> None:
    assert pair_brackets(text).tail == tail


@pytest.mark.parametrize(
    ("text", "is_arithmetic"),
    [
        ("乙+丙", True),
        ("1/2", True),
        ("１ － ２", True),
        ("乙×2", True),
        ("2×乙", True),
        ("105/12/31為準", False),
        ("第1-2季", False),
        ("", False),
        ("乙+", False),
        ("+乙", False),
        ("乙 +\u200b丙", True),
    ],
)
def test_a_clause_may_be_a_calculation(text: str, is_arithmetic: bool) -> None:
    assert holds_arithmetic(text) is is_arithmetic
