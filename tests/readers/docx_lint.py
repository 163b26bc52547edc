"""What Word refuses or misreads and no validator sees: an empty answer is a sound file."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def lint(docx: bytes) -> list[str]:
    """Every finding, as text."""
    with ZipFile(BytesIO(docx)) as archive:
        parts = {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.startswith("word/") and name.endswith(".xml")
        }
    styles = {style.get(f"{W}styleId") for style in parts["word/styles.xml"].iter(f"{W}style")}
    named = Counter(
        (name.get(f"{W}val") or "").lower() for name in parts["word/styles.xml"].iter(f"{W}name")
    )
    numbers = {num.get(f"{W}numId") for num in parts["word/numbering.xml"].iter(f"{W}num")}
    ids = Counter(shape.get("id") for root in parts.values() for shape in root.iter(f"{WP}docPr"))
    marks = Counter(
        mark.get(f"{W}id") for root in parts.values() for mark in root.iter(f"{W}bookmarkStart")
    )
    found = [f"docPr {id_} is used {times} times" for id_, times in ids.items() if times > 1]
    found += [f"bookmark {id_} is used {times} times" for id_, times in marks.items() if times > 1]
    found += [f"{times} styles are called {name}" for name, times in named.items() if times > 1]
    taken = Counter(s.get(f"{W}styleId") for s in parts["word/styles.xml"].iter(f"{W}style"))
    found += [f"{times} styles have the id {id_}" for id_, times in taken.items() if times > 1]
    for name, root in parts.items():
        said = [*_unknown(root, styles, numbers), *_fields(root)]
        said += [text for table in root.iter(f"{W}tbl") for text in _table(table)]
        found += [f"{name}: {text}" for text in said]
    return found


def _unknown(
    root: etree._Element, styles: set[str | None], numbers: set[str | None]
) -> Iterator[str]:
    for tag, known in (("pStyle", styles), ("basedOn", styles), ("numId", numbers)):
        for element in root.iter(f"{W}{tag}"):
            if element.get(f"{W}val") not in known:
                yield f"{tag} {element.get(f'{W}val')} does not exist"


def _fields(root: etree._Element) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        steps = [char.get(f"{W}fldCharType") for char in paragraph.iter(f"{W}fldChar")]
        if steps != ["begin", "separate", "end"] * (len(steps) // 3):
            yield f"unbalanced field: {steps}"


def _table(table: etree._Element) -> Iterator[str]:
    columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    open_: dict[int, int] = {}  # columns in which a merge may go on → how wide
    for row in table.findall(f"{W}tr"):
        column, goes_on = 0, {}
        for cell in row.findall(f"{W}tc"):
            if cell[-1].tag != f"{W}p":
                yield "a cell does not end with a paragraph"
            span_ = cell.find(f"{W}tcPr/{W}gridSpan")
            span = int(span_.get(f"{W}val", "1")) if span_ is not None else 1
            if span < 1:
                yield f"gridSpan {span}"
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None:
                goes_on[column] = span
                if merge.get(f"{W}val") != "restart" and open_.get(column) != span:
                    yield f"vMerge without a beginning in column {column}"
            column += span
        if column != columns:
            yield f"a row of {column} columns in a grid of {columns}"
        open_ = goes_on
