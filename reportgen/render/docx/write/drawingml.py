"""DrawingML: inline pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from reportgen.render.docx.write.wordml import ASVG, PIC, WP, A, R, w

if TYPE_CHECKING:
    from reportgen.render.docx.ir import Picture

EMU = 12700  # English metric units of a point
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def write_picture(
    run: etree._Element, picture: Picture, number: int, relations: tuple[str, str]
) -> None:
    """Append a picture to a run.

    ``number`` is unique in the document; ``relations`` are the relationship ids of the raster
    picture and of the SVG, the latter empty if there is none.
    """
    width, height = str(round(picture.width * EMU)), str(round(picture.height * EMU))
    label = {"id": str(number), "name": f"Picture {number}", "descr": picture.description}
    inline = _add(w(run, "drawing"), WP, "inline", distT="0", distB="0", distL="0", distR="0")
    _add(inline, WP, "extent", cx=width, cy=height)
    _add(inline, WP, "docPr", **label)
    _add(_add(inline, WP, "cNvGraphicFramePr"), A, "graphicFrameLocks", noChangeAspect="1")
    data = _add(_add(inline, A, "graphic"), A, "graphicData", uri=PIC)
    shape = _add(data, PIC, "pic")
    about = _add(shape, PIC, "nvPicPr")
    _add(about, PIC, "cNvPr", **label)
    _add(about, PIC, "cNvPicPr")
    _write_blip_fill(_add(shape, PIC, "blipFill"), relations)
    properties = _add(shape, PIC, "spPr")
    transform = _add(properties, A, "xfrm")
    _add(transform, A, "off", x="0", y="0")
    _add(transform, A, "ext", cx=width, cy=height)
    _add(_add(properties, A, "prstGeom", prst="rect"), A, "avLst")


def _write_blip_fill(parent: etree._Element, relations: tuple[str, str]) -> None:
    raster, vector = relations
    blip = _add(parent, A, "blip")
    blip.set(f"{{{R}}}embed", raster)
    if vector:
        extension = _add(_add(blip, A, "extLst"), A, "ext", uri=SVG_EXTENSION)
        drawing = etree.SubElement(extension, f"{{{ASVG}}}svgBlip", nsmap={"asvg": ASVG})
        drawing.set(f"{{{R}}}embed", vector)
    _add(_add(parent, A, "stretch"), A, "fillRect")


def _add(parent: etree._Element, space: str, local: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{space}}}{local}", attributes)
