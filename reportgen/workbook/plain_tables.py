"""A sheet that is one table: headings in the first row, one kind of content in a column.

openpyxl writes what is round the rows, and this module the rows, to the same bytes as openpyxl
would: of 35,000 rows it took 27 s, for it makes an object of every cell, and looks at its content
and its style anew. What a text or a style becomes is worked out once here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from openpyxl.cell import WriteOnlyCell
from openpyxl.compat import safe_string
from openpyxl.worksheet.hyperlink import Hyperlink

from reportgen.workbook import style
from reportgen.workbook.page import print_set_up
from reportgen.workbook.places import column_letters
from reportgen.workbook.writing import storable

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
        cell: Any = WriteOnlyCell(self._page, value)
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


@dataclass(slots=True)
class _Table:
    """The rows of a sheet as they are written."""

    page: Any
    looks: _Looks
    letters: list[str]
    links: int = 0
    texts: dict[str, str] = field(default_factory=dict)  # what each is in XML

    def row(self, number: int, row: Sequence[Cell]) -> bytes:
        """A row's XML, in ASCII."""
        cells = "".join(
            [
                self._cell(f"{letter}{number}", content)
                for letter, content in zip(self.letters, row, strict=False)
                if content is not None and content != ""
            ]
        )
        return f'<row r="{number}">{cells}</row>'.encode("ascii")

    def _cell(self, place: str, content: str | int | Number | Link) -> str:
        look = self.looks.number
        if isinstance(content, str):
            return f'<c r="{place}" s="{look("text", "@")}" {self._text(content)}</c>'
        if isinstance(content, Number):
            value = content.value
            number = int(value) if value.denominator == 1 else float(value)
            told, kind = look("number", content.format), safe_string(number)
            return f'<c r="{place}" s="{told}" t="n"><v>{kind}</v></c>'
        if isinstance(content, int):
            told = look("count", "General")
            return f'<c r="{place}" s="{told}" t="n"><v>{safe_string(content)}</v></c>'
        return self._link(place, content)

    def _link(self, place: str, link: Link) -> str:
        if not link.text:
            return ""
        linked = self.links < MOST_LINKS
        if linked:
            self.links += 1
            self.page._hyperlinks.append(Hyperlink(ref=place, target=quote(link.path)))
        told = self.looks.number("link", "General" if linked else "@")
        return f'<c r="{place}" s="{told}" {self._text(link.text)}</c>'

    def _text(self, text: str) -> str:
        """The rest of a cell's tag and what is in it: text, whatever it looks like."""
        if text not in self.texts:
            self.texts[text] = _inline(text)
        return self.texts[text]


def _inline(text: str) -> str:
    stored = storable(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
    if not stored:
        return 't="inlineStr">'
    kept = "" if stored == stored.strip() else ' xml:space="preserve"'
    plain = escape(stored, {"\r": "&#13;"}).encode("ascii", "xmlcharrefreplace").decode("ascii")
    return f't="inlineStr"><is><t{kept}>{plain}</t></is>'


__all__ = ["LONGEST", "MOST_LINKS", "Cell", "Columns", "Link", "Number", "write_table"]
