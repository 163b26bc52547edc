"""Results as text: the figure with its unit, and the calculation with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.formula.rounding import exact_text, figure_text
from reportgen.formula.syntax_tree import Comparison, Expression, Name, names_in
from reportgen.formula.unparser import PrecedenceText, parenthesize, unparse_with
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Missing, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.formula.evaluator import Outcome
    from reportgen.formula.name_resolution import Evidence, EvidenceCell
    from reportgen.formula.units import Unit

_SUM_PRECEDENCE, _PRODUCT_PRECEDENCE, _SIGN_PRECEDENCE, _ATOM_PRECEDENCE = 1, 2, 3, 4


def value_text(
    value: Value,
    unit: Unit | None,
    places: int | None = None,
    *,
    grouped: bool = True,
    with_unit: bool = True,
) -> str:
    """Return a figure with its unit: ``89.17%``, ``1,234 人次``, ``25.50 千元/人``.

    A missing figure is its symbol. ``value`` is in ``unit``, with unit % a ratio. ``places``
    is 0-10; None: the unit's default. ``%`` and ``‰`` always stand with their figure; other
    units only if ``with_unit``.
    """
    if isinstance(value, Missing):
        return value.reason.symbol
    scaled = value.value * (unit.per if unit else 1)
    default = unit.default_places(scaled) if unit else (0 if scaled.denominator == 1 else 2)
    text = figure_text(scaled, default if places is None else places, grouped=grouped)
    if unit is None:
        return text
    if unit.sign:
        return f"{text}{unit.sign}"
    return f"{text} {unit.text}" if with_unit else text


def exact_value_text(value: Value) -> str:
    """Return an input as in the workbook, with all its decimal places.

    A missing one is its symbol, a blank one （待填）.
    """
    return value.reason.printed if isinstance(value, Missing) else exact_text(value.value)


def substitution(outcome: Outcome, places: int | None = None) -> str:
    """Return the formula with its figures: ``((60+30+10)+5+2)÷120×100% = 89.17%``.

    Components are spelled out, conversions are written as factors, a missing figure
    stands as （待填） or in its symbol, a comparison ends in 達成 or 未達成.
    """
    tree, unit = outcome.tree, outcome.unit
    by_key = {evidence.key: evidence for evidence in outcome.evidence}

    def side(tree: Expression) -> str:
        """Return one side with its figures inserted for the names."""
        if isinstance(tree, Name) and tree.key in by_key:
            return _sum_piece(by_key[tree.key])[0]
        return unparse_with(tree, lambda name: _name_piece(name, by_key))

    result = value_text(outcome.value, unit, places)
    if not isinstance(tree, Comparison):
        return _equation_text(side(tree), result)
    left, right = _equation_text(side(tree.left), result), side(tree.right)
    if names_in(tree.right) and outcome.threshold is not None:
        right = _equation_text(right, value_text(outcome.threshold, unit, places))
    verdict = f"，{outcome.verdict}" if outcome.verdict else ""
    return f"{left} {tree.relation} {right}{verdict}"


def _equation_text(calculation: str, result: str) -> str:
    """Return ``甲 = 乙``, or the result alone if there is nothing to calculate.

    There is nothing if the calculation is the result without its unit.
    """
    return (
        result if result.split(" ", maxsplit=1)[0] == calculation else f"{calculation} = {result}"
    )


def _name_piece(name: Name, by_key: Mapping[str, Evidence]) -> PrecedenceText:
    """Return a name's figures within a calculation; several are enclosed in brackets."""
    if name.key not in by_key:
        return name.text, _ATOM_PRECEDENCE
    text, precedence = _sum_piece(by_key[name.key])
    return (f"({text})", _ATOM_PRECEDENCE) if precedence == _SUM_PRECEDENCE else (text, precedence)


def _sum_piece(evidence: Evidence) -> PrecedenceText:
    """Return the sum of an item's cells with its precedence, the bare cell if there is only one."""
    first_piece, *other_pieces = (_part_piece(part) for part in evidence.parts)
    if not other_pieces:
        return first_piece
    return "+".join(
        [
            first_piece[0],
            *(
                parenthesize(_bracketed_if_signed(piece), _PRODUCT_PRECEDENCE)
                for piece in other_pieces
            ),
        ]
    ), _SUM_PRECEDENCE


def _bracketed_if_signed(piece: PrecedenceText) -> PrecedenceText:
    """Return a piece that may follow an operator: one that begins with a sign goes in brackets."""
    return piece if not piece[0].startswith("-") else (piece[0], 0)


def _part_piece(part: EvidenceCell) -> PrecedenceText:
    """Return a cell's exact figure, times its conversion factor, or the sign of its gap.

    The precedence of the text is returned with it.
    """
    if isinstance(part.value, Missing):
        reason = part.value.reason
        is_blank = reason is MissingReason.BLANK
        return reason.printed if is_blank else f"（{reason.symbol}）", _ATOM_PRECEDENCE
    text = exact_text(part.value.value)
    if part.factor != 1:
        factor = exact_text(part.factor)
        return f"{text}×{factor}", _PRODUCT_PRECEDENCE
    if "÷" in text:
        return text, _PRODUCT_PRECEDENCE
    return text, _SIGN_PRECEDENCE if text.startswith("-") else _ATOM_PRECEDENCE
