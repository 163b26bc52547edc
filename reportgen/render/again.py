"""A section that was dealt out to pages is dealt out again after an edit, without a long layout.

How the rows of an overlong section are dealt out depends on their heights alone. When only the
texts of some rows have changed, the heights of all others are known; those of the changed ones are
the same on the page that they stood on, which is to be laid out in any case. If the rows are dealt
out to the same pages with these heights, the pages are those that ``paginate`` would make.

This holds where a row's height does not depend on the page that it stands on, which is made sure
of: no row and no merged cell was broken by a page when the heights were taken, nor may they be;
and each row was as high on its own page. Wherever that is not so, nothing is said.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from weasyprint.formatting_structure import boxes

from reportgen.render.layout import copied, walk
from reportgen.render.paginate import (
    EDGE,
    Label,
    Overflow,
    deal_rows,
    find_overflows,
    group_ends,
    need_of,
    spacing,
    tables_of,
)
from reportgen.render.pieces import cut, grid_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element

    from reportgen.render.layout import Layout

SAME: Final = 1e-6  # CSS pixels
SLACK: Final = 2.0  # CSS pixels: more than a border's part of a row


@dataclass(frozen=True, slots=True)
class Measured:
    """An overlong section as it was laid out in one: heights of its rows, and of merged cells."""

    heights: tuple[float, ...]
    labels: tuple[Label, ...]
    wishes: tuple[float, ...]
    group_ends: tuple[int, ...]
    room: float
    full: float  # of rows that stood on one page, behind the column headings alone
    parts: tuple[range, ...]
    texts: tuple[str, ...]  # of its rows, as digests


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a section's last table on a page: heights, and merged cells as in a label."""

    heights: tuple[float, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Dealt:
    """What is remembered: the section as a whole, and its rows on each of its pages."""

    measured: Measured
    pages: tuple[Rows, ...]


def outline(section: Element) -> str:
    """A section but for what is in the cells of its last table's rows."""
    return hashlib.sha256(ElementTree.tostring(_without_texts(section))).hexdigest()


def _without_texts(section: Element) -> Element:
    root = copied(section)
    root.tail = None
    for row in body_rows(root):
        for cell in row:
            cell[:] = []
            cell.text = None
    return root


def body_rows(section: Element) -> list[Element]:
    """The rows that are dealt out."""
    tables = list(tables_of(section))
    bodies = tables[-1].iterfind("tbody") if tables else ()
    return [row for body in bodies for row in body if row.tag == "tr"]


def texts_of(rows: Iterable[Element]) -> tuple[str, ...]:
    """A digest of each row."""
    return tuple(hashlib.sha256(ElementTree.tostring(row)).hexdigest() for row in rows)


def measure(layout: Layout, section: Element) -> Measured | None:
    """What a layout says of an overlong section; None where it need not hold on other pages."""
    found = [each for each in find_overflows(layout) if each.section is section]
    if len(found) != 1:
        return None
    (overflow,) = found
    pages = _pages_of_rows(layout)
    if not _holds(overflow, layout, pages):
        return None
    high: dict[int, float] = {}
    for row, height in zip(overflow.rows, overflow.heights, strict=True):
        (page,) = pages[row]
        high[page] = high.get(page, 0.0) + height
    return Measured(
        overflow.heights,
        overflow.labels,
        overflow.wishes,
        overflow.group_ends,
        overflow.room,
        max(high[page] for page in high if page or len(high) == 1),
        tuple(deal_rows(overflow)),
        texts_of(overflow.rows),
    )


def _holds(overflow: Overflow, layout: Layout, pages: dict[Element, set[int]]) -> bool:
    """Whether no page has broken a row, or a group of rows with merged cells, and none may."""
    for row in overflow.rows:
        if len(pages[row]) != 1 or layout.style(row)["break_inside"] != "avoid":
            return False
    tables = list(tables_of(overflow.section))
    kept = {
        row
        for body in tables[-1].iterfind("tbody")
        if layout.style(body)["break_inside"] == "avoid"
        for row in body
    }
    for start, end in _groups(overflow.group_ends):
        rows = overflow.rows[start:end]
        if any(start <= label.row < end for label in overflow.labels) and not (
            len(set().union(*(pages[row] for row in rows))) == 1 and rows[0] in kept
        ):
            return False
    return True


def _groups(ends: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(pairwise((0, *dict.fromkeys(ends))))


def _pages_of_rows(layout: Layout) -> dict[Element, set[int]]:
    found: dict[Element, set[int]] = {}
    for number, page in enumerate(layout.document.pages):
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                found.setdefault(box.element, set()).add(number)
    return found


def rows_on_page(layout: Layout, section: Element) -> Rows:
    """The rows of a section that fits on its page."""
    rows = body_rows(section)
    if not rows:
        return Rows()
    high: dict[Element, float] = {}
    needs: dict[Element, float] = {}
    for page in layout.document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                high[box.element] = high.get(box.element, 0.0) + box.height
            elif isinstance(box, boxes.TableCellBox) and box.rowspan > 1:
                needs[box.element] = max(needs.get(box.element, 0.0), need_of(box))
    if any(row not in high for row in rows):
        return Rows()
    gap = spacing(layout.style(list(tables_of(section))[-1]))
    return Rows(
        tuple(high[row] + gap for row in rows),
        tuple(
            Label(cell.row, cell.end, needs[cell.element], cell.column)
            for cell in grid_cells(rows, group_ends(section))
            if cell.element in needs
        ),
    )


class _DoubtError(Exception):
    """The section is to be laid out in one."""


def deal_again(
    section: Element, dealt: Dealt, lay_out: Callable[[list[Element], int], Rows | None]
) -> tuple[list[Element], Dealt] | None:
    """The pages of a section with this outline, and what is to be remembered of it now.

    ``lay_out`` answers with the rows of one of the pages, by its number; None where they do not
    stand there as they are. None is answered where the whole section is to be laid out.
    """
    try:
        return _Again(section, dealt, lay_out).pieces()
    except _DoubtError:
        return None


class _Again:
    def __init__(
        self, section: Element, dealt: Dealt, lay_out: Callable[[list[Element], int], Rows | None]
    ) -> None:
        self._section, self._dealt, self._lay_out = section, dealt, lay_out
        self._rows = body_rows(section)
        self._texts = texts_of(self._rows)
        self._doubtful: set[int] = set()  # rows whose height is known but for borders

    def pieces(self) -> tuple[list[Element], Dealt]:
        old = self._dealt.measured
        pieces = cut(self._section, self._rows, old.group_ends, old.parts)
        heights = list(old.heights)
        pages = list(self._dealt.pages)
        for number, part in enumerate(old.parts):
            if self._has_changed(part):
                rows = self._lay_out(pieces, number)
                if rows is None or len(rows.heights) != len(part):
                    raise _DoubtError
                own = slice(part.start, part.stop)
                before = pages[number].heights
                heights[own] = map(_moved, old.heights[own], before, rows.heights)
                self._doubtful |= {
                    part.start + place
                    for place, (first, then, now) in enumerate(
                        zip(old.heights[own], before, rows.heights, strict=True)
                    )
                    if abs(now - then) >= SAME and abs(first - then) >= SAME
                }
                pages[number] = rows
        labels = self._labels(heights, pages)
        for slack in (-SLACK, SLACK) if self._doubtful else (0.0,):
            self._hold(
                [height + slack * (row in self._doubtful) for row, height in enumerate(heights)],
                labels,
            )
        measured = replace(old, heights=tuple(heights), labels=tuple(labels), texts=self._texts)
        return pieces, Dealt(measured, tuple(pages))

    def _has_changed(self, part: range) -> bool:
        """Whether a page says anything else, be it in a merged cell that goes on there."""
        old = self._dealt.measured
        changed = {
            row
            for row, (now, before) in enumerate(zip(self._texts, old.texts, strict=True))
            if now != before
        }
        begun = {each.row for each in old.labels if each.row < part.start < each.end}
        return bool(changed & (set(part) | begun))

    def _labels(self, heights: list[float], pages: list[Rows]) -> list[Label]:
        """How high each merged cell has to be, by what it needs on the pages that it is on."""
        old = self._dealt.measured
        found = []
        for label in old.labels:
            row, end = label.row, label.end
            needs = []
            for page, before, part in zip(pages, self._dealt.pages, old.parts, strict=True):
                first, last = max(row, part.start), min(end, part.stop)
                if last - first > 1:
                    place = (first - part.start, last - part.start, label.column)
                    now = _moved(label.height, _need(before, place), _need(page, place))
                    if (first, last) != (row, end) and now > sum(heights[first:last]) - SLACK:
                        raise _DoubtError  # it may have stretched its rows
                    needs.append(now)
            if not needs or max(needs) - min(needs) > SAME:
                raise _DoubtError
            found.append(replace(label, height=needs[0]))
        return found

    def _hold(self, heights: list[float], labels: list[Label]) -> None:
        """Stop where the rows would be dealt out otherwise."""
        old = self._dealt.measured
        for start, end in _groups(old.group_ends):
            if sum(heights[start:end]) > old.full:
                raise _DoubtError
        if sum(heights) <= old.room + 2 * EDGE:
            raise _DoubtError
        overflow = Overflow(
            self._section,
            tuple(self._rows),
            old.group_ends,
            tuple(heights),
            old.wishes,
            tuple(labels),
            old.room,
        )
        if tuple(deal_rows(overflow)) != old.parts:
            raise _DoubtError


def _moved(known: float, before: float, now: float) -> float:
    """A height among all rows, by what it was there, and on its page before and after the edit.

    A row at the edge of a page has another border than among its neighbours, and so another
    height, by a part of a border. Stops where it differed by more.
    """
    if abs(known - before) > SLACK:
        raise _DoubtError
    return known + (now - before)


def _need(rows: Rows, place: tuple[int, int, int]) -> float:
    needs = [each.height for each in rows.labels if (each.row, each.end, each.column) == place]
    if len(needs) != 1:
        raise _DoubtError
    return needs[0]


__all__ = ["Dealt", "Measured", "Rows", "deal_again", "measure", "outline", "rows_on_page"]
