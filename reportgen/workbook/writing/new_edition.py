"""New workbooks: a blank one, the next edition of an older one, or the same one with new aids.

From one edition to the next the definitions, the earlier years, targets, checks, lights and
pictures are carried over; dates move on, the state is 草稿, the revision log is empty. What a
workbook holds besides its own sheets and columns is not carried over, and reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final

from reportgen.formula import parse_unit
from reportgen.model.scorecard import DataStatus, Known, RocDate
from reportgen.problems import Location, Severity, make_problem
from reportgen.text.name_matching import name_key
from reportgen.workbook.reading.cell_reader import displayed_sign
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_source import WorkbookSource, is_wanted
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.cell_refs import cell_name, parse_cell_name
from reportgen.workbook.schema.percent_units import PERCENT, to_row_unit
from reportgen.workbook.schema.sheets import (
    BASICS,
    COMMENTARIES,
    DATA,
    DEFAULT_OBJECTIVES_PER_PAGE,
    REVISIONS,
    TARGETS,
)
from reportgen.workbook.writing.scorecard_rows import Percentage, rows_by_sheet, year_columns
from reportgen.workbook.writing.workbook_writer import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.model.scorecard import Picture, Scorecard
    from reportgen.problems import Problem
    from reportgen.workbook.reading.raw_cells import RawWorkbook
    from reportgen.workbook.writing.scorecard_rows import Content, Row, Rows

DEFAULT_YEAR_COLUMNS: Final = 3  # year columns of a blank workbook
DEFAULT_TITLE: Final = "策略地圖與平衡計分卡"
# Errors that leave nothing out of the scorecard: blank cells stay blank.
_HARMLESS: Final = frozenset({"E102", "E121", "E136"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The contents of a new workbook."""

    rows: Rows
    years: tuple[int, ...]  # year columns from left to right
    revised: RocDate
    data_year: int
    pictures: tuple[Picture, ...] = ()

    @property
    def status(self) -> str:
        """The 資料狀態 of the edition."""
        return next(str(row["內容"]) for row in self.rows[BASICS.name] if row["項目"] == "資料狀態")

    def to_bytes(self) -> bytes:
        """Return the edition as .xlsx; the same edition gives the same bytes."""
        target = BytesIO()
        write_rows(
            self.rows,
            target,
            modified=self.revised,
            years=self.years,
            pictures=self.pictures,
            on_request=True,
        )
        return target.getvalue()


@dataclass(frozen=True, slots=True)
class PreviousEdition:
    """A workbook that was read without a loss, with contents that the scorecard does not hold."""

    card: Scorecard
    rows: Rows
    not_carried_over: tuple[Problem, ...]  # W151 and W152


def blank_edition(revised: RocDate, data_year: int) -> Edition:
    """Return an edition with the basic data alone, and DEFAULT_YEAR_COLUMNS year columns.

    The last of these is the data year; there are fewer if it is ROC 1 or 2.
    """
    basics: dict[str, Content] = {
        "文件名稱": DEFAULT_TITLE,
        "封面日期": revised,
        "修表日期": revised,
        "資料年度": data_year,
        "資料狀態": DataStatus.DRAFT.value,
        "每頁目標數": DEFAULT_OBJECTIVES_PER_PAGE,
    }
    first_year = max(1, data_year - DEFAULT_YEAR_COLUMNS + 1)
    return Edition(
        rows={BASICS.name: _basics_rows(basics)},
        years=tuple(range(first_year, data_year + 1)),
        revised=revised,
        data_year=data_year,
    )


def next_edition(old: PreviousEdition, revised: RocDate, data_year: int) -> Edition:
    """Return the next edition, with a column for its data year and targets for each KPI.

    A new year's column is sorted in if the others are sorted, else it comes last. Dates and
    state are new, the revision log is empty; all else is that of ``old``.
    """
    changed: dict[str, Content] = {
        "封面日期": revised,
        "修表日期": revised,
        "資料年度": data_year,
        "資料狀態": DataStatus.DRAFT.value,
    }
    basics = {str(row["項目"]): row["內容"] for row in old.rows[BASICS.name]} | changed
    years = year_columns(old.rows)
    if data_year not in years:
        is_sorted = list(years) == sorted(years)
        years = tuple(sorted((*years, data_year))) if is_sorted else (*years, data_year)
    return Edition(
        rows={
            **old.rows,
            BASICS.name: _basics_rows(basics),
            COMMENTARIES.name: _commentary_rows(old, data_year),
            REVISIONS.name: (),
        },
        years=years,
        revised=revised,
        data_year=data_year,
        pictures=old.card.pictures,
    )


def same_edition(old: PreviousEdition) -> Edition:
    """Return an edition with the same contents, to be written anew with the current sheets."""
    return Edition(
        rows={
            **old.rows,
            COMMENTARIES.name: _commentary_rows(old, old.card.data_year),
        },
        years=year_columns(old.rows),
        revised=old.card.revised,
        data_year=old.card.data_year,
        pictures=old.card.pictures,
    )


def next_data_year(card: Scorecard, revised: RocDate) -> int:
    """Return the data year of the next edition; it moves on with the year of the revision.

    It is kept within 1-999.
    """
    return min(999, max(1, card.data_year + revised.year - card.revised.year))


def has_losing_errors(problems: Iterable[Problem]) -> bool:
    """Return whether an error has left something out of the scorecard that was read.

    Errors of blank cells, and of sheets without rows, leave nothing out.
    """
    return any(
        problem.severity is Severity.ERROR and problem.code not in _HARMLESS for problem in problems
    )


def previous_edition(
    card: Scorecard, content: bytes, problems: Iterable[Problem]
) -> PreviousEdition:
    """Return a workbook that was read, with contents that the scorecard does not hold.

    ``card`` and ``problems`` were read from ``content``. Raises
    UnreadableError if ``content`` is no workbook.
    """
    from reportgen.workbook.annotate import without_annotations

    package = Package(without_annotations(content))  # our own comments and list are no loss
    raw = read_sheets(package, is_wanted)
    rows = {
        **rows_by_sheet(card),
        DATA.name: _figures(card, raw),
        TARGETS.name: _target_rows(card, raw),
    }
    left_out = (
        *_lost_content_problems(problems),
        *_comments_and_drawings(package, card),
        *_formula_results(raw, card),
    )
    return PreviousEdition(card, rows, left_out)


def _basics_rows(contents: dict[str, Content]) -> list[Row]:
    """Return the contents of 基本資料 as rows, one for each item."""
    return [{"項目": name, "內容": content} for name, content in contents.items()]


def _figures(card: Scorecard, raw: RawWorkbook) -> list[Row]:
    """Return the rows of 年度資料, in which 0.43% in a row of % is still written so.

    As a plain 0.43 it might be taken for 43 %.
    """
    cells_by_sheet = {sheet.name: sheet.rows for sheet in raw.sheets}
    rows: list[Row] = []
    for figure, row in zip(card.figures, rows_by_sheet(card)[DATA.name], strict=True):
        new_row = dict(row)
        unit = parse_unit(figure.unit.text)
        one_as_ratio = to_row_unit(Fraction(1), is_ratio=True, unit=unit)
        # Without a unit only the sign shows that 0.05 is 5 %.
        keeps_signs = one_as_ratio == PERCENT or unit is None
        for year_value in figure.values if keeps_signs else ():
            number, column = parse_cell_name(year_value.at.cell)
            cell = cells_by_sheet[year_value.at.sheet].get(number, {}).get(column)
            if not cell or not isinstance(year_value.value, Known) or year_value.written:
                continue
            if displayed_sign(cell, year_value.value.value):
                new_row[year_value.year] = Percentage(year_value.value.value / one_as_ratio)
        rows.append(new_row)
    return rows


def _commentary_rows(old: PreviousEdition, data_year: int) -> list[Row]:
    """Return the rows of 執行說明, and one to be filled in for each KPI without words that year."""
    written = {
        commentary.kpi for commentary in old.card.commentaries if commentary.year == data_year
    }
    to_fill: list[Row] = [
        {"KPI代碼": kpi.code, "年度": data_year} for kpi in old.card.kpis if kpi.code not in written
    ]
    return [*old.rows[COMMENTARIES.name], *to_fill]


def _target_rows(card: Scorecard, raw: RawWorkbook) -> list[Row]:
    """Return the rows of 目標值: one for each KPI, with its targets and basis, if any.

    A basis without targets, which the scorecard does not hold, is taken from ``raw``.
    """
    bases: dict[str, str] = {}
    for row in WorkbookSource(raw, []).rows(TARGETS):
        code, basis = (row.cell(name).raw for name in ("KPI代碼", "依據"))
        if code is not None and basis is not None:
            bases.setdefault(name_key(code.content), basis.content)
    rows_with_targets = {row["KPI代碼"]: row for row in rows_by_sheet(card)[TARGETS.name]}
    return [
        {
            "KPI代碼": kpi.code,
            "依據": bases.get(name_key(kpi.code), ""),
            **rows_with_targets.get(kpi.code, {}),
        }
        for kpi in card.kpis
    ]


# --- contents that are not carried over ---------------------------------------------


def _lost_content_problems(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield W151 for each unknown sheet or column and for macros, which are not carried over."""
    kinds = {"N151": ("工作表", "the sheet"), "N152": ("欄", "the column")}
    for problem in problems:
        fields = dict(problem.fields)
        if problem.code in kinds:
            chinese, english = kinds[problem.code]
            name = fields["found"]
            chinese_name = (
                f"{chinese}「{name}」" if problem.code == "N151" else f"「{name}」{chinese}"
            )
            yield make_problem(
                "W151", problem.where, found=chinese_name, found_en=f"{english} “{name}”"
            )
        elif problem.code == "N156":
            yield make_problem("W151", problem.where, found="巨集", found_en="macros")


def _comments_and_drawings(package: Package, card: Scorecard) -> Iterator[Problem]:
    """Yield W151 for cell comments, and for pictures and shapes on other sheets.

    LibreOffice writes a drawing for every sheet, with nothing anchored in most of them.
    """
    has_comments, drawing_count = _remarks_of(package)
    if has_comments:
        yield make_problem("W151", found="儲存格的註解", found_en="cell comments")
    if drawing_count > (len(card.pictures) if package.is_opendocument else bool(card.pictures)):
        chinese_name = "「經營核心價值」以外的圖片與圖形"
        yield make_problem(
            "W151", found=chinese_name, found_en="pictures and shapes of other sheets"
        )


def _remarks_of(package: Package) -> tuple[bool, int]:
    """Return whether cells have comments, and how many sheets have drawings.

    In an OpenDocument the drawings themselves are counted.
    """
    if package.is_opendocument:
        content = package.read("content.xml") or b""
        return b"<office:annotation" in content, len(_DRAWING.findall(content))
    drawings = [name for name in package.names if name.startswith("xl/drawings/drawing")]
    return (
        any("comments" in name for name in package.names),
        sum(b"Anchor" in (package.read(name) or b"") for name in drawings),
    )


_DRAWING: Final = re.compile(
    rb"<draw:(?:frame|custom-shape|rect|line|ellipse|polygon|path|connector|measure)\b"
)


def _formula_results(raw: RawWorkbook, card: Scorecard) -> Iterator[Problem]:
    """Yield W152 for each sheet with formulas of Excel whose results are carried over.

    A target such as =90, which Excel stores as a formula, is carried over as this text (N159).
    """
    targets = {(target.goal.at.sheet, target.goal.at.cell) for target in card.targets}
    for sheet in raw.sheets:
        formula_cells = [
            (row, column)
            for row, cells in sorted(sheet.rows.items())
            for column, cell in sorted(cells.items())
            if cell.is_computed
            and not (cell.constant and (sheet.name, cell_name(row, column)) in targets)
        ]
        if formula_cells:
            location = Location(sheet=sheet.name, cell=cell_name(*formula_cells[0]))
            yield make_problem("W152", location, count=len(formula_cells))
