"""Lines break between phrases; not a letter is changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration

from reportgen.render.layout.laid_out_document import walk
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.templates.phrase_segmentation import (
    phrases,
    split_phrases,
    word_interiors,
)
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every name and formula of the agency's original edition of 105-12-25.
NOTES = "(以上各數均含本年度原預算、併決算及以前年度保留數)\n(單位: %)"
ORIGINAL = (
    "建立教育研習支持體系，\n引領教師專業成長，延續教育實踐智慧。",
    "增進教師多元研習",
    "擴大教育專家的協助",
    "充實教師專業成長",
    "加強基金預算運用效能",
    "增加各類創新研習班後之類別數",
    "每年增加創新研習班後之研習類別總數\n(單位：類別數)",
    "每年新建立合作或諮詢關係之專家學者資料庫人數",
    "每年新建立合作或諮詢關係之專家學者資料庫人數\n(單位：人)",
    "當年度新增教師聯誼多元體驗活動場次\n(單位：場次)",
    "鼓勵教師從事研究發表之成果件數",
    "當年度教師研究成果上傳中心公開網站平臺件數\n(單位：件)",
    "每年辦理國際講座、研討會或國際交流之次數",
    "當年度辦理國際講座、研討會或國際交流次數\n(單位：次數)",
    "學校申請參與優質學校評選之獲獎比率",
    "當年度優質學校獲獎校數/當年度優質學校申請校數*100%。\n(單位：%)",
    "每年辦理所屬員工專業知能研習類別數",
    "每年提供中心所屬員工專業成長研習之類別數\n(單位：類別數)",
    "資本門預算執行率符合市府規定",
    f"(資本門實支數+資本門應付未付數+資本門賸餘數)/(資本門預算數)×100%\n{NOTES}",
    "整體預算執行率",
    f"(預算實支數+應付未付數+賸餘數)/預算數×100%\n{NOTES}",
)
FORMULA = "甲乙丙預算數實支+＋-－*＊×÷/／、，；。()（）%：100.5 abc<>&\"'"


def text_of(markup: Markup) -> str:
    """What a reader sees of it."""
    return Markup(re.sub(r'<span class="phrase">|</span>', "", str(markup))).unescape()


def kept_whole(markup: Markup) -> list[str]:
    return [
        Markup(each).unescape() for each in re.findall(r'<span class="phrase">(.*?)</span>', markup)
    ]


@given(st.one_of(st.text(max_size=60), st.text(FORMULA + "\n", max_size=60)))
def test_not_a_letter_is_changed(text: str) -> None:
    assert text_of(phrases(text)) == text


@given(st.one_of(st.text(max_size=60), st.text(FORMULA, max_size=60)), st.integers(1, 12))
def test_phrases_joined_are_the_line(text: str, whole: int) -> None:
    found = split_phrases(text, whole)
    assert "".join(found) == text
    assert all(found)


@given(st.text(FORMULA, max_size=80), st.integers(2, 14))
def test_no_phrase_beyond_the_limit_is_kept_whole(text: str, longest: int) -> None:
    assert all(1 < len(each.strip()) <= longest for each in kept_whole(phrases(text, longest)))


@pytest.mark.parametrize("text", ORIGINAL)
def test_original(text: str) -> None:
    assert text_of(phrases(text)) == text


def test_markup_is_escaped() -> None:
    assert phrases('<b>&"') == Markup('<span class="phrase">&lt;b&gt;&amp;&#34;</span>')
    assert phrases("<") == Markup("&lt;")


def test_text_that_is_long_stays_breakable() -> None:
    text = "x" * 40
    assert phrases(text) == Markup(text)


def test_one_character_is_no_phrase() -> None:
    assert phrases("甲") == Markup("甲")
    assert phrases("") == Markup("")


def test_line_breaks_are_kept() -> None:
    assert str(phrases("甲乙\n\n丙丁")) == (
        '<span class="phrase">甲乙</span>\n\n<span class="phrase">丙丁</span>'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "(預算實支數+應付未付數+賸餘數)/預算數×100%",
            "(預算實支數|+應付未付數|+賸餘數)/|預算數|×100%",
        ),
        ("獲獎校數/申請校數*100%。", "獲獎校數/|申請校數|*100%。"),
        ("國際講座、研討會", "國際講座、|研討會"),
        ("A1 甲乙", "A1 |甲乙"),
        ("較 104 年的 16 類增加，達成", "較 |104 年的 |16 類增加，|達成"),
        ("AC1.1 類別數 1,850 元", "AC1.1 |類別數 |1,850 元"),
        ("自主學習．多元展能", "自主學習．|多元展能"),
        ("專業‧創新・卓越·領先•新", "專業‧|創新・|卓越·|領先•|新"),
        ("增進教師多元研習", "增進教師多元研習"),
        ("鼓勵教師從事研究發表之成果件數", "鼓勵|教師|從事|研究|發表之|成果|件數"),
        ("(單位：公斤/萬人)", "(單位：|公斤/萬人)"),
        ("清除量(單位：公噸/平方公里，年)", "清除量|(單位：|公噸/平方公里|，|年)"),
    ],
)
def test_where_a_line_may_break(text: str, expected: str) -> None:
    assert "|".join(split_phrases(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("因海上意外事故死亡或失蹤人數", "因海上|意外|事故|死亡或|失蹤|人數"),
        ("基本能力及格率提升之學生數", "基本|能力|及格率|提升之|學生數"),
        ("前一年度場地收入", "前一年度|場地|收入"),
        ("活動線上報名人數", "活動|線上|報名|人數"),
        ("每年新建立合作關係", "每年新|建立|合作|關係"),
        ("每萬人參與人次", "每萬人|參與|人次"),
        ("工作坊報名人次", "工作坊|報名|人次"),
    ],
)
def test_no_word_is_torn(text: str, expected: str) -> None:
    assert "|".join(split_phrases(text, 6)) == expected


def test_words_stay_whole_in_a_phrase_that_is_too_long() -> None:
    assert kept_whole(phrases("設立國民小學附設幼兒園", 4)) == [
        "設立",
        "國民小學",
        "附設",
        "幼兒園",
    ]
    assert kept_whole(phrases("國民小學", 3)) == []


@pytest.mark.parametrize(
    ("phrase", "torn"),
    [
        ("設立國民小學", "立民小學"),
        ("執行率", "行率"),
        ("賸餘數)/", "餘數)/"),
        ("資源。", "源。"),
        ("及格率提升", "格率升"),
    ],
)
def test_where_a_line_would_begin_within_a_word(phrase: str, torn: str) -> None:
    """A letter that is no word belongs to the word before it, whatever marks follow it."""
    places = word_interiors(phrase, [range(1, len(phrase))])
    assert "".join(phrase[place] for place in places) == torn


def lines(texts: Iterable[str], width: int) -> list[tuple[str, float, float]]:
    """Each line as laid out in boxes of so many CSS pixels: its text, its width, its room."""
    body = "".join(f"<p>{phrases(text)}</p>" for text in texts)
    css = f"p {{ width: {width}px; font: 20px serif; white-space: pre-line }}"
    html = f"<style>{css} .phrase {{ white-space: nowrap }} @page {{ size: 800px 4000px }}</style>"
    fetcher = TemplateFetcher(Path(__file__).parent)
    layout = lay_out(html + body, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=FontConfiguration())
    return [
        (
            "".join(each.text for each in walk(box) if isinstance(each, boxes.TextBox)),
            sum(child.margin_width() for child in box.children),
            width,
        )
        for page in layout.document.pages
        for box in walk(page._page_box)
        if isinstance(box, boxes.LineBox)
    ]


@pytest.mark.parametrize("width", [250, 272, 320, 430])
def test_no_line_of_the_original_overflows(width: int) -> None:
    laid = lines(ORIGINAL, width)
    assert len(laid) > len(ORIGINAL)
    assert [text for text, taken, room in laid if taken > room + 0.01] == []
    assert "".join("".join(text.split()) for text, _, _ in laid) == (
        "".join("".join(text.split()) for text in ORIGINAL)
    )


def test_no_phrase_of_the_original_is_torn() -> None:
    laid = [text.strip() for text, _, _ in lines(ORIGINAL, 272)]
    for text in ORIGINAL:
        for phrase in kept_whole(phrases(text)):
            assert any(phrase.strip() in line for line in laid), phrase
