"""Sessions: a cookie for each browser, and the items that belong to it.

Whoever opens the start link, which only the terminal shows, is the owner of the server, who also
gets the live workbook. Others sign in by the password, if there is one.
"""

from __future__ import annotations

import hmac
import secrets
import shutil
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reportgen.web.upload_jobs import UploadJob

MAX_SESSIONS: Final = 64  # beyond this, the least recently used is evicted
MAX_SESSION_ITEMS: Final = 100
MAX_PASSWORD_TRIES: Final = 10  # wrong passwords a minute, all clients together


@dataclass(slots=True, eq=False)
class Session:
    """One browser and its items, oldest first."""

    id: str
    csrf: str
    folder: Path
    is_owner: bool
    last_seen: float
    items: dict[str, UploadJob] = field(default_factory=dict)

    def item(self, identifier: str) -> UploadJob:
        """Return an item of this session; raise HttpError("gone") for any other."""
        item = self.items.get(identifier)
        if item is None:
            raise HttpError("gone")
        return item

    def add(self, item: UploadJob) -> None:
        """Add an item; raise HttpError("too many") if there are MAX_SESSION_ITEMS already."""
        if len(self.items) >= MAX_SESSION_ITEMS:
            raise HttpError("too many", limit=MAX_SESSION_ITEMS)
        self.items[item.id] = item


class Sessions:
    """All sessions of a server, by their cookies."""

    def __init__(
        self, folder: Path, password: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.token = secrets.token_urlsafe(24)
        self._folder, self._password, self._clock = folder, password, clock
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        self._failed_attempts: list[float] = []

    @property
    def has_password(self) -> bool:
        """True if others may sign in."""
        return bool(self._password)

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie, marked as just used; None for an unknown one."""
        with self._lock:
            session = self._sessions.get(cookie)
            if session is not None:
                session.last_seen = self._clock()
            return session

    def start(self, token: str) -> tuple[Session, tuple[Session, ...]]:
        """Return an owner's session for the bearer of the start link, and the evicted sessions.

        Raise HttpError("closed") for a wrong token.
        """
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise HttpError("closed")
        return self._create(is_owner=True)

    def sign_in(self, password: str) -> tuple[Session, tuple[Session, ...]]:
        """Return a session for the correct password, and the evicted sessions.

        Raise HttpError: "wrong password", or "too many tries" after MAX_PASSWORD_TRIES wrong ones
        within a minute, whoever tried them.
        """
        now = self._clock()
        with self._lock:
            self._failed_attempts = [
                attempt for attempt in self._failed_attempts if attempt > now - 60
            ]
            if len(self._failed_attempts) >= MAX_PASSWORD_TRIES:
                raise HttpError("too many tries")
        is_correct = hmac.compare_digest(password.encode(), self._password.encode())
        if not self._password or not is_correct:
            with self._lock:
                self._failed_attempts.append(now)
            raise HttpError("wrong password")
        return self._create(is_owner=False)

    def _create(self, *, is_owner: bool) -> tuple[Session, tuple[Session, ...]]:
        """Store a new session; return it, and those evicted for it: the least recently used.

        There are at most MAX_SESSIONS. Folders of evicted sessions are removed; their tasks are the
        caller's to cancel.
        """
        identifier = secrets.token_urlsafe(24)
        folder = self._folder / secrets.token_hex(8)
        session = Session(
            id=identifier,
            csrf=secrets.token_urlsafe(24),
            folder=folder,
            is_owner=is_owner,
            last_seen=self._clock(),
        )
        with self._lock:
            by_age = sorted(self._sessions.values(), key=lambda known: known.last_seen)
            evicted = tuple(by_age[: max(0, len(by_age) + 1 - MAX_SESSIONS)])
            for expired in evicted:
                del self._sessions[expired.id]
            self._sessions[identifier] = session
        for expired in evicted:
            shutil.rmtree(expired.folder, ignore_errors=True)
        return session, evicted


__all__ = ["Session", "Sessions"]
