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

_OPEN: Final = ("/static/", "/start/", "/sign-in")  # what needs no session
_MISTAKES: Final = {404: "not found", 405: "not allowed", 413: "too large"}


def make_app(house: House) -> Flask:
    """Return the WSGI application."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    app.before_request(lambda: _admit(house))
    app.after_request(_seal)
    app.register_error_handler(RefusedError, lambda error: _refuse(error, house))
    app.register_error_handler(HTTPException, _mistaken)
    app.register_error_handler(OSError, lambda error: _unwritable(error, app))
    app.register_error_handler(Exception, lambda error: _failed(app))
    for group in (Pages(house), Items(house), Made(house), Archived(house)):
        group.add(app)
    return app


def _admit(house: House) -> None:
    house.guard.check_host(request.host)
    house.guard.check_site(request.method, dict(request.headers))
    g.session = house.sessions.find(request.cookies.get(house.cookie, ""))
    if request.path.startswith(_OPEN) or request.path == "/":
        return
    if g.session is None:
        raise RefusedError("closed")
    if request.method not in READING:
        check_token(g.session, request.headers.get(TOKEN, ""))


def _seal(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _refuse(error: RefusedError, house: House) -> Answer:
    if error.code == "closed" and not request.path.startswith("/api/"):
        return page_answer("closed.html", house, status=error.status)
    return json_answer(error.as_json(), error.status)


def _mistaken(error: HTTPException) -> Answer:
    code = _MISTAKES.get(error.code or 0, "not understood")
    told = RefusedError(code, limit=LIMIT // 1024**2)
    return json_answer(told.as_json(), told.status)


def _unwritable(error: OSError, app: Flask) -> Answer:
    app.logger.exception("%s", request.path)
    told = RefusedError("disk", reason=error.strerror or type(error).__name__)
    return json_answer(told.as_json(), told.status)


def _failed(app: Flask) -> Answer:
    app.logger.exception("%s", request.path)
    return json_answer(RefusedError("fault").as_json(), HTTPStatus.INTERNAL_SERVER_ERROR)


__all__ = ["make_app"]
