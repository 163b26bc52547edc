"""Routes for the HTML page, its static files and signing in."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, current_app, g, redirect, request, send_file

from reportgen import __version__
from reportgen.web.openapi import describe_api
from reportgen.web.part_jobs import MAX_PART_BYTES
from reportgen.web.routes.app_context import add_rules
from reportgen.web.routes.http_messages import (
    MAX_UPLOAD_BYTES,
    STATIC_FOLDER,
    json_answer,
    page_answer,
)
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.api_types import HealthAnswer, SessionAnswer
    from reportgen.web.routes.app_context import AppContext
    from reportgen.web.sessions import Session

_CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}


class PageRoutes:
    """The routes for the HTML page, its static files and signing in."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("GET", "/start/<token>", self.start),
            ("GET", "/", self.index),
            ("POST", "/sign-in", self.sign_in),
            ("POST", "/api/sign-out", self.sign_out),
            ("GET", "/static/<name>", self.static),
            ("GET", "/healthz", self.health),
            ("GET", "/api/session", self.session),
            ("GET", "/api/openapi.json", self.openapi),
        )

    def start(self, token: str) -> Answer:
        """Start the owner's session from the start link, or keep it, and redirect to the page.

        Raise HttpError("closed") for a wrong token.
        """
        session: Session | None = g.session
        if session is None or not session.is_owner:
            session = self.context.sessions.start(token)
        return _start_session(session, self.context)

    def index(self) -> Answer:
        """Answer with the page, or with the sign-in form if there is no session.

        Raise HttpError("closed") without a session where no password is set.
        """
        if g.session is not None:
            page = page_answer("page.html", self.context, csrf=g.session.csrf)
            if g.session.user:  # large uploads are refused by their header without the cookie
                _set_cookie(page, g.session, self.context)
            return page
        if self.context.sessions.has_password:
            return page_answer("sign-in.html", self.context)
        raise HttpError("closed")

    def sign_in(self) -> Answer:
        """Start a session and redirect to the page; show the form again for a wrong password.

        Raise HttpError("not found") where no password is set.
        """
        if not self.context.sessions.has_password:
            raise HttpError("not found")
        try:
            address = request.remote_addr or ""
            session = self.context.sessions.sign_in(request.form.get("password", ""), address)
        except HttpError as error:
            page = page_answer("sign-in.html", self.context, status=error.status, error=error)
            if seconds := error.fields.get("seconds"):
                page.headers["Retry-After"] = str(seconds)
            return page
        return _start_session(session, self.context)

    def sign_out(self) -> Answer:
        """End the session and its cookie; answer without content.

        Its items are removed, unless it is lasting.
        """
        self.context.sessions.sign_out(g.session)
        response = Response(status=HTTPStatus.NO_CONTENT)
        response.delete_cookie(
            self.context.cookie,
            path=f"{request.script_root}/",
            secure=self.context.is_secure,  # or a browser ignores it, for a name with __Secure-
            httponly=True,
            samesite="Strict",
        )
        return response

    def openapi(self) -> Answer:
        """Answer with the OpenAPI description of all routes."""
        return json_answer(describe_api(current_app.url_map.iter_rules()))

    def static(self, name: str) -> Answer:
        """Answer with a static file of the page; HttpError("not found") for any other name."""
        path = STATIC_FOLDER / name
        if not re.fullmatch(r"[a-z0-9-]+\.[a-z]+", name) or path.suffix not in _CONTENT_TYPES:
            raise HttpError("not found")
        if not path.is_file():
            raise HttpError("not found")
        response = send_file(
            path, mimetype=_CONTENT_TYPES[path.suffix], conditional=True, etag=True
        )
        response.headers["Cache-Control"] = "no-cache"
        return response

    def health(self) -> Answer:
        """Answer to who watches over the server; 503 while it ends."""
        content: HealthAnswer = {
            "ok": not self.context.closing.is_set(),
            "busy": self.context.job_manager.build_pool.busy(),
        }
        status = HTTPStatus.OK if content["ok"] else HTTPStatus.SERVICE_UNAVAILABLE
        return json_answer(content, status)

    def session(self) -> Answer:
        """Answer with version, language, limits in bytes, live item, archive and load.

        Signing out makes sense if it ``has_others``: whom the proxy names it would name again.
        """
        live_id = self.context.live.item.id if self.context.live and g.session.is_owner else None
        content: SessionAnswer = {
            "version": __version__,
            "language": self.context.language,
            "limit": MAX_UPLOAD_BYTES,
            "part_limit": min(MAX_PART_BYTES, MAX_UPLOAD_BYTES),
            "live": live_id,
            "archive": str(self.context.archive),
            "user": g.session.user,
            "may_archive": self.context.may_archive(g.session),
            "has_others": self.context.sessions.has_password and not g.session.user,
            "is_lasting": g.session.is_lasting,
            "busy": self.context.job_manager.build_pool.busy(),
        }
        return json_answer(content)


def _start_session(session: Session, context: AppContext) -> Answer:
    """Answer with the session's cookie and a redirect to the page."""
    g.session = session
    response = redirect(f"{request.script_root}/", HTTPStatus.SEE_OTHER)
    _set_cookie(response, session, context)
    return response


def _set_cookie(response: Answer, session: Session, context: AppContext) -> None:
    """Set the session's cookie."""
    response.set_cookie(
        context.cookie,
        session.id,
        httponly=True,
        samesite="Strict",
        path=f"{request.script_root}/",
        secure=context.is_secure,
    )
