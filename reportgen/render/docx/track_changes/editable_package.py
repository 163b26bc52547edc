"""A finished Word file, opened for editing."""

from __future__ import annotations

import copy
import posixpath
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from lxml import etree

from reportgen.render.docx.write.docx_package import serialized, zipped

if TYPE_CHECKING:
    from reportgen.render.docx.track_changes.alignment import Xml

DOCUMENT: Final = "word/document.xml"
RELATIONS: Final = "word/_rels/document.xml.rels"


class WordFile:
    """A Word file as its parts."""

    def __init__(self, content: bytes) -> None:
        with ZipFile(BytesIO(content)) as package:
            self.parts = {part_name: package.read(part_name) for part_name in package.namelist()}
        self.document: Xml = etree.fromstring(self.parts[DOCUMENT])
        self.relations: Xml = etree.fromstring(self.parts[RELATIONS])

    def relation(self, number: str) -> Xml:
        """Return a relationship by its id."""
        return next(relation for relation in self.relations if relation.get("Id") == number)

    def adopt(self, number: str, other: WordFile) -> str:
        """Take over a relationship of another file with its part, and return its id here."""
        foreign = other.relation(number)
        relation = copy.deepcopy(foreign)
        if foreign.get("TargetMode") != "External":
            target = foreign.get("Target")
            content = other.parts[posixpath.join("word", target)]
            for relationship in self.relations:
                existing_content = self.parts.get(
                    posixpath.join("word", relationship.get("Target"))
                )
                if relationship.get("Type") == foreign.get("Type") and existing_content == content:
                    return str(relationship.get("Id"))
            stem, ending = posixpath.splitext(target)
            relation.set("Target", f"{stem}_old{ending}")
            self.parts[posixpath.join("word", f"{stem}_old{ending}")] = content
        relation_id = f"old{number}"
        if all(present.get("Id") != relation_id for present in self.relations):
            relation.set("Id", relation_id)
            self.relations.append(relation)
        return relation_id

    def saved(self) -> bytes:
        """Return the bytes of the file."""
        self.parts[DOCUMENT] = serialized(self.document)
        self.parts[RELATIONS] = serialized(self.relations)
        return zipped(self.parts)
