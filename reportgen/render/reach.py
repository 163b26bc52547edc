"""Whether a stylesheet has anything that reaches from one section of a document to another.

What has nothing of the kind lays out each of its sections as if it were alone, but for the
numbers of its pages. What is not known to be harmless counts as reaching.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Functions that tell of another place, and properties whose values go on from place to place
# (CSS Lists 3; CSS Generated Content for Paged Media; Selectors 4).
_FUNCTIONS: Final = frozenset(
    (
        *("counters", "string", "running", "element", "content", "has", "nth"),
        *("target-counter", "target-counters", "target-text"),
    )
)
_NAMES: Final = frozenset(
    (
        *("counter-reset", "counter-increment", "counter-set", "string-set"),
        *("open-quote", "close-quote", "no-open-quote", "no-close-quote"),
    )
)
_UNITS: Final = frozenset(("vw", "vh", "vi", "vb", "vmin", "vmax"))  # of the first page
_BREAKS: Final = frozenset(("break-before", "break-after", "page-break-before", "page-break-after"))
_HARMLESS_BREAKS: Final = frozenset(
    ("auto", "always", "page", "avoid", "avoid-page", "avoid-column", "inherit", "initial", "unset")
)
_PAGE_COUNTERS: Final = frozenset(("page", "pages"))
_OF_PAGES: Final = frozenset(("first",))  # what may be asked of a page by its place
# What a style attribute says of which the same could be true.
_IN_ATTRIBUTES: Final = re.compile(
    r"(?i)counter|string|running|element|target|position|break|page|note|quote|url|var|\\"
)
_ATTRIBUTES: Final = re.compile(r"""(?is)\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)""")


def reaches(css: str) -> bool:
    """Whether a stylesheet has anything that makes one section depend on others."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return any(_reaches(rule) for rule in rules)


def attributes_reach(html: str) -> bool:
    """The same of the style attributes that stand in HTML."""
    return any(_IN_ATTRIBUTES.search(found[1]) for found in _ATTRIBUTES.finditer(html))


def _reaches(rule: Any) -> bool:
    if rule.type == "error":
        return True
    in_page = rule.type == "at-rule" and rule.lower_at_keyword == "page"
    if rule.type == "at-rule" and rule.lower_at_keyword == "import":
        return True
    if in_page and _asks_of_place(rule.prelude):
        return True
    tokens = [*rule.prelude, *(rule.content or ())]
    return _said(tokens, in_page) or any(map(_goes_on, _declarations(rule.content or ())))


def _asks_of_place(prelude: Iterable[Any]) -> bool:
    """Whether pages are chosen by more than their name and being the first."""
    before = None
    for token in prelude:
        pseudo = before is not None and before.type == "literal" and before == ":"
        if pseudo and getattr(token, "lower_value", None) not in _OF_PAGES:
            return True
        before = token
    return False


def _said(tokens: Iterable[Any], in_page: bool) -> bool:
    """Whether a name, a function or a unit is among those that reach, however deep."""
    page_rule, colon = False, False
    for token in tokens:
        kind = token.type
        if colon and kind == "ident" and token.lower_value == "empty":
            return True
        colon = kind == "literal" and token == ":"
        if kind == "at-keyword":
            page_rule = token.lower_value == "page"
        elif _is_said(token, in_page or page_rule):
            return True
    return False


def _is_said(token: Any, in_page: bool) -> bool:
    match token.type:
        case "ident":
            return token.lower_value in _NAMES
        case "dimension":
            return token.lower_unit in _UNITS
        case "function":
            return _function_reaches(token, in_page) or _said(token.arguments, in_page)
        case "() block" | "[] block" | "{} block":
            return _said(token.content, in_page)
    return False


def _function_reaches(function: Any, in_page: bool) -> bool:
    if function.lower_name != "counter":
        return function.lower_name in _FUNCTIONS
    names = {each.lower_value for each in function.arguments if each.type == "ident"}
    return not (in_page and names <= _PAGE_COUNTERS | {"decimal", "lower-roman", "upper-roman"})


def _declarations(tokens: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Property and value wherever ``name:`` stands before something, in blocks within as well."""
    name, colon = "", False
    value: list[Any] = []
    for token in tokens:
        if token.type.endswith("block"):
            yield from _declarations(token.content)
        if token.type == "literal" and token in (";", "{", "}"):
            if colon:
                yield name, value
            name, value, colon = "", [], False
        elif token.type == "literal" and token == ":" and name and not colon:
            colon = True
        elif token.type == "ident" and not colon:
            name = token.lower_value
        elif colon and token.type not in ("whitespace", "comment"):
            value.append(token)
    if colon:
        yield name, value


def _goes_on(declaration: tuple[str, list[Any]]) -> bool:
    name, value = declaration
    words = {getattr(each, "lower_value", "") if each.type == "ident" else "" for each in value}
    if name in _BREAKS:
        return not words <= _HARMLESS_BREAKS
    if name == "position":
        return not words <= {"static", "relative", "absolute", "inherit", "initial", "unset"}
    return name == "float" and not words <= {"none", "left", "right", "inherit", "initial", "unset"}
