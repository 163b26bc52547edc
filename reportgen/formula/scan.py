"""Text → tokens: operators, brackets, numbers and names, in both widths.

The scanner ends where the notes begin: at the first bracket behind a complete term
from which on the text holds nothing but bracketed clauses and full stops.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from reportgen.formula.fault import MAX_DIGITS, FaultError
from reportgen.names import is_invisible

_OPERATORS = (
    dict.fromkeys("+＋﹢", "+")
    | dict.fromkeys("-－−–﹣", "-")
    | dict.fromkeys("*＊×﹡", "×")
    | dict.fromkeys("/／÷∕⁄", "÷")
)
_RELATIONS = (
    dict.fromkeys(">＞﹥", ">")
    | dict.fromkeys("<＜﹤", "<")
    | dict.fromkeys("=＝﹦", "=")
    | dict.fromkeys("≥≧⩾", "≥")
    | dict.fromkeys("≤≦⩽", "≤")
)
RATE_SIGN_OF = dict.fromkeys("%％﹪", "%") | {"‰": "‰", "‱": "‱"}
# Brackets pair by shape, whatever their width.
_OPENING = dict.fromkeys("(（﹙", "(") | dict.fromkeys("[［〔", "[") | dict.fromkeys("{｛", "{")
_CLOSING = dict.fromkeys(")）﹚", "(") | dict.fromkeys("]］〕", "[") | dict.fromkeys("}｝", "{")
_POINT = frozenset(".．")
_COMMA = frozenset(",，")
_STOPS = frozenset("。｡") | _POINT
_MARKS = frozenset("；;：:﹕！!？?^＾√≠±∑") | _STOPS | _COMMA
_NOT_IN_NAMES = (
    _MARKS
    | RATE_SIGN_OF.keys()
    | _OPERATORS.keys()
    | _RELATIONS.keys()
    | _OPENING.keys()
    | _CLOSING.keys()
)
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_NUMBER = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_TO_ASCII = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    NAME = "name"
    OPERATOR = "operator"
    RELATION = "relation"
    PERCENT = "percent"
    OPEN = "open"
    CLOSE = "close"
    MARK = "mark"  # a sign that means nothing here
    END = "end"


_ENDS_TERM = frozenset({Kind.NUMBER, Kind.NAME, Kind.PERCENT, Kind.CLOSE})
_SINGLE = {
    Kind.OPEN: _OPENING.keys(),
    Kind.CLOSE: _CLOSING.keys(),
    Kind.PERCENT: RATE_SIGN_OF,
    Kind.MARK: _MARKS,
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` is canonical for operators and relations, ASCII for numbers."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Brackets:
    """Which brackets belong together, and where nothing but notes follows."""

    partner: dict[int, int]  # both ways
    tail: frozenset[int]  # starts of clauses and full stops from which on only such follow


def pair_brackets(text: str) -> Brackets:
    """Pair a text's brackets by shape; those without a partner are left out."""
    partner: dict[int, int] = {}
    open_ones: list[int] = []
    for index, char in enumerate(text):
        if char in _OPENING:
            open_ones.append(index)
        elif char in _CLOSING and open_ones and _OPENING[text[open_ones[-1]]] == _CLOSING[char]:
            start = open_ones.pop()
            partner[start], partner[index] = index, start
    return Brackets(partner, frozenset(_tail(text, partner)))


def _tail(text: str, partner: dict[int, int]) -> set[int]:
    tail: set[int] = set()
    index = len(text) - 1
    while index >= 0:
        char = text[index]
        if char in _CLOSING and index in partner:
            index = partner[index]
            tail.add(index)
        elif char in _STOPS:
            tail.add(index)
        elif not is_invisible(char):
            break
        index -= 1
    return tail


def holds_arithmetic(text: str) -> bool:
    """Whether a clause reads as a calculation: ``乙+丙`` and ``1/2`` do, ``105/12/31為準`` not."""
    chars = [char for char in text if not is_invisible(char)]
    if chars and all(char in _DIGITS or char in _OPERATORS for char in chars):
        return True
    joined = [
        (before, after)
        for before, char, after in zip(chars, chars[1:], chars[2:], strict=False)
        if char in _OPERATORS
    ]
    return any(not (a in _DIGITS and b in _DIGITS) for a, b in joined)


def scan(text: str, brackets: Brackets) -> list[Token]:
    """The tokens of a formula, ending with END where its notes begin.

    Raises FaultError for a character that is no text and for a malformed number.
    """
    _refuse_unreadable(text)
    return _Scanner(text, brackets).tokens()


def _refuse_unreadable(text: str) -> None:
    for index, char in enumerate(text):
        control = unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace()
        if control or ord(char) & 0xFFFE == 0xFFFE:
            raise FaultError("E203", (index, index + 1), found=f"U+{ord(char):04X}")


class _Scanner:
    def __init__(self, text: str, brackets: Brackets) -> None:
        self.text = text
        self.brackets = brackets

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        index = self._visible_from(0)
        while index < len(self.text):
            ends_term = bool(found) and found[-1].kind in _ENDS_TERM
            if ends_term and index in self.brackets.tail:
                break
            token = self._token(index)
            found.append(token)
            index = self._visible_from(token.end)
        found.append(Token(Kind.END, "", index, index))
        return found

    def _token(self, index: int) -> Token:
        char = self.text[index]
        if char in _DIGITS or (char in _POINT and self._at(index + 1) in _DIGITS):
            return self._number(index)
        if char in _RELATIONS:
            return self._relation(index)
        if char in _OPERATORS:
            return Token(Kind.OPERATOR, _OPERATORS[char], index, index + 1)
        for kind, table in _SINGLE.items():
            if char in table:
                return Token(kind, char, index, index + 1)
        return self._name(index)

    def _relation(self, index: int) -> Token:
        text, end = _RELATIONS[self.text[index]], index + 1
        after = self._visible_from(end)
        if text in "<>" and _RELATIONS.get(self._at(after)) == "=":
            text, end = {">": "≥", "<": "≤"}[text], after + 1
        return Token(Kind.RELATION, text, index, end)

    def _number(self, index: int) -> Token:
        end = index
        while self._at(end) in _DIGITS or (
            self._at(end) in _POINT | _COMMA and self._at(end + 1) in _DIGITS
        ):
            end += 1
        written = self.text[index:end].translate(_TO_ASCII)
        if written.isdigit() and self._is_name_char(self._visible_from(end)):
            return self._name(index)
        if not _NUMBER.fullmatch(written):
            raise FaultError("E209", (index, end))
        if sum(char.isdigit() for char in written) > MAX_DIGITS:
            raise FaultError("E218", (index, end), limit=MAX_DIGITS)
        return Token(Kind.NUMBER, written, index, end)

    def _name(self, index: int) -> Token:
        end = after = index
        while after < len(self.text):
            if is_invisible(self.text[after]):
                after += 1
            elif self._belongs_to_name(after):
                end = after = after + 1
            elif (close := self._inner_group(after)) is not None:
                end = after = close + 1
            else:
                break
        return Token(Kind.NAME, self.text[index:end], index, end)

    def _belongs_to_name(self, index: int) -> bool:
        if self._is_name_char(index) or self.text[index] in _DIGITS:
            return True
        after = self._at(self._visible_from(index + 1))
        if self.text[index] in _POINT:
            return after in _DIGITS or self._is_name_char(self._visible_from(index + 1))
        if self.text[index - 1] not in _DIGITS:
            return False
        if self.text[index] in RATE_SIGN_OF:
            return self._is_name_char(self._visible_from(index + 1))
        return self.text[index] in _COMMA and self._at(index + 1) in _DIGITS

    def _inner_group(self, index: int) -> int | None:
        """Where the bracket group ends that belongs to a name, if it does: 甲(乙)類數."""
        close = self.brackets.partner.get(index)
        if close is None or close < index or index in self.brackets.tail:
            return None
        return None if holds_arithmetic(self.text[index + 1 : close]) else close

    def _is_name_char(self, index: int) -> bool:
        char = self._at(index)
        return bool(char) and char not in _NOT_IN_NAMES and char not in _DIGITS

    def _at(self, index: int) -> str:
        return self.text[index] if index < len(self.text) else ""

    def _visible_from(self, index: int) -> int:
        while index < len(self.text) and is_invisible(self.text[index]):
            index += 1
        return index


def number_value(written: str) -> Fraction:
    """The exact value of a NUMBER token's text, ``1,234.5``."""
    return Fraction(written.replace(",", ""))
