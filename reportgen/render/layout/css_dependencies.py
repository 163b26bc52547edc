"""CSS dependencies between the sections of a document.

Without any, each section is laid out as if it were alone, but for the numbers of its pages. What is
not known to be harmless counts as a dependency.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.render.weasyprint_types import CssNode

# Functions that refer to other elements, and properties whose values carry over to others
# (CSS Lists 3; CSS Generated Content for Paged Media).
_FUNCTIONS: Final = frozenset(
    (
        *("counters", "string", "running", "element", "content"),
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
_PAGE_COUNTERS: Final = frozenset(("page", "pages"))
_BREAKS: Final = ("break-before", "break-after", "page-break-before", "page-break-after")
_CSS_WIDE: Final = frozenset(("inherit", "initial", "unset"))
# Properties that may reach beyond a section, by the values by which they do not.
_HARMLESS_VALUES: Final = {
    **dict.fromkeys(
        _BREAKS, _CSS_WIDE | {"auto", "always", "page", "avoid", "avoid-page", "avoid-column"}
    ),
    "position": _CSS_WIDE | {"static", "relative", "absolute"},
    "float": _CSS_WIDE | {"none", "left", "right"},
}
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
    and rules that cannot be parsed. Selectors of elements are not looked at here.
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
    keyword = rule.lower_at_keyword if rule.type == "at-rule" else ""
    in_page = keyword == "page"
    if rule.type == "error" or keyword == "import":
        return True
    if in_page and _selects_by_position(rule.prelude):
        return True
    tokens = [*rule.prelude, *(rule.content or ())]
    return _has_dependent_token(tokens, in_page) or any(
        map(_is_dependent_declaration, _declarations(rule.content or ()))
    )


def _selects_by_position(prelude: Iterable[CssNode]) -> bool:
    """Return whether a page selector uses a pseudo-class other than ``:first``: ``:nth`` etc."""
    return any(
        before == ":" and getattr(token, "lower_value", None) != "first"
        for before, token in pairwise(prelude)
    )


def _has_dependent_token(tokens: Iterable[CssNode], in_page: bool) -> bool:
    """Return whether tokens hold a name, function or unit that depends on others, at any depth.

    ``in_page``: they are in ``@page``, where page counters are harmless.
    """
    in_page_rule = False
    for token in tokens:
        if token.type == "at-keyword":
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


def _declarations(tokens: Iterable[CssNode]) -> Iterator[CssNode]:
    """Yield the declarations in the block of a rule, those of nested rules as well."""
    for node in tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration":
            yield node
        elif node.type in ("qualified-rule", "at-rule"):
            yield from _declarations(node.content or ())


def _is_dependent_declaration(declaration: CssNode) -> bool:
    """Return whether a declaration is a break, position or float that may affect other sections."""
    harmless = _HARMLESS_VALUES.get(declaration.lower_name)
    return harmless is not None and any(
        token.type != "ident" or token.lower_value not in harmless
        for token in declaration.value
        if token.type not in ("whitespace", "comment")
    )
