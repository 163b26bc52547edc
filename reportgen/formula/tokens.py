"""Signs, tokens and brackets of a formula's text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.formula.parse_errors import FormulaError
from reportgen.text.name_matching import is_invisible

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Expression

OPERATORS = (
    dict.fromkeys("+＋﹢", "+")
    | dict.fromkeys("-－−–﹣", "-")
    | dict.fromkeys("*＊×﹡✕╳✖⨯", "×")
    | dict.fromkeys("/／÷∕⁄╱", "÷")
)
# Signs that are letters or parts of names elsewhere: operators only between two operands.
SOFT_OPERATORS = dict.fromkeys("xXｘＸ·⋅∙•", "×") | dict.fromkeys("—―─", "-")
RELATIONS = (
    dict.fromkeys(">＞﹥", ">")
    | dict.fromkeys("<＜﹤", "<")
    | dict.fromkeys("=＝﹦", "=")
    | dict.fromkeys("≥≧⩾", "≥")
    | dict.fromkeys("≤≦⩽", "≤")
)
RATE_SIGN_OF = dict.fromkeys("%％﹪", "%") | {"‰": "‰", "‱": "‱"}
# Brackets pair by shape, whatever their width.
OPENING = (
    dict.fromkeys("(（﹙", "(")
    | dict.fromkeys("[［〔﹝", "[")
    | dict.fromkeys("{｛﹛", "{")
    | dict.fromkeys("【〖", "【")
    | {"〈": "〈"}
)
CLOSING = (
    dict.fromkeys(")）﹚", "(")
    | dict.fromkeys("]］〕﹞", "[")
    | dict.fromkeys("}｝﹜", "{")
    | dict.fromkeys("】〗", "【")
    | {"〉": "〈"}
)
# What is passed over between names that are known: quotes, and numbers of labels.
QUOTES = frozenset("「」『』“”\"'‘’＂①②③④⑤⑥⑦⑧⑨⑩")
POINTS = frozenset(".．")
COMMAS = frozenset(",，")
STOPS = frozenset("。｡") | POINTS
MARKS = frozenset("；;：:﹕∶！!？?^＾√≠±∑※") | STOPS | COMMAS
NOT_IN_NAMES = (
    MARKS
    | RATE_SIGN_OF.keys()
    | OPERATORS.keys()
    | RELATIONS.keys()
    | OPENING.keys()
    | CLOSING.keys()
)
DIGITS = frozenset("0123456789０１２３４５６７８９")
NUMBER = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
TO_ASCII = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


class TokenKind(Enum):
    """The kind of a token."""

    NUMBER = auto()
    NAME = auto()
    OPERATOR = auto()
    RELATION = auto()
    PERCENT = auto()
    OPEN = auto()
    CLOSE = auto()
    MARK = auto()  # a sign that means nothing here
    TERM = auto()  # a name or a number with its expression ready
    AVERAGE = auto()
    TOTAL = auto()
    STEP = auto()  # 再乘以: an operator that applies to all that stands before it
    SEPARATOR = auto()  # of a list: 、 及
    END = auto()


SINGLE_CHARACTER_TOKENS = {
    TokenKind.OPEN: OPENING.keys(),
    TokenKind.CLOSE: CLOSING.keys(),
    TokenKind.PERCENT: RATE_SIGN_OF,
    TokenKind.MARK: MARKS,
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` is canonical for operators and relations, ASCII for numbers."""

    kind: TokenKind
    text: str
    start: int
    end: int
    is_word: bool = False  # an operator that is written as a word
    term: Expression | None = None  # of a TERM
    is_share: bool = False  # 占: a quotient that is read as a percentage


@dataclass(frozen=True, slots=True)
class Brackets:
    """The pairs of brackets, and the position behind which only notes follow."""

    partner: dict[int, int]  # both ways
    tail: frozenset[int]  # starts of clauses and full stops from which on only such follow


def pair_brackets(text: str) -> Brackets:
    """Return a text's brackets, paired by shape; those without a partner are left out.

    Widths may differ: （甲) is a pair. One that is never closed leaves those around it unpaired.
    """
    partner: dict[int, int] = {}
    open_indexes: list[int] = []
    for index, char in enumerate(text):
        if char in OPENING:
            open_indexes.append(index)
        elif char in CLOSING and open_indexes and OPENING[text[open_indexes[-1]]] == CLOSING[char]:
            start = open_indexes.pop()
            partner[start], partner[index] = index, start
    return Brackets(partner, frozenset(_trailing_clauses(text, partner)))


def _trailing_clauses(text: str, partner: dict[int, int]) -> set[int]:
    """Return the offsets of the brackets and stops that end the text, seen from its end.

    ``partner`` holds the offset of each bracket's other half.
    """
    tail: set[int] = set()
    index = len(text) - 1
    while index >= 0:
        char = text[index]
        if char in CLOSING and index in partner:
            index = partner[index]
            tail.add(index)
        elif char in STOPS:
            tail.add(index)
        elif not is_invisible(char):
            break
        index -= 1
    return tail


def holds_arithmetic(text: str) -> bool:
    """Return whether a clause reads as a calculation: ``乙+丙``, ``1/2``; not ``105/12/31為準``.

    An operator between two digits does not count if there is other text.
    """
    chars = [char for char in text if not is_invisible(char)]
    if chars and all(char in DIGITS or char in OPERATORS for char in chars):
        return True
    neighbours = [
        (before, after)
        for before, char, after in zip(chars, chars[1:], chars[2:], strict=False)
        if char in OPERATORS
    ]
    return any(not (before in DIGITS and after in DIGITS) for before, after in neighbours)


def is_bracket(char: str) -> bool:
    """Return whether a character opens or closes a bracket, of whatever shape."""
    return char in OPENING or char in CLOSING


def canonical_sign(char: str) -> str:
    """Return the canonical form of an operator, a relation, a sign such as ％, or a digit."""
    for table in (OPERATORS, RELATIONS, RATE_SIGN_OF):
        if char in table:
            return table[char]
    return char.translate(TO_ASCII)


def refuse_unreadable(text: str) -> None:
    """Raise FormulaError (E203) for the first control character or invalid code point."""
    for index, char in enumerate(text):
        is_control = unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace()
        if is_control or ord(char) & 0xFFFE == 0xFFFE:
            raise FormulaError("E203", (index, index + 1), found=f"U+{ord(char):04X}")


def number_value(written: str) -> Fraction:
    """Return the exact value of a NUMBER token's text, ``1,234.5``."""
    return Fraction(written.replace(",", ""))
