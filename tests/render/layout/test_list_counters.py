"""Lists: Taiwan's numerals, and where they start."""

from __future__ import annotations

import pytest

from reportgen.render.docx.conversion.numbering import marker_number
from reportgen.render.layout.list_counters import numeral
from tests.readers.word_xml import Word

NUMERALS = {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九"}
FORMAL = {1: "壹", 10: "壹拾", 11: "壹拾壹", 20: "貳拾", 99: "玖拾玖"}


def test_numerals() -> None:
    assert {number: numeral("trad-chinese-informal", number) for number in NUMERALS} == NUMERALS
    assert {number: numeral("trad-chinese-formal", number) for number in FORMAL} == FORMAL


LISTS = {  # HTML, and of each of Word's numbers: its format, its text, where it starts
    "Chinese numerals": (
        "<ol style='list-style-type:trad-chinese-informal' start=9><li>a<li>b<li>c</ol>",
        [("taiwaneseCountingThousand", "%1、", "9")],
    ),
    "a value in between": (
        "<ol start=3><li>a<li value=9>b<li>c</ol>",
        [("decimal", "%1.", "3"), ("decimal", "%1.", "9")],
    ),
    "letters, as far as they go": (
        "<ol style='list-style-type:upper-alpha' start=26><li>a<li>b</ol>",
        [("upperLetter", "%1.", "26"), ("bullet", "AA.", "1")],
    ),
    "bullets": ("<ul><li>a<li>b</ul>", [("bullet", "•", "1")]),
    "a list in a list": (
        "<ol><li>a<ol><li>b</ol><li>c</ol>",
        [("decimal", "%1.", "1"), ("decimal", "%2.", "1")],
    ),
}


@pytest.mark.parametrize(("html", "numbers"), LISTS.values(), ids=LISTS.keys())
def test_word_counts_as_the_pdf_does(html: str, numbers: list[tuple[str, str, str]]) -> None:
    word = Word(html)
    part = "word/numbering.xml"
    found = []
    for number in word.find("//w:num/w:abstractNumId/@w:val", part):
        level = f"//w:abstractNum[@w:abstractNumId='{number}']/w:lvl"
        found.append((*word.val(f"{level}/w:numFmt", part), *word.val(f"{level}/w:lvlText", part)))
    starts = word.val("//w:startOverride", part)
    assert [(*pair, start) for pair, start in zip(found, starts, strict=True)] == numbers


@pytest.mark.parametrize(
    ("style", "text"),
    [("decimal", "12"), ("lower-roman", "xii"), ("trad-chinese-informal", "十二")],
)
def test_numbers_that_word_prints(style: str, text: str) -> None:
    assert marker_number(style, text, 1) == 12
    assert marker_number(style, "?", 1) is None
