"""The sign-off box (核章欄) of a rendered template, filled with names and dates.

A template prints the posts that sign and an empty cell below each. It is filled here, behind the
template, so that neither the template nor its digest differs between a document with and without
approvals, and templates that agencies have changed need no change for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOX = re.compile(
    r'<table\b[^>]*\bclass="(?:[^"]*\s)?signatures(?:\s[^"]*)?"[^>]*>.*?</table>', re.DOTALL
)
_EMPTY_CELL = re.compile(r"(<td\b[^>]*>)\s*(</td>)")


@dataclass(frozen=True, slots=True)
class SignOff:
    """A post of the box, and the lines below it: names and dates; none if it has not signed."""

    post: str
    lines: tuple[str, ...] = ()


def fill_sign_off_box(html: str, sign_offs: Sequence[SignOff]) -> str | None:
    """Return the HTML with the lines of each post in its cell, in every table ``signatures``.

    None if there is no such table, or one without just these posts and an empty cell for each.
    """
    filled, end = [], 0
    for box in _BOX.finditer(html):
        cells = _EMPTY_CELL.split(box[0])  # text, start tag, end tag, text, …
        has_posts = all(escape(sign_off.post) in cells[0] for sign_off in sign_offs)
        if not has_posts or len(cells) != 3 * len(sign_offs) + 1:
            return None
        for number, sign_off in enumerate(sign_offs):
            cells[3 * number + 1] += "<br>".join(map(escape, sign_off.lines))
        filled += [html[end : box.start()], *cells]
        end = box.end()
    return "".join([*filled, html[end:]]) if end else None
