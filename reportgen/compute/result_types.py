"""The yearly results: every figure exact, as shown, and with the cells that it comes from.

Figures of a KPI are in its unit; with unit % they are ratios (1 is 100 %). Achievement
rates are ratios always.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal

from reportgen.formula.syntax_tree import Comparison

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from reportgen.formula import Evidence, Formula, MissingInput, Outcome
    from reportgen.model.scorecard import CrossCheck, Kpi, Light, Scorecard, Text, Value
    from reportgen.model.target_value import GoalRelation

Verdict = Literal["達成", "未達成", ""]
_VERDICTS: Final[dict[bool | None, Verdict]] = {True: "達成", False: "未達成", None: ""}
_RELATION_OPERATORS: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    "≥": operator.ge,
    ">": operator.gt,
    "≤": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


def satisfies(relation: GoalRelation, value: Fraction, low: Fraction, high: Fraction) -> bool:
    """Return whether ``value`` stands in ``relation`` to its limits.

    Only a range (``~``) has two limits, both included; any other relation is to ``low``. Raises
    KeyError for a bare number's relation, ``""``.
    """
    if relation == "~":
        return low <= value <= high
    return _RELATION_OPERATORS[relation](value, low)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedFigure:
    """A figure and how it is printed: ``10.63%``, ``8.30‰``, ``1,234``, ``…``; no other unit.

    The digits of ``text`` state ``value`` times ``per``, which is 100 for %, 1,000 for ‰.
    """

    value: Value
    text: str
    per: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiTarget:
    """The target of a KPI and year, in the KPI's unit.

    ``relation`` is never blank: for a bare number it follows from the KPI's direction. ``low`` and
    ``high`` are the same but for a range. ``shown`` is ``≥90%``, ``12`` or ``80%~90%``; its
    digits are ``low`` times ``per``, as in :class:`FormattedFigure`. Of a milestone ``shown`` may
    be the stage as it was written.
    """

    declared_at: Text  # the cell of 目標值, or of the formula whose threshold it is
    basis: Text
    relation: GoalRelation
    low: Fraction
    high: Fraction
    shown: str
    per: int = 1
    names_stage: bool = False  # ``shown`` are the words of a milestone's target

    def is_reached(self, value: Fraction) -> bool:
        """Return whether an actual figure, unrounded, meets the target."""
        return satisfies(self.relation, value, self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearChange:
    """The change since the year before, from the exact figures, rounded once.

    ``difference`` is signed, ``+2.50``; its unit is 百分點 for a KPI in %. ``relative`` is
    the difference by the former figure, 「--」 if that was zero.
    """

    since: int  # ROC year
    difference: FormattedFigure
    unit: str
    relative: FormattedFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiYear:
    """A KPI's result in one ROC year.

    ``achieved`` is None without a figure or a target to compare it with; ``rate`` and
    ``target`` are None if there is no target, ``change`` if there is no year before.
    """

    year: int
    outcome: Outcome
    actual: FormattedFigure
    substitution: str  # "17÷160×100% = 10.63%"
    threshold: FormattedFigure | None  # of a ≥ KPI: its right side
    target: KpiTarget | None
    rate: FormattedFigure | None  # 達成率
    rate_rule: str  # how it is calculated, in words
    achieved: bool | None
    light: Light | None
    change: YearChange | None
    is_verdict_only: bool  # the unit is 達成與否: the verdict is the result
    stage: str  # of a milestone: the stage whose share the figure is
    note: str  # why the verdict is another than the printed figures say

    @property
    def verdict(self) -> Verdict:
        """The verdict: 達成, 未達成, or empty."""
        return _VERDICTS[self.achieved]

    @property
    def printed(self) -> str:
        """The text under 實績值: the figure, with its stage, or the verdict of 達成與否."""
        if self.stage:
            return f"{self.stage}（{self.actual.text}）"
        return self.verdict if self.is_verdict_only and self.verdict else self.actual.text

    @property
    def threshold_text(self) -> str:
        """The formula's threshold after its relation, ``≤12``; empty without one."""
        tree = self.outcome.tree
        if self.threshold is None or not isinstance(tree, Comparison):
            return ""
        return f"{tree.relation}{self.threshold.text}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The cells of the figure: names, their components, and the cells of these."""
        return self.outcome.evidence

    @property
    def gaps(self) -> tuple[MissingInput, ...]:
        """The reasons why the figure is missing: every missing input and its cell."""
        return self.outcome.gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiResult:
    """A KPI over the years. ``years`` is empty if its formula cannot be read."""

    kpi: Kpi
    formula: Formula | None
    unit: str  # as written; empty if none is stated
    years: tuple[KpiYear, ...]

    def of(self, year: int) -> KpiYear | None:
        """Return the result of a ROC year, or None."""
        return next((kpi_year for kpi_year in self.years if kpi_year.year == year), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckYear:
    """A cross-check in one year. ``holds`` is None if a figure is missing."""

    year: int
    outcome: Outcome
    left: FormattedFigure
    right: FormattedFigure
    holds: bool | None
    substitution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """A rule of 勾稽規則 over the years; ``years`` is empty if it cannot be read."""

    check: CrossCheck
    formula: Formula | None
    years: tuple[CheckYear, ...]


class RateLevel(Enum):
    """The level of a weighted achievement rate."""

    OBJECTIVE = "策略目標"
    PERSPECTIVE = "構面"
    WHOLE = "整體"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedRate:
    """The weighted mean of the achievement rates of the KPIs that have a weight.

    ``rate`` is missing as long as one of them has no rate, for leaving out what is missing
    would flatter. ``rate_so_far`` is the mean of those that have one, with ``counted`` of
    ``weight``; ``without`` names the others.
    """

    level: RateLevel
    code: str  # of the objective or the perspective; empty for the whole
    year: int
    rate: FormattedFigure
    rate_so_far: FormattedFigure
    weight: Fraction
    counted: Fraction
    kpis: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All results of an edition."""

    scorecard: Scorecard
    years: tuple[int, ...]  # ROC years, ascending
    kpis: tuple[KpiResult, ...]  # in the workbook's order
    checks: tuple[CheckResult, ...]
    roll_ups: tuple[WeightedRate, ...]

    def of(self, code: str) -> KpiResult | None:
        """Return the result of a KPI by its code, or None."""
        return next((result for result in self.kpis if result.kpi.code == code), None)
