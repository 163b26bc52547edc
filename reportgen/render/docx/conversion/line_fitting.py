"""Line fitting: Word's own line breaking is led to the lines that the PDF has.

Word breaks Chinese after any character and knows no phrases. A forced break would get in the way
of whoever edits the text, and a word joiner is a letter more. What remains is the width: of all
widths up to the paragraph's own, the one is taken at which Word's breaks tear no number, leave no
character alone, need no more lines than the PDF, tear few phrases, and are the PDF's as far as
possible. The difference becomes an indent. Where a line fits by a hair or not at all, its letters
are set closer by up to 3 %. Only if neither helps are the PDF's breaks forced.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx.conversion.word_line_breaking import (
    LIBREOFFICE_GAP,
    MeasuredText,
    measure,
)
from reportgen.render.docx.ir import Anchor, Inline, InlineBreak, ParagraphFormat, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reportgen.render.docx.source.computed_style import Font

TOLERANCE = 0.6  # points by which a program may differ from the PDF in a line
ENOUGH = 3.0  # points of slack that no program uses up
MAX_CLOSER = 0.03  # of the size of the smallest letters
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


class _Faults(NamedTuple):
    """What must not be; the first is the worst."""

    torn: int = 0  # numbers, codes, units
    lone: int = 0  # lines of one letter, beyond those of the PDF
    lines: int = 0  # likewise


class _Cost(NamedTuple):
    """What is wrong with a paragraph's lines; the first is the worst."""

    faults: _Faults
    fragile: bool  # a hair's difference in width has faults
    phrases: int  # torn
    differences: int  # from the PDF's breaks
    closer: int  # twips
    indent: float


def fit_lines(
    content: tuple[Inline, ...],
    width: float,
    pdf_breaks: Sequence[int] | None,
    phrases: Sequence[range],
    advance: Callable[[str, Font], float],
) -> LineFit:
    """Return how a paragraph ``width`` points wide is led to its lines in the PDF.

    ``pdf_breaks``: where they end in the text without white space. ``phrases``: before which of its
    characters the PDF would not break. ``advance`` returns the width of a character in points.

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
    # The cheapest width, with the letters set closer only as far as that removes faults.
    closest = int(min(run.font.size / 2 for run in runs) * MAX_CLOSER * 20)
    best: tuple[_Cost, float] | None = None
    for closer in range(closest + 1):
        trial = [replace(text, measured=text.measured.set_closer(closer / 20)) for text in texts]
        found = min(
            (_cost(trial, line_width, width, closer), line_width)
            for line_width in _candidate_widths(trial, width)
        )
        best = min(best or found, found)
        if not (any(best[0].faults) or best[0].fragile):
            break
    # No width is without faults: the PDF's breaks are forced, which edits of the text have to undo.
    if best is None or any(best[0].faults):
        return LineFit(
            _set_closer(_with_breaks(content, texts), _needed_closeness(texts, width, closest))
        )
    cost, line_width = best
    return LineFit(_set_closer(content, cost.closer), round((width - line_width) * 20))


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
        any(_count_faults(texts, line_width - TOLERANCE))
        or any(_count_faults(texts, line_width + TOLERANCE)),
        sum(len(text.within_phrases.intersection(found)) for text, found in breaks),
        sum(len(text.breaks.symmetric_difference(found)) for text, found in breaks),
        closer,
        width - line_width,
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


def _needed_closeness(texts: Sequence[_Text], width: float, closest: int) -> int:
    """Return how much closer letters must be for the PDF's lines to fit, in twips.

    It is at most ``closest``, even if the lines do not fit by it.
    """
    lines = [
        (offsets[stop] - offsets[start], stop - start)
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


def _set_closer(content: tuple[Inline, ...], closer: int) -> tuple[Inline, ...]:
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


def _with_breaks(content: tuple[Inline, ...], texts: Sequence[_Text]) -> tuple[Inline, ...]:
    """Return the content with the PDF's line breaks within the texts as forced breaks.

    ``texts`` are those of the content, in its order.
    """
    broken: list[Inline] = []
    number = offset = 0
    for inline in content:
        if inline is InlineBreak.BREAK:
            number, offset = number + 1, 0
        if not isinstance(inline, Run):
            broken.append(inline)
            continue
        end = offset + len(inline.text)
        within = sorted(index for index in texts[number].breaks if offset <= index < end)
        for start, stop in pairwise((offset, *within, end)):
            if start in texts[number].breaks:
                broken.append(InlineBreak.BREAK)
            if stop > start:
                broken.append(inline._replace(text=inline.text[start - offset : stop - offset]))
        offset = end
    return tuple(broken)
