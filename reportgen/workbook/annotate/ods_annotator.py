"""The marks of an .ods: comments, conditional formats and the list, all in its content part.

They are recognised by the same as those of an .xlsx: the first characters of a line, the
formula of a format, the name that points to the list. LibreOffice keeps all of them; Excel
drops formats with a condition of LibreOffice's (``calcext``), and shows the comments. If a
library has written no ``styles.xml``, the formats have no styles, and there are comments only.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.cell_marks import (
    AUTHOR,
    annotations_of,
    our_spans,
    problems_by_sheet,
)
from reportgen.workbook.annotate.findings_sheet import (
    HEADINGS,
    TITLES,
    FindingRow,
    ranked_rows,
    summary,
)
from reportgen.workbook.annotate.ods_rows import CELL, ROW, cells_by_number, rows_by_number
from reportgen.workbook.annotate.styles_part import SEVERITY_COLORS, SEVERITY_FILLS
from reportgen.workbook.annotate.workbook_part import FINDINGS_DEFINED_NAME, FINDINGS_SHEET
from reportgen.workbook.reading.opendocument.xml_names import (
    CALCEXT,
    DC,
    FO,
    OFFICE,
    STYLE,
    SVG,
    TABLE,
    TEXT,
    XLINK,
)
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_source import is_wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.annotate.cell_marks import Annotation
    from reportgen.workbook.reading.zip_package import Package

    Xml = Any  # an element of lxml

_CONTENT, _STYLES, _SIGNATURES = "content.xml", "styles.xml", "META-INF/documentsignatures.xml"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_STYLE_PREFIX: Final = "reportgen-"
_WIDTHS: Final = (22, 16, 36, 18, 110, 100)  # millimetres of the list's columns
_ESCAPED: Final = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")  # needed by Excel only


def annotate_package(
    package: Package, problems: Sequence[Problem], language: Language, file: str
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the package with these problems marked, and no problems: no sheet can fail alone.

    ``file`` is the name that the list prints. Raises UnreadableError.
    """
    content = _Content(package)
    content.strip()
    workbook = read_sheets(package, is_wanted)  # only ours: other sheets may exceed all limits
    merged = {sheet.name: sheet.merged for sheet in workbook.sheets}
    for name, cells in problems_by_sheet(problems, merged).items():
        content.mark(name, annotations_of(cells, merged[name], language))
    content.insert_list(problems, language, file)
    return content.packed(), ()


def remove_annotations(package: Package) -> bytes | None:
    """Return the package without our marks, or None if it has none; raises UnreadableError."""
    content = _Content(package)
    if not content.is_marked:
        return None
    content.strip()
    return content.packed()


class _Content:
    """The XML of a package, as it is changed."""

    def __init__(self, package: Package) -> None:
        """Raise UnreadableError for invalid XML, or a content without a spreadsheet."""
        self._package = package
        self._root = self._part_root(_CONTENT)
        self._styles = self._part_root(_STYLES)
        spreadsheets = () if self._root is None else self._root.iter(f"{OFFICE}spreadsheet")
        self._book: Xml = next(iter(spreadsheets), None)
        if self._book is None:
            raise package.damaged_error(_CONTENT)

    def _part_root(self, name: str) -> Xml:
        """Return the root of a part, or None if it is missing.

        Raises UnreadableError for invalid XML.
        """
        content = self._package.read_xml(name)
        if content is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise self._package.damaged_error(f"{name}: {error}"[:200]) from error

    @property
    def tables(self) -> dict[str, Xml]:
        """The elements of the sheets by name."""
        return {
            table.get(f"{TABLE}name", ""): table for table in self._book.findall(f"{TABLE}table")
        }

    @property
    def is_marked(self) -> bool:
        """True if it is an annotated copy."""
        return any(True for _ in self._list_names())

    def _list_names(self) -> Iterator[Xml]:
        """Yield the elements of the defined names that mark our list of findings."""
        path = f"{TABLE}named-expressions/{TABLE}named-range"
        return (
            name
            for name in self._book.findall(path)
            if name.get(f"{TABLE}name") == FINDINGS_DEFINED_NAME
        )

    # --- old marks --------------------------------------------------------------------

    def strip(self) -> None:
        """Remove our list, comments, conditional formats and styles; the user's own stay."""
        for name in list(self._list_names()):
            area = name.get(f"{TABLE}cell-range-address", "").removeprefix("$")
            sheet = area.rpartition(".")[0].strip("'").replace("''", "'")
            tables = self.tables
            if sheet in tables and len(tables) > 1:
                self._book.remove(tables[sheet])
            _remove_from_parent(name)
        for comment in list(self._book.iter(f"{OFFICE}annotation")):
            _strip_comment(comment)
        for rule in list(self._book.iter(f"{CALCEXT}condition")):
            if _STYLE_PREFIX in rule.get(f"{CALCEXT}value", ""):
                _remove_from_parent(rule.getparent())
        # LibreOffice stores each condition a second time here.
        for style_map in list(self._root.iter(f"{STYLE}map")):
            if f'"{_STYLE_PREFIX}' in style_map.get(f"{STYLE}condition", ""):
                _remove_from_parent(style_map)
        for style in self._root.findall(f"{OFFICE}automatic-styles/{STYLE}style"):
            if style.get(f"{STYLE}name", "").startswith(_STYLE_PREFIX):
                _remove_from_parent(style)

    # --- new marks --------------------------------------------------------------------

    def mark(self, name: str, marks: Sequence[Annotation]) -> None:
        """Add comments and conditional formats to the marked cells of the sheet ``name``.

        Repeated rows and cells are split where one of them is marked. Without a part of styles
        there are comments only.
        """
        table = self.tables[name]
        for row, element in rows_by_number(table, {mark.row for mark in marks}).items():
            marks_of_row = {mark.column: mark for mark in marks if mark.row == row}
            for column, cell in cells_by_number(element, marks_of_row).items():
                _append_comment_lines(cell, marks_of_row[column].lines)
        if self._styles is not None:
            _add_formats(table, name, marks)

    def insert_list(self, problems: Sequence[Problem], language: Language, file: str) -> None:
        """Insert the list of problems as the first sheet, and the styles of marked cells."""
        tables = self.tables
        name, number = FINDINGS_SHEET, 2
        while name in tables:
            name, number = f"{FINDINGS_SHEET}_{number}", number + 1
        language_index = 0 if language == "zh-TW" else 1
        table = etree.Element(f"{TABLE}table", {f"{TABLE}name": name})
        table.set(f"{TABLE}print", "true")
        for width in _WIDTHS:
            column_style = self._add_style(
                "table-column", f"column{width}", "table-column", width=width
            )
            etree.SubElement(table, f"{TABLE}table-column", {f"{TABLE}style-name": column_style})
        bold = self._add_style("table-cell", "bold", "text", weight="bold", asian="bold")
        wrapped = self._add_style("table-cell", "text", "table-cell", wrap="wrap")
        _add_list_row(table, [TITLES[language_index]], bold)
        _add_list_row(table, [summary(problems, language, file)])
        _add_list_row(table, [pair[language_index] for pair in HEADINGS], bold)
        for row in ranked_rows(problems, tables, language):
            _add_list_row(
                table, _row_texts(row, language_index), wrapped, row.link.replace("'!", "'.")
            )
        self._book.insert(self._book.index(next(iter(tables.values()))), table)
        self._add_list_name(name)
        self._add_mark_styles()

    def _add_list_name(self, sheet: str) -> None:
        """Add the defined name that marks the sheet ``sheet`` as our list of findings."""
        names = self._book.find(f"{TABLE}named-expressions")
        if names is None:
            names = etree.Element(f"{TABLE}named-expressions")
            self._book.findall(f"{TABLE}table")[-1].addnext(names)
        cell_ref = f"${sheet}.$A$1"
        attributes = {
            "name": FINDINGS_DEFINED_NAME,
            "base-cell-address": cell_ref,
            "cell-range-address": cell_ref,
        }
        etree.SubElement(
            names,
            f"{TABLE}named-range",
            {f"{TABLE}{key}": value for key, value in attributes.items()},
        )

    def _add_style(self, family: str, name: str, kind: str, **properties: object) -> str:
        """Add a style of the list; return its name, which is ``name`` with our prefix.

        ``kind`` is the element of its properties; ``width`` is in mm.
        """
        styles = self._root.find(f"{OFFICE}automatic-styles")
        if styles is None:
            styles = etree.Element(f"{OFFICE}automatic-styles")
            self._root.find(f"{OFFICE}body").addprevious(styles)
        attributes = {
            "width": (f"{STYLE}column-width", "{}mm"),
            "weight": (f"{FO}font-weight", "{}"),
            "asian": (f"{STYLE}font-weight-asian", "{}"),
            "wrap": (f"{FO}wrap-option", "{}"),
        }
        style = etree.SubElement(styles, f"{STYLE}style")
        style.set(f"{STYLE}name", f"{_STYLE_PREFIX}{name}")
        style.set(f"{STYLE}family", family)
        properties_element = etree.SubElement(style, f"{STYLE}{kind}-properties")
        for key, value in properties.items():
            properties_element.set(attributes[key][0], attributes[key][1].format(value))
        return f"{_STYLE_PREFIX}{name}"

    def _add_mark_styles(self) -> None:
        """Replace the named styles of marked cells, one for each severity.

        A package without a part of styles is left as it is.
        """
        styles = None if self._styles is None else self._styles.find(f"{OFFICE}styles")
        if styles is None:
            return
        for old in styles.findall(f"{STYLE}style"):
            if old.get(f"{STYLE}name", "").startswith(_STYLE_PREFIX):
                _remove_from_parent(old)
        for severity in Severity:
            style = etree.SubElement(styles, f"{STYLE}style")
            style.set(f"{STYLE}name", f"{_STYLE_PREFIX}{severity.value}")
            style.set(f"{STYLE}family", "table-cell")
            cell_properties = etree.SubElement(style, f"{STYLE}table-cell-properties")
            cell_properties.set(
                f"{FO}background-color", f"#{SEVERITY_FILLS[severity][2][2:].lower()}"
            )
            text_properties = etree.SubElement(style, f"{STYLE}text-properties")
            text_properties.set(f"{FO}color", f"#{SEVERITY_COLORS[severity][2:].lower()}")

    def packed(self) -> bytes:
        """Return the package with its changes and without signatures.

        The same changes give the same bytes.
        """
        changed = {_CONTENT: self._root, _STYLES: self._styles}
        target = BytesIO()
        with ZipFile(target, "w") as zipped:
            for info in self._package.archive.infolist():
                if info.filename == _SIGNATURES:  # they sign the original, not the copy
                    continue
                part = ZipInfo(info.filename, max(info.date_time, _EPOCH))
                part.create_system = 3  # Unix, on Windows too: the same bytes
                is_first = info.filename == "mimetype"
                part.compress_type = ZIP_STORED if is_first else ZIP_DEFLATED
                tree = changed.get(info.filename)
                content = (
                    self._package.read(info.filename) or b""
                    if tree is None
                    else etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
                )
                zipped.writestr(part, content)
        return target.getvalue()


# --- cells ----------------------------------------------------------------------------


def _remove_from_parent(element: Xml) -> None:
    """Remove an element from its parent; one without a parent is left."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _append_comment_lines(cell: Xml, lines: Sequence[str]) -> None:
    """Append lines to the comment of a cell; a new comment by us is added if missing."""
    comment = cell.find(f"{OFFICE}annotation")
    if comment is None:
        comment = etree.Element(f"{OFFICE}annotation")
        height = sum(len(line) // 20 + 1 for line in lines) * 5 + 5
        comment.set(f"{SVG}width", "80mm")
        comment.set(f"{SVG}height", f"{min(height, 150)}mm")
        etree.SubElement(comment, f"{DC}creator").text = AUTHOR
        cell.insert(0, comment)
    for line in lines:
        etree.SubElement(comment, f"{TEXT}p").text = _unescape(line)


def _strip_comment(comment: Xml) -> None:
    """Remove our lines from a comment, and the comment if nothing is left of it."""
    ours = [
        paragraph
        for paragraph in comment.findall(f"{TEXT}p")
        if _is_ours("".join(paragraph.itertext()))
    ]
    for paragraph in ours:
        comment.remove(paragraph)
    if ours and comment.find(f"{TEXT}p") is None:
        _remove_from_parent(comment)


def _is_ours(line: str) -> bool:
    """Return whether a line is one of ours."""
    return our_spans(line) == [(0, len(line))]


def _add_formats(table: Xml, name: str, marks: Sequence[Annotation]) -> None:
    """Add a conditional format for each cell, before those of the workbook's own."""
    formats = table.find(f"{CALCEXT}conditional-formats")
    if formats is None:
        formats = etree.SubElement(table, f"{CALCEXT}conditional-formats")
    quoted = "'{}'".format(name.replace("'", "''"))
    for number, mark in enumerate(marks):
        cell_ref = f"{quoted}.{mark.cell}"
        format_element = etree.Element(f"{CALCEXT}conditional-format")
        format_element.set(f"{CALCEXT}target-range-address", f"{cell_ref}:{cell_ref}")
        rule = etree.SubElement(format_element, f"{CALCEXT}condition")
        style = f"{_STYLE_PREFIX}{mark.severity.value}"
        rule.set(f"{CALCEXT}apply-style-name", style)
        rule.set(f"{CALCEXT}value", f'formula-is("{style}"<>"")')
        rule.set(f"{CALCEXT}base-cell-address", cell_ref)
        formats.insert(number, format_element)


# --- the list -------------------------------------------------------------------------


def _row_texts(row: FindingRow, language_index: int) -> list[str]:
    """Return the six texts of a row of the list, in one language."""
    return [
        row.severity_text(language_index),
        row.code,
        row.sheet,
        row.cell_text,
        row.message,
        row.fix,
    ]


def _add_list_row(table: Xml, texts: Sequence[str], style_name: str = "", link: str = "") -> None:
    """Add a row of texts to the list; the fourth text links to the cell ``link``, if any."""
    row = etree.SubElement(table, ROW)
    for number, text in enumerate(texts):
        cell = etree.SubElement(row, CELL, {f"{OFFICE}value-type": "string"})
        if style_name:
            cell.set(f"{TABLE}style-name", style_name)
        text_element = etree.SubElement(cell, f"{TEXT}p")
        if link and number == 3:
            text_element = etree.SubElement(text_element, f"{TEXT}a", {f"{XLINK}href": f"#{link}"})
            text_element.set(f"{XLINK}type", "simple")
        text_element.text = _unescape(text)


def _unescape(text: str) -> str:
    """Return a text with escaped underscores as plain ones; only Excel needs the escapes."""
    return _ESCAPED.sub("_", text)


__all__ = ["annotate_package", "remove_annotations"]
