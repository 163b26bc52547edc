"""Figures that are entered, not calculated: 直接填報, and the stages of milestones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.formula.milestones import Stage, stage_of
from reportgen.formula.rounding import MAX_DECIMAL_PLACES, exact_text
from reportgen.formula.syntax_tree import Name
from reportgen.formula.units import parse_unit
from reportgen.model.scorecard import Known, Value

if TYPE_CHECKING:
    from reportgen.formula.figures import Lookup
    from reportgen.formula.formula_reader import Formula

PERCENT = 100


def in_unit_of_row(formula: Formula, lookup: Lookup) -> Formula:
    """Return a formula whose figure is entered in the unit of its row, if its text states none.

    Any other formula, and one without a row, is returned unchanged.
    """
    if not formula.is_direct or formula.unit is not None or not isinstance(formula.tree, Name):
        return formula
    row = lookup(formula.tree.source, None)
    return formula if row is None else replace(formula, unit=parse_unit(row.unit))


def reached_stage(formula: Formula, value: Value) -> Stage | None:
    """Return the stage whose share equals a milestone's figure; None if there is none."""
    return stage_of(value.value, formula.stages) if isinstance(value, Known) else None


def places_of_share(formula: Formula, value: Value) -> int | None:
    """Return the decimal places that a milestone's share has in %, MAX_DECIMAL_PLACES at most.

    None for other formulas, a missing figure and a repeating decimal.
    """
    if not formula.stages or not isinstance(value, Known):
        return None
    digits = exact_text(value.value * PERCENT)
    return None if "÷" in digits else min(len(digits.partition(".")[2]), MAX_DECIMAL_PLACES)
