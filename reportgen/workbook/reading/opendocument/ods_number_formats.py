"""Number formats of OpenDocument as Excel's format codes.

The codes are those of :mod:`reportgen.workbook.reading.number_formats`.
Rules: OpenDocument 1.3 part 3, 16.29 (data styles). A format with sections is one style for
each, and a condition for each but the last.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.reading.opendocument.repeat_counts import style_ancestry
from reportgen.workbook.reading.opendocument.xml_names import LOEXT, NUMBER, STYLE

if TYPE_CHECKING:
    from reportgen.workbook.reading.opendocument.xml_names import Xml

MAX_FORMAT_DIGITS: Final = 30  # of a format; Excel itself takes no more
UNSUPPORTED_CODE: Final = "0E+0"  # an exponent: the code for any format that is not known here
_CONDITION: Final = re.compile(r"\s*value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")
# Conditions that sections without any have by default: above and below zero, and the rest.
_DEFAULT_CONDITIONS: Final = (
    [(">=", "0")],
    [(">", "0"), ("<", "0")],
    [(">", "0"), ("<", "0"), ("=", "0")],
)
_COMMAS_BY_FACTOR: Final = {f"1{'000' * n}": n for n in range(1, 6)}


class ValueType(Enum):
    """The kind of value as which a format displays a number."""

    NUMBER = auto()
    PERCENTAGE = auto()
    DATE = auto()
    TIME = auto()
    TRUTH = auto()
    TEXT = auto()


VALUE_TYPES: Final = {
    f"{NUMBER}number-style": ValueType.NUMBER,
    f"{NUMBER}currency-style": ValueType.NUMBER,
    f"{NUMBER}percentage-style": ValueType.PERCENTAGE,
    f"{NUMBER}date-style": ValueType.DATE,
    f"{NUMBER}time-style": ValueType.TIME,
    f"{NUMBER}boolean-style": ValueType.TRUTH,
    f"{NUMBER}text-style": ValueType.TEXT,
}


class Format(NamedTuple):
    """A number format; ``code`` is empty if a number is displayed as it is."""

    kind: ValueType
    code: str = ""


GENERAL_FORMAT: Final = Format(ValueType.NUMBER)


class _Section(NamedTuple):
    """One data style, and the conditions under which others apply instead."""

    kind: ValueType
    code: str
    maps: tuple[tuple[str, str], ...]  # condition, name of the other style


class NumberFormats:
    """The number formats of a workbook, by the names of its cell styles."""

    def __init__(self) -> None:
        self._sections: dict[str, _Section] = {}
        self._cells: dict[str, str] = {}  # style → its format's name
        self._parents: dict[str, str] = {}
        self._cache: dict[str, Format] = {}

    def add_format(self, style: Xml) -> None:
        """Register a data style, with the styles that it maps to, by its name.

        An element that is none, and one without a name, is ignored.
        """
        name = style.get(f"{STYLE}name")
        kind = VALUE_TYPES.get(style.tag)
        if name is None or kind is None:
            return
        maps = tuple(
            (style_map.get(f"{STYLE}condition", ""), style_map.get(f"{STYLE}apply-style-name", ""))
            for style_map in style.iter(f"{STYLE}map")
        )
        self._sections[name] = _Section(kind, _section_code(style, kind), maps)
        self._cache.clear()

    def add_cell_style(self, style: Xml) -> None:
        """Register the data style and the parent of a cell style by its name."""
        name = style.get(f"{STYLE}name")
        if name is not None:
            self._cells[name] = style.get(f"{STYLE}data-style-name", "")
            self._parents[name] = style.get(f"{STYLE}parent-style-name", "")
            self._cache.clear()

    def of(self, cell_style: str) -> Format:
        """Return the format of a cell with that style, or one that the style is derived from.

        GENERAL_FORMAT if none states any.
        """
        if cell_style not in self._cache:
            self._cache[cell_style] = self._find(cell_style)
        return self._cache[cell_style]

    def _find(self, style: str) -> Format:
        """Return the format that a style or its nearest ancestor states."""
        format_names = (self._cells[ancestor] for ancestor in style_ancestry(style, self._parents))
        name = next(filter(None, format_names), "")
        return self._format(name) if name else GENERAL_FORMAT

    def _format(self, name: str) -> Format:
        """Return the format of a data style, with the sections of those that it maps to.

        Its code is UNSUPPORTED_CODE if a condition cannot be read or its style is missing.
        """
        section = self._sections.get(name)
        if section is None:
            return GENERAL_FORMAT
        if not section.maps and section.code == "General":
            return Format(section.kind)
        conditions: list[tuple[str, str]] = []
        codes: list[str] = []
        kind = section.kind
        for condition, other in section.maps[:3]:
            match = _CONDITION.fullmatch(condition)
            mapped = self._sections.get(other)
            if match is None or mapped is None:
                return Format(kind, UNSUPPORTED_CODE)
            conditions.append((match[1].replace("!=", "<>"), match[2]))
            codes.append(mapped.code)
            if kind is ValueType.TEXT:
                kind = mapped.kind  # the last of four sections is that of texts
        if conditions and conditions not in _DEFAULT_CONDITIONS:
            codes = [
                f"[{sign}{number}]{code}"
                for (sign, number), code in zip(conditions, codes, strict=True)
            ]
        return Format(kind, ";".join((*codes, section.code)))


def _section_code(style: Xml, kind: ValueType) -> str:
    """Return a data style's own section as an Excel format code.

    Parts with no counterpart are UNSUPPORTED_CODE.
    """
    if style.get(f"{NUMBER}transliteration-format", "1") != "1":
        return UNSUPPORTED_CODE  # shown in other numerals than 0 to 9
    pieces = []
    has_sign = False
    for part in style:
        if part.tag == f"{NUMBER}number":
            pieces.append(_digits(part, kind))
        elif part.tag == f"{NUMBER}text":
            text = part.text or ""
            if kind is ValueType.PERCENTAGE and "%" in text and not has_sign:
                before, _, after = text.partition("%")
                pieces += (_quote(before), "%", _quote(after))
                has_sign = True
            else:
                pieces.append(_quote(text))
        elif part.tag == f"{NUMBER}currency-symbol":
            pieces.append(_quote(part.text or ""))
        elif part.tag in _UNKNOWN_PARTS:
            pieces.append(UNSUPPORTED_CODE)
    return "".join(pieces)


_UNKNOWN_PARTS: Final = frozenset({f"{NUMBER}scientific-number", f"{NUMBER}fraction"})


def _quote(text: str) -> str:
    """Return a literal text as in a format code: in quotes, a quote itself escaped."""
    parts = (f'"{part}"' if part else "" for part in text.split('"'))
    return '\\"'.join(parts)


def _digits(part: Xml, kind: ValueType) -> str:
    """Return the digit placeholders of a number, such as ``#,##0.0#``, or General.

    UNSUPPORTED_CODE for a display factor that is no power of a thousand.
    """
    stated = part.get(f"{NUMBER}decimal-places")
    grouped = part.get(f"{NUMBER}grouping") == "true"
    factor = part.get(f"{NUMBER}display-factor", "1")
    min_integer_digits = _digit_count(part.get(f"{NUMBER}min-integer-digits"), 0)
    if stated is None and not grouped and factor == "1" and min_integer_digits <= 1:
        return "0.##########" if kind is ValueType.PERCENTAGE else "General"
    decimals = _digit_count(stated, 0)
    is_open = part.get(f"{NUMBER}decimal-replacement") is not None
    min_decimals_stated = part.get(
        f"{NUMBER}min-decimal-places", part.get(f"{LOEXT}min-decimal-places")
    )
    min_decimals = min(decimals, _digit_count(min_decimals_stated, 0 if is_open else decimals))
    text_by_position = {
        _position(text): _quote(text.text or "") for text in part.iter(f"{NUMBER}embedded-text")
    }
    integer_part = _integer_placeholders("0" * min_integer_digits or "#", grouped, text_by_position)
    decimal_part = _decimal_placeholders(
        "0" * min_decimals + "#" * (decimals - min_decimals), text_by_position
    )
    if factor != "1" and factor not in _COMMAS_BY_FACTOR:
        return UNSUPPORTED_CODE
    return (
        integer_part
        + (f".{decimal_part}" if decimal_part else "")
        + "," * _COMMAS_BY_FACTOR.get(factor, 0)
    )


def _integer_placeholders(
    digits: str, grouped: bool, text_by_position: dict[int | None, str]
) -> str:
    """Return the placeholders before the point; positions count from it to the left."""
    if grouped:
        digits = digits.rjust(4, "#")
    pieces: list[str] = []
    for position, digit in enumerate(reversed(digits)):
        if position and grouped and position % 3 == 0:
            pieces.append(",")
        if position in text_by_position:
            pieces.append(text_by_position[position])
        pieces.append(digit)
    return "".join(reversed(pieces))


def _decimal_placeholders(digits: str, text_by_position: dict[int | None, str]) -> str:
    """Return the placeholders after the point; positions count from it as -1, -2 and so on."""
    return "".join(
        text_by_position.get(-position, "") + digit
        for position, digit in enumerate(digits, start=1)
    )


def _position(part: Xml) -> int | None:
    """Return the position of an embedded text, or None if it is invalid."""
    text = part.get(f"{NUMBER}position", "")
    return int(text) if re.fullmatch(r"-?[0-9]{1,2}", text) else None


def _digit_count(text: str | None, default: int) -> int:
    """Return a number of digits, at most MAX_FORMAT_DIGITS; ``default`` if it is no number."""
    if text is None or not re.fullmatch(r"[0-9]{1,4}", text):
        return default
    return min(MAX_FORMAT_DIGITS, int(text))


__all__ = ["GENERAL_FORMAT", "VALUE_TYPES", "Format", "NumberFormats", "ValueType"]
