"""Submission packages, and record.json, which describes them for the next decades."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category

from reportgen.archive.identifiers import first_case_clash, is_safe, object_id
from reportgen.problems import Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reportgen.archive.digests import Digests
    from reportgen.archive.stored_schema import ArchiveRecordForm, RecordedParameters
    from reportgen.model.scorecard import DataStatus, RocDate

RECORD = "record.json"
SCHEMA: Final = "reportgen.archive-record/1"
SOURCE, DOCUMENTS, TEMPLATES, REPORTS = "source", "documents", "templates", "reports"
_MAX_AGENCY_CHARS = 200
_CONTROL_CATEGORIES = {"Cc", "Cs"}  # control characters and surrogates


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The versions and fonts that made the documents; the same ones give the same bytes."""

    versions: Mapping[str, str]  # program or library → version
    fonts: tuple[tuple[str, Path], ...]  # family, the file that was used


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedFont:
    """A font file of the edition, and its name in the object of fonts."""

    family: str
    name: str
    digests: Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionPackage:
    """An edition as it was made: each file by its role and name, none of them read again.

    ``files`` has ``source/105-12-25.xlsx``, ``documents/….pdf``, ``templates/scorecard/…`` and
    ``reports/…``.
    """

    agency: str
    edition: RocDate
    title: str
    status: DataStatus
    files: Mapping[str, bytes]
    environment: Environment
    parameters: RecordedParameters
    reprint: bool = False
    printed: date
    user: str = "unknown"

    @property
    def object(self) -> str:
        """The OCFL identifier of its object."""
        return object_id(self.agency, self.edition.year)

    def problems(self) -> tuple[Problem, ...]:
        """Return E628 for each file name or agency that cannot be stored on every system.

        An agency must be printable and of at most 200 characters; names must differ in more than
        letter case, which is checked only if all else is well.
        """
        unusable = [path for path in self.files if not is_safe(path) or path == RECORD]
        if (
            not self.agency.strip()
            or len(self.agency) > _MAX_AGENCY_CHARS
            or _CONTROL_CATEGORIES & set(map(category, self.agency))
        ):
            unusable.append(self.agency[:60])
        if not unusable and (path := first_case_clash(self.files)):
            unusable.append(path)
        return tuple(make_problem("E628", found=_printable(name)) for name in unusable)


def _printable(text: str) -> str:
    """Return a text with each unprintable character as U+FFFD."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def build_record(
    submission: SubmissionPackage,
    reprint: int,
    digests: Mapping[str, Digests],
    fonts: tuple[UsedFont, ...],
) -> bytes:
    """Return ``record.json`` in UTF-8: edition, status, parameters, versions, fonts, digests.

    ``reprint`` is its number, 0 for the edition's first print; ``digests`` are those of the files
    by path. Keys are sorted: the same values give the same bytes.
    """
    content: ArchiveRecordForm = {
        "schema": SCHEMA,
        "kind": "reprint" if reprint else "edition",
        "agency": submission.agency,
        "edition": submission.edition.edition,
        "reprint": reprint,
        "title": submission.title,
        "status": submission.status.value,
        "printed": submission.printed.isoformat(),
        "parameters": submission.parameters,
        "environment": {
            "versions": dict(submission.environment.versions),
            "fonts": [
                {
                    "family": font.family,
                    "file": font.name,
                    "sha256": font.digests.sha256,
                    "size": font.digests.size,
                }
                for font in fonts
            ],
        },
        "files": {
            path: {"sha256": file_digests.sha256, "size": file_digests.size}
            for path, file_digests in sorted(digests.items())
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRecord:
    """The parsed record.json: how an edition was made."""

    versions: Mapping[str, str]
    fonts: tuple[tuple[str, str, str], ...]  # family, name in the object of fonts, SHA-256
    fields: Mapping[str, Any]  # the whole JSON object


def parse_record(content: bytes) -> ArchiveRecord | None:
    """Parse record.json; None if it is no such JSON, or if a font's name in it is unsafe.

    Of its fields only versions and fonts are examined.
    """
    try:
        record_json = json.loads(content)
        environment = record_json["environment"]
        fonts = tuple(
            (str(font["family"]), str(font["file"]), str(font["sha256"]))
            for font in environment["fonts"]
        )
        versions = {str(name): str(text) for name, text in environment["versions"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not all(is_safe(name) for _, name, _ in fonts):
        return None
    return ArchiveRecord(versions=versions, fonts=fonts, fields=record_json)
