"""Shared state of one conversion: problems, pictures, lists, link targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from reportgen.render.docx.source import box_tree, supported_css
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.laid_out_lines import advance

if TYPE_CHECKING:
    from reportgen.render.docx.conversion.images import Pictures
    from reportgen.render.docx.conversion.numbering import ListNumbering
    from reportgen.render.docx.ir import Picture
    from reportgen.render.docx.source.computed_style import Font
    from reportgen.render.docx.source.laid_out_lines import LaidOutLines
    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box, Style

LINKS = ("#", "http://", "https://", "mailto:", "tel:")
MAX_COLUMNS = 63
SHIFTED_SIZE = 0.65  # of super- and subscripts
AUTHOR_ORIGIN = 3  # WeasyPrint's rank of a template's declarations; those of user agents: below


@dataclass(slots=True, eq=False)
class ConversionContext:
    """One conversion. What has no counterpart is collected in the order of occurrence."""

    layout: Layout
    pictures: Pictures
    lists: ListNumbering
    targets: frozenset[str]  # ids that links lead to
    lines: LaidOutLines
    unsupported: dict[tuple[str, str, str], None] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)
    # Face, weight, slope and character → ems; what is not here is as wide as it is high.
    _advances: dict[tuple[str, bool, bool, str], float] = field(default_factory=dict)

    def report_unsupported(self, code: str, name: str, value: str = "") -> None:
        """Record a tag (E403), or a property with its value (E404), that has no counterpart."""
        self.unsupported[code, name, value] = None

    def check_supported(self, box: Box) -> None:
        """Record what of a box's tag and of the template's declarations for it is unsupported."""
        tag = box_tree.tag(box)
        if tag not in supported_css.TAGS:
            self.report_unsupported("E403", tag)
        if id(box.style) in self._seen:
            return
        self._seen.add(id(box.style))
        for name in box_tree.unsupported_features(box):
            self.report_unsupported("E404", name)
        for name, origin in css.declared_properties(box.style).items():
            if origin >= AUTHOR_ORIGIN and name not in supported_css.PROPERTIES:
                if not name.startswith("--"):
                    self.report_unsupported("E404", name)
            elif origin >= AUTHOR_ORIGIN and name in supported_css.VALUES:
                value = css.keyword_value(box.style, name)
                if value not in supported_css.VALUES[name]:
                    self.report_unsupported("E404", name, value)
            elif (
                origin >= AUTHOR_ORIGIN
                and name.endswith("color")
                and not css.has_color(box.style, name)
            ):
                self.report_unsupported("E404", name)

    def picture(self, box: Box) -> Picture | None:
        """Return the picture in a box, or None after recording one that Word cannot show."""
        self.check_supported(box)
        picture = self.pictures.picture(box)
        if picture is None:
            self.report_unsupported("E403", f"img src={box_tree.attribute(box, 'src')[:60]}")
        return picture

    def link(self, box: Box) -> str:
        """Return the target of a box's link, or "" for one that only a program could follow."""
        address = box_tree.link(box)
        if address and not address.startswith(LINKS):
            self.report_unsupported("E403", f"a href={box_tree.attribute(box, 'href')[:60]}")
            return ""
        return address

    def columns(self, table: Box) -> tuple[float, ...]:
        """Return the widths of a table's columns in points; Word supports 63 columns."""
        widths = box_tree.columns(table)
        if widths is None:
            widths = self.layout.column_widths().get(table.element, ())
        if len(widths) > MAX_COLUMNS:
            self.report_unsupported("E403", f"table: {len(widths)} columns")
        return widths

    def learn_advances(self, text: str, font: Font, style: Style) -> None:
        """Measure the characters of a text that are not as wide as the font is high."""
        face = font.latin, font.bold, font.italic
        for letter in dict.fromkeys(text):
            if east_asian_width(letter) not in "WF" and (*face, letter) not in self._advances:
                self._advances[*face, letter] = advance(letter, style)

    def advance(self, letter: str, font: Font) -> float:
        """Return the width of a character in points."""
        ems = self._advances.get((font.latin, font.bold, font.italic, letter), 1.0)
        size = font.size / 2 * (SHIFTED_SIZE if font.shift else 1.0)
        return ems * size + font.spacing / 20

    def check_inline_edges(self, box: Box) -> None:
        """Record inline margins, paddings and unequal borders: Word has none of them."""
        if not box_tree.is_principal_box(box):
            return
        for edge in ("margin", "padding"):
            for side, size in zip(css.BoxSides._fields, css.sides(box, edge, 0.0), strict=True):
                if size:
                    self.report_unsupported("E404", f"{edge}-{side}", "")
        if len(set(css.borders_of(box.style))) > 1:
            self.report_unsupported("E404", "border", "")
