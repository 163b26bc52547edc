"""The bracketed clauses behind an expression: unit, demanded components, remarks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.names import visible

if TYPE_CHECKING:
    from reportgen.formula.scan import Brackets
    from reportgen.formula.tree import Span

_UNIT = re.compile(r"(?:計量)?單位[:∶](.*)", re.DOTALL)
_DEMAND = re.compile(
    r"(?:以上|上述|上列|前述|前列)?各(?:項?數(?:據|額|值)?|項|金額)"
    r"(?:均|皆|都|全)?(?:包含|包括|含括|含)有?:?(.+)",
    re.DOTALL,
)
_COMMA = re.compile(r"[、,;]")
# 及 between two things, not the one at the start of a name such as 和解金.
_AND = re.compile(r"(?<=[^及與和暨、])(?:以及|及|與|和|暨)(?=.)")
_LEADING_AND = re.compile(r"^(?:以及|及|與|暨)(?=.)")
_AND_SO_ON = re.compile(r"等(?:[0-9一二兩三四五六七八九十]+項)?$")


@dataclass(frozen=True, slots=True)
class Note:
    """A clause as written, without its brackets, and where it stands with them."""

    text: str
    span: Span


def read_notes(text: str, start: int, brackets: Brackets) -> tuple[Note, ...]:
    """The clauses from ``start`` on."""
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
    """What stands behind 單位： (perhaps nothing), or None where it is no unit clause."""
    found = _UNIT.fullmatch(unicodedata.normalize("NFKC", visible(note.text)))
    return found[1] if found else None


def demanded_components(note: Note) -> tuple[str, ...]:
    """What 「以上各數均含甲、乙及丙」 demands, in its order; empty for any other clause.

    Commas part the list. 及, 以及, 與, 和, 暨 part its last member only, so that
    賠償與補償、罰款及其他 is 賠償與補償, 罰款, 其他.
    """
    written = visible(note.text)
    found = _DEMAND.fullmatch(written.replace("：", ":").replace("，", ",").replace("；", ";"))
    if found is None:
        return ()
    *first, last = _COMMA.split(_AND_SO_ON.sub("", found[1].rstrip("。.")))
    members = [*first, *_AND.split(_LEADING_AND.sub("", last))]
    return tuple(dict.fromkeys(member for member in members if member))
