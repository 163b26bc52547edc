"""Figures with their units, and calculations with their figures."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reportgen.formula import parse_unit, substitution, value_text
from reportgen.formula.calculation_text import exact_value_text
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing
from tests.factories.formula_table import run


@pytest.mark.parametrize(
    ("value", "unit", "places", "text", "bare"),
    [
        ("0.1063", "%", None, "10.63%", "10.63%"),
        ("0.1063", "%", 0, "11%", "11%"),
        ("0.0083", "‰", None, "8.30‰", "8.30‰"),
        ("0.1063", "百分比", None, "10.63 百分比", "10.63"),
        ("1234", "人次", None, "1,234 人次", "1,234"),
        ("25.5", "千元/人", None, "25.50 千元/人", "25.50"),
        ("25.5", "千元/人", 0, "26 千元/人", "26"),
        ("1234", None, None, "1,234", "1,234"),
        ("0.5", None, None, "0.50", "0.50"),
        ("0.5", None, 1, "0.5", "0.5"),
    ],
)
def test_a_figure_has_its_unit(
    value: str, unit: str | None, places: int | None, text: str, bare: str
) -> None:
    figure, parsed = Known(value=Fraction(value)), parse_unit(unit) if unit else None
    assert value_text(figure, parsed, places) == text
    assert value_text(figure, parsed, places, with_unit=False) == bare
    plain = text.replace(",", "")
    assert value_text(figure, parsed, places, grouped=False) == plain


@pytest.mark.parametrize("reason", MissingReason)
def test_a_missing_figure_is_its_symbol(reason: MissingReason) -> None:
    missing = Missing(reason=reason)
    assert value_text(missing, parse_unit("%")) == reason.symbol
    assert exact_value_text(missing) == reason.printed


def test_an_input_has_all_its_places() -> None:
    assert exact_value_text(Known(value=Fraction("1234.5678"))) == "1,234.5678"


PARTS = "甲/一 1 件; 甲/二 2 件; 乙 4 件"
NEGATIVE = "甲/一 -1 件; 甲/二 -2 件; 乙 4 件"
BOTH = "(以上各數均含一、二)"


@pytest.mark.parametrize(
    ("text", "table", "printed"),
    [
        (f"甲{BOTH}", PARTS, "1+2 = 3"),
        (f"甲×2{BOTH}", PARTS, "(1+2)×2 = 6"),
        (f"甲{BOTH}", NEGATIVE, "-1+(-2) = -3"),
        (f"-甲{BOTH}", NEGATIVE, "-(-1+(-2)) = 3"),
        (f"甲{BOTH}(單位：件)", PARTS, "1+2 = 3 件"),
        (f"甲{BOTH}(單位：元)", "甲/一 1 千元; 甲/二 5 元", "1×1,000+5 = 1,005 元"),
        (f"甲{BOTH}", "甲/一 空白 件; 甲/二 2 件", "（待填）+2 = 尚未填寫"),
        (f"甲{BOTH}", "甲/一 1 件; 甲/二 … 件", "1+（…） = …"),
        ("甲-乙", "甲 1/3; 乙 2", "1÷3-2 = -1.67"),
        ("乙-甲", "甲 1/3; 乙 2", "2-1÷3 = 1.67"),
        ("乙÷甲", "甲 1/3; 乙 2", "2÷(1÷3) = 6"),
        ("甲 ≥ 乙(單位：件)", "甲 5 件; 乙 3 件", "5 件 ≥ 3 件，達成"),
        ("甲 ≥ 乙+1(單位：件)", "甲 3 件; 乙 3 件", "3 件 ≥ 3+1 = 4 件，未達成"),
        ("甲×2 ≥ 6", "甲 3", "3×2 = 6 ≥ 6，達成"),
    ],
)
def test_a_calculation_shows_its_figures(text: str, table: str, printed: str) -> None:
    assert substitution(run(text, table)) == printed
