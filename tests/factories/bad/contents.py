"""What gets into a cell: typed, pasted, made of it by Excel, WPS, LibreOffice or Google."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories.bad import case
from tests.factories.bad.editing import Book, cell, edited

if TYPE_CHECKING:
    from collections.abc import Callable

DATA, KPIS, GOALS, BASICS = "年度資料", "關鍵績效指標", "策略目標", "基本資料"
SHEET_1904 = 41267  # 2016-12-25 of a workbook that counts from 1904


def shown(sheet: str, name: str, content: object, code: str) -> Callable[[], bytes]:
    """A cell in a number format."""
    return edited(lambda book: book.sheet(sheet).put(name, content, s=book.format(code)))


def shared(sheet: str, name: str, inner: str) -> Callable[[], bytes]:
    """A cell whose text is a shared string."""
    return edited(lambda book: book.sheet(sheet).put(name, book.string(inner), t="s"))


def figure(content: object, **attributes: str) -> Callable[[], bytes]:
    """The figure of 當年度優質學校獲獎校數 in the data year, which is 17."""
    return cell(DATA, "F10", content, **attributes)


def look(content: object, code: str) -> Callable[[], bytes]:
    return shown(DATA, "F10", content, code)


def final(content: object) -> Callable[[], bytes]:
    """The same in a final edition."""

    def change(book: Book) -> None:
        book.sheet(BASICS).put("B10", "定稿")
        book.sheet(DATA).put("F10", content)

    return edited(change)


def _1904(book: Book) -> None:
    properties = book.workbook[0]
    properties.set("date1904", "1")
    book.sheet(BASICS).put("B8", SHEET_1904, s=book.format("yyyy-mm-dd"))


def _manual(book: Book) -> None:
    calculation = book.workbook.find("{*}calcPr")
    assert calculation is not None
    calculation.set("calcMode", "manual")
    book.sheet(DATA).put("F10", "<f>10+7</f><v>17</v>")


def _text_column(book: Book) -> None:
    page = book.sheet(DATA)
    style = book.format("@")
    for row in range(5, 13):
        number = page.cells[row, 6].findtext("{*}v")
        page.put(f"F{row}", number, s=style)


def _google(book: Book) -> None:
    """Whole numbers with a point, no cell types, texts by number."""
    page = book.sheet(DATA)
    for row in range(5, 13):
        number = page.cells[row, 6].findtext("{*}v")
        page.put(f"F{row}", f"<v>{number}.0</v>")
    page.put("F4", "<v>105.0</v>")
    page.put("C5", book.string('<t xml:space="preserve">類別數</t>'), t="s")


def _libreoffice(book: Book) -> None:
    page = book.sheet(DATA)
    page.put("F10", '<f aca="false">10+7</f><v>17</v>', t="n")
    page.put(
        "A10", '<f aca="false">"當年度優質學校獲獎校數"</f><v>當年度優質學校獲獎校數</v>', t="str"
    )
    page.look(1_048_576, ht="12.8", hidden="0")


def _shared_formula(book: Book) -> None:
    page = book.sheet(DATA)
    page.put("D10", '<f t="shared" ref="D10:F10" si="0">D11-27</f><v>15</v>')
    page.put("E10", '<f t="shared" si="0"/><v>18</v>')
    page.put("F10", '<f t="shared" si="0"/><v>17</v>')


def _array_formula(book: Book) -> None:
    page = book.sheet(DATA)
    page.put("D10", '<f t="array" ref="D10:F10">{15,18,17}</f><v>15</v>')
    page.put("E10", "<v>18</v>")
    page.put("F10", "<v>17</v>")


def _elsewhere(formula: str) -> Callable[[], bytes]:
    return figure(f"<f>{formula}</f><v>17</v>")


ESCAPED = "建立教育研習支持體系，_x000D_\n引領教師專業成長，延續教育實踐智慧。"
PHONETIC = '<t>顧客</t><rPh sb="0" eb="2"><t>ㄍㄨˋㄎㄜˋ</t></rPh><phoneticPr fontId="1"/>'
RICH = '<r><t xml:space="preserve">顧</t></r><r><rPr><b/><color rgb="FFFF0000"/></rPr><t>客</t></r>'

NUMBERS = (
    case("a figure in full width", figure("１７"), "N154 年度資料!F10"),
    case("a figure as text", figure("17"), "N154 年度資料!F10"),
    case("a figure with an apostrophe", figure("17", quotePrefix="1"), "N154 年度資料!F10"),
    case("a figure between spaces", figure("\u00a0 17\u3000"), "N154 年度資料!F10"),
    case("a figure with a zero-width space", figure("17\u200b"), "N154 年度資料!F10"),
    case("thousands", cell(DATA, "F13", "9,650,000"), "N154 年度資料!F13"),
    case("thousands in full width", cell(DATA, "F13", "９，６５０，０００"), "N154 年度資料!F13"),
    case("thousands in the wrong places", cell(DATA, "F13", "96,50,000"), "E111 年度資料!F13"),
    case("a percentage as text", figure("12.5%"), "E112 年度資料!F10"),
    case("a percentage with a space", figure("12.5 %"), "E112 年度資料!F10"),
    case("per thousand", figure("5‰"), "E112 年度資料!F10"),
    case("a figure with its unit", figure("17 校"), "E112 年度資料!F10"),
    case("a figure in ten thousands", figure("12萬"), "E157 年度資料!F10"),
    case("a figure in words", figure("十七"), "E111 年度資料!F10"),
    case("about so many", figure("約17"), "E111 年度資料!F10"),
    case("an accountant's negative", figure("(17)"), "E125 年度資料!F10"),
    case("a triangle for a negative", figure("△17"), "E111 年度資料!F10"),
    case(
        "a negative in full width", cell(DATA, "F14", "－420000"), "N154 年度資料!F14", alters=True
    ),
    case(
        "a minus sign of its own",
        cell(DATA, "F14", "\u2212420000"),
        "N154 年度資料!F14",
        alters=True,
    ),
    case("a currency", figure("NT$17"), "E111 年度資料!F10"),
    case("two figures", figure("17/18"), "E111 年度資料!F10"),
    case("scientific notation", cell(DATA, "F28", "1.91E+08"), "E144 年度資料!F28"),
    case("beyond any number", figure("1E+999"), "E144 年度資料!F10"),
    case("a number beyond any figure", figure("<v>1E+300</v>"), "E118 年度資料!F10"),
    case("a number that overflows", figure("<v>1E+999</v>"), "E118 年度資料!F10"),
    case("no number as a number", figure("<v>NaN</v>"), "E132"),
    case("a text as a number", figure("<v>十七</v>"), "E132"),
    case("not a number", figure("NaN"), "E111 年度資料!F10"),
    case("N/A", figure("N/A"), "E111 年度資料!F10"),
    case("nothing, in words", figure("無"), "E111 年度資料!F10"),
    case("a dash", figure("-"), alters=True),
    case("a dash in full width", figure("－"), alters=True),
    case("two dashes", figure("--"), alters=True),
    case("a long dash", figure("—"), "E111 年度資料!F10"),
    case("an ellipsis", figure("……"), alters=True),
    case("a blank in a sample", figure(None), alters=True),
    case("a blank in a final edition", final(None), "E102 年度資料!F10"),
    case("spaces in a final edition", final(" \u3000"), "E102 年度資料!F10"),
    case("an empty text in a final edition", final('<f>""</f><v></v>'), "E114 年度資料!F10"),
    case("a dash in a final edition", final("-"), alters=True),
    case("a truth value", figure(True), "E117 年度資料!F10"),
    case("a truth value as text", figure("TRUE"), "E111 年度資料!F10"),
    case("a negative count", figure(-17), alters=True),
    case("a figure of 17 digits", figure("<v>17.000000000000004</v>")),
    case("a binary rest", figure("<f>17.1-0.1</f><v>17.000000000000004</v>")),
    case(
        "zero for a divisor",
        cell(DATA, "F11", 0),
        "W225 勾稽規則!A7",
        "N223 年度資料!F11",
        alters=True,
    ),
)
FORMATS = (
    case("a date for a figure", look(42729, "yyyy/m/d"), "E122 年度資料!F10"),
    case("a date of Taiwan", look(42729, '[$-404]e"年"m"月"d"日"'), "E122 年度資料!F10"),
    case("a time for a figure", look(0.5, "h:mm"), "E122 年度資料!F10"),
    case("a figure in a date's format", look(191_305_480, "yyyy/m/d"), "E122 年度資料!F10"),
    case(
        "a percentage", look(0.125, "0.0%"), "W147 年度資料!F10", "N223 年度資料!F10", alters=True
    ),
    case(
        "a percentage that is rounded",
        look(0.125, "0%"),
        "N143 年度資料!F10",
        "W147 年度資料!F10",
        "N223 年度資料!F10",
        alters=True,
    ),
    case("a decimal that is shown", look(17, "0.0")),
    case("decimals that are not shown", look(17.3456, "0"), "N143 年度資料!F10", alters=True),
    case("thousands by format", shown(DATA, "F13", 9_650_000, "#,##0")),
    case("in thousands", shown(DATA, "F13", 9_650_000, "#,##0,"), "W142 年度資料!F13"),
    case(
        "in ten thousands, as in Taiwan",
        shown(DATA, "F13", 9_650_000, "0!.0,"),
        "W142 年度資料!F13",
    ),
    case("in millions", shown(DATA, "F13", 9_650_000, "#,##0.00,,"), "W142 年度資料!F13"),
    case("a currency by format", shown(DATA, "F13", 9_650_000, '"NT$"#,##0')),
    case(
        "an accountant's format",
        shown(DATA, "F15", 530_000, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-'),
    ),
    case("zero as a dash", cell(DATA, "F20", 0)),
    case("a unit by format", look(17, '0"校"')),
    case("zeros by format", look(17, '0"00"'), "W142 年度資料!F10"),
    case("hidden by format", look(17, ";;;"), "W142 年度資料!F10"),
    case("words by format", look(17, '"十七";"負"'), "W142 年度資料!F10"),
    case("a colour by format", look(17, "[Red]0;[Blue]-0")),
    case(
        "a condition by format",
        shown(DATA, "F13", 9_650_000, '[>9999]#,##0,"千";0'),
        "W142 年度資料!F13",
    ),
    case("Chinese numerals by format", look(17, "[DBNum1][$-404]General")),
    case("scientific by format", shown(DATA, "F28", 191_305_480, "0.00E+00")),
    case("a fraction by format", look(17.5, "# ?/?"), alters=True),
    case("a format that is none", look(17, 'abc[[["\\')),
    case(
        "a column formatted as text",
        edited(_text_column),
        "N154 年度資料!F5",
        "N154 年度資料!F6",
        "N154 年度資料!F7",
        "N154 年度資料!F8",
        "N154 年度資料!F9",
        "N154 年度資料!F10",
        "N154 年度資料!F11",
        "N154 年度資料!F12",
    ),
    case(
        "a formula in a column of text",
        cell(DATA, "F10", "<is><t>=F11-23</t></is>", t="inlineStr"),
        "E143 年度資料!F10",
    ),
    case("a format that rounds a name", shown("構面", "B5", 12.3456, "0")),
)
FORMULAS = (
    case("a formula with its result", figure("<f>10+7</f><v>17</v>")),
    case("a formula without a result", figure("=10+7"), "E114 年度資料!F10"),
    case("a formula in a name without a result", cell("構面", "B5", '="顧"&"客"'), "E114 構面!B5"),
    case(
        "a formula that gives a text",
        cell("構面", "B5", '<f>"顧"&amp;"客"</f><v>顧客</v>', t="str"),
    ),
    case(
        "a formula that gives nothing",
        cell("構面", "B5", '<f>""</f><v></v>', t="str"),
        "E101 構面!B5",
    ),
    case("a shared formula", edited(_shared_formula)),
    case("a formula over several cells", edited(_array_formula)),
    case("a formula of a table's column", _elsewhere("SUM(表格1[105])")),
    case("a formula of another workbook", _elsewhere("[1]Sheet1!$A$1"), "W141 年度資料!F10"),
    case(
        "a formula of another folder",
        _elsewhere("'C:\\資料\\[決算.xlsx]總表'!A1"),
        "W141 年度資料!F10",
    ),
    case(
        "a formula of another numbered workbook", _elsewhere("'[2]總 表'!A1+1"), "W141 年度資料!F10"
    ),
    case("a division by zero", figure("#DIV/0!"), "E115 年度資料!F10"),
    case("a lost reference", figure("#REF!"), "E115 年度資料!F10"),
    case("an unknown name", figure("#NAME?"), "E115 年度資料!F10"),
    case("a column too narrow", figure("####"), "E115 年度資料!F10"),
    case("an error in a name", cell("構面", "B5", "#N/A"), "E115 構面!B5"),
    case(
        "a picture in the cell by Excel",
        cell("經營核心價值", "B5", "<v>#VALUE!</v>", t="e", vm="1"),
        "E115 經營核心價值!B5",
    ),
    case(
        "a picture in the cell by WPS",
        cell(
            "經營核心價值", "B5", '<f>_xlfn.DISPIMG("ID_A",1)</f><v>=DISPIMG("ID_A",1)</v>', t="str"
        ),
        "E146 經營核心價值!B5",
    ),
    case("calculated by hand", edited(_manual), "W143"),
)
DATES = (
    case("a date of Excel", shown(BASICS, "B8", 42729, "yyyy/m/d")),
    case("a date with its time", shown(BASICS, "B8", 42729.75, "yyyy/m/d h:mm")),
    case("a date counted from 1904", edited(_1904)),
    case("a date of the common era as text", cell(BASICS, "B8", "2016/12/25"), "E123 基本資料!B8"),
    case("a date in words", cell(BASICS, "B8", "民國一百零五年十二月"), "E108 基本資料!B8"),
    case("a date that does not exist", cell(BASICS, "B8", "105-02-30"), "E109 基本資料!B8"),
    case("a date as a number", cell(BASICS, "B8", 1051225)),
    case("a date without its format", cell(BASICS, "B8", 42729), "E108 基本資料!B8"),
    case("a date in full width", cell(BASICS, "B8", "１０５／１２／２５")),
    case("a date with dots", cell(BASICS, "B8", "105.12.25")),
    case("a date before the Republic", shown(BASICS, "B8", 3000, "yyyy/m/d"), "E109 基本資料!B8"),
    case("no date", cell(BASICS, "B8", None), "E136 基本資料!B8"),
    case("a year of the common era for the data", cell(BASICS, "B9", 2016), "E118 基本資料!B9"),
    case("a year as 105年", cell(BASICS, "B9", "105年"), "E112 基本資料!B9"),
    case("a year without data", cell(BASICS, "B9", 106), "E104 年度資料!A4"),
)
CODES = (
    case("a code in full width", cell(GOALS, "B5", "Ｃ")),
    case("a code in small letters", cell(GOALS, "B5", "c")),
    case("a code with a space", cell(GOALS, "B5", "C ")),
    case("a name for a code", cell(GOALS, "B5", "顧客"), "E107 策略目標!B5"),
    case(
        "a code that Excel made a date",
        shown(KPIS, "A5", 42741, "m月d日"),
        "E142 關鍵績效指標!A5",
        "W110 策略目標!A5",
        "E107 目標值!A5",
    ),
    case(
        "a reference that Excel made a date",
        shown(KPIS, "B5", 42741, "m月d日"),
        "E142 關鍵績效指標!B5",
        "W110 策略目標!A5",
    ),
    case("a code that Excel made a number", cell(KPIS, "A5", 1.1), "E107 目標值!A5"),
    case("a code that lost its zeros", cell(KPIS, "A5", 1), "E107 目標值!A5"),
    case("a code whose zeros are format", shown(KPIS, "A5", 1, "000"), "E107 目標值!A5"),
    case(
        "a code of 18 digits",
        cell(KPIS, "A5", "<v>1.2345678901234568E+17</v>"),
        "E148 關鍵績效指標!A5",
        "W110 策略目標!A5",
        "E107 目標值!A5",
    ),
    case(
        "a code twice",
        cell(KPIS, "A6", "AC1.1"),
        "E106 關鍵績效指標!A6",
        "W110 策略目標!A6",
        "E107 目標值!A6",
    ),
    case(
        "a code twice but for its width",
        cell(KPIS, "A6", "ＡＣ１．１"),
        "E106 關鍵績效指標!A6",
        "W110 策略目標!A6",
        "E107 目標值!A6",
    ),
    case("an unknown code", cell(KPIS, "B5", "AC9"), "E107 關鍵績效指標!B5", "W110 策略目標!A5"),
    case("several codes for one", cell(GOALS, "B5", "C、P"), "E107 策略目標!B5"),
    case("themes with a comma", cell(GOALS, "C13", "A,B"), "W228 策略目標!A13"),
    case(
        "a figure twice", cell(DATA, "A6", "每年增加創新研習班後之研習類別總數"), "E116 年度資料!A6"
    ),
    case("a truth value for a code", cell(KPIS, "A5", True), "E107 目標值!A5"),
    case("a target as a date", shown("目標值", "D5", 42741, "m/d"), "E127 目標值!D5"),
    case(
        "a target as a percentage",
        shown("目標值", "D10", 0.405, "0%"),
        "N143 目標值!D10",
        alters=True,
    ),
    case(
        "a target of which Excel made a formula",
        cell("目標值", "D5", "<f>18</f><v>18</v>"),
        "N159 目標值!D5",
        alters=True,
    ),
    case("a target in words", cell("目標值", "D5", "越多越好"), "E127 目標值!D5"),
    case("a status that is none", cell(BASICS, "B10", "定搞"), "E113 基本資料!B10"),
)
TEXTS = (
    case("a shared string with phonetics", shared("構面", "B5", PHONETIC)),
    case("a shared string of rich text", shared("構面", "B5", RICH)),
    case("a shared string with spaces", shared("構面", "B5", '<t xml:space="preserve"> 顧客 </t>')),
    case("an empty shared string", shared("構面", "B5", "<t/>"), "E101 構面!B5"),
    case("a carriage return", cell(BASICS, "B11", ESCAPED)),
    case("an escape that was typed", shared("構面", "B5", "<t>_x005F_x000D_</t>")),
    case("a tab in a name", cell("構面", "B5", "顧\t客")),
    case("a date for a name", shown("構面", "B5", 42741, "m月d日"), "W139 構面!B5"),
    case("a number for a name", cell("構面", "B5", 17)),
    case("8,000 characters", cell("構面", "B5", "長" * 8_000), "E126 構面!B5"),
    case("32,767 characters", cell(DATA, "H5", "長" * 32_767), "E126 年度資料!H5"),
    case(
        "markup in a name",
        cell("構面", "B5", "<is><t>&lt;img src=x&gt;&lt;/table&gt;</t></is>", t="inlineStr"),
    ),
    case("a template in a name", cell("構面", "B5", "{{ 7*7 }}{% for x in y %}")),
    case(
        "a program in a formula",
        cell(KPIS, "D5", '__import__("os").system("x")(單位：類別數)'),
        "E227 關鍵績效指標!D5",
        "N221 關鍵績效指標!D6",
        "N221 關鍵績效指標!D13",
        "N221 關鍵績效指標!D10",
        alters=True,
    ),
    case(
        "a power of powers",
        cell(KPIS, "D5", "9**9**9**9(單位：類別數)"),
        "E213 關鍵績效指標!D5",
        "N221 關鍵績效指標!D6",
        "N221 關鍵績效指標!D13",
        "N221 關鍵績效指標!D10",
        alters=True,
    ),
    case("a bidirectional override", cell("構面", "B5", "顧\u202e客"), "N155 構面!B5"),
    case(
        "zero width in a name",
        cell(DATA, "A10", "當年度優質學校\u200b獲獎校數"),
        "N155 年度資料!A10",
    ),
    case("a line break in a name", cell(DATA, "A10", "當年度優質學校\n獲獎校數")),
    case("a no-break space in a name", cell(DATA, "A10", "當年度優質學校\u00a0獲獎校數")),
    case("a compatibility ideograph in a name", cell(DATA, "A10", "當\uf98e度優質學校獲獎校數")),
    case("a control character", cell("構面", "B5", "顧_x0000_客_x000B_"), "N155 構面!B5"),
    case("no character", cell("構面", "B5", "顧_xFFFE_客"), "N155 構面!B5"),
    case("half of a character", cell("構面", "B5", "顧_xD842_客"), "N155 構面!B5"),
    case("a lost character", cell("構面", "B5", "顧\ufffd"), "E145 構面!B5"),
    case("a character of its own", cell("構面", "B5", "顧\ue000"), "E147 構面!B5"),
    case("a text by Google", edited(_google)),
    case("a file of LibreOffice", edited(_libreoffice)),
)
CASES = (*NUMBERS, *FORMATS, *FORMULAS, *DATES, *CODES, *TEXTS)
