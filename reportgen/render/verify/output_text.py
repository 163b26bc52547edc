"""Verification of output text: finished files are read back and compared with the layout.

The reader of the PDF is PDFium, which shares nothing with what wrote it. What the layout prints
must be in the file: on its page in the PDF, in its order in Word.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from reportgen.problems import Location, Problem, make_problem
from reportgen.text.name_matching import is_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pypdfium2

Difference = tuple[tuple[str, str], str]  # which output, in both languages, and a text of it
SameGlyph = Callable[[str, str], bool]
LINE_END_HYPHEN = "\ufffe"  # PDFium's character for a hyphen at the end of a line
# Invisible: control characters, soft hyphens, joiners, the hyphen of a line end.
INVISIBLE = dict.fromkeys((*range(32), *map(ord, "\u00ad\u200b\u200c\u200d\u2010\u2060\ufeff")))
WORD_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Id of the style of paragraphs that only the navigation pane shows, in one point and white.
NAVIGATION_STYLE = "導覽標題"
MAX_SHOWN_CHARS = 30  # characters of a text in a message


@dataclass(frozen=True, slots=True)
class ExpectedText:
    """The expected text without white space: page by page in the PDF, and in order in Word."""

    pages: tuple[str, ...]
    flow: str


NO_TEXT = ExpectedText((), "")


def have_same_text(read: tuple[str, ...], printed: tuple[str, ...], same_glyph: SameGlyph) -> bool:
    """Return whether the pages of a PDF have at least the characters of those of its layout.

    There must be as many pages; the order of characters on a page is not compared.
    """
    return not any(_page_differences(read, printed, same_glyph))


def preload_reader() -> None:
    """Import the PDF reader; 0.1 s, which may overlap with waiting for other work."""
    import pypdfium2  # noqa: F401


def verify_output(
    files: Mapping[str, bytes], printed: ExpectedText, where: Location, same_glyph: SameGlyph
) -> tuple[Problem, ...]:
    """Return E413 for each page of the PDF that lacks text, and for Word if its text differs.

    ``files`` are by format ("pdf", "docx"), ``printed`` is the layout's text. White space does not
    count, nor in the PDF the order on a page and additional characters. ``same_glyph`` tells
    whether a font shows two characters alike: a PDF keeps one of them.
    """
    mismatches: list[Difference] = []
    if "pdf" in files:
        mismatches += _page_differences(pdf_page_texts(files["pdf"]), printed.pages, same_glyph)
    if "docx" in files:
        mismatches += _text_differences(word_text(files["docx"]), printed.flow)
    return _difference_problems(mismatches, where)


def compare_texts(
    actual: str, expected: str, output: tuple[str, str], where: Location
) -> tuple[Problem, ...]:
    """Return E413 at ``where`` if a file has another text than expected, white space apart.

    ``output`` is the file's name for the message, in Chinese and English.
    """
    return _difference_problems(_text_differences(actual, expected, output), where)


def _difference_problems(differences: Iterable[Difference], where: Location) -> tuple[Problem, ...]:
    """Return E413 at ``where`` for each difference."""
    return tuple(
        make_problem("E413", where, output=chinese, output_en=english, found=text)
        for (chinese, english), text in differences
    )


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page of a PDF: its text, its width and height in points."""

    text: str
    width: float
    height: float


def pdf_page_texts(content: bytes) -> tuple[str, ...]:
    """Return the text of each page of a PDF, as PDFium reads it."""
    return tuple(page.text for page in read_pdf_pages(content))


def read_pdf_pages(content: bytes) -> tuple[PdfPage, ...]:
    """Return the pages of a PDF in order; PdfiumError if it is none."""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return tuple(_read_page(document, number) for number in range(len(document)))


def _read_page(document: pypdfium2.PdfDocument, number: int) -> PdfPage:
    """Return the text and the size of a page, counted from 0."""
    page = document[number]
    text = page.get_textpage()
    try:
        return PdfPage(text.get_text_range(), *page.get_size())
    finally:
        text.close()
        page.close()


def word_text(content: bytes, *, navigation: bool = False) -> str:
    """Return the text of a Word file's body, in order, without separators or line breaks.

    Headers, footers and tracked deletions are left out, and so is what only the navigation pane
    shows, unless ``navigation`` is set.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    return "".join(
        text.text or ""
        for paragraph in root.iter(f"{WORD_NS}p")
        if navigation or not _is_navigation(paragraph)
        for text in paragraph.iter(f"{WORD_NS}t")
    )


def _is_navigation(paragraph: ElementTree.Element) -> bool:
    """Return whether only the navigation pane shows a paragraph, by its style."""
    style = paragraph.find(f"{WORD_NS}pPr/{WORD_NS}pStyle")
    return style is not None and style.get(f"{WORD_NS}val") == NAVIGATION_STYLE


def _page_differences(
    read: tuple[str, ...], printed: tuple[str, ...], same_glyph: SameGlyph
) -> Iterator[Difference]:
    """Yield a difference if the numbers of pages differ, else one for each page that lacks text.

    Characters are counted, whatever their order; additional ones are no difference.
    """
    if len(read) != len(printed):
        yield ("PDF", "the PDF"), f"{len(read)} ≠ {len(printed)}"
        return
    for number, (actual, expected) in enumerate(zip(read, printed, strict=True), 1):
        text = comparable_text(expected)
        if missing := missing_character(comparable_text(actual), text, same_glyph):
            output = (f"PDF 第 {number} 頁", f"page {number} of the PDF")
            yield output, excerpt_around(text, text.index(missing))


def missing_character(actual: str, expected: str, same_glyph: SameGlyph) -> str:
    """Return a character of which a text has fewer than expected, or "" if there is none.

    Invisible ones do not count, and an additional character stands for one missing character at
    most that is shown by the same glyph.
    """
    actual_counts, expected_counts = Counter(actual), Counter(expected)
    missing, extra = expected_counts - actual_counts, actual_counts - expected_counts
    for character in list(missing):
        if is_invisible(character):
            del missing[character]
            continue
        for other in list(extra):
            if same_glyph(character, other):
                common = min(missing[character], extra[other])
                missing[character] -= common
                extra[other] -= common
    return min(+missing, default="")


def excerpt_around(text: str, index: int) -> str:
    """Return up to 30 characters of a text around an index, for a message."""
    return text[max(0, index - MAX_SHOWN_CHARS // 2) : index + MAX_SHOWN_CHARS // 2]


def _text_differences(
    read: str, printed: str, output: tuple[str, str] = ("Word", "Word")
) -> Iterator[Difference]:
    """Yield the expected text from the first difference on, if the texts differ.

    If the expected text ends there, it is what the file has beyond it.
    """
    actual, expected = comparable_text(read), comparable_text(printed)
    if actual != expected:
        pairs = zip(f"{actual}\0", f"{expected}\0", strict=False)
        start = next(number for number, (one, other) in enumerate(pairs) if one != other)
        yield output, (expected[start:] or actual[start:])[:MAX_SHOWN_CHARS]


def comparable_text(text: str) -> str:
    """Return a text in comparable form: NFKC, without white space and invisible characters."""
    plain = unicodedata.normalize("NFKC", text.replace(LINE_END_HYPHEN, "-"))
    return "".join(plain.split()).translate(INVISIBLE)
