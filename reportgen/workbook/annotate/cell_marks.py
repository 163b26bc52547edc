"""Annotations: the problems by sheet and cell, in the user's language.

A line of ours begins with its symbol and code, ``✖〔E102〕``, by which a later annotation
recognises it, whatever program has saved the workbook in between.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.problems import Severity
from reportgen.workbook.schema.cell_refs import cell_name, parse_cell_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.schema.cell_refs import Area

AUTHOR: Final = "reportgen"
MAX_COMMENT_LINES: Final = 30  # of one comment; the rest is in the list
SYMBOLS: Final = {Severity.ERROR: "✖", Severity.WARNING: "▲", Severity.NOTICE: "●"}
SEVERITIES: Final = tuple(SYMBOLS)  # the worst first
_OUR_LINE: Final = re.compile(r"(?:^|\r?\n)[ \t]*[✖▲●] ?[〔\[](?:[EWN]\d{3}|…)[〕\]][^\n]*")
_BREAK: Final = re.compile(r"\r?\n")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A cell and the lines of its comment."""

    row: int  # from 1
    column: int  # from 1
    severity: Severity  # the worst of its problems
    lines: tuple[str, ...]

    @property
    def cell(self) -> str:
        """The cell's name, ``E5``."""
        return cell_name(self.row, self.column)


def problems_by_sheet(
    problems: Iterable[Problem], sheets: Iterable[str]
) -> dict[str, dict[tuple[int, int], list[Problem]]]:
    """Return the problems of cells by sheet and by (row, column) from 1.

    Those without a cell, and those of a sheet that is not in ``sheets``, are left out.
    """
    cells_by_sheet: dict[str, dict[tuple[int, int], list[Problem]]] = {name: {} for name in sheets}
    for problem in problems:
        cell = cell_of(problem)
        if problem.where.sheet in cells_by_sheet and cell is not None:
            cells_by_sheet[problem.where.sheet].setdefault(cell, []).append(problem)
    return {name: cells for name, cells in cells_by_sheet.items() if cells}


def cell_of(problem: Problem) -> tuple[int, int] | None:
    """Return row and column (from 1) of a problem's cell, or None for a problem without one."""
    try:
        return parse_cell_name(problem.where.cell)
    except ValueError:
        return None


def annotations_of(
    cells: Mapping[tuple[int, int], Sequence[Problem]],
    merged: Sequence[Area],
    language: Language,
) -> list[Annotation]:
    """Return a mark for each cell, row by row; cells of a merged area share that of its first.

    ``cells`` are the problems by (row, column) from 1.
    """
    problems_by_cell: dict[tuple[int, int], list[Problem]] = {}
    for cell, problems in cells.items():
        problems_by_cell.setdefault(_visible_cell(cell, merged), []).extend(problems)
    return [
        Annotation(row, column, max_severity(problems), _comment_lines(problems, language))
        for (row, column), problems in sorted(problems_by_cell.items())
    ]


def max_severity(problems: Iterable[Problem]) -> Severity:
    """Return the worst severity of some problems; raises ValueError without any."""
    return min((problem.severity for problem in problems), key=SEVERITIES.index)


def comment_line(problem: Problem, language: Language) -> str:
    """Return the line of a problem: ``✖〔E102〕尚未填寫…請填入數字。``."""
    code = f"〔{problem.code}〕" if language == "zh-TW" else f" [{problem.code}] "
    message, fix = problem.message(language), problem.fix(language)
    between = "" if language == "zh-TW" else " "
    return clean_line(f"{SYMBOLS[problem.severity]}{code}{message}{between}{fix}")


def clean_line(text: str) -> str:
    """Return a text in one line, each character that XML or a reader must not see as U+FFFD.

    Those are controls, lone surrogates and bidirectional controls. ``_x000D_`` is escaped, for
    Excel would read it as a character.
    """
    text = " ".join(_BIDI.sub("\N{REPLACEMENT CHARACTER}", text).split())
    characters = (
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(char) in {"Cc", "Cs"} or ord(char) & 0xFFFE == 0xFFFE
        else char
        for char in text
    )
    # Excel reads _x000D_ in a text as the character; _x005F_ escapes the underscore.
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", "".join(characters))


def our_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans (start, end) of our lines in a comment, each with the line break before it.

    If they come first, the break after the last of them is ours as well. Empty without any.
    """
    spans = [match.span() for match in _OUR_LINE.finditer(text)]
    end = 0
    for number, (low, high) in enumerate(spans):
        if low != end:
            break
        end = high
        line_break = _BREAK.match(text, high)
        if line_break and (number + 1 == len(spans) or spans[number + 1][0] != high):
            spans[number] = (low, line_break.end())
            break
    return spans


def _visible_cell(cell: tuple[int, int], merged: Sequence[Area]) -> tuple[int, int]:
    """Return the top left cell of the merged area that covers a cell, else the cell itself."""
    return next(
        (
            (merged_area.top, merged_area.left)
            for merged_area in merged
            if merged_area.contains(*cell)
        ),
        cell,
    )


def _comment_lines(problems: Sequence[Problem], language: Language) -> tuple[str, ...]:
    """Return the comment's lines of a cell, the worst first, each once.

    Beyond MAX_COMMENT_LINES a line states how many there are more.
    """
    unique_lines = dict.fromkeys(
        comment_line(problem, language) for problem in _by_severity(problems)
    )
    lines = list(unique_lines)[:MAX_COMMENT_LINES]
    if len(unique_lines) > MAX_COMMENT_LINES:
        more = len(unique_lines) - MAX_COMMENT_LINES
        lines.append(
            f"●〔…〕另有 {more} 項，請見「檢查結果」。"
            if language == "zh-TW"
            else f"● […] {more} more; see the sheet 檢查結果."
        )
    return tuple(lines)


def _by_severity(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by severity, the worst first."""
    return sorted(problems, key=lambda problem: SEVERITIES.index(problem.severity))
