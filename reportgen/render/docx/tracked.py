"""Two Word files of the same template → the newer one with the changes tracked.

``w:ins`` and ``w:del`` by author and date: whoever accepts all of them has the new document,
whoever rejects them the old one. Pages are matched first, then paragraphs and tables, rows, and
the characters of a paragraph. Rows whose merged cells differ are taken out and put in
whole, so that the table is sound on either side.
"""

from __future__ import annotations

import copy
import itertools
import posixpath
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from lxml import etree

from reportgen.differences import differences
from reportgen.render.docx.package import serialized, zipped
from reportgen.render.docx.wordml import NAMESPACES, R, name, w
from reportgen.render.docx.wordml import text as add_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

DOCUMENT: Final = "word/document.xml"
RELATIONS: Final = "word/_rels/document.xml.rels"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_ALIKE: Final = 0.5  # overlap from which two blocks, or two rows, are one that has changed
_PLAIN: Final = frozenset({name("t"), name("br"), name("rPr")})
Xml = Any  # an element of lxml


def track(old: bytes, new: bytes, *, author: str, day: date) -> bytes:
    """The new Word file, in which what differs from the old one is tracked.

    Both are files of :func:`reportgen.render.docx.convert`. ``author`` and ``day`` stand at
    every change. The same files give the same bytes.
    """
    before, after = _Package(old), _Package(new)
    tracker = _Tracker(author, f"{day.isoformat()}T00:00:00Z", before, after)
    body = after.document[0]
    last = body[-1]
    blocks = tracker.body(list(before.document[0])[:-1], list(body)[:-1])
    for child in list(body):
        body.remove(child)
    body.extend([*blocks, last])
    tracker.number()
    return after.saved()


class _Package:
    """A Word file in parts."""

    def __init__(self, content: bytes) -> None:
        with ZipFile(BytesIO(content)) as opened:
            self.parts = {each: opened.read(each) for each in opened.namelist()}
        self.document: Xml = etree.fromstring(self.parts[DOCUMENT])
        self.relations: Xml = etree.fromstring(self.parts[RELATIONS])

    def relation(self, number: str) -> Xml:
        """A relationship by its id."""
        return next(each for each in self.relations if each.get("Id") == number)

    def adopt(self, number: str, other: _Package) -> str:
        """Take a relationship of another file over, with its part; answers with its id here."""
        given = other.relation(number)
        relation = copy.deepcopy(given)
        if given.get("TargetMode") != "External":
            target = given.get("Target")
            content = other.parts[posixpath.join("word", target)]
            for known in self.relations:
                same = self.parts.get(posixpath.join("word", known.get("Target")))
                if known.get("Type") == given.get("Type") and same == content:
                    return str(known.get("Id"))
            stem, ending = posixpath.splitext(target)
            relation.set("Target", f"{stem}_old{ending}")
            self.parts[posixpath.join("word", f"{stem}_old{ending}")] = content
        made = f"old{number}"
        if all(each.get("Id") != made for each in self.relations):
            relation.set("Id", made)
            self.relations.append(relation)
        return made

    def saved(self) -> bytes:
        self.parts[DOCUMENT] = serialized(self.document)
        self.parts[RELATIONS] = serialized(self.relations)
        return zipped(self.parts)


class _Tracker:
    """Builds the blocks of the tracked document."""

    def __init__(self, author: str, day: str, old: _Package, new: _Package) -> None:
        self._marks = {name("author"): author, name("date"): day}
        self._old, self._new = old, new

    def body(self, old: list[Xml], new: list[Xml]) -> list[Xml]:
        """The blocks of both documents, page by page."""
        made: list[Xml] = []
        for one, other in _aligned(_pages(old), _pages(new), _pages_overlap, _ALIKE):
            made += self._blocks(one or [], other or [])
        return made

    def number(self) -> None:
        """Give every change and every picture its own number."""
        changes = itertools.count(1)
        pictures = itertools.count(1)
        for element in self._new.document.iter():
            if element.tag in (name("ins"), name("del")):
                element.set(name("id"), str(next(changes)))
            elif str(element.tag).endswith("}docPr"):
                element.set("id", str(next(pictures)))

    def _blocks(self, old: list[Xml], new: list[Xml]) -> list[Xml]:
        made: list[Xml] = []
        for one, other in _aligned(old, new, _overlap, _ALIKE):
            if one is None:
                made.append(self._put_in(other))
            elif other is None:
                made.append(self._taken_out(one))
            elif one.tag == name("tbl"):
                made.append(self._table(one, other))
            else:
                self._paragraph(one, other)
                made.append(other)
        return made

    # Paragraphs

    def _paragraph(self, old: Xml, new: Xml) -> None:
        """Track within ``new`` what its text differs in from ``old``."""
        if _said(old) == _said(new):
            return
        if not (_is_plain(old) and _is_plain(new)):
            runs = [self._adopted(copy.deepcopy(run)) for run in _contents(old)]
            self._wrap_contents(new, "ins")
            place = _after_properties(new)
            for run in runs:
                new.insert(place, self._deleted(run))
                place += 1
            return
        before, after = _Runs(old), _Runs(new)
        made: list[Xml] = []
        i = j = 0
        for piece in differences(before.text, after.text):
            if not piece.changed:
                made += after.cut(j, j + len(piece.new))
            else:
                if piece.old:
                    made.append(self._mark("del", before.cut(i, i + len(piece.old), "delText")))
                if piece.new:
                    made.append(self._mark("ins", after.cut(j, j + len(piece.new))))
            i, j = i + len(piece.old), j + len(piece.new)
        for run in _contents(new):
            new.remove(run)
        new.extend(made)

    def _put_in(self, block: Xml) -> Xml:
        for paragraph in block.iter(name("p")):
            self._wrap_contents(paragraph, "ins")
            if block.tag == name("p"):
                self._mark_end(paragraph, "ins")
        self._mark_rows(block, "ins")
        return block

    def _taken_out(self, block: Xml) -> Xml:
        block = self._adopted(copy.deepcopy(block))
        for paragraph in block.iter(name("p")):
            for run in _contents(paragraph):
                place = paragraph.index(run)
                paragraph.remove(run)
                paragraph.insert(place, self._deleted(run))
            if block.tag == name("p"):
                self._mark_end(paragraph, "del")
        self._mark_rows(block, "del")
        return block

    def _deleted(self, run: Xml) -> Xml:
        for words in list(run.iter(name("t"))):
            words.tag = name("delText")
        if run.tag == name("hyperlink"):
            for inner in list(run):
                place = run.index(inner)
                run.remove(inner)
                run.insert(place, self._mark("del", [inner]))
            return run
        return self._mark("del", [run])

    def _wrap_contents(self, paragraph: Xml, kind: str) -> None:
        for run in _contents(paragraph):
            if run.tag == name("hyperlink"):
                for inner in list(run):
                    place = run.index(inner)
                    run.remove(inner)
                    run.insert(place, self._mark(kind, [inner]))
            else:
                place = paragraph.index(run)
                paragraph.remove(run)
                paragraph.insert(place, self._mark(kind, [run]))

    def _mark(self, kind: str, contents: Sequence[Xml]) -> Xml:
        mark = etree.Element(name(kind), {name("id"): "0", **self._marks}, nsmap=NAMESPACES)
        mark.extend(contents)
        return mark

    def _mark_end(self, paragraph: Xml, kind: str) -> None:
        """Track the paragraph's own mark; of ``w:pPr`` and ``w:rPr`` the schema gives the order."""
        properties = paragraph.find(name("pPr"))
        if properties is None:
            properties = etree.Element(name("pPr"))
            paragraph.insert(0, properties)
        of_mark = properties.find(name("rPr"))
        if of_mark is None:
            of_mark = etree.Element(name("rPr"))
            after = [properties.find(name(each)) for each in ("sectPr", "pPrChange")]
            place = [properties.index(each) for each in after if each is not None]
            properties.insert(min(place, default=len(properties)), of_mark)
        of_mark.insert(0, self._mark(kind, ()))

    # Tables

    def _table(self, old: Xml, new: Xml) -> Xml:
        rows = [new.findall(name("tr")), old.findall(name("tr"))]
        made: list[Xml] = []
        for one, other in _aligned(rows[1], rows[0], _rows_overlap, _ALIKE):
            if one is None:
                self._row(other, "ins")
                made.append(other)
            elif other is None:
                gone = self._adopted(copy.deepcopy(one))
                self._row(gone, "del")
                made.append(gone)
            else:
                for cell, twin in zip(_cells(one), _cells(other), strict=True):
                    self._cell(cell, twin)
                made.append(other)
        for row in rows[0]:
            new.remove(row)
        new.extend(made)
        return new

    def _cell(self, old: Xml, new: Xml) -> None:
        """Paragraphs of a cell; its last one has no mark that could be taken out."""
        if _said(old) == _said(new):
            return
        *before, last = old.findall(name("p"))
        *after, new_last = new.findall(name("p"))
        place = new.index((after or [new_last])[0])
        for paragraph in after:
            new.remove(paragraph)
        for number, block in enumerate(self._blocks(before, after)):
            new.insert(place + number, block)
        self._paragraph(last, new_last)

    def _row(self, row: Xml, kind: str) -> None:
        for paragraph in row.iter(name("p")):
            if kind == "ins":
                self._wrap_contents(paragraph, "ins")
            else:
                for run in _contents(paragraph):
                    place = paragraph.index(run)
                    paragraph.remove(run)
                    paragraph.insert(place, self._deleted(run))
        self._mark_row(row, kind)

    def _mark_rows(self, block: Xml, kind: str) -> None:
        for row in block.iter(name("tr")):
            self._mark_row(row, kind)

    def _mark_row(self, row: Xml, kind: str) -> None:
        properties = row.find(name("trPr"))
        if properties is None:
            properties = etree.Element(name("trPr"))
            before = row.find(name("tblPrEx"))
            row.insert(0 if before is None else row.index(before) + 1, properties)
        if not len(properties):
            w(properties, "cantSplit", val="off")  # the schema wants a property before the mark
        properties.append(self._mark(kind, ()))

    def _adopted(self, block: Xml) -> Xml:
        """A block of the old file, with what it refers to; its places in the text are gone."""
        for element in list(block.iter()):
            if element.tag in (name("bookmarkStart"), name("bookmarkEnd"), name("sectPr")):
                element.getparent().remove(element)
                continue
            for key, value in element.attrib.items():
                if key.startswith(f"{{{R}}}"):
                    element.set(key, self._new.adopt(value, self._old))
        return block


class _Runs:
    """The text of a plain paragraph, and its runs to cut from."""

    def __init__(self, paragraph: Xml) -> None:
        self._parts: list[tuple[str, Xml | None]] = []  # text, run properties
        for run in paragraph.findall(name("r")):
            properties = run.find(name("rPr"))
            for each in run:
                if each.tag == name("t"):
                    self._parts.append((each.text or "", properties))
                elif each.tag == name("br"):
                    self._parts.append(("\n", properties))
        self.text = "".join(text for text, _ in self._parts)

    def cut(self, start: int, stop: int, local: str = "t") -> list[Xml]:
        """New runs that hold a part of the text."""
        made: list[Xml] = []
        place = 0
        for text, properties in self._parts:
            words = text[max(0, start - place) : max(0, stop - place)]
            place += len(text)
            if words:
                run = etree.Element(name("r"), nsmap=NAMESPACES)
                if properties is not None:
                    run.append(copy.deepcopy(properties))
                if words == "\n":
                    w(run, "br")
                else:
                    add_text(run, words, local)
                made.append(run)
        return made


def _pages(blocks: list[Xml]) -> list[list[Xml]]:
    """Blocks by printed page: one begins where a paragraph says so."""
    pages: list[list[Xml]] = [[]]
    for block in blocks:
        if pages[-1] and block.find(f"{name('pPr')}/{name('pageBreakBefore')}") is not None:
            pages.append([])
        pages[-1].append(block)
    return pages


def _aligned(
    old: Sequence[Xml], new: Sequence[Xml], overlap: Callable[[Xml, Xml], float], least: float
) -> Iterator[tuple[Xml | None, Xml | None]]:
    """Both sequences in order, paired so that most of what is paired is alike.

    What is only in the old one comes before what took its place in the new one.
    """
    scores = [[overlap(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] >= least else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        both = i < len(old) and j < len(new) and scores[i][j] >= least
        if both and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif i < len(old) and best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def _pages_overlap(one: list[Xml], other: list[Xml]) -> float:
    """Of their longest tables, where they have any: what stands around is on every page."""
    tables = [[_said(block) for block in page if block.tag == name("tbl")] for page in (one, other)]
    if all(tables):
        return _dice(*(max(each, key=len) for each in tables))
    return _dice(*("".join(map(_said, page)) for page in (one, other)))


def _overlap(one: Xml, other: Xml) -> float:
    """How alike two blocks are, 0 to 1; blocks of different kinds are not."""
    if one.tag != other.tag:
        return 0.0
    if one.tag == name("tbl"):
        alike = len(_grid(one)) == len(_grid(other))
        return max(_ALIKE, _dice(_said(one), _said(other))) if alike else 0.0
    styles = [each.find(f"{name('pPr')}/{name('pStyle')}") for each in (one, other)]
    same = [None if each is None else each.get(name("val")) for each in styles]
    if same[0] == same[1] and (same[0] is not None or not (_said(one) or _said(other))):
        return max(_ALIKE, _dice(_said(one), _said(other)))
    return _dice(_said(one), _said(other))


def _rows_overlap(one: Xml, other: Xml) -> float:
    if _structure(one) != _structure(other):
        return 0.0
    if one.find(f".//{name('tbl')}") is not None and _said(one) != _said(other):
        return 0.0
    return _dice(_said(one), _said(other))


def _dice(one: str, other: str) -> float:
    """The share of pairs of characters that two texts have in common."""
    if one == other:
        return 1.0
    pairs = [Counter(map("".join, itertools.pairwise(f" {text} "))) for text in (one, other)]
    common = sum((pairs[0] & pairs[1]).values())
    return 2 * common / (pairs[0].total() + pairs[1].total())


def _said(block: Xml) -> str:
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
        for cell in _cells(row)
    )


def _grid(table: Xml) -> list[Xml]:
    grid = table.find(name("tblGrid"))
    return [] if grid is None else list(grid)


def _cells(row: Xml) -> list[Xml]:
    found: list[Xml] = row.findall(name("tc"))
    return found


def _contents(paragraph: Xml) -> list[Xml]:
    """All of a paragraph but its properties and the places in it."""
    kept = (name("pPr"), name("bookmarkStart"), name("bookmarkEnd"))
    return [each for each in paragraph if each.tag not in kept]


def _is_plain(paragraph: Xml) -> bool:
    return all(
        run.tag == name("r") and all(each.tag in _PLAIN for each in run)
        for run in _contents(paragraph)
    )


def _after_properties(paragraph: Xml) -> int:
    properties = paragraph.find(name("pPr"))
    return 0 if properties is None else paragraph.index(properties) + 1


__all__ = ["track"]
