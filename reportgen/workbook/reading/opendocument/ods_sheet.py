"""A sheet of OpenDocument that is built row by row, within the limits of any workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reportgen.workbook.reading.opendocument.repeat_counts import CountError, parse_repeat_count
from reportgen.workbook.reading.opendocument.xml_names import DRAW, SVG, TABLE, XLINK
from reportgen.workbook.reading.package_reduction import MAX_CELLS, MAX_ROWS
from reportgen.workbook.reading.raw_cells import MAX_MERGED_AREAS, PlacedImage, RawCell, RawSheet
from reportgen.workbook.schema.cell_refs import MAX_COLUMN, MAX_ROW, Area, cell_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.workbook.reading.opendocument.xml_names import Xml
    from reportgen.workbook.reading.zip_package import Package

_CELL, _COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"
_STYLE: Final = f"{TABLE}style-name"
_DEFAULT: Final = f"{TABLE}default-cell-style-name"
_REPEATED_CELLS, _REPEATED_ROWS = f"{TABLE}number-columns-repeated", f"{TABLE}number-rows-repeated"
_COLUMNS_SPANNED, _ROWS_SPANNED = f"{TABLE}number-columns-spanned", f"{TABLE}number-rows-spanned"
MAX_REPEAT_COUNT: Final = 999_999_999  # counts are clipped to the sheet; larger ones are no counts
_MILLIMETRES: Final = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6}
_LENGTH: Final = re.compile(r"([0-9]{0,9}(?:\.[0-9]{1,12})?)(mm|cm|in|pt|pc|px)")
_PIXEL: Final = 25.4 / 96


class SheetBuilder:
    """A sheet that is being read, row by row from the top."""

    def __init__(self, package: Package, name: str, *, hidden: bool) -> None:
        self._package = package
        self._name = name
        self._hidden = hidden
        self._row = self._column = 1  # the next to come
        self._rows: dict[int, dict[int, RawCell]] = {}
        self._merged: list[Area] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        # The last column of each run, and the style of its cells.
        self._column_styles: list[tuple[int, str]] = []
        self._pictures: list[PlacedImage] = []
        self._open_groups: dict[str, list[bool]] = {}  # of the groups that are open
        self._cells = self._row_count = 0

    def build(self, part: str) -> RawSheet:
        """Return the sheet with the rows, merged areas and images added so far, as of ``part``."""
        return RawSheet(
            name=self._name,
            part=part,
            is_hidden=self._hidden,
            rows=self._rows,
            merged=tuple(self._merged),
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=tuple(self._hidden_columns),
            pictures=tuple(self._pictures),
        )

    def fold(self, group: str, hides: bool, *, begins: bool) -> None:
        """Begin or end a group of rows or columns; a folded one hides them."""
        folded = self._open_groups.setdefault(group, [])
        if begins:
            folded.append(hides)
        elif folded:
            folded.pop()

    def add_columns(self, element: Xml, *, hidden: bool) -> None:
        """Register the default cell style of a run of columns, and whether it is hidden."""
        first = self._column
        self._column += parse_repeat_count(element.get(_REPEATED_CELLS), MAX_REPEAT_COUNT)
        last = min(self._column - 1, MAX_COLUMN)
        if first > MAX_COLUMN:
            return
        self._column_styles.append((last, element.get(_DEFAULT, "")))
        if hidden or any(self._open_groups.get(f"{TABLE}table-column-group", ())):
            self._hidden_columns.append((first, last))

    def add_row(
        self, element: Xml, hidden: bool, read_cell: Callable[[Xml, str], RawCell | None]
    ) -> None:
        """Add a row as often as it is repeated, with the images in its cells.

        ``read_cell`` takes a cell and its style and returns the content, None for a blank one.
        Raises UnreadableError for too many rows or cells, ValueError for one outside of any sheet.
        """
        times = parse_repeat_count(element.get(_REPEATED_ROWS), MAX_REPEAT_COUNT)
        first = self._row
        self._row += times
        filled: dict[int, RawCell] = {}
        merged: list[Area] = []
        for column, repeated, cell in _cells_of(element):
            self._count_cells(1)
            if cell.tag != _CELL or not (len(cell) or cell.attrib):
                continue
            area = _spanned_area(cell, first, column)
            if area is not None:
                merged.append(area)
            raw = read_cell(cell, self._style_of(cell, element, column))
            if raw is not None:
                self._check_position(first, column + repeated - 1)
                self._count_cells(repeated)
                filled.update(dict.fromkeys(range(column, column + repeated), raw))
            if len(cell) and first <= MAX_ROW and column <= MAX_COLUMN:
                self.add_pictures(cell, cell_name(first, column))
        self._count_rows(1)
        if filled or merged:
            self._add_repeated_row(first, times, filled, merged)
            if hidden or any(self._open_groups.get(f"{TABLE}table-row-group", ())):
                self._hidden_rows.update(range(first, first + times) if filled else ())

    def _add_repeated_row(
        self, first: int, times: int, filled: dict[int, RawCell], merged: list[Area]
    ) -> None:
        """Add the cells and merged areas of a row ``times`` times, from row ``first`` on.

        Raises UnreadableError for too many rows, cells or merged areas, before any is added.
        """
        self._count_rows(times)
        self._count_cells((len(filled) + sum(area.cell_count for area in merged)) * times)
        if (len(self._merged) + len(merged) * times) > MAX_MERGED_AREAS:
            raise self._package.too_large_error(f"「{self._name}」{MAX_MERGED_AREAS:,}+")
        self._check_position(first + times - 1, 1)
        for number in range(times):
            if filled:
                self._rows[first + number] = dict(filled)
            for area in merged:
                self._merged.append(
                    Area(area.top + number, area.left, area.bottom + number, area.right)
                )

    def _style_of(self, cell: Xml, row: Xml, column: int) -> str:
        """Return the style of a cell: its own, its row's, its column's, or that of all."""
        style: str = cell.get(_STYLE) or row.get(_DEFAULT) or ""
        return (
            style
            or next(
                (column_style for last, column_style in self._column_styles if column <= last), ""
            )
            or "Default"
        )

    def _check_position(self, row: int, column: int) -> None:
        """Raise ValueError for a row or column beyond the limits of a sheet."""
        if row > MAX_ROW or column > MAX_COLUMN:
            raise ValueError(f"{(row, column)} lies outside a sheet")

    def _count_cells(self, more: int) -> None:
        """Add to the number of cells; raises UnreadableError beyond MAX_CELLS."""
        self._cells += more
        if self._cells > MAX_CELLS:
            raise self._package.too_large_error(f"「{self._name}」{self._cells:,}")

    def _count_rows(self, more: int) -> None:
        """Add to the number of rows; raises UnreadableError beyond MAX_ROWS."""
        self._row_count += more
        if self._row_count > MAX_ROWS:
            raise self._package.too_large_error(f"「{self._name}」{self._row_count:,}")

    # --- pictures ---------------------------------------------------------------------

    def add_pictures(self, element: Xml, cell: str) -> None:
        """Add the images within an element, as placed in ``cell``, but not those of charts."""
        for frame in element.iter(f"{DRAW}frame"):
            images = frame.findall(f"{DRAW}image")
            if images and frame.find(f"{DRAW}object") is None:  # a chart has a picture of itself
                self._pictures.append(
                    PlacedImage(
                        part=_part(images),
                        cell=cell,
                        description=_alternative_text(frame),
                        width=_length_in_mm(frame.get(f"{SVG}width")),
                        height=_length_in_mm(frame.get(f"{SVG}height")),
                    )
                )


def _cells_of(row: Xml) -> Iterator[tuple[int, int, Xml]]:
    """Yield the cells of a row with their columns and how often each is repeated."""
    column = 1
    for cell in row:
        if cell.tag in {_CELL, _COVERED}:
            repeated = parse_repeat_count(cell.get(_REPEATED_CELLS), MAX_REPEAT_COUNT)
            yield column, repeated, cell
            column += repeated


def _spanned_area(cell: Xml, row: int, column: int) -> Area | None:
    """Return the area of cells that a cell spans, or None for a single cell.

    Raises CountError for a span without bounds.
    """
    column_span, row_span = (
        parse_repeat_count(cell.get(name), MAX_REPEAT_COUNT)
        for name in (_COLUMNS_SPANNED, _ROWS_SPANNED)
    )
    if column_span == row_span == 1:
        return None
    return Area(row, column, row + row_span - 1, column + column_span - 1)


def _part(images: list[Xml]) -> str:
    """Return the part of the first image that can be printed, or of the first in the package.

    A drawing may have its pixels beside it.
    """
    parts: list[str] = [image.get(f"{XLINK}href", "").removeprefix("./") for image in images]
    inner_parts = [path for path in parts if ":" not in path and not path.startswith(("/", ".."))]
    suffixes = (".png", ".jpg", ".jpeg", ".gif")
    return next(
        (path for path in inner_parts if path.lower().endswith(suffixes)), (inner_parts or [""])[0]
    )


def _alternative_text(frame: Xml) -> str:
    """Return the alternative text of an image: the description, else the title."""
    texts: Iterator[str] = (
        frame.findtext(f"{SVG}{name}", "").strip() for name in ("desc", "title")
    )
    return next(filter(None, texts), "")


def _length_in_mm(text: str | None) -> float | None:
    """Return a length in millimetres; a bare number is in pixels, None is for an invalid text."""
    match = _LENGTH.fullmatch((text or "").strip())
    if match is None or not match[1]:
        return None
    return float(match[1]) * _MILLIMETRES.get(match[2], _PIXEL)


__all__ = ["CountError", "SheetBuilder"]
