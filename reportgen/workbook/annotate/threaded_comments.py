"""Threaded comments (Excel 365): ours is a reply by a person of our name.

Excel 365 shows the thread and not the plain comment, which older programs show and
:mod:`reportgen.workbook.annotate.comments` writes. Rules: [MS-XLSX] 2.6.202, 2.6.204.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from lxml import etree

from reportgen.workbook.annotate.cell_marks import AUTHOR, our_spans
from reportgen.workbook.annotate.opc_package import namespace_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.workbook.annotate.cell_marks import Annotation
    from reportgen.workbook.annotate.opc_package import Element, OpcPackage


def remove_replies(parts: OpcPackage, workbook: str, sheets: Iterable[str]) -> None:
    """Remove our replies from every thread, and our name from the persons if it is not used.

    ``workbook`` and ``sheets`` are the names of their parts in the package, which is changed in
    place. A reply is ours if its author is, and it begins as our lines do; a comment that begins a
    thread is always kept.
    """
    persons = parts.related(workbook, "person")
    if persons is None:
        return
    ours = {person.get("id") for person in _our_persons(parts, persons)}
    used_persons = set()
    for sheet in sheets:
        part = parts.related(sheet, "threadedComment")
        root = None if part is None else parts.tree(part)
        if part is None or root is None:
            continue
        space = namespace_of(root)
        for reply in root.findall(f"{space}threadedComment"):
            is_our_reply = reply.get("personId") in ours and reply.get("parentId")
            if is_our_reply and our_spans(reply.findtext(f"{space}text", "")):
                root.remove(reply)
                parts.mark_changed(part)
        used_persons |= {comment.get("personId") for comment in root}
    for person in _our_persons(parts, persons):
        if person.get("id") not in used_persons:
            parts.tree(persons).remove(person)
            parts.mark_changed(persons)


def add_replies(parts: OpcPackage, workbook: str, sheet: str, marks: Sequence[Annotation]) -> None:
    """Add the lines of each mark as a reply to the cell's comment thread, if it has one.

    It is dated like the latest comment of the thread: no clock is read.
    """
    part = parts.related(sheet, "threadedComment")
    persons = parts.related(workbook, "person")
    if part is None or persons is None:
        return
    root = parts.tree(part)
    space = namespace_of(root)
    mark_by_cell = {mark.cell: mark for mark in marks}
    for first_comment in root.findall(f"{space}threadedComment"):
        mark = mark_by_cell.get(first_comment.get("ref", ""))
        if mark is None or first_comment.get("parentId"):
            continue
        replies = [
            comment for comment in root if comment.get("parentId") == first_comment.get("id")
        ]
        last_comment = max([first_comment, *replies], key=list(root).index)
        reply = etree.Element(f"{space}threadedComment", ref=mark.cell)
        latest = max(comment.get("dT", "") for comment in [first_comment, *replies])
        if latest:
            reply.set("dT", latest)
        reply.set("personId", _our_person_id(parts, persons))
        reply.set("id", _guid(first_comment.get("id", "") + "".join(mark.lines)))
        reply.set("parentId", first_comment.get("id", ""))
        etree.SubElement(reply, f"{space}text").text = "\n".join(mark.lines)
        root.insert(list(root).index(last_comment) + 1, reply)
        parts.mark_changed(part)


def _our_persons(parts: OpcPackage, persons: str) -> list[Element]:
    """Return the elements of persons that have our name."""
    root = parts.tree(persons)
    return [
        person
        for person in root.findall(f"{namespace_of(root)}person")
        if (person.get("displayName"), person.get("providerId")) == (AUTHOR, "None")
    ]


def _our_person_id(parts: OpcPackage, persons: str) -> str:
    """Return the id of our person, which is added to the persons if missing."""
    our_persons = _our_persons(parts, persons)
    if not our_persons:
        root = parts.tree(persons)
        person = etree.SubElement(root, f"{namespace_of(root)}person", displayName=AUTHOR)
        person.set("id", _guid(AUTHOR))
        person.set("userId", AUTHOR)
        person.set("providerId", "None")
        parts.mark_changed(persons)
        our_persons = [person]
    return our_persons[0].get("id", "")


def _guid(text: str) -> str:
    """Return the GUID of a text, the same for the same text, as Excel writes one."""
    return f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, f'reportgen:{text}')).upper()}}}"
