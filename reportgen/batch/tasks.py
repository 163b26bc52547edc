"""A worker's input and output: content as bytes, as the worker may be on another machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language


class Status(StrEnum):
    """The result of a workbook."""

    MADE = "made"
    UNCHANGED = "unchanged"  # built by an earlier run
    REFUSED = "refused"  # rejected for its errors
    FAILED = "failed"  # its worker died, or its files could not be written


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """The settings of all documents of a batch."""

    documents: tuple[str, ...] = ()  # the defaults of each edition
    formats: tuple[str, ...] = ("pdf", "docx")
    templates: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)  # by document
    template_folders: Mapping[str, str] = field(default_factory=dict)  # by document: their folder
    font_folders: tuple[Path, ...] = ()
    language: Language = "zh-TW"  # of annotated copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A workbook to be built; it is pickled, and may be built on another machine."""

    name: str  # file name
    content: bytes
    options: BuildOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """The result of a task; it is pickled, so it holds files as bytes."""

    status: Status
    problems: tuple[Problem, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)  # edition/name → content
    annotated_copy: bytes | None = None  # the annotated copy
    results: Results | None = None
