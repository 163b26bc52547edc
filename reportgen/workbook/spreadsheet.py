"""SpreadsheetML to cells, as far as figures and texts go: one pass over each sheet's XML.

openpyxl is for writing only. Importing it costs 0.25 s before the first cell is read, and
it hides what this program must know: that a formula has no cached value, that 27-36 and
50-58 are Taiwan's built-in date formats, what a number looked like before it became a
float, and everything in a workbook saved as Strict Open XML.
``tests/test_workbook_spreadsheet.py`` holds this reader against openpyxl's.

Rules: ECMA-376 part 1, 18.2 (workbook), 18.3 (worksheets), 18.4 (shared strings),
18.8.30 (number formats).
"""

from __future__ import annotations

import posixpath
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree

from reportgen.workbook.number_formats import PLAIN, NumberFormat, number_format
from reportgen.workbook.places import Area, area, cell_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from xml.etree.ElementTree import Element

    from reportgen.workbook.package_check import Package

MAX_SHEET: Final = 30_000_000  # bytes of XML
MAX_CELLS: Final = 200_000  # filled cells of one sheet; the largest scorecards have some 10,000
MAX_MERGED: Final = 1_000  # merged areas of one sheet


class Stored(Enum):
    """How the workbook stored a cell."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()  # a number in a date format, or an ISO 8601 text
    TRUTH = auto()
    ERROR = auto()
    UNCACHED = auto()  # a formula that no program has calculated yet


class RawCell(NamedTuple):
    """A filled cell: ``content`` is the text, or the number as it is spelled in the XML."""

    stored: Stored
    content: str
    percent: bool = False  # shown as a percentage
    computed: bool = False  # the cached value of a formula


class RawSheet(NamedTuple):
    """The filled cells of a sheet, by row and column."""

    name: str
    part: str
    hidden: bool
    rows: dict[int, dict[int, RawCell]]
    merged: tuple[Area, ...]
    hidden_rows: frozenset[int]
    hidden_columns: tuple[tuple[int, int], ...]


class RawWorkbook(NamedTuple):
    """What was asked for, and the names of all sheets."""

    sheets: tuple[RawSheet, ...]
    names: tuple[str, ...]
    uses_1904: bool  # the day that dates count from


def read_spreadsheet(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """The sheets whose names are wanted. Raises UnreadableError for a broken package."""
    try:
        return _read(package, wanted)
    except (ElementTree.ParseError, KeyError, IndexError, ValueError, LookupError) as error:
        raise package.damaged(f"{type(error).__name__}: {error}") from error


def _read(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    part = next(iter(relations(package, "", "officeDocument").values()), "xl/workbook.xml")
    content = package.read_xml(part)
    if content is None:
        raise package.not_a_workbook()
    root = ElementTree.fromstring(content)
    sheets = [element for element in root.iter() if local(element) == "sheet"]
    if not sheets:
        raise package.not_a_workbook()
    settings = next((element for element in root if local(element) == "workbookPr"), None)
    targets = relations(package, part, "worksheet")
    reader = _SheetReader(
        package,
        _shared_strings(package, part),
        _formats(package, part),
    )
    return RawWorkbook(
        sheets=tuple(
            reader.read(sheet.attrib["name"], targets[_id(sheet)], sheet.get("state"))
            for sheet in sheets
            if _id(sheet) in targets and wanted(sheet.attrib["name"])
        ),
        names=tuple(sheet.attrib["name"] for sheet in sheets),
        uses_1904=settings is not None and settings.get("date1904") in {"1", "true"},
    )


def local(element: Element) -> str:
    """The tag without its namespace, which differs between Transitional and Strict."""
    return element.tag.rpartition("}")[2]


def _id(element: Element) -> str:
    for name, value in element.attrib.items():
        if name.endswith("}id"):
            return value
    raise KeyError("r:id")


def relations(package: Package, part: str, kind: str) -> dict[str, str]:
    """The parts that ``part`` refers to with that kind of relationship, by their ids."""
    folder, name = posixpath.split(part)
    content = package.read_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    if content is None:
        return {}
    return {
        element.attrib["Id"]: posixpath.normpath(
            posixpath.join("/", folder, element.attrib["Target"])
        )
        for element in ElementTree.fromstring(content)
        if element.get("Type", "").endswith(f"/{kind}") and element.get("TargetMode") != "External"
    }


def _shared_strings(package: Package, workbook: str) -> list[str]:
    for part in relations(package, workbook, "sharedStrings").values():
        content = package.read_xml(part)
        if content is None:
            raise package.damaged(part)
        return [plain_text(item) for item in ElementTree.fromstring(content)]
    return []


def plain_text(item: Element) -> str:
    """The text of a string item: its runs joined, without phonetic guides."""
    texts = []
    for child in item:
        name = local(child)
        if name == "t":
            texts.append(child.text or "")
        elif name == "r":
            texts.extend(run.text or "" for run in child if local(run) == "t")
    return "".join(texts)


def _formats(package: Package, workbook: str) -> list[NumberFormat]:
    """What each cell format shows, in the order of cellXfs."""
    for part in relations(package, workbook, "styles").values():
        root = ElementTree.fromstring(package.read_xml(part) or b"<styleSheet/>")
        codes = {
            int(element.attrib["numFmtId"]): element.get("formatCode", "")
            for group in root
            if local(group) == "numFmts"  # those of conditional looks have numbers of their own
            for element in group
        }
        return [
            number_format(int(element.get("numFmtId", 0)), codes)
            for group in root
            if local(group) == "cellXfs"
            for element in group
        ]
    return []


class _SheetReader:
    """Reads sheets of one workbook: strings and formats are shared among them."""

    def __init__(self, package: Package, strings: list[str], formats: list[NumberFormat]) -> None:
        self._package = package
        self._strings = strings
        self._formats = formats

    def read(self, name: str, part: str, state: str | None) -> RawSheet:
        content = self._package.read_xml(part)
        if content is None:
            raise self._package.damaged(part)
        if len(content) > MAX_SHEET:
            raise self._package.too_large(f"「{name}」{len(content) / 1e6:,.0f} MB")
        root = ElementTree.fromstring(content)
        space = root.tag[: root.tag.rfind("}") + 1]  # Transitional or Strict
        merged = [
            area(element.attrib["ref"])
            for element in root.iterfind(f"{space}mergeCells/{space}mergeCell")
        ]
        rows, hidden_rows = self._rows(root.iterfind(f"{space}sheetData/{space}row"), space)
        count = sum(map(len, rows.values()))
        if count > MAX_CELLS or len(merged) > MAX_MERGED:
            raise self._package.too_large(f"「{name}」{count:,} + {len(merged):,}")
        return RawSheet(
            name=name,
            part=part,
            hidden=state in {"hidden", "veryHidden"},
            rows=rows,
            merged=tuple(merged),
            hidden_rows=frozenset(hidden_rows),
            hidden_columns=tuple(
                (int(element.attrib["min"]), int(element.attrib["max"]))
                for element in root.iterfind(f"{space}cols/{space}col")
                if _is_true(element.get("hidden"))
            ),
        )

    def _rows(
        self, elements: Iterable[Element], space: str
    ) -> tuple[dict[int, dict[int, RawCell]], set[int]]:
        """The rows with filled cells, and those of them that are hidden."""
        rows: dict[int, dict[int, RawCell]] = {}
        hidden: set[int] = set()
        number = 0
        for element in elements:
            number = int(element.get("r", number + 1))
            if cells := dict(self._cells(element, space)):
                rows[number] = cells
                if _is_true(element.get("hidden")):
                    hidden.add(number)
        return rows, hidden

    def _cells(self, row: Element, space: str) -> Iterator[tuple[int, RawCell]]:
        column = 0
        for element in row:
            reference = element.get("r")
            column = cell_place(reference)[1] if reference else column + 1
            if len(element):  # most cells of a formatted sheet are empty
                cell = self._cell(element, space)
                if cell is not None:
                    yield column, cell

    def _cell(self, element: Element, space: str) -> RawCell | None:
        kind = element.get("t", "n")
        computed = element.find(f"{space}f") is not None
        value = element.findtext(f"{space}v")
        if kind == "inlineStr":
            inline = element.find(f"{space}is")
            value = None if inline is None else plain_text(inline)
        if not value:
            is_uncached = computed and kind != "str"  # a formula may well give an empty text
            return RawCell(Stored.UNCACHED, "", computed=True) if is_uncached else None
        if kind == "n":
            shown = self._format(element)
            stored = Stored.DATE if shown.is_date else Stored.NUMBER
            return RawCell(stored, value.strip(), shown.is_percent, computed)
        if kind == "s":
            return RawCell(Stored.TEXT, self._strings[int(value)], computed=computed)
        return RawCell(_STORED.get(kind, Stored.TEXT), value, computed=computed)

    def _format(self, element: Element) -> NumberFormat:
        index = int(element.get("s", 0))
        return self._formats[index] if index < len(self._formats) else PLAIN


_STORED: Final = {"b": Stored.TRUTH, "e": Stored.ERROR, "d": Stored.DATE}


def _is_true(value: str | None) -> bool:
    return value in {"1", "true"}
