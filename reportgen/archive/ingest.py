"""An edition goes into the archive, or the archive stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.archive import inventory, log, storage_layout
from reportgen.archive.digests import digests, pieces
from reportgen.archive.errors import RefusedError, reading
from reportgen.archive.identifiers import FONTS, user_address
from reportgen.archive.repository import now, open_to_write, reread
from reportgen.archive.submission_package import DOCUMENTS, RECORD, SOURCE, UsedFont, record
from reportgen.archive.transaction import Change, UnfinishedError, commit
from reportgen.model.scorecard import DataStatus
from reportgen.problems import Location, Problem, make

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.archive.digests import Content, Digests
    from reportgen.archive.log import Entry
    from reportgen.archive.repository import Archive
    from reportgen.archive.submission_package import Submission

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the archive has; ``new`` is False where it had it before."""

    entry: Entry
    new: bool
    head: log.Head


def archive(folder: Path, submission: Submission) -> tuple[Receipt | None, tuple[Problem, ...]]:
    """Archive an edition or a reprint; whoever has the receipt has it for good.

    Problems: E601 a draft, E602 other contents under the same edition, E603 nothing to reprint,
    E628 a name; E604-E611, E615, E618-E620, E627 the archive.
    """
    faults = _refusals(submission)
    if faults:
        return None, faults
    try:
        with open_to_write(folder, create=not submission.reprint) as found:
            return _archive(found, submission), ()
    except RefusedError as refused:
        return None, refused.problems
    except UnfinishedError as error:
        fields = {"edition": submission.edition.edition, "reason": error.args[0]}
        return None, (make("E609", Location(file=str(folder)), **fields),)


def _refusals(submission: Submission) -> tuple[Problem, ...]:
    if submission.status is DataStatus.DRAFT:
        return (make("E601", edition=submission.edition.edition),)
    return submission.faults()


def _archive(found: Archive, submission: Submission) -> Receipt:
    known = {path: digests(pieces(content)) for path, content in submission.files.items()}
    before = [
        each
        for each in found.editions
        if each.object == submission.object and each.edition == submission.edition.edition
    ]
    same = _same(before, submission, known)
    if same is not None:
        return Receipt(entry=same, new=False, head=log.head(found.entries))
    found, fonts = _with_fonts(found, submission)
    reprint = before[-1].reprint + 1 if before else 0
    entry = log.Entry(
        number=0,
        previous="",
        time=now(),
        kind=log.REPRINT if reprint else log.EDITION,
        object=submission.object,
        agency=submission.agency,
        edition=submission.edition.edition,
        reprint=reprint,
        status=submission.status.value,
        printed=submission.printed.isoformat(),
    )
    files = {**submission.files, RECORD: record(submission, reprint, known, fonts)}
    made = _commit(found, entry, files, {}, submission.user)
    return Receipt(entry=made, new=True, head=log.head((made,)))


def _same(
    before: list[Entry], submission: Submission, known: Mapping[str, Digests]
) -> Entry | None:
    """Return the entry that has all this already; raises RefusedError for a contradiction."""
    edition = submission.edition.edition
    if not before:
        if submission.reprint:
            raise RefusedError(make("E603", edition=edition))
        return None
    same = [each for each in before if not _differing(each, known)]
    if submission.reprint:
        day = submission.printed.isoformat()
        return next((each for each in same if each.reprint and each.printed == day), None)
    if not same:
        differing = _differing(before[-1], known)
        shown = "、".join(differing[:_SHOWN]) + ("…" if len(differing) > _SHOWN else "")
        raise RefusedError(make("E602", edition=edition, found=shown))
    return same[-1]


def _differing(entry: Entry, known: Mapping[str, Digests]) -> list[str]:
    """The workbook and the documents that only one of the two has, or that are not the same."""
    stored = {(each.path, each.sha256) for each in entry.files}
    given = {(path, each.sha256) for path, each in known.items()}
    paths = {path for path, _ in stored ^ given}
    return sorted(path for path in paths if path.partition("/")[0] in (SOURCE, DOCUMENTS))


def _with_fonts(found: Archive, submission: Submission) -> tuple[Archive, tuple[UsedFont, ...]]:
    """Return the archive with the fonts in it, and which of them were used."""
    fonts = []
    new: dict[str, Content] = {}
    kept = _fonts(found)
    for family, path in submission.environment.fonts:
        with reading(path):
            each = digests(pieces(path))
        name = f"fonts/{each.sha256}{path.suffix.lower()}"
        fonts.append(UsedFont(family=family, name=name, digests=each))
        if name not in kept:
            new[name] = path
    if new:
        entry = log.Entry(number=0, previous="", time=now(), kind=log.FONTS, object=FONTS)
        _commit(found, entry, new, kept, submission.user)
        found = reread(found)
    return found, tuple(fonts)


def _fonts(found: Archive) -> dict[str, str]:
    """Return the fonts that the archive has: name → SHA-512."""
    if not any(each.object == FONTS for each in found.entries):
        return {}
    path = found.root / storage_layout.object_path(FONTS) / inventory.NAME
    try:
        return dict(inventory.from_bytes(path.read_bytes()).versions[-1].state)
    except (OSError, inventory.UnreadableError) as error:
        raise RefusedError(make("E618", Location(file=str(path)), found=log.FONTS)) from error


def _commit(
    found: Archive, entry: Entry, files: Mapping[str, Content], kept: Mapping[str, str], user: str
) -> Entry:
    message = f"{entry.name} {entry.agency}".strip() or entry.kind
    change = Change(
        entry=entry,
        files=files,
        kept=kept,
        message=message,
        user=user,
        address=user_address(user),
    )
    return commit(found.root, found.entries, found.size, change)
