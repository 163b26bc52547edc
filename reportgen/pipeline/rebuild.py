"""Rebuilding documents from a PDF alone, and comparing them with it.

The printed document is authoritative; a rebuild only shows whether this machine can still make it,
and if not, what has changed since.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from unicodedata import category
from zipfile import BadZipFile, ZipFile

from reportgen.pipeline import render_comparison, render_edition
from reportgen.problems import ExitCode, Location, Problem, StoppedError, make_problem
from reportgen.provenance.manifest import (
    MANIFEST_NAME,
    TEMPLATES_ZIP_NAME,
    attachments,
    build_manifest,
)
from reportgen.provenance.seal import SCHEMA, compute_seal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.pipeline import BuildResult, Settings

COMPARISON = "comparison"
DOCUMENT_NAME_PATTERN = r"[\w-]{1,60}"  # a document is named by its template's folder
RECORD_PARTS = ("versions", "fonts", "template", "workbooks", "approvals")  # each name → text
MAX_NAME_BYTES = 255
MAX_UNPACKED_BYTES = 200_000_000  # of a template


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildResult:
    """A rebuilt document. ``changed`` lists the differences; empty if identical."""

    document: str
    edition: str
    identical: bool
    contents: Mapping[Path, bytes]
    changed: tuple[tuple[str, str, str], ...]  # what, then, now
    problems: tuple[Problem, ...]


def rebuild_file(file: Path, settings: Settings) -> RebuildResult:
    """Rebuild a PDF's document from its attachments, in memory, and compare it with the file.

    Raise StoppedError: E303 the file cannot be read, and those of :func:`rebuild_bytes`.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = make_problem(
            "E303", found=file.name, reason=error.strerror or type(error).__name__
        )
        raise StoppedError([problem], ExitCode.FILE) from error
    return rebuild_bytes(file.name, content, settings)


def rebuild_bytes(name: str, content: bytes, settings: Settings) -> RebuildResult:
    """Rebuild the document of a PDF, given as bytes and called ``name``, and compare the bytes.

    If they differ, the result lists what it was made of then and now. Raise StoppedError: E640 it
    has no attachments to rebuild it from, E641 its record or template is invalid, or those of a
    build.
    """
    carried = attachments(content)
    record = _build_record(carried, name)
    with tempfile.TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as folder:
        result = _render_again(carried, record, Path(folder), settings)
        now = _current_record(result, record, carried)
    (pdf,) = (document for path, document in result.contents.items() if path.suffix == ".pdf")
    identical = pdf == content
    return RebuildResult(
        document=str(record["document"]),
        edition=result.source.scorecard.edition,
        identical=identical,
        contents=result.contents,
        changed=() if identical else tuple(_record_differences(record, now)),
        problems=result.problems,
    )


def difference_problem(rebuilt: RebuildResult, name: str) -> Problem:
    """Return E642: the rebuilt document differs, with what it was made of then and now.

    ``name`` is the file's. If all of that is the same, the file itself was altered.
    """
    parts = [(name, then[:40] or "—", now[:40] or "—") for name, then, now in rebuilt.changed]
    changes = "；".join(f"{name} 由 {then} 變為 {now}" for name, then, now in parts)
    changes_en = "; ".join(f"{name} was {then}, is {now}" for name, then, now in parts)
    return make_problem(
        "E642",
        Location(file=name),
        found=changes or "所用的程式、字型、範本與活頁簿都相同，檔案可能在產製後被更動",
        found_en=changes_en or "all that it is made of is the same; it may have been altered since",
    )


def _build_record(carried: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """Return the parsed ``build.json`` among a PDF's attachments ``carried``.

    Raise StoppedError: E640 if it, or a workbook that it names, is missing or of another schema;
    E641 if its names are unsafe.
    """
    location = Location(file=name)
    try:
        record: dict[str, Any] = json.loads(carried[MANIFEST_NAME])
        required = {*record["workbooks"], *record.get("approvals", {}), TEMPLATES_ZIP_NAME}
        is_complete = record["schema"] == SCHEMA and required <= carried.keys()
    except (KeyError, TypeError, ValueError, RecursionError):
        is_complete = False
    if not is_complete:
        raise StoppedError([make_problem("E640", location)], ExitCode.ARCHIVE)
    if not _is_sound(record):
        raise StoppedError([make_problem("E641", location)], ExitCode.ARCHIVE)
    return record


def _is_sound(record: Mapping[str, Any]) -> bool:
    """Return whether a record names a document and its workbooks, and its parts are mappings.

    Names lead out of no folder. Whether the digests fit the attachments is not checked.
    """
    document, workbooks = record.get("document"), record["workbooks"]
    if not (isinstance(document, str) and re.fullmatch(DOCUMENT_NAME_PATTERN, document)):
        return False
    if not isinstance(workbooks, dict) or len(workbooks) != 1 + (document == COMPARISON):
        return False
    parts = [record.get(name, {}) for name in RECORD_PARTS]
    approvals = record.get("approvals", {})
    return all(map(_is_file_name, (*workbooks, *approvals))) and all(map(_is_text_mapping, parts))


def _is_text_mapping(value: Any) -> bool:
    """Return whether a value of parsed JSON is an object whose values are texts."""
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_file_name(text: str) -> bool:
    """Return whether a text is a plain file name of at most 255 bytes.

    It has no separators or control characters, and more than dots.
    """
    has_forbidden = any(category(char) in ("Cc", "Cs") or char in "/\\" for char in text)
    return not has_forbidden and text.strip(".") != "" and len(text.encode()) <= MAX_NAME_BYTES


def _render_again(
    carried: Mapping[str, bytes], record: Mapping[str, Any], folder: Path, settings: Settings
) -> BuildResult:
    """Build the document anew from the workbooks and templates that its PDF carries.

    These are written to ``folder``, which the caller removes. Raise StoppedError as a build does,
    E641 for an unusable template.
    """
    workbooks = [folder / name for name in record["workbooks"]]
    for workbook in workbooks:
        workbook.write_bytes(carried[workbook.name])
    document = str(record["document"])
    _unpack_template(
        carried[TEMPLATES_ZIP_NAME], folder / "templates" / PurePosixPath(document).name
    )
    build_settings = replace(settings, documents=(document,), templates=folder / "templates")
    slips = {name: carried[name] for name in record.get("approvals", {})}
    build_settings = replace(build_settings, approval_slips=slips)
    if document != COMPARISON:
        return render_edition(workbooks[0], build_settings)
    new, old = workbooks
    return render_comparison(old, new, replace(build_settings, formats=("pdf",)))


def _unpack_template(content: bytes, folder: Path) -> None:
    """Write the files of a zipped template below ``folder``, which is created.

    Raise StoppedError (E641) for a path out of the folder, for more than MAX_UNPACKED_BYTES, and
    for no zip; some files may be written then.
    """
    invalid = StoppedError(
        [make_problem("E641", Location(file=TEMPLATES_ZIP_NAME))], ExitCode.ARCHIVE
    )
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise invalid
            for name in archive.namelist():
                path = PurePosixPath(name)
                if path.is_absolute() or ".." in path.parts or "\\" in name:
                    raise invalid
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
    except (BadZipFile, OSError, RuntimeError, ValueError, EOFError, zlib.error) as error:
        raise invalid from error


def _current_record(
    result: BuildResult, record: Mapping[str, Any], carried: Mapping[str, bytes]
) -> dict[str, Any]:
    """Return the ``build.json`` that the document has as rebuilt, from the same workbooks."""
    workbooks = {name: carried[name] for name in record["workbooks"]}
    template = next(item for item in result.templates if item.name == record["document"])
    _, files = build_manifest(
        result.source.scorecard.edition,
        str(record["document"]),
        template,
        workbooks,
        result.fonts,
        approvals={name: carried[name] for name in record.get("approvals", {})},
    )
    record_now: dict[str, Any] = json.loads(files[MANIFEST_NAME])
    return record_now


def _record_differences(
    then: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield what, then and now of each difference between two records, part by part.

    Parts are versions, fonts, template and workbooks; "" stands for a side that lacks a name. Last
    comes the seal, if the older record does not fit its own, as it has been altered.
    """
    for part in RECORD_PARTS:
        old, new = then.get(part, {}), now.get(part, {})
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield name, str(old.get(name, "")), str(new.get(name, ""))
    unsealed = {key: value for key, value in then.items() if key != "seal"}
    edition = ""
    if compute_seal(edition, unsealed).long != then.get("seal"):
        yield MANIFEST_NAME, str(then.get("seal")), compute_seal(edition, unsealed).long
