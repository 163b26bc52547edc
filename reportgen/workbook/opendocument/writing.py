"""Plain tables → .ods, without LibreOffice: the figures that .xlsx holds beside the documents.

Numbers are not rounded, their formats round them. Texts are texts, whatever they look like: no
cell that is written here holds a formula. The same tables give the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl.compat import safe_string

from reportgen.workbook import style
from reportgen.workbook.places import column_letters
from reportgen.workbook.plain_tables import LONGEST, MOST_LINKS, Cell, Columns, Link, Number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.styles import Font

    from reportgen.model import RocDate

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_MILLIMETRES: Final = 2.0  # of a character's width
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_SHORT: Final = {
    "office": "office",
    "table": "table",
    "text": "text",
    "style": "style",
    "number": "datastyle",
    "fo": "xsl-fo-compatible",
    "config": "config",
    "meta": "meta",
    "svg": "svg-compatible",
}
_NAMES: Final = " ".join(
    [
        *(
            f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
            for short, name in _SHORT.items()
        ),
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:ooo="http://openoffice.org/2004/office"',
    ]
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST: Final = (
    f'{_HEAD}<manifest:manifest manifest:version="1.3" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (
            ("/", MIMETYPE),
            *((f"{each}.xml", "text/xml") for each in ("content", "styles", "settings", "meta")),
        )
    )
    + "</manifest:manifest>"
)
_RUNS: Final = re.compile(r"^ | $|(?<= ) +")
_NO_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that is one table below its titles.

    ``frozen`` columns stay in view, as the headings do. ``symbols`` stand for figures that are
    missing, and at the right as figures do.
    """

    name: str
    columns: Columns
    rows: Iterable[Sequence[Cell]]
    titles: tuple[str, ...] = ()
    frozen: int = 0
    symbols: frozenset[str] = frozenset()


def write_tables(tables: Sequence[Table], modified: RocDate) -> bytes:
    """Return the .ods; ``modified`` stands for the moment of writing."""
    looks = _Looks()
    sheets = [_Sheet(table, looks) for table in tables]
    body = "".join("".join(sheet.pieces()) for sheet in sheets)
    filters = "".join(sheet.filter(number) for number, sheet in enumerate(sheets, start=1))
    content = (
        f'{_HEAD}<office:document-content {_NAMES} office:version="1.3">'
        f"<office:automatic-styles>{looks.xml()}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}"
        f"<table:database-ranges>{filters}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": MIMETYPE,
        "META-INF/manifest.xml": _MANIFEST,
        "content.xml": content,
        "meta.xml": _meta(modified),
        "settings.xml": _settings(sheets),
        "styles.xml": _STYLES,
    }
    target = BytesIO()
    with ZipFile(target, "w") as package:
        for name, text in parts.items():
            part = ZipInfo(name, _EPOCH)
            part.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            package.writestr(part, text)
    return target.getvalue()


class _Sheet:
    """A table as XML."""

    def __init__(self, table: Table, looks: _Looks) -> None:
        self.table = table
        self._looks = looks
        self._links = 0
        self.heading_row = len(table.titles) + 2 if table.titles else 1
        self._last_row = self.heading_row

    def pieces(self) -> Iterator[str]:
        """Yield the sheet piece by piece."""
        yield f'<table:table table:name={quoteattr(self.table.name)} table:style-name="sheet">'
        for _, width in self.table.columns:
            yield f'<table:table-column table:style-name="{self._looks.column(width)}"/>'
        for title, look in zip(self.table.titles, ("title", "purpose"), strict=False):
            yield f"<table:table-row>{_text_cell(title, look)}</table:table-row>"
        yield "<table:table-row/>" if self.table.titles else ""
        heads = "".join(_text_cell(heading, "head") for heading, _ in self.table.columns)
        yield "<table:table-header-rows><table:table-row>"
        yield f"{heads}</table:table-row></table:table-header-rows>"
        for row in self.table.rows:
            self._last_row += 1
            yield f"<table:table-row>{''.join(map(self._cell, row))}</table:table-row>"
        yield "</table:table>"

    def filter(self, number: int) -> str:
        """Return the range of the table, with a button to filter each column."""
        name = "$'{}'".format(self.table.name.replace("'", "''"))
        last = column_letters(len(self.table.columns))
        end = max(self._last_row, self.heading_row + 1)
        area = f"{name}.$A${self.heading_row}:{name}.${last}${end}"
        return (
            f'<table:database-range table:name="table{number}" '
            f'table:target-range-address={quoteattr(area)} table:display-filter-buttons="true"/>'
        )

    def _cell(self, content: Cell) -> str:
        if content is None or content == "":
            return "<table:table-cell/>"
        if isinstance(content, str):
            look = "symbol" if content in self.table.symbols else "text"
            return _text_cell(content, look)
        if isinstance(content, Link):
            return self._link(content)
        if isinstance(content, Number):
            exact = content.value
            value = int(exact) if exact.denominator == 1 else float(exact)
            look, kind = self._looks.number(content.format)
        else:
            value, look, kind = content, "count", "float"
        return (
            f'<table:table-cell table:style-name="{look}" office:value-type="{kind}" '
            f'office:value="{safe_string(value)}"/>'
        )

    def _link(self, link: Link) -> str:
        if not link.text:
            return "<table:table-cell/>"
        self._links += 1
        if self._links > MOST_LINKS:
            return _text_cell(link.text, "text")
        # Paths lead out of the package, which counts as a folder (ODF 1.3 part 2, 3.7).
        target = quoteattr(f"../{quote(link.path)}")
        words = f'<text:a xlink:type="simple" xlink:href={target}>{_words(link.text)}</text:a>'
        return (
            '<table:table-cell table:style-name="link" office:value-type="string">'
            f"<text:p>{words}</text:p></table:table-cell>"
        )


def _text_cell(text: str, look: str) -> str:
    kept = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    lines = "".join(
        f"<text:p>{_words(line)}</text:p>" for line in _NO_XML.sub("", kept).split("\n")
    )
    return (
        f'<table:table-cell table:style-name="{look}" office:value-type="string">'
        f"{lines}</table:table-cell>"
    )


def _words(text: str) -> str:
    """Return a line of text in which every blank and tab is kept."""
    marked = _RUNS.sub(lambda match: "\0" * len(match[0]), text)
    return escape(marked).replace("\0", "<text:s/>").replace("\t", "<text:tab/>")


_SHEET_STYLE: Final = (
    '<style:style style:name="sheet" style:family="table" style:master-page-name="Page">'
    '<style:table-properties table:display="true"/></style:style>'
)


class _Looks:
    """The styles of columns and numbers, each once."""

    def __init__(self) -> None:
        self._columns: dict[int, str] = {}
        self._numbers: dict[str, tuple[str, str]] = {}
        self._more: list[str] = []

    def column(self, width: int) -> str:
        """Return the style of a column that is so many characters wide."""
        if width not in self._columns:
            self._columns[width] = name = f"co{width}"
            self._more.append(
                f'<style:style style:name="{name}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{width * _MILLIMETRES}mm"/>'
                "</style:style>"
            )
        return self._columns[width]

    def number(self, code: str) -> tuple[str, str]:
        """Return the style of a number with that format, and the type of its value."""
        if code not in self._numbers:
            name = f"n{len(self._numbers) + 1}"
            kind = "percentage" if "%" in code else "float"
            self._numbers[code] = name, kind
            self._more.append(_number_style(f"N{name}", code))
            self._more.append(_cell_style(name, style.BODY, "end", f"N{name}"))
        return self._numbers[code]

    def xml(self) -> str:
        """Return all styles of the content."""
        fixed = (
            _SHEET_STYLE,
            _cell_style("title", style.TITLE, "start"),
            _cell_style("purpose", style.PURPOSE, "start"),
            _cell_style("head", style.HEADING, "center", fill=style.ACCENT),
            _cell_style("text", style.BODY, "start"),
            _cell_style("symbol", style.BODY, "end"),
            _cell_style("count", style.BODY, "center"),
            _cell_style("link", style.LINK, "start"),
        )
        return "".join((*fixed, *self._more))


def _cell_style(name: str, font: Font, align: str, number: str = "", fill: str = "") -> str:
    data = f' style:data-style-name="{number}"' if number else ""
    ground = f' fo:background-color="#{fill[2:].lower()}"' if fill else ""
    weight = ' fo:font-weight="bold" style:font-weight-asian="bold"' if font.bold else ""
    line = ' style:text-underline-style="solid"' if font.underline else ""
    face = quoteattr(font.name or style.FACE)
    colour = str(font.color.rgb)[2:].lower() if font.color else "000000"
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{data}>'
        f'<style:table-cell-properties style:vertical-align="middle"{ground}/>'
        f'<style:paragraph-properties fo:text-align="{align}"/>'
        f"<style:text-properties fo:font-family={face} style:font-family-asian={face} "
        f'fo:font-size="{font.sz:g}pt" style:font-size-asian="{font.sz:g}pt" '
        f'fo:color="#{colour}"{weight}{line}/></style:style>'
    )


def _number_style(name: str, code: str) -> str:
    """Return the data style of a code of ours: digits and words, in up to three sections."""
    *others, last = code.split(";")
    conditions = ("&gt;0", "&lt;0")[: len(others)]
    before = "".join(
        _section(f"{name}P{number}", each) for number, each in enumerate(others, start=1)
    )
    maps = "".join(
        f'<style:map style:condition="value(){each}" style:apply-style-name="{name}P{number}"/>'
        for number, each in enumerate(conditions, start=1)
    )
    return before + _section(name, last, maps)


_CODE: Final = re.compile(r'([+-]?)(General|#,##0|0)(?:\.(0+))?(%?)(?:"([^"]*)")?')


def _section(name: str, code: str, maps: str = "") -> str:
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError(f"no format of ours: {code}")
    sign, digits, decimals, percent, words = match.groups()
    kind = "percentage" if percent else "number"
    grouping = ' number:grouping="true"' if "," in digits else ""
    places = f' number:decimal-places="{len(decimals or "")}"' if digits != "General" else ""
    number = f'<number:number{places} number:min-integer-digits="1"{grouping}/>'
    around = [
        f"<number:text>{escape(each)}</number:text>" if each else ""
        for each in (sign, (percent or "") + (words or ""))
    ]
    inner = f"{around[0]}{number}{around[1]}{maps}"
    return f'<number:{kind}-style style:name="{name}">{inner}</number:{kind}-style>'


def _meta(modified: RocDate) -> str:
    day = f"{modified.to_date().isoformat()}T00:00:00"
    return (
        f'{_HEAD}<office:document-meta {_NAMES} office:version="1.3"><office:meta>'
        f"<meta:generator>reportgen</meta:generator><meta:creation-date>{day}</meta:creation-date>"
        f"<dc:date>{day}</dc:date></office:meta></office:document-meta>"
    )


def _settings(sheets: Sequence[_Sheet]) -> str:
    """Return what keeps the headings, and some columns, in view."""

    def item(name: str, kind: str, value: object) -> str:
        told = f'config:name="{name}" config:type="{kind}"'
        return f"<config:config-item {told}>{value}</config:config-item>"

    views = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(sheet.table.name)}>"
        + item("HorizontalSplitMode", "short", 2 if sheet.table.frozen else 0)
        + item("HorizontalSplitPosition", "int", sheet.table.frozen)
        + item("PositionRight", "int", sheet.table.frozen)
        + item("VerticalSplitMode", "short", 2)
        + item("VerticalSplitPosition", "int", sheet.heading_row)
        + item("PositionBottom", "int", sheet.heading_row)
        + item("ShowGrid", "boolean", "false")
        + "</config:config-item-map-entry>"
        for sheet in sheets
    )
    return (
        f'{_HEAD}<office:document-settings {_NAMES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        + item("ViewId", "string", "view1")
        + f'<config:config-item-map-named config:name="Tables">{views}'
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


# A4 across, as wide as the page and as long as it takes; what the .xlsx is set to, too.
_STYLES: Final = (
    f'{_HEAD}<office:document-styles {_NAMES} office:version="1.3"><office:automatic-styles>'
    '<style:page-layout style:name="Across"><style:page-layout-properties fo:page-width="297mm" '
    'fo:page-height="210mm" style:print-orientation="landscape" style:scale-to-X="1" '
    'style:scale-to-Y="0" fo:margin="12mm"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Page" style:page-layout-name="Across"/>'
    "</office:master-styles></office:document-styles>"
)

__all__ = ["MIMETYPE", "Table", "write_tables"]
