"""Lists: Taiwan's numerals, ``start`` and ``value``, all of which WeasyPrint ignores; lists cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from weasyprint.css.counters import CounterStyle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

NUMERALS: Final = {
    "trad-chinese-informal": ("十", "一二三四五六七八九"),
    "trad-chinese-formal": ("拾", "壹貳參肆伍陸柒捌玖"),
}
LARGEST_NUMERAL: Final = 99
LIST_TAGS: Final = ("ol", "ul", "menu")
_CONTINUED_ITEM: Final = "display: block"  # no marker, and no number of its own
_COUNTER: Final = re.compile(r"counter-(?:re)?set:\s*list-item\s+([+-]?\d+)\s*;?\s*")
_INTEGER: Final = re.compile(r"\s*([+-]?\d{1,6})")


def numeral(style: str, number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals: 十一 informally, 壹拾壹 formally.

    ``style`` is one of ``NUMERALS``. Other numbers are not refused, and give wrong text.
    """
    ten, digits = NUMERALS[style]
    tens, ones = divmod(number, 10)
    before = digits[tens - 1] if tens > 1 or (tens and style == "trad-chinese-formal") else ""
    return before + (ten if tens else "") + (digits[ones - 1] if ones else "")


def counter_styles() -> CounterStyle:
    """Return the counter styles that WeasyPrint's own stylesheet lacks: Taiwan's numerals.

    Beyond 99 they fall back to decimal numbers.
    """
    return CounterStyle(
        {
            style: {
                "system": (None, "additive", None),
                "negative": (("string", "-"), ("string", "")),
                "prefix": None,
                "suffix": ("string", "、"),
                "range": ((1, LARGEST_NUMERAL),),
                "pad": None,
                "fallback": "decimal",
                "symbols": None,
                "additive_symbols": tuple(_additive_symbols(style)),
            }
            for style in NUMERALS
        }
    )


def _additive_symbols(style: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield (value, numeral as WeasyPrint's symbol) of the tens and ones, the greatest first."""
    for number in (*range(90, 0, -10), *range(9, 0, -1)):
        yield number, ("string", numeral(style, number))


def apply_list_attributes(root: Element) -> None:
    """Turn, in place, ``start`` of ``ol`` and ``value`` of ``li`` into declarations of that effect.

    The declaration is put into the ``style`` attribute. Values that are no integers, and elements
    whose ``style`` sets the counter itself, are left alone.
    """
    for element in root.iter():
        if element.tag not in ("ol", "li"):
            continue
        name = "start" if element.tag == "ol" else "value"
        number = _INTEGER.match(element.get(name, ""))
        if number is None or "list-item" in element.get("style", ""):
            continue
        value = int(number[1])
        rule = "reset" if name == "start" else "set"  # WeasyPrint increments after either
        rule = f"counter-{rule}: list-item {value - 1}"
        element.set("style", f"{rule}; {element.get('style', '')}")


def continue_list(first: Element, second: Element, *, is_item_cut: bool) -> None:
    """Let the second part of a list go on with the number after the first part's last, in place.

    ``is_item_cut``: the first item of ``second`` is the rest of the last one of ``first``; it has
    no marker. Numbers that a stylesheet sets, and no ``style`` attribute, are not known here.
    """
    number = _set_counter(first) or 0
    for item in first.iterfind("li"):
        value = _set_counter(item)
        number = number if value is None else value
        number += _CONTINUED_ITEM not in item.get("style", "")
    style = _COUNTER.sub("", second.get("style", ""))
    second.set("style", f"counter-reset: list-item {number}; {style}".rstrip())
    if is_item_cut and (rest := second.find("li")) is not None:
        style = _COUNTER.sub("", rest.get("style", "")).rstrip("; ")
        rest.set("style", f"{style}; {_CONTINUED_ITEM}".lstrip("; "))


def _set_counter(element: Element) -> int | None:
    """Return the number before its first item that an element's ``style`` sets, or None."""
    found = _COUNTER.search(element.get("style", ""))
    return int(found[1]) if found else None
