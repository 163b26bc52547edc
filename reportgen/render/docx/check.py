"""The static check of a template: every tag and CSS declaration that Word has no counterpart for.

It reads the ``.html`` and ``.css`` files of a folder without rendering them, so that it also
sees what no edition's data happens to show. Jinja's own syntax is blanked out, line by line.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

from reportgen.problems import Location, Problem, make
from reportgen.render.docx import support

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Any

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_PSEUDO = re.compile(r"::(?!before\b|after\b)[\w-]+")  # of which Word knows nothing
_NESTING = ("media", "layer")
_PICTURES = ("url(", "gradient(")


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
    """What of a template's tags (E403) and declarations (E404) has no counterpart in Word.

    Declarations in ``@media print`` and ``@page`` are exempt. Problems come by file name and line.
    Raises OSError for a file that cannot be read.
    """
    problems = [
        make("E403", Location(file=part.file, line=part.line), found=part.name)
        if isinstance(part, Tag)
        else make("E404", Location(file=part.file, line=part.line), found=_shown(part))
        for part in _read(folder)
        if not (part.name in support.TAGS if isinstance(part, Tag) else _mapped(part))
    ]
    return tuple(dict.fromkeys(problems))


def located(unknown: Iterable[tuple[str, str, str]], folder: Path) -> tuple[Problem, ...]:
    """Problems of what a conversion met, each where the template first says it.

    ``unknown`` holds E403 with a tag, or E404 with a property and its value, which may be
    empty. What the template asks for in print alone is no problem.
    """
    unknown = tuple(unknown)
    parts = tuple(_read(folder)) if unknown and folder.is_dir() else ()
    problems: dict[Problem, None] = {}
    for code, name, value in unknown:
        wanted = Tag if code == "E403" else Declaration
        found = [part for part in parts if isinstance(part, wanted) and _says(part, name)]
        exact = [part for part in found if value and _has(part, value)]
        found = exact or found
        if found and all(isinstance(part, Declaration) and part.exempt for part in found):
            continue
        first = next((p for p in found if isinstance(p, Tag) or not p.exempt), None)
        shown = f"{name}: {value}" if value else name
        if isinstance(first, Declaration):
            shown = _shown(first)
        where = Location(file=first.file, line=first.line) if first else Location(file=folder.name)
        problems[make(code, where, found=shown)] = None
    return tuple(problems)


def declarations(folder: Path) -> Iterator[Declaration]:
    """Every declaration of a template as written, but those of ``@page``."""
    return (part for part in _read(folder) if isinstance(part, Declaration))


def _shown(part: Declaration) -> str:
    return f"{part.name}: {part.value}" if part.value else part.name


def _has(part: Tag | Declaration, value: str) -> bool:
    return isinstance(part, Declaration) and value in part.value


def _says(part: Tag | Declaration, name: str) -> bool:
    if isinstance(part, Tag):
        return part.name == name.partition(" ")[0]
    return name in (part.name, *support.SHORTHANDS.get(part.name, ()))


def _mapped(part: Declaration) -> bool:
    """Whether a declaration reaches Word, or need not."""
    if part.exempt or part.name.startswith("--"):
        return True
    if part.name in support.SHORTHANDS:
        return not (part.name == "background" and any(it in part.value for it in _PICTURES))
    if part.name not in support.PROPERTIES:
        return False
    value = part.value.lower()
    allowed = support.VALUES.get(part.name)
    dynamic = not value or "var(" in value
    return allowed is None or dynamic or value in allowed or value in support.CSS_WIDE


def _read(folder: Path) -> Iterator[Tag | Declaration]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".css") and path.is_file():
            file = path.relative_to(folder).as_posix()
            source = _without_jinja(path.read_text("utf-8", "replace"))
            if path.suffix == ".css":
                yield from _stylesheet(source, file, 1)
            else:
                yield from _page(source, file)


def _without_jinja(source: str) -> str:
    return _JINJA.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)


def _page(source: str, file: str) -> Iterator[Tag | Declaration]:
    reader = _Reader(file)
    reader.feed(source)
    reader.close()
    yield from reader.parts


class _Reader(HTMLParser):
    """Gathers tags, ``style`` attributes and ``style`` elements."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.parts: list[Tag | Declaration] = []
        self._within: list[str] = []  # style, or svg and what is in it

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
            self.parts += _stylesheet(data, self.file, self.getpos()[0])


def _stylesheet(source: str, file: str, line: int) -> Iterator[Declaration]:
    import tinycss2

    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    yield from _rules(rules, file, line, exempt=False)


def _rules(rules: list[Any], file: str, line: int, *, exempt: bool) -> Iterator[Declaration]:
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            selector = tinycss2.serialize(rule.prelude)
            for pseudo in _PSEUDO.findall(selector):
                yield Declaration(file, line + rule.source_line - 1, pseudo, "", exempt)
            found = tinycss2.parse_blocks_contents(rule.content, True, True)
            yield from _contents(found, file, line, exempt=exempt)
        elif rule.type == "at-rule" and rule.lower_at_keyword == "page":
            selector = tinycss2.serialize(rule.prelude).strip().lower()
            if selector not in ("", ":first"):
                name = f"@page {selector}"
                yield Declaration(file, line + rule.source_line - 1, name, "", exempt)
        elif rule.type == "at-rule" and rule.lower_at_keyword in _NESTING and rule.content:
            media = rule.lower_at_keyword == "media"
            everywhere = not media or "all" in tinycss2.serialize(rule.prelude).lower()
            inner = tinycss2.parse_rule_list(rule.content, True, True)
            yield from _rules(inner, file, line, exempt=exempt or not everywhere)


def _contents(parts: list[Any], file: str, line: int, *, exempt: bool) -> Iterator[Declaration]:
    import tinycss2

    for part in parts:
        if part.type == "declaration":
            value = tinycss2.serialize(part.value).strip()
            yield Declaration(file, line + part.source_line - 1, part.lower_name, value, exempt)
        elif part.type in ("qualified-rule", "at-rule"):
            yield from _rules([part], file, line, exempt=exempt)


def _declarations(source: str, file: str, line: int) -> Iterator[Declaration]:
    import tinycss2

    parts = tinycss2.parse_blocks_contents(source, True, True)
    yield from _contents(parts, file, line, exempt=False)
