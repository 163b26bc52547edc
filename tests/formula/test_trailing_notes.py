"""Notes behind an expression that state its unit."""

from __future__ import annotations

import pytest

from reportgen.formula.trailing_notes import Note, bare_unit
from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("note", "unit", "per"),
    [("以百分比表示", "百分比", 100), ("以%表示", "%", 100), ("千分比呈現", "千分比", 1000)],
)
def test_a_note_says_how_the_figure_is_shown(note: str, unit: str, per: int) -> None:
    found = bare_unit(Note(note, (0, 0)))
    assert found is not None
    assert (found.text, found.per) == (unit, per)


def test_the_figure_is_shown_so() -> None:
    assert told("收入÷人數（以%表示）", "收入 6; 人數 4").figure == "150.00%"
    assert told("收入÷人數（以千分比表示）", "收入 6; 人數 4").figure == "1,500.00"
