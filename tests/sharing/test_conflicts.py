"""What can be wrong with a part that comes back: told by cell, and never written over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from reportgen.sharing import edition_update
from reportgen.sharing.edition_sharing import share_edition
from reportgen.workbook.editing.workbook_editor import set_cells
from reportgen.workbook.parts.part_reader import read_part
from reportgen.workbook.schema.cell_refs import cell_name
from tests.factories.owner_parts import (
    blanked,
    cells,
    edited,
    edition,
    filled,
    merged,
    part_workbooks,
    sample_card,
    workbook_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

    from reportgen.problems import Problem
    from reportgen.sharing.edition_update import EditionUpdate
    from reportgen.workbook.editing.cell_edits import CellEdit
    from reportgen.workbook.parts.part_reader import ReturnedPart

TYPES = "每年增加創新研習班後之研習類別總數"
PRIZES = "當年度優質學校獲獎校數"  # row 10 of the edition, row 6 of the part
SCHOOLS = "當年度優質學校申請校數"
FIGURES: dict[str, dict[str, object]] = {
    TYPES: {"105": 19},
    PRIZES: {"105": 17},
    SCHOOLS: {"105": 40},
}
Where = tuple[str, str, str]  # code, sheet, cell


@cache
def start() -> bytes:
    """The edition as it is shared: this year's figures are blank."""
    card = sample_card()
    return blanked(card, workbook_of(card), lambda cell: cell == "F11")


@cache
def blank_part() -> bytes:
    """The part of 研究組: its rows are 5 to 7, the year is in column F."""
    return part_workbooks(edition(start()))["研究組"]


def part(
    contents: dict[str, dict[str, object]] | None = None,
    change: Callable[[Workbook], object] = lambda book: None,
    signature: tuple[str, str] | None = ("王小明", "106-01-05"),
) -> bytes:
    """The part of 研究組 as it is filled in."""
    return filled(blank_part(), FIGURES | (contents or {}), signature, change)


def set_cell(sheet: str, cell: str, value: object) -> Callable[[Workbook], object]:
    """The change of one cell."""

    def change(book: Workbook) -> None:
        page: Any = book[sheet]
        page[cell].value = value

    return change


def in_data(cell: str, value: object) -> Callable[[Workbook], object]:
    return set_cell("填報資料", cell, value)


def remove(sheet: str) -> Callable[[Workbook], object]:
    return lambda book: book.remove(book[sheet])


def with_row(sheet: str, number: int, *values: object) -> Callable[[Workbook], object]:
    """The insertion of a row."""

    def change(book: Workbook) -> None:
        page: Any = book[sheet]
        page.insert_rows(number)
        for column, value in enumerate(values, start=1):
            page.cell(number, column).value = value

    return change


def without_row(sheet: str, number: int) -> Callable[[Workbook], object]:
    def change(book: Workbook) -> None:
        page: Any = book[sheet]
        page.delete_rows(number)

    return change


def without_column(sheet: str, number: int) -> Callable[[Workbook], object]:
    def change(book: Workbook) -> None:
        page: Any = book[sheet]
        page.delete_cols(number)

    return change


def formula(content: bytes, part_name: str, cell: str, result: str) -> bytes:
    """A workbook in which a cell is a formula with a stored result."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w") as zipped:
        for name in source.namelist():
            text = source.read(name)
            if name == part_name:
                before, mark, rest = text.partition(f'<c r="{cell}"'.encode())
                head, _, tail = rest.partition(b">")
                assert mark
                style = head.removesuffix(b"/").replace(b' t="n"', b"").rstrip()
                tail = tail if head.endswith(b"/") else tail.partition(b"</c>")[2]
                inner = f"><f>1+1</f><v>{result}</v></c>".encode()
                text = before + mark + style + inner + tail
            zipped.writestr(name, text)
    return target.getvalue()


def struck(book: Workbook) -> None:
    page: Any = book["填報資料"]
    page["F6"].font = Font(strike=True)


def merge_cells(book: Workbook) -> None:
    page: Any = book["年度資料"]
    page.merge_cells("F9:F10")


def delete_edition_row(book: Workbook) -> None:
    without_row("年度資料", 10)(book)


def sheet_of(content: bytes, name: str) -> str:
    """The part of a sheet in a package that openpyxl has saved."""
    names = load_workbook(BytesIO(content), read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(name) + 1}.xml"


def formula_in_edition() -> bytes:
    return formula(start(), sheet_of(start(), "年度資料"), "F10", "16")


def formula_in_part() -> bytes:
    content = part()
    return formula(content, sheet_of(content, "填報資料"), "F6", "17")


@dataclass(frozen=True)
class Case:
    """A way for parts to come back: what is told, and the rows of the edition that are set."""

    told: tuple[Where, ...]
    parts: Callable[[], tuple[bytes, ...]] = lambda: (part(),)
    now: Callable[[], bytes] = start  # the edition when parts are merged
    merged: dict[str, str] = field(default_factory=dict)  # cells of 年度資料


ALL = {"F5": "19", "F10": "17", "F11": "40"}
REST = {"F5": "19", "F11": "40"}  # F11 holds 40 from the beginning
D, E = "填報資料", "年度資料"

CASES: dict[str, Case] = {
    "nothing is wrong": Case((), merged=ALL),
    "two parts give a cell differently": Case(
        (("E718", D, "F6"), ("E718", D, "F6"), ("W711", "", "")),
        lambda: (part(), part({PRIZES: {"105": 18}})),
        merged=REST,
    ),
    "the cell was changed in the edition": Case(
        (("E714", D, "F6"),), now=lambda: edited(start(), set_cell(E, "F10", 16)), merged=REST
    ),
    "both sides changed it to the same": Case(
        (), now=lambda: edited(start(), set_cell(E, "F10", 17)), merged=ALL
    ),
    "two parts that do not contradict": Case(
        (("W711", "", ""),),
        lambda: (part(), part({PRIZES: {"105": "１７"}, TYPES: {"105": None}})),
        merged=ALL,
    ),
    "the same number typed as a text": Case(
        (("N711", "", ""),), lambda: (part(), part({PRIZES: {"105": "１７"}})), merged=ALL
    ),
    "the item was renamed": Case(
        (("E712", D, "F6"), ("W713", "關鍵績效指標", "D10")),
        now=lambda: edited(
            edited(start(), set_cell(E, "A10", "獲獎校數")),
            set_cell("關鍵績效指標", "D10", "獲獎校數/當年度優質學校申請校數×100%（單位：%）"),
        ),
        merged={"F5": "19", "F11": "40"},
    ),
    "the row was deleted": Case(
        (("E712", D, "F6"),),
        now=lambda: edited(start(), delete_edition_row),
        merged={"F5": "19", "F10": "40"},
    ),
    "the unit of measure was changed": Case(
        (("E715", D, "F6"),), now=lambda: edited(start(), set_cell(E, "C10", "所")), merged=REST
    ),
    "a KPI's formula was changed": Case(
        (("W713", "關鍵績效指標", "D10"),),
        now=lambda: edited(
            start(),
            set_cell("關鍵績效指標", "D10", f"{PRIZES}/{SCHOOLS}×100%（單位：%）"),
        ),
        merged=ALL,
    ),
    "the part is of an older edition": Case(
        (("E711", "", ""),), now=lambda: edited(start(), set_cell("基本資料", "B8", "106-03-29"))
    ),
    "the part is of another data year": Case(
        (("E711", "", ""),), now=lambda: edited(start(), set_cell("基本資料", "B9", 104))
    ),
    "the part is of another agency": Case(
        (("E710", "", ""),), now=lambda: edited(start(), set_cell("基本資料", "B5", "別的機關"))
    ),
    "the part is given twice": Case((("N711", "", ""),), lambda: (part(), part()), merged=ALL),
    "the part is given twice, saved by another program": Case(
        (("N711", "", ""),),
        lambda: (part(), edited(part(), lambda book: None)),
        merged=ALL,
    ),
    "the unit was renamed": Case(
        (("W712", "", ""),),
        now=lambda: edited(
            edited(start(), set_cell("關鍵績效指標", "H5", "研發組")),
            set_cell("關鍵績效指標", "H10", "研發組"),
        ),
        merged=ALL,
    ),
    "a row was inserted": Case(
        (("E706", D, "A6"),), lambda: (part(change=with_row(D, 6, "新的", "", "校")),), merged=ALL
    ),
    "a row stands twice": Case(
        (("E707", D, "A8"),),
        lambda: (part(change=with_row(D, 8, PRIZES, "", "校", "", "", 99)),),
        merged=ALL,
    ),
    "a row is missing": Case(
        (("W706", D, ""),), lambda: (part(change=without_row(D, 6)),), merged=REST
    ),
    "a row is blank": Case((), lambda: (part({PRIZES: {"105": None}}),), merged=REST),
    "the sheet is missing": Case((("E704", "", ""),), lambda: (part(change=remove(D)),)),
    "the record is missing": Case((("E703", "", ""),), lambda: (part(change=remove("填報紀錄")),)),
    "the record was altered": Case(
        (("E705", "填報紀錄", ""),), lambda: (part(change=set_cell("填報紀錄", "A1", "{}")),)
    ),
    "the cover is missing": Case(
        (("W703", "填報說明", ""),), lambda: (part(change=remove("填報說明")),), merged=ALL
    ),
    "nobody has signed": Case(
        (("W703", "填報說明", "B12"),), lambda: (part(signature=None),), merged=ALL
    ),
    "the date of the signature is none": Case(
        (("W703", "填報說明", "B13"),),
        lambda: (part(signature=("王小明", "昨天")),),
        merged=ALL,
    ),
    "an item was overtyped": Case(
        (("E706", D, "A6"), ("W706", D, "")),
        lambda: (part(change=in_data("A6", "獲獎學校數")),),
        merged=REST,
    ),
    "the unit of measure was overtyped": Case(
        (("E708", D, "C6"),), lambda: (part(change=in_data("C6", "所")),), merged=REST
    ),
    "last year's figure was overtyped": Case(
        (("E708", D, "E6"),), lambda: (part(change=in_data("E6", 99)),), merged=ALL
    ),
    "a KPI's formula was overtyped": Case(
        (("W708", "相關指標", "C6"),),
        lambda: (part(change=set_cell("相關指標", "C6", "1")),),
        merged=ALL,
    ),
    "the year's heading was overtyped": Case(
        (("E104", D, "A4"),), lambda: (part(change=in_data("F4", 106)),)
    ),
    "the source's heading was overtyped": Case(
        (("E104", D, "A4"), ("N152", D, "G4")),
        lambda: (part(change=in_data("G4", "出處")),),
        merged=ALL,
    ),
    "the figure has a unit": Case(
        (("E112", D, "F6"),), lambda: (part({PRIZES: {"105": "17校"}}),), merged=REST
    ),
    "the figure is words": Case(
        (("E111", D, "F6"),), lambda: (part({PRIZES: {"105": "很多"}}),), merged=REST
    ),
    "the figure is a date": Case(
        (("E122", D, "F6"),), lambda: (part({PRIZES: {"105": date(2016, 1, 7)}}),), merged=REST
    ),
    "the figure is a truth value": Case(
        (("E117", D, "F6"),), lambda: (part({PRIZES: {"105": True}}),), merged=REST
    ),
    "the figure is an error value": Case(
        (("E115", D, "F6"),), lambda: (part({PRIZES: {"105": "#N/A"}}),), merged=REST
    ),
    "the figure is too large": Case(
        (("E118", D, "F6"),), lambda: (part({PRIZES: {"105": 10**16}}),), merged=REST
    ),
    "the figure is a formula without a result": Case(
        (("E114", D, "F6"),), lambda: (part({PRIZES: {"105": "=1+1"}}),), merged=REST
    ),
    "the figure is a formula": Case((("N714", D, "F6"),), lambda: (formula_in_part(),), merged=ALL),
    "the figure is struck through": Case(
        (("W161", D, "F6"),), lambda: (part(change=struck),), merged=ALL
    ),
    "a note is too long": Case(
        (("E126", D, "H6"),), lambda: (part({PRIZES: {"105": 17, "備註": "長" * 400}}),), merged=ALL
    ),
    "a figure was cleared": Case(
        (("W714", D, "F7"),), lambda: (part({SCHOOLS: {"105": None}}),), merged=ALL
    ),
    "the edition's cell is a formula": Case(
        (("E716", D, "F6"),), now=formula_in_edition, merged={"F5": "19", "F10": "16"}
    ),
    "the edition's cell is merged with another": Case(
        (("E717", D, "F6"),), now=lambda: edited(start(), merge_cells), merged=REST
    ),
    "the edition has no column for a note": Case(
        (("E713", D, "H6"),),
        lambda: (part({PRIZES: {"105": 17, "備註": "說明"}}),),
        now=lambda: edited(start(), without_column(E, 8)),
        merged=ALL,
    ),
    "rows were moved in the edition": Case(
        (),
        now=lambda: edited(start(), with_row(E, 7, "新資料項", "", "件")),
        merged={"F5": "19", "F11": "17", "F12": "40"},
    ),
    "a sheet was added": Case(
        (("N705", "計算", ""),),
        lambda: (part(change=lambda book: book.create_sheet("計算")),),
        merged=ALL,
    ),
    "it is the edition itself": Case((("E703", "", ""),), lambda: (start(),)),
    "it is no workbook": Case((("E130", "", ""),), lambda: (b"%PDF-1.7",)),
    "it was never touched": Case((("N712", "", ""),), lambda: (blank_part(),)),
    "it was signed as it is": Case((), lambda: (filled(blank_part(), {}),), merged={"F11": "40"}),
}


def attempt(case: Case) -> tuple[bytes, EditionUpdate, list[Problem]]:
    """The edition before, what merging gives, and every problem."""
    now = case.now()
    parts: list[ReturnedPart] = []
    problems: list[Problem] = []
    for number, content in enumerate(case.parts()):
        found, read_problems = read_part(content, f"part{number}.xlsx")
        problems += read_problems
        if found is not None:
            parts.append(found)
    _, update, merge_problems = merged(edition(now), parts)
    return now, update, [*problems, *merge_problems]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_it_is_told_by_cell_and_nothing_is_overwritten(name: str) -> None:
    case = CASES[name]
    now, update, problems = attempt(case)
    told = [(problem.code, problem.where.sheet, problem.where.cell) for problem in problems]
    assert sorted(told) == sorted(case.told)
    before, after = cells(now), cells(update.content)
    changed = {
        change.target.at.cell: change.content
        for change in update.changes
        if change.target.at.sheet == E
    }
    places = {(change.target.at.sheet, change.target.at.cell) for change in update.changes}
    for key in before.keys() | after.keys():
        if (key[0], cell_name(*key[1:])) not in places:
            assert before.get(key) == after.get(key), key
    shown = {
        cell_name(row, column): str(content[1])
        for (sheet, row, column), content in after.items()
        if sheet == E and column == 6 and row > 4
    }
    assert {cell: text for cell, text in shown.items() if cell in case.merged} == case.merged
    if not case.merged:
        assert changed == {}
        assert update.content == now


def test_there_are_many_kinds() -> None:
    assert len({code for case in CASES.values() for code, _, _ in case.told}) >= 25
    assert sum(bool(case.told) for case in CASES.values()) >= 40


@pytest.mark.parametrize("name", ["two parts give a cell differently", "the figure has a unit"])
def test_the_order_of_parts_does_not_matter(name: str) -> None:
    case = CASES[name]
    parts = case.parts()
    first = attempt(case)
    second = attempt(Case(case.told, lambda: parts[::-1], case.now))
    assert first[1].content == second[1].content


@pytest.mark.slow
def test_a_row_that_two_units_return_differently() -> None:
    """It was given to another unit after the first had its part."""
    moved = edited(start(), set_cell("關鍵績效指標", "H10", "教務組"))
    second = filled(part_workbooks(edition(moved))["教務組"], {PRIZES: {"105": 18}})
    found, _ = read_part(second, "b.xlsx")
    first, _ = read_part(part(), "a.xlsx")
    assert found is not None
    assert first is not None
    _, update, problems = merged(edition(moved), [first, found])
    codes = [problem.code for problem in problems]
    assert codes.count("E718") == 2
    assert "a.xlsx" in problems[codes.index("E718")].where.file + problems[-1].where.file
    assert "F10" not in {change.target.at.cell for change in update.changes}


def test_a_row_that_two_units_share_has_one_owner() -> None:
    shared = edited(start(), set_cell("關鍵績效指標", "D6", f"{PRIZES}（單位：校）"))
    parts, problems = share_edition(edition(shared))
    assert [problem.code for problem in problems if problem.where.cell == "A10"] == ["W701"]
    owners = [part.owner for part in parts if any(row.item == PRIZES for row in part.rows)]
    assert owners == ["教務組"]  # of the first KPI that uses it
    by_column = edited(shared, set_cell(E, "I4", "填報單位"))
    parts, problems = share_edition(edition(edited(by_column, set_cell(E, "I10", "輔導組"))))
    assert "W701" not in {problem.code for problem in problems}
    owners = [part.owner for part in parts if any(row.item == PRIZES for row in part.rows)]
    assert owners == ["輔導組"]


def test_a_workbook_that_reads_differently_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the editor to set another cell, or none, nothing would be merged."""

    def with_another(content: bytes, edits: list[CellEdit]) -> bytes:
        return set_cells(content, [*edits, edits[0]._replace(row=9, content="x")])

    for broken in (with_another, lambda content, edits: content):
        monkeypatch.setattr(edition_update, "set_cells", broken)
        now, update, problems = attempt(CASES["nothing is wrong"])
        assert [problem.code for problem in problems] == ["E719"]
        assert update.content == now
        assert update.changes == ()
