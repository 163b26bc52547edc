"""What evaluation doubts: a caption that is an item, with another figure."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("entered", "codes"),
    [
        ("33.3", set()),  # as precise as it is entered
        ("33.33", set()),
        ("33.4", {"W209"}),
        ("33.34", {"W209"}),
        ("0.333", {"W209"}),
    ],
)
def test_a_caption_that_is_an_item_must_have_the_figure(entered: str, codes: set[str]) -> None:
    found = told("執行率＝甲/乙×100%（單位：%）", f"甲 1 件; 乙 3 件; 執行率 {entered} %")
    assert (found.figure, found.codes) == ("33.33%", codes)
