"""What is handed in to be archived, and what record.json tells of it in thirty years."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unicodedata import category

from reportgen.archive.identifiers import clashing, is_safe, object_id
from reportgen.problems import Problem, make

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reportgen.archive.digests import Digests
    from reportgen.model.scorecard import DataStatus, RocDate

RECORD = "record.json"
SCHEMA = "reportgen.archive-record/1"
SOURCE, DOCUMENTS, TEMPLATES, REPORTS = "source", "documents", "templates", "reports"
_LONGEST_AGENCY = 200  # characters
_CONTROL = {"Cc", "Cs"}  # what a terminal would obey, and what is no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What made the documents: with the same, the same bytes come out."""

    versions: Mapping[str, str]  # program or library → version
    fonts: tuple[tuple[str, Path], ...]  # family, the file that was used


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedFont:
    """A font file of the edition, and its name in the object of fonts."""

    family: str
    name: str
    digests: Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
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
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reprint: bool = False
    printed: date
    user: str = "unknown"

    @property
    def object(self) -> str:
        """The identifier of the object it belongs to."""
        return object_id(self.agency, self.edition.year)

    def faults(self) -> tuple[Problem, ...]:
        """E628 for each name that not every system could take."""
        bad = [path for path in self.files if not is_safe(path) or path == RECORD]
        if (
            not self.agency.strip()
            or len(self.agency) > _LONGEST_AGENCY
            or _CONTROL & set(map(category, self.agency))
        ):
            bad.append(self.agency[:60])
        if not bad and (path := clashing(self.files)):
            bad.append(path)
        return tuple(make("E628", found=_printable(each)) for each in bad)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def record(
    submission: Submission,
    reprint: int,
    digests: Mapping[str, Digests],
    fonts: tuple[UsedFont, ...],
) -> bytes:
    """record.json."""
    said = {
        "schema": SCHEMA,
        "kind": "reprint" if reprint else "edition",
        "agency": submission.agency,
        "edition": submission.edition.edition,
        "reprint": reprint,
        "title": submission.title,
        "status": submission.status.value,
        "printed": submission.printed.isoformat(),
        "parameters": dict(submission.parameters),
        "environment": {
            "versions": dict(submission.environment.versions),
            "fonts": [
                {
                    "family": each.family,
                    "file": each.name,
                    "sha256": each.digests.sha256,
                    "size": each.digests.size,
                }
                for each in fonts
            ],
        },
        "files": {
            path: {"sha256": each.sha256, "size": each.size}
            for path, each in sorted(digests.items())
        },
    }
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What record.json says of how an edition was made."""

    versions: Mapping[str, str]
    fonts: tuple[tuple[str, str, str], ...]  # family, name in the object of fonts, SHA-256
    said: Mapping[str, Any]  # all of it


def read_record(content: bytes) -> Recorded | None:
    """record.json, None where it is none; no name in it leads out of a folder."""
    try:
        said = json.loads(content)
        environment = said["environment"]
        fonts = tuple(
            (str(each["family"]), str(each["file"]), str(each["sha256"]))
            for each in environment["fonts"]
        )
        versions = {str(name): str(text) for name, text in environment["versions"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not all(is_safe(name) for _, name, _ in fonts):
        return None
    return Recorded(versions=versions, fonts=fonts, said=said)
