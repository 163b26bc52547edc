"""DrawingML: inline pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from reportgen.render.docx.write.wordml import NAMESPACES

if TYPE_CHECKING:
    from reportgen.render.docx.ir import Picture

EMU: Final = 12700  # English metric units of a point
_DECLARATIONS: Final = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMESPACES.items())
_DRAWING: Final = (
    f'<w:drawing {_DECLARATIONS}><wp:inline distT="0" distB="0" distL="0" distR="0">'
    "<wp:extent {size}/><wp:docPr {label}/>"
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    f'<a:graphic><a:graphicData uri="{NAMESPACES["pic"]}"><pic:pic>'
    "<pic:nvPicPr><pic:cNvPr {label}/><pic:cNvPicPr/></pic:nvPicPr>"
    '<pic:blipFill><a:blip r:embed="{pixels}">{vector}</a:blip>'
    "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
)
_VECTOR: Final = (
    '<a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
    ' r:embed="{}"/></a:ext></a:extLst>'
)


def write_picture(
    run: etree._Element, picture: Picture, number: int, relations: tuple[str, str]
) -> None:
    """Append a picture to a run.

    ``number`` is unique in the document and part of the picture's name; ``relations`` are the
    relationship ids of the raster picture and of the SVG, the latter empty if there is none.
    """
    pixels, vector = relations
    drawing = _DRAWING.format(
        size=f'cx="{round(picture.width * EMU)}" cy="{round(picture.height * EMU)}"',
        label=f'id="{number}" name="Picture {number}" descr={quoteattr(picture.description)}',
        pixels=pixels,
        vector=_VECTOR.format(vector) if vector else "",
    )
    run.append(etree.fromstring(drawing))
