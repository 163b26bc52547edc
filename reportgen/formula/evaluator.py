"""Exact evaluation of a formula for a year's figures, with all its evidence."""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.formula.diagnostics import problem_at
from reportgen.formula.name_resolution import Evidence, MissingInput, Unresolved, find_rows, gaps_of
from reportgen.formula.rounding import MAX_DECIMAL_PLACES, exact_text, figure_text, round_half_up
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
    divides,
    names_in,
)
from reportgen.formula.unit_inference import infer_units, without_conversion
from reportgen.formula.units import bases_of, parse_unit
from reportgen.formula.unparser import unparse
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
    from reportgen.formula.unit_conversion import UnitRemark
    from reportgen.formula.units import Unit

MAX_SHARE = 10  # 1,000 %: a larger share is reported
# A quotient up to 1.5 that is compared with a number of these is perhaps a percentage.
MAX_PLAIN_SHARE = 1.5
PERCENTAGES = range(10, 151)
MAX_BITS = 4096  # of a numerator or denominator on the way
_NO_LOCATION = Location()
_OPERATIONS: dict[Operator, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "×": operator.mul,
    "÷": operator.truediv,
}
_COMPARISONS: dict[Relation, Callable[[Fraction, Fraction], bool]] = {
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
    evidence: tuple[Evidence, ...]
    gaps: tuple[MissingInput, ...]  # every missing input
    zero_divisor: str = ""  # the denominator that is zero
    problems: tuple[Problem, ...]

    @property
    def verdict(self) -> str:
        """達成 or 未達成; empty without a comparison or a figure."""
        return {True: "達成", False: "未達成", None: ""}[self.achieved]


class _NoValueError(Exception):
    """A step without a result: a denominator that is zero, or (None) a figure too large."""

    def __init__(self, divisor: Expression | None) -> None:
        self.divisor = divisor
        super().__init__()


def evaluate(
    formula: Formula,
    lookup: Lookup,
    *,
    names: Iterable[str] = (),
    where: Location = _NO_LOCATION,
) -> Outcome:
    """Return the outcome of a formula for a year. Never raises, whatever the figures.

    ``lookup`` takes the key of a name and of a component (or None) and gives the figure,
    or None if there is no such row. ``names`` are the known 資料項 as written, for
    suggestions; ``where`` is the formula's cell. Missing figures give a Missing value, for the
    reason of lowest rank, and one :class:`MissingInput` each; a zero denominator gives 「--」; a
    name without a row an error, and a BLANK value.
    """
    known_keys = frozenset(map(name_key, names := tuple(names)))
    rows, unresolved = find_rows(formula, lookup, names)
    inferred = without_conversion(formula, rows) if unresolved else infer_units(formula, rows)
    outcome = Outcome(
        formula=formula,
        tree=inferred.converted.tree,
        unit=inferred.unit,
        value=Missing(reason=MissingReason.BLANK),
        evidence=inferred.evidence,
        gaps=gaps_of(rows),
        problems=tuple(
            problem_at(code, where, formula.text, span, **dict(fields))
            for code, span, fields in _resolution_problems(
                formula, known_keys, unresolved, inferred.converted.remarks
            )
        ),
    )
    if unresolved:
        return outcome
    if outcome.gaps:
        reason = first_reason(gap.reason for gap in outcome.gaps)
        return replace(outcome, value=Missing(reason=reason))
    outcome = _with_values(outcome, where)
    doubts = (
        *_disagreements(outcome, lookup, where),
        *_caption_doubts(outcome, lookup, where),
        *_size_doubts(outcome, where),
        *_threshold_doubts(outcome, where),
        *_unit_doubts(outcome, where),
    )
    return replace(outcome, problems=(*outcome.problems, *doubts))


def _disagreements(outcome: Outcome, lookup: Lookup, where: Location) -> Iterator[Problem]:
    """Yield W210 if the text states a calculation twice and the results differ.

    A definition with a missing figure, or without a result, is not compared.
    """
    formula = outcome.formula
    for left_definition, right_definition in formula.definitions:
        figures = {
            name.key: figure.value.value
            for side in (left_definition, right_definition)
            for name in names_in(side)
            if (figure := lookup(name.source, None, name.offset)) is not None
            and isinstance(figure.value, Known)
        }
        try:
            values = [amount(side, figures) for side in (left_definition, right_definition)]
        except (KeyError, _NoValueError):
            continue
        if values[0] != values[1]:
            fields = {
                "found": unparse(left_definition),
                "other": unparse(right_definition),
                "first": exact_text(values[0]),
                "second": exact_text(values[1]),
            }
            yield problem_at("W210", where, formula.text, right_definition.span, **fields)


def _unit_doubts(outcome: Outcome, where: Location) -> Iterator[Problem]:
    """Yield W216 for 經費(千元) if the row of 經費 is in 元, once for each name."""
    for name, note_unit in outcome.formula.unit_notes:
        for part in (
            part
            for evidence in outcome.evidence
            if evidence.key == name.key
            for part in evidence.parts
        ):
            bases = bases_of(frozenset({note_unit, part.unit}))
            unit_in_note, unit_of_row = parse_unit(note_unit, bases), parse_unit(part.unit, bases)
            if (
                unit_in_note is None
                or unit_of_row is None
                or unit_in_note.measure == unit_of_row.measure
            ):
                continue
            fields = {
                "found": f"{name.text}（{note_unit}）",
                "cell": part.at.cell,
                "stated": unit_of_row.text,
            }
            yield problem_at("W216", where, outcome.formula.text, name.span, **fields)
            break


def _size_doubts(outcome: Outcome, where: Location) -> Iterator[Problem]:
    """Yield W215 for a share of more than 1,000 %, as from multiplying by 100 twice."""
    unit, value, formula = outcome.unit, outcome.value, outcome.formula
    if unit is None or not unit.is_rate or not isinstance(value, Known):
        return
    if abs(value.value) > MAX_SHARE:
        percentage = f"{figure_text(value.value * unit.per, 2)}{unit.sign or unit.text}"
        yield problem_at("W215", where, formula.text, formula.tree.span, found=percentage)


def _threshold_doubts(outcome: Outcome, where: Location) -> Iterator[Problem]:
    """Yield W217 for 完成件數÷應完成件數≥60 without a unit: 0.6 is compared with 60."""
    tree, value = outcome.tree, outcome.value
    if not isinstance(tree, Comparison) or not isinstance(tree.right, Number) or outcome.unit:
        return
    is_share = isinstance(value, Known) and divides(tree) and 0 <= value.value <= MAX_PLAIN_SHARE
    if is_share and not tree.right.unit and tree.right.value in PERCENTAGES:
        fields = {"found": tree.right.text, "usual": f"{tree.right.text}%"}
        yield problem_at("W217", where, outcome.formula.text, tree.right.span, **fields)


def _caption_doubts(outcome: Outcome, lookup: Lookup, where: Location) -> Iterator[Problem]:
    """Yield W209 if the caption is also an item, whose figure differs from the formula's.

    They are compared at the decimal places of the figure that is entered.
    """
    formula, value = outcome.formula, outcome.value
    row = lookup(name_key(formula.caption), None) if formula.caption else None
    if row is None or not isinstance(row.value, Known) or not isinstance(value, Known):
        return
    computed = value.value * (outcome.unit.per if outcome.unit else 1)
    entered = row.value.value
    places = min(len(exact_text(entered).partition(".")[2]), MAX_DECIMAL_PLACES)
    if "÷" not in exact_text(entered) and round_half_up(computed, places) == entered:
        return
    fields = {
        "found": formula.caption,
        "entered": exact_text(entered),
        "cell": row.at.cell,
        "figure": figure_text(computed, max(2, places)),
    }
    yield problem_at("W209", where, formula.text, (0, len(formula.caption)), **fields)


def _resolution_problems(
    formula: Formula,
    known_keys: frozenset[str],
    unresolved: tuple[Unresolved, ...],
    remarks: tuple[UnitRemark, ...],
) -> Iterator[tuple[str, Span, tuple[tuple[str, str], ...]]]:
    """Yield code, span and fields of each problem of a name or unit, and W201 for notes.

    W201 is for a note that is itself an item: nothing reads it.
    """
    yield from ((name.code, name.span, name.fields) for name in unresolved)
    yield from ((remark.code, formula.tree.span, remark.fields) for remark in remarks)
    # (甲)(乙) multiplies on paper; here it would leave 乙 out without a word.
    ignored = (note for note in formula.notes if name_key(note.text) in known_keys)
    yield from (("W201", note.span, (("found", note.text),)) for note in ignored)


def _with_values(outcome: Outcome, where: Location) -> Outcome:
    """Return the outcome with its values computed; every input must be known.

    A side with a zero denominator, or a figure too large (E219), is MEANINGLESS.
    """
    tree = outcome.tree
    totals = {
        evidence.key: evidence.total.value
        for evidence in outcome.evidence
        if isinstance(evidence.total, Known)
    }
    sides = (tree.left, tree.right) if isinstance(tree, Comparison) else (tree,)
    values: list[Value] = []
    for side in sides:
        try:
            values.append(Known(value=amount(side, totals)))
        except _NoValueError as stopped:
            values.append(Missing(reason=MissingReason.MEANINGLESS))
            outcome = _without_value(outcome, stopped.divisor, where)
    if not isinstance(tree, Comparison):
        return replace(outcome, value=values[0])
    left, right = values
    achieved = None
    if isinstance(left, Known) and isinstance(right, Known):
        achieved = _COMPARISONS[tree.relation](left.value, right.value)
    return replace(outcome, value=left, threshold=right, achieved=achieved)


def _without_value(outcome: Outcome, divisor: Expression | None, where: Location) -> Outcome:
    """Return the outcome with the reason why a side has no value.

    That is ``divisor``, which is zero, or (None) E219: a figure takes more than MAX_BITS.
    """
    if divisor is not None:
        return replace(outcome, zero_divisor=outcome.zero_divisor or unparse(divisor))
    formula = outcome.formula
    problem = problem_at("E219", where, formula.text, formula.tree.span)
    return replace(outcome, problems=(*outcome.problems, problem))


def amount(node: Expression, totals: Mapping[str, Fraction]) -> Fraction:
    """Return the exact value of a tree whose names have the values ``totals``.

    Raises _NoValueError for a zero denominator or a figure too large, KeyError for a name that
    ``totals`` lacks.
    """
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Percent):
        return node.value
    if isinstance(node, Name):
        return _checked_size(totals[node.key])
    if isinstance(node, Unary):
        operand = amount(node.operand, totals)
        return -operand if node.sign == "-" else operand
    left, right = amount(node.left, totals), amount(node.right, totals)
    if node.operator == "÷" and right == 0:
        raise _NoValueError(node.right)
    return _checked_size(_OPERATIONS[node.operator](left, right))


def _checked_size(value: Fraction) -> Fraction:
    """Return the value; raises _NoValueError if it takes more than MAX_BITS."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise _NoValueError(None)
    return value
