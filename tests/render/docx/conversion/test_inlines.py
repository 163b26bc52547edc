"""Text in Word is the text of the page: white space, breaks, generated content."""

from __future__ import annotations

import pytest

from tests.readers.word_xml import Word

TEXTS = {
    "spaces collapse across tags": ("<p>a <b> b</b>  c </p>", "a b c"),
    "a break ends a line": ("<p>a <br> b</p>", "a\nb"),
    "a break at the end is no line": ("<p>a<br></p><p>b", "a\nb"),
    "lines of pre-line": ("<p style='white-space:pre-line'>\na\n  b  c\n</p>", "\na\nb c"),
    "pre keeps spaces and tabs": ("<pre style='margin:0'>a  b\tc</pre>", "a  b\tc"),
    "pre-wrap keeps spaces": ("<p style='white-space:pre-wrap'>a  b</p>", "a  b"),
    "a tab is a space elsewhere": ("<p>a\tb</p>", "a b"),
    "before and after": ("<p class=q>a</p>", "「a」"),
    "what is not displayed": ("<p>a<span style='display:none'>b</span></p>", "a"),
    "text-transform": ("<p style='text-transform:uppercase'>kpi</p>", "KPI"),
    "full width": ("<p>（單位：%）※ × ≥</p>", "（單位：%）※ × ≥"),
    "text beside blocks": ("<div>a<p>b</p>c</div>", "a\nb\nc"),
    "a block in a line": ("<span>a<div>b</div>c</span>", "a\nb\nc"),
    "quotes": ("<p><q>a</q></p>", "“a”"),
    "a word that may break": ("<p>a<wbr>b</p>", "a\u200bb"),
    "what XML cannot hold": ("<p>a\x01b\x0bc</p>", "abc"),
    "cells": ("<table><tr><td>a<td>b<tr><td>c</table>", "a\nb\nc"),
    "definitions": ("<dl><dt>a<dd>b</dl>", "a\nb"),
    "nothing": ("", ""),
    "a comment": ("<p>a<!-- b -->c</p>", "ac"),
}


@pytest.mark.parametrize(("html", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_text(html: str, text: str) -> None:
    word = Word(html, ".q::before{content:'「'}.q::after{content:'」'}")
    assert word.text == text
    assert word.problems == ()


def test_a_varied_document_keeps_its_text() -> None:
    html = (
        "<h1>臺北市教師研習中心 策略地圖</h1>"
        "<div class=t><div><p>【使命】<p>建立，\n延續。</div><div>愛、真理</div></div>"
        "<table><thead><tr><th colspan=2>KPI<br><small>(公式例：≥)</small></thead>"
        "<tr><td rowspan=2>AC1 <span style='white-space:nowrap'>增進</span>多元<td>x"
        "<tr><td>y<table><tr><td>內</table></table>"
        "<ul><li>一<li><p>二<p>三</ul><p>末<sup>2</sup>"
    )
    word = Word(html, ".t{display:table}.t div{display:table-cell}")
    shown = "".join(word.layout.root.find("body").itertext())  # type: ignore[union-attr]
    assert word.text.replace("\n", "").replace(" ", "") == "".join(shown.split())
    assert word.problems == ()


def test_runs_that_look_alike_are_one() -> None:
    word = Word("<p>增<span class=phrase>進教</span><b></b><span class=phrase>師</span>", NOWRAP)
    assert word.find("//w:r/w:t/text()") == ["增進教師"]
    assert word.problems == ()


NOWRAP = ".phrase { white-space: nowrap }"

HINTS = {
    "Latin has it": ("a × ≥ “b” … — ○ √", []),
    "Latin has it not": ("※注意 ①", ["※注意 ①"]),
    "both in a text": ("※甲 × ②", ["※甲 ", "②"]),
    "East-Asian anyway": ("（甲）、Ａ，。", []),
    "spaces do not need it": ("甲\u2003乙\u200b", []),
}


@pytest.mark.parametrize(("text", "hinted"), HINTS.values(), ids=HINTS.keys())
def test_hints(text: str, hinted: list[str]) -> None:
    word = Word(f"<p>{text}")
    assert word.find("//w:r[w:rPr/w:rFonts/@w:hint='eastAsia']/w:t/text()") == hinted
    assert word.text == text


FONTS = {
    "one of each": ("'Times New Roman','標楷體',serif", ("Times New Roman", "標楷體")),
    "the first of each": ("'Arial','Liberation Serif','DFKai-SB','標楷體'", ("Arial", "DFKai-SB")),
    "East-Asian first": (
        "'Microsoft JhengHei',Arial",
        ("Microsoft JhengHei", "Microsoft JhengHei"),
    ),
    "generic": ("monospace", ("Courier New", "標楷體")),
    "nothing Latin": ("'標楷體',serif", ("標楷體", "標楷體")),
}


@pytest.mark.parametrize(("families", "faces"), FONTS.values(), ids=FONTS.keys())
def test_faces(families: str, faces: tuple[str, str]) -> None:
    word = Word("<p>a", f"html{{font-family:{families}}}")
    fonts = "//w:docDefaults//w:rFonts"
    for slot, face in (("ascii", faces[0]), ("hAnsi", faces[0]), ("eastAsia", faces[1])):
        assert word.find(f"{fonts}/@w:{slot}", "word/styles.xml") == [face]
    assert set(word.find("//w:font/@w:name", "word/fontTable.xml")) == set(faces)


def test_the_font_table_knows_the_other_name() -> None:
    word = Word("<p>甲", "html{font-family:'Times New Roman','標楷體'}")
    assert word.val("//w:font[@w:name='標楷體']/w:altName", "word/fontTable.xml") == ["DFKai-SB"]


RUNS = {
    "strong": ("<strong>a</strong>", "<b/><bCs/>"),
    "em": ("<em>a</em>", "<i/><iCs/>"),
    "u": ("<u>a</u>", '<u val="single"/>'),
    "s": ("<s>a</s>", "<strike/>"),
    "sup": ("<sup>a</sup>", '<position val="11"/><sz val="21"/><szCs val="21"/>'),
    "sub": ("<sub>a</sub>", '<position val="-11"/><sz val="21"/><szCs val="21"/>'),
    "size": ("<span style='font-size:10.5pt'>a</span>", '<sz val="21"/><szCs val="21"/>'),
    "colour": ("<span style='color:#1b2a41'>a</span>", '<color val="1B2A41"/>'),
    "spacing": ("<span style='letter-spacing:2pt'>a</span>", '<spacing val="40"/>'),
    "shading": (
        "<span style='background:rgba(255,0,0,.5)'>a</span>",
        '<shd val="clear" color="auto" fill="FF8080"/>',
    ),
    "border": (
        "<span style='border:1pt solid'>a</span>",
        '<bdr val="single" sz="8" space="0" color="000000"/>',
    ),
    "raised": (
        "<span style='vertical-align:3pt'>a</span>",
        '<position val="6"/>',
    ),
    "a double underline": (
        "<span style='text-decoration:underline double'>a</span>",
        '<u val="double"/>',
    ),
}


@pytest.mark.parametrize(("html", "properties"), RUNS.values(), ids=RUNS.keys())
def test_runs(html: str, properties: str) -> None:
    word = Word(f"<p>{html}")
    written = word.parts["word/document.xml"].decode().replace("w:", "")
    assert f"<r><rPr>{properties}</rPr><t>a</t></r>" in written
    assert word.problems == ()


def test_a_border_and_a_background_go_around_all_that_is_in_them() -> None:
    style = ".s { border: 1pt solid; background: #ff0000 } .t { border: 2pt solid }"
    word = Word("<p><span class=s>a <b>b</b> <i class=t>c</i></span> d", style)
    for letter, width in (("a", ["8"]), ("b", ["8"]), ("c", ["16"]), ("d", [])):
        run = f"//w:r[w:t[contains(., '{letter}')]]/w:rPr"
        assert word.find(f"{run}/w:bdr/@w:sz") == width
        assert word.find(f"{run}/w:shd/@w:fill") == (["FF0000"] if width else [])
    assert word.problems == ()


def test_nothing_is_bold_unless_asked_for() -> None:
    word = Word("<h1>a</h1><table><tr><th>b</table>", "h1,th{font-weight:normal}")
    assert word.find("//w:b") == []
    assert word.find("//w:b", "word/styles.xml") == []


def test_links() -> None:
    word = Word(
        "<h1 id='第 一'>a</h1><p><a href='https://x.test/?a=1&amp;b'>b</a><a href='#第 一'>c</a>"
    )
    (name,) = word.find("//w:bookmarkStart/@w:name")
    assert word.find("//w:hyperlink/@w:anchor") == [name] == ["第_一"]
    assert (
        b'Target="https://x.test/?a=1&amp;b" TargetMode="External"'
        in word.parts["word/_rels/document.xml.rels"]
    )
