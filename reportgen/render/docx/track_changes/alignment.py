"""Alignment of two Word documents: which pages, blocks and rows correspond."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from reportgen.render.docx.write.wordml import qualified_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MIN_SIMILARITY: Final = 0.5  # from which two pages, blocks or rows count as one that has changed
Xml = Any  # an element of lxml


def split_pages(blocks: list[Xml]) -> list[list[Xml]]:
    """Return blocks by printed page: one begins at a paragraph with ``w:pageBreakBefore``."""
    pages: list[list[Xml]] = [[]]
    for block in blocks:
        if pages[-1] and _property(block, "pPr", "pageBreakBefore") is not None:
            pages.append([])
        pages[-1].append(block)
    return pages


def align(
    old: Sequence[Xml], new: Sequence[Xml], score: Callable[[Xml, Xml], float]
) -> Iterator[tuple[Xml | None, Xml | None]]:
    """Yield both sequences in order, paired so that the sum of the pairs' scores is greatest.

    ``score`` returns 0 to 1; items that score less than ``MIN_SIMILARITY`` are not paired. Unpaired
    items are (old, None) or (None, new); an old item precedes the new one that replaces it.
    """
    scores = [[score(old_item, new_item) for new_item in new] for old_item in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] >= MIN_SIMILARITY else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        both = i < len(old) and j < len(new) and scores[i][j] >= MIN_SIMILARITY
        if both and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif i < len(old) and best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def page_similarity(one: list[Xml], other: list[Xml]) -> float:
    """Return how alike the texts of two pages are, 0 to 1.

    If both have tables, their longest ones are compared alone: what stands around the tables is the
    same on every page.
    """
    tables = [
        [block_text(block) for block in page if block.tag == qualified_name("tbl")]
        for page in (one, other)
    ]
    if all(tables):
        return _dice_coefficient(*(max(text, key=len) for text in tables))
    return _dice_coefficient(*("".join(map(block_text, page)) for page in (one, other)))


def block_similarity(one: Xml, other: Xml) -> float:
    """Return how alike the texts of two blocks are, 0 to 1.

    A paragraph and a table, and tables with different numbers of columns, are 0. Other tables, and
    paragraphs of the same named style, or both empty, are at least ``MIN_SIMILARITY``.
    """
    if one.tag != other.tag:
        return 0.0
    texts = block_text(one), block_text(other)
    if one.tag == qualified_name("tbl"):
        if len(_grid_columns(one)) != len(_grid_columns(other)):
            return 0.0
        is_same_part = True
    else:
        styles = [_property(block, "pPr", "pStyle") for block in (one, other)]
        is_same_part = styles[0] == styles[1] and (styles[0] is not None or not any(texts))
    return max(MIN_SIMILARITY if is_same_part else 0.0, _dice_coefficient(*texts))


def row_similarity(one: Xml, other: Xml) -> float:
    """Return how alike the texts of two rows are, 0 to 1.

    It is 0 for rows with different cells or merges, and for a row with a table in it unless the
    texts are equal: their cells could not be tracked one by one.
    """
    if _merge_structure(one) != _merge_structure(other):
        return 0.0
    if one.find(f".//{qualified_name('tbl')}") is not None and block_text(one) != block_text(other):
        return 0.0
    return _dice_coefficient(block_text(one), block_text(other))


def _dice_coefficient(one: str, other: str) -> float:
    """Return the Dice coefficient of two texts, 0 to 1, by their pairs of adjacent characters."""
    if one == other:
        return 1.0
    pairs = [Counter(map("".join, itertools.pairwise(f" {text} "))) for text in (one, other)]
    common = sum((pairs[0] & pairs[1]).values())
    return 2 * common / (pairs[0].total() + pairs[1].total())


def block_text(block: Xml) -> str:
    """Return the text of a block, with U+FFFC and the description of each picture.

    A line break is a newline; paragraphs and cells follow each other without a mark.
    """
    tags = {qualified_name("t"): None, qualified_name("br"): "\n"}
    parts = []
    for element in block.iter():
        if element.tag in tags:
            parts.append(tags[element.tag] or element.text or "")
        elif str(element.tag).endswith("}docPr"):
            parts.append(f"\ufffc{element.get('descr', '')}")
    return "".join(parts)


def _property(element: Xml, properties: str, name: str) -> str | None:
    """Return the value of a property of an element, "" if it has none, None without the property.

    ``properties`` is the local name of the child that holds it, such as ``pPr``.
    """
    found = element.find(f"{qualified_name(properties)}/{qualified_name(name)}")
    return None if found is None else found.get(qualified_name("val"), "")


def _merge_structure(row: Xml) -> tuple[object, ...]:
    """Return (column span, vertical merge, whether it has no table) for each cell.

    Span and merge are as written, None where they are not: rows are comparable by it.
    """
    return tuple(
        (
            _property(cell, "tcPr", "gridSpan"),
            _property(cell, "tcPr", "vMerge"),
            cell.find(qualified_name("tbl")) is None,
        )
        for cell in row_cells(row)
    )


def _grid_columns(table: Xml) -> list[Xml]:
    """Return the ``w:gridCol`` elements of a table, empty if it has no grid."""
    grid = table.find(qualified_name("tblGrid"))
    return [] if grid is None else list(grid)


def row_cells(row: Xml) -> list[Xml]:
    """Return the cells of a row, without those of tables within them."""
    elements: list[Xml] = row.findall(qualified_name("tc"))
    return elements
