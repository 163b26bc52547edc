"""Links of Markdown files and of HTML pages, and what is wrong with them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import html
from markdown_it import MarkdownIt
from myst_parser.slugs import github_slugify, unique_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from markdown_it.token import Token


def faults(links: Iterable[tuple[Path, str]], anchors: dict[Path, set[str]]) -> list[str]:
    """Return which links lead nowhere, each a file and the address that it names.

    Addresses of other hosts are only read, not visited. ``anchors``: those of every file in which
    one may be named.
    """
    return [
        f"{file}: {unquote(link)}"
        for file, link in links
        if not (_is_external(link) if urlsplit(link).scheme else _is_there(file, link, anchors))
    ]


def _is_external(link: str) -> bool:
    address = urlsplit(link)
    return address.scheme in ("http", "https") and "." in (address.hostname or "")


def _is_there(file: Path, link: str, anchors: dict[Path, set[str]]) -> bool:
    address = urlsplit(link)
    target = (file.parent / unquote(address.path)).resolve() if address.path else file
    anchor = unquote(address.fragment)
    return target.exists() and (not anchor or anchor in anchors.get(target, ()))


def markdown_links(file: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file with each link and each picture of its text; not those within code."""
    for token in _tokens(file):
        for child in token.children or ():
            name = {"link_open": "href", "image": "src"}.get(child.type)
            if name:
                yield file, str(child.attrs[name])


def markdown_anchors(file: Path) -> set[str]:
    """Return the anchors of the headings, as a host of Markdown makes them."""
    anchors: set[str] = set()
    tokens = _tokens(file)
    for opening, token in pairwise(tokens):
        if opening.type == "heading_open":
            texts = (
                child.content for child in token.children or () if not child.type.startswith("html")
            )
            anchors.add(unique_slug(github_slugify("".join(texts)), anchors))
    return anchors


def _tokens(file: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(file.read_text("utf-8"))


def html_links(file: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file with each address that its page refers to or loads."""
    for _, _, link, _ in html.parse(file).getroot().iterlinks():
        yield file, link


def html_anchors(file: Path) -> set[str]:
    """Return the ids of a page."""
    return {"", *html.parse(file).getroot().xpath("//@id")}
