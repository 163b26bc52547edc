"""Rules between figures with components: they are about the sums that both sides share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute, plausibility_problems
from tests.factories.scorecards import figure, kpi, read

if TYPE_CHECKING:
    from reportgen.compute.result_types import CheckYear


def checked(rule: str, rows: str) -> tuple[tuple[CheckYear, ...], list[str]]:
    """The rule's years, and the codes at its cell; rows such as ``甲/一 5; 乙/一 3``."""
    figures = []
    for text in rows.split(";"):
        name, value = text.split()
        item, _, component = name.partition("/")
        figures.append(figure(item, [int(value)], component=component))
    card = read(
        關鍵績效指標=[kpi("丁（單位：件）")],
        年度資料=[*figures, figure("丁", [1])],
        勾稽規則=[{"規則": rule}],
    )
    results, problems = compute(card)
    codes = [problem.code for problem in problems if problem.where.sheet == "勾稽規則"]
    return results.checks[0].years, codes


@pytest.mark.parametrize(
    ("rule", "rows", "substitution", "codes"),
    [
        ("甲 ≥ 乙", "甲/一 5; 甲/二 1; 乙/一 3; 乙/二 2", "5+1 = 6 ≥ 3+2 = 5", []),
        ("甲 ≥ 乙", "甲/一 5; 甲/二 1; 乙/二 4; 乙/一 3", "5+1 = 6 ≥ 3+4 = 7", ["W225"]),
        ("甲 ≥ 乙", "甲 5; 乙 3", "5 ≥ 3", []),
        # The left side is no caption here.
        ("預算數 = 決算數", "預算數 5; 決算數 3", "5 = 3", ["W225"]),
        ("甲 ≥ 5", "甲/一 5; 甲/二 1", "5+1 = 6 ≥ 5", []),
        # Components differ, or one side has none: nothing is summed up.
        ("甲 ≥ 乙", "甲/一 5; 甲/二 1; 乙/一 3", None, ["E207"]),
        ("甲 ≥ 乙", "甲/一 5; 乙 3", None, ["E207"]),
        ("甲 ≥ 丙", "甲/一 5; 甲/二 1; 乙 3", None, ["E207", "E217"]),
        # A row for the whole counts alone.
        ("甲 ≥ 乙", "甲 9; 甲/一 5; 乙 3; 乙/一 2", "9 ≥ 3", []),
        # The rule names its components itself.
        ("甲 ≥ 乙(以上各數均含一)", "甲/一 5; 甲/二 1; 乙/一 3; 乙/二 9", "5 ≥ 3", []),
    ],
)
def test_a_rule_is_about_the_components_that_its_names_share(
    rule: str, rows: str, substitution: str | None, codes: list[str]
) -> None:
    years, found = checked(rule, rows)
    assert sorted(set(found)) == codes
    if substitution is not None:
        assert years[-1].substitution == substitution
        assert years[-1].holds is (not codes)


def test_a_rule_that_compares_nothing_reads_its_rows_all_the_same() -> None:
    results, _ = compute(
        read(
            關鍵績效指標=[kpi("丁（單位：件）")],
            年度資料=[figure(item, [1]) for item in "甲乙丙丁"],
            勾稽規則=[{"規則": "甲 + 乙"}],
        )
    )
    found = [(problem.code, problem.where.cell) for problem in plausibility_problems(results)]
    assert found == [("W226", "A7")]
