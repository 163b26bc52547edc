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
_MIN_SIMILARITY: Final = 0.4  # two texts with less in common are each changed as a whole
_MAX_TOKENS: Final = 4000  # tokens of both; beyond, whole lines are compared


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A part of both texts: equal in both, or the old text and its replacement."""

    old: str
    new: str

    @property
    def changed(self) -> bool:
        """True if the texts differ in this piece."""
        return self.old != self.new


def diff(old: str, new: str) -> tuple[DiffPiece, ...]:
    """Return the pieces of two texts, in order.

    The ``old`` of all pieces joined is the old text, and the ``new`` of all the new one. Equal
    texts are one unchanged piece (none if blank); texts with less than _MIN_SIMILARITY of the
    shorter one's tokens in common are one changed piece.
    """
    if old == new:
        return (DiffPiece(old, new),) if old else ()
    before, after = _tokenize(old, new)
    pieces: list[DiffPiece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, False).get_opcodes():
        piece = DiffPiece("".join(before[i1:i2]), "".join(after[j1:j2]))
        if pieces and (_are_both_equal(pieces, piece) or (pieces[-1].changed and tag != "equal")):
            pieces[-1] = DiffPiece(pieces[-1].old + piece.old, pieces[-1].new + piece.new)
        else:
            pieces.append(piece)
    pieces = _shift_edits_to_boundaries(_absorb_single_chars(pieces))
    common = sum(
        len(_TOKENS.findall(piece_found.old)) for piece_found in pieces if not piece_found.changed
    )
    if common < _MIN_SIMILARITY * min(len(before), len(after)):
        return (DiffPiece(old, new),)
    return tuple(pieces)


def similarity(old: str, new: str) -> float:
    """Return how much two texts have in common: 0 nothing, 1 all.

    The value is difflib's ratio of the first 4,000 characters, but 0 if it cannot exceed
    _MIN_SIMILARITY.
    """
    if old == new:
        return 1.0
    matcher = SequenceMatcher(None, old[:_MAX_TOKENS], new[:_MAX_TOKENS], False)
    return matcher.ratio() if matcher.quick_ratio() > _MIN_SIMILARITY else 0.0


def _tokenize(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the tokens of the old and of the new text, or their lines if they are long."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > _MAX_TOKENS:  # SequenceMatcher is quadratic
        return old.splitlines(keepends=True), new.splitlines(keepends=True)
    return before, after


def _are_both_equal(pieces: list[DiffPiece], piece: DiffPiece) -> bool:
    """Return whether the last piece and the next one are both unchanged."""
    return not pieces[-1].changed and not piece.changed


def _shift_edits_to_boundaries(pieces: list[DiffPiece]) -> list[DiffPiece]:
    """Return the pieces with pure additions and removals shifted to boundaries that a reader sees.

    In ``實支數+賸餘數`` that became ``實支數+應付未付數+賸餘數`` both ``應付未付數+`` and
    ``數+應付未付`` would do; a part ends or begins at a mark if possible.
    """
    pieces = list(pieces)
    for number in range(1, len(pieces) - 1):
        before, piece, after = pieces[number - 1 : number + 2]
        text = piece.old + piece.new
        if before.changed or after.changed or not piece.changed or (piece.old and piece.new):
            continue
        best_step, best_score = 0, _boundary_score(before.old, text, after.old)
        for step in range(
            -_max_shift_left(before.old, text), _max_shift_right(text, after.old) + 1
        ):
            score = _boundary_score(*_shift_piece(before.old, text, after.old, step))
            if score > best_score:
                best_step, best_score = step, score
        left, text, right = _shift_piece(before.old, text, after.old, best_step)
        pieces[number - 1] = DiffPiece(left, left)
        pieces[number] = DiffPiece(text if piece.old else "", text if piece.new else "")
        pieces[number + 1] = DiffPiece(right, right)
    return [part for part in pieces if part.old or part.new]


def _shift_piece(before: str, piece: str, after: str, step: int) -> tuple[str, str, str]:
    """Return the same text with the piece ``step`` characters later, or earlier (below 0)."""
    text = before + piece + after
    start = len(before) + step
    return text[:start], text[start : start + len(piece)], text[start + len(piece) :]


def _max_shift_left(before: str, piece: str) -> int:
    """Return how many characters the piece can move towards the start without changing the text."""
    text = before + piece
    length = len(before)
    return next(
        (offset for offset in range(length) if text[length - 1 - offset] != text[-1 - offset]),
        length,
    )


def _max_shift_right(piece: str, after: str) -> int:
    """Return how many characters the piece can move towards the end without changing the text."""
    text = piece + after
    length = len(after)
    return next(
        (offset for offset in range(length) if text[offset] != text[len(piece) + offset]), length
    )


def _boundary_score(before: str, piece: str, after: str) -> int:
    """Return the quality of a piece's ends: the higher, the more natural a place to cut.

    Each end counts 2 for a mark (no letter, no digit) within it and 1 for a mark or the end of
    the text just outside; marks at both ends of three characters or more cost 2.
    """
    score = 0
    score += 2 * (not piece[0].isalnum()) + (not before or not before[-1].isalnum())
    score += 2 * (not piece[-1].isalnum()) + (not after or not after[0].isalnum())
    if not piece[0].isalnum() and not piece[-1].isalnum() and len(piece) > 2:
        score -= 2  # a mark at both ends belongs to a neighbour at one of them
    return score


def _absorb_single_chars(pieces: list[DiffPiece]) -> list[DiffPiece]:
    """Return the pieces with each lone equal letter or digit between two changes merged into them.

    Adjacent changes are merged too. Equal marks and line breaks stay pieces of their own.
    """
    merged: list[DiffPiece] = []
    for number, piece in enumerate(pieces):
        is_island = (
            not piece.changed
            and len(piece.old) == 1
            and piece.old.isalnum()
            and 0 < number < len(pieces) - 1
        )
        if merged and merged[-1].changed and (is_island or piece.changed):
            merged[-1] = DiffPiece(merged[-1].old + piece.old, merged[-1].new + piece.new)
        else:
            merged.append(piece)
    return merged
