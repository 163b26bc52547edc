"""The content that an approval is about, and what of it a later version has changed.

A version is printed again when fonts or the program have changed, or to print the names of the
approvals in its 核章欄. So it is not the documents' bytes that decide whether an approval still
holds, but what they were made from: the workbook, the templates, and the computed figures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reportgen.approval.figure_changes import FigureChange, figure_changes
from reportgen.archive import load_files
from reportgen.archive.submission_package import DOCUMENTS, SOURCE, TEMPLATES
from reportgen.provenance.manifest import attachments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.archive import Archive, LogEntry
    from reportgen.problems import Problem

FIGURES_NAME: Final = "results.json"
_FIGURES_SCHEMA: Final = "reportgen.results/1"


@dataclass(frozen=True, slots=True)
class ContentChanges:
    """The differences of a later version; both are empty if an approval still holds."""

    figures: tuple[FigureChange, ...] = ()
    files: tuple[str, ...] = ()  # workbook and templates, and "results.json"

    def __bool__(self) -> bool:
        return bool(self.figures or self.files)


NO_CHANGES: Final = ContentChanges()


class ArchivedContents:
    """The contents of archived versions, each read and compared at most once.

    ``problems`` are those of reading them so far, as :func:`load_files` reports them.
    """

    def __init__(self, archive: Archive) -> None:
        self.problems: list[Problem] = []
        self._archive = archive
        self._figures: dict[int, bytes] = {}
        self._changes: dict[tuple[int, int], ContentChanges] = {}

    def figures(self, entry: LogEntry) -> bytes:
        """Return the results.json of a version, beside its documents or attached to a PDF.

        It is b"" if the version has none, or if the file is damaged.
        """
        if entry.number not in self._figures:
            files, problems = load_files(self._archive, entry)
            self._figures[entry.number] = _find_figures(files)
            self.problems += problems
        return self._figures[entry.number]

    def changes(self, then: LogEntry, now: LogEntry) -> ContentChanges:
        """Return what version ``now`` has changed of the content of version ``then``.

        Templates of documents that only one of both has are passed over.
        """
        key = then.number, now.number
        if key not in self._changes:
            files = differing_files(source_digests(then), source_digests(now))
            self._changes[key] = content_changes(files, self.figures(then), self.figures(now))
        return self._changes[key]


def content_changes(
    files: tuple[str, ...], old_figures: bytes, new_figures: bytes
) -> ContentChanges:
    """Return the changes for files that differ, and for two results.json, with each figure."""
    if old_figures == new_figures:
        return ContentChanges(files=files)
    figures = figure_changes(old_figures, new_figures)
    return ContentChanges(figures=figures, files=(*files, FIGURES_NAME))


def document_digests(entry: LogEntry) -> dict[str, str]:
    """Return path → SHA-256 of the documents of a version, from its line in the log."""
    return _digests_below(entry, DOCUMENTS)


def source_digests(entry: LogEntry) -> dict[str, str]:
    """Return path → SHA-256 of a version's workbook and templates, from its line in the log."""
    return _digests_below(entry, SOURCE) | _digests_below(entry, TEMPLATES)


def _digests_below(entry: LogEntry, folder: str) -> dict[str, str]:
    """Return path → SHA-256 of the files in a top folder of a version."""
    return {file.path: file.sha256 for file in entry.files if file.path.startswith(f"{folder}/")}


def differing_files(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paths, sorted, of workbooks and templates that differ; path → SHA-256 each.

    A workbook under another name is the same. Templates are compared by document: one that only one
    side has is passed over.
    """
    workbooks = [
        {digest: path for path, digest in side.items() if path.startswith(f"{SOURCE}/")}
        for side in (old, new)
    ]
    paths = {
        side[digest]
        for side, other in (workbooks, workbooks[::-1])
        for digest in side.keys() - other.keys()
    }
    common = _template_folders(old) & _template_folders(new)
    for folder in common:
        sides = [
            {path: digest for path, digest in side.items() if path.startswith(folder)}
            for side in (old, new)
        ]
        paths |= {path for path, _ in sides[0].items() ^ sides[1].items()}
    return tuple(sorted(paths))


def _template_folders(made_from: Mapping[str, str]) -> set[str]:
    """Return the folders of templates, such as ``templates/scorecard/``."""
    return {
        "/".join(path.split("/")[:2]) + "/"
        for path in made_from
        if path.startswith(f"{TEMPLATES}/")
    }


def _find_figures(files: Mapping[str, bytes]) -> bytes:
    """Return the results.json among a version's files, or attached to one of its PDFs; else b""."""
    documents = {
        path: content for path, content in files.items() if path.startswith(f"{DOCUMENTS}/")
    }
    for path, content in documents.items():
        if path.endswith(".json") and _is_figures(content):
            return content
    for path, content in documents.items():
        if path.endswith(".pdf"):
            attached = attachments(content).get(FIGURES_NAME, b"")
            if _is_figures(attached):
                return attached
    return b""


def _is_figures(content: bytes) -> bool:
    """Return whether a content is a results.json of a schema that is known here."""
    try:
        fields: Any = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and fields.get("schema") == _FIGURES_SCHEMA
