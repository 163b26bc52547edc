"""Rules between figures that have components."""

from __future__ import annotations

import pytest

from reportgen.compute import compute
from tests.factories.scorecards import figure, kpi, read


@pytest.mark.parametrize(
    ("rule", "sides", "codes"),
    [
        ("預算 ≥ 決算", ("3+4 = 7", "3+5 = 8"), ["W225"]),  # over all components that both have
        ("預算 ≥ 決算（以上各數均含經常門）", ("3", "3"), []),  # over those that it names
    ],
)
def test_components_of_a_rule(rule: str, sides: tuple[str, str], codes: list[str]) -> None:
    card = read(
        關鍵績效指標=[kpi("決算/預算×100%（以上各數均含經常門及資本門）（單位：%）")],
        年度資料=[
            figure("預算", [3], component="經常門"),
            figure("預算", [4], component="資本門"),
            figure("決算", [3], component="經常門"),
            figure("決算", [5], component="資本門"),
        ],
        勾稽規則=[{"規則": rule}],
    )
    results, problems = compute(card)
    assert [problem.code for problem in problems] == codes
    year = results.checks[0].years[-1]
    assert (year.left.text, year.right.text) == tuple(side.split()[-1] for side in sides)
    assert all(side in year.substitution for side in sides)
