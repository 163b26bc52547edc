"""A finished Word file, opened to be changed."""

from __future__ import annotations

import copy
import posixpath
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from lxml import etree

from reportgen.render.docx.package import serialized, zipped

if TYPE_CHECKING:
    from reportgen.render.docx.aligned import Xml

DOCUMENT: Final = "word/document.xml"
RELATIONS: Final = "word/_rels/document.xml.rels"


class WordFile:
    """A Word file in parts."""

    def __init__(self, content: bytes) -> None:
        with ZipFile(BytesIO(content)) as opened:
            self.parts = {each: opened.read(each) for each in opened.namelist()}
        self.document: Xml = etree.fromstring(self.parts[DOCUMENT])
        self.relations: Xml = etree.fromstring(self.parts[RELATIONS])

    def relation(self, number: str) -> Xml:
        """A relationship by its id."""
        return next(each for each in self.relations if each.get("Id") == number)

    def adopt(self, number: str, other: WordFile) -> str:
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
        """The bytes of the file."""
        self.parts[DOCUMENT] = serialized(self.document)
        self.parts[RELATIONS] = serialized(self.relations)
        return zipped(self.parts)
