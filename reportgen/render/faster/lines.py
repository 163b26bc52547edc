"""Texts are set and measured once."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from reportgen.render import remembered
from reportgen.render.kept import with_style

if TYPE_CHECKING:
    from collections.abc import Callable

MOST: Final = 100_000  # pairs of letters
_PARAGRAPHS: Final = frozenset("\n\r\u2028\u2029")  # what ends one
_NOT_PLAIN: Final = ("a style whose texts need more than the usual",)


def strut(line_break: Any) -> Callable[[Any], Any]:
    """What a style's lines are high is kept with the style, not under all that it depends on."""
    return with_style("strut", line_break.strut)


def iter_line_boxes(block: Any, boxes: Any) -> Callable[..., Any]:
    """Texts that are remembered are not set again (:mod:`reportgen.render.remembered`)."""
    usual = block.iter_line_boxes
    plain = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TextBox))

    def lines(context: Any, box: Any, *others: Any) -> Any:
        _, _, skip_stack, around, _, _, letter, line = others
        shared = remembered.memory()
        given = (context, box, *others)
        if shared is None or skip_stack is not None or letter or line or context.excluded_shapes:
            return usual(*given)
        told = remembered.told(box, plain)
        if told is None:
            return usual(*given)
        key = (told[0], around.width, around.style["direction"], box.position_x, around.position_x)
        return remembered.set_lines(usual, shared, key, told[1], given)

    return lines


def inline_line_widths(preferred: Any, boxes: Any) -> Callable[..., Any]:
    """The widths of texts that are remembered are not measured again."""
    usual = preferred.inline_line_widths
    plain = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TextBox))

    def measured(
        context: Any, box: Any, outer: bool, is_line_start: bool, *others: Any, **named: Any
    ) -> Any:
        shared = remembered.memory()
        given = (context, box, outer, is_line_start, *others)
        how = (*others, *named.values())
        told = remembered.told(box, plain) if shared and isinstance(box, boxes.LineBox) else None
        if shared is None or told is None or any(isinstance(each, dict) for each in how):
            return usual(*given, **named)
        key = (told[0], outer, is_line_start, others, *named.items())
        known = shared.widths.get(key)
        if known is None:
            known = shared.widths[key] = box, tuple(usual(*given, **named))
        return iter(known[1])

    return measured


def avoid_collisions(float_: Any) -> Callable[..., Any]:
    """Where nothing floats, a box has the width that is there."""
    usual = float_.avoid_collisions

    def placed(context: Any, box: Any, around: Any, outer: bool = True) -> Any:
        if (
            context.excluded_shapes
            or box.style["float"] != "none"
            or around.style["direction"] != "ltr"
        ):
            return usual(context, box, around, outer)
        left, top = around.content_box_x(), box.position_y
        right = left + around.width
        if outer:
            return left, top, right - left
        left += box.margin_left
        right -= box.margin_right
        top = box.border_box_y() - box.margin_top
        return left - box.margin_left, top, right - left

    return placed


def can_break_text(line_break: Any) -> Callable[[str, str | None], bool]:
    """Whether a line may break between two letters is asked again and again."""
    kept: Callable[[str, str | None], bool] = lru_cache(MOST)(line_break.can_break_text)

    def can_break(text: str, lang: str | None) -> bool:
        return kept(text, lang)

    return can_break


def setup(line_break: Any) -> Callable[[Any, Any], None]:
    """Fonts and language of a style are looked up once, and not for each text twice."""
    usual = line_break.Layout.setup
    set_up_of = with_style("set_up", partial(_plain, line_break))
    ffi, pango, unref = line_break.ffi, line_break.pango, line_break.gobject.g_object_unref

    def set_up(self: Any, style: Any) -> None:
        known = set_up_of(style)
        if known is _NOT_PLAIN:
            usual(self, style)
            return
        context, self.language, font = known
        self.style, self.first_line_direction = style, 0
        self.layout = ffi.gc(pango.pango_layout_new(context), unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, font)
        self.ascent = self.underline_position = self.strikethrough_position = None

    return set_up


def _plain(line_break: Any, style: Any) -> tuple[Any, ...]:
    """Context, language and font of a text without lines through it or features of its font."""
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


def keep(line_break: Any) -> dict[str, Callable[..., Any]]:
    """A text that has been set is drawn as it was set, and not set again.

    Methods of Pango's layout by their names. WeasyPrint lets the layout of a text go once it knows
    its size, and makes another to draw it: as a single paragraph, and justified if it was to be.
    Of a text that is a single paragraph, and not justified, both are the same.
    """
    layout, pango = line_break.Layout, line_break.pango
    set_text, deactivate, reactivate = layout.set_text, layout.deactivate, layout.reactivate

    def set_one(self: Any, text: str, justify: bool = False) -> None:
        alone = not self.justification_spacing and _PARAGRAPHS.isdisjoint(text)
        self.__dict__["_stays"] = alone
        pango.pango_layout_set_single_paragraph_mode(self.layout, alone)
        set_text(self, text, justify)

    def let_go(self: Any) -> None:
        if not self.__dict__.get("_stays"):
            deactivate(self)

    def take_again(self: Any, style: Any) -> None:
        if not self.__dict__.get("_stays"):
            reactivate(self, style)

    return {"set_text": set_one, "deactivate": let_go, "reactivate": take_again}
