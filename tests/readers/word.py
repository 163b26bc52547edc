"""A Word file → its pages, as far as its own page breaks tell them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from reportgen.render.verify.output_text import NAVIGATION_STYLE
from tests.readers import Cell, PageContent, Table, squeeze

if TYPE_CHECKING:
    from pathlib import Path

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_pages(path: Path) -> tuple[PageContent, ...]:
    """Every page from one page break to the next; headers and footers are left out."""
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
    pages: list[list[etree._Element]] = [[]]
    for block in body:
        if block.tag == f"{W}p" and block.find(f"{W}pPr/{W}pageBreakBefore") is not None:
            pages.append([])
        pages[-1].append(block)
    return tuple(
        PageContent(
            squeeze("".join(map(_text, blocks))),
            tuple(_table(block) for block in blocks if block.tag == f"{W}tbl"),
        )
        for blocks in pages
    )


def column_widths(path: Path) -> tuple[tuple[float, ...], ...]:
    """The grid of each table, in millimetres."""
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
    return tuple(
        tuple(int(column.attrib[f"{W}w"]) / 20 * 25.4 / 72 for column in grid)
        for grid in body.iter(f"{W}tblGrid")
    )


def _text(element: etree._Element) -> str:
    parts = []
    for each in element.iter(f"{W}t", f"{W}br", f"{W}p"):
        if _is_of_navigation_pane(each):
            continue
        parts.append(each.text or "" if each.tag == f"{W}t" else "\n")
    return "".join(parts)


def _is_of_navigation_pane(element: etree._Element) -> bool:
    """Whether it stands in a paragraph that only the navigation pane shows."""
    paragraph = next(element.iterancestors(f"{W}p"), element)
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style is not None and style.get(f"{W}val") == NAVIGATION_STYLE


def _table(table: etree._Element) -> Table:
    """Rows of cells; a cell that goes on from above is counted into the one where it began."""
    rows: list[list[list[object]]] = []
    open_cells: dict[int, list[object]] = {}  # column → [text, rows, columns]
    for row in table.findall(f"{W}tr"):
        cells: list[list[object]] = []
        column = 0
        for cell in row.findall(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = 1 if span is None else int(span.attrib[f"{W}val"])
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart":
                open_cells[column][1] = int(str(open_cells[column][1])) + 1
                assert squeeze(_text(cell)) == ""
            else:
                entry: list[object] = [squeeze(_text(cell)), 1, width]
                cells.append(entry)
                open_cells[column] = entry
            column += width
        rows.append(cells)
    return tuple(
        tuple(Cell(str(text), int(str(high)), int(str(wide))) for text, high, wide in row)
        for row in rows
    )
