"""Rasterization: a page of a PDF as a PNG, fast enough for a preview that somebody waits for.

A page is mostly white. PDFium rasterizes it in some milliseconds, while imaging libraries take ten
times as long to write a small PNG of it: unfiltered rows, lightly compressed, suffice.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

ZLIB_LEVEL: Final = 1  # of zlib: twice as fast as its own choice, and 10 % larger
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"  # PNG, third edition, 5.2
_COLOUR_TYPES: Final = {3: 2, 4: 6}  # by number of channels, RGB and RGBA: 11.2.1


def rasterize(pdf: bytes | Path, index: int, width: int) -> bytes:
    """Return page ``index``, from 0, of a PDF as a PNG ``width`` pixels wide, in its proportions.

    Raises PdfiumError for a page that it does not have, and for a file that is no PDF.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[index]
        return page_png(page, width / page.get_width(), ZLIB_LEVEL)


def page_png(page: Any, scale: float, level: int, *, transparent: bool = False) -> bytes:
    """Return a page of a PDF as a PNG of ``scale`` pixels a point, and close the page.

    ``level`` is zlib's. The paper is white, or ``transparent``. The same pixels give the same bytes
    on every system, which Pillow's own zlib does not promise.
    """
    paper = (255, 255, 255, 0 if transparent else 255)
    bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=paper)
    try:
        return _encode_png(bitmap, level)
    finally:
        bitmap.close()
        page.close()


def _encode_png(bitmap: Any, level: int) -> bytes:
    """Return a PNG of a PDFium bitmap of RGB or RGBA, its rows without filters."""
    pixels = memoryview(bitmap.buffer).cast("B")
    rows = b"".join(
        part
        for start in range(0, bitmap.height * bitmap.stride, bitmap.stride)
        for part in (b"\0", pixels[start : start + bitmap.n_channels * bitmap.width])
    )
    # Bits, colours; compression, filter, no interlace: 11.2.1
    kind = (8, _COLOUR_TYPES[bitmap.n_channels], 0, 0, 0)
    header = struct.pack(">II5B", bitmap.width, bitmap.height, *kind)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, level)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_png_chunk(name, content) for name, content in parts)


def _png_chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG: its length, name, content and checksum."""
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
