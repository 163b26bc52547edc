"""HTML that is written out in full is parsed in few steps.

What the HTML standard does with tags that are left out or stand where they may not takes a parser
of thousands of lines. Templates are written better than that: in their bodies each tag is closed,
each row stands in a group of its table, no block stands in a paragraph. Such a body is read here,
and its frame by the usual parser; whatever is not as plain as that is the usual parser's alone.
``tests/test_faster_parsing.py`` compares both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from io import StringIO
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

_SPACE: Final = " \t\n\f"
_ATTRIBUTE: Final = rf'[{_SPACE}]+[a-zA-Z][a-zA-Z0-9_.:-]*(?:="[^"]*")?'
_ATTRIBUTES: Final = re.compile(rf'[{_SPACE}]+([a-zA-Z][a-zA-Z0-9_.:-]*)(?:="([^"]*)")?')
_BODY: Final = re.compile(rf"<body(?:{_ATTRIBUTE})*>")
_END: Final = re.compile(rf"</body>([{_SPACE}]*)</html>([{_SPACE}]*)\Z")
_TOKEN: Final = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9]*)"
    rf"((?:{_ATTRIBUTE})*)[{_SPACE}]*(/?)>"
    r"|</([a-zA-Z][a-zA-Z0-9]*)>"
    r"|([^<]+)"
)
_REFERENCE: Final = re.compile("&[^;]*;?")
_REFERENCES: Final = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#34;": '"',
    "&#39;": "'",
    "&nbsp;": "\xa0",
}
# Before the body, what may hold its tag as a text.
_DOUBTFUL: Final = re.compile(
    "<!--|<(?:script|noscript|template|textarea|xmp|plaintext|iframe|noembed|noframes|frameset|svg"
    "|math)",
    re.IGNORECASE,
)
_SVG: Final = "http://www.w3.org/2000/svg"


class _Kind(Enum):
    """What the standard treats alike."""

    BLOCK = auto()
    PARAGRAPH = auto()
    HEADING = auto()
    ITEM = auto()
    INLINE = auto()
    FORMATTING = auto()
    VOID = auto()
    RULE = auto()
    TABLE = auto()
    CAPTION = auto()
    COLUMNS = auto()
    COLUMN = auto()
    GROUP = auto()
    ROW = auto()
    CELL = auto()
    SVG = auto()
    SVG_TEXT = auto()


_KINDS: Final = {
    name: kind
    for kind, names in {
        _Kind.BLOCK: "address article aside blockquote div dl figcaption figure footer header"
        " main nav ol section ul",
        _Kind.PARAGRAPH: "p",
        _Kind.HEADING: "h1 h2 h3 h4 h5 h6",
        _Kind.ITEM: "li dd dt",
        _Kind.INLINE: "abbr bdi bdo cite del dfn ins kbd label mark q samp span sub sup time var",
        _Kind.FORMATTING: "a b code em i s small strong u",
        _Kind.VOID: "br img wbr",
        _Kind.RULE: "hr",
        _Kind.TABLE: "table",
        _Kind.CAPTION: "caption",
        _Kind.COLUMNS: "colgroup",
        _Kind.COLUMN: "col",
        _Kind.GROUP: "tbody thead tfoot",
        _Kind.ROW: "tr",
        _Kind.CELL: "td th",
        _Kind.SVG: "svg",
    }.items()
    for name in names.split()
}
_IN_SVG: Final = {
    **dict.fromkeys(
        ("circle", "defs", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "svg"),
        _Kind.SVG,
    ),
    **dict.fromkeys(("text", "tspan", "use"), _Kind.SVG),
    **dict.fromkeys(("title", "desc"), _Kind.SVG_TEXT),
}
_NO_BLOCK: Final = frozenset(
    (_Kind.BLOCK, _Kind.PARAGRAPH, _Kind.HEADING, _Kind.ITEM, _Kind.RULE, _Kind.TABLE)
)  # what ends a paragraph
_WITHIN: Final = {  # what may stand in a part of a table, beside white space
    _Kind.TABLE: frozenset((_Kind.CAPTION, _Kind.COLUMNS, _Kind.GROUP)),
    _Kind.COLUMNS: frozenset((_Kind.COLUMN,)),
    _Kind.GROUP: frozenset((_Kind.ROW,)),
    _Kind.ROW: frozenset((_Kind.CELL,)),
}
_PARTS: Final = frozenset().union(*_WITHIN.values())
_EMPTY: Final = frozenset((_Kind.VOID, _Kind.RULE, _Kind.COLUMN))
_SCOPES: Final = frozenset((_Kind.CAPTION, _Kind.CELL))  # no paragraph reaches into them
_LISTS: Final = {"li": ("ul", "ol"), "dd": ("dl",), "dt": ("dl",)}


class _NotPlainError(Exception):
    """It is for the usual parser."""


def parse(tinyhtml5: Any) -> Callable[..., Element]:
    """As ``tinyhtml5.parse``."""
    usual, parser = tinyhtml5.parse, tinyhtml5.parser.HTMLParser
    constants = tinyhtml5.constants
    svg_names = dict(constants.adjust_svg_attributes)
    for name, (_, local, namespace) in constants.adjust_foreign_attributes.items():
        svg_names[name] = f"{{{namespace}}}{local}"

    def parsed(document: Any, namespace_html_elements: bool = True, **named: Any) -> Element:
        text = document.getvalue() if type(document) is StringIO else document
        if isinstance(text, str) and not namespace_html_elements and not named:
            try:
                return _whole(text, parser, svg_names)
            except _NotPlainError:
                pass
        root: Element = usual(document, namespace_html_elements, **named)
        return root

    return parsed


def _whole(html: str, parser: Any, svg_names: dict[str, str]) -> Element:
    start, end = _BODY.search(html), _END.search(html)
    if start is None or end is None or html.count("<body") != 1 or "\r" in html or "\0" in html:
        raise _NotPlainError
    before = html[: start.end()]
    if _DOUBTFUL.search(before):
        raise _NotPlainError
    frame = parser(namespace_html_elements=False)
    root: Element = frame.parse(f"{before}</body></html>")
    if frame.errors or len(root) != 2 or root[1].tag != "body" or root[1].text or len(root[1]):
        raise _NotPlainError
    inside = f"{html[start.end() : end.start()]}{end[1]}{end[2]}"
    _Body(root[1], svg_names).read(inside)
    return root


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    element: Element
    name: str
    kind: _Kind
    in_paragraph: bool
    last: Element | None = None  # of its children


class _Body:
    """A body that is read from its first tag to its last."""

    def __init__(self, body: Element, svg_names: dict[str, str]) -> None:
        self._open = [_Open(body, "body", _Kind.BLOCK, in_paragraph=False)]
        self._svg_names = svg_names
        self._known: dict[tuple[bool, str], dict[str, str]] = {}  # attributes, as they are written

    def read(self, html: str) -> None:
        """All of it; raises _NotPlainError where the usual parser must decide."""
        at = 0
        for token in _TOKEN.finditer(html):
            if token.start() != at:
                raise _NotPlainError
            at = token.end()
            name, attributes, closed, ended, text = token.groups()
            if text is not None:
                self._text(text)
            elif ended is not None:
                if self._open.pop().name != ended.lower():
                    raise _NotPlainError
            else:
                self._start(name.lower(), attributes, closed=bool(closed))
            if not self._open:
                raise _NotPlainError
        if at != len(html) or len(self._open) != 1:
            raise _NotPlainError

    def _text(self, text: str) -> None:
        place = self._open[-1]
        if "&" in text:
            text = _resolved(text)
        if place.kind in _WITHIN and text.strip(_SPACE):
            raise _NotPlainError
        if place.last is None:
            place.element.text = (place.element.text or "") + text
        else:
            place.last.tail = (place.last.tail or "") + text

    def _start(self, name: str, written: str, *, closed: bool) -> None:
        place = self._open[-1]
        in_svg = place.kind is _Kind.SVG
        kind = (_IN_SVG if in_svg else _KINDS).get(name)
        if kind is None or place.kind is _Kind.SVG_TEXT:
            raise _NotPlainError
        if not in_svg:
            self._check(place, name, kind)
        is_svg = kind is _Kind.SVG or kind is _Kind.SVG_TEXT
        if closed and not is_svg and kind not in _EMPTY:
            raise _NotPlainError
        tag = f"{{{_SVG}}}{name}" if is_svg else name
        element = ElementTree.Element(tag, self._attributes(written, is_svg=is_svg))
        place.element.append(element)
        place.last = element
        if not closed and kind not in _EMPTY:
            below = kind is _Kind.PARAGRAPH or (place.in_paragraph and kind not in _SCOPES)
            self._open.append(_Open(element, name, kind, below))

    def _check(self, place: _Open, name: str, kind: _Kind) -> None:
        within = _WITHIN.get(place.kind)
        if kind not in within if within is not None else kind in _PARTS:
            raise _NotPlainError
        if place.in_paragraph and kind in _NO_BLOCK:
            raise _NotPlainError
        if kind is _Kind.HEADING and place.kind is _Kind.HEADING:
            raise _NotPlainError
        if kind is _Kind.ITEM and place.name not in _LISTS[name]:
            raise _NotPlainError
        if kind is _Kind.FORMATTING and any(each.name == name for each in self._open):
            raise _NotPlainError

    def _attributes(self, written: str, *, is_svg: bool) -> dict[str, str]:
        known = self._known.get((is_svg, written))
        if known is None:
            found = _ATTRIBUTES.findall(written)
            known = {name.lower(): _resolved(value) for name, value in found}
            if len(known) != len(found):
                raise _NotPlainError
            if is_svg:
                known = {self._svg_names.get(name, name): known[name] for name in known}
            self._known[is_svg, written] = known
        return known


def _resolved(text: str) -> str:
    """A text without references to characters."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    character = _REFERENCES.get(reference[0])
    if character is None:
        raise _NotPlainError
    return character
