"""Problems, template excerpts and archived editions as JSON for the page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.archive import describe_edition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.archive import Archive, LogEntry
    from reportgen.problems import Problem
    from reportgen.web.api_types import (
        ArchivedEdition,
        ExcerptLine,
        ProblemCounts,
        ProblemJson,
    )

CONTEXT_LINES: Final = 2  # lines of a template before and after the faulty one
MAX_LINE_CHARS: Final = 200  # of an excerpt


def problem_json(problem: Problem, hidden: str = "") -> ProblemJson:
    """Return a problem in both languages, without the temporary folder ``hidden`` in its texts.

    With the lines of the template around it, if it names any.
    """
    location = problem.where
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": location.sheet,
        "cell": location.cell,
        "file": _without_folder(location.file, hidden),
        "line": location.line,
        "zh-TW": _without_folder(problem.line("zh-TW"), hidden),
        "en": _without_folder(problem.line("en"), hidden),
        "excerpt": _template_excerpt(location.file, location.line),
    }


def problems_json(problems: Iterable[Problem], hidden: str = "") -> list[ProblemJson]:
    """Return problems as JSON, each once, in order; ``hidden`` as in :func:`problem_json`."""
    return [problem_json(problem, hidden) for problem in dict.fromkeys(problems)]


def problem_counts(problems: Iterable[Problem]) -> ProblemCounts:
    """Return how many problems there are of each severity, each problem once."""
    counts = Counter(problem.severity.value for problem in dict.fromkeys(problems))
    return {"error": counts["error"], "warning": counts["warning"], "notice": counts["notice"]}


def edition_json(archive: Archive, entry: LogEntry, *, is_current: bool) -> ArchivedEdition:
    """Return an archived edition as JSON; its record and inventory are read."""
    described = describe_edition(archive, entry)
    return {
        "id": str(entry.number),
        "agency": entry.agency,
        "name": entry.name,
        "edition": entry.edition,
        "title": described.title,
        "status": entry.status,
        "archived": entry.time,
        "printed": entry.printed,
        "user": described.user,
        "codes": [*described.codes],
        "current": is_current,
        "files": [{"name": file.path, "size": file.size} for file in entry.files],
    }


def _without_folder(text: str, hidden: str) -> str:
    """Return a text without the path ``hidden``, which the page must not show."""
    return text.replace(hidden, "") if hidden else text


def _template_excerpt(file: str, line: int | None) -> list[ExcerptLine]:
    """Return the lines of a file around ``line`` as JSON, the line itself marked as ``here``.

    CONTEXT_LINES on each side; empty without a line, or if it cannot be read as text.
    """
    if line is None:
        return []
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []
    first_line = max(1, line - CONTEXT_LINES)
    return [
        {"line": number, "text": text[:MAX_LINE_CHARS], "here": number == line}
        for number, text in enumerate(lines[first_line - 1 : line + CONTEXT_LINES], first_line)
    ]
