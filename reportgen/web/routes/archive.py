"""Routes for the archive: listing, archiving, download, verification."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from reportgen.archive import load, opened
from reportgen.pipeline.archive_edition import Terms
from reportgen.web import serializers, worker_tasks
from reportgen.web.routes.app_context import add_rules, workbook_of
from reportgen.web.routes.http_messages import asked_for, download, json_answer
from reportgen.web.web_translations import RefusedError

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.web.routes.app_context import House

ARCHIVING: Final = 300.0  # seconds


class Archived:
    """The routes for listing, adding to and verifying the archive."""

    def __init__(self, house: House) -> None:
        self.house = house

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        add_rules(
            app,
            ("GET", "/api/archive", self.archived),
            ("POST", "/api/archive", self.deposit),
            ("GET", "/api/archive/files/<int:number>/<path:name>", self.from_archive),
            ("POST", "/api/archive/verify", self.verify),
        )

    def archived(self) -> Answer:
        """Return the archived editions."""
        told: dict[str, Any] = {"folder": str(self.house.archive), "editions": [], "problems": []}
        if self.house.archive.exists():
            found, problems = opened(self.house.archive)
            told["problems"] = serializers.problems(problems)
            editions = found.editions if found else ()
            told["editions"] = [worker_tasks.edition(each) for each in reversed(editions)]
        return json_answer(told)

    def deposit(self) -> Answer:
        """Archive an edition."""
        asked = asked_for("item", "reprint", optional=("reprint",))
        found = workbook_of(self.house, asked["item"])
        terms = Terms(
            archive=self.house.archive,
            printed=_today(),
            reprint=asked.get("reprint") is True,
            user=self.house.user,
        )
        desk = self.house.desk
        arguments = (desk.ground, found.workbook, found.files, terms)
        kept, problems = desk.ask(desk.makers, ARCHIVING, worker_tasks.deposit, *arguments)
        told = {"archived": kept, "new": bool(kept and kept["new"])}
        return json_answer({**told, "problems": serializers.problems(problems, f"{found.folder}/")})

    def from_archive(self, number: int, name: str) -> Answer:
        """Return a file of an archived edition."""
        found, problems = opened(self.house.archive) if self.house.archive.exists() else (None, ())
        editions = found.editions if found else ()
        entry = next((each for each in editions if each.number == number), None)
        if found is None or entry is None or all(each.path != name for each in entry.files):
            raise RefusedError("gone")
        files, problems = load(found, entry)
        if name not in files:
            reason, english = (
                " ".join(each.line(language) for each in problems) for language in ("zh-TW", "en")
            )
            raise RefusedError("unreadable", reason=reason, reason_en=english)
        return download(files[name], name.rpartition("/")[2])

    def verify(self) -> Answer:
        """Verify the archive and return the result."""
        if not self.house.archive.exists():
            raise RefusedError("gone")
        desk = self.house.desk
        found, problems = desk.ask(desk.makers, ARCHIVING, worker_tasks.verify, self.house.archive)
        return json_answer({**found, "problems": serializers.problems(problems)})


def _today() -> date:
    return datetime.now().astimezone().date()
