"""How Excel shows a number: what its format makes of it.

Numbers are read as they are stored. Where a format shows something else than is stored,
people must be told, and a text column is printed as it is shown. Only formats of digits are
known here: a date, a fraction, an exponent or Chinese numerals are answered by None.

Rules: ECMA-376 part 1, 18.8.31; Excel rounds half away from zero.
"""

from __future__ import annotations

import operator
import re
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.numerals import number_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A literal, a space of a width, a fill, something in brackets, an exponent, or one character.
_TOKEN: Final = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]|[eE][+-]|General|G/通用格式|.', re.DOTALL)
_COLOUR: Final = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color *\d+", re.I)
_CONDITION: Final = re.compile(
    r"\[ *(<=|>=|<>|<|>|=) *(-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?)\.? *\]"
)
_HOLDS: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_PLACES: Final = "0#?"
_PLAIN: Final = re.compile(r"[^a-zA-Z/]")  # what stands for itself


class Look(NamedTuple):
    """A number as it is shown.

    ``shift`` is what it is divided by before it is shown: 1, or 1000 for each comma that
    ends the digits; 1/100 for a percentage is none, as the sign says so. ``is_hidden``:
    nothing of the number is to be seen. ``is_literal``: digits are shown that are not its own.
    """

    text: str
    rounded: Fraction  # the number that the digits stand for, unshifted
    shift: int = 1
    is_hidden: bool = False
    is_literal: bool = False


def is_percentage(number: float, code: str) -> bool:
    """Return whether a format shows this number as a percentage: its section in force decides."""
    if "%" not in code or not isfinite(number):
        return False
    section = _section(Fraction(repr(number)), code)[0]
    return any(token.text == "%" and not token.is_literal for token in _tokens(section))


class _Token(NamedTuple):
    text: str
    is_literal: bool


def look_of(number: Fraction, code: str) -> Look | None:
    """What a format shows of a number; None for a format that is not known here.

    Raises ValueError for a number without a finite decimal form.
    """
    section, number_shown = _section(number, code)
    tokens = list(_tokens(section))
    if any(not token.is_literal and token.text == "" for token in tokens):
        return None
    literal = any(token.is_literal and re.search(r"[\d.]", token.text) for token in tokens)
    places = [n for n, token in enumerate(tokens) if not token.is_literal]
    if any(tokens[n].text == "General" for n in places):
        shown = number_text(number_shown)
        text = "".join(t.text if t.is_literal else shown for t in tokens)
        return Look(text, number, is_literal=literal)
    digits = [n for n in places if tokens[n].text in _PLACES]
    if not digits:
        text = "".join(token.text for token in tokens if token.is_literal or token.text == "%")
        return Look(text, number, is_hidden=True)
    return _shown(number, number_shown, tokens, literal)


def _section(number: Fraction, code: str) -> tuple[str, Fraction]:
    """The part of the format for numbers of that sign, and the number that it shows."""
    sections = [""]
    for token in _TOKEN.findall(code):
        if token == ";":
            sections.append("")
        else:
            sections[-1] += token
    if any(map(_CONDITION.search, sections)):
        return _fitting(number, sections), number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _fitting(number: Fraction, sections: list[str]) -> str:
    """The first section whose condition holds, or that has none."""
    for section in sections:
        match = _CONDITION.search(section)
        if match is None or _HOLDS[match[1]](number, Fraction(match[2])):
            return _CONDITION.sub("", section)
    return sections[-1]


def _tokens(section: str) -> Iterator[_Token]:
    """The section's pieces; an empty one that is no literal stands for what is not known."""
    for token in _TOKEN.findall(section):
        if token.startswith("["):
            yield from _bracketed(token)
        elif token in {"General", "G/通用格式"}:
            yield _Token("General", False)
        elif token in "0#?.,%":
            yield _Token(token, False)
        elif len(token) > 1 and token[0] in '"\\!_*':
            text = {"_": " ", "*": ""}.get(token[0], token[1:].removesuffix('"'))
            yield _Token(text, True)
        else:
            is_plain = bool(_PLAIN.fullmatch(token))
            yield _Token(token if is_plain else "", is_plain)


def _bracketed(token: str) -> Iterator[_Token]:
    """A currency, a colour, or what is not known."""
    if token.startswith("[$"):
        yield _Token(token[2:-1].partition("-")[0], True)
    elif not _COLOUR.fullmatch(token[1:-1]):
        yield _Token("", False)


def _shown(number: Fraction, shown: Fraction, tokens: list[_Token], literal: bool) -> Look:
    """The digits put into the format."""
    marks = "".join("x" if token.is_literal else token.text for token in tokens)
    point = marks.find(".")
    whole = marks if point < 0 else marks[:point]
    shift = 1000 ** sum(len(commas) for commas in re.findall(r"(?<=[0#?])(,+)(?![0#?,])", marks))
    decimals = sum(mark in _PLACES for mark in marks[len(whole) :])
    percent = 100 ** marks.count("%")
    scale = 10**decimals
    units = _half_away(shown * percent / shift * scale)
    rounded = Fraction(units, scale) / percent
    text = _text(units, decimals, marks, tokens)
    negative = shown < 0 and units != 0
    sign_is_own = shown != number  # the section for negative numbers shows its own sign
    return Look(
        ("-" if negative else "") + text,
        -rounded if sign_is_own else rounded,
        shift=shift,
        is_literal=literal,
    )


def _half_away(number: Fraction) -> int:
    whole, rest = divmod(abs(number.numerator), number.denominator)
    whole += 2 * rest >= number.denominator
    return -whole if number < 0 else whole


def _text(units: int, decimals: int, marks: str, tokens: list[_Token]) -> str:
    """The digits where the format has its places, and what stands around and between them."""
    digits = str(abs(units)).rjust(decimals + 1, "0")
    front, back = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    point = marks.find(".")
    end = len(marks) if point < 0 else point
    wholes = [n for n in range(end) if marks[n] in _PLACES]
    least = sum(marks[n] == "0" for n in wholes)
    front = "" if front == "0" and not least else front.rjust(least, "0")
    if wholes and "," in marks[wholes[0] : wholes[-1]]:
        front = f"{int(front or 0):,}" if front else ""
    kept = sum(1 for n in range(end, len(marks)) if marks[n] == "0")
    back = back[:kept] + back[kept:].rstrip("0")
    places = {wholes[0]: front} if wholes else {}
    if wholes and "x" in marks[wholes[0] : wholes[-1]]:  # a literal between the digits
        *rest, places[wholes[0]] = *reversed(front[-len(wholes) + 1 :]), front[: -len(wholes) + 1]
        places |= dict(zip(reversed(wholes), rest, strict=False))
    if point >= 0:
        places[point] = ("" if wholes else front) + ("." if back or kept else "") + back
    return "".join(
        token.text if token.is_literal or token.text == "%" else places.get(n, "")
        for n, token in enumerate(tokens)
    ).strip()


__all__ = ["Look", "is_percentage", "look_of"]
