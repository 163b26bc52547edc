"""HTML that is written out in full is parsed as the usual parser does; all else is left to it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
import tinyhtml5
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.pipeline import Settings
from reportgen.pipeline.rollup_document import render_rollup
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.layout import layout_engine, section_layout
from reportgen.render.weasyprint_patches import html_parser
from reportgen.rollup import roll_up
from tests.conftest import ROOT, build_edition
from tests.factories.rollups import city

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.layout_engine import LayoutEngine

HEAD = '<!DOCTYPE html>\n<html lang="zh-TW"><head><meta charset="utf-8"><title>甲</title></head>\n'


class AskedError(Exception):
    """The usual parser was asked."""


def by_usual(html: str) -> Element:
    root: Element = tinyhtml5.parser.HTMLParser(namespace_html_elements=False).parse(html)
    return root


class _Refusing:
    """tinyhtml5, but that its own parser refuses a whole document."""

    parser, constants = tinyhtml5.parser, tinyhtml5.constants

    @staticmethod
    def parse(document: object, namespace_html_elements: bool, **named: object) -> None:
        raise AskedError


OURS = html_parser.parse(_Refusing)


def told(root: Element) -> list[object]:
    """All of a tree, with the order of attributes."""
    return [
        (each.tag, each.text, each.tail, [*each.attrib.items()], len(each)) for each in root.iter()
    ]


def alike(html: str) -> bool:
    """Whether ours reads it at all; then it is as the usual parser reads it."""
    try:
        root = OURS(StringIO(html), namespace_html_elements=False)
    except AskedError:
        return False
    assert told(root) == told(by_usual(html))
    return True


def page(body: str) -> str:
    return f"{HEAD}<body>{body}</body></html>\n"


# --- what is written out in full --------------------------------------------------------------

CHARACTERS = st.text(st.sampled_from("甲乙ab \n\t&<>\"'　\xa0é"), max_size=6)


def escaped(text: str) -> str:
    pairs = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "\xa0": "&nbsp;"}
    return "".join(pairs.get(each, each) for each in text)


NAMES = ("class", "id", "data-cell", "lang", "Title", "xml:lang", "viewBox", "xlink:href", "xmlns")
ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES), CHARACTERS, max_size=3).map(
    lambda given: "".join(f' {name}="{escaped(text)}"' for name, text in given.items())
)
SPACE = st.text(st.sampled_from(" \n\t"), max_size=2)


def element(names: tuple[str, ...], content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, given, inside: f"<{name}{given}>{inside}</{name}>",
        st.sampled_from(names),
        ATTRIBUTES,
        content,
    )


def several(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(parts), max_size=4).map("".join)


TEXT = CHARACTERS.map(escaped)
VOID = st.sampled_from(["<br>", "<br />", '<img src="a.png">', "<wbr>"])
SVG = element(
    ("svg",),
    several(
        st.sampled_from(['<rect width="1"/>', "<path d='' />".replace("'", '"'), "<g></g>"]),
        element(("g", "text", "title", "desc"), TEXT),
        TEXT,
    ),
)
LINE = several(
    TEXT, VOID, element(("span", "small", "q"), TEXT), element(("b", "u", "a"), TEXT), SVG
)
PHRASE = several(TEXT, VOID, LINE, element(("span", "sub", "time"), LINE))


def tabled(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    row = element(("tr",), several(element(("td", "th"), content), SPACE))
    group = element(("tbody", "thead", "tfoot"), several(row, SPACE))
    columns = element(("colgroup",), several(st.sampled_from(["<col>", '<col span="2">']), SPACE))
    return element(
        ("table",), several(columns, group, SPACE, element(("caption",), PHRASE)).map(str)
    )


FLOW = st.recursive(
    several(TEXT, element(("p", "h1", "h2"), PHRASE), LINE),
    lambda inside: several(
        inside,
        element(("div", "section", "blockquote"), inside),
        tabled(inside),
        element(("ul", "ol"), several(element(("li",), inside), SPACE)),
        element(("dl",), several(element(("dt", "dd"), inside))),
        element(("b", "i"), element(("span",), TEXT)),
        st.just("<hr>"),
    ),
    max_leaves=8,
)


@given(FLOW)
@example("<p>甲</p>\n<table><tbody><tr><td>乙</td></tr></tbody></table>")
@example("<b><table><tbody><tr><td>乙<i>丙</i></td></tr></tbody></table>丁</b>戊")
@example("&amp;&lt;&gt;&quot;&#34;&#39;&nbsp;")
@example("")
def test_what_is_written_out_in_full_is_read(body: str) -> None:
    assert alike(page(body))


# --- whatever is not ---------------------------------------------------------------------------

ODD = (
    *("<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<a>", "</a>", "<i>", "</i>", "<span>"),
    *("</span>", "<table>", "</table>", "<tbody>", "</tbody>", "<tr>", "</tr>", "<td>", "</td>"),
    *("<th>", "<caption>", "</caption>", "<colgroup>", "<col>", "</colgroup>", "<li>", "</li>"),
    *("<ul>", "</ul>", "<dl>", "<dd>", "</dl>", "<h1>", "</h1>", "<h2>", "</h2>", "<br>", "</br>"),
    *("<hr>", "<svg>", "</svg>", "<g>", "</g>", "<rect/>", "<title>", "</title>", "<div/>"),
    *("<style>", "</style>", "<script>", "</script>", "<!--", "-->", "<select>", "<option>"),
    *(
        "<button>",
        "</button>",
        "<form>",
        "</form>",
        "<pre>",
        "\n",
        "</pre>",
        "<textarea>",
        "<nobr>",
    ),
    *(
        "甲",
        " ",
        "\t",
        "&amp;",
        "&",
        "&copy;",
        "&#x7532;",
        "&lt",
        "<",
        ">",
        "\r",
        "\0",
        '"',
        "<p/>",
    ),
    *('<p class="a">', "<p class=a>", '<p class="a" CLASS="b">', "<p class>", "<p class='a'>"),
    *("</body>", "</html>", "<body>", '<body class="a">', "<head>", "</head>", "<html>", "<math>"),
    *("<center>", "</center>", "<font>", "</font>", "<image>", "<ruby>", "<rt>", "<template>"),
    *("<P>", "</P>", "<foreignObject>", "<desc>", "</desc>", "<noscript>", "<object>", "</object>"),
)


@given(st.lists(st.one_of(FLOW, st.sampled_from(ODD)), max_size=6).map("".join))
def test_whatever_it_is_it_is_read_alike(body: str) -> None:
    alike(page(body))


@given(FLOW, st.integers(0, 400), st.sampled_from(ODD))
def test_one_odd_thing_among_plain_ones_is_read_alike(body: str, place: int, odd: str) -> None:
    html = page(body)
    place = min(place, len(html))
    alike(f"{html[:place]}{odd}{html[place:]}")


@pytest.mark.parametrize(
    "html",
    [
        "<p>甲",
        "<!DOCTYPE html><title><body></title><p>甲</body></html>",
        "<!DOCTYPE html><!-- <body> --><p>甲</p></body></html>",
        "<!DOCTYPE html><style>a{}<body><p>甲</p></body></html>",
        "<!DOCTYPE html><p>甲</p><body><p>乙</p></body></html>",
        "<html><body><p>甲</p></body></html>",
        "<!DOCTYPE html><frameset><body><p>甲</p></body></html>",
        f"{HEAD}<body><p>甲</p></body></html>乙",
        f"{HEAD}<body><p>甲</p></body></html><!-- 乙 -->",
        f"{HEAD}<body><p>甲<table><tbody></tbody></table></p></body></html>",
        f"{HEAD}<body></div></body></html>",
        f"{HEAD}<body></body></body></html>",
    ],
)
def test_a_frame_that_is_not_plain_is_for_the_usual_parser(html: str) -> None:
    assert not alike(html)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>甲<h2>乙</h2></h1>",
        "<b>甲<b>乙</b></b>",
        "<a>甲<span><a>乙</a></span></a>",
        "<li>甲</li>",
        "<ul><div><li>甲</li></div></ul>",
        "<ul><dd>甲</dd></ul>",
        "<p>甲<b><div>乙</div></b></p>",
        "<p><ul><li>甲</li></ul></p>",
        "<p>甲<hr></p>",
        "<table><tbody>甲</tbody></table>",
        "<table><tr><td>甲</td></tr></table>",
        "<table><tbody><td>甲</td></tbody></table>",
        "<table><col></table>",
        "<table><tbody><tr><p>甲</p></tr></tbody></table>",
        "<div><td>甲</td></div>",
        "<td>甲</td>",
        '<p class="a" CLASS="b">甲</p>',
        "<p/>甲",
        "<p>甲</div>",
        "<p>甲</p></p>",
        "<b>甲<i>乙</b>丙</i>",
        "&copy;",
        "甲&乙",
        "<svg><p>甲</p></svg>",
        "<svg><title>甲<b>乙</b></title></svg>",
        "<svg><foreignObject>甲</foreignObject></svg>",
        "<rect/>",
        "<pre>\n甲</pre>",
        "<script>甲</script>",
        "<!-- 甲 -->",
        '<p class="<body">甲</p>',
        "<p>甲\r\n乙</p>",
        "<p>甲<",
    ],
)
def test_a_body_that_is_not_plain_is_for_the_usual_parser(body: str) -> None:
    assert not alike(page(body))


@pytest.mark.parametrize("document", ["scorecard", "results", "rollup"])
def test_the_programs_own_documents_are_plain(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    read: list[str] = []
    whole = html_parser._parse_document

    def quickly(html: str, *given: object) -> object:
        root = whole(html, *given)  # type: ignore[arg-type]
        read.append(html)
        return root

    def begin(html: str, **ground: object) -> LayoutEngine:
        begun.append(html)
        return layout_engine.prepare_layout(html, **ground)  # type: ignore[arg-type]

    monkeypatch.setattr(section_layout, "prepare_layout", begin)
    monkeypatch.setattr(html_parser, "_parse_document", quickly)
    if document == "rollup":
        settings = Settings(output=tmp_path, working_folder=ROOT, font_folders=font_folders())
        render_rollup(roll_up(city(3))[0], settings)
    else:
        build_edition(ROOT / "inputs/105-12-25.xlsx", tmp_path, documents=(document,))
    assert begun
    assert read == begun  # by WeasyPrint's own call
    assert all(map(alike, begun))


def test_other_documents_are_for_the_usual_parser() -> None:
    html = page("<p>甲</p>")
    for document, named in (
        (StringIO(html), {"namespace_html_elements": True}),
        (html.encode(), {"namespace_html_elements": False}),
        (html, {"namespace_html_elements": False, "likely_encoding": "utf-8"}),
    ):
        with pytest.raises(AskedError):
            OURS(document, **named)
    assert ElementTree.tostring(OURS(html, namespace_html_elements=False)) == ElementTree.tostring(
        by_usual(html)
    )
