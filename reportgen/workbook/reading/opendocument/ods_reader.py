"""The sheets of an OpenDocument spreadsheet, parsed row by row.

``content.xml`` holds all sheets. It is parsed once, by libxml2 within its own limits (no
entities, no network, no more than 256 levels), and each row is freed when it has been read.
Repeat counts, of up to a million rows, are checked before rows are created.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from reportgen.workbook.reading.opendocument.ods_cells import NULL_DATE, read_cell
from reportgen.workbook.reading.opendocument.ods_number_formats import VALUE_TYPES, NumberFormats
from reportgen.workbook.reading.opendocument.ods_rich_text import STYLE_FAMILIES, TextStyles
from reportgen.workbook.reading.opendocument.ods_sheet import SheetBuilder
from reportgen.workbook.reading.opendocument.repeat_counts import CountError
from reportgen.workbook.reading.opendocument.xml_names import CONFIG, META, OFFICE, STYLE, TABLE
from reportgen.workbook.reading.raw_cells import RawSheet, RawWorkbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.workbook.reading.opendocument.xml_names import Xml
    from reportgen.workbook.reading.zip_package import Package

CONTENT_PART: Final = "content.xml"
STYLES_PART: Final = "styles.xml"
SETTINGS_PART: Final = "settings.xml"
META_PART: Final = "meta.xml"
MAX_CONTENT_BYTES: Final = 30_000_000  # bytes of XML, of all sheets

_ZERO_LENGTH: Final = re.compile(r"0*\.?0*(?:cm|mm|in|pt|pc|px)?")  # a length
# The name of a sheet in which LibreOffice caches cells of another workbook.
_CACHED_SHEET: Final = re.compile(r"'(?:file|https?|ftp|smb|vnd\.[^:]*):.*'#")
# Programs that calculate, as they call themselves; a library leaves 0 for each result.
_CALCULATING_PROGRAMS: Final = re.compile(
    r"office|calc|excel|gnumeric|calligra|wps|google", re.IGNORECASE
)
_ZEROS: Final = frozenset({"0", "0.0"})
_HIDDEN: Final = frozenset({"collapse", "filter"})
_TABLE, _ROW, _COLUMN = f"{TABLE}table", f"{TABLE}table-row", f"{TABLE}table-column"
_GROUPS: Final = frozenset({f"{TABLE}table-row-group", f"{TABLE}table-column-group"})
_STYLE, _SHAPES, _NULL_DATE = f"{STYLE}style", f"{TABLE}shapes", f"{TABLE}null-date"
_TAGS: Final = (_TABLE, _ROW, _COLUMN, *_GROUPS, _STYLE, _SHAPES, _NULL_DATE, *VALUE_TYPES)


def read_opendocument(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """Return the sheets whose names are wanted, and the names of all sheets.

    Raises UnreadableError: E132 for a broken package, E130 for no spreadsheet, E133 for its size.
    """
    try:
        return _Reading(package, wanted).read()
    except (etree.XMLSyntaxError, ValueError) as error:
        if isinstance(error, CountError):
            raise package.too_large_error(str(error)) from error
        raise package.damaged_error(f"{type(error).__name__}: {error}"[:200]) from error


class _Reading:
    """The state of reading a package."""

    def __init__(self, package: Package, wanted: Callable[[str], bool]) -> None:
        self.package = package
        self.wanted = wanted
        self.formats = NumberFormats()
        self.strokes = TextStyles()
        self.without_size: set[tuple[str, str]] = set()  # styles of rows and columns, by family
        self.undisplayed: set[str] = set()  # styles of sheets
        self.epoch = NULL_DATE
        self._is_calculated = True
        self.names: list[str] = []
        self.sheets: list[RawSheet] = []

    def read(self) -> RawWorkbook:
        """Return the workbook.

        Raises ValueError, XMLSyntaxError or an UnreadableError if it is invalid, CountError (a
        ValueError) for a count without bounds.
        """
        self._read_styles()
        self._is_calculated = self._is_calculating_program()
        self._read_content()
        if not self.names:
            raise self.package.not_a_workbook_error()
        if len(set(self.names)) < len(self.names):
            raise ValueError("two sheets of one name")
        computed = any(
            cell.is_computed
            for sheet in self.sheets
            for row in sheet.rows.values()
            for cell in row.values()
        )
        return RawWorkbook(tuple(self.sheets), tuple(self.names), computed and self._is_manual())

    # --- styles -----------------------------------------------------------------------

    def _read_styles(self) -> None:
        """Read the named styles of the styles part; automatic styles are in the content."""
        content = self._xml_part(STYLES_PART)
        if content is None:
            return
        inside = False
        for event, element in _tag_events(content, (f"{OFFICE}styles", _STYLE, *VALUE_TYPES)):
            if element.tag == f"{OFFICE}styles":
                inside = event == "start"
            elif inside and event == "end":
                self._add_style(element)

    def _add_style(self, element: Xml) -> None:
        """Add a style: a number format, a stroke, or that a sheet, row or column is hidden."""
        if element.tag != _STYLE:
            self.formats.add_format(element)
            return
        family, name = element.get(f"{STYLE}family"), element.get(f"{STYLE}name", "")
        if family in STYLE_FAMILIES:
            self.strokes.add(family, element)
        if family == "table-cell":
            self.formats.add_cell_style(element)
        elif family == "table":
            properties = element.find(f"{STYLE}table-properties")
            if properties is not None and properties.get(f"{TABLE}display") == "false":
                self.undisplayed.add(name)
        elif family in {"table-row", "table-column"}:
            side = "row-height" if family == "table-row" else "column-width"
            properties = element.find(f"{STYLE}{family}-properties")
            size = None if properties is None else properties.get(f"{STYLE}{side}")
            if size and _ZERO_LENGTH.fullmatch(size.strip()):
                self.without_size.add((family, name))

    def _is_calculating_program(self) -> bool:
        """Return whether the generator is a program that calculates formulas; false if unknown."""
        content = self._xml_part(META_PART)
        if content is None:
            return False
        generators = (
            element.text or ""
            for event, element in _tag_events(content, (f"{META}generator",))
            if event == "end"
        )
        return any(map(_CALCULATING_PROGRAMS.search, generators))

    def _is_manual(self) -> bool:
        """Return whether the settings turn automatic calculation off; False without any."""
        content = self._xml_part(SETTINGS_PART)
        if content is None:
            return False
        items = (
            element
            for event, element in _tag_events(content, (f"{CONFIG}config-item",))
            if event == "end" and element.get(f"{CONFIG}name") == "AutoCalculate"
        )
        return any((item.text or "").strip() == "false" for item in items)

    # --- content ----------------------------------------------------------------------

    def _xml_part(self, name: str) -> bytes | None:
        """Return a part in UTF-8, or None if it is missing.

        Raises ValueError for one in UTF-16, UnreadableError for more than MAX_CONTENT_BYTES.
        """
        content = self.package.read_xml(name)
        if content is None:
            return None
        if b"\0" in content:
            raise ValueError(name)
        if len(content) > MAX_CONTENT_BYTES:
            raise self.package.too_large_error(f"{name}, {len(content) / 1e6:,.0f} MB")
        return content

    def _read_content(self) -> None:
        """Read all sheets and automatic styles of the content.

        Raise ValueError without a content.
        """
        content = self._xml_part(CONTENT_PART)
        if content is None:
            raise ValueError(f"{CONTENT_PART} is missing")
        depth, page = 0, None  # a cell may hold a nested table
        for event, element in _tag_events(content, _TAGS):
            tag = element.tag
            if tag == _TABLE:
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    page = self._begin_sheet(element)
                elif depth == 0:
                    self._end_sheet(page)
                    page = None
                    _free_element(element)
            elif depth == 1:
                self._read_in_sheet(event, element, page)
            elif depth == 0 and event == "end":
                self._read_before_sheets(element)

    def _read_before_sheets(self, element: Xml) -> None:
        """Store an automatic style, or the date that numbers of days count from."""
        if element.tag == _NULL_DATE:
            stated = element.get(f"{TABLE}date-value", "1899-12-30")
            self.epoch = datetime.fromisoformat(stated[:10])
        elif element.tag == _STYLE or element.tag in VALUE_TYPES:
            self._add_style(element)

    def _begin_sheet(self, element: Xml) -> SheetBuilder | None:
        """Return the sheet that begins, or None if it is not to be read.

        That is a sheet that is not wanted, whose name is kept all the same, a table within a cell,
        or LibreOffice's cache of another workbook.
        """
        parent = element.getparent()
        name = element.get(f"{TABLE}name", "")
        if parent is None or parent.tag != f"{OFFICE}spreadsheet" or _CACHED_SHEET.match(name):
            return None
        self.names.append(name)
        if not self.wanted(name):
            return None
        hidden = element.get(f"{TABLE}style-name", "") in self.undisplayed
        return SheetBuilder(self.package, name, hidden=hidden)

    def _end_sheet(self, page: SheetBuilder | None) -> None:
        """Append the sheet that has been read; None stands for one that is not wanted."""
        if page is not None:
            self.sheets.append(page.build(CONTENT_PART))

    def _read_in_sheet(self, event: str, element: Xml, page: SheetBuilder | None) -> None:
        """Add a row, a run of columns, a group or images to the sheet; free the element."""
        tag = element.tag
        if tag in _GROUPS:
            if page is not None:
                hides = element.get(f"{TABLE}display") == "false"
                page.fold(tag, hides, begins=event == "start")
        elif event == "start":
            return
        elif page is not None and tag == _ROW:
            page.add_row(element, self._hides(element, "table-row"), self._read_cell)
        elif page is not None and tag == _COLUMN:
            page.add_columns(element, hidden=self._hides(element, "table-column"))
        elif page is not None and tag == _SHAPES:
            page.add_pictures(element, "A1")
        if event == "end" and tag not in _GROUPS:
            _free_element(element)

    def _hides(self, element: Xml, family: str) -> bool:
        """Return whether a row or a column is hidden, or has no height or width."""
        style = element.get(f"{TABLE}style-name", "")
        return element.get(f"{TABLE}visibility") in _HIDDEN or (family, style) in self.without_size

    def _read_cell(self, cell: Xml, style: str) -> Any:
        """Return the content of a cell, or None for a blank one; raises ValueError if invalid.

        ``style`` is its cell style. A zero that no calculating program has written is doubtful.
        """
        raw = read_cell(cell, self.formats.of(style), self.epoch)
        if raw is None:
            return None
        if raw.is_computed and raw.content in _ZEROS and not (raw.constant or self._is_calculated):
            raw = raw._replace(is_doubtful=True)
        return self.strokes.read(raw, cell, style)


def _tag_events(content: bytes, tags: tuple[str, ...]) -> Iterator[tuple[str, Xml]]:
    """Yield (``start`` or ``end``, element) of each element with one of the tags."""
    events: Iterator[tuple[str, Xml]] = etree.iterparse(
        BytesIO(content),
        events=("start", "end"),
        tag=tags,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        encoding="utf-8",
    )
    return events


def _free_element(element: Xml) -> None:
    """Free the memory of an element that has been read, and of its earlier siblings."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


__all__ = ["read_opendocument"]
