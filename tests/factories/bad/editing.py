"""Editing a workbook as Excel would, but straight in its XML: a load and a save take 0.4 s."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_STORED, ZipFile

from lxml import etree

from reportgen.workbook.schema.cell_refs import Area, cell_name, parse_area, parse_cell_name
from tests.factories.workbooks import sample_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = f'xmlns="{MAIN}" xmlns:r="{RELATIONS}"'
Element = etree._Element
Move = dict[int, int]  # old → new place of rows, or columns; what is not in it is deleted


class Sheet:
    """The cells, merged areas and looks of a sheet, free to be moved."""

    def __init__(self, content: bytes) -> None:
        self.root = etree.fromstring(content)
        self.data = self._find("sheetData")
        self.cells: dict[tuple[int, int], Element] = {}
        self.rows: dict[int, dict[str, str]] = {}
        for row in self.data:
            number = int(row.get("r") or 0)
            self.rows[number] = {str(k): str(v) for k, v in row.items() if k != "r"}
            for cell in row:
                self.cells[parse_cell_name(cell.get("r") or "")] = cell
        merged = self.root.find(f"{{{MAIN}}}mergeCells")
        self.merged: list[Area] = [parse_area(each.get("ref") or "") for each in merged or ()]
        if merged is not None:
            self.root.remove(merged)

    def _find(self, name: str) -> Element:
        found = self.root.find(f"{{{MAIN}}}{name}")
        assert found is not None, name
        return found

    def put(self, name: str, content: object, **attributes: str) -> None:
        """Set a cell: a text, a number, a truth value, None for nothing.

        ``=`` begins a formula without a result, ``#`` an error value; what begins with ``<``
        is the inside of the cell. It keeps its style.
        """
        place = parse_cell_name(name)
        before = self.cells.pop(place, None)
        style = {} if before is None or before.get("s") is None else {"s": before.get("s")}
        if content is None:
            return
        kind, inner = _inner(content)
        given = {"t": kind} | style | attributes
        words = "".join(f" {k}={quoteattr(str(v))}" for k, v in given.items() if v)
        self.cells[place] = etree.fromstring(f"<c {_NAMES}{words}>{inner}</c>")

    def merge(self, *references: str) -> None:
        """Merge areas; as in Excel the first content stays, and goes to the corner."""
        for reference in references:
            each = parse_area(reference)
            self.merged.append(each)
            held = sorted(place for place in self.cells if each.contains(*place))
            filled = [place for place in held if len(self.cells[place])]
            if filled:
                self.cells[each.top, each.left] = self.cells[filled[0]]
            for place in held:
                if place != (each.top, each.left):
                    del self.cells[place]

    def move(
        self, rows: Move | None = None, columns: Move | None = None, *, grow: bool = False
    ) -> None:
        """Give rows or columns other places; merged areas go with their first cell.

        ``grow``: what comes into a merged area makes it larger, as in Excel.
        """
        to_row = _mover(rows)
        to_column = _mover(columns)
        moved = {(to_row(r), to_column(c)): cell for (r, c), cell in self.cells.items()}
        self.cells = {p: cell for p, cell in moved.items() if p[0] is not None and p[1] is not None}  # type: ignore[misc]
        self.rows = {n: look for r, look in self.rows.items() if (n := to_row(r)) is not None}
        merged = []
        for each in self.merged:
            top, left = to_row(each.top), to_column(each.left)
            if top is not None and left is not None:
                bottom, right = to_row(each.bottom), to_column(each.right)
                if not grow or bottom is None or right is None:
                    bottom, right = top + each.bottom - each.top, left + each.right - each.left
                merged.append(Area(top, left, bottom, right))
        self.merged = merged

    def insert_rows(self, at: int, count: int = 1) -> None:
        self.move(rows={n: n + count * (n >= at) for n in self._numbers(0)}, grow=True)

    def insert_columns(self, at: int, count: int = 1) -> None:
        self.move(columns={n: n + count * (n >= at) for n in self._numbers(1)}, grow=True)

    def delete_rows(self, at: int, count: int = 1) -> None:
        gone = range(at, at + count)
        self.move(rows={n: n - count * (n > at) for n in self._numbers(0) if n not in gone})

    def delete_columns(self, at: int, count: int = 1) -> None:
        gone = range(at, at + count)
        self.move(columns={n: n - count * (n > at) for n in self._numbers(1) if n not in gone})

    def copy_row(self, source: int, target: int) -> None:
        for (row, column), cell in tuple(self.cells.items()):
            if row == source:
                self.cells[target, column] = etree.fromstring(etree.tostring(cell))

    def _numbers(self, axis: int) -> set[int]:
        of_merged = {number for each in self.merged for number in (each[axis], each[axis + 2])}
        return {place[axis] for place in self.cells} | of_merged | (set() if axis else {*self.rows})

    def look(self, row: int, **attributes: str) -> None:
        """Attributes of a row, such as ``hidden="1"``."""
        self.rows.setdefault(row, {}).update(attributes)

    def add(self, xml: str, after: str) -> None:
        """Put an element behind another one."""
        self._find(after).addnext(etree.fromstring(xml.replace(">", f" {_NAMES}>", 1)))

    def columns(self, xml: str) -> None:
        """Replace the looks of columns."""
        found = self._find("cols")
        found[:] = list(etree.fromstring(f"<cols {_NAMES}>{xml}</cols>"))

    def drop(self, *names: str) -> None:
        for name in names:
            for each in self.root.findall(f"{{{MAIN}}}{name}"):
                self.root.remove(each)

    def content(self) -> bytes:
        """The sheet's XML."""
        self.data[:] = []
        by_row: dict[int, list[tuple[int, Element]]] = {row: [] for row in self.rows}
        for (row, column), cell in self.cells.items():
            by_row.setdefault(row, []).append((column, cell))
        for row, cells in sorted(by_row.items()):
            element = etree.SubElement(self.data, f"{{{MAIN}}}row", r=str(row))
            for key, value in self.rows.get(row, {}).items():
                element.set(key, value)
            for column, cell in sorted(cells, key=lambda each: each[0]):
                cell.set("r", cell_name(row, column))
                element.append(cell)
        if self.merged:
            names = (
                f"{cell_name(each.top, each.left)}:{cell_name(each.bottom, each.right)}"
                for each in self.merged
            )
            inner = "".join(f'<mergeCell ref="{name}"/>' for name in names)
            merged = etree.fromstring(f"<mergeCells {_NAMES}>{inner}</mergeCells>")
            before = self.root.find(f"{{{MAIN}}}sheetProtection")
            (self.data if before is None else before).addnext(merged)
        return etree.tostring(self.root)


def _mover(move: Move | None) -> Callable[[int], int | None]:
    return (lambda place: place) if move is None else move.get


def _inner(content: object) -> tuple[str, str]:
    """Type and inside of a cell."""
    text = escape(str(content))
    if isinstance(content, bool):
        return "b", f"<v>{int(content)}</v>"
    if not isinstance(content, str):
        return "", f"<v>{text}</v>"
    if content.startswith("<"):
        return "", content
    if content.startswith("#"):
        return "e", f"<v>{text}</v>"
    if content.startswith("="):
        return "", f"<f>{text[1:]}</f>"
    return "inlineStr", f'<is><t xml:space="preserve">{text}</t></is>'


def _unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@cache
def _lean() -> Mapping[str, bytes]:
    """The parts of the sample without drop-downs and colours, which take half of the time."""
    helps = re.compile(
        rb"(?s)<dataValidations.*</dataValidations>|<conditionalFormatting.*</conditionalFormatting>"
    )
    parts = _unpacked(sample_bytes())
    return {
        name: helps.sub(b"", content) if name.startswith("xl/worksheets/sheet") else content
        for name, content in parts.items()
    }


@cache
def bare() -> bytes:
    """The sample with nothing but its cells, and fewer KPIs: it reads in a third of the time."""
    book = Book()
    for name, rows in _SPARED.items():
        for at, count in rows:
            book.sheet(name).delete_rows(at, count)
    parts = _unpacked(book.content())
    return packed(
        {
            name: _bare(content) if name.startswith("xl/worksheets/sheet") else content
            for name, content in parts.items()
        }
    )


# Rows, from below, of all KPIs but BP3.1, F1.1 and L1.1, and of what they need.
_SPARED = {
    "關鍵績效指標": ((12, 1), (5, 5)),
    "年度資料": ((25, 12), (5, 5)),
    "目標值": ((12, 1), (5, 5)),
    "勾稽規則": ((5, 2),),
    "策略目標": ((5, 6),),
    "修表紀錄": ((5, 6),),
    "填寫說明": ((1, 60),),
    "試算": ((1, 200),),
}


def _bare(content: bytes) -> bytes:
    start, inner = content[: content.index(b">") + 1], _CELLS.search(content)
    assert inner is not None
    return start + b"<cols/>" + inner[0] + b"<sheetProtection/></worksheet>"


_CELLS = re.compile(rb"(?s)<sheetData>.*</sheetData>|<sheetData/>")


class Book:
    """A workbook part by part."""

    def __init__(self, content: bytes | None = None) -> None:
        self.parts = dict(_lean() if content is None else _unpacked(content))
        self.workbook = etree.fromstring(self.parts["xl/workbook.xml"])
        self.relations = etree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        self.styles = etree.fromstring(self.parts["xl/styles.xml"])
        self.strings: list[str] = []
        self._sheets: dict[str, Sheet] = {}

    def sheet(self, name: str) -> Sheet:
        if name not in self._sheets:
            self._sheets[name] = Sheet(self.parts[self.part(name)])
        return self._sheets[name]

    def part(self, name: str) -> str:
        """Where a sheet lies in the package."""
        wanted = self.declaration(name).get(f"{{{RELATIONS}}}id")
        (target,) = (each.get("Target") for each in self.relations if each.get("Id") == wanted)
        return str(target).lstrip("/")

    @property
    def sheets(self) -> Element:
        """The list of sheets."""
        found = self.workbook.find(f"{{{MAIN}}}sheets")
        assert found is not None
        return found

    def declaration(self, name: str) -> Element:
        """The line that names a sheet."""
        return next(each for each in self.sheets if each.get("name") == name)

    def names(self) -> list[str]:
        return [str(each.get("name")) for each in self.sheets]

    def add_sheet(self, name: str, content: bytes) -> None:
        number = len(self.sheets) + 1
        part = f"xl/worksheets/more{number}.xml"
        self.parts[part] = content
        kind = f"{RELATIONS}/worksheet"
        etree.SubElement(
            self.relations, self.relations[0].tag, Type=kind, Target=f"/{part}", Id=f"more{number}"
        )
        line = etree.SubElement(
            self.sheets, self.sheets[0].tag, name=name, sheetId=str(90 + number)
        )
        line.set(f"{{{RELATIONS}}}id", f"more{number}")
        kinds = self.parts["[Content_Types].xml"]
        told = (
            f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/></Types>'
        )
        self.parts["[Content_Types].xml"] = kinds.replace(b"</Types>", told.encode())

    def format(self, code: str) -> str:
        """The number of a style with that number format."""
        formats = self.styles.find(f"{{{MAIN}}}numFmts")
        looks = self.styles.find(f"{{{MAIN}}}cellXfs")
        assert formats is not None
        assert looks is not None
        number = str(300 + len(formats))
        etree.SubElement(formats, f"{{{MAIN}}}numFmt", numFmtId=number, formatCode=code)
        etree.SubElement(looks, f"{{{MAIN}}}xf", numFmtId=number, applyNumberFormat="1")
        return str(len(looks) - 1)

    def string(self, inner: str) -> str:
        """The number of a shared string with that inside, as a cell's value."""
        self.strings.append(inner)
        return f"<v>{len(self.strings) - 1}</v>"

    def content(self) -> bytes:
        parts = dict(self.parts)
        for name, sheet in self._sheets.items():
            parts[self.part(name)] = sheet.content()
        parts["xl/workbook.xml"] = etree.tostring(self.workbook)
        parts["xl/_rels/workbook.xml.rels"] = etree.tostring(self.relations)
        parts["xl/styles.xml"] = etree.tostring(self.styles)
        if self.strings:
            _add_strings(parts, self.strings)
        return packed(parts)


def _add_strings(parts: dict[str, bytes], strings: Iterable[str]) -> None:
    inner = "".join(f"<si>{each}</si>" for each in strings)
    parts["xl/sharedStrings.xml"] = f"<sst {_NAMES}>{inner}</sst>".encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    told = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    types = parts["[Content_Types].xml"]
    if b"sharedStrings" not in types:
        parts["[Content_Types].xml"] = types.replace(b"</Types>", told.encode())
    relation = (
        f'<Relationship Type="{RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"'
        ' Id="strings"/></Relationships>'
    )
    name = "xl/_rels/workbook.xml.rels"
    if b"sharedStrings" not in parts[name]:
        parts[name] = parts[name].replace(b"</Relationships>", relation.encode())


def packed(parts: Mapping[str, bytes], compression: int = ZIP_STORED) -> bytes:
    """A zip of these parts."""
    target = BytesIO()
    with ZipFile(target, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def edited(change: Callable[[Book], object]) -> Callable[[], bytes]:
    """The sample after a change."""

    def make() -> bytes:
        book = Book()
        change(book)
        return book.content()

    return make


def on(sheet: str, change: Callable[[Sheet], object]) -> Callable[[], bytes]:
    """The sample after a change of one sheet."""
    return edited(lambda book: change(book.sheet(sheet)))


def cell(sheet: str, name: str, content: object, **attributes: str) -> Callable[[], bytes]:
    """The sample after a change of one cell."""
    return on(sheet, lambda page: page.put(name, content, **attributes))
