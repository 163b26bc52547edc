"""Approvals to be printed in the 核章欄: only for the very content that was approved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from reportgen.approval import edition_approval
from reportgen.approval.approval_state import describe_changes
from reportgen.approval.approved_content import (
    ArchivedContents,
    ContentChanges,
    content_changes,
    differing_files,
)
from reportgen.approval.slip import (
    KEY_FILE,
    SIGNATURE_FILE,
    SLIP_FILE,
    InvalidSlipError,
    Slip,
    parse_slip,
)
from reportgen.archive import find_edition, open_archive
from reportgen.archive.digests import sha256
from reportgen.archive.submission_package import SOURCE, TEMPLATES
from reportgen.model.scorecard import CellRef, RocDate, Text
from reportgen.problems import has_errors, make_problem
from reportgen.provenance.manifest import template_files
from reportgen.render.templates.sign_off_box import SignOff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportgen.documents import Document
    from reportgen.pipeline.build_result import BuildSource
    from reportgen.pipeline.settings import Settings
    from reportgen.problems import Problem
    from reportgen.render.templates.template_engine import Template

_ATTACHED_SUFFIXES: Final = {SLIP_FILE: "json", SIGNATURE_FILE: "sig", KEY_FILE: "pem"}


@dataclass(frozen=True, slots=True)
class PrintedApprovals:
    """The approvals that documents print, and their slips, which travel in each PDF."""

    sign_offs: tuple[SignOff, ...] = ()  # one for each round
    attachments: Mapping[str, bytes] = field(default_factory=dict)  # approval-001.json → content

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that is printed, for the glyph check; problems of it name the slips, not a cell."""
        at = CellRef(sheet="核可單", cell="")
        return tuple(
            Text(text=line, at=at) for sign_off in self.sign_offs for line in sign_off.lines
        )

    def in_document(self, document: Document) -> Document:
        """Return a document with the rounds as the posts of its 核章欄."""
        if not self.sign_offs:
            return document
        posts = tuple(sign_off.post for sign_off in self.sign_offs)
        names = replace(document.context["document"], signatories=posts)
        texts = (*document.texts, *self.texts)
        return replace(document, context={**document.context, "document": names}, texts=texts)


NO_APPROVALS: Final = PrintedApprovals()


def printed_approvals(
    settings: Settings, source: BuildSource, figures: bytes, templates: Sequence[Template]
) -> tuple[PrintedApprovals, tuple[Problem, ...]]:
    """Return the approvals that ``settings`` ask for, and problems; nothing without any.

    ``figures`` is the results.json of the workbook. Problems: E663 workbook, templates or figures
    are not those that were approved; E664 no approval counts; those of opening the archive and of
    its slips.
    """
    slip_files, old_figures = settings.approval_slips, b""
    problems: tuple[Problem, ...] = ()
    if settings.approvals is not None:
        slip_files, old_figures, problems = _archived_slips(settings, source)
    elif not slip_files:
        return NO_APPROVALS, ()
    if has_errors(problems):
        return NO_APPROVALS, problems
    try:
        slips = [
            parse_slip(content) for name, content in slip_files.items() if name.endswith(".json")
        ]
    except InvalidSlipError as error:
        return NO_APPROVALS, (make_problem("E660", reason=error.args[0]),)
    if not slips:
        return NO_APPROVALS, (make_problem("E660", reason="missing"),)
    now = _made_from(source, templates)
    changes = _content_changes(slips, now, old_figures, figures)
    if changes:
        found = describe_changes(changes)
        problem = make_problem("E663", edition=source.scorecard.edition, found=found)
        return NO_APPROVALS, (*problems, problem)
    return PrintedApprovals(_sign_offs(slips), slip_files), problems


def _archived_slips(
    settings: Settings, source: BuildSource
) -> tuple[dict[str, bytes], bytes, tuple[Problem, ...]]:
    """Return the files of the slips that count, by the names of attachments, and the figures.

    The figures are those of the archived version that they approve.
    """
    assert settings.approvals is not None
    card = source.scorecard
    archive, problems = open_archive(settings.approvals)
    if archive is None:
        return {}, b"", problems
    entry, not_found = find_edition(archive, card.edition, str(card.agency))
    if entry is None:
        return {}, b"", not_found
    approval, problems = edition_approval(archive, entry)
    if not approval.valid and not has_errors(problems):
        return {}, b"", (*problems, make_problem("E664", edition=card.edition))
    valid = {slip.number for slip in approval.valid}
    files = {
        f"approval-{checked.slip.number:03d}.{_ATTACHED_SUFFIXES[name]}": content
        for checked in approval.slips
        if checked.slip and checked.slip.number in valid
        for name, content in checked.files.items()
    }
    return files, ArchivedContents(archive).figures(approval.entry), problems


def _made_from(source: BuildSource, templates: Sequence[Template]) -> dict[str, str]:
    """Return path → SHA-256 of workbook and templates, by the paths that the archive gives them.

    Raise StoppedError (E303) for a template's file that cannot be read.
    """
    return {f"{SOURCE}/{source.name}": sha256(source.content)} | {
        f"{TEMPLATES}/{template.name}/{name}": sha256(content)
        for template in templates
        for name, content in template_files(template.folder).items()
    }


def _content_changes(
    slips: Sequence[Slip], now: Mapping[str, str], old_figures: bytes, figures: bytes
) -> ContentChanges:
    """Return what differs from the content that every slip approves.

    A template whose document was not approved is a difference.
    """
    files = {
        path
        for slip in slips
        for path in (
            *differing_files(slip.made_from, now),
            *(path for path in now.keys() - slip.made_from.keys() if path.startswith(TEMPLATES)),
        )
    }
    is_same = all(slip.figures == sha256(figures) for slip in slips)
    return content_changes(tuple(sorted(files)), figures if is_same else old_figures, figures)


def _sign_offs(slips: Sequence[Slip]) -> tuple[SignOff, ...]:
    """Return the lines of each round: for each of its slips a line for each name, and the date."""
    return tuple(
        SignOff(
            role,
            tuple(
                line
                for slip in slips
                if slip.role == role
                for line in (*slip.names, _printed_date(slip))
            ),
        )
        for role in slips[-1].rounds
    )


def _printed_date(slip: Slip) -> str:
    """Return the date of a slip as the box prints it: ``106.1.5``."""
    day = RocDate.from_date(slip.day)
    return f"{day.year}.{day.month}.{day.day}"
