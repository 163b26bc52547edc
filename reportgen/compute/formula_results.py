"""A cell's formula, read once and evaluated for every year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.compute.result_types import Shown
from reportgen.formula import Unit, evaluate, figure_text, parse, value_text
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Missing
from reportgen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.formula import Formula, Outcome, Vocabulary, YearFigures
    from reportgen.model.scorecard import CellRef, Text, Value
    from reportgen.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A formula and its outcome for each year; without outcomes if it cannot be read."""

    formula: Formula | None
    unit: str  # as written
    tells_verdict: bool  # the unit is no unit: the verdict is the result
    outcomes: Mapping[int, Outcome]


def evaluated(
    text: Text,
    figures: Mapping[int, YearFigures],
    vocabulary: Vocabulary,
    problems: list[Problem],
    completed: Callable[[Formula], Formula] = lambda formula: formula,
    *,
    is_rule: bool = False,
    is_direct: bool = False,
) -> Evaluated:
    """Read and evaluate a formula; ``problems`` are added to.

    ``completed`` may add what the formula leaves implicit. ``is_direct``: the figure is
    entered directly, whatever the text states.
    """
    location = place(text.at)
    parsed, parse_problems = parse(
        text.text, location, vocabulary, is_rule=is_rule, is_direct=is_direct
    )
    problems += parse_problems
    if parsed is None:
        return Evaluated(formula=None, unit="", tells_verdict=False, outcomes={})
    formula = completed(parsed)
    tells_verdict = formula.tells_verdict
    run = replace(formula, unit=None) if tells_verdict else formula
    outcomes = {
        year: evaluate(run, of_year, names=of_year.names, where=location)
        for year, of_year in figures.items()
    }
    # A formula without a unit whose figures are all in % is in % as well.
    display_unit = formula.unit or next((outcome.unit for outcome in outcomes.values()), None)
    unit = display_unit.text if display_unit else ""
    problems += (problem for outcome in outcomes.values() for problem in outcome.problems)
    return Evaluated(formula=formula, unit=unit, tells_verdict=tells_verdict, outcomes=outcomes)


def shown(value: Value, unit: Unit | None, places: int | None = None) -> Shown:
    """Return a figure in its unit; only the signs % and ‰ are printed with it."""
    if value == Missing(reason=MissingReason.BLANK):
        return Shown(value=value, text=value.reason.printed)
    text = value_text(value, unit, places, with_unit=False)
    return Shown(value=value, text=text, per=unit.per if unit else 1)


def shown_rate(value: Value, places: int = 2) -> Shown:
    """Return a ratio in %."""
    if isinstance(value, Missing):
        return shown(value, None)
    return Shown(value=value, text=f"{figure_text(value.value * 100, places)}%", per=100)


def place(at: CellRef) -> Location:
    """Return a cell as the location of a problem."""
    return Location(sheet=at.sheet, cell=at.cell)
