"""Routes for the parts of an item: shared among units, handed in, and merged."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import g, request

from reportgen.model.scorecard import RocDate
from reportgen.web.audit_log import note
from reportgen.web.part_jobs import shared_zip
from reportgen.web.routes.app_context import add_rules, item_of
from reportgen.web.routes.http_messages import download, json_answer, read_json, uploaded_file_name
from reportgen.web.routes.items import workbook_item
from reportgen.web.upload_jobs import JobKind
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.api_types import PartsAnswer
    from reportgen.web.routes.app_context import AppContext
    from reportgen.web.upload_jobs import UploadJob

_SUFFIXES: Final = {"": "", "xlsx": ".xlsx", "ods": ".ods"}
_YEARS: Final = range(1912, 1912 + 999)  # of the ROC, three digits


class PartRoutes:
    """The routes for the parts of an item."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("POST", "/api/items/<identifier>/share", self.share),
            ("GET", "/api/items/<identifier>/shared.zip", self.shared),
            ("GET", "/api/items/<identifier>/parts", self.parts),
            ("POST", "/api/items/<identifier>/parts", self.hand_in),
            ("POST", "/api/items/<identifier>/parts/read", self.read),
            ("GET", "/api/items/<identifier>/parts/<name>", self.part),
            ("DELETE", "/api/items/<identifier>/parts/<name>", self.remove),
            ("GET", "/api/items/<identifier>/delivery.xlsx", self.delivery),
            ("POST", "/api/items/<identifier>/merge", self.merge),
            ("GET", "/api/items/<identifier>/workbooks/<int:number>", self.workbook),
        )

    def share(self, identifier: str) -> Answer:
        """Make a workbook for each unit, and answer with what is in shared.zip, and problems.

        Raise HttpError: "not understood" for a comparison, a day that is none, another format.
        """
        item = item_of(self.context, identifier)
        request_json = read_json("due", "format")
        suffix = _SUFFIXES.get(request_json["format"])
        if item.kind is JobKind.COMPARISON or suffix is None:
            raise HttpError("not understood")
        due = _due_day(request_json["due"])
        answer = self.context.job_manager.part_jobs.share(item, due, suffix)
        note(due=due, parts=[part["name"] for part in answer["parts"]])
        return json_answer(answer)

    def shared(self, identifier: str) -> Answer:
        """Answer with the workbooks for the units as a ZIP; HttpError("gone") before they are made.

        Those of the workbook before a merge are gone.
        """
        item = item_of(self.context, identifier)
        facts = item.state.facts
        stem = f"{facts.agency}_{facts.edition}" if facts else Path(item.name).stem
        return download(shared_zip(item), f"{stem}_填報.zip")

    def parts(self, identifier: str) -> Answer:
        """Answer with the parts of an item and their report."""
        return _parts_answer(workbook_item(g.session, identifier))

    def hand_in(self, identifier: str) -> Answer:
        """Store a part, and answer with all parts, which are read meanwhile.

        Raise HttpError: "empty" for an empty body, else as ``PartJobs.add``.
        """
        item = workbook_item(g.session, identifier)
        name = uploaded_file_name(request.headers.get("X-File-Name", ""))
        content = request.get_data(cache=False)
        if not content:
            raise HttpError("empty")
        note(name=name, size=len(content))
        self.context.job_manager.part_jobs.add(g.session, item, name, content)
        return _parts_answer(item, HTTPStatus.CREATED)

    def read(self, identifier: str) -> Answer:
        """Have the parts read again, and answer with them."""
        item = workbook_item(g.session, identifier)
        self.context.job_manager.part_jobs.read(item)
        return _parts_answer(item)

    def part(self, identifier: str, name: str) -> Answer:
        """Answer with a part as it was handed in; HttpError("gone") without it."""
        item = workbook_item(g.session, identifier)
        if name not in item.parts.files:
            raise HttpError("gone")
        return download(item.parts_folder / name, name)

    def remove(self, identifier: str, name: str) -> Answer:
        """Remove a part, and answer with the others; HttpError("gone") without it."""
        item = workbook_item(g.session, identifier)
        self.context.job_manager.part_jobs.remove(item, name)
        return _parts_answer(item)

    def delivery(self, identifier: str) -> Answer:
        """Answer with the report as a workbook; HttpError("not ready") before it is made."""
        item = workbook_item(g.session, identifier)
        report = item.parts.report
        if report is None or not report["units"]:
            raise HttpError("not ready")
        language = "en" if request.args.get("lang") == "en" else "zh-TW"
        name = f"{Path(item.name).stem}_填報狀況.xlsx"
        return download(item.merges / report["key"] / f"delivery-{language}.xlsx", name)

    def merge(self, identifier: str) -> Answer:
        """Merge the parts as their report says, and answer with what is left to merge.

        Raise HttpError as ``PartJobs.merge``.
        """
        item = workbook_item(g.session, identifier)
        request_json = read_json("key")
        is_partial = request_json.get("partial") is True
        jobs = self.context.job_manager.part_jobs
        report = jobs.merge(item, request_json["key"], is_partial=is_partial)
        files = dict.fromkeys(change["part"] for change in report["changes"])
        note(cells=len(report["changes"]), partial=is_partial, parts=list(files))
        return _parts_answer(item)

    def workbook(self, identifier: str, number: int) -> Answer:
        """Answer with a workbook of an item: one from before a merge, or the last, the present one.

        Raise HttpError("gone") for another number.
        """
        item = workbook_item(g.session, identifier)
        earlier = item.earlier
        if number == len(earlier):
            return download(item.workbook, item.name)
        if number > len(earlier):
            raise HttpError("gone")
        return download(earlier[number].path, _earlier_name(item, number))


def _parts_answer(item: UploadJob, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """Answer with the parts of an item and their report; nothing in it before the first reading."""
    parts, earlier = item.parts, item.earlier
    report = parts.report
    content: PartsAnswer = {
        "stage": parts.stage.value,
        "due": parts.due,
        "files": [{"name": name, "size": _size(item.parts_folder / name)} for name in parts.files],
        "workbook": len(earlier),
        "earlier": [
            {
                "number": number,
                "name": _earlier_name(item, number),
                "replaced": datetime.fromtimestamp(workbook.replaced, UTC).isoformat(
                    "T", "seconds"
                ),
            }
            for number, workbook in reversed(list(enumerate(earlier)))
        ],
        "key": report["key"] if report else "",
        "units": report["units"] if report else [],
        "changes": report["changes"] if report else [],
        "problems": report["problems"] if report else [],
    }
    return json_answer(content, status)


def _earlier_name(item: UploadJob, number: int) -> str:
    """Return the file name of the workbook from before a merge; ``number`` counts from 0."""
    name = Path(item.name)
    return f"{name.stem}_第{number + 1}次併入前{name.suffix}"


def _size(path: Path) -> int:
    """Return the size of a file in bytes; 0 if it was just removed."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _due_day(text: str) -> str:
    """Return an ISO 8601 day as parts show it, 106-01-20; "" for none.

    Raise HttpError("not understood") for another text, and for a day of no ROC year.
    """
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise HttpError("not understood") from None
    if day.year not in _YEARS:
        raise HttpError("not understood")
    return RocDate.from_date(day).edition
