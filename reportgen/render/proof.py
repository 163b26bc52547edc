"""The finished files are read again, before they are delivered, and held against the layout.

The reader of the PDF is PDFium, which shares nothing with what wrote it. What the layout
prints must stand in the file: on its page in the PDF, in its order in Word.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from reportgen.names import is_invisible
from reportgen.problems import Location, Problem, make

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Difference = tuple[tuple[str, str], str]  # which output, in both languages, and a text of it
SameGlyph = Callable[[str, str], bool]
LINE_END_HYPHEN = "\ufffe"  # how PDFium tells a hyphen at the end of a line
# Of which nothing is seen: control characters, soft hyphens, joiners, the hyphen of a line end.
UNSEEN = dict.fromkeys((*range(32), *map(ord, "\u00ad\u200b\u200c\u200d\u2010\u2060\ufeff")))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHOWN = 30  # characters of a text that is told


@dataclass(frozen=True, slots=True)
class Printed:
    """The texts of a layout without white space: page by page, and the story as Word tells it."""

    pages: tuple[str, ...]
    story: str


NOTHING = Printed((), "")


def same_text(read: tuple[str, ...], printed: tuple[str, ...], same_glyph: SameGlyph) -> bool:
    """Whether the pages of a PDF say what those of its layout do."""
    return not any(_of_pages(read, printed, same_glyph))


def load_reader() -> None:
    """Import what reads PDFs; 0.1 s, which may pass while other work is waited for."""
    import pypdfium2  # noqa: F401


def differences(
    files: Mapping[str, bytes], printed: Printed, where: Location, same_glyph: SameGlyph
) -> tuple[Problem, ...]:
    """E413 for each page of the PDF, and for Word, whose text is not what the layout says.

    ``same_glyph`` tells whether a font shows two characters alike: a PDF keeps one of them.
    """
    found: list[Difference] = []
    if "pdf" in files:
        found += _of_pages(pdf_pages(files["pdf"]), printed.pages, same_glyph)
    if "docx" in files:
        found += _of_story(word_text(files["docx"]), printed.story)
    return tuple(
        make("E413", where, output=chinese, output_en=english, found=text)
        for (chinese, english), text in found
    )


def story_differences(
    read: str, told: str, output: tuple[str, str], where: Location
) -> tuple[Problem, ...]:
    """E413 where a file, named in both languages, does not say what another one tells."""
    return tuple(
        make("E413", where, output=chinese, output_en=english, found=text)
        for (chinese, english), text in _of_story(read, told, output)
    )


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a PDF: its text, its width and height in points."""

    text: str
    width: float
    height: float


def pdf_pages(content: bytes) -> tuple[str, ...]:
    """The text of each page of a PDF."""
    return tuple(leaf.text for leaf in leaves(content))


def leaves(content: bytes) -> tuple[Leaf, ...]:
    """The pages of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return tuple(_leaf(document, number) for number in range(len(document)))
    finally:
        document.close()


def _leaf(document: Any, number: int) -> Leaf:
    page = document[number]
    text = page.get_textpage()
    try:
        return Leaf(text.get_text_range(), *page.get_size())
    finally:
        text.close()
        page.close()


def word_text(content: bytes) -> str:
    """The text of a Word file's body, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    return "".join(text.text or "" for text in root.iter(f"{W}t"))


def _of_pages(
    read: tuple[str, ...], printed: tuple[str, ...], same_glyph: SameGlyph
) -> Iterator[Difference]:
    if len(read) != len(printed):
        yield ("PDF", "the PDF"), f"{len(read)} ≠ {len(printed)}"
        return
    for number, (said, wanted) in enumerate(zip(read, printed, strict=True), 1):
        have, want = Counter(_letters(said)), Counter(_letters(wanted))
        if have != want:
            lacking = _forgiven(want - have, have - want, same_glyph)
            if lacking:
                output = (f"PDF 第 {number} 頁", f"page {number} of the PDF")
                yield output, _around(_letters(wanted), min(lacking))


def _forgiven(lacking: Counter[str], extra: Counter[str], same_glyph: SameGlyph) -> Counter[str]:
    """What is lacking but for what shows nothing, or was read as another sign of the same shape."""
    for character in list(lacking):
        if is_invisible(character):
            del lacking[character]
            continue
        for other in list(extra):
            if same_glyph(character, other):
                found = min(lacking[character], extra[other])
                lacking[character] -= found
                extra[other] -= found
    return +lacking


def _around(text: str, character: str) -> str:
    place = text.index(character)
    return text[max(0, place - SHOWN // 2) : place + SHOWN // 2]


def _of_story(
    read: str, printed: str, output: tuple[str, str] = ("Word", "Word")
) -> Iterator[Difference]:
    said, wanted = _letters(read), _letters(printed)
    if said != wanted:
        pairs = zip(f"{said}\0", f"{wanted}\0", strict=False)
        same = next(number for number, (one, other) in enumerate(pairs) if one != other)
        yield output, (wanted[same:] or said[same:])[:SHOWN]


def _letters(text: str) -> str:
    """A text as both sides tell it: without white space, in one form of each letter."""
    plain = unicodedata.normalize("NFKC", text.replace(LINE_END_HYPHEN, "-"))
    return "".join(plain.split()).translate(UNSEEN)
