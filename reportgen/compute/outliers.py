"""Sudden jumps: figures of the data year that look like typing errors.

The rule: a figure is more than three times the largest, or less than a third of the
smallest, of its row's earlier figures. A digit too many, or 元 for 千元, is ten times and
more. Rows whose figures are all below 10 are left alone: there, a third is one or two.
So are those of milestones, whose stages are far apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.compute.formula_results import place
from reportgen.formula import exact_text
from reportgen.model.scorecard import Known
from reportgen.problems import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from reportgen.model.scorecard import Figure, Scorecard
    from reportgen.problems import Problem

FACTOR: Final = 3
SMALL: Final = 10


def jumps(scorecard: Scorecard) -> Iterator[Problem]:
    """Yield N223 for each figure of the data year that jumps against all years before."""
    for figure in scorecard.figures:
        now = next((each for each in figure.values if each.year == scorecard.data_year), None)
        if figure.is_milestone or now is None or not isinstance(now.value, Known):
            continue
        earlier = _earlier(figure, scorecard.data_year)
        if _is_jump(now.value.value, list(earlier.values())):
            yield make(
                "N223",
                place(now.at),
                year=now.year,
                item=_called(figure),
                found=exact_text(now.value.value),
                earlier="、".join(
                    f"{year}年 {exact_text(value)}" for year, value in earlier.items()
                ),
                factor=FACTOR,
            )


def _earlier(figure: Figure, year: int) -> dict[int, Fraction]:
    known = {
        each.year: each.value.value
        for each in figure.values
        if each.year < year and isinstance(each.value, Known)
    }
    return dict(sorted(known.items()))


def _is_jump(now: Fraction, earlier: list[Fraction]) -> bool:
    if not earlier or max(abs(each) for each in (now, *earlier)) < SMALL:
        return False
    low, high = min(earlier), max(earlier)
    if low < 0 or now < 0:  # no ratio is meaningful across zero
        return False
    return (high > 0 and now > FACTOR * high) or now * FACTOR < low


def _called(figure: Figure) -> str:
    component = figure.component.text
    return f"{figure.item.text}（{component}）" if component else figure.item.text
