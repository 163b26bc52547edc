"""Words of the formula language: numerals, and letters that are none of its signs."""

from __future__ import annotations

import string

import pytest

from reportgen.formula.keywords import chinese_number
from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((digit, value) for value, digit in enumerate("零一二三四五六七八九")),
        ("〇", 0),
        ("兩", 2),
        ("十", 10),
        ("拾", 10),
        ("十五", 15),
        ("二十", 20),
        ("九十九", 99),
        ("百", 100),
        ("佰", 100),
        ("一百零五", 105),
        ("三百六十五", 365),
        ("千", 1000),
        ("仟", 1000),
        ("一千二百", 1200),
        ("萬", 10_000),
        ("十萬", 100_000),
        ("兩萬五千", 25_000),
        ("三十六萬七千", 367_000),
        ("百萬", 1_000_000),
        ("億", 100_000_000),
        ("二億三千萬", 230_000_000),
        ("一億零五", 100_000_005),
        ("萬億", 10**12),
        ("兩百億", 20_000_000_000),
        # digit by digit
        ("一〇五", 105),
        ("一〇〇", 100),
        ("二〇", 20),
        ("一二三", 123),
        ("二〇萬", 200_000),
    ],
)
def test_a_numeral_has_its_number(text: str, number: int) -> None:
    assert chinese_number(text) == number


def test_another_character_is_no_numeral() -> None:
    with pytest.raises(KeyError):
        chinese_number("一年")


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("甲÷乙×一〇〇", "6÷3×100 = 200"),
        ("甲÷乙×百分之一〇〇", "6÷3×100% = 200.00%"),
        ("甲×二億三千萬", "6×230,000,000 = 1,380,000,000"),
        ("甲占百分之二〇、乙占百分之八〇", "6×20%+3×80% = 3.60"),
    ],
)
def test_a_numeral_counts_in_a_formula(text: str, calculation: str) -> None:
    given = told(text, "甲 6; 乙 3")
    assert (given.calculation, given.codes) == (calculation, set())


@pytest.mark.parametrize("letters", [string.ascii_uppercase, string.ascii_lowercase])
def test_every_letter_may_be_an_item(letters: str) -> None:
    """None is taken for a sign, a bracket or a separator."""
    for letter in letters:
        given = told(f"({letter}+乙)÷乙", f"{letter} 6; 乙 3")
        assert given.calculation == "(6+3)÷3 = 3", letter


@pytest.mark.parametrize(
    "signs", ["()", "（）", "﹙﹚", "[]", "［］", "〔〕", "【】", "{}", "｛｝", "﹛﹜"]
)
def test_brackets_of_one_kind_belong_together(signs: str) -> None:
    given = told(f"{signs[0]}甲+乙{signs[1]}×乙", "甲 6; 乙 3")
    assert given.calculation == "(6+3)×3 = 27"


@pytest.mark.parametrize(
    "unit",
    [
        *("個月", "個", "分鐘", "工作天", "工作日", "人口", "倍", "歲", "組", "間", "位"),
        *("月", "人", "天", "元", "件"),
    ],
)
def test_a_number_may_have_a_unit_in_words(unit: str) -> None:
    assert told(f"甲÷12{unit}", "甲 24 件").calculation == "24÷12 = 2"
    assert told(f"甲÷2千{unit}", "甲 4000 件").calculation == "4,000÷2,000 = 2"
