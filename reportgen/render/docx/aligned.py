"""Which parts of two Word documents belong together: pages, blocks, rows."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from reportgen.render.docx.wordml import name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ALIKE: Final = 0.5  # overlap from which two pages, blocks or rows are one that has changed
Xml = Any  # an element of lxml


def pages(blocks: list[Xml]) -> list[list[Xml]]:
    """Blocks by printed page: one begins where a paragraph says so."""
    pages: list[list[Xml]] = [[]]
    for block in blocks:
        if pages[-1] and block.find(f"{name('pPr')}/{name('pageBreakBefore')}") is not None:
            pages.append([])
        pages[-1].append(block)
    return pages


def aligned(
    old: Sequence[Xml], new: Sequence[Xml], score: Callable[[Xml, Xml], float]
) -> Iterator[tuple[Xml | None, Xml | None]]:
    """Both sequences in order, paired so that most of what is paired is alike.

    What is only in the old one comes before what took its place in the new one.
    """
    scores = [[score(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        both = i < len(old) and j < len(new) and scores[i][j] >= ALIKE
        if both and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif i < len(old) and best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def pages_overlap(one: list[Xml], other: list[Xml]) -> float:
    """Of their longest tables, where they have any: what stands around is on every page."""
    tables = [[said(block) for block in page if block.tag == name("tbl")] for page in (one, other)]
    if all(tables):
        return _dice(*(max(each, key=len) for each in tables))
    return _dice(*("".join(map(said, page)) for page in (one, other)))


def overlap(one: Xml, other: Xml) -> float:
    """How alike two blocks are, 0 to 1; blocks of different kinds are not."""
    if one.tag != other.tag:
        return 0.0
    if one.tag == name("tbl"):
        alike = len(_grid(one)) == len(_grid(other))
        return max(ALIKE, _dice(said(one), said(other))) if alike else 0.0
    styles = [each.find(f"{name('pPr')}/{name('pStyle')}") for each in (one, other)]
    same = [None if each is None else each.get(name("val")) for each in styles]
    if same[0] == same[1] and (same[0] is not None or not (said(one) or said(other))):
        return max(ALIKE, _dice(said(one), said(other)))
    return _dice(said(one), said(other))


def rows_overlap(one: Xml, other: Xml) -> float:
    """How alike two rows are, 0 to 1; rows whose cells are merged otherwise are not."""
    if _structure(one) != _structure(other):
        return 0.0
    if one.find(f".//{name('tbl')}") is not None and said(one) != said(other):
        return 0.0
    return _dice(said(one), said(other))


def _dice(one: str, other: str) -> float:
    """The share of pairs of characters that two texts have in common."""
    if one == other:
        return 1.0
    pairs = [Counter(map("".join, itertools.pairwise(f" {text} "))) for text in (one, other)]
    common = sum((pairs[0] & pairs[1]).values())
    return 2 * common / (pairs[0].total() + pairs[1].total())


def said(block: Xml) -> str:
    """What a block says: its text, and the pictures it shows."""
    tags = {name("t"): None, name("br"): "\n"}
    parts = []
    for element in block.iter():
        if element.tag in tags:
            parts.append(tags[element.tag] or element.text or "")
        elif str(element.tag).endswith("}docPr"):
            parts.append(f"\ufffc{element.get('descr', '')}")
    return "".join(parts)


def _structure(row: Xml) -> tuple[object, ...]:
    """How a row's cells are merged, and which of them hold tables."""
    return tuple(
        (
            *(
                None
                if (found := cell.find(f"{name('tcPr')}/{name(each)}")) is None
                else found.get(name("val"), "continue")
                for each in ("gridSpan", "vMerge")
            ),
            cell.find(name("tbl")) is None,
        )
        for cell in cells(row)
    )


def _grid(table: Xml) -> list[Xml]:
    grid = table.find(name("tblGrid"))
    return [] if grid is None else list(grid)


def cells(row: Xml) -> list[Xml]:
    """The cells of a row."""
    found: list[Xml] = row.findall(name("tc"))
    return found
