"""Row splitting: a table row that is higher than a page becomes two rows, cut between lines.

Cuts are counted in the items of a cell's content: each character that prints something, and each
picture. White space is not counted, because the layout collapses it; so the lines of a laid-out
cell and the text of its element are counted alike, and no letter can be lost between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from reportgen.render.layout.laid_out_document import deep_copy
from reportgen.render.layout.list_counters import LIST_TAGS, continue_list
from reportgen.render.layout.table_splitting import grid_cells
from reportgen.render.verify.output_text import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

PICTURE_TAGS: Final = frozenset(("img", "svg"))
LABEL_ATTRIBUTE: Final = "data-continued"  # of a cell: what its rest begins with on a further page
LABEL_CLASS: Final = "continuation"
_BREAKABLE: Final = ";break-inside:auto"  # end of a style attribute
Cuts = tuple[int | None, ...]  # for each cell, the items before the cut; None: repeated in both


def split_row(row: Element, cuts: Cuts) -> tuple[Element, Element]:
    """Return copies of a row cut in two; the second has no id of the first.

    ``cuts`` has one entry for each cell. A cell without a cut is repeated, as a label, or spans
    both rows if it spans several already: then it is in the first row only. If no cell of the
    second row shows what row it is, the first that has a label for it is labelled.
    """
    first, second = _empty_copy(row), _empty_copy(row)
    second.attrib.pop("id", None)
    second.tail = row.tail
    labelled: list[tuple[Element, str]] = []
    for cell, cut in zip(row, cuts, strict=True):
        if cut is None and cell.get("rowspan", "1").strip() != "1":
            spanning = deep_copy(cell)
            add_to_rowspan(spanning, 1)
            first.append(spanning)
            continue
        parts = (deep_copy(cell), _without_ids(cell)) if cut is None else split_content(cell, cut)
        for piece, part in zip((first, second), parts, strict=True):
            part.tail = cell.tail
            piece.append(part)
        if label := cell.get(LABEL_ATTRIBUTE):
            labelled.append((parts[1], label))
    if not any(count_items(cell) for cell, _ in labelled):
        for cell, label in labelled[:1]:
            _prepend_label(cell, label)
    return first, second


def split_rows(
    section: Element,
    rows: Sequence[Element],
    group_ends: Sequence[int],
    cuts_by_row: Mapping[int, Sequence[Cuts]],
) -> Element:
    """Return a copy of a section in which some rows are split, each at all its cuts in order.

    ``rows`` are the section's own, to which the indices in ``group_ends`` and ``cuts_by_row``
    refer. Merged cells that reach beyond a split row span its parts. Rows are no longer breakable.
    """
    twin_root = deep_copy(section)
    twins = dict(zip(section.iter(), twin_root.iter(), strict=True))
    parents = {child: parent for parent in twin_root.iter() for child in parent}
    for row in map(twins.__getitem__, filter(is_breakable, rows)):
        row.attrib["style"] = row.attrib["style"].removesuffix(_BREAKABLE)
        if not row.attrib["style"]:
            del row.attrib["style"]
    for cell in grid_cells(rows, group_ends):
        added = sum(len(cuts) for row, cuts in cuts_by_row.items() if cell.row < row < cell.end)
        if added:
            add_to_rowspan(twins[cell.element], added)
    for number, cuts in cuts_by_row.items():
        rest, parts = twins[rows[number]], []
        parent = parents[rest]
        index = list(parent).index(rest)
        parent.remove(rest)
        for cut in reversed(cuts):
            rest, part = split_row(rest, cut)
            parts.append(part)
        parent[index:index] = [rest, *reversed(parts)]
    return twin_root


def with_breakable_rows(section: Element, rows: Sequence[Element]) -> Element:
    """Return a copy of a section in which the layout may break these rows until they are split.

    A row that it may not break and that no page holds takes the place of the column headings.
    """
    twin_root = deep_copy(section)
    twins = dict(zip(section.iter(), twin_root.iter(), strict=True))
    for row in rows:
        twins[row].set("style", row.get("style", "") + _BREAKABLE)
    return twin_root


def is_breakable(row: Element) -> bool:
    """Return whether a row is one that :func:`with_breakable_rows` has returned."""
    return row.get("style", "").endswith(_BREAKABLE)


def split_spanning_cells(
    section: Element,
    rows: Sequence[Element],
    group_ends: Sequence[int],
    items_by_cell: Mapping[Element, int],
) -> Element:
    """Return a copy of a section in which merged cells end after so many items.

    The rest of each is in a further row, below those that the cell spans, in which other cells are
    empty; if it is too high still, that row can be split.
    """
    twin_root = deep_copy(section)
    twins = dict(zip(section.iter(), twin_root.iter(), strict=True))
    parents = {child: parent for parent in twin_root.iter() for child in parent}
    cells = list(grid_cells(rows, group_ends))
    for end in sorted({cell.end for cell in cells if cell.element in items_by_cell}, reverse=True):
        last_row = twins[rows[end - 1]]
        further_row = _empty_copy_without_id(last_row)
        further_row.tail = last_row.tail
        covering = [cell for cell in cells if cell.row < end <= cell.end]
        for cell in sorted(covering, key=lambda cell: cell.column):
            twin = twins[cell.element]
            if cell.end > end:
                add_to_rowspan(twin, 1)
                continue
            rest = _empty_copy_without_id(cell.element)
            if cell.element in items_by_cell:
                first, rest = split_content(cell.element, items_by_cell[cell.element])
                twin.text, twin[:] = first.text, list(first)
            rest.attrib.pop("rowspan", None)
            if "rowspan" in twin.attrib:
                twin.set("rowspan", str(cell.end - cell.row))
            further_row.append(rest)
        parent = parents[last_row]
        parent.insert(list(parent).index(last_row) + 1, further_row)
    return twin_root


def add_to_rowspan(cell: Element, rows: int) -> None:
    """Let a cell span ``rows`` further rows, in place.

    One that spans all the rest of its group (``rowspan="0"``) does so already.
    """
    span = cell.get("rowspan", "1").strip()
    if span != "0":
        cell.set("rowspan", str((int(span) if span.isdecimal() else 1) + rows))


def count_items(element: Element) -> int:
    """Return the number of items in an element: printed characters and pictures, without its tail.

    A picture counts as 1 and a comment as 0, whatever is in it.
    """
    if is_picture(element):
        return 1
    if not isinstance(element.tag, str):  # a comment
        return 0
    return count_characters(element.text) + sum(
        count_items(child) + count_characters(child.tail) for child in element
    )


def is_picture(element: Element) -> bool:
    """Return whether an element is one item, whatever is in it."""
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] in PICTURE_TAGS


def count_characters(text: str | None) -> int:
    """Return how many characters of a text print something: no white space, nothing invisible."""
    return len("".join(text.split()).translate(INVISIBLE)) if text else 0


def split_content(element: Element, items: int) -> tuple[Element, Element]:
    """Return copies of an element, one with its first ``items`` items, the other with the rest.

    Either may be empty. White space and line breaks at the cut are removed from the first; the
    second has no id, unless it is the whole, and begins with the label of the element's attribute
    ``data-continued``.
    """
    if items >= count_items(element):
        return deep_copy(element), _empty_copy_without_id(element)
    if items <= 0:
        return _empty_copy_without_id(element), deep_copy(element)
    first, second = _split_element(element, items)
    _trim_end(first)
    if label := element.get(LABEL_ATTRIBUTE):
        _prepend_label(second, label)
    return first, second


def _prepend_label(cell: Element, label: str) -> None:
    """Insert a label, in place, before what is in a cell."""
    block = ElementTree.Element("div", {"class": LABEL_CLASS})
    block.text, block.tail, cell.text = label, cell.text, None
    cell.insert(0, block)


def _split_element(element: Element, items: int) -> tuple[Element, Element]:
    """Return copies of an element, one with its first items, the other with the rest.

    The second has no id. The cut is within the element: neither of them is empty.
    """
    first, second = _empty_copy(element), _empty_copy_without_id(element)
    first.text, second.text = _split_text(element.text, items)
    items -= count_characters(first.text)
    is_cut, is_item_cut = bool(second.text), False
    for child in element:
        size = count_items(child)
        if not is_cut and size <= items:
            first.append(_without_tail(child))
            items -= size
        elif items:
            for part, twin in zip((first, second), _split_element(child, items), strict=True):
                part.append(twin)
            items, is_cut, is_item_cut = 0, True, True
        else:
            second.append(_without_tail(child))
            is_cut = True
        if is_cut:
            second[-1].tail = child.tail
            continue
        first[-1].tail, second.text = _split_text(child.tail, items)
        items -= count_characters(first[-1].tail)
        is_cut = bool(second.text)
    if element.tag in LIST_TAGS:
        continue_list(first, second, is_item_cut=is_item_cut)
    return first, second


def _split_text(text: str | None, items: int) -> tuple[str, str]:
    """Return the text with the first ``items`` printed characters, and the rest.

    The rest begins with a printed character, or is "" if there are no more.
    """
    text = text or ""
    for index, character in enumerate(text):
        if count_characters(character):
            if not items:
                return text[:index], text[index:]
            items -= 1
    return text, ""


def _trim_end(element: Element) -> None:
    """Remove, in place, white space and line breaks at an element's end.

    They would make an empty line.
    """
    while len(element):
        last = element[-1]
        last.tail = (last.tail or "").rstrip()
        if last.tail:
            return
        if last.tag != "br":
            if not is_picture(last):
                _trim_end(last)
            return
        element.remove(last)
    element.text = (element.text or "").rstrip()


def _empty_copy(element: Element) -> Element:
    """Return a copy of an element with its attributes, without children and text.

    Text of white space alone is kept.
    """
    shell = ElementTree.Element(element.tag, dict(element.attrib))
    if element.text and not element.text.strip():
        shell.text = element.text
    return shell


def _empty_copy_without_id(element: Element) -> Element:
    """Return a copy of an element without children, text and id."""
    shell = _empty_copy(element)
    shell.attrib.pop("id", None)
    return shell


def _without_tail(element: Element) -> Element:
    """Return a deep copy of an element without the text that follows it."""
    copy = deep_copy(element)
    copy.tail = None
    return copy


def _without_ids(element: Element) -> Element:
    """Return a deep copy of an element without any ids."""
    copy = deep_copy(element)
    for part in copy.iter():
        if "id" in part.attrib:
            part.attrib = {name: value for name, value in part.attrib.items() if name != "id"}
    return copy
