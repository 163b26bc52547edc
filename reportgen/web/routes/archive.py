"""Routes for the archive: listing, archiving, download, verification."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from reportgen.archive import load_files, open_archive
from reportgen.pipeline.archive_edition import EditionArchiveOptions
from reportgen.web import serializers, worker_tasks
from reportgen.web.routes.app_context import add_rules, workbook_of
from reportgen.web.routes.http_messages import download, json_answer, read_json
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.routes.app_context import AppContext

ARCHIVE_TIMEOUT_S: Final = 300.0


class ArchiveRoutes:
    """The routes for listing, adding to and verifying the archive."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("GET", "/api/archive", self.list_editions),
            ("POST", "/api/archive", self.archive_edition),
            ("GET", "/api/archive/files/<int:number>/<path:name>", self.download_file),
            ("POST", "/api/archive/verify", self.verify),
        )

    def list_editions(self) -> Answer:
        """Answer with the archived editions, newest first, and the archive's problems.

        No edition, and no problem, if the archive does not exist yet.
        """
        content: dict[str, Any] = {
            "folder": str(self.context.archive),
            "editions": [],
            "problems": [],
        }
        if self.context.archive.exists():
            archive, problems = open_archive(self.context.archive)
            content["problems"] = serializers.problems_json(problems)
            editions = archive.editions if archive else ()
            content["editions"] = [worker_tasks.edition(entry) for entry in reversed(editions)]
        return json_answer(content)

    def archive_edition(self) -> Answer:
        """Archive the edition of an item; answer with its entry and the problems.

        The entry is null if nothing was archived. It is built anew in a worker. Raise HttpError as
        ``run_in_pool``.
        """
        request_json = read_json("item", "reprint", optional=("reprint",))
        item = workbook_of(self.context, request_json["item"])
        archive_options = EditionArchiveOptions(
            archive=self.context.archive,
            printed=_today(),
            reprint=request_json.get("reprint") is True,
            user=self.context.user,
        )
        manager = self.context.job_manager
        arguments = (manager.config, item.workbook, item.files, archive_options)
        archived, problems = manager.run_in_pool(
            manager.build_pool, ARCHIVE_TIMEOUT_S, worker_tasks.archive_edition, *arguments
        )
        content = {"archived": archived, "new": bool(archived and archived["new"])}
        return json_answer(
            {**content, "problems": serializers.problems_json(problems, f"{item.folder}/")}
        )

    def download_file(self, number: int, name: str) -> Answer:
        """Answer with a file of an archived edition, by its entry's number and its path.

        Raise HttpError: "gone" if there is none, "unreadable" if it is damaged.
        """
        archive, problems = (
            open_archive(self.context.archive) if self.context.archive.exists() else (None, ())
        )
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
        verified, problems = manager.run_in_pool(
            manager.build_pool, ARCHIVE_TIMEOUT_S, worker_tasks.verify, self.context.archive
        )
        return json_answer({**verified, "problems": serializers.problems_json(problems)})


def _today() -> date:
    """Return the local date of today."""
    return datetime.now().astimezone().date()
