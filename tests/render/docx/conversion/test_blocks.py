"""Paragraphs: spacing, indents, styles, lists, borders, pictures."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from reportgen.render.verify.output_text import word_text
from tests.readers.word_xml import Word

if TYPE_CHECKING:
    from pathlib import Path

SPACES = {  # css, html, (before, after) of each paragraph in twips
    "the larger margin counts": (
        "p{margin:6pt 0 10pt}",
        "<p>a<p>b",
        [("120", "200"), (None, "200")],
    ),
    "the next one's margin is larger": (
        "p{margin:10pt 0 6pt}",
        "<p>a<p>b",
        [("200", None), ("200", "120")],
    ),
    "a wrapper's margin collapses": (
        "div{margin:20pt 0}",
        "<p>a<div><p>b</div><p>c",
        [(None, None), ("400", None), ("400", None)],
    ),
    "a wrapper's padding adds up": (
        "div{padding-top:5pt}p{margin-top:10pt}",
        "<p>a<div><p>b</div>",
        [("200", None), ("300", None)],
    ),
    "an empty block with a height": (
        "div{height:30pt}",
        "<p>a<div></div><p>b",
        [(None, None), ("600", None)],
    ),
    "a negative margin takes away": (
        "p{margin:10pt 0}.up{margin-top:-4pt}",
        "<p>a<p class=up>b",
        [("200", None), ("120", "200")],
    ),
}


@pytest.mark.parametrize(("css", "html", "spaces"), SPACES.values(), ids=SPACES.keys())
def test_space(css: str, html: str, spaces: list[tuple[str | None, str | None]]) -> None:
    paragraphs = Word(html, css).root().findall("w:body/w:p", {"w": W})
    assert [(_space(p, "before"), _space(p, "after")) for p in paragraphs] == spaces


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _space(paragraph: object, which: str) -> str | None:
    spacing = paragraph.find("{%s}pPr/{%s}spacing" % (W, W))  # type: ignore[attr-defined]  # noqa: UP031
    return None if spacing is None else spacing.get(f"{{{W}}}{which}")


LOOKS = {
    "centred": ("text-align:center", '<jc val="center"/>'),
    "right": ("text-align:right", '<jc val="right"/>'),
    "justified": ("text-align:justify", '<jc val="both"/>'),
    "indents": ("margin:0 10pt 0 5pt;padding-left:2pt", '<ind left="140" right="200"/>'),
    "first line": ("text-indent:2em;font-size:14pt", '<ind firstLine="560"/>'),
    "hanging": ("text-indent:-10pt;padding-left:10pt", '<ind left="200" hanging="200"/>'),
    "line spacing": (
        "font-size:14pt;line-height:1.4",
        '<spacing line="392" lineRule="atLeast"/>',
    ),
    "keep with next": ("break-after:avoid", "<keepNext/>"),
    "keep lines": ("break-inside:avoid", "<keepLines/>"),
    "single lines": ("orphans:1;widows:1", '<widowControl val="0"/>'),
    "width": ("width:100pt;margin-left:auto", '<ind left="7638"/>'),
    "shading": (
        "background:#e9edf3;padding:3pt",
        '<shd val="clear" color="auto" fill="E9EDF3"/>',
    ),
    "border": (
        "border-bottom:1.5pt dashed #f00;padding-bottom:2pt",
        '<bottom val="dashed" sz="12" space="2" color="FF0000"/><right val="nil"/></pBdr>',
    ),
}


@pytest.mark.parametrize(("css", "properties"), LOOKS.values(), ids=LOOKS.keys())
def test_look(css: str, properties: str) -> None:
    word = Word(f"<p style='{css}'>a")
    assert properties in word.parts["word/document.xml"].decode().replace("w:", "")
    assert word.problems == ()


def test_headings_are_real_and_look_as_most_of_them() -> None:
    word = Word("<h1 style='font-size:40pt'>a</h1><h1>b</h1><h1>c</h1><h2>d</h2>", "h1{color:red}")
    assert word.val("//w:pStyle") == ["Heading1", "Heading1", "Heading1", "Heading2"]
    heading = "//w:style[@w:styleId='Heading1']"
    assert word.val(f"{heading}/w:name", "word/styles.xml") == ["heading 1"]
    assert word.val(f"{heading}/w:pPr/w:outlineLvl", "word/styles.xml") == ["0"]
    assert word.val(f"{heading}/w:rPr/w:color", "word/styles.xml") == ["FF0000"]
    assert word.find(f"{heading}/w:pPr/w:keepNext", "word/styles.xml") == ["keepNext"]
    assert word.find("//w:p[2]//w:rPr") == []
    assert word.val("//w:p[1]/w:r/w:rPr/w:sz") == ["80"]


def test_named_styles() -> None:
    word = Word(
        "<div><p>a<p>b<p style='text-align:center'>c</div><h1>d</h1><h1 class=t>e</h1><p>f",
        "div{--word-style:'計分卡內文';font-size:15pt}.t{--word-style:標題頁}",
    )
    assert word.val("//w:pStyle") == ["計分卡內文"] * 3 + ["Heading1", "標題頁"]
    assert word.find("//w:p[position()<3]//w:rPr | //w:p[position()<3]//w:jc") == []
    assert word.val("//w:p[3]/w:pPr/w:jc") == ["center"]
    style = "//w:style[w:name/@w:val='{}']"
    assert word.val(f"{style.format('計分卡內文')}/w:rPr/w:sz", "word/styles.xml") == ["30"]
    assert word.val(f"{style.format('標題頁')}/w:basedOn", "word/styles.xml") == ["Heading1"]


def test_names_that_are_taken() -> None:
    names = ("Header", "heading 1", "a b", "ab", "Normal")
    word = Word("".join(f"<p style='--word-style:\"{name}\"'>x" for name in names) + "<h1>y")
    chosen = ["Header2", "heading12", "ab", "ab2", "Heading1"]
    assert word.val("//w:pStyle") == chosen


def test_page_breaks() -> None:
    word = Word(
        "<section><p>a</section><section><h1>b</h1><table><tr><td>c</table></section>"
        "<section><table><tr><td>d</table></section>",
        "section{break-before:page}",
    )
    breaks = word.find("//w:p[w:pPr/w:pageBreakBefore]//w:t/text()")
    assert breaks == ["b"]
    assert word.find("count(//w:pageBreakBefore)") == ["2.0"]
    tiny = "//w:body/w:p[w:pPr/w:spacing/@w:lineRule='exact']"
    assert word.find(f"{tiny}/w:pPr/w:spacing/@w:line") == ["20", "20"]
    assert len(word.layout.document.pages) == 3


def test_break_after() -> None:
    word = Word("<p style='break-after:page'>a<p>b<p>c")
    assert word.find("//w:p[w:pPr/w:pageBreakBefore]//w:t/text()") == ["b"]


def test_blocks_kept_together() -> None:
    word = Word("<div><p>a<p>b</div><p>c", "div{break-inside:avoid}")
    assert word.find("//w:p[w:pPr/w:keepNext]//w:t/text()") == ["a"]
    assert word.find("//w:p[w:pPr/w:keepLines]//w:t/text()") == ["a", "b"]


LISTS = {
    "decimal": ("ol", "decimal", ("decimal", "%1.")),
    "letters": ("ol", "upper-alpha", ("upperLetter", "%1.")),
    "heavenly stems": ("ol", "cjk-heavenly-stem", ("ideographTraditional", "%1、")),
    "bullets": ("ul", "disc", ("bullet", "•")),
}


@pytest.mark.parametrize(("tag", "type_", "level"), LISTS.values(), ids=LISTS.keys())
def test_lists(tag: str, type_: str, level: tuple[str, str]) -> None:
    word = Word(f"<{tag}><li>a<li>b</{tag}>", f"{tag}{{list-style-type:{type_}}}")
    assert word.val("//w:numPr/w:numId") == ["1", "1"]
    assert word.val("//w:lvl/w:numFmt", "word/numbering.xml") == [level[0]]
    assert word.val("//w:lvl/w:lvlText", "word/numbering.xml") == [level[1]]
    assert word.text == "a\nb"
    assert word.problems == ()


def test_every_list_begins_anew_and_nested_ones_go_deeper() -> None:
    word = Word("<ol><li>a<ol><li>b</ol></ol><ol><li>c</ol>")
    assert word.val("//w:numPr/w:numId") == ["1", "2", "3"]
    assert word.val("//w:numPr/w:ilvl") == ["0", "1", "0"]
    assert word.val("//w:num/w:abstractNumId", "word/numbering.xml") == ["0", "1", "0"]
    assert word.val("//w:startOverride", "word/numbering.xml") == ["1", "1", "1"]


def test_a_line_of_colour() -> None:
    word = Word("<hr>", "hr{border:0;height:3pt;background:#f00}")
    assert word.find("//w:pBdr/w:bottom/@w:sz") == ["24"]
    assert word.find("//w:pBdr/w:bottom/@w:color") == ["FF0000"]


def test_a_line_across_the_page() -> None:
    word = Word("<p>a<hr><p>b", "hr{border:0;border-top:1pt solid #888;margin:5pt 0}")
    assert word.find("//w:p[2]/w:pPr/w:pBdr/w:bottom/@w:color") == ["888888"]
    assert word.problems == ()


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>{}</svg>"
DRAWING = SVG.format("<rect width='20' height='20' fill='red'/>")


def test_a_picture_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    image = "<img src=a.png alt='校徽 &amp; 字' style='width:30pt;height:20pt'>"
    word = Word(f"<p>{image}{image}", folder=tmp_path)
    assert word.find("//wp:docPr/@descr") == ["校徽 & 字"] * 2
    assert word.find("//wp:docPr/@id") == ["1", "2"]
    assert word.find("//wp:extent/@cx") == ["381000"] * 2
    assert [name for name in word.parts if "media" in name] == ["word/media/image1.png"]


DRAWINGS = {
    "as an image": f'<img alt="趨勢" src="data:image/svg+xml,{DRAWING}">',
    "in place": DRAWING.replace("<svg", "<svg aria-label='趨勢'"),
    "with a title": DRAWING.replace("<rect", "<title>趨勢</title><rect"),
}


@pytest.mark.parametrize("html", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_a_drawing_has_pixels_beside_it(html: str) -> None:
    from io import BytesIO

    from PIL import Image

    word = Word(f"<p>{html}")
    assert word.find("//asvg:svgBlip") == ["svgBlip"]
    assert word.find("//wp:docPr/@descr") == ["趨勢"]
    assert word.problems == ()
    pixels = Image.open(BytesIO(word.parts["word/media/image1.png"]))
    assert pixels.size == (90, 45)
    assert pixels.getpixel((20, 20)) == (255, 0, 0, 255)
    assert pixels.getchannel("A").getpixel((70, 20)) == 0  # the colour of a cell behind it is seen


def test_the_pixels_of_a_drawing_fill_it_to_its_edges() -> None:
    from io import BytesIO

    from PIL import Image

    full = SVG.format("<rect width='40' height='20' fill='red'/>")
    word = Word(f"<p>{full}")
    pixels = Image.open(BytesIO(word.parts["word/media/image1.png"])).convert("RGB")
    assert pixels.getcolors() == [(90 * 45, (255, 0, 0))]


def test_a_picture_in_an_unknown_format_is_a_problem() -> None:
    webp = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
    word = Word(f"<p>a<img src='data:image/webp;base64,{webp}'>")
    assert [code for code, _ in word.found] == ["E403"]
    assert word.text == "a"


def test_the_navigation_pane_shows_the_bookmarks_of_the_pdf() -> None:
    word = Word(
        "<section><h1 data-bookmark='封面'>甲</h1></section>"
        "<section><h1 data-bookmark='乙 一'>乙</h1></section>"
        "<section class=continued><h1 data-bookmark='乙 一'>乙</h1></section>"
        "<h2>丙</h2><p class=band>丁</p><h1 data-bookmark='戊'> 戊 </h1>",
        "h1,h2{color:red}h1{bookmark-label:attr(data-bookmark)}.continued h1{bookmark-level:none}"
        ".band{bookmark-level:2;bookmark-label:content(text)}h2{bookmark-level:1}",
    )
    assert word.val("//w:pStyle") == [
        *("導覽標題", "頁標題", "導覽標題", "頁標題", "頁標題"),
        *("Heading1", "Heading2", "Heading1"),
    ]
    outlined = "//w:p[w:pPr/w:pStyle/@w:val != '頁標題']//w:t/text()"
    assert word.find(outlined) == ["封面", "乙 一", "丙", "丁", "戊"]
    heading = "//w:style[@w:styleId='{}']"
    assert word.val(f"{heading.format('導覽標題')}/w:basedOn", "word/styles.xml") == ["Heading1"]
    assert word.val(f"{heading.format('Heading1')}//w:color", "word/styles.xml") == ["FF0000"]
    assert word.val(f"{heading.format('頁標題')}//w:outlineLvl", "word/styles.xml") == []
    assert word_text(word.bytes) == "甲乙乙丙丁戊"
