"""Patch of the HTML parser: HTML that is written out in full is parsed in few steps.

The HTML standard's handling of omitted or misplaced tags takes a parser of thousands of lines.
Templates are stricter: in their bodies each tag is closed, each row is in a group of its table, no
block is in a paragraph. Such a body is parsed here, and its frame by the original parser; any other
document is left to the original parser. ``tests/render/weasyprint_patches/test_html_parser.py``
compares both.
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
# Constructs before the body that may contain a body tag as text.
_DOUBTFUL: Final = re.compile(
    "<!--|<(?:script|noscript|template|textarea|xmp|plaintext|iframe|noembed|noframes|frameset|svg"
    "|math)",
    re.IGNORECASE,
)
_SVG: Final = "http://www.w3.org/2000/svg"


class _Kind(Enum):
    """Elements that the standard treats alike."""

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
_ENDS_PARAGRAPH: Final = frozenset(
    (_Kind.BLOCK, _Kind.PARAGRAPH, _Kind.HEADING, _Kind.ITEM, _Kind.RULE, _Kind.TABLE)
)  # a start tag of these closes an open paragraph
_ALLOWED_CHILDREN: Final = {  # of parts of a table, beside white space
    _Kind.TABLE: frozenset((_Kind.CAPTION, _Kind.COLUMNS, _Kind.GROUP)),
    _Kind.COLUMNS: frozenset((_Kind.COLUMN,)),
    _Kind.GROUP: frozenset((_Kind.ROW,)),
    _Kind.ROW: frozenset((_Kind.CELL,)),
}
_TABLE_PARTS: Final = frozenset().union(*_ALLOWED_CHILDREN.values())
_EMPTY: Final = frozenset((_Kind.VOID, _Kind.RULE, _Kind.COLUMN))
_SCOPES: Final = frozenset((_Kind.CAPTION, _Kind.CELL))  # an open paragraph ends at them
_LISTS: Final = {"li": ("ul", "ol"), "dd": ("dl",), "dt": ("dl",)}


class _NotPlainError(Exception):
    """Raised if the original parser is needed."""


def parse(tinyhtml5: Any) -> Callable[..., Element]:
    """Return a replacement of ``tinyhtml5.parse``."""
    original, parser = tinyhtml5.parse, tinyhtml5.parser.HTMLParser
    constants = tinyhtml5.constants
    svg_names = dict(constants.adjust_svg_attributes)
    for name, (_, local, namespace) in constants.adjust_foreign_attributes.items():
        svg_names[name] = f"{{{namespace}}}{local}"

    def patched(document: object, namespace_html_elements: bool = True, **named: object) -> Element:
        text = document.getvalue() if type(document) is StringIO else document
        if isinstance(text, str) and not namespace_html_elements and not named:
            try:
                return _parse_document(text, parser, svg_names)
            except _NotPlainError:
                pass
        root: Element = original(document, namespace_html_elements, **named)
        return root

    return patched


def _parse_document(html: str, parser: Callable[..., Any], svg_names: dict[str, str]) -> Element:
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
    body_html = f"{html[start.end() : end.start()]}{end[1]}{end[2]}"
    _Body(root[1], svg_names).read(body_html)
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
    """A parser of one body."""

    def __init__(self, body: Element, svg_names: dict[str, str]) -> None:
        self._open = [_Open(body, "body", _Kind.BLOCK, in_paragraph=False)]
        self._svg_names = svg_names
        self._attributes_by_source: dict[
            tuple[bool, str], dict[str, str]
        ] = {}  # by source of the attributes

    def read(self, html: str) -> None:
        """Parse all of it; raises _NotPlainError if the original parser is needed."""
        position = 0
        for token in _TOKEN.finditer(html):
            if token.start() != position:
                raise _NotPlainError
            position = token.end()
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
        if position != len(html) or len(self._open) != 1:
            raise _NotPlainError

    def _text(self, text: str) -> None:
        parent = self._open[-1]
        if "&" in text:
            text = _resolve_references(text)
        if parent.kind in _ALLOWED_CHILDREN and text.strip(_SPACE):
            raise _NotPlainError
        if parent.last is None:
            parent.element.text = (parent.element.text or "") + text
        else:
            parent.last.tail = (parent.last.tail or "") + text

    def _start(self, name: str, written: str, *, closed: bool) -> None:
        parent = self._open[-1]
        in_svg = parent.kind is _Kind.SVG
        kind = (_IN_SVG if in_svg else _KINDS).get(name)
        if kind is None or parent.kind is _Kind.SVG_TEXT:
            raise _NotPlainError
        if not in_svg:
            self._check(parent, name, kind)
        is_svg = kind is _Kind.SVG or kind is _Kind.SVG_TEXT
        if closed and not is_svg and kind not in _EMPTY:
            raise _NotPlainError
        tag = f"{{{_SVG}}}{name}" if is_svg else name
        element = ElementTree.Element(tag, self._attributes(written, is_svg=is_svg))
        parent.element.append(element)
        parent.last = element
        if not closed and kind not in _EMPTY:
            in_paragraph = kind is _Kind.PARAGRAPH or (parent.in_paragraph and kind not in _SCOPES)
            self._open.append(_Open(element, name, kind, in_paragraph))

    def _check(self, parent: _Open, name: str, kind: _Kind) -> None:
        allowed = _ALLOWED_CHILDREN.get(parent.kind)
        if kind not in allowed if allowed is not None else kind in _TABLE_PARTS:
            raise _NotPlainError
        if parent.in_paragraph and kind in _ENDS_PARAGRAPH:
            raise _NotPlainError
        if kind is _Kind.HEADING and parent.kind is _Kind.HEADING:
            raise _NotPlainError
        if kind is _Kind.ITEM and parent.name not in _LISTS[name]:
            raise _NotPlainError
        if kind is _Kind.FORMATTING and any(
            open_element.name == name for open_element in self._open
        ):
            raise _NotPlainError

    def _attributes(self, written: str, *, is_svg: bool) -> dict[str, str]:
        cached = self._attributes_by_source.get((is_svg, written))
        if cached is None:
            pairs = _ATTRIBUTES.findall(written)
            cached = {name.lower(): _resolve_references(value) for name, value in pairs}
            if len(cached) != len(pairs):
                raise _NotPlainError
            if is_svg:
                cached = {self._svg_names.get(name, name): cached[name] for name in cached}
            self._attributes_by_source[is_svg, written] = cached
        return cached


def _resolve_references(text: str) -> str:
    """Return a text with character references resolved."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    character = _REFERENCES.get(reference[0])
    if character is None:
        raise _NotPlainError
    return character
