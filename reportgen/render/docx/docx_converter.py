"""One conversion from end to end: build the representation, choose styles, write, zip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.render.docx.conversion import section_properties
from reportgen.render.docx.conversion.blocks import BlockBuilder
from reportgen.render.docx.conversion.images import Pictures
from reportgen.render.docx.conversion.numbering import ListNumbering
from reportgen.render.docx.conversion_context import ConversionContext
from reportgen.render.docx.ir import Field, Paragraph, ParagraphFormat, Run, paragraphs
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source import problem_location
from reportgen.render.docx.source.font_mapping import is_east_asian
from reportgen.render.docx.source.laid_out_lines import read_lines
from reportgen.render.docx.write import paragraph_properties
from reportgen.render.docx.write.docx_package import WordPackage
from reportgen.render.docx.write.named_styles import NamedStyles, ParagraphStyle
from reportgen.render.docx.write.table_styles import TableStyles
from reportgen.render.docx.write.vml_watermark import write_watermark
from reportgen.render.docx.write.wordml import add_child, qualified_name, root_element
from reportgen.render.docx.write.wordml_serializer import DocumentWriter
from reportgen.render.layout import watermark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml.etree import _Element as Element

    from reportgen.problems import Problem
    from reportgen.render.docx import Properties
    from reportgen.render.docx.source.computed_style import Font
    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.layout.watermark import Watermark


def convert_document(
    layout: Layout, properties: Properties, template: Path
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the bytes of the Word file, and E403 and E404 for what could not be mapped.

    ``template`` is the folder in which the problems are located.
    """
    # Box tree → intermediate representation; what is unsupported is collected in the context.
    context = _new_context(layout)
    section = section_properties.read_page_setup(layout, context.report_unsupported)
    base = css.font_of(layout.style(layout.root))
    blocks = BlockBuilder(context, base).convert_body(layout.box_tree, section.page.text_width)
    # Styles can be chosen only when all that they may format is known.
    all_paragraphs = paragraphs(blocks)
    styles = NamedStyles(
        all_paragraphs, ParagraphFormat(line=css.line_spacing(layout.style(layout.root))), base
    )
    table_styles = TableStyles(blocks)
    # Intermediate representation → XML: the body, then the headers and footers of the section.
    file = WordPackage(context.pictures.rasterized())
    writer = DocumentWriter(styles, table_styles, file)
    writer.write_blocks(file.body, blocks)
    mark = watermark.read_watermark(layout)
    section_properties.write_page_setup(
        section,
        file.body,
        lambda what, p: file.add_header_or_footer(what, _header_or_footer(writer, what, p, mark)),
        marked=mark is not None,
    )
    # The other parts of the package.
    _write_defaults(file.xml("styles"), styles, properties.language)
    styles.write(file.xml("styles"))
    table_styles.write(file.xml("styles"))
    context.lists.write(file.xml("numbering"))
    file.write_font_table(_font_families(all_paragraphs, section, base))
    file.write_properties(properties)
    problems = problem_location.locate_unsupported(context.unsupported, template, layout.root)
    return file.save(), problems


def _new_context(layout: Layout) -> ConversionContext:
    """Return the state of a new conversion, with the ids that the document's links lead to."""
    lists = ListNumbering()
    pictures = Pictures(layout)
    targets = frozenset(
        element.get("href", "")[1:]
        for element in layout.root.iter("a")
        if element.get("href", "").startswith("#")
    ) - {""}
    return ConversionContext(layout, pictures, lists, targets, read_lines(layout))


def _header_or_footer(
    writer: DocumentWriter, kind: str, paragraph: Paragraph | None, mark: Watermark | None
) -> Element:
    """Return the XML of a header or footer (``kind``), a header with the watermark if there is one.

    A header or footer without text has an empty paragraph, as Word requires one.
    """
    element = root_element({"header": "hdr", "footer": "ftr"}[kind])
    normal = writer.styles.normal
    style = ParagraphStyle(kind.title(), kind, "", 0, normal.look, normal.font)
    if mark is None or kind != "header":
        writer.write_paragraph(element, paragraph or Paragraph((), normal.font, normal.look), style)
        return element
    writer.write_paragraph(element, paragraph or _minimal_paragraph(normal), style)
    font = normal.font.cjk if is_east_asian(mark.text) else normal.font.latin
    write_watermark(element[0], mark, font, writer.next_id("watermark"))
    return element


def _minimal_paragraph(normal: ParagraphStyle) -> Paragraph:
    """Return an empty paragraph of minimal height, so that a watermark does not move the text."""
    return Paragraph(
        (), normal.font._replace(size=2), normal.look._replace(line=css.LineSpacing(20, "exact"))
    )


def _write_defaults(styles: Element, chosen: NamedStyles, language: str) -> None:
    """Fill the defaults and the Normal style in ``styles``, the root of the styles part.

    These are font, size and language, and the line spacing unless it is Word's default.
    """
    defaults = styles[0][0]
    paragraph_properties.write_font(
        defaults, chosen.normal.font, paragraph_properties.WORD_DEFAULT_FONT
    )
    add_child(defaults[0], "lang", val="en-US", eastAsia=language, bidi="ar-SA")
    line = chosen.normal.look.line
    normal = next(style for style in styles if style.get(qualified_name("styleId")) == "Normal")
    if line is not None:
        add_child(add_child(normal, "pPr"), "spacing", line=line.value, lineRule=line.rule)


def _font_families(
    all_paragraphs: Iterable[Paragraph], section: section_properties.PageSetup, base: Font
) -> list[str]:
    """Return the families used in paragraphs, headers, footers and the base font, sorted.

    Each font counts with its Latin and its East-Asian family, whether its text needs both or not.
    """
    fonts = {base}
    edges = (edge.paragraph for edge in section.edges.values())
    for paragraph in (*all_paragraphs, *filter(None, edges)):
        fonts.add(paragraph.font)
        fonts |= {part.font for part in paragraph.content if isinstance(part, Run | Field)}
    return sorted({face for font in fonts for face in (font.latin, font.cjk)})
