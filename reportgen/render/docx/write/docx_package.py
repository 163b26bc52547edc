"""The Word file: a small base document, filled and zipped deterministically.

The base is readable XML in ``base/``. python-docx opens it, keeps parts and relationships and the
content type of each part; the zip is written here, with one fixed date, so that the same document
is the same bytes.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart
from docx.package import Package
from lxml import etree

from reportgen.render.docx.source.font_mapping import ALTERNATIVE_NAMES, CJK, is_east_asian
from reportgen.render.docx.write import wordml

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from docx.opc.part import XmlPart

    from reportgen.render.docx import Properties
    from reportgen.render.docx.ir import Picture

BASE = Path(__file__).parent / "base"
DATE = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip
LEVEL = 6
SVG = "image/svg+xml"
HEADER_FOOTER_TYPES = {
    "header": (CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
    "footer": (CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
}


class WordPackage:
    """One document in progress."""

    def __init__(self, png_by_picture: Mapping[Picture, bytes]) -> None:
        """Open the base document; ``png_by_picture`` has the PNG of each SVG."""
        self._package = Package.open(BytesIO(_base_document()))
        self._main = self._package.main_document_part
        self._png_by_picture = png_by_picture
        self._pictures: dict[Picture, tuple[str, str]] = {}
        self._counts = dict.fromkeys(HEADER_FOOTER_TYPES, 0)

    def xml(self, relation: str) -> etree._Element:
        """Return the root of a part of the base document, to be filled in place.

        ``relation`` is its relationship type: ``styles``, ``numbering`` etc.
        """
        part: XmlPart = self._main.part_related_by(getattr(RELATIONSHIP_TYPE, relation.upper()))
        element: etree._Element = part.element
        return element

    @property
    def body(self) -> etree._Element:
        """``w:body``, empty."""
        body: etree._Element = self._main.element[0]
        return body

    def add_link(self, address: str) -> str:
        """Return the relationship id of an external address, added unless there is one."""
        relation: str = self._main.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return relation

    def add_picture(self, picture: Picture) -> tuple[str, str]:
        """Return the relationship ids of a picture's pixels and of its SVG ("" if it has none).

        The files are added to the package, once for equal pictures. Raises KeyError for an SVG
        without a PNG.
        """
        if picture not in self._pictures:
            pixels = self._png_by_picture[picture] if picture.vector else picture.content
            image = self._package.get_or_add_image_part(BytesIO(pixels))
            vector = ""
            if picture.vector:
                name = f"media/drawing{len(self._pictures) + 1}.svg"
                vector = self._add_part(name, SVG, picture.content, RELATIONSHIP_TYPE.IMAGE)
            self._pictures[picture] = (self._main.relate_to(image, RELATIONSHIP_TYPE.IMAGE), vector)
        return self._pictures[picture]

    def add_header_or_footer(self, kind: str, root: etree._Element) -> str:
        """Add a part for a "header" or "footer" (``kind``) and return its relationship id."""
        self._counts[kind] += 1
        content_type, relation = HEADER_FOOTER_TYPES[kind]
        return self._add_part(
            f"{kind}{self._counts[kind]}.xml", content_type, serialize(root), relation
        )

    def write_font_table(self, faces: Iterable[str]) -> None:
        """Add the font table of the faces in the given order, with their alternative names.

        Must be called at most once.
        """
        root = wordml.root_element("fonts")
        for face in faces:
            font = wordml.add_child(root, "font", name=face)
            if face in ALTERNATIVE_NAMES:
                wordml.add_child(font, "altName", val=ALTERNATIVE_NAMES[face])
            is_cjk = is_east_asian(face)
            wordml.add_child(font, "charset", val="88" if is_cjk else "00")
            wordml.add_child(font, "family", val="script" if face == CJK else "roman")
            wordml.add_child(font, "pitch", val="fixed" if face == CJK else "variable")
        kind, relation = CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE
        self._add_part("fontTable.xml", kind, serialize(root), relation)

    def write_properties(self, properties: Properties) -> None:
        """Set the properties of the file; title, author and subject are cut to 255 characters.

        The author is also the last to have modified it, at the time it was created.
        """
        core = self._package.core_properties
        author = properties.author[:255]
        core.title, core.author = properties.title[:255], author
        core.subject = properties.subject[:255]
        core.language, core.last_modified_by, core.revision = properties.language, author, 1
        core.created = core.modified = properties.created

    def save(self) -> bytes:
        """Return the bytes of the file; the same content gives the same bytes."""
        plain = BytesIO()
        self._package.save(plain)
        with ZipFile(plain) as package:
            return zip_files({name: package.read(name) for name in package.namelist()})

    def _add_part(self, name: str, kind: str, content: bytes, relation: str) -> str:
        """Add a part of content type ``kind`` below ``word/``, and return its relationship id."""
        part = OpcPart(PackURI(f"/word/{name}"), kind, content, self._package)
        relation_id: str = self._main.relate_to(part, relation)
        return relation_id


def serialize(root: etree._Element) -> bytes:
    """Return a part's XML in UTF-8, with its declaration."""
    return etree.tostring(root, encoding="UTF-8", standalone=True, xml_declaration=True)


@cache
def _base_document() -> bytes:
    """Return the base document as an uncompressed zip, as python-docx requires; cached."""
    files = sorted(path for path in BASE.rglob("*") if path.is_file())
    return zip_files(
        {path.relative_to(BASE).as_posix(): path.read_bytes() for path in files}, ZIP_STORED
    )


def zip_files(
    files: Mapping[str, bytes], method: int = ZIP_DEFLATED, *, stored: Container[str] = ()
) -> bytes:
    """Return a zip with the same bytes for the same files: one date, the given order.

    ``stored`` are the names of the files that are not compressed, whatever the method.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w", method, compresslevel=LEVEL) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, DATE)
            entry.create_system = 3  # Unix, on Windows too: the same bytes
            entry.compress_type = ZIP_STORED if name in stored else method
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
