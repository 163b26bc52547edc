"""The HTML output: the laid-out pages as one page for the screen, complete in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from reportgen.render.layout.laid_out_document import body_element, deep_copy, serialize

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout

_COLUMNS_CLASS: Final = "screen-columns"  # what is a table by its stylesheet alone
SCREEN_STYLE: Final = f"""
@media screen {{
  html {{ -webkit-text-size-adjust: 100%; text-size-adjust: 100% }}
  main {{ display: block; max-width: 257mm; margin: 0 auto; padding: 0 16px }}
  main > * {{ padding: 24px 0; overflow-x: auto }}
  main > * + * {{ border-top: 1px solid #6b7688 }}
}}
@media screen and (max-width: 260mm) {{
  main table {{ min-width: 240mm }} /* the page is as wide as the screen, the table scrolls */
}}
@media screen and (max-width: 640px) {{
  main h1, main h1 * {{ font-size: 17pt !important; letter-spacing: 0 !important }}
  main h1 {{ margin-top: 8px !important }}
  main p, main div {{ margin-left: 0 !important; margin-right: 0 !important }}
  main .{_COLUMNS_CLASS}, main .{_COLUMNS_CLASS} > * {{
    display: block !important; width: auto !important; margin-top: 8px !important
  }}
}}
"""


def html_page(layout: Layout, css: str) -> str:
    """Return the laid-out HTML as one file for the screen; the layout is not changed.

    ``css`` is the text of the stylesheets that it links: they are embedded, with rules for narrow
    screens. A missing ``main`` landmark or viewport is added; sections with tables can be scrolled
    by keys.
    """
    page = deep_copy(layout.root)
    for original, element in zip(layout.root.iter(), page.iter(), strict=True):
        if isinstance(element.tag, str) and element.tag == "div":
            style = layout.style(original)
            if style is not None and "table" in style["display"]:
                element.set("class", f"{element.get('class', '')} {_COLUMNS_CLASS}".strip())
    (head,), body = page.iterfind("head"), body_element(page)
    _embed_styles(head, css)
    if body.find(".//main") is None:
        main = ElementTree.Element("main")
        main.text, body.text = body.text, None
        main.extend(body)
        body[:] = [main]
    for main in body.iter("main"):
        for section in main:
            if section.find(".//table") is not None:
                section.set("tabindex", "0")  # what scrolls can be scrolled by keys
    return serialize(page)


def _embed_styles(head: Element, css: str) -> None:
    """Replace, in place, the links to stylesheets by one ``style``, before the template's own.

    It holds the sheets' text and SCREEN_STYLE. A missing viewport is added to the head.
    """
    for link in [link for link in head.iterfind("link") if link.get("rel") == "stylesheet"]:
        head.remove(link)
    if head.find("meta[@name='viewport']") is None:
        viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
        ElementTree.SubElement(head, "meta", viewport)
    own_styles = [number for number, child in enumerate(head) if child.tag == "style"]
    style = ElementTree.Element("style")
    style.text = f"\n{css}\n{SCREEN_STYLE.strip()}\n"
    head.insert(own_styles[0] if own_styles else len(head), style)
