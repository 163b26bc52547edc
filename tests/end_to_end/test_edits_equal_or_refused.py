"""Edits of a packaged template: equal in PDF and Word, or refused at their line with a remedy.

An edit is appended to the stylesheet, or replaces a place of a file. Both outputs are read back by
readers that know nothing of the program. A refused one is mended by the letter of its remedy, and
builds then.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2
import pytest

from reportgen.pipeline import Settings, render_documents, render_edition
from reportgen.render.document import RenderedFiles, RenderJob, render_job
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.templates.template_engine import Template
from tests.conftest import ROOT
from tests.factories.templates import machine
from tests.readers import appearance

if TYPE_CHECKING:
    from typing import Any

    from reportgen.problems import Problem

pytestmark = pytest.mark.slow

PACKAGED = ROOT / "templates/scorecard"
COVER = '<p class="date">{{ document.cover_date }}</p>'
DOT = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Edit(NamedTuple):
    """A change of one file: a text and what replaces it; an empty text: at the end."""

    new: str
    old: str = ""
    file: str = "style.css"


def css(rule: str, old: str = "") -> Edit:
    return Edit(rule, old)


def inserted(html: str) -> Edit:
    """HTML after the cover's date."""
    return Edit(f"{COVER}\n{html}", COVER, "document.html")


FOOTER = '"第 " counter(page) " 頁，共 " counter(pages) " 頁"'

EQUAL = {
    "a Latin font": css('td { font-family: Arial, "標楷體", serif }'),
    "a font of the machine": css('td { font-family: "DejaVu Sans", "標楷體" }'),
    "a generic font": css(".revised { font-family: sans-serif }"),
    "another serif font": css('.revised { font-family: "DejaVu Serif", serif }'),
    "fixed widths": css(".revised { font-family: monospace }"),
    "Kai for digits, too": css('.revised { font-family: "標楷體", serif }'),
    "the shorthand of fonts": css('h1 { font: bold 20pt/1.5 "Times New Roman", "標楷體", serif }'),
    "bold": css("h1 { font-weight: 700 }"),
    "bold Kai in cells": css("thead th { font-weight: bold }"),
    "italic": css(".revised, .objective { font-style: italic }"),
    "a size": css("h1 { font-size: 26pt }"),
    "a relative size": css(".label { font-size: smaller }"),
    "letters apart": css("h1 { letter-spacing: 4pt }"),
    "upper case": inserted('<p style="text-transform: uppercase">abc 甲</p>'),
    "underlined": css(".label { text-decoration: underline }"),
    "struck through": css(".revised { text-decoration: line-through }"),
    "a colour of the palette": css("--band: #f0c090", "--band: #d3dce8"),
    "another ink": css("--ink: #7a1f1f", "--ink: #1b2a41"),
    "a named colour": css("td { color: darkgreen }"),
    "hsl": css(".label { color: hsl(200 80% 30%) }"),
    "half transparent": css("thead th { background: rgba(255, 0, 0, 0.25) }"),
    "shaded cells": css("tbody td { background-color: #fff8e0 }"),
    "a shaded paragraph": css(".revised { background: #eeeeee; padding: 2pt }"),
    "a thick border": css("th, td { border: 2pt solid #336699 }"),
    "dashed": css("td { border-style: dashed }"),
    "double": css("td { border: 3pt double #993333 }"),
    "no borders": css("td { border-style: hidden }"),
    "a line below a heading": css("h1 { border-bottom: 1pt solid #cc0000 }"),
    "a shaded column": css("col.kpi { background: #eeeeee }"),
    "a column's width": css("width: 35%", "width: 26.07%"),
    "a column in millimetres": css(".scorecard .kpi { width: 50mm }"),
    "a narrow table": css("table.scorecard { width: 80% }"),
    "a narrow table in the middle": css("table.scorecard { width: 80%; margin: 0 auto }"),
    "a narrow block": css(".revised { max-width: 120mm; margin-left: 40mm; text-align: left }"),
    "higher rows": css(".scorecard tbody tr { height: 30mm }"),
    "wide cells": css(".scorecard td { padding: 6mm }"),
    "space around": css("h1 { margin: 8mm 0 4mm 0 }"),
    "an indent": css(".saying { text-indent: 2em }"),
    "aligned": css(".saying { text-align: justify } h1 { text-align: left }"),
    "lines apart": css(".scorecard td { line-height: 2 }"),
    "at the top": css("td { vertical-align: top }"),
    "not shown": css(".label { display: none }"),
    "text before": css('.label::before { content: "※" }'),
    "a list": inserted("<ul><li>甲</li><li>乙</li></ul>"),
    "Chinese numerals": inserted(
        '<ol style="list-style-type: trad-chinese-informal"><li>甲</li><li>乙</li></ol>'
    ),
    "a list from three": inserted('<ol start="3"><li>甲</li><li value="9">乙</li><li>丙</li></ol>'),
    "roman numerals": inserted(
        '<ol style="list-style-type: upper-roman; list-style-position: inside"><li>甲</li></ol>'
    ),
    "portrait": css("size: A4 portrait", "size: A4 landscape"),
    "A3": css("size: A3 landscape", "size: A4 landscape"),
    "margins": css("margin: 20mm 25mm 20mm 25mm", "margin: 15mm 20mm 16mm 20mm"),
    "a header": css('@page { @top-center { content: "內部文件"; font-size: 9pt } }'),
    "a footer of two lines": css('"頁 " counter(page) "\\A 密"; white-space: pre-line', FOOTER),
    "a break that collapses": css('"頁 " counter(page) "\\A 密"', FOOTER),
    "roman page numbers": css('"頁 " counter(page, upper-roman)', FOOTER),
    "a footer's look": css("@page { @bottom-center { font-size: 8pt; color: #aa0000 } }"),
    "a bold footer": css("@page { @bottom-center { font-weight: bold } }"),
    "a paragraph": inserted('<p style="text-align: center">承辦人</p>'),
    "a table": inserted(
        "<table><tr><th>承辦人</th><th>單位主管</th></tr><tr><td>甲</td><td>乙</td></tr></table>"
    ),
    "a caption below": inserted(
        '<table style="caption-side: bottom"><caption>表一</caption><tr><td>甲</td></tr></table>'
    ),
    "a rule": inserted('<hr style="border: 0; border-top: 1pt solid #cc0000">'),
    "preformatted text": inserted("<pre>a  1\n  b 22</pre>"),
    "a picture": inserted(f'<p><img alt="圖" src="{DOT}" style="width: 20mm; height: 9mm"></p>'),
    "a link": inserted('<p><a href="https://www.ey.gov.tw/">行政院</a></p>'),
    "a subscript": inserted("<p>CO<sub>2</sub> m<sup>2</sup></p>"),
    "a framed text": inserted('<p style="border: 1pt solid #00aa00; padding: 2mm">附註</p>'),
    "a break before": inserted('<p style="page-break-before: always">次頁</p>'),
}

REFUSED = {  # with what the problem says it found
    "a font that is not there": (css('h1 { font-family: "Comic Sans MS", "標楷體" }'), "Comic"),
    "a Chinese font that is not there": (css('h1 { font-family: serif, "微軟正黑體" }'), "微軟"),
    "medium": (css("h1 { font-weight: 500 }"), "font-weight: 500"),
    "black": (css("h1 { font-weight: 900 }"), "font-weight: 900"),
    "small capitals": (css(".formula { font-variant: small-caps }"), "small-caps"),
    "oblique": (css(".revised { font-style: oblique }"), "font-style: oblique"),
    "features of fonts": (css('td { font-feature-settings: "tnum" }'), "tnum"),
    "overlined": (css(".label { text-decoration: overline }"), "overline"),
    "a coloured underline": (css("h1 { text-decoration: underline red }"), "underline red"),
    "round corners": (css(".band { border-radius: 2pt }"), "border-radius: 2pt"),
    "a ridge": (css("td { border: 2pt ridge gray }"), "border: 2pt ridge gray"),
    "a very thick border": (css("td { border-width: 20pt }"), "border-width: 20pt"),
    "a shadow": (css("td { box-shadow: 1pt 1pt gray }"), "box-shadow"),
    "an outline": (css("td { outline: 1pt solid red }"), "outline"),
    "cells apart": (
        css("table { border-collapse: separate }"),
        "border-collapse: separate",
    ),
    "far apart": (
        css("table { border-spacing: 2mm }"),
        "border-spacing: 2mm",
    ),
    "a block's height": (css("h1 { height: 30mm }"), "height: 30mm"),
    "a block's least height": (css(".saying { min-height: 3cm }"), "min-height: 3cm"),
    "a background of the page": (css("@page { background: #fffbe6 }"), "background: #fffbe6"),
    "a background of the body": (css("body { background: #fffbe6 }"), "background: #fffbe6"),
    "a picture behind": (css(f"h1 {{ background-image: url({DOT}) }}"), "background-image"),
    "left pages": (css("@page :left { margin-left: 30mm }"), "@page :left"),
    "right pages": (css("@page :right { margin-right: 30mm }"), "@page :right"),
    "one page upright": (
        css("@page upright { size: A4 portrait }\n.cover { page: upright }"),
        "@page upright",
    ),
    "the first page's margins": (css("@page :first { margin: 40mm }"), "margin: 40mm"),
    "a sheet beyond Word": (css("size: A1 landscape", "size: A4 landscape"), "size: A1"),
    "trim marks": (css("@page { marks: crop }"), "marks: crop"),
    "a box in the corner": (
        css('@page { @top-left-corner { content: "密" } }'),
        'content: "密"',
    ),
    "a box beside the text": (css('@page { @left-middle { content: "密" } }'), 'content: "密"'),
    "a running title": (css("@page { @top-left { content: string(title) } }"), "string(title)"),
    "a line above the footer": (
        css("@page { @bottom-center { border-top: 1pt solid } }"),
        "border-top: 1pt solid",
    ),
    "a dot leader": (css('.label::after { content: leader(".") }'), "leader"),
    "a page reference": (
        css('.label::after { content: target-counter("#a", page) }'),
        "target-counter",
    ),
    "Japanese numerals": (
        inserted('<ol style="list-style-type: hiragana"><li>甲</li></ol>'),
        "list-style-type: hiragana",
    ),
    "coloured markers": (css("li::marker { color: red }"), "::marker"),
    "a first letter": (css(".saying::first-letter { font-size: 30pt }"), "::first-letter"),
    "vertical text": (css(".objective { writing-mode: vertical-rl }"), "writing-mode"),
    "a footnote": (css(".label { float: footnote }"), "float: footnote"),
    "a float": (css(".revised { float: right }"), "float: right"),
    "a place": (css(".revised { position: absolute }"), "position: absolute"),
    "flex": (css(".large { display: flex }"), "display: flex"),
    "a block in a line": (css("small { display: inline-block }"), "display: inline-block"),
    "columns": (css(".saying { column-count: 2 }"), "column-count: 2"),
    "turned": (css(".label { transform: rotate(3deg) }"), "transform: rotate(3deg)"),
    "half seen": (css(".label { opacity: 0.5 }"), "opacity: 0.5"),
    "space within a line": (css(".agency { padding-left: 5mm }"), "padding-left: 5mm"),
    "hyphenated": (css(".formula { hyphens: auto }"), "hyphens: auto"),
    "broken anywhere": (css("td { word-break: break-all }"), "word-break: break-all"),
    "a framed picture": (
        inserted(f'<p><img alt="圖" src="{DOT}" style="width: 9mm; border: 1pt solid red"></p>'),
        "border: 1pt solid red",
    ),
    "a rule without style": (inserted("<hr>"), "hr"),
    "a font file": (
        css('@font-face { font-family: "X"; src: url(x.ttf) }'),
        "@font-face",
    ),
    "a left page": (css(".page { break-before: left }"), "break-before: left"),
    "no such property": (css("h1 { colour: red }"), "colour: red"),
    "no such value": (css("h1 { color: rde }"), "color: rde"),
    "a tag": (inserted("<video>甲</video>"), "video"),
    "by a variable": (css(":root { --w: 500 }\nh1 { font-weight: var(--w) }"), "var(--w)"),
    "a frame around a table": (
        css(".large { border: 1pt solid red; display: block }"),
        "border: 1pt solid red",
    ),
}


@cache
def packaged_job() -> RenderJob:
    """The scorecard with one page of KPIs, its data as a build gives them."""
    jobs: list[RenderJob] = []
    make = render_documents.make_render_job

    def keep(*given: Any, **named: Any) -> RenderJob:
        jobs.append(make(*given, **named))
        return jobs[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render_documents, "make_render_job", keep)
        settings = Settings(
            output=Path("nowhere"),
            working_folder=ROOT,
            font_folders=font_folders(),
            documents=("scorecard",),
            formats=("html",),
        )
        render_edition(ROOT / "inputs/105-12-25.xlsx", settings)
    (job,) = jobs
    few = replace(job.context["map"], rows=job.context["map"].rows[:2])
    context = {**job.context, "pages": job.context["pages"][:1], "map": few}
    return replace(
        job, context=context, texts=(), formats=("pdf", "docx"), source=b"PK", attachments={}
    )


def rendered(folder: Path) -> RenderedFiles:
    return render_job(replace(packaged_job(), template=Template(folder)), machine())


@cache
def unedited() -> RenderedFiles:
    return rendered(PACKAGED)


def edited(folder: Path, edit: Edit) -> tuple[Path, int]:
    """A copy of the template with the edit, and the line where the edit begins."""
    copy = folder / "scorecard"
    shutil.copytree(PACKAGED, copy)
    path = copy / edit.file
    text = path.read_text("utf-8")
    start = text.index(edit.old) if edit.old else len(text)
    path.write_text(text[:start] + edit.new + text[start + len(edit.old) :], "utf-8")
    return copy, text.count("\n", 0, start) + 1


@pytest.mark.parametrize("edit", EQUAL.values(), ids=EQUAL.keys())
def test_an_edit_is_equal_in_both(edit: Edit, tmp_path: Path) -> None:
    folder, _ = edited(tmp_path, edit)
    made = rendered(folder)
    assert [problem.line("en") for problem in made.problems if problem.code[0] == "E"] == []
    assert picture(made) != picture(unedited()), "no effect in the PDF"
    assert word_parts(made) != word_parts(unedited()), "no effect in Word"
    assert differences(made) == []


@pytest.mark.parametrize(("edit", "found"), REFUSED.values(), ids=REFUSED.keys())
def test_an_edit_is_refused_and_its_remedy_works(edit: Edit, found: str, tmp_path: Path) -> None:
    folder, line = edited(tmp_path, edit)
    for _ in range(3):  # a problem may hide another one
        problems = errors(rendered(folder))
        if not problems:
            break
        for problem in problems:
            assert problem.code in ("E403", "E404")
            assert problem.where.file == str(folder / edit.file)
            assert problem.where.line in range(line, line + edit.new.count("\n") + 1)
            assert problem.expected("en")
            assert problem.fix("zh-TW")
        if found:
            assert any(found in problem.message("en") for problem in problems)
            found = ""
        for problem in reversed(problems):
            mend(folder / edit.file, problem)
    assert found == "", "not refused"
    assert problems == []


def errors(made: RenderedFiles) -> list[Problem]:
    return [problem for problem in made.problems if problem.code[0] == "E"]


def mend(path: Path, problem: Problem) -> None:
    """Follow a remedy to the letter, at its line."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    before = "".join(lines[: (problem.where.line or 1) - 1])
    rest = "".join(lines[(problem.where.line or 1) - 1 :])
    found, remedy = dict(problem.fields)["found"], problem.fix("en")
    if remedy == "Delete this rule.":
        end = rest.index("}", rest.index(found))
        rest = (
            rest[
                : rest.rindex("\n", 0, rest.index(found)) + 1
                if "\n" in rest[: rest.index(found)]
                else 0
            ]
            + rest[end + 1 :]
        )
    elif remedy == "Delete this declaration.":
        rest = rest.replace(found, "", 1)
    elif rule := re.fullmatch(r"Add “(.*)” to the stylesheet\.", remedy):
        with path.with_name("style.css").open("a", encoding="utf-8") as sheet:
            sheet.write(rule[1])
    elif tag := re.fullmatch(r"Use <(\w+)> instead\.", remedy):
        rest = rest.replace(f"<{found}", f"<{tag[1]}").replace(f"</{found}", f"</{tag[1]}")
    else:
        instead = re.fullmatch(r"Write “(.*)” instead\.", remedy)
        assert instead, remedy
        assert found in rest
        rest = rest.replace(found, instead[1], 1)
    path.write_text(before + rest, "utf-8")


def differences(made: RenderedFiles) -> list[str]:
    word = made.files["docx"]
    return appearance.differences(
        appearance.of_pdf(made.files["pdf"], appearance.word_margins(word)),
        appearance.of_word(word),
    )


def picture(made: RenderedFiles) -> tuple[bytes, ...]:
    document = pypdfium2.PdfDocument(made.files["pdf"])
    try:
        return tuple(
            bytes(document[number].render(scale=0.5).buffer) for number in range(len(document))
        )
    finally:
        document.close()


def word_parts(made: RenderedFiles) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.files["docx"])) as package:
        return {name: package.read(name) for name in package.namelist()}
