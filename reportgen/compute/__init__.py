"""Computation of results: a scorecard's formulas evaluated and compared with its targets.

::

    results, problems = compute(scorecard)
    results.of("BP3.1").of(105).actual.text  # "42.50%"

The rules are documented in the modules that apply them: :mod:`~reportgen.compute.rates`
(achievement rates), :mod:`~reportgen.compute.targets`, :mod:`~reportgen.compute.rollup`
(weights), :mod:`~reportgen.compute.years` (which years, and what a blank means).
:func:`findings` adds what is valid but that the agency should check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.compute.checks import check_results
from reportgen.compute.findings import findings
from reportgen.compute.kpis import kpi_result
from reportgen.compute.rollup import roll_ups
from reportgen.compute.years import figures_by_year
from reportgen.formula import Vocabulary
from reportgen.results import Results

if TYPE_CHECKING:
    from reportgen.model import Scorecard
    from reportgen.problems import Problem

__all__ = ["compute", "findings"]


def compute(scorecard: Scorecard) -> tuple[Results, tuple[Problem, ...]]:
    """Return all results of an edition, and the problems found; never raises.

    A problem that every year has is reported once.
    """
    figures = figures_by_year(scorecard)
    vocabulary = Vocabulary.of_figures(scorecard.figures)
    problems: list[Problem] = []
    kpis = tuple(
        kpi_result(kpi, scorecard, figures, vocabulary, problems) for kpi in scorecard.kpis
    )
    checks = check_results(scorecard, figures, vocabulary, problems)
    results = Results(
        scorecard=scorecard,
        years=tuple(figures),
        kpis=kpis,
        checks=checks,
        roll_ups=roll_ups(scorecard, kpis, tuple(figures)),
    )
    return results, tuple(dict.fromkeys(problems))
