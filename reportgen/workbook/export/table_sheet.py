"""A sheet that is one table: headings in the first row, one kind of content in a column.

openpyxl writes the sheet, and this module its rows, to the same bytes as openpyxl would.
For 35,000 rows that took 27 s, as openpyxl creates an object for every cell, and examines
its content and its style anew. Here the XML of a text or a style is cached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from openpyxl.cell import WriteOnlyCell
from openpyxl.compat import safe_string
from openpyxl.worksheet.hyperlink import Hyperlink

from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.cell_writer import escape_text, put_text
from reportgen.workbook.writing.page_setup import set_up_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

MAX_CELL_CHARS: Final = 32_000  # characters of a cell; Excel ends at 32,767
MAX_SHEET_LINKS: Final = 60_000  # of a sheet; Excel ends at 65,530


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the format that shows it."""

    value: Fraction
    format: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text that links to a file beside the workbook."""

    text: str
    path: str


CellContent = str | int | Number | Link | None
Columns = tuple[tuple[str, int], ...]  # headings and widths


def write_table(
    book: Workbook,
    name: str,
    columns: Columns,
    rows: Iterable[Sequence[CellContent]],
    frozen: int = 1,
) -> list[bytes]:
    """Add a sheet with its headings; return the XML of its other rows, as ``save`` takes it.

    ``columns`` are headings and widths in characters, ``frozen`` the number of columns that stay
    when the sheet is scrolled. The rows are read once.
    """
    page = book.create_sheet(name)
    styles = _StyleCache(page)
    letters = [column_letters(number) for number in range(1, len(columns) + 1)]
    for letter, (_, width) in zip(letters, columns, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = f"{column_letters(frozen + 1)}2"
    page.sheet_view.showGridLines = False
    set_up_page(page, "1:1")
    page.append([styles.cell(heading, "head") for heading, _ in columns])
    table = _Table(page, styles, letters)
    row_xml = [table.row(number, row) for number, row in enumerate(rows, start=2)]
    last_cell = f"{letters[-1]}{max(2, len(row_xml) + 1)}"
    page.auto_filter.ref = f"A1:{last_cell}"
    return row_xml


class _StyleCache:
    """A cache of styles, which openpyxl would compute anew for every cell.

    Styles are named by a kind of _KINDS and a number format.
    """

    def __init__(self, page: Any) -> None:
        self._page = page
        self._style_ids: dict[tuple[str, str], int] = {}

    def cell(self, value: str, kind: str, number_format: str = "General") -> Any:
        """Return a cell of a kind: head, text, number, count or link."""
        cell: Any = WriteOnlyCell(self._page)
        put_text(cell, value)
        cell.font, cell.alignment = _KINDS[kind]
        cell.number_format = number_format
        if kind == "head":
            cell.fill, cell.border = cell_styles.HEADING_FILL, cell_styles.BOX_BORDER
        return cell

    def number(self, kind: str, number_format: str) -> int:
        """Return the id of the cell style of a kind and number format, added if missing."""
        key = (kind, number_format)
        if key not in self._style_ids:
            self._style_ids[key] = self.cell("", kind, number_format).style_id
        return self._style_ids[key]


_KINDS: Final[dict[str, tuple[Font, Alignment]]] = {
    "head": (cell_styles.HEADING, cell_styles.HEADING_ALIGNMENT),
    "text": (cell_styles.BODY, cell_styles.ONE_LINE),
    "number": (cell_styles.BODY, cell_styles.NUMERIC),
    "count": (cell_styles.BODY, cell_styles.CENTRED),
    "link": (cell_styles.LINK, cell_styles.ONE_LINE),
}


class _Texts(dict[str, str]):
    """The XML of text cells after their reference, cached by text."""

    def __init__(self, styles: _StyleCache) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, text: str) -> str:
        cell_xml = self[text] = f's="{self._styles.number("text", "@")}" {_inline_string_xml(text)}'
        return cell_xml


class _Table:
    """The rows of a sheet as XML."""

    def __init__(self, page: Any, styles: _StyleCache, letters: list[str]) -> None:
        self._page = page
        self._styles = styles
        self._letters = letters
        self._texts = _Texts(styles)
        self._links = 0

    def row(self, number: int, row: Sequence[CellContent]) -> bytes:
        """Return the XML of the row ``number`` (from 1), in ASCII; blank cells are left out.

        Links are registered with the sheet.
        """
        cells, texts = [f'<row r="{number}">'], self._texts
        for letter, content in zip(self._letters, row, strict=False):
            if isinstance(content, str):
                if content:
                    cells.append(f'<c r="{letter}{number}" {texts[content]}</c>')
            elif isinstance(content, Link):
                if content.text:
                    cell_ref = f"{letter}{number}"
                    cells.append(f'<c r="{cell_ref}" {self._link_xml(cell_ref, content)}</c>')
            elif content is not None:
                cells.append(f'<c r="{letter}{number}" {self._number_xml(content)}</c>')
        cells.append("</row>")
        return "".join(cells).encode("ascii")

    def _number_xml(self, content: int | Number) -> str:
        """Return the attributes and value of a number's cell, as XML that follows its reference."""
        value: float
        if isinstance(content, Number):
            style_id = self._styles.number("number", content.format)
            exact = content.value
            value = int(exact) if exact.denominator == 1 else float(exact)
        else:
            style_id, value = self._styles.number("count", "General"), content
        return f's="{style_id}" t="n"><v>{safe_string(value)}</v>'

    def _link_xml(self, cell_ref: str, link: Link) -> str:
        """Return the XML that follows the reference of a link's cell, and register the link.

        Beyond MAX_SHEET_LINKS it is a plain text.
        """
        is_linked = self._links < MAX_SHEET_LINKS
        if is_linked:
            self._links += 1
            self._page._hyperlinks.append(Hyperlink(ref=cell_ref, target=quote(link.path)))
        style_id = self._styles.number("link", "General" if is_linked else "@")
        return f's="{style_id}" {_inline_string_xml(link.text)}'


def _inline_string_xml(text: str) -> str:
    """Return the XML of an inline string; beyond MAX_CELL_CHARS the text ends with ``…``."""
    stored = escape_text(text if len(text) <= MAX_CELL_CHARS else f"{text[:MAX_CELL_CHARS]}…")
    if not stored:
        return 't="inlineStr">'
    space_attribute = "" if stored == stored.strip() else ' xml:space="preserve"'
    escaped = escape(stored, {"\r": "&#13;"}).encode("ascii", "xmlcharrefreplace").decode("ascii")
    return f't="inlineStr"><is><t{space_attribute}>{escaped}</t></is>'


__all__ = [
    "MAX_CELL_CHARS",
    "MAX_SHEET_LINKS",
    "CellContent",
    "Columns",
    "Link",
    "Number",
    "write_table",
]
