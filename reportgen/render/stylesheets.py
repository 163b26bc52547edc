"""Stylesheets that are parsed once, for a template that is laid out again and again.

WeasyPrint parses them anew for every document, which takes as long as the layout of a plain page.
``tests/test_preview.py`` shows that the pages stay the same. A sheet with a rule that leaves
anything but rules behind, such as ``@font-face``, is parsed anew as usual.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import weasyprint.css

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 20  # sheets that are kept
_USUAL: Final = re.compile(r"@(?:media|page|(?:top|bottom|left|right)-[a-z-]+)\b")
_ANY: Final = re.compile(r"@")


_PREPARED: Final[dict[str, Stylesheets]] = {}  # by the text of all sheets of a template


class Stylesheets:
    """What was parsed of which sheets, in the same state of a template's files."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Any, list[Any]]] = {}
        self._files = ""

    @contextmanager
    def of(self, files: str, css: str) -> Iterator[None]:
        """Use them within; ``files`` is a digest of all files, ``css`` the text of all sheets."""
        if files != self._files:
            self.forget()
            self._files = files
        if _plain(css):
            usual = weasyprint.css.CSS
            weasyprint.css.CSS = self._sheet
            try:
                yield
            finally:
                weasyprint.css.CSS = usual
        else:
            yield

    def forget(self) -> None:
        """Parse them anew: they had something to be said of them, which is said once."""
        self._kept.clear()

    def _sheet(self, **given: Any) -> Any:
        """What ``weasyprint.CSS`` makes of the same arguments."""
        text = given.get("string") or ""
        key = str(given.get("url") or ""), text
        rules: list[Any] = given["page_rules"]
        if key in self._kept:
            kept, own = self._kept[key]
            sheet = object.__new__(type(kept))
            sheet.base_url, sheet.matcher = kept.base_url, kept.matcher
            sheet.page_rules, sheet.layers = rules, given["layers"]
            rules += own
            return sheet
        before = len(rules)
        sheet = weasyprint.CSS(**given)
        if _plain(text):
            self._kept[key] = sheet, rules[before:]
            while len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]
        return sheet


def parsed(css: str) -> Stylesheets:
    """The sheets of this text, as this process has prepared them; or none yet."""
    return _PREPARED.get(css) or Stylesheets()


def keep_parsed(css: str, sheets: Stylesheets) -> None:
    """Let all documents have what was parsed: nothing of it had anything to be said of it.

    It is the same for all: what a sheet refers to is asked for when it is laid out.
    """
    _PREPARED[css] = sheets


def _plain(css: str) -> bool:
    return len(_ANY.findall(css)) == len(_USUAL.findall(css))
