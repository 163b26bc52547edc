"""Images placed on a sheet, with their position and size.

Read separately from openpyxl, which silently drops images: those of other formats, and all of
a drawing that holds a shape it does not know.

Rules: ECMA-376 part 1, 20.5 (spreadsheet drawings). Excel keeps the displayed size in
``xdr:ext`` of a one-cell anchor and in ``a:xfrm`` of the image itself; without either
the image's own pixels count, at 96 to the inch.

An image is decoded once, here: a damaged one would stop the PDF, or Word, much later.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree

from reportgen.model.scorecard import CellRef, Picture
from reportgen.problems import Location, make_problem
from reportgen.workbook.reading.opc_relationships import relations_of
from reportgen.workbook.reading.raw_cells import PlacedImage
from reportgen.workbook.reading.text_cleaning import clean_text
from reportgen.workbook.schema.cell_refs import cell_name
from reportgen.workbook.schema.sheets import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from reportgen.problems import Problem
    from reportgen.workbook.reading.raw_cells import RawSheet
    from reportgen.workbook.reading.zip_package import Package

EMU_PER_MM: Final = 36_000
MM_PER_PIXEL: Final = 25.4 / 96
MAX_PIXELS: Final = 50_000_000  # some 200 MB in memory; an A4 page at 600 dpi has 35 million
MIN_SIDE_MM, MAX_SIDE_MM = 0.1, 10_000.0  # millimetres; nothing outside can be printed
MAX_ASPECT_RATIO: Final = 1_000  # of the sides; beyond it nothing would be left on a page
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OTHER_FORMAT: Final = ("格式不是 PNG、JPEG 或 GIF", "its format is not PNG, JPEG or GIF")
_DAMAGED: Final = ("檔案不完整或已損壞", "it is incomplete or damaged")
_TOO_LARGE: Final = (
    f"超過 {MAX_PIXELS // 10_000:,} 萬像素",
    f"it has more than {MAX_PIXELS // 1_000_000} million pixels",
)
_NO_SIZE: Final = (
    "寬或高不是可以列印的大小",
    "its width or height is nothing that can be printed",
)


class _Decoded(NamedTuple):
    """A decoded image file; ``why_not`` is the reason why it cannot be printed, or None."""

    content: bytes
    media_type: str
    pixels: tuple[int, int]
    why_not: tuple[str, str] | None = None


def media_type(content: bytes) -> str | None:
    """Return the media type by the first bytes, or None for a format that is not printed."""
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    return None


def read_images(package: Package, sheet: RawSheet) -> tuple[list[Picture], list[Problem]]:
    """Return the images of a sheet in its order, and the problems of these and others.

    An image that cannot be printed is left out (E128); one without a description gets the
    sheet's name for it (W135). Raises UnreadableError for a damaged package.
    """
    placed_pictures = (
        _open_document_pictures(package, sheet)
        if package.is_opendocument
        else _excel_pictures(package, sheet)
    )
    pictures: list[Picture] = []
    problems: list[Problem] = []
    decoded: dict[str, _Decoded] = {}
    for placed in placed_pictures:
        if placed.part not in decoded:
            decoded[placed.part] = _decode_image(
                (package.read(placed.part) if placed.part else None) or b""
            )
        location = Location(sheet=sheet.name, cell=placed.cell)
        result = _printable_picture(placed, decoded[placed.part], location)
        if isinstance(result, Picture):
            pictures.append(result)
            if not placed.description:
                problems.append(make_problem("W135", location, taken=result.description))
        else:
            problems.append(make_problem("E128", location, reason=result[0], reason_en=result[1]))
    return pictures, problems


def _open_document_pictures(package: Package, sheet: RawSheet) -> Iterator[PlacedImage]:
    """Yield the images of an OpenDocument, each with its description as it is printed."""
    for picture in sheet.pictures:
        yield picture._replace(description=clean_text(picture.description)[0])


def _excel_pictures(package: Package, sheet: RawSheet) -> Iterator[PlacedImage]:
    """Yield the images in the drawings that an Excel workbook's sheet refers to.

    One that is not in the package has an empty part. Raises ParseError for an invalid drawing.
    """
    for drawing in _relation_targets(package, sheet.part, "drawing").values():
        root = ElementTree.fromstring(package.read_xml(drawing) or b"<none/>")
        images = _relation_targets(package, drawing, "image")
        for anchor in root:
            picture = _find(anchor, "pic")
            blip = None if picture is None else _find(picture, "blip")
            if picture is None or blip is None:
                continue
            target = next(
                (
                    images[relation_id]
                    for name, relation_id in blip.items()
                    if name.endswith("}embed") and relation_id in images
                ),
                "",
            )
            width, height = _size_in_mm(anchor) or (None, None)
            yield PlacedImage(target, _corner(anchor), _description(picture), width, height)


def _printable_picture(
    placed: PlacedImage, decoded: _Decoded, location: Location
) -> Picture | tuple[str, str]:
    """Return an image as it is placed, or why it cannot be printed, in Chinese and English.

    Without a stated size it has the size of its pixels.
    """
    if decoded.why_not is not None:
        return decoded.why_not
    width, height = placed.width, placed.height
    if width is None or height is None:
        width, height = (side * MM_PER_PIXEL for side in decoded.pixels)
    longer_side, shorter_side = max(width, height), min(width, height)
    if (
        shorter_side < MIN_SIDE_MM
        or longer_side > MAX_SIDE_MM
        or longer_side > MAX_ASPECT_RATIO * shorter_side
    ):
        return _NO_SIZE
    return Picture(
        content=decoded.content,
        media_type=decoded.media_type,
        description=placed.description or VALUES.name,
        width=width,
        height=height,
        at=CellRef(sheet=location.sheet, cell=location.cell),
    )


def _description(picture: Element) -> str:
    """Return the alternative text, which Excel leaves blank until a user writes one."""
    properties = _find(picture, "cNvPr")
    return "" if properties is None else clean_text(properties.get("descr", ""))[0]


def _decode_image(content: bytes) -> _Decoded:
    """Return an image with its type and size in pixels after decoding all of it.

    One of another format, too large, or damaged has the reason in ``why_not`` instead.
    """
    from PIL import Image

    kind = media_type(content)
    if kind is None:
        return _Decoded(content, "", (0, 0), _OTHER_FORMAT)
    formats = (kind.removeprefix("image/"),)
    try:
        with warnings.catch_warnings(), _strict_image_loading():
            warnings.simplefilter("ignore")  # remarks on pixels and metadata; see the limit
            with Image.open(BytesIO(content), formats=formats) as image:
                pixels = image.size
                if pixels[0] * pixels[1] > MAX_PIXELS:
                    return _Decoded(content, kind, pixels, _TOO_LARGE)
                image.verify()
            with Image.open(BytesIO(content), formats=formats) as image:
                image.load()
    except Image.DecompressionBombError:
        return _Decoded(content, kind, (0, 0), _TOO_LARGE)
    except Exception:  # Pillow raises whatever its decoders come upon
        return _Decoded(content, kind, (0, 0), _DAMAGED)
    return _Decoded(content, kind, pixels)


@contextmanager
def _strict_image_loading() -> Iterator[None]:
    """Let Pillow reject truncated images, which WeasyPrint makes it accept once imported."""
    from PIL import ImageFile

    previous = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = previous


def _relation_targets(package: Package, part: str, kind: str) -> dict[str, str]:
    """Return the targets of a part's relations of some kind, by their ids."""
    return {
        relation.id: relation.target
        for relation in relations_of(package, part)
        if relation.kind == kind
    }


def _local_name(element: Element) -> str:
    """Return the tag without its namespace."""
    return element.tag.rpartition("}")[2]


def _find(element: Element, name: str) -> Element | None:
    """Return the first descendant with that local name, or None."""
    return next((child for child in element.iter() if _local_name(child) == name), None)


def _corner(anchor: Element) -> str:
    """Return the cell of the upper left corner of an anchor; A1 if it is bound to no cell."""
    start = _find(anchor, "from")
    if start is None:
        return "A1"
    offsets = {_local_name(child): int(child.text or 0) for child in start}
    return cell_name(offsets.get("row", 0) + 1, offsets.get("col", 0) + 1)


def _size_in_mm(anchor: Element) -> tuple[float, float] | None:
    """Return width and height in millimetres; None if the anchor states none.

    A 0 × 0 of the picture itself is an unknown size, one of the anchor is taken as stated.
    """
    for extent in anchor.iter():
        if _local_name(extent) == "ext" and extent.get("cx") is not None:
            width, height = _emu(extent, "cx"), _emu(extent, "cy")
            if (width, height) != (0, 0) or _is_own_extent(extent, anchor):
                return width / EMU_PER_MM, height / EMU_PER_MM
    return None


def _emu(extent: Element, name: str) -> int:
    """Return a length in EMU; 0 for an invalid one."""
    text = extent.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _is_own_extent(extent: Element, anchor: Element) -> bool:
    """Return whether the extent is the anchor's own, which is never left open."""
    return any(child is extent for child in anchor)
