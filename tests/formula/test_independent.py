"""The program against a second reading of the language, on formulas in every habit."""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reportgen.formula import (
    FigureCell,
    Vocabulary,
    YearFigures,
    evaluate,
    name_key,
    parse_formula,
    unparse,
)
from reportgen.formula.syntax_tree import Binary, Comparison, names_in, sides_of
from reportgen.model.scorecard import CellRef, Known
from tests.factories.formulas.generate import Case, World, cases
from tests.factories.formulas.independent import Figures, Reading, Row, independent
from tests.formula.test_properties import NAMES, trees

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Tree

COUNT: Final = int(os.environ.get("REPORTGEN_FORMULAS", "2000"))
SEED: Final = 105
HABITS: Final = frozenset(
    {
        *("100% against the unit", "100% in front", "100% says itself", "100% with unit %"),
        *("bare 100 in each term", "bare 100 with unit %", "bare 1000 with unit ‰", "bare unit"),
        *("bare numbers beside a bare 100", "comma in a number", "comparison", "components named"),
        *("compound unit", "constant with a unit", "converts itself", "extra bracket"),
        *(
            "full stop",
            "item in % as a factor",
            "items in %",
            "items in ‰",
            "label before the formula",
        ),
        *("labels", "legend", "legend in lines", "letter x", "line break", "mean"),
        *("name before the formula", "negative", "no unit", "note without effect"),
        *("number as a factor", "other brackets", "permille says itself", "power"),
        *("product of items in %", "quotient of items in %", "ratio with unit %"),
        *("rounding note", "scale", "scales of units", "sign in a name", "space"),
        *("sum over components", "the rest of an item in %", "this year"),
        *("threshold in %", "threshold in words", "threshold is an expression"),
        *("unit behind a comma", "unit behind a space", "unit in a bracket"),
        *("unit in the caption", "unit in the title", "weights", "wide number", "words"),
        *("year before", "分子 and 分母", "占…之比率", "再"),
    }
)


@dataclass(frozen=True)
class Workbook:
    """The rows of a world as the program takes them."""

    figures: YearFigures
    vocabulary: Vocabulary

    @classmethod
    def of(cls, world: World) -> Workbook:
        now: dict[tuple[str, str], FigureCell] = {}
        before: dict[tuple[str, str], FigureCell] = {}
        for number, row in enumerate(world.figures.rows, start=5):
            key = (name_key(row.item), name_key(row.component))
            at = CellRef(sheet="年度資料", cell=f"E{number}")
            now[key] = FigureCell(value=Known(value=row.value), unit=row.unit, at=at)
            before[key] = FigureCell(value=Known(value=row.last), unit=row.unit, at=at)
        names = tuple(dict.fromkeys(row.item for row in world.figures.rows))
        earlier = YearFigures(year=104, names=names, rows=before)
        return cls(
            YearFigures(year=105, names=names, rows=now, before=earlier),
            Vocabulary.of((row.item, row.component) for row in world.figures.rows),
        )

    def reading(self, case: Case) -> Reading | str:
        """Return what the program reads, or its error."""
        formula, problems = parse_formula(
            case.text, vocabulary=self.vocabulary.for_kpi(case.title, "K1")
        )
        if formula is None:
            return problems[-1].message()
        outcome = evaluate(formula, self.figures, names=self.figures.names)
        errors = [each for each in (*problems, *outcome.problems) if each.code.startswith("E")]
        if errors:
            return errors[0].message()
        value = outcome.value.value if isinstance(outcome.value, Known) else None
        return value, outcome.unit.per if outcome.unit else 1, outcome.achieved


@pytest.mark.slow
def test_the_program_reads_every_formula_as_the_second_reading_does() -> None:
    different = []
    for world, written in cases(COUNT, seed=SEED):
        workbook = Workbook.of(world)
        for case in written:
            expected = independent(case.text, world.figures, case.title)
            found = workbook.reading(case)
            if found != expected:
                different.append((case.text, case.title, expected, found))
    assert different == []


def test_every_habit_is_written_often() -> None:
    written = [case for _, some in cases(2000, seed=SEED) for case in some]
    counts = Counter(habit for case in written for habit in case.habits)
    rare = {habit: counts[habit] for habit in HABITS if counts[habit] < 5}
    assert rare == {}
    assert len({case.text for case in written}) > 1900


EXAMPLES: Final[dict[str, tuple[str, str, Reading]]] = {
    "total of a list": ("甲件、乙件合計", "甲件 7 件; 乙件 8 件", (Fraction(15), 1, None)),
    "1 less an item in %": ("1-甲", "甲 85 %", (Fraction(15, 100), 100, None)),
    "comparison of items in %": ("甲≥80%", "甲 85 %", (Fraction(85, 100), 100, True)),
    "1 beside a quotient of scales": (
        *("1-甲/乙(單位：%)", "甲 5 千元; 乙 20000 元"),
        (Fraction(3, 4), 100, None),
    ),
    "bare 100 in a bracket": (
        *("(甲/乙×100+丙/乙×100)/2(單位：%)", "甲 7 件; 乙 8 件; 丙 4 件"),
        (Fraction(11, 16), 100, None),
    ),
    "comparison behind a unit": (
        *("甲/乙×100(%)≥80", "甲 7 件; 乙 8 件"),
        (Fraction(7, 8), 100, True),
    ),
    "letter x before a sign": ("甲X(-1)", "甲 7 件", (Fraction(-7), 1, None)),
    "letter x in its own line": ("甲\nX\n2÷乙", "甲 7 件; 乙 8 件", (Fraction(7, 4), 1, None)),
    "quotient of scales": ("甲/乙", "甲 5 千元; 乙 20000 元", (Fraction(1, 4), 1, None)),
    "number before words": (
        *("甲/乙×100達80%(單位：%)", "甲 7 件; 乙 8 件"),
        (Fraction(7, 8), 100, True),
    ),
    "number before a spaced unit": ("甲×100 單位:件", "甲 7 件", (Fraction(700), 1, None)),
    "占 behind 及": (
        *("平均(滿意度及占床率)(單位：%)", "滿意度 70 %; 占床率 80 %"),
        (Fraction(3, 4), 100, None),
    ),
    "100% beside ×1000‰": (
        *("(100%-甲/乙)×1000‰", "甲 7 件; 乙 8 件"),
        (Fraction(1, 8), 1000, None),
    ),
    "components in any order": (
        *("Σ(甲×乙)", "甲/子 2 件; 甲/丑 3 件; 乙/丑 5 件; 乙/子 7 件"),
        (Fraction(29), 1, None),
    ),
}


def _small(table: str) -> World:
    rows = []
    for line in table.split("; "):
        name, value, unit = line.split()
        item, _, component = name.partition("/")
        rows.append(Row(item, component, unit, Fraction(value), Fraction(value)))
    return World(Figures(tuple(rows)), {}, {})


@pytest.mark.parametrize("habit", EXAMPLES)
def test_the_second_reading_is_the_officers(habit: str) -> None:
    text, table, expected = EXAMPLES[habit]
    assert independent(text, _small(table).figures) == expected


@pytest.mark.parametrize("habit", EXAMPLES)
def test_the_program_reads_what_was_once_read_otherwise(habit: str) -> None:
    text, table, expected = EXAMPLES[habit]
    given = _small(table)
    assert Workbook.of(given).reading(Case(text, "", frozenset())) == expected


names = st.text("甲乙丙0123456789-+×/()、及占率%人口數", min_size=1, max_size=12)
further = st.lists(
    names | st.builds(lambda name, behind: name + behind, st.sampled_from(NAMES), names),
    max_size=30,
)


def _is_example(tree: Tree) -> bool:
    if not isinstance(tree, Comparison) or tree.relation != "=":
        return False
    return isinstance(tree.right, Binary) and not names_in(tree.right)


@given(trees, further)
def test_a_vocabulary_changes_no_formula_that_reads_without(tree: Tree, others: list[str]) -> None:
    text = unparse(tree)
    plain, _ = parse_formula(text)
    # The figure of a KPI needs a name: 0 ≥ 甲 is refused.
    assume(plain is not None and names_in(sides_of(plain.tree)[0]))
    assert plain is not None
    # 甲/乙 = 9/10 is an example in numbers where items are known.
    assume(not _is_example(plain.tree))
    written = name_key(text)
    absent = [name for name in others if name_key(name) not in written]
    read, problems = parse_formula(
        text, vocabulary=Vocabulary.of((name, "") for name in (*NAMES, *absent))
    )
    assert read is not None, problems
    assert read.tree == plain.tree


PIECES: Final = (
    *(
        "甲",
        "0-14歲人口數",
        "(",
        ")",
        "【",
        "】",
        "+",
        "-",
        "×",
        "÷",
        "x",
        "X",
        "·",
        "100%",
        "1,000",
    ),
    *(
        "10^",
        "⁶",
        "1.",
        "萬",
        "，",
        "再除以",
        "除以",
        "乘以",
        "占",
        "之比率",
        "平均(",
        "Σ(",
        "合計",
    ),
    *(
        "、",
        "及",
        "分子：",
        "分母：",
        "A：",
        "（A：",
        "；",
        "\n",
        " ",
        "=",
        "≥",
        "達",
        "以上",
        "(單位：",
    ),
    *("計算公式：", "上年度", "以上各數均含", "%", "‰", "。", "（%）", "不超過"),
)
hostile = st.lists(st.sampled_from(PIECES), max_size=400).map("".join) | st.builds(
    lambda piece, count: piece * count,
    st.text(max_size=4) | st.sampled_from(PIECES),
    st.integers(1, 2000),
)


@pytest.mark.slow
@settings(deadline=None)
@given(
    hostile.map(lambda text: text[:2000]).filter(lambda text: "萬" * 1000 not in text),
    st.lists(names, max_size=300),
)
def test_hostile_texts_end_soon(text: str, known: list[str]) -> None:
    _ends_soon(text, [*known, "甲", "0-14歲人口數"])


REPEATED: Final = (*PIECES, "甲(", "甲+", "(甲)", "A÷", "甲、", "x1", "甲占", "A：甲\n")


@pytest.mark.parametrize("piece", REPEATED)
def test_a_piece_that_is_repeated_ends_soon(piece: str) -> None:
    text = (piece * 2000)[:2000]
    _ends_soon(text, [text[:length] for length in range(1, 301)])
    _ends_soon(text + "甲", ["甲" * length for length in range(1, 301)])


@pytest.mark.parametrize("name", ["某", "甲"])
def test_brackets_in_brackets_are_read_once_each(name: str) -> None:
    for depth in (16, 30, 49, 400):  # the time doubled with each bracket
        _ends_soon(f"{name}" + f"(甲+{name}" * depth + ")" * depth, ["甲", "乙"])


def _ends_soon(text: str, known: list[str]) -> None:
    vocabulary = Vocabulary.of((name, "") for name in known).for_kpi("甲率", "K1")
    started = time.monotonic()
    formula, problems = parse_formula(text, vocabulary=vocabulary)
    assert formula is not None or problems
    assert time.monotonic() - started < 5  # a net: it takes milliseconds
