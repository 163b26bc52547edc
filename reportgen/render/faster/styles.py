"""Styles: what the same rules declare of the same parent is found out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from weasyprint.html import UA_STYLESHEET

from reportgen.render import remembered

if TYPE_CHECKING:
    from collections.abc import Callable


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
        for element in html.wrapper_element.iter_subtree():
            work.element(element)
        work.pseudo_elements()
        self._cascaded_styles.clear()

    return styled


# Elements of which WeasyPrint's own stylesheet says the same wherever they stand, unless they or a
# table have other attributes than these: ``tests/test_faster.py`` asks it.
TABLE: Final = "table"
ALIKE: Final = frozenset(
    ("td", "th", "tbody", "thead", "tfoot", "span", "div", "p", "br", "small", "b", "strong")
)
UNASKED: Final = frozenset(("class", "id", "style", "rowspan", "colspan", "scope"))


def _is_plain(element: Any) -> bool:
    return all(name in UNASKED or name.startswith("data-") for name in element.attrib)


class _Cascade:
    """The styles of a document's elements while they are found out."""

    def __init__(self, css: Any, style_for: Any, html: Any, target: Any) -> None:
        self._css, self._style_for, self._html, self._target = css, style_for, html, target
        self._cascaded, self._computed = style_for._cascaded_styles, style_for._computed_styles
        self._own: dict[Any, Any] = {}  # element → its attributes that declare
        shared = remembered.memory() or remembered.Memory()
        shared.know(style_for._sheets)
        self._ruled, self._known = shared.ruled, shared.styles
        self._usual: Any = (
            UA_STYLESHEET if all(map(_is_plain, html.etree_element.iter(TABLE))) else None
        )
        self._alike: dict[str, Any] = {}  # what it says of an element, by the element's name

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
            for specificity, _, pseudo, (declared, layer) in self._match(sheet, wrapper)
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

    def _match(self, sheet: Any, wrapper: Any) -> Any:
        """The rules of a sheet that match an element, as ``Matcher.match`` tells them."""
        element = wrapper.etree_element
        if sheet is not self._usual or element.tag not in ALIKE or not _is_plain(element):
            return sheet.matcher.match(wrapper)
        known = self._alike.get(element.tag)
        if known is None:
            known = self._alike[element.tag] = sheet.matcher.match(wrapper)
        return known

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
