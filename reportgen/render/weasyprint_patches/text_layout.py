"""Patches of text layout: texts are set and measured once."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from reportgen.render.layout import layout_cache
from reportgen.render.layout.memoize import memoize_per_style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from weasyprint.text.line_break import Layout

    from reportgen.render.weasyprint_types import Box, LayoutContext, SkipStack, Style

MAX_CACHED_PAIRS: Final = 100_000  # pairs of letters
_PARAGRAPH_SEPARATORS: Final = frozenset("\n\r\u2028\u2029")
_NOT_PLAIN: Final = ("a style whose texts need more than the usual",)


def strut(line_break: ModuleType) -> Callable[[Style], object]:
    """Return a ``strut`` (height and baseline of an empty line) that is cached with the style.

    The original caches it under all properties that it depends on, which takes longer.
    """
    return memoize_per_style("strut", line_break.strut)


def iter_line_boxes(
    block: ModuleType, boxes: ModuleType
) -> Callable[..., Iterator[tuple[Box, SkipStack | None]]]:
    """Return an ``iter_line_boxes`` that reuses lines of the layout cache in use.

    The lines of plain text of one key and width are laid out once; without a cache, beside floats,
    from the middle of a text and with special first letters or lines it is left to the original.
    See :mod:`reportgen.render.layout.layout_cache`.
    """
    original: Callable[..., Iterator[tuple[Box, SkipStack | None]]] = block.iter_line_boxes
    plain = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TextBox))

    def patched(
        context: LayoutContext, box: Box, *others: Any
    ) -> Iterator[tuple[Box, SkipStack | None]]:
        """Return the lines of a box with their ends, cached if it is plain text."""
        _, _, skip_stack, containing_block, _, _, letter, line = others
        cache = layout_cache.current_cache()
        arguments = (context, box, *others)
        if cache is None or skip_stack is not None or letter or line or context.excluded_shapes:
            return original(*arguments)
        key_and_elements = layout_cache.cache_key(box, plain)
        if key_and_elements is None:
            return original(*arguments)
        key = (
            key_and_elements[0],
            containing_block.width,
            containing_block.style["direction"],
            box.position_x,
            containing_block.position_x,
        )
        return layout_cache.lay_out_lines(original, cache, key, key_and_elements[1], arguments)

    return patched


def inline_line_widths(preferred: ModuleType, boxes: ModuleType) -> Callable[..., Iterator[float]]:
    """Return an ``inline_line_widths`` that reuses the widths of texts in the layout cache in use.

    Without a cache, and for what is more than plain text, it is left to the original.
    """
    original: Callable[..., Iterator[float]] = preferred.inline_line_widths
    plain = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TextBox))

    def patched(
        context: LayoutContext,
        box: Box,
        outer: bool,
        is_line_start: bool,
        *others: object,
        **named: object,
    ) -> Iterator[float]:
        """Return the widths of the lines of a box, in CSS pixels, cached if it is plain text."""
        cache = layout_cache.current_cache()
        arguments = (context, box, outer, is_line_start, *others)
        parameters = (*others, *named.values())
        key_and_elements = (
            layout_cache.cache_key(box, plain) if cache and isinstance(box, boxes.LineBox) else None
        )
        if (
            cache is None
            or key_and_elements is None
            or any(isinstance(parameter, dict) for parameter in parameters)
        ):
            return original(*arguments, **named)
        key = (key_and_elements[0], outer, is_line_start, others, *named.items())
        cached = cache.widths.get(key)
        if cached is None:
            cached = cache.widths[key] = box, tuple(original(*arguments, **named))
        return iter(cached[1])

    return patched


def avoid_collisions(float_: ModuleType) -> Callable[..., Any]:
    """Return an ``avoid_collisions`` with a short path if there are no floats.

    The returned function gives left, top and available width for a box, in CSS pixels.
    """
    original = float_.avoid_collisions

    def patched(context: LayoutContext, box: Box, containing_block: Box, outer: bool = True) -> Any:
        """Return left, top and available width for a box, in CSS pixels."""
        if (
            context.excluded_shapes
            or box.style["float"] != "none"
            or containing_block.style["direction"] != "ltr"
        ):
            return original(context, box, containing_block, outer)
        left, top = containing_block.content_box_x(), box.position_y
        right = left + containing_block.width
        if outer:
            return left, top, right - left
        left += box.margin_left
        right -= box.margin_right
        top = box.border_box_y() - box.margin_top
        return left - box.margin_left, top, right - left

    return patched


def can_break_text(line_break: ModuleType) -> Callable[[str, str | None], bool]:
    """Return a ``can_break_text`` that caches whether a line may break within a text.

    The texts that it is called with are mostly pairs of letters; the latest 100,000 are kept.
    """
    cached: Callable[[str, str | None], bool] = lru_cache(MAX_CACHED_PAIRS)(
        line_break.can_break_text
    )

    def patched(text: str, lang: str | None) -> bool:
        return cached(text, lang)

    return patched


def setup(line_break: ModuleType) -> Callable[[Layout, Style], None]:
    """Return a ``Layout.setup`` that looks up fonts and language once for each style.

    Styles with decoration or font features are left to the original.
    """
    original = line_break.Layout.setup
    set_up_of = memoize_per_style("set_up", partial(_plain_set_up, line_break))
    ffi, pango, unref = line_break.ffi, line_break.pango, line_break.gobject.g_object_unref

    def patched(self: Layout, style: Style) -> None:
        """Set up a Pango layout with fonts and language of a style."""
        plain = set_up_of(style)
        if plain is _NOT_PLAIN:
            original(self, style)
            return
        context, self.language, font = plain
        self.style, self.first_line_direction = style, 0
        self.layout = ffi.gc(pango.pango_layout_new(context), unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, font)
        self.ascent = self.underline_position = self.strikethrough_position = None

    return patched


def _plain_set_up(line_break: ModuleType, style: Style) -> tuple[object, ...]:
    """Return the Pango context, language and font of a style.

    For a style with decoration or font features it is ``_NOT_PLAIN``.
    """
    ffi, pango = line_break.ffi, line_break.pango
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
        pango.pango_font_map_create_context(style.font_config.font_map),
        line_break.gobject.g_object_unref,
    )
    pango.pango_context_set_round_glyph_positions(context, False)
    direction = line_break.PANGO_DIRECTION[style["direction"]]
    pango.pango_context_set_base_dir(context, direction)
    if style["lang"]:
        pointer, _ = line_break.unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(pointer)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    return context, language, line_break.get_font_description(style)


def keep_text_layouts(line_break: ModuleType) -> dict[str, Callable[..., None]]:
    """Return replacements of three methods of WeasyPrint's ``Layout``, by name.

    WeasyPrint releases the Pango layout of a text once it knows its size (``deactivate``), and
    makes another to draw it (``reactivate``): as a single paragraph, and justified if required. For
    a text that is a single paragraph, and not justified, both are the same: ``set_text`` records
    that, and the two others then do nothing, so that the layout is kept until it is drawn.
    """
    layout, pango = line_break.Layout, line_break.pango
    set_text, deactivate, reactivate = layout.set_text, layout.deactivate, layout.reactivate

    def patched_set_text(self: Layout, text: str, justify: bool = False) -> None:
        """Set a text, and record whether its layout can be kept until it is drawn."""
        is_reusable = not self.justification_spacing and _PARAGRAPH_SEPARATORS.isdisjoint(text)
        self.__dict__["_stays"] = is_reusable
        pango.pango_layout_set_single_paragraph_mode(self.layout, is_reusable)
        set_text(self, text, justify)

    def patched_deactivate(self: Layout) -> None:
        if not self.__dict__.get("_stays"):
            deactivate(self)

    def patched_reactivate(self: Layout, style: Style) -> None:
        if not self.__dict__.get("_stays"):
            reactivate(self, style)

    return {
        "set_text": patched_set_text,
        "deactivate": patched_deactivate,
        "reactivate": patched_reactivate,
    }
