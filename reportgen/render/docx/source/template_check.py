"""Static check of a template: tags and CSS declarations that Word has no counterpart for.

It reads the ``.html`` and ``.css`` files of a folder without rendering them, so that it also finds
what no edition's data happens to show. Jinja's syntax is blanked out, line by line.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

from reportgen.problems import Location, Problem, make_problem
from reportgen.render.docx.source import supported_css

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reportgen.render.weasyprint_types import CssNode

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_PSEUDO = re.compile(r"::(?!before\b|after\b)[\w-]+")  # without counterpart in Word
_NESTING_AT_RULES = ("media", "layer")
_IMAGE_VALUES = ("url(", "gradient(")


class Declaration(NamedTuple):
    """``name: value`` as written; ``exempt``: it is in a rule for print alone."""

    file: str
    line: int
    name: str
    value: str
    exempt: bool


class Tag(NamedTuple):
    """A tag as written."""

    file: str
    line: int
    name: str


def check_template(folder: Path) -> tuple[Problem, ...]:
    """Return a template's tags (E403) and declarations (E404) without counterpart in Word.

    Declarations in ``@media print`` and ``@page`` are exempt. Problems come by file name and line.
    Raises OSError for a file that cannot be read.
    """
    problems = [
        make_problem("E403", Location(file=part.file, line=part.line), found=part.name)
        if isinstance(part, Tag)
        else make_problem(
            "E404", Location(file=part.file, line=part.line), found=_display_text(part)
        )
        for part in _read_parts(folder)
        if not (part.name in supported_css.TAGS if isinstance(part, Tag) else _is_supported(part))
    ]
    return tuple(dict.fromkeys(problems))


def locate_unsupported(
    unknown: Iterable[tuple[str, str, str]], folder: Path
) -> tuple[Problem, ...]:
    """Return problems of a conversion, each at the first place in the template that causes it.

    ``unknown`` holds E403 with a tag, or E404 with a property and its value, which may be empty.
    What the template declares for print alone is no problem.
    """
    unknown = tuple(unknown)
    parts = tuple(_read_parts(folder)) if unknown and folder.is_dir() else ()
    problems: dict[Problem, None] = {}
    for code, name, value in unknown:
        part_type = Tag if code == "E403" else Declaration
        matches = [part for part in parts if isinstance(part, part_type) and _names(part, name)]
        exact_matches = [part for part in matches if value and _has_value(part, value)]
        matches = exact_matches or matches
        if matches and all(isinstance(part, Declaration) and part.exempt for part in matches):
            continue
        first = next((p for p in matches if isinstance(p, Tag) or not p.exempt), None)
        text = f"{name}: {value}" if value else name
        if isinstance(first, Declaration):
            text = _display_text(first)
        where = Location(file=first.file, line=first.line) if first else Location(file=folder.name)
        problems[make_problem(code, where, found=text)] = None
    return tuple(problems)


def declarations(folder: Path) -> Iterator[Declaration]:
    """Return every declaration of a template as written, but those of ``@page``."""
    return (part for part in _read_parts(folder) if isinstance(part, Declaration))


def _display_text(part: Declaration) -> str:
    return f"{part.name}: {part.value}" if part.value else part.name


def _has_value(part: Tag | Declaration, value: str) -> bool:
    return isinstance(part, Declaration) and value in part.value


def _names(part: Tag | Declaration, name: str) -> bool:
    if isinstance(part, Tag):
        return part.name == name.partition(" ")[0]
    return name in (part.name, *supported_css.SHORTHANDS.get(part.name, ()))


def _is_supported(part: Declaration) -> bool:
    """Return whether a declaration reaches Word, or need not."""
    if part.exempt or part.name.startswith("--"):
        return True
    if part.name in supported_css.SHORTHANDS:
        return not (
            part.name == "background" and any(function in part.value for function in _IMAGE_VALUES)
        )
    if part.name not in supported_css.PROPERTIES:
        return False
    value = part.value.lower()
    allowed = supported_css.VALUES.get(part.name)
    dynamic = not value or "var(" in value
    return allowed is None or dynamic or value in allowed or value in supported_css.CSS_WIDE


def _read_parts(folder: Path) -> Iterator[Tag | Declaration]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".css") and path.is_file():
            file = path.relative_to(folder).as_posix()
            source = _without_jinja(path.read_text("utf-8", "replace"))
            if path.suffix == ".css":
                yield from _stylesheet_declarations(source, file, 1)
            else:
                yield from _html_parts(source, file)


def _without_jinja(source: str) -> str:
    return _JINJA.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)


def _html_parts(source: str, file: str) -> Iterator[Tag | Declaration]:
    reader = _Reader(file)
    reader.feed(source)
    reader.close()
    yield from reader.parts


class _Reader(HTMLParser):
    """Collects tags, ``style`` attributes and ``style`` elements."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.parts: list[Tag | Declaration] = []
        self._within: list[str] = []  # open style elements, or svg and its descendants

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, _ = self.getpos()
        if "svg" in self._within:
            self._within.append(tag) if tag == "svg" else None
            return
        self.parts.append(Tag(self.file, line, tag))
        for name, value in attrs:
            if name == "style" and value:
                self.parts += _declarations(value, self.file, line)
        if tag in ("style", "svg"):
            self._within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if self._within[-1:] == ["style"]:
            self.parts += _stylesheet_declarations(data, self.file, self.getpos()[0])


def _stylesheet_declarations(source: str, file: str, line: int) -> Iterator[Declaration]:
    import tinycss2

    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    yield from _rule_declarations(rules, file, line, exempt=False)


def _rule_declarations(
    rules: Sequence[CssNode], file: str, line: int, *, exempt: bool
) -> Iterator[Declaration]:
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            selector = tinycss2.serialize(rule.prelude)
            for pseudo in _PSEUDO.findall(selector):
                yield Declaration(file, line + rule.source_line - 1, pseudo, "", exempt)
            contents = tinycss2.parse_blocks_contents(rule.content, True, True)
            yield from _block_declarations(contents, file, line, exempt=exempt)
        elif rule.type == "at-rule" and rule.lower_at_keyword == "page":
            selector = tinycss2.serialize(rule.prelude).strip().lower()
            if selector not in ("", ":first"):
                name = f"@page {selector}"
                yield Declaration(file, line + rule.source_line - 1, name, "", exempt)
        elif rule.type == "at-rule" and rule.lower_at_keyword in _NESTING_AT_RULES and rule.content:
            media = rule.lower_at_keyword == "media"
            everywhere = not media or "all" in tinycss2.serialize(rule.prelude).lower()
            nested_rules = tinycss2.parse_rule_list(rule.content, True, True)
            yield from _rule_declarations(nested_rules, file, line, exempt=exempt or not everywhere)


def _block_declarations(
    parts: Sequence[CssNode], file: str, line: int, *, exempt: bool
) -> Iterator[Declaration]:
    import tinycss2

    for part in parts:
        if part.type == "declaration":
            value = tinycss2.serialize(part.value).strip()
            yield Declaration(file, line + part.source_line - 1, part.lower_name, value, exempt)
        elif part.type in ("qualified-rule", "at-rule"):
            yield from _rule_declarations([part], file, line, exempt=exempt)


def _declarations(source: str, file: str, line: int) -> Iterator[Declaration]:
    import tinycss2

    parts = tinycss2.parse_blocks_contents(source, True, True)
    yield from _block_declarations(parts, file, line, exempt=False)
