"""Cells of an .ods, set in its content part.

LibreOffice keeps stored results of formulas, and never calculates them when it opens a file of
its own. Once a cell is set, the results are therefore removed: it calculates what has none.
"""

from __future__ import annotations

import re
from fractions import Fraction
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

from reportgen.workbook.annotate.ods_rows import (
    CELL,
    COVERED_CELL,
    cells_by_number,
    rows_by_number,
)
from reportgen.workbook.annotate.opc_package import MissingPartError
from reportgen.workbook.editing.cell_edits import CellEdit, number_text
from reportgen.workbook.reading.number_parsing import format_number
from reportgen.workbook.reading.opendocument.ods_sheet import MAX_REPEAT_COUNT
from reportgen.workbook.reading.opendocument.repeat_counts import parse_repeat_count
from reportgen.workbook.reading.opendocument.xml_names import CALCEXT, OFFICE, TABLE, TEXT
from reportgen.workbook.reading.raw_cells import constant_formula_value
from reportgen.workbook.schema.cell_refs import cell_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.workbook.reading.zip_package import Package

    Xml = Any  # an element of lxml

_CONTENT, _SIGNATURES = "content.xml", "META-INF/documentsignatures.xml"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_FORMULA, _STYLE = f"{TABLE}formula", f"{TABLE}style-name"
_VALUES: Final = (
    *(f"{OFFICE}{name}-value" for name in ("date", "time", "boolean", "string")),
    *(f"{OFFICE}{name}" for name in ("value", "value-type", "currency")),
    f"{CALCEXT}value-type",
)
_PARAGRAPHS: Final = (f"{TEXT}p", f"{TEXT}h")
_INVALID_IN_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_PRECEDING_BLANKS: Final = re.compile(r"(^ +|(?<= ) +| +$)")


def set_cells(package: Package, edits: Sequence[CellEdit]) -> bytes:
    """Return the package with cells set; see :mod:`reportgen.workbook.editing.workbook_editor`."""
    root = _content_root(package)
    tables = {
        table.get(f"{TABLE}name"): table
        for table in root.iterfind(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table")
    }
    for sheet, edits_of_sheet in groupby(edits, key=lambda edit: edit.sheet):
        by_row = {
            row: {edit.column: edit for edit in row_edits}
            for row, row_edits in groupby(edits_of_sheet, key=lambda edit: edit.row)
        }
        format_rows = {
            edit.format_row
            for edits_of_row in by_row.values()
            for edit in edits_of_row.values()
            if edit.format_row is not None
        }
        rows = rows_by_number(tables[sheet], {*by_row, *format_rows})
        for row, edits_in_row in by_row.items():
            _set_row(rows, row, edits_in_row)
    if edits:
        for cell in root.iter(f"{TABLE}table-cell"):
            formula = cell.get(_FORMULA)
            if formula is not None and not constant_formula_value(formula.partition(":")[2]):
                _clear(cell)
    return _pack(package, root)


def _content_root(package: Package) -> Xml:
    """Return the root of the content part; raises MissingPartError for none, or invalid XML."""
    content = package.read_xml(_CONTENT)
    if content is None:
        raise MissingPartError(_CONTENT)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise MissingPartError(f"{_CONTENT}: {error}") from error


def _set_row(rows: dict[int, Xml], row: int, edits: dict[int, CellEdit]) -> None:
    """Set cells of a row; raises ValueError if one of them holds a formula.

    ``rows`` are the elements of it, and of rows that it takes formats from.
    """
    sources = {edit.format_from for edit in edits.values() if edit.format_from is not None}
    cells = cells_by_number(rows[row], {*edits, *sources})
    for column, edit in edits.items():
        cell = cells[column]
        if cell.get(_FORMULA) is not None:
            raise ValueError(f"{cell_name(edit.row, column)} holds a formula")
        if edit.format_from is not None:
            style = cells[edit.format_from].get(_STYLE)
            if style is not None:
                cell.set(_STYLE, style)
        elif edit.format_row is not None:
            style = _style_at(rows[edit.format_row], column)
            if style is not None:
                cell.set(_STYLE, style)
        _clear(cell)
        _put(cell, edit)


def _style_at(row: Xml, column: int) -> str | None:
    """Return the style of a cell, which may stand repeated; None for none."""
    last = 0
    for cell in row:
        if cell.tag in {CELL, COVERED_CELL}:
            last += parse_repeat_count(
                cell.get(f"{TABLE}number-columns-repeated"), MAX_REPEAT_COUNT
            )
            if last >= column:
                style: str | None = cell.get(_STYLE)
                return style
    return None


def _clear(cell: Xml) -> None:
    """Remove the value of a cell; its format, formula and comment stay."""
    for attribute in _VALUES:
        cell.attrib.pop(attribute, None)
    for child in list(cell):
        if child.tag in _PARAGRAPHS:
            cell.remove(child)


def _put(cell: Xml, edit: CellEdit) -> None:
    """Write a number or a text, or nothing, into a cell that has no value."""
    if edit.content is None:
        return
    if isinstance(edit.content, Fraction):
        cell.set(f"{OFFICE}value-type", "percentage" if edit.is_percentage else "float")
        cell.set(f"{OFFICE}value", number_text(edit.content))
        paragraph = etree.SubElement(cell, f"{TEXT}p")
        paragraph.text = format_number(edit.content, edit.is_percentage)
        return
    cell.set(f"{OFFICE}value-type", "string")
    for line in _INVALID_IN_XML.sub("", edit.content).split("\n"):
        _add_line(etree.SubElement(cell, f"{TEXT}p"), line)


def _add_line(paragraph: Xml, line: str) -> None:
    """Write a line into a paragraph; blanks that would be collapsed are elements."""
    last: Xml = None
    for piece in filter(None, _PRECEDING_BLANKS.split(line)):
        if piece.isspace():
            last = etree.SubElement(paragraph, f"{TEXT}s", {f"{TEXT}c": str(len(piece))})
        elif last is None:
            paragraph.text = (paragraph.text or "") + piece
        else:
            last.tail = (last.tail or "") + piece


def _pack(package: Package, root: Xml) -> bytes:
    """Return the package with another content part, without signatures of the former one."""
    target = BytesIO()
    with ZipFile(target, "w") as zipped:
        for info in package.archive.infolist():
            if info.filename == _SIGNATURES:
                continue
            part = ZipInfo(info.filename, max(info.date_time, _EPOCH))
            part.create_system = 3  # Unix, on Windows too: the same bytes
            part.compress_type = ZIP_STORED if info.filename == "mimetype" else ZIP_DEFLATED
            content = (
                etree.tostring(root, encoding="UTF-8", xml_declaration=True)
                if info.filename == _CONTENT
                else package.read(info.filename) or b""
            )
            zipped.writestr(part, content)
    return target.getvalue()
