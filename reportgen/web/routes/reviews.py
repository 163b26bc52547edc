"""Routes for read-only links: the owner's side, and the reader's, who has no session."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING

from flask import Response, g, request

from reportgen.web.audit_log import note
from reportgen.web.job_manager import RASTERIZE_TIMEOUT_S
from reportgen.web.review_links import MAX_NAME_CHARS
from reportgen.web.review_tasks import pages_only
from reportgen.web.routes.app_context import add_rules
from reportgen.web.routes.http_messages import download, json_answer, page_answer, read_json
from reportgen.web.routes.outputs import page_picture
from reportgen.web.security import TOKEN_HEADER
from reportgen.web.upload_jobs import JobKind, JobStage, document_json, file_json
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.api_types import (
        DocumentJson,
        RemarkJson,
        RemarksAnswer,
        ReviewAnswer,
        ReviewLinkAnswer,
    )
    from reportgen.web.review_links import Remark, Review
    from reportgen.web.routes.app_context import AppContext
    from reportgen.web.upload_jobs import PreviewedDocument, UploadJob


class ReviewRoutes:
    """The routes for read-only links with remarks."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        link, reader = "/api/items/<identifier>/review", "/api/review/<token>"
        add_rules(
            app,
            ("GET", link, self.link),
            ("POST", link, self.create),
            ("DELETE", link, self.withdraw),
            ("GET", "/review/<token>", self.page),
            ("GET", reader, self.review),
            ("GET", f"{reader}/pages/<source>/<int:index>.png", self.picture),
            ("GET", f"{reader}/files/<name>", self.file),
            ("POST", f"{reader}/remarks", self.add_remark),
        )

    def link(self, identifier: str) -> Answer:
        """Answer with the link of an item of the session, and all remarks."""
        item: UploadJob = g.session.item(identifier)
        return json_answer(_link_json(self.context.reviews.review_of(item)))

    def create(self, identifier: str) -> Answer:
        """Make the link of a ready item, or keep the one that it has, and answer with it.

        Raise HttpError: "gone" for an item that is not the session's own, "not ready" before it is.
        """
        item: UploadJob = g.session.item(identifier)
        if item.kind is JobKind.LIVE:
            raise HttpError("gone")
        if item.state.stage is not JobStage.READY:
            raise HttpError("not ready")
        return json_answer(_link_json(self.context.reviews.create(item)), HTTPStatus.CREATED)

    def withdraw(self, identifier: str) -> Answer:
        """End the link of an item; its remarks stay."""
        self.context.reviews.withdraw(g.session.item(identifier))
        return Response(status=HTTPStatus.NO_CONTENT)

    def page(self, token: str) -> Answer:
        """Answer with the reader's page, which says itself if the link has ended."""
        try:
            item, _ = self.context.reviews.open(token)
        except HttpError as error:
            return page_answer("review.html", self.context, status=error.status)
        note(identifier=item.id)
        return page_answer("review.html", self.context, csrf=token)

    def review(self, token: str) -> Answer:
        """Answer with the item's pages, PDFs and the remarks of this link."""
        item, review = self.context.reviews.open(token)
        facts = item.state.facts
        content: ReviewAnswer = {
            "reader": g.reader[:MAX_NAME_CHARS],
            "title": facts.title if facts else item.name,
            "agency": facts.agency if facts else "",
            "edition": facts.edition if facts else "",
            "status": facts.status if facts else "",
            "expires": review.expires,
            "documents": [_document(document, item.kind) for document in item.state.documents],
            "files": [file_json(file) for file in item.state.files if file.format == "pdf"],
            "remarks": _remarks_json(review.own_remarks),
        }
        return json_answer(content)

    def picture(self, token: str, source: str, index: int) -> Answer:
        """Answer with a page as PNG; as ``OutputRoutes.page``."""
        item, _ = self.context.reviews.open(token)
        return page_picture(self.context, item, source, index)

    def file(self, token: str, name: str) -> Answer:
        """Answer with the pages of a PDF, without what is attached to it, such as the workbook.

        Raise HttpError("gone") for any other file.
        """
        item, _ = self.context.reviews.open(token)
        note(identifier=item.id)
        files = [file.name for file in item.state.files if file.format == "pdf"]
        if name not in files:
            raise HttpError("gone")
        manager = self.context.job_manager
        content = manager.run_in_pool(
            manager.raster_pool, RASTERIZE_TIMEOUT_S, pages_only, item.files / name
        )
        return download(content, f"{Path(name).stem}_審閱.pdf")

    def add_remark(self, token: str) -> Answer:
        """Add a remark; answer with all remarks of this link.

        Raise HttpError: "stale page" without the link's token in the header, which a form of
        another site cannot send, else as :meth:`ReviewLinks.add_remark`.
        """
        item, _ = self.context.reviews.open(token)
        if request.headers.get(TOKEN_HEADER, "") != token:
            raise HttpError("stale page")
        remark = read_json("name", "text", "document")
        page, version = remark.get("page"), remark.get("workbook_version")
        if type(page) is not int or type(version) not in (int, NoneType):
            raise HttpError("not understood")
        note(identifier=item.id, name=remark["name"][:100], page=page)
        review = self.context.reviews.add_remark(
            token,
            remark["name"],
            remark["text"],
            remark["document"],
            page,
            workbook_version=version,
        )
        content: RemarksAnswer = {"remarks": _remarks_json(review.own_remarks)}
        return json_answer(content, HTTPStatus.CREATED)


def _document(document: PreviewedDocument, kind: JobKind) -> DocumentJson:
    """Return a document as JSON, without regions: of figures, and of what its owner changed."""
    shown = document_json(document, kind)
    return {**shown, "pages": [{**page, "places": [], "changes": []} for page in shown["pages"]]}


def _link_json(review: Review) -> ReviewLinkAnswer:
    """Return an item's link as JSON, for who made it."""
    return {
        "token": review.token or None,
        "expires": review.expires or None,
        "remarks": _remarks_json(review.remarks),
    }


def _remarks_json(remarks: Iterable[Remark]) -> list[RemarkJson]:
    """Return remarks as JSON, in their order."""
    return [
        {
            "name": remark.name,
            "text": remark.text,
            "document": remark.document,
            "workbook_version": remark.workbook_version,
            "page": remark.page,
            "time": remark.time,
        }
        for remark in remarks
    ]
