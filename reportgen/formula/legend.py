"""Letters that stand for items: ``A÷B×100%（A：完成件數；B：應完成件數）``, 分子 and 分母."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.formula.syntax_tree import Span
    from reportgen.formula.tokens import Brackets
    from reportgen.formula.vocabulary import Vocabulary

MAX_DEFINITIONS: Final = 20
_KEY_PATTERN: Final = r"(?P<key>[A-Za-zＡ-Ｚａ-ｚ][0-9]?|[甲乙丙丁戊](?=\s?[:：=＝為])|分子|分母)"
# A definition begins a line, a bracket or a clause; the keys 分子 and 分母 may have a line of
# their own.
_DEFINITION_START: Final = re.compile(
    rf"(?:(?<=[\n；;，,、。(（\[【\s:：「『．.)）=＝])|(?:註|注|備註|說明|其中|式中)[:：]?\s{{0,9}}|^)\s{{0,9}}[•●・]?\s{{0,9}}{_KEY_PATTERN}"
    r"(?:\s{0,9}(?:[:：=＝]|為|係指|是指|代表)\s{0,9}|(?<=分[子母])[ \t]{0,40}\n\s{0,9})"
)
_SHARE_PART: Final = re.compile(
    r"(?:以|[、，,])\s{0,9}(?P<value>[^，,、。；;\n以]+?)(?:做|作)?為(?P<key>分子|分母)"
)
_TRAILING_STOPS: Final = re.compile(r"[\s；;，,、。.]{0,99}\Z")
# An item, perhaps its unit in brackets, and its letter: 平均每生教學成本(B)(元).
_LABELLED_LINE: Final = re.compile(
    r"^[ \t\u3000]{0,40}(?P<item>[^\n]{1,200}?)\s{0,9}(?:[(（][^()（）\n]{1,12}[)）]\s{0,9})?"
    r"(?:\n?[ \t\u3000]{0,40}[(（]\s{0,9}(?P<bracketed>[A-ZＡ-Ｚ])\s{0,9}[)）]"
    r"|[ \t\u3000]{0,40}(?P<bare>[A-WYZＡ-ＷＹＺ]))"
    r"[ \t\u3000]{0,40}(?:[(（][^()（）\n0-9+*/×÷-]{1,12}[)）])?[ \t\u3000]{0,40}$",
    re.MULTILINE,
)
# A fraction that is drawn over three lines, perhaps behind its caption.
_DRAWN_FRACTION: Final = re.compile(
    r"^(?:(?P<title>[^\n]*[=＝:：])[ \t\u3000]{0,40}\n)?(?P<above>[^\n]*)\n"
    r"(?P<caption>[^\n]*?)[-－─━—–_＿]{2,200}+(?P<behind>[^\n]*)\n"
    r"(?P<below>[^\n]*)"
)
_TRAILING_BRACKET: Final = re.compile(r"\s{0,9}[(（][^()（）]*[)）]\s{0,9}\Z")


@dataclass(frozen=True, slots=True)
class Definition:
    """The meaning of a letter: the place of its text, and of the whole clause."""

    key: str
    value: Span
    region: Span


def find_definitions(text: str, brackets: Brackets) -> tuple[Definition, ...]:
    """Return the definitions of letters in a formula's text, in order, empty ones left out.

    Without any, those of 以甲為分子、乙為分母 are returned. Whether a letter is defined twice, or
    means a known item, is not checked here.
    """
    matches = list(islice(_DEFINITION_START.finditer(text), MAX_DEFINITIONS + 1))
    definitions: list[Definition] = []
    for position, match in enumerate(matches):
        behind = matches[position + 1].start() if position + 1 < len(matches) else len(text)
        end = min(behind, _end_of(text, match.end(), match["key"], brackets))
        value = text[match.end() : end]
        if not strip_invisible(value):
            continue
        start = match.end()
        while text[start : start + 1].isspace():
            start += 1
        stop = start + len(_TRAILING_STOPS.sub("", text[start:end]))
        if stop > start:
            definitions.append(
                Definition(name_key(match["key"]), (start, stop), (match.start(), end))
            )
    if not definitions:
        parts = islice(_SHARE_PART.finditer(text), MAX_DEFINITIONS)
        definitions = [
            Definition(name_key(part["key"]), part.span("value"), part.span()) for part in parts
        ]
    return tuple(definitions)


def calculates_with(text: str, definition: Definition, keys: set[str]) -> bool:
    """Return whether a definition is the formula itself: C=A/B, where A and B are defined."""
    letters = re.findall(r"[A-Za-zＡ-Ｚａ-ｚ]+|[\u4e00-\u9fff]+", text[slice(*definition.value)])
    return len(letters) > 1 and all(name_key(letter) in keys for letter in letters)


def _end_of(text: str, start: int, key: str, brackets: Brackets) -> int:
    """Return the end of a definition's text: the end of its bracket, line or clause.

    Brackets within the text are part of it, but not a 「（單位：…）」.
    """
    index = start
    while index < len(text):
        partner = brackets.partner.get(index)
        if partner is not None and partner > index:
            if text[index + 1 : partner].lstrip().startswith("單位"):
                return index
            index = partner
        elif partner is not None or text[index] in "；;\n。":
            return index
        index += 1
    return index


def find_drawn_fraction(text: str) -> re.Match[str] | None:
    """Return the parts ``above``, ``caption``, ``behind`` and ``below`` of a drawn fraction.

    None if the text does not begin with one. Its names are not checked.
    """
    return _DRAWN_FRACTION.match(text)


def find_labels(text: str, vocabulary: Vocabulary) -> Iterator[Definition]:
    """Yield lines that are an item and its letter: ``總病床數 (A)``, ``審定決算數B``.

    A line without a known item is passed over.
    """
    for match in _LABELLED_LINE.finditer(text):
        bracket_end = match.start("bracketed") if match["bracketed"] else match.start("bare")
        with_bracket = text[match.start("item") : bracket_end].rstrip(" \t\u3000\n(（")
        is_item = name_key(with_bracket) in vocabulary.items  # 預算數(106-107年度)(A)
        item = with_bracket if is_item else match["item"]
        while name_key(item) not in vocabulary.items and _TRAILING_BRACKET.search(item):
            item = _TRAILING_BRACKET.sub("", item)
        if name_key(item) in vocabulary.items:
            start = match.start("item")
            key = name_key(match["bracketed"] or match["bare"])
            yield Definition(key, (start, start + len(item)), match.span())


def text_outside(text: str, definitions: tuple[Definition, ...]) -> Iterator[Span]:
    """Yield the pieces of the text that are outside of the definitions."""
    start = 0
    for definition in sorted(definitions, key=lambda definition: definition.region):
        begin, end = definition.region
        if begin > start:
            yield start, begin
        start = max(start, end)
    if start < len(text):
        yield start, len(text)
