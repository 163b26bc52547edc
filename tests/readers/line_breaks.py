"""Line breaks of a PDF, cell by cell: lines of one character; numbers, units, words torn apart.

A PDF has lines but no paragraphs. Rules part the cells; the paragraphs and forced breaks are those
of the Word file that holds the same text. What else ends a line is a break that a layout chose.

``python -m tests.readers.line_breaks`` prints the counts of the samples in the PDF and in Word's
form as LibreOffice lays it out; with ``--agencies 18`` those of a roll-up, too; ``-v`` names them.
"""

from __future__ import annotations

import argparse
import ctypes
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

from reportgen.compute import compute
from reportgen.exports.results_json import results_json
from reportgen.pipeline import Settings, compare_workbooks
from reportgen.pipeline.rollup_document import render_rollup
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.templates.phrase_segmentation import split_phrases, word_interiors
from reportgen.rollup import roll_up
from reportgen.workbook import read
from tests.conftest import ROOT, build_edition
from tests.factories.rollups import city
from tests.readers import squeeze
from tests.readers.libreoffice import to_pdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
GAP = 1.5  # font sizes between the texts of two cells
MAX_SIZE = 70.0  # points: what is larger is a watermark
PAPER = 9999.0  # points: beyond any paper
RULE = 4.0  # points: the widest rule

_NUMBER = r"[-−－+＋≥≤>＞<＜＝=≧≦]?[0-9０-９]+(?:[,，.．:：-][0-9０-９]+)*[%％‰]?"
_CODE = r"[A-Za-z]+[0-9]+(?:\.[0-9]+)*"
_UNIT = r"(?<=單位[:：])\s*[^\s()（）,，;；。]+"
_TORN_BY_FORCE = re.compile(r"\d\n[,.%]|\d[,.]\n\d")  # a number that a forced break tears
_MARKS = re.compile(r"[\W_]+")
_PAGE_NUMBER = re.compile(r"第\d+頁，共\d+頁")
_UNKNOWN_COST = 100  # of a line whose paragraph is unknown, in groups
_TOKENS = re.compile(f"{_CODE}|{_NUMBER}|{_UNIT}")


@dataclass(frozen=True, slots=True)
class _Glyph:
    character: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of one cell; ``cell`` is the rectangle of rules around it."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    cell: tuple[int, float, float, float, float]  # page, left, bottom, right, top


@dataclass(frozen=True, slots=True)
class LineBreaks:
    """The breaks that no paragraph's end and no forced break explains, as ``before|after``."""

    pages: int
    lines: int
    unmatched: int  # lines whose paragraph was not found
    lone: tuple[str, ...]  # before or after a line of a single character
    torn: tuple[str, ...]  # within a number, a unit or a code
    words: tuple[str, ...]  # within a word that the program knows
    breaks: tuple[str, ...]  # all of them


def read_line_breaks(pdf: Path, word: Path, units: Iterable[str] = ()) -> LineBreaks:
    """Read the breaks of a PDF whose paragraphs are those of a Word file.

    ``units`` are units of measurement, which may be the whole text of a cell.
    """
    paragraphs = list(_paragraph_texts(word))
    segments = {squeeze(raw): raw for text in paragraphs for raw in text.split("\n")}
    known_units = frozenset(units)
    document = pypdfium2.PdfDocument(pdf)
    try:
        lines = [line for number, page in enumerate(document) for line in _lines(page, number)]
        pages = len(document)
    finally:
        document.close()
    lone: list[str] = []
    torn = [text for text in paragraphs if _TORN_BY_FORCE.search(text)]
    words: list[str] = []
    chosen: list[str] = []
    unmatched = 0
    for column in _columns(lines):
        for group in _paragraphs([line.text for line in column], segments):
            if "".join(group) not in segments:
                unmatched += not _PAGE_NUMBER.fullmatch(group[0])
                continue
            ends = list(accumulate(map(len, group)))
            raw = segments["".join(group)]
            tokens = list(_token_spans(raw, known_units))
            for (before, after), end in zip(pairwise(group), ends, strict=False):
                shown = f"{before[-6:]}|{after[:6]}"
                chosen.append(shown)
                if min(len(_MARKS.sub("", part)) for part in (before, after)) <= 1:
                    lone.append(shown)
                if any(start < end < stop for start, stop in tokens):
                    torn.append(shown)
                if end in _within_words(raw):
                    words.append(shown)
    found = (tuple(part) for part in (lone, torn, words, chosen))
    return LineBreaks(pages, len(lines), unmatched, *found)


def _paragraph_texts(word: Path) -> Iterator[str]:
    """Yield the texts of every part's paragraphs, a line feed for a forced break."""
    with zipfile.ZipFile(word) as package:
        for name in package.namelist():
            if re.fullmatch(r"word/(document|footer\d*|header\d*)\.xml", name):
                for paragraph in etree.fromstring(package.read(name)).iter(f"{W}p"):
                    parts = (
                        part.text or "" if part.tag == f"{W}t" else "\n"
                        for run in paragraph.iter(f"{W}r")
                        for part in run.iter(f"{W}t", f"{W}br", f"{W}tab")
                    )
                    yield "".join(parts).replace("\u200b", "")


def _columns(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines that stand below each other in one cell, from above."""
    cells: dict[tuple[int, float, float, float, float], list[list[_Line]]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (-line.baseline, line.left)):
        columns = cells[line.cell]
        for column in columns:
            above = column[-1]
            level = above.baseline - line.baseline < line.size * 0.5
            if not level and above.left < line.right and line.left < above.right:
                column.append(line)
                break
        else:
            columns.append([line])
    for columns in cells.values():
        yield from columns


def _paragraphs(texts: list[str], segments: dict[str, str]) -> list[list[str]]:
    """Return lines grouped by the forced segment they are of; those of none stand alone.

    The fewest groups are the right ones: a paragraph may begin like another that is shorter.
    """
    best: list[tuple[int, list[list[str]]]] = [(0, [])]
    for stop in range(1, len(texts) + 1):
        cost, before = best[stop - 1]
        choices = [(cost + _UNKNOWN_COST, [*before, texts[stop - 1 : stop]])]
        for start in range(stop):
            cost, before = best[start]
            if "".join(texts[start:stop]) in segments:
                choices.append((cost + 1, [*before, texts[start:stop]]))
        best.append(min(choices, key=lambda choice: choice[0]))
    return best[-1][1]


@cache
def _token_spans(raw: str, units: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Return where numbers, units and codes stand in a text without its white space."""
    plain = [len(squeeze(raw[:index])) for index in range(len(raw) + 1)]
    spans = [(plain[found.start()], plain[found.end()]) for found in _TOKENS.finditer(raw)]
    if squeeze(raw) in units:
        spans.append((0, plain[-1]))
    return tuple(spans)


@cache
def _within_words(raw: str) -> frozenset[int]:
    """Return before which letters of a text without its white space a line tears a word."""
    lengths = [len(squeeze(phrase)) for phrase in split_phrases(raw)]
    ends = list(accumulate(lengths))
    phrases = [
        range(end - length + 1, end)
        for end, length in zip(ends, lengths, strict=True)
        if length > 1
    ]
    return frozenset(word_interiors(squeeze(raw), phrases))


def _lines(page: Any, number: int) -> Iterator[_Line]:
    upright, level = _rules(page)
    rows: dict[int, list[_Glyph]] = defaultdict(list)
    for glyph in _glyphs(page):
        key = round(glyph.baseline)
        near = next((row for row in (key, key - 1, key + 1) if row in rows), key)
        rows[near].append(glyph)
    for row in rows.values():
        run: list[_Glyph] = []
        for glyph in sorted(row, key=lambda glyph: glyph.left):
            if run and _apart(run[-1], glyph, upright):
                yield _line(run, number, upright, level)
                run = []
            run.append(glyph)
        yield _line(run, number, upright, level)


Rule = tuple[float, float, float]  # its place across, from, to


def _apart(one: _Glyph, other: _Glyph, upright: list[Rule]) -> bool:
    if other.left - one.right > GAP * max(one.size, other.size):
        return True
    middle = one.baseline + one.size * 0.3
    return any(
        one.right - 1 < x < other.left + 1 and bottom < middle < top for x, bottom, top in upright
    )


def _line(run: list[_Glyph], number: int, upright: list[Rule], level: list[Rule]) -> _Line:
    left, right = run[0].left, run[-1].right
    size = max(glyph.size for glyph in run)
    middle = run[0].baseline + size * 0.3
    beside = [x for x, bottom, top in upright if bottom < middle < top]
    cell_left = max((x for x in beside if x < left + 1), default=0.0)
    cell_right = min((x for x in beside if x > right - 1), default=PAPER)
    # What is shorter than its cell is an underline.
    over = [y for y, start, end in level if start < cell_left + RULE and end > cell_right - RULE]
    cell = (
        number,
        cell_left,
        max((y for y in over if y < middle), default=0.0),
        cell_right,
        min((y for y in over if y > middle), default=PAPER),
    )
    text = squeeze("".join(glyph.character for glyph in run))
    return _Line(text, left, right, run[0].baseline, size, cell)


def _rules(page: Any) -> tuple[list[Rule], list[Rule]]:
    """Return a page's vertical and horizontal rules."""
    upright: list[Rule] = []
    level: list[Rule] = []
    for drawn in page.get_objects():
        if drawn.type == pdfium.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = drawn.get_bounds()
            if right - left < RULE and top - bottom > RULE:
                upright.append(((left + right) / 2, bottom - 1, top + 1))
            elif top - bottom < RULE and right - left > RULE:
                level.append(((bottom + top) / 2, left - 1, right + 1))
    return upright, level


def _glyphs(page: Any) -> Iterator[_Glyph]:
    text_page = page.get_textpage()
    x, baseline = ctypes.c_double(), ctypes.c_double()
    loose = pdfium.FS_RECTF()
    for number in range(text_page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text_page, number))
        size = pdfium.FPDFText_GetFontSize(text_page, number)
        pdfium.FPDFText_GetLooseCharBox(text_page, number, loose)
        angle = pdfium.FPDFText_GetCharAngle(text_page, number)
        if squeeze(character) and abs(angle) < 0.01 and loose.top - loose.bottom < MAX_SIZE:
            pdfium.FPDFText_GetCharOrigin(text_page, number, x, baseline)
            yield _Glyph(
                character, loose.left, loose.right, baseline.value, loose.top - loose.bottom or size
            )
    text_page.close()


@dataclass(frozen=True, slots=True)
class _Document:
    name: str
    pdf: Path
    word: Path
    units: frozenset[str]


def _samples(folder: Path) -> Iterator[_Document]:
    for edition in ("105-12-25", "112-06-30"):
        workbook = ROOT / f"inputs/{edition}.xlsx"
        units = sample_units(edition)
        for kind in ("scorecard", "results"):
            made = build_edition(workbook, folder / f"{kind}-{edition}", documents=(kind,))
            yield _Document(f"{kind} {edition}", made.pdf, made.docx, units)
    old, new = (ROOT / f"inputs/{edition}.xlsx" for edition in ("105-06-30", "105-12-25"))
    written = compare_workbooks(old, new, _settings(folder / "comparison")).files
    word, pdf = (
        next(
            file.path for file in written if file.path.name.endswith(f"修正對照表_105-12-25.{kind}")
        )
        for kind in ("docx", "pdf")
    )
    yield _Document("comparison 105-12-25", pdf, word, frozenset())


def rollup(agencies: int, folder: Path) -> tuple[Path, Path, frozenset[str]]:
    """Write the roll-up of the first agencies of the invented city: PDF, Word, units."""
    rolled = roll_up(city(agencies), ())[0]
    files, _ = render_rollup(rolled, _settings(folder))
    folder.mkdir(exist_ok=True)
    paths = []
    for kind in ("pdf", "docx"):
        paths.append(folder / f"rollup.{kind}")
        paths[-1].write_bytes(next(data for name, data in files.items() if name.endswith(kind)))
    results = (submission.results for submission in rolled.counted)
    return paths[0], paths[1], frozenset().union(*(units_of(made) for made in results if made))


def sample_units(edition: str) -> frozenset[str]:
    """Return the units of a sample workbook."""
    card, problems = read(ROOT / f"inputs/{edition}.xlsx")
    assert card is not None, problems
    return units_of(compute(card)[0])


def units_of(results: Any) -> frozenset[str]:
    """Return every unit that results name."""
    return frozenset(re.findall(r'"unit": "([^"]+)"', results_json(results).decode()))


def _settings(output: Path) -> Settings:
    return Settings(output=output, working_folder=ROOT, font_folders=font_folders())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=0, help="of a roll-up")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the breaks")
    given = parser.parse_args()
    print(
        "| document | form | pages | lines | lone | torn | words | unread |\n"
        "|---|---|--:|--:|--:|--:|--:|--:|"
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        documents = list(_samples(folder))
        if given.agencies:
            made = rollup(given.agencies, folder / "rollup")
            documents.append(_Document(f"rollup of {given.agencies}", *made))
        for document in documents:
            laid_out = to_pdf(document.word, document.word.parent / "libreoffice")
            for form, pdf in (("PDF", document.pdf), ("Word", laid_out)):
                found = read_line_breaks(pdf, document.word, document.units)
                breaks = (len(found.lone), len(found.torn), len(found.words))
                row = (document.name, form, found.pages, found.lines, *breaks, found.unmatched)
                print("|", " | ".join(map(str, row)), "|", flush=True)
                if given.verbose:
                    print("lone:", *found.lone, "\ntorn:", *found.torn, "\nwords:", *found.words)


if __name__ == "__main__":
    main()
