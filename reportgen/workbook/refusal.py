"""Why a content cannot be taken, before it is known where it stands."""

from __future__ import annotations

from typing import NamedTuple


class Refusal(NamedTuple):
    """Why a content cannot be taken: a code of the catalogue and its fields."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


def refuse(code: str, **fields: str) -> Refusal:
    """A refusal with these fields."""
    return Refusal(code, tuple(fields.items()))
