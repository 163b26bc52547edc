"""Selector dependencies: which attributes the selectors of a stylesheet match on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.render.weasyprint_types import CssNode

# They depend on the element, its attributes, or its being the first or last child only.
_SUPPORTED_PSEUDO: Final = frozenset(
    (
        *("first-child", "last-child", "root", "link", "visited", "any-link"),
        *("hover", "active", "focus"),
        *("before", "after", "marker", "first-line", "first-letter"),
    )
)
_PLAIN_TOKENS: Final = ("ident", "hash", "whitespace", "literal")
_SIBLING_SIGNS: Final = ("+", "~", "&")  # combinators, and that of a nested rule
_NESTING_AT_RULES: Final = frozenset(("media", "supports", "layer"))
_AT_RULES_WITHOUT_SELECTORS: Final = frozenset(
    ("page", "font-face", "counter-style", "charset", "namespace")
)
# Attributes in the user-agent stylesheet of WeasyPrint; pinned by
# ``tests/render/layout/test_selector_dependencies.py``.
USER_AGENT_ATTRIBUTES: Final = frozenset(
    (
        *("class", "id", "lang", "href", "checked", "dir", "frame", "hidden", "multiple", "rules"),
        *("seamless", "selected", "title", "type", "value"),
    )
)
# For which it matches on more.
UNSUPPORTED_ELEMENTS: Final = frozenset(("select", "option", "textarea"))
_UNSUPPORTED_TAG: Final = re.compile(rf"(?i)<(?:{'|'.join(sorted(UNSUPPORTED_ELEMENTS))})\b")
_STYLE_TAG: Final = re.compile(r"(?i)<style\b")
_STYLE_ELEMENT: Final = re.compile(r"(?is)<style\b[^>]*>(.*?)</style>")


class _NotAnalysableError(Exception):
    """Raised if selectors match on something else."""


def attributes_matched_on(css: str, html: str) -> frozenset[str] | None:
    """Return the names of the attributes that selectors match on, or None if they match on more.

    Two elements with the same tag and the same values of these attributes match the same selectors
    if their parents do, and if both or neither are first, and last, in their parent. ``css`` is the
    text of the stylesheets of ``html``, beside those that stand in it; the user agent's count, too.
    """
    inline = _STYLE_ELEMENT.findall(html)
    if _UNSUPPORTED_TAG.search(html) or len(inline) != len(_STYLE_TAG.findall(html)):
        return None
    try:
        return USER_AGENT_ATTRIBUTES.union(*map(_attributes_in_sheet, (css, *inline)))
    except _NotAnalysableError:
        return None


@lru_cache(maxsize=32)
def _attributes_in_sheet(css: str) -> frozenset[str]:
    """Return the attributes in a sheet's selectors; raises _NotAnalysableError for other ones."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return frozenset(name for prelude in _preludes(rules) for name in _attributes_of(prelude))


def _preludes(rules: Iterable[CssNode]) -> Iterator[Sequence[CssNode]]:
    """Yield the selectors of all rules, nested ones too.

    Raises _NotAnalysableError for rules that may have other selectors.
    """
    for rule in rules:
        if rule.type == "qualified-rule":
            if any(token.type == "{} block" for token in rule.content):
                raise _NotAnalysableError
            yield rule.prelude
        elif rule.type == "at-rule" and rule.lower_at_keyword in _NESTING_AT_RULES:
            nested = tinycss2.parse_rule_list(rule.content or (), True, True)
            yield from _preludes(nested)
        elif rule.type != "at-rule" or rule.lower_at_keyword not in _AT_RULES_WITHOUT_SELECTORS:
            raise _NotAnalysableError


def _attributes_of(prelude: Iterable[CssNode]) -> Iterator[str]:
    """Yield the attributes that a selector names in brackets; classes and ids are left out.

    Raises _NotAnalysableError if it matches on siblings, by function or by another pseudo-class.
    """
    after_colon = False
    for token in prelude:
        is_pseudo = after_colon and token != ":"
        if is_pseudo and getattr(token, "lower_value", None) not in _SUPPORTED_PSEUDO:
            raise _NotAnalysableError
        after_colon = token == ":"
        if token.type == "[] block":
            yield _attribute_name([part for part in token.content if part.type != "whitespace"])
        elif token.type not in _PLAIN_TOKENS or token in _SIBLING_SIGNS:
            raise _NotAnalysableError


def _attribute_name(tokens: list[CssNode]) -> str:
    """Return the name of an attribute selector's attribute, from its tokens without white space.

    Raises _NotAnalysableError for one with a namespace.
    """
    if not tokens or tokens[0].type != "ident" or "|" in tokens:
        raise _NotAnalysableError
    name: str = tokens[0].lower_value
    return name
