"""Application context and helpers shared by all route groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import g

from reportgen.web.upload_jobs import Item, Kind
from reportgen.web.web_translations import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Event

    from flask import Flask

    from reportgen.problems.problem import Language
    from reportgen.web.job_manager import Desk
    from reportgen.web.preview_watcher import Live
    from reportgen.web.security import Guard
    from reportgen.web.sessions import Session, Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The objects and options that request handlers share."""

    desk: Desk
    sessions: Sessions
    guard: Guard
    archive: Path
    user: str
    language: Language
    cookie: str
    closing: Event  # set when the server is about to end
    live: Live | None = None


def add_rules(app: Flask, *rules: tuple[str, str, Callable[..., Any]]) -> None:
    """Register a handler for each (method, URL pattern)."""
    for method, address, function in rules:
        name = f"{method} {address}".replace(".", " ")
        app.add_url_rule(address, name, function, methods=[method])


def item_of(context: House, identifier: str) -> Item:
    """Return an item of this session or the live one; raise RefusedError for any other."""
    session: Session = g.session
    if context.live is not None and session.is_owner and identifier == context.live.item.id:
        return context.live.item
    return session.item(identifier)


def workbook_of(context: House, identifier: str) -> Item:
    """Return the item of a readable workbook; raise RefusedError for any other."""
    item = item_of(context, identifier)
    if item.kind is Kind.COMPARISON:
        raise RefusedError("not understood")
    if item.state.facts is None:
        raise RefusedError("not ready")
    return item
