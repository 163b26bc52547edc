"""Printed pages: a document in PDF and in Word's form, which LibreOffice lays out, compared.

The number of pages must be equal, every letter must be on a page, and characters that are too small
or alone on their line are counted, and rows that are alone on their page.
"""

from __future__ import annotations

import zipfile
from collections import Counter, defaultdict
from io import BytesIO
from itertools import pairwise
from operator import eq
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree

from reportgen.problems import Location, Problem, make_problem
from reportgen.render.odt import libreoffice
from reportgen.render.verify.output_text import (
    WORD_NS,
    comparable_text,
    excerpt_around,
    missing_character,
    word_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pypdfium2

    from reportgen.render.verify.output_text import SameGlyph

MIN_POINTS: Final = 8.0
POINTS_TOLERANCE: Final = 0.05


class _Character(NamedTuple):
    text: str
    left: float
    right: float
    baseline: float
    size: float


class PageFaults(NamedTuple):
    """The number and text of a PDF's pages, and faults by page: page number → how many."""

    pages: int
    text: str
    small: Counter[int]  # characters under 8 pt
    lone: Counter[int]  # lines of one character that end a text


def read_page_faults(content: bytes) -> PageFaults:
    """Return the pages of a PDF, their text, and what is small or alone on them.

    Pages without faults are not in the counters. Raises PdfiumError for a file that is no PDF.
    """
    import pypdfium2

    small: Counter[int] = Counter()
    lone: Counter[int] = Counter()
    texts: list[str] = []
    with pypdfium2.PdfDocument(content) as document:
        for number, page in enumerate(document, 1):
            text_page = page.get_textpage()
            texts.append(text_page.get_text_range())
            characters = list(_read_characters(text_page))
            small[number] = sum(
                character.size < MIN_POINTS - POINTS_TOLERANCE for character in characters
            )
            lone[number] = sum(1 for _ in _lone_characters(characters))
    return PageFaults(len(texts), "".join(texts), +small, +lone)


def lone_row_pages(document: bytes) -> list[int]:
    """Return the numbers of the pages of a Word file on which a row of a longer table is alone.

    The parts of a table on consecutive pages have the same first column headings. A row of one
    cell, such as a band, does not count.
    """
    with zipfile.ZipFile(BytesIO(document)) as package:
        (body,) = ElementTree.fromstring(package.read("word/document.xml"))
    tables: list[tuple[int, tuple[str, ...], int]] = []  # page, texts of headings, other rows
    page = 1
    for block in body:
        page += len(block.findall(f".//{WORD_NS}pageBreakBefore"))
        if block.tag != f"{WORD_NS}tbl":
            continue
        rows = block.findall(f"{WORD_NS}tr")
        heads = [row for row in rows if row.find(f"{WORD_NS}trPr/{WORD_NS}tblHeader") is not None]
        counted = sum(len(row.findall(f"{WORD_NS}tc")) > 1 for row in rows if row not in heads)
        if heads:
            tables.append((page, tuple("".join(head.itertext()) for head in heads), counted))
    continued = {
        number
        for (page, heads, _), (next_page, next_heads, _) in pairwise(tables)
        if next_page == page + 1 and all(map(eq, heads, next_heads))
        for number in (page, next_page)
    }
    return [page for page, _, counted in tables if page in continued and counted == 1]


def _read_characters(text_page: pypdfium2.PdfTextPage) -> Iterator[_Character]:
    """Yield the characters of a page but white space, with their places and sizes in points."""
    import ctypes

    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if not code or chr(code).isspace():
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        pdfium.FPDFText_GetMatrix(text_page, index, matrix)
        scale = abs(matrix.d) or abs(matrix.b) or 1.0
        size = pdfium.FPDFText_GetFontSize(text_page, index) * scale
        left, _, right, _ = text_page.get_charbox(index, loose=True)
        yield _Character(chr(code), left, right, round(y.value, 1), size)


def _lone_characters(characters: list[_Character]) -> Iterator[_Character]:
    """Yield characters that are alone on the last line of a text, by their positions.

    There is nothing beside them, a line of the same size right above and no line right below.
    """
    lines: dict[float, list[_Character]] = defaultdict(list)
    for character in characters:
        lines[character.baseline].append(character)
    for character in characters:
        size = character.size
        neighbours = [
            other
            for other in lines[character.baseline]
            if other is not character
            and other.left - size < character.right
            and character.left < other.right + size
        ]
        above = any(
            0.8 * size < baseline - character.baseline < 2 * size
            and any(
                abs(other.size - size) < 1 and other.left - size < character.left < other.right
                for other in line
            )
            for baseline, line in (lines.items() if not neighbours else ())
        )
        below = any(
            0.8 * size < character.baseline - baseline < 2 * size
            and any(abs(other.left - character.left) < size for other in line)
            for baseline, line in (lines.items() if above else ())
        )
        if above and not below:
            yield character


def verify_printed_pages(
    files: Mapping[str, Mapping[str, bytes]],
    font_folders: Sequence[Path],
    same_glyph: SameGlyph,
) -> tuple[Problem, ...]:
    """Return the problems of documents after LibreOffice has laid out their Word files.

    W423: PDF and Word have different numbers of pages. E424: text of the Word file is on no page.
    N425: characters under 8 pt or alone on their line, of either, and rows alone on a page. E507
    alone if LibreOffice is not installed, E508 alone if it fails.

    ``files`` are by document name and format ("pdf", "docx"); others are ignored. ``same_glyph``
    tells whether a font shows two characters alike: a PDF keeps one of them.
    """
    program = libreoffice.find_program()
    if not program:
        return (make_problem("E507"),)
    word = {name: outputs["docx"] for name, outputs in files.items() if "docx" in outputs}
    try:
        converted = (
            libreoffice.convert(
                program,
                list(word.values()),
                "docx",
                "pdf",
                "writer_pdf_Export",
                font_folders=font_folders,
            )
            if word
            else []
        )
    except libreoffice.ConversionError as error:
        return (make_problem("E508", reason=error.chinese, reason_en=error.english),)
    laid_out = dict(zip(word, converted, strict=True))
    problems: list[Problem] = []
    for name, outputs in files.items():
        where = Location(file=f"{name}.docx")
        pdf = read_page_faults(outputs["pdf"]) if "pdf" in outputs else None
        if pdf is not None:
            problems += _count_problem(pdf, f"{name}.pdf", ())
        if name not in laid_out:
            continue
        faults = read_page_faults(laid_out[name])
        problems += _count_problem(faults, f"{name}.docx", lone_row_pages(word[name]))
        if pdf is not None and pdf.pages != faults.pages:
            problems.append(
                make_problem("W423", where, found=str(faults.pages), other=str(pdf.pages))
            )
        problems += _lost_text_problems(word[name], faults.text, same_glyph, where)
    return tuple(problems)


def _lost_text_problems(
    document: bytes, printed: str, same_glyph: SameGlyph, where: Location
) -> Iterator[Problem]:
    """Yield E424 if the pages of a Word file lack some of its text, with an excerpt.

    ``document`` is the Word file, ``printed`` the text of its pages. Characters are counted,
    whatever their order.
    """
    written = comparable_text(word_text(document))
    if lost := missing_character(comparable_text(printed), written, same_glyph):
        found = excerpt_around(written, written.rindex(lost))
        yield make_problem("E424", where, found=found)


def _count_problem(faults: PageFaults, name: str, rows: Sequence[int]) -> Iterator[Problem]:
    """Yield N425 for the file ``name`` if characters are too small, or something stands alone.

    It counts these with their pages; ``rows`` are the pages with a lone row.
    """
    if faults.small or faults.lone or rows:
        yield make_problem(
            "N425",
            Location(file=name),
            small=faults.small.total(),
            small_pages=_format_pages(faults.small),
            lone=faults.lone.total(),
            lone_pages=_format_pages(faults.lone),
            rows=len(rows),
            row_pages=_format_pages(rows),
        )


def _format_pages(numbers: Iterable[int]) -> str:
    """Return the numbers of pages in a list for a message, "-" for none."""
    return "、".join(map(str, sorted(numbers))) or "-"
