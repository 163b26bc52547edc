"""Track changes: two Word files of the same template become the newer one with revisions.

``w:ins`` and ``w:del`` by author and date: accepting all of them gives the new document, rejecting
them the old one. Pages are matched first, then paragraphs and tables, rows, and the characters of a
paragraph. Rows whose merged cells differ are deleted and inserted as a whole, so that the table is
valid on either side.
"""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING

from lxml import etree

from reportgen.render.docx.track_changes.alignment import (
    Xml,
    aligned,
    cells,
    overlap,
    pages,
    pages_overlap,
    rows_overlap,
    said,
)
from reportgen.render.docx.track_changes.editable_package import WordFile
from reportgen.render.docx.track_changes.run_splitting import (
    Runs,
    after_properties,
    contents,
    is_plain,
)
from reportgen.render.docx.write.wordml import NAMESPACES, R, name, w
from reportgen.text.diff import differences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


def track(old: bytes, new: bytes, *, author: str, day: date) -> bytes:
    """Return the new Word file, with its differences from the old one as tracked changes.

    Both are files of :func:`reportgen.render.docx.convert`. ``author`` and ``day`` are recorded
    with every change. The same files give the same bytes.
    """
    before, after = WordFile(old), WordFile(new)
    tracker = _Tracker(author, f"{day.isoformat()}T00:00:00Z", before, after)
    body = after.document[0]
    last = body[-1]
    blocks = tracker.body(list(before.document[0])[:-1], list(body)[:-1])
    for child in list(body):
        body.remove(child)
    body.extend([*blocks, last])
    tracker.number()
    return after.saved()


class _Tracker:
    """Builds the blocks of the tracked document."""

    def __init__(self, author: str, day: str, old: WordFile, new: WordFile) -> None:
        self._marks = {name("author"): author, name("date"): day}
        self._old, self._new = old, new

    def body(self, old: list[Xml], new: list[Xml]) -> list[Xml]:
        """Return the blocks of both documents, page by page."""
        tracked: list[Xml] = []
        for old_page, new_page in aligned(pages(old), pages(new), pages_overlap):
            tracked += self._blocks(old_page or [], new_page or [])
        return tracked

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
        tracked: list[Xml] = []
        for old_block, new_block in aligned(old, new, overlap):
            if old_block is None:
                tracked.append(self._inserted(new_block))
            elif new_block is None:
                tracked.append(self._deleted_block(old_block))
            elif old_block.tag == name("tbl"):
                tracked.append(self._table(old_block, new_block))
            else:
                self._paragraph(old_block, new_block)
                tracked.append(new_block)
        return tracked

    # Paragraphs

    def _paragraph(self, old: Xml, new: Xml) -> None:
        """Track within ``new`` how its text differs from ``old``."""
        if said(old) == said(new):
            return
        if not (is_plain(old) and is_plain(new)):
            runs = [self._adopted(copy.deepcopy(run)) for run in contents(old)]
            self._wrap_contents(new, "ins")
            index = after_properties(new)
            for run in runs:
                new.insert(index, self._deleted_run(run))
                index += 1
            return
        before, after = Runs(old), Runs(new)
        tracked: list[Xml] = []
        i = j = 0
        for piece in differences(before.text, after.text):
            if not piece.changed:
                tracked += after.cut(j, j + len(piece.new))
            else:
                if piece.old:
                    tracked.append(self._mark("del", before.cut(i, i + len(piece.old), "delText")))
                if piece.new:
                    tracked.append(self._mark("ins", after.cut(j, j + len(piece.new))))
            i, j = i + len(piece.old), j + len(piece.new)
        for run in contents(new):
            new.remove(run)
        new.extend(tracked)

    def _inserted(self, block: Xml) -> Xml:
        for paragraph in block.iter(name("p")):
            self._wrap_contents(paragraph, "ins")
            if block.tag == name("p"):
                self._mark_end(paragraph, "ins")
        self._mark_rows(block, "ins")
        return block

    def _deleted_block(self, block: Xml) -> Xml:
        block = self._adopted(copy.deepcopy(block))
        for paragraph in block.iter(name("p")):
            for run in contents(paragraph):
                index = paragraph.index(run)
                paragraph.remove(run)
                paragraph.insert(index, self._deleted_run(run))
            if block.tag == name("p"):
                self._mark_end(paragraph, "del")
        self._mark_rows(block, "del")
        return block

    def _deleted_run(self, run: Xml) -> Xml:
        for words in list(run.iter(name("t"))):
            words.tag = name("delText")
        if run.tag == name("hyperlink"):
            for inner in list(run):
                index = run.index(inner)
                run.remove(inner)
                run.insert(index, self._mark("del", [inner]))
            return run
        return self._mark("del", [run])

    def _wrap_contents(self, paragraph: Xml, kind: str) -> None:
        for run in contents(paragraph):
            if run.tag == name("hyperlink"):
                for inner in list(run):
                    index = run.index(inner)
                    run.remove(inner)
                    run.insert(index, self._mark(kind, [inner]))
            else:
                index = paragraph.index(run)
                paragraph.remove(run)
                paragraph.insert(index, self._mark(kind, [run]))

    def _mark(self, kind: str, contents: Sequence[Xml]) -> Xml:
        mark = etree.Element(name(kind), {name("id"): "0", **self._marks}, nsmap=NAMESPACES)
        mark.extend(contents)
        return mark

    def _mark_end(self, paragraph: Xml, kind: str) -> None:
        """Track the paragraph's own mark; ``w:pPr`` and ``w:rPr`` are in the schema's order."""
        properties = paragraph.find(name("pPr"))
        if properties is None:
            properties = etree.Element(name("pPr"))
            paragraph.insert(0, properties)
        of_mark = properties.find(name("rPr"))
        if of_mark is None:
            of_mark = etree.Element(name("rPr"))
            after = [properties.find(name(local)) for local in ("sectPr", "pPrChange")]
            indices = [properties.index(element) for element in after if element is not None]
            properties.insert(min(indices, default=len(properties)), of_mark)
        of_mark.insert(0, self._mark(kind, ()))

    # Tables

    def _table(self, old: Xml, new: Xml) -> Xml:
        rows = [new.findall(name("tr")), old.findall(name("tr"))]
        tracked: list[Xml] = []
        for old_row, new_row in aligned(rows[1], rows[0], rows_overlap):
            if old_row is None:
                self._row(new_row, "ins")
                tracked.append(new_row)
            elif new_row is None:
                deleted = self._adopted(copy.deepcopy(old_row))
                self._row(deleted, "del")
                tracked.append(deleted)
            else:
                for cell, twin in zip(cells(old_row), cells(new_row), strict=True):
                    self._cell(cell, twin)
                tracked.append(new_row)
        for row in rows[0]:
            new.remove(row)
        new.extend(tracked)
        return new

    def _cell(self, old: Xml, new: Xml) -> None:
        """Track the paragraphs of a cell; its last one has no mark that could be deleted."""
        if said(old) == said(new):
            return
        *before, last = old.findall(name("p"))
        *after, new_last = new.findall(name("p"))
        index = new.index((after or [new_last])[0])
        for paragraph in after:
            new.remove(paragraph)
        for number, block in enumerate(self._blocks(before, after)):
            new.insert(index + number, block)
        self._paragraph(last, new_last)

    def _row(self, row: Xml, kind: str) -> None:
        for paragraph in row.iter(name("p")):
            if kind == "ins":
                self._wrap_contents(paragraph, "ins")
            else:
                for run in contents(paragraph):
                    index = paragraph.index(run)
                    paragraph.remove(run)
                    paragraph.insert(index, self._deleted_run(run))
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
        """Return a block of the old file with its relationships, without bookmarks."""
        for element in list(block.iter()):
            if element.tag in (name("bookmarkStart"), name("bookmarkEnd"), name("sectPr")):
                element.getparent().remove(element)
                continue
            for key, value in element.attrib.items():
                if key.startswith(f"{{{R}}}"):
                    element.set(key, self._new.adopt(value, self._old))
        return block


__all__ = ["track"]
