"""Letter spacing: the lines of a text are led one by one, its letters set a little closer or wider.

A line ends where Word's own breaking ends it: after as much as fits. With letters that are some
hundredths closer, one more fits; wider, one less. So a line can end between two words where it
would have ended within one, and whoever edits the text meets no break. Where that is not enough, as
in a narrow column, a gap after the line's last letter keeps the next one off: at a ragged end
nobody sees it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx.ir import InlineBreak, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from reportgen.render.docx.conversion.word_line_breaking import MeasuredText
    from reportgen.render.docx.ir import Inline

Cost = tuple[int, ...]  # the first is the worst
MAX_SAFETY = 4.0  # points that a gap is wider than it must be


class SpacedLine(NamedTuple):
    """A line: the character before which it ends, and how much wider its letters are, in twips.

    ``gap`` is how much wider its last letter is besides: the one at ``last``, before any space.
    """

    end: int
    spacing: int
    gap: int = 0
    last: int = 0


class Limits(NamedTuple):
    """The room of a line in points, and how much closer or wider its letters may be, in twips."""

    width: float
    tolerance: float  # points by which a program may differ
    closest: int
    widest: int
    gap_ends: tuple[int, ...] = ()  # where lines may end with a gap, in order


def space_lines(
    text: MeasuredText, limits: Limits, cost_of: Callable[[int, SpacedLine], Cost]
) -> tuple[SpacedLine, ...] | None:
    """Return the cheapest lines that Word and LibreOffice make alike, or None if there are none.

    ``cost_of`` returns the cost of a line that begins with a character; costs are added. Of equally
    cheap lines those that differ least from the usual spacing are returned.
    """
    cheapest: dict[int, tuple[Cost, int, SpacedLine | None, int]] = {0: ((), 0, None, 0)}
    for start in range(len(text.text)):
        if start not in cheapest:
            continue
        cost_before, spacing_before, _, _ = cheapest[start]
        for line in (*_possible_lines(text, start, limits), *_line_with_gap(text, start, limits)):
            own = cost_of(start, line)
            cost = tuple(map(sum, zip(own, cost_before or (0,) * len(own), strict=True)))
            choice = (cost, spacing_before + abs(line.spacing), line, start)
            if line.end not in cheapest or choice[:2] < cheapest[line.end][:2]:
                cheapest[line.end] = choice
    lines: list[SpacedLine] = []
    end = len(text.text)
    while end:
        if end not in cheapest:
            return None
        _, _, last, end = cheapest[end]
        assert last is not None
        lines.append(last)
    return tuple(reversed(lines))


def _possible_lines(text: MeasuredText, start: int, limits: Limits) -> Iterator[SpacedLine]:
    """Yield the lines that can begin at a character, each with the spacing that is next to 0."""
    ends, visible = text.opportunities, text.visible_ends
    first = bisect_right(ends, start)
    offsets: Sequence[float]
    for index in range(_last_within(text, start, limits), first - 1, -1):
        count = visible[index] - start
        if count < 1:
            return
        closest, widest = -float("inf"), float("inf")
        for offsets in text.offsets:
            used = offsets[visible[index]] - offsets[start]
            room = limits.width - limits.tolerance - used
            letters = count if room > 0 else text.closer_letters(start, visible[index])
            widest = min(widest, room / letters)
            if index + 1 < len(ends):  # what follows must not fit, however close its letters are
                following = visible[index + 1]
                needed = offsets[following] - offsets[start]
                needed -= limits.closest / 20 * (following - visible[index])
                closest = max(closest, (limits.width + limits.tolerance - needed) / count)
        low = max(ceil(max(closest, -limits.closest) * 20), -limits.closest)
        high = min(floor(min(widest, limits.widest) * 20), limits.widest)
        if low > limits.widest:
            return
        if low <= high:
            yield SpacedLine(ends[index], min(max(0, low), high))


def _line_with_gap(text: MeasuredText, start: int, limits: Limits) -> Iterator[SpacedLine]:
    """Yield the line from a character to the next of ``gap_ends``, if only a gap ends it there.

    The gap is as narrow as is safe, and not wider than the room that the line leaves.
    """
    ends, visible = text.opportunities, text.visible_ends
    place = bisect_right(limits.gap_ends, start)
    if place == len(limits.gap_ends):
        return
    end = limits.gap_ends[place]
    index = bisect_left(ends, end)
    if index + 1 >= len(ends) or ends[index] != end:
        return
    stop, following = visible[index], visible[index + 1]
    offsets: Sequence[float]
    needed, room = 0.0, limits.width
    for offsets in text.offsets:
        room = min(room, limits.width - limits.tolerance - (offsets[stop] - offsets[start]))
        used = offsets[following] - offsets[start] - limits.closest / 20 * (following - end)
        needed = max(needed, limits.width + limits.tolerance - used)
    if 0.0 < needed <= room:
        # The middle is the safest; much more than it must be would be seen when the text is edited.
        gap = min((needed + room) / 2, needed + MAX_SAFETY)
        yield SpacedLine(end, 0, ceil(gap * 20), stop - 1)


def _last_within(text: MeasuredText, start: int, limits: Limits) -> int:
    """Return the index of the last place where a line from ``start`` may end, letters set close."""
    offsets, visible = text.offsets[0], text.visible_ends
    room = offsets[start] + limits.width
    index = bisect_right(visible, room, key=offsets.__getitem__)
    while index < len(visible) and (
        offsets[visible[index]] - limits.closest / 20 * (visible[index] - start) <= room
    ):
        index += 1
    return min(index, len(visible)) - 1


def set_closer(content: tuple[Inline, ...], closer: int) -> tuple[Inline, ...]:
    """Return the content with the letter spacing of its runs reduced by ``closer`` twips.

    It is the content itself if that is 0.
    """
    if not closer:
        return content
    return tuple(
        part._replace(font=part.font._replace(spacing=part.font.spacing - closer))
        if isinstance(part, Run)
        else part
        for part in content
    )


def with_spacing(
    content: tuple[Inline, ...], lines: Sequence[Sequence[SpacedLine]]
) -> tuple[Inline, ...]:
    """Return the content with the letter spacing of each line added to its runs.

    ``lines`` are those of each text of the content, in its order. Neighbouring lines of one spacing
    stay one run.
    """
    parts = [tuple(_without_gaps(text)) for text in lines]
    changes = [
        {before.end for before, after in pairwise(text) if before.spacing != after.spacing}
        for text in parts
    ]
    spaced: list[Inline] = []
    for inline, number, start in _split_runs(content, changes):
        if not isinstance(inline, Run):
            spaced.append(inline)
            continue
        spacing = next(part.spacing for part in parts[number] if start < part.end)
        font = inline.font._replace(spacing=inline.font.spacing + spacing)
        spaced.append(inline._replace(font=font))
    return tuple(spaced)


def _without_gaps(lines: Iterable[SpacedLine]) -> Iterator[SpacedLine]:
    """Yield lines, those with a gap in parts: the letters before the last, that, the spaces."""
    for line in lines:
        if line.gap:
            yield SpacedLine(line.last, line.spacing)
            yield SpacedLine(line.last + 1, line.spacing + line.gap)
        yield SpacedLine(line.end, line.spacing)


def with_breaks(
    content: tuple[Inline, ...], places: Sequence[Collection[int]]
) -> tuple[Inline, ...]:
    """Return the content with forced breaks at some places of each of its texts."""
    broken: list[Inline] = []
    for inline, number, start in _split_runs(content, places):
        if isinstance(inline, Run) and start in places[number]:
            broken.append(InlineBreak.BREAK)
        broken.append(inline)
    return tuple(broken)


def _split_runs(
    content: tuple[Inline, ...], places: Sequence[Collection[int]]
) -> Iterator[tuple[Inline, int, int]]:
    """Yield the content, its runs split at some places, with the text and the offset in it.

    A text ends at a forced break; ``places`` are those of each text.
    """
    number = offset = 0
    for inline in content:
        if inline is InlineBreak.BREAK:
            number, offset = number + 1, 0
        if not isinstance(inline, Run):
            yield inline, number, offset
            continue
        end = offset + len(inline.text)
        within = sorted(index for index in places[number] if offset < index < end)
        for start, stop in pairwise((offset, *within, end)):
            if stop > start:
                yield (
                    inline._replace(text=inline.text[start - offset : stop - offset]),
                    number,
                    start,
                )
        offset = end


__all__ = ["Limits", "SpacedLine", "set_closer", "space_lines", "with_breaks", "with_spacing"]
