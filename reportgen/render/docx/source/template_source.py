"""A template's tags, rules and declarations as written, each with its file and line.

It reads the ``.html`` and ``.css`` files of a folder without rendering them. Jinja's statements are
blanked out, line by line; its expressions leave ``DYNAMIC``, as their values are not known.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

import tinycss2

from reportgen.render.templates.source_locations import read_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reportgen.render.weasyprint_types import CssNode

DYNAMIC = "\ue000"
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_PSEUDO = re.compile(r"::(?!before\b|after\b)[\w-]+|(?<!:):first-(?:line|letter)\b")
_NESTING_AT_RULES = ("media", "layer")


class Tag(NamedTuple):
    """A tag as written."""

    file: str
    line: int
    name: str


class Rule(NamedTuple):
    """A rule that Word has no counterpart for as a whole: its name is its selector or at-rule."""

    file: str
    line: int
    name: str
    exempt: bool


class Declaration(NamedTuple):
    """``name: value`` as written; ``exempt``: it is in a rule for print alone.

    ``place`` is ``@page``, ``@page :first`` or a margin box such as ``@bottom-left``; empty in a
    rule for elements, whose ``selector`` is empty in a ``style`` attribute.
    """

    file: str
    line: int
    name: str
    value: str
    exempt: bool
    place: str = ""
    selector: str = ""

    @property
    def text(self) -> str:
        """The declaration as a message shows it."""
        return f"{self.name}: {self.value}"


Part = Tag | Rule | Declaration


class _Scope(NamedTuple):
    """Where declarations stand."""

    file: str
    line: int  # of the stylesheet's beginning
    exempt: bool = False
    place: str = ""
    selector: str = ""


def read_parts(folder: Path) -> tuple[Part, ...]:
    """Return the tags, rules and declarations of a template's files, by file name and line.

    They are those of :func:`reportgen.render.templates.source_locations.read_sources`. Raises
    OSError for a file that cannot be read.
    """
    return _parse_sources(
        tuple((path.relative_to(folder).as_posix(), text) for path, text in read_sources(folder))
    )


@lru_cache(maxsize=8)
def _parse_sources(sources: tuple[tuple[str, str], ...]) -> tuple[Part, ...]:
    """Return the parts of files, given as pairs of name and source, in this order; cached."""
    parts: list[Part] = []
    for file, source in sources:
        plain = _blank_jinja(source)
        if file.endswith(".css"):
            parts += _stylesheet_parts(plain, file, 1)
        else:
            parts += _html_parts(plain, file)
    return tuple(parts)


def _blank_jinja(source: str) -> str:
    """Return a source with Jinja's statements as spaces and its expressions as ``DYNAMIC``.

    Line ends are kept, so that the lines' numbers stay the same.
    """

    def blank(match: re.Match[str]) -> str:
        spaces = re.sub(r"[^\n]", " ", match[0])
        return DYNAMIC + spaces[1:] if match[0].startswith("{{") else spaces

    return _JINJA.sub(blank, source)


def _html_parts(source: str, file: str) -> list[Part]:
    """Return the tags of an HTML source, and the declarations in its styles."""
    parser = _HtmlReader(file)
    parser.feed(source)
    parser.close()
    return parser.parts


class _HtmlReader(HTMLParser):
    """Collects tags and CSS; what is within ``svg`` is a picture's business."""

    def __init__(self, file: str) -> None:
        """Start with no parts; ``file`` is the name that they get."""
        super().__init__()
        self.file = file
        self.parts: list[Part] = []
        self._within: list[str] = []  # open style elements, or svg and its descendants

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add a tag and the declarations in its ``style``, unless it is within ``svg``."""
        line, _ = self.getpos()
        if "svg" in self._within:
            if tag == "svg":
                self._within.append(tag)
            return
        self.parts.append(Tag(self.file, line, tag))
        for name, value in attrs:
            if name == "style" and value:
                raw = self.get_starttag_text() or ""
                start = line + raw[: raw.lower().find("style")].count("\n")
                self.parts += _attribute_declarations(value, self.file, start)
        if tag in ("style", "svg"):
            self._within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add a tag that closes itself."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a ``style`` or ``svg`` element."""
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Add the rules and declarations of a ``style`` element."""
        if self._within[-1:] == ["style"]:
            self.parts += _stylesheet_parts(data, self.file, self.getpos()[0])


def _stylesheet_parts(source: str, file: str, line: int) -> Iterator[Part]:
    """Yield the rules and declarations of a stylesheet that begins at ``line`` of a file."""
    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    yield from _rule_parts(rules, _Scope(file, line))


def _rule_parts(rules: Sequence[CssNode], scope: _Scope) -> Iterator[Part]:
    """Yield the declarations in rules, nested ones too, and rules without counterpart in Word."""
    for rule in rules:
        if rule.type == "qualified-rule":
            yield from _style_rule_parts(rule, scope)
        elif rule.type == "at-rule":
            yield from _at_rule_parts(rule, scope)


def _style_rule_parts(rule: CssNode, scope: _Scope) -> Iterator[Part]:
    """Yield the declarations of a rule for elements, after its unsupported pseudo-elements."""
    selector = tinycss2.serialize(rule.prelude).strip()
    for pseudo in _PSEUDO.findall(selector):
        yield _make_rule(rule, pseudo, scope)
    # A nested rule is located by the rule around it.
    yield from _content_parts(rule, scope._replace(selector=scope.selector or selector))


def _at_rule_parts(rule: CssNode, scope: _Scope) -> Iterator[Part]:
    """Yield the declarations within an at-rule, or the rule itself if Word has no counterpart.

    Without counterpart are ``@font-face``, ``@counter-style``, and ``@page`` with any selector but
    ``:first``. ``@media`` without ``all`` makes its declarations exempt. At-rules other than these,
    margin boxes and ``@layer`` yield nothing, whatever is in them.
    """
    keyword, prelude = rule.lower_at_keyword, tinycss2.serialize(rule.prelude).strip().lower()
    if keyword == "page" and rule.content is not None:
        place = f"@page {prelude}".strip()
        if prelude in ("", ":first"):
            yield from _content_parts(rule, scope._replace(place=place))
        else:
            yield _make_rule(rule, place, scope)
    elif scope.place and rule.content is not None:  # a margin box
        yield from _content_parts(rule, scope._replace(place=f"@{keyword}"))
    elif keyword in ("font-face", "counter-style"):
        yield _make_rule(rule, f"@{keyword}", scope)
    elif keyword in _NESTING_AT_RULES and rule.content:
        everywhere = keyword != "media" or "all" in prelude
        nested_rules = tinycss2.parse_rule_list(rule.content, True, True)
        yield from _rule_parts(nested_rules, scope._replace(exempt=scope.exempt or not everywhere))


def _make_rule(rule: CssNode, name: str, scope: _Scope) -> Rule:
    """Return a rule without counterpart by its name, with its line in the file."""
    return Rule(scope.file, scope.line + rule.source_line - 1, name, scope.exempt)


def _content_parts(rule: CssNode, scope: _Scope) -> Iterator[Part]:
    """Yield the declarations and nested rules in the block of a rule."""
    yield from _block_parts(tinycss2.parse_blocks_contents(rule.content, True, True), scope)


def _block_parts(nodes: Sequence[CssNode], scope: _Scope) -> Iterator[Part]:
    """Yield the declarations among parsed nodes, and the parts of nested rules.

    ``scope`` has the file and the line that their lines count from.
    """
    file, start, exempt, place, selector = scope
    for node in nodes:
        if node.type == "declaration":
            value, line = tinycss2.serialize(node.value).strip(), start + node.source_line - 1
            name = node.name if node.name.startswith("--") else node.lower_name
            yield Declaration(file, line, name, value, exempt, place, selector)
        elif node.type in ("qualified-rule", "at-rule"):
            yield from _rule_parts([node], scope)


def _attribute_declarations(source: str, file: str, line: int) -> Iterator[Part]:
    """Yield the declarations of a ``style`` attribute that begins at ``line`` of a file."""
    yield from _block_parts(tinycss2.parse_blocks_contents(source, True, True), _Scope(file, line))
