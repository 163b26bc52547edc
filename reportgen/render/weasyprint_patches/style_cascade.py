"""Patches of the style cascade: equal rules with an equal parent are resolved once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from weasyprint import css
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_VALUES

from reportgen.render.layout import layout_cache

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    from cssselect2 import ElementWrapper
    from weasyprint import CSS, HTML
    from weasyprint.css import ComputedStyle
    from weasyprint.css import StyleFor as WeasyPrintStyleFor
    from weasyprint.css.targets import TargetCollector

    from reportgen.render.weasyprint_types import (
        Cascaded,
        CssValue,
        Declarations,
        MatchedRule,
        Sheets,
        StyleFor,
    )


# Properties without a rule of their own where nothing declares them.
_PLAIN: Final = frozenset(
    name
    for name in (*INHERITED, *INITIAL_VALUES)
    if name not in ("float", "display", "position", "page")
    and not name.startswith(("text_decoration_", "__"))
    and name not in css.PHYSICAL_FUNCTIONS
)
_FROM_PARENT: Final = _PLAIN & frozenset(INHERITED)
_INITIAL_AS_IS: Final = frozenset(
    name
    for name in _PLAIN - _FROM_PARENT - frozenset(css.INITIAL_NOT_COMPUTED)
    if not check_math(INITIAL_VALUES[name])
)
# Attributes that affect the style of an element without presentational hints.
_DECLARING: Final = ("style", "lang", "id", "name", "width", "height")
_missing = css.ComputedStyle.__missing__


def missing(self: ComputedStyle, key: str) -> CssValue:
    """Return the value of a property that is not computed yet, and store it.

    Inherited and initial values have short paths; all other properties, and declared ones, are left
    to the original.
    """
    if key not in self.cascaded:
        if key in _INITIAL_AS_IS:
            value = self[key] = INITIAL_VALUES[key]
            return value
        if key in _FROM_PARENT and self.parent_style is not None:
            value = self.parent_style[key]
            if not check_math(value):
                self[key] = value
                return value
    return _missing(self, key)


def cascade(
    self: WeasyPrintStyleFor, html: HTML, sheets: Sheets, hints: bool, *others: object
) -> None:
    """Compute the styles of all elements and pseudo-elements of a document: the ``__init__``.

    Equal rules share declarations and styles. The styles are those of the layout cache in use, so
    that several documents share them.
    """
    font_config, target = others
    self._cascaded_styles, self._computed_styles = {}, {}
    self.initial_page_sizes = {"box": None, "area": None}
    self._sheets, self.font_config = sheets, font_config
    css.PROGRESS_LOGGER.info("Step 3 - Applying CSS")
    cascade_ = _Cascade(self, html, target)
    cascade_.attributes(hints)
    cascade_.elements()
    cascade_.pseudo_elements()
    self._cascaded_styles.clear()


class _Position:
    """An element and its position, as far as analysable selectors depend on it."""

    __slots__ = ("above", "element", "index", "is_last", "shape", "wrapper")

    def __init__(
        self, element: Element, above: _Position | None, index: int, *, is_last: bool
    ) -> None:
        """Record the position of an element; ``above`` is that of its parent, None for the root."""
        self.element, self.above, self.index, self.is_last = element, above, index, is_last
        self.wrapper: ElementWrapper | None = None
        self.shape: Hashable = None

    def within(self) -> Iterator[_Position]:
        """Yield the positions of the child elements."""
        children = [child for child in self.element if isinstance(child.tag, str)]
        last = len(children) - 1
        for index, child in enumerate(children):
            yield _Position(child, self, index, is_last=index == last)

    def as_wrapper(self) -> ElementWrapper:
        """Return the element's wrapper, which selectors are matched on; made at its first use."""
        if self.wrapper is None:
            assert self.above is not None
            parent = self.above.as_wrapper()
            self.wrapper = type(parent)(
                self.element,
                parent=parent,
                index=self.index,
                previous=None,  # no selector analysed here needs it
                in_html_document=parent.in_html_document,
            )
        return self.wrapper


class _Cascade:
    """The styles of a document's elements while they are computed."""

    def __init__(self, style_for: StyleFor, html: HTML, target: TargetCollector) -> None:
        """Take the styles, rules and shapes of the layout cache in use, or of a new one."""
        self._style_for, self._html, self._target = style_for, html, target
        self._cascaded, self._computed = style_for._cascaded_styles, style_for._computed_styles
        self._declaring_attributes: dict[Element, tuple[object, ...]] = {}
        cache = layout_cache.current_cache() or layout_cache.LayoutCache()
        cache.pin_rules(style_for._sheets)
        # Rules → declarations by pseudo-element; parent, declarations and rules → computed style.
        self._ruled, self._styles_by_key = cache.declarations_by_rules, cache.styles
        # Tag, attributes and position, of the parents too → the shape's number, and its rules.
        self._matched_attributes, self._shapes = cache.matched_attributes, cache.rules_by_shape
        self._sheets_key = tuple(id(sheet.matcher) for sheet, *_ in style_for._sheets)

    def _apply_declarations(
        self, style: Cascaded, declarations: Declarations, origin: str, order: tuple[object, ...]
    ) -> None:
        """Add declarations to a style, in place, where they are at least as strong as the present.

        ``order`` is their layer and specificity, the weight below origin and importance.
        """
        for name, values, importance in declarations:
            weight = (css.declaration_precedence(origin, importance), *order)
            previous_weight = style.get(name, (None, None))[1]
            if previous_weight is None or previous_weight <= weight:
                style[name] = values, weight

    def attributes(self, hints: bool) -> None:
        """Add declarations of style attributes; ``hints``: also of presentational attributes."""
        base, root = self._html.base_url, self._html.etree_element
        for specificity, element, declared, url in css.find_style_attributes(root, hints, base):
            attributes = (element.tag, *map(element.get, _DECLARING))
            self._declaring_attributes[element] = tuple(declared) if hints else attributes
            style = self._cascaded.setdefault((element, None), {})
            declarations = css.preprocess_declarations(url, declared)
            self._apply_declarations(style, declarations, "author", (css.inf, specificity))

    def elements(self) -> None:
        """Compute the styles of all elements, and collect the declarations of pseudo-elements.

        If it is known on which attributes selectors match, elements of one shape are matched once.
        """
        top = self._html.wrapper_element
        if self._matched_attributes is None:
            for wrapper in top.iter_subtree():
                parent = wrapper.parent.etree_element if wrapper.parent else None
                self._compute_element(wrapper.etree_element, parent, *self._match(wrapper))
            return
        root = _Position(top.etree_element, None, 0, is_last=True)
        root.wrapper = top
        stack = [iter((root,))]
        while stack:
            position = next(stack[-1], None)
            if position is None:
                stack.pop()
                continue
            above = position.above
            parent = None if above is None else above.element
            self._compute_element(
                position.element, parent, *self._match_shape(position, self._matched_attributes)
            )
            stack.append(position.within())

    def _compute_element(
        self,
        element: Element,
        parent: Element | None,
        matched: Iterable[MatchedRule],
        rules: Hashable,
    ) -> None:
        """Compute the style of an element, and record the declarations of its pseudo-elements.

        ``matched`` are its rules, and ``rules`` is their key, by which declarations are cached.
        """
        parent_id = None if parent is None else id(self._computed[parent, None])
        own_key = self._declaring_attributes.get(element)
        styles = self._ruled.get(rules) if own_key is None else None
        if styles is None:
            styles = {} if own_key is None else {None: self._cascaded[element, None]}
            for origin, specificity, pseudo, declared, layer_index in matched:
                style = styles.setdefault(pseudo, {})
                self._apply_declarations(style, declared, origin, (layer_index, specificity))
            if own_key is None:
                self._ruled[rules] = styles
        for pseudo, style in styles.items():
            self._cascaded[element, pseudo] = style
        self._compute_style((parent_id, own_key, rules), element, None, parent)

    def pseudo_elements(self) -> None:
        """Compute the styles of the pseudo-elements that :meth:`elements` has collected."""
        for (element, pseudo), style in self._cascaded.items():
            if pseudo:
                key = (id(self._computed[element, None]), id(style))
                self._compute_style(key, element, pseudo, element)

    def _match(self, wrapper: ElementWrapper) -> tuple[tuple[MatchedRule, ...], Hashable]:
        """Return the rules that match an element, and a key that is equal for the same rules.

        They come in the order of the sheets, and within each of increasing strength.
        """
        matched = tuple(
            (origin, by_sheet or specificity, pseudo, declared, self._layer_index(sheet, layer))
            for sheet, origin, by_sheet in self._style_for._sheets
            for specificity, _, pseudo, (declared, layer) in sheet.matcher.match(wrapper)
        )
        rules = tuple(
            (origin, specificity, id(declared), layer_index)
            for origin, specificity, _, declared, layer_index in matched
        )
        return matched, rules

    def _match_shape(
        self, position: _Position, names: frozenset[str]
    ) -> tuple[tuple[MatchedRule, ...], Hashable]:
        """Return what ``_match`` returns, computed once for all elements of the same shape.

        Sets the shape of the position; ``names`` are the attributes that selectors match on.
        """
        above, element = position.above, position.element
        parent_key = self._sheets_key if above is None else above.shape
        attributes = tuple(
            attribute for attribute in element.attrib.items() if attribute[0] in names
        )
        key = (parent_key, element.tag, position.index == 0, position.is_last, attributes)
        cached = self._shapes.get(key)
        if cached is None:
            cached = self._shapes[key] = (len(self._shapes), self._match(position.as_wrapper()))
        position.shape, matched = cached
        return matched

    def _layer_index(self, sheet: CSS, layer: Sequence[str] | None) -> float:
        """Return the position of a cascade layer in its sheet, infinity for rules without one."""
        index: float = css.inf if layer is None else sheet.layers.index(layer)
        return index

    def _compute_style(
        self, key: Hashable, element: Element, pseudo: str | None, parent: Element | None
    ) -> None:
        """Set the computed style of an element or pseudo-element, cached by ``key``.

        The anchor of a cached style is recorded for this document, too.
        """
        cached = self._styles_by_key.get(key)
        if cached is None:
            self._style_for.set_computed_styles(
                element,
                root=self._html.etree_element,
                parent=parent,
                pseudo_type=pseudo,
                base_url=self._html.base_url,
                target_collector=self._target,
            )
            self._styles_by_key[key] = self._computed[element, pseudo]
            return
        self._computed[element, pseudo] = cached
        if self._target and cached["anchor"]:
            self._target.collect_anchor(cached["anchor"])
