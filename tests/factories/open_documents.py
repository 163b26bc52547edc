"""A small writer of OpenDocument spreadsheets: what a workbook's sheets hold, told again.

It knows nothing of the reader. What it writes is plainer than LibreOffice's own files, which
:mod:`tests.workbook.reading.opendocument.test_libreoffice` reads.
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from reportgen.workbook.reading.raw_cells import StoredType, read_spreadsheet
from reportgen.workbook.reading.workbook_source import is_wanted
from reportgen.workbook.reading.zip_package import Package
from tests.factories.workbooks import sample_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reportgen.model.scorecard import Picture
    from reportgen.workbook.reading.raw_cells import RawCell, RawSheet, RawWorkbook
    from reportgen.workbook.schema.cell_refs import Area

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES: Final = {
    "office": "office",
    "table": "table",
    "text": "text",
    "style": "style",
    "number": "datastyle",
    "draw": "drawing",
    "svg": "svg-compatible",
    "config": "config",
    "meta": "meta",
}
NAMES: Final = " ".join(
    [
        *(
            f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
            for short, name in _SPACES.items()
        ),
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
    ]
)
_MANIFEST: Final = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    "</manifest:manifest>"
)
_DIGITS: Final = re.compile(r"(?:0|#,##0|000)(\.0+)?(,*)")


def packed(parts: Mapping[str, bytes | str | None]) -> bytes:
    """An .ods with these parts; ``None`` leaves one out."""
    usual: dict[str, bytes | str | None] = {
        "mimetype": MIMETYPE,
        "META-INF/manifest.xml": _MANIFEST,
    }
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, content in (usual | dict(parts)).items():
            if content is not None:
                stored = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
                package.writestr(name, content, stored)
    return target.getvalue()


def content_xml(sheets: str, styles: str = "", before: str = "") -> str:
    """The content of a workbook: its sheets, their styles and what stands before them."""
    return (
        f'<office:document-content {NAMES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{before}{sheets}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def of_sheets(sheets: str, styles: str = "", before: str = "") -> bytes:
    """An .ods of these sheets."""
    return packed({"content.xml": content_xml(sheets, styles, before)})


def raw_of(content: bytes) -> RawWorkbook:
    """What Excel's reader reads of an .xlsx."""
    return read_spreadsheet(Package(content).to_transitional(), is_wanted)


@cache
def sample_ods() -> bytes:
    """The first sample."""
    return written(raw_of(sample_bytes()))


def sample_content() -> str:
    """The first sample's ``content.xml``."""
    with ZipFile(BytesIO(sample_ods())) as package:
        return package.read("content.xml").decode()


def written(book: RawWorkbook, pictures: Iterable[Picture] = ()) -> bytes:
    """A workbook that was read, as .ods; sheets that are not read are there by name."""
    styles = _Styles()
    placed = list(pictures)
    known = {sheet.name: sheet for sheet in book.sheets}
    sheets = "".join(
        _sheet(known[name], styles, placed)
        if name in known
        else f"<table:table table:name={quoteattr(name)}/>"
        for name in book.names
    )
    manual = "false" if book.is_manually_calculated else "true"
    settings = (
        f"<office:document-settings {NAMES}><office:settings><config:config-item-set>"
        f'<config:config-item config:name="AutoCalculate">{manual}</config:config-item>'
        "</config:config-item-set></office:settings></office:document-settings>"
    )
    parts: dict[str, bytes | str | None] = {
        "content.xml": content_xml(sheets, styles.xml()),
        "settings.xml": settings,
        "meta.xml": _meta("Writer of tests" if _is_doubtful(book) else "LibreOffice/7.4.7.2"),
    }
    for number, picture in enumerate(placed):
        parts[f"Pictures/{number}.png"] = picture.content
    return packed(parts)


def _is_doubtful(book: RawWorkbook) -> bool:
    return any(
        cell.is_doubtful
        for sheet in book.sheets
        for row in sheet.rows.values()
        for cell in row.values()
    )


def _meta(program: str) -> str:
    return (
        f"<office:document-meta {NAMES}><office:meta><meta:generator>{program}</meta:generator>"
        "</office:meta></office:document-meta>"
    )


_STRUCK: Final = '<style:text-properties style:text-line-through-style="solid"/>'
_HIDDEN: Final = (
    '<style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


class _Styles:
    """The styles that cells ask for, each once."""

    def __init__(self) -> None:
        self._formats: dict[str, str] = {}
        self._more = [
            _HIDDEN,
            f'<style:style style:name="old" style:family="text">{_STRUCK}</style:style>',
        ]

    def of(self, code: str, *, is_struck: bool = False) -> str:
        """The name of the cell style with that number format, and struck through or not."""
        key = f"{code}{is_struck}"
        if key not in self._formats:
            name = f"ce{len(self._formats)}"
            self._formats[key] = name
            number = f' style:data-style-name="N{name}"' if code else ""
            self._more.append(
                f'{_format(f"N{name}", code) if code else ""}<style:style style:name="{name}" '
                f'style:family="table-cell"{number}>{_STRUCK if is_struck else ""}</style:style>'
            )
        return self._formats[key]

    def xml(self) -> str:
        return "".join(self._more)


def _format(name: str, code: str) -> str:
    """A data style; what is more than digits between words becomes a fraction, unknown here."""
    if code == "0!.0,":
        return _TEN_THOUSANDS.format(name=name)
    *others, last = code.split(";")
    conditions = {1: ("&gt;=0",), 2: ("&gt;0", "&lt;0"), 3: ("&gt;0", "&lt;0", "=0")}
    stated = re.match(r"\[>(\d+)\]", code)
    told = (f"&gt;{stated[1]}",) if stated else conditions.get(len(others), ())
    others = [each.removeprefix(stated[0] if stated else "") for each in others]
    if told and all(_is_plain(each) for each in (*others, last)):
        before = "".join(_section(f"{name}P{n}", each, "") for n, each in enumerate(others))
        maps = "".join(
            f'<style:map style:condition="value(){each}" style:apply-style-name="{name}P{n}"/>'
            for n, each in enumerate(told)
        )
        return before + _section(name, last, maps)
    if not code or not _is_plain(code):
        return f'<number:number-style style:name="{name}"><number:fraction/></number:number-style>'
    return _section(name, code, "")


_TEN_THOUSANDS: Final = (
    '<number:number-style style:name="{name}"><number:number number:decimal-places="0" '
    'number:min-integer-digits="2" number:display-factor="1000"><number:embedded-text '
    'number:position="1">.</number:embedded-text></number:number></number:number-style>'
)
_PIECES: Final = re.compile(rf'"[^"]*"|%|-|\[(?:Red|Blue)\]|{_DIGITS.pattern}')


def _is_plain(code: str) -> bool:
    return not _PIECES.sub("", code)


def _section(name: str, code: str, maps: str) -> str:
    kind = "percentage" if "%" in code else "number"
    pieces = []
    for match in _PIECES.finditer(code):
        piece = match[0]
        if _DIGITS.fullmatch(piece):
            pieces.append(_number(piece))
        elif not piece.startswith("["):
            pieces.append(f"<number:text>{escape(piece.strip(chr(34)))}</number:text>")
    inner = "".join(pieces) + maps
    return f'<number:{kind}-style style:name="{name}">{inner}</number:{kind}-style>'


def _number(digits: str) -> str:
    match = _DIGITS.fullmatch(digits)
    assert match is not None
    places = len(match[1] or ".") - 1
    grouping = ' number:grouping="true"' if "#," in digits else ""
    factor = f' number:display-factor="1{"000" * len(match[2])}"' if match[2] else ""
    least = 3 if digits.startswith("000") else 1
    return (
        f'<number:number number:decimal-places="{places}" '
        f'number:min-integer-digits="{least}"{grouping}{factor}/>'
    )


def _sheet(sheet: RawSheet, styles: _Styles, pictures: list[Picture]) -> str:
    hidden = ' table:style-name="hidden"' if sheet.is_hidden else ""
    columns, column = [], 1
    for first, last in sorted(sheet.hidden_columns):
        if first > column:
            columns.append(_columns(first - column))
        columns.append(_columns(last - first + 1, ' table:visibility="collapse"'))
        column = last + 1
    shown = {picture.at.cell: number for number, picture in enumerate(pictures)}
    rows, row = [], 1
    tops = {area.top for area in sheet.merged}
    for number in sorted({*sheet.rows, *tops}):
        if number > row:
            rows.append(f'<table:table-row table:number-rows-repeated="{number - row}"/>')
        looks = ' table:visibility="collapse"' if number in sheet.hidden_rows else ""
        areas = {area.left: area for area in sheet.merged if area.top == number}
        cells = _cells(sheet.rows.get(number, {}), areas, styles)
        rows.append(f"<table:table-row{looks}>{cells}</table:table-row>")
        row = number + 1
    frames = "".join(
        _frame(pictures[number], number)
        for number in shown.values()
        if pictures[number].at.sheet == sheet.name
    )
    shapes = f"<table:shapes>{frames}</table:shapes>" if frames else ""
    name = quoteattr(sheet.name)
    inner = shapes + "".join((*columns, *rows))
    return f"<table:table table:name={name}{hidden}>{inner}</table:table>"


def _columns(count: int, looks: str = "") -> str:
    return f'<table:table-column table:number-columns-repeated="{count}"{looks}/>'


def _cells(filled: Mapping[int, RawCell], areas: Mapping[int, Area], styles: _Styles) -> str:
    pieces, column = [], 1
    for number in sorted({*filled, *areas}):
        if number > column:
            repeated = f'table:number-columns-repeated="{number - column}"'
            pieces.append(f"<table:table-cell {repeated}/>")
        spans = ""
        if number in areas:
            each = areas[number]
            spans = (
                f' table:number-columns-spanned="{each.right - each.left + 1}"'
                f' table:number-rows-spanned="{each.bottom - each.top + 1}"'
            )
        pieces.append(_cell(filled.get(number), spans, styles))
        column = number + 1
    return "".join(pieces)


def _cell(raw: RawCell | None, spans: str, styles: _Styles) -> str:
    if raw is None:
        return f"<table:table-cell{spans}/>"
    looks = spans
    if raw.is_computed or raw.stored is StoredType.ERROR:
        book = "['file:///b.ods'#$Sheet1.A1]" if raw.is_external else "[.Z99]"
        looks += f" table:formula={quoteattr(f'of:={raw.constant or book}')}"
    if raw.number_format or raw.is_struck:
        looks += f' table:style-name="{styles.of(raw.number_format, is_struck=raw.is_struck)}"'
    value, text = _value(raw)
    return f"<table:table-cell{looks}{value}>{text}</table:table-cell>"


def _value(raw: RawCell) -> tuple[str, str]:
    """Attributes and inside of a cell."""
    if raw.stored is StoredType.UNCACHED:
        return "", ""
    if raw.stored is StoredType.BOOLEAN:
        told = "true" if raw.content == "1" else "false"
        return f' office:value-type="boolean" office:boolean-value="{told}"', ""
    if raw.stored is StoredType.DATE:
        kind = "time" if ":" in raw.content[:5] else "date"
        value = f"PT{raw.content}S".replace(":", "H", 1).replace(":", "M") if kind == "time" else ""
        value = value or raw.content
        return f' office:value-type="{kind}" office:{kind}-value="{value}"', ""
    if raw.stored is StoredType.NUMBER:
        kind = "percentage" if raw.is_percentage else "float"
        number = {"inf": "INF"}.get(raw.content, raw.content)
        return f' office:value-type="{kind}" office:value="{number}"', ""
    first, *rest = raw.content.split("\n")
    old = f'<text:span text:style-name="old">{_words(raw.struck_text)}</text:span>'
    lines = [f"{old if raw.struck_text else ''}{_words(first)}", *map(_words, rest)]
    return ' office:value-type="string"', "".join(f"<text:p>{line}</text:p>" for line in lines)


def _words(text: str) -> str:
    return escape(text).replace("\t", "<text:tab/>").replace(" ", "<text:s/>")


def _frame(picture: Picture, number: int) -> str:
    return (
        f'<draw:frame svg:width="{picture.width}mm" svg:height="{picture.height}mm">'
        f'<draw:image xlink:href="Pictures/{number}.png"/>'
        f"<svg:desc>{escape(picture.description)}</svg:desc></draw:frame>"
    )
