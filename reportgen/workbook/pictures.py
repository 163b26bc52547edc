"""Pictures placed on a sheet, as they were placed.

Read beside openpyxl, which drops a picture in silence: one of another format, and every one
of a drawing that holds a shape it does not know. It is asked where the drawings are.

Rules: ECMA-376 part 1, 20.5 (spreadsheet drawings). Excel keeps the displayed size in
``xdr:ext`` of a one-cell anchor and in ``a:xfrm`` of the picture itself; without either
the picture's own pixels count, at 96 to the inch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from reportgen.model import CellRef, Picture
from reportgen.workbook.places import cell_name

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reportgen.workbook.package_check import Package
    from reportgen.workbook.spreadsheet import RawSheet

EMU_PER_MM: Final = 36_000
MM_PER_PIXEL: Final = 25.4 / 96
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def media_type(content: bytes) -> str | None:
    """The type that the first bytes tell, or None for a format that is not printed."""
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    return None


def read_pictures(package: Package, sheet: RawSheet) -> tuple[list[Picture], list[str]]:
    """The pictures of a sheet, in its order, and the cells of those that cannot be printed."""
    pictures: list[Picture] = []
    refused: list[str] = []
    for drawing in _related(package, sheet.part, "drawing").values():
        root = ElementTree.fromstring(package.read_xml(drawing) or b"<none/>")
        images = _related(package, drawing, "image")
        for anchor in root:
            shown = _find(anchor, "pic")
            blip = None if shown is None else _find(shown, "blip")
            if shown is None or blip is None:
                continue
            at = CellRef(sheet=sheet.name, cell=_corner(anchor))
            target = next(
                (images[v] for k, v in blip.items() if k.endswith("}embed") and v in images), ""
            )
            content = package.read(target) if target else None
            kind = media_type(content or b"")
            if content is None or kind is None:
                refused.append(at.cell)
                continue
            width, height = _size(anchor, content)
            named = _find(shown, "cNvPr")
            pictures.append(
                Picture(
                    content=content,
                    media_type=kind,
                    description="" if named is None else named.get("descr", ""),
                    width=width,
                    height=height,
                    at=at,
                )
            )
    return pictures, refused


def _related(package: Package, part: str, kind: str) -> dict[str, str]:
    """The parts that ``part`` refers to with that kind of relationship, by their ids."""
    from openpyxl.packaging.relationship import get_dependents, get_rels_path

    path: str = get_rels_path(part)  # type: ignore[no-untyped-call]
    if package.read_xml(path) is None:
        return {}
    return {
        str(each.Id): each.target
        for each in get_dependents(package.archive, path)
        if each.Type.endswith(f"/{kind}") and each.TargetMode != "External"
    }


def _local(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def _find(element: Element, name: str) -> Element | None:
    return next((child for child in element.iter() if _local(child) == name), None)


def _corner(anchor: Element) -> str:
    """The cell of its upper left corner; A1 for a picture that is bound to no cell."""
    start = _find(anchor, "from")
    if start is None:
        return "A1"
    places = {_local(child): int(child.text or 0) for child in start}
    return cell_name(places.get("row", 0) + 1, places.get("col", 0) + 1)


def _size(anchor: Element, content: bytes) -> tuple[float, float]:
    """Width and height in millimetres."""
    for extent in anchor.iter():
        if _local(extent) == "ext" and int(extent.get("cx", 0)) > 0:
            return int(extent.attrib["cx"]) / EMU_PER_MM, int(extent.attrib["cy"]) / EMU_PER_MM
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(content)) as image:
        return image.width * MM_PER_PIXEL, image.height * MM_PER_PIXEL
