"""Text differences in pieces that a reader would underline.

Characters are compared, but a number, a Latin word and a code stay whole: ``90%`` that became
``95%`` has changed, not its first digit. A lone character that happens to be equal between
two changes is part of the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_TOKENS: Final = re.compile(r"\d[\d,.]*\d%?|\d%?|[A-Za-z]+[\d.]*|[\s\S]")
_ALIKE: Final = 0.4  # two texts with less in common are each changed as a whole
_LONGEST: Final = 4000  # tokens of both; beyond, whole lines are compared


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of both texts: equal in both, or the old text and its replacement."""

    old: str
    new: str

    @property
    def changed(self) -> bool:
        """Whether the texts differ in this piece."""
        return self.old != self.new


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of two texts, in order.

    The ``old`` of all pieces joined is the old text, and the ``new`` of all the new one.
    """
    if old == new:
        return (Piece(old, new),) if old else ()
    before, after = _tokens(old, new)
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, False).get_opcodes():
        piece = Piece("".join(before[i1:i2]), "".join(after[j1:j2]))
        if found and (_joins(found, piece) or (found[-1].changed and tag != "equal")):
            found[-1] = Piece(found[-1].old + piece.old, found[-1].new + piece.new)
        else:
            found.append(piece)
    found = _slid(_without_islands(found))
    common = sum(len(_TOKENS.findall(each.old)) for each in found if not each.changed)
    if common < _ALIKE * min(len(before), len(after)):
        return (Piece(old, new),)
    return tuple(found)


def likeness(old: str, new: str) -> float:
    """Return how much two texts have in common: 0 nothing, 1 all."""
    if old == new:
        return 1.0
    matcher = SequenceMatcher(None, old[:_LONGEST], new[:_LONGEST], False)
    return matcher.ratio() if matcher.quick_ratio() > _ALIKE else 0.0


def _tokens(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > _LONGEST:  # SequenceMatcher is quadratic
        return old.splitlines(keepends=True), new.splitlines(keepends=True)
    return before, after


def _joins(found: list[Piece], piece: Piece) -> bool:
    return not found[-1].changed and not piece.changed


def _slid(pieces: list[Piece]) -> list[Piece]:
    """Shift pure additions and removals to the boundaries that a reader would see.

    In ``實支數+賸餘數`` that became ``實支數+應付未付數+賸餘數`` both ``應付未付數+`` and
    ``數+應付未付`` would do; a part ends or begins at a mark where it can.
    """
    pieces = list(pieces)
    for number in range(1, len(pieces) - 1):
        before, piece, after = pieces[number - 1 : number + 2]
        whole = piece.old + piece.new
        if before.changed or after.changed or not piece.changed or (piece.old and piece.new):
            continue
        best, best_score = 0, _edges(before.old, whole, after.old)
        for step in range(-_common_end(before.old, whole), _common_start(whole, after.old) + 1):
            score = _edges(*_moved(before.old, whole, after.old, step))
            if score > best_score:
                best, best_score = step, score
        one, whole, other = _moved(before.old, whole, after.old, best)
        pieces[number - 1] = Piece(one, one)
        pieces[number] = Piece(whole if piece.old else "", whole if piece.new else "")
        pieces[number + 1] = Piece(other, other)
    return [each for each in pieces if each.old or each.new]


def _moved(before: str, piece: str, after: str, step: int) -> tuple[str, str, str]:
    """Return the same text with the piece ``step`` characters later, or earlier (below 0)."""
    text = before + piece + after
    start = len(before) + step
    return text[:start], text[start : start + len(piece)], text[start + len(piece) :]


def _common_end(before: str, piece: str) -> int:
    """Return how many characters the piece can move towards the start."""
    text = before + piece
    most = len(before)
    return next((n for n in range(most) if text[most - 1 - n] != text[-1 - n]), most)


def _common_start(piece: str, after: str) -> int:
    """Return how many characters the piece can move towards the end."""
    text = piece + after
    most = len(after)
    return next((n for n in range(most) if text[n] != text[len(piece) + n]), most)


def _edges(before: str, piece: str, after: str) -> int:
    """Return the quality of a piece's ends: 2 for a mark within at one end, 1 for one beside it."""
    score = 0
    score += 2 * (not piece[0].isalnum()) + (not before or not before[-1].isalnum())
    score += 2 * (not piece[-1].isalnum()) + (not after or not after[0].isalnum())
    if not piece[0].isalnum() and not piece[-1].isalnum() and len(piece) > 2:
        score -= 2  # a mark at both ends belongs to a neighbour at one of them
    return score


def _without_islands(pieces: list[Piece]) -> list[Piece]:
    """Merge lone equal characters between two changes into them; line breaks stay."""
    kept: list[Piece] = []
    for number, piece in enumerate(pieces):
        island = (
            not piece.changed
            and len(piece.old) == 1
            and piece.old.isalnum()
            and 0 < number < len(pieces) - 1
        )
        if kept and kept[-1].changed and (island or piece.changed):
            kept[-1] = Piece(kept[-1].old + piece.old, kept[-1].new + piece.new)
        else:
            kept.append(piece)
    return kept
