"""A sheet that is one table: headings in the first row, one kind of content in a column.

openpyxl writes what is round the rows, and this module the rows, to the same bytes as openpyxl
would: of 35,000 rows it took 27 s, for it makes an object of every cell, and looks at its content
and its style anew. What a text or a style becomes is worked out once here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from openpyxl.cell import WriteOnlyCell
from openpyxl.compat import safe_string
from openpyxl.worksheet.hyperlink import Hyperlink

from reportgen.workbook import style
from reportgen.workbook.filling import put_text, storable
from reportgen.workbook.page import print_set_up
from reportgen.workbook.places import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

LONGEST: Final = 32_000  # characters of a cell; Excel ends at 32,767
MOST_LINKS: Final = 60_000  # of a sheet; Excel ends at 65,530


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the format that shows it."""

    value: Fraction
    format: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a file beside the workbook."""

    text: str
    path: str


Cell = str | int | Number | Link | None
Columns = tuple[tuple[str, int], ...]  # headings and widths


def write_table(
    book: Workbook, name: str, columns: Columns, rows: Iterable[Sequence[Cell]], frozen: int = 1
) -> list[bytes]:
    """Add a sheet with its headings; answers with the XML of its other rows, as ``save`` has it."""
    page = book.create_sheet(name)
    looks = _Looks(page)
    letters = [column_letters(number) for number in range(1, len(columns) + 1)]
    for letter, (_, width) in zip(letters, columns, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = f"{column_letters(frozen + 1)}2"
    page.sheet_view.showGridLines = False
    print_set_up(page, "1:1")
    page.append([looks.cell(heading, "head") for heading, _ in columns])
    table = _Table(page, looks, letters)
    written = [table.row(number, row) for number, row in enumerate(rows, start=2)]
    last = f"{letters[-1]}{max(2, len(written) + 1)}"
    page.auto_filter.ref = f"A1:{last}"
    return written


class _Looks:
    """Styles that are worked out once, for openpyxl works them out anew for every cell."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._known: dict[tuple[str, str], int] = {}

    def cell(self, value: str, kind: str, number_format: str = "General") -> Any:
        """A cell of a kind: head, text, number, count or link."""
        cell: Any = WriteOnlyCell(self._page)
        put_text(cell, value)
        cell.font, cell.alignment = _KINDS[kind]
        cell.number_format = number_format
        if kind == "head":
            cell.fill, cell.border = style.HEADING_FILL, style.BOXED
        return cell

    def number(self, kind: str, number_format: str) -> int:
        """The number by which a cell names its style."""
        key = (kind, number_format)
        if key not in self._known:
            self._known[key] = self.cell("", kind, number_format).style_id
        return self._known[key]


_KINDS: Final[dict[str, tuple[Font, Alignment]]] = {
    "head": (style.HEADING, style.HEADING_PLACE),
    "text": (style.BODY, style.ONE_LINE),
    "number": (style.BODY, style.NUMERIC),
    "count": (style.BODY, style.CENTRED),
    "link": (style.LINK, style.ONE_LINE),
}


class _Texts(dict[str, str]):
    """What follows a cell's place where it holds a text, whatever that looks like."""

    def __init__(self, looks: _Looks) -> None:
        super().__init__()
        self._looks = looks

    def __missing__(self, text: str) -> str:
        told = self[text] = f's="{self._looks.number("text", "@")}" {_inline(text)}'
        return told


class _Table:
    """The rows of a sheet as they are written."""

    def __init__(self, page: Any, looks: _Looks, letters: list[str]) -> None:
        self._page = page
        self._looks = looks
        self._letters = letters
        self._texts = _Texts(looks)
        self._links = 0

    def row(self, number: int, row: Sequence[Cell]) -> bytes:
        """A row's XML, in ASCII."""
        cells, texts = [f'<row r="{number}">'], self._texts
        for letter, content in zip(self._letters, row, strict=False):
            if isinstance(content, str):
                if content:
                    cells.append(f'<c r="{letter}{number}" {texts[content]}</c>')
            elif isinstance(content, Link):
                if content.text:
                    place = f"{letter}{number}"
                    cells.append(f'<c r="{place}" {self._link(place, content)}</c>')
            elif content is not None:
                cells.append(f'<c r="{letter}{number}" {self._number(content)}</c>')
        cells.append("</row>")
        return "".join(cells).encode("ascii")

    def _number(self, content: int | Number) -> str:
        value: float
        if isinstance(content, Number):
            of_kind = self._looks.number("number", content.format)
            exact = content.value
            value = int(exact) if exact.denominator == 1 else float(exact)
        else:
            of_kind, value = self._looks.number("count", "General"), content
        return f's="{of_kind}" t="n"><v>{safe_string(value)}</v>'

    def _link(self, place: str, link: Link) -> str:
        linked = self._links < MOST_LINKS
        if linked:
            self._links += 1
            self._page._hyperlinks.append(Hyperlink(ref=place, target=quote(link.path)))
        of_kind = self._looks.number("link", "General" if linked else "@")
        return f's="{of_kind}" {_inline(link.text)}'


def _inline(text: str) -> str:
    stored = storable(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
    if not stored:
        return 't="inlineStr">'
    kept = "" if stored == stored.strip() else ' xml:space="preserve"'
    plain = escape(stored, {"\r": "&#13;"}).encode("ascii", "xmlcharrefreplace").decode("ascii")
    return f't="inlineStr"><is><t{kept}>{plain}</t></is>'


__all__ = ["LONGEST", "MOST_LINKS", "Cell", "Columns", "Link", "Number", "write_table"]
