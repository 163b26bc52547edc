"""Why a content cannot be taken, before it is known where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a content cannot be taken: a code of the catalogue and its fields."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


def refuse(code: str, **fields: str) -> Refusal:
    """A refusal with these fields."""
    return Refusal(code, tuple(fields.items()))
