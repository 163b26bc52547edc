"""A template's files as text, and where in them a thing is said."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.render.docx.check import Declaration

MAIN = "document.html"
SUFFIXES = (".html", ".css")
LARGEST = 5_000_000  # bytes of a file
REFUSED = "not in the template's folder: "
GENERIC = frozenset(
    (
        *("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"),
        *("inherit", "initial", "unset", "revert", ""),
    )
)
MOST_SPANNED = 1000  # columns or rows: as many as browsers allow
_SPAN = re.compile(r"""\b(?:col|row)?span\s*=\s*["']?\s*(\d+)""", re.IGNORECASE)
_TEXT = re.compile(r"(?is)<(?:img|svg)\b|>[^<]*[^<\s]")
SHOWN = 60  # characters of an address that a message shows


def inside(folder: Path, name: str) -> Path | None:
    """A file of a folder by its relative name; None for what is no file, or is led out of it."""
    try:
        path = folder / name
        kept = path.resolve().is_relative_to(folder.resolve())
        return path if kept and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name that no file has; links in a circle
        return None


def sources(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each HTML file and stylesheet of a folder, in order; what is no UTF-8 is replaced."""
    for path in _named(folder):
        if inside(folder, path.relative_to(folder).as_posix()):
            yield path, path.read_text("utf-8", "replace")


def stylesheets(folder: Path) -> str:
    """The text of all stylesheets of a folder."""
    return "\n".join(text for path, text in sources(folder) if path.suffix == ".css")


def unreadable(folder: Path) -> tuple[Problem, ...]:
    """Files that a template cannot be made of: E406 led out of the folder, E407 too long, E401."""
    return tuple(problem for path in _named(folder) for problem in _refused(path, folder))


def _named(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)


def _refused(path: Path, folder: Path) -> Iterator[Problem]:
    where = Location(file=str(path))
    if path.is_dir():
        return
    if inside(folder, path.relative_to(folder).as_posix()) is None:
        yield make("E406", where, found=path.name)
    elif (size := path.stat().st_size) > LARGEST:
        yield make("E407", where, found=f"{path.name} > {LARGEST // 1_000_000} MB（{size:,} B）")
    elif not _is_text(path):
        yield make("E401", where, found="不是 UTF-8 文字（not UTF-8 text）")


def _is_text(path: Path) -> bool:
    try:
        return "\0" not in path.read_text("utf-8")
    except UnicodeDecodeError:
        return False


def absurd(html: str, folder: Path) -> tuple[Problem, ...]:
    """E407 for what would exhaust the layout, or leave it nothing to do."""
    spans = dict.fromkeys(
        each[0] for each in _SPAN.finditer(html) if len(each[1]) > 9 or int(each[1]) > MOST_SPANNED
    )
    found = [*spans]
    if not _TEXT.search(html.partition("</head>")[2] or f">{html}"):
        found.append("文件沒有內容（the document is empty）")
    return tuple(make("E407", where(folder, each), found=each) for each in found)


def unknown_families(folder: Path) -> tuple[Problem, ...]:
    """E407 for each list of fonts in which there is none that prints."""
    return _unknown_families(folder, tuple(text for _, text in sources(folder)))


@lru_cache(maxsize=8)
def _unknown_families(folder: Path, texts: tuple[str, ...]) -> tuple[Problem, ...]:
    from reportgen.render.docx.check import declarations
    from reportgen.render.fonts import ROLES

    known = {name.lower() for role in ROLES for face in role.faces for name in face.names()}
    return tuple(
        make("E407", Location(file=str(folder / each.file), line=each.line), found=_declared(each))
        for each in declarations(folder)
        if each.name == "font-family" and not _families(each.value) & (known | GENERIC)
    )


def _declared(declaration: Declaration) -> str:
    return f"{declaration.name}: {declaration.value}"


def _families(value: str) -> set[str]:
    plain = "inherit" if "var(" in value else value
    return {each.strip(" \t\n\"'").lower() for each in plain.split(",")}


def where(folder: Path, said: str) -> Location:
    """The first line of a template that says something; its folder where none does."""
    for path, text in sources(folder):
        place = text.find(said) if said else -1
        if place >= 0:
            return Location(file=str(path), line=text.count("\n", 0, place) + 1)
    return Location(file=str(folder))


def shortened(address: str, base: str = "") -> str:
    """An address as a template says it: without the base it was joined to, and not too long."""
    address = address.removeprefix(base) if base else address
    return address if len(address) <= SHOWN else f"{address[:SHOWN]}…"
