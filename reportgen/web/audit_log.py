"""The audit log: who did what and when, one JSON object a line, only ever appended."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from flask import g, request

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Response

    from reportgen.web.sessions import Session

# Neither polls nor pictures of pages, nor what only reads the session's own items.
ACTIONS: Final = {
    "GET /start/<token>": "start",
    "POST /sign-in": "sign in",
    "POST /api/sign-out": "sign out",
    "POST /api/items": "upload",
    "PUT /api/items/<identifier>/workbook": "new version",
    "POST /api/items/<identifier>/cells": "set a cell",
    "GET /api/items/<identifier>/workbook": "download",
    "DELETE /api/items/<identifier>": "remove",
    "POST /api/items/<identifier>/restore": "restore",
    "POST /api/comparisons": "compare",
    "POST /api/archive/comparisons": "compare",
    "GET /api/items/<identifier>/files/<name>": "download",
    "GET /api/items/<identifier>/all.zip": "download",
    "GET /api/items/<identifier>/marked.xlsx": "download",
    "GET /api/items/<identifier>/next.xlsx": "download",
    "POST /api/items/<identifier>/review": "make link",
    "DELETE /api/items/<identifier>/review": "withdraw link",
    "GET /review/<token>": "open link",
    "GET /api/review/<token>/files/<name>": "download by link",
    "POST /api/review/<token>/remarks": "remark",
    "POST /api/items/<identifier>/share": "share",
    "GET /api/items/<identifier>/shared.zip": "download",
    "POST /api/items/<identifier>/parts": "hand in part",
    "GET /api/items/<identifier>/parts/<name>": "download",
    "DELETE /api/items/<identifier>/parts/<name>": "remove part",
    "POST /api/items/<identifier>/merge": "merge",
    "GET /api/items/<identifier>/workbooks/<int:number>": "download",
    "POST /api/archive": "archive",
    "POST /api/archive/verify": "verify",
    "POST /api/archive/<int:number>/approval": "approve",
    "POST /api/archive/<int:number>/withdrawal": "withdraw",
    "POST /api/archive/<int:number>/approved.zip": "print approved",
    "POST /api/archive/<int:number>/approved-reprint": "archive approved",
    "GET /api/archive/<int:number>/restored.zip": "restore",
    "GET /api/archive/files/<int:number>/<path:name>": "download archived",
}
_log = logging.getLogger(__name__)


class AuditLog:
    """The file of the audit log, opened for each line, so that it can be rotated."""

    def __init__(self, path: Path | None) -> None:
        self._path, self._lock = path, threading.Lock()

    def record(self, response: Response) -> None:
        """Append the request that is being answered, if it is one of ACTIONS.

        A line that cannot be written goes to the server's own log.
        """
        if self._path is None or request.url_rule is None:
            return
        action = ACTIONS.get(f"{request.method} {request.url_rule.rule}")
        if action is None:
            return
        session: Session | None = g.get("session")
        arguments = {**(request.view_args or {})}
        arguments.pop("token", None)  # of a link: whoever has it comes in
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "user": session.user if session else "",
            "session": session.folder.name if session else "",
            "address": request.remote_addr,
            "action": action,
            "status": response.status_code,
            **arguments,
            **g.get("audit", {}),
        }
        text = json.dumps(line, ensure_ascii=False) + "\n"
        try:
            with self._lock, self._path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(text)
        except OSError:
            _log.exception("%s", text)


def note(**details: object) -> None:
    """Add details to the line of the request that is being answered."""
    g.audit = {**g.get("audit", {}), **details}


__all__ = ["ACTIONS", "AuditLog", "note"]
