"""澄海縣海岸資源管理處 in January: its figures of 111 are wanted of five units, with their words.

The edition is a draft without this year's figures. Each unit has its part; that of 企劃科 has come
back, filled in with the figures of :mod:`.second_agency` and invented words.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.sharing.edition_sharing import share_edition
from reportgen.sharing.shared_edition import edition_of
from reportgen.workbook import read_bytes
from reportgen.workbook.editing.cell_edits import CellEdit
from reportgen.workbook.editing.workbook_editor import set_cells
from reportgen.workbook.parts.owner_part import COVER, PART_DATA, PART_WORDS, SIGNED_BY, SIGNED_ON
from reportgen.workbook.parts.part_writer import write_part
from reportgen.workbook.reading.cell_reader import read_text
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.table_reader import find_table
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.cell_refs import parse_cell_name
from reportgen.workbook.writing.scorecard_rows import Percentage
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import second_agency

if TYPE_CHECKING:
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.table_reader import Table
    from reportgen.workbook.schema.declarations import Sheet
    from reportgen.workbook.writing.scorecard_rows import Content, Row, Rows

UNITS: Final = ("企劃科", "海岸科", "漁業科", "航政科", "會計室")
RETURNED: Final = UNITS[0]
DUE: Final = "112-01-20"
YEAR: Final = 111
SIGNATURE: Final = {SIGNED_BY: "範例：林小姐", SIGNED_ON: "112-01-16"}
PROGRESS: Final = "範例：本年度實績值為 {%s}，達成率 {%s 達成率}。"
FOLDER: Final = "share"


@dataclass(frozen=True)
class SharedSample:
    """The edition, the part of each unit as it was sent out, and the one that has come back."""

    edition: bytes
    parts: dict[str, bytes]  # by unit
    returned: bytes

    def files(self, inputs: Path) -> dict[Path, bytes]:
        """The files of the sample by path."""
        folder, name = inputs / FOLDER, second_agency.REVISED.edition
        parts = {
            folder / f"填報/{name}_{unit}.xlsx": content for unit, content in self.parts.items()
        }
        returned = {folder / f"收回/{name}_{RETURNED}.xlsx": self.returned}
        return {folder / f"{name}.xlsx": self.edition, **parts, **returned}


def shared_sample() -> SharedSample:
    """The sample; always the same bytes."""
    target = BytesIO()
    write_rows(_rows(), target, modified=second_agency.REVISED, years=second_agency.YEARS)
    edition = target.getvalue()
    card, problems = read_bytes(edition)
    if card is None:
        raise ValueError("\n".join(problem.line("en") for problem in problems))
    shared = edition_of(Path(f"{second_agency.REVISED.edition}.xlsx"), edition, card)
    parts = {
        part.owner: write_part(part, second_agency.REVISED)
        for part in share_edition(shared, DUE)[0]
    }
    return SharedSample(edition, parts, _filled(parts[RETURNED]))


def _rows() -> Rows:
    """The agency's rows: KPIs spread over five units, nothing of this year filled in."""
    rows = second_agency.rows()
    kpis: list[Row] = [
        {**row, "承辦單位": unit if (unit := row.get("承辦單位")) in UNITS else UNITS[number % 5]}
        for number, row in enumerate(rows["關鍵績效指標"])
    ]
    changed: dict[str, Content] = {"資料狀態": "草稿"}
    basics: list[Row] = [
        {**row, "內容": changed.get(str(row["項目"]), row.get("內容"))} for row in rows["基本資料"]
    ]
    figures: list[Row] = [{**row, YEAR: None} for row in rows["年度資料"]]
    words: list[Row] = [{"KPI代碼": row["代碼"], "年度": YEAR} for row in kpis]
    return {
        **rows,
        "基本資料": basics,
        "關鍵績效指標": kpis,
        "年度資料": figures,
        "執行說明": words,
    }


def _filled(part: bytes) -> bytes:
    """A part with the agency's figures, words on each KPI, and a signature."""
    figures = {
        (str(row["資料項"]), str(row.get("組成") or "")): row.get(YEAR)
        for row in second_agency.rows()["年度資料"]
    }
    edits: list[CellEdit] = []
    for row in _table(part, PART_DATA).rows():
        value = figures[_text(row.cell("資料項")), _text(row.cell("組成"))]
        if value is not None:
            edits.append(_edit(row.year_cell(YEAR, ""), value))
    for row in _table(part, PART_WORDS).rows():
        code = _text(row.cell("KPI代碼"))
        edits.append(_edit(row.cell("執行情形"), PROGRESS % (code, code)))
    for row in _table(part, COVER).rows():
        if (item := _text(row.cell("項目"))) in SIGNATURE:
            edits.append(_edit(row.cell("內容"), SIGNATURE[item]))
    return set_cells(part, edits)


def _table(content: bytes, sheet: Sheet) -> Table:
    """A sheet of a part."""
    raw = read_sheets(Package(content).to_transitional(), lambda name: name == sheet.name)
    table = find_table(raw.sheets[0], sheet, [])
    assert table is not None
    return table


def _text(cell: Cell) -> str:
    """The text of a cell; empty for a blank one."""
    return read_text(cell).text


def _edit(cell: Cell, content: Content) -> CellEdit:
    """A content for a cell of a part."""
    row, column = parse_cell_name(cell.at.cell)
    if isinstance(content, Percentage):
        return CellEdit(cell.at.sheet, row, column, content.ratio, is_percentage=True)
    number = Fraction(content) if isinstance(content, int | Fraction) else str(content)
    return CellEdit(cell.at.sheet, row, column, number)
