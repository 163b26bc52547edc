"""CSS values in the words of ``supported_css``: keywords, and kinds such as ``<length>``.

Declarations are expanded and validated by WeasyPrint's own functions, so that a shorthand is
judged by all that it sets, and computed values are put into the same words.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import tinycss2

from reportgen.render.docx.source.supported_css import CSS_WIDE
from reportgen.render.docx.source.template_source import Declaration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reportgen.render.docx.source.supported_css import Support
    from reportgen.render.docx.source.template_source import Part
    from reportgen.render.weasyprint_types import CssValue

Variables = dict[str, list[str]]  # custom properties, each with the values that are declared

_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_MAX_VARIABLE_DEPTH = 5
_MAX_COMBINATIONS = 16
_POINTS = {"px": 0.75, "pt": 1.0, "pc": 12.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
_POINTS["q"] = _POINTS["mm"] / 4
_LISTS = ("content", "bookmark-label", "string-set")
_KINDS = {
    "quotes": "<string>",
    **{f"counter-{what}": "<counter>" for what in ("reset", "set", "increment")},
}
_PAGE_COUNTERS = ("page", "pages")


class Word(NamedTuple):
    """A part of a value: a keyword or a kind, and a length's points if they are known."""

    text: str
    points: float | None = None


class InvalidValueError(Exception):
    """Raised for a value that CSS does not know."""


def variables(parts: Iterable[Part]) -> Variables:
    """Return the custom properties that a template declares, with all their values in order.

    Where they are declared plays no part.
    """
    found: Variables = {}
    for part in parts:
        if isinstance(part, Declaration) and part.name.startswith("--"):
            found.setdefault(part.name, []).append(part.value)
    return found


def with_variables(value: str, known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return a value for each way to replace its variables, sorted and without repetitions.

    It is empty if a variable has neither definition nor fallback, or they nest deeper than five.
    A value without variables is returned as it is.
    """
    values = {value}
    for _ in range(_MAX_VARIABLE_DEPTH):
        if not any("var(" in value for value in values):
            return tuple(sorted(values))
        values = {new for value in values for new in _substitute_variables(value, known)}
    return ()


def _substitute_variables(value: str, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a value with its variables replaced, one for each combination of their definitions.

    At most 16 are yielded; none for a variable without definition or an unknown form of ``var()``.
    """
    pieces = _VARIABLE.split(value)  # text, name, fallback, text, …
    choices = [
        [*known.get(name, ()), *([fallback] if fallback and name not in known else [])]
        for name, fallback in zip(pieces[1::3], pieces[2::3], strict=True)
    ]
    if not choices:  # var() in a form that is not understood
        return
    for chosen in list(product(*choices))[:_MAX_COMBINATIONS]:
        texts = (part for pair in zip(pieces[::3], (*chosen, ""), strict=True) for part in pair)
        yield "".join(texts)


def longhands(name: str, value: str) -> list[tuple[str, CssValue]]:
    """Return what a declaration sets: properties and values as WeasyPrint specifies them.

    What a shorthand merely resets to its initial value is left out; names have hyphens. Raises
    InvalidValueError for an empty value, or one that WeasyPrint does not accept.
    """
    from weasyprint.css.tokens import InvalidValues, remove_whitespace
    from weasyprint.css.validation.expanders import EXPANDERS
    from weasyprint.css.validation.properties import validate_non_shorthand

    tokens = remove_whitespace(tinycss2.parse_component_value_list(value, skip_comments=True))
    validate = EXPANDERS.get(name, validate_non_shorthand)
    try:
        if not tokens:
            raise InvalidValues
        found = list(validate(tokens, name, "https://template.invalid/"))
    except InvalidValues:
        raise InvalidValueError from None
    if name == "text-align":
        return [("text-align-all", "justify-all" if value == "justify-all" else found[0][1])]
    return [
        (longhand.replace("_", "-"), specified)
        for longhand, specified in found
        if longhand.replace("_", "-") == name
        or not (specified == "initial" or is_initial(longhand, specified))
    ]


def is_initial(name: str, value: CssValue) -> bool:
    """Return whether a value is the one that a property has where nothing declares it."""
    from weasyprint.css.properties import INITIAL_VALUES

    return bool(_as_tuples(value) == _as_tuples(INITIAL_VALUES.get(name.replace("-", "_"))))


def _as_tuples(value: CssValue) -> CssValue:
    """Return a value with its lists as tuples, at any depth, so that equal values compare equal."""
    return tuple(map(_as_tuples, value)) if value.__class__ in (list, tuple) else value


def words(name: str, value: CssValue) -> tuple[Word, ...]:
    """Return the words of a property's specified or computed value, in its order.

    A value without any part has the word "none".
    """
    if isinstance(value, str):
        return (Word("<color>" if value == "currentcolor" else value),)
    if name == "display":
        return (Word(_display_keyword(value)),)
    if name in _LISTS:
        return tuple(_content_words(value))
    if name == "list-style-type":
        return (Word("<string>" if value[0] == "string" else value[0]),)
    if name in _KINDS:
        return (Word(_KINDS[name] if value else "none"),)
    return tuple(_plain_words(value)) or (Word("none"),)


def _display_keyword(value: tuple[str, ...]) -> str:
    """Return the one keyword of a computed ``display``: ("inline", "flow-root") → inline-block."""
    if len(value) == 1:
        return value[0]
    if "list-item" in value:
        return "list-item"
    outer, inner = value[:2]
    if inner == "flow":
        return outer
    if inner == "flow-root":
        return "flow-root" if outer == "block" else "inline-block"
    return inner if outer == "block" else f"inline-{inner}"


def _content_words(value: CssValue) -> Iterator[Word]:
    """Yield the words of ``content``, ``bookmark-label`` or ``string-set``, one for each part.

    A page counter is ``counter(page)``, or ``counter(page, …)`` in a style that Word lacks.
    """
    from reportgen.render.docx.write.page_fields import SWITCHES

    argument: CssValue
    for part in value:
        kind, argument = (part, None) if isinstance(part, str) else part
        if kind in ("counter()", "counters()") and argument[0] in _PAGE_COUNTERS:
            style = argument[-1]
            known = style if isinstance(style, str) and style in SWITCHES else None
            yield Word(f"counter({argument[0]})" if known else f"counter({argument[0]}, …)")
        else:
            yield Word({"string": "<string>", "quote": "open-quote"}.get(kind, kind))


def _plain_words(value: CssValue) -> Iterator[Word]:
    """Yield the words of a value without a syntax of its own, those in lists too; None has none."""
    unit = getattr(value, "unit", "")
    if isinstance(value, str):
        yield Word("<color>" if value == "currentcolor" else value)
    elif isinstance(value, (int, float)):
        yield Word(f"{value:g}", value * _POINTS["px"])
    elif hasattr(value, "alpha") or hasattr(value, "source_line"):  # computed, or a token
        yield Word("<color>")
    elif unit != "":
        yield _length_word(value.value, unit)
    elif value is not None:
        for part in value:
            yield from _plain_words(part)


def _length_word(value: float, unit: str | None) -> Word:
    """Return the word of a number and its unit: ``<percentage>``, or ``<length>`` with its points.

    The points are None for relative units. Zero and numbers without a unit are the digits
    themselves; infinity is "none".
    """
    if value == float("inf"):
        return Word("none")
    if unit == "%":
        return Word("<percentage>")
    if unit is None or not value:
        return Word(f"{value:g}", 0.0)
    factor = _POINTS.get(unit.lower())
    return Word("<length>", None if factor is None else value * factor)


def accepts(support: Support, word: Word) -> bool:
    """Return whether a word is among the supported ones, and a length within its limits.

    ``inherit`` and ``initial`` always are. Zero, and lengths in relative units, are not compared
    with limits.
    """
    text, points = word
    if "<any>" in support.values:
        return True
    is_length = {"<length>", "<number>"} & {*support.values}
    if support.limits is not None and points and is_length:
        smallest, largest = support.limits
        return smallest - 0.01 <= points <= largest + 0.01
    return text in support.values or text in CSS_WIDE or bool(is_length and points is not None)
