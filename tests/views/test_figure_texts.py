"""Figures as documents print them."""

from __future__ import annotations

import pytest

from reportgen.model.missing_symbols import MissingReason
from reportgen.views.figure_texts import print_calculation, print_figure, symbol_notes


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-26", "−26"),
        ("-0.49", "−0.49"),
        ("-.5%", "−.5%"),
        ("≤-3", "≤−3"),
        ("-5~-3", "−5~−3"),
        ("110年 -1,234.5", "110年 −1,234.5"),
        ("+16", "+16"),
        ("105-12-25", "105-12-25"),
        ("A-3", "A-3"),
        ("-", "-"),
        ("--", "--"),
        ("108年 --", "108年 --"),
    ],
)
def test_print_figure(text: str, printed: str) -> None:
    assert print_figure(text) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("(8-3)÷(-5)×100% = -100.00%", "(8−3)÷(−5)×100% = −100.00%"),
        ("9-(2+1) = 6", "9−(2+1) = 6"),
        ("（-）÷12 = -", "（-）÷12 = -"),
        ("5÷0 = --", "5÷0 = --"),
    ],
)
def test_print_calculation(text: str, printed: str) -> None:
    assert print_calculation(text) == printed


@pytest.mark.parametrize(
    ("figures", "symbols"),
    [
        (["12", "-3", "108年 5"], []),
        (["-"], ["-"]),
        (["108年 --", "…"], ["…", "--"]),
        (["（-）÷12 = -"], ["-"]),
        (["尚未填寫", ""], []),
    ],
)
def test_only_printed_symbols_are_explained(figures: list[str], symbols: list[str]) -> None:
    assert [note.symbol for note in symbol_notes(figures)] == symbols


def test_meanings_are_those_of_the_model() -> None:
    (note,) = symbol_notes(["--"])
    assert note.meaning == MissingReason.MEANINGLESS.value.meaning
