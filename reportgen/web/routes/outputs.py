"""Routes for the outputs of an item: pages, files, annotated copies, figures."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Response, request

from reportgen.web.routes.app_context import add_rules, item_of, workbook_of
from reportgen.web.routes.http_messages import download, json_answer, parse_day
from reportgen.web.upload_jobs import JobKind, JobStage
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.problems.problem import Language
    from reportgen.web.routes.app_context import AppContext
    from reportgen.web.upload_jobs import UploadJob

PAGE_WIDTHS_PX: Final = range(100, 4001)  # device pixels


class OutputRoutes:
    """The routes for the outputs of an item."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("GET", "/api/items/<identifier>/pages/<source>/<int:index>.png", self.page),
            ("GET", "/api/items/<identifier>/files/<name>", self.file),
            ("POST", "/api/items/<identifier>/odt", self.make_odt),
            ("GET", "/api/items/<identifier>/all.zip", self.all_files),
            ("GET", "/api/items/<identifier>/marked.xlsx", self.annotated_copy),
            ("GET", "/api/items/<identifier>/next.xlsx", self.next_edition),
            ("GET", "/api/items/<identifier>/results", self.results),
            ("GET", "/api/items/<identifier>/words", self.words),
            ("GET", "/api/blank.xlsx", self.blank),
        )

    def page(self, identifier: str, source: str, index: int) -> Answer:
        """Answer with a page as PNG, cached by the browser for ever.

        The width in pixels must be one of PAGE_WIDTHS_PX. Raise HttpError: "not understood" for any
        other width, "gone" without the page.
        """
        return page_picture(self.context, item_of(self.context, identifier), source, index)

    def file(self, identifier: str, name: str) -> Answer:
        """Answer with a file of an item as a download; HttpError("gone") without it."""
        item = item_of(self.context, identifier)
        if not any(file.name == name for file in item.state.files):
            raise HttpError("gone")
        return download(item.files / name, name)

    def make_odt(self, identifier: str) -> Answer:
        """Make the documents of an item as ODT, too; answer with the item and all its files.

        Raise HttpError as ``JobManager.make_odt``.
        """
        item = item_of(self.context, identifier)
        self.context.job_manager.make_odt(item)
        return json_answer(item.as_json())

    def all_files(self, identifier: str) -> Answer:
        """Answer with all files of an item as a ZIP; HttpError("not ready") without any."""
        item = item_of(self.context, identifier)
        names = [file.name for file in item.state.files]
        if not names:
            raise HttpError("not ready")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.write(item.files / name, name)
        facts = item.state.facts
        stem = f"{facts.agency}_{facts.edition}" if facts else Path(item.name).stem
        return download(buffer.getvalue(), f"{stem}.zip")

    def annotated_copy(self, identifier: str) -> Answer:
        """Answer with the annotated copy of the workbook.

        HttpError("not ready") before its check.
        """
        item = item_of(self.context, identifier)
        finished_stages = (JobStage.READY, JobStage.REFUSED)
        if item.kind is JobKind.COMPARISON or item.state.stage not in finished_stages:
            raise HttpError("not ready")
        language: Language = "en" if request.args.get("lang") == "en" else "zh-TW"
        copy = self.context.job_manager.annotated_copy(item, language)
        return download(copy, f"{Path(item.name).stem}_檢查{copy.suffix}")

    def next_edition(self, identifier: str) -> Answer:
        """Answer with the workbook of the next edition, revised on a day, by default today.

        Raise HttpError("not understood") for a day that is none, or of no ROC year.
        """
        item = workbook_of(self.context, identifier)
        name, content = self.context.job_manager.next_edition(item, _revision_day())
        return download(content, name)

    def results(self, identifier: str) -> Answer:
        """Answer with the JSON of all results, which exists before the pages do.

        Raise HttpError("not ready") before it is written.
        """
        return _json_file(item_of(self.context, identifier).results)

    def words(self, identifier: str) -> Answer:
        """Answer with the words on the KPIs as JSON: kpi, ROC year, column, text and cell of each.

        Raise HttpError("not ready") before they are written.
        """
        return _json_file(item_of(self.context, identifier).words)

    def blank(self) -> Answer:
        """Return a blank workbook."""
        return download(self.context.job_manager.blank(), "空白活頁簿.xlsx")


def page_picture(context: AppContext, item: UploadJob, source: str, index: int) -> Answer:
    """Answer with a page of an item as PNG; as :meth:`OutputRoutes.page`."""
    width_text = request.args.get("width", "")
    width = int(width_text) if width_text.isdecimal() and len(width_text) < 6 else 0
    if width not in PAGE_WIDTHS_PX:
        raise HttpError("not understood")
    picture = context.job_manager.rasterize(item, source, index, width)
    response = Response(picture, mimetype="image/png")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _json_file(path: Path) -> Answer:
    """Answer with a file of JSON; HttpError("not ready") before it is written."""
    if not path.is_file():
        raise HttpError("not ready")
    return Response(path.read_bytes(), mimetype="application/json")


def _revision_day() -> date | None:
    """Return the day in the query, None if there is none; raise HttpError as :func:`parse_day`."""
    text = request.args.get("revised", "")
    return parse_day(text) if text else None
