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
_MAX_NORMAL_LINES = 6  # of a post, at the template's size; a cover has room for more small ones
_EMPTY_CELL = re.compile(r"<td\b([^>]*)>\s*</td>")


@dataclass(frozen=True, slots=True)
class SignOff:
    """A post of the box, and the lines below it: names and dates; none if it has not signed."""

    post: str
    lines: tuple[str, ...] = ()


def fill_sign_off_box(html: str, sign_offs: Sequence[SignOff]) -> str | None:
    """Return the HTML with the lines of each post in its cell, in every table ``signatures``.

    None if there is no such table, or one without just these posts and an empty cell for each.
    """
    is_small = any(len(sign_off.lines) > _MAX_NORMAL_LINES for sign_off in sign_offs)
    filled, end = [], 0
    for box in _BOX.finditer(html):
        start, *others = _EMPTY_CELL.split(box[0])  # text, attributes, text, attributes, …
        has_posts = all(escape(sign_off.post) in start for sign_off in sign_offs)
        if not has_posts or len(others) != 2 * len(sign_offs):
            return None
        filled += [html[end : box.start()], start]
        for sign_off, attributes, text in zip(sign_offs, others[::2], others[1::2], strict=True):
            filled += [_cell(sign_off, attributes, is_small=is_small), text]
        end = box.end()
    return "".join([*filled, html[end:]]) if end else None


def _cell(sign_off: SignOff, attributes: str, *, is_small: bool) -> str:
    """Return the cell of a post; its lines are centred unless it has a style of its own."""
    small = "; font-size: 9pt; line-height: 1.3" if is_small else ""
    style = "" if "style=" in attributes else f' style="text-align: center{small}"'
    return f"<td{attributes}{style}>{'<br>'.join(map(escape, sign_off.lines))}</td>"
