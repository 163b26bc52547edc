"""Rejections of a content, made before it is known which cell it stands in."""

from __future__ import annotations

from typing import NamedTuple


class Rejection(NamedTuple):
    """The reason why a content is rejected: a problem code and the fields of its message."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


def reject(code: str, **fields: str) -> Rejection:
    """Return a rejection with these fields."""
    return Rejection(code, tuple(fields.items()))
