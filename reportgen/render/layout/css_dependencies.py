"""CSS dependencies between the sections of a document.

Without any, each section is laid out as if it were alone, but for the numbers of its pages. What is
not known to be harmless counts as a dependency.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.render.weasyprint_types import CssNode

# Functions that refer to other elements, and properties whose values carry over to others
# (CSS Lists 3; CSS Generated Content for Paged Media; Selectors 4).
_FUNCTIONS: Final = frozenset(
    (
        *("counters", "string", "running", "element", "content", "has", "nth"),
        *("target-counter", "target-counters", "target-text"),
    )
)
_PROPERTIES_AND_QUOTES: Final = frozenset(
    (
        *("counter-reset", "counter-increment", "counter-set", "string-set"),
        *("open-quote", "close-quote", "no-open-quote", "no-close-quote"),
    )
)
_VIEWPORT_UNITS: Final = frozenset(("vw", "vh", "vi", "vb", "vmin", "vmax"))  # of the first page
_BREAKS: Final = frozenset(("break-before", "break-after", "page-break-before", "page-break-after"))
_HARMLESS_BREAKS: Final = frozenset(
    ("auto", "always", "page", "avoid", "avoid-page", "avoid-column", "inherit", "initial", "unset")
)
_PAGE_COUNTERS: Final = frozenset(("page", "pages"))
_PAGE_PSEUDO_CLASSES: Final = frozenset(("first",))  # that select a page by its position harmlessly
# Words in a style attribute that may make it depend on other sections.
_SUSPECT_IN_ATTRIBUTE: Final = re.compile(
    r"(?i)counter|string|running|element|target|position|break|page|note|quote|url|var|\\"
)
_STYLE_ATTRIBUTE: Final = re.compile(r"""(?is)\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)""")


@lru_cache(maxsize=32)
def has_cross_section_rules(css: str) -> bool:
    """Return whether a stylesheet has anything that may make one section depend on others.

    These are counters, strings and quotes that carry over, references to other elements, viewport
    units, positions and breaks that reach beyond a section, page selectors by number, ``@import``,
    and rules that cannot be parsed. Sibling selectors are not looked at here.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return any(_is_dependent_rule(rule) for rule in rules)


def has_cross_section_rules_in_style_attributes(html: str) -> bool:
    """Return whether a style attribute in the HTML may make one section depend on others.

    The attributes are searched for suspect words only, so it may be True without a reason.
    """
    return any(_SUSPECT_IN_ATTRIBUTE.search(match[1]) for match in _STYLE_ATTRIBUTE.finditer(html))


def _is_dependent_rule(rule: CssNode) -> bool:
    """Return whether a rule, or what is nested in it, may make one section depend on others.

    So do invalid rules and ``@import``.
    """
    if rule.type == "error":
        return True
    in_page = rule.type == "at-rule" and rule.lower_at_keyword == "page"
    if rule.type == "at-rule" and rule.lower_at_keyword == "import":
        return True
    if in_page and _selects_by_position(rule.prelude):
        return True
    tokens = [*rule.prelude, *(rule.content or ())]
    return _has_dependent_token(tokens, in_page) or any(
        map(_is_dependent_declaration, _declarations(rule.content or ()))
    )


def _selects_by_position(prelude: Iterable[CssNode]) -> bool:
    """Return whether a page selector uses a pseudo-class other than ``:first``: ``:nth`` etc."""
    previous = None
    for token in prelude:
        is_pseudo = previous is not None and previous.type == "literal" and previous == ":"
        if is_pseudo and getattr(token, "lower_value", None) not in _PAGE_PSEUDO_CLASSES:
            return True
        previous = token
    return False


def _has_dependent_token(tokens: Iterable[CssNode], in_page: bool) -> bool:
    """Return whether tokens hold a name, function or unit that depends on others, at any depth.

    ``:empty`` is one. ``in_page``: they are in ``@page``, where page counters are harmless.
    """
    in_page_rule, after_colon = False, False
    for token in tokens:
        kind = token.type
        if after_colon and kind == "ident" and token.lower_value == "empty":
            return True
        after_colon = kind == "literal" and token == ":"
        if kind == "at-keyword":
            in_page_rule = token.lower_value == "page"
        elif _is_dependent_token(token, in_page or in_page_rule):
            return True
    return False


def _is_dependent_token(token: CssNode, in_page: bool) -> bool:
    """Return whether a token, or one within it, refers to other sections or the first page.

    ``in_page``: it is in ``@page``, where page counters are harmless.
    """
    match token.type:
        case "ident":
            return token.lower_value in _PROPERTIES_AND_QUOTES
        case "dimension":
            return token.lower_unit in _VIEWPORT_UNITS
        case "function":
            return _is_dependent_function(token, in_page) or _has_dependent_token(
                token.arguments, in_page
            )
        case "() block" | "[] block" | "{} block":
            return _has_dependent_token(token.content, in_page)
    return False


def _is_dependent_function(function: CssNode, in_page: bool) -> bool:
    """Return whether a function refers to other sections; page counters in ``@page`` do not."""
    if function.lower_name != "counter":
        return function.lower_name in _FUNCTIONS
    names = {argument.lower_value for argument in function.arguments if argument.type == "ident"}
    return not (in_page and names <= _PAGE_COUNTERS | {"decimal", "lower-roman", "upper-roman"})


def _declarations(tokens: Iterable[CssNode]) -> Iterator[tuple[str, list[CssNode]]]:
    """Yield (property, tokens of its value) of each ``name: value``, in nested blocks as well.

    White space and comments are left out of the value; ``!important`` is part of it.
    """
    name, after_colon = "", False
    value: list[CssNode] = []
    for token in tokens:
        if token.type.endswith("block"):
            yield from _declarations(token.content)
        if token.type == "literal" and token in (";", "{", "}"):
            if after_colon:
                yield name, value
            name, value, after_colon = "", [], False
        elif token.type == "literal" and token == ":" and name and not after_colon:
            after_colon = True
        elif token.type == "ident" and not after_colon:
            name = token.lower_value
        elif after_colon and token.type not in ("whitespace", "comment"):
            value.append(token)
    if after_colon:
        yield name, value


def _is_dependent_declaration(declaration: tuple[str, list[CssNode]]) -> bool:
    """Return whether a declaration is a break, position or float that may affect other sections.

    ``declaration`` is a property and its tokens without white space.
    """
    name, value = declaration
    keywords = {
        getattr(token, "lower_value", "") if token.type == "ident" else "" for token in value
    }
    if name in _BREAKS:
        return not keywords <= _HARMLESS_BREAKS
    if name == "position":
        return not keywords <= {"static", "relative", "absolute", "inherit", "initial", "unset"}
    return name == "float" and not keywords <= {
        "none",
        "left",
        "right",
        "inherit",
        "initial",
        "unset",
    }
