"""Immutable problem values, from their detection to their printing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from reportgen.problems.catalogue import CATALOGUE
from reportgen.problems.entry import Severity
from reportgen.problems.os_errors import OS_ERROR_TRANSLATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

Language = Literal["zh-TW", "en"]


class ExitCode(IntEnum):
    """Exit codes of the program: DONE, or what stands in the way, by the first error's code.

    WORKBOOK is for problems 1xx and 2xx, FILE 3xx, TEMPLATE 4xx, ENVIRONMENT 5xx, ARCHIVE 6xx;
    USAGE for arguments that cannot be used.
    """

    DONE = 0
    WORKBOOK = 1
    USAGE = 2
    FILE = 3
    TEMPLATE = 4
    ENVIRONMENT = 5
    ARCHIVE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A location: a sheet and a cell of a workbook, or a line of a text file."""

    file: str = ""  # with a sheet: the workbook
    sheet: str = ""
    cell: str = ""  # "E5"
    line: int | None = None  # 1 is the first
    column: int | None = None  # 1 is the first

    def text(self, language: Language = "zh-TW") -> str:
        """Return 「年度資料」E5, or scorecard.css:12; empty when nothing is known.

        The file comes first if it is known. The column is left out.
        """
        if self.sheet:
            name = f"「{self.sheet}」" if language == "zh-TW" else f"“{self.sheet}” "
            return f"{self.file}{name}{self.cell}".rstrip()
        if self.line is not None:
            return f"{self.file}:{self.line}"
        return self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding, and how to fix it."""

    code: str
    where: Location
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        """The severity by the catalogue: error, warning or notice."""
        return CATALOGUE[self.code].severity

    def message(self, language: Language = "zh-TW") -> str:
        """Return what was found, with the fields filled in."""
        return self._fill(CATALOGUE[self.code].message, language)

    def expected(self, language: Language = "zh-TW") -> str:
        """Return what was expected instead, with the fields filled in."""
        return self._fill(CATALOGUE[self.code].expected, language)

    def fix(self, language: Language = "zh-TW") -> str:
        """Return the remedy, with the fields filled in."""
        return self._fill(CATALOGUE[self.code].fix, language)

    def line(self, language: Language = "zh-TW") -> str:
        """Return code, location, message and remedy in one line, such as ``〔E131〕甲.xlsx …``."""
        location = self.where.text(language)
        message, fix = self.message(language), self.fix(language)
        if language == "zh-TW":
            return f"〔{self.code}〕{location}{' ' if location else ''}{message}{fix}"
        return f"[{self.code}] {location}{': ' if location else ''}{message} {fix}"

    def in_file(self, file: str) -> Problem:
        """Return the problem with another file in its location; sheet, cell and line stay."""
        return replace(self, where=replace(self.where, file=file))

    def in_workbook(self, workbook: str, short: str) -> Problem:
        """Return the problem with ``workbook`` as its file if it names none or ``short``.

        ``short`` is the workbook's bare name, by which a problem of one workbook calls it.
        """
        return self.in_file(workbook) if self.where.file in {"", short} else self

    def _fill(self, texts: tuple[str, str], language: Language) -> str:
        """Return the text of a language (Chinese, English) with the fields filled in.

        In Chinese the field ``reason``, an operating system's message, is translated if known.
        """
        fields = dict(self.fields)
        if language == "zh-TW" and "reason" in fields:
            fields["reason"] = OS_ERROR_TRANSLATIONS.get(fields["reason"], fields["reason"])
        return texts[0 if language == "zh-TW" else 1].format_map(fields).rstrip()


class StoppedError(Exception):
    """The problems because of which nothing was written.

    The pipeline raises it once, after every earlier stage has reported its problems.
    """

    def __init__(self, problems: Iterable[Problem], exit_code: ExitCode) -> None:
        self.problems = tuple(problems)
        self.exit_code = exit_code
        super().__init__("\n".join(problem.line("en") for problem in self.problems))


def make_problem(code: str, where: Location | None = None, /, **fields: object) -> Problem:
    """Return a problem of the catalogue, its fields as texts in the order of their names.

    Raises KeyError for a code that is not in the catalogue, and if a field that its texts name
    is missing. Fields that no text names are kept, for JSON.
    """
    entry = CATALOGUE[code]
    missing = entry.names() - fields.keys()
    if missing:
        raise KeyError(f"{code} needs {sorted(missing)}")
    return Problem(
        code=code,
        where=where or Location(),
        fields=tuple(sorted((name, str(value)) for name, value in fields.items())),
    )


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether one of them forbids writing anything."""
    return any(problem.severity is Severity.ERROR for problem in problems)
