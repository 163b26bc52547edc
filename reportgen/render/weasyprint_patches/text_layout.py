"""Patches of text layout: texts are set and measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, preferred
from weasyprint.text import line_break
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p

from reportgen.render.layout import layout_cache
from reportgen.render.layout.memoize import memoize_per_style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from weasyprint.text.line_break import Layout

    from reportgen.render.weasyprint_types import Box, LayoutContext, SkipStack, Style

_PARAGRAPH_SEPARATORS: Final = frozenset("\n\r\u2028\u2029")
_NOT_PLAIN: Final = ("a style whose texts need more than the usual",)
_TEXT_BOXES: Final = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TextBox))
_iter_line_boxes: Callable[..., Iterator[tuple[Box, SkipStack | None]]] = block.iter_line_boxes
_inline_line_widths: Callable[..., Iterator[float]] = preferred.inline_line_widths
_setup, _set_text = line_break.Layout.setup, line_break.Layout.set_text
_deactivate, _reactivate = line_break.Layout.deactivate, line_break.Layout.reactivate

# Height and baseline of an empty line. The original caches them under all properties that they
# depend on, which takes longer.
strut = memoize_per_style("strut", line_break.strut)


def iter_line_boxes(
    context: LayoutContext, box: Box, *others: Any
) -> Iterator[tuple[Box, SkipStack | None]]:
    """Return the lines of a box with their ends, those of the layout cache in use if it has them.

    The lines of plain text of one key and width are laid out once; without a cache, beside floats,
    from the middle of a text and with special first letters or lines it is left to the original.
    See :mod:`reportgen.render.layout.layout_cache`.
    """
    _, _, skip_stack, containing_block, _, _, letter, line = others
    cache = layout_cache.current_cache()
    arguments = (context, box, *others)
    if cache is None or skip_stack is not None or letter or line or context.excluded_shapes:
        return _iter_line_boxes(*arguments)
    key_and_elements = layout_cache.cache_key(box, _TEXT_BOXES)
    if key_and_elements is None:
        return _iter_line_boxes(*arguments)
    key = (
        key_and_elements[0],
        containing_block.width,
        containing_block.style["direction"],
        box.position_x,
        containing_block.position_x,
    )
    return layout_cache.lay_out_lines(_iter_line_boxes, cache, key, key_and_elements[1], arguments)


def inline_line_widths(
    context: LayoutContext,
    box: Box,
    outer: bool,
    is_line_start: bool,
    *others: object,
    **named: object,
) -> Iterator[float]:
    """Return the widths of the lines of a box, in CSS pixels, from the layout cache in use.

    Without a cache, and for what is more than plain text, it is left to the original.
    """
    cache = layout_cache.current_cache()
    arguments = (context, box, outer, is_line_start, *others)
    key_and_elements = (
        layout_cache.cache_key(box, _TEXT_BOXES)
        if cache and isinstance(box, boxes.LineBox)
        else None
    )
    if (
        cache is None
        or key_and_elements is None
        or any(isinstance(parameter, dict) for parameter in (*others, *named.values()))
    ):
        return _inline_line_widths(*arguments, **named)
    key = (key_and_elements[0], outer, is_line_start, others, *named.items())
    cached = cache.widths.get(key)
    if cached is None:
        cached = cache.widths[key] = box, tuple(_inline_line_widths(*arguments, **named))
    return iter(cached[1])


def setup(self: Layout, style: Style) -> None:
    """Set up a Pango layout with fonts and language of a style, which are looked up once for it.

    Styles with decoration or font features are left to the original.
    """
    plain = _set_up_of(style)
    if plain is _NOT_PLAIN:
        _setup(self, style)
        return
    context, self.language, font = plain
    self.style, self.first_line_direction = style, 0
    self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(self.layout, False)
    pango.pango_layout_set_font_description(self.layout, font)
    self.ascent = self.underline_position = self.strikethrough_position = None


def _plain_set_up(style: Style) -> tuple[object, ...]:
    """Return the Pango context, language and font of a style.

    For a style with decoration or font features it is ``_NOT_PLAIN``.
    """
    features = line_break.font_features(
        *(style[f"font_{name}"] for name in ("kerning", "variant_ligatures", "variant_position")),
        *(style[f"font_variant_{name}"] for name in ("caps", "numeric", "alternates")),
        style["font_variant_east_asian"],
        style["font_feature_settings"],
    )
    lined = style["text_decoration_line"] != "none"
    if features or lined or style["font_language_override"] != "normal":
        return _NOT_PLAIN
    context = ffi.gc(
        pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref
    )
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    if style["lang"]:
        pointer, _ = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(pointer)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    return context, language, line_break.get_font_description(style)


_set_up_of = memoize_per_style("set_up", _plain_set_up)


# WeasyPrint releases the Pango layout of a text once it knows its size (``deactivate``), and makes
# another to draw it (``reactivate``): as a single paragraph, and justified if required. For a text
# that is a single paragraph, and not justified, both are the same: it is kept until it is drawn.


def set_text(self: Layout, text: str, justify: bool = False) -> None:
    """Set a text, and record whether its layout can be kept until it is drawn."""
    is_reusable = not self.justification_spacing and _PARAGRAPH_SEPARATORS.isdisjoint(text)
    self.__dict__["_stays"] = is_reusable
    pango.pango_layout_set_single_paragraph_mode(self.layout, is_reusable)
    _set_text(self, text, justify)


def deactivate(self: Layout) -> None:
    """Release the layout of a text, unless it is kept."""
    if not self.__dict__.get("_stays"):
        _deactivate(self)


def reactivate(self: Layout, style: Style) -> None:
    """Make the layout of a text again, unless it is kept."""
    if not self.__dict__.get("_stays"):
        _reactivate(self, style)
