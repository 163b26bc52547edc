"""What a reader sees of a document, read from the PDF by PDFium and from Word's XML: comparable.

Nothing here knows the program: fonts, sizes and colours of every letter, colours of shades and
borders, the page, the columns' lines, headers and footers.
"""

from __future__ import annotations

import ctypes
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

from reportgen.render.verify.output_text import NAVIGATION_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
NUMERALS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "upperRoman": lambda number: "IVX"[number - 1] if number == 1 else "I" * number,
    "upperLetter": lambda number: chr(64 + number),
    "taiwaneseCountingThousand": lambda number: "〇一二三四五六七八九十"[number],
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BORDERS = tuple(f"{W}{name}" for name in ("tcBorders", "pBdr", "tblBorders"))
# Fonts of the same design or widths: what stands in the PDF for what Word is told.
SAME_FONTS = {
    "LiberationSerif": "Times New Roman",
    "LiberationSans": "Arial",
    "LiberationMono": "Courier New",
    "DejaVuSans": "DejaVu Sans",
    "DejaVuSerif": "DejaVu Serif",
    "TW-Kai": "標楷體",
    "TWKai": "標楷體",
}
SAME_NAMES = {"TW-Kai": "標楷體", "DFKai-SB": "標楷體", "Liberation Sans": "Arial"}
Letter = tuple[str, str, float, str, bool, bool]  # character, font, points, colour, bold, italic


@dataclass(frozen=True)
class Appearance:
    """One document, from either file."""

    letters: Counter[Letter]  # of the body
    edges: frozenset[Letter]  # of headers and footers: each letter once
    colours: frozenset[str]  # of shades and borders
    page: tuple[int, int]  # points
    rules: tuple[float, ...]  # of vertical lines, in points from the paper's edge


def of_pdf(content: bytes, margins: tuple[float, float, float]) -> Appearance:
    """Read a PDF; what stands in the margins is of headers and footers."""
    document = pypdfium2.PdfDocument(content)
    letters: Counter[Letter] = Counter()
    edges: set[Letter] = set()
    colours: set[str] = set()
    rules: set[float] = set()
    try:
        width, height = document[0].get_size()
        for number in range(len(document)):
            for thing, text_page in _things(document[number]):
                left, bottom, right, top = thing.get_bounds()
                is_edge = bottom > height - margins[0] - 1 or top < margins[1] + 1
                is_edge |= left > width - margins[2] + 1  # the code of the seal
                if thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
                    (edges if is_edge else letters).update(list(_pdf_letters(thing, text_page)))
                elif thing.type == pdfium.FPDF_PAGEOBJ_PATH and not is_edge:
                    colours.update(_path_colour(thing))
                    if right - left < 6 and top - bottom > 8:
                        rules.add(round((left + right) / 2, 1))
    finally:
        document.close()
    return Appearance(
        letters,
        frozenset(edges),
        frozenset(colours),
        (round(width), round(height)),
        tuple(sorted(rules)),
    )


def _things(page: Any) -> Iterator[tuple[Any, Any]]:
    text_page = page.get_textpage()
    for thing in page.get_objects(max_depth=4):
        yield thing, text_page
    text_page.close()


def _pdf_letters(thing: Any, text_page: Any) -> Iterator[Letter]:
    length = pdfium.FPDFTextObj_GetText(thing, text_page, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFTextObj_GetText(
        thing, text_page, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length
    )
    text = buffer.raw[: length - 2].decode("utf-16-le")
    text = text.replace("\x02", "-")  # what PDFium makes of a hyphen at a line's end
    font = pdfium.FPDFTextObj_GetFont(thing)
    count = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    name_buffer = ctypes.create_string_buffer(count)
    pdfium.FPDFFont_GetBaseFontName(font, name_buffer, count)
    name = name_buffer.value.decode().rpartition("+")[2]
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(thing, size)
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, matrix)
    points = round(size.value * abs(matrix.d) * 2) / 2
    bold = "Bold" in name or pdfium.FPDFTextObj_GetTextRenderMode(thing) == 2
    italic = "Italic" in name or "Oblique" in name
    family = name.replace("-", "").replace("BoldItalic", "").replace("Bold", "")
    family = family.replace("Italic", "").replace("BoldOblique", "").replace("Oblique", "")
    family = SAME_FONTS.get(family.replace("Book", ""), family)
    family = "標楷體" if family.startswith("TWKai") else family
    colour = _colour(thing, pdfium.FPDFPageObj_GetFillColor)
    for character in text:
        if not character.isspace():
            yield character, family, points, colour, bold, italic


def _colour(thing: Any, get: Any) -> str:
    channels = [ctypes.c_uint() for _ in range(4)]
    get(thing, *channels)
    alpha = channels[3].value / 255  # on white
    mixed = (round(255 - alpha * (255 - channel.value)) for channel in channels[:3])
    return "".join(f"{channel:02X}" for channel in mixed)


def _path_colour(thing: Any) -> Iterator[str]:
    fill_mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(thing, fill_mode, stroke)
    if fill_mode.value:
        yield _colour(thing, pdfium.FPDFPageObj_GetFillColor)
    elif stroke.value:
        yield _colour(thing, pdfium.FPDFPageObj_GetStrokeColor)


def word_margins(content: bytes) -> tuple[float, float, float]:
    """The margins above, below and at the right, in points."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    margins = next(body.iter(f"{W}pgMar"))
    top, bottom, right = (
        int(margins.get(f"{W}{side}", "0")) / 20 for side in ("top", "bottom", "right")
    )
    return top, bottom, right


def of_word(content: bytes) -> Appearance:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.endswith(".xml")}
    styles = _Styles(etree.fromstring(parts["word/styles.xml"]))
    body = etree.fromstring(parts["word/document.xml"])
    for paragraph in list(body.iter(f"{W}p")):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        parent = paragraph.getparent()
        if style is not None and style.get(f"{W}val") == NAVIGATION_STYLE and parent is not None:
            parent.remove(paragraph)  # in the navigation pane alone
    letters = Counter(_word_letters(body, styles))
    if "word/numbering.xml" in parts:
        letters.update(_markers(body, etree.fromstring(parts["word/numbering.xml"]), styles))
    edges = {
        letter
        for name, part in parts.items()
        if name.startswith(("word/header", "word/footer"))
        for letter in _word_letters(etree.fromstring(part), styles)
    }
    size = next(body.iter(f"{W}pgSz"))
    margins = next(body.iter(f"{W}pgMar"))
    margin, right = (int(margins.get(f"{W}{side}", "0")) / 20 for side in ("left", "right"))
    width, height = (round(int(size.get(f"{W}{side}", "0")) / 20) for side in ("w", "h"))
    return Appearance(
        letters,
        frozenset(edges),
        frozenset(_word_colours(body, styles)),
        (width, height),
        tuple(sorted(_word_rules(body, styles, margin, width - margin - right))),
    )


class _Styles:
    """The run properties of styles, with those they are based on."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._styles = {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}
        self._defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")

    def table_edge(self, table: etree._Element, side: str) -> etree._Element | None:
        """The edge that a table's style gives to all of its cells."""
        style = table.find(f"{W}tblPr/{W}tblStyle")
        if style is None:
            return None
        return self._styles[style.get(f"{W}val")].find(f"{W}tblPr/{W}tblBorders/{W}{side}")

    def properties(self, run: etree._Element) -> dict[str, etree._Element]:
        """A run's properties by name: of the defaults, the paragraph's style, and its own."""
        paragraph = next(run.iterancestors(f"{W}p"))
        layers = [run.find(f"{W}rPr")]
        if (own_style := run.find(f"{W}rPr/{W}rStyle")) is not None:
            layers.append(self._styles[own_style.get(f"{W}val")].find(f"{W}rPr"))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val") if style is not None else None
        while name is not None:
            element = self._styles[name]
            layers.append(element.find(f"{W}rPr"))
            based = element.find(f"{W}basedOn")
            name = based.get(f"{W}val") if based is not None else None
        layers.append(self._defaults)
        found: dict[str, Any] = {}
        for layer in reversed(layers):
            for item in layer if layer is not None else ():
                name_ = etree.QName(item).localname
                if name_ == "rFonts" and name_ in found:
                    merged = etree.Element(item.tag, dict(found[name_].attrib))
                    merged.attrib.update(item.attrib)
                    item = merged  # noqa: PLW2901
                found[name_] = item
        return found


def _word_letters(root: etree._Element, styles: _Styles) -> Iterator[Letter]:
    for run in root.iter(f"{W}r"):
        text = "".join(part.text or "" for part in run.iter(f"{W}t"))
        if not text.strip():
            continue
        yield from _run_letters(text, styles.properties(run))


def _run_letters(text: str, found: dict[str, Any]) -> Iterator[Letter]:
    def value(name: str, default: str = "") -> str:
        item = found.get(name)
        return default if item is None else str(item.get(f"{W}val", "1"))

    fonts = found["rFonts"].attrib
    points = int(value("sz")) / 2
    bold, italic = (value(name, "0") != "0" for name in ("b", "i"))
    for character in text:
        if not character.isspace():
            is_east_asian = ord(character) >= 0x2E80 or (
                ord(character) >= 0x80 and fonts.get(f"{W}hint") == "eastAsia"
            )
            font = fonts[f"{W}eastAsia" if is_east_asian else f"{W}ascii"]
            family = SAME_NAMES.get(font, font)
            yield character, family, points, value("color", "000000"), bold, italic


def _markers(body: etree._Element, numbering: Any, styles: _Styles) -> Iterator[Letter]:
    """The letters of lists' markers, counted as Word counts."""
    counts: dict[str, int] = {}
    for paragraph in body.iter(f"{W}p"):
        number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        run = next(paragraph.iter(f"{W}r"), None)
        if number is None or run is None:
            continue
        key = number.get(f"{W}val", "")
        (num,) = numbering.xpath(f"w:num[@w:numId='{key}']", namespaces=NAMES)
        (level,) = numbering.xpath(
            f"w:abstractNum[@w:abstractNumId='{num[0].get(f'{W}val')}']/w:lvl", namespaces=NAMES
        )
        start = int(next(num.iter(f"{W}startOverride")).get(f"{W}val", "1"))
        counts[key] = counts.get(key, start - 1) + 1
        format_, text = (
            next(level.iter(f"{W}{name}")).get(f"{W}val", "") for name in ("numFmt", "lvlText")
        )
        if format_ != "bullet":
            text = re.sub(r"%\d", NUMERALS[format_](counts[key]), text)
        yield from _run_letters(text, styles.properties(run))


def _word_colours(body: etree._Element, styles: _Styles) -> Iterator[str]:
    for root in (body, styles.root):
        fills = (shade.get(f"{W}fill", "") for shade in root.iter(f"{W}shd"))
        yield from (fill for fill in fills if fill != "auto")
        edges = [
            *root.iter(f"{W}bdr"),
            *(edge for four in root.iter(*BORDERS) for edge in four),
        ]
        yield from (edge.get(f"{W}color", "") for edge in edges if edge.get(f"{W}val") != "nil")
    for run in body.iter(f"{W}r"):
        found = styles.properties(run)
        if any(name in found and found[name].get(f"{W}val") != "none" for name in ("u", "strike")):
            colour = found.get("color")
            yield "000000" if colour is None else colour.get(f"{W}val", "")


def _word_rules(
    body: etree._Element, styles: _Styles, margin: float, text_width: float
) -> set[float]:
    rules: set[float] = set()
    for table in body.iter(f"{W}tbl"):
        indent = table.find(f"{W}tblPr/{W}tblInd")
        centred = table.find(f"{W}tblPr/{W}jc")
        start = margin + (int(indent.get(f"{W}w", "0")) / 20 if indent is not None else 0)
        columns = [int(column.get(f"{W}w", "0")) / 20 for column in table.iter(f"{W}gridCol")]
        if centred is not None and centred.get(f"{W}val") == "center":
            start = margin + (text_width - sum(columns)) / 2
        places = [start + sum(columns[:number]) for number in range(len(columns) + 1)]
        for row in table.iter(f"{W}tr"):
            column = 0
            for cell in row.iter(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                borders = cell.find(f"{W}tcPr/{W}tcBorders")
                last = column + (int(span.get(f"{W}val", "1")) if span is not None else 1)
                for side, line in (("left", column), ("right", last)):
                    edge = borders.find(f"{W}{side}") if borders is not None else None
                    if edge is None:
                        is_outer = line in (0, len(columns))
                        edge = styles.table_edge(table, side if is_outer else "insideV")
                    if edge is not None and edge.get(f"{W}val") != "nil":
                        rules.add(round(places[line], 1))
                column = last
    return rules


def differences(pdf: Appearance, word: Appearance, *, rules: bool = True) -> list[str]:
    """What differs between the two files, in words; empty if they look the same."""
    found = []
    if pdf.letters != word.letters:
        found.append(
            f"letters: {[*(pdf.letters - word.letters)][:3]} ≠ "
            f"{[*(word.letters - pdf.letters)][:3]}"
        )
    pdf_edges, word_edges = (_without_numbers(side.edges) for side in (pdf, word))
    if pdf_edges != word_edges:
        found.append(
            f"edges: {[*(pdf_edges - word_edges)][:3]} ≠ {[*(word_edges - pdf_edges)][:3]}"
        )
    if pdf.colours != word.colours:
        found.append(f"colours: {pdf.colours - word.colours} ≠ {word.colours - pdf.colours}")
    if any(abs(one - other) > 1 for one, other in zip(pdf.page, word.page, strict=True)):
        found.append(f"page: {pdf.page} ≠ {word.page}")
    if rules:
        lone = [x for x in pdf.rules if not any(abs(x - y) < 2.5 for y in word.rules)]
        lone += [x for x in word.rules if not any(abs(x - y) < 2.5 for y in pdf.rules)]
        if lone:
            found.append(f"rules: {pdf.rules} ≠ {word.rules}")
    return found


def _without_numbers(letters: frozenset[Letter]) -> frozenset[Letter]:
    """Letters without numerals: the numbers of pages stand in Word's fields."""
    return frozenset(letter for letter in letters if letter[0] not in "0123456789IVX")
