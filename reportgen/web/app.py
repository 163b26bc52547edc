"""The application: what goes before every request and after every answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from reportgen.web.routes.archive import Archived
from reportgen.web.routes.http_messages import LIMIT, json_answer, page_answer
from reportgen.web.routes.items import Items
from reportgen.web.routes.outputs import Made
from reportgen.web.routes.pages import Pages
from reportgen.web.security import HEADERS, READING, TOKEN, check_token
from reportgen.web.web_translations import RefusedError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.routes.app_context import House

_PUBLIC_PATHS: Final = ("/static/", "/start/", "/sign-in")  # what needs no session
_HTTP_ERROR_CODES: Final = {404: "not found", 405: "not allowed", 413: "too large"}


def make_app(context: House) -> Flask:
    """Return the WSGI application."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    app.before_request(lambda: _authorize(context))
    app.after_request(_add_headers)
    app.register_error_handler(RefusedError, lambda error: _refusal_response(error, context))
    app.register_error_handler(HTTPException, _http_error_response)
    app.register_error_handler(OSError, lambda error: _os_error_response(error, app))
    app.register_error_handler(Exception, lambda error: _internal_error_response(app))
    for group in (Pages(context), Items(context), Made(context), Archived(context)):
        group.add(app)
    return app


def _authorize(context: House) -> None:
    context.guard.check_host(request.host)
    context.guard.check_site(request.method, dict(request.headers))
    g.session = context.sessions.find(request.cookies.get(context.cookie, ""))
    if request.path.startswith(_PUBLIC_PATHS) or request.path == "/":
        return
    if g.session is None:
        raise RefusedError("closed")
    if request.method not in READING:
        check_token(g.session, request.headers.get(TOKEN, ""))


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _refusal_response(error: RefusedError, context: House) -> Answer:
    if error.code == "closed" and not request.path.startswith("/api/"):
        return page_answer("closed.html", context, status=error.status)
    return json_answer(error.as_json(), error.status)


def _http_error_response(error: HTTPException) -> Answer:
    code = _HTTP_ERROR_CODES.get(error.code or 0, "not understood")
    refusal = RefusedError(code, limit=LIMIT // 1024**2)
    return json_answer(refusal.as_json(), refusal.status)


def _os_error_response(error: OSError, app: Flask) -> Answer:
    app.logger.exception("%s", request.path)
    refusal = RefusedError("disk", reason=error.strerror or type(error).__name__)
    return json_answer(refusal.as_json(), refusal.status)


def _internal_error_response(app: Flask) -> Answer:
    app.logger.exception("%s", request.path)
    return json_answer(RefusedError("fault").as_json(), HTTPStatus.INTERNAL_SERVER_ERROR)


__all__ = ["make_app"]
