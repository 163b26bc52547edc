"""Pictures: PNG, JPEG and GIF as they are; SVG with a PNG for older versions of Word.

The PNGs of one document are drawn in one go: WeasyPrint draws every SVG on a page of its own,
pypdfium2 rasterizes the pages.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from reportgen.render.docx.ir import Picture
from reportgen.render.docx.source import box_tree
from reportgen.render.pdf.rasterize import page_png

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box

SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
SVG = "{http://www.w3.org/2000/svg}svg"
SVG_TITLE = "{http://www.w3.org/2000/svg}title"
XMLNS_NAMESPACE = "{http://www.w3.org/2000/xmlns/}"  # how HTML parsers keep an xmlns attribute
PIXELS_PER_POINT = 3  # pixels for each point of a drawn SVG: 216 dpi
ZLIB_LEVEL = 9  # a drawing is made once, and read often


@dataclass(slots=True, eq=False)
class Pictures:
    """The pictures of one document."""

    layout: Layout
    drawings: dict[Picture, None] = field(default_factory=dict)  # SVGs, in document order
    _sizes: dict[Element, tuple[float, float]] | None = None  # points; None: not read yet

    def picture(self, box: Box) -> Picture | None:
        """Return a laid-out picture, or None for a format unknown to Word or an empty size.

        One that cannot be read is None too. The description is the ``alt`` text, of an SVG its
        ``aria-label`` or title. SVGs are remembered for ``rasterized``.
        """
        element = box.element
        if self._sizes is None:
            self._sizes = self.layout.picture_sizes()
        width, height = self._sizes.get(element, (0.0, 0.0))
        if not width or not height:
            return None
        if element.tag == SVG:
            content = _standalone_svg(element)
            description = element.get("aria-label", "") or element.findtext(SVG_TITLE, "")
        else:
            content = self._read_content(element)
            description = box_tree.attribute(box, "alt")
        is_svg = b"<svg" in content[:1000] or b":svg" in content[:1000]
        if not is_svg and not content.startswith(SIGNATURES):
            return None
        picture = Picture(content, is_svg, description, width, height)
        if is_svg:
            self.drawings[picture] = None
        return picture

    def _read_content(self, element: Element) -> bytes:
        """Return the bytes of an image's source, empty if it is refused, missing or unreadable."""
        try:
            return self.layout.resource(element, "src")
        except (OSError, ValueError):  # refused, not there or not readable
            return b""

    def rasterized(self) -> dict[Picture, bytes]:
        """Return the PNG of every SVG that ``picture`` has returned, drawn all at once."""
        return rasterize_svgs(list(self.drawings), self.layout) if self.drawings else {}


def rasterize_svgs(pictures: list[Picture], layout: Layout) -> dict[Picture, bytes]:
    """Return PNGs of SVGs at 216 dpi, with the fonts of the document they are in.

    What they do not paint is transparent: the cell behind them may have a colour.

    ``pictures`` must not be empty.
    """
    import pypdfium2
    from weasyprint import HTML

    page = "@page p{0}{{margin:0;size:{1}pt {2}pt}}.p{0}{{page:p{0}}}"
    rules = "".join(page.format(n, p.width, p.height) for n, p in enumerate(pictures))
    pages_html = "".join(_svg_page(number, picture) for number, picture in enumerate(pictures))
    rules += "body{margin:0}img{display:block;width:100%;height:100%}"
    html = f"<style>{rules}</style>{pages_html}"
    pdf = HTML(string=html, url_fetcher=layout.document.url_fetcher).write_pdf(
        font_config=layout.document.font_config
    )
    with pypdfium2.PdfDocument(pdf) as document:
        return {
            picture: page_png(document[number], PIXELS_PER_POINT, ZLIB_LEVEL, transparent=True)
            for number, picture in enumerate(pictures)
        }


def _svg_page(number: int, picture: Picture) -> str:
    """Return the HTML of page ``number``, which holds one SVG in its size, in points."""
    from base64 import b64encode

    source = b64encode(picture.content).decode()
    size = f"width:{picture.width}pt;height:{picture.height}pt;overflow:hidden"
    return (
        f'<div class="p{number}" style="{size}">'
        f'<img src="data:image/svg+xml;base64,{source}"></div>'
    )


def _standalone_svg(element: Element) -> bytes:
    """Return an inline ``svg`` element as the content of an SVG file, in UTF-8.

    The element is not changed.
    """
    root = copy.deepcopy(element)
    root.tail = None
    for part in root.iter():
        for name in [name for name in part.attrib if name.startswith(XMLNS_NAMESPACE)]:
            del part.attrib[name]
    ElementTree.register_namespace("", SVG[1:].partition("}")[0])
    content: bytes = ElementTree.tostring(root, encoding="utf-8")
    return content
