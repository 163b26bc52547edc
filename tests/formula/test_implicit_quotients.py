"""A drawn fraction, and 分子 and 分母: what is read, and what is refused."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

TABLE = "收入 6; 補助 3; 人數 4"


@pytest.mark.parametrize(
    ("text", "figure", "codes"),
    [
        ("收入\n────\n人數", "1.50", set()),
        ("收入\n────×100%\n人數", "150.00%", set()),
        ("收入+\n────\n人數", "", {"E217"}),  # above the line stands no expression
        ("收入\n────\n場次", "", {"E204"}),  # below it no item
        ("3\n────\n4", "", {"E217"}),  # and no names at all
        ("收入\n────+補助\n人數", "", {"E204"}),  # what stands beside it is not read
        ("分子：收入\n分母：人數\n加補助", "", {"E204"}),
    ],
)
def test_a_fraction_is_read_whole_or_refused(text: str, figure: str, codes: set[str]) -> None:
    found = told(text, TABLE)
    assert (found.figure, found.codes) == (figure, codes)
