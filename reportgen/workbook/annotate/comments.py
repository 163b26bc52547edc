"""The comments (Excel: notes) of a sheet: ours added, and removed again.

A cell has one comment. If the user has written one, ours is appended to it, line by line; its
box is lengthened if need be. What the user adds to a comment of ours is kept. LibreOffice
drops authors: a comment without author that holds only lines of ours is taken for ours.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.workbook.annotate import vml_shapes
from reportgen.workbook.annotate.cell_marks import AUTHOR, our_spans
from reportgen.workbook.annotate.comment_anchor import SheetGrid, text_height
from reportgen.workbook.annotate.opc_package import default_namespace, namespace_of
from reportgen.workbook.annotate.schema_order import insert_in_schema_order
from reportgen.workbook.schema.cell_refs import parse_cell_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.workbook.annotate.cell_marks import Annotation
    from reportgen.workbook.annotate.opc_package import Element, OpcPackage

MAX_SHEET_COMMENTS: Final = 1_000  # of one sheet; more would keep Excel busy for minutes
_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


# --- removal ------------------------------------------------------------------------


def remove_comments(parts: OpcPackage, sheet: str) -> None:
    """Remove our lines from a sheet's comments, and our comments with their boxes.

    A comment is ours if nothing else is left and its author is AUTHOR or nobody. The parts of
    comments and boxes are dropped if they are empty then.
    """
    part = parts.related(sheet, "comments")
    if part is None:
        return
    root = parts.tree(part)
    removed = []
    for comment in list(root.iter(f"{namespace_of(root)}comment")):
        if not _without_our_lines(comment):
            continue
        parts.mark_changed(part)
        if _author(root, comment).strip() in {AUTHOR, ""} and not _comment_text(comment).strip():
            removed.append(parse_cell_name(comment.get("ref", "")))
            _remove_from_parent(comment)
    _remove_our_author(root)
    drawing = _drawing(parts, sheet) if removed else None
    if drawing is not None:
        shapes_root = _drawing_root(parts, drawing)
        for cell, shape in vml_shapes.comment_shapes(shapes_root).items():
            if cell in removed:
                _remove_from_parent(shape)
        parts.mark_changed(drawing)
        if vml_shapes.is_empty(shapes_root):
            _drop_drawing(parts, sheet, drawing)
    if removed and root.find(f".//{namespace_of(root)}comment") is None:
        parts.remove_relations(sheet, part)
        parts.drop(part)


def _without_our_lines(comment: Element) -> bool:
    """Remove our lines from a comment's runs; return whether there were any."""
    pieces = list(_text_elements(comment))
    spans = our_spans("".join(piece.text or "" for piece in pieces))
    start = 0
    for piece in pieces:
        text = piece.text or ""
        kept_characters = [
            char
            for position, char in enumerate(text, start)
            if not any(low <= position < high for low, high in spans)
        ]
        start += len(text)
        piece.text = "".join(kept_characters)
        run = piece.getparent()
        if (
            text
            and not kept_characters
            and run is not None
            and run.tag == f"{namespace_of(comment)}r"
        ):
            _remove_from_parent(run)
    return bool(spans)


def _remove_our_author(root: Element) -> None:
    """Remove our name from the authors if it is the last and no comment is by us."""
    space = namespace_of(root)
    authors = root.findall(f"{space}authors/{space}author")
    last = str(len(authors) - 1)
    used = {comment.get("authorId") for comment in root.iter(f"{space}comment")}
    if authors and authors[-1].text == AUTHOR and last not in used:
        _remove_from_parent(authors[-1])


def _drop_drawing(parts: OpcPackage, sheet: str, drawing: str) -> None:
    """Remove the legacy drawing of a sheet, with the references and relations to it."""
    tree = parts.tree(sheet)
    for reference in tree.findall(f"{namespace_of(tree)}legacyDrawing"):
        tree.remove(reference)
        parts.mark_changed(sheet)
    parts.remove_relations(sheet, drawing)
    parts.drop(drawing)


# --- insertion ----------------------------------------------------------------------


def add_comments(parts: OpcPackage, sheet: str, marks: Sequence[Annotation]) -> None:
    """Add a comment for each mark, or its lines to the comment that the cell has.

    Of more than MAX_SHEET_COMMENTS marks the worst are taken. Missing parts and boxes are added;
    the box of an existing comment is lengthened.
    """
    by_severity = sorted(marks, key=lambda mark: list(vml_shapes.BOX_COLORS).index(mark.severity))
    chosen = sorted(by_severity[:MAX_SHEET_COMMENTS], key=lambda mark: (mark.row, mark.column))
    if not chosen:
        return
    comments, drawing = _comments_part(parts, sheet), _drawing_part(parts, sheet)
    root, shapes_root = parts.tree(comments), _drawing_root(parts, drawing)
    parts.mark_changed(comments)
    parts.mark_changed(drawing)
    existing = {
        comment.get("ref", ""): comment for comment in root.iter(f"{namespace_of(root)}comment")
    }
    boxes, grid = vml_shapes.comment_shapes(shapes_root), SheetGrid(parts.tree(sheet))
    author = _author_id(root)
    new_notes: list[vml_shapes.NewNote] = []
    for mark in chosen:
        comment = existing.get(mark.cell)
        if comment is None:
            _add_comment(root, author, mark)
        else:
            _append_lines(comment, mark)
        shape = boxes.get((mark.row, mark.column))
        if shape is None:
            box = grid.box_beside(mark.row, mark.column, text_height(mark.lines))
            new_notes.append(vml_shapes.NewNote(mark.row, mark.column, mark.severity, box))
        elif comment is not None:
            _lengthen_box(shape, _comment_text(comment).split("\n"), grid)
    vml_shapes.add_boxes(shapes_root, new_notes)


def _lengthen_box(shape: Element, lines: Sequence[str], grid: SheetGrid) -> None:
    """Lengthen a comment's box so that it holds these lines; one without a position is left."""
    box = vml_shapes.box_of(shape)
    if box is not None:
        vml_shapes.set_box(shape, grid.lengthened(box, text_height(lines, grid.box_width(box))))


def _comments_part(parts: OpcPackage, sheet: str) -> str:
    """Return the name of the part with the comments of a sheet, which is added if missing."""
    existing = parts.related(sheet, "comments")
    if existing is not None:
        return existing
    part = parts.free_name("xl/comments{}.xml")
    root = etree.Element(f"{{{parts.main}}}comments", nsmap=default_namespace(parts.main))
    etree.SubElement(root, f"{{{parts.main}}}authors")
    etree.SubElement(root, f"{{{parts.main}}}commentList")
    parts.add(part, root, _COMMENTS)
    parts.add_relation(sheet, f"{parts.office}/comments", part)
    return part


def _drawing(parts: OpcPackage, sheet: str) -> str | None:
    """Return the name of the sheet's legacy drawing, or None if it has none.

    It is the one that ``legacyDrawing`` refers to: headers' pictures have one of their own.
    """
    tree = parts.tree(sheet)
    reference = tree.find(f"{namespace_of(tree)}legacyDrawing")
    identity = None if reference is None else reference.get(f"{{{parts.office}}}id")
    targets = {relation.id: relation.target for relation in parts.relations(sheet)}
    target = targets.get(identity or "", "")
    return target if target and parts.has(target) else None


def _drawing_part(parts: OpcPackage, sheet: str) -> str:
    """Return the name of the legacy drawing of a sheet, which is added if missing.

    A new one gets a block of ids that no other drawing of the package claims.
    """
    existing = _drawing(parts, sheet)
    if existing is not None:
        return existing
    used_blocks: set[int] = set()
    for name in parts.names():
        if name.casefold().endswith(".vml"):
            used_blocks |= vml_shapes.claimed_id_blocks(_drawing_root(parts, name))
    part = parts.free_name("xl/drawings/vmlDrawing{}.vml")
    parts.add(
        part,
        vml_shapes.new_drawing(next(number for number in count(1) if number not in used_blocks)),
        _VML,
    )
    tree = parts.tree(sheet)
    for dangling in tree.findall(f"{namespace_of(tree)}legacyDrawing"):
        tree.remove(dangling)
    reference = etree.Element(f"{namespace_of(tree)}legacyDrawing", nsmap={"r": parts.office})
    reference.set(
        f"{{{parts.office}}}id", parts.add_relation(sheet, f"{parts.office}/vmlDrawing", part)
    )
    insert_in_schema_order(tree, reference)
    parts.mark_changed(sheet)
    return part


def _drawing_root(parts: OpcPackage, drawing: str) -> Element:
    """Return the root of a legacy drawing, whose children are the boxes of the comments."""
    return parts.tree_by(drawing, vml_shapes.parse_drawing)


def _author_id(root: Element) -> str:
    """Return the number of our name among the authors, to which it is added if missing."""
    space = namespace_of(root)
    authors = root.find(f"{space}authors")
    if authors is None:
        authors = etree.Element(f"{space}authors")
        root.insert(0, authors)
    names = [author.text for author in authors.iterfind(f"{space}author")]
    if AUTHOR not in names:
        etree.SubElement(authors, f"{space}author").text = AUTHOR
        return str(len(names))
    return str(names.index(AUTHOR))


def _add_comment(root: Element, author: str, mark: Annotation) -> None:
    """Add a comment at the end of the list, whose order is irrelevant."""
    space = namespace_of(root)
    comment_list = root.find(f"{space}commentList")
    if comment_list is None:
        comment_list = etree.SubElement(root, f"{space}commentList")
    comment = etree.SubElement(comment_list, f"{space}comment", ref=mark.cell, authorId=author)
    text = etree.SubElement(comment, f"{space}text")
    for number, line in enumerate(mark.lines):
        _add_run(text, line if number == 0 else f"\n{line}")


def _append_lines(comment: Element, mark: Annotation) -> None:
    """Append the lines of a mark to a comment as runs; its plain text becomes a run."""
    space = namespace_of(comment)
    text = comment.find(f"{space}text")
    if text is None:
        text = etree.SubElement(comment, f"{space}text")
    plain_text = text.find(f"{space}t")
    if plain_text is not None:  # a plain text; only runs can stand beside each other
        run = etree.Element(f"{space}r")
        text.replace(plain_text, run)
        run.append(plain_text)
    has_text = bool(_comment_text(comment))
    for number, line in enumerate(mark.lines):
        _add_run(text, f"\n{line}" if has_text or number else line)


def _add_run(text: Element, content: str) -> None:
    """Add a run in Excel's own font of comments, before phonetic guides."""
    space = namespace_of(text)
    phonetic = [child for child in text if child.tag in {f"{space}rPh", f"{space}phoneticPr"}]
    run = etree.Element(f"{space}r")
    text.insert(list(text).index(phonetic[0]) if phonetic else len(text), run)
    properties = etree.SubElement(run, f"{space}rPr")
    etree.SubElement(properties, f"{space}sz", val="9")
    etree.SubElement(properties, f"{space}color", indexed="81")
    etree.SubElement(properties, f"{space}rFont", val="新細明體")
    etree.SubElement(properties, f"{space}family", val="1")
    etree.SubElement(properties, f"{space}charset", val="136")
    text_element = etree.SubElement(run, f"{space}t")
    text_element.set(_SPACE, "preserve")
    text_element.text = content


# --- contents of a comment ----------------------------------------------------------


def _text_elements(comment: Element) -> list[Element]:
    """Return the text elements of a comment, without phonetic guides."""
    space = namespace_of(comment)
    return [
        *comment.iterfind(f"{space}text/{space}t"),
        *comment.iterfind(f"{space}text/{space}r/{space}t"),
    ]


def _comment_text(comment: Element) -> str:
    """Return the text of a comment, its runs joined, without phonetic guides."""
    return "".join(piece.text or "" for piece in _text_elements(comment))


def _author(root: Element, comment: Element) -> str:
    """Return the name of a comment's author, or an empty string."""
    space = namespace_of(root)
    names = [author.text or "" for author in root.iterfind(f"{space}authors/{space}author")]
    number = comment.get("authorId", "")
    return names[int(number)] if number.isdecimal() and int(number) < len(names) else ""


def _remove_from_parent(element: Element) -> None:
    """Remove an element from its parent; one without a parent is left."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
