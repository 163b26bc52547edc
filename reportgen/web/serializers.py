"""Problems and template excerpts as JSON for the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.problems import Problem

Json = dict[str, Any]
CONTEXT_LINES: Final = 2  # lines of a template before and after the faulty one
MAX_LINE_CHARS: Final = 200  # of an excerpt


def problem_json(problem: Problem, hidden: str = "") -> Json:
    """Return a problem in both languages, without the temporary folder ``hidden`` in its texts.

    With the lines of the template around it, if it names any.
    """
    location = problem.where
    messages = {language: problem.line(language) for language in ("zh-TW", "en")}
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": location.sheet,
        "cell": location.cell,
        "file": _without_folder(location.file, hidden),
        "line": location.line,
        **{language: _without_folder(text, hidden) for language, text in messages.items()},
        "excerpt": _template_excerpt(location.file, location.line),
    }


def problems_json(problems: Iterable[Problem], hidden: str = "") -> list[Json]:
    """Return problems as JSON, each once, in order; ``hidden`` as in :func:`problem_json`."""
    return [problem_json(problem, hidden) for problem in dict.fromkeys(problems)]


def _without_folder(text: str, hidden: str) -> str:
    """Return a text without the path ``hidden``, which the page must not show."""
    return text.replace(hidden, "") if hidden else text


def _template_excerpt(file: str, line: int | None) -> list[Json]:
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
