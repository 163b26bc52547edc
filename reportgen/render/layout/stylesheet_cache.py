"""Stylesheet cache: sheets parsed once, for a template that is laid out repeatedly.

WeasyPrint parses them anew for every document, which takes as long as the layout of a plain page.
``tests/pipeline/test_live_preview.py`` shows that the pages stay the same. A sheet whose rules have
side effects beyond the cascade, such as ``@font-face``, is parsed anew each time.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import weasyprint.css

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CACHED_SHEETS: Final = 20  # sheets that are kept
_CACHEABLE_AT_RULE: Final = re.compile(r"@(?:media|page|(?:top|bottom|left|right)-[a-z-]+)\b")
_PREPARED: Final[dict[str, StylesheetCache]] = {}  # by the text of all sheets of a template


class StylesheetCache:
    """Parsed sheets, for one state of a template's files."""

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str], tuple[weasyprint.CSS, list[object]]] = {}
        self._files = ""

    @contextmanager
    def use(self, files: str, css: str) -> Iterator[None]:
        """Let layouts within the context take parsed sheets from the cache and add to it.

        ``files`` is a digest of all files of the template, on whose change the cache is emptied;
        ``css`` is the text of all its sheets. With at-rules that have side effects, such as
        ``@font-face``, nothing is cached. Replaces ``weasyprint.css.CSS`` meanwhile.
        """
        if files != self._files:
            self.clear()
            self._files = files
        if is_cacheable(css):
            original = weasyprint.css.CSS
            weasyprint.css.CSS = self._load_sheet
            try:
                yield
            finally:
                weasyprint.css.CSS = original
        else:
            yield

    def clear(self) -> None:
        """Empty the cache, so that all sheets are parsed anew.

        It is called after the parser has warned: from the cache it would not warn again.
        """
        self._cache.clear()

    def _load_sheet(self, **arguments: Any) -> weasyprint.CSS:
        """Return what ``weasyprint.CSS`` returns for the same arguments, cached where possible.

        Appends the sheet's page rules to the argument ``page_rules``, as ``weasyprint.CSS`` does.
        """
        text = arguments.get("string") or ""
        key = str(arguments.get("url") or ""), text
        rules: list[object] = arguments["page_rules"]
        if key in self._cache:
            cached, own_rules = self._cache[key]
            sheet = object.__new__(type(cached))
            sheet.base_url, sheet.matcher = cached.base_url, cached.matcher
            sheet.page_rules, sheet.layers = rules, arguments["layers"]
            rules += own_rules
            return sheet
        before = len(rules)
        sheet = weasyprint.CSS(**arguments)
        if is_cacheable(text):
            self._cache[key] = sheet, rules[before:]
            while len(self._cache) > MAX_CACHED_SHEETS:
                del self._cache[next(iter(self._cache))]
        return sheet


def prepared_stylesheets(css: str) -> StylesheetCache:
    """Return the cache that was stored for sheets of exactly this text, or a new, empty one."""
    return _PREPARED.get(css) or StylesheetCache()


def store_prepared(css: str, sheets: StylesheetCache) -> None:
    """Keep parsed sheets for all documents of this process whose sheets have the text ``css``.

    Their parsing must not have raised a warning. They hold nothing of the document they were parsed
    for: what a sheet refers to is fetched when it is laid out.
    """
    _PREPARED[css] = sheets


def is_cacheable(css: str) -> bool:
    """Return whether a sheet has at-rules without side effects only."""
    return css.count("@") == len(_CACHEABLE_AT_RULE.findall(css))
