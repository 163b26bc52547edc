"""The 核章欄 prints approvals in both forms: of the content that was approved, or none at all."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.approval import SlipRequest, SlipState
from reportgen.archive import load_files
from reportgen.archive.digests import sha256
from reportgen.pipeline import Settings, render_edition
from reportgen.pipeline.approve_edition import approval_of, approve_edition
from reportgen.pipeline.archive_edition import EditionArchiveOptions, archive_edition
from reportgen.pipeline.rebuild import rebuild_bytes
from reportgen.problems import ExitCode, StoppedError
from reportgen.provenance.manifest import attachments
from reportgen.render.fonts.font_set import font_folders
from tests.conftest import ROOT
from tests.factories.archives import sound
from tests.factories.workbooks import with_cells
from tests.readers import pdf, word

if TYPE_CHECKING:
    from reportgen.pipeline import BuildResult
    from tests.conftest import Shared

pytestmark = pytest.mark.slow

EDITION = "105-12-25"
POSTS = (("基本資料", "A15", "核章欄"), ("基本資料", "B15", "承辦人、機關首長"))
DAY = date(2017, 1, 5)


def settings(folder: Path, **given: Any) -> Settings:
    fixed: dict[str, Any] = {"working_folder": ROOT, "font_folders": font_folders()}
    return Settings(output=folder, **fixed | given)


def write_workbook(folder: Path, *cells: tuple[str, str, object]) -> Path:
    path = folder / f"{EDITION}.xlsx"
    path.write_bytes(with_cells(*POSTS, *cells))
    return path


def approve(archive: Path, role: str, *names: str) -> None:
    request = SlipRequest(edition=EDITION, role=role, names=names, day=DAY, today=DAY)
    receipt, problems = approve_edition(archive, request)
    assert problems == ()
    assert receipt is not None


def archive_workbook(workbook: Path, archive: Path, **given: Any) -> None:
    reprint = given.pop("reprint", False)
    options = EditionArchiveOptions(archive=archive, printed=DAY, reprint=reprint)
    result = archive_edition(workbook, settings(workbook.parent / "out", **given), options)
    assert result.archive_problems == ()


@pytest.fixture(scope="module")
def archived(shared: Shared) -> Path:
    """The edition with two posts in its 核章欄, archived and not approved; its workbook beside."""

    def make(folder: Path) -> Path:
        archive_workbook(write_workbook(folder), folder / "archive")
        return folder

    made: Path = shared("archived-with-posts", make)
    return made


@pytest.fixture
def place(archived: Path, tmp_path: Path) -> Path:
    return shutil.copytree(archived, tmp_path / "place")


def build(place: Path, **given: Any) -> BuildResult:
    approvals = place / "archive"
    return render_edition(place / f"{EDITION}.xlsx", settings(place, approvals=approvals, **given))


def refusal(place: Path, **given: Any) -> tuple[str, str, ExitCode]:
    """Code, Chinese message and exit code of the error for which nothing is made."""
    with pytest.raises(StoppedError) as stopped:
        build(place, **given)
    (problem,) = (found for found in stopped.value.problems if found.code[0] == "E")
    return problem.code, problem.message(), stopped.value.exit_code


def contents(result: BuildResult) -> dict[str, bytes]:
    return {path.suffix: content for path, content in result.contents.items()}


def box(content: bytes, folder: Path, reader: Any, suffix: str) -> list[str]:
    """The cells of the 核章欄 in a file; a PDF's empty ones are not in its structure."""
    path = folder / f"read{suffix}"
    path.write_bytes(content)
    table = reader.read_pages(path)[0].tables[0]
    return [cell.text for row in table for cell in row]


def test_rounds_are_the_posts_of_the_workbook(place: Path) -> None:
    approval, problems = approval_of(place / "archive", EDITION)
    assert problems == ()
    assert approval is not None
    assert approval.rounds == ("承辦人", "機關首長")


def test_names_and_dates_are_printed_in_both_forms(place: Path) -> None:
    approve(place / "archive", "承辦人", "王小明", "陳美")
    files = contents(build(place))
    expected = ["承辦人", "機關首長", "王小明陳美106.1.5", ""]
    assert box(files[".pdf"], place, pdf, ".pdf") == list(filter(None, expected))
    assert box(files[".docx"], place, word, ".docx") == expected
    approve(place / "archive", "機關首長", "李大同")
    files = contents(build(place))
    expected[-1] = "李大同106.1.5"
    assert box(files[".pdf"], place, pdf, ".pdf") == list(filter(None, expected))
    assert box(files[".docx"], place, word, ".docx") == expected
    assert {"approval-001.json", "approval-002.json"} <= attachments(files[".pdf"]).keys()


def test_a_document_without_approvals_keeps_its_bytes(place: Path) -> None:
    approve(place / "archive", "承辦人", "王小明")
    (entry,) = sound(place / "archive").editions
    plain = render_edition(place / f"{EDITION}.xlsx", settings(place))
    signed = contents(build(place))
    archived = {Path(file.path).suffix: file.sha256 for file in entry.files}

    for suffix, content in contents(plain).items():
        assert sha256(content) == archived[suffix]
        assert content != signed[suffix]


def test_a_signed_document_is_rebuilt_from_itself(place: Path) -> None:
    approve(place / "archive", "承辦人", "王小明")
    content = contents(build(place))[".pdf"]
    assert rebuild_bytes("卡.pdf", content, settings(place)).identical


def test_a_changed_figure_gets_no_names(place: Path) -> None:
    approve(place / "archive", "承辦人", "王小明")
    write_workbook(place, ("年度資料", "F10", 16))
    code, message, exit_code = refusal(place)
    assert (code, exit_code) == ("E663", ExitCode.WORKBOOK)
    assert "105年 當年度優質學校獲獎校數 17 → 16" in message


def test_another_template_gets_no_names(place: Path) -> None:
    approve(place / "archive", "承辦人", "王小明")
    folder = shutil.copytree(ROOT / "templates", place / "templates")
    style = folder / "scorecard/style.css"
    style.write_text(style.read_text("utf-8") + "\n", "utf-8")
    code, message, _ = refusal(place, templates=folder)
    assert code == "E663"
    assert "templates/scorecard/style.css" in message
    archive = sound(place / "archive")
    files, _ = load_files(archive, archive.editions[0])  # what “archive restore” gives back
    for path, content in files.items():
        if path.startswith("templates/"):
            (place / path).write_bytes(content)
    assert build(place, templates=folder).contents
    code, message, _ = refusal(place, documents=("results",))  # which nobody has approved
    assert code == "E663"
    assert "templates/results/document.html" in message


def test_without_an_approval_that_counts_there_are_no_names(place: Path) -> None:
    assert refusal(place)[0::2] == ("E664", ExitCode.USAGE)
    approve(place / "archive", "承辦人", "王小明")
    archive_workbook(
        write_workbook(place, ("年度資料", "F10", 16)), place / "archive", reprint=True
    )
    assert refusal(place)[0] == "E664"  # it is void
    shutil.rmtree(place / "archive")
    assert refusal(place)[0::2] == ("E604", ExitCode.FILE)


def test_a_print_with_names_is_archived_and_keeps_the_approval(place: Path) -> None:
    archive, workbook = place / "archive", place / f"{EDITION}.xlsx"
    approve(archive, "承辦人", "王小明")
    archive_workbook(workbook, archive, approvals=archive, reprint=True)
    approve(archive, "機關首長", "李大同")
    approval, problems = approval_of(archive, EDITION)
    assert problems == ()
    assert approval is not None
    assert approval.entry.name == f"{EDITION}#1"
    assert [checked.state for checked in approval.slips] == [SlipState.VALID] * 2


def test_a_template_without_the_box_is_refused(place: Path) -> None:
    folder = shutil.copytree(ROOT / "templates", place / "templates")
    page = folder / "scorecard/document.html"
    page.write_text(page.read_text("utf-8").replace('class="signatures"', ""), "utf-8")
    shutil.rmtree(place / "archive")
    archive_workbook(place / f"{EDITION}.xlsx", place / "archive", templates=folder)
    approve(place / "archive", "承辦人", "王小明")
    assert refusal(place, templates=folder)[0::2] == ("E665", ExitCode.TEMPLATE)


def test_a_name_without_a_glyph_is_told_before_printing(place: Path) -> None:
    approve(place / "archive", "承辦人", "王\U0001f600")
    code, message, _ = refusal(place)
    assert code == "E119"
    assert "U+1F600" in message


def test_a_workbook_without_posts_gets_a_box_with_the_rounds(tmp_path: Path) -> None:
    workbook, archive = tmp_path / f"{EDITION}.xlsx", tmp_path / "archive"
    workbook.write_bytes(with_cells())
    archive_workbook(workbook, archive)
    approve(archive, "自評", "王小明")
    files = contents(build(tmp_path))
    expected = ["自評", "初核", "複核", "王小明106.1.5", "", ""]
    assert box(files[".pdf"], tmp_path, pdf, ".pdf") == list(filter(None, expected))
    assert box(files[".docx"], tmp_path, word, ".docx") == expected
