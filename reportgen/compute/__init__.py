"""Scorecard → Results: the printed formulas are evaluated, and compared with the targets.

::

    results, problems = compute(scorecard)
    results.of("BP3.1").of(105).actual.text  # "42.50%"

Rules are stated where they are followed: :mod:`~reportgen.compute.achievement_rates` (achievement
rates), :mod:`~reportgen.compute.targets`, :mod:`~reportgen.compute.weighted_rates` (weights),
:mod:`~reportgen.compute.years` (which years, and what a blank means).
:func:`plausibility_problems` adds what makes sense to the machine but perhaps not to the agency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.compute.cross_checks import check_results
from reportgen.compute.kpi_results import kpi_result
from reportgen.compute.plausibility import plausibility_problems
from reportgen.compute.result_types import Results
from reportgen.compute.weighted_rates import compute_weighted_rates
from reportgen.compute.years import figures_by_year
from reportgen.formula import Vocabulary

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

__all__ = ["compute", "plausibility_problems"]


def compute(scorecard: Scorecard) -> tuple[Results, tuple[Problem, ...]]:
    """Return all results of an edition, and the problems found; never raises.

    A problem that several years have is reported once. Plausibility is not checked here.
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
        roll_ups=compute_weighted_rates(scorecard, kpis, tuple(figures)),
    )
    return results, tuple(dict.fromkeys(problems))
