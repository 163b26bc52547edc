"""Page setup: size, margins, header and footer from the margin boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx.conversion.inlines import upright_ideographs
from reportgen.render.docx.ir import Field, Inline, InlineBreak, Paragraph, ParagraphFormat, Run
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.computed_style import BoxSides, Font, twips
from reportgen.render.docx.source.supported_css import SLOTS
from reportgen.render.docx.write.page_fields import CODES, SWITCHES
from reportgen.render.docx.write.wordml import RELATIONSHIP_NS, add_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import _Element as Element

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Style

EDGES = {"header": "top", "footer": "bottom"}
UNSUPPORTED_BOXES = tuple(
    f"@{name}"
    for name in (
        "top-left-corner", "top-right-corner", "bottom-left-corner", "bottom-right-corner",
        "left-top", "left-middle", "left-bottom", "right-top", "right-middle", "right-bottom",
    )
)  # fmt: skip
NO_CONTENT = ("normal", "none", "inhibit")
FIRST, DEFAULT = "first", "default"  # Word's types of header references


class Page(NamedTuple):
    """Page size and margins, in points; the text is what is between the margins."""

    width: float
    height: float
    margin: BoxSides[float]

    @property
    def text_width(self) -> float:
        """The width between the side margins, in points."""
        return self.width - self.margin.left - self.margin.right


class HeaderFooter(NamedTuple):
    """A header or footer: its paragraph, None if empty, and the points from the paper's edge."""

    paragraph: Paragraph | None
    distance: float


class PageSetup(NamedTuple):
    """The page, and headers and footers by kind ("header") and pages ("first", "default")."""

    page: Page
    edges: dict[tuple[str, str], HeaderFooter]
    first_differs: bool


def read_page_setup(layout: Layout, refuse: Callable[[str, str], None]) -> PageSetup:
    """Return the page setup of a document.

    ``refuse`` is called with E404 and a name for what Word cannot do: another geometry of the first
    page, margin boxes in corners and at the sides, differences within a header or footer.
    """
    pages = {
        page_kind: _page_geometry(layout.page_style(first=page_kind == FIRST))
        for page_kind in (FIRST, DEFAULT)
    }
    if pages[FIRST] != pages[DEFAULT]:
        refuse("E404", "@page :first")
    edges: dict[tuple[str, str], HeaderFooter] = {}
    for page_kind in (FIRST, DEFAULT):
        for kind, side in EDGES.items():
            edges[kind, page_kind] = _header_or_footer(
                layout, pages[page_kind], page_kind, side, refuse
            )
        for name in UNSUPPORTED_BOXES:
            if _visible_style(layout, page_kind, name) is not None:
                refuse("E404", name)
    differs = any(edges[kind, FIRST] != edges[kind, DEFAULT] for kind in EDGES)
    return PageSetup(pages[DEFAULT], edges, differs)


def write_page_setup(
    section: PageSetup,
    body: Element,
    relation: Callable[[str, Paragraph | None], str],
    *,
    marked: bool = False,
) -> None:
    """Append ``w:sectPr`` to ``w:body``.

    ``relation`` adds a header or footer to the package, by its kind and paragraph, and returns its
    relationship id. It is not called for kinds without text; ``marked`` pages have a header all the
    same, for the watermark.
    """
    element = add_child(body, "sectPr")
    page_kinds = (DEFAULT, FIRST) if section.first_differs else (DEFAULT,)
    for kind in EDGES:
        has_text = any(section.edges[kind, page_kind].paragraph for page_kind in page_kinds)
        if not has_text and not (marked and kind == "header"):
            continue
        for page_kind in page_kinds:
            reference = add_child(element, f"{kind}Reference", type=page_kind)
            reference.set(
                f"{{{RELATIONSHIP_NS}}}id", relation(kind, section.edges[kind, page_kind].paragraph)
            )
    page = section.page
    size: dict[str, str | int] = {"w": twips(page.width), "h": twips(page.height)}
    if page.width > page.height:
        size["orient"] = "landscape"
    add_child(element, "pgSz", **size)
    margins = {side: twips(getattr(page.margin, side)) for side in page.margin._fields}
    distances = {kind: twips(section.edges[kind, DEFAULT].distance) for kind in EDGES}
    add_child(element, "pgMar", **margins, **distances, gutter=0)
    if section.first_differs:
        add_child(element, "titlePg")


def _page_geometry(style: Style) -> Page:
    """Return the page size and margins of a page's computed style, in points."""
    width, height = (css.points(length) or 0.0 for length in style["size"])
    margin = BoxSides(
        *(
            css.points(style[f"margin_{side}"], height if side in ("top", "bottom") else width)
            or 0.0
            for side in BoxSides._fields
        )
    )
    return Page(width, height, margin)


def _visible_style(layout: Layout, page_kind: str, name: str) -> Style | None:
    """Return the computed style of a margin box that shows something, or None."""
    style = layout.page_style(first=page_kind == FIRST, box=name)
    return None if style is None or style["content"] in NO_CONTENT else style


def _header_or_footer(
    layout: Layout, page: Page, page_kind: str, side: str, refuse: Callable[[str, str], None]
) -> HeaderFooter:
    """Return the header (``side`` "top") or footer ("bottom") of the first or the other pages.

    It is made of the three margin boxes of the edge, and has no paragraph if none of them shows
    anything. ``refuse`` is called for what Word cannot do.
    """
    margin: float = getattr(page.margin, side)
    boxes = {slot: _visible_style(layout, page_kind, f"@{side}-{slot}") for slot in SLOTS}
    styles = {slot: style for slot, style in boxes.items() if style is not None}
    if not styles:
        return HeaderFooter(None, margin / 2)
    counts = {"page": 1, "pages": len(layout.document.pages)}
    lines = {slot: _content_lines(style, counts, refuse) for slot, style in styles.items()}
    style = next(iter(styles.values()))
    for name in ("vertical-align", "padding-top", "padding-bottom", "line-height"):
        if len({style[name.replace("-", "_")] for style in styles.values()}) > 1:
            refuse("E404", name)  # the three boxes of an edge are one paragraph in Word
    count = max(map(len, lines.values()))
    line = css.line_spacing(style)
    height = line.value / 20 if line.rule != "auto" else css.font_of(style).size / 2 * 1.2
    # Where the text stands in the margin, measured from the paper's edge.
    near_edge, far_edge = ("top", "bottom") if side == "top" else ("bottom", "top")
    ratio = {"middle": 0.5, near_edge: 0.0}.get(style["vertical_align"], 1.0)
    near, far = (css.points(style[f"padding_{edge}"]) or 0.0 for edge in (near_edge, far_edge))
    free = margin - near - far - height * count
    paragraph = _edge_paragraph(_pad_lines(lines, count, style), style, page)
    return HeaderFooter(paragraph, max(near + free * ratio, 0.0))


def _pad_lines(
    lines: dict[str, list[list[Inline]]], count: int, style: Style
) -> dict[str, list[list[Inline]]]:
    """Return the lines of each slot, padded with empty ones to ``count`` lines.

    The padding is above, below or both, so that the lines stand as high as in the PDF.
    """
    ratio = {"top": 0.0, "middle": 0.5}.get(style["vertical_align"], 1.0)
    aligned = {}
    for slot, own in lines.items():
        above = int((count - len(own)) * ratio)
        below = count - len(own) - above
        aligned[slot] = [*([[]] * above), *own, *([[]] * below)]
    return aligned


def _edge_paragraph(lines: dict[str, list[list[Inline]]], style: Style, page: Page) -> Paragraph:
    """Return the paragraph of a header or footer from the lines of its slots.

    A single slot is the paragraph's alignment; several are separated by tabs, with stops at the
    middle and the end of the text. Without a middle there is no stop, so that a left one may be
    longer than half the page.
    """
    look = ParagraphFormat(line=css.line_spacing(style))
    rows = zip(*lines.values(), strict=True)
    if len(lines) == 1:
        (slot,) = lines
        content = _join_lines(row[0] for row in rows)
        return Paragraph(content, css.font_of(style), look._replace(align=slot))
    content = _join_lines(_join_slots(dict(zip(lines, row, strict=True))) for row in rows)
    places = {"center": page.text_width / 2, "right": page.text_width}
    if "center" not in lines:
        del places["center"]
    stops = tuple((slot, twips(place)) for slot, place in places.items())
    return Paragraph(content, css.font_of(style), look, tabs=stops)


def _join_slots(texts: dict[str, list[Inline]]) -> list[Inline]:
    """Return one line of the left, center and right slots, with a tab before each but the first.

    A left slot that is missing is empty; for others there is no tab.
    """
    line = texts.get("left", [])
    for slot in ("center", "right"):
        if slot in texts:
            line = [*line, InlineBreak.TAB, *texts[slot]]
    return line


def _join_lines(lines: Iterable[list[Inline]]) -> tuple[Inline, ...]:
    """Return lines as inline content, with a break between each two."""
    content: list[Inline] = []
    for number, line in enumerate(lines):
        content += [*([InlineBreak.BREAK] if number else []), *line]
    return tuple(content)


def _content_lines(
    style: Style, counts: dict[str, int], refuse: Callable[[str, str], None]
) -> list[list[Inline]]:
    """Return the content of a margin box, line by line; page counters are fields.

    ``counts`` has the texts of the fields by counter. ``refuse`` is called for other content.
    """
    font = css.font_of(style)
    lines: list[list[Inline]] = [[]]
    for kind, value in style["content"]:
        if kind == "string":
            first, *others = css.text_lines(style, value)
            lines[-1] += _runs(first, font)
            lines += [_runs(text, font) for text in others]
        elif kind == "counter()" and value[0] in CODES and value[1] in SWITCHES:
            code = CODES[value[0]] + SWITCHES[value[1]]
            lines[-1].append(Field(code, str(counts[value[0]]), font))
        else:
            refuse("E404", "content")
    return lines


def _runs(text: str, font: Font) -> list[Inline]:
    """Return a text as runs, its East-Asian characters upright; empty for no text."""
    return [*upright_ideographs(Run(text, font))] if text else []
