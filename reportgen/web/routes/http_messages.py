"""Parsing of HTTP requests and building of responses."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from flask import Response, request
from markupsafe import escape

from reportgen import __version__
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as Answer

    from reportgen.web.routes.app_context import AppContext

PAGE_HEADER: Final = "X-Reportgen-Page"  # the fingerprint of the server's page
MAX_UPLOAD_BYTES: Final = 50 * 1024 * 1024
_FIRST_YEAR, _LAST_YEAR = 1912, 1911 + 999  # of the ROC, three digits
STATIC_FOLDER: Final = Path(__file__).parents[1] / "static"


def read_json(*names: str, optional: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Return the JSON object of a request, whose fields ``names`` must be texts.

    Those that are ``optional`` too are not checked. Raise HttpError("not understood") otherwise.
    """
    try:
        content = request.get_json(silent=True)
    except RecursionError:
        raise HttpError("not understood") from None
    if not isinstance(content, dict):
        raise HttpError("not understood")
    for name in names:
        if name not in optional and not isinstance(content.get(name), str):
            raise HttpError("not understood")
    return content


def uploaded_file_name(header: str) -> str:
    """Return the name of an uploaded file from its percent-encoded header, without folders.

    Unprintable characters are removed. Raise HttpError("no name") if nothing is left.
    """
    try:
        name = unquote(header, errors="strict")
    except UnicodeDecodeError:
        raise HttpError("no name") from None
    name = re.split(r"[/\\]", name)[-1].strip()
    name = "".join(char for char in name if char.isprintable())[:255]
    if not name.strip(". "):
        raise HttpError("no name")
    return name


def parse_day(text: str) -> date:
    """Return the day of an ISO 8601 text (2016-12-25).

    Raise HttpError("not understood") for any other text, and for a day of no ROC year.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise HttpError("not understood") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise HttpError("not understood")
    return day


@cache
def page_fingerprint() -> str:
    """Return what tells the page of this server from those of other versions of the program.

    It is that of the first call, which is to be when the server starts: an upgrade may replace the
    files before the server ends.
    """
    digest = sha256(__version__.encode())
    for path in sorted(STATIC_FOLDER.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def page_answer(
    name: str,
    context: AppContext,
    *,
    csrf: str = "",
    error: HttpError | None = None,
    status: int = HTTPStatus.OK,
) -> Answer:
    """Return an HTML page of the static folder with its ``{{placeholders}}`` filled.

    Those are the error's code and fields, too; one that has no value is left empty.
    """
    head, text = ((STATIC_FOLDER / each).read_text("utf-8") for each in ("head.html", name))
    text = text.replace("{{head}}", head.rstrip())
    values: dict[str, object] = {
        "csrf": csrf,
        "language": context.language,
        "version": __version__,
        "fingerprint": page_fingerprint(),
        "root": f"{request.script_root}/",
        **({"error": error.code, **error.fields} if error else {}),
    }
    filled = re.sub(r"\{\{(\w+)\}\}", lambda found: escape(values.get(found[1], "")), text)
    return Response(filled, status, mimetype="text/html")


def json_answer(content: Mapping[str, Any], status: int = HTTPStatus.OK) -> Answer:
    """Return content as a JSON response."""
    return Response(json.dumps(content, ensure_ascii=False), status, mimetype="application/json")


def download(content: Path | bytes, name: str) -> Answer:
    """Return a download of bytes or a file under a name that may be Chinese (RFC 6266).

    Raise HttpError("gone") for a file that does not exist.
    """
    if isinstance(content, Path):
        if not content.is_file():
            raise HttpError("gone")
        content = content.read_bytes()
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
