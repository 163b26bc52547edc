"""The state on disk: what was stored is read back, and what cannot be read is made again."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest

from reportgen.problems import Location, make_problem
from reportgen.web.sessions import Session
from reportgen.web.state_store import StateError, StateStore, open_state, state_from_json
from reportgen.web.upload_jobs import (
    Download,
    EarlierWorkbook,
    JobKind,
    JobStage,
    JobState,
    Page,
    PartsStage,
    PreviewedDocument,
    UploadJob,
    WorkbookSummary,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.web.api_types import PartsReport

PDF = b"%PDF"
SOURCE = "a" * 64
STATE = JobState(
    stage=JobStage.READY,
    facts=WorkbookSummary(
        agency="機關", title="計分卡", edition="105-12-25", status="草稿", data_year=105
    ),
    problems=(
        make_problem("E510", Location(file="甲.xlsx", sheet="年度資料", cell="E5"), found="a"),
    ),
    documents=(
        PreviewedDocument(
            name="scorecard",
            title="計分卡",
            pages=(
                Page(
                    source=SOURCE,
                    index=0,
                    width=595.3,
                    height=841.9,
                    text="文字\ud800",
                    places=({"kpi": "F1.1", "year": None, "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4},),
                ),
            ),
        ),
    ),
    files=(Download(name="a.pdf", size=len(PDF), document="scorecard", format="pdf"),),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StateStore]:
    with open_state(tmp_path / "state") as found:
        yield found


def made(store: StateStore, name: str = "item", state: JobState = STATE) -> UploadJob:
    """Return a stored item of a stored session, with its files."""
    folder = store.sessions_folder / "session"
    session = Session(id="cookie", csrf="token", folder=folder, is_owner=True, last_seen=5.0)
    store.save_session(session)
    item = UploadJob(
        id=name,
        kind=JobKind.WORKBOOK,
        name="甲.xlsx",
        folder=folder / name,
        workbook=folder / name / "source/甲.xlsx",
        state=state,
        version=7,
    )
    item.workbook.parent.mkdir(parents=True)
    item.workbook.write_bytes(b"workbook")
    for path in (item.files / "a.pdf", item.pdfs / f"{SOURCE}.pdf"):
        path.parent.mkdir(parents=True)
        path.write_bytes(PDF)
    store.save_item(item)
    return item


def loaded(store: StateStore) -> UploadJob:
    (session,) = store.load_sessions()
    (item,) = session.items.values()
    return item


def test_a_state_survives_json() -> None:
    assert state_from_json(json.loads(json.dumps(asdict(STATE)))) == STATE


def test_sessions_and_items_are_read_back(store: StateStore) -> None:
    item = made(store)
    (session,) = store.load_sessions()
    assert (session.id, session.csrf, session.is_owner) == ("cookie", "token", True)
    found = session.items["item"]
    assert (found.kind, found.name, found.workbook) == (item.kind, item.name, item.workbook)
    assert found.state == STATE
    assert found.version > item.version  # or the page would take it for what it knows
    assert found.created == item.created


def test_parts_and_earlier_workbooks_are_read_back(store: StateStore) -> None:
    """What merging would do is read again; a part that a kill interrupted was not handed in."""
    item = made(store)
    item.parts_folder.mkdir()
    for name in ("b.xlsx", "a.xlsx", ".new-interrupted"):
        (item.parts_folder / name).write_bytes(b"part")
    report: PartsReport = {"key": "k", "units": [], "changes": [], "problems": []}
    item.update_parts(
        files=("a.xlsx", "b.xlsx"),
        stage=PartsStage.READY,
        report=report,
        is_shared=True,
        due="106-01-20",
        done=1,
        units=2,
    )
    before = item.workbook
    item.earlier = (EarlierWorkbook(path=before, replaced=1.0),)
    item.workbook, item.run = item.folder / "source-2/甲.xlsx", 2
    item.update(stage=JobStage.CHECKING, merges=1)
    store.save_item(item)
    found = loaded(store)
    assert found.parts == replace(item.parts, stage=PartsStage.UNREAD, report=None)
    assert found.workbook == item.folder / "source-2/甲.xlsx"
    assert found.earlier == item.earlier
    assert [earlier.path for earlier in found.earlier] == [before]
    assert (found.run, found.state.stage) == (2, JobStage.WAITING)
    assert found.state.merges == 1  # or the file on disk would be followed over the merge


@pytest.mark.parametrize("stage", [JobStage.WAITING, JobStage.CHECKING, JobStage.RENDERING])
def test_what_had_not_ended_waits_again(store: StateStore, stage: JobStage) -> None:
    made(store, state=JobState(stage=stage, facts=STATE.facts))
    assert loaded(store).state == JobState()


@pytest.mark.parametrize("path", ["files/a.pdf", f"pdfs/{SOURCE}.pdf"])
@pytest.mark.parametrize("content", [None, b"%"])
def test_what_lost_a_document_waits_again(
    store: StateStore, path: str, content: bytes | None
) -> None:
    item = made(store)
    file = (item.pdfs.parent if path.startswith("pdfs") else item.outputs.folder) / path
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    is_whole = content is not None and path.startswith("pdfs")  # named by its digest, not resized
    assert (loaded(store).state == STATE) is is_whole


@pytest.mark.parametrize(
    "change",
    [
        {"problems": [{"code": "E999", "where": {}, "fields": []}]},
        {"problems": [{"code": "E510", "where": {}, "fields": []}]},
        {"documents": [{"name": "scorecard"}]},
        {"stage": "dreaming"},
        {"facts": {"agency": "機關"}},
        {"files": 1},
    ],
)
def test_a_state_of_another_version_is_made_again(
    store: StateStore, change: dict[str, object]
) -> None:
    path = made(store).folder / "item.json"
    content = json.loads(path.read_bytes())
    content["state"] |= change
    path.write_text(json.dumps(content), "utf-8")
    item = loaded(store)
    assert item.state == JobState()
    assert item.workbook.read_bytes() == b"workbook"


def test_what_was_removed_does_not_come_back(store: StateStore) -> None:
    item = made(store)
    store.forget_item(item)
    store.save_item(item)  # of a worker that was about to end
    (session,) = store.load_sessions()
    assert session.items == {}
    assert not item.folder.exists()
    store.forget_session(session)
    assert store.load_sessions() == ()
    assert not session.folder.exists()


def test_what_can_be_taken_back_is_kept_apart(store: StateStore) -> None:
    item = made(store)
    item.removed = 1000.5
    item.mark_removed()
    store.save_item(item)
    (session,) = store.load_sessions()
    assert session.items == {}
    found = session.removed["item"]
    assert (found.removed, found.is_removed, found.state) == (1000.5, True, STATE)


def test_an_upload_that_was_not_acknowledged_is_deleted(store: StateStore) -> None:
    made(store)
    half = store.sessions_folder / "session/half/source"
    half.mkdir(parents=True)
    loaded(store)
    assert not half.parent.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind": "workbook"}'])
def test_a_record_that_cannot_be_read_deletes_nothing(store: StateStore, content: str) -> None:
    item = made(store)
    (item.folder / "item.json").write_text(content)
    (session,) = store.load_sessions()
    assert session.items == {}
    assert item.workbook.read_bytes() == b"workbook"


def test_items_keep_their_order(store: StateStore) -> None:
    items = [made(store, name) for name in ("b", "a", "c")]
    (session,) = store.load_sessions()
    assert [*session.items] == [item.id for item in items]


def test_one_server_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.web.state_store._LOCK_TIMEOUT_S", 0.0)
    with open_state(tmp_path), pytest.raises(StateError, match="busy"), open_state(tmp_path):
        pass
    with open_state(tmp_path) as store:
        store.save_server("token", 8123)
    with open_state(tmp_path) as store:
        assert (store.token, store.port) == ("token", 8123)


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError), open_state(tmp_path / "file"):
        pass
    (tmp_path / "state.json").write_text('{"format": 2}')
    with pytest.raises(StateError, match="format 2"), open_state(tmp_path):
        pass


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with open_state(tmp_path / "new") as store:
        assert store.folder.stat().st_mode & 0o077 == 0
