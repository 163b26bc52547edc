"""Sessions: a cookie for each browser, and the items that belong to it.

Whoever opens the start link, which only the terminal shows, is the owner of the server, who also
gets the live workbook; the owner has one session, whatever browser the link is opened in. Others
sign in by the password, if there is one, or are named by a proxy: a name has one session, too. A
session that has items is never removed to make room for another.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from reportgen.web.upload_jobs import UploadJob

MAX_SESSIONS: Final = 64  # beside the owner's
MAX_SESSION_ITEMS: Final = 100
MAX_PASSWORD_TRIES: Final = 10  # wrong passwords of an address within TRIES_PERIOD_S
TRIES_PERIOD_S: Final = 60.0
IDLE_S: Final = 12 * 3600.0  # without a request, until a session without items ends
IDLE_WITH_ITEMS_S: Final = 90 * 86400.0
SPARE_S: Final = 600.0  # without a request, until one without items may make room for another
_TOUCH_S: Final = 300.0  # how exactly the last request is stored


@dataclass(slots=True, eq=False)
class Session:
    """One browser and its items, oldest first."""

    id: str
    csrf: str
    folder: Path
    is_owner: bool
    last_seen: float  # seconds since 1970
    user: str = ""  # whom the proxy names; "" for the owner and who has the password
    items: dict[str, UploadJob] = field(default_factory=dict)
    removed: dict[str, UploadJob] = field(default_factory=dict)  # that can be taken back
    stored_last_seen: float = 0.0

    @property
    def is_lasting(self) -> bool:
        """True if who signs out finds the items again: the owner, and whom the proxy names."""
        return self.is_owner or bool(self.user)

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
    """All sessions of a server, by their cookies.

    ``known`` are those of an earlier run. ``save`` is called with each session that is new or has
    changed, ``end`` with each that has ended, whose tasks and files it removes.
    """

    def __init__(
        self,
        folder: Path,
        password: str = "",
        clock: Callable[[], float] = time.time,
        *,
        token: str = "",
        known: Iterable[Session] = (),
        save: Callable[[Session], None] = lambda session: None,
        end: Callable[[Session], None] = lambda session: None,
    ) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self._folder, self._password, self._clock = folder, password, clock
        self._save, self._end = save, end
        self._sessions = {session.id: session for session in known}
        self._lock = threading.Lock()
        self._creation_lock = threading.Lock()  # of sessions that there is one of
        self._failed_attempts: dict[str, list[float]] = {}

    @property
    def has_password(self) -> bool:
        """True if others may sign in."""
        return bool(self._password)

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie, marked as just used; None for one unknown or ended."""
        now = self._clock()
        with self._lock:
            session = self._sessions.get(cookie)
            if session is None or _is_over(session, now):
                return None
            session.last_seen = now
            is_stale = now - session.stored_last_seen > _TOUCH_S
            if is_stale:
                session.stored_last_seen = now
        if is_stale:
            self._save(session)
        return session

    def start(self, token: str) -> Session:
        """Return the owner's session to the bearer of the start link.

        Raise HttpError("closed") for a wrong token.
        """
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise HttpError("closed")
        return self._find_or_create(is_owner=True)

    def of_user(self, user: str) -> Session:
        """Return the session of whom the proxy names, whatever browser they use.

        Raise HttpError("too many sessions") if a new one has no room.
        """
        return self._find_or_create(is_owner=False, user=user)

    def sign_in(self, password: str, address: str) -> Session:
        """Return a new session for the correct password.

        Raise HttpError: "wrong password", "too many tries" after MAX_PASSWORD_TRIES wrong ones from
        this address within a minute, with the seconds until the next is looked at, "too many
        sessions" if MAX_SESSIONS are in use.
        """
        now, client = self._clock(), client_network(address)
        with self._lock:
            self._failed_attempts = {
                failing: recent
                for failing, attempts in self._failed_attempts.items()
                if (recent := [attempt for attempt in attempts if attempt > now - TRIES_PERIOD_S])
            }
            attempts = self._failed_attempts.get(client, [])
            if len(attempts) >= MAX_PASSWORD_TRIES:
                seconds = attempts[-MAX_PASSWORD_TRIES] + TRIES_PERIOD_S - now
                raise HttpError(
                    "too many tries",
                    address=client,
                    limit=MAX_PASSWORD_TRIES,
                    seconds=max(1, math.ceil(seconds)),
                )
        is_correct = hmac.compare_digest(password.encode(), self._password.encode())
        if not self._password or not is_correct:
            with self._lock:
                self._failed_attempts.setdefault(client, []).append(now)
            raise HttpError("wrong password")
        return self._create(is_owner=False)

    def sign_out(self, session: Session) -> None:
        """End a session's cookie, in whatever browsers it is.

        A lasting session keeps its items and gets another cookie; any other one is removed with its
        items.
        """
        with self._lock:
            self._sessions.pop(session.id, None)
            if session.is_lasting:
                session.id, session.csrf = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
                self._sessions[session.id] = session
        if session.is_lasting:
            self._save(session)
        else:
            self._end(session)

    def _find_or_create(self, *, is_owner: bool, user: str = "") -> Session:
        """Return the one session of the owner, or of a user, also to two requests at once."""
        with self._creation_lock:
            with self._lock:
                known = [
                    session.id
                    for session in self._sessions.values()
                    if (session.is_owner, session.user) == (is_owner, user)
                ]
            session = self.find(known[0]) if known else None
            return session or self._create(is_owner=is_owner, user=user)

    def _create(self, *, is_owner: bool, user: str = "") -> Session:
        """Store a new session and return it, after those that have ended were removed.

        Where there are MAX_SESSIONS, those without items that were not seen for SPARE_S make room,
        the longest unseen first; raise HttpError("too many sessions") if there are none. The owner
        always has room.
        """
        now = self._clock()
        session = Session(
            id=secrets.token_urlsafe(24),
            csrf=secrets.token_urlsafe(24),
            folder=self._folder / secrets.token_hex(8),
            is_owner=is_owner,
            user=user,
            last_seen=now,
            stored_last_seen=now,
        )
        with self._lock:
            others = [known for known in self._sessions.values() if not known.is_owner]
            over = [known for known in others if _is_over(known, now)]
            spare = sorted(
                (
                    known
                    for known in others
                    if known not in over and not known.items and known.last_seen < now - SPARE_S
                ),
                key=lambda known: known.last_seen,
            )
            excess = 0 if is_owner else len(others) - len(over) + 1 - MAX_SESSIONS
            is_full = excess > len(spare)
            ended = over if is_full else [*over, *spare[: max(0, excess)]]
            for known in ended:
                del self._sessions[known.id]
            if not is_full:
                self._sessions[session.id] = session
        for known in ended:
            self._end(known)
        if is_full:
            raise HttpError("too many sessions", limit=MAX_SESSIONS)
        self._save(session)
        return session


def client_network(address: str) -> str:
    """Return what counts as one client: an IPv4 address, the /64 network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _is_over(session: Session, now: float) -> bool:
    """Return whether a session was idle for too long; the owner's never is."""
    limit = IDLE_WITH_ITEMS_S if session.items else IDLE_S
    return not session.is_owner and session.last_seen < now - limit


__all__ = ["Session", "Sessions", "client_network"]
