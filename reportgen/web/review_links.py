"""Read-only links to items, and the remarks that their readers leave.

A link is a token of 192 bits that opens the pages of one item and nothing else. It ends after
LINK_DAYS, when it is withdrawn, and with its item; while the item is removed it opens nothing, and
it comes back with the item. Links and remarks are kept beside the item, in ``review.json``, so that
they are deleted with it and outlive the server as it does.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from reportgen.web.state_store import write_json
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from reportgen.web.upload_jobs import UploadJob

LINK_DAYS: Final = 30
MAX_REMARKS: Final = 200  # of an item
MAX_NAME_CHARS: Final = 40
MAX_REMARK_CHARS: Final = 2000
_FILE: Final = "review.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark on a page of a document."""

    name: str  # of who left it
    text: str
    document: str
    page: int  # from 1
    time: str  # ISO 8601, UTC
    workbook_version: int = 1  # of the item, whose page it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The link of an item, if it has one, and all remarks that were left on the item."""

    token: str = ""  # "": there is no link
    expires: str = ""  # ISO 8601, UTC
    first: int = 0  # index of the link's first remark; those before are of earlier links
    remarks: tuple[Remark, ...] = ()

    @property
    def own_remarks(self) -> tuple[Remark, ...]:
        """The remarks that were left by this link."""
        return self.remarks[self.first :]


def _now() -> datetime:
    """Return the time of now."""
    return datetime.now(UTC)


class ReviewLinks:
    """The links of all items; ``items`` are those of an earlier run, removed ones included."""

    def __init__(
        self, items: Iterable[UploadJob] = (), clock: Callable[[], datetime] = _now
    ) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._items: dict[str, UploadJob] = {}  # by token
        for item in items:
            review = read_review(item)
            item.update(remarks=len(review.remarks))  # of an item that is built again, for one
            if review.token:
                self._items[review.token] = item

    def create(self, item: UploadJob) -> Review:
        """Return the item's link, a new one if it has none that still holds; raise OSError."""
        with self._lock:
            review = self._current(item)
            if not review.token:
                expires = self._clock() + timedelta(days=LINK_DAYS)
                review = replace(
                    review,
                    token=secrets.token_urlsafe(24),
                    expires=expires.isoformat(timespec="seconds"),
                    first=len(review.remarks),
                )
                self._store(item, review)
                self._items[review.token] = item
            return review

    def review_of(self, item: UploadJob) -> Review:
        """Return the link and the remarks of an item; a link that has ended is left out."""
        with self._lock:
            return self._current(item)

    def withdraw(self, item: UploadJob) -> None:
        """End the link of an item, whose remarks stay; raise OSError."""
        with self._lock:
            review = self._current(item)
            self._items.pop(review.token, None)
            self._store(item, replace(review, token="", expires=""))

    def open(self, token: str) -> tuple[UploadJob, Review]:
        """Return the item of a token, and its review; raise HttpError("link ended") for any other.

        A link ends with its item, too, and rests while that is removed.
        """
        with self._lock:
            return self._open(token)

    def add_remark(
        self,
        token: str,
        name: str,
        text: str,
        document: str,
        page: int,
        *,
        workbook_version: int | None = None,
    ) -> Review:
        """Add a remark by a link, and mark the item; return the review with it.

        ``workbook_version`` is that of the page, which may be older than what the item shows by
        now; None is the present one. Raise HttpError: "link ended", "not understood" for a page
        that the item does not show or a text that is empty or too long, "too many remarks";
        OSError if it cannot be stored.
        """
        name, text = name.strip(), text.strip()
        with self._lock:
            item, review = self._open(token)
            shown = next((found for found in item.state.documents if found.name == document), None)
            has_texts = 0 < len(name) <= MAX_NAME_CHARS and 0 < len(text) <= MAX_REMARK_CHARS
            if shown is None or not has_texts:
                raise HttpError("not understood")
            version = shown.workbook_version if workbook_version is None else workbook_version
            is_earlier = 1 <= version < shown.workbook_version
            is_on_page = version == shown.workbook_version and page <= len(shown.pages)
            if page < 1 or not (is_earlier or is_on_page):
                raise HttpError("not understood")
            if len(review.remarks) >= MAX_REMARKS:
                raise HttpError("too many remarks", limit=MAX_REMARKS)
            remark = Remark(
                name=_printable(name),
                text=_printable(text),
                document=document,
                page=page,
                workbook_version=version,
                time=self._clock().isoformat(timespec="seconds"),
            )
            review = replace(review, remarks=(*review.remarks, remark))
            try:
                self._store(item, review)
            except FileNotFoundError:  # the item was just removed
                raise HttpError("link ended") from None
        item.update(remarks=len(review.remarks))
        return review

    def _open(self, token: str) -> tuple[UploadJob, Review]:
        """As :meth:`open`; the caller holds the lock."""
        item = self._items.get(token)
        if item is None:
            raise HttpError("link ended")
        review = self._current(item)
        if review.token != token:
            del self._items[token]
            raise HttpError("link ended")
        if item.is_removed:  # it may be taken back
            raise HttpError("link ended")
        return item, review

    def _current(self, item: UploadJob) -> Review:
        """Return an item's review as of now: a link that has expired is none."""
        review = read_review(item)
        is_over = not review.token or self._clock() >= datetime.fromisoformat(review.expires)
        return replace(review, token="", expires="") if is_over else review

    def _store(self, item: UploadJob, review: Review) -> None:
        """Write the review beside its item; raise FileNotFoundError if that was just removed.

        Raise another OSError if it cannot be written.
        """
        write_json(_path(item), asdict(review))


def read_review(item: UploadJob) -> Review:
    """Return the review of an item as it is stored; an empty one if there is none, or no sound one.

    One that cannot be read is logged.
    """
    try:
        content = json.loads(_path(item).read_text("utf-8"))
        review = Review(
            token=str(content["token"]),
            expires=str(content["expires"]),
            first=int(content["first"]),
            remarks=tuple(Remark(**remark) for remark in content["remarks"]),
        )
        if review.token:
            datetime.fromisoformat(review.expires)
    except FileNotFoundError:
        return Review()
    except (OSError, LookupError, TypeError, ValueError):
        _log.exception("%s", _path(item))
        return Review()
    return review


def _path(item: UploadJob) -> Path:
    """Return the path of an item's review."""
    return item.folder / _FILE


def _printable(text: str) -> str:
    """Return a text without control characters other than line ends."""
    return "".join(char for char in text if char.isprintable() or char == "\n")


__all__ = ["Remark", "Review", "ReviewLinks", "read_review"]
