"""What a worker does with an item: the workbook is read once for all that is made of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.compute import compute
from reportgen.pipeline import build_edition
from reportgen.problems import Severity
from reportgen.render.fonts.font_set import font_folders
from reportgen.web import worker_tasks
from reportgen.web.upload_jobs import WORDS_FILE, JobStage, Outputs
from reportgen.workbook.reading import sandboxed_reader
from tests.conftest import ROOT
from tests.factories.samples import scorecard, yearly_review

if TYPE_CHECKING:
    from pathlib import Path

WORKBOOK = ROOT / "inputs/105-12-25.xlsx"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The workbooks that are read, one after another."""
    found: list[Path] = []
    real = sandboxed_reader.start_reading

    def noted(path: Path) -> sandboxed_reader.PendingRead:
        found.append(path)
        return real(path)

    monkeypatch.setattr(sandboxed_reader, "start_reading", noted)
    return found


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are rendered, each as a file of a few bytes."""
    found: list[str] = []

    def render(documents: Any, templates: Any, *given: Any, **options: Any) -> Any:
        settings = given[-1]
        names = [each.name for each in documents]
        assert names == [template.name for template in templates]
        found.extend(names)
        return {settings.output / f"{name}.docx": b"PK" for name in names}, ()

    monkeypatch.setattr(build_edition, "render_documents", render)
    return found


def ground(folder: Path, templates: Path | None = None) -> worker_tasks.WorkerConfig:
    return worker_tasks.WorkerConfig(
        templates=templates, working_folder=folder, font_folders=font_folders(), pdfs=folder
    )


def test_an_upload_is_read_once(tmp_path: Path, reads: list[Path], rendered: list[str]) -> None:
    news: list[worker_tasks.StateChanges] = []
    outputs = Outputs(tmp_path)
    checked = worker_tasks.check(news.append, ground(tmp_path), WORKBOOK, outputs)
    built = [
        worker_tasks.build_document(news.append, ground(tmp_path), name, outputs, ())
        for name in checked["names"]
    ]
    assert reads == [WORKBOOK]
    assert rendered == ["scorecard", "results"]  # it has no words to review
    assert [each["stage"] for each in (*news, checked)] == [
        JobStage.CHECKING,
        JobStage.RENDERING,
    ]
    files = [file.name for result in built for file in result["files"]]
    assert files == ["scorecard.docx", "results.docx"]
    assert outputs.results.is_file()


def test_words_are_beside_the_results_as_the_review_prints_them(tmp_path: Path) -> None:
    results, _ = compute(scorecard(yearly_review))
    worker_tasks.write_results(results, tmp_path / "item/results.json")
    words = json.loads((tmp_path / "item" / WORDS_FILE).read_text("utf-8"))["words"]
    progress = next(entry for entry in words if entry["kpi"] == "AP3.1")
    assert progress == {
        "kpi": "AP3.1",
        "year": 105,
        "column": "執行情形",
        "text": "範例：辦理教師聯誼活動 6 場次，與目標值 6 場次相同。",
        "sheet": "執行說明",
        "cell": progress["cell"],
    }
    assert [entry["column"] for entry in words if entry["kpi"] == "BP1.1"] == [
        "執行情形",
        "未達成原因",
        "因應策略",
    ]


def test_a_workbook_with_words_has_its_review(tmp_path: Path, rendered: list[str]) -> None:
    """With the packaged templates; folders of one's own need no template for it."""
    review = ROOT / "inputs/review/105-12-25.xlsx"
    worker_tasks.files_only(lambda news: None, ground(tmp_path), review, tmp_path / "files")
    assert rendered == ["scorecard", "results", "review"]
    rendered.clear()
    own = tmp_path / "templates"
    for name in ("scorecard", "results"):
        shutil.copytree(ROOT / "templates" / name, own / name)
    worker_tasks.files_only(lambda news: None, ground(tmp_path, own), review, tmp_path / "files")
    assert rendered == ["scorecard", "results"]


def test_files_without_a_preview_are_made_of_one_reading(
    tmp_path: Path, reads: list[Path], rendered: list[str]
) -> None:
    end = worker_tasks.files_only(lambda news: None, ground(tmp_path), WORKBOOK, tmp_path / "files")
    assert (reads, rendered) == ([WORKBOOK], ["scorecard", "results"])
    assert [each.document for each in end["files"]] == ["scorecard", "results"]


def test_a_document_without_a_template_does_not_keep_the_other_away(
    tmp_path: Path, reads: list[Path], rendered: list[str]
) -> None:
    own = tmp_path / "templates" / "scorecard"
    own.mkdir(parents=True)
    (own / "document.html").write_text("<p>甲", "utf-8")
    outputs, config = Outputs(tmp_path), ground(tmp_path, own.parent)
    names = worker_tasks.check(lambda news: None, config, WORKBOOK, outputs)["names"]
    built = [
        worker_tasks.build_document(lambda news: None, config, name, outputs, ()) for name in names
    ]
    assert (reads, rendered) == ([WORKBOOK], ["scorecard"])
    told = [
        problem.code
        for result in built
        for problem in result["problems"]
        if problem.severity is Severity.ERROR
    ]
    assert told == ["E405"]
