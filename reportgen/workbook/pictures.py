"""Pictures placed on a sheet, as they were placed.

Read beside openpyxl, which drops a picture in silence: one of another format, and every one
of a drawing that holds a shape it does not know.

Rules: ECMA-376 part 1, 20.5 (spreadsheet drawings). Excel keeps the displayed size in
``xdr:ext`` of a one-cell anchor and in ``a:xfrm`` of the picture itself; without either
the picture's own pixels count, at 96 to the inch.

A picture is decoded once, here: one that is damaged would stop the PDF, or Word, much later.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree

from reportgen.model import CellRef, Picture
from reportgen.problems import Location, make
from reportgen.workbook.places import cell_name
from reportgen.workbook.relations import relations_of
from reportgen.workbook.schema import VALUES
from reportgen.workbook.spreadsheet import PlacedPicture
from reportgen.workbook.texts import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from reportgen.problems import Problem
    from reportgen.workbook.package_check import Package
    from reportgen.workbook.spreadsheet import RawSheet

EMU_PER_MM: Final = 36_000
MM_PER_PIXEL: Final = 25.4 / 96
MAX_PIXELS: Final = 50_000_000  # some 200 MB in memory; an A4 page at 600 dpi has 35 million
MIN_SIDE, MAX_SIDE = 0.1, 10_000.0  # millimetres
MAX_RATIO: Final = 1_000  # of the sides; beyond it nothing would be left on a page
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_FORMAT: Final = ("格式不是 PNG、JPEG 或 GIF", "its format is not PNG, JPEG or GIF")
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
    """What a picture file holds; ``why_not`` says why it cannot be printed, or is empty."""

    content: bytes
    media_type: str
    pixels: tuple[int, int]
    why_not: tuple[str, str] | None = None


def media_type(content: bytes) -> str | None:
    """The type that the first bytes tell, or None for a format that is not printed."""
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    return None


def read_pictures(package: Package, sheet: RawSheet) -> tuple[list[Picture], list[Problem]]:
    """The pictures of a sheet, in its order, and what is wrong with them or others.

    A picture that cannot be printed is left out (E128); one without a description is given
    the sheet's name for it (W135).
    """
    placed = _placed(package, sheet) if package.is_opendocument else _drawn(package, sheet)
    pictures: list[Picture] = []
    problems: list[Problem] = []
    decoded: dict[str, _Decoded] = {}
    for each in placed:
        if each.part not in decoded:
            decoded[each.part] = _decode((package.read(each.part) if each.part else None) or b"")
        where = Location(sheet=sheet.name, cell=each.cell)
        taken = _picture(each, decoded[each.part], where)
        if isinstance(taken, Picture):
            pictures.append(taken)
            if not each.description:
                problems.append(make("W135", where, taken=taken.description))
        else:
            problems.append(make("E128", where, reason=taken[0], reason_en=taken[1]))
    return pictures, problems


def _placed(package: Package, sheet: RawSheet) -> Iterator[PlacedPicture]:
    """The pictures of an OpenDocument, each with its words as they are printed."""
    for each in sheet.pictures:
        yield each._replace(description=clean_text(each.description)[0])


def _drawn(package: Package, sheet: RawSheet) -> Iterator[PlacedPicture]:
    """The pictures in the drawings that an Excel workbook's sheet refers to."""
    for drawing in _related(package, sheet.part, "drawing").values():
        root = ElementTree.fromstring(package.read_xml(drawing) or b"<none/>")
        images = _related(package, drawing, "image")
        for anchor in root:
            shown = _find(anchor, "pic")
            blip = None if shown is None else _find(shown, "blip")
            if shown is None or blip is None:
                continue
            target = next(
                (images[v] for k, v in blip.items() if k.endswith("}embed") and v in images), ""
            )
            width, height = _size(anchor) or (None, None)
            yield PlacedPicture(target, _corner(anchor), _description(shown), width, height)


def _picture(
    placed: PlacedPicture, decoded: _Decoded, where: Location
) -> Picture | tuple[str, str]:
    """A picture as it is placed, or why it cannot be printed."""
    if decoded.why_not is not None:
        return decoded.why_not
    width, height = placed.width, placed.height
    if width is None or height is None:
        width, height = (side * MM_PER_PIXEL for side in decoded.pixels)
    longer, shorter = max(width, height), min(width, height)
    if shorter < MIN_SIDE or longer > MAX_SIDE or longer > MAX_RATIO * shorter:
        return _NO_SIZE
    return Picture(
        content=decoded.content,
        media_type=decoded.media_type,
        description=placed.description or VALUES.name,
        width=width,
        height=height,
        at=CellRef(sheet=where.sheet, cell=where.cell),
    )


def _description(shown: Element) -> str:
    """Its alternative text, which Excel leaves blank until somebody writes one."""
    named = _find(shown, "cNvPr")
    return "" if named is None else clean_text(named.get("descr", ""))[0]


def _decode(content: bytes) -> _Decoded:
    """The picture's pixels, all of them read, so that nothing later stumbles over it."""
    from PIL import Image

    kind = media_type(content)
    if kind is None:
        return _Decoded(content, "", (0, 0), _FORMAT)
    formats = (kind.removeprefix("image/"),)
    try:
        with warnings.catch_warnings(), _no_mercy():
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
def _no_mercy() -> Iterator[None]:
    """Let Pillow refuse a picture that is cut off: WeasyPrint tells it not to, once imported."""
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _related(package: Package, part: str, kind: str) -> dict[str, str]:
    """Return the parts that ``part`` refers to with that kind of relation, by their ids."""
    return {each.id: each.target for each in relations_of(package, part) if each.kind == kind}


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


def _size(anchor: Element) -> tuple[float, float] | None:
    """Width and height in millimetres; 0 × 0 is how some programs leave a size open."""
    for extent in anchor.iter():
        if _local(extent) == "ext" and extent.get("cx") is not None:
            width, height = _emu(extent, "cx"), _emu(extent, "cy")
            if (width, height) != (0, 0) or _is_of_anchor(extent, anchor):
                return width / EMU_PER_MM, height / EMU_PER_MM
    return None


def _emu(extent: Element, name: str) -> int:
    """A length; 0 for what is none."""
    text = extent.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _is_of_anchor(extent: Element, anchor: Element) -> bool:
    """Whether it is the anchor's own, which is never left open."""
    return any(child is extent for child in anchor)
