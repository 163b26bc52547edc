"""Steps, lists, functions and limits of the grammar."""

from __future__ import annotations

import pytest

from reportgen.formula.parse_errors import MAX_DEPTH, MAX_OPERATORS
from tests.factories.formula_table import told

TABLE = "收入 6; 補助 3; 人數 4; 場次 10; 得分/甲場 5; 得分/乙場 7"


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("收入除以補助，再乘以10+人數", "6÷3×10+4 = 24"),
        ("收入除以補助，再加人數-場次", "6÷3+4-10 = -4"),
        ("收入除以補助，再加人數×場次", "6÷3+4×10 = 42"),
    ],
)
def test_operators_behind_a_step(text: str, calculation: str) -> None:
    assert told(text, TABLE).calculation == calculation


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("收入及補助占場次之比率", "(6+3)÷10 = 90.00%"),
        ("收入、補助及人數占場次之百分比", "(6+3+4)÷10 = 130.00%"),
    ],
)
def test_a_list_before_a_share_is_added_up(text: str, calculation: str) -> None:
    assert told(text, TABLE).calculation == calculation


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("Σ得分×人數", "(5+7)×4 = 48"),  # 人數 has no components: only the sum of 得分
        ("Σ得分×2", "(5+7)×2 = 24"),
        ("(得分×人數)加總", "5×4+7×4 = 48"),  # each component times the same figure
    ],
)
def test_sums_over_components(text: str, calculation: str) -> None:
    assert told(text, TABLE).calculation == calculation


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("平均(收入、補助", "E208", "("),
        ("平均（收入、補助]", "E208", "（"),
        ("合計(收入、補助 人數)", "E204", "人數"),
        ("合計(收入、補助≥3)", "E212", "≥"),
        ("合計(" * (MAX_DEPTH + 1) + "收入" + ")" * (MAX_DEPTH + 1), "E211", "("),
        ("(" * MAX_DEPTH + "收入(補助+人數)" + ")" * MAX_DEPTH, "E211", "(補助+人數"),
        (f"收入({'+'.join(['補助'] * (MAX_OPERATORS + 2))})÷人數", "E210", "+"),
    ],
)
def test_functions_and_limits(text: str, code: str, found: str) -> None:
    (problem,) = told(text, TABLE).problems
    assert (problem.code, dict(problem.fields)["found"]) == (code, found)
