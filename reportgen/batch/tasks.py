"""What a worker is given and what it gives back: bytes only, for it may be another machine's."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from reportgen.documents import edition_documents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language


class Stage(StrEnum):
    """What has become of a workbook."""

    MADE = "made"
    UNCHANGED = "unchanged"  # made by an earlier run, of the same
    REFUSED = "refused"  # by its errors
    FAILED = "failed"  # it ended its worker, or its files could not be written


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How all documents of a collection are made."""

    documents: tuple[str, ...] = field(default_factory=edition_documents)
    formats: tuple[str, ...] = ("pdf", "docx")
    templates: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)  # by document
    places: Mapping[str, str] = field(default_factory=dict)  # by document: where these came from
    font_folders: tuple[Path, ...] = ()
    language: Language = "zh-TW"  # of the marked copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A workbook to be made."""

    name: str  # of its file
    content: bytes
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was made of it."""

    stage: Stage
    problems: tuple[Problem, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)  # edition/name → content
    marked: bytes | None = None  # the copy in which the problems are marked
    results: Results | None = None
