"""Routes for single archived editions: approval, print of it, restoring, comparison."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import g

from reportgen.approval import EditionApproval, SlipRequest
from reportgen.approval.approval_state import withdrawable
from reportgen.approval.slip import KEY_FILE, SIGNATURE_FILE, SLIP_FILE
from reportgen.archive import load_files, open_archive
from reportgen.archive.submission_package import SOURCE
from reportgen.atomic_files import safe_file_name
from reportgen.pipeline.archive_edition import EditionArchiveOptions
from reportgen.problems import has_errors
from reportgen.web import archive_tasks, serializers
from reportgen.web.audit_log import note
from reportgen.web.job_manager import REQUEST_TIMEOUT_S
from reportgen.web.previous_figures import previous_figures
from reportgen.web.routes.app_context import add_rules, workbook_of
from reportgen.web.routes.archive import ARCHIVE_TIMEOUT_S, receipt_answer
from reportgen.web.routes.http_messages import (
    download,
    json_answer,
    parse_day,
    read_json,
)
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from flask import Flask
    from werkzeug.wrappers import Response as Answer

    from reportgen.approval import CheckedSlip, SlipReceipt
    from reportgen.archive import Archive, LogEntry
    from reportgen.problems import Problem
    from reportgen.web.api_types import (
        ApprovalAnswer,
        ApprovalJson,
        PreviousAnswer,
        SlipJson,
        SlipReceiptAnswer,
    )
    from reportgen.web.routes.app_context import AppContext

SLIP_FILES: Final = (SLIP_FILE, SIGNATURE_FILE, KEY_FILE)


class ApprovalRoutes:
    """The routes for approvals of archived editions."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def add(self, app: Flask) -> None:
        """Register the URL rules of this group."""
        edition = "/api/archive/<int:number>"
        add_rules(
            app,
            ("GET", f"{edition}/approval", self.approval),
            ("POST", f"{edition}/approval", self.approve),
            ("POST", f"{edition}/withdrawal", self.withdraw),
            ("GET", f"{edition}/slips/<int:slip>/<name>", self.slip_file),
            ("POST", f"{edition}/approved.zip", self.print_approved),
            ("POST", f"{edition}/approved-reprint", self.archive_approved),
            ("GET", f"{edition}/restored.zip", self.restore),
            ("POST", "/api/archive/comparisons", self.compare),
            ("GET", "/api/items/<identifier>/previous", self.previous),
        )

    def approval(self, number: int) -> Answer:
        """Answer with the approval of an edition, as it is for its newest print."""
        self._entry(number)
        approval, problems = self._run(
            REQUEST_TIMEOUT_S, archive_tasks.read_approval, self.context.archive, number
        )
        content: ApprovalAnswer = {
            "approval": approval and self._approval_json(approval),
            "problems": serializers.problems_json(problems),
        }
        return json_answer(content)

    def approve(self, number: int) -> Answer:
        """Approve an edition in the name of who is signed in; answer with its approval.

        Refused (E659) if ``number`` is not the newest print. Raise HttpError: as :meth:`_write`,
        "not understood" for a day that is none.
        """
        request_json = read_json("role", "name", "remark", "date")
        return self._write(
            number,
            request_json["name"],
            request_json["remark"],
            request_json["date"],
            role=request_json["role"],
        )

    def withdraw(self, number: int) -> Answer:
        """Withdraw a slip, which needs a reason; answer with the edition's approval.

        Raise HttpError as :meth:`_write`.
        """
        request_json = read_json("name", "remark")
        slip = request_json.get("number")
        if type(slip) is not int or slip < 1:
            raise HttpError("not understood")
        return self._write(number, request_json["name"], request_json["remark"], withdraws=slip)

    def _write(
        self,
        number: int,
        name: str,
        remark: str,
        day: str = "",
        *,
        role: str = "",
        withdraws: int = 0,
    ) -> Answer:
        """Write a slip and answer with the edition's approval, or with the reasons against it.

        Raise HttpError: "not approver" for who may not, "other name" for a name that is not that of
        whom the proxy names, "gone" without the edition, "not understood" for a day that is none.
        """
        entry = self._entry(number)
        note(edition=f"{entry.agency} {entry.name}", name=name, **({"role": role} if role else {}))
        if withdraws:
            note(slip=withdraws)
        self._check_approver()
        user = g.session.user
        if user and name.strip() != user:
            raise HttpError("other name", user=user)
        today = _today()
        request = SlipRequest(
            edition=entry.edition,
            agency=entry.agency,
            role=role,
            names=(name.strip(),),
            day=parse_day(day) if day else today,
            today=today,
            remark=remark.strip(),
            withdraws=withdraws,
            entry=number,
            user=self.context.user_of(g.session) or self.context.user,
        )
        result: tuple[SlipReceipt | None, tuple[Problem, ...]] = self._run(
            REQUEST_TIMEOUT_S, archive_tasks.write_slip, self.context.archive, request
        )
        receipt, problems = result
        note(written=receipt.slip.number if receipt else None, problems=_codes(problems))
        content: SlipReceiptAnswer = {
            "written": receipt.slip.number if receipt else None,
            "head": receipt.head.code if receipt else "",
            "approval": self._approval_json(receipt.approval) if receipt else None,
            "problems": serializers.problems_json(problems),
        }
        return json_answer(content)

    def slip_file(self, number: int, slip: int, name: str) -> Answer:
        """Answer with a file of a slip, whatever its state is; HttpError("gone") without it."""
        self._entry(number)
        approval, _ = self._run(
            REQUEST_TIMEOUT_S, archive_tasks.read_approval, self.context.archive, number
        )
        slips = approval.slips if approval else ()
        if (
            name not in SLIP_FILES
            or not 1 <= slip <= len(slips)
            or name not in slips[slip - 1].files
        ):
            raise HttpError("gone")
        return download(slips[slip - 1].files[name], name)

    def print_approved(self, number: int) -> Answer:
        """Answer with the documents with the approvals printed, as a ZIP.

        Raise HttpError: "not made" with the reasons, "gone" without the edition.
        """
        entry = self._entry(number)
        note(edition=f"{entry.agency} {entry.name}")
        manager = self.context.job_manager
        content, problems = self._run(
            ARCHIVE_TIMEOUT_S,
            archive_tasks.print_approved,
            manager.config,
            self.context.archive,
            number,
        )
        if not content:
            raise HttpError("not made", **_reasons(problems))
        return download(content, f"{_file_stem(entry)}_核可.zip")

    def archive_approved(self, number: int) -> Answer:
        """Archive a reprint with the approvals printed; answer with its entry and the problems.

        Raise HttpError: "not archivist" for who may not, "gone" without the edition.
        """
        entry = self._entry(number)
        if not self.context.may_archive(g.session):
            raise HttpError("not archivist")
        options = EditionArchiveOptions(
            archive=self.context.archive,
            printed=_today(),
            reprint=True,
            user=self.context.user_of(g.session) or self.context.user,
        )
        receipt, problems = self._run(
            ARCHIVE_TIMEOUT_S,
            archive_tasks.archive_approved,
            self.context.job_manager.config,
            number,
            options,
        )
        note(
            edition=f"{entry.agency} {receipt.entry.name if receipt else entry.name}",
            new=receipt is not None and receipt.new,
            problems=_codes(problems),
        )
        return receipt_answer(self.context, receipt, serializers.problems_json(problems))

    def restore(self, number: int) -> Answer:
        """Answer with all files of an edition as a ZIP, in folders as ``archive restore`` has them.

        Raise HttpError: "damaged" with the reasons if a file is, "gone" without the edition.
        """
        entry = self._entry(number)
        note(edition=f"{entry.agency} {entry.name}")
        archive, problems = self._open()
        files, more = load_files(archive, entry) if archive else ({}, ())
        if not files or has_errors(more):
            raise HttpError("damaged", **_reasons((*problems, *more)))
        stem = _file_stem(entry)
        contents = {f"{stem}/{path}": content for path, content in files.items()}
        return download(archive_tasks.zip_bytes(contents), f"{stem}.zip")

    def compare(self) -> Answer:
        """Queue the comparison of an archived edition with a workbook; answer with the new item.

        Raise HttpError: "gone" without the edition, "damaged" if its workbook is, else as
        :func:`workbook_of`.
        """
        request_json = read_json("new")
        number = request_json.get("edition")
        if type(number) is not int:
            raise HttpError("not understood")
        newer = workbook_of(self.context, request_json["new"])
        entry = self._entry(number)
        archive, problems = self._open()
        files, more = load_files(archive, entry) if archive else ({}, ())
        path = next((path for path in files if path.startswith(f"{SOURCE}/")), None)
        if path is None:
            raise HttpError("damaged", **_reasons((*problems, *more)))
        older = (path.rpartition("/")[2], files[path])
        label = f"{entry.agency} {entry.name}"
        item = self.context.job_manager.compare_contents(g.session, label, older, newer)
        note(identifier=item.id, edition=label, new=newer.id)
        return json_answer(item.as_json(), HTTPStatus.CREATED)

    def previous(self, identifier: str) -> Answer:
        """Answer with what the agency's archived edition of an earlier year printed."""
        item = workbook_of(self.context, identifier)
        facts = item.state.facts
        archive, problems = self._open()
        if archive is None or facts is None:
            problem_list = serializers.problems_json(problems)
            nothing: PreviousAnswer = {
                "edition": None,
                "year": None,
                "figures": [],
                "problems": problem_list,
            }
            return json_answer(nothing)
        return json_answer(previous_figures(archive, facts.agency, facts.edition))

    def _check_approver(self) -> None:
        """Raise HttpError("not approver") unless the session may approve."""
        if not self.context.may_approve(g.session):
            raise HttpError("not approver")

    def _open(self) -> tuple[Archive | None, tuple[Problem, ...]]:
        """Open the archive; None if it does not exist yet, and if it cannot be read."""
        return open_archive(self.context.archive) if self.context.archive.exists() else (None, ())

    def _entry(self, number: int) -> LogEntry:
        """Return the edition of a number; raise HttpError("gone") if there is none."""
        entry = archive_tasks.edition_entry(self._open()[0], number)
        if entry is None:
            raise HttpError("gone")
        return entry

    def _run(self, seconds: float, function: Any, *arguments: Any) -> Any:
        """Run a task in a worker and return its result; raise HttpError as ``run_in_pool``."""
        manager = self.context.job_manager
        return manager.run_in_pool(manager.build_pool, seconds, function, *arguments)

    def _approval_json(self, approval: EditionApproval) -> ApprovalJson:
        """Return an approval as JSON, with what this session may do."""
        latest = approval.approved[-1:]
        upcoming = (approval.next_round,) if approval.next_round else ()
        return {
            "id": str(approval.entry.number),
            "name": approval.entry.name,
            "rounds": list(approval.rounds),
            "approved": list(approval.approved),
            "next": approval.next_round or None,
            "open_rounds": [] if approval.has_invalid_slips else [*upcoming, *latest],
            "may_approve": self.context.may_approve(g.session),
            "slips": [slip_json(checked, approval) for checked in approval.slips],
        }


def slip_json(checked: CheckedSlip, approval: EditionApproval) -> SlipJson:
    """Return a slip of an approval as JSON."""
    slip = checked.slip
    return {
        "folder": checked.folder,
        "state": checked.state.value,
        "time": checked.time,
        "number": slip.number if slip else None,
        "role": slip.role if slip else None,
        "names": list(slip.names) if slip else [],
        "date": slip.date if slip else None,
        "remark": slip.remark if slip else "",
        "withdraws": (slip.withdraws or None) if slip else None,
        "can_be_withdrawn": slip is not None
        and not approval.has_invalid_slips
        and withdrawable(approval.valid, slip.number),
        "voided_by": checked.voided_by,
        "changed_figures": [
            {"figure": change.figure, "was": change.was or None, "now": change.now or None}
            for change in checked.changes.figures
        ],
        "changed_files": list(checked.changes.files),
        "key": (slip.key or None) if slip else None,
        "signature_checked": checked.is_signature_checked,
        "files": [name for name in SLIP_FILES if name in checked.files],
    }


def _codes(problems: Iterable[Problem]) -> list[str]:
    """Return the codes of problems, for the audit log."""
    return [problem.code for problem in problems]


def _reasons(problems: Iterable[Problem]) -> dict[str, str]:
    """Return ``reason`` and ``reason_en`` of an HttpError: the errors among problems."""
    errors = [problem for problem in problems if has_errors([problem])][:3]
    return {
        "reason": "".join(problem.line("zh-TW") for problem in errors),
        "reason_en": " ".join(problem.line("en") for problem in errors),
    }


def _file_stem(entry: LogEntry) -> str:
    """Return the name of an edition's folder, as ``archive restore`` gives it."""
    suffix = f"_{entry.reprint}" if entry.reprint else ""
    return f"{safe_file_name(entry.agency)}_{entry.edition}{suffix}"


def _today() -> date:
    """Return the local date of today."""
    return datetime.now().astimezone().date()
