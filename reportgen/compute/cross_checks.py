"""勾稽規則: rules between figures, in the formula language, evaluated for every year.

If all names of a rule have the same components and no row for the whole, the rule is
about their sums: 「預算數 ≥ 資本門預算數」 needs no note that names the components.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.compute.formula_results import cell_location, evaluate_by_year, format_figure
from reportgen.compute.result_types import CheckResult, CheckYear
from reportgen.formula import FormulaKind, name_key, substitution
from reportgen.formula.syntax_tree import names_in
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Missing
from reportgen.problems import make_problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportgen.formula import Formula, Outcome, Vocabulary, YearFigures
    from reportgen.model.scorecard import CrossCheck, Figure, Scorecard
    from reportgen.problems import Problem


def check_results(
    scorecard: Scorecard,
    figures: Mapping[int, YearFigures],
    vocabulary: Vocabulary,
    problems: list[Problem],
) -> tuple[CheckResult, ...]:
    """Return every rule with its result in every year, in the workbook's order.

    Add to ``problems`` what is wrong with a rule's text, E221 for a rule that is no comparison,
    and W225, with both sides' figures, for each year in which it does not hold.
    """
    return tuple(
        _check_result(check, scorecard.figures, figures, vocabulary, problems)
        for check in scorecard.cross_checks
    )


def _check_result(
    check: CrossCheck,
    rows: Sequence[Figure],
    figures: Mapping[int, YearFigures],
    vocabulary: Vocabulary,
    problems: list[Problem],
) -> CheckResult:
    """Return a rule evaluated in each year; without years if it cannot be read or compares nothing.

    Add E221 for no comparison, W225 for each failed year.
    """
    run = evaluate_by_year(
        check.rule,
        figures,
        vocabulary,
        problems,
        lambda formula: _with_components(formula, rows),
        is_rule=True,
    )
    location = cell_location(check.rule.at)
    if run.formula is not None and run.formula.kind is not FormulaKind.COMPARISON:
        problems.append(make_problem("E221", location, found=_one_line(check.rule.text)))
        return CheckResult(check=check, formula=run.formula, years=())
    years = tuple(_check_year(year, outcome) for year, outcome in run.outcomes.items())
    problems += (
        make_problem(
            "W225",
            location,
            year=check_year.year,
            rule=_one_line(check.rule.text),
            left=check_year.left.text,
            right=check_year.right.text,
        )
        for check_year in years
        if check_year.holds is False
    )
    return CheckResult(check=check, formula=run.formula, years=years)


def _with_components(formula: Formula, rows: Sequence[Figure]) -> Formula:
    """Return the rule with the components that the rows of all its names share.

    Unchanged if it names components itself, if the names' components differ, if a name has no
    row, or if a row of a name has no component (it is the whole).
    """
    if formula.components:
        return formula
    of_names = [
        tuple(row.component.text for row in rows if name_key(row.item.text) == name.source)
        for name in names_in(formula.tree)
    ]
    keys = {frozenset(map(name_key, components)) for components in of_names}
    if len(keys) != 1 or frozenset() in keys or "" in next(iter(keys)):
        return formula
    return replace(formula, components=of_names[0])


def _check_year(year: int, outcome: Outcome) -> CheckYear:
    """Return both sides of a rule in a year and whether it holds; None if a side has no figure.

    A right side that was not calculated is missing for the left side's reason, else as 「-」.
    """
    right = outcome.threshold
    if right is None:
        missing = isinstance(outcome.value, Missing)
        right = outcome.value if missing else Missing(reason=MissingReason.NO_FIGURE)
    text = substitution(outcome)
    return CheckYear(
        year=year,
        outcome=outcome,
        left=format_figure(outcome.value, outcome.unit),
        right=format_figure(right, outcome.unit),
        holds=outcome.achieved,
        substitution=text.removesuffix("，達成").removesuffix("，未達成"),
    )


def _one_line(text: str) -> str:
    """Return a text with each run of white space as one blank."""
    return " ".join(text.split())
