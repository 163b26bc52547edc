"""Plain tables as .ods, written without LibreOffice: the same figures as in the .xlsx.

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

from reportgen.workbook.export.table_sheet import (
    MAX_CELL_CHARS,
    MAX_SHEET_LINKS,
    CellContent,
    Columns,
    Link,
    Number,
)
from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.writing import cell_styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.styles import Font

    from reportgen.model.scorecard import RocDate

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_MM_PER_CHARACTER: Final = 2.0  # of a character's width
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_NAMESPACE_BY_PREFIX: Final = {
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
_XMLNS: Final = " ".join(
    [
        *(
            f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
            for short, name in _NAMESPACE_BY_PREFIX.items()
        ),
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:ooo="http://openoffice.org/2004/office"',
    ]
)
_PROLOG: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST: Final = (
    f'{_PROLOG}<manifest:manifest manifest:version="1.3" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (
            ("/", MIMETYPE),
            *((f"{part}.xml", "text/xml") for part in ("content", "styles", "settings", "meta")),
        )
    )
    + "</manifest:manifest>"
)
_KEPT_BLANKS: Final = re.compile(r"^ | $|(?<= ) +")
_INVALID_IN_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that is one table below its titles.

    ``frozen`` columns stay in view, as the headings do. ``symbols`` are texts that stand for
    missing figures, and are aligned like figures.
    """

    name: str
    columns: Columns
    rows: Iterable[Sequence[CellContent]]
    titles: tuple[str, ...] = ()
    frozen: int = 0
    symbols: frozenset[str] = frozenset()


def write_tables(tables: Sequence[Table], modified: RocDate) -> bytes:
    """Return the tables as an .ods file, dated ``modified``; the same arguments, the same bytes.

    Raises ValueError for a number format that is none of ours.
    """
    styles = _Styles()
    sheets = [_Sheet(table, styles) for table in tables]
    body = "".join("".join(sheet.pieces()) for sheet in sheets)
    filters = "".join(sheet.filter(number) for number, sheet in enumerate(sheets, start=1))
    content = (
        f'{_PROLOG}<office:document-content {_XMLNS} office:version="1.3">'
        f"<office:automatic-styles>{styles.xml()}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}"
        f"<table:database-ranges>{filters}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": MIMETYPE,
        "META-INF/manifest.xml": _MANIFEST,
        "content.xml": content,
        "meta.xml": _metadata_part(modified),
        "settings.xml": _settings_part(sheets),
        "styles.xml": _STYLES,
    }
    target = BytesIO()
    with ZipFile(target, "w") as package:
        for name, text in parts.items():
            part = ZipInfo(name, _EPOCH)
            part.create_system = 3  # Unix, on Windows too: the same bytes
            part.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            package.writestr(part, text)
    return target.getvalue()


class _Sheet:
    """A table as XML."""

    def __init__(self, table: Table, styles: _Styles) -> None:
        self.table = table
        self._styles = styles
        self._links = 0
        self.heading_row = len(table.titles) + 2 if table.titles else 1
        self._last_row = self.heading_row

    def pieces(self) -> Iterator[str]:
        """Yield the XML of the sheet piece by piece; to be read before :meth:`filter` is called."""
        yield f'<table:table table:name={quoteattr(self.table.name)} table:style-name="sheet">'
        for _, width in self.table.columns:
            yield f'<table:table-column table:style-name="{self._styles.column(width)}"/>'
        for title, style_name in zip(self.table.titles, ("title", "purpose"), strict=False):
            yield f"<table:table-row>{_text_cell(title, style_name)}</table:table-row>"
        yield "<table:table-row/>" if self.table.titles else ""
        heads = "".join(_text_cell(heading, "head") for heading, _ in self.table.columns)
        yield "<table:table-header-rows><table:table-row>"
        yield f"{heads}</table:table-row></table:table-header-rows>"
        for row in self.table.rows:
            self._last_row += 1
            yield f"<table:table-row>{''.join(map(self._cell_xml, row))}</table:table-row>"
        yield "</table:table>"

    def filter(self, number: int) -> str:
        """Return the XML of the table's range, with a button to filter each column.

        ``number`` makes its name unique.
        """
        name = "$'{}'".format(self.table.name.replace("'", "''"))
        last = column_letters(len(self.table.columns))
        end = max(self._last_row, self.heading_row + 1)
        area = f"{name}.$A${self.heading_row}:{name}.${last}${end}"
        return (
            f'<table:database-range table:name="table{number}" '
            f'table:target-range-address={quoteattr(area)} table:display-filter-buttons="true"/>'
        )

    def _cell_xml(self, content: CellContent) -> str:
        """Return the XML of a cell: blank, text, link, or number with its style."""
        if content is None or content == "":
            return "<table:table-cell/>"
        if isinstance(content, str):
            style_name = "symbol" if content in self.table.symbols else "text"
            return _text_cell(content, style_name)
        if isinstance(content, Link):
            return self._link(content)
        if isinstance(content, Number):
            exact = content.value
            value = int(exact) if exact.denominator == 1 else float(exact)
            style_name, kind = self._styles.number(content.format)
        else:
            value, style_name, kind = content, "count", "float"
        return (
            f'<table:table-cell table:style-name="{style_name}" office:value-type="{kind}" '
            f'office:value="{safe_string(value)}"/>'
        )

    def _link(self, link: Link) -> str:
        """Return the XML of a link, plain text beyond MAX_SHEET_LINKS."""
        if not link.text:
            return "<table:table-cell/>"
        self._links += 1
        if self._links > MAX_SHEET_LINKS:
            return _text_cell(link.text, "text")
        # Paths lead out of the package, which counts as a folder (ODF 1.3 part 2, 3.7).
        target = quoteattr(f"../{quote(link.path)}")
        anchor = f'<text:a xlink:type="simple" xlink:href={target}>{_text_xml(link.text)}</text:a>'
        return (
            '<table:table-cell table:style-name="link" office:value-type="string">'
            f"<text:p>{anchor}</text:p></table:table-cell>"
        )


def _text_cell(text: str, style_name: str) -> str:
    """Return the XML of a text, cut off at MAX_CELL_CHARS, without characters that XML forbids."""
    shortened = text if len(text) <= MAX_CELL_CHARS else f"{text[:MAX_CELL_CHARS]}…"
    lines = "".join(
        f"<text:p>{_text_xml(line)}</text:p>"
        for line in _INVALID_IN_XML.sub("", shortened).split("\n")
    )
    return (
        f'<table:table-cell table:style-name="{style_name}" office:value-type="string">'
        f"{lines}</table:table-cell>"
    )


def _text_xml(text: str) -> str:
    """Return the XML of a line in which all blanks and tabs are kept."""
    marked = _KEPT_BLANKS.sub(lambda match: "\0" * len(match[0]), text)
    return escape(marked).replace("\0", "<text:s/>").replace("\t", "<text:tab/>")


_SHEET_STYLE: Final = (
    '<style:style style:name="sheet" style:family="table" style:master-page-name="Page">'
    '<style:table-properties table:display="true"/></style:style>'
)


class _Styles:
    """The styles of columns and numbers, each written once."""

    def __init__(self) -> None:
        self._columns: dict[int, str] = {}
        self._numbers: dict[str, tuple[str, str]] = {}
        self._added: list[str] = []

    def column(self, width: int) -> str:
        """Return the name of the style of a column ``width`` characters wide, added if missing."""
        if width not in self._columns:
            self._columns[width] = name = f"co{width}"
            self._added.append(
                f'<style:style style:name="{name}" style:family="table-column">'
                "<style:table-column-properties"
                f' style:column-width="{width * _MM_PER_CHARACTER}mm"/>'
                "</style:style>"
            )
        return self._columns[width]

    def number(self, code: str) -> tuple[str, str]:
        """Return the style of a number with that format, and the type of its value.

        The type is ``float`` or ``percentage``; the style is added if missing.
        """
        if code not in self._numbers:
            name = f"n{len(self._numbers) + 1}"
            kind = "percentage" if "%" in code else "float"
            self._numbers[code] = name, kind
            self._added.append(_number_style(f"N{name}", code))
            self._added.append(_cell_style(name, cell_styles.BODY, "end", f"N{name}"))
        return self._numbers[code]

    def xml(self) -> str:
        """Return the XML of the fixed styles and those added."""
        fixed = (
            _SHEET_STYLE,
            _cell_style("title", cell_styles.TITLE, "start"),
            _cell_style("purpose", cell_styles.PURPOSE, "start"),
            _cell_style("head", cell_styles.HEADING, "center", fill=cell_styles.ACCENT),
            _cell_style("text", cell_styles.BODY, "start"),
            _cell_style("symbol", cell_styles.BODY, "end"),
            _cell_style("count", cell_styles.BODY, "center"),
            _cell_style("link", cell_styles.LINK, "start"),
        )
        return "".join((*fixed, *self._added))


def _cell_style(name: str, font: Font, align: str, number: str = "", fill: str = "") -> str:
    """Return the XML of a cell style.

    ``number`` is the name of a data style, ``fill`` a colour as ARGB; both may be empty.
    """
    data = f' style:data-style-name="{number}"' if number else ""
    background = f' fo:background-color="#{fill[2:].lower()}"' if fill else ""
    weight = ' fo:font-weight="bold" style:font-weight-asian="bold"' if font.bold else ""
    underline = ' style:text-underline-style="solid"' if font.underline else ""
    face = quoteattr(font.name or cell_styles.FACE)
    colour = str(font.color.rgb)[2:].lower() if font.color else "000000"
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{data}>'
        f'<style:table-cell-properties style:vertical-align="middle"{background}/>'
        f'<style:paragraph-properties fo:text-align="{align}"/>'
        f"<style:text-properties fo:font-family={face} style:font-family-asian={face} "
        f'fo:font-size="{font.sz:g}pt" style:font-size-asian="{font.sz:g}pt" '
        f'fo:color="#{colour}"{weight}{underline}/></style:style>'
    )


def _number_style(name: str, code: str) -> str:
    """Return the data style of a format code of ours, with up to three sections.

    They are for numbers above, below and at zero, as in Excel. Raises ValueError for another code.
    """
    *others, last = code.split(";")
    conditions = ("&gt;0", "&lt;0")[: len(others)]
    sections = "".join(
        _section_style(f"{name}P{number}", section_code)
        for number, section_code in enumerate(others, start=1)
    )
    maps = "".join(
        f'<style:map style:condition="value(){condition}"'
        f' style:apply-style-name="{name}P{number}"/>'
        for number, condition in enumerate(conditions, start=1)
    )
    return sections + _section_style(name, last, maps)


_CODE: Final = re.compile(r'([+-]?)(General|#,##0|0)(?:\.(0+))?(%?)(?:"([^"]*)")?')


def _section_style(name: str, code: str, maps: str = "") -> str:
    """Return the data style of one section of a format code.

    Raise ValueError for a foreign code.
    """
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError(f"no format of ours: {code}")
    sign, digits, decimals, percent, suffix = match.groups()
    kind = "percentage" if percent else "number"
    grouping = ' number:grouping="true"' if "," in digits else ""
    places = f' number:decimal-places="{len(decimals or "")}"' if digits != "General" else ""
    number = f'<number:number{places} number:min-integer-digits="1"{grouping}/>'
    affixes = [
        f"<number:text>{escape(text)}</number:text>" if text else ""
        for text in (sign, (percent or "") + (suffix or ""))
    ]
    inner = f"{affixes[0]}{number}{affixes[1]}{maps}"
    return f'<number:{kind}-style style:name="{name}">{inner}</number:{kind}-style>'


def _metadata_part(modified: RocDate) -> str:
    """Return the metadata part, with ``modified`` as the date of creation and last change."""
    day = f"{modified.to_date().isoformat()}T00:00:00"
    return (
        f'{_PROLOG}<office:document-meta {_XMLNS} office:version="1.3"><office:meta>'
        f"<meta:generator>reportgen</meta:generator><meta:creation-date>{day}</meta:creation-date>"
        f"<dc:date>{day}</dc:date></office:meta></office:document-meta>"
    )


def _settings_part(sheets: Sequence[_Sheet]) -> str:
    """Return the settings part, which freezes the headings and the first columns."""

    def item(name: str, kind: str, value: object) -> str:
        """Return the XML of a setting of a type."""
        attributes = f'config:name="{name}" config:type="{kind}"'
        return f"<config:config-item {attributes}>{value}</config:config-item>"

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
        f'{_PROLOG}<office:document-settings {_XMLNS} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        + item("ViewId", "string", "view1")
        + f'<config:config-item-map-named config:name="Tables">{views}'
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


# A4 landscape, fitted to the page width, as in the .xlsx.
_STYLES: Final = (
    f'{_PROLOG}<office:document-styles {_XMLNS} office:version="1.3"><office:automatic-styles>'
    '<style:page-layout style:name="Across"><style:page-layout-properties fo:page-width="297mm" '
    'fo:page-height="210mm" style:print-orientation="landscape" style:scale-to-X="1" '
    'style:scale-to-Y="0" fo:margin="12mm"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Page" style:page-layout-name="Across"/>'
    "</office:master-styles></office:document-styles>"
)

__all__ = ["MIMETYPE", "Table", "write_tables"]
