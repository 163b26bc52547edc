"""Routes for items: upload, state, removal, comparison."""

from __future__ import annotations

import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Response, g, request

from reportgen.web.audit_log import note
from reportgen.web.removed_items import KEEP_REMOVED_S
from reportgen.web.routes.app_context import add_rules, item_of, workbook_of
from reportgen.web.routes.http_messages import (
    download,
    json_answer,
    read_json,
    uploaded_file_name,
)
from reportgen.web.serializers import problems_json
from reportgen.web.upload_jobs import CellRef, JobKind, UploadJob
from reportgen.web.web_translations import HttpError
from reportgen.web.worker_tasks import MAX_VALUE_CHARS

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.api_types import CellEditAnswer, ItemsAnswer
    from reportgen.web.routes.app_context import AppContext
    from reportgen.web.sessions import Session

LONG_POLL_S: Final = 20.0  # how long a request may wait for a new version
MAX_LONG_POLLS: Final = 20  # at once, as each occupies one of the server's threads
SHORT_POLL_S: Final = 0.5  # for requests beyond that


class ItemRoutes:
    """The routes for uploading, polling, comparing and removing items."""

    def __init__(self, context: AppContext) -> None:
        self.context = context
        self.waiting = threading.BoundedSemaphore(MAX_LONG_POLLS)

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("GET", "/api/items", self.items),
            ("POST", "/api/items", self.upload),
            ("GET", "/api/items/<identifier>", self.item),
            ("PUT", "/api/items/<identifier>/workbook", self.new_version),
            ("GET", "/api/items/<identifier>/workbook", self.workbook),
            ("POST", "/api/items/<identifier>/cells", self.set_cell),
            ("DELETE", "/api/items/<identifier>", self.remove),
            ("POST", "/api/items/<identifier>/restore", self.restore),
            ("POST", "/api/comparisons", self.compare),
        )

    def items(self) -> Answer:
        """Answer with the items of the session, newest first; for the owner the live one, too.

        Those that were removed and can be taken back follow, the latest first.
        """
        listed = [*g.session.items.values()]
        if self.context.live and g.session.is_owner:
            listed.append(self.context.live.item)
        now = time.time()
        content: ItemsAnswer = {
            "items": [item.as_summary() for item in reversed(listed)],
            "removed": [
                item.as_removed(now, KEEP_REMOVED_S)
                for item in reversed([*g.session.removed.values()])
            ],
        }
        return json_answer(content)

    def upload(self) -> Answer:
        """Store the uploaded workbook and queue its build; answer with the item.

        With ``follow``, new versions are expected. Raise HttpError("empty") for an empty body.
        """
        name, content = _uploaded()
        note(name=name, size=len(content))
        is_followed = request.args.get("follow") == "1"
        item = self.context.job_manager.upload(g.session, name, content, is_followed=is_followed)
        note(identifier=item.id)
        return json_answer(item.as_json(), HTTPStatus.CREATED)

    def new_version(self, identifier: str) -> Answer:
        """Store a workbook as an item's new version and queue its preview; answer with the item.

        Raise HttpError: "gone" without such an item, "empty" for an empty body.
        """
        item = workbook_item(g.session, identifier)
        name, content = _uploaded()
        note(name=name, size=len(content))
        self.context.job_manager.new_version(item, name, content)
        return json_answer(item.as_json())

    def workbook(self, identifier: str) -> Answer:
        """Answer with the workbook as it is here, under a name of its own; HttpError("gone")."""
        item = workbook_item(g.session, identifier)
        name = Path(item.name)
        return download(item.workbook, f"{name.stem}_修正{name.suffix}")

    def set_cell(self, identifier: str) -> Answer:
        """Set a cell in a copy of an item's workbook, which becomes its new version.

        Answer with the item, or with the reasons against it. Raise HttpError: "gone" without such
        an item, "not understood" for another request, else as JobManager.run_in_pool.
        """
        item = workbook_item(g.session, identifier)
        asked = read_json("sheet", "cell", "value")
        if not isinstance(asked.get("run"), int) or len(asked["value"]) > MAX_VALUE_CHARS:
            raise HttpError("not understood")
        cell = CellRef(sheet=asked["sheet"], cell=asked["cell"])
        note(sheet=cell.sheet, cell=cell.cell, value=asked["value"])
        problems = self.context.job_manager.set_cell(item, cell, asked["value"], asked["run"])
        content: CellEditAnswer = {
            "item": None if problems else item.as_json(),
            "problems": problems_json(problems),
        }
        return json_answer(content)

    def item(self, identifier: str) -> Answer:
        """Answer with an item; with ``after``, wait for a version later than that (long polling).

        Without a later one the item as it is, after LONG_POLL_S. Raise HttpError("gone") once it is
        removed.
        """
        item = item_of(self.context, identifier)
        after = request.args.get("after", "")
        if after.isdecimal() and len(after) < 10:
            self._wait_with_limit(item, int(after))
        if item.is_removed:
            raise HttpError("gone")
        return json_answer(item.as_json())

    def remove(self, identifier: str) -> Answer:
        """Remove an item and cancel its build; answer without content. It is kept for a while.

        Raise HttpError: "gone" for an unknown one, "not allowed" for the live one.
        """
        item = item_of(self.context, identifier)
        if item.kind is JobKind.LIVE:
            raise HttpError("not allowed")
        self.context.job_manager.remove(g.session, item)
        return Response(status=HTTPStatus.NO_CONTENT)

    def restore(self, identifier: str) -> Answer:
        """Take back an item that was removed; answer with it.

        Raise HttpError: "gone" if it is not kept, "too many" if the session is full.
        """
        return json_answer(self.context.job_manager.restore(g.session, identifier).as_json())

    def compare(self) -> Answer:
        """Queue the comparison of two workbooks of the session; answer with the new item."""
        request_json = read_json("old", "new")
        older, newer = (workbook_of(self.context, request_json[name]) for name in ("old", "new"))
        item = self.context.job_manager.compare(g.session, older, newer)
        note(identifier=item.id, old=older.id, new=newer.id)
        return json_answer(item.as_json(), HTTPStatus.CREATED)

    def _wait_with_limit(self, item: UploadJob, after: int) -> None:
        """Wait for a version of an item later than ``after``.

        At most LONG_POLL_S, or SHORT_POLL_S if MAX_LONG_POLLS requests wait already.
        """
        if not self.waiting.acquire(blocking=False):
            self._wait_for_version(item, after, SHORT_POLL_S)
            return
        try:
            self._wait_for_version(item, after, LONG_POLL_S)
        finally:
            self.waiting.release()

    def _wait_for_version(self, item: UploadJob, after: int, seconds: float) -> None:
        """Wait until the item has a version above ``after``, at most so many seconds.

        Return early if it is removed, the client disconnects or the server closes.
        """
        is_disconnected = request.environ.get("waitress.client_disconnected", lambda: False)
        deadline = time.monotonic() + seconds
        is_closing = self.context.closing.is_set
        while item.version <= after and not (item.is_removed or is_disconnected() or is_closing()):
            remaining_s = deadline - time.monotonic()
            if remaining_s <= 0:
                return
            item.wait(after, min(remaining_s, 1.0))


def _uploaded() -> tuple[str, bytes]:
    """Return file name and content of an upload; raise HttpError("no name") or ("empty")."""
    name = uploaded_file_name(request.headers.get("X-File-Name", ""))
    content = request.get_data(cache=False)
    if not content:
        raise HttpError("empty")
    return name, content


def workbook_item(session: Session, identifier: str) -> UploadJob:
    """Return an uploaded workbook's item of a session; raise HttpError("gone") for any other."""
    item = session.item(identifier)
    if item.kind is not JobKind.WORKBOOK:
        raise HttpError("gone")
    return item
