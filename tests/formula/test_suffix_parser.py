"""What may stand behind an expression."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

TABLE = "收入 6; 補助 3; 人數 4"


@pytest.mark.parametrize(
    "text",
    ["收入÷人數＝% （單位：%）", "收入÷人數＝%\u3000\n（單位：%）", "收入÷人數＝ （單位：%）"],
)
def test_an_equals_without_a_value(text: str) -> None:
    assert (told(text, TABLE).figure, told(text, TABLE).codes) == ("150.00%", set())


@pytest.mark.parametrize(
    ("remark", "codes"),
    [
        ("以補助計列", {"W201"}),  # it may say what is counted
        ("依補助統計", {"W201"}),
        ("以年底為準", set()),  # no item
        ("註：補助", set()),
    ],
)
def test_a_remark_that_names_an_item_is_doubted(remark: str, codes: set[str]) -> None:
    found = told(f"收入÷人數，{remark}", TABLE)
    assert (found.figure, found.codes) == ("1.50", codes)
