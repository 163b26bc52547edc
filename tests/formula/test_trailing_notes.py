"""Notes behind an expression that state its unit."""

from __future__ import annotations

import pytest

from reportgen.formula.trailing_notes import (
    Note,
    bare_unit,
    demanded_components,
    says_direct_entry,
    stated_places,
    stated_unit,
)
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


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(
            (f"{before}單位{sign}件", "件")
            for before in ("", "計量", "衡量")
            for sign in "：:∶為是"
        ),
        ("單位：千元\n/人", "千元/人"),
        ("單位：", ""),
        ("單位", None),
        ("單位件", None),
        ("計單位：件", None),
        ("各單位：件", None),
    ],
)
def test_a_unit_is_stated(text: str, unit: str | None) -> None:
    assert stated_unit(Note(text, (0, 0))) == unit


@pytest.mark.parametrize(
    ("note", "unit", "per"),
    [
        *((f"{word}表示", word, 100) for word in ("百分比", "百分率", "%")),
        *((f"以{word}表示", word, 1000) for word in ("千分比", "‰")),
        *((f"以百分比{verb}", "百分比", 100) for verb in ("呈現", "計", "計算", "列示")),
        ("％表示", "%", 100),
        ("0/0", "%", 100),
        ("0/00", "‰", 1000),
        ("o/oo", "‰", 1000),
        ("件／十萬人", "件/十萬人", 1),
    ],
)
def test_a_bracket_may_be_a_unit(note: str, unit: str, per: int) -> None:
    found = bare_unit(Note(note, (0, 0)))
    assert found is not None
    assert (found.text, found.per) == (unit, per)


@pytest.mark.parametrize("note", ["以百分比", "萬分比表示", "以‱表示", "年底", "1/0"])
def test_other_brackets_are_none(note: str) -> None:
    assert bare_unit(Note(note, (0, 0))) is None


def test_components_are_demanded_in_these_words() -> None:
    for before in ("以上", "上述", "上列", "前述", "前列", ""):
        for each in ("各數", "各項數", "各數據", "各數額", "各數值", "各項", "各金額"):
            for verb in ("含", "均含", "皆包含", "都包括", "全含括", "含有", "均包含有："):
                text = f"{before}{each}{verb}甲、乙"
                assert demanded_components(Note(text, (0, 0))) == ("甲", "乙"), text


@pytest.mark.parametrize(
    ("members", "components"),
    [
        ("甲,乙;丙", "甲 乙 丙"),
        ("甲，乙；丙及丁", "甲 乙 丙 丁"),
        *((f"甲、乙{word}丙。", "甲 乙 丙") for word in ("以及", "及", "與", "和", "暨")),
        *((f"甲、{word}乙", "甲 乙") for word in ("以及", "及", "與", "暨")),
        ("甲與乙等2項", "甲 乙"),
        ("甲、乙等", "甲 乙"),
        ("甲和乙等十二項.", "甲 乙"),
        ("甲、和解金", "甲 和解金"),  # 和 is of the name
        ("賠償與補償、罰款及其他", "賠償與補償 罰款 其他"),
        ("甲及乙及甲", "甲 乙"),
    ],
)
def test_the_list_of_components(members: str, components: str) -> None:
    found = demanded_components(Note(f"以上各數均含{members}", (0, 0)))
    assert " ".join(found) == components


@pytest.mark.parametrize("text", ["以上各數均含", "各數：甲", "以上各單位均含甲"])
def test_other_notes_demand_no_components(text: str) -> None:
    assert demanded_components(Note(text, (0, 0))) == ()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("四捨五入至小數點第2位", 2),
        ("到小數第1位", 1),
        ("取小數點後第2位", 2),
        ("計算至小數點以下第3位", 3),
        ("算至小數位之後2位", 2),
        ("至2位小數", 2),
        ("二位小數", 2),
        *((f"至小數後第{word}位", place) for place, word in enumerate("一二三四五六七八九十", 1)),
        ("至小數第９位", 9),
        # the place that is rounded away
        ("第3位四捨五入", 2),
        ("第三位採四捨五入", 2),
        ("第1位數予以四捨五入", 0),
        ("第2位以四捨五入", 1),
        ("小數點第2位四捨五入", 1),
        ("計算至小數點第2位，第3位四捨五入", 2),
        *((f"四捨五入{word}", 0) for word in ("至整數", "到個位", "取整數", "整數", "至個位")),
        ("小數點以下四捨五入", 0),
        ("小數後四捨五入", 0),
        # more than are ever printed
        ("四捨五入至小數點第12位", 10),
        ("第12位四捨五入", 10),
        # nothing about places
        ("小數四捨五入", None),
        ("取整數", None),
        ("四捨五入", None),
        ("年底", None),
    ],
)
def test_decimal_places_are_stated(text: str, places: int | None) -> None:
    assert stated_places(Note(text, (0, 0))) == places


@pytest.mark.parametrize(
    ("text", "is_direct"),
    [
        *((f"直接{verb}", True) for verb in ("填報", "填列", "填寫")),
        *(("數值直接填報", True), ("直接填寫。", True), ("直接填報.", True), ("直 接填列", True)),
        *(("填報", False), ("不直接填報", False), ("直接填報單位", False)),
    ],
)
def test_direct_entry_is_said(text: str, is_direct: bool) -> None:
    assert says_direct_entry(Note(text, (0, 0))) is is_direct
