"""What the selectors of a stylesheet look at, beside names of elements and what these are in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Of an element alone, of its attributes, or whether it is the first or the last in another.
_PLAIN: Final = frozenset(
    (
        *("first-child", "last-child", "root", "link", "visited", "any-link"),
        *("hover", "active", "focus"),
        *("before", "after", "marker", "first-line", "first-letter"),
    )
)
_SIMPLE: Final = frozenset(("ident", "hash", "whitespace", "literal"))  # tokens
_HOLDING: Final = frozenset(("media", "supports", "layer"))  # at-rules that hold rules
_WITHOUT: Final = frozenset(("page", "font-face", "counter-style", "charset", "namespace"))
# What the stylesheet of WeasyPrint looks at: ``tests/test_selectors.py`` asks it.
USUAL: Final = frozenset(
    (
        *("class", "id", "lang", "href", "checked", "dir", "frame", "hidden", "multiple", "rules"),
        *("seamless", "selected", "title", "type", "value"),
    )
)
PLACED: Final = frozenset(("select", "option", "textarea"))  # of which it asks for more
_DOUBTFUL: Final = re.compile(rf"(?i)<(?:style|{'|'.join(sorted(PLACED))})\b")


class _MoreError(Exception):
    """Something else is looked at."""


def attributes_asked(css: str, html: str) -> frozenset[str] | None:
    """The attributes that selectors look at; None where they may look at something else.

    Then two elements of the same name and the same of these attributes, each the first in what it
    is in or not, and the last or not, match the same selectors, if those that they are in do.
    ``css`` are the stylesheets of ``html``.
    """
    if _DOUBTFUL.search(html):
        return None
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    try:
        return USUAL.union(name for prelude in _preludes(rules) for name in _asked(prelude))
    except _MoreError:
        return None


def _preludes(rules: Iterable[Any]) -> Iterator[Any]:
    """The selectors of all rules; raises _MoreError where there may be others."""
    for rule in rules:
        if rule.type == "qualified-rule":
            if any(token.type == "{} block" for token in rule.content):
                raise _MoreError
            yield rule.prelude
        elif rule.type == "at-rule" and rule.lower_at_keyword in _HOLDING:
            within = tinycss2.parse_rule_list(rule.content or (), True, True)
            yield from _preludes(within)
        elif rule.type != "at-rule" or rule.lower_at_keyword not in _WITHOUT:
            raise _MoreError


def _asked(prelude: Iterable[Any]) -> Iterator[str]:
    """The attributes that a selector names; raises _MoreError where it asks for more."""
    colon = False
    for token in prelude:
        if colon and token != ":" and getattr(token, "lower_value", None) not in _PLAIN:
            raise _MoreError
        colon = token == ":"
        if token.type == "[] block":
            yield _attribute([each for each in token.content if each.type != "whitespace"])
        elif token.type not in ("ident", "hash", "whitespace", "literal") or token in (
            "+",
            "~",
            "&",
        ):
            raise _MoreError


def _attribute(tokens: list[Any]) -> str:
    if not tokens or tokens[0].type != "ident" or "|" in tokens:
        raise _MoreError
    name: str = tokens[0].lower_value
    return name


__all__ = ["PLACED", "USUAL", "attributes_asked"]
