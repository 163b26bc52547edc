"""Relations between the parts of a package, by the rules of Open Packaging (OPC).

A part that refers to others has a list of relations beside it. A relation without a type or a
target is left out: a broken link must not make a workbook unreadable.

lxml takes a while to import, and openpyxl imports it anyway: both wait for a workbook.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.workbook.reading.zip_package import Package

# Elements and attributes of one part; each takes some 200 bytes while it is parsed.
MAX_XML_NODES: Final = 4_000_000


class Relation(NamedTuple):
    """A reference to another part; ``kind`` is the last word of its type, ``worksheet``."""

    id: str
    kind: str
    target: str  # a part of the package


def relations_of(package: Package, part: str) -> list[Relation]:
    """Return a part's relations within the package; the package itself is the part ``""``.

    Empty without a list of them; a target need not exist. Raises UnreadableError, or SyntaxError
    for a list that is no XML.
    """
    folder, name = posixpath.split(part)
    content = package.read_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    if content is None:
        return []
    relations = []
    for element in parse_part(package, content, part):
        kind, target = element.get("Type", ""), element.get("Target", "")
        if kind and target and element.get("TargetMode") != "External":
            relations.append(
                Relation(
                    element.get("Id", ""),
                    kind.rpartition("/")[2],
                    _resolve_target(package, folder, target),
                )
            )
    return relations


def parse_part(
    package: Package, content: bytes, part: str, *, encoding: str | None = None
) -> Element:
    """Return the root of a part, without comments and processing instructions.

    ``encoding`` overrides what the part states itself. Raises UnreadableError for more
    elements than fit in memory, SyntaxError for no XML.
    """
    from lxml import etree

    pieces = content.count(b"<") + content.count(b"=")
    if pieces > MAX_XML_NODES:
        raise package.too_large_error(f"{part}, {pieces:,} elements")
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(content, parser)


def _resolve_target(package: Package, folder: str, target: str) -> str:
    """Return the name of a target; a relative one begins at ``folder``.

    A name that no part has is returned without its percent signs.
    """
    joined = posixpath.join("/", folder, target.replace("\\", "/"))
    name = posixpath.normpath(joined).lstrip("/")
    return name if package.has(name) else unquote(name)
