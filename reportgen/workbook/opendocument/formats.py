"""Number formats of OpenDocument as the codes that :mod:`reportgen.workbook.looks` knows.

Rules: OpenDocument 1.3 part 3, 16.29 (data styles). A format with sections is one style for
each, and a condition for each but the last.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.opendocument.counts import lineage
from reportgen.workbook.opendocument.names import LOEXT, NUMBER, STYLE

if TYPE_CHECKING:
    from reportgen.workbook.opendocument.names import Xml

MAX_DIGITS: Final = 30  # of a format; Excel itself takes no more
UNKNOWN: Final = "0E+0"  # a code that shows what is not known here
_CONDITION: Final = re.compile(r"\s*value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")
# Conditions that are those of plain sections: above and below zero, and the rest.
_PLAIN: Final = (
    [(">=", "0")],
    [(">", "0"), ("<", "0")],
    [(">", "0"), ("<", "0"), ("=", "0")],
)
_FACTORS: Final = {f"1{'000' * n}": n for n in range(1, 6)}


class Kind(Enum):
    """What a format makes of a number."""

    NUMBER = auto()
    PERCENTAGE = auto()
    DATE = auto()
    TIME = auto()
    TRUTH = auto()
    TEXT = auto()


KINDS: Final = {
    f"{NUMBER}number-style": Kind.NUMBER,
    f"{NUMBER}currency-style": Kind.NUMBER,
    f"{NUMBER}percentage-style": Kind.PERCENTAGE,
    f"{NUMBER}date-style": Kind.DATE,
    f"{NUMBER}time-style": Kind.TIME,
    f"{NUMBER}boolean-style": Kind.TRUTH,
    f"{NUMBER}text-style": Kind.TEXT,
}


class Format(NamedTuple):
    """A number format; ``code`` is empty where a number is shown as it is."""

    kind: Kind
    code: str = ""


GENERAL: Final = Format(Kind.NUMBER)


class _Section(NamedTuple):
    """What one data style shows, and under which conditions others do instead."""

    kind: Kind
    code: str
    maps: tuple[tuple[str, str], ...]  # condition, name of the other style


class Formats:
    """The number formats of a workbook, by the names of its cell styles."""

    def __init__(self) -> None:
        self._sections: dict[str, _Section] = {}
        self._cells: dict[str, str] = {}  # style → its format's name
        self._parents: dict[str, str] = {}
        self._known: dict[str, Format] = {}

    def add_format(self, style: Xml) -> None:
        """Add a data style."""
        name = style.get(f"{STYLE}name")
        kind = KINDS.get(style.tag)
        if name is None or kind is None:
            return
        maps = tuple(
            (each.get(f"{STYLE}condition", ""), each.get(f"{STYLE}apply-style-name", ""))
            for each in style.iter(f"{STYLE}map")
        )
        self._sections[name] = _Section(kind, _code(style, kind), maps)
        self._known.clear()

    def add_cell_style(self, style: Xml) -> None:
        """Add the style of a cell."""
        name = style.get(f"{STYLE}name")
        if name is not None:
            self._cells[name] = style.get(f"{STYLE}data-style-name", "")
            self._parents[name] = style.get(f"{STYLE}parent-style-name", "")
            self._known.clear()

    def of(self, cell_style: str) -> Format:
        """Return the format of a cell with that style, or one that the style is derived from."""
        if cell_style not in self._known:
            self._known[cell_style] = self._find(cell_style)
        return self._known[cell_style]

    def _find(self, style: str) -> Format:
        given = (self._cells[each] for each in lineage(style, self._parents))
        name = next(filter(None, given), "")
        return self._format(name) if name else GENERAL

    def _format(self, name: str) -> Format:
        section = self._sections.get(name)
        if section is None:
            return GENERAL
        if not section.maps and section.code == "General":
            return Format(section.kind)
        conditions: list[tuple[str, str]] = []
        codes: list[str] = []
        kind = section.kind
        for condition, other in section.maps[:3]:
            match = _CONDITION.fullmatch(condition)
            found = self._sections.get(other)
            if match is None or found is None:
                return Format(kind, UNKNOWN)
            conditions.append((match[1].replace("!=", "<>"), match[2]))
            codes.append(found.code)
            if kind is Kind.TEXT:
                kind = found.kind  # the last of four sections is that of texts
        if conditions and conditions not in _PLAIN:
            codes = [
                f"[{sign}{number}]{code}"
                for (sign, number), code in zip(conditions, codes, strict=True)
            ]
        return Format(kind, ";".join((*codes, section.code)))


def _code(style: Xml, kind: Kind) -> str:
    """Return the code of a data style's own section."""
    if style.get(f"{NUMBER}transliteration-format", "1") != "1":
        return UNKNOWN  # shown in other numerals than 0 to 9
    pieces = []
    has_sign = False
    for part in style:
        if part.tag == f"{NUMBER}number":
            pieces.append(_digits(part, kind))
        elif part.tag == f"{NUMBER}text":
            words = part.text or ""
            if kind is Kind.PERCENTAGE and "%" in words and not has_sign:
                before, _, behind = words.partition("%")
                pieces += (_quoted(before), "%", _quoted(behind))
                has_sign = True
            else:
                pieces.append(_quoted(words))
        elif part.tag == f"{NUMBER}currency-symbol":
            pieces.append(_quoted(part.text or ""))
        elif part.tag in _UNKNOWN_PARTS:
            pieces.append(UNKNOWN)
    return "".join(pieces)


_UNKNOWN_PARTS: Final = frozenset({f"{NUMBER}scientific-number", f"{NUMBER}fraction"})


def _quoted(text: str) -> str:
    """Return words as a format states them."""
    parts = (f'"{each}"' if each else "" for each in text.split('"'))
    return '\\"'.join(parts)


def _digits(part: Xml, kind: Kind) -> str:
    """Return the places of a number: ``#,##0.0#``, or General."""
    stated = part.get(f"{NUMBER}decimal-places")
    grouped = part.get(f"{NUMBER}grouping") == "true"
    factor = part.get(f"{NUMBER}display-factor", "1")
    whole = _small(part.get(f"{NUMBER}min-integer-digits"), 0)
    if stated is None and not grouped and factor == "1" and whole <= 1:
        return "0.##########" if kind is Kind.PERCENTAGE else "General"
    places = _small(stated, 0)
    is_open = part.get(f"{NUMBER}decimal-replacement") is not None
    least = part.get(f"{NUMBER}min-decimal-places", part.get(f"{LOEXT}min-decimal-places"))
    kept = min(places, _small(least, 0 if is_open else places))
    between = {
        _position(each): _quoted(each.text or "") for each in part.iter(f"{NUMBER}embedded-text")
    }
    front = _front("0" * whole or "#", grouped, between)
    back = _back("0" * kept + "#" * (places - kept), between)
    if factor != "1" and factor not in _FACTORS:
        return UNKNOWN
    return front + (f".{back}" if back else "") + "," * _FACTORS.get(factor, 0)


def _front(digits: str, grouped: bool, between: dict[int | None, str]) -> str:
    """Return the places before the point, which are counted from it."""
    if grouped:
        digits = digits.rjust(4, "#")
    pieces: list[str] = []
    for place, digit in enumerate(reversed(digits)):
        if place and grouped and place % 3 == 0:
            pieces.append(",")
        if place in between:
            pieces.append(between[place])
        pieces.append(digit)
    return "".join(reversed(pieces))


def _back(digits: str, between: dict[int | None, str]) -> str:
    return "".join(between.get(-place, "") + digit for place, digit in enumerate(digits, start=1))


def _position(part: Xml) -> int | None:
    text = part.get(f"{NUMBER}position", "")
    return int(text) if re.fullmatch(r"-?[0-9]{1,2}", text) else None


def _small(text: str | None, otherwise: int) -> int:
    """Return a number of digits."""
    if text is None or not re.fullmatch(r"[0-9]{1,4}", text):
        return otherwise
    return min(MAX_DIGITS, int(text))


__all__ = ["GENERAL", "KINDS", "Format", "Formats", "Kind"]
