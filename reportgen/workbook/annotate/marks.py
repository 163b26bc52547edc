"""What is to be marked where: the problems by sheet and cell, in the user's words.

A line of ours begins with its symbol and code, ``✖〔E102〕``, which is how a later annotation
knows it again, whoever has saved the workbook in between.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.problems import Severity
from reportgen.workbook.places import cell_name, cell_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.places import Area

AUTHOR: Final = "reportgen"
MAX_LINES: Final = 30  # in one note; the rest is in the list
SYMBOLS: Final = {Severity.ERROR: "✖", Severity.WARNING: "▲", Severity.NOTICE: "●"}
SEVERITIES: Final = tuple(SYMBOLS)  # the worst first
_OUR_LINE: Final = re.compile(r"(?:^|\r?\n)[ \t]*[✖▲●] ?[〔\[](?:[EWN]\d{3}|…)[〕\]][^\n]*")
_BREAK: Final = re.compile(r"\r?\n")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell and what is to be said of it."""

    row: int  # from 1
    column: int  # from 1
    severity: Severity  # the worst of its problems
    lines: tuple[str, ...]

    @property
    def cell(self) -> str:
        """Its name, ``E5``."""
        return cell_name(self.row, self.column)


def by_sheet(
    problems: Iterable[Problem], sheets: Iterable[str]
) -> dict[str, dict[tuple[int, int], list[Problem]]]:
    """The problems of cells of these sheets, in their order; those without a cell are left out."""
    found: dict[str, dict[tuple[int, int], list[Problem]]] = {name: {} for name in sheets}
    for problem in problems:
        place = place_of(problem)
        if problem.where.sheet in found and place is not None:
            found[problem.where.sheet].setdefault(place, []).append(problem)
    return {name: cells for name, cells in found.items() if cells}


def place_of(problem: Problem) -> tuple[int, int] | None:
    """Row and column of its cell; None for a problem without one."""
    try:
        return cell_place(problem.where.cell)
    except ValueError:
        return None


def marks_of(
    cells: Mapping[tuple[int, int], Sequence[Problem]],
    merged: Sequence[Area],
    language: Language,
) -> list[Mark]:
    """A mark for each cell, row by row; one inside a merged area belongs to its first cell."""
    shown: dict[tuple[int, int], list[Problem]] = {}
    for place, problems in cells.items():
        shown.setdefault(_shown_at(place, merged), []).extend(problems)
    return [
        Mark(row, column, worst(problems), _lines(problems, language))
        for (row, column), problems in sorted(shown.items())
    ]


def worst(problems: Iterable[Problem]) -> Severity:
    """The gravest severity of some problems."""
    return min((problem.severity for problem in problems), key=SEVERITIES.index)


def line(problem: Problem, language: Language) -> str:
    """``✖〔E102〕尚未填寫…請填入數字。``"""
    code = f"〔{problem.code}〕" if language == "zh-TW" else f" [{problem.code}] "
    message, fix = problem.message(language), problem.fix(language)
    between = "" if language == "zh-TW" else " "
    return clean(f"{SYMBOLS[problem.severity]}{code}{message}{between}{fix}")


def clean(text: str) -> str:
    """A text in one line that XML and Excel can hold; what was quoted cannot turn its order."""
    text = " ".join(_BIDI.sub("\N{REPLACEMENT CHARACTER}", text).split())
    kept = (
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(char) in {"Cc", "Cs"} or ord(char) & 0xFFFE == 0xFFFE
        else char
        for char in text
    )
    # Excel reads _x000D_ in a text as the character; _x005F_ is how it escapes the first stroke.
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", "".join(kept))


def our_spans(text: str) -> list[tuple[int, int]]:
    """Where our lines stand in a note, each with the line break before it.

    Where they come first, the break after the last of them is ours as well.
    """
    spans = [match.span() for match in _OUR_LINE.finditer(text)]
    reached = 0
    for number, (low, high) in enumerate(spans):
        if low != reached:
            break
        reached = high
        following = _BREAK.match(text, high)
        if following and (number + 1 == len(spans) or spans[number + 1][0] != high):
            spans[number] = (low, following.end())
            break
    return spans


def _shown_at(place: tuple[int, int], merged: Sequence[Area]) -> tuple[int, int]:
    return next(((each.top, each.left) for each in merged if each.holds(*place)), place)


def _lines(problems: Sequence[Problem], language: Language) -> tuple[str, ...]:
    told = dict.fromkeys(line(each, language) for each in _by_weight(problems))
    lines = list(told)[:MAX_LINES]
    if len(told) > MAX_LINES:
        more = len(told) - MAX_LINES
        lines.append(
            f"●〔…〕另有 {more} 項，請見「檢查結果」。"
            if language == "zh-TW"
            else f"● […] {more} more; see the sheet 檢查結果."
        )
    return tuple(lines)


def _by_weight(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda each: SEVERITIES.index(each.severity))
