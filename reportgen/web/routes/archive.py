"""Routes for the archive: listing, archiving, download, verification."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from flask import g, request

from reportgen.archive import find_edition, identify_file, load_files, open_archive
from reportgen.atomic_files import safe_file_name
from reportgen.model.scorecard import DataStatus
from reportgen.pipeline.archive_edition import EditionArchiveOptions
from reportgen.problems import has_errors
from reportgen.web import serializers, worker_tasks
from reportgen.web.audit_log import note
from reportgen.web.routes.app_context import add_rules, workbook_of
from reportgen.web.routes.http_messages import download, json_answer, read_json, uploaded_file_name
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.archive import Archive, ArchiveReceipt, LogEntry
    from reportgen.problems import Problem
    from reportgen.web.api_types import (
        ArchiveAnswer,
        ArchiveReceiptAnswer,
        FoundAnswer,
        IdentifiedAnswer,
        ProblemJson,
        VerifiedAnswer,
    )
    from reportgen.web.routes.app_context import AppContext

ARCHIVE_TIMEOUT_S: Final = 300.0
_MAX_CODE_CHARS: Final = 200


class ArchiveRoutes:
    """The routes for listing, adding to and verifying the archive."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("GET", "/api/archive", self.list_editions),
            ("GET", "/api/archive/find", self.find),
            ("POST", "/api/archive", self.archive_edition),
            ("GET", "/api/archive/files/<int:number>/<path:name>", self.download_file),
            ("POST", "/api/archive/identify", self.identify),
            ("POST", "/api/archive/verify", self.verify),
        )

    def list_editions(self) -> Answer:
        """Answer with the archived editions, newest first, and the archive's problems.

        No edition, and no problem, if the archive does not exist yet.
        """
        archive, problems = self._open()
        editions = archive.editions if archive else ()
        current = current_editions(editions)
        content: ArchiveAnswer = {
            "folder": str(self.context.archive),
            "editions": [
                serializers.edition_json(archive, entry, is_current=entry.number in current)
                for entry in reversed(editions)
                if archive
            ],
            "problems": serializers.problems_json(problems),
        }
        return json_answer(content)

    def find(self) -> Answer:
        """Answer with the edition whose pages carry a code, or why there is none."""
        archive, problems = self._open()
        entry = None
        if archive is not None:
            entry, problems = find_edition(archive, request.args.get("code", "")[:_MAX_CODE_CHARS])
        content: FoundAnswer = {
            "id": str(entry.number) if entry else None,
            "problems": serializers.problems_json(problems),
        }
        return json_answer(content)

    def identify(self) -> Answer:
        """Answer with the archived files that have the uploaded bytes.

        Raise HttpError: "gone" without an archive, "empty" for an empty body.
        """
        name = uploaded_file_name(request.headers.get("X-File-Name", ""))
        content = request.get_data(cache=False)
        archive, problems = self._open()
        if not content:
            raise HttpError("empty")
        if archive is None:
            raise HttpError("gone")
        with TemporaryDirectory(prefix="reportgen-identify-") as folder:
            path = Path(folder, safe_file_name(name))
            path.write_bytes(content)
            identified, problems = identify_file(archive, path)
        matches = identified.matches if identified else ()
        answer: IdentifiedAnswer = {
            "sha256": identified.sha256 if identified else "",
            "matches": [
                {
                    "id": str(match.entry.number),
                    "edition": f"{match.entry.agency} {match.entry.name}",
                    "name": match.file.path,
                }
                for match in matches
            ],
            "problems": serializers.problems_json(problems, f"{folder}/"),
        }
        return json_answer(answer)

    def archive_edition(self) -> Answer:
        """Archive the edition of an item; answer with its entry and the problems.

        The entry is null if nothing was archived. It is built anew in a worker. Raise HttpError
        "not archivist" for who may not, else as ``run_in_pool``.
        """
        request_json = read_json("item", "reprint", optional=("reprint",))
        item = workbook_of(self.context, request_json["item"])
        if not self.context.may_archive(g.session):
            raise HttpError("not archivist")
        archive_options = EditionArchiveOptions(
            archive=self.context.archive,
            printed=_today(),
            reprint=request_json.get("reprint") is True,
            user=self.context.user_of(g.session) or self.context.user,
        )
        manager = self.context.job_manager
        arguments = (manager.config, item.workbook, item.files, archive_options)
        receipt, problems = manager.run_in_pool(
            manager.build_pool, ARCHIVE_TIMEOUT_S, worker_tasks.archive_edition, *arguments
        )
        note(
            item=item.id,
            edition=f"{receipt.entry.agency} {receipt.entry.name}" if receipt else "",
            new=receipt is not None and receipt.new,
            problems=[problem.code for problem in problems],
        )
        problem_list = serializers.problems_json(problems, f"{item.folder}/")
        return receipt_answer(self.context, receipt, problem_list)

    def _open(self) -> tuple[Archive | None, tuple[Problem, ...]]:
        """Open the archive; None if it does not exist yet, and if it cannot be read."""
        return open_archive(self.context.archive) if self.context.archive.exists() else (None, ())

    def download_file(self, number: int, name: str) -> Answer:
        """Answer with a file of an archived edition, by its entry's number and its path.

        Raise HttpError: "gone" if there is none, "unreadable" if it is damaged.
        """
        archive, problems = self._open()
        editions = archive.editions if archive else ()
        entry = next((entry for entry in editions if entry.number == number), None)
        if archive is None or entry is None or all(file.path != name for file in entry.files):
            raise HttpError("gone")
        files, problems = load_files(archive, entry)
        if name not in files:
            reason, english = (
                " ".join(problem.line(language) for problem in problems)
                for language in ("zh-TW", "en")
            )
            raise HttpError("unreadable", reason=reason, reason_en=english)
        return download(files[name], name.rpartition("/")[2])

    def verify(self) -> Answer:
        """Verify the archive; answer with the result and problems, HttpError "gone" without one."""
        if not self.context.archive.exists():
            raise HttpError("gone")
        manager = self.context.job_manager
        verified, head, problems = manager.run_in_pool(
            manager.build_pool, ARCHIVE_TIMEOUT_S, worker_tasks.verify, self.context.archive
        )
        content: VerifiedAnswer = {
            "ok": verified is not None and not has_errors(problems),
            "editions": verified.editions if verified else 0,
            "files": verified.files if verified else 0,
            "size": verified.size if verified else 0,
            "head": head,
            "problems": serializers.problems_json(problems),
        }
        return json_answer(content)


def receipt_answer(
    context: AppContext, receipt: ArchiveReceipt | None, problems: list[ProblemJson]
) -> Answer:
    """Answer with what was archived, or with the reasons why nothing was."""
    archive = open_archive(context.archive)[0] if receipt else None
    content: ArchiveReceiptAnswer = {
        "archived": serializers.edition_json(
            archive,
            receipt.entry,
            is_current=receipt.entry.number in current_editions(archive.editions),
        )
        if archive and receipt
        else None,
        "new": receipt is not None and receipt.new,
        "head": receipt.head.code if receipt else "",
        "problems": problems,
    }
    return json_answer(content)


def current_editions(editions: Iterable[LogEntry]) -> frozenset[int]:
    """Return the numbers of the entries in force: of each agency the latest edition.

    Of its prints it is the last; a draft is in force only where there is nothing else.
    """
    latest: dict[str, LogEntry] = {}
    for entry in editions:
        known = latest.get(entry.agency)
        if known is None or _precedence(entry) >= _precedence(known):
            latest[entry.agency] = entry
    return frozenset(entry.number for entry in latest.values())


def _precedence(entry: LogEntry) -> tuple[bool, str, int]:
    """Return what decides between an agency's editions; editions are days of ROC years."""
    return entry.status != DataStatus.DRAFT.value, entry.edition, entry.reprint


def _today() -> date:
    """Return the local date of today."""
    return datetime.now().astimezone().date()
