"""The bracketed clauses behind an expression: unit, demanded components, remarks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.formula.rounding import MAX_DECIMAL_PLACES
from reportgen.formula.units import Unit, is_unit_text, parse_unit
from reportgen.text.name_matching import strip_invisible

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Span
    from reportgen.formula.tokens import Brackets

_UNIT_CLAUSE = re.compile(r"(?:計量|衡量)?單位[:∶為是](.*)", re.DOTALL)
_SHOWN_AS = re.compile(r"以?(百分比|百分率|%|千分比|‰)(?:表示|呈現|計|計算|列示)")
_COMPONENT_DEMAND = re.compile(
    r"(?:以上|上述|上列|前述|前列)?各(?:項?數(?:據|額|值)?|項|金額)"
    r"(?:均|皆|都|全)?(?:包含|包括|含括|含)有?:?(.+)",
    re.DOTALL,
)
_NUMERALS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))
_PLACE_NUMBER = r"([0-9]{1,2}|[一二三四五六七八九十])"
# 第3位四捨五入 rounds away the third place; 至第2位 keeps the second.
_ROUNDED_AT = re.compile(rf"第{_PLACE_NUMBER}位(?:數)?(?:採|予以|以)?四捨五入")
_ROUNDED_TO = re.compile(
    rf"(?:至|到|取|計算至|算至)?(?:小數|小數點)(?:點|位)?(?:以下|之後|後)?第?{_PLACE_NUMBER}位|{_PLACE_NUMBER}位小數"
)
_ROUNDED_TO_INTEGER = re.compile(r"(?:至|到|取)?(?:整數|個位)|小數(?:點)?(?:以下|後)四捨五入")
_DIRECT_ENTRY = re.compile(r"(?:數值)?直接(?:填報|填列|填寫)")
_RATE_MARKS = {"0/00": "‰", "o/oo": "‰", "0/0": "%"}
_COMMA = re.compile(r"[、,;]")
# 及 between two things, not the one at the start of a name such as 和解金.
_AND = re.compile(r"(?<=[^及與和暨、])(?:以及|及|與|和|暨)(?=.)")
_LEADING_AND = re.compile(r"^(?:以及|及|與|暨)(?=.)")
_AND_SO_ON = re.compile(r"等(?:[0-9一二兩三四五六七八九十]+項)?$")


@dataclass(frozen=True, slots=True)
class Note:
    """A clause as written, without its brackets, and its position including them."""

    text: str
    span: Span


def read_notes(text: str, start: int, brackets: Brackets) -> tuple[Note, ...]:
    """Return the text and span of each outermost bracket from ``start`` on."""
    notes: list[Note] = []
    index = start
    while index < len(text):
        close = brackets.partner.get(index, -1)
        if close > index:
            notes.append(Note(text[index + 1 : close], (index, close + 1)))
            index = close
        index += 1
    return tuple(notes)


def stated_unit(note: Note) -> str | None:
    """Return the text behind 單位：, which may be empty; None if it is no unit clause."""
    match = _UNIT_CLAUSE.fullmatch(unicodedata.normalize("NFKC", strip_invisible(note.text)))
    return match[1] if match else None


def demanded_components(note: Note) -> tuple[str, ...]:
    """Return the components that 「以上各數均含甲、乙及丙」 demands, in its order.

    Empty for any other clause. Commas part the list. 及, 以及, 與, 和, 暨 part its last member
    only, so that 賠償與補償、罰款及其他 is 賠償與補償, 罰款, 其他.
    """
    text = strip_invisible(note.text)
    match = _COMPONENT_DEMAND.fullmatch(
        text.replace("：", ":").replace("，", ",").replace("；", ";")
    )
    if match is None:
        return ()
    *first_members, last_member = _COMMA.split(_AND_SO_ON.sub("", match[1].rstrip("。.")))
    members = [*first_members, *_AND.split(_LEADING_AND.sub("", last_member))]
    return tuple(dict.fromkeys(member for member in members if member))


def bare_unit(note: Note) -> Unit | None:
    """Return the unit that a clause consists of: ``(%)``, ``(件/十萬人)``; None for others."""
    text = unicodedata.normalize("NFKC", strip_invisible(note.text))
    text = _RATE_MARKS.get(text, text)
    if display_note := _SHOWN_AS.fullmatch(text):
        text = display_note[1]
    return parse_unit(text) if is_unit_text(text) else None


def says_direct_entry(note: Note) -> bool:
    """Return whether a clause states that the figure is entered directly: ``(直接填報)``."""
    return bool(_DIRECT_ENTRY.fullmatch(strip_invisible(note.text).strip("。.")))


def stated_places(note: Note) -> int | None:
    """Return the decimal places that a clause such as ``四捨五入至小數點第2位`` demands.

    These are MAX_DECIMAL_PLACES at most. None for a clause about anything else. 第3位四捨五入 keeps
    two places.
    """
    text = unicodedata.normalize("NFKC", strip_invisible(note.text))
    rounded, rounded_to = _ROUNDED_AT.search(text), _ROUNDED_TO.search(text)
    place = rounded_to and (rounded_to[1] or rounded_to[2])
    if place and not (rounded and rounded[1] == place):
        return min(_parse_numeral(place), MAX_DECIMAL_PLACES)
    if rounded:
        return min(max(0, _parse_numeral(rounded[1]) - 1), MAX_DECIMAL_PLACES)
    return 0 if "四捨五入" in text and _ROUNDED_TO_INTEGER.search(text) else None


def _parse_numeral(text: str) -> int:
    """Return the number of a Chinese numeral or of digits."""
    return _NUMERALS[text] if text in _NUMERALS else int(text)
