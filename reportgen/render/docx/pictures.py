"""Pictures: PNG, JPEG and GIF as they are; SVG as it is, with a PNG beside it for older Words.

The PNGs of one document are drawn in one go: WeasyPrint paints every SVG on a page of its
own, pypdfium2 makes pixels of the pages.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from reportgen.render.docx import tree
from reportgen.render.docx.story import Picture

if TYPE_CHECKING:
    from reportgen.render.layout import Layout

SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
SVG = "{http://www.w3.org/2000/svg}svg"
DECLARATION = "{http://www.w3.org/2000/xmlns/}"  # how HTML parsers keep an xmlns attribute
DOTS = 3  # pixels for each point of a drawn SVG: 216 dpi


@dataclass(slots=True, eq=False)
class Pictures:
    """The pictures of one document."""

    layout: Layout
    drawings: dict[Picture, None] = field(default_factory=dict)
    _sizes: dict[Any, tuple[float, float]] | None = None

    def picture(self, box: Any) -> Picture | None:
        """A laid-out picture; None: it is in a format that Word does not know, or has no size."""
        element = box.element
        if self._sizes is None:
            self._sizes = self.layout.picture_sizes()
        width, height = self._sizes.get(element, (0.0, 0.0))
        if not width or not height:
            return None
        if element.tag == SVG:
            content = _serialized(element)
            description = element.get("aria-label", "") or _title(element)
        else:
            content = self._content(element)
            description = tree.attribute(box, "alt")
        vector = b"<svg" in content[:1000] or b":svg" in content[:1000]
        if not vector and not content.startswith(SIGNATURES):
            return None
        made = Picture(content, vector, description, width, height)
        if vector:
            self.drawings[made] = None
        return made

    def _content(self, element: Any) -> bytes:
        try:
            return self.layout.resource(element, "src")
        except (OSError, ValueError):  # refused, not there or not readable
            return b""

    def drawn(self) -> dict[Picture, bytes]:
        """The PNG of every SVG."""
        return draw(list(self.drawings), self.layout) if self.drawings else {}


def draw(pictures: list[Picture], layout: Layout) -> dict[Picture, bytes]:
    """PNGs of SVGs, with the fonts of the document they stand in."""
    import pypdfium2
    from weasyprint import HTML

    page = "@page p{0}{{margin:0;size:{1}pt {2}pt}}.p{0}{{page:p{0}}}"
    rules = "".join(page.format(n, p.width, p.height) for n, p in enumerate(pictures))
    places = "".join(_placed(number, picture) for number, picture in enumerate(pictures))
    html = (
        f"<style>{rules}body{{margin:0}}img{{display:block;width:100%;height:100%}}</style>{places}"
    )
    pdf = HTML(string=html, url_fetcher=layout.document.url_fetcher).write_pdf(
        font_config=layout.document.font_config
    )
    document = pypdfium2.PdfDocument(pdf)
    images: dict[Picture, bytes] = {}
    try:
        for number, picture in enumerate(pictures):
            buffer = BytesIO()
            document[number].render(scale=DOTS).to_pil().save(buffer, "PNG")
            images[picture] = buffer.getvalue()
    finally:
        document.close()
    return images


def _placed(number: int, picture: Picture) -> str:
    from base64 import b64encode

    source = b64encode(picture.content).decode()
    size = f"width:{picture.width}pt;height:{picture.height}pt;overflow:hidden"
    return (
        f'<div class="p{number}" style="{size}">'
        f'<img src="data:image/svg+xml;base64,{source}"></div>'
    )


def _serialized(element: Any) -> bytes:
    """An inline ``svg`` as a file of its own."""
    root = copy.deepcopy(element)
    root.tail = None
    for part in root.iter():
        for name in [name for name in part.attrib if name.startswith(DECLARATION)]:
            del part.attrib[name]
    ElementTree.register_namespace("", SVG[1:].partition("}")[0])
    content: bytes = ElementTree.tostring(root, encoding="utf-8")
    return content


def _title(element: Any) -> str:
    found = element.find("{http://www.w3.org/2000/svg}title")
    return (found.text or "") if found is not None else ""
