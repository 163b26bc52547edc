"""The sheets of an OpenDocument spreadsheet, one row after another.

``content.xml`` holds all sheets. It is parsed once, by libxml2 within its own limits (no
entities, no network, no more than 256 levels), and each row is forgotten when it has been read.
What a file repeats, a row a million times, is counted before it is made.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from reportgen.workbook.opendocument.cells import NULL_DATE, read_cell
from reportgen.workbook.opendocument.counts import CountError
from reportgen.workbook.opendocument.formats import KINDS, Formats
from reportgen.workbook.opendocument.names import CONFIG, META, OFFICE, STYLE, TABLE
from reportgen.workbook.opendocument.sheet import Page
from reportgen.workbook.opendocument.strokes import FAMILIES, Strokes
from reportgen.workbook.spreadsheet import RawSheet, RawWorkbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.workbook.opendocument.names import Xml
    from reportgen.workbook.package_check import Package

CONTENT: Final = "content.xml"
STYLES: Final = "styles.xml"
SETTINGS: Final = "settings.xml"
META_PART: Final = "meta.xml"
MAX_CONTENT: Final = 30_000_000  # bytes of XML, of all sheets

_NOTHING: Final = re.compile(r"0*\.?0*(?:cm|mm|in|pt|pc|px)?")  # a length
_CACHED: Final = re.compile(r"'(?:file|https?|ftp|smb|vnd\.[^:]*):.*'#")  # of another workbook
# Programs that calculate, as they call themselves; a library leaves 0 for each result.
_CALCULATES: Final = re.compile(r"office|calc|excel|gnumeric|calligra|wps|google", re.IGNORECASE)
_ZEROS: Final = frozenset({"0", "0.0"})
_HIDDEN: Final = frozenset({"collapse", "filter"})
_TABLE, _ROW, _COLUMN = f"{TABLE}table", f"{TABLE}table-row", f"{TABLE}table-column"
_GROUPS: Final = frozenset({f"{TABLE}table-row-group", f"{TABLE}table-column-group"})
_STYLE, _SHAPES, _NULL_DATE = f"{STYLE}style", f"{TABLE}shapes", f"{TABLE}null-date"
_TAGS: Final = (_TABLE, _ROW, _COLUMN, *_GROUPS, _STYLE, _SHAPES, _NULL_DATE, *KINDS)


def read_opendocument(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """Return the sheets whose names are wanted; raise UnreadableError for a broken package."""
    try:
        return _Reading(package, wanted).read()
    except (etree.XMLSyntaxError, ValueError) as error:
        if isinstance(error, CountError):
            raise package.too_large(str(error)) from error
        raise package.damaged(f"{type(error).__name__}: {error}"[:200]) from error


class _Reading:
    """What has been read of a package."""

    def __init__(self, package: Package, wanted: Callable[[str], bool]) -> None:
        self.package = package
        self.wanted = wanted
        self.formats = Formats()
        self.strokes = Strokes()
        self.without_size: set[tuple[str, str]] = set()  # styles of rows and columns, by family
        self.undisplayed: set[str] = set()  # styles of sheets
        self.epoch = NULL_DATE
        self._is_calculated = True
        self.names: list[str] = []
        self.sheets: list[RawSheet] = []

    def read(self) -> RawWorkbook:
        """Return the workbook; raises ValueError, and XMLSyntaxError."""
        self._read_styles()
        self._is_calculated = self._by_a_program_that_calculates()
        self._read_content()
        if not self.names:
            raise self.package.not_a_workbook()
        if len(set(self.names)) < len(self.names):
            raise ValueError("two sheets of one name")
        computed = any(
            cell.computed
            for sheet in self.sheets
            for row in sheet.rows.values()
            for cell in row.values()
        )
        return RawWorkbook(tuple(self.sheets), tuple(self.names), computed and self._is_manual())

    # --- styles -----------------------------------------------------------------------

    def _read_styles(self) -> None:
        """Read the styles that have names for people; those of cells alone are in the content."""
        content = self._part(STYLES)
        if content is None:
            return
        inside = False
        for event, element in _events(content, (f"{OFFICE}styles", _STYLE, *KINDS)):
            if element.tag == f"{OFFICE}styles":
                inside = event == "start"
            elif inside and event == "end":
                self._style(element)

    def _style(self, element: Xml) -> None:
        if element.tag != _STYLE:
            self.formats.add_format(element)
            return
        family, name = element.get(f"{STYLE}family"), element.get(f"{STYLE}name", "")
        if family in FAMILIES:
            self.strokes.add(family, element)
        if family == "table-cell":
            self.formats.add_cell_style(element)
        elif family == "table":
            looks = element.find(f"{STYLE}table-properties")
            if looks is not None and looks.get(f"{TABLE}display") == "false":
                self.undisplayed.add(name)
        elif family in {"table-row", "table-column"}:
            side = "row-height" if family == "table-row" else "column-width"
            looks = element.find(f"{STYLE}{family}-properties")
            size = None if looks is None else looks.get(f"{STYLE}{side}")
            if size and _NOTHING.fullmatch(size.strip()):
                self.without_size.add((family, name))

    def _by_a_program_that_calculates(self) -> bool:
        content = self._part(META_PART)
        if content is None:
            return False
        named = (
            element.text or ""
            for event, element in _events(content, (f"{META}generator",))
            if event == "end"
        )
        return any(map(_CALCULATES.search, named))

    def _is_manual(self) -> bool:
        """Return whether formulas are calculated only when somebody asks for it."""
        content = self._part(SETTINGS)
        if content is None:
            return False
        items = (
            element
            for event, element in _events(content, (f"{CONFIG}config-item",))
            if event == "end" and element.get(f"{CONFIG}name") == "AutoCalculate"
        )
        return any((each.text or "").strip() == "false" for each in items)

    # --- content ----------------------------------------------------------------------

    def _part(self, name: str) -> bytes | None:
        """Return a part that is XML in UTF-8, in which every program writes."""
        content = self.package.read_xml(name)
        if content is None:
            return None
        if b"\0" in content:
            raise ValueError(name)
        if len(content) > MAX_CONTENT:
            raise self.package.too_large(f"{name}, {len(content) / 1e6:,.0f} MB")
        return content

    def _read_content(self) -> None:
        content = self._part(CONTENT)
        if content is None:
            raise ValueError(f"{CONTENT} is missing")
        depth, page = 0, None  # a cell may hold a table of its own
        for event, element in _events(content, _TAGS):
            tag = element.tag
            if tag == _TABLE:
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    page = self._page(element)
                elif depth == 0:
                    self._add(page)
                    page = None
                    _forget(element)
            elif depth == 1:
                self._in_sheet(event, element, page)
            elif depth == 0 and event == "end":
                self._before_sheets(element)

    def _before_sheets(self, element: Xml) -> None:
        if element.tag == _NULL_DATE:
            stated = element.get(f"{TABLE}date-value", "1899-12-30")
            self.epoch = datetime.fromisoformat(stated[:10])
        elif element.tag == _STYLE or element.tag in KINDS:
            self._style(element)

    def _page(self, element: Xml) -> Page | None:
        """Return the sheet that begins, if it is wanted; what is kept of others is no sheet."""
        parent = element.getparent()
        name = element.get(f"{TABLE}name", "")
        if parent is None or parent.tag != f"{OFFICE}spreadsheet" or _CACHED.match(name):
            return None
        self.names.append(name)
        if not self.wanted(name):
            return None
        hidden = element.get(f"{TABLE}style-name", "") in self.undisplayed
        return Page(self.package, name, hidden=hidden)

    def _add(self, page: Page | None) -> None:
        if page is not None:
            self.sheets.append(page.sheet(CONTENT))

    def _in_sheet(self, event: str, element: Xml, page: Page | None) -> None:
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
            _forget(element)

    def _hides(self, element: Xml, family: str) -> bool:
        style = element.get(f"{TABLE}style-name", "")
        return element.get(f"{TABLE}visibility") in _HIDDEN or (family, style) in self.without_size

    def _read_cell(self, cell: Xml, style: str) -> Any:
        raw = read_cell(cell, self.formats.of(style), self.epoch)
        if raw is None:
            return None
        if raw.computed and raw.content in _ZEROS and not (raw.constant or self._is_calculated):
            raw = raw._replace(is_doubtful=True)
        return self.strokes.read(raw, cell, style)


def _events(content: bytes, tags: tuple[str, ...]) -> Iterator[tuple[str, Xml]]:
    """Yield the beginning and end of each element that is asked for."""
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


def _forget(element: Xml) -> None:
    """Free the memory of an element that has been read, and of its elders."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


__all__ = ["read_opendocument"]
