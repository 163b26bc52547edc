"""Properties that hold for every formula, every figure and every text."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.formula import (
    FigureCell,
    YearFigures,
    evaluate,
    exact_text,
    excerpt_with_caret,
    figure_text,
    name_key,
    parse_formula,
    parse_unit,
    round_half_up,
    substitution,
    unparse,
)
from reportgen.formula.syntax_tree import (
    Binary,
    Comparison,
    Expression,
    Name,
    Number,
    Percent,
    Tree,
    Unary,
    names_in,
)
from reportgen.model.scorecard import CellRef, Known, Missing
from tests.factories.formula_table import WHERE

NAMES = (
    "甲", "預算數", "國際講座、研討會或國際交流次數", "甲(乙)類數", "教師數(專任)", "65歲以上人數",
    "達90%以上人數", "滿1,000人次場次", "AC1.1", "標竿研習.創新研發", "R&D件數", "一百",
    "臺灣「好」",
)  # fmt: skip

names = st.sampled_from([Name(text, name_key(text)) for text in NAMES])
numbers = st.builds(
    lambda value, grouped: Number(Fraction(value), f"{value:,f}" if grouped else f"{value:f}"),
    st.decimals(0, 10**9, places=2, allow_nan=False) | st.integers(0, 10**12).map(Decimal),
    st.booleans(),
)
leaves = names | numbers | st.builds(Percent, numbers)


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(Binary, st.sampled_from("+-×÷"), inner, inner) | st.builds(
        Unary, st.sampled_from("+-"), inner
    )


expressions: st.SearchStrategy[Expression] = st.recursive(leaves, grown, max_leaves=16)
trees: st.SearchStrategy[Tree] = expressions | st.builds(
    Comparison, st.sampled_from("≥≤><="), expressions, expressions
)
figures = st.fixed_dictionaries(
    {
        name_key(text): st.integers(-(10**6), 10**6)
        | st.decimals(-1000, 1000, places=3, allow_nan=False)
        for text in NAMES
    }
)


def lookup_in(values: dict[str, int | Decimal]) -> YearFigures:
    rows = {
        (key, ""): FigureCell(
            value=Known(value=Fraction(value)), unit="", at=CellRef(sheet="年度資料", cell="E2")
        )
        for key, value in values.items()
    }
    return YearFigures(year=105, names=NAMES, rows=rows)


def with_fractions(tree: Expression, values: dict[str, int | Decimal]) -> Fraction:
    """The same tree by Python's own arithmetic: its text is built and compiled."""

    def python(node: Expression) -> str:
        if isinstance(node, Name):
            return f"F({str(Fraction(values[node.key]))!r})"
        if isinstance(node, Number):
            return f"F({str(node.value)!r})"
        if isinstance(node, Percent):
            return f"(F({str(node.number.value)!r})/100)"
        if isinstance(node, Unary):
            return f"({node.sign}{python(node.operand)})"
        sign = {"×": "*", "÷": "/"}.get(node.operator, node.operator)
        return f"({python(node.left)}{sign}{python(node.right)})"

    # The text is ours: digits, names of the table and four operators.
    return Fraction(eval(python(tree), {"F": Fraction}))


@given(trees)
@example(Comparison("=", Name("甲", "甲"), Name("教師數(專任)", "教師數(專任)")))
def test_printing_and_parsing_give_the_same_tree(tree: Tree) -> None:
    formula, problems = parse_formula(unparse(tree), WHERE)
    assert formula is not None, problems
    assert formula.tree == tree
    assert unparse(formula.tree) == unparse(tree)


@given(trees)
def test_a_unit_behind_it_changes_no_tree(tree: Tree) -> None:
    formula, _ = parse_formula(f"{unparse(tree)}。(附註) （單位：千元/人）")
    assert formula is not None
    assert formula.tree == tree
    assert formula.unit == parse_unit("千元/人")


@given(expressions, figures)
def test_evaluation_is_pythons_fractions(
    tree: Expression, values: dict[str, int | Decimal]
) -> None:
    formula, _ = parse_formula(unparse(tree))
    assert formula is not None
    outcome = evaluate(formula, lookup_in(values))
    try:
        expected = with_fractions(tree, values)
    except ZeroDivisionError:
        assert outcome.zero_divisor
        assert isinstance(outcome.value, Missing)
        return
    assert outcome.value == Known(value=expected)


@given(expressions, figures)
def test_the_substitution_gives_the_figure(
    tree: Expression, values: dict[str, int | Decimal]
) -> None:
    formula, _ = parse_formula(unparse(tree))
    assert formula is not None
    outcome = evaluate(formula, lookup_in(values))
    calculation = substitution(outcome).partition(" = ")[0]
    if isinstance(outcome.value, Known) and names_in(tree):
        again, problems = parse_formula(calculation)
        assert again is not None, problems
        assert evaluate(again, lookup_in({})).value == outcome.value


anything = st.text(
    st.characters(codec=None)
    | st.sampled_from("甲乙 ()（）[]+-×÷/%％≥≦><=.,。、：:0123456789０單位均含及\n\u200b\0\ud800😀")
)
clauses = st.lists(
    st.sampled_from(
        ["甲", "(", ")", "（", "）", "+", "/", "×100%", "×100", "%", "≥", "90", "1,234", ".", "。",
         "(單位：%)", "(單位：", "(以上各數均含甲及乙)", "千元/人", " ", "、", "\n", "^", "𠀀"]
    )
).map("".join)  # fmt: skip


@settings(max_examples=250)
@given(anything | clauses)
def test_no_text_raises(text: str) -> None:
    formula, problems = parse_formula(text, WHERE)
    assert (formula is None) == any(problem.code[0] == "E" for problem in problems)
    assert formula is not None or len(problems) == 1
    if formula is not None:
        outcome = evaluate(formula, lookup_in({"甲": 5}), names=NAMES, where=WHERE)
        problems += outcome.problems
        substitution(outcome).encode()
        again, _ = parse_formula(unparse(formula.tree))
        assert again is not None
        assert again.tree == formula.tree
    for problem in problems:
        assert problem.where.column is not None
        for words in (
            problem.line(),
            problem.line("en"),
            excerpt_with_caret(problem),
            problem.expected(),
        ):
            words.encode()


@given(st.text(st.characters(codec=None)))
def test_no_unit_raises(text: str) -> None:
    unit = parse_unit(text)
    assert unit is None or unit.measure.scale > 0


@given(st.text(st.characters(codec=None)))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


EXACT = Context(prec=400)


@given(
    st.decimals(-(10**12), 10**12, places=14, allow_nan=False)
    | st.integers(-(10**6), 10**6).map(lambda n: Decimal(n) / Decimal(1000)),
    st.integers(0, 10),
)
def test_rounding_is_decimals_half_up(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
    assert round_half_up(Fraction(value), places) == Fraction(expected)
    shown = "0" if expected == 0 else f"{expected:,f}"
    assert figure_text(Fraction(value), places).rstrip("0.") == shown.rstrip("0.")
    assert Fraction(figure_text(Fraction(value), places, grouped=False)) == Fraction(expected)


@given(st.fractions(), st.integers(0, 10))
def test_rounding_is_nearest(value: Fraction, places: int) -> None:
    step = Fraction(1, 10**places)
    rounded = round_half_up(value, places)
    assert (rounded / step).denominator == 1
    assert abs(rounded - value) <= step / 2
    assert round_half_up(-value, places) == -rounded


@given(st.decimals(-(10**20), 10**20, places=9, allow_nan=False))
def test_a_figure_is_written_with_all_its_places(value: Decimal) -> None:
    assert Fraction(exact_text(Fraction(value)).replace(",", "")) == Fraction(value)
