"""A cell's formula, read once and evaluated for every year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.compute.result_types import FormattedFigure
from reportgen.formula import Unit, evaluate, figure_text, parse_formula, value_text
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Missing
from reportgen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.formula import Formula, Outcome, Vocabulary, YearFigures
    from reportgen.model.scorecard import CellRef, Text, Value
    from reportgen.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedFormula:
    """A formula and its outcome for each year; without outcomes if it cannot be read."""

    formula: Formula | None
    unit: str  # as written
    is_verdict_only: bool  # the unit is no unit: the verdict is the result
    outcomes: Mapping[int, Outcome]


def evaluate_by_year(
    text: Text,
    figures: Mapping[int, YearFigures],
    vocabulary: Vocabulary,
    problems: list[Problem],
    completed: Callable[[Formula], Formula] = lambda formula: formula,
    *,
    is_rule: bool = False,
    is_direct: bool = False,
) -> EvaluatedFormula:
    """Read and evaluate a formula; the problems found are added to ``problems``.

    ``completed`` may add implicit parts to the formula. ``is_rule``: it is a cross-check.
    ``is_direct``: the figure is entered directly, whatever the text states. A formula that cannot
    be read has no outcomes.
    """
    location = cell_location(text.at)
    parsed, parse_problems = parse_formula(
        text.text, location, vocabulary, is_rule=is_rule, is_direct=is_direct
    )
    problems += parse_problems
    if parsed is None:
        return EvaluatedFormula(formula=None, unit="", is_verdict_only=False, outcomes={})
    formula = completed(parsed)
    tells_verdict = formula.tells_verdict
    run = replace(formula, unit=None) if tells_verdict else formula
    outcomes = {
        year: evaluate(run, year_figures, names=year_figures.names, where=location)
        for year, year_figures in figures.items()
    }
    # A formula without a unit whose figures are all in % is in % as well.
    display_unit = formula.unit or next((outcome.unit for outcome in outcomes.values()), None)
    unit = display_unit.text if display_unit else ""
    problems += (problem for outcome in outcomes.values() for problem in outcome.problems)
    return EvaluatedFormula(
        formula=formula, unit=unit, is_verdict_only=tells_verdict, outcomes=outcomes
    )


def format_figure(value: Value, unit: Unit | None, places: int | None = None) -> FormattedFigure:
    """Return a figure as printed in its unit; only the signs % and ‰ are printed with it.

    ``value`` is in ``unit``, a ratio for %. ``places`` is 0-10; None: the unit's default. A
    blank figure is printed as （待填）, another missing one as its symbol.
    """
    if value == Missing(reason=MissingReason.BLANK):
        return FormattedFigure(value=value, text=value.reason.printed)
    text = value_text(value, unit, places, with_unit=False)
    return FormattedFigure(value=value, text=text, per=unit.per if unit else 1)


def format_rate(value: Value, places: int = 2) -> FormattedFigure:
    """Return a ratio as a percentage with ``places`` decimals; a missing one as its symbol."""
    if isinstance(value, Missing):
        return format_figure(value, None)
    return FormattedFigure(value=value, text=f"{figure_text(value.value * 100, places)}%", per=100)


def cell_location(at: CellRef) -> Location:
    """Return a cell as the location of a problem."""
    return Location(sheet=at.sheet, cell=at.cell)
