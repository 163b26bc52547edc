"""Shared state of one conversion: problems, pictures, lists, link targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from reportgen.render.docx.ir import Anchor
from reportgen.render.docx.source import box_tree, css_values, supported_css
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.laid_out_lines import advance
from reportgen.render.docx.source.problem_location import Unsupported

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
OF_PADDING = tuple(f"padding-{side}" for side in css.BoxSides._fields)
OF_FRAMES = (
    *(f"border-{side}-style" for side in css.BoxSides._fields),
    *OF_PADDING,
    "background-color",
)
_NOT_DECLARED = frozenset(("anchor", "lang"))  # WeasyPrint's own, of attributes
AUTHOR_ORIGIN = 3  # WeasyPrint's rank of a template's declarations; those of user agents: below


@dataclass(slots=True, eq=False)
class ConversionContext:
    """One conversion. What has no counterpart is collected in the order of occurrence."""

    layout: Layout
    pictures: Pictures
    lists: ListNumbering
    targets: frozenset[str]  # ids that links lead to
    lines: LaidOutLines
    unsupported: dict[Unsupported, None] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)
    # Face, weight, slope and character → ems; what is not here is as wide as it is high.
    _advances: dict[tuple[str, bool, bool, str], float] = field(default_factory=dict)

    def report_unsupported(
        self, code: str, name: str, value: str = "", *, box: Box | None = None
    ) -> None:
        """Record a tag (E403), or a property with its value (E404), that has no counterpart.

        ``box`` is the box it is declared for, None for pages and whole documents. The same one is
        recorded once; the problem itself is made by ``problem_location.locate_unsupported``.
        """
        pseudo = box.element_tag.partition("::")[2] if box is not None else ""
        element = box.element if box is not None else None
        self.unsupported[Unsupported(code, name, value, element, pseudo)] = None

    def check_supported(self, box: Box) -> None:
        """Record an unsupported tag (E403) of a box, and unsupported declarations for it (E404).

        Only the template's declarations count, not the browser defaults. The declarations of a
        style that several boxes share are looked at once.
        """
        tag = box_tree.tag(box)
        if tag not in supported_css.TAGS:
            self.report_unsupported("E403", tag)
        if id(box.style) in self._seen:
            return
        self._seen.add(id(box.style))
        for name in box_tree.unsupported_features(box):
            self.report_unsupported("E404", name)
        for name, origin in css.declared_properties(box.style).items():
            if origin < AUTHOR_ORIGIN or name[:2] == "--" or name in _NOT_DECLARED:
                continue
            unsupported = self._unsupported_value(box, name)
            if unsupported is not None:
                self.report_unsupported("E404", name, unsupported, box=box)

    def _unsupported_value(self, box: Box, name: str) -> str | None:
        """Return the unsupported word of a property's computed value, None if it is supported.

        It is "" for a property that is not supported in any form.
        """
        support = supported_css.PROPERTIES.get(name)
        if support is None:
            return None if css_values.is_initial(name, box.style[name.replace("-", "_")]) else ""
        if support.values == ("<family>",):
            return None
        if name.endswith("color"):
            return None if css.has_color(box.style, name) else ""
        if name == "text-decoration-style" and "line-through" in box.style["text_decoration_line"]:
            return None if box.style["text_decoration_style"] == "solid" else ""
        words = css_values.words(name, css.specified_value(box.style, name))
        return next((word.text for word in words if not css_values.accepts(support, word)), None)

    def refuse_declared(self, box: Box, *names: str) -> None:
        """Record E404 for each named property that the template declares for a box.

        A declaration of the initial value is no problem.
        """
        declared = css.declared_properties(box.style)
        for name in names:
            value = box.style[name.replace("-", "_")]
            is_author = declared.get(name, 0) >= AUTHOR_ORIGIN
            if is_author and not css_values.is_initial(name, value):
                self.report_unsupported("E404", name, box=box)

    def check_sizes(self, box: Box, padding: css.BoxSides[float]) -> None:
        """Record E404 for sizes of a block that a paragraph in Word cannot have.

        These are a ``height`` unless the block is empty, its minimum and maximum, and ``padding``
        (points) wider than Word's limit beside a border or background.
        """
        self.refuse_declared(box, "min-height", "max-height")
        if box.children:
            self.refuse_declared(box, "height")
        if any(css.borders_of(box.style)) or css.color(box.style, "background_color"):
            for side, points in zip(css.BoxSides._fields, padding, strict=True):
                if points > css.MAX_BORDER_SPACE_PT:
                    self.report_unsupported("E404", f"padding-{side}", box=box)

    def picture(self, box: Box) -> Picture | None:
        """Return the picture in a box, or None after recording E403 for one that Word cannot show.

        Borders, padding and a background of the picture are recorded as E404.
        """
        self.check_supported(box)
        self.refuse_declared(box, *OF_FRAMES)  # pictures in Word stand bare
        picture = self.pictures.picture(box)
        if picture is None:
            self.report_unsupported("E403", f"img src={box_tree.attribute(box, 'src')[:60]}")
        return picture

    def link_target(self, box: Box) -> str:
        """Return the target of a box's link, "" if it has none.

        A target that is neither in ``LINKS`` nor within the document is E403, and returned as "".
        """
        address = box_tree.link(box)
        if address and not address.startswith(LINKS):
            self.report_unsupported("E403", f"a href={box_tree.attribute(box, 'href')[:60]}")
            return ""
        return address

    def anchors(self, box: Box) -> list[Anchor]:
        """Return the anchor of a box that a link of the document leads to; empty if none does."""
        name = box_tree.attribute(box, "id")
        is_target = name in self.targets and box_tree.is_principal_box(box)
        return [Anchor(name)] if is_target else []

    def column_widths(self, table: Box) -> tuple[float, ...]:
        """Return the widths of a table's columns in points, as laid out; empty if it never was.

        More than the 63 columns that Word supports are recorded as E403, and returned all the same.
        """
        widths = box_tree.columns(table)
        if widths is None:
            widths = self.layout.column_widths().get(table.element, ())
        if len(widths) > MAX_COLUMNS:
            self.report_unsupported("E403", f"table: {len(widths)} columns")
        return widths

    def learn_advances(self, text: str, font: Font, style: Style) -> None:
        """Measure a text's characters, for later calls of ``advance`` with the same face.

        Wide and full-width characters are not measured: they are as wide as the font is high.
        """
        face = font.latin, font.bold, font.italic
        for letter in dict.fromkeys(text):
            if east_asian_width(letter) not in "WF" and (*face, letter) not in self._advances:
                self._advances[*face, letter] = advance(letter, style)

    def advance(self, letter: str, font: Font) -> float:
        """Return the width of a character in points, with the font's letter spacing.

        What ``learn_advances`` has not measured is one em wide.
        """
        ems = self._advances.get((font.latin, font.bold, font.italic, letter), 1.0)
        return ems * font.size / 2 + font.spacing / 20

    def check_inline_edges(self, box: Box) -> None:
        """Record E404 for an inline box's margins, paddings and unequal borders: Word has none.

        Anonymous boxes and pseudo-elements are not checked.
        """
        if not box_tree.is_principal_box(box):
            return
        for edge in ("margin", "padding"):
            for side, size in zip(css.BoxSides._fields, css.sides(box, edge, 0.0), strict=True):
                if size:
                    self.report_unsupported("E404", f"{edge}-{side}", box=box)
        if len(set(css.borders_of(box.style))) > 1:
            self.report_unsupported("E404", css.framing_property(box.style), box=box)
