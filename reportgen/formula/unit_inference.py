"""Inference of the unit of each name in a calculation."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.formula.name_resolution import Evidence, EvidenceCell, ResolvedCell
from reportgen.formula.syntax_tree import Binary, names_in, walk
from reportgen.formula.unit_conversion import (
    ConvertedTree,
    UnitMismatchError,
    UnitRemark,
    convert_units,
    rate_of_inputs,
)
from reportgen.formula.units import Measure, Unit, bases_of, parse_unit
from reportgen.model.missing_symbols import first_reason
from reportgen.model.scorecard import Known, Missing, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.formula.formula_reader import Formula
    from reportgen.formula.syntax_tree import Tree

_ONE = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredUnits:
    """A formula's tree and figures, ready for plain arithmetic.

    ``unit`` is the stated one, or the rate that all inputs are in; None if there is none.
    """

    unit: Unit | None
    converted: ConvertedTree
    evidence: tuple[Evidence, ...]


def without_conversion(formula: Formula, rows: Sequence[ResolvedCell]) -> InferredUnits:
    """Return the figures without conversion, where some names have no row."""
    return InferredUnits(
        unit=formula.unit,
        converted=ConvertedTree(formula.tree),
        evidence=_without_conversions(rows),
    )


def infer_units(formula: Formula, rows: Sequence[ResolvedCell]) -> InferredUnits:
    """Return the figures of ``rows`` and the formula in one system of units.

    If an input states no unit (W203), or base units disagree (W202), nothing is scaled; the
    converted tree's remarks report it if it could matter.
    """
    stated_text = formula.unit.text if formula.unit else ""
    bases = bases_of(frozenset({stated_text, *(row.unit for row in rows)}))
    unit = parse_unit(stated_text, bases)
    measures_by_unit = {
        row.unit: unit_of_row.measure
        for row in rows
        if (unit_of_row := parse_unit(row.unit, bases))
    }
    unstated = dict.fromkeys(row.name.text for row in rows if row.unit not in measures_by_unit)
    if unstated:
        matters = _scale_matters(formula, unit, measures_by_unit.values())
        remark = UnitRemark("W203", (("found", "、".join(unstated)),))
        remarks = (remark,) if matters else ()
    else:
        try:
            return _with_conversions(formula, unit, rows, measures_by_unit)
        except UnitMismatchError as disagreement:
            remarks = (disagreement.remark,)
    fitted = convert_units(formula.tree, unit, None)
    fitted = ConvertedTree(fitted.tree, fitted.remarks + remarks)
    return InferredUnits(unit=unit, converted=fitted, evidence=_without_conversions(rows))


def _with_conversions(
    formula: Formula,
    unit: Unit | None,
    rows: Sequence[ResolvedCell],
    measures_by_unit: dict[str, Measure],
) -> InferredUnits:
    """Return the unit, the tree with its inputs converted, and each name's figures as evidence.

    ``measures_by_unit`` has the measure of every row's unit. Raises UnitMismatchError.
    """
    by_name = _group_by_name(rows)
    measures = {
        key: _common_measure([measures_by_unit[row.unit] for row in of_name])
        for key, of_name in by_name.items()
    }
    evidence = tuple(
        _evidence_of_name(
            of_name, [measures_by_unit[row.unit].scale / measures[key].scale for row in of_name]
        )
        for key, of_name in by_name.items()
    )
    if unit is None and not formula.tells_verdict:
        unit = rate_of_inputs(formula.tree, measures)
    return InferredUnits(
        unit=unit, converted=convert_units(formula.tree, unit, measures), evidence=evidence
    )


def _without_conversions(rows: Sequence[ResolvedCell]) -> tuple[Evidence, ...]:
    """Return the figures of each name as evidence, with a factor of 1."""
    return tuple(
        _evidence_of_name(name_rows, [_ONE] * len(name_rows))
        for name_rows in _group_by_name(rows).values()
    )


def _group_by_name(rows: Sequence[ResolvedCell]) -> dict[str, list[ResolvedCell]]:
    """Return the cells grouped by the key of their name."""
    by_name: dict[str, list[ResolvedCell]] = {}
    for row in rows:
        by_name.setdefault(row.name.key, []).append(row)
    return by_name


def _scale_matters(formula: Formula, unit: Unit | None, measures: Iterable[Measure]) -> bool:
    """Return whether the figure could be another if every input stated its unit."""
    if unit and unit.is_rate:
        # A share that is no quotient of counts: is 85 to be 85 % or 8,500 %?
        return not _divides_by_name(formula.tree) or any(measure.scale != 1 for measure in measures)
    return any(measure.scale != 1 for measure in ([unit.measure] if unit else []) + list(measures))


def _divides_by_name(tree: Tree) -> bool:
    """Return whether any divisor of a tree contains a name."""
    return any(
        isinstance(node, Binary) and node.operator == "÷" and names_in(node.right)
        for node in walk(tree)
    )


def _common_measure(parts: Sequence[Measure]) -> Measure:
    """Return the measure of the sum of a name's cells: their unit, or the base unit of several.

    Raises UnitMismatchError if their base units differ.
    """
    first_measure = parts[0]
    for other in parts[1:]:
        if other.dims != first_measure.dims:
            raise UnitMismatchError(first_measure.bases, other.bases)
    return first_measure if len(set(parts)) == 1 else Measure(first_measure.dims)


def _evidence_of_name(rows: Sequence[ResolvedCell], factors: Sequence[Fraction]) -> Evidence:
    """Return a name's cells with their conversion factors, and their total.

    The total is Missing if any cell is, for the reason of lowest rank.
    """
    parts = tuple(
        EvidenceCell(
            component=row.component,
            value=row.value,
            unit=row.unit,
            at=row.at,
            factor=factor,
            written=row.written,
        )
        for row, factor in zip(rows, factors, strict=True)
    )
    missing = [part.value.reason for part in parts if isinstance(part.value, Missing)]
    total: Value
    if missing:
        total = Missing(reason=first_reason(missing))
    else:
        total = Known(value=sum((part.amount for part in parts), Fraction(0)))
    name = rows[0].name
    return Evidence(name=name.text, key=name.key, parts=parts, total=total, offset=name.offset)
