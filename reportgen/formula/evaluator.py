"""Exact evaluation of a formula for a year's figures, with all its evidence."""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.formula.diagnostics import problem_at
from reportgen.formula.name_resolution import Evidence, Gap, Unresolved, find_rows, gaps_of
from reportgen.formula.rounding import MAX_PLACES, exact_text, figure_text, round_half_up
from reportgen.formula.syntax_tree import (
    Comparison,
    Expression,
    Name,
    Number,
    Operator,
    Percent,
    Relation,
    Tree,
    Unary,
    names_in,
)
from reportgen.formula.unit_inference import settle, unsettled
from reportgen.formula.units import bases_of, parse_unit
from reportgen.formula.unparse import show
from reportgen.model.missing_symbols import MissingReason, first_reason
from reportgen.model.scorecard import Known, Missing, Value
from reportgen.problems import Location, Problem
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from fractions import Fraction

    from reportgen.formula.figures import Lookup
    from reportgen.formula.formula_reader import Formula
    from reportgen.formula.syntax_tree import Span
    from reportgen.formula.unit_conversion import Remark
    from reportgen.formula.units import Unit

MAX_SHARE = 10  # 1,000 %: a larger share is reported
MAX_BITS = 4096  # of a numerator or denominator on the way
_NOWHERE = Location()
_CALCULATE: dict[Operator, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "×": operator.mul,
    "÷": operator.truediv,
}
_COMPARE: dict[Relation, Callable[[Fraction, Fraction], bool]] = {
    "≥": operator.ge,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a formula for one year.

    ``value`` is exact: in ``unit``, or with unit % a ratio (1 is 100 %). Of a comparison
    it is the left side, ``threshold`` the right one in the same terms, and ``achieved``
    compares the two unrounded.
    """

    formula: Formula
    tree: Tree  # the formula's, with every conversion written out
    unit: Unit | None
    value: Value
    threshold: Value | None = None
    achieved: bool | None = None
    evidence: tuple[Evidence, ...] = ()
    gaps: tuple[Gap, ...] = ()  # every missing input
    zero_divisor: str = ""  # the denominator that is zero
    problems: tuple[Problem, ...] = ()

    @property
    def verdict(self) -> str:
        """達成 or 未達成; empty without a comparison or a figure."""
        return {True: "達成", False: "未達成", None: ""}[self.achieved]


class _StoppedError(Exception):
    """A step without a result: a denominator that is zero, or (None) a figure too large."""

    def __init__(self, divisor: Expression | None) -> None:
        self.divisor = divisor
        super().__init__()


def evaluate(
    formula: Formula,
    lookup: Lookup,
    *,
    names: Iterable[str] = (),
    where: Location = _NOWHERE,
) -> Outcome:
    """Compute a formula. Never raises for what the figures hold.

    ``lookup`` takes the key of a name and of a component (or None) and gives the figure,
    or None if there is no such row. ``names`` are the known 資料項 as written, for
    suggestions; ``where`` is the formula's cell. Missing figures give a Missing value
    and one :class:`Gap` each; a zero denominator gives 「--」.
    """
    known = frozenset(map(name_key, names := tuple(names)))
    rows, failed = find_rows(formula, lookup, names)
    settled = unsettled(formula, rows) if failed else settle(formula, rows)
    outcome = Outcome(
        formula=formula,
        tree=settled.fitted.tree,
        unit=settled.unit,
        value=Missing(reason=MissingReason.BLANK),
        evidence=settled.evidence,
        gaps=gaps_of(rows),
        problems=tuple(
            problem_at(code, where, formula.text, span, **dict(fields))
            for code, span, fields in _findings(formula, known, failed, settled.fitted.remarks)
        ),
    )
    if failed:
        return outcome
    if outcome.gaps:
        reason = first_reason(gap.reason for gap in outcome.gaps)
        return replace(outcome, value=Missing(reason=reason))
    outcome = _computed(outcome, where)
    doubts = (
        *_disagreements(outcome, lookup, where),
        *_caption_doubts(outcome, lookup, where),
        *_size_doubts(outcome, where),
        *_unit_doubts(outcome, where),
    )
    return replace(outcome, problems=(*outcome.problems, *doubts))


def _disagreements(outcome: Outcome, lookup: Lookup, where: Location) -> Iterator[Problem]:
    """Yield W210 if the text states a calculation twice and the results differ."""
    formula = outcome.formula
    for first, second in formula.definitions:
        figures = {
            name.key: found.value.value
            for side in (first, second)
            for name in names_in(side)
            if (found := lookup(name.source, None, name.offset)) is not None
            and isinstance(found.value, Known)
        }
        try:
            values = [amount(side, figures) for side in (first, second)]
        except (KeyError, _StoppedError):
            continue
        if values[0] != values[1]:
            fields = {
                "found": show(first),
                "other": show(second),
                "first": exact_text(values[0]),
                "second": exact_text(values[1]),
            }
            yield problem_at("W210", where, formula.text, second.span, **fields)


def _unit_doubts(outcome: Outcome, where: Location) -> Iterator[Problem]:
    """Yield W216 for 經費(千元) if the row of 經費 is in 元."""
    for name, written in outcome.formula.unit_notes:
        for part in (part for e in outcome.evidence if e.key == name.key for part in e.parts):
            bases = bases_of(frozenset({written, part.unit}))
            stated, own = parse_unit(written, bases), parse_unit(part.unit, bases)
            if stated is None or own is None or stated.measure == own.measure:
                continue
            fields = {
                "found": f"{name.text}（{written}）",
                "cell": part.at.cell,
                "stated": own.text,
            }
            yield problem_at("W216", where, outcome.formula.text, name.span, **fields)
            break


def _size_doubts(outcome: Outcome, where: Location) -> Iterator[Problem]:
    """Yield W215 for a share of more than 1,000 %, as from multiplying by 100 twice."""
    unit, value, formula = outcome.unit, outcome.value, outcome.formula
    if unit is None or not unit.is_rate or not isinstance(value, Known):
        return
    if abs(value.value) > MAX_SHARE:
        shown = f"{figure_text(value.value * unit.per, 2)}{unit.sign or unit.text}"
        yield problem_at("W215", where, formula.text, formula.tree.span, found=shown)


def _caption_doubts(outcome: Outcome, lookup: Lookup, where: Location) -> Iterator[Problem]:
    """Yield W209 if the caption is also an item, whose figure differs from the formula's."""
    formula, value = outcome.formula, outcome.value
    found = lookup(name_key(formula.caption), None) if formula.caption else None
    if found is None or not isinstance(found.value, Known) or not isinstance(value, Known):
        return
    shown = value.value * (outcome.unit.per if outcome.unit else 1)
    entered = found.value.value
    places = min(len(exact_text(entered).partition(".")[2]), MAX_PLACES)
    if "÷" not in exact_text(entered) and round_half_up(shown, places) == entered:
        return
    fields = {
        "found": formula.caption,
        "entered": exact_text(entered),
        "cell": found.at.cell,
        "figure": figure_text(shown, max(2, places)),
    }
    yield problem_at("W209", where, formula.text, (0, len(formula.caption)), **fields)


def _findings(
    formula: Formula,
    known: frozenset[str],
    failed: tuple[Unresolved, ...],
    remarks: tuple[Remark, ...],
) -> Iterator[tuple[str, Span, tuple[tuple[str, str], ...]]]:
    yield from ((each.code, each.span, each.fields) for each in failed)
    yield from ((each.code, formula.tree.span, each.fields) for each in remarks)
    # (甲)(乙) multiplies on paper; here it would leave 乙 out without a word.
    ignored = (note for note in formula.notes if name_key(note.text) in known)
    yield from (("W201", note.span, (("found", note.text),)) for note in ignored)


def _computed(outcome: Outcome, where: Location) -> Outcome:
    """Return the outcome with its values computed; every input must be known."""
    tree = outcome.tree
    totals = {
        each.key: each.total.value for each in outcome.evidence if isinstance(each.total, Known)
    }
    sides = (tree.left, tree.right) if isinstance(tree, Comparison) else (tree,)
    values: list[Value] = []
    for side in sides:
        try:
            values.append(Known(value=amount(side, totals)))
        except _StoppedError as stopped:
            values.append(Missing(reason=MissingReason.MEANINGLESS))
            outcome = _stopped(outcome, stopped.divisor, where)
    if not isinstance(tree, Comparison):
        return replace(outcome, value=values[0])
    left, right = values
    achieved = None
    if isinstance(left, Known) and isinstance(right, Known):
        achieved = _COMPARE[tree.relation](left.value, right.value)
    return replace(outcome, value=left, threshold=right, achieved=achieved)


def _stopped(outcome: Outcome, divisor: Expression | None, where: Location) -> Outcome:
    """Return the outcome with the reason why a side has no value."""
    if divisor is not None:
        return replace(outcome, zero_divisor=outcome.zero_divisor or show(divisor))
    formula = outcome.formula
    problem = problem_at("E219", where, formula.text, formula.tree.span)
    return replace(outcome, problems=(*outcome.problems, problem))


def amount(node: Expression, totals: Mapping[str, Fraction]) -> Fraction:
    """Return the exact value of a tree whose names have the values ``totals``."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Percent):
        return node.value
    if isinstance(node, Name):
        return _bounded(totals[node.key])
    if isinstance(node, Unary):
        operand = amount(node.operand, totals)
        return -operand if node.sign == "-" else operand
    left, right = amount(node.left, totals), amount(node.right, totals)
    if node.operator == "÷" and right == 0:
        raise _StoppedError(node.right)
    return _bounded(_CALCULATE[node.operator](left, right))


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise _StoppedError(None)
    return value
