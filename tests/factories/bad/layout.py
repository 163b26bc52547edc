"""What staff do to sheets, rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories.bad import case
from tests.factories.bad.editing import MAIN, Book, Sheet, edited, on

if TYPE_CHECKING:
    from collections.abc import Callable

DATA, KPIS, GOALS = "年度資料", "關鍵績效指標", "策略目標"


def _rename(old: str, new: str) -> Callable[[], bytes]:
    return edited(lambda book: book.declaration(old).set("name", new))


def _state(name: str, state: str) -> Callable[[], bytes]:
    return edited(lambda book: book.declaration(name).set("state", state))


def _copy(name: str, new: str) -> Callable[[], bytes]:
    return edited(lambda book: book.add_sheet(new, book.parts[book.part(name)]))


def _reverse_sheets(book: Book) -> None:
    book.sheets[:] = list(reversed(book.sheets))


def _reverse_columns(page: Sheet) -> None:
    page.move(columns={n: 9 - n for n in range(1, 9)})


def _reverse_rows(page: Sheet) -> None:
    rows = {n: 41 - n for n in range(5, 37)}
    page.move(rows=rows | {n: n for n in range(1, 5)})


def _spread(page: Sheet) -> None:
    """A blank row between all rows of data."""
    page.move(rows={n: n if n < 5 else 2 * n - 5 for n in range(1, 37)})


def _two_headings(page: Sheet) -> None:
    """年度 above the years, the other headings merged beside it."""
    page.insert_rows(5)
    for column in "DEF":
        year = page.cells.pop((4, ord(column) - 64))
        page.cells[5, ord(column) - 64] = year
    page.put("D4", "年度")
    page.merge("D4:F4", *(f"{column}4:{column}5" for column in "ABCGH"))


def _group_above(page: Sheet) -> None:
    """A heading of the years in a row of its own above all headings."""
    page.put("D3", "年度實績")
    page.merge("D3:F3")


def _title_merged(page: Sheet) -> None:
    page.merge("A1:H1", "A2:H2")


def _names_merged(page: Sheet) -> None:
    page.merge(*(f"A{n}:A{n + 2}" for n in range(13, 37, 3)))


def _headings_again(page: Sheet) -> None:
    page.insert_rows(20)
    page.copy_row(4, 20)


def _repeat_years(page: Sheet) -> None:
    page.insert_columns(7, 1)
    page.put("G4", 105)
    page.put("G5", 99)


def _western(page: Sheet) -> None:
    for column, year in zip("DEF", (2014, 2015, 2016), strict=True):
        page.put(f"{column}4", year)


def _own_columns(page: Sheet) -> None:
    page.insert_columns(3)
    page.put("C4", "承辦人")
    page.put("C5", "王小明")


def _table(page: Sheet) -> None:
    page.add('<tableParts count="1"><tablePart r:id="table1"/></tableParts>', "headerFooter")


def _as_table(book: Book) -> None:
    """Insert → Table over 年度資料, with its line of totals."""
    page = book.sheet(DATA)
    page.put("A37", "合計")
    page.put("F37", "<f>SUBTOTAL(109,表格1[105])</f><v>640</v>")
    _table(page)
    columns = "".join(
        f'<tableColumn id="{n}" name="{name}"/>'
        for n, name in enumerate(
            ("資料項", "組成", "單位", "103", "104", "105", "資料來源", "備註"), 1
        )
    )
    book.parts["xl/tables/table1.xml"] = (
        f'<table xmlns="{MAIN}" id="1" name="表格1" displayName="表格1" ref="A4:H37"'
        ' totalsRowCount="1"><autoFilter ref="A4:H36"/>'
        f'<tableColumns count="8">{columns}</tableColumns></table>'
    ).encode()
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"
    name = book.part(DATA).replace("worksheets/", "worksheets/_rels/") + ".rels"
    book.parts[name] = (
        f'<Relationships xmlns="{relations}"><Relationship Id="table1" Type="{kind}"'
        ' Target="/xl/tables/table1.xml"/></Relationships>'
    ).encode()
    told = (
        b'<Override PartName="/xl/tables/table1.xml" ContentType="application/vnd.openxml'
        b'formats-officedocument.spreadsheetml.table+xml"/></Types>'
    )
    kinds = book.parts["[Content_Types].xml"]
    book.parts["[Content_Types].xml"] = kinds.replace(b"</Types>", told)


def _filtered(page: Sheet) -> None:
    page.add(
        '<autoFilter ref="A4:H36"><filterColumn colId="2"><filters><filter val="元"/></filters>'
        "</filterColumn></autoFilter>",
        "sheetProtection",
    )
    for row in range(5, 13):
        page.look(row, hidden="1")


def _totals(page: Sheet) -> None:
    page.put("A37", "合計")
    for column in "DEF":
        page.put(f"{column}37", f"<f>SUM({column}5:{column}36)</f><v>640</v>")


def _weights(page: Sheet) -> None:
    page.put("A15", "合計")
    page.put("G15", "<f>SUM(G5:G13)</f><v>100</v>")


def _signatures(page: Sheet) -> None:
    page.put("A18", "承辦人：")
    page.put("C18", "單位主管：")


def _component_total(page: Sheet) -> None:
    page.insert_rows(16)
    page.copy_row(13, 16)
    page.put("B16", "合計")


def _second_table(page: Sheet) -> None:
    page.put("K4", "資料項")
    page.put("K5", "別的")


def _own_item(page: Sheet) -> None:
    page.put("A15", "電話")
    page.put("B15", "2861-6942")


def _many_rows(page: Sheet) -> None:
    for row in range(40, 6_041):
        page.put(f"A{row}", f"數{row}")


def _far_down(page: Sheet) -> None:
    page.move(rows={n: n if n != 14 else 900 for n in range(1, 15)})


CASES = (
    case("sheets in another order", edited(_reverse_sheets)),
    case("a sheet named with a space behind", _rename(DATA, "年度資料 ")),
    case("a sheet named in full width", _rename("目標值", "目　標　值")),
    case("a sheet renamed", _rename(DATA, "年度資料表"), "N151 年度資料表", "E103 年度資料"),
    case("a sheet named otherwise", _rename(DATA, "Sheet1"), "N151 Sheet1", "E103 年度資料"),
    case(
        "an optional sheet renamed",
        _rename("目標值", "目標"),
        "N151 目標",
        "N157 目標值",
        alters=True,
    ),
    case("a sheet and its copy", _copy(DATA, "年度資料 (2)"), "N151 年度資料 (2)"),
    case("a sheet twice but for a space", _copy(DATA, "年度資料\u3000"), "E141 年度資料\u3000"),
    case("two sheets of one name", _copy(DATA, DATA), "E132"),
    case("a sheet of their own", _copy("構面", "會議紀錄"), "N151 會議紀錄"),
    case("a hidden sheet", _state("構面", "hidden"), "N153 構面"),
    case("a sheet hidden for good", _state(DATA, "veryHidden"), "N153 年度資料"),
    case("a row inserted above all", on(DATA, lambda page: page.insert_rows(1))),
    case("three rows between headings and data", on(DATA, lambda page: page.insert_rows(5, 3))),
    case("blank rows between all rows", on(DATA, _spread)),
    case("a column inserted before all", on(DATA, lambda page: page.insert_columns(1))),
    case("a column of their own between", on(DATA, _own_columns), "N152 年度資料!C4"),
    case("columns in another order", on(DATA, _reverse_columns)),
    case("rows in another order", on(DATA, _reverse_rows)),
    case("the title merged", on(DATA, _title_merged)),
    case("names merged over their components", on(DATA, _names_merged)),
    case("headings in two rows", on(DATA, _two_headings)),
    case("a heading above the headings", on(DATA, _group_above)),
    case("headings repeated for print", on(DATA, _headings_again), "N140 年度資料!A20"),
    case(
        "headings of themes repeated",
        on("策略主題", lambda page: page.copy_row(4, 7)),
        "N140 策略主題!A7",
    ),
    case(
        "years merged",
        on(DATA, lambda page: page.merge("D5:F5")),
        "E140 年度資料!E5",
        "E140 年度資料!F5",
    ),
    case(
        "figures merged downwards",
        on(DATA, lambda page: page.merge("F13:F15")),
        "E140 年度資料!F14",
        "E140 年度資料!F15",
    ),
    case(
        "two codes merged",
        on(GOALS, lambda page: page.merge("A5:A6")),
        "E140 策略目標!A6",
        "E107 關鍵績效指標!B6",
    ),
    case("two names merged across", on("構面", lambda page: page.merge("B5:C5")), "E101 構面!C5"),
    case("perspectives merged", on(GOALS, lambda page: page.merge("B7:B12"))),
    case("objectives merged", on(KPIS, lambda page: page.merge("B11:B12"))),
    case(
        "a target merged with the next",
        on("目標值", lambda page: page.merge("D5:D6")),
        "E140 目標值!D6",
    ),
    case(
        "a target merged with its year",
        on("目標值", lambda page: page.merge("D4:D5")),
        "E140 目標值!D5",
    ),
    case("an area of blanks merged", on(DATA, lambda page: page.merge("J5:K9"))),
    case("overlapping merged areas", on(DATA, lambda page: page.merge("J5:K9", "K9:L10"))),
    case(
        "a heading with a line break", on(KPIS, lambda page: page.put("D4", "計算公式\n及計量單位"))
    ),
    case("a heading with spaces", on(DATA, lambda page: page.put("A4", " 資　料　項 "))),
    case(
        "a heading as rich text",
        on(
            DATA,
            lambda page: page.put(
                "A4", "<is><r><t>資料</t></r><r><rPr><b/></rPr><t>項</t></r></is>", t="inlineStr"
            ),
        ),
    ),
    case(
        "a heading in other words",
        on(DATA, lambda page: page.put("A4", "項目名稱")),
        "E104 年度資料!B4",
        "N152 年度資料!A4",
    ),
    case(
        "a heading deleted",
        on(DATA, lambda page: page.put("E4", None)),
        "N139 年度資料!E5",
        "W145 年度資料!A4",
        alters=True,
    ),
    case(
        "the data year's heading deleted",
        on(DATA, lambda page: page.put("F4", None)),
        "N139 年度資料!F5",
        "E104 年度資料!A4",
    ),
    case(
        "the row of headings deleted",
        on(DATA, lambda page: page.delete_rows(4)),
        "E104 年度資料!A1",
        "E104 年度資料!A1",
        "N152 年度資料!A1",
    ),
    case(
        "a heading that is a formula",
        on(DATA, lambda page: page.put("E4", "<f>D4+1</f><v>104</v>")),
    ),
    case(
        "a heading that nobody calculated",
        on(DATA, lambda page: page.put("E4", "=D4+1")),
        "E114 年度資料!E4",
        "N139 年度資料!E5",
        "W145 年度資料!A4",
    ),
    case(
        "a heading that is an error",
        on(DATA, lambda page: page.put("E4", "#REF!")),
        "E115 年度資料!E4",
        "N152 年度資料!E4",
        "W145 年度資料!A4",
    ),
    case("years as 105年度", on(DATA, lambda page: page.put("F4", "105年度"))),
    case("years in full width", on(DATA, lambda page: page.put("F4", "１０５"))),
    case(
        "years of the common era",
        on(DATA, _western),
        "E139 年度資料!D4",
        "E139 年度資料!E4",
        "E139 年度資料!F4",
        "E104 年度資料!A4",
    ),
    case(
        "one year of the common era",
        on(DATA, lambda page: page.put("D4", "2014年")),
        "E139 年度資料!D4",
    ),
    case(
        "a year of the common era beside",
        on(DATA, lambda page: page.put("I4", 2016)),
        "N152 年度資料!I4",
    ),
    case("a year twice", on(DATA, _repeat_years), "E105 年度資料!G4"),
    case(
        "a year with a remark",
        on(DATA, lambda page: page.put("D4", "103年決算")),
        "N152 年度資料!D4",
        alters=True,
    ),
    case(
        "a year of targets deleted", on("目標值", lambda page: page.delete_columns(2)), alters=True
    ),
    case("a table of Excel with totals", edited(_as_table), "W226 年度資料!A37"),
    case("a filter that hides rows", on(DATA, _filtered), "N153 年度資料!A5"),
    case("a hidden row", on(GOALS, lambda page: page.look(6, hidden="1")), "N153 策略目標!A6"),
    case(
        "a hidden column",
        on(DATA, lambda page: page.columns('<col min="2" max="2" width="9" hidden="1"/>')),
        "N153 年度資料!B4",
    ),
    case(
        "a column of no width",
        on(DATA, lambda page: page.columns('<col min="5" max="5" width="0" customWidth="1"/>')),
        "N153 年度資料!E4",
    ),
    case(
        "a row of no height",
        on(DATA, lambda page: page.look(6, ht="0", customHeight="1")),
        "N153 年度資料!A6",
    ),
    case(
        "all unused columns hidden",
        on(DATA, lambda page: page.columns('<col min="9" max="16384" width="9" hidden="1"/>')),
    ),
    case("totals below the figures", on(DATA, _totals), "W226 年度資料!A37"),
    case("totals of the weights", on(KPIS, _weights), "N140 關鍵績效指標!A15"),
    case(
        "a total among the components",
        on(DATA, _component_total),
        "E207 勾稽規則!A5",
        "E207 勾稽規則!A5",
        "W227 年度資料!B16",
    ),
    case(
        "a remark below the table",
        on(GOALS, lambda page: page.put("A16", "註：AP1 與 AP2 僅列於策略地圖。")),
        "N140 策略目標!A16",
    ),
    case(
        "a remark below the figures",
        on(DATA, lambda page: page.put("A38", "※ 數字為範例")),
        "N140 年度資料!A38",
    ),
    case(
        "a remark beside the table",
        on(DATA, lambda page: page.put("J7", "103 年新增")),
        "N139 年度資料!J7",
    ),
    case(
        "signatures below the table",
        on(GOALS, _signatures),
        "E101 策略目標!D18",
        "E101 策略目標!B18",
        "E107 策略目標!C18",
    ),
    case(
        "a second table beside",
        on(DATA, _second_table),
        "E105 年度資料!K4",
    ),
    case("the last row far below", on(GOALS, _far_down)),
    case(
        "a row deleted that others need",
        on("構面", lambda page: page.delete_rows(6)),
        "E107 策略目標!B7",
        "E107 策略目標!B8",
        "E107 策略目標!B9",
        "E107 策略目標!B10",
        "E107 策略目標!B11",
        "E107 策略目標!B12",
    ),
    case(
        "a figure deleted that a formula needs",
        on(DATA, lambda page: page.delete_rows(11)),
        "E205 關鍵績效指標!D10",
        "E205 勾稽規則!A7",
        alters=True,
    ),
    case(
        "a component deleted",
        on(DATA, lambda page: page.delete_rows(14)),
        "E206 關鍵績效指標!D11",
        "E207 勾稽規則!A5",
        "E207 勾稽規則!A5",
        alters=True,
    ),
    case("all rows deleted", on(KPIS, lambda page: page.delete_rows(5, 9)), "E121 關鍵績效指標!A5"),
    case("a blank row with spaces", on(GOALS, lambda page: page.put("A20", "  "))),
    case(
        "an item of their own",
        on("基本資料", _own_item),
        "N141 基本資料!A15",
    ),
    case(
        "an item renamed",
        on("基本資料", lambda page: page.put("A14", "每頁目標")),
        "N141 基本資料!A14",
    ),
    case(
        "columns of items exchanged",
        on("基本資料", lambda page: page.move(columns={1: 2, 2: 1, 3: 3})),
    ),
    case(
        "6,000 rows",
        on(DATA, _many_rows),
        "E129 年度資料!A5008",
    ),
)
