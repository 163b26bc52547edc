"""Qualified names of OpenDocument's elements and attributes, as lxml spells them."""

from __future__ import annotations

from typing import Any, Final

_SPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
OFFICE, TABLE, TEXT, STYLE, NUMBER, DRAW, SVG, CONFIG, META = (
    f"{{{_SPACE.format(name)}}}"
    for name in (
        *("office", "table", "text", "style", "datastyle", "drawing", "svg-compatible", "config"),
        "meta",
    )
)
FO: Final = f"{{{_SPACE.format('xsl-fo-compatible')}}}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"
CALCEXT: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
LOEXT: Final = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
Xml = Any  # an element of lxml
