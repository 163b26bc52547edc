"""A workbook to begin with: a blank one, the next edition of an older one, or one made anew.

From one edition to the next the definitions, the earlier years, targets, checks, lights and
pictures stay; dates move on, the state is 草稿, the revision log is empty. What a workbook
holds beside its own sheets and columns is not carried over, and told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final

from reportgen.formula import parse_unit
from reportgen.model import DataStatus, Known, RocDate
from reportgen.names import name_key
from reportgen.problems import Location, Severity, make
from reportgen.workbook.cells import shown_sign
from reportgen.workbook.package_check import Package
from reportgen.workbook.places import cell_name, cell_place
from reportgen.workbook.rates import PERCENT, in_unit
from reportgen.workbook.rows import Percentage, rows_of, years_of
from reportgen.workbook.schema import BASICS, DATA, DEFAULT_OBJECTIVES_PER_PAGE, REVISIONS, TARGETS
from reportgen.workbook.sheets import read_sheets
from reportgen.workbook.source import Source, is_wanted
from reportgen.workbook.writing import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.model import Picture, Scorecard
    from reportgen.problems import Problem
    from reportgen.workbook.rows import Content, Row, Rows
    from reportgen.workbook.spreadsheet import RawWorkbook

YEARS: Final = 3  # year columns of a blank workbook
DEFAULT_TITLE: Final = "策略地圖與平衡計分卡"
# Errors that leave nothing out of the scorecard: what is blank stays blank.
_HARMLESS: Final = frozenset({"E102", "E121", "E136"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a new workbook is to hold."""

    rows: Rows
    years: tuple[int, ...]  # year columns from left to right
    revised: RocDate
    data_year: int
    pictures: tuple[Picture, ...] = ()

    @property
    def status(self) -> str:
        """資料狀態."""
        return next(str(row["內容"]) for row in self.rows[BASICS.name] if row["項目"] == "資料狀態")

    def content(self) -> bytes:
        """The workbook; the same edition gives the same bytes."""
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
class Old:
    """A workbook that was read without a loss: what it says, and what only its cells tell."""

    card: Scorecard
    rows: Rows
    left_out: tuple[Problem, ...]  # W151 and W152, for what cannot be carried over


def blank(revised: RocDate, data_year: int) -> Edition:
    """A workbook without definitions."""
    basics: dict[str, Content] = {
        "文件名稱": DEFAULT_TITLE,
        "封面日期": revised,
        "修表日期": revised,
        "資料年度": data_year,
        "資料狀態": DataStatus.DRAFT.value,
        "每頁目標數": DEFAULT_OBJECTIVES_PER_PAGE,
    }
    first = max(1, data_year - YEARS + 1)
    return Edition(
        rows={BASICS.name: _items(basics)},
        years=tuple(range(first, data_year + 1)),
        revised=revised,
        data_year=data_year,
    )


def following(old: Old, revised: RocDate, data_year: int) -> Edition:
    """The next edition, with a column for its data year and a row of targets for each KPI."""
    changed: dict[str, Content] = {
        "封面日期": revised,
        "修表日期": revised,
        "資料年度": data_year,
        "資料狀態": DataStatus.DRAFT.value,
    }
    basics = {str(row["項目"]): row["內容"] for row in old.rows[BASICS.name]} | changed
    years = years_of(old.rows)
    if data_year not in years:
        is_sorted = list(years) == sorted(years)
        years = tuple(sorted((*years, data_year))) if is_sorted else (*years, data_year)
    return Edition(
        rows={**old.rows, BASICS.name: _items(basics), REVISIONS.name: ()},
        years=years,
        revised=revised,
        data_year=data_year,
        pictures=old.card.pictures,
    )


def again(old: Old) -> Edition:
    """The same edition with its aids made anew."""
    return Edition(
        rows=old.rows,
        years=years_of(old.rows),
        revised=old.card.revised,
        data_year=old.card.data_year,
        pictures=old.card.pictures,
    )


def next_data_year(card: Scorecard, revised: RocDate) -> int:
    """The data year moves on with the revision's year: an edition within a year keeps it."""
    return min(999, max(1, card.data_year + revised.year - card.revised.year))


def stands_in_the_way(problems: Iterable[Problem]) -> bool:
    """Whether an error has left something out of the scorecard that was read."""
    return any(each.severity is Severity.ERROR and each.code not in _HARMLESS for each in problems)


def old_workbook(card: Scorecard, content: bytes, problems: Iterable[Problem]) -> Old:
    """A workbook that was read, looked at again for what a scorecard does not hold.

    ``content`` is what ``card`` was read from, ``problems`` what was told of it. Raises
    UnreadableError where ``content`` is no workbook.
    """
    from reportgen.workbook.annotate import unmarked

    package = Package(unmarked(content))  # our own notes and list are nothing that is lost
    raw = read_sheets(package, is_wanted)
    rows = {
        **rows_of(card),
        DATA.name: _figures(card, raw),
        TARGETS.name: _targets(card, raw),
    }
    left_out = (*_unread(problems), *_beside(package, card), *_calculated(raw, card))
    return Old(card, rows, left_out)


def _items(contents: dict[str, Content]) -> list[Row]:
    return [{"項目": name, "內容": content} for name, content in contents.items()]


def _figures(card: Scorecard, raw: RawWorkbook) -> list[Row]:
    """Return the rows of 年度資料, in which what was seen as 0.43% in a row of % is so still.

    As a plain 0.43 it might be taken for 43 %.
    """
    cells = {sheet.name: sheet.rows for sheet in raw.sheets}
    rows: list[Row] = []
    for figure, row in zip(card.figures, rows_of(card)[DATA.name], strict=True):
        made = dict(row)
        unit = parse_unit(figure.unit.text)
        one = in_unit(Fraction(1), is_ratio=True, unit=unit)
        # Without a unit the sign is all that says that 0.05 is 5 %.
        keeps_signs = one == PERCENT or unit is None
        for each in figure.values if keeps_signs else ():
            number, column = cell_place(each.at.cell)
            cell = cells[each.at.sheet].get(number, {}).get(column)
            if not cell or not isinstance(each.value, Known) or each.written:
                continue
            if shown_sign(cell, each.value.value):
                made[each.year] = Percentage(each.value.value / one)
        rows.append(made)
    return rows


def _targets(card: Scorecard, raw: RawWorkbook) -> list[Row]:
    """A row for each KPI, with the basis even of one that has no target yet."""
    bases: dict[str, str] = {}
    for row in Source(raw, []).rows(TARGETS):
        code, basis = (row.cell(name).raw for name in ("KPI代碼", "依據"))
        if code is not None and basis is not None:
            bases.setdefault(name_key(code.content), basis.content)
    stated = {row["KPI代碼"]: row for row in rows_of(card)[TARGETS.name]}
    return [
        {
            "KPI代碼": kpi.code,
            "依據": bases.get(name_key(kpi.code), ""),
            **stated.get(kpi.code, {}),
        }
        for kpi in card.kpis
    ]


# --- what is not carried over -------------------------------------------------------


def _unread(problems: Iterable[Problem]) -> Iterator[Problem]:
    """W151 for each sheet and column of the user's own, and for macros."""
    kinds = {"N151": ("工作表", "the sheet"), "N152": ("欄", "the column")}
    for each in problems:
        fields = dict(each.fields)
        if each.code in kinds:
            chinese, english = kinds[each.code]
            found = fields["found"]
            named = f"{chinese}「{found}」" if each.code == "N151" else f"「{found}」{chinese}"
            yield make("W151", each.where, found=named, found_en=f"{english} “{found}”")
        elif each.code == "N156":
            yield make("W151", each.where, found="巨集", found_en="macros")


def _beside(package: Package, card: Scorecard) -> Iterator[Problem]:
    """W151 for cell comments, and for pictures and shapes on other sheets.

    LibreOffice writes a drawing for every sheet, with nothing anchored in most of them.
    """
    has_comments, drawn = _remarks_of(package)
    if has_comments:
        yield make("W151", found="儲存格的註解", found_en="cell comments")
    if drawn > (len(card.pictures) if package.is_opendocument else bool(card.pictures)):
        found = "「經營核心價值」以外的圖片與圖形"
        yield make("W151", found=found, found_en="pictures and shapes of other sheets")


def _remarks_of(package: Package) -> tuple[bool, int]:
    """Return whether cells have comments, and how many sheets have drawings.

    Of an OpenDocument it is the drawings themselves that are counted.
    """
    if package.is_opendocument:
        content = package.read("content.xml") or b""
        return b"<office:annotation" in content, len(_DRAWN.findall(content))
    drawings = [name for name in package.names if name.startswith("xl/drawings/drawing")]
    return (
        any("comments" in name for name in package.names),
        sum(b"Anchor" in (package.read(name) or b"") for name in drawings),
    )


_DRAWN: Final = re.compile(
    rb"<draw:(?:frame|custom-shape|rect|line|ellipse|polygon|path|connector|measure)\b"
)


def _calculated(raw: RawWorkbook, card: Scorecard) -> Iterator[Problem]:
    """Yield W152 for each sheet with formulas of Excel whose results are carried over.

    A target such as =90, of which Excel makes a formula, is carried over as this text (N159).
    """
    targets = {(each.goal.at.sheet, each.goal.at.cell) for each in card.targets}
    for sheet in raw.sheets:
        places = [
            (row, column)
            for row, cells in sorted(sheet.rows.items())
            for column, cell in sorted(cells.items())
            if cell.computed
            and not (cell.constant and (sheet.name, cell_name(row, column)) in targets)
        ]
        if places:
            where = Location(sheet=sheet.name, cell=cell_name(*places[0]))
            yield make("W152", where, count=len(places))
