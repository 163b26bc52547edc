"""Items on the desk: what becomes of one that cannot be worked on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from reportgen.processes.worker_pool import WorkerPool
from reportgen.web import job_manager as desk_module
from reportgen.web.job_manager import JobManager
from reportgen.web.sessions import Sessions
from reportgen.web.upload_jobs import JobKind, JobStage
from reportgen.web.web_translations import HttpError
from reportgen.web.worker_tasks import WorkerConfig
from tests.processes.test_worker_pool import doubled, endless, nothing, raising

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.web.sessions import Session
    from reportgen.web.upload_jobs import UploadJob


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """A desk whose workers know nothing, of which one task fills the queue."""
    monkeypatch.setattr(
        desk_module,
        "WorkerPool",
        lambda size, prepare, name, scratch: WorkerPool(1, nothing, name=name, scratch=scratch),
    )
    monkeypatch.setattr("reportgen.processes.worker_pool.MAX_QUEUED", 1)
    ground = WorkerConfig(
        templates=None, working_folder=tmp_path, font_folders=(), pdfs=tmp_path / "pdfs"
    )
    made = JobManager(ground, tmp_path)
    yield made
    made.close()


@pytest.fixture
def session(tmp_path: Path) -> Session:
    sessions = Sessions(tmp_path / "sessions")
    return sessions.start(sessions.token)


def ended(item: UploadJob) -> UploadJob:
    end = time.monotonic() + 30
    while item.state.stage not in (JobStage.FAILED, JobStage.REFUSED, JobStage.READY):
        assert time.monotonic() < end
        item.wait(item.version, 0.2)
    return item


@pytest.mark.slow
def test_what_is_no_workbook_is_refused_with_the_problems(
    desk: JobManager, session: Session
) -> None:
    item = ended(desk.upload(session, "報告.docx", b"no workbook"))
    assert item.state.stage is JobStage.REFUSED
    assert [each.code for each in item.state.problems] == ["E130"]
    told = item.as_json()
    assert told["problems"][0]["zh-TW"].startswith("〔E130〕報告.docx")
    assert (told["documents"], told["files"]) == ([], [])


def test_a_fault_of_the_program_is_told(desk: JobManager, session: Session) -> None:
    item = desk._new_job(session, JobKind.WORKBOOK, "a.xlsx")
    desk._submit(item, raising)
    state = ended(item).state
    assert state.stage is JobStage.FAILED
    assert [(each.code, dict(each.fields)["found"]) for each in state.problems] == [
        ("E510", "ValueError: odd")
    ]


def test_too_much_at_once_is_told(desk: JobManager, session: Session, tmp_path: Path) -> None:
    items = [desk._new_job(session, JobKind.WORKBOOK, f"{number}.xlsx") for number in range(3)]
    desk._submit(items[0], endless, tmp_path / "pids")
    while desk.build_pool._queue:
        time.sleep(0.01)
    for item in items[1:]:
        desk._submit(item, doubled, 1)
    assert [each.state.stage for each in items[1:]] == [JobStage.WAITING, JobStage.FAILED]
    assert items[1].state.ahead == 1
    assert [each.code for each in items[2].state.problems] == ["E511"]
    with pytest.raises(HttpError, match="busy"):
        desk.blank()


def test_nothing_is_left_of_what_is_taken_away(
    desk: JobManager, session: Session, tmp_path: Path
) -> None:
    item = desk.upload(session, "a.xlsx", b"")
    desk.remove(session, item)
    assert not item.folder.exists()
    assert session.items == {}
    assert item.is_removed


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("105-12-25.xlsx", "105-12-25.xlsx"),
        ("計分卡（定稿）.xlsx", "計分卡（定稿）.xlsx"),
        ("..xlsx", "機關.xlsx"),
        ("沒有副檔名", "沒有副檔名"),
        ("長" * 300 + ".xlsx", "長" * 50),
        ("a:b?.xlsx", "a_b_.xlsx"),
    ],
)
def test_files_are_kept_under_names_that_any_system_has(
    desk: JobManager, session: Session, name: str, kept: str
) -> None:
    item = desk._new_job(session, JobKind.WORKBOOK, name)
    assert item.name == name
    assert item.workbook.parent == item.folder / "source"
    assert item.workbook.name.startswith(kept)
    assert len(item.workbook.name.encode()) < 250
