"""Rebuilding documents from a PDF alone, and comparing them with it.

What was printed is the truth; the rebuild only shows whether this machine can still make it, and
if not, what has changed since.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from unicodedata import category
from zipfile import BadZipFile, ZipFile

from reportgen.pipeline import produce, produce_comparison
from reportgen.problems import ExitCode, Location, Problem, StoppedError, make
from reportgen.provenance.manifest import BUILD, TEMPLATES, attachments, sealed
from reportgen.provenance.seal import SCHEMA, seal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.pipeline import Made, Settings

COMPARISON = "comparison"
NAME = r"[\w-]{1,60}"  # of a document: that of its template's folder
LONGEST_NAME = 255  # bytes
MOST = 200_000_000  # bytes that a template may unpack to


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A rebuilt document. ``changed`` lists the differences; empty if identical."""

    document: str
    edition: str
    identical: bool
    contents: Mapping[Path, bytes]
    changed: tuple[tuple[str, str, str], ...]  # what, then, now
    problems: tuple[Problem, ...]


def rebuild(file: Path, settings: Settings) -> Rebuilt:
    """Make a PDF's documents again from what it carries; nothing is written.

    Raises StoppedError: E303 the file cannot be read, and what :func:`rebuild_bytes` raises.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = make("E303", found=file.name, reason=error.strerror or type(error).__name__)
        raise StoppedError([problem], ExitCode.FILE) from error
    return rebuild_bytes(file.name, content, settings)


def rebuild_bytes(name: str, content: bytes, settings: Settings) -> Rebuilt:
    """Rebuild the documents of a PDF, given as bytes and called ``name``.

    Raises StoppedError: E640 it carries nothing to make it from, E641 its record or template is
    not as it must be, or whatever a build of it raises.
    """
    carried = attachments(content)
    record = _record(carried, name)
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        made = _made(carried, record, Path(folder), settings)
        now = _now(made, record, carried)
    (again,) = (each for path, each in made.contents.items() if path.suffix == ".pdf")
    identical = again == content
    return Rebuilt(
        document=str(record["document"]),
        edition=made.source.scorecard.edition,
        identical=identical,
        contents=made.contents,
        changed=() if identical else tuple(_changes(record, now)),
        problems=made.problems,
    )


def difference(rebuilt: Rebuilt, name: str) -> Problem:
    """Return E642: a document came out otherwise, with what has changed since it was made."""
    parts = [(what, then[:40] or "—", now[:40] or "—") for what, then, now in rebuilt.changed]
    told = "；".join(f"{what} 由 {then} 變為 {now}" for what, then, now in parts)
    told_en = "; ".join(f"{what} was {then}, is {now}" for what, then, now in parts)
    return make(
        "E642",
        Location(file=name),
        found=told or "所用的程式、字型、範本與活頁簿都相同，檔案可能在產製後被更動",
        found_en=told_en or "all that it is made of is the same; it may have been altered since",
    )


def _record(carried: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """Return ``build.json`` after checking that the files it names are there."""
    where = Location(file=name)
    try:
        record: dict[str, Any] = json.loads(carried[BUILD])
        wanted = {*record["workbooks"], TEMPLATES}
        known = record["schema"] == SCHEMA and wanted <= carried.keys()
    except (KeyError, TypeError, ValueError):
        known = False
    if not known:
        raise StoppedError([make("E640", where)], ExitCode.ARCHIVE)
    if not _is_sound(record):
        raise StoppedError([make("E641", where)], ExitCode.ARCHIVE)
    return record


def _is_sound(record: Mapping[str, Any]) -> bool:
    """Return whether a record names a document and its workbooks, without paths out of a folder."""
    document, workbooks = record.get("document"), record["workbooks"]
    if not (isinstance(document, str) and re.fullmatch(NAME, document)):
        return False
    if not isinstance(workbooks, dict) or len(workbooks) != 1 + (document == COMPARISON):
        return False
    return all(map(_is_name, workbooks))


def _is_name(text: str) -> bool:
    """Return whether a text is a plain file name."""
    strange = any(category(each) in ("Cc", "Cs") or each in "/\\" for each in text)
    return not strange and text.strip(".") != "" and len(text.encode()) <= LONGEST_NAME


def _made(
    carried: Mapping[str, bytes], record: Mapping[str, Any], folder: Path, settings: Settings
) -> Made:
    workbooks = [folder / name for name in record["workbooks"]]
    for workbook in workbooks:
        workbook.write_bytes(carried[workbook.name])
    document = str(record["document"])
    _unpack(carried[TEMPLATES], folder / "templates" / PurePosixPath(document).name)
    given = replace(settings, documents=(document,), templates=folder / "templates")
    if document != COMPARISON:
        return produce(workbooks[0], given)
    new, old = workbooks
    return produce_comparison(old, new, replace(given, formats=("pdf",)))


def _unpack(content: bytes, folder: Path) -> None:
    """Write the template's files; a name leading out of the folder, or too much data, is E641."""
    wrong = StoppedError([make("E641", Location(file=TEMPLATES))], ExitCode.ARCHIVE)
    try:
        with ZipFile(io.BytesIO(content)) as opened:
            if sum(each.file_size for each in opened.infolist()) > MOST:
                raise wrong
            for name in opened.namelist():
                path = PurePosixPath(name)
                if path.is_absolute() or ".." in path.parts or "\\" in name:
                    raise wrong
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(opened.read(name))
    except (BadZipFile, OSError, RuntimeError) as error:
        raise wrong from error


def _now(made: Made, record: Mapping[str, Any], carried: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the record of the document made just now."""
    workbooks = {name: carried[name] for name in record["workbooks"]}
    template = next(each for each in made.templates if each.name == record["document"])
    _, files = sealed(
        made.source.scorecard.edition, str(record["document"]), template, workbooks, made.fonts
    )
    found: dict[str, Any] = json.loads(files[BUILD])
    return found


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the differences of two records, part by part; none if the file itself was altered."""
    for part in ("versions", "fonts", "template", "workbooks"):
        one, other = then.get(part, {}), now.get(part, {})
        for name in sorted({*one, *other}):
            if one.get(name) != other.get(name):
                yield name, str(one.get(name, "")), str(other.get(name, ""))
    told = {key: value for key, value in then.items() if key != "seal"}
    edition = ""
    if seal(edition, told).long != then.get("seal"):
        yield BUILD, str(then.get("seal")), seal(edition, told).long
