"""Rows and cells of an .ods by number: those that stand repeated are separated where needed."""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from reportgen.workbook.reading.opendocument.ods_sheet import MAX_REPEAT_COUNT
from reportgen.workbook.reading.opendocument.repeat_counts import parse_repeat_count
from reportgen.workbook.reading.opendocument.xml_names import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Xml = Any  # an element of lxml

ROW, CELL = f"{TABLE}table-row", f"{TABLE}table-cell"
COVERED_CELL: Final = f"{TABLE}covered-table-cell"
_ROW_GROUPS: Final = frozenset(
    f"{TABLE}table-{name}" for name in ("row-group", "rows", "header-rows")
)


def table_rows(table: Xml) -> Iterator[Xml]:
    """Yield the rows of a table, those in groups included."""
    for element in table:
        if element.tag == ROW:
            yield element
        elif element.tag in _ROW_GROUPS:
            yield from table_rows(element)


def rows_by_number(table: Xml, numbers: Iterable[int]) -> dict[int, Xml]:
    """Return rows of a table by number, each separated from the run that it is repeated in."""
    return _split_repeats(table, list(table_rows(table)), numbers, ROW)


def cells_by_number(row: Xml, numbers: Iterable[int]) -> dict[int, Xml]:
    """Return cells of a row by column, each separated from the run that it is repeated in."""
    cells = [cell for cell in row if cell.tag in {CELL, COVERED_CELL}]
    return _split_repeats(row, cells, numbers, CELL)


def _split_repeats(
    parent: Xml, elements: Sequence[Xml], numbers: Iterable[int], tag: str
) -> dict[int, Xml]:
    """Return rows, or cells, by number, each separated from the run that it is repeated in.

    Numbers count from 1; rows or cells that are missing at the end are added.
    """
    kind = "rows" if tag == ROW else "columns"
    repeated = f"{TABLE}number-{kind}-repeated"
    pending, elements_by_number, first = deque(sorted(numbers)), {}, 1
    for element in elements:
        last = first + parse_repeat_count(element.get(repeated), MAX_REPEAT_COUNT) - 1
        while pending and pending[0] <= last:
            number = pending.popleft()
            if number > first:
                _copy_before(element, repeated, number - first)
            element_of_number = element if number == last else _copy_before(element, repeated, 1)
            _set_repeat(element_of_number, repeated, 1)
            elements_by_number[number] = element_of_number
            first = number + 1
            if number < last:
                _set_repeat(element, repeated, last - number)
        first = last + 1
    last_element = elements[-1] if elements else None
    for number in pending:
        if number > first:
            last_element = _add_after(last_element, parent, tag)
            _set_repeat(last_element, repeated, number - first)
        last_element = elements_by_number[number] = _add_after(last_element, parent, tag)
        first = number + 1
    return elements_by_number


def _add_after(element: Xml, parent: Xml, tag: str) -> Xml:
    """Return a new element after another; at the end of the parent without one.

    What follows the rows of a table, such as its conditional formats, stays behind them.
    """
    if element is None:
        return etree.SubElement(parent, tag)
    added = etree.Element(tag)
    element.addnext(added)
    return added


def _copy_before(element: Xml, repeated: str, times: int) -> Xml:
    """Insert a copy of an element before it, with a repeat count; return the copy."""
    copy = deepcopy(element)
    _set_repeat(copy, repeated, times)
    element.addprevious(copy)
    return copy


def _set_repeat(element: Xml, repeated: str, times: int) -> None:
    """State a repeat count; 1 is not stated, so that the same cells have the same XML."""
    if times == 1:
        element.attrib.pop(repeated, None)
    else:
        element.set(repeated, str(times))
