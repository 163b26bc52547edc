"""What Word has no counterpart for is named, with file and line, before and after rendering."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.render.docx import check_template, convert
from reportgen.render.docx.source.supported_css import (
    MARGIN_BOX_PROPERTIES,
    PAGE_PROPERTIES,
    PROPERTIES,
    TAGS,
)
from tests.readers.word_xml import PROPERTIES as OF_FILE
from tests.readers.word_xml import Word, laid_out

TEMPLATES = Path(__file__).parents[4] / "templates"

STYLES = {  # a stylesheet and what is found in it, by line
    "all is known": ("p { color: red; margin: 0 auto }\n@page { size: A4 }", []),
    "a property": ("p {\n  color: red;\n  transform: none;\n}", [(3, "transform: none")]),
    "a misspelt property": ("p { colour: red }", [(1, "colour: red")]),
    "a display": ("/* a\n b */\ndiv { display: flex }", [(3, "display: flex")]),
    "a display that Word has": ("div { display: table-cell }", []),
    "a float": ("img { float: left !important }", [(1, "float: left")]),
    "a picture behind": ("p { background: url(a.png) }", [(1, "background: url(a.png)")]),
    "for print alone": ("@media print { p { transform: rotate(3deg) } }", []),
    "for other media too": ("@media all {\n p { order: 1 } }", [(2, "order: 1")]),
    "a custom property": (":root { --ink: red; --word-style: '內文' }", []),
    "a variable": ("p { display: var(--x) }", []),
    "CSS-wide": ("p { display: inherit; position: initial }", []),
    "two in a line": ("p { order: 1; opacity: 0.5 }", [(1, "order: 1"), (1, "opacity: 0.5")]),
    "for screens": ("@media screen { p { zoom: 2 } }", []),
    "in a layer": ("@layer a { p { zoom: 2 } }", [(1, "zoom: 2")]),
    "a part of a line": ("p::first-line { color: red }", [(1, "::first-line")]),
    "markers": ("\nli::marker, p { color: red }", [(2, "::marker")]),
    "generated text": ("p::before { content: 'a' }", []),
    "left pages": ("@page :first {}\n@page :left { margin: 0 }", [(2, "@page :left")]),
}


@pytest.mark.parametrize(("css", "found"), STYLES.values(), ids=STYLES.keys())
def test_stylesheets(css: str, found: list[tuple[int, str]], tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text(css, "utf-8")
    problems = check_template(tmp_path)
    assert [(p.where.line, dict(p.fields)["found"]) for p in problems] == found
    assert {p.code for p in problems} <= {"E404"}
    assert {p.where.file for p in problems} <= {"style.css"}


PAGES = {
    "all is known": ("<p><br/><small>a</small>", []),
    "a tag": ("<p>\n<blink>a</blink>", [("E403", 2, "blink")]),
    "a style attribute": ("<p\n style='float: left'>", [("E404", 2, "float: left")]),
    "a style element": ("<style>\np { order: 1 }\n</style>", [("E404", 2, "order: 1")]),
    "behind Jinja": ("{% for a in b %}\n{# <x> #}\n<canvas>{{ '<y>' }}", [("E403", 3, "canvas")]),
    "Jinja in an attribute": ("<p {% if a %}class='b'{% endif %} style='color: {{ c }}'>", []),
    "Jinja in a value": ("<p style='display: {{ c }}'>", []),
    "within svg": ("<svg><g><circle/></g></svg><video>", [("E403", 1, "video")]),
}


@pytest.mark.parametrize(("html", "found"), PAGES.values(), ids=PAGES.keys())
def test_pages(html: str, found: list[tuple[str, int, str]], tmp_path: Path) -> None:
    (tmp_path / "document.html").write_text(html, "utf-8")
    problems = check_template(tmp_path)
    assert [(p.code, p.where.line, dict(p.fields)["found"]) for p in problems] == found


@pytest.mark.parametrize("folder", sorted(p for p in TEMPLATES.iterdir() if p.is_dir()), ids=str)
def test_our_own_templates_are_clean(folder: Path) -> None:
    assert check_template(folder) == ()


MET: dict[str, tuple[str, str, list[tuple[str, str]] | None]] = {
    "a tag": ("<blink>a</blink>", "", [("E403", "blink")]),
    "a float": ("<p style='float:left'>a", "", [("E404", "float: left")]),
    "a position": ("<p style='position:relative'>a", "", [("E404", "position: relative")]),
    "flex": ("<div style='display:flex'><p>a</div>", "", [("E404", "display: flex")]),
    "inline-block": ("<b>a</b>", "b{display:inline-block}", [("E404", "display: inline-block")]),
    "a corner": ("<p>a", "p{border-radius:2pt}", None),
    "padding in a line": ("<b>a</b>", "b{padding-left:2pt}", [("E404", "padding-left")]),
    "a border around a table": (
        "<div><table><tr><td>a</table></div>",
        "div{border:1pt solid}",
        [("E404", "border-top-style")],
    ),
    "a footnote": ("<p>a<span>b</span>", "span{float:footnote}", [("E404", "float: footnote")]),
    "a first letter": ("<p>a", "p::first-letter{color:red}", [("E404", "::first-letter")]),
    "a colour beyond sRGB": ("<p>a", "p{color:color(display-p3 1 0 0)}", [("E404", "color")]),
    "a link for programs": ("<a href='x:y'>a</a>", "", [("E403", "a href=x:y")]),
    "a grid": (
        "<div><table><tr><td>a</table></div>",
        "div{display:grid}",
        [("E404", "display: grid")],
    ),
    "columns": ("<div>a</div>", "div{column-count:2}", [("E404", "column-count")]),
    "a numbering that Word has not": (
        "<ol><li>a</ol>",
        "ol{list-style-type:hiragana}",
        [("E404", "list-style-type: hiragana")],
    ),
    "too many columns": (
        f"<table><tr><td colspan=64>a{'<tr>' + '<td>' * 64}</table>",
        "",
        [("E403", "table: 64 columns")],
    ),
    "a background of the page": ("<p>a", "body{background:red}", [("E404", "background-color")]),
    "not in the document": ("<p>a", ".x{float:left}", []),
    "what the browser says": ("<blockquote>a</blockquote><h1>b</h1>", "", []),
}


@pytest.mark.parametrize("case", MET)
def test_what_a_document_asks_for_in_vain(case: str) -> None:
    html, css, found = MET[case]
    word = Word(html, css)
    if found is None:
        assert {code for code, _ in word.found} == {"E404"}
    else:
        assert word.found == found
    # The text is kept all the same; a footnote's call is its number.
    assert word.text == {"a footnote": "a1"}.get(case, "a\nb" if "b</h1>" in html else "a")


def test_what_is_met_is_located(tmp_path: Path) -> None:
    (tmp_path / "document.html").write_text("<p>\n<b>a</b>", "utf-8")
    (tmp_path / "style.css").write_text("p{}\n\nb { float: left }", "utf-8")
    layout = laid_out("<b>a</b>", "b{float:left}")
    _, (problem,) = convert(layout, OF_FILE, tmp_path)
    assert problem.line("en").startswith("[E404] style.css:3: ")
    assert "float: left" in problem.message()


LOCATED = {  # a stylesheet and the line that is to blame
    "the element's own": ("p { background: red }\n\nbody { background: blue }", 3),
    "the strongest": ("#a { background: red }\nbody { background: blue }", 1),
    "the last": ("body { background: red }\nbody { background-color: blue }", 2),
    "a shorthand": ("p { color: red }\n\n\nbody { background: blue }", 4),
}


@pytest.mark.parametrize(("css", "line"), LOCATED.values(), ids=LOCATED.keys())
def test_the_declaration_that_applies_is_to_blame(css: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text(css, "utf-8")
    _, (problem,) = convert(laid_out("<p>a", f"{css}", body="id=a"), OF_FILE, tmp_path)
    assert (problem.code, problem.where.line) == ("E404", line)
    assert problem.fix("en") == "Delete this declaration."


REMEDIES = {  # a declaration and what to write in its place
    "font-weight: 600": "font-weight: 700",
    "font-weight: 300": "font-weight: 400",
    "border: 20pt solid red": "border: 12pt solid red",
    "border-style: ridge dashed": "border-style: solid dashed",
    "list-style: hiragana inside": "list-style: decimal inside",
    "display: flex": "display: block",
    "font: oblique 12pt serif": "font: italic 12pt serif",
}


@pytest.mark.parametrize(("declared", "instead"), REMEDIES.items(), ids=REMEDIES.keys())
def test_a_remedy_is_to_be_written_as_it_stands(
    declared: str, instead: str, tmp_path: Path
) -> None:
    (tmp_path / "style.css").write_text(f"p {{ {declared} }}", "utf-8")
    (problem,) = check_template(tmp_path)
    assert problem.fix("en") == f"Write “{instead}” instead."
    assert problem.fix("zh-TW") == f"修改方式：請改為「{instead}」。"
    (tmp_path / "style.css").write_text(f"p {{ {instead} }}", "utf-8")
    assert check_template(tmp_path) == ()


def test_what_is_for_print_alone_is_no_problem(tmp_path: Path) -> None:
    css = "@media print { b { opacity: .5 } }"
    (tmp_path / "style.css").write_text(css, "utf-8")
    layout = laid_out("<b>a</b>", css)
    assert layout.style(layout.root.find("body/b"))["opacity"] == 0.5  # type: ignore[arg-type]
    assert convert(layout, OF_FILE, tmp_path)[1] == ()


def test_every_note_is_in_two_languages() -> None:
    supported = (*PROPERTIES.values(), *PAGE_PROPERTIES.values(), *MARGIN_BOX_PROPERTIES.values())
    notes = (*TAGS.values(), *(support.note for support in supported))
    assert all(note.zh and note.en for note in notes)
