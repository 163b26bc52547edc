"""A template's files as text, and the location of what they contain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAIN_FILE = "document.html"
SUFFIXES = (".html", ".css")
MAX_FILE_BYTES = 5_000_000  # bytes of a file
REFUSED_PREFIX = "not in the template's folder: "
MAX_SPAN = 1000  # columns or rows: as many as browsers allow
# A span that the HTML holds, and what is printed at least: a picture, or a character after a tag.
_SPAN = re.compile(r"""\b(?:col|row)?span\s*=\s*["']?\s*(\d+)""", re.IGNORECASE)
_TEXT = re.compile(r"(?is)<(?:img|svg)\b|>[^<]*[^<\s]")
MAX_SHOWN_CHARS = 60  # characters of an address that a message shows


def file_in_folder(folder: Path, name: str) -> Path | None:
    """Return a file of a folder by its relative name, or None if it is no file of the folder.

    A link or ``..`` that leads out of the folder is none; a name in a subfolder is one.
    """
    try:
        path = folder / name
        is_inside = path.resolve().is_relative_to(folder.resolve())
        return path if is_inside and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name that no file has; links in a circle
        return None


def read_sources(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield (path, text) of each HTML file and stylesheet below a folder, sorted by path.

    Invalid UTF-8 is replaced; links that lead out of the folder are left out.
    """
    for path in _source_files(folder):
        if file_in_folder(folder, path.relative_to(folder).as_posix()):
            yield path, path.read_text("utf-8", "replace")


def read_stylesheets(folder: Path) -> str:
    """Return the text of all stylesheets below a folder, joined in the order of their paths."""
    return "\n".join(text for path, text in read_sources(folder) if path.suffix == ".css")


def unreadable_files(folder: Path) -> tuple[Problem, ...]:
    """Return problems of a template's HTML files and stylesheets, by path.

    E406: it is a link that leads out of the folder. E407: it is larger than 5 MB. E401: it is not
    UTF-8 text.
    """
    return tuple(
        problem for path in _source_files(folder) for problem in _file_problems(path, folder)
    )


def _source_files(folder: Path) -> list[Path]:
    """Return the paths of the HTML files and stylesheets in a folder, at any depth, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)


def _file_problems(path: Path, folder: Path) -> Iterator[Problem]:
    """Yield the problem of a file that is outside the folder, too large or not UTF-8, if any."""
    where = Location(file=str(path))
    if path.is_dir():
        return
    if file_in_folder(folder, path.relative_to(folder).as_posix()) is None:
        yield make_problem("E406", where, found=path.name)
    elif (size := path.stat().st_size) > MAX_FILE_BYTES:
        yield make_problem(
            "E407", where, found=f"{path.name} > {MAX_FILE_BYTES // 1_000_000} MB（{size:,} B）"
        )
    elif not _is_text(path):
        yield make_problem("E401", where, found="不是 UTF-8 文字（not UTF-8 text）")


def _is_text(path: Path) -> bool:
    """Return whether a file is UTF-8 text without null characters."""
    try:
        return "\0" not in path.read_text("utf-8")
    except UnicodeDecodeError:
        return False


def oversized_spans(html: str, folder: Path) -> tuple[Problem, ...]:
    """Return E407 for each different ``colspan`` or ``rowspan`` above 1,000, and for empty HTML.

    The former would exhaust the layout, the latter leave it nothing to do.
    """
    spans = dict.fromkeys(
        match[0] for match in _SPAN.finditer(html) if len(match[1]) > 9 or int(match[1]) > MAX_SPAN
    )
    offending = [*spans]
    if not _TEXT.search(html.partition("</head>")[2] or f">{html}"):
        offending.append("文件沒有內容（the document is empty）")
    return tuple(make_problem("E407", locate(folder, text), found=text) for text in offending)


def locate(folder: Path, needle: str) -> Location:
    """Return the file and line, from 1, of a template where a text first occurs.

    It is the folder if the text is empty or occurs nowhere.
    """
    for path, text in read_sources(folder):
        offset = text.find(needle) if needle else -1
        if offset >= 0:
            return Location(file=str(path), line=text.count("\n", 0, offset) + 1)
    return Location(file=str(folder))


def shorten_address(address: str) -> str:
    """Return an address for a message: cut after 60 characters, with an ellipsis."""
    return address if len(address) <= MAX_SHOWN_CHARS else f"{address[:MAX_SHOWN_CHARS]}…"
