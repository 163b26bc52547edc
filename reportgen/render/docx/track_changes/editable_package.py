"""A finished Word file, opened for editing."""

from __future__ import annotations

import copy
import posixpath
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from lxml import etree

from reportgen.render.docx.write.docx_package import serialize, zip_files

if TYPE_CHECKING:
    from reportgen.render.docx.track_changes.alignment import Xml

DOCUMENT: Final = "word/document.xml"
RELATIONS: Final = "word/_rels/document.xml.rels"


class EditablePackage:
    """A Word file as its parts by name; ``document`` and ``relations`` are parsed.

    They are changed in place and written by ``save``.
    """

    def __init__(self, content: bytes) -> None:
        """Read all parts, and parse the document and its relationships."""
        with ZipFile(BytesIO(content)) as package:
            self.parts = {part_name: package.read(part_name) for part_name in package.namelist()}
        self.document: Xml = etree.fromstring(self.parts[DOCUMENT])
        self.relations: Xml = etree.fromstring(self.parts[RELATIONS])

    def relation(self, number: str) -> Xml:
        """Return the relationship with an id; StopIteration if there is none."""
        return next(relation for relation in self.relations if relation.get("Id") == number)

    def import_relationship(self, number: str, other: EditablePackage) -> str:
        """Add a relationship of another file and the part it leads to, and return its id here.

        A part that is here already, with the same content and type, is used instead. Names and ids
        of what is added are marked as old ones; importing the same twice adds it once.
        """
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

    def save(self) -> bytes:
        """Return the bytes of the file."""
        self.parts[DOCUMENT] = serialize(self.document)
        self.parts[RELATIONS] = serialize(self.relations)
        return zip_files(self.parts)
