"""Mutations by chance: from a random generator to a workbook. ``steps`` says what was done."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED

from reportgen.workbook.schema.cell_refs import cell_name
from tests.factories.bad.editing import Book, Sheet, bare, packed

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

READ: Final = (
    "基本資料",
    "構面",
    "策略主題",
    "策略目標",
    "關鍵績效指標",
    "年度資料",
    "目標值",
    "燈號",
    "勾稽規則",
    "經營核心價值",
    "修表紀錄",
)
HEADING: Final = 4  # the sample's row of headings

# --- contents -----------------------------------------------------------------------

_WORDS: Final = (
    "", " ", "-", "--", "…", "－", "無", "N/A", "17", "１７", "1,234", "12.5%", "(50)", "17 人",
    "1E+5", "=A1", "#REF!", "NaN", "inf", "105-12-25", "105年2月30日", "2016/1/1", "1051225", "C",
    "ｃ", "A、B", "共同", "合計", "註：x", "≥90%", "80~90", "~", "定稿", "越低越好", "<b>",
    "{{ 1/0 }}", "{% raw %}", "a/b×100%(單位：%)", "當年度優質學校獲獎校數", "1/0", "((((((((((",
    "×" * 50, "甲" * 5_000, "9**9**9", "\u202e", "\u200b", "\ufeff", "\ue000", "𠮷",
    "葛\U000e0100", "😀", "e\u0301", "_x0000_", "_xD842_", "_x000D_", "_x005F_x000D_", "\ufffd",
    "\uf92a", "\n\n", "\t", "'", '"', "\\", "\x85", "\u2028", "105年", "民國105年", "2016", "0",
    "-0", "1" * 60, "0." + "1" * 60, "١٢٣", "²", "Ⅳ", "½", "㎡",
)  # fmt: skip
_FORMATS: Final = (
    "General", "0", "0.00", "#,##0", "0%", "0.0%", "yyyy/m/d", "h:mm", "[h]:mm:ss", "@", "000",
    "#,##0,", "0!.0,", ";;;", '0"人"', '"x"', "[>9]0;0.0", "[DBNum1]0", "# ?/?", "0.00E+00",
    "_-* #,##0_-", "[", '"', "[$-404]e/m/d", "?", ".", ",", "%", "0.0.0", "\\", "*", "_", "[Red]",
    "e", "General;-General;", "0,0,,%",
)  # fmt: skip
_NUMBERS: Final = (
    "0", "-1", "1", "17", "0.1", "1E+15", "1E+16", "1E+308", "1E-308", "1E+999", "-0", "42729",
    "2958466", "105", "0.30000000000000004", "123456789012345678", "NaN", "INF", "", " ", "1.",
    ".5", "1e", "x",
)  # fmt: skip


def _text(chance: Random) -> str:
    if chance.random() < 0.6:
        return chance.choice(_WORDS)
    alphabets = (
        string.printable,
        "".join(_WORDS),
        "".join(chr(chance.randrange(0x20, 0x3000)) for _ in range(20)),
        "".join(chr(chance.choice((0x1F600, 0x20000, 0xE0000, 0xF0000)) + n) for n in range(40)),
    )
    alphabet = chance.choice(alphabets)
    text = "".join(chance.choice(alphabet) for _ in range(chance.randrange(40)))
    return "".join(each for each in text if _is_xml(ord(each)))


def _is_xml(code: int) -> bool:
    return code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF


def _put(chance: Random, book: Book, page: Sheet, name: str) -> str:
    """Any content of any type in a cell."""
    style = {"s": book.format(chance.choice(_FORMATS))} if chance.random() < 0.4 else {}
    kind = chance.choice(("text", "text", "number", "number", "typed", "shared", "none", "formula"))
    if kind == "text":
        text = _text(chance)
        inner = text if text[:1] not in {"<", "=", "#"} else f"　{text}"
        page.put(name, inner or None, **style)
        return f"{name}={text!r} {style}"
    number = chance.choice(_NUMBERS)
    if kind == "number":
        page.put(name, f"<v>{number}</v>", **style)
    elif kind == "typed":
        kind = chance.choice(("b", "e", "d", "str", "n", "inlineStr", "s", "x"))
        page.put(name, f"<v>{number}</v>", t=kind, **style)
    elif kind == "shared":
        text = _text(chance).replace("&", "").replace("<", "")
        form = chance.choice(
            ("<t>{0}</t>", "<r><t>{0}</t></r><r><t/></r>", "<rPh><t>{0}</t></rPh>")
        )
        page.put(name, book.string(form.format(text)), t="s", **style)
    elif kind == "formula":
        formula = chance.choice(("1+1", "[1]A!B1", "", "A1", '"x"'))
        value = chance.choice((f"<v>{number}</v>", "", "<v/>"))
        page.put(name, f"<f>{formula}</f>{value}", **style)
    else:
        page.put(name, None)
    return f"{name}: {kind} {number} {style}"


def content(chance: Random, steps: list[str]) -> bytes:
    """One to three cells get other contents."""
    book = Book(bare())
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        sheet = chance.choice(READ)
        page = book.sheet(sheet)
        places = sorted(place for place in page.cells if place[0] >= HEADING)
        row, column = chance.choice(places)
        if chance.random() < 0.1:
            row, column = row + chance.randrange(3), column + chance.randrange(3)
        steps.append(f"{sheet}!{_put(chance, book, page, cell_name(row, column))}")
    return book.content()


# --- structure ----------------------------------------------------------------------


def _insert_rows(chance: Random, page: Sheet) -> str:
    at, count = chance.randrange(1, 40), chance.randrange(1, 4)
    page.insert_rows(at, count)
    return f"insert {count} rows at {at}"


def _insert_columns(chance: Random, page: Sheet) -> str:
    at, count = chance.randrange(1, 10), chance.randrange(1, 3)
    page.insert_columns(at, count)
    return f"insert {count} columns at {at}"


def _delete_column(chance: Random, page: Sheet) -> str:
    at = chance.randrange(1, 9)
    page.delete_columns(at)
    return f"delete column {at}"


def _delete_row(chance: Random, page: Sheet) -> str:
    at = chance.randrange(1, 38)
    page.delete_rows(at)
    return f"delete row {at}"


def _shuffle_rows(chance: Random, page: Sheet) -> str:
    if any(each.bottom > each.top for each in page.merged):
        return "nothing: Excel sorts no merged cells"
    rows = sorted({row for row, _ in page.cells if row > HEADING})
    shuffled = chance.sample(rows, len(rows))
    above = {n: n for n in range(1, HEADING + 1)}
    page.move(rows=above | dict(zip(rows, shuffled, strict=True)))
    return f"rows in the order {shuffled}"


def _shuffle_columns(chance: Random, page: Sheet) -> str:
    if any(each.right > each.left for each in page.merged):
        return "nothing: Excel moves no part of a merged cell"
    columns = sorted({column for _, column in page.cells})
    shuffled = chance.sample(columns, len(columns))
    page.move(columns=dict(zip(columns, shuffled, strict=True)))
    return f"columns in the order {shuffled}"


def _merge(chance: Random, page: Sheet) -> str:
    row, column = chance.randrange(1, 30), chance.randrange(1, 9)
    last = row + chance.choice((0, 0, 1, 2, 3)), column + chance.choice((0, 0, 1, 2))
    reference = f"{cell_name(row, column)}:{cell_name(*last)}"
    page.merge(reference)
    return f"merge {reference}"


def _copy_row(chance: Random, page: Sheet) -> str:
    source, target = chance.randrange(4, 37), chance.randrange(5, 45)
    page.copy_row(source, target)
    return f"copy row {source} to {target}"


def _blank(chance: Random, page: Sheet) -> str:
    row, column = chance.choice(sorted(place for place in page.cells if place[0] == HEADING))
    page.put(cell_name(row, column), None)
    return f"blank the heading {cell_name(row, column)}"


def _hide(chance: Random, page: Sheet) -> str:
    row = chance.randrange(1, 37)
    page.look(row, hidden="1")
    return f"hide row {row}"


def _remark(chance: Random, page: Sheet) -> str:
    name = cell_name(chance.randrange(1, 45), chance.randrange(9, 14))
    page.put(name, chance.choice(("註", 105, "合計", "=SUM(A1:A9)", "資料項", 99)))
    return f"a remark in {name}"


def _heading_spaces(chance: Random, page: Sheet) -> str:
    row, column = chance.choice(sorted(place for place in page.cells if place[0] == HEADING))
    name = cell_name(row, column)
    text = "".join(map(str, page.cells[row, column].itertext()))
    page.put(name, chance.choice((" {0} ", "{0}\n", "\u3000{0}", "{0}\u200b")).format(text))
    return f"spaces around the heading {name}"


_OF_PAGES: Final[tuple[Callable[[Random, Sheet], str], ...]] = (
    _insert_rows, _insert_rows, _insert_columns, _insert_columns, _delete_column, _shuffle_rows,
    _shuffle_rows, _shuffle_columns, _shuffle_columns, _merge, _merge, _merge, _copy_row, _blank,
    _hide, _remark, _heading_spaces,
)  # fmt: skip


def _of_book(chance: Random, book: Book) -> str:
    """Sheets in another order, renamed, hidden, copied."""
    name = chance.choice(READ)
    if name not in book.names():
        return "nothing"
    what = chance.choice(("order", "space", "width", "hide", "copy", "rename"))
    if what == "order":
        book.sheets[:] = chance.sample(list(book.sheets), len(book.sheets))
    elif what == "space":
        book.declaration(name).set(
            "name", chance.choice((f"{name} ", f" {name}", f"{name[0]} {name[1:]}"))
        )
    elif what == "hide":
        book.declaration(name).set("state", chance.choice(("hidden", "veryHidden")))
    elif what == "copy":
        book.add_sheet(
            f"{name}{chance.choice((' (2)', ' ', '2', '複本'))}", book.parts[book.part(name)]
        )
    elif what == "rename":
        book.declaration(name).set("name", f"{name}表")
    return f"{what} {name}"


def structure(chance: Random, steps: list[str]) -> bytes:
    """One to four changes of rows, columns, areas or sheets; no figure is typed anew."""
    book = Book(bare())
    pages = [(name, book.sheet(name)) for name in chance.sample(READ, chance.choice((1, 1, 2)))]
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        if chance.random() < 0.15:
            steps.append(_of_book(chance, book))
            continue
        name, page = chance.choice(pages)
        if any(row == HEADING for row, _ in page.cells):
            steps.append(f"{name}: {chance.choice(_OF_PAGES)(chance, page)}")
    content = {name: page.content() for name, page in pages}
    return _with_pages(book, content)


def _with_pages(book: Book, content: dict[str, bytes]) -> bytes:
    """Renamed or not, the pages that were taken before hold what was made of them."""
    book._sheets.clear()
    for name, page in content.items():
        book.parts[_PARTS[name]] = page
    return book.content()


_PARTS: Final = {name: Book().part(name) for name in READ}

# --- XML ----------------------------------------------------------------------------

TYPED: Final = "as if typed"
_PIECE: Final = re.compile(rb"<[^<>]*>|[^<>]+")
_ODD: Final = (
    b"<c/>", b"<row/>", b"&amp;", b"&#x0;", b"&#xD800;", b"]]>", b"<![CDATA[x]]>", b"<!-- -->",
    b"<?x?>", b"<c r='A1'/>", b"<c t='s'><v>9</v></c>", b"\xff\xfe", b"\x00",
    b"<f/>", b"<x:y/>", b"<mergeCell ref='A1:A3'/>", b"<mergeCell ref='A1'/>",
    b"<dimension ref='A1:XFD1048576'/>",
)  # fmt: skip


def xml(chance: Random, steps: list[str]) -> bytes:
    """A piece of a part's XML is lost, doubled, moved or replaced."""
    parts = dict(Book(bare()).parts)
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice([each for each in parts if each.endswith((".xml", ".rels"))])
        pieces = _PIECE.findall(parts[name])
        if not pieces:
            continue
        at = chance.randrange(len(pieces))
        what = chance.choice(("lose", "double", "swap", "odd", "attribute", "part"))
        steps.append(f"{what} {at} of {name}: {pieces[at][:60]!r}")
        if what in {"lose", "double", "swap"} and pieces[at][:1] != b"<":
            steps.append(TYPED)  # a text or a number has changed, and none can tell
        if what == "lose":
            del pieces[at]
        elif what == "double":
            pieces.insert(at, pieces[at])
        elif what == "swap":
            other = chance.randrange(len(pieces))
            steps.append(TYPED if pieces[other][:1] != b"<" else "")
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif what == "odd":
            pieces.insert(at, chance.choice(_ODD))
        elif what == "attribute":
            pieces[at] = re.sub(
                rb'"[^"]*"', b'"%d"' % chance.choice((0, -1, 7, 10**9)), pieces[at], count=1
            )
        else:
            del parts[name]
            continue
        parts[name] = b"".join(pieces)
    return packed(parts)


# --- bytes --------------------------------------------------------------------------

_PACKED: Final = packed(Book(bare()).parts, ZIP_DEFLATED)


def bits(chance: Random, steps: list[str]) -> bytes:
    """Some bits, or a run of bytes, are other ones; the file may be cut, or doubled."""
    content = bytearray(_PACKED)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        what = chance.choice(("bit", "bit", "bit", "byte", "run", "lose", "cut"))
        at = chance.randrange(len(content))
        if chance.random() < 0.3:  # the directory, where the names are
            at = max(0, len(content) - chance.randrange(1, 2_500))
        steps.append(f"{what} at {at}")
        if what == "bit":
            content[at] ^= 1 << chance.randrange(8)
        elif what == "byte":
            content[at] = chance.randrange(256)
        elif what == "run":
            content[at : at + 40] = chance.randbytes(40)
        elif what == "lose":
            del content[at : at + chance.randrange(1, 40)]
        elif chance.random() < 0.2:
            del content[at:]
        if not content:
            break
    return bytes(content)


MUTATIONS: Final[dict[str, Callable[[Random, list[str]], bytes]]] = {
    "content": content,
    "structure": structure,
    "xml": xml,
    "bytes": bits,
}
