"""The workbook as a deterministic zip: images placed, the same bytes for the same contents."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D

from reportgen.workbook.reading.embedded_images import EMU_PER_MM
from reportgen.workbook.schema.cell_refs import parse_cell_name
from reportgen.workbook.schema.sheet_grid import FIRST_ROW
from reportgen.workbook.schema.sheets import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

    from openpyxl.workbook import Workbook

    from reportgen.model.scorecard import Picture, RocDate

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store
# Rows keep the height that was guessed only until they are edited.
_FIXED_HEIGHT: Final = re.compile(rb'(<row [^>]*?) customHeight="1"')
_FONT_PARTS: Final = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_TIMESTAMPS: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def place_pictures(book: Workbook, pictures: Sequence[Picture]) -> None:
    """Add each image to 經營核心價值, at its cell and in its size, but below the headings.

    Raises ValueError for a cell that is none.
    """
    page = book[VALUES.name]
    for picture in pictures:
        image = Image(BytesIO(picture.content))
        row, column = parse_cell_name(picture.at.cell)
        size = XDRPositiveSize2D(
            round(picture.width * EMU_PER_MM), round(picture.height * EMU_PER_MM)
        )
        corner = AnchorMarker(col=column - 1, row=max(row, FIRST_ROW) - 1)
        image.anchor = OneCellAnchor(_from=corner, ext=size)
        page.add_image(image)


def save_deterministic(
    book: Workbook,
    target: BinaryIO | Path,
    modified: RocDate,
    descriptions: Sequence[str],
    rows: Sequence[Iterable[bytes]] = (),
) -> None:
    """Write the workbook with fixed dates in its zip, in the order in which Excel reads.

    ``modified`` stands for the time of writing; ``descriptions`` are the alternative texts of the
    images. ``rows``, of each sheet in order, are XML that is appended to the rows that it has.
    Raises OSError if ``target`` cannot be written; writing to a path is not atomic.
    """
    date = modified.to_date()
    book.properties.creator = "reportgen"
    stamp = f"{date.isoformat()}T00:00:00Z".encode()
    more_rows = {
        f"xl/worksheets/sheet{number}.xml": sheet_rows for number, sheet_rows in enumerate(rows, 1)
    }
    raw = BytesIO()
    book.save(raw)
    packed = BytesIO()
    with ZipFile(raw) as source, ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        for name in sorted(source.namelist(), key=_reading_order):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _TIMESTAMPS.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
            elif name == "xl/styles.xml":
                content = _in_schema_order(content)
            elif name == "xl/drawings/drawing1.xml":  # the only one
                content = _with_descriptions(content, descriptions)
            elif name.startswith("xl/worksheets/"):
                content = _FIXED_HEIGHT.sub(rb"\g<1>", content)
                content = _with_rows(content, more_rows.get(name, ()))
            part = ZipInfo(name, _EPOCH)
            part.create_system = 3  # Unix, on Windows too: the same bytes
            part.compress_type = ZIP_DEFLATED
            zipped.writestr(part, content)
    if isinstance(target, Path):
        target.write_bytes(packed.getvalue())
    else:
        target.write(packed.getvalue())


def _with_rows(sheet: bytes, rows: Iterable[bytes]) -> bytes:
    """Return the XML of a sheet with the XML of more rows inserted after its own."""
    before, end, after = sheet.partition(b"</sheetData>")
    return b"".join((before, *rows, end, after))


def _in_schema_order(styles: bytes) -> bytes:
    """Return the styles with the parts of each font as in ECMA-376 part 1, 18.8.22.

    Validators demand this order.
    """
    root = etree.fromstring(styles)
    for font in root.iter("{*}font"):
        font[:] = sorted(font, key=lambda part: _FONT_PARTS.index(etree.QName(part).localname))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_descriptions(drawing: bytes, descriptions: Sequence[str]) -> bytes:
    """Return a drawing with the alternative text of each image; openpyxl calls them all Picture.

    Raises ValueError unless there is a description for each image.
    """
    root = etree.fromstring(drawing)
    for properties, description in zip(root.iter("{*}cNvPr"), descriptions, strict=True):
        properties.set("descr", description)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _reading_order(name: str) -> tuple[int, str]:
    """Return the sort key of a part: content types, relations and workbook come first."""
    first = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
    return (first.index(name) if name in first else len(first), name)
