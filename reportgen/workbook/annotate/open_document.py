"""The marks of an .ods: comments, conditional looks and the list, in its content alone.

They are known again by what an .xlsx is known by: the first characters of a line, the formula
of a look, the name that points to the list. LibreOffice keeps all of them; Excel drops looks
that have a condition of LibreOffice's (``calcext``), and shows the comments. Where a library
has written no ``styles.xml``, there is no place for the looks, and the comments stand alone.
"""

from __future__ import annotations

import re
from collections import deque
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.book import MARK, NAME
from reportgen.workbook.annotate.listing import HEADINGS, TITLES, Row, ranked_rows, summary
from reportgen.workbook.annotate.marks import AUTHOR, by_sheet, marks_of, our_spans
from reportgen.workbook.annotate.styles import FILLS, INKS
from reportgen.workbook.opendocument.counts import count
from reportgen.workbook.opendocument.names import (
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
from reportgen.workbook.opendocument.sheet import MAX_REPEATED
from reportgen.workbook.sheets import read_sheets
from reportgen.workbook.source import is_wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.annotate.marks import Mark
    from reportgen.workbook.package_check import Package

    Xml = Any  # an element of lxml

_CONTENT, _STYLES, _SIGNATURES = "content.xml", "styles.xml", "META-INF/documentsignatures.xml"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_OURS: Final = "reportgen-"
_ROW, _CELL = f"{TABLE}table-row", f"{TABLE}table-cell"
_COVERED: Final = f"{TABLE}covered-table-cell"
_OF_ROWS: Final = frozenset(f"{TABLE}table-{each}" for each in ("row-group", "rows", "header-rows"))
_WIDTHS: Final = (22, 16, 36, 18, 110, 100)  # millimetres of the list's columns
_ESCAPED: Final = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")  # what Excel alone needs


def marked(
    package: Package, problems: Sequence[Problem], language: Language, file: str
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the package with these problems marked; raise UnreadableError."""
    content = _Content(package)
    content.strip()
    read = read_sheets(package, is_wanted)  # what others hold may be beyond all limits
    merged = {sheet.name: sheet.merged for sheet in read.sheets}
    for name, cells in by_sheet(problems, merged).items():
        content.mark(name, marks_of(cells, merged[name], language))
    content.insert_list(problems, language, file)
    return content.packed(), ()


def without_marks(package: Package) -> bytes | None:
    """Return the package without our marks, None where it is no marked copy."""
    content = _Content(package)
    if not content.is_marked:
        return None
    content.strip()
    return content.packed()


class _Content:
    """The XML of a package, as it is changed."""

    def __init__(self, package: Package) -> None:
        """Raise UnreadableError for XML that is none."""
        self._package = package
        self._root = self._tree(_CONTENT)
        self._styles = self._tree(_STYLES)
        found = () if self._root is None else self._root.iter(f"{OFFICE}spreadsheet")
        self._book: Xml = next(iter(found), None)
        if self._book is None:
            raise package.damaged(_CONTENT)

    def _tree(self, name: str) -> Xml:
        """Return the root of a part, None where there is none."""
        content = self._package.read_xml(name)
        if content is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise self._package.damaged(f"{name}: {error}"[:200]) from error

    @property
    def tables(self) -> dict[str, Xml]:
        """The sheets by their names."""
        return {each.get(f"{TABLE}name", ""): each for each in self._book.findall(f"{TABLE}table")}

    @property
    def is_marked(self) -> bool:
        """Whether it is a marked copy."""
        return any(True for _ in self._names())

    def _names(self) -> Iterator[Xml]:
        path = f"{TABLE}named-expressions/{TABLE}named-range"
        return (each for each in self._book.findall(path) if each.get(f"{TABLE}name") == MARK)

    # --- old marks --------------------------------------------------------------------

    def strip(self) -> None:
        """Take our marks out."""
        for name in list(self._names()):
            area = name.get(f"{TABLE}cell-range-address", "").removeprefix("$")
            sheet = area.rpartition(".")[0].strip("'").replace("''", "'")
            tables = self.tables
            if sheet in tables and len(tables) > 1:
                self._book.remove(tables[sheet])
            _drop(name)
        for comment in list(self._book.iter(f"{OFFICE}annotation")):
            _strip_comment(comment)
        for rule in list(self._book.iter(f"{CALCEXT}condition")):
            if _OURS in rule.get(f"{CALCEXT}value", ""):
                _drop(rule.getparent())
        for old in list(self._root.iter(f"{STYLE}map")):  # the same, as LibreOffice doubles it
            if f'"{_OURS}' in old.get(f"{STYLE}condition", ""):
                _drop(old)
        for style in self._root.findall(f"{OFFICE}automatic-styles/{STYLE}style"):
            if style.get(f"{STYLE}name", "").startswith(_OURS):
                _drop(style)

    # --- new marks --------------------------------------------------------------------

    def mark(self, name: str, marks: Sequence[Mark]) -> None:
        """Comment on the cells of a sheet, and colour them."""
        table = self.tables[name]
        rows = _singled(table, list(_rows(table)), {each.row for each in marks}, _ROW)
        for row, element in rows.items():
            here = {each.column: each for each in marks if each.row == row}
            old = [each for each in element if each.tag in {_CELL, _COVERED}]
            for column, cell in _singled(element, old, here, _CELL).items():
                _comment(cell, here[column].lines)
        if self._styles is not None:
            _colour(table, name, marks)

    def insert_list(self, problems: Sequence[Problem], language: Language, file: str) -> None:
        """Put the list of the problems first, and the looks of cells to the styles."""
        tables = self.tables
        name, number = NAME, 2
        while name in tables:
            name, number = f"{NAME}_{number}", number + 1
        which = 0 if language == "zh-TW" else 1
        table = etree.Element(f"{TABLE}table", {f"{TABLE}name": name})
        table.set(f"{TABLE}print", "true")
        for width in _WIDTHS:
            look = self._look("table-column", f"column{width}", "table-column", width=width)
            etree.SubElement(table, f"{TABLE}table-column", {f"{TABLE}style-name": look})
        bold = self._look("table-cell", "bold", "text", weight="bold", asian="bold")
        wrapped = self._look("table-cell", "text", "table-cell", wrap="wrap")
        _line(table, [TITLES[which]], bold)
        _line(table, [summary(problems, language, file)])
        _line(table, [pair[which] for pair in HEADINGS], bold)
        for row in ranked_rows(problems, tables, language):
            _line(table, _contents(row, which), wrapped, row.link.replace("'!", "'."))
        self._book.insert(self._book.index(next(iter(tables.values()))), table)
        self._name(name)
        self._add_looks()

    def _name(self, sheet: str) -> None:
        """Let a name point to the list; names stand behind the sheets."""
        names = self._book.find(f"{TABLE}named-expressions")
        if names is None:
            names = etree.Element(f"{TABLE}named-expressions")
            self._book.findall(f"{TABLE}table")[-1].addnext(names)
        place = f"${sheet}.$A$1"
        given = {"name": MARK, "base-cell-address": place, "cell-range-address": place}
        etree.SubElement(
            names, f"{TABLE}named-range", {f"{TABLE}{key}": each for key, each in given.items()}
        )

    def _look(self, family: str, name: str, kind: str, **looks: object) -> str:
        """Return the name of a style of the list, which is made where it is not there yet."""
        styles = self._root.find(f"{OFFICE}automatic-styles")
        if styles is None:
            styles = etree.Element(f"{OFFICE}automatic-styles")
            self._root.find(f"{OFFICE}body").addprevious(styles)
        given = {
            "width": (f"{STYLE}column-width", "{}mm"),
            "weight": (f"{FO}font-weight", "{}"),
            "asian": (f"{STYLE}font-weight-asian", "{}"),
            "wrap": (f"{FO}wrap-option", "{}"),
        }
        style = etree.SubElement(styles, f"{STYLE}style")
        style.set(f"{STYLE}name", f"{_OURS}{name}")
        style.set(f"{STYLE}family", family)
        inner = etree.SubElement(style, f"{STYLE}{kind}-properties")
        for key, each in looks.items():
            inner.set(given[key][0], given[key][1].format(each))
        return f"{_OURS}{name}"

    def _add_looks(self) -> None:
        """Add the looks of marked cells to the styles that have names."""
        styles = None if self._styles is None else self._styles.find(f"{OFFICE}styles")
        if styles is None:
            return
        for old in styles.findall(f"{STYLE}style"):
            if old.get(f"{STYLE}name", "").startswith(_OURS):
                _drop(old)
        for severity in Severity:
            style = etree.SubElement(styles, f"{STYLE}style")
            style.set(f"{STYLE}name", f"{_OURS}{severity.value}")
            style.set(f"{STYLE}family", "table-cell")
            ground = etree.SubElement(style, f"{STYLE}table-cell-properties")
            ground.set(f"{FO}background-color", f"#{FILLS[severity][2][2:].lower()}")
            ink = etree.SubElement(style, f"{STYLE}text-properties")
            ink.set(f"{FO}color", f"#{INKS[severity][2:].lower()}")

    def packed(self) -> bytes:
        """Return the package with its changes; the same changes give the same bytes."""
        changed = {_CONTENT: self._root, _STYLES: self._styles}
        target = BytesIO()
        with ZipFile(target, "w") as zipped:
            for info in self._package.archive.infolist():
                if info.filename == _SIGNATURES:  # the original's, and broken here
                    continue
                part = ZipInfo(info.filename, max(info.date_time, _EPOCH))
                is_first = info.filename == "mimetype"
                part.compress_type = ZIP_STORED if is_first else ZIP_DEFLATED
                tree = changed.get(info.filename)
                written = (
                    self._package.read(info.filename) or b""
                    if tree is None
                    else etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
                )
                zipped.writestr(part, written)
        return target.getvalue()


# --- cells ----------------------------------------------------------------------------


def _rows(table: Xml) -> Iterator[Xml]:
    for each in table:
        if each.tag == _ROW:
            yield each
        elif each.tag in _OF_ROWS:
            yield from _rows(each)


def _singled(
    parent: Xml, elements: Sequence[Xml], numbers: Iterable[int], tag: str
) -> dict[int, Xml]:
    """Return rows, or cells, by number, each parted from those that it stands for besides."""
    kind = "rows" if tag == _ROW else "columns"
    repeated = f"{TABLE}number-{kind}-repeated"
    wanted, found, first = deque(sorted(numbers)), {}, 1
    for element in elements:
        last = first + count(element.get(repeated), MAX_REPEATED) - 1
        while wanted and wanted[0] <= last:
            number = wanted.popleft()
            if number > first:
                _copy_before(element, repeated, number - first)
            one = element if number == last else _copy_before(element, repeated, 1)
            one.attrib.pop(repeated, None)
            found[number] = one
            first = number + 1
            if number < last:
                element.set(repeated, str(last - number))
        first = last + 1
    for number in wanted:
        if number > first:
            etree.SubElement(parent, tag, {repeated: str(number - first)})
        found[number] = etree.SubElement(parent, tag)
        first = number + 1
    return found


def _copy_before(element: Xml, repeated: str, times: int) -> Xml:
    copy = deepcopy(element)
    copy.set(repeated, str(times))
    element.addprevious(copy)
    return copy


def _drop(element: Xml) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _comment(cell: Xml, lines: Sequence[str]) -> None:
    """Add lines to the comment of a cell, behind those of others."""
    comment = cell.find(f"{OFFICE}annotation")
    if comment is None:
        comment = etree.Element(f"{OFFICE}annotation")
        height = sum(len(line) // 20 + 1 for line in lines) * 5 + 5
        comment.set(f"{SVG}width", "80mm")
        comment.set(f"{SVG}height", f"{min(height, 150)}mm")
        etree.SubElement(comment, f"{DC}creator").text = AUTHOR
        cell.insert(0, comment)
    for line in lines:
        etree.SubElement(comment, f"{TEXT}p").text = _plain(line)


def _strip_comment(comment: Xml) -> None:
    """Take our lines out of a comment, and the comment where nothing else is in it."""
    ours = [each for each in comment.findall(f"{TEXT}p") if _is_ours("".join(each.itertext()))]
    for each in ours:
        comment.remove(each)
    if ours and comment.find(f"{TEXT}p") is None:
        _drop(comment)


def _is_ours(line: str) -> bool:
    return our_spans(line) == [(0, len(line))]


def _colour(table: Xml, name: str, marks: Sequence[Mark]) -> None:
    """Add a conditional look for each cell, before those of the workbook's own."""
    looks = table.find(f"{CALCEXT}conditional-formats")
    if looks is None:
        looks = etree.SubElement(table, f"{CALCEXT}conditional-formats")
    quoted = "'{}'".format(name.replace("'", "''"))
    for number, mark in enumerate(marks):
        place = f"{quoted}.{mark.cell}"
        look = etree.Element(f"{CALCEXT}conditional-format")
        look.set(f"{CALCEXT}target-range-address", f"{place}:{place}")
        rule = etree.SubElement(look, f"{CALCEXT}condition")
        style = f"{_OURS}{mark.severity.value}"
        rule.set(f"{CALCEXT}apply-style-name", style)
        rule.set(f"{CALCEXT}value", f'formula-is("{style}"<>"")')
        rule.set(f"{CALCEXT}base-cell-address", place)
        looks.insert(number, look)


# --- the list -------------------------------------------------------------------------


def _contents(row: Row, which: int) -> list[str]:
    return [row.word(which), row.code, row.sheet, row.shown, row.message, row.fix]


def _line(table: Xml, texts: Sequence[str], look: str = "", link: str = "") -> None:
    """Add a row of texts; a link leads from the fourth of them."""
    row = etree.SubElement(table, _ROW)
    for number, text in enumerate(texts):
        cell = etree.SubElement(row, _CELL, {f"{OFFICE}value-type": "string"})
        if look:
            cell.set(f"{TABLE}style-name", look)
        place = etree.SubElement(cell, f"{TEXT}p")
        if link and number == 3:
            place = etree.SubElement(place, f"{TEXT}a", {f"{XLINK}href": f"#{link}"})
            place.set(f"{XLINK}type", "simple")
        place.text = _plain(text)


def _plain(text: str) -> str:
    return _ESCAPED.sub("_", text)


__all__ = ["marked", "without_marks"]
