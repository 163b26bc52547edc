"""What a template writes of the data is seen, and stands in the files that are delivered."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.problems import Location, has_errors
from reportgen.render import sandboxed_renderer
from reportgen.render.document import render_job
from reportgen.render.templates.source_locations import MAIN_FILE
from reportgen.render.verify import output_text
from reportgen.render.verify.output_text import ExpectedText, verify_output
from tests.factories.templates import LINK, job, machine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reportgen.problems import Problem
    from tests.conftest import Edition

CELLS = {"B2": "延續教育實踐智慧", "B3": "標竿研習", "B4": "KPI-7"}
BODY = LINK + (
    "<h1>標題</h1><p class=a>說明：{{ a }}</p><p class=b><b>{{ b }}</b></p>"
    "<table><tr><th>欄<td class=c>{{ c }}</table>"
)
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def told(folder: Path, html: str, css: str, **given: Any) -> list[tuple[str, str, str, str]]:
    """Code, cell, text and reason of each error."""
    a, b, c = CELLS.values()
    made = render_job(job(folder, html, css, cells=CELLS, a=a, b=b, c=c, **given), machine())
    assert bool(made.files) != has_errors(made.problems)
    return [_told(each) for each in made.problems if each.code.startswith("E")]


def _told(problem: Problem) -> tuple[str, str, str, str]:
    fields = dict(problem.fields)
    return problem.code, problem.where.cell, fields["found"], fields.get("reason", "")


def test_what_is_seen_is_no_problem(tmp_path: Path) -> None:
    assert told(tmp_path, BODY, "") == []


HIDDEN = {
    "nothing is shown": ".a { display: none }",
    "nor is what surrounds it": "p.a, p.a * { display: none }",
}


@pytest.mark.parametrize("css", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_data_is_told_by_its_cell(tmp_path: Path, css: str) -> None:
    (problem,) = told(tmp_path, BODY, css)
    assert problem == ("E411", "B2", "說明：延續教育實踐智慧", "被 CSS 隱藏")


# What Word cannot show may stand in rules for print alone, and then it is the PDF's matter.
UNSEEN = {
    "the colour of the paper": (".a { color: white }", "與底色相同"),
    "nearly the colour of the paper": (".a { color: #fdfdfd }", "與底色相同"),
    "the colour of its background": (
        ".a { color: #123456; background: rgb(18, 52, 86) }",
        "與底色相同",
    ),
    "transparent": (".a { color: transparent }", "是透明的"),
    "transparent and told otherwise": (
        "@media print { .a { color: lab(30% 20 30 / 0) } }",
        "是透明的",
    ),
    "transparent as a whole": ("@media print { .a { opacity: 0 } }", "是透明的"),
    "tiny": (".a { font-size: 1px }", "字級過小，看不見"),
    "invisible": ("@media print { .a { visibility: hidden } }", "排版時被裁掉"),
    "beside the paper": (".a { text-indent: -9999px }", "落在頁面之外"),
    "above the paper": ("@media print { .a { position: absolute; top: -500px } }", "落在頁面之外"),
    "cut by its box": (
        "@media print { .a { height: 1px; overflow: hidden; padding-top: 0 } }",
        "超出欄框而被裁切",
    ),
}


@pytest.mark.parametrize(("css", "reason"), UNSEEN.values(), ids=UNSEEN.keys())
def test_data_that_no_eye_sees_is_told(tmp_path: Path, css: str, reason: str) -> None:
    (problem,) = told(tmp_path, BODY, css)
    assert problem == ("E411", "B2", "說明：延續教育實踐智慧", reason)


SEEN = {
    "white on black": ".a { color: white; background: black }",
    "white on the black of what surrounds it": "html { background: black } * { color: white }",
    "white in a column that is black": "col { background: black } .c { color: white }",
    "white on a gradient": "@media print { .a { background: linear-gradient(red, red) } }"
    " .a { color: white }",
    "white on another box that is black": (
        "@media print { h1 { position: absolute; top: 0; left: 0; width: 900px; height: 900px;"
        " background: black; z-index: -1 } } .a { color: white }"
    ),
    "in capitals": ".c { text-transform: uppercase }",
    "half transparent": "@media print { .a { opacity: .5 } }",
    "with an initial": "@media print { .a::first-letter { font-size: 2em } }",
    "with something before it": ".a::before { content: '※' }",
    "cut by a box that is large enough": "@media print { .a { overflow: hidden } }",
    "turned": "@media print { .a { transform: rotate(180deg) } }",
    "small": ".a { font-size: 4pt }",
    "of a colour that is not told in red, green and blue": (
        ".a { color: lab(30% 20 30) } .b { background: oklch(90% 0.1 200) }"
    ),
}


@pytest.mark.parametrize("css", SEEN.values(), ids=SEEN.keys())
def test_data_that_is_seen_is_no_problem(tmp_path: Path, css: str) -> None:
    html = BODY.replace("<table>", "<table><colgroup><col><col></colgroup>")
    assert told(tmp_path, html, css, formats=("pdf",)) == []


def test_labels_may_be_hidden(tmp_path: Path) -> None:
    css = "h1, th { display: none } .note { color: white }"
    html = BODY + "<p class=note>{{ '範例' }}，{% if a %}僅供螢幕閱讀{% endif %}</p>"
    assert told(tmp_path, html, css) == []


def test_what_a_template_leaves_out_is_its_own_affair(tmp_path: Path) -> None:
    html = LINK + "<p title='{{ a }}'>標題 {{ b }}<script>{{ c }}</script>"
    assert told(tmp_path, html, "", formats=("pdf",)) == []


def test_parts_of_a_cell_are_told_together_and_a_repetition_once(tmp_path: Path) -> None:
    html = LINK + "<td>甲<p class=a>{{ a | phrases(3) }}</p><p class=a>{{ a | phrases(3) }}</p>"
    (problem,) = told(tmp_path, html, ".a { display: none }")
    assert problem[:3] == ("E411", "B2", CELLS["B2"])


def test_hidden_data_without_a_cell_is_told_by_the_template(tmp_path: Path) -> None:
    html = LINK + "<p>甲<p class=a>達成率 {{ 95 + 3 }}%"
    made = render_job(job(tmp_path, html, ".a { display: none }"), machine())
    (problem,) = made.problems
    assert problem.where == Location(file=str(tmp_path / MAIN_FILE))
    assert "「達成率98%」在PDF、Word看不到：被 CSS 隱藏。" in problem.message()


def test_a_cell_that_breaks_out_is_told_by_what_is_lost(tmp_path: Path) -> None:
    """Escaping prevents it; a template that turns escaping off is stopped by the proof."""
    breaking = "</p><style>p { display: none }</style><b>甲</b>"
    html = LINK + "<div>{{ n | safe }}</div>" + "<p>{{ a }}</p><p>{{ b }}</p>"
    assert [cell for _, cell, _, _ in told(tmp_path, html, "", n=breaking)] == ["B2", "B3"]
    assert told(tmp_path, html.replace("| safe", ""), "", n=breaking) == []


def test_many_are_counted(tmp_path: Path) -> None:
    html = LINK + "<h1>甲</h1>{% for n in range(50) %}<p>第 {{ n }} 項 {{ n }}</p>{% endfor %}"
    made = render_job(job(tmp_path, html, "p { display: none }"), machine())
    assert [each.code for each in made.problems] == ["E411"] * 20 + ["E412"]
    assert dict(made.problems[-1].fields)["count"] == "30"


def test_repeated_headings_and_cut_cells_are_whole(tmp_path: Path) -> None:
    html = LINK + (
        "<table><thead><tr><th>{{ a }}</thead>{% for n in range(60) %}<tr><td>{{ b }}<br>{{ n }}"
        "{% endfor %}</table>"
    )
    assert told(tmp_path, html, "") == []


# The files


def word(text: str) -> bytes:
    space = output_text.WORD_NS[1:-1]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        body = f"<w:p xmlns:w='{space}'><w:r><w:t>{text}</w:t></w:r></w:p>"
        archive.writestr("word/document.xml", body)
    return content.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[str]]:
    """The messages for files of a document of two pages, when it is said to print something."""
    html = LINK + "<p>甲 乙-丙 well-known<p style='break-before: page'>·∙ A\u00adB 丁"
    made = render_job(job(tmp_path, html, "@page { size: 400px }"), machine())
    assert made.problems == ()

    def compared(*pages: str, docx: bytes | None = None, story: str | None = None) -> list[str]:
        printed = ExpectedText(pages or made.expected_text.pages, story or made.expected_text.flow)
        given = {**made.files, **({"docx": docx} if docx else {})}
        where = Location(file="a.html")
        found = verify_output(given, printed, where, machine().same_glyph)
        assert {each.code for each in found} <= {"E413"}
        return [each.message() for each in found]

    return compared


def test_true_files_say_what_was_laid_out(files: Callable[..., list[str]]) -> None:
    assert files() == []


def test_a_pdf_that_lacks_a_letter_is_told_with_its_page(files: Callable[..., list[str]]) -> None:
    (message,) = files("甲乙-丙well-known", "·∙AB丁戊")
    assert "PDF 第 2 頁的文字與資料不符（在「·∙AB丁戊」附近）" in message
    (message,) = files("甲乙-丙well-knownn", "·∙AB丁")
    assert "PDF 第 1 頁" in message


def test_a_control_character_is_no_difference(files: Callable[..., list[str]]) -> None:
    assert files(docx=word("甲乙-丙well-known·∙AB丁"), story="甲乙\x01-丙well-known·∙AB丁") == []


def test_pages_are_counted(files: Callable[..., list[str]]) -> None:
    (message,) = files("甲乙-丙well-known·∙AB丁")
    assert "2 ≠ 1" in message


def test_signs_of_one_shape_and_marks_without_one_are_forgiven(
    files: Callable[..., list[str]],
) -> None:
    assert files("甲乙-丙well-known\ufe0f", "∙∙A\u200dB丁") == []


def test_word_is_told_where_it_differs(files: Callable[..., list[str]]) -> None:
    (message,) = files(docx=word("甲乙-丙well-·∙AB丁"))
    assert "Word的文字與資料不符（在「known·∙AB丁」附近）" in message
    (message,) = files(docx=word("甲乙-丙well-known·∙AB丁戊"))
    assert "在「戊」附近" in message
    (message,) = files(docx=word("乙甲-丙well-known·∙AB丁"))
    assert "在「甲乙" in message


def test_what_is_not_proved_is_not_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = render_job(job(tmp_path, LINK + "<p>{{ a }}", a="甲乙"), machine())
    other = replace(made, expected_text=ExpectedText(("甲丙",), "甲乙"))
    monkeypatch.setattr(sandboxed_renderer, "render_job", lambda *given: other)
    files, (problem,) = sandboxed_renderer.start_rendering(
        job(tmp_path, "<p>{{ a }}", a="甲乙"), machine()
    ).result()
    assert files == {}
    assert problem.code == "E413"


@pytest.mark.slow
@pytest.mark.parametrize("which", ["second_agency", "second_results"])
def test_our_own_documents_are_proved(which: str, request: pytest.FixtureRequest) -> None:
    """They were built, so nothing was found; a page less in the file is found."""
    edition: Edition = request.getfixturevalue(which)
    files = {"pdf": edition.pdf.read_bytes(), "docx": edition.docx.read_bytes()}
    pages, story = output_text.pdf_page_texts(files["pdf"]), output_text.word_text(files["docx"])
    where, same = Location(file=MAIN_FILE), machine().same_glyph
    assert verify_output(files, ExpectedText(pages, story), where, same) == ()
    assert len(verify_output(files, ExpectedText(pages[:-1], story[:-1]), where, same)) == 2
