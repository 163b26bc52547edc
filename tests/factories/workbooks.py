"""Workbooks for tests: the first sample, changed in memory the way staff would change it."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree
from openpyxl import load_workbook

from reportgen.workbook import read_bytes
from reportgen.workbook.schema.cell_refs import parse_cell_name
from tests.factories.samples import teachers_center, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

Change = tuple[str, str, object]  # sheet, cell, new content
Found = list[tuple[str, str, str]]  # code, sheet, cell


@cache
def sample_bytes() -> bytes:
    """The first sample; its headings stand in row 4, its data from row 5 on."""
    return workbook(teachers_center)


def changed(change: Callable[[Workbook], object]) -> bytes:
    """The sample after a change made with openpyxl."""
    book = load_workbook(BytesIO(sample_bytes()))
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_cells(*changes: Change) -> bytes:
    """The sample with some cells set, straight in its XML: openpyxl takes 0.2 s for it."""
    parts: dict[str, etree._Element] = {}
    for sheet, cell, content in changes:
        name = sheet_part(sheet)
        root = parts.setdefault(name, etree.fromstring(part(name)))
        _put(root, cell, content)
    return with_parts({name: etree.tostring(root) for name, root in parts.items()})


@cache
def _sheet_names() -> list[str]:
    return load_workbook(BytesIO(sample_bytes()), read_only=True).sheetnames


def sheet_part(name: str) -> str:
    """Where a sheet of the sample lies in its package."""
    return f"xl/worksheets/sheet{_sheet_names().index(name) + 1}.xml"


def _put(root: etree._Element, name: str, content: object) -> None:
    """Set a cell; ``=`` begins a formula without a result, ``#`` an error value."""
    row_number, column = parse_cell_name(name)
    data = root.find("{*}sheetData")
    assert data is not None
    row = data.find(f"{{*}}row[@r='{row_number}']")
    if row is None:
        row = etree.SubElement(data, f"{{{root.nsmap[None]}}}row", r=str(row_number))
    for cell in row.findall(f"{{*}}c[@r='{name}']"):
        row.remove(cell)
    before = [cell for cell in row if parse_cell_name(str(cell.get("r")))[1] < column]
    if content is not None:
        row.insert(len(before), etree.fromstring(_cell_xml(root.nsmap[None] or "", name, content)))


def _cell_xml(namespace: str, name: str, content: object) -> str:
    text = escape(str(content))
    kind, inner = "n", f"<v>{text}</v>"
    if isinstance(content, bool):
        kind, inner = "b", f"<v>{int(content)}</v>"
    elif isinstance(content, str) and content.startswith("#"):
        kind = "e"
    elif isinstance(content, str) and content.startswith("="):
        inner = f"<f>{text[1:]}</f>"
    elif isinstance(content, str):
        kind, inner = "inlineStr", f"<is><t>{text}</t></is>"
    return f'<c xmlns="{namespace}" r="{name}" t="{kind}">{inner}</c>'


def page(book: Workbook, sheet: str) -> Worksheet:
    """A sheet by name; charts are no sheets here."""
    found = book[sheet]
    assert hasattr(found, "insert_rows")
    return found


def with_parts(parts: Mapping[str, bytes | None], base: bytes | None = None) -> bytes:
    """A workbook with some parts of its package replaced, or left out."""
    target = BytesIO()
    with ZipFile(BytesIO(base or sample_bytes())) as source, ZipFile(target, "w") as zipped:
        for name in source.namelist():
            if name not in parts:
                zipped.writestr(name, source.read(name))
        for name, content in parts.items():
            if content is not None:
                zipped.writestr(name, content, ZIP_DEFLATED)
    return target.getvalue()


def part(name: str, content: bytes | None = None) -> bytes:
    """One part of a workbook, the sample by default."""
    with ZipFile(BytesIO(content or sample_bytes())) as source:
        return source.read(name)


def places(problems: tuple[Problem, ...]) -> Found:
    """Code, sheet and cell of each problem, but for what the sample itself has (W110)."""
    found = [(problem.code, problem.where.sheet, problem.where.cell) for problem in problems]
    own = {("W110", "策略目標", "A7"), ("W110", "策略目標", "A8")}
    return [place for place in found if place not in own]


def read_problems(content: bytes) -> Found:
    """What is wrong with a workbook."""
    return places(read_bytes(content)[1])


def read_scorecard(content: bytes) -> Scorecard:
    """The scorecard of a workbook that can be read."""
    scorecard, problems = read_bytes(content)
    assert scorecard is not None, problems
    return scorecard
