"""JSON export of results: every figure exact and as shown, with the cells behind it.

Figures are strings: ``exact`` is a fraction ``17/160`` (a ratio for a KPI in %), ``decimal``
the same if it is a finite decimal, ``shown`` what the documents print. A missing figure has
neither of the first two, and ``missing`` gives the reason. The same results give the same bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from reportgen.formula import exact_text, exact_value_text
from reportgen.model.scorecard import Known, Value

if TYPE_CHECKING:
    from fractions import Fraction

    from reportgen.compute.result_types import (
        CheckResult,
        FormattedFigure,
        KpiResult,
        KpiTarget,
        KpiYear,
        Results,
        WeightedRate,
        YearChange,
    )
    from reportgen.exports.results_schema import (
        CalculationForm,
        CalculationGap,
        CalculationInput,
        ChangeForm,
        CrossCheckForm,
        FigureForm,
        KpiForm,
        KpiYearForm,
        ResultsForm,
        TargetForm,
        WeightedRateForm,
    )
    from reportgen.formula import Evidence, MissingInput, Outcome
    from reportgen.json_schema import CellPlace
    from reportgen.model.scorecard import CellRef, Scorecard

SCHEMA: Final = "reportgen.results/1"


def results_json(results: Results) -> bytes:
    """Return the file ``results.json`` as UTF-8 bytes; the same results give the same bytes."""
    text = json.dumps(results_object(results), ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def results_object(results: Results) -> ResultsForm:
    """Return all results as a JSON object: KPIs, weighted rates and cross-checks.

    KPIs are in the workbook's order, with all their years.
    """
    card = results.scorecard
    return {
        "schema": SCHEMA,
        "agency": card.agency.text,
        "edition": card.edition,
        "data_year": card.data_year,
        "status": card.status.value,
        "years": list(results.years),
        "kpis": [kpi_object(result, card) for result in results.kpis],
        "roll_ups": [_roll_up_json(roll_up) for roll_up in results.roll_ups],
        "checks": [_check_result_json(check) for check in results.checks],
    }


def kpi_object(result: KpiResult, card: Scorecard, year: int | None = None) -> KpiForm:
    """Return a KPI with its results as JSON, in all years or in ``year`` alone."""
    kpi = result.kpi
    (perspective,) = (
        objective.perspective for objective in card.objectives if objective.code == kpi.objective
    )
    return {
        "perspective": perspective,
        "objective": kpi.objective,
        "code": kpi.code,
        "name": kpi.name.text,
        "unit": result.unit,
        "direction": kpi.direction.value,
        "weight": None if kpi.weight is None else str(kpi.weight),
        "owner": kpi.owner.text,
        "formula": {
            "text": kpi.formula.text,
            "reading": (result.formula.canonical_text or None) if result.formula else None,
            **_cell_ref(kpi.formula.at),
        },
        "years": [
            _kpi_year_json(kpi_year) for kpi_year in result.years if year in (None, kpi_year.year)
        ],
    }


def figure_object(value: Value, shown: str) -> FigureForm:
    """Return a figure as exact fraction, finite decimal, printed text, and symbol if missing.

    ``decimal`` is null for a repeating decimal; both it and ``exact`` for a missing figure.
    """
    if isinstance(value, Known):
        exact, decimal, missing = str(value.value), _finite_decimal(value.value), None
    else:
        exact, decimal, missing = None, None, value.reason.symbol
    return {"exact": exact, "decimal": decimal, "shown": shown, "missing": missing}


def _optional_figure(figure: FormattedFigure | None) -> FigureForm | None:
    """Return a printed figure as JSON; None without one."""
    return None if figure is None else _shown_figure(figure)


def _shown_figure(figure: FormattedFigure) -> FigureForm:
    """Return a printed figure as JSON."""
    return figure_object(figure.value, figure.text)


def _finite_decimal(value: Fraction) -> str | None:
    """Return a figure as a decimal without thousands commas, or None if its digits never end."""
    text = exact_text(value)
    return None if "÷" in text else text.replace(",", "")


def _cell_ref(cell_ref: CellRef) -> CellPlace:
    """Return sheet and cell as JSON."""
    return {"sheet": cell_ref.sheet, "cell": cell_ref.cell}


def _kpi_year_json(kpi_year: KpiYear) -> KpiYearForm:
    """Return the results of one year as JSON; null for a part that the KPI does not have.

    A figure that it has, but that is missing, is an object with the symbol of the reason.
    """
    return {
        "year": kpi_year.year,
        "printed": kpi_year.printed,
        "actual": _shown_figure(kpi_year.actual),
        "threshold": _optional_figure(kpi_year.threshold),
        "target": _target_json(kpi_year.target),
        "rate": _optional_figure(kpi_year.rate),
        "rate_rule": kpi_year.rate_rule or None,
        "verdict": kpi_year.verdict or None,
        "light": kpi_year.light.name.text if kpi_year.light else None,
        "change": _change_json(kpi_year.change),
        **_calculation_json(kpi_year.substitution, kpi_year.outcome),
    }


def _calculation_json(substitution: str, outcome: Outcome) -> CalculationForm:
    """Return a calculation as JSON: substitution, inputs, gaps, and the divisor that is zero."""
    return {
        "substitution": substitution,
        "inputs": [_input_json(evidence) for evidence in outcome.evidence],
        "gaps": [_gap_json(gap) for gap in outcome.gaps],
        "zero_divisor": outcome.zero_divisor or None,
    }


def _target_json(target: KpiTarget | None) -> TargetForm | None:
    """Return a target as JSON with its cell; None without one.

    ``low`` and ``high`` are exact, in the KPI's unit (a ratio for %).
    """
    if target is None:
        return None
    assert target.relation
    return {
        "written": target.declared_at.text,
        "relation": target.relation,
        "low": str(target.low),
        "high": str(target.high),
        "shown": target.shown,
        "basis": target.basis.text,
        **_cell_ref(target.declared_at.at),
    }


def _change_json(change: YearChange | None) -> ChangeForm | None:
    """Return the change from the year before as JSON; None without one."""
    if change is None:
        return None
    return {
        "since": change.since,
        "difference": _shown_figure(change.difference),
        "unit": change.unit,
        "relative": _shown_figure(change.relative),
    }


def _input_json(evidence: Evidence) -> CalculationInput:
    """Return a name's total and its cells as JSON, with exact figures."""
    return {
        "name": evidence.name,
        "total": figure_object(evidence.total, exact_value_text(evidence.total)),
        "cells": [
            {
                "component": part.component,
                **figure_object(part.value, exact_value_text(part.value)),
                "unit": part.unit,
                "factor": str(part.factor),
                **_cell_ref(part.at),
            }
            for part in evidence.parts
        ],
    }


def _gap_json(gap: MissingInput) -> CalculationGap:
    """Return a missing input as JSON with its symbol and cell."""
    cell = _cell_ref(gap.at)
    return {"name": gap.name, "component": gap.component, "missing": gap.reason.symbol, **cell}


def _roll_up_json(roll_up: WeightedRate) -> WeightedRateForm:
    """Return a weighted rate as JSON, with its KPIs and, in ``without``, those that lack a rate."""
    return {
        "level": roll_up.level.value,
        "code": roll_up.code,
        "year": roll_up.year,
        "rate": _shown_figure(roll_up.rate),
        "so_far": _shown_figure(roll_up.rate_so_far),
        "weight": str(roll_up.weight),
        "counted": str(roll_up.counted),
        "kpis": list(roll_up.kpis),
        "without": list(roll_up.without),
    }


def _check_result_json(result: CheckResult) -> CrossCheckForm:
    """Return a cross-check as JSON, with both sides in each year."""
    return {
        "rule": {"text": result.check.rule.text, **_cell_ref(result.check.rule.at)},
        "note": result.check.note.text,
        "years": [
            {
                "year": check_year.year,
                "left": _shown_figure(check_year.left),
                "right": _shown_figure(check_year.right),
                "holds": check_year.holds,
                **_calculation_json(check_year.substitution, check_year.outcome),
            }
            for check_year in result.years
        ],
    }
