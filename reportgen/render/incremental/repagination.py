"""Repagination: reuse the page breaks of an overlong section after an edit.

The distribution of an overlong section's rows over pages depends on their heights alone. When only
the texts of some rows have changed, the heights of all others are known; those of the changed rows
are measured on the page that they stood on, which is to be laid out in any case. If these heights
distribute the rows to the same pages, the pages are those that ``paginate`` would make.

This holds if a row's height does not depend on its page, which is verified: no row and no merged
cell was broken by a page when the heights were taken, nor may they be; and each row was as high on
its own page. Otherwise the section is laid out in full.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from weasyprint.formatting_structure import boxes

from reportgen.render.layout.laid_out_document import deep_copy, walk
from reportgen.render.layout.pagination import (
    TABLE_EDGE,
    OverlongSection,
    RowspanCell,
    distribute_rows,
    find_overlong_sections,
    group_ends,
    min_cell_height,
    row_spacing,
    tables_of,
)
from reportgen.render.layout.table_splitting import grid_cells, split_section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout

TOLERANCE: Final = 1e-6  # CSS pixels
BORDER_TOLERANCE: Final = 2.0  # CSS pixels: more than a border's part of a row


@dataclass(frozen=True, slots=True)
class RowMetrics:
    """Row metrics of an overlong section that was laid out in one piece; lengths are CSS pixels."""

    heights: tuple[float, ...]
    rowspan_cells: tuple[RowspanCell, ...]
    break_penalties: tuple[float, ...]
    group_ends: tuple[int, ...]
    available_height: float
    max_rows_height: float  # greatest height of rows on a page with column headings only
    page_rows: tuple[range, ...]
    row_digests: tuple[str, ...]  # of its rows, as digests


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows of a section's last table on one page: heights, and merged cells as in a label."""

    heights: tuple[float, ...] = ()
    rowspan_cells: tuple[RowspanCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Pagination:
    """The pagination of an overlong section: its metrics, and the rows on each of its pages."""

    metrics: RowMetrics
    pages: tuple[PageRows, ...]


def outline_digest(section: Element) -> str:
    """Return a digest of a section without the contents of its last table's cells."""
    return hashlib.sha256(ElementTree.tostring(_without_texts(section))).hexdigest()


def _without_texts(section: Element) -> Element:
    root = deep_copy(section)
    root.tail = None
    for row in body_rows(root):
        for cell in row:
            cell[:] = []
            cell.text = None
    return root


def body_rows(section: Element) -> list[Element]:
    """Return the rows that are distributed over pages: those of the section's last table."""
    tables = list(tables_of(section))
    bodies = tables[-1].iterfind("tbody") if tables else ()
    return [row for body in bodies for row in body if row.tag == "tr"]


def row_digests(rows: Iterable[Element]) -> tuple[str, ...]:
    """Return a digest of each row."""
    return tuple(hashlib.sha256(ElementTree.tostring(row)).hexdigest() for row in rows)


def measure_rows(layout: Layout, section: Element) -> RowMetrics | None:
    """Return the metrics of an overlong section, or None if they need not hold on other pages."""
    overflows = [
        overflow for overflow in find_overlong_sections(layout) if overflow.section is section
    ]
    if len(overflows) != 1:
        return None
    (overflow,) = overflows
    if overflow.is_cut:
        return None
    pages = _pages_of_rows(layout)
    if not _is_page_independent(overflow, layout, pages):
        return None
    high: dict[int, float] = {}
    for row, height in zip(overflow.rows, overflow.heights, strict=True):
        (page,) = pages[row]
        high[page] = high.get(page, 0.0) + height
    return RowMetrics(
        overflow.heights,
        overflow.rowspan_cells,
        overflow.break_penalties,
        overflow.group_ends,
        overflow.available_height,
        max(high[page] for page in high if page or len(high) == 1),
        tuple(distribute_rows(overflow)),
        row_digests(overflow.rows),
    )


def _is_page_independent(
    overflow: OverlongSection, layout: Layout, pages: dict[Element, set[int]]
) -> bool:
    """Return whether no page has broken a row or a group with merged cells, and none may."""
    for row in overflow.rows:
        if len(pages[row]) != 1 or layout.style(row)["break_inside"] != "avoid":
            return False
    tables = list(tables_of(overflow.section))
    unbreakable_rows = {
        row
        for body in tables[-1].iterfind("tbody")
        if layout.style(body)["break_inside"] == "avoid"
        for row in body
    }
    for start, end in _group_ranges(overflow.group_ends):
        rows = overflow.rows[start:end]
        if any(start <= label.row < end for label in overflow.rowspan_cells) and not (
            len(set().union(*(pages[row] for row in rows))) == 1 and rows[0] in unbreakable_rows
        ):
            return False
    return True


def _group_ranges(ends: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(pairwise((0, *dict.fromkeys(ends))))


def _pages_of_rows(layout: Layout) -> dict[Element, set[int]]:
    pages: dict[Element, set[int]] = {}
    for number, page in enumerate(layout.document.pages):
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                pages.setdefault(box.element, set()).add(number)
    return pages


def rows_on_page(layout: Layout, section: Element) -> PageRows:
    """Return the rows of a section that fits on its page; empty if a row has no box."""
    rows = body_rows(section)
    if not rows:
        return PageRows()
    high: dict[Element, float] = {}
    needs: dict[Element, float] = {}
    for page in layout.document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                high[box.element] = high.get(box.element, 0.0) + box.height
            elif isinstance(box, boxes.TableCellBox) and box.rowspan > 1:
                needs[box.element] = max(needs.get(box.element, 0.0), min_cell_height(box))
    if any(row not in high for row in rows):
        return PageRows()
    gap = row_spacing(layout.style(list(tables_of(section))[-1]))
    return PageRows(
        tuple(high[row] + gap for row in rows),
        tuple(
            RowspanCell(cell.row, cell.end, needs[cell.element], cell.column)
            for cell in grid_cells(rows, group_ends(section))
            if cell.element in needs
        ),
    )


class _FullLayoutNeededError(Exception):
    """Raised if the pagination may differ, so that the section needs a full layout."""


def repaginate(
    section: Element,
    pagination: Pagination,
    lay_out: Callable[[list[Element], int], PageRows | None],
) -> tuple[list[Element], Pagination] | None:
    """Return the pages of a section with this outline, and its new pagination.

    ``lay_out`` returns the rows of one of the pages by its number, or None if they do not fit there
    as they are. Returns None if the section needs a full layout.
    """
    try:
        return _Repagination(section, pagination, lay_out).pieces()
    except _FullLayoutNeededError:
        return None


class _Repagination:
    """One attempt to reuse a pagination."""

    def __init__(
        self,
        section: Element,
        pagination: Pagination,
        lay_out: Callable[[list[Element], int], PageRows | None],
    ) -> None:
        self._section, self._pagination, self._lay_out = section, pagination, lay_out
        self._rows = body_rows(section)
        self._texts = row_digests(self._rows)
        self._approximate_rows: set[int] = set()  # rows whose height is known but for borders

    def pieces(self) -> tuple[list[Element], Pagination]:
        old = self._pagination.metrics
        pieces = split_section(self._section, self._rows, old.group_ends, old.page_rows)
        heights = list(old.heights)
        pages = list(self._pagination.pages)
        for number, part in enumerate(old.page_rows):
            if self._is_page_changed(part):
                rows = self._lay_out(pieces, number)
                if rows is None or len(rows.heights) != len(part):
                    raise _FullLayoutNeededError
                part_rows = slice(part.start, part.stop)
                before = pages[number].heights
                heights[part_rows] = map(
                    _updated_height, old.heights[part_rows], before, rows.heights
                )
                self._approximate_rows |= {
                    part.start + offset
                    for offset, (in_full_layout, before_edit, now) in enumerate(
                        zip(old.heights[part_rows], before, rows.heights, strict=True)
                    )
                    if abs(now - before_edit) >= TOLERANCE
                    and abs(in_full_layout - before_edit) >= TOLERANCE
                }
                pages[number] = rows
        labels = self._updated_labels(heights, pages)
        for slack in (-BORDER_TOLERANCE, BORDER_TOLERANCE) if self._approximate_rows else (0.0,):
            self._verify_same_pages(
                [
                    height + slack * (row in self._approximate_rows)
                    for row, height in enumerate(heights)
                ],
                labels,
            )
        measured = replace(
            old, heights=tuple(heights), rowspan_cells=tuple(labels), row_digests=self._texts
        )
        return pieces, Pagination(measured, tuple(pages))

    def _is_page_changed(self, part: range) -> bool:
        """Return whether a page shows changed text, also in a merged cell continued there."""
        old = self._pagination.metrics
        changed = {
            row
            for row, (now, before) in enumerate(zip(self._texts, old.row_digests, strict=True))
            if now != before
        }
        merged_rows = {
            label.row for label in old.rowspan_cells if label.row < part.start < label.end
        }
        return bool(changed & (set(part) | merged_rows))

    def _updated_labels(self, heights: list[float], pages: list[PageRows]) -> list[RowspanCell]:
        """Return the merged cells with new heights, from what each page needs of them."""
        old = self._pagination.metrics
        updated = []
        for label in old.rowspan_cells:
            row, end = label.row, label.end
            needs = []
            for page, before, part in zip(
                pages, self._pagination.pages, old.page_rows, strict=True
            ):
                first, last = max(row, part.start), min(end, part.stop)
                if last - first > 1:
                    cell = (first - part.start, last - part.start, label.column)
                    now = _updated_height(
                        label.height, _needed_height(before, cell), _needed_height(page, cell)
                    )
                    if (first, last) != (row, end) and now > sum(
                        heights[first:last]
                    ) - BORDER_TOLERANCE:
                        raise _FullLayoutNeededError  # it may have stretched its rows
                    needs.append(now)
            if not needs or max(needs) - min(needs) > TOLERANCE:
                raise _FullLayoutNeededError
            updated.append(replace(label, height=needs[0]))
        return updated

    def _verify_same_pages(self, heights: list[float], labels: list[RowspanCell]) -> None:
        """Raise _FullLayoutNeededError if the rows would be distributed differently."""
        old = self._pagination.metrics
        for start, end in _group_ranges(old.group_ends):
            if sum(heights[start:end]) > old.max_rows_height:
                raise _FullLayoutNeededError
        if sum(heights) <= old.available_height + 2 * TABLE_EDGE:
            raise _FullLayoutNeededError
        overflow = OverlongSection(
            self._section,
            tuple(self._rows),
            old.group_ends,
            tuple(heights),
            old.break_penalties,
            tuple(labels),
            old.available_height,
        )
        if tuple(distribute_rows(overflow)) != old.page_rows:
            raise _FullLayoutNeededError


def _updated_height(full_height: float, before: float, now: float) -> float:
    """Return a row's new height in the full layout from its heights on its page before and after.

    A row at the edge of a page has another border than among its neighbours, and so another height,
    by a part of a border. Raises _FullLayoutNeededError for more than BORDER_TOLERANCE.
    """
    if abs(full_height - before) > BORDER_TOLERANCE:
        raise _FullLayoutNeededError
    return full_height + (now - before)


def _needed_height(rows: PageRows, cell: tuple[int, int, int]) -> float:
    needs = [
        label.height for label in rows.rowspan_cells if (label.row, label.end, label.column) == cell
    ]
    if len(needs) != 1:
        raise _FullLayoutNeededError
    return needs[0]


__all__ = [
    "PageRows",
    "Pagination",
    "RowMetrics",
    "measure_rows",
    "outline_digest",
    "repaginate",
    "rows_on_page",
]
