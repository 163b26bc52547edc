"""What is archived, found by edition or by bytes, and given back as it was archived."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.archive import durable_io, inventory, storage_layout
from reportgen.archive.digests import digests, sha256, sha512
from reportgen.archive.errors import RefusedError, reading
from reportgen.archive.identifiers import FONTS, object_id, parse_edition
from reportgen.archive.submission_package import RECORD, read_record
from reportgen.problems import Location, Problem, make
from reportgen.provenance.seal import ALPHABET, LONG, SHORT, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.archive.digests import Digests
    from reportgen.archive.inventory import Inventory
    from reportgen.archive.log import Entry, Stored
    from reportgen.archive.repository import Archive
    from reportgen.archive.submission_package import Recorded

_REPRINT_SUFFIX = re.compile(r"#(\d{1,6})$")
_MAX_NAMES_SHOWN = 8


def find(archive: Archive, name: str, agency: str = "") -> tuple[Entry | None, tuple[Problem, ...]]:
    """Return the edition of this name, its newest reprint unless ``#`` names one; or of this seal.

    Problems: E612 no edition's name, E613 it is not archived, E614 several agencies have it.
    """
    if code := _seal_code(name):
        entry = with_seal(archive, code)
        problem = make("E613", found=name, **_editions_hint(archive))
        return (None, (problem,)) if entry is None else (entry, ())
    match = _REPRINT_SUFFIX.search(name)
    day = parse_edition(name[: match.start()] if match else name)
    if day is None:
        return None, (make("E612", found=name[:60]),)
    entries = [entry for entry in archive.editions if entry.edition == day.edition]
    if agency:
        entries = [entry for entry in entries if entry.object == object_id(agency, day.year)]
    if match:
        entries = [entry for entry in entries if entry.reprint == int(match[1])]
    agencies = sorted({entry.agency for entry in entries})
    if len({entry.object for entry in entries}) > 1:
        return None, (make("E614", found=day.edition, agencies="、".join(agencies)),)
    if not entries:
        label = f"{agency} {day.edition}{match[0] if match else ''}".strip()
        return None, (make("E613", found=label, **_editions_hint(archive)),)
    return entries[-1], ()


def _seal_code(name: str) -> str:
    """Return a seal's code as it was typed or scanned; empty for what is none."""
    code = normalised(name)
    is_complete = len(code) in (SHORT, LONG) and set(code) <= set(ALPHABET)
    return code if is_complete and not code.isdecimal() else ""


def with_seal(archive: Archive, code: str) -> Entry | None:
    """Return the newest edition with a document of this seal, of which the beginning is enough."""
    for entry in reversed(archive.editions):
        try:
            record = read_record(_read_file(archive, entry, RECORD))
        except RefusedError:
            continue
        seals = record.said.get("parameters", {}).get("seals", {}) if record else {}
        if isinstance(seals, dict) and any(str(seal).startswith(code) for seal in seals.values()):
            return entry
    return None


def _read_file(archive: Archive, entry: Entry, path: str) -> bytes:
    """Return a single file of an edition; raises RefusedError."""
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

    entry: Entry
    file: Stored


def with_bytes(archive: Archive, sha256: str) -> tuple[Match, ...]:
    """Return every file that was archived with these bytes, oldest first."""
    return tuple(match for match in _edition_files(archive) if match.file.sha256 == sha256)


def with_name(archive: Archive, name: str) -> tuple[Match, ...]:
    """Return every file that was archived under this name, whatever folder it was in."""
    return tuple(
        match for match in _edition_files(archive) if match.file.path.rpartition("/")[2] == name
    )


def _edition_files(archive: Archive) -> Iterator[Match]:
    for entry in archive.editions:
        for file in entry.files:
            yield Match(entry=entry, file=file)


def load(archive: Archive, entry: Entry) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return the files of an edition, path → bytes; what is not as it was archived is left out.

    Problems: E618 a file was altered, E619 it is gone, E621 it is none, E623.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        folder, inventory_of_entry = _entry_inventory(archive, entry)
    except RefusedError as refused:
        return {}, refused.problems
    if not 1 <= entry.version <= len(inventory_of_entry.versions):
        location = Location(file=str(folder / inventory.NAME))
        return {}, (make("E618", location, found=label(entry)),)
    for path, digest in inventory_of_entry.versions[entry.version - 1].state.items():
        try:
            files[path] = _verified_content(
                folder / inventory_of_entry.manifest[digest], digest, entry
            )
        except RefusedError as refused:
            problems += refused.problems
    return dict(sorted(files.items())), tuple(problems)


def fonts(archive: Archive) -> tuple[dict[str, Path], tuple[Problem, ...]]:
    """The fonts of all editions: name, as record.json has it → where it lies, not verified."""
    entry = next((entry for entry in reversed(archive.entries) if entry.object == FONTS), None)
    if entry is None:
        return {}, ()
    try:
        folder, inventory_of_entry = _entry_inventory(archive, entry)
    except RefusedError as refused:
        return {}, refused.problems
    state = inventory_of_entry.versions[-1].state
    return {
        path: folder / inventory_of_entry.manifest[digest] for path, digest in state.items()
    }, ()


def load_fonts(archive: Archive, record: Recorded) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """The fonts that an edition's record names, name → bytes; what is not as archived is left out.

    Problems: as :func:`load`.
    """
    paths, font_problems = fonts(archive)
    files: dict[str, bytes] = {}
    problems = [*font_problems]
    for family, name, digest in record.fonts:
        path = paths.get(name, archive.root / name)
        try:
            missing_or_strange(path, family)
            with reading(path):
                content = durable_io.content(path)
            if sha256(content) != digest:
                raise RefusedError(make("E618", Location(file=str(path)), found=family))
        except RefusedError as refused:
            problems += refused.problems
        else:
            files[name] = content
    return files, tuple(problems)


def _entry_inventory(archive: Archive, entry: Entry) -> tuple[Path, Inventory]:
    """The folder of an entry's object, and the inventory as of its version; raises RefusedError."""
    folder = archive.root / storage_layout.object_path(entry.object)
    path = folder / f"v{entry.version}" / inventory.NAME
    content = plain_content(path, entry)
    if sha512(content) != entry.inventory:
        raise RefusedError(make("E618", Location(file=str(path)), found=label(entry)))
    return folder, parsed(content, path, label(entry))


def parsed(content: bytes, path: Path, owner: str) -> Inventory:
    """An inventory; raises RefusedError (E618) for one that this program would not have written.

    So no path in it leads out of the folder that it is restored to.
    """
    try:
        return inventory.from_bytes(content)
    except inventory.UnreadableError as error:
        raise RefusedError(make("E618", Location(file=str(path)), found=owner)) from error


def _verified_content(path: Path, digest: str, entry: Entry) -> bytes:
    content = plain_content(path, entry)
    if sha512(content) != digest:
        raise RefusedError(make("E618", Location(file=str(path)), found=label(entry)))
    return content


def plain_content(path: Path, entry: Entry) -> bytes:
    """Return the bytes of a file of the archive; raises RefusedError: E619, E621, E623."""
    missing_or_strange(path, label(entry))
    with reading(path):
        return durable_io.content(path)


def plain_digests(path: Path, owner: str) -> Digests:
    """Return the same, as digests: for files that are large."""
    missing_or_strange(path, owner)
    with reading(path):
        return digests(durable_io.chunks(path))


def missing_or_strange(path: Path, owner: str) -> None:
    """Raise RefusedError unless there is a plain file: E619, E621."""
    if durable_io.is_file(path):
        return
    code = (
        "E621"
        if durable_io.is_link(path) or durable_io.is_folder(path) or path.exists()
        else "E619"
    )
    location = Location(file=str(path))
    raise RefusedError(
        make("E621", location) if code == "E621" else make(code, location, found=owner)
    )


def label(entry: Entry) -> str:
    """Return how a message calls what an entry stands for."""
    return f"{entry.agency} {entry.name}".strip() or entry.kind
