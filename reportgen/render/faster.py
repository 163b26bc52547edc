"""What makes WeasyPrint lay out faster, and nothing else.

Each function here does what the one of WeasyPrint 70.0 (or tinyhtml5 2.1.0) does that it stands
for, by a shorter way; ``tests/test_faster.py`` shows for each that pages and bytes stay equal, and
``benchmarks/layout.py`` what each of them wins. Of other versions nothing is replaced: they lay out
as usual.
"""

from __future__ import annotations

import re
import sys
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
    from weasyprint.layout import block, percent
    from weasyprint.text import line_break

    return {
        "characters": (stream.HTMLUnicodeInputStream, "chars_until", _chars_until(stream)),
        "flow": (boxes.Box, "is_in_normal_flow", _is_in_normal_flow(boxes)),
        "percentages": (percent, "resolve_percentages", _resolve_percentages(percent, boxes)),
        "strut": (line_break, "strut", _strut(line_break)),
        "missing": (css.ComputedStyle, "__missing__", _missing(css)),
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
    *("width", "max_width"),
)
_OF_HEIGHT: Final = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_BORDERS: Final = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def _resolve_percentages(percent: Any, boxes: Any) -> Callable[[Any, Any], None]:
    """Lengths in pixels, as nearly all are, without calls for each."""
    adjust, box_type, page_type = percent.adjust_box_sizing, boxes.Box, boxes.PageBox
    used, least = _lengths(percent)

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        if isinstance(containing_block, box_type):
            across, up = containing_block.width, containing_block.height
        else:
            across, up = containing_block
        style, values = box.style, box.__dict__
        for name in _OF_WIDTH:
            values[name] = used(style, name, across)
        values["min_width"] = least(style, "min_width", across)
        vertical = up if isinstance(box, page_type) else across
        for name in _OF_HEIGHT:
            values[name] = used(style, name, vertical)
        low, high = (0, inf) if up == "auto" else (up, up)
        values["height"] = (
            _within_auto(percent, style) if up == "auto" else used(style, "height", up)
        )
        values["min_height"] = least(style, "min_height", low)
        values["max_height"] = used(style, "max_height", high)
        collapse = style["border_collapse"] == "collapse"
        for name in _BORDERS:
            if not (collapse and hasattr(box, name)):
                values[name] = style[name]
        adjust(box, "width")
        adjust(box, "height")

    return resolve_percentages


def _lengths(percent: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """What a length comes to, and one that is none where it is ``auto``."""

    def used(style: Any, name: str, refer_to: Any) -> Any:
        value = style[name]
        if value is None or value == "auto":
            return value
        if getattr(value, "unit", None) == "px":
            return value.value
        return percent.percentage(value, style, refer_to)

    def least(style: Any, name: str, refer_to: Any) -> Any:
        value = used(style, name, refer_to)
        return 0 if value == "auto" else value

    return used, least


def _within_auto(percent: Any, style: Any) -> Any:
    """A height in a block whose own depends on what is in it."""
    height = style["height"]
    if height == "auto" or percent.check_math(height) or height.unit == "%":
        return "auto"
    assert height.unit.lower() == "px"
    return height.value


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
        key = (told[0], around.width, id(around.style), box.position_x, around.position_x)
        return remembered.set_lines(usual, shared, key, told[1], given)

    return iter_line_boxes


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
        shared.sheets += style_for._sheets
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
