"""The WSGI application: checks before every request, headers after every response."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from reportgen.web.audit_log import note
from reportgen.web.compression import add_etag, compress
from reportgen.web.routes.approvals import ApprovalRoutes
from reportgen.web.routes.archive import ArchiveRoutes
from reportgen.web.routes.http_messages import (
    MAX_UPLOAD_BYTES,
    PAGE_HEADER,
    json_answer,
    page_answer,
    page_fingerprint,
)
from reportgen.web.routes.items import ItemRoutes
from reportgen.web.routes.outputs import OutputRoutes
from reportgen.web.routes.pages import PageRoutes
from reportgen.web.routes.parts import PartRoutes
from reportgen.web.routes.reviews import ReviewRoutes
from reportgen.web.security import SAFE_METHODS, SECURITY_HEADERS, TOKEN_HEADER, check_token
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from werkzeug.routing import Rule
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.routes.app_context import AppContext
    from reportgen.web.sessions import Session

_PUBLIC_PATHS: Final = ("/static/", "/start/", "/sign-in", "/healthz")  # without a session
_LINK_PATHS: Final = ("/review/", "/api/review/")  # of readers, who have no session
ROUTE_GROUPS: Final = (
    PageRoutes,
    ItemRoutes,
    OutputRoutes,
    PartRoutes,
    ArchiveRoutes,
    ApprovalRoutes,
    ReviewRoutes,
)
_MAX_USER_CHARS: Final = 100
_HTTP_ERROR_CODES: Final = {404: "not found", 405: "not allowed", 413: "too large"}


def create_app(context: AppContext) -> Flask:
    """Return the WSGI application with all routes, request checks and error handlers.

    Uploads above MAX_UPLOAD_BYTES are refused. No handler raises: each error becomes a response.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_UPLOAD_BYTES
    app.before_request(lambda: _authorize(context))
    app.after_request(lambda response: _record(response, context))
    fingerprint = page_fingerprint()
    app.after_request(lambda response: _add_headers(response, fingerprint))
    app.register_error_handler(HttpError, lambda error: _refusal_response(error, context))
    app.register_error_handler(HTTPException, _http_error_response)
    app.register_error_handler(OSError, lambda error: _os_error_response(error, app))
    app.register_error_handler(Exception, lambda error: _internal_error_response(app))
    for group in ROUTE_GROUPS:
        group(context).add(app)
    return app


def url_rules() -> tuple[Rule, ...]:
    """Return the URL rules of all routes; none of them can be called."""
    app = Flask(__name__, static_folder=None)
    for group in ROUTE_GROUPS:
        group(cast("AppContext", None)).add(app)
    return tuple(app.url_map.iter_rules())


def _authorize(context: AppContext) -> None:
    """Check host, origin, session and CSRF token before a request; store the session in ``g``.

    Public paths and "/" need no session (None in ``g``), reading requests no token; those of a
    read-only link have none, whoever asks. Raise
    HttpError: "foreign" for another host or site, "closed" without a session, "stale page" for a
    wrong token.
    """
    context.guard.check_host(request.host)
    context.guard.check_same_site(request.method, dict(request.headers))
    if request.path.startswith(_LINK_PATHS):
        g.session = None
        g.reader = _named_user(context)
        note(user=g.reader)
        return
    g.session = _session(context)
    if request.path.startswith(_PUBLIC_PATHS) or request.path == "/":
        return
    if g.session is None:
        raise HttpError("closed")
    if request.method not in SAFE_METHODS:
        check_token(g.session, request.headers.get(TOKEN_HEADER, ""))


def _session(context: AppContext) -> Session | None:
    """Return the session of a request: of whom the proxy names, else that of the cookie.

    A named session is nobody's without the name. Raise HttpError("too many sessions").
    """
    if user := _named_user(context):
        return context.sessions.of_user(user)
    session = context.sessions.find(request.cookies.get(context.cookie, ""))
    return None if session is not None and session.user else session


def _named_user(context: AppContext) -> str:
    """Return whom the proxy names; "" if it names nobody, or no proxy is asked."""
    return user_name(request.headers.get(context.user_header, "")) if context.user_header else ""


def user_name(header: str) -> str:
    """Return a user's name from a header in UTF-8, without unprintable characters; "" for none."""
    text = header.encode("latin-1", "replace").decode("utf-8", "replace")
    return "".join(char for char in text if char.isprintable()).strip()[:_MAX_USER_CHARS]


def _add_headers(response: Response, fingerprint: str) -> Response:
    """Add the security headers to a response, compress and return it.

    It is not cached unless it says otherwise. By the ``fingerprint`` an open page notices that the
    server is of another version.
    """
    response.headers.update(SECURITY_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    if request.path.startswith("/api/") and response.cache_control.no_store:  # else it may be old
        response.headers[PAGE_HEADER] = fingerprint
    add_etag(response, request)
    compress(response, request)
    return response


def _record(response: Response, context: AppContext) -> Response:
    """Record the request in the audit log; return the response as it is."""
    context.audit_log.record(response)
    return response


def _refusal_response(error: HttpError, context: AppContext) -> Answer:
    """Answer an HttpError as JSON; a page without a session gets ``closed.html``."""
    if error.code == "closed" and not request.path.startswith("/api/"):
        return page_answer("closed.html", context, status=error.status)
    return json_answer(error.as_json(), error.status)


def _route() -> str:
    """Return the route of the request; its path may hold the token of a link, which no log has."""
    return request.url_rule.rule if request.url_rule else request.path


def _http_error_response(error: HTTPException) -> Answer:
    """Answer Flask's own HTTP errors as JSON, in both languages."""
    code = _HTTP_ERROR_CODES.get(error.code or 0, "not understood")
    refusal = HttpError(code, limit=MAX_UPLOAD_BYTES // 1024**2)
    return json_answer(refusal.as_json(), refusal.status)


def _os_error_response(error: OSError, app: Flask) -> Answer:
    """Log an OSError, and answer HttpError("disk") as JSON."""
    app.logger.exception("%s", _route())
    refusal = HttpError("disk", reason=error.strerror or type(error).__name__)
    return json_answer(refusal.as_json(), refusal.status)


def _internal_error_response(app: Flask) -> Answer:
    """Log an exception, and answer HttpError("fault") as JSON."""
    app.logger.exception("%s", _route())
    return json_answer(HttpError("fault").as_json(), HTTPStatus.INTERNAL_SERVER_ERROR)


__all__ = ["create_app"]
