"""Number formats of Excel: how a number is displayed.

Numbers are read as they are stored. If a format displays something else than is stored,
this is reported, and a text column is printed as displayed. Only formats of digits are
known here: for a date, a fraction, an exponent or Chinese numerals the result is None.

Rules: ECMA-376 part 1, 18.8.31; Excel rounds half away from zero.
"""

from __future__ import annotations

import operator
import re
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.reading.number_parsing import format_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A literal, a space of a width, a fill, something in brackets, an exponent, or one character.
_TOKEN: Final = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]|[eE][+-]|General|G/通用格式|.', re.DOTALL)
_COLOUR: Final = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color *\d+", re.I)
_CONDITION: Final = re.compile(
    r"\[ *(<=|>=|<>|<|>|=) *(-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?)\.? *\]"
)
_COMPARISONS: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_DIGIT_PLACEHOLDERS: Final = "0#?"
_LITERAL_CHARACTER: Final = re.compile(r"[^a-zA-Z/]")  # displayed as it is


class DisplayedNumber(NamedTuple):
    """A number as its format displays it.

    ``divisor`` is what it is divided by before it is displayed: 1, or 1000 for each comma that
    ends the digits; the 1/100 of a percentage is none, as the sign says so. ``is_hidden``:
    nothing of the number is visible. ``has_literal_digits``: digits are displayed that are not
    its own.
    """

    text: str
    displayed_value: Fraction  # the number that the digits stand for, unshifted
    divisor: int = 1
    is_hidden: bool = False
    has_literal_digits: bool = False


def is_percentage(number: float, code: str) -> bool:
    """Return whether a format displays a number as a percentage, in the section that applies.

    False for NaN and infinity.
    """
    if "%" not in code or not isfinite(number):
        return False
    section = _section_for_number(Fraction(repr(number)), code)[0]
    return any(token.text == "%" and not token.is_literal for token in _section_tokens(section))


class _Token(NamedTuple):
    """A token of a format code; ``is_literal``: it is displayed as it is."""

    text: str
    is_literal: bool


def display_number(number: Fraction, code: str) -> DisplayedNumber | None:
    """Return a number as a format displays it, or None for a format that is not known here.

    Raises ValueError for a number without a finite decimal form.
    """
    section, number_shown = _section_for_number(number, code)
    tokens = list(_section_tokens(section))
    if any(not token.is_literal and token.text == "" for token in tokens):
        return None
    has_literal_digits = any(
        token.is_literal and re.search(r"[\d.]", token.text) for token in tokens
    )
    placeholders = [n for n, token in enumerate(tokens) if not token.is_literal]
    if any(tokens[n].text == "General" for n in placeholders):
        plain = format_number(number_shown)
        text = "".join(t.text if t.is_literal else plain for t in tokens)
        return DisplayedNumber(text, number, has_literal_digits=has_literal_digits)
    digits = [n for n in placeholders if tokens[n].text in _DIGIT_PLACEHOLDERS]
    if not digits:
        text = "".join(token.text for token in tokens if token.is_literal or token.text == "%")
        return DisplayedNumber(text, number, is_hidden=True)
    return _format_digits(number, number_shown, tokens, has_literal_digits)


def _section_for_number(number: Fraction, code: str) -> tuple[str, Fraction]:
    """Return the section of a format code for a number, and the number as it displays it.

    A section for negative numbers displays the absolute value. Sections with conditions are
    chosen by these alone.
    """
    sections = [""]
    for token in _TOKEN.findall(code):
        if token == ";":
            sections.append("")
        else:
            sections[-1] += token
    if any(map(_CONDITION.search, sections)):
        return _first_matching_section(number, sections), number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _first_matching_section(number: Fraction, sections: list[str]) -> str:
    """Return the first section whose condition holds, or that has none; else the last one."""
    for section in sections:
        match = _CONDITION.search(section)
        if match is None or _COMPARISONS[match[1]](number, Fraction(match[2])):
            return _CONDITION.sub("", section)
    return sections[-1]


def _section_tokens(section: str) -> Iterator[_Token]:
    """Yield the tokens of a section; an unknown one has an empty text and is no literal."""
    for token in _TOKEN.findall(section):
        if token.startswith("["):
            yield from _bracket_tokens(token)
        elif token in {"General", "G/通用格式"}:
            yield _Token("General", False)
        elif token in "0#?.,%":
            yield _Token(token, False)
        elif len(token) > 1 and token[0] in '"\\!_*':
            text = {"_": " ", "*": ""}.get(token[0], token[1:].removesuffix('"'))
            yield _Token(text, True)
        else:
            is_plain = bool(_LITERAL_CHARACTER.fullmatch(token))
            yield _Token(token if is_plain else "", is_plain)


def _bracket_tokens(token: str) -> Iterator[_Token]:
    """Yield a currency as a literal, an unknown bracket as an unknown token.

    A colour yields nothing.
    """
    if token.startswith("[$"):
        yield _Token(token[2:-1].partition("-")[0], True)
    elif not _COLOUR.fullmatch(token[1:-1]):
        yield _Token("", False)


def _format_digits(
    number: Fraction, number_shown: Fraction, tokens: list[_Token], is_literal: bool
) -> DisplayedNumber:
    """Return the text and value of a number displayed by the digit placeholders of a section.

    ``number_shown`` is the number as the section displays it, without its sign if the section
    has its own; ``is_literal``: the section has literal digits.
    """
    marks = "".join("x" if token.is_literal else token.text for token in tokens)
    point = marks.find(".")
    integer_part = marks if point < 0 else marks[:point]
    shift = 1000 ** sum(len(commas) for commas in re.findall(r"(?<=[0#?])(,+)(?![0#?,])", marks))
    decimals = sum(mark in _DIGIT_PLACEHOLDERS for mark in marks[len(integer_part) :])
    percent = 100 ** marks.count("%")
    scale = 10**decimals
    scaled = _round_half_away_from_zero(number_shown * percent / shift * scale)
    rounded = Fraction(scaled, scale) / percent
    text = _fill_placeholders(scaled, decimals, marks, tokens)
    negative = number_shown < 0 and scaled != 0
    section_has_sign = number_shown != number  # the section for negative numbers shows its own sign
    return DisplayedNumber(
        ("-" if negative else "") + text,
        -rounded if section_has_sign else rounded,
        divisor=shift,
        has_literal_digits=is_literal,
    )


def _round_half_away_from_zero(number: Fraction) -> int:
    """Return a number rounded half away from zero."""
    quotient, remainder = divmod(abs(number.numerator), number.denominator)
    quotient += 2 * remainder >= number.denominator
    return -quotient if number < 0 else quotient


def _fill_placeholders(scaled: int, decimals: int, marks: str, tokens: list[_Token]) -> str:
    """Return the digits in the placeholders of the format, with the literals around and between.

    ``scaled`` is the rounded number times a power of ten for its ``decimals``; ``marks`` has one
    character for each token, ``x`` for a literal.
    """
    digits = str(abs(scaled)).rjust(decimals + 1, "0")
    integer, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    point = marks.find(".")
    end = len(marks) if point < 0 else point
    slots = [n for n in range(end) if marks[n] in _DIGIT_PLACEHOLDERS]
    min_integer = sum(marks[n] == "0" for n in slots)
    integer = "" if integer == "0" and not min_integer else integer.rjust(min_integer, "0")
    if slots and "," in marks[slots[0] : slots[-1]]:
        integer = f"{int(integer or 0):,}" if integer else ""
    min_decimals = sum(1 for n in range(end, len(marks)) if marks[n] == "0")
    fraction = fraction[:min_decimals] + fraction[min_decimals:].rstrip("0")
    texts = {slots[0]: integer} if slots else {}
    if slots and "x" in marks[slots[0] : slots[-1]]:  # a literal between the digits
        *rest, texts[slots[0]] = *reversed(integer[-len(slots) + 1 :]), integer[: -len(slots) + 1]
        texts |= dict(zip(reversed(slots), rest, strict=False))
    if point >= 0:
        texts[point] = (
            ("" if slots else integer) + ("." if fraction or min_decimals else "") + fraction
        )
    return "".join(
        token.text if token.is_literal or token.text == "%" else texts.get(n, "")
        for n, token in enumerate(tokens)
    ).strip()


__all__ = ["DisplayedNumber", "display_number", "is_percentage"]
