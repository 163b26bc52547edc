"""Threads (Excel 365: comments with replies): ours is a reply by a person of our name.

Excel 365 shows the thread and not the note that stands beside it for older programs, which
:mod:`reportgen.workbook.annotate.notes` writes. Rules: [MS-XLSX] 2.6.202, 2.6.204.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from lxml import etree

from reportgen.workbook.annotate.marks import AUTHOR, our_spans
from reportgen.workbook.annotate.parts import space_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.workbook.annotate.marks import Mark
    from reportgen.workbook.annotate.parts import Element, Parts


def strip(parts: Parts, workbook: str, sheets: Iterable[str]) -> None:
    """Take our replies out of every thread, and our name from the persons."""
    persons = parts.related(workbook, "person")
    if persons is None:
        return
    ours = {each.get("id") for each in _our_persons(parts, persons)}
    used = set()
    for sheet in sheets:
        part = parts.related(sheet, "threadedComment")
        root = None if part is None else parts.tree(part)
        if part is None or root is None:
            continue
        space = space_of(root)
        for reply in root.findall(f"{space}threadedComment"):
            by_us = reply.get("personId") in ours and reply.get("parentId")
            if by_us and our_spans(reply.findtext(f"{space}text", "")):
                root.remove(reply)
                parts.touch(part)
        used |= {each.get("personId") for each in root}
    for person in _our_persons(parts, persons):
        if person.get("id") not in used:
            parts.tree(persons).remove(person)
            parts.touch(persons)


def write(parts: Parts, workbook: str, sheet: str, marks: Sequence[Mark]) -> None:
    """A reply in the thread of each marked cell that has one."""
    part = parts.related(sheet, "threadedComment")
    persons = parts.related(workbook, "person")
    if part is None or persons is None:
        return
    root = parts.tree(part)
    space = space_of(root)
    marked = {mark.cell: mark for mark in marks}
    for first in root.findall(f"{space}threadedComment"):
        mark = marked.get(first.get("ref", ""))
        if mark is None or first.get("parentId"):
            continue
        replies = [each for each in root if each.get("parentId") == first.get("id")]
        last = max([first, *replies], key=list(root).index)
        reply = etree.Element(f"{space}threadedComment", ref=mark.cell)
        latest = max(each.get("dT", "") for each in [first, *replies])
        if latest:
            reply.set("dT", latest)
        reply.set("personId", _person(parts, persons))
        reply.set("id", _identity(first.get("id", "") + "".join(mark.lines)))
        reply.set("parentId", first.get("id", ""))
        etree.SubElement(reply, f"{space}text").text = "\n".join(mark.lines)
        root.insert(list(root).index(last) + 1, reply)
        parts.touch(part)


def _our_persons(parts: Parts, persons: str) -> list[Element]:
    root = parts.tree(persons)
    return [
        each
        for each in root.findall(f"{space_of(root)}person")
        if (each.get("displayName"), each.get("providerId")) == (AUTHOR, "None")
    ]


def _person(parts: Parts, persons: str) -> str:
    """Our id among the persons."""
    found = _our_persons(parts, persons)
    if not found:
        root = parts.tree(persons)
        person = etree.SubElement(root, f"{space_of(root)}person", displayName=AUTHOR)
        person.set("id", _identity(AUTHOR))
        person.set("userId", AUTHOR)
        person.set("providerId", "None")
        parts.touch(persons)
        found = [person]
    return found[0].get("id", "")


def _identity(text: str) -> str:
    """The same GUID for the same text, as Excel writes one."""
    return f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, f'reportgen:{text}')).upper()}}}"
