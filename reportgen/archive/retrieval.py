"""Retrieval of archived files by edition, seal, name or bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.archive import durable_io, inventory, storage_layout
from reportgen.archive.digests import digests, sha256, sha512
from reportgen.archive.errors import ArchiveError, read_errors
from reportgen.archive.identifiers import FONTS, approvals_id, object_id, parse_edition
from reportgen.archive.submission_package import RECORD, parse_record
from reportgen.problems import Location, Problem, make_problem
from reportgen.provenance.seal import (
    ALPHABET,
    LONG_CODE_CHARS,
    OLD_CODE_CHARS,
    PRINTED_CODE_CHARS,
    is_mistyped,
    normalize_code,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.archive.digests import Digests
    from reportgen.archive.inventory import Inventory
    from reportgen.archive.log import LogEntry, StoredFile
    from reportgen.archive.repository import Archive
    from reportgen.archive.submission_package import ArchiveRecord

_REPRINT_SUFFIX = re.compile(r"#(\d{1,6})$")
_MAX_NAMES_SHOWN = 8


def find_edition(
    archive: Archive, name: str, agency: str = ""
) -> tuple[LogEntry | None, tuple[Problem, ...]]:
    """Return the entry of an edition's name, such as ``105-12-25#1``, or of a seal's code.

    It is the newest reprint unless ``#`` names one; an empty ``agency`` is any. None with a
    problem: E612 no edition's name, E613 it is not archived, E614 several agencies have it, E633 a
    code with a mistyped character.
    """
    if code := _seal_code(name):
        if len(code) == PRINTED_CODE_CHARS and is_mistyped(code):
            return None, (make_problem("E633", found=name.strip()),)
        entry = find_by_seal(archive, code)
        problem = make_problem("E613", found=name, **_editions_hint(archive))
        return (None, (problem,)) if entry is None else (entry, ())
    match = _REPRINT_SUFFIX.search(name)
    day = parse_edition(name[: match.start()] if match else name)
    if day is None:
        return None, (make_problem("E612", found=name[:60]),)
    entries = [entry for entry in archive.editions if entry.edition == day.edition]
    if agency:
        entries = [entry for entry in entries if entry.object == object_id(agency, day.year)]
    if match:
        entries = [entry for entry in entries if entry.reprint == int(match[1])]
    agencies = sorted({entry.agency for entry in entries})
    if len({entry.object for entry in entries}) > 1:
        return None, (make_problem("E614", found=day.edition, agencies="、".join(agencies)),)
    if not entries:
        label = f"{agency} {day.edition}{match[0] if match else ''}".strip()
        return None, (make_problem("E613", found=label, **_editions_hint(archive)),)
    return entries[-1], ()


def _seal_code(name: str) -> str:
    """Return a seal's code as typed or scanned, normalized; "" for any other text.

    A text of digits only is no code: it may be a date.
    """
    code = normalize_code(name)
    lengths = (OLD_CODE_CHARS, PRINTED_CODE_CHARS, LONG_CODE_CHARS)
    is_complete = len(code) in lengths and set(code) <= set(ALPHABET)
    return code if is_complete and not code.isdecimal() else ""


def find_by_seal(archive: Archive, code: str) -> LogEntry | None:
    """Return the newest edition with a document that prints a normalized code, or None.

    A code of 8 characters finds only editions that were archived when pages had such codes: it is
    too short to tell a later document from another one that was made to begin alike. Each edition's
    record is read, newest first; one that is damaged is passed over.
    """
    for entry in reversed(archive.editions):
        try:
            record = parse_record(_read_file(archive, entry, RECORD))
        except ArchiveError:
            continue
        parameters = record.fields.get("parameters", {}) if record else {}
        if code in _printed_codes(parameters):
            return entry
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionDescription:
    """What the record and the inventory say of an edition, beside its entry in the log."""

    title: str
    user: str  # who archived it
    codes: tuple[str, ...]  # at the foot of its documents' pages, each once


def describe_edition(archive: Archive, entry: LogEntry) -> EditionDescription:
    """Return title, user and codes of an edition; empty where its files are damaged."""
    try:
        _, inventory_of_entry = _entry_inventory(archive, entry)
        user = inventory_of_entry.versions[entry.version - 1].user
        record = parse_record(_read_file(archive, entry, RECORD))
    except (ArchiveError, IndexError):
        return EditionDescription(title="", user="", codes=())
    fields = record.fields if record else {}
    codes = _shown_codes(fields.get("parameters"))
    return EditionDescription(title=str(fields.get("title", "")), user=user, codes=codes)


def _shown_codes(parameters: object) -> tuple[str, ...]:
    """Return the codes of a record's parameters as its pages print them, each once."""
    if not isinstance(parameters, dict):
        return ()
    codes, seals = parameters.get("codes"), parameters.get("seals")
    if isinstance(codes, dict):
        return tuple(dict.fromkeys(map(str, codes.values())))
    # Documents of earlier versions print the beginning of their seal.
    found = (
        (str(seal)[:OLD_CODE_CHARS] for seal in seals.values()) if isinstance(seals, dict) else ()
    )
    return tuple(dict.fromkeys(found))


def _printed_codes(parameters: object) -> Iterator[str]:
    """Yield the codes of an edition's documents, normalized, long and as printed.

    ``parameters`` are those of the record; nothing is yielded for any that this program does not
    write.
    """
    if not isinstance(parameters, dict) or not isinstance(seals := parameters.get("seals"), dict):
        return
    codes = parameters.get("codes")  # as printed; records of earlier versions have none
    yield from map(str, seals.values())
    if isinstance(codes, dict):
        yield from (normalize_code(str(code)) for code in codes.values())
    else:
        yield from (str(seal)[:OLD_CODE_CHARS] for seal in seals.values())


def _read_file(archive: Archive, entry: LogEntry, path: str) -> bytes:
    """Return one file of an edition, b"" if it has none of that path.

    Raise ArchiveError if the inventory or the file is damaged or missing (E618, E619, E621, E623).
    """
    folder, inventory_of_entry = _entry_inventory(archive, entry)
    if not 1 <= entry.version <= len(inventory_of_entry.versions):
        return b""
    digest = inventory_of_entry.versions[entry.version - 1].state.get(path, "")
    return (
        _verified_content(folder / inventory_of_entry.manifest[digest], digest, entry)
        if digest
        else b""
    )


def _editions_hint(archive: Archive) -> dict[str, str]:
    """Return ``hint`` and ``hint_en`` of E613: the newest editions of the archive.

    At most _MAX_NAMES_SHOWN of them.
    """
    names = [entry.name for entry in archive.editions][-_MAX_NAMES_SHOWN:]
    if not names:
        return {"hint": "這個封存還沒有任何版次。", "hint_en": "It has no edition yet."}
    return {
        "hint": f"封存中有：{'、'.join(names)}。",
        "hint_en": f"It has: {', '.join(names)}.",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A file of an archived edition."""

    entry: LogEntry
    file: StoredFile


def find_by_digest(archive: Archive, sha256: str) -> tuple[Match, ...]:
    """Return every file that was archived with this SHA-256 (hexadecimal), oldest first."""
    return tuple(match for match in _edition_files(archive) if match.file.sha256 == sha256)


def find_by_name(archive: Archive, name: str) -> tuple[Match, ...]:
    """Return every file archived under this name, whatever folder it was in, oldest first."""
    return tuple(
        match for match in _edition_files(archive) if match.file.path.rpartition("/")[2] == name
    )


def _edition_files(archive: Archive) -> Iterator[Match]:
    """Yield every file of every edition, oldest first, from the log alone; no file is opened."""
    for entry in archive.editions:
        for file in entry.files:
            yield Match(entry=entry, file=file)


def load_files(archive: Archive, entry: LogEntry) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return the files of an edition, path → bytes, without those that differ from the log.

    Problems: E618 a file was altered, E619 it is missing, E621 it is no regular file, E623 it
    cannot be read. Without a readable inventory there are no files.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        folder, inventory_of_entry = _entry_inventory(archive, entry)
    except ArchiveError as refused:
        return {}, refused.problems
    if not 1 <= entry.version <= len(inventory_of_entry.versions):
        location = Location(file=str(folder / inventory.NAME))
        return {}, (make_problem("E618", location, found=describe(entry)),)
    for path, digest in inventory_of_entry.versions[entry.version - 1].state.items():
        try:
            files[path] = _verified_content(
                folder / inventory_of_entry.manifest[digest], digest, entry
            )
        except ArchiveError as refused:
            problems += refused.problems
    return dict(sorted(files.items())), tuple(problems)


def approvals_object(entry: LogEntry) -> str:
    """Return the identifier of the object that holds the approval slips of an edition."""
    day = parse_edition(entry.edition)
    return approvals_id(entry.agency, day.year if day else 0)


def load_slips(archive: Archive, entry: LogEntry) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return the files of all approval slips of an edition, path → bytes; {} if it has none.

    ``entry`` is any version of it. Paths are such as ``105-12-25/001/slip.json``. Problems: as
    :func:`load_files`.
    """
    identifier = approvals_object(entry)
    newest = next((item for item in archive.entries[::-1] if item.object == identifier), None)
    if newest is None:
        return {}, ()
    files, problems = load_files(archive, newest)
    folder = f"{entry.edition}/"
    return {path: data for path, data in files.items() if path.startswith(folder)}, problems


def font_paths(archive: Archive) -> tuple[dict[str, Path], tuple[Problem, ...]]:
    """Return the archived fonts, name in record.json → path; {} without any.

    The files are neither opened nor verified; the problems are those of the inventory.
    """
    entry = next((entry for entry in reversed(archive.entries) if entry.object == FONTS), None)
    if entry is None:
        return {}, ()
    try:
        folder, inventory_of_entry = _entry_inventory(archive, entry)
    except ArchiveError as refused:
        return {}, refused.problems
    state = inventory_of_entry.versions[-1].state
    return {
        path: folder / inventory_of_entry.manifest[digest] for path, digest in state.items()
    }, ()


def load_fonts(
    archive: Archive, record: ArchiveRecord
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return the fonts that an edition's record names, name → bytes, without damaged ones.

    Their SHA-256 is compared with the record's. Problems: as :func:`load_files`.
    """
    paths, font_problems = font_paths(archive)
    files: dict[str, bytes] = {}
    problems = [*font_problems]
    for family, name, digest in record.fonts:
        path = paths.get(name, archive.root / name)
        try:
            check_regular_file(path, family)
            with read_errors(path):
                content = durable_io.read_content(path)
            if sha256(content) != digest:
                raise ArchiveError(make_problem("E618", Location(file=str(path)), found=family))
        except ArchiveError as refused:
            problems += refused.problems
        else:
            files[name] = content
    return files, tuple(problems)


def _entry_inventory(archive: Archive, entry: LogEntry) -> tuple[Path, Inventory]:
    """Return the folder of an entry's object, and the inventory of the entry's version.

    Raise ArchiveError: E618 if it differs from the log's digest, E619, E621, E623.
    """
    folder = archive.root / storage_layout.object_path(entry.object)
    path = folder / f"v{entry.version}" / inventory.NAME
    content = read_archived_content(path, entry)
    if sha512(content) != entry.inventory:
        raise ArchiveError(make_problem("E618", Location(file=str(path)), found=describe(entry)))
    return folder, parse_inventory(content, path, describe(entry))


def parse_inventory(content: bytes, path: Path, owner: str) -> Inventory:
    """Parse an inventory; raise ArchiveError (E618) for one that this program did not write.

    So no path in it leads out of the folder that it is restored to. ``path`` and ``owner`` are for
    the problem.
    """
    try:
        return inventory.from_bytes(content)
    except inventory.InvalidInventoryError as error:
        raise ArchiveError(make_problem("E618", Location(file=str(path)), found=owner)) from error


def _verified_content(path: Path, digest: str, entry: LogEntry) -> bytes:
    """Return the bytes of an archived file, if their SHA-512 is ``digest``.

    Raise ArchiveError: E618 if it is not, and E619, E621, E623 as :func:`read_archived_content`.
    """
    content = read_archived_content(path, entry)
    if sha512(content) != digest:
        raise ArchiveError(make_problem("E618", Location(file=str(path)), found=describe(entry)))
    return content


def read_archived_content(path: Path, entry: LogEntry) -> bytes:
    """Return the bytes of a file of the archive, without comparing them with anything.

    Raise ArchiveError: E619 it is missing, E621 no regular file, E623 not readable.
    """
    check_regular_file(path, describe(entry))
    with read_errors(path):
        return durable_io.read_content(path)


def digest_archived_file(path: Path, owner: str) -> Digests:
    """Return the digests of a file of the archive, read in chunks, as it may be large.

    Raise ArchiveError: E619 it is missing, E621 no regular file, E623 not readable. ``owner`` is
    what the problem names.
    """
    check_regular_file(path, owner)
    with read_errors(path):
        return digests(durable_io.read_chunks(path))


def check_regular_file(path: Path, owner: str) -> None:
    """Raise ArchiveError unless the path is a regular file: E621 for another thing, E619 for none.

    A link is another thing, whatever it leads to. ``owner`` is what E619 names.
    """
    if durable_io.is_file(path):
        return
    code = (
        "E621"
        if durable_io.is_link(path) or durable_io.is_folder(path) or path.exists()
        else "E619"
    )
    location = Location(file=str(path))
    raise ArchiveError(
        make_problem("E621", location)
        if code == "E621"
        else make_problem(code, location, found=owner)
    )


def describe(entry: LogEntry) -> str:
    """Return agency and edition of an entry for messages; its kind for fonts and anchors."""
    return f"{entry.agency} {entry.name}".strip() or entry.kind
