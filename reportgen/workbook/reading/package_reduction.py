"""Reduction of a workbook to the parts that the program uses, for openpyxl to read.

openpyxl builds an object from every element that it knows and fails on the first one that
is not as it should be: a colour, a link, a filter, the date of a document's properties. The
program needs none of them. So openpyxl is given a package that is written here: the sheets that
are read with their cells, merged areas, hidden rows and hidden columns, and of the styles the
number formats and what is struck through. All else can be broken, or missing.

Three things are simplified for speed. A short text stands in its cell instead of among
the shared strings. Runs of text are one text, in which :mod:`reportgen.workbook.reading.rich_text`
marks what is struck through, raised or lowered. Formulas are returned beside the package, so that
openpyxl reads it once and not twice, for the results and for the formulas.
"""

from __future__ import annotations

import re
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from reportgen.workbook.reading.opc_relationships import parse_part, relations_of
from reportgen.workbook.reading.rich_text import encode_run
from reportgen.workbook.schema.cell_refs import MAX_COLUMN, column_letters

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from typing import BinaryIO

    from lxml.etree import _Element as Element

    from reportgen.workbook.reading.zip_package import Package

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_C, _F, _IS, _R, _ROW, _RPR, _SI, _T, _V = (
    f"{{{_MAIN}}}{name}" for name in ("c", "f", "is", "r", "row", "rPr", "si", "t", "v")
)
_DATA: Final = f"{{{_MAIN}}}sheetData"
_STRIKE, _SHIFT = f"{{{_MAIN}}}strike", f"{{{_MAIN}}}vertAlign"
_OPEN: Final = f'<worksheet xmlns="{_MAIN}">'

# Thousands of them are left behind by years of copying; they need not even be XML.
_DEFINED_NAMES: Final = re.compile(rb"(?s)<((?:\w+:)?)definedNames\b[^>]*>.*?</\1definedNames\s*>")
_OTHER_SHEETS: Final = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
MAX_INLINE_CHARS: Final = 200  # characters; a longer text stays shared by all cells that have it
_MISSING_FORMAT: Final = 100_000  # the number of a format that no workbook defines
_FIRST_CUSTOM_FORMAT: Final = 164  # formats with lower numbers are built in
STRUCK_FONT: Final = 1  # of the two fonts that are left

MAX_CELLS: Final = 200_000  # of one sheet, blank ones included; openpyxl takes 10 µs for each
MAX_ROWS: Final = 100_000  # of one sheet, however blank

CellIndex = tuple[int, int]  # row, column


class WorkbookPart(NamedTuple):
    """The contents of the workbook part: each sheet's name, in order, and its part.

    ``worksheets`` are the sheets that have cells; a chart may be a sheet, too.
    """

    sheets: dict[str, str]
    worksheets: frozenset[str]
    hidden: frozenset[str]
    is_1904: bool
    calculation: dict[str, str]  # the attributes of calcPr: how formulas are calculated
    strings: str
    styles: str


class ReducedPackage(NamedTuple):
    """A package for openpyxl, and the formulas of each sheet."""

    package: BinaryIO
    formulas: dict[str, dict[CellIndex, str]]


def read_workbook_part(package: Package) -> WorkbookPart:
    """Return the contents of the workbook part, the part of a sheet empty if it has none.

    Raises UnreadableError for no workbook, and for two sheets of one name or part.
    """
    if not package.has("_rels/.rels"):
        raise package.not_a_workbook_error()
    package_relations = relations_of(package, "")
    main = next(
        (relation.target for relation in package_relations if relation.kind == "officeDocument"), ""
    )
    content = package.read_xml(main) or b""
    if b"spreadsheetml" not in content:
        raise package.not_a_workbook_error()
    root = parse_part(package, _DEFINED_NAMES.sub(b"", content), main)
    workbook_relations = relations_of(package, main)
    relation_by_id = {relation.id: relation for relation in workbook_relations}
    sheets, pages, hidden = [], set(), set()
    for sheet in root.iterfind(f"{{{_MAIN}}}sheets/{{{_MAIN}}}sheet"):
        name, identity = sheet.get("name"), sheet.get(f"{{{_OFFICE}}}id")
        if not name or not identity:
            continue
        relation = relation_by_id.get(identity)
        sheets.append((name, relation.target if relation else ""))
        if relation is None or relation.kind not in _OTHER_SHEETS:
            pages.add(name)
        if sheet.get("state") in {"hidden", "veryHidden"}:
            hidden.add(name)
    if not sheets:
        raise package.not_a_workbook_error()
    parts = [part for _, part in sheets if part]
    if len(dict(sheets)) < len(sheets) or len(set(parts)) < len(parts):
        raise package.damaged_error("two sheets of one name, or one part")
    target_by_kind = {relation.kind: relation.target for relation in reversed(workbook_relations)}
    calculation = root.find(f"{{{_MAIN}}}calcPr")
    return WorkbookPart(
        sheets=dict(sheets),
        worksheets=frozenset(pages),
        hidden=frozenset(hidden),
        is_1904=_is_true(_attribute(root, "workbookPr", "date1904")),
        calculation={}
        if calculation is None
        else {str(key): str(value) for key, value in calculation.items()},
        strings=target_by_kind.get("sharedStrings", "xl/sharedStrings.xml"),
        styles=target_by_kind.get("styles", "xl/styles.xml"),
    )


def reduce_package(
    package: Package, book: WorkbookPart, pages: Mapping[str, bytes]
) -> ReducedPackage:
    """Return a package of these sheets, whose XML is given by their names.

    Raises UnreadableError, SyntaxError or ValueError if something that is needed is broken.
    """
    styles = _styles(package, book.styles)
    style_indices = frozenset(map(str, range(max(styles.looks, 1))))
    strings = _Strings(package, book.strings)
    formulas: dict[str, dict[CellIndex, str]] = {}
    target = BytesIO()
    with ZipFile(target, "w") as zipped:
        for number, (name, content) in enumerate(pages.items(), 1):
            root = parse_part(package, content, book.sheets[name], encoding="utf-8")
            page = _Page(package, styles, style_indices, strings)
            zipped.writestr(f"xl/worksheets/sheet{number}.xml", page.reduced(root))
            formulas[name] = page.formulas
        zipped.writestr("[Content_Types].xml", _content_types_xml(len(pages)))
        zipped.writestr("xl/workbook.xml", _workbook_xml(book, pages))
        zipped.writestr("xl/_rels/workbook.xml.rels", _relations_xml(len(pages)))
        zipped.writestr("xl/styles.xml", styles.content)
        zipped.writestr("xl/sharedStrings.xml", strings.content())
    return ReducedPackage(target, formulas)


# --- the package --------------------------------------------------------------------


def _content_types_xml(sheets: int) -> str:
    """Return ``[Content_Types].xml`` of the reduced package, for this number of sheets."""
    kinds = {"workbook": "sheet.main", "styles": "styles", "sharedStrings": "sharedStrings"}
    kinds |= {f"worksheets/sheet{number}": "worksheet" for number in range(1, sheets + 1)}
    parts = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_SHEET}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{parts}</Types>'


def _relations_xml(sheets: int) -> str:
    """Return the relations of the reduced workbook part, one to each of ``sheets`` sheets."""
    elements = "".join(
        f'<Relationship Id="s{number}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{elements}</Relationships>'


def _workbook_xml(book: WorkbookPart, names: Iterable[str]) -> str:
    """Return the XML of the reduced workbook part, which lists the sheets by name."""
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="s{number}"'
        f' state="{"hidden" if name in book.hidden else "visible"}"/>'
        for number, name in enumerate(names, 1)
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{book.is_1904:d}"/>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


# --- styles -------------------------------------------------------------------------


class _Styles(NamedTuple):
    """The reduced styles: ``looks`` is the number of cell formats that are left.

    ``declared`` is their number by the count that the file states, at least 1.
    """

    content: str
    looks: int
    declared: int


def _styles(package: Package, part: str) -> _Styles:
    """Return the cell formats: the number format of each, and whether it is struck through.

    Without a styles part there are none. A number format that is not defined stays undefined, and
    is reported at each number that has it.
    """
    content = package.read_xml(part)
    if content is None:
        return _Styles(f'<styleSheet xmlns="{_MAIN}"/>', 0, 1)
    root = parse_part(package, content, part)
    codes = _number_format_codes(root)
    fonts = root.iterfind(f"{{{_MAIN}}}fonts/{{{_MAIN}}}font")
    struck = {font_id for font_id, font in enumerate(fonts) if _is_struck(font)}
    cell_formats, used = [], set()
    for cell_format in root.iterfind(f"{{{_MAIN}}}cellXfs/{{{_MAIN}}}xf"):
        number = _whole_number(cell_format.get("numFmtId", "0"))
        if number is None or (number >= _FIRST_CUSTOM_FORMAT and number not in codes):
            number = _MISSING_FORMAT  # reported at each number in that format
        used.add(number)
        font = STRUCK_FONT if _whole_number(cell_format.get("fontId", "0")) in struck else 0
        cell_formats.append(f'<xf numFmtId="{number}" fontId="{font}"/>')
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for number, code in codes.items()
        if number in used
    )
    declared = _whole_number(_attribute(root, "cellXfs", "count") or "") or 0
    return _Styles(
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>'
        f"<fonts><font/><font><strike/></font></fonts>"
        f"<cellXfs>{''.join(cell_formats)}</cellXfs></styleSheet>",
        len(cell_formats),
        max(declared, 1),
    )


def _number_format_codes(root: Element) -> dict[int, str]:
    """Return the format code of each number format that the workbook defines, by id."""
    codes = {}
    for element in root.iterfind(f"{{{_MAIN}}}numFmts/{{{_MAIN}}}numFmt"):
        number, code = _whole_number(element.get("numFmtId", "")), element.get("formatCode")
        if number is not None and code is not None:
            codes[number] = code
    return codes


def _is_struck(properties: Element) -> bool:
    """Return whether a font, or a run by its properties, is struck through."""
    strike = properties.find(_STRIKE)
    return strike is not None and _is_true(strike.get("val", "1"))


# --- texts --------------------------------------------------------------------------


class _Strings:
    """The shared strings.

    Those that are too long for a cell stay shared, numbered in the order in which they are met.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._new_numbers: dict[int, int] = {}  # former number → new one

    @cached_property
    def _strings(self) -> list[str | None]:
        """Return all shared strings, None for a broken one; parsed at the first access."""
        content = self._package.read_xml(self._part)
        return [] if content is None else list(_iter_strings(content))

    def text(self, number: int) -> str | None:
        """Return a text for a cell, or None for one that stays shared, beyond MAX_INLINE_CHARS.

        Raises ValueError for a missing or broken one.
        """
        text = self._strings[number] if 0 <= number < len(self._strings) else None
        if text is None:
            raise ValueError(f"there is no shared string {number}")
        return text if len(text) <= MAX_INLINE_CHARS else None

    def shared(self, number: int) -> int:
        """Return the new number of a text that stays shared, the next one at its first call."""
        return self._new_numbers.setdefault(number, len(self._new_numbers))

    def content(self) -> bytes:
        """Return the shared strings part, with only the strings that cells still refer to."""
        texts = (self._strings[number] or "" for number in self._new_numbers)
        inner = "".join(f"<si>{_text_xml(text)}</si>" for text in texts)
        inner = inner.replace("_x005F_", "_x005f_")  # openpyxl takes "x005F_" out of any text
        return f'<sst xmlns="{_MAIN}">{inner}</sst>'.encode()


def _iter_strings(content: bytes) -> Iterator[str | None]:
    """Yield the text of each shared string, None for one with an unknown structure."""
    from lxml import etree

    events = etree.iterparse(
        BytesIO(content),
        tag=_SI,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in events:
        try:
            text = _text(element)
        except ValueError:
            yield None
        else:
            yield text
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _text(element: Element) -> str:
    """Return a text, with the marks of its runs.

    Raises ValueError for an element within a text, and for two texts that are no runs.
    """
    if len(element) == 1 and element[0].tag == _T:  # as most are
        return _only_text(element[0])
    pieces: list[str] = []
    has_text = False
    for child in element:
        if child.tag == _T:
            if has_text:
                raise ValueError("two texts in one")
            has_text = True
            pieces.insert(0, _only_text(child))
        elif child.tag == _R:
            pieces.append(_run_text(child))
    return "".join(pieces)


def _run_text(element: Element) -> str:
    """Return the text of a run, marked if it is struck through, raised or lowered."""
    text = "".join(_only_text(inner) for inner in element.iterchildren(_T))
    properties = element.find(_RPR)
    if properties is None or not text:
        return text
    shift = properties.find(_SHIFT)
    return encode_run(
        text,
        shift="" if shift is None else shift.get("val", ""),
        is_struck=_is_struck(properties),
    )


def _only_text(element: Element) -> str:
    """Return the text of an element; raises ValueError for one with children."""
    if len(element):
        raise ValueError("an element within a text")
    return element.text or ""


def _text_xml(text: str) -> str:
    """Return a text as a ``t`` element that keeps white space."""
    return f'<t xml:space="preserve">{escape(text, {chr(13): "&#13;"})}</t>'


# --- a sheet ------------------------------------------------------------------------


class _Page:
    """A sheet that is reduced to its cells, merged areas, hidden rows and hidden columns.

    Each cell is visited once: an XPath for each kind of cell takes five times as long.
    """

    def __init__(
        self, package: Package, styles: _Styles, style_indices: Container[str], strings: _Strings
    ) -> None:
        self._package, self._styles, self._strings = package, styles, strings
        self._style_indices = style_indices
        self._shared_formulas: dict[str | None, str] = {}  # formulas that several cells have
        self._filled_cells: set[str] = set()
        self._row = self._rows = self._cells = 0
        self.formulas: dict[CellIndex, str] = {}

    def reduced(self, root: Element) -> bytes:
        """Return the XML of the used parts; raises UnreadableError or ValueError.

        ``root`` is emptied on the way; the formulas are then in :attr:`formulas`.
        """
        from lxml import etree

        tail = f"{_merged_areas_xml(root)}{_hidden_columns_xml(root)}</worksheet>"
        for child in root:  # no list of them: there may be millions
            if child.tag == _DATA:
                self._reduce_rows(child)
            else:
                _remove_unfilled(child)
        data = (etree.tostring(child, encoding="UTF-8") for child in root)
        return b"".join((_OPEN.encode(), *data, tail.encode()))

    def _reduce_rows(self, data: Element) -> None:
        """Set the row numbers and reduce the cells in place; anything else is removed.

        Raises UnreadableError for more than MAX_ROWS rows or MAX_CELLS cells.
        """
        for row in data:
            if row.tag != _ROW:
                _remove_unfilled(row)
                continue
            row_number, is_hidden = row.get("r"), _is_hidden(row, "ht")
            self._row = self._row + 1 if row_number is None else int(float(row_number))
            row.attrib.clear()
            row.set("r", str(self._row))
            if is_hidden:
                row.set("hidden", "1")
            previous = ""
            for cell in row:
                if cell.tag == _C:
                    previous = self._reduce_cell(cell, previous)
                    self._cells += 1
                else:
                    _remove_unfilled(cell)
            self._rows += 1
            if self._cells > MAX_CELLS or self._rows > MAX_ROWS:
                raise self._package.too_large_error(f"> {MAX_CELLS:,} × {MAX_ROWS:,}")

    def _reduce_cell(self, cell: Element, previous: str) -> str:
        """Reduce a cell to the used parts, and return its name.

        ``previous`` is the name of the cell before it. A cell without content is removed. Raises
        ValueError for a second cell of that name.
        """
        name = cell.get("r")
        if not name:
            name = self._next_name(cell, previous)
        value, inner, formula = _contents(cell)
        if formula is not None:
            self._store_formula(formula, name)
        elif value is None and inner is None:
            _remove_unfilled(cell)
            return name
        if name in self._filled_cells:  # of two, openpyxl reads the one and Excel the other
            raise ValueError(f"two cells of one place, {name[:20]}")
        self._filled_cells.add(name)
        style_index = cell.get("s")
        if style_index is not None and style_index not in self._style_indices:
            self._replace_style(cell, style_index)
        cell_type = cell.get("t")
        if cell_type == "s" and value is not None and value.text:
            self._put_shared(cell, value)
        elif cell_type == "inlineStr" and inner is not None:
            cell.set("t", "str")
            _set_value(cell, _text(inner))
        elif value is None and cell_type is not None:  # a formula whose result is not even empty
            del cell.attrib["t"]
        return name

    def _next_name(self, cell: Element, previous: str) -> str:
        """Set and return the name of a nameless cell: the one right of the cell ``previous``."""
        column = _column_number(previous) + 1 if previous else 1
        name = f"{column_letters(column)}{self._row}"
        cell.set("r", name)
        return name

    def _replace_style(self, cell: Element, style_index: str) -> None:
        """Remove the style of a cell if it is unknown.

        Raises UnreadableError if the styles that the file counts are missing.
        """
        number = _whole_number(style_index)
        if str(number) in self._style_indices:
            return
        styles = self._styles
        if not styles.looks or styles.looks <= (number or 0) < styles.declared:
            raise self._package.damaged_error(f"the style {style_index[:20]} of a cell is missing")
        del cell.attrib["s"]

    def _store_formula(self, formula: Element, name: str) -> None:
        """Store the formula of a cell by position; a shared one has the text of its first cell."""
        from openpyxl.utils.cell import coordinate_to_tuple

        text = "".join(map(str, formula.itertext()))
        if formula.get("t") == "shared":
            text = self._shared_formulas.setdefault(formula.get("si"), text)
        self.formulas[coordinate_to_tuple(name)] = f"={text}"

    def _put_shared(self, cell: Element, value: Element) -> None:
        """Replace the number of a shared string by its text, or renumber one that stays shared.

        Raises ValueError for a number without a string.
        """
        number = int(value.text or "")
        text = self._strings.text(number)
        if text is None:
            value.text = str(self._strings.shared(number))
        else:
            value.text = text
            cell.set("t", "str")


def _merged_areas_xml(root: Element) -> str:
    """Return a ``mergeCells`` element with the merged areas; empty without any."""
    references = [
        element.get("ref", "")
        for element in root.iterfind(f"{{{_MAIN}}}mergeCells/{{{_MAIN}}}mergeCell")
    ]
    areas = "".join(f"<mergeCell ref={quoteattr(reference)}/>" for reference in references)
    return f"<mergeCells>{areas}</mergeCells>" if areas else ""


def _hidden_columns_xml(root: Element) -> str:
    """Return a ``cols`` element with the hidden columns alone; empty without any."""
    hidden = ""
    for column in root.iterfind(f"{{{_MAIN}}}cols/{{{_MAIN}}}col"):
        if _is_hidden(column, "width"):
            first, last = _whole_number(column.get("min", "")), _whole_number(column.get("max", ""))
            if first and last and first <= last and first <= MAX_COLUMN:
                hidden += f'<col min="{first}" max="{last}" hidden="1"/>'
    return f"<cols>{hidden}</cols>" if hidden else ""


def _column_number(name: str) -> int:
    """Return the number of the column in a cell name, from 1; raises ValueError if it is none."""
    from openpyxl.utils.cell import coordinate_to_tuple

    return coordinate_to_tuple(name)[1]


def _contents(cell: Element) -> tuple[Element | None, Element | None, Element | None]:
    """Return a cell's value, its inline text and its formula, and remove all other children.

    Raises ValueError for two values, of which openpyxl would read one, and for an element
    within a value, of which it would read the beginning.
    """
    if len(cell) == 1 and cell[0].tag == _V and not len(cell[0]):  # as most are
        return cell[0], None, None
    value = inner = formula = None
    for child in cell:
        if child.tag == _V:
            if value is not None or len(child):
                raise ValueError("an element within a value, or two values")
            value = child
        elif child.tag == _IS:
            inner = child if inner is None else inner
        else:
            if child.tag == _F and formula is None:
                formula = child
            _remove_unfilled(child)
    return value, inner, formula


def _remove_unfilled(element: Element) -> None:
    """Remove an element from its parent; raises ValueError if it holds a filled cell."""
    if any(len(cell) for cell in element.iter(_C)):
        raise ValueError("a filled cell lies outside of every row")
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _set_value(cell: Element, text: str) -> None:
    """Replace the content of a cell by a plain text as its value."""
    from lxml import etree

    del cell[:]
    etree.SubElement(cell, _V).text = text


# --- attributes ---------------------------------------------------------------------


def _attribute(root: Element, name: str, attribute: str) -> str:
    """Return an attribute of a child, or an empty string without such a child or attribute."""
    child = root.find(f"{{{_MAIN}}}{name}")
    return "" if child is None else child.get(attribute, "")


def _is_true(text: str) -> bool:
    """Return whether the text of an attribute is a true boolean of XML Schema."""
    return text.strip().lower() in {"1", "true", "on", "t"}


def _whole_number(text: str) -> int | None:
    """Return a whole number from 0 to a million, or None for any other text."""
    try:
        number = int(text)
    except ValueError:
        return None
    return number if 0 <= number < 1_000_000 else None


def _is_hidden(element: Element, size: str) -> bool:
    """Return whether a row or a column is hidden, or has no height or width."""
    if _is_true(element.get("hidden", "")):
        return True
    try:
        return float(element.get(size) or 1) == 0
    except ValueError:
        return False
