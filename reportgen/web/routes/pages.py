"""Routes for the HTML page, its static files and signing in."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import g, redirect, request, send_file

from reportgen import __version__
from reportgen.web.routes.app_context import add_rules
from reportgen.web.routes.http_messages import LIMIT, STATIC, json_answer, page_answer
from reportgen.web.web_translations import RefusedError

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.routes.app_context import House
    from reportgen.web.sessions import Session

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}


class Pages:
    """The routes for the HTML page, its static files and signing in."""

    def __init__(self, house: House) -> None:
        self.house = house

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("GET", "/start/<token>", self.start),
            ("GET", "/", self.index),
            ("POST", "/sign-in", self.sign_in),
            ("GET", "/static/<name>", self.static),
            ("GET", "/api/session", self.session),
        )

    def start(self, token: str) -> Answer:
        """Start the owner's session from the start link and redirect to the page."""
        session: Session | None = g.session
        if session is None or not session.is_owner:
            session, old = self.house.sessions.start(token)
            _leave(self.house, old)
        return _admitted(session, self.house)

    def index(self) -> Answer:
        """Return the page, or the sign-in form if there is no session."""
        if g.session is not None:
            return page_answer("page.html", self.house, csrf=g.session.csrf)
        if self.house.sessions.has_password:
            return page_answer("sign-in.html", self.house)
        raise RefusedError("closed")

    def sign_in(self) -> Answer:
        """Start a session if the password is right."""
        if not self.house.sessions.has_password:
            raise RefusedError("not found")
        try:
            session, old = self.house.sessions.sign_in(request.form.get("password", ""))
        except RefusedError as error:
            return page_answer("sign-in.html", self.house, status=error.status, error=error.code)
        _leave(self.house, old)
        return _admitted(session, self.house)

    def static(self, name: str) -> Answer:
        """Return a static file of the page."""
        place = STATIC / name
        if not re.fullmatch(r"[a-z0-9-]+\.[a-z]+", name) or place.suffix not in _TYPES:
            raise RefusedError("not found")
        if not place.is_file():
            raise RefusedError("not found")
        answer = send_file(place, mimetype=_TYPES[place.suffix], conditional=True, etag=True)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    def session(self) -> Answer:
        """Return the settings that the page needs at its start."""
        live = self.house.live.item.id if self.house.live and g.session.is_owner else None
        told = {
            "version": __version__,
            "language": self.house.language,
            "limit": LIMIT,
            "live": live,
            "archive": str(self.house.archive),
            "busy": self.house.desk.makers.busy(),
        }
        return json_answer(told)


def _admitted(session: Session, house: House) -> Answer:
    answer = redirect("/", HTTPStatus.SEE_OTHER)
    answer.set_cookie(house.cookie, session.id, httponly=True, samesite="Strict", path="/")
    return answer


def _leave(house: House, sessions: tuple[Session, ...]) -> None:
    for session in sessions:
        for item in session.items.values():
            house.desk.discard(item)
