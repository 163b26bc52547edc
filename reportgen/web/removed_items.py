"""What was removed from sessions: kept for a while, as it may be taken back, then discarded."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reportgen.web.sessions import Session
    from reportgen.web.upload_jobs import UploadJob

KEEP_REMOVED_S: Final = 600.0  # until what was removed can no longer be taken back
MAX_REMOVED: Final = 20  # of a session; beyond, the oldest is deleted at once


class RemovedItems:
    """The removed items of all sessions; ``discard`` deletes one for good."""

    def __init__(self, discard: Callable[[UploadJob], None]) -> None:
        self._discard = discard
        self._kept: dict[str, tuple[Session, UploadJob]] = {}
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None

    def close(self) -> None:
        """Discard nothing any more."""
        with self._lock:
            if self._sweeper is not None:
                self._sweeper.cancel()

    def resume(self, sessions: Iterable[Session]) -> None:
        """Keep what was removed from sessions of an earlier server for the rest of its time."""
        for session in sessions:
            for item in session.removed.values():
                self._kept[item.id] = session, item
        self.sweep()

    def keep(self, session: Session, item: UploadJob) -> None:
        """Keep an item that was just removed from a session.

        It is kept for KEEP_REMOVED_S, with at most MAX_REMOVED of a session.
        """
        session.removed[item.id] = item
        self._kept[item.id] = session, item
        for old in [*session.removed.values()][:-MAX_REMOVED]:
            self._end(session, old)
        self.sweep()

    def take_back(self, session: Session, item: UploadJob) -> None:
        """Keep an item no longer, as it is the session's own again."""
        session.removed.pop(item.id, None)
        self.forget(item)

    def forget(self, item: UploadJob) -> None:
        """Leave an item to who discards it."""
        self._kept.pop(item.id, None)

    def sweep(self) -> None:
        """Discard what was removed long enough ago, and come back for what is left."""
        now = time.time()
        for session, item in tuple(self._kept.values()):
            if item.removed is not None and item.removed <= now - KEEP_REMOVED_S:
                self._end(session, item)
        with self._lock:
            if self._sweeper is not None:
                self._sweeper.cancel()
            ends = [item.removed for _, item in tuple(self._kept.values()) if item.removed]
            if ends:
                wait_s = max(1.0, min(ends) + KEEP_REMOVED_S - now)
                self._sweeper = threading.Timer(wait_s, self.sweep)
                self._sweeper.daemon = True
                self._sweeper.start()

    def _end(self, session: Session, item: UploadJob) -> None:
        """Delete what was removed; it can no longer be taken back."""
        self.forget(item)
        if session.removed.pop(item.id, None) is not None:  # else it was just taken back
            self._discard(item)
