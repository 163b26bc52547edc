"""Styles: what the same rules declare of the same parent is found out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reportgen.render import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def missing(css: Any) -> Callable[[Any, str], Any]:
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

    def found(self: Any, key: str) -> Any:
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

    return found


# Attributes that declare something where HTML's presentational ones do not.
_DECLARING: Final = ("style", "lang", "id", "name", "width", "height")


def cascade(css: Any) -> Callable[..., None]:
    """What the same rules declare is put together once, and so are styles that follow from it."""

    def styled(self: Any, html: Any, sheets: Any, hints: Any, *others: Any) -> None:
        font_config, target = others
        self._cascaded_styles, self._computed_styles = {}, {}
        self.initial_page_sizes = {"box": None, "area": None}
        self._sheets, self.font_config = sheets, font_config
        css.PROGRESS_LOGGER.info("Step 3 - Applying CSS")
        work = _Cascade(css, self, html, target)
        work.attributes(hints)
        work.elements()
        work.pseudo_elements()
        self._cascaded_styles.clear()

    return styled


class _Place:
    """An element and where it is, as far as selectors that ask for no more can tell."""

    __slots__ = ("above", "element", "index", "is_last", "shape", "wrapper")

    def __init__(self, element: Any, above: _Place | None, index: int, *, is_last: bool) -> None:
        self.element, self.above, self.index, self.is_last = element, above, index, is_last
        self.wrapper: Any = None
        self.shape: Any = None

    def within(self) -> Iterator[_Place]:
        """The elements in this one."""
        children = [each for each in self.element if isinstance(each.tag, str)]
        last = len(children) - 1
        for index, each in enumerate(children):
            yield _Place(each, self, index, is_last=index == last)

    def wrapped(self) -> Any:
        """What selectors are held against."""
        if self.wrapper is None:
            assert self.above is not None
            around = self.above.wrapped()
            self.wrapper = type(around)(
                self.element,
                parent=around,
                index=self.index,
                previous=None,  # is not asked for
                in_html_document=around.in_html_document,
            )
        return self.wrapper


class _Cascade:
    """The styles of a document's elements while they are found out."""

    def __init__(self, css: Any, style_for: Any, html: Any, target: Any) -> None:
        self._css, self._style_for, self._html, self._target = css, style_for, html, target
        self._cascaded, self._computed = style_for._cascaded_styles, style_for._computed_styles
        self._own: dict[Any, Any] = {}  # element → its attributes that declare
        shared = remembered.memory() or remembered.Memory()
        shared.know(style_for._sheets)
        self._ruled, self._known = shared.ruled, shared.styles
        self._asked, self._shapes = shared.asked, shared.shapes
        self._sheets_told = tuple(id(sheet.matcher) for sheet, *_ in style_for._sheets)

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

    def elements(self) -> None:
        """The styles of all elements, and what is declared of their pseudo-elements."""
        top = self._html.wrapper_element
        if self._asked is None:
            for each in top.iter_subtree():
                around = each.parent.etree_element if each.parent else None
                self._element(each.etree_element, around, *self._match(each))
            return
        root = _Place(top.etree_element, None, 0, is_last=True)
        root.wrapper = top
        stack = [iter((root,))]
        while stack:
            place = next(stack[-1], None)
            if place is None:
                stack.pop()
                continue
            above = place.above
            around = None if above is None else above.element
            self._element(place.element, around, *self._match_shape(place, self._asked))
            stack.append(place.within())

    def _element(self, element: Any, parent: Any, matched: Any, rules: Any) -> None:
        parent_id = None if parent is None else id(self._computed[parent, None])
        own = self._own.get(element)
        styles = self._ruled.get(rules) if own is None else None
        if styles is None:
            styles = {} if own is None else {None: self._cascaded[element, None]}
            for origin, specificity, pseudo, declared, place in matched:
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

    def _match(self, wrapper: Any) -> tuple[Any, Any]:
        """What the rules declare that match an element, and what tells these rules."""
        matched = tuple(
            (origin, by_sheet or specificity, pseudo, declared, self._place(sheet, layer))
            for sheet, origin, by_sheet in self._style_for._sheets
            for specificity, _, pseudo, (declared, layer) in sheet.matcher.match(wrapper)
        )
        rules = tuple(
            (origin, specificity, id(declared), place)
            for origin, specificity, _, declared, place in matched
        )
        return matched, rules

    def _match_shape(self, place: _Place, asked: frozenset[str]) -> tuple[Any, Any]:
        """The same, found out once for all elements that no selector tells apart."""
        above, element = place.above, place.element
        around = self._sheets_told if above is None else above.shape
        attributes = tuple(each for each in element.attrib.items() if each[0] in asked)
        key = (around, element.tag, place.index == 0, place.is_last, attributes)
        known = self._shapes.get(key)
        if known is None:
            known = self._shapes[key] = (len(self._shapes), self._match(place.wrapped()))
        place.shape, matched = known
        return matched

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
