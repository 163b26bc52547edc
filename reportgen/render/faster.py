"""What makes WeasyPrint lay out faster, and nothing else.

Each function here does what the one of WeasyPrint 70.0 (or tinyhtml5 2.1.0) does that it stands
for, by a shorter way; ``tests/test_faster.py`` shows for each that pages and bytes stay equal, and
``benchmarks/layout.py`` what each of them wins. Of other versions nothing is replaced: they lay out
as usual.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Final

from reportgen.render import remembered

if TYPE_CHECKING:
    from collections.abc import Callable

VERSIONS: Final = {"weasyprint": "70.0", "tinyhtml5": "2.1.0"}
_PACKAGES: Final = tuple(VERSIONS)


def replacements() -> dict[str, tuple[Any, str, Callable[..., Any]]]:
    """What is replaced: a name for it, its module or class, its name there, and by what."""
    from tinyhtml5 import inputstream as stream
    from weasyprint import css
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import block, percent, preferred
    from weasyprint.text import line_break

    return {
        "characters": (stream.HTMLUnicodeInputStream, "chars_until", _chars_until(stream)),
        "flow": (boxes.Box, "is_in_normal_flow", _is_in_normal_flow(boxes)),
        "percentages": (percent, "resolve_percentages", _resolve_percentages(percent, boxes)),
        "strut": (line_break, "strut", _strut(line_break)),
        "missing": (css.ComputedStyle, "__missing__", _missing(css)),
        "widths": (preferred, "inline_line_widths", _inline_line_widths(preferred, boxes)),
        "lines": (block, "iter_line_boxes", _iter_line_boxes(block, boxes)),
        "cascade": (css.StyleFor, "__init__", _cascade(css)),
    }


def applies() -> bool:
    """Whether the versions are those that this module knows."""
    return all(
        getattr(sys.modules.get(name), "VERSION", "") == version
        for name, version in VERSIONS.items()
    )


def apply() -> None:
    """Replace them wherever they have been imported to, once WeasyPrint is; twice is as once."""
    from weasyprint.layout import percent

    if not applies() or percent.resolve_percentages.__module__ == __name__:
        return
    for owner, name, function in replacements().values():
        before = getattr(owner, name)
        setattr(owner, name, function)
        for module in _modules():
            for alias in [key for key, value in vars(module).items() if value is before]:
                setattr(module, alias, function)


def _modules() -> list[Any]:
    return [
        module
        for name, module in list(sys.modules.items())
        if module is not None and name.partition(".")[0] in _PACKAGES
    ]


def _chars_until(stream: Any) -> Callable[..., Any]:
    """The expressions are kept under the key that they are looked for with: theirs never is."""
    known: dict[tuple[Any, bool], Any] = {}

    def chars_until(self: Any, characters: Any, opposite: bool = False) -> str:
        key = characters, opposite
        pattern = known.get(key)
        if pattern is None:
            escaped = "".join(f"\\x{ord(each):02x}" for each in characters)
            pattern = known[key] = re.compile(f"[{'' if opposite else '^'}{escaped}]+")
        found = ""
        while True:
            match = pattern.match(self.chunk, self.chunk_offset)
            if match is None:
                if self.chunk_offset != self.chunk_size:
                    return found
            else:
                end = match.end()
                if end != self.chunk_size:
                    found += str(self.chunk[self.chunk_offset : end])
                    self.chunk_offset = end
                    return found
            found += str(self.chunk[self.chunk_offset :])
            if not self.read_chunk():
                return found

    return chars_until


def _is_in_normal_flow(boxes: Any) -> Callable[[Any], bool]:
    """Nearly every box is: two looks at its style tell, where the original has seven."""
    usual = boxes.Box.is_in_normal_flow

    def is_in_normal_flow(self: Any) -> bool:
        style = self.style
        if style["float"] == "none" and style["position"] in ("static", "relative"):
            return True
        answer: bool = usual(self)
        return answer

    return is_in_normal_flow


_OF_WIDTH: Final = (
    *("margin_left", "margin_right", "padding_left", "padding_right"),
    *("width", "min_width", "max_width"),
)
_OF_HEIGHT: Final = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_HEIGHTS: Final = ("height", "min_height", "max_height")
_BORDERS: Final = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def _resolve_percentages(percent: Any, boxes: Any) -> Callable[[Any, Any], None]:
    """Lengths that do not depend on what is around, as nearly all are, are kept with the style."""
    adjust, box_type, page_type = percent.adjust_box_sizing, boxes.Box, boxes.PageBox

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        style, values = box.style, box.__dict__
        known = style.__dict__.get("_lengths")
        if known is None:
            known = style.__dict__["_lengths"] = _lengths(style)
        values.update(known.fixed)
        if known.open:
            if isinstance(containing_block, box_type):
                across, up = containing_block.width, containing_block.height
            else:
                across, up = containing_block
            vertical = up if isinstance(box, page_type) else across
            for name in known.open:
                values[name] = _open_length(percent, style, name, (across, vertical, up))
        for name, width in known.collapsed:
            if not hasattr(box, name):
                values[name] = width
        if known.adjusted:
            adjust(box, "width")
            adjust(box, "height")

    return resolve_percentages


@dataclass(frozen=True, slots=True)
class _Lengths:
    """Used values of lengths, as far as a style alone tells them."""

    fixed: dict[str, Any]
    open: tuple[str, ...]  # that depend on what is around
    collapsed: tuple[tuple[str, Any], ...]  # widths of borders that a table may have set already
    adjusted: bool  # width and height are not those of the content


def _lengths(style: Any) -> _Lengths:
    fixed: dict[str, Any] = {}
    for name in (*_OF_WIDTH, *_OF_HEIGHT, *_HEIGHTS):
        value = style[name]
        if value is None or value == "auto":
            fixed[name] = 0 if name in ("min_width", "min_height") and value else value
        elif getattr(value, "unit", None) == "px":
            fixed[name] = value.value
    names = (*_OF_WIDTH, *_OF_HEIGHT, *_HEIGHTS)
    borders = tuple((name, style[name]) for name in _BORDERS)
    collapse = style["border_collapse"] == "collapse"
    return _Lengths(
        fixed if collapse else fixed | dict(borders),
        tuple(name for name in names if name not in fixed),
        borders if collapse else (),
        style["box_sizing"] != "content-box",
    )


def _open_length(percent: Any, style: Any, name: str, around: tuple[Any, Any, Any]) -> Any:
    """A length by the width and height around, the second of which is what margins refer to."""
    across, vertical, up = around
    value = style[name]
    if name in _HEIGHTS and up == "auto":
        if name == "height":
            if percent.check_math(value) or value.unit == "%":
                return "auto"
            assert value.unit.lower() == "px"
            return value.value
        return percent.percentage(value, style, 0 if name == "min_height" else inf)
    return percent.percentage(
        value, style, up if name in _HEIGHTS else vertical if name in _OF_HEIGHT else across
    )


def _strut(line_break: Any) -> Callable[[Any], Any]:
    """What a style's lines are high is kept with the style, not under all that it depends on."""
    usual = line_break.strut

    def strut(style: Any) -> Any:
        known = style.__dict__.get("_strut")
        if known is None:
            known = style.__dict__["_strut"] = usual(style)
        return known

    return strut


def _missing(css: Any) -> Callable[[Any, str], Any]:
    """Properties that nothing is said of: inherited, or initial as it is."""
    usual = css.ComputedStyle.__missing__
    inherited, initial = css.INHERITED, css.INITIAL_VALUES
    plain = frozenset(
        name
        for name in (*inherited, *initial)
        if name not in ("float", "display", "position", "page")
        and not name.startswith(("text_decoration_", "__"))
        and name not in css.PHYSICAL_FUNCTIONS
    )
    from_parent = plain & frozenset(inherited)
    as_it_is = plain - from_parent - frozenset(css.INITIAL_NOT_COMPUTED)
    as_it_is = frozenset(name for name in as_it_is if not css.check_math(initial[name]))

    def missing(self: Any, key: str) -> Any:
        if key not in self.cascaded:
            if key in as_it_is:
                value = self[key] = initial[key]
                return value
            if key in from_parent and self.parent_style is not None:
                value = self.parent_style[key]
                if not css.check_math(value):
                    self[key] = value
                    return value
        return usual(self, key)

    return missing


def _iter_line_boxes(block: Any, boxes: Any) -> Callable[..., Any]:
    """Texts that are remembered are not set again (:mod:`reportgen.render.remembered`)."""
    usual = block.iter_line_boxes
    plain = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TextBox))

    def iter_line_boxes(context: Any, box: Any, *others: Any) -> Any:
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

    return iter_line_boxes


def _inline_line_widths(preferred: Any, boxes: Any) -> Callable[..., Any]:
    """The widths of texts that are remembered are not measured again."""
    usual = preferred.inline_line_widths
    plain = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TextBox))

    def inline_line_widths(
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

    return inline_line_widths


# Attributes that declare something where HTML's presentational ones do not.
_DECLARING: Final = ("style", "lang", "id", "name", "width", "height")


def _cascade(css: Any) -> Callable[..., None]:
    """What the same rules declare is put together once, and so are styles that follow from it."""

    def cascade(self: Any, html: Any, sheets: Any, hints: Any, *others: Any) -> None:
        font_config, target = others
        self._cascaded_styles, self._computed_styles = {}, {}
        self.initial_page_sizes = {"box": None, "area": None}
        self._sheets, self.font_config = sheets, font_config
        css.PROGRESS_LOGGER.info("Step 3 - Applying CSS")
        work = _Cascade(css, self, html, target)
        work.attributes(hints)
        for element in html.wrapper_element.iter_subtree():
            work.element(element)
        work.pseudo_elements()
        self._cascaded_styles.clear()

    return cascade


class _Cascade:
    """The styles of a document's elements while they are found out."""

    def __init__(self, css: Any, style_for: Any, html: Any, target: Any) -> None:
        self._css, self._style_for, self._html, self._target = css, style_for, html, target
        self._cascaded, self._computed = style_for._cascaded_styles, style_for._computed_styles
        self._own: dict[Any, Any] = {}  # element → its attributes that declare
        shared = remembered.memory() or remembered.Memory()
        shared.know(style_for._sheets)
        self._ruled, self._known = shared.ruled, shared.styles

    def _weigh(self, style: dict[str, Any], declarations: Any, origin: str, order: Any) -> None:
        for name, values, importance in declarations:
            weight = (self._css.declaration_precedence(origin, importance), *order)
            before = style.get(name, (None, None))[1]
            if before is None or before <= weight:
                style[name] = values, weight

    def attributes(self, hints: Any) -> None:
        """Declarations that stand with elements; ``hints``: also what HTML's own attributes say."""
        css, base = self._css, self._html.base_url
        root = self._html.etree_element
        for specificity, element, given, url in css.find_style_attributes(root, hints, base):
            told = (element.tag, *map(element.get, _DECLARING))
            self._own[element] = tuple(given) if hints else told
            style = self._cascaded.setdefault((element, None), {})
            declarations = css.preprocess_declarations(url, given)
            self._weigh(style, declarations, "author", (css.inf, specificity))

    def element(self, wrapper: Any) -> None:
        """The style of an element, and what is declared of its pseudo-elements."""
        element = wrapper.etree_element
        parent = wrapper.parent.etree_element if wrapper.parent else None
        parent_id = id(self._computed[parent, None]) if wrapper.parent else None
        matched = [
            (sheet, origin, by_sheet or specificity, pseudo, declared, self._place(sheet, layer))
            for sheet, origin, by_sheet in self._style_for._sheets
            for specificity, _, pseudo, (declared, layer) in sheet.matcher.match(wrapper)
        ]
        rules = tuple(
            (origin, specificity, id(declared), place)
            for _, origin, specificity, _, declared, place in matched
        )
        own = self._own.get(element)
        styles = self._ruled.get(rules) if own is None else None
        if styles is None:
            styles = {} if own is None else {None: self._cascaded[element, None]}
            for _, origin, specificity, pseudo, declared, place in matched:
                style = styles.setdefault(pseudo, {})
                self._weigh(style, declared, origin, (place, specificity))
            if own is None:
                self._ruled[rules] = styles
        for pseudo, style in styles.items():
            self._cascaded[element, pseudo] = style
        self._compute((parent_id, own, rules), element, None, parent)

    def pseudo_elements(self) -> None:
        """The styles of pseudo-elements."""
        for (element, pseudo), style in self._cascaded.items():
            if pseudo:
                key = (id(self._computed[element, None]), id(style))
                self._compute(key, element, pseudo, element)

    def _place(self, sheet: Any, layer: Any) -> Any:
        return self._css.inf if layer is None else sheet.layers.index(layer)

    def _compute(self, key: Any, element: Any, pseudo: str | None, parent: Any) -> None:
        known = self._known.get(key)
        if known is None:
            self._style_for.set_computed_styles(
                element,
                root=self._html.etree_element,
                parent=parent,
                pseudo_type=pseudo,
                base_url=self._html.base_url,
                target_collector=self._target,
            )
            self._known[key] = self._computed[element, pseudo]
            return
        self._computed[element, pseudo] = known
        if self._target and known["anchor"]:
            self._target.collect_anchor(known["anchor"])


__all__ = ["VERSIONS", "applies", "apply", "replacements"]
