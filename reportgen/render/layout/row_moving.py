"""Row moving: the laid-out rows of a section that is too long become those of its pages.

A page of such a section shows rows that are laid out already, below a repeated head that is, too.
So its boxes are made of theirs: the rows are moved, the head and what follows the table are copied.
This holds if nothing but the vertical positions would be different in a layout of the page by
itself, which is verified: styles, columns, borders and the size of the page must be the same, and
no row may have been changed. Otherwise :func:`move_rows` returns None.
"""

from __future__ import annotations

import copy
from math import inf
from typing import TYPE_CHECKING, Any, Final

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.formatting_structure import boxes
from weasyprint.layout import table as table_layout

from reportgen.render.layout.laid_out_document import LaidOutPage, body_element
from reportgen.render.layout.layout_engine import Section
from reportgen.render.layout.pagination import PAGE_RESERVE, row_spacing, tables_of
from reportgen.render.layout.section_independence import PLAIN_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from reportgen.render.weasyprint_types import Box, CollapsedBorders, PageBox, Style

_PSEUDO_ELEMENTS: Final = (None, "before", "after", "marker", "first-line", "first-letter")
# Properties that do not affect the layout: bookmarks, and the anchors of ids.
_WITHOUT_EFFECT: Final = frozenset(("bookmark_level", "bookmark_label", "bookmark_state", "anchor"))
_SIDES: Final = ("top", "right", "bottom", "left")


class _NotMovableError(Exception):
    """Raised if a page must be laid out by itself."""


def move_rows(section: Section, piece: Element, *, is_first: bool) -> Section | None:
    """Return a page of a section with the section's rows, or None if it must be laid out.

    ``piece`` is one of the elements that :func:`paginate` has split the section into, with computed
    styles; ``is_first``: it begins the document. The rows are moved, not copied: the section itself
    must not be used for anything but its further pieces.
    """
    try:
        return _Piece(section, piece).section(is_first=is_first)
    except _NotMovableError:
        return None


def _require(condition: object) -> None:
    """Raise _NotMovableError if a condition is not true."""
    if not condition:
        raise _NotMovableError


class _Piece:
    """One page of a section."""

    def __init__(self, section: Section, piece: Element) -> None:
        """Record which elements of the piece stand for which of the section.

        Raises _NotMovableError if they do not correspond.
        """
        self._section, self._element, self._engine = section, piece, section.engine
        self._own_rows = set(piece.iter("tr"))
        tables = list(tables_of(section.element))
        _require(tables)
        self._table_element = tables[-1]
        self._distributed = {row for body in tables[-1].iterfind("tbody") for row in body}
        self._rows: set[Element] = set()
        root = section.engine.root
        self._twins = {root: root, body_element(root): body_element(root)}
        self._pair_elements(section.element, piece)
        self._down = 0.0  # how far all that follows the table moves
        self._grid: CollapsedBorders | None = None

    def _pair_elements(self, original: Element, twin: Element) -> None:
        """Record which element of the page stands for which of the section, at any depth.

        Raises _NotMovableError if they differ by more than left-out rows.
        """
        parts = [part for part in original if self._is_kept(part)]
        _require(original.tag == twin.tag and len(parts) == len(twin))
        self._twins[original] = twin
        for part, copied in zip(parts, twin, strict=True):
            if part in self._distributed:
                _require(part is copied)
                self._rows.add(part)
            else:
                self._pair_elements(part, copied)

    def _is_kept(self, part: Element) -> bool:
        """Return whether an element of the section is on the page; a group without rows is not."""
        if part in self._distributed:
            return part in self._own_rows
        return not len(part) or any(map(self._is_kept, part))

    # --- the page ------------------------------------------------------------------------

    def section(self, *, is_first: bool) -> Section:
        """Return the piece as a section of one page.

        Raises _NotMovableError unless only vertical positions differ from a layout of the piece by
        itself, and it fits its page.
        """
        _require(self._rows and len(self._section.pages) == 1)
        self._check_styles()
        measured = self._section.pages[0].box
        page = self._empty_page(is_first=is_first)
        _require(_content_geometry(page.box) == _content_geometry(measured))
        root_box, *areas = measured.children  # of the foot and of notes
        _require(not any(area.children for area in areas))
        path = self._path_to_table(root_box)
        _require(all(map(_is_plain, path[:-1])))
        root = self._with_moved_rows(path)
        own = root.children[0].children[0]
        end = page.box.content_box_y() + page.box.height
        _require(root.position_y + root.margin_height() <= end)
        _require(own.border_box_y() + own.border_height() <= end - PAGE_RESERVE)
        page_box = page.box.copy()
        page_box.children = (root, *areas)
        return Section(
            self._element,
            self._with_own_rows(self._path_to_table(self._section.box)),
            (LaidOutPage(page_box, page.context, copy.deepcopy(page.state)),),
            True,
            self._engine,
        )

    def _empty_page(self, *, is_first: bool) -> LaidOutPage:
        """Return a page like that of the piece: the section's own, or one without content."""
        measured = self._section.pages[0]
        old, new = self._engine.style(self._section.element), self._engine.style(self._element)
        if (measured.box.page_type.index == 0) is is_first and old["page"] == new["page"]:
            return measured
        return self._engine.empty_page(self._section.box, new, is_first=is_first)

    def _path_to_table(self, box: Box) -> list[Box]:
        """Return the boxes from this one to the table whose rows are distributed.

        Raises _NotMovableError if it is not within the box.
        """
        if isinstance(box, boxes.TableBox) and box.element is self._table_element:
            return [box]
        for child in getattr(box, "children", ()):
            if isinstance(child, boxes.BlockBox | boxes.TableBox):
                try:
                    return [box, *self._path_to_table(child)]
                except _NotMovableError:
                    continue
        raise _NotMovableError

    # --- styles --------------------------------------------------------------------------

    def _check_styles(self) -> None:
        """Raise _NotMovableError if the piece has other styles than the section.

        Properties that do not affect the layout may differ.
        """
        style = self._engine.style
        for original, twin in self._twins.items():
            for pseudo in _PSEUDO_ELEMENTS:
                difference = self._style_difference(style(original, pseudo), style(twin, pseudo))
                _require(difference <= _WITHOUT_EFFECT)
        if restyled := self._engine.restyled:
            for row in self._rows:
                for element in row.iter():
                    for old, new in restyled.get(element, ()):
                        _require(not self._style_difference(old, new))

    def _style_difference(self, old: Style | None, new: Style | None) -> frozenset[str]:
        """Return the properties in which two styles differ, except the name of the page.

        Raises _NotMovableError if one style is missing, or its page is not the piece's.
        """
        if old is new:
            return frozenset()
        if old is None or new is None:
            raise _NotMovableError
        known = self._engine.style_differences
        key = (id(old), id(new))
        if key not in known:
            names = frozenset(name for name in INITIAL_VALUES if old[name] != new[name])
            known[key] = (old, new, names)  # the references keep the key unique
        names = known[key][2]
        _require("page" not in names or new["page"] == self._engine.style(self._element)["page"])
        return names - {"page"}

    # --- boxes ---------------------------------------------------------------------------

    def _shallow_copy(self, box: Box) -> Box:
        """Return a copy of a box, with the same children, for the piece's element and in its style.

        Raises _NotMovableError if its element or its style has no counterpart in the piece.
        """
        _require(isinstance(box, boxes.Box))
        twin = box.copy()
        if box.element is None:
            return twin
        twin.element = self._twins.get(box.element)
        _require(twin.element is not None)
        pseudo = box.element_tag.partition("::")[2] or None
        engine = self._engine
        old, new = engine.style(box.element, pseudo), engine.style(twin.element, pseudo)
        if old is new or old is None:
            return twin
        if box.style is old:
            twin.style = new
            if new["bookmark_level"] == "none":
                twin.bookmark_label = None
            else:
                _require(old["bookmark_level"] != "none")
        elif self._style_difference(old, new):
            _require(not isinstance(box, boxes.TableBox) and not box.is_table_wrapper)
        return twin

    def _deep_copy(self, box: Box) -> Box:
        """Return a deep copy of a box for the elements of the piece."""
        twin = self._shallow_copy(box)
        if box.children:
            twin.children = [self._deep_copy(child) for child in box.children]
        if isinstance(box, boxes.TableBox):
            twin.column_groups = tuple(map(self._deep_copy, box.column_groups))
            _bind_columns(twin)
        return twin

    def _with_moved_rows(self, path: list[Box]) -> Box:
        """Return a copy of the first box of a path, with the piece's rows in the table at its end.

        What follows the table is moved with its end. Raises _NotMovableError if a box beside the
        path is not in the normal flow, or the table cannot be made of its rows.
        """
        box, *others = path
        if not others:
            return self._table_with_rows(box)
        twin = self._shallow_copy(box)
        twin.children = []
        for child in box.children:
            _require(isinstance(child, boxes.Box) and child.is_in_normal_flow())
            if child is others[0]:
                twin.children.append(self._with_moved_rows(others))
            else:
                twin.children.append(self._deep_copy(child))
                twin.children[-1].translate(dy=self._down)
        twin.height += self._down
        return twin

    def _table_with_rows(self, table: Box) -> Box:
        """Return a copy of a table with the piece's rows moved below each other.

        Records by how much the table's height changes, and its collapsed borders. Raises
        _NotMovableError.
        """
        style = table.style
        _require(style["table_layout"] == "fixed" and style["height"] == "auto")
        twin = self._copy_of_table(table)
        _require(_first_row_columns(twin) == _first_row_columns(table))
        if style["border_collapse"] == "collapse":
            self._collapse_borders(table, twin)
        gap = row_spacing(style)
        start = bottom = table.content_box_y() + gap
        for group in twin.children:
            _stack_rows(group, bottom, gap)
            bottom = group.position_y + group.height + gap
        height = bottom - table.content_box_y()
        self._down = height - table.height
        twin.height = height
        for group in twin.column_groups:
            for column in (group, *group.children):
                column.height = bottom - start - gap
        return twin

    def _copy_of_table(self, table: Box) -> Box:
        """Return a copy of a table with the rows of the piece, at their old positions.

        Raises _NotMovableError unless it has all of them.
        """
        twin = self._shallow_copy(table)
        twin.children = []
        for group in table.children:
            if _is_repeated(group):
                twin.children.append(self._deep_copy(group))
            elif rows := [row for row in group.children if row.element in self._rows]:
                twin.children.append(self._shallow_copy(group))
                twin.children[-1].children = rows
        count = sum(len(group.children) for group in twin.children if not _is_repeated(group))
        _require(count == len(self._rows))
        twin.column_groups = tuple(map(self._deep_copy, table.column_groups))
        _bind_columns(twin)
        return twin

    def _collapse_borders(self, table: Box, twin: Box) -> None:
        """Resolve the borders of the piece's rows among themselves, and adjust the rows in place.

        ``twin`` is the copy of ``table`` that has these rows.

        Those at an edge of the page meet another border than within the section. If it is wider all
        along the row, the row is so much higher, and its text so much lower. Raises
        _NotMovableError if it is wider along a part of the row.
        """
        vertical, _ = table.collapsed_border_grid
        rows = [row for group in twin.children for row in group.children]
        before = [[_border_widths(cell) for cell in row.children] for row in rows]
        table_before = _border_widths(twin)
        self._grid = table_layout.collapse_table_borders(twin, len(vertical[0]) - 1, len(rows))
        twin.collapsed_border_grid = self._grid
        _require(_border_widths(twin) == table_before)
        above: list[set[float]] = [set() for _ in rows]
        below: list[set[float]] = [set() for _ in rows]
        for number, (row, widths) in enumerate(zip(rows, before, strict=True)):
            for cell, (top, right, bottom, left) in zip(row.children, widths, strict=True):
                _require((cell.border_right_width, cell.border_left_width) == (right, left))
                down = cell.border_top_width - top
                for child in cell.children:
                    child.translate(dy=down)
                above[number].add(down)
                below[number + cell.rowspan - 1].add(cell.border_bottom_width - bottom)
        for row, *changes in zip(rows, above, below, strict=True):
            for change in changes:
                _require(len(change) <= 1)
                row.height += sum(change)

    def _with_own_rows(self, path: list[Box]) -> Box:
        """Return a copy of the first box of a path in the box tree, with the piece's rows.

        It is what Word is made from. Raises _NotMovableError if the table lacks one of the rows.
        """
        box, *others = path
        if not others:
            twin = self._copy_of_table(box)
            if self._grid is not None:
                twin.collapsed_border_grid = self._grid
            return twin
        twin = self._shallow_copy(box)
        twin.children = [
            self._with_own_rows(others) if child is others[0] else self._deep_copy(child)
            for child in box.children
        ]
        return twin


def _is_repeated(group: Box) -> bool:
    """Return whether a row group is repeated on every page."""
    return bool(group.is_header or group.is_footer)


def _content_geometry(page: PageBox) -> tuple[float, ...]:
    """Return (left, top, width, height) of a page's content area, in CSS pixels."""
    return page.content_box_x(), page.content_box_y(), page.width, page.height


def _is_plain(box: Box) -> bool:
    """Return whether the height of a block depends on its content alone."""
    style = box.style
    return (
        isinstance(box, boxes.BlockBox)
        and getattr(style["min_height"], "value", 0) == 0
        and style["max_height"].value == inf
        and all(style[name] == value for name, value in PLAIN_VALUES.items())
    )


def _first_row_columns(table: Box) -> list[tuple[object, ...]]:
    """Return span, width and box sizing of the first row's cells, which fixed table layout uses."""
    cells = table.children[0].children[0].children
    return [(cell.colspan, cell.style["width"], cell.style["box_sizing"]) for cell in cells]


def _stack_rows(group: Box, top: float, gap: float) -> None:
    """Place the rows of a group one below another, from ``top``, as WeasyPrint's layout does.

    ``gap`` is the space between them; both are CSS pixels. The group's height is set, too.
    """
    group.position_y = top
    for row in group.children:
        row.translate(dy=top - row.position_y)
        row.position_y = top
        top += row.height + gap
    group.height = top - group.position_y - gap


def _border_widths(box: Box) -> list[float]:
    """Return the widths of a box's borders: top, right, bottom, left, in CSS pixels."""
    return [getattr(box, f"border_{side}_width") for side in _SIDES]


def _bind_columns(table: Box) -> None:
    """Make the columns of a copied table return the cells in the copy, by ``get_cells``."""

    def cells_of(column: Any) -> Callable[[], list[Box]]:
        """Return a function that returns the cells of a column."""
        return lambda: [
            cell
            for group in table.children
            for row in group.children
            for cell in row.children
            if cell.grid_x == column.grid_x
        ]

    for group in table.column_groups:
        for column in group.children:
            column.get_cells = cells_of(column)
