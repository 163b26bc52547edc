"""Letters and what they stand for."""

from __future__ import annotations

import pytest

from reportgen.formula.legend import find_definitions
from reportgen.formula.tokens import pair_brackets
from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A：收入；B：人數", [("a", "收入"), ("b", "人數")]),
        (f"A：{' ' * 30}收入；B：人數", [("a", "收入"), ("b", "人數")]),
        ("A：、；B：人數", [("b", "人數")]),  # a stop alone defines nothing
        ("A： ；B：人數", [("b", "人數")]),
    ],
)
def test_definitions(text: str, found: list[tuple[str, str]]) -> None:
    definitions = find_definitions(text, pair_brackets(text))
    assert [(each.key, text[slice(*each.value)]) for each in definitions] == found


@pytest.mark.parametrize("item", ["收入", "收入(元)", "收入(公立)(元)"])
def test_a_labelled_line_is_an_item_perhaps_with_brackets(item: str) -> None:
    found = told(f"{item}(A)\n人數(B)\nA÷B", "收入 6; 人數 4")
    assert (found.calculation, found.codes) == ("6÷4 = 1.50", set())
