"""Units: their measure, sign, and what is no unit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reportgen.formula.units import (
    Measure,
    Unit,
    bases_of,
    is_unit_text,
    leading_scale,
    parse_unit,
    scale_of,
)


def unit(text: str, *bases: str) -> Unit:
    found = parse_unit(text, frozenset(bases))
    assert found is not None
    return found


# text, base units, scale
MEASURES = [
    ("元", "元", "1"),
    ("新臺幣元", "元", "1"),
    ("新台幣千元", "元", "1000"),
    ("圓", "元", "1"),
    ("天", "日", "1"),
    ("噸", "公噸", "1"),
    ("人口數", "人", "1"),
    ("件數", "件", "1"),
    ("數", "數", "1"),
    ("人次", "人次", "1"),
    ("十元", "元", "10"),
    ("拾元", "元", "10"),
    ("佰元", "元", "100"),
    ("仟元", "元", "1000"),
    ("萬元", "元", "10000"),
    ("十萬元", "元", "100000"),
    ("百萬元", "元", "1000000"),
    ("千萬元", "元", "10000000"),
    ("億元", "元", "100000000"),
    ("十億元", "元", "1000000000"),
    ("100人", "人", "100"),
    ("1,000人", "人", "1000"),
    ("10萬人", "人", "100000"),
    ("0人", "0人", "1"),
    ("1.5人", "1.5人", "1"),
    ("萬用卡", "萬用卡", "1"),
    ("千元/人", "元/人", "1000"),
    ("公斤/萬人", "公斤/人", "1/10000"),
    ("元/每人", "元/人", "1"),
    ("元/人/日", "元/人/日", "1"),
    ("元/元", "倍", "1"),
    ("%", "倍", "1/100"),
    ("％", "倍", "1/100"),
    ("百分比", "倍", "1/100"),
    ("百分率", "倍", "1/100"),
    ("百分點", "倍", "1/100"),
    ("個百分點", "倍", "1/100"),
    ("‰", "倍", "1/1000"),
    ("千分比", "倍", "1/1000"),
    ("千分率", "倍", "1/1000"),
    ("千分點", "倍", "1/1000"),
    ("個千分點", "倍", "1/1000"),
    ("‱", "倍", "1/10000"),
    ("萬分比", "倍", "1/10000"),
    ("萬分率", "倍", "1/10000"),
    ("倍", "倍", "1"),
    ("比", "倍", "1"),
    ("比值", "倍", "1"),
    ("/人", "1/人", "1"),
]


@pytest.mark.parametrize(("text", "bases", "scale"), MEASURES)
def test_a_unit_has_base_units_and_a_scale(text: str, bases: str, scale: str) -> None:
    found = unit(text)
    assert (found.measure.bases, found.measure.scale) == (bases, Fraction(scale))
    assert found.text == text


@pytest.mark.parametrize("text", ["", " ", "/", "//"])
def test_a_blank_text_is_no_unit(text: str) -> None:
    assert parse_unit(text) is None


def test_a_scale_counts_before_a_base_that_is_used_elsewhere() -> None:
    assert unit("千疫苗").measure == Measure((("千疫苗", 1),))
    assert unit("千疫苗", "疫苗").measure == Measure((("疫苗", 1),), Fraction(1000))
    assert bases_of(frozenset({"疫苗數/每戶", "千元", ""})) == {"疫苗", "戶", "千元"}
    assert unit(" 千元 ").text == "千元"


@pytest.mark.parametrize(
    ("text", "per", "sign", "points"),
    [
        ("%", 100, "%", "百分點"),
        ("％", 100, "%", "百分點"),
        ("百分比", 100, "", "百分點"),
        ("‰", 1000, "‰", "千分點"),
        ("‱", 10000, "‱", "‱"),
        ("倍", 1, "", "倍"),
        ("千元/人", 1, "", "千元/人"),
        ("元/百人", 1, "", "元/百人"),
    ],
)
def test_a_rate_is_shown_multiplied(text: str, per: int, sign: str, points: str) -> None:
    found = unit(text)
    assert (found.per, found.sign, found.points) == (per, sign, points)
    assert found.is_rate is (per != 1)


@pytest.mark.parametrize(
    ("text", "shown", "places"), [("%", "5", 2), ("件", "5", 0), ("件", "5.5", 2), ("‰", "1/3", 2)]
)
def test_a_figure_has_places_by_its_unit(text: str, shown: str, places: int) -> None:
    assert unit(text).default_places(Fraction(shown)) == places


@pytest.mark.parametrize(
    ("text", "is_unit", "is_unit_inside"),
    [
        ("千元", True, True),
        ("人/戶", True, True),
        ("%", True, True),
        *((word, False, True) for word in "年月週季日度時次名位"),
        ("年度", False, False),
        ("104年", False, False),
        ("萬用卡", False, False),
        ("元/萬用卡", False, False),
        ("", False, False),
    ],
)
def test_a_text_in_brackets_may_be_a_unit(text: str, is_unit: bool, is_unit_inside: bool) -> None:
    assert is_unit_text(text) is is_unit
    assert is_unit_text(text, is_inside=True) is is_unit_inside


@pytest.mark.parametrize(
    ("text", "scale", "factor"),
    [
        ("千萬元", "千萬", 10**7),
        ("百億", "百億", 10**10),
        ("萬億", "萬", 10**4),
        ("十", "十", 10),
        ("元", "", 1),
    ],
)
def test_a_scale_in_chinese(text: str, scale: str, factor: int) -> None:
    assert leading_scale(text) == scale
    assert scale_of(scale) == factor
    with pytest.raises(KeyError):
        scale_of("元")


def test_measures_are_multiplied_and_divided() -> None:
    yuan, people = unit("千元").measure, unit("百人").measure
    assert yuan.per(people) == Measure((("人", -1), ("元", 1)), Fraction(10))
    assert yuan.times(people) == Measure((("人", 1), ("元", 1)), Fraction(100000))
    assert yuan.per(yuan) == Measure()
    assert people.times(people).bases == "人·人"
    assert Measure().per(people.times(people)).bases == "1/人/人"
