"""A workbook's package that is changed part by part; what nobody touches is copied as it is.

Parts are asked for by their names, ``xl/workbook.xml``, whose letter case does not count.
A tree that :meth:`Parts.tree` hands out is written back only after :meth:`Parts.touch`.
"""

from __future__ import annotations

import posixpath
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

from reportgen.workbook.package_check import part_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.workbook.package_check import Package

Element = etree._Element

_USUAL: Final = "http://schemas.openxmlformats.org"
_STRICT: Final = "http://purl.oclc.org/ooxml"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
MAX_PART: Final = 40_000_000  # bytes of a part that is parsed
TYPES_PART: Final = "[Content_Types].xml"


class MissingPartError(Exception):
    """A part that the package should have is not there, is too large, or is no XML."""


class Relation(NamedTuple):
    """One part refers to another. ``kind`` is the last word of its type, ``comments``."""

    id: str
    kind: str
    target: str  # empty for what lies outside the package


class Parts:
    """The parts of a package; changes are kept here until :meth:`packed`.

    ``main`` is the namespace of its spreadsheet parts, ``office`` that of its relations; the
    strict dialect (ISO/IEC 29500-1) has others than the usual one.
    """

    def __init__(self, package: Package) -> None:
        """Raises MissingPartError for a package without relations."""
        self._package = package
        self._infos = {part_key(info.filename): info for info in package.archive.infolist()}
        self._trees: dict[str, Element] = {}
        self._touched: set[str] = set()
        self._added: dict[str, str] = {}  # key → name
        self._dropped: set[str] = set()
        strict = _STRICT.encode() in self.content("_rels/.rels")
        self.main = (
            f"{_STRICT}/spreadsheetml/main" if strict else f"{_USUAL}/spreadsheetml/2006/main"
        )
        kinds = "officeDocument/relationships" if strict else "officeDocument/2006/relationships"
        self.office = f"{_STRICT if strict else _USUAL}/{kinds}"

    # --- parts ------------------------------------------------------------------------

    def names(self) -> list[str]:
        """All parts, in the order of the package, those that were added last."""
        kept = [i.filename for key, i in self._infos.items() if key not in self._dropped]
        return [*kept, *self._added.values()]

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        key = part_key(name)
        return key in self._added or (key in self._infos and key not in self._dropped)

    def content(self, name: str) -> bytes:
        """A part as it was given. Raises MissingPartError, or what the package raises."""
        if part_key(name) not in self._infos:
            raise MissingPartError(name)
        if self._infos[part_key(name)].file_size > MAX_PART:
            raise MissingPartError(f"{name}: > {MAX_PART / 1e6:.0f} MB")
        return self._package.read_xml(name) or b""

    def tree(self, name: str) -> Element:
        """The root of a part, parsed once. Raises MissingPartError."""
        return self.tree_by(name, parse)

    def tree_by(self, name: str, read: Callable[[bytes, str], Element]) -> Element:
        """The same, for a part that is read in a way of its own."""
        key = part_key(name)
        if key not in self._trees:
            if not self.has(name):
                raise MissingPartError(name)
            self._trees[key] = read(self.content(name), name)
        return self._trees[key]

    def touch(self, name: str) -> None:
        """Have the tree of this part written back."""
        self._touched.add(part_key(name))

    def add(self, name: str, root: Element, content_type: str) -> None:
        """A new part, or another content for one that has been dropped."""
        key = part_key(name)
        self._trees[key] = root
        self._touched.add(key)
        if key not in self._infos or key in self._dropped:
            self._added[key] = name
        self._declare(name, content_type)

    def drop(self, name: str) -> None:
        """Take a part out, with its relations and its content type."""
        key = part_key(name)
        self._added.pop(key, None)
        self._dropped.add(key)
        self._trees.pop(key, None)
        self._touched.discard(key)
        types = self.tree(TYPES_PART)
        for each in types.findall(f"{{{_PACKAGE}/content-types}}Override"):
            if part_key(each.get("PartName", "")) == key:
                types.remove(each)
                self.touch(TYPES_PART)
        if self.has(_relations_of(name)):
            self.drop(_relations_of(name))

    def free_name(self, pattern: str) -> str:
        """The first name that no part has; ``{}`` is filled with 1, 2, 3 …"""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    # --- relations --------------------------------------------------------------------

    def relations(self, part: str) -> list[Relation]:
        """What a part refers to."""
        path = _relations_of(part)
        if not self.has(path):
            return []
        return [
            Relation(
                each.get("Id", ""),
                each.get("Type", "").rpartition("/")[2],
                ""
                if each.get("TargetMode") == "External"
                else _resolved(part, each.get("Target", "")),
            )
            for each in self.tree(path).findall(f"{{{_PACKAGE}/relationships}}Relationship")
        ]

    def related(self, part: str, kind: str) -> str | None:
        """The first part that exists and is referred to with that kind."""
        targets = (each.target for each in self.relations(part) if each.kind == kind)
        return next((target for target in targets if target and self.has(target)), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part refer to another; the new relation's id. ``kind`` is the whole type."""
        path = _relations_of(part)
        name = f"{{{_PACKAGE}/relationships}}Relationship"
        if not self.has(path):
            space = f"{_PACKAGE}/relationships"
            root = etree.Element(f"{{{space}}}Relationships", nsmap=plain(space))
            self.add(path, root, "")
        root = self.tree(path)
        taken = {each.get("Id") for each in root}
        number = 1
        while f"rId{number}" in taken:
            number += 1
        relation = etree.SubElement(root, name)
        relation.set("Id", f"rId{number}")
        relation.set("Type", kind)
        relation.set("Target", posixpath.relpath(target, posixpath.dirname(part) or "."))
        self.touch(path)
        return f"rId{number}"

    def unrelate(self, part: str, target: str) -> None:
        """Let a part no longer refer to another; a list that is empty then goes, too."""
        path = _relations_of(part)
        if not self.has(path):
            return
        root = self.tree(path)
        for each in list(root):
            where = each.get("Target", "")
            if each.get("TargetMode") != "External" and part_key(
                _resolved(part, where)
            ) == part_key(target):
                root.remove(each)
                self.touch(path)
        if not len(root):
            self.drop(path)

    # --- the package ------------------------------------------------------------------

    def packed(self) -> bytes:
        """The package with its changes. The same changes give the same bytes."""
        target = BytesIO()
        with ZipFile(target, "w", ZIP_DEFLATED) as zipped:
            for key, info in self._infos.items():
                if key in self._dropped and key not in self._added:
                    continue
                zipped.writestr(_same(info), self._written(key, info.filename))
            for key, name in self._added.items():
                if key not in self._infos:
                    info = ZipInfo(name, _EPOCH)
                    info.compress_type = ZIP_DEFLATED
                    zipped.writestr(info, self._written(key, name))
        return target.getvalue()

    def _written(self, key: str, name: str) -> bytes:
        if key in self._touched:
            return serialised(self._trees[key], declared=not name.endswith(".vml"))
        return self._package.read(name) or b""

    def _declare(self, name: str, content_type: str) -> None:
        """A type of its own for a part; VML goes by its extension, as Excel has it."""
        if not content_type:
            return
        types = self.tree(TYPES_PART)
        space = f"{{{_PACKAGE}/content-types}}"
        by_extension = name.endswith(".vml")
        tag, attribute = ("Default", "Extension") if by_extension else ("Override", "PartName")
        wanted = "vml" if by_extension else f"/{name}"
        for each in types.findall(space + tag):
            if each.get(attribute, "").casefold() == wanted.casefold():
                if each.get("ContentType") != content_type:
                    each.set("ContentType", content_type)
                    self.touch(TYPES_PART)
                return
        made = etree.Element(space + tag)
        made.set(attribute, wanted)
        made.set("ContentType", content_type)
        types.insert(0 if by_extension else len(types), made)
        self.touch(TYPES_PART)


def parse(content: bytes, name: str) -> Element:
    """The root of an XML document; raises MissingPartError for what is none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise MissingPartError(f"{name}: {error}") from error


def serialised(root: Element, *, declared: bool = True) -> bytes:
    """The document of a root; VML goes without a declaration, as Excel writes it."""
    tree = root.getroottree()
    if declared:
        return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=False)


def plain(space: str) -> dict[str, str]:
    """The namespaces of an element without prefix; lxml's stubs do not know of None."""
    return {None: space}  # type: ignore[dict-item]


def space_of(root: Element) -> str:
    """The namespace of a part, in braces, as its elements' names begin."""
    return f"{{{etree.QName(root).namespace or ''}}}"


def elements(root: Element) -> Iterator[Element]:
    """The children that are elements, no comments or processing instructions."""
    return (child for child in root if isinstance(child.tag, str))


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _resolved(part: str, target: str) -> str:
    """A target as a part's name; it is relative to the folder of who refers to it."""
    joined = posixpath.join("/", posixpath.dirname(part), target.replace("\\", "/"))
    return posixpath.normpath(joined).lstrip("/")


def _same(info: ZipInfo) -> ZipInfo:
    """The entry as it was: its name, time and rights, no sizes."""
    same = ZipInfo(info.filename, max(info.date_time, _EPOCH))
    same.compress_type = info.compress_type if info.compress_type == ZIP_STORED else ZIP_DEFLATED
    same.external_attr, same.create_system = info.external_attr, info.create_system
    return same
