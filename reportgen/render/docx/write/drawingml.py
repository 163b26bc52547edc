"""DrawingML: inline pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from reportgen.render.docx.write.wordml import (
    DRAWING_NS,
    DRAWINGML_NS,
    PICTURE_NS,
    RELATIONSHIP_NS,
    SVG_EXTENSION_NS,
    add_child,
)

if TYPE_CHECKING:
    from reportgen.render.docx.ir import Picture

EMU = 12700  # English metric units of a point
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def write_picture(
    run: etree._Element, picture: Picture, number: int, relations: tuple[str, str]
) -> None:
    """Append a picture to a run.

    ``number`` is unique in the document and part of the picture's name; ``relations`` are the
    relationship ids of the raster picture and of the SVG, the latter empty if there is none.
    """
    width, height = str(round(picture.width * EMU)), str(round(picture.height * EMU))
    label = {"id": str(number), "name": f"Picture {number}", "descr": picture.description}
    inline = _add_element(
        add_child(run, "drawing"), DRAWING_NS, "inline", distT="0", distB="0", distL="0", distR="0"
    )
    _add_element(inline, DRAWING_NS, "extent", cx=width, cy=height)
    _add_element(inline, DRAWING_NS, "docPr", **label)
    _add_element(
        _add_element(inline, DRAWING_NS, "cNvGraphicFramePr"),
        DRAWINGML_NS,
        "graphicFrameLocks",
        noChangeAspect="1",
    )
    data = _add_element(
        _add_element(inline, DRAWINGML_NS, "graphic"), DRAWINGML_NS, "graphicData", uri=PICTURE_NS
    )
    shape = _add_element(data, PICTURE_NS, "pic")
    about = _add_element(shape, PICTURE_NS, "nvPicPr")
    _add_element(about, PICTURE_NS, "cNvPr", **label)
    _add_element(about, PICTURE_NS, "cNvPicPr")
    _write_blip_fill(_add_element(shape, PICTURE_NS, "blipFill"), relations)
    properties = _add_element(shape, PICTURE_NS, "spPr")
    transform = _add_element(properties, DRAWINGML_NS, "xfrm")
    _add_element(transform, DRAWINGML_NS, "off", x="0", y="0")
    _add_element(transform, DRAWINGML_NS, "ext", cx=width, cy=height)
    _add_element(
        _add_element(properties, DRAWINGML_NS, "prstGeom", prst="rect"), DRAWINGML_NS, "avLst"
    )


def _write_blip_fill(parent: etree._Element, relations: tuple[str, str]) -> None:
    """Append the picture's data by relationship ids: the raster picture, and the SVG if not ""."""
    raster, vector = relations
    blip = _add_element(parent, DRAWINGML_NS, "blip")
    blip.set(f"{{{RELATIONSHIP_NS}}}embed", raster)
    if vector:
        extension = _add_element(
            _add_element(blip, DRAWINGML_NS, "extLst"), DRAWINGML_NS, "ext", uri=SVG_EXTENSION
        )
        drawing = etree.SubElement(
            extension, f"{{{SVG_EXTENSION_NS}}}svgBlip", nsmap={"asvg": SVG_EXTENSION_NS}
        )
        drawing.set(f"{{{RELATIONSHIP_NS}}}embed", vector)
    _add_element(_add_element(parent, DRAWINGML_NS, "stretch"), DRAWINGML_NS, "fillRect")


def _add_element(
    parent: etree._Element, space: str, local: str, **attributes: str
) -> etree._Element:
    """Append an element of a namespace with its attributes, and return it."""
    return etree.SubElement(parent, f"{{{space}}}{local}", attributes)
