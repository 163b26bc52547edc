"""A workbook's package that is edited part by part; unchanged parts are copied as they are.

Parts are identified by their names, ``xl/workbook.xml``, regardless of letter case.
A tree returned by :meth:`OpcPackage.tree` is written back only after
:meth:`OpcPackage.mark_changed`.
"""

from __future__ import annotations

import posixpath
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

from reportgen.workbook.reading.zip_package import part_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.workbook.reading.zip_package import Package

Element = etree._Element

_TRANSITIONAL: Final = "http://schemas.openxmlformats.org"
_STRICT: Final = "http://purl.oclc.org/ooxml"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store
MAX_PART_BYTES: Final = 40_000_000  # bytes of a part that is parsed
TYPES_PART: Final = "[Content_Types].xml"


class MissingPartError(Exception):
    """A part that the package should have is missing, too large, or no XML."""


class Relation(NamedTuple):
    """A reference to another part; ``kind`` is the last word of its type, ``comments``."""

    id: str
    kind: str
    target: str  # empty for a target outside the package


class OpcPackage:
    """The parts of a package; changes are kept in memory until :meth:`to_bytes`.

    ``main`` is the namespace of its spreadsheet parts, ``office`` that of its relations; the
    strict dialect (ISO/IEC 29500-1) has others than the transitional one.
    """

    def __init__(self, package: Package) -> None:
        """Raise MissingPartError for a package without relations."""
        self._package = package
        self._infos = {part_key(info.filename): info for info in package.archive.infolist()}
        self._trees: dict[str, Element] = {}
        self._touched: set[str] = set()
        self._added: dict[str, str] = {}  # key → name
        self._dropped: set[str] = set()
        is_strict = _STRICT.encode() in self.content("_rels/.rels")
        self.main = (
            f"{_STRICT}/spreadsheetml/main"
            if is_strict
            else f"{_TRANSITIONAL}/spreadsheetml/2006/main"
        )
        relation_path = (
            "officeDocument/relationships" if is_strict else "officeDocument/2006/relationships"
        )
        self.office = f"{_STRICT if is_strict else _TRANSITIONAL}/{relation_path}"

    # --- parts ------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Return the names of all parts in the order of the package, those added last.

        Dropped parts are left out.
        """
        remaining = [info.filename for key, info in self._infos.items() if key not in self._dropped]
        return [*remaining, *self._added.values()]

    def has(self, name: str) -> bool:
        """Return whether there is such a part."""
        key = part_key(name)
        return key in self._added or (key in self._infos and key not in self._dropped)

    def content(self, name: str) -> bytes:
        """Return a part as it was read, without later changes.

        Raises MissingPartError for a part that was not read or exceeds MAX_PART_BYTES, and
        UnreadableError if it is damaged.
        """
        if part_key(name) not in self._infos:
            raise MissingPartError(name)
        if self._infos[part_key(name)].file_size > MAX_PART_BYTES:
            raise MissingPartError(f"{name}: > {MAX_PART_BYTES / 1e6:.0f} MB")
        return self._package.read_xml(name) or b""

    def tree(self, name: str) -> Element:
        """Return the root of a part, parsed once; raises MissingPartError, UnreadableError.

        A change to it is written only after :meth:`mark_changed`.
        """
        return self.tree_by(name, parse)

    def tree_by(self, name: str, read: Callable[[bytes, str], Element]) -> Element:
        """Return the root of a part, parsed by ``read`` once; raises as :meth:`tree`.

        ``read`` takes the content and the part's name.
        """
        key = part_key(name)
        if key not in self._trees:
            if not self.has(name):
                raise MissingPartError(name)
            self._trees[key] = read(self.content(name), name)
        return self._trees[key]

    def mark_changed(self, name: str) -> None:
        """Mark the tree of a part to be written back."""
        self._touched.add(part_key(name))

    def add(self, name: str, root: Element, content_type: str) -> None:
        """Add a part with its content type, or replace the part of that name."""
        key = part_key(name)
        self._trees[key] = root
        self._touched.add(key)
        if key not in self._infos or key in self._dropped:
            self._added[key] = name
        self._declare(name, content_type)

    def drop(self, name: str) -> None:
        """Remove a part, with its own relations and its content type; relations to it stay."""
        key = part_key(name)
        self._added.pop(key, None)
        self._dropped.add(key)
        self._trees.pop(key, None)
        self._touched.discard(key)
        types = self.tree(TYPES_PART)
        for override in types.findall(f"{{{_PACKAGE}/content-types}}Override"):
            if part_key(override.get("PartName", "")) == key:
                types.remove(override)
                self.mark_changed(TYPES_PART)
        if self.has(_relations_of(name)):
            self.drop(_relations_of(name))

    def free_name(self, pattern: str) -> str:
        """Return the first name that no part has; ``{}`` is replaced by 1, 2, 3 and so on."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    # --- relations --------------------------------------------------------------------

    def relations(self, part: str) -> list[Relation]:
        """Return id, kind and target of a part's relations; of the package's own for an empty name.

        The target of an external one is empty. A target need not exist.
        """
        path = _relations_of(part)
        if not self.has(path):
            return []
        return [
            Relation(
                element.get("Id", ""),
                element.get("Type", "").rpartition("/")[2],
                ""
                if element.get("TargetMode") == "External"
                else _resolve_target(part, element.get("Target", "")),
            )
            for element in self.tree(path).findall(f"{{{_PACKAGE}/relationships}}Relationship")
        ]

    def related(self, part: str, kind: str) -> str | None:
        """Return the first existing part that is referred to with that kind, or None."""
        targets = (relation.target for relation in self.relations(part) if relation.kind == kind)
        return next((target for target in targets if target and self.has(target)), None)

    def add_relation(self, part: str, kind: str, target: str) -> str:
        """Add a relation to another part; return its id, the first free of ``rId1``, ``rId2``, ….

        ``kind`` is the whole type, a URI. Whether such a relation exists is not checked.
        """
        path = _relations_of(part)
        name = f"{{{_PACKAGE}/relationships}}Relationship"
        if not self.has(path):
            space = f"{_PACKAGE}/relationships"
            root = etree.Element(f"{{{space}}}Relationships", nsmap=default_namespace(space))
            self.add(path, root, "")
        root = self.tree(path)
        ids_in_use = {element.get("Id") for element in root}
        number = 1
        while f"rId{number}" in ids_in_use:
            number += 1
        relation = etree.SubElement(root, name)
        relation.set("Id", f"rId{number}")
        relation.set("Type", kind)
        relation.set("Target", posixpath.relpath(target, posixpath.dirname(part) or "."))
        self.mark_changed(path)
        return f"rId{number}"

    def remove_relations(self, part: str, target: str) -> None:
        """Remove the relations to another part; a list that is then empty is dropped."""
        path = _relations_of(part)
        if not self.has(path):
            return
        root = self.tree(path)
        for element in list(root):
            target_path = element.get("Target", "")
            if element.get("TargetMode") != "External" and part_key(
                _resolve_target(part, target_path)
            ) == part_key(target):
                root.remove(element)
                self.mark_changed(path)
        if not len(root):
            self.drop(path)

    def remove_signatures(self) -> None:
        """Remove digital signatures, which would be invalid once something has changed."""
        origins = [relation.target for relation in self.relations("") if relation.kind == "origin"]
        for origin in origins:
            if self.has(origin):
                for signature in self.relations(origin):
                    self.drop(signature.target)
                self.drop(origin)
            self.remove_relations("", origin)

    # --- the package ------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """Return the package with its changes; the same changes give the same bytes.

        Unchanged parts are copied; raises UnreadableError if one of them is damaged.
        """
        target = BytesIO()
        with ZipFile(target, "w", ZIP_DEFLATED) as zipped:
            for key, info in self._infos.items():
                if key in self._dropped and key not in self._added:
                    continue
                zipped.writestr(_copy_info(info), self._content_to_write(key, info.filename))
            for key, name in self._added.items():
                if key not in self._infos:
                    info = ZipInfo(name, _EPOCH)
                    info.create_system = 3  # Unix, on Windows too: the same bytes
                    info.compress_type = ZIP_DEFLATED
                    zipped.writestr(info, self._content_to_write(key, name))
        return target.getvalue()

    def _content_to_write(self, key: str, name: str) -> bytes:
        """Return the bytes of a part: serialized if its tree was changed, else as read."""
        if key in self._touched:
            return serialize(self._trees[key], declared=not name.endswith(".vml"))
        return self._package.read(name) or b""

    def _declare(self, name: str, content_type: str) -> None:
        """Set the content type of a part, added if missing; of VML by its extension, as Excel does.

        An empty type is left out: the package has a default for it.
        """
        if not content_type:
            return
        types = self.tree(TYPES_PART)
        space = f"{{{_PACKAGE}/content-types}}"
        by_extension = name.endswith(".vml")
        tag, attribute = ("Default", "Extension") if by_extension else ("Override", "PartName")
        part_or_extension = "vml" if by_extension else f"/{name}"
        for element in types.findall(space + tag):
            if element.get(attribute, "").casefold() == part_or_extension.casefold():
                if element.get("ContentType") != content_type:
                    element.set("ContentType", content_type)
                    self.mark_changed(TYPES_PART)
                return
        declaration = etree.Element(space + tag)
        declaration.set(attribute, part_or_extension)
        declaration.set("ContentType", content_type)
        types.insert(0 if by_extension else len(types), declaration)
        self.mark_changed(TYPES_PART)


def parse(content: bytes, name: str) -> Element:
    """Return the root of an XML document; raises MissingPartError for invalid XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise MissingPartError(f"{name}: {error}") from error


def serialize(root: Element, *, declared: bool = True) -> bytes:
    """Return the document of a root; VML has no XML declaration, as Excel writes it."""
    tree = root.getroottree()
    if declared:
        return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=False)


def default_namespace(space: str) -> dict[str, str]:
    """Return the namespace map of an element without prefix; lxml's stubs do not know of None."""
    return {None: space}  # type: ignore[dict-item]


def namespace_of(root: Element) -> str:
    """Return the namespace of a part, in braces, as in the names of its elements."""
    return f"{{{etree.QName(root).namespace or ''}}}"


def elements(root: Element) -> Iterator[Element]:
    """Yield the children of ``root`` that are elements, not comments or processing instructions."""
    return (child for child in root if isinstance(child.tag, str))


def _relations_of(part: str) -> str:
    """Return the name of the part that lists a part's relations."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _resolve_target(part: str, target: str) -> str:
    """Return the name of a target, which is relative to the folder of the referring part."""
    joined = posixpath.join("/", posixpath.dirname(part), target.replace("\\", "/"))
    return posixpath.normpath(joined).lstrip("/")


def _copy_info(info: ZipInfo) -> ZipInfo:
    """Return a zip entry with the name, time and permissions of another, without its sizes.

    A time before 1980, which a zip cannot store, becomes 1980-01-01.
    """
    copy = ZipInfo(info.filename, max(info.date_time, _EPOCH))
    copy.compress_type = info.compress_type if info.compress_type == ZIP_STORED else ZIP_DEFLATED
    copy.external_attr, copy.create_system = info.external_attr, info.create_system
    return copy
