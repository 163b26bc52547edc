"""What is wrong with the workbooks that cannot be built, and the problem code that tells it.

A fault of the contents changes one thing in the rows of a workbook without an error; a fault of
the file leaves no workbook, or none that can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.factories.bad.files import CSV, OLE
from tests.factories.workbooks import part, sheet_part, with_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from reportgen.workbook.writing.scorecard_rows import Content, Rows

    Sheets = dict[str, list[dict[str | int, Content]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """``codes``: the errors that a check must tell; none for a workbook that is sound.

    ``in_rows`` changes the rows, given the data year; ``in_file`` the finished workbook;
    ``instead`` is what was handed in in its stead.
    ``beside``: what lies in the folder besides, by the beginning of its name.
    """

    name: str
    codes: tuple[str, ...]
    in_rows: Callable[[Sheets, int, Random], None] | None = None
    in_file: Callable[[bytes], bytes] | None = None
    instead: bytes | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def rows(self, rows: Rows, data_year: int, chance: Random) -> Rows:
        """The rows with the fault in them; the same where it is none of the rows."""
        sheets = {name: [dict(row) for row in lines] for name, lines in rows.items()}
        if self.in_rows is not None:
            self.in_rows(sheets, data_year, chance)
        return sheets

    def file(self, content: bytes) -> bytes:
        """What lies in the folder in the workbook's stead."""
        return content if self.in_file is None else self.in_file(content)


def _basic(name: str, content: Content) -> Callable[[Sheets, int, Random], None]:
    def change(sheets: Sheets, year: int, chance: Random) -> None:
        next(row for row in sheets["基本資料"] if row["項目"] == name)["內容"] = content

    return change


def _figure(content: Content) -> Callable[[Sheets, int, Random], None]:
    """A figure of the data year, in an edition that is final."""

    def change(sheets: Sheets, year: int, chance: Random) -> None:
        _basic("資料狀態", "定稿")(sheets, year, chance)
        for row in sheets["年度資料"]:
            row[year] = "-" if row[year] is None else row[year]
        chance.choice(sheets["年度資料"])[year] = content

    return change


def _unknown_item(sheets: Sheets, year: int, chance: Random) -> None:
    """A name in a formula and in 年度資料 differ by a character."""
    used = [row for row in sheets["年度資料"] if len(str(row["資料項"])) >= 5]
    item = str(chance.choice(used)["資料項"])
    for row in sheets["年度資料"]:
        if row["資料項"] == item:
            row["資料項"] = f"{item[:-1]}總{item[-1]}"


def _code_twice(sheets: Sheets, year: int, chance: Random) -> None:
    sheets["關鍵績效指標"].append(dict(chance.choice(sheets["關鍵績效指標"])))


def _item_twice(sheets: Sheets, year: int, chance: Random) -> None:
    sheets["年度資料"].append(dict(chance.choice(sheets["年度資料"])))


def _unknown_perspective(sheets: Sheets, year: int, chance: Random) -> None:
    sheets["策略目標"][0]["構面"] = "Z"


def _no_target(sheets: Sheets, year: int, chance: Random) -> None:
    code = sheets["關鍵績效指標"][0]["代碼"]
    sheets["目標值"] = [row for row in sheets["目標值"] if row["KPI代碼"] != code]
    sheets["目標值"].append({"KPI代碼": code, year: "越多越好", "依據": ""})


def _no_formula(sheets: Sheets, year: int, chance: Random) -> None:
    chance.choice(sheets["關鍵績效指標"])["計算公式及計量單位"] = None


def _no_sheet(content: bytes) -> bytes:
    """The sheet 策略主題 under a name of the agency's own."""
    name = "xl/workbook.xml"
    return with_parts(
        {name: part(name, content).replace("策略主題".encode(), "主軸".encode())}, content
    )


def _enormous(content: bytes) -> bytes:
    """A million rows, as filling a formula down to the last row leaves them."""
    name = sheet_part("年度資料")
    rows = b"<row><c><v>1</v></c></row>" * 1_000_000
    return with_parts(
        {name: part(name, content).replace(b"</sheetData>", rows + b"</sheetData>")}, content
    )


_PAGE: Final = "<html><body><table><tr><td>機關名稱</td></tr></table></body></html>".encode()
_PASSWORD: Final = OLE + "EncryptedPackage".encode("utf-16-le")

FAULTS: Final = (
    Fault(name="a figure missing", codes=("E102",), in_rows=_figure(None)),
    Fault(name="a figure with its unit", codes=("E112",), in_rows=_figure("17 人")),
    Fault(name="a figure in words", codes=("E111",), in_rows=_figure("約三百")),
    Fault(name="a formula with an unknown item", codes=("E205",), in_rows=_unknown_item),
    Fault(name="no formula", codes=("E101",), in_rows=_no_formula),
    Fault(
        name="a day that does not exist", codes=("E109",), in_rows=_basic("封面日期", "113-02-30")
    ),
    Fault(name="a date of the common era", codes=("E123",), in_rows=_basic("修表日期", "2024/3/1")),
    Fault(name="no date", codes=("E108",), in_rows=_basic("封面日期", "不詳")),
    Fault(name="no name", codes=("E136",), in_rows=_basic("機關名稱", None)),
    Fault(name="a code twice", codes=("E106",), in_rows=_code_twice),
    Fault(name="a figure twice", codes=("E116",), in_rows=_item_twice),
    Fault(name="an unknown perspective", codes=("E107",), in_rows=_unknown_perspective),
    Fault(name="a target that is none", codes=("E127",), in_rows=_no_target),
    Fault(name="a sheet renamed", codes=("E103",), in_file=_no_sheet),
    Fault(
        name="cut off", codes=("E132",), in_file=lambda content: content[: len(content) * 7 // 10]
    ),
    Fault(name="empty", codes=("E130",), instead=b""),
    Fault(name="a CSV", codes=("E130",), instead=CSV.encode("cp950")),
    Fault(name="a web page", codes=("E130",), instead=_PAGE),
    Fault(name="an old .xls", codes=("E130",), instead=OLE),
    Fault(name="a password", codes=("E131",), instead=_PASSWORD),
    Fault(name="enormous", codes=("E133",), in_file=_enormous),
    Fault(name="open in Excel", codes=(), beside={"~$": b"\x05user " + bytes(158)}),
)


def drawn(chance: Random) -> Fault:
    """Any of them."""
    return chance.choice(FAULTS)


__all__ = ["FAULTS", "Fault", "drawn"]
