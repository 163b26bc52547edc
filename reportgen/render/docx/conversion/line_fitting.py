"""Line fitting: Word's own line breaking is led to the lines that the PDF has.

Word breaks Chinese after any character and knows no phrases. A forced break would get in the way
of whoever edits the text, and a word joiner is a letter more. What remains is the width: of all
widths up to the paragraph's own, the one is taken at which Word's breaks tear no number, leave no
character alone, need no more lines than the PDF, tear few words and phrases, and are the PDF's as
far as possible. The difference becomes an indent. Where a line fits by a hair or not at all, its
letters are set closer by up to 3 %. Where words or phrases are torn at every width, each line is
led by its own letter spacing, and kept from tearing one by a gap at its ragged end. Only if
nothing helps are the PDF's breaks forced.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx.conversion.letter_spacing import (
    Limits,
    SpacedLine,
    set_closer,
    space_lines,
    with_breaks,
    with_spacing,
)
from reportgen.render.docx.conversion.word_line_breaking import (
    LIBREOFFICE_GAP,
    MeasuredText,
    measure,
)
from reportgen.render.docx.ir import Anchor, Inline, InlineBreak, ParagraphFormat, Run
from reportgen.render.templates.phrase_segmentation import word_interiors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reportgen.render.docx.source.computed_style import Font

TOLERANCE = 0.6  # points by which a program may differ from the PDF in a line
ENOUGH = 4.0  # points of slack that no program uses up: LibreOffice drops a line's last spacing
MAX_CLOSER = 0.03  # of the size of the smallest letters
MAX_WIDER = 0.06  # likewise
SPACED_WIDTHS = (1.0, 0.98, 0.96, 0.94, 0.92)  # of the paragraph's, for lines led one by one
MIN_WIDTH = 0.5  # of the paragraph's: narrower lines would be seen
PROGRAMS = (0, -1)  # Word and LibreOffice, in ``MeasuredText.offsets``


class LineFit(NamedTuple):
    """The content of a paragraph that is led, and how much narrower its lines are, in twips."""

    content: tuple[Inline, ...]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    """The text between two forced breaks, and where the PDF breaks it."""

    measured: MeasuredText
    breaks: frozenset[int]
    within_phrases: frozenset[int]  # where the PDF would not
    within_words: frozenset[int]  # of these phrases

    def cost_of_line(self, start: int, line: SpacedLine) -> tuple[int, ...]:
        """Return the cost of a line from a character on, the worst first.

        It counts numbers torn and lone letters; words; phrases; gaps; breaks that the PDF has not.
        """
        measured, end = self.measured, line.end
        lone = measured.is_lone(start, end)
        if end == len(measured.text):
            return (lone, 0, 0, 0, 0)
        return (
            lone + measured.is_torn(end),
            int(end in self.within_words),
            int(end in self.within_phrases),
            int(line.gap > 0),
            int(end not in self.breaks),
        )


class _Faults(NamedTuple):
    """What must not be; the first is the worst."""

    torn: int = 0  # numbers, codes, units
    lone: int = 0  # lines of one letter, beyond those of the PDF
    lines: int = 0  # likewise


class _Cost(NamedTuple):
    """What is wrong with a paragraph's lines; the first is the worst."""

    faults: _Faults
    fragile: bool = False  # a hair's difference in width has faults
    words: int = 0  # torn
    phrases: int = 0  # torn
    gaps: int = 0  # at lines' ends
    differences: int = 0  # from the PDF's breaks
    closer: int = 0  # twips
    indent: float = 0.0

    def is_imperfect(self) -> bool:
        """Return whether something is torn, alone or likely to be."""
        return any((*self.faults, self.fragile, self.words, self.phrases))


class _SpacedTexts(NamedTuple):
    """The lines of each text, each with its letter spacing, and their cost."""

    cost: _Cost
    lines: list[tuple[SpacedLine, ...]]


def fit_lines(
    content: tuple[Inline, ...],
    width: float,
    pdf_breaks: Sequence[int] | None,
    phrases: Sequence[range],
    advance: Callable[[str, Font], float],
    *,
    is_ragged_right: bool = True,
) -> LineFit:
    """Return how a paragraph ``width`` points wide is led to its lines in the PDF.

    ``pdf_breaks``: where they end in the text without white space. ``phrases``: before which of its
    characters the PDF would not break. ``advance`` returns the width of a character in points.
    Only at a ragged right end nobody sees that a line ends with a gap.

    The content is returned unchanged, without indent, if ``pdf_breaks`` is None, if it holds more
    than text and line breaks, or if each text fits in one line.
    """
    # Pictures, fields and tabs have widths that are not known here.
    parts = [inline for inline in content if not isinstance(inline, Anchor)]
    runs = [part for part in parts if isinstance(part, Run)]
    if pdf_breaks is None or any(
        not isinstance(part, Run) and part is not InlineBreak.BREAK for part in parts
    ):
        return LineFit(content)
    # An estimate spares measuring texts that certainly fit in one line.
    if _greatest_width(runs) <= width - TOLERANCE:
        return LineFit(content)
    texts = list(_split_texts(parts, frozenset(pdf_breaks), phrases, advance))
    if all(offsets[-1] <= width - TOLERANCE for text in texts for offsets in text.measured.offsets):
        return LineFit(content)
    closest = int(min(run.font.size / 2 for run in runs) * MAX_CLOSER * 20)
    best = _best_width(texts, width, closest)
    lines: list[tuple[SpacedLine, ...]] = []
    # No width keeps all words and phrases: each line is led by itself.
    for line_width in (best[1], *(width * share for share in SPACED_WIDTHS)):
        if not best[0].is_imperfect():
            break
        spaced = _space_texts(texts, line_width, width, closest, has_gaps=is_ragged_right)
        if spaced is not None and (spaced.cost, line_width) < best:
            best, lines = (spaced.cost, line_width), spaced.lines
    # No width is without faults: the PDF's breaks are forced, which edits of the text have to undo.
    if any(best[0].faults):
        return LineFit(
            set_closer(
                with_breaks(content, [text.breaks for text in texts]),
                _needed_closeness(texts, width, closest),
            )
        )
    cost, line_width = best
    indent = round((width - line_width) * 20)
    if lines:
        return LineFit(with_spacing(content, lines), indent)
    return LineFit(set_closer(content, cost.closer), indent)


def _best_width(texts: Sequence[_Text], width: float, closest: int) -> tuple[_Cost, float]:
    """Return the cheapest width in points, after its cost.

    Letters are set closer, by up to ``closest`` twips, only as far as that removes faults.
    """
    best = (_Cost(_Faults(sys.maxsize)), width)
    for closer in range(closest + 1):
        trial = [replace(text, measured=text.measured.set_closer(closer / 20)) for text in texts]
        found = min(
            (_cost(trial, line_width, width, closer), line_width)
            for line_width in _candidate_widths(trial, width)
        )
        best = min(best, found)
        if not (any(best[0].faults) or best[0].fragile):
            break
    return best


def indented(look: ParagraphFormat, indent: int) -> ParagraphFormat:
    """Return a formatting with ``indent`` more twips, on the side where lines are ragged.

    Centred lines get half of it on either side.
    """
    if look.align == "right":
        return look._replace(left=look.left + indent)
    if look.align == "center":
        half = indent // 2
        return look._replace(left=look.left + half, right=look.right + indent - half)
    return look._replace(right=look.right + indent)


def _greatest_width(runs: Sequence[Run]) -> float:
    """Return an upper bound of the width of runs in one line, in points.

    Each character counts as wide as high, with its letter spacing and LibreOffice's space.
    """
    return sum(
        len(run.text) * (run.font.size / 2 * (1 + LIBREOFFICE_GAP) + max(run.font.spacing, 0) / 20)
        for run in runs
    )


def _split_texts(
    parts: Sequence[Inline],
    pdf_breaks: frozenset[int],
    phrases: Sequence[range],
    advance: Callable[[str, Font], float],
) -> Iterator[_Text]:
    """Yield each text between forced breaks, measured, with the PDF's line breaks within it.

    ``pdf_breaks`` and ``phrases`` count the paragraph's characters without white space.
    """
    unbroken = frozenset(index for phrase in phrases for index in phrase)
    letters_of_all = "".join("".join(part.text.split()) for part in parts if isinstance(part, Run))
    within_words = frozenset(word_interiors(letters_of_all, phrases))
    pieces: list[list[Run]] = [[]]
    for part in parts:
        if isinstance(part, Run):
            pieces[-1].append(part)
        else:
            pieces.append([])
    before = 0  # letters before the text
    for piece in pieces:
        text = "".join(run.text for run in piece)
        widths = [advance(letter, run.font) for run in piece for letter in run.text]
        sizes = [run.font.size / 2 for run in piece for _ in run.text]
        letters = [index for index, letter in enumerate(text) if not letter.isspace()]
        numbered = list(enumerate(letters, before))
        yield _Text(
            measure(text, widths, sizes),
            frozenset(index for number, index in numbered[1:] if number in pdf_breaks),
            frozenset(index for number, index in numbered if number in unbroken),
            frozenset(index for number, index in numbered if number in within_words),
        )
        before += len(letters)


def _candidate_widths(texts: Sequence[_Text], width: float) -> set[float]:
    """Return widths to try, in points: ``width``, and one for each way in which the texts break.

    They go down to about half of ``width``, as long as there are no more lines than in the PDF.
    """
    most = sum(len(text.breaks) for text in texts)
    line_widths = {width}
    for program in PROGRAMS:
        line_width = width
        while line_width >= width * MIN_WIDTH:
            found = [text.measured.lines(line_width, program) for text in texts]
            low = max(lines.low for lines in found)
            high = min(lines.high for lines in found)
            count = sum(len(lines.breaks) for lines in found)
            if low > line_width or (line_width < width and count > most):
                break
            line_widths.add(_safest_width(low, high, width))
            line_width = low - 0.01
    return line_widths


def _safest_width(low: float, high: float, width: float) -> float:
    """Return the width at which the breaks are least sensitive to differences between programs.

    The breaks are the same from ``low`` to below ``high``. It is ``width`` if that is far enough
    below ``high``; else the middle between ``low`` and the smaller of ``high`` and ``width``, but
    at most 3 points below the latter. All lengths are points.
    """
    if high - width >= TOLERANCE:
        return width
    middle = (low + min(high, width)) / 2
    return max(middle, min(high, width) - ENOUGH)


def _cost(texts: Sequence[_Text], line_width: float, width: float, closer: int) -> _Cost:
    """Return the cost of lines of a width: faults in Word and LibreOffice, and what was changed.

    ``line_width`` and ``width``, the paragraph's own, are in points; ``closer`` is how much closer
    letters are, in twips.
    """
    breaks = [
        (text, text.measured.lines(line_width, program).breaks)
        for text in texts
        for program in PROGRAMS
    ]
    return _Cost(
        _count_faults(texts, line_width),
        fragile=any(_count_faults(texts, line_width - TOLERANCE))
        or any(_count_faults(texts, line_width + TOLERANCE)),
        words=sum(len(text.within_words.intersection(found)) for text, found in breaks),
        phrases=sum(len(text.within_phrases.intersection(found)) for text, found in breaks),
        differences=sum(len(text.breaks.symmetric_difference(found)) for text, found in breaks),
        closer=closer,
        indent=width - line_width,
    )


def _count_faults(texts: Sequence[_Text], line_width: float) -> _Faults:
    """Return the faults of the lines at ``line_width`` points, summed over Word and LibreOffice."""
    torn = lone = lines = 0
    for text in texts:
        of_pdf = text.measured.lone_lines(text.breaks)
        for program in PROGRAMS:
            breaks = text.measured.lines(line_width, program).breaks
            torn += sum(map(text.measured.is_torn, breaks))
            lone += max(text.measured.lone_lines(breaks) - of_pdf, 0)
            lines += max(len(breaks) - len(text.breaks), 0)
    return _Faults(torn, lone, lines)


def _space_texts(
    texts: Sequence[_Text], line_width: float, width: float, closest: int, *, has_gaps: bool
) -> _SpacedTexts | None:
    """Return the lines of texts ``line_width`` points wide, led one by one by letter spacing.

    None if a text cannot be led, or needs more lines than in the PDF. ``width`` is the paragraph's
    own, ``closest`` how much closer letters may be, in twips. With ``has_gaps`` a line may end with
    a gap where the PDF's does.
    """
    limits = Limits(line_width, TOLERANCE, closest, round(closest * MAX_WIDER / MAX_CLOSER))
    lines: list[tuple[SpacedLine, ...]] = []
    cost = _Cost(_Faults(), indent=width - line_width)
    for text in texts:
        gap_ends = tuple(sorted(text.breaks)) if has_gaps else ()
        own = limits._replace(gap_ends=gap_ends)
        spaced = space_lines(text.measured, own, text.cost_of_line)
        if spaced is None or len(spaced) > len(text.breaks) + 1:
            return None
        breaks = [line.end for line in spaced[:-1]]
        if any(map(text.measured.is_torn, breaks)) or (
            text.measured.lone_lines(breaks) > text.measured.lone_lines(text.breaks)
        ):
            return None
        lines.append(spaced)
        count = len(PROGRAMS)  # which break alike
        cost = cost._replace(
            words=cost.words + count * len(text.within_words.intersection(breaks)),
            gaps=cost.gaps + sum(line.gap > 0 for line in spaced),
            phrases=cost.phrases + count * len(text.within_phrases.intersection(breaks)),
            differences=cost.differences + count * len(text.breaks.symmetric_difference(breaks)),
            closer=max(cost.closer, *(abs(line.spacing) for line in spaced)),
        )
    return _SpacedTexts(cost, lines)


def _needed_closeness(texts: Sequence[_Text], width: float, closest: int) -> int:
    """Return how much closer letters must be for the PDF's lines to fit, in twips.

    It is at most ``closest``, even if the lines do not fit by it.
    """
    lines = [
        (offsets[stop] - offsets[start], text.measured.closer_letters(start, stop))
        for text in texts
        for offsets in text.measured.offsets
        for start, stop in pairwise((0, *sorted(text.breaks), len(text.measured.text)))
    ]
    return next(
        (
            closer
            for closer in range(closest)
            if all(used - closer / 20 * count <= width - TOLERANCE for used, count in lines)
        ),
        closest,
    )
