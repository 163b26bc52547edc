"""Word's own watermark: WordArt in VML, in the header, identified by its name.

Word's 設計 › 浮水印 › 移除浮水印 (Remove Watermark) finds it by that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from reportgen.render.docx.write.wordml import WORD_NS, add_child
from reportgen.render.layout.watermark import WATERMARK_COLOR

if TYPE_CHECKING:
    from reportgen.render.layout.watermark import Watermark

# The shape «text on a line» (ECMA-376 part 4, 19.1.2.21), as Word writes it.
_SHAPE: Final = (
    '<w:pict xmlns:w="{space}" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:w10="urn:schemas-microsoft-com:office:word">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
    '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
    '<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom"'
    ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/>'
    '<v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
    '<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{shape}"'
    ' type="#_x0000_t136" alt="" style="position:absolute;margin-left:0;margin-top:0;'
    "width:{width:.1f}pt;height:{height:.1f}pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin"'
    ' o:allowincell="f" fillcolor="#{grey}" stroked="f">'
    "<v:textpath style={font} string={text}/>"
    '<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict>'
)
_FIRST_SHAPE: Final = 2048  # Word numbers the shapes of headers from 2049


def write_watermark(paragraph: etree._Element, mark: Watermark, font: str, number: int) -> None:
    """Append a watermark in a font family to a header's paragraph.

    ``number`` is another one for each header, from 1.
    """
    run = add_child(paragraph, "r")
    add_child(add_child(run, "rPr"), "noProof")
    shape = _SHAPE.format(
        space=WORD_NS,
        number=number,
        shape=_FIRST_SHAPE + number,
        width=mark.width,
        height=mark.size,
        grey=WATERMARK_COLOR.lower(),
        font=quoteattr(f'font-family:"{font}";font-size:1pt'),
        text=quoteattr(mark.text),
    )
    run.append(etree.fromstring(shape))
