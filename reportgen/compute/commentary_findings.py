"""What a yearly review should say and does not: reasons of missed KPIs and lowered targets.

Nothing here changes what is printed.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen.compute.formula_results import cell_location
from reportgen.compute.targets import kpi_target
from reportgen.model.scorecard import Direction, InitiativeStage
from reportgen.problems import make_problem
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.compute.result_types import KpiResult, KpiTarget, Results
    from reportgen.model.scorecard import Scorecard, Target
    from reportgen.problems import Problem

_ENDED = frozenset({InitiativeStage.FINISHED, InitiativeStage.STOPPED})


def commentary_findings(results: Results) -> tuple[Problem, ...]:
    """Return W261 for missed KPIs without words, N262 for late initiatives, N263 for other years.

    An initiative is late if it ends before the revision date and is not finished. Words of a year
    after the data year, or of one without figures, are printed by no review of this edition.
    """
    return (
        *_missed_without_words(results),
        *_late_initiatives(results.scorecard),
        *_words_of_other_years(results),
    )


def _missed_without_words(results: Results) -> Iterator[Problem]:
    """Yield W261 for each missed KPI without reason or measures in the data year."""
    card = results.scorecard
    commentary_by_kpi = {
        commentary.kpi: commentary
        for commentary in card.commentaries
        if commentary.year == card.data_year
    }
    for result in results.kpis:
        kpi_year = result.of(card.data_year)
        if kpi_year is None or kpi_year.achieved is not False:
            continue
        commentary = commentary_by_kpi.get(result.kpi.code)
        blank = [
            name
            for name, text in (
                ("未達成原因", commentary and commentary.shortfall_reason),
                ("因應策略", commentary and commentary.measures),
            )
            if not text
        ]
        if blank:
            location = cell_location(commentary.at if commentary else result.kpi.at)
            fields = {"kpi": result.kpi.code, "year": card.data_year, "found": "、".join(blank)}
            yield make_problem("W261", location, **fields)


def _late_initiatives(card: Scorecard) -> Iterator[Problem]:
    """Yield N262 for each initiative that should have ended by the revision date."""
    for initiative in card.initiatives:
        end = initiative.end
        if end is not None and end < card.revised and initiative.stage not in _ENDED:
            stage = initiative.stage.value if initiative.stage else "（空白）"
            fields = {"found": initiative.name.text, "end": end.edition, "stage": stage}
            yield make_problem("N262", cell_location(initiative.at), **fields, revised=card.edition)


def _words_of_other_years(results: Results) -> Iterator[Problem]:
    """Yield N263 for words of a year that no figure is of, or that is after the data year."""
    data_year = results.scorecard.data_year
    for commentary in results.scorecard.commentaries:
        if commentary.year > data_year or commentary.year not in results.years:
            fields = {"kpi": commentary.kpi, "found": commentary.year, "year": data_year}
            yield make_problem("N263", cell_location(commentary.at), **fields)


def lowered_target_problems(results: Results) -> tuple[Problem, ...]:
    """Return W262 for each target from the data year on that is below the one before it.

    It is excused by an entry of 修表紀錄 that names the KPI, or by words in 目標調整理由.
    """
    return tuple(
        problem for result in results.kpis for problem in _lowered_targets(result, results)
    )


def _lowered_targets(result: KpiResult, results: Results) -> Iterator[Problem]:
    """Yield W262 for the lowered targets of a KPI."""
    card, kpi = results.scorecard, result.kpi
    kpi_year = result.of(card.data_year)
    if kpi_year is None:
        return
    declared = sorted(
        (target for target in card.targets if target.kpi == kpi.code),
        key=lambda target: target.year,
    )
    targets = [
        (declaration, target)
        for declaration in declared
        if (target := kpi_target(kpi, declaration, kpi_year.outcome, [])) is not None
        and target.declared_at is declaration.goal
    ]
    for (earlier, old), (later, new) in pairwise(targets):
        if (
            later.year >= card.data_year
            and _is_lower(old, new, kpi.direction)
            and not _is_explained(result, earlier, later, card)
        ):
            fields = {"kpi": kpi.code, "year": later.year, "found": new.shown}
            yield make_problem(
                "W262", cell_location(later.goal.at), **fields, before=old.shown, since=earlier.year
            )


def _is_lower(old: KpiTarget, new: KpiTarget, direction: Direction) -> bool:
    """Return whether a target asks for less than another; False if their signs differ."""
    if old.relation != new.relation:
        return False
    if old.relation in {"≤", "<"} or (old.relation in {"=", "~"} and direction is Direction.LOWER):
        return new.high > old.high
    return new.low < old.low


def _is_explained(result: KpiResult, earlier: Target, later: Target, card: Scorecard) -> bool:
    """Return whether 修表紀錄 names the KPI, or words of either year give a reason."""
    code, name = name_key(result.kpi.code), name_key(result.kpi.name.text)
    names_kpi = re.compile(rf"(?<![a-z0-9.]){re.escape(code)}(?![0-9])")
    return any(
        name_key(entry.item.text) == name
        or names_kpi.search(name_key(f"{entry.item} {entry.note}"))
        for entry in card.revisions
    ) or any(
        commentary.kpi == result.kpi.code
        and earlier.year <= commentary.year <= later.year
        and commentary.target_reason
        for commentary in card.commentaries
    )
