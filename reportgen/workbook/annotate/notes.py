"""The notes (Excel: comments) of a sheet: ours put in, and taken out again.

A cell has one note. Where the user has written one, ours follows in the same note, line by
line; its box is lengthened if need be. What the user adds to a note of ours is kept. LibreOffice
forgets authors: a note by nobody of which nothing is left but our lines is taken for ours.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.workbook.annotate import shapes
from reportgen.workbook.annotate.geometry import Grid, height_of
from reportgen.workbook.annotate.marks import AUTHOR, our_spans
from reportgen.workbook.annotate.order import insert
from reportgen.workbook.annotate.parts import plain, space_of
from reportgen.workbook.places import cell_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.workbook.annotate.marks import Mark
    from reportgen.workbook.annotate.parts import Element, Parts

MAX_NOTES: Final = 1_000  # of one sheet; more would keep Excel busy for minutes
_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


# --- taking ours out ----------------------------------------------------------------


def strip(parts: Parts, sheet: str) -> None:
    """Take our lines out of a sheet's notes, and our notes with their boxes."""
    part = parts.related(sheet, "comments")
    if part is None:
        return
    root = parts.tree(part)
    gone = []
    for comment in list(root.iter(f"{space_of(root)}comment")):
        if not _without_our_lines(comment):
            continue
        parts.touch(part)
        if _author(root, comment).strip() in {AUTHOR, ""} and not _text(comment).strip():
            gone.append(cell_place(comment.get("ref", "")))
            _remove(comment)
    _forget_author(root)
    drawing = _drawing(parts, sheet) if gone else None
    if drawing is not None:
        shown = _shapes(parts, drawing)
        for place, shape in shapes.notes(shown).items():
            if place in gone:
                _remove(shape)
        parts.touch(drawing)
        if shapes.is_empty(shown):
            _drop_drawing(parts, sheet, drawing)
    if gone and root.find(f".//{space_of(root)}comment") is None:
        parts.unrelate(sheet, part)
        parts.drop(part)


def _without_our_lines(comment: Element) -> bool:
    """Cut our lines out of a note's runs; whether there were any."""
    pieces = list(_pieces(comment))
    spans = our_spans("".join(piece.text or "" for piece in pieces))
    start = 0
    for piece in pieces:
        text = piece.text or ""
        keep = [
            char
            for place, char in enumerate(text, start)
            if not any(low <= place < high for low, high in spans)
        ]
        start += len(text)
        piece.text = "".join(keep)
        run = piece.getparent()
        if text and not keep and run is not None and run.tag == f"{space_of(comment)}r":
            _remove(run)
    return bool(spans)


def _forget_author(root: Element) -> None:
    """Take our name from the authors if it is the last and nothing is by us."""
    space = space_of(root)
    authors = root.findall(f"{space}authors/{space}author")
    last = str(len(authors) - 1)
    used = {comment.get("authorId") for comment in root.iter(f"{space}comment")}
    if authors and authors[-1].text == AUTHOR and last not in used:
        _remove(authors[-1])


def _drop_drawing(parts: Parts, sheet: str, drawing: str) -> None:
    tree = parts.tree(sheet)
    for each in tree.findall(f"{space_of(tree)}legacyDrawing"):
        tree.remove(each)
        parts.touch(sheet)
    parts.unrelate(sheet, drawing)
    parts.drop(drawing)


# --- putting ours in ----------------------------------------------------------------


def write(parts: Parts, sheet: str, marks: Sequence[Mark]) -> None:
    """A note for each mark, at most MAX_NOTES, the gravest first where there are more."""
    by_weight = sorted(marks, key=lambda mark: list(shapes.COLOURS).index(mark.severity))
    chosen = sorted(by_weight[:MAX_NOTES], key=lambda mark: (mark.row, mark.column))
    if not chosen:
        return
    comments, drawing = _comments_part(parts, sheet), _drawing_part(parts, sheet)
    root, shown = parts.tree(comments), _shapes(parts, drawing)
    parts.touch(comments)
    parts.touch(drawing)
    existing = {
        comment.get("ref", ""): comment for comment in root.iter(f"{space_of(root)}comment")
    }
    boxes, grid = shapes.notes(shown), Grid(parts.tree(sheet))
    author = _author_id(root)
    new: list[shapes.NewNote] = []
    for mark in chosen:
        comment = existing.get(mark.cell)
        if comment is None:
            _add(root, author, mark)
        else:
            _append(comment, mark)
        shape = boxes.get((mark.row, mark.column))
        if shape is None:
            box = grid.beside(mark.row, mark.column, height_of(mark.lines))
            new.append(shapes.NewNote(mark.row, mark.column, mark.severity, box))
        elif comment is not None:
            _lengthen(shape, _text(comment).split("\n"), grid)
    shapes.add(shown, new)


def _lengthen(shape: Element, lines: Sequence[str], grid: Grid) -> None:
    """Let a box hold so many lines."""
    box = shapes.box_of(shape)
    if box is not None:
        shapes.move(shape, grid.at_least(box, height_of(lines, grid.box_width(box))))


def _comments_part(parts: Parts, sheet: str) -> str:
    found = parts.related(sheet, "comments")
    if found is not None:
        return found
    part = parts.free_name("xl/comments{}.xml")
    root = etree.Element(f"{{{parts.main}}}comments", nsmap=plain(parts.main))
    etree.SubElement(root, f"{{{parts.main}}}authors")
    etree.SubElement(root, f"{{{parts.main}}}commentList")
    parts.add(part, root, _COMMENTS)
    parts.relate(sheet, f"{parts.office}/comments", part)
    return part


def _drawing(parts: Parts, sheet: str) -> str | None:
    """The sheet's legacy drawing; headers' pictures have one of their own."""
    tree = parts.tree(sheet)
    told = tree.find(f"{space_of(tree)}legacyDrawing")
    identity = None if told is None else told.get(f"{{{parts.office}}}id")
    targets = {each.id: each.target for each in parts.relations(sheet)}
    target = targets.get(identity or "", "")
    return target if target and parts.has(target) else None


def _drawing_part(parts: Parts, sheet: str) -> str:
    found = _drawing(parts, sheet)
    if found is not None:
        return found
    used: set[int] = set()
    for name in parts.names():
        if name.casefold().endswith(".vml"):
            used |= shapes.blocks(_shapes(parts, name))
    part = parts.free_name("xl/drawings/vmlDrawing{}.vml")
    parts.add(part, shapes.new(next(number for number in count(1) if number not in used)), _VML)
    tree = parts.tree(sheet)
    for dangling in tree.findall(f"{space_of(tree)}legacyDrawing"):
        tree.remove(dangling)
    told = etree.Element(f"{space_of(tree)}legacyDrawing", nsmap={"r": parts.office})
    told.set(f"{{{parts.office}}}id", parts.relate(sheet, f"{parts.office}/vmlDrawing", part))
    insert(tree, told)
    parts.touch(sheet)
    return part


def _shapes(parts: Parts, drawing: str) -> Element:
    return parts.tree_by(drawing, shapes.read)


def _author_id(root: Element) -> str:
    """The number of our name among the authors."""
    space = space_of(root)
    authors = root.find(f"{space}authors")
    if authors is None:
        authors = etree.Element(f"{space}authors")
        root.insert(0, authors)
    names = [each.text for each in authors.iterfind(f"{space}author")]
    if AUTHOR not in names:
        etree.SubElement(authors, f"{space}author").text = AUTHOR
        return str(len(names))
    return str(names.index(AUTHOR))


def _add(root: Element, author: str, mark: Mark) -> None:
    """A note at the end of the list; its order means nothing."""
    space = space_of(root)
    listed = root.find(f"{space}commentList")
    if listed is None:
        listed = etree.SubElement(root, f"{space}commentList")
    comment = etree.SubElement(listed, f"{space}comment", ref=mark.cell, authorId=author)
    text = etree.SubElement(comment, f"{space}text")
    for number, each in enumerate(mark.lines):
        _run(text, each if number == 0 else f"\n{each}")


def _append(comment: Element, mark: Mark) -> None:
    space = space_of(comment)
    text = comment.find(f"{space}text")
    if text is None:
        text = etree.SubElement(comment, f"{space}text")
    plain = text.find(f"{space}t")
    if plain is not None:  # a text alone, which has no room for others
        run = etree.Element(f"{space}r")
        text.replace(plain, run)
        run.append(plain)
    begun = bool(_text(comment))
    for number, each in enumerate(mark.lines):
        _run(text, f"\n{each}" if begun or number else each)


def _run(text: Element, content: str) -> None:
    space = space_of(text)
    after = [each for each in text if each.tag in {f"{space}rPh", f"{space}phoneticPr"}]
    run = etree.Element(f"{space}r")
    text.insert(list(text).index(after[0]) if after else len(text), run)
    look = etree.SubElement(run, f"{space}rPr")
    etree.SubElement(look, f"{space}sz", val="9")
    etree.SubElement(look, f"{space}color", indexed="81")
    etree.SubElement(look, f"{space}rFont", val="新細明體")
    etree.SubElement(look, f"{space}family", val="1")
    etree.SubElement(look, f"{space}charset", val="136")
    piece = etree.SubElement(run, f"{space}t")
    piece.set(_SPACE, "preserve")
    piece.text = content


# --- reading one --------------------------------------------------------------------


def _pieces(comment: Element) -> list[Element]:
    """The texts of a note's runs; phonetic guides are none."""
    space = space_of(comment)
    return [
        *comment.iterfind(f"{space}text/{space}t"),
        *comment.iterfind(f"{space}text/{space}r/{space}t"),
    ]


def _text(comment: Element) -> str:
    return "".join(piece.text or "" for piece in _pieces(comment))


def _author(root: Element, comment: Element) -> str:
    space = space_of(root)
    names = [each.text or "" for each in root.iterfind(f"{space}authors/{space}author")]
    number = comment.get("authorId", "")
    return names[int(number)] if number.isdecimal() and int(number) < len(names) else ""


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
