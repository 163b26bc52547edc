"""The preview is the document: every pixel, number and problem, whatever has been edited."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reportgen.compute import compute
from reportgen.documents import document_content
from reportgen.pipeline import Settings, check_with_results, render_edition
from reportgen.pipeline.live_preview import Previewer, preview_job
from reportgen.problems import StoppedError
from reportgen.processes import sandbox
from reportgen.processes.sandbox import StartMethod
from reportgen.render import limits
from reportgen.render.document import render_job
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.incremental.incremental_renderer import IncrementalRenderer
from reportgen.render.pdf.hit_regions import parse_hit_regions
from reportgen.render.pdf.rasterize import rasterize
from reportgen.render.templates.source_locations import MAIN_FILE
from reportgen.render.templates.template_engine import CHECKOUT_TEMPLATES, Template
from tests.conftest import ROOT
from tests.factories.scorecards import figure, goal, kpi, read, rows
from tests.factories.templates import LINK, job, machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline.live_preview import Preview
    from reportgen.problems import Problem
    from reportgen.render.document import RenderJob
    from reportgen.workbook.writing.scorecard_rows import Row
    from tests.conftest import Edition

Picture = tuple[int, int, bytes]


def pictures(pdf: bytes) -> list[Picture]:
    """Every page, as PDFium paints it."""
    with pypdfium2.PdfDocument(pdf) as document:
        painted = [page.render(scale=1.0).to_pil() for page in document]
    return [(*each.size, each.tobytes()) for each in painted]


class Eye:
    """Looks at documents as a preview shows them, and at the same rendered as a whole."""

    def __init__(self) -> None:
        self.renderer = IncrementalRenderer(machine())
        self.laid_out = 0  # sections of the last look that were not known before
        self.whole = False

    def close(self) -> None:
        self.renderer.close()

    def agrees(self, job: RenderJob) -> tuple[Problem, ...]:
        """Fails where the preview is not the document in every pixel, place and problem."""
        job = replace(job, formats=("pdf", "places"))
        files = hashlib.sha256()
        for path in sorted(job.template.folder.rglob("*.*")):
            files.update(path.read_bytes())
        updated = self.renderer.update(job, files.hexdigest())
        made = render_job(job, machine())
        assert updated.problems == made.problems
        if not made.files:
            assert not updated.files
            assert not updated.keys
            return made.problems
        sections = [self.renderer.pages(key) for key in updated.keys]
        self.whole = updated.files is not None
        self.laid_out = len(updated.new_pages)
        pdfs = [updated.files["pdf"]] if updated.files else [each.pdf for each in sections]
        shown = [picture for pdf in pdfs for picture in pictures(pdf)]
        assert shown == pictures(made.files["pdf"])
        places = (
            parse_hit_regions(updated.files["places"])
            if updated.files
            else tuple(page for each in sections for page in each.hit_regions)
        )
        assert places == parse_hit_regions(made.files["places"])
        return made.problems


@pytest.fixture
def eye() -> Iterator[Eye]:
    with closing(Eye()) as opened:
        yield opened


@pytest.fixture
def previewer() -> Iterator[Previewer]:
    with closing(Previewer(font_folders())) as opened:
        yield opened


def document_job(
    card: Scorecard, name: str = "scorecard", folder: Path = CHECKOUT_TEMPLATES
) -> RenderJob:
    results, _ = compute(card)
    return preview_job(document_content(name, results), Template(folder / name), card)


# --- the samples ---------------------------------------------------------------------------


def without_seal(pdf: Path) -> list[bytes]:
    """Every page but for what tells of the seal: the foot's left, and the code at its right."""
    with pypdfium2.PdfDocument(pdf.read_bytes()) as document:
        return [masked(page) for page in document]


def masked(page: Any) -> bytes:
    painted = page.render(scale=1.0).to_pil()
    width, height = painted.size
    for left, right in ((0, width * 2 // 5), (width * 2 // 3, width)):
        painted.paste((0, 0, 0), (left, int(height * 0.85), right, height))
    content: bytes = painted.tobytes()
    return content


@pytest.mark.slow
def test_every_page_of_the_samples_is_that_of_the_build(
    editions: tuple[Edition, ...], previewer: Previewer, tmp_path: Path
) -> None:
    for edition in editions:
        name = edition.built.templates[0].name
        workbook = ROOT / f"inputs/{edition.built.edition}.xlsx"
        preview = previewer.preview(workbook, (name,), None, ROOT)
        (document,) = preview.documents
        assert len(preview.pdfs) > len(document.pages) * 0.6  # so many sections
        for digest, pdf in preview.pdfs.items():
            (tmp_path / digest).write_bytes(pdf)
            assert hashlib.sha256(pdf).hexdigest() == digest
        shown = [without_seal(tmp_path / page.pdf)[page.index] for page in document.pages]
        assert shown == without_seal(edition.pdf)
        assert set(edition.built.problems) <= set(preview.problems)
        for page in document.pages[1:]:
            assert f"{edition.built.edition}預覽" in "".join(page.text.split())


# --- edits ---------------------------------------------------------------------------------

FORMULA = "甲／乙（單位：%）"


def sheets(count: int = 3, **others: Sequence[Row]) -> dict[str, Sequence[Row]]:
    """Some goals, each with a KPI."""
    goals: list[Row] = [
        {"代碼": f"AC{number}", "構面": "C", "主題": "A", "名稱": f"目標{number}"}
        for number in range(1, count + 1)
    ]
    kpis: list[Row] = [
        {**kpi(FORMULA, code=f"AC{number}.1"), "策略目標": f"AC{number}"}
        for number in range(1, count + 1)
    ]
    figures = [figure("甲", [1, 2, 3]), figure("乙", [4, 5, 6])]
    targets = [goal(40, code=f"AC{number}.1") for number in range(1, count + 1)]
    made: dict[str, Sequence[Row]] = {
        "策略目標": goals,
        "關鍵績效指標": kpis,
        "年度資料": figures,
        "目標值": targets,
    }
    return made | others


def named(sheet: Sequence[Row], number: int, **others: Any) -> list[Row]:
    """A sheet with another row at a place."""
    changed = [dict(row) for row in sheet]
    changed[number].update(others)
    return changed  # type: ignore[return-value]


def edited(**others: Sequence[Row]) -> Scorecard:
    return read(**{**sheets(), **others})


LONG = "依據年度計畫辦理之研習課程、工作坊與國際交流活動" * 5


@pytest.mark.slow
def test_any_edit_gives_the_pages_of_the_whole(eye: Eye) -> None:
    plain = sheets()
    basics = rows()["基本資料"]
    kpis, goals = plain["關鍵績效指標"], plain["策略目標"]
    draft = [
        {**row, "內容": "草稿"} if "狀態" in str(row.get("項目", "")) else row for row in basics
    ]
    assert draft != basics
    cards = {
        "as it is": edited(),
        "a name": edited(關鍵績效指標=named(kpis, 1, 名稱="改過的名稱")),
        "long": edited(關鍵績效指標=[{**each, "名稱": LONG} for each in kpis]),
        "long no more": edited(關鍵績效指標=named(kpis, 0, 名稱=LONG[:40])),
        "a goal": edited(策略目標=named(goals, 2, 名稱="另一個目標")),
        "one less": read(**sheets(2)),
        "many": read(**sheets(6)),
        "a draft": edited(基本資料=draft),
        "again": edited(),
    }
    painted = {}
    for what, card in cards.items():
        eye.agrees(document_job(card))
        assert not eye.whole, what
        painted[what] = eye.laid_out
    assert painted["a name"] == painted["again"] + 1 == 1


@pytest.mark.slow
def test_an_edit_of_the_results_gives_the_pages_of_the_whole(eye: Eye) -> None:
    many = sheets(4)
    figures = many["年度資料"]
    kpis = many["關鍵績效指標"]
    cards = (
        read(**many),
        read(**many | {"年度資料": named(figures, 0, **{"105": 4})}),
        read(**many | {"關鍵績效指標": named(kpis, 2, 名稱="改過的名稱")}),
        read(**many | {"關鍵績效指標": named(kpis, 2, 名稱=LONG)}),
    )
    for card in cards:
        eye.agrees(document_job(card, "results"))
        assert not eye.whole


TEXTS = st.text("甲乙丙丁的與（）、，。A1%／ ", min_size=1, max_size=120).filter(str.strip)


@pytest.mark.slow
def test_only_the_pages_that_an_edit_changes_are_drawn_again(
    eye: Eye, teachers_center: Edition
) -> None:
    """The calculations of the sample stand on several pages; KPIs go on from one to the next."""
    card, _ = check_with_results(
        ROOT / f"inputs/{teachers_center.built.edition}.xlsx", font_folders()
    )
    assert card is not None
    whole = card.scorecard
    eye.agrees(document_job(whole, "results"))
    pages = eye.laid_out
    for place, text in ((1, "改"), (5, "改了名稱之後比較長的一個關鍵績效指標"), (5, "短")):
        kpis = list(whole.kpis)
        name = kpis[place].name
        kpis[place] = replace(kpis[place], name=replace(name, text=f"{name.text}{text}"))
        eye.agrees(document_job(replace(whole, kpis=tuple(kpis)), "results"))
        assert not eye.whole
        assert 2 <= eye.laid_out <= pages // 2, text


@pytest.mark.slow
def test_whatever_is_typed_gives_the_pages_of_the_whole(eye: Eye) -> None:
    plain = sheets()["關鍵績效指標"]

    @settings(max_examples=3, deadline=None, derandomize=True)
    @given(st.integers(0, 2), TEXTS)
    def check(number: int, text: str) -> None:
        eye.agrees(document_job(edited(關鍵績效指標=named(plain, number, 名稱=text))))
        assert not eye.whole

    check()


# --- templates -----------------------------------------------------------------------------

PLAIN = """
@page { size: 400px 200px; margin: 20px }
@page { @bottom-center { content: counter(page) "/" counter(pages) } }
@page :first { @bottom-center { content: none } }
body { margin: 0; font: 14px "TW-Kai" } h1 { font-size: 20px; margin: 30px 0 0 } p { margin: 0 }
section { break-before: page }
"""
PAGES = """<section class="page"><h1>甲</h1></section>
<section class="page"><h1>乙</h1><p>{{ text }}</p></section>
<section class="page"><table><tbody>
{% for n in range(rows) %}<tr><td>丙{{ n }}</td></tr>{% endfor %}</tbody></table></section>
<section class="page"><h1>丁</h1></section>
"""


def template(folder: Path, css: str = "", html: str = PAGES, **given: Any) -> RenderJob:
    whole = f"<!DOCTYPE html><html><head>{LINK}</head><body>{html}</body></html>"
    context: dict[str, Any] = {"text": "戊", "rows": 3} | given
    return job(folder, whole, PLAIN + css, **context)


@pytest.mark.slow
def test_a_template_of_sections_is_laid_out_section_by_section(eye: Eye, tmp_path: Path) -> None:
    edits: tuple[dict[str, Any], ...] = (
        {},
        {"text": "己"},
        {"rows": 20},
        {"rows": 40},
        {"rows": 3},
    )
    for context in edits:
        eye.agrees(template(tmp_path / "t", **context))
        assert not eye.whole
    eye.agrees(template(tmp_path / "t", ".page:last-child { color: red }"))
    assert not eye.whole


REACHING = (
    "h1 { counter-increment: h } h1::before { content: counter(h) }",
    "p::before { content: counter(page) }",
    "h1 { string-set: title content() } @page { @top-center { content: string(title) } }",
    "h1 { position: running(h) } @page { @top-center { content: element(h) } }",
    "@page :left { margin-left: 50px }",
    "@page :nth(3) { margin-left: 50px }",
    "p { float: footnote }",
    "p { position: fixed; top: 0 }",
    "h1 { padding-left: 10vw }",
    "section { break-before: right }",
    "section { break-before: auto }",
    "body { padding-bottom: 10px }",
    "body { counter-reset: page 5 }",
    "body::after { content: '後' }",
    "section:has(table) { color: red }",
    "section + section { color: red }",
    "section:empty + section { color: red }",
    "@page { counter-increment: page 2 }",
    ".page { display: table }",
    "h1 { break-after: right }",
)


@pytest.mark.parametrize("css", REACHING)
def test_what_reaches_over_sections_is_laid_out_as_a_whole(
    eye: Eye, tmp_path: Path, css: str
) -> None:
    eye.agrees(template(tmp_path / "t", css))
    assert eye.whole


ODD = (  # and whether it is laid out as a whole
    (PAGES + "<p>在外", True),
    ("<p>在前" + PAGES, False),
    (PAGES.replace("</h1></section>\n<section", "<b></section>\n<section", 1), True),
    (PAGES.replace("<h1>丁", "<style>h1 { color: red }</style><h1>丁"), True),
    (PAGES.replace("</table>", ""), False),
    (
        PAGES.replace('<section class="page"><h1>乙', '<section class="page" title=">"><h1>乙'),
        False,
    ),
    ("<h1>甲</h1>", False),
    (
        PAGES.replace("<h1>丁</h1>", '<h1 id="d">丁</h1>').replace("丙{{", '<a href="#d">丙</a>{{'),
        True,
    ),
)


@pytest.mark.parametrize(("html", "whole"), ODD)
def test_odd_html_gives_the_pages_of_the_whole(
    eye: Eye, tmp_path: Path, html: str, *, whole: bool
) -> None:
    for text in ("戊", "己"):
        eye.agrees(template(tmp_path / "t", html=html, text=text))
        assert eye.whole is whole


@pytest.mark.parametrize(
    ("html", "css", "code"),
    [
        (PAGES.replace("{{ text }}", "{{ nothing }}"), "", "E402"),
        (PAGES.replace("{% endfor", "{% end"), "", "E401"),
        (PAGES.replace("<h1>丁", '<img src="gone.png"><h1>丁'), "", "E406"),
        (PAGES, "p { colour: red }", "E407"),
        (PAGES, "h1 { margin-left: 350px; white-space: nowrap }", "W408"),
    ],
)
def test_a_problem_is_told_as_a_build_tells_it(
    eye: Eye, tmp_path: Path, html: str, css: str, code: str
) -> None:
    told = eye.agrees(template(tmp_path / "t", css, html, text="很長"))
    assert {each.code for each in told} == {code}


# --- the previewer -------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a workbook and a template of one's own."""
    shutil.copy(ROOT / "inputs/105-12-25.xlsx", tmp_path)
    folder = tmp_path / "templates/scorecard"
    folder.mkdir(parents=True)
    html = template(folder, html=PAGES).template.folder / MAIN_FILE
    html.write_text(
        html.read_text("utf-8").replace("{{ text }}", "{{ seal.line }}").replace("rows", "2"),
        "utf-8",
    )
    return tmp_path


def look(previewer: Previewer, desk: Path) -> Preview:
    return previewer.preview(desk / "105-12-25.xlsx", ("scorecard",), desk / "templates", desk)


def test_an_error_of_the_template_goes_when_it_is_mended(previewer: Previewer, desk: Path) -> None:
    first = look(previewer, desk)
    assert [len(each.pages) for each in first.documents] == [4]
    assert "105-12-25　預覽" in first.documents[0].pages[1].text
    main = desk / "templates/scorecard" / MAIN_FILE
    good = main.read_text("utf-8")
    main.write_text(good.replace("<h1>丁", "\n{{ wrong }}<h1>丁"), "utf-8")
    broken = look(previewer, desk)
    assert broken.documents == ()
    assert broken.results is not None
    (problem,) = (each for each in broken.problems if each.code == "E402")
    assert problem.where.line == good[: good.index("<h1>丁")].count("\n") + 2
    main.write_text(good, "utf-8")
    again = look(previewer, desk)
    assert again == first
    assert again.pdfs == first.pdfs


def test_the_problems_are_those_of_a_check_and_a_build(previewer: Previewer, desk: Path) -> None:
    (desk / "templates/scorecard/style.css").write_text(PLAIN + "p { colour: red }", "utf-8")
    workbook = desk / "105-12-25.xlsx"
    told = look(previewer, desk).problems
    wanted = Settings(
        output=desk / "out",
        formats=("pdf",),
        templates=desk / "templates",
        working_folder=desk,
        font_folders=font_folders(),
    )
    with pytest.raises(StoppedError) as stopped:
        render_edition(workbook, wanted)
    _, checked = check_with_results(workbook, font_folders())
    assert told == tuple(dict.fromkeys((*checked, *stopped.value.problems)))


def test_a_workbook_that_is_none_keeps_nothing_back(previewer: Previewer, desk: Path) -> None:
    first = look(previewer, desk)
    workbook = desk / "105-12-25.xlsx"
    bytes_of_it = workbook.read_bytes()
    workbook.write_bytes(bytes_of_it[:5000])
    torn = look(previewer, desk)
    assert (torn.results, torn.documents) == (None, ())
    assert torn.problems == check_with_results(workbook, font_folders())[1]
    workbook.unlink()
    assert [each.code for each in look(previewer, desk).problems] == ["E302"]
    workbook.write_bytes(bytes_of_it)
    assert look(previewer, desk) == first


def test_what_has_not_changed_is_not_done_again(
    previewer: Previewer, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = look(previewer, desk)
    monkeypatch.setattr(
        "reportgen.workbook.reading.sandboxed_reader._read", lambda *given: pytest.fail("read")
    )
    monkeypatch.setattr(
        "reportgen.render.incremental.incremental_renderer.render_html",
        lambda *given: pytest.fail("rendered"),
    )
    assert look(previewer, desk) == first


def test_without_fonts_it_says_so(desk: Path) -> None:
    with closing(Previewer((desk / "none",))) as without:
        told = look(without, desk)
    assert told.documents == ()
    assert {each.code for each in told.problems} >= {"E501"}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no child without fork")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_template_without_end_is_stopped_and_the_next_save_is_shown(
    previewer: Previewer, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: StartMethod.FORK)
    monkeypatch.setattr(limits, "TEMPLATE_TIMEOUT_S", 1.0)
    first = look(previewer, desk)
    main = desk / "templates/scorecard" / MAIN_FILE
    good = main.read_text("utf-8")
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    main.write_text(f"{good}\n{endless}", "utf-8")
    stopped = look(previewer, desk)
    assert stopped.documents == ()
    (problem,) = (each for each in stopped.problems if each.code == "E409")
    assert problem.where.line == good.count("\n") + 2
    main.write_text(good, "utf-8")
    assert look(previewer, desk) == first


def test_a_page_is_painted_as_wide_as_it_is_wanted(teachers_center: Edition) -> None:
    with Image.open(io.BytesIO(rasterize(teachers_center.pdf, 1, 400))) as painted:
        ours = painted.tobytes()
        assert (painted.size[0], painted.mode) == (400, "RGB")
    with pypdfium2.PdfDocument(teachers_center.pdf) as document:
        page = document[1]
        picture = page.render(scale=400 / page.get_width()).to_pil().convert("RGB")
    assert ours == picture.tobytes()
