"""One cell to one value: exact, in every form in which staff write it."""

from __future__ import annotations

import re
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, Known, Missing, RocDate
from reportgen.text.name_matching import name_key
from reportgen.workbook.reading import cell_reader
from reportgen.workbook.reading.cell_reader import Cell, split_codes
from reportgen.workbook.reading.number_parsing import MAX_ABS_NUMBER, format_number, parse_number
from reportgen.workbook.reading.raw_cells import RawCell, StoredType
from reportgen.workbook.reading.rejection import Rejection
from reportgen.workbook.reading.roc_dates import parse_date, parse_year
from reportgen.workbook.reading.text_cleaning import clean_text
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.workbooks import read_scorecard

if TYPE_CHECKING:
    from reportgen.problems import Problem
    from reportgen.workbook.writing.scorecard_rows import Row

AT = CellRef(sheet="年度資料", cell="E5")


def cell(stored: StoredType, content: str, *, computed: bool = False) -> Cell:
    problems: list[Problem] = []
    return Cell(AT, RawCell(stored, content, is_computed=computed), "標題", problems)


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ("12", 12),
        ("１７", 17),
        ("1,234", 1234),
        ("１，２３４，５６７", 1234567),
        (" 12 ", 12),
        ("\u300012\u00a0", 12),
        ("-3.5", Fraction(-7, 2)),
        ("－3.5", Fraction(-7, 2)),
        ("\u22123.5", Fraction(-7, 2)),
        ("+7", 7),
        ("12.5%", Fraction(1, 8)),
        ("12.5 %", Fraction(1, 8)),
        ("１２．５％", Fraction(1, 8)),
        (".5", Fraction(1, 2)),
        ("0", 0),
        ("007", 7),
    ],
)
def test_a_number_is_read_exactly(content: str, number: Fraction) -> None:
    assert parse_number(content) == number


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("17 人", "E112"),
        ("17人次", "E112"),
        ("1,234元", "E112"),
        ("42萬元", "E157"),
        ("42萬", "E157"),
        ("NT$1,234", "E111"),
        ("(50)", "E125"),
        ("（50）", "E125"),
        ("1,23", "E111"),
        ("1.2.3", "E111"),
        ("1 234", "E111"),
        ("約 12", "E111"),
        ("一百", "E111"),
        ("1E+999", "E144"),
        ("1e3", "E144"),
        ("1.91E+08", "E144"),
        ("=D5+E5", "E143"),
        ("5‰", "E111"),
        ('=_xlfn.DISPIMG("ID_1",1)', "E146"),
        ("NaN", "E111"),
        ("1" * 41, "E118"),
        (str(MAX_ABS_NUMBER + 1), "E118"),
        ("", "E111"),
    ],
)
def test_what_is_no_number_is_refused(content: str, code: str) -> None:
    refused = parse_number(content)
    assert isinstance(refused, Rejection)
    assert refused.code == code


@pytest.mark.parametrize(
    ("content", "number", "unit", "whole"),
    [
        ("42萬元", "42", "萬元", "420000"),
        ("1,234.5 千 元", "", "", ""),
        ("1,234.5千元", "1,234.5", "千元", "1234500"),
        ("-3億", "-3", "億", "-300000000"),
        ("２十萬人", "2", "十萬人", "200000"),
    ],
)
def test_a_scale_has_a_remedy_for_rows_with_and_without_it(
    content: str, number: str, unit: str, whole: str
) -> None:
    """Followed to the letter, either is the figure that was written."""
    refused = parse_number(content)
    assert isinstance(refused, Rejection)
    if not unit:
        assert refused.code == "E111"
        return
    assert refused.code == "E157"
    details = dict(refused.fields)
    assert (details["number"], details["unit"], details["whole"]) == (number, unit, whole)


@pytest.mark.parametrize(
    ("stored", "computed", "number"),
    [
        ("0.1", False, Fraction(1, 10)),
        ("0.30000000000000004", False, Fraction("0.3")),  # pasted from a result
        ("4.004999999999999", False, Fraction("4.005")),
        ("4.004999999999999", True, Fraction("4.005")),
        ("12.300000000000001", True, Fraction("12.3")),  # Excel shows 15 digits
        ("0.30000000000000004", True, Fraction("0.3")),
        ("1.5E3", False, Fraction(1500)),
        ("123456789012345", False, Fraction(123456789012345)),
    ],
)
def test_a_stored_number_is_what_the_user_sees(
    stored: str, computed: bool, number: Fraction
) -> None:
    assert cell_reader.read_number(cell(StoredType.NUMBER, stored, computed=computed)) == number


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("-", MissingReason.NO_FIGURE),
        ("－", MissingReason.NO_FIGURE),
        (" - ", MissingReason.NO_FIGURE),
        ("…", MissingReason.NOT_YET),
        ("……", MissingReason.NOT_YET),
        ("...", MissingReason.NOT_YET),
        ("--", MissingReason.MEANINGLESS),
        ("－－", MissingReason.MEANINGLESS),
        ("", MissingReason.BLANK),
        ("\u200b", MissingReason.BLANK),
    ],
)
def test_symbols_say_why_there_is_no_figure(content: str, reason: MissingReason) -> None:
    found = cell(StoredType.TEXT, content)
    assert cell_reader.read_figure(found) == Missing(reason=reason)
    assert found.problems == []


CHRISTMAS = RocDate(105, 12, 25)


@pytest.mark.parametrize(
    "content",
    [
        "105-12-25",
        "105/12/25",
        "105.12.25",
        "1051225",
        "105年12月25日",
        "民國105年12月25日",
        "中華民國 105 年 12 月 25 日",
        "１０５／１２／２５",
        "105 - 12 - 25",
    ],
)
def test_a_date_is_read_in_every_form(content: str) -> None:
    assert parse_date(content) == CHRISTMAS


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("105-13-01", "E109"),
        ("106-02-29", "E109"),
        ("0-1-1", "E109"),
        ("9999999", "E109"),
        ("2016-12-25", "E123"),
        ("20161225", "E123"),
        ("16/12/25", "E123"),
        ("16-12-25", "E123"),
        ("16/13/25", "E109"),
        ("2016-02-30", "E109"),
        ("1911-12-31", "E109"),
        ("12/25", "E108"),
        ("明年", "E108"),
        ("42729", "E108"),
        ("", "E108"),
    ],
)
def test_what_is_no_date_is_refused(content: str, code: str) -> None:
    refused = parse_date(content)
    assert isinstance(refused, Rejection)
    assert refused.code == code


def test_a_leap_day_of_the_republic_is_read() -> None:
    assert parse_date("105-02-29") == RocDate(105, 2, 29)


def test_a_year_of_two_digits_is_read_where_it_can_be_meant() -> None:
    assert parse_date("95/12/25") == RocDate(95, 12, 25)
    assert parse_date("民國16/12/25") == RocDate(16, 12, 25)
    refused = parse_date("16/12/25")
    assert isinstance(refused, Rejection)
    assert dict(refused.fields)["meant"] == "105-12-25"


def test_an_iso_date_is_read() -> None:
    assert cell_reader.read_date(cell(StoredType.DATE, "2016-12-25T00:00:00")) == CHRISTMAS


@pytest.mark.parametrize("content", ["-1", "#####", "1900-01-01", "2016-13-01"])
def test_an_excel_date_before_the_republic_is_refused(content: str) -> None:
    found = cell(StoredType.DATE, content)
    assert cell_reader.read_date(found) is None
    assert [problem.code for problem in found.problems] == ["E109"]


@pytest.mark.parametrize(
    ("content", "year"),
    [
        ("105", 105),
        ("105年", 105),
        ("105年度", 105),
        ("１０５ 年度", 105),
        ("民國105年", 105),
        ("99", 99),
        ("2016", None),
        ("0", None),
        ("105年實績", None),
        ("", None),
    ],
)
def test_a_heading_may_be_a_year(content: str, year: int | None) -> None:
    assert parse_year(content) == year


@pytest.mark.parametrize(
    "content", ["A、B", "A,B", "A，B", "A/B", "A／B", "A B", " A；B ", "A、 B、"]
)
def test_codes_are_split_however_they_are_written(content: str) -> None:
    assert split_codes(content) == ("A", "B")


@pytest.mark.parametrize(
    ("content", "text", "stripped"),
    [
        ("標竿研習.創新研發", "標竿研習.創新研發", ()),
        ("臺北 賸餘 *100%。", "臺北 賸餘 *100%。", ()),
        ("一\r\n二\r三", "一\n二\n三", ()),
        ("一_x000D_\n二", "一\n二", ()),
        ("_x005F_x000D_", "_x000D_", ()),
        ("_xD842__xDFB7_", "𠮷", ()),
        ("\u3000兩端 ", "兩端", ()),
        ("中\u3000間", "中\u3000間", ()),
        ("甲\t乙", "甲 乙", ()),
        ("甲\u200b\u202e乙\ufeff", "甲乙", ("U+200B", "U+202E", "U+FEFF")),
        ("甲\x0b乙_x0001_", "甲乙", ("U+000B", "U+0001")),
        ("_xD842_單", "單", ("U+D842",)),
    ],
)
def test_text_is_kept_to_the_letter(content: str, text: str, stripped: tuple[str, ...]) -> None:
    assert clean_text(content) == (text, stripped)


@pytest.mark.parametrize(
    ("stored", "content", "percent", "expected"),
    [
        (StoredType.TEXT, "≥90", False, "≥90"),
        (StoredType.TEXT, "≧ 90.5%", False, "≧ 90.5%"),
        (StoredType.TEXT, "<=3", False, "<=3"),
        (StoredType.TEXT, "3,500", False, "3,500"),
        (StoredType.NUMBER, "12", False, "12"),
        (StoredType.NUMBER, "0.9", True, "90%"),
        (StoredType.NUMBER, "0.125", True, "12.5%"),
        (StoredType.TEXT, "3件(含)以下", False, "3件(含)以下"),
        (StoredType.TEXT, "=30", False, "=30"),
        (StoredType.TEXT, "30", False, "30"),
        (StoredType.TEXT, "-", False, ""),
        (StoredType.TEXT, "", False, ""),
    ],
)
def test_a_target_is_kept_as_written(
    stored: StoredType, content: str, percent: bool, expected: str
) -> None:
    found = Cell(AT, RawCell(stored, content, is_percentage=percent), "105年 AC1.1", [])
    assert cell_reader.read_target(found).text == expected
    assert found.problems == []


@pytest.mark.parametrize("number", ["30", "90%", "-5", "+7", "0.5"])
@pytest.mark.parametrize("stored", [StoredType.NUMBER, StoredType.UNCACHED, StoredType.DATE])
def test_a_number_behind_an_equals_sign_is_just_this_number(
    stored: StoredType, number: str
) -> None:
    raw = RawCell(stored, "30", is_computed=True, constant=number)
    found = Cell(AT, raw, "105年 AC1.1", [])
    assert cell_reader.read_target(found).text == f"={number}"
    (problem,) = found.problems
    assert problem.code == "N159"
    assert f"正好 {number}" in problem.message()
    assert f"至少（或至多）{number}" in problem.message()


def test_any_other_formula_is_its_value() -> None:
    found = Cell(AT, RawCell(StoredType.NUMBER, "30", is_computed=True), "105年 AC1.1", [])
    assert cell_reader.read_target(found).text == "30"
    assert found.problems == []


# A text that is no target, and what its remedy says to enter.
REMEDIES = [
    ("完成細部設計", "請填數字（前面可加 ≥ 或 ≤）或由小到大的範圍"),
    ("越多越好", "請填數字（前面可加 ≥ 或 ≤）或由小到大的範圍"),
    ("不低於80%以下", "請改填「≥80%」或「≤80%」"),
    ("90~80", "請改填「80~90」"),
    ("80%~90", "請改填「80%~90%」"),
    ("維持80%", "請改填「≥80%」或「=80%」"),
    ("三件以下", "下限請填 ≥、上限請填 ≤"),
    ("每月3件以下", "下限請填 ≥、上限請填 ≤"),
    ("約3件", "下限請填 ≥、上限請填 ≤"),
    ("≤1e3", "下限請填 ≥、上限請填 ≤"),
    ("=SUM(A1)", "下限請填 ≥、上限請填 ≤"),
]


@pytest.mark.parametrize(("content", "remedy"), REMEDIES)
def test_the_remedy_of_a_refused_target_is_right_to_the_letter(content: str, remedy: str) -> None:
    found = Cell(AT, RawCell(StoredType.TEXT, content), "105年 AC1.1", [])
    assert cell_reader.read_target(found).text == ""
    (problem,) = found.problems
    assert problem.code == "E127"
    assert problem.fix().startswith(remedy)
    assert "請填數字" not in problem.fix() or not re.search("[0-9]|以下", content)
    for found_in_one in re.findall("「([^」]*)」|例如 ([^、；]+)|、(≤3件)", problem.fix()):
        advised = "".join(found_in_one)
        again = Cell(AT, RawCell(StoredType.TEXT, advised), "105年 AC1.1", [])
        assert cell_reader.read_target(again).text == advised
        assert again.problems == []


def test_a_target_that_excel_made_a_date_is_to_be_entered_as_text() -> None:
    found = Cell(AT, RawCell(StoredType.DATE, "2016-03-05"), "105年 AC1.1", [])
    assert cell_reader.read_target(found).text == ""
    assert "格式改為「文字」" in found.problems[0].fix()


@pytest.mark.parametrize(
    ("content", "code"),
    [("(50)", "E125"), ("1e3", "E144"), ("9" * 17, "E118"), ("1億億以上", "E127")],
)
def test_a_number_that_is_no_target_keeps_its_own_remedy(content: str, code: str) -> None:
    found = Cell(AT, RawCell(StoredType.TEXT, content), "105年 AC1.1", [])
    cell_reader.read_target(found)
    assert [problem.code for problem in found.problems] == [code]


@given(st.integers(-(10**15), 10**15), st.integers(0, 9))
def test_the_shortest_form_of_a_number_reads_back(digits: int, places: int) -> None:
    number = Fraction(digits, 10**places)
    assert parse_number(format_number(number)) == number
    assert parse_number(format_number(number, percent=True)) == number


@given(st.dates(RocDate(1, 1, 1).to_date(), RocDate(999, 12, 31).to_date()))
def test_every_day_of_the_republic_reads_back(day: object) -> None:
    assert not isinstance(day, str)
    roc = RocDate.from_date(day)  # type: ignore[arg-type]  # Hypothesis gives dates
    assert parse_date(roc.edition) == roc
    assert parse_date(roc.printed) == roc
    assert parse_date(f"民國{roc.printed}") == roc


READERS = (
    cell_reader.read_text,
    cell_reader.read_number,
    cell_reader.read_figure,
    cell_reader.read_target,
    cell_reader.read_date,
    lambda found: cell_reader.read_integer(found, 0, 10),
    lambda found: cell_reader.read_choice(found, ("範例", "草稿")),
)


@given(
    st.sampled_from(StoredType), st.text(), st.booleans(), st.booleans(), st.sampled_from(READERS)
)
@example(StoredType.NUMBER, "1" * 5000, False, False, cell_reader.read_number)
@example(StoredType.TEXT, "٣", False, False, cell_reader.read_number)
@example(StoredType.TEXT, "²", False, False, cell_reader.read_number)
@example(StoredType.TEXT, "105年١٢月25日", False, False, cell_reader.read_date)
def test_no_content_raises(
    stored: StoredType, content: str, percent: bool, computed: bool, read: object
) -> None:
    assert callable(read)
    found = Cell(AT, RawCell(stored, content, percent, computed), "標題", [])
    read(found)
    for problem in found.problems:
        assert problem.line()
        assert problem.line("en")


@settings(max_examples=4, deadline=None)
@given(st.lists(st.fractions(-(10**12), 10**12, max_denominator=1), min_size=1, max_size=3))
@example([Fraction("9.12345678901234"), Fraction("0.1"), Fraction("123456789012.123456789")])
def test_written_figures_read_back_exactly(figures: list[Fraction]) -> None:
    target = BytesIO()
    years: dict[str | int, Fraction] = {100 + n: figure for n, figure in enumerate(figures)}
    data: Row = {"資料項": "數", "單位": "件", **years}
    basics: list[Row] = [
        {"項目": "封面日期", "內容": CHRISTMAS},
        {"項目": "修表日期", "內容": CHRISTMAS},
        {"項目": "資料年度", "內容": 105},
    ]
    write_rows({"年度資料": [data], "基本資料": basics}, target, modified=CHRISTMAS)
    found = read_scorecard(target.getvalue()).figures[0].values
    assert [value.value for value in found] == [Known(value=figure) for figure in figures]


@pytest.mark.parametrize("letters", ["abz019 ~!()", "甲乙一鿿", "，。（）％「」"])
def test_a_usual_text_is_taken_as_it_is(letters: str) -> None:
    """The short way for usual texts gives what the long one does, which a control forces."""
    for text in (letters, f" {letters} ", letters[::-1]):
        assert clean_text(text) == (text.strip(), ())
        assert clean_text(f"{text}\u200b") == (text.strip(), ("U+200B",))
        assert name_key(text) == name_key(f"{text}\u200b")
