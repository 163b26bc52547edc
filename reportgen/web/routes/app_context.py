"""Application context and helpers shared by all route groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import g

from reportgen.web.audit_log import AuditLog
from reportgen.web.review_links import ReviewLinks
from reportgen.web.upload_jobs import JobKind, UploadJob
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Event

    from flask import Flask

    from reportgen.problems.problem import Language
    from reportgen.web.job_manager import JobManager
    from reportgen.web.preview_watcher import PreviewWatcher
    from reportgen.web.security import RequestGuard
    from reportgen.web.sessions import Session, Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """The objects and options that request handlers share."""

    job_manager: JobManager
    sessions: Sessions
    guard: RequestGuard
    archive: Path
    user: str
    language: Language
    cookie: str
    closing: Event  # set when the server is about to end
    is_secure: bool = False  # browsers come by HTTPS
    user_header: str = ""  # in which the proxy names the user
    archivists: frozenset[str] = frozenset()  # who may archive; empty: everybody
    approvers: frozenset[str] = frozenset()  # who may approve; empty: who may archive
    audit_log: AuditLog = field(default_factory=lambda: AuditLog(None))
    reviews: ReviewLinks = field(default_factory=ReviewLinks)
    live: PreviewWatcher | None = None

    def user_of(self, session: Session) -> str:
        """Return the name under which a session archives; "" for who came by the password.

        The owner has the name of who started the server.
        """
        return session.user or (self.user if session.is_owner else "")

    def may_archive(self, session: Session) -> bool:
        """Return whether a session may add to the archive."""
        return not self.archivists or self.user_of(session) in self.archivists

    def may_approve(self, session: Session) -> bool:
        """Return whether a session may approve archived editions, and withdraw approvals."""
        if not self.approvers:
            return self.may_archive(session)
        return self.user_of(session) in self.approvers


def add_rules(app: Flask, *rules: tuple[str, str, Callable[..., Any]]) -> None:
    """Register a handler for each (method, URL pattern); its endpoint's name is made of the two."""
    for method, address, function in rules:
        name = f"{method} {address}".replace(".", " ")
        app.add_url_rule(address, name, function, methods=[method])


def item_of(context: AppContext, identifier: str) -> UploadJob:
    """Return an item of the request's session; the live one too, to the owner.

    Raise HttpError("gone") for any other.
    """
    session: Session = g.session
    if context.live is not None and session.is_owner and identifier == context.live.item.id:
        return context.live.item
    return session.item(identifier)


def workbook_of(context: AppContext, identifier: str) -> UploadJob:
    """Return the item of a workbook that was read, with or without errors.

    Raise HttpError: "gone", "not understood" for a comparison, "not ready" before it is read.
    """
    item = item_of(context, identifier)
    if item.kind is JobKind.COMPARISON:
        raise HttpError("not understood")
    if item.state.facts is None:
        raise HttpError("not ready")
    return item
