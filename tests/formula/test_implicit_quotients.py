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


@pytest.mark.parametrize(
    ("text", "figure", "codes"),
    [
        *((f"收入\n{dash * 4}\n人數", "1.50", set()) for dash in "-－─━—–_＿"),
        ("收入\n--\n人數", "1.50", set()),
        ("率：收入\n---\n人數", "1.50", set()),
        ("率＝收入\n---×100%\n人數", "150.00%", set()),
        ("率＝\n收入\n---\n人數", "1.50", set()),
        ("率=\n收入\n率---\n人數", "1.50", set()),
        ("收入（單位：元）\n---\n人數", "1.50", set()),
        ("收入+\n---\n人數", "", {"E216"}),
        ("收入\n---\n場次", "", {"E216"}),
        ("收入\n--\n人數\n--\n補助", "", {"E204"}),
        # what stands below the fraction counts, too
        ("收入\n---\n人數\n×100%", "150.00%", set()),
        ("收入\n---\n人數（單位：%）", "150.00%", set()),
        ("收入\n---\n人數\n（單位：%）", "150.00%", set()),
        ("收入\n---×100%\n(人數)\n註：年底", "150.00%", set()),
        ("收入\n---×100\n人數（單位：%），四捨五入至小數點第1位", "150.0%", {"N201"}),
        ("收入\n---（四捨五入至小數點第1位）\n人數（單位：%）", "150.0%", set()),
        ("收入\n---\n人數，達80%以上", "150.00%（達成）", set()),
        ("收入\n---，至少2\n人數", "1.50（未達成）", set()),
        ("收入\n---\n人數\n÷補助", "", {"E204"}),
        ("收入\n---\n人數\n-補助", "", {"E204"}),
        ("收入\n---\n人數\n補助", "", {"E216"}),
        ("收入\n---\n場次\n註：人數", "", {"E216"}),
    ],
)
def test_a_line_of_dashes_divides_and_subtracts_nothing(
    text: str, figure: str, codes: set[str]
) -> None:
    found = told(text, TABLE)
    assert (found.figure, found.codes) == (figure, codes)


@pytest.mark.parametrize(
    ("factor", "calculation"),
    [
        *((f"{sign}100%", "6÷4×100% = 150.00%") for sign in "×xXｘＸ*＊✕╳"),
        *((f"{sign} × 100", "6÷4×100 = 150") for sign in ("", "，", ",", "；", ";")),
        ("×1,000‰", "6÷4×1,000‰ = 1,500.00‰"),
        ("×100％", "6÷4×100% = 150.00%"),
        ("× 100 ﹪", "6÷4×100% = 150.00%"),
    ],
)
def test_a_factor_may_stand_beside_the_line(factor: str, calculation: str) -> None:
    found = told(f"收入\n────{factor}\n人數", TABLE)
    assert (found.calculation, found.codes) == (calculation, set())


@pytest.mark.parametrize(
    "text",
    [
        *("收入占40%、人數占60%", "收入佔總成績40%；人數60%", "收入占總分（40％）、人數（60％）"),
        *(
            "收入占總評分40%及人數60%",
            "收入占總評百分之四十與人數百分之六十",
            "收入占權重40%和人數60%",
        ),
        *("收入占比重40%，人數60﹪", "(一)收入占40%(二)人數60%", "1.收入占40%。2、人數60%。"),
        *("(1)收入占 40%\n(2)人數：60%", "「收入」占40%，「人數」60%"),
    ],
)
def test_weights_are_stated_in_many_ways(text: str) -> None:
    found = told(text, TABLE)
    assert (found.calculation, found.codes) == ("6×40%+4×60% = 4.80", set())
