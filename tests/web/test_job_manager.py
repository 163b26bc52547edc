"""Items on the desk: what becomes of one that cannot be worked on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.processes.worker_pool import WorkerPool
from reportgen.web import job_manager as desk_module
from reportgen.web import removed_items
from reportgen.web.job_manager import JobManager
from reportgen.web.sessions import Sessions
from reportgen.web.upload_jobs import CellRef, JobKind, JobStage, Outputs, PreviewedDocument
from reportgen.web.web_translations import HttpError
from reportgen.web.worker_tasks import WorkerConfig
from tests.processes.test_worker_pool import doubled, endless, nothing, raising

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reportgen.web.sessions import Session
    from reportgen.web.upload_jobs import UploadJob


DOCUMENT = PreviewedDocument(name="scorecard", title="計分卡", pages=())


def config_of(folder: Path) -> WorkerConfig:
    return WorkerConfig(
        templates=None, working_folder=folder, font_folders=(), pdfs=folder / "pdfs"
    )


def noted(item: UploadJob) -> Callable[[dict[str, Any]], None]:
    """What a task says becomes the item's state."""
    return lambda changes: item.update(**changes)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """A desk whose workers know nothing, of which one task fills the queue."""
    monkeypatch.setattr(
        desk_module,
        "WorkerPool",
        lambda size, prepare, name, scratch: WorkerPool(1, nothing, name=name, scratch=scratch),
    )
    monkeypatch.setattr("reportgen.processes.worker_pool.MAX_QUEUED", 1)
    made = JobManager(config_of(tmp_path), tmp_path)
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


def test_nothing_fails_because_the_server_ends(desk: JobManager, session: Session) -> None:
    """The next server goes on with it: a check that ends now queues documents in vain."""
    item = desk._new_job(session, JobKind.WORKBOOK, "a.xlsx")
    item.update(stage=JobStage.RENDERING)
    desk.submit(item, noted(item), endless)
    desk.close()
    desk.submit(item, noted(item), doubled, 1)
    assert item.state.stage is JobStage.RENDERING
    assert item.state.problems == ()


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
    desk.submit(item, noted(item), raising)
    state = ended(item).state
    assert state.stage is JobStage.FAILED
    assert [(each.code, dict(each.fields)["found"]) for each in state.problems] == [
        ("E510", "ValueError: odd")
    ]


def test_too_much_at_once_is_told(desk: JobManager, session: Session, tmp_path: Path) -> None:
    items = [desk._new_job(session, JobKind.WORKBOOK, f"{number}.xlsx") for number in range(3)]
    desk.submit(items[0], noted(items[0]), endless, tmp_path / "pids")
    while desk.build_pool._queue:
        time.sleep(0.01)
    for item in items[1:]:
        desk.submit(item, noted(item), doubled, 1)
    assert [each.state.stage for each in items[1:]] == [JobStage.WAITING, JobStage.FAILED]
    assert items[1].state.ahead == 1
    assert [each.code for each in items[2].state.problems] == ["E511"]
    with pytest.raises(HttpError, match="busy"):
        desk.blank()


def test_nothing_is_left_of_what_is_taken_away(
    desk: JobManager, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = desk.upload(session, "a.xlsx", b"")
    desk.remove(session, item)
    assert session.items == {}
    assert item.is_removed
    assert item.workbook.is_file()  # it can be taken back
    monkeypatch.setattr(removed_items, "KEEP_REMOVED_S", 0.0)
    desk.removed_items.sweep()
    assert not item.folder.exists()
    with pytest.raises(HttpError, match="gone"):
        desk.restore(session, item.id)


def test_what_was_removed_is_taken_back_and_goes_on(
    desk: JobManager, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.processes.worker_pool.MAX_QUEUED", 99)
    first, second = (desk.upload(session, name, b"no workbook") for name in ("a.xlsx", "b.xlsx"))
    version = first.version
    desk.remove(session, first)
    assert desk.restore(session, first.id) is first
    assert not first.is_removed
    assert first.version > version
    assert [*session.items] == [first.id, second.id]
    assert [ended(item).state.stage for item in (first, second)] == [JobStage.REFUSED] * 2


def two_documents(report: Any, config: WorkerConfig, workbook: Path, outputs: Outputs) -> Any:
    """Check nothing: each workbook has two documents."""
    return {"stage": JobStage.RENDERING, "problems": (), "names": ("first", "second")}


def rendezvous(
    report: Any, config: WorkerConfig, name: str, outputs: Outputs, before: Any
) -> dict[str, Any]:
    """Wait until both documents of an item are being built."""
    folder = outputs.folder.parent
    (folder / name).touch()
    while not all((folder / other).exists() for other in ("first", "second")):
        time.sleep(0.01)
    return {"problems": (), "documents": (DOCUMENT,), "files": ()}


def note_order(
    report: Any, config: WorkerConfig, name: str, outputs: Outputs, before: Any
) -> dict[str, Any]:
    """Write which document of which item is built."""
    with (config.working_folder / "order").open("a") as stream:
        item = (outputs.folder.parent / "name").read_text()
        stream.write(f"{item}-{name} ")
    return {"problems": (), "documents": (DOCUMENT,), "files": ()}


def test_two_documents_of_an_item_are_built_at_the_same_time(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.web.worker_tasks.preload", nothing)
    monkeypatch.setattr("reportgen.web.worker_tasks.check", two_documents)
    monkeypatch.setattr("reportgen.web.worker_tasks.build_document", rendezvous)
    manager = JobManager(config_of(tmp_path), tmp_path)
    try:
        state = ended(manager.upload(session, "a.xlsx", b"workbook")).state
    finally:
        manager.close()
    assert (state.stage, state.documents) == (JobStage.READY, (DOCUMENT, DOCUMENT))


def test_first_documents_and_other_people_come_before_second_ones(
    desk: JobManager, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.processes.worker_pool.MAX_QUEUED", 99)
    monkeypatch.setattr("reportgen.web.worker_tasks.check", two_documents)
    monkeypatch.setattr("reportgen.web.worker_tasks.build_document", note_order)
    other = Sessions(tmp_path / "others")
    hanging = desk._new_job(session, JobKind.WORKBOOK, "hanging")
    desk.submit(hanging, noted(hanging), endless, tmp_path / "pids")
    while desk.build_pool._queue:
        time.sleep(0.01)
    items = []
    for owner, name in ((session, "a1"), (session, "a2"), (other.start(other.token), "b1")):
        items.append(desk.upload(owner, name, b"workbook"))
        (items[-1].folder / "name").write_text(name)
    desk.build_pool.cancel(hanging.tasks[0])
    for item in items:
        ended(item)
    order = (tmp_path / "order").read_text().split()
    assert {entry[:2] for entry in order[:3]} == {"a1", "a2", "b1"}
    assert [entry[3:] for entry in order] == ["first"] * 3 + ["second"] * 3


def test_a_new_version_is_the_same_item(
    desk: JobManager, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.processes.worker_pool.MAX_QUEUED", 99)
    item = ended(desk.upload(session, "a.xlsx", b"no workbook"))
    version = item.version
    desk.new_version(item, "a.xlsx", b"no workbook")
    assert (item.run, item.version) == (1, version)  # nothing was changed
    desk.new_version(item, "b.xlsx", b"no workbook either")
    assert ended(item).run == 2
    assert item.version > version
    assert (item.name, item.workbook.read_bytes()) == ("b.xlsx", b"no workbook either")
    while (item.folder / "source").exists():  # the version before
        time.sleep(0.01)
    assert session.items == {item.id: item}


def test_a_cell_of_another_version_is_not_set(
    desk: JobManager, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.processes.worker_pool.MAX_QUEUED", 99)
    item = ended(desk.upload(session, "a.xlsx", b"no workbook"))
    cell = CellRef(sheet="年度資料", cell="F6")
    for run, code in ((2, "E354"), (1, "E353")):
        assert [problem.code for problem in desk.set_cell(item, cell, "1", run)] == [code]
    assert (item.run, item.state.edited) == (1, ())


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
