"""Figures, lights and weights that are percentages: worth what their cells show."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from openpyxl import load_workbook

from reportgen.cli import main
from reportgen.formula import parse_unit
from reportgen.model.scorecard import CellRef, Known, Missing, RocDate
from reportgen.workbook import read_bytes
from reportgen.workbook.reading.cell_reader import Cell, read_figure
from reportgen.workbook.schema.percent_units import to_row_unit
from reportgen.workbook.writing.new_edition import next_edition, previous_edition, same_edition
from reportgen.workbook.writing.scorecard_rows import Percentage
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.bad.editing import Book
from tests.factories.samples import teachers_center
from tests.factories.scorecards import YEARS, figure, goal, kpi, rows
from tests.factories.workbooks import page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reportgen.workbook.writing.scorecard_rows import Content, Row


def workbook_of(**sheets: Sequence[Row]) -> bytes:
    target = BytesIO()
    write_rows(rows(**sheets), target, modified=teachers_center.REVISED, years=YEARS)
    return target.getvalue()


def of_row(values: Sequence[Content], unit: str = "%") -> bytes:
    """A workbook whose only figures are these, of a KPI in percent."""
    kpis = [kpi("滿意度（單位：%）")]
    return workbook_of(關鍵績效指標=kpis, 年度資料=[figure("滿意度", values, unit)])


def values_of(content: bytes) -> list[Fraction | None]:
    card, problems = read_bytes(content)
    assert card is not None, problems
    return [
        each.value.value if isinstance(each.value, Known) else None
        for each in card.figures[0].values
    ]


def codes_on(content: bytes, sheet: str) -> list[tuple[str, str]]:
    """Return code and cell of each problem on a sheet."""
    found = read_bytes(content)[1]
    return [(each.code, each.where.cell) for each in found if each.where.sheet == sheet]


def put(book: Book, sheet: str, cell: str, content: str, look: str | None) -> None:
    """Type a number in a number format, or a text where there is none."""
    if look is None:
        book.sheet(sheet).put(cell, content)
    else:
        book.sheet(sheet).put(cell, f"<v>{content}</v>", s=book.format(look))


def shown(percent: str) -> Percentage:
    return Percentage(Fraction(percent) / 100)


# --- one cell -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "is_ratio", "unit", "expected"),
    [
        ("0.855", True, "%", "85.5"),
        ("0.855", True, "百分比", "85.5"),
        ("0.855", True, "百分點", "85.5"),
        ("0.855", True, "‰", "855"),
        ("0.0083", True, "千分比", "8.3"),
        ("0.0083", True, "‱", "83"),
        ("0.43", True, "件", "0.43"),
        ("0.43", True, "倍", "0.43"),
        ("0.43", True, "%/人", "0.43"),
        ("0.43", True, "", "0.43"),
        ("85.5", False, "%", "85.5"),
        ("0.43", False, "%", "0.43"),
        ("8.3", False, "‰", "8.3"),
    ],
)
def test_a_number_means_what_its_sign_and_unit_say(
    number: str, is_ratio: bool, unit: str, expected: str
) -> None:
    found = to_row_unit(Fraction(number), is_ratio=is_ratio, unit=parse_unit(unit))
    assert found == Fraction(expected)


class Typed(NamedTuple):
    """A content, the format of its cell (none: it is a text), and what is made of it."""

    content: str
    look: str | None
    unit: str
    value: str | None  # None: it is refused
    codes: list[str]


GENERAL: Final = "General"
TYPED = (
    Typed("0.855", "0.0%", "%", "85.5", ["N146"]),
    Typed("0.855", "0%", "%", "85.5", ["N143", "N146"]),
    Typed("-0.855", "0.0%", "%", "-85.5", ["N146"]),
    Typed("0.855", "0.0%", "百分比", "85.5", ["N146"]),
    Typed("0.855", "0.0%", "百分點", "85.5", ["N146"]),
    Typed("0.855", "0.0%", "‰", "855", ["N146"]),
    Typed("0.855", '[=0]"-";0.0%', "%", "85.5", ["N146"]),
    Typed("85.5", '[<=1]0.0%;0.0"%"', "%", "85.5", []),
    Typed("0", "0%", "%", "0", []),
    Typed("85.5", GENERAL, "%", "85.5", []),
    Typed("85.5", '0.0"%"', "%", "85.5", []),
    Typed("85.5", '0.0"%"', "‰", "85.5", ["W142"]),
    Typed("85.5", '0.0"%"', "", "85.5", ["W142"]),
    Typed("8.3", '0.0"‰"', "%", "8.3", ["W142"]),
    Typed("8.3", '0.0"‰"', "‰", "8.3", []),
    Typed("85.5%", None, "%", "85.5", ["N146"]),
    Typed(" ８５．５ ％", None, "%", "85.5", ["N146"]),
    Typed("85.5", None, "%", "85.5", ["N154"]),
    Typed("0%", None, "%", "0", ["N154"]),
    Typed("8.3‰", None, "‰", "8.3", ["N154"]),
    Typed("8.3‰", None, "%", "0.83", ["N154"]),
    Typed("8.3 ‱", None, "‰", "0.83", ["N154"]),
    Typed("0.43", "0%", "", "0.43", ["N145"]),
    Typed("0.43", "0%", "倍", "0.43", ["N145"]),
    Typed("0.43", "0%", "件", "0.43", ["W147"]),
    Typed("0.43", "0%", "元/人", "0.43", ["W147"]),
    Typed("43%", None, "", "0.43", ["N154", "N145"]),
    Typed("8.3‰", None, "", "0.0083", ["N154", "N145"]),
    Typed("5%", None, "元", None, ["E112"]),
    Typed("5‰", None, "件", None, ["E112"]),
)


@pytest.mark.parametrize("typed", TYPED)
def test_a_cell_is_worth_what_it_shows(typed: Typed) -> None:
    book = Book(workbook_of(年度資料=[figure("數", [0], typed.unit)]))
    put(book, "年度資料", "F5", typed.content, typed.look)
    changed = book.content()
    found = [code for code, cell in codes_on(changed, "年度資料") if cell == "F5"]
    assert found == typed.codes
    assert values_of(changed)[-1] == (None if typed.value is None else Fraction(typed.value))


def test_the_notice_of_a_new_reading_names_both_once_for_a_row() -> None:
    content = of_row([shown("85.5"), 83, shown("84")])
    assert [each.message() for each in read_bytes(content)[1] if each.code == "N146"] == [
        "「103年 滿意度」顯示為 85.5%，讀為 85.5（單位：%；同列共 2 格）；舊版程式讀為 0.855。"
    ]


def test_a_figure_without_a_unit_is_none_of_a_rate() -> None:
    blank = Cell(CellRef(sheet="年度資料", cell="F5"), None, "數", [])
    assert isinstance(read_figure(blank, parse_unit("%")), Missing)


# --- small numbers in a row of % ----------------------------------------------------


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([85.5, 83.2, 0.86], [("W146", "F5")]),
        ([0.84, 83.2, 0.86], [("W146", "D5"), ("W146", "F5")]),
        ([None, None, 0.86], [("W146", "F5")]),
        ([0, "-", 0.86], [("W146", "F5")]),
        ([0.36, 0.4, 0.43], [("N147", "F5")]),
        ([0.36, 1, 0.43], [("N147", "F5")]),
        ([-0.36, "…", 0.43], [("N147", "F5")]),
        ([1, 1, 0.86], [("W146", "F5")]),
        ([1.2, 1.3, 0.8], []),
        ([6.1, 5.2, 0.7], []),
        ([shown("0.4"), None, 0.43], [("N146", "D5")]),
        ([shown("85.5"), shown("83"), 0.86], [("N146", "D5"), ("W146", "F5")]),
        ([None, shown("83"), shown("0.86")], [("N146", "E5")]),
        ([0.36, 0.4, shown("0.43")], [("N146", "F5")]),
        ([1, 0, 100], []),
        ([85.5, 83, shown("0.43")], [("N146", "F5")]),
    ],
)
def test_a_number_below_one_is_doubted_unless_it_is_usual(
    values: list[Content], codes: list[tuple[str, str]]
) -> None:
    exact = [Fraction(str(each)) if isinstance(each, float) else each for each in values]
    content = of_row(exact)
    assert sorted(codes_on(content, "年度資料"), key=lambda each: each[1]) == codes
    for value, found in zip(exact, values_of(content), strict=True):
        if isinstance(value, Percentage):
            assert found == value.ratio * 100
        elif value is not None and not isinstance(value, str):
            assert found == value


@pytest.mark.parametrize("unit", ["", "倍", "件", "‰"])
def test_numbers_below_one_are_usual_in_other_units(unit: str) -> None:
    content = of_row([85, 83, Fraction("0.43")], unit)
    assert not {"W146", "N147"} & {code for code, _ in codes_on(content, "年度資料")}


@pytest.mark.parametrize("remedy", ["43", "43%", "0.43%"])
def test_what_a_doubt_asks_for_settles_it(remedy: str) -> None:
    content = Book(of_row([85, 83, Fraction("0.43")]))
    (problem,) = (each for each in read_bytes(content.content())[1] if each.code == "W146")
    assert problem.fix() == "若是 43%，請填 43 或 43%；若確是 0.43%，請填 0.43%。"
    plain = remedy.rstrip("%")
    filled = shown(plain) if remedy != plain else Fraction(plain)
    mended = of_row([85, 83, filled])
    assert "W146" not in {code for code, _ in codes_on(mended, "年度資料")}
    assert values_of(mended)[-1] == Fraction(plain)


# --- written again ------------------------------------------------------------------

KINDS: Final = {
    "F5": ("0.855", "0.0%"),
    "E5": ("0.0043", "0.00%"),
    "D5": ("83.2", GENERAL),
    "F6": ("85.5%", None),
    "E6": ("8.3‰", None),
    "D6": ("0.855", "0%"),
    "F7": ("0.855", "0.0%"),
    "E7": ("8.3‰", None),
    "F8": ("0.43", "0%"),
    "F9": ("0.43", '0.00"%"'),
    "E9": ("0.43", GENERAL),
    "F10": ("0.1234567890123456", "0%"),
}


@pytest.fixture(scope="module")
def typed_in() -> bytes:
    """A workbook of percentages as staff type them."""
    units = ("%", "百分比", "‰", "", "%", "%")
    data = [figure(f"數{number}", [1, 1, 1], unit) for number, unit in enumerate(units)]
    book = Book(workbook_of(關鍵績效指標=[kpi("數0（單位：%）")], 年度資料=data))
    for cell, (content, look) in KINDS.items():
        put(book, "年度資料", cell, content, look)
    return book.content()


def figures_of(content: bytes) -> dict[tuple[str, int], object]:
    card, problems = read_bytes(content)
    assert card is not None, problems
    return {
        (each.item.text, value.year): value.value for each in card.figures for value in each.values
    }


@pytest.mark.parametrize("how", ["--refresh", "--from"])
def test_figures_stay_when_they_are_written_again(how: str, typed_in: bytes) -> None:
    card, problems = read_bytes(typed_in)
    assert card is not None
    old = previous_edition(card, typed_in, problems)
    edition = (
        same_edition(old) if how == "--refresh" else next_edition(old, RocDate(106, 3, 29), 106)
    )
    written = edition.to_bytes()
    before, after = figures_of(typed_in), figures_of(written)
    assert {key: after[key] for key in before} == before
    assert after.keys() - before.keys() == (
        set() if how == "--refresh" else {(f"數{number}", 106) for number in range(6)}
    )
    doubts = {"W146", "N147", "W142"}
    kept = {each for each in codes_on(written, "年度資料") if each[0] in doubts}
    assert kept <= set(codes_on(typed_in, "年度資料")), "no new doubts"


def test_a_percentage_is_seen_as_one_when_written_again(typed_in: bytes) -> None:
    card, problems = read_bytes(typed_in)
    assert card is not None
    written = same_edition(previous_edition(card, typed_in, problems)).to_bytes()
    sheet = page(load_workbook(BytesIO(written)), "年度資料")
    seen = {cell: (sheet[cell].value, sheet[cell].number_format) for cell in KINDS}
    assert seen == {
        "F5": (0.855, "0.0%"),
        "E5": (0.0043, "0.00%"),
        "D5": (83.2, "General"),
        "F6": (0.855, "0.0%"),
        "E6": (0.0083, "0.00%"),
        "D6": (0.855, "0.0%"),
        "F7": (855, "General"),
        "E7": (8.3, "General"),
        "F8": (0.43, "0%"),
        "F9": (0.0043, "0.00%"),
        "E9": (0.43, "General"),
        "F10": (0.123456789012346, "0.0000000000000%"),
    }


# --- lights and weights -------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "look", "rate", "codes"),
    [
        ("0.9", "0%", "0.9", []),
        ("0.9", GENERAL, "0.9", []),
        ("90%", None, "0.9", ["N154"]),
        ("1.2", GENERAL, "1.2", []),
        ("1", GENERAL, "1", []),
        ("10", "0%", "10", []),
        ("5", GENERAL, "5", ["W148"]),
        ("5", "0%", "5", []),
        ("90", GENERAL, None, ["E149"]),
        ("90", None, None, ["E149"]),
        ("90", "0%", None, ["E149"]),
        ("9000%", None, None, ["E118"]),
        ("9000", GENERAL, None, ["E118"]),
        ("-0.9", GENERAL, None, ["E118"]),
    ],
)
def test_a_light_has_a_rate(
    content: str, look: str | None, rate: str | None, codes: list[str]
) -> None:
    book = Book(workbook_of(燈號=[{"燈號": "綠燈", "達成率下限": Fraction(1, 2)}]))
    put(book, "燈號", "B5", content, look)
    changed = book.content()
    assert codes_on(changed, "燈號") == [(code, "B5") for code in codes]
    card, _ = read_bytes(changed)
    assert card is not None
    assert [each.at_least for each in card.lights] == ([] if rate is None else [Fraction(rate)])


def test_what_a_light_asks_for_is_taken() -> None:
    refused = read_bytes(workbook_of(燈號=[{"燈號": "綠燈", "達成率下限": 90}]))[1]
    (problem,) = (each for each in refused if each.code == "E149")
    assert problem.line() == (
        "〔E149〕「燈號」B5 「達成率下限」的 90 即 9000%，超出範圍。若是 90%，請填「90%」。"
    )
    mended = workbook_of(燈號=[{"燈號": "綠燈", "達成率下限": shown("90")}])
    assert codes_on(mended, "燈號") == []


@pytest.mark.parametrize(
    ("weights", "codes"),
    [
        ([20, 30], []),
        ([shown("20"), shown("30")], []),
        ([shown("20"), Fraction("0.3")], []),
        ([Fraction("0.5"), 30], []),
        ([shown("20"), 30], [("W149", "G5")]),
        ([20, shown("30")], [("W149", "G6")]),
        ([20, "30%"], [("N154", "G6"), ("W149", "G6")]),
        ([0, shown("30"), None], []),
    ],
)
def test_weights_go_together(weights: list[Content], codes: list[tuple[str, str]]) -> None:
    kpis = [
        kpi("數（單位：件）", f"AC1.{number}", 權重=weight)
        for number, weight in enumerate(weights, start=1)
    ]
    content = workbook_of(關鍵績效指標=kpis, 年度資料=[figure("數", [1, 2, 3])])
    assert codes_on(content, "關鍵績效指標") == codes


# --- what is printed ----------------------------------------------------------------


def test_what_is_seen_in_the_cell_is_what_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "105-12-25.xlsx"
    data = [figure("滿意度", [83, shown("83.2"), shown("85.5")], "%")]
    made = workbook_of(
        關鍵績效指標=[kpi("滿意度（單位：%）")], 年度資料=data, 目標值=[goal("≥85%")]
    )
    path.write_bytes(made)
    assert main(["explain", str(path), "AC1.1", "--lang", "zh-TW"]) == 0
    out = capsys.readouterr().out
    assert "85.50%" in out
    assert "達成" in out
    assert "0.86" not in out
