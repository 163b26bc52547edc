"""Track changes: two Word files of the same template become the newer one with revisions.

``w:ins`` and ``w:del`` by author and date: accepting all of them gives the new document, rejecting
them the old one. Pages are matched first, then paragraphs and tables, rows, and the characters of a
paragraph. Rows whose merged cells differ are deleted and inserted as a whole, so that the table is
valid on either side.
"""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.render.docx.track_changes.alignment import (
    Xml,
    align,
    block_similarity,
    block_text,
    page_similarity,
    row_cells,
    row_similarity,
    split_pages,
)
from reportgen.render.docx.track_changes.editable_package import EditablePackage
from reportgen.render.docx.track_changes.run_splitting import (
    TextRuns,
    content_elements,
    content_index,
    is_plain,
)
from reportgen.render.docx.write.wordml import (
    NAMESPACES,
    RELATIONSHIP_NS,
    add_child,
    qualified_name,
)
from reportgen.text.diff import diff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_NOT_ADOPTED: Final = frozenset(map(qualified_name, ("bookmarkStart", "bookmarkEnd", "sectPr")))


def track_changes(old: bytes, new: bytes, *, author: str, day: date) -> bytes:
    """Return the new Word file, with its differences from the old one as tracked changes.

    Both are files of :func:`reportgen.render.docx.convert`. ``author`` and ``day`` are recorded
    with every change. The same files give the same bytes. Changes of text, rows and blocks are
    tracked; changes of formatting, page setup, headers and footers are the new file's, untracked.
    """
    before, after = EditablePackage(old), EditablePackage(new)
    tracker = _Tracker(author, f"{day.isoformat()}T00:00:00Z", before, after)
    body = after.document[0]
    last = body[-1]
    blocks = tracker.track_body(list(before.document[0])[:-1], list(body)[:-1])
    for child in list(body):
        body.remove(child)
    body.extend([*blocks, last])
    tracker.assign_ids()
    return after.save()


class _Tracker:
    """Builds the blocks of the tracked document."""

    def __init__(self, author: str, day: str, old: EditablePackage, new: EditablePackage) -> None:
        self._marks = {qualified_name("author"): author, qualified_name("date"): day}
        self._old, self._new = old, new

    def track_body(self, old: list[Xml], new: list[Xml]) -> list[Xml]:
        """Return the blocks of both documents with their changes tracked, page by page.

        Those of ``new`` are changed in place; deleted ones are copies.
        """
        tracked: list[Xml] = []
        for old_page, new_page in align(split_pages(old), split_pages(new), page_similarity):
            tracked += self._track_blocks(old_page or [], new_page or [])
        return tracked

    def assign_ids(self) -> None:
        """Give every change and every picture in the new document an id of its own, from 1.

        Ids are set in place, in document order; changes and pictures are counted separately.
        """
        changes = itertools.count(1)
        pictures = itertools.count(1)
        for element in self._new.document.iter():
            if element.tag in (qualified_name("ins"), qualified_name("del")):
                element.set(qualified_name("id"), str(next(changes)))
            elif str(element.tag).endswith("}docPr"):
                element.set("id", str(next(pictures)))

    def _track_blocks(self, old: list[Xml], new: list[Xml]) -> list[Xml]:
        """Return the aligned blocks of both documents with their changes tracked.

        Those of ``new`` are changed in place; deleted ones are copies.
        """
        tracked: list[Xml] = []
        for old_block, new_block in align(old, new, block_similarity):
            if old_block is None:
                tracked.append(self._mark_block(new_block, "ins"))
            elif new_block is None:
                tracked.append(self._mark_block(self._adopt(copy.deepcopy(old_block)), "del"))
            elif old_block.tag == qualified_name("tbl"):
                tracked.append(self._track_table(old_block, new_block))
            else:
                self._track_paragraph(old_block, new_block)
                tracked.append(new_block)
        return tracked

    # Paragraphs

    def _track_paragraph(self, old: Xml, new: Xml) -> None:
        """Track, in place, how the text of ``new`` differs from ``old``; no change if it is equal.

        If either holds more than text, all its content is replaced: deleted, then inserted.
        """
        if block_text(old) == block_text(new):
            return
        if not (is_plain(old) and is_plain(new)):
            deleted = self._adopt(copy.deepcopy(old))
            self._mark_contents(deleted, "del")
            self._mark_contents(new, "ins")
            index = content_index(new)
            new[index:index] = content_elements(deleted)
            return
        before, after = TextRuns(old), TextRuns(new)
        tracked: list[Xml] = []
        i = j = 0
        for piece in diff(before.text, after.text):
            if not piece.changed:
                tracked += after.slice(j, j + len(piece.new))
            else:
                if piece.old:
                    tracked.append(
                        self._change_element("del", before.slice(i, i + len(piece.old), "delText"))
                    )
                if piece.new:
                    tracked.append(self._change_element("ins", after.slice(j, j + len(piece.new))))
            i, j = i + len(piece.old), j + len(piece.new)
        for run in content_elements(new):
            new.remove(run)
        new.extend(tracked)

    def _mark_block(self, block: Xml, kind: str) -> Xml:
        """Mark a block or a row, in place, as inserted ("ins") or deleted ("del"), and return it.

        These are its contents, its rows and, of a paragraph, its end.
        """
        for paragraph in block.iter(qualified_name("p")):
            self._mark_contents(paragraph, kind)
        if block.tag == qualified_name("p"):
            self._mark_end(block, kind)
        for row in block.iter(qualified_name("tr")):
            self._mark_row(row, kind)
        return block

    def _mark_contents(self, paragraph: Xml, kind: str) -> None:
        """Put each run of a paragraph, in place, into its own ``w:ins`` or ``w:del`` (``kind``).

        Runs of a hyperlink are wrapped within it. Deleted text becomes ``w:delText``.
        """
        if kind == "del":
            for text in list(paragraph.iter(qualified_name("t"))):
                text.tag = qualified_name("delText")
        for element in content_elements(paragraph):
            is_link = element.tag == qualified_name("hyperlink")
            for run in list(element) if is_link else [element]:
                mark = self._change_element(kind, ())
                run.getparent().replace(run, mark)
                mark.append(run)

    def _change_element(self, kind: str, contents: Sequence[Xml]) -> Xml:
        """Return ``w:ins`` or ``w:del`` (``kind``) with author, date and contents.

        Its id is 0 until all changes are numbered.
        """
        mark = etree.Element(
            qualified_name(kind), {qualified_name("id"): "0", **self._marks}, nsmap=NAMESPACES
        )
        mark.extend(contents)
        return mark

    def _mark_end(self, paragraph: Xml, kind: str) -> None:
        """Mark the end of a paragraph as inserted or deleted (``kind``).

        ``w:pPr`` and ``w:rPr`` are added where missing, in the schema's order.
        """
        properties = paragraph.find(qualified_name("pPr"))
        if properties is None:
            properties = etree.Element(qualified_name("pPr"))
            paragraph.insert(0, properties)
        of_mark = properties.find(qualified_name("rPr"))
        if of_mark is None:
            of_mark = etree.Element(qualified_name("rPr"))
            after = [properties.find(qualified_name(local)) for local in ("sectPr", "pPrChange")]
            indices = [properties.index(element) for element in after if element is not None]
            properties.insert(min(indices, default=len(properties)), of_mark)
        of_mark.insert(0, self._change_element(kind, ()))

    # Tables

    def _track_table(self, old: Xml, new: Xml) -> Xml:
        """Track, in place, how the rows and cells of ``new`` differ from ``old``, and return it."""
        rows = [new.findall(qualified_name("tr")), old.findall(qualified_name("tr"))]
        tracked: list[Xml] = []
        for old_row, new_row in align(rows[1], rows[0], row_similarity):
            if old_row is None:
                tracked.append(self._mark_block(new_row, "ins"))
            elif new_row is None:
                tracked.append(self._mark_block(self._adopt(copy.deepcopy(old_row)), "del"))
            else:
                for cell, twin in zip(row_cells(old_row), row_cells(new_row), strict=True):
                    self._track_cell(cell, twin)
                tracked.append(new_row)
        for row in rows[0]:
            new.remove(row)
        new.extend(tracked)
        return new

    def _track_cell(self, old: Xml, new: Xml) -> None:
        """Track, in place, how the paragraphs of a cell differ from ``old``.

        The last ones are compared with each other: a cell's last paragraph mark cannot be deleted.
        """
        if block_text(old) == block_text(new):
            return
        *before, last = old.findall(qualified_name("p"))
        *after, new_last = new.findall(qualified_name("p"))
        index = new.index((after or [new_last])[0])
        for paragraph in after:
            new.remove(paragraph)
        for number, block in enumerate(self._track_blocks(before, after)):
            new.insert(index + number, block)
        self._track_paragraph(last, new_last)

    def _mark_row(self, row: Xml, kind: str) -> None:
        """Mark a row as inserted or deleted (``kind``), without its contents."""
        properties = row.find(qualified_name("trPr"))
        if properties is None:
            properties = etree.Element(qualified_name("trPr"))
            before = row.find(qualified_name("tblPrEx"))
            row.insert(0 if before is None else row.index(before) + 1, properties)
        if not len(properties):
            # The schema wants a property before the mark.
            add_child(properties, "cantSplit", val="off")
        properties.append(self._change_element(kind, ()))

    def _adopt(self, block: Xml) -> Xml:
        """Import what a copied old block refers to into the new file, and return the block.

        Its ids of relationships are changed in place; bookmarks and section properties are removed.
        """
        for element in list(block.iter()):
            if element.tag in _NOT_ADOPTED:
                element.getparent().remove(element)
                continue
            for key, value in element.attrib.items():
                if key.startswith(f"{{{RELATIONSHIP_NS}}}"):
                    element.set(key, self._new.import_relationship(value, self._old))
        return block
