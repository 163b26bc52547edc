"""What was removed is kept for a while, in a limited number, and then discarded once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from reportgen.web import removed_items
from reportgen.web.removed_items import RemovedItems
from reportgen.web.sessions import Sessions
from reportgen.web.upload_jobs import JobKind, UploadJob

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.web.sessions import Session


@pytest.fixture
def session(tmp_path: Path) -> Session:
    sessions = Sessions(tmp_path)
    return sessions.start(sessions.token)


def removed(session: Session, name: str) -> UploadJob:
    folder = session.folder / name
    item = UploadJob(
        id=name, kind=JobKind.WORKBOOK, name=name, folder=folder, workbook=folder / name
    )
    item.removed = time.time()
    return item


def test_so_many_are_kept_and_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removed_items, "MAX_REMOVED", 2)
    discarded: list[UploadJob] = []
    kept = RemovedItems(discarded.append)
    items = [removed(session, name) for name in "abc"]
    for item in items:
        kept.keep(session, item)
    assert discarded == items[:1]
    assert [*session.removed] == ["b", "c"]
    kept.close()


def test_what_was_taken_back_is_not_discarded(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    discarded: list[UploadJob] = []
    kept = RemovedItems(discarded.append)
    first, second = removed(session, "a"), removed(session, "b")
    for item in (first, second):
        kept.keep(session, item)
    kept.take_back(session, first)
    kept.sweep()
    assert discarded == []
    monkeypatch.setattr(removed_items, "KEEP_REMOVED_S", 0.0)
    kept.sweep()
    assert discarded == [second]
    assert session.removed == {}
    kept.close()


def test_what_an_earlier_server_kept_is_discarded_in_time(session: Session) -> None:
    """The time that it has had counts."""
    discarded: list[UploadJob] = []
    kept = RemovedItems(discarded.append)
    old, new = removed(session, "a"), removed(session, "b")
    old.removed = time.time() - removed_items.KEEP_REMOVED_S
    session.removed = {item.id: item for item in (old, new)}
    kept.resume([session])
    assert discarded == [old]
    assert [*session.removed] == ["b"]
    kept.close()
