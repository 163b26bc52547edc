"""What a cell shows, not what its letters come to: rich text, strokes, dates, lost figures."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from reportgen.model.scorecard import RocDate
from reportgen.workbook import read_bytes
from reportgen.workbook.reading.roc_dates import parse_date
from reportgen.workbook.reading.text_cleaning import misleading_digits
from tests.conftest import ROOT
from tests.factories.bad import Case, case
from tests.factories.bad.contents import shared, shown
from tests.factories.bad.editing import MAIN, Book, cell, edited, on
from tests.factories.bad.outcome import outcome, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories.bad.editing import Sheet

DATA, TARGETS, BASICS = "年度資料", "目標值", "基本資料"


def run(text: str, look: str = "") -> str:
    inside = f"<rPr>{look}</rPr>" if look else ""
    return f'<r>{inside}<t xml:space="preserve">{text}</t></r>'


STRIKE, RAISED = "<strike/>", '<vertAlign val="superscript"/>'
LOWERED = '<vertAlign val="subscript"/>'


def inline(sheet: str, name: str, inner: str) -> Callable[[], bytes]:
    return cell(sheet, name, f"<is>{inner}</is>", t="inlineStr")


def struck(sheet: str, name: str) -> Callable[[], bytes]:
    """The sample with a cell that is struck through as a whole, its content as it is."""

    def change(book: Book) -> None:
        fonts = book.styles.find(f"{{{MAIN}}}fonts")
        looks = book.styles.find(f"{{{MAIN}}}cellXfs")
        assert fonts is not None
        assert looks is not None
        etree.SubElement(etree.SubElement(fonts, f"{{{MAIN}}}font"), f"{{{MAIN}}}strike")
        page = book.sheet(sheet)
        held = page.cells[_place(name)]
        look = etree.fromstring(etree.tostring(looks[int(held.get("s") or 0)]))
        look.set("fontId", str(len(fonts) - 1))
        looks.append(look)
        held.set("s", str(len(looks) - 1))

    return edited(change)


def _place(name: str) -> tuple[int, int]:
    return int(name[1:]), ord(name[0]) - 64


RUNS = (
    case(
        "a raised number of a note",
        shared(DATA, "F10", run("17") + run("1", RAISED)),
        f"E161 {DATA}!F10",
    ),
    case(
        "a lowered number", inline(DATA, "F10", run("17") + run("1", LOWERED)), f"E161 {DATA}!F10"
    ),
    case(
        "a raised part of a number",
        shared(DATA, "F10", run("1") + run("7", RAISED)),
        f"E161 {DATA}!F10",
    ),
    case("a raised word", shared(DATA, "F10", run("17") + run("註", RAISED)), f"E112 {DATA}!F10"),
    case("a bold part", shared(DATA, "F10", run("1", "<b/>") + run("7")), f"N154 {DATA}!F10"),
    case(
        "a line that is off",
        shared(DATA, "F10", run("1", '<strike val="0"/>') + run("7")),
        f"N154 {DATA}!F10",
    ),
    case(
        "an old figure struck",
        shared(DATA, "F10", run("18", STRIKE) + run("17")),
        f"W162 {DATA}!F10",
        f"N154 {DATA}!F10",
    ),
    case(
        "an old figure struck in the cell",
        inline(DATA, "F10", run("18", STRIKE) + run(" 17")),
        f"W162 {DATA}!F10",
        f"N154 {DATA}!F10",
    ),
    case(
        "a figure of struck runs alone",
        shared(DATA, "F10", run("1", STRIKE) + run("7", STRIKE)),
        f"W161 {DATA}!F10",
        f"N154 {DATA}!F10",
    ),
    case(
        "an old target struck",
        shared(TARGETS, "D5", run("18", STRIKE) + run("20")),
        f"W162 {TARGETS}!D5",
        alters=True,
    ),
    case(
        "a raised number in a target",
        shared(TARGETS, "D5", run("18") + run("2", RAISED)),
        f"E161 {TARGETS}!D5",
    ),
    case(
        "an old name struck",
        shared("構面", "B5", run("客戶", STRIKE) + run("顧客")),
        "W162 構面!B5",
    ),
    case("a symbol struck", shared(DATA, "D10", run("-", STRIKE)), f"W161 {DATA}!D10", alters=True),
    case("a figure struck as a whole", struck(DATA, "F10"), f"W161 {DATA}!F10"),
    case("a name struck as a whole", struck("構面", "B5"), "W161 構面!B5"),
    case("a date struck as a whole", struck(BASICS, "B8"), f"W161 {BASICS}!B8"),
    case("a target struck as a whole", struck(TARGETS, "D5"), f"W161 {TARGETS}!D5"),
    case("a weight struck as a whole", struck("關鍵績效指標", "A5"), "W161 關鍵績效指標!A5"),
)
DIGITS = (
    *(
        case(f"a figure {text}", cell(DATA, "F10", text), f"E161 {DATA}!F10")
        for text in ("17²", "¹⁷", "①", "17①", "⒘", "17½", "17₁", "⁻17", "⑰", "17¹%")
    ),
    *(
        case(f"a target {text}", cell(TARGETS, "D5", text), f"E161 {TARGETS}!D5")
        for text in ("18²", "≥18①", "①", "≥¹8")
    ),
    case("a weight 1²", cell("關鍵績效指標", "E5", "1²"), "E161 關鍵績效指標!E5"),
    case("a year 10⁵", cell(BASICS, "B9", "10⁵"), f"E161 {BASICS}!B9"),
    case("a date with a raised 2", cell(BASICS, "B8", "105-12-2⁵"), f"E108 {BASICS}!B8"),
)


def calculated(content: str, **attributes: str) -> Callable[[], bytes]:
    """A formula with a result in a workbook whose calculation has these attributes."""

    def change(book: Book) -> None:
        calculation = book.workbook.find("{*}calcPr")
        assert calculation is not None
        calculation.attrib.clear()
        for name, value in attributes.items():
            calculation.set(name, value)
        book.sheet(DATA).put("F10", f"<f>10+7</f><v>{content}</v>")
        book.sheet(DATA).put("J10", "<f>1-1</f><v>0</v>")

    return edited(change)


def _without_calculation(book: Book) -> None:
    calculation = book.workbook.find("{*}calcPr")
    assert calculation is not None
    book.workbook.remove(calculation)
    book.sheet(DATA).put("F10", "<f>10+7</f><v>0.0</v>")


FORMULAS = (
    case(
        "a zero by XlsxWriter",
        calculated("0", calcId="124519", fullCalcOnLoad="1"),
        f"N139 {DATA}!J10",
        f"W163 {DATA}!F10",
        f"N223 {DATA}!F10",
        alters=True,
    ),
    case(
        "a result given to XlsxWriter",
        calculated("17", calcId="124519", fullCalcOnLoad="1"),
        f"N139 {DATA}!J10",
    ),
    case(
        "a result that a program left",
        calculated("17", calcId="191029", fullCalcOnLoad="1"),
        f"N139 {DATA}!J10",
        f"W163 {DATA}!F10",
    ),
    case(
        "a zero of Excel",
        calculated("0", calcId="191029"),
        f"N139 {DATA}!J10",
        f"N223 {DATA}!F10",
        alters=True,
    ),
    case(
        "a zero of Apache POI",
        edited(_without_calculation),
        f"W163 {DATA}!F10",
        f"N223 {DATA}!F10",
        alters=True,
    ),
)


def final(change: Callable[[Sheet], object]) -> Callable[[], bytes]:
    def make(book: Book) -> None:
        book.sheet(BASICS).put("B10", "定稿")
        change(book.sheet(DATA))

    return edited(make)


def blank(*names: str) -> Callable[[Sheet], object]:
    def change(page: Sheet) -> None:
        for name in names:
            page.put(name, None)

    return change


LOST = (
    case("nothing lost", final(lambda page: None), alters=False),
    case("a past figure lost", final(blank("E25")), f"W164 {DATA}!E25", alters=True),
    case("a first figure lost", final(blank("D25")), f"W164 {DATA}!D25", alters=True),
    case(
        "figures of two rows lost",
        final(blank("E25", "E26")),
        f"W164 {DATA}!E25",
        f"W164 {DATA}!E26",
        alters=True,
    ),
    case(
        "a row that began in the data year", final(blank("D10", "E10", "D11", "E11")), alters=True
    ),
    case("a figure lost in a sample", on(DATA, blank("E25")), alters=True),
    case("a figure that is none", final(lambda page: page.put("E25", "-")), alters=True),
)


def headed(*headings: object) -> Callable[[], bytes]:
    def change(page: Sheet) -> None:
        for column, heading in zip("JKLM", headings, strict=False):
            page.put(f"{column}4", heading)
            page.put(f"{column}5", 3)

    return on(DATA, change)


HEADINGS = (
    case("a month for a heading", headed(12, 7), f"N152 {DATA}!J4", f"N152 {DATA}!K4"),
    case("a month as text", headed("12", "１"), f"N152 {DATA}!J4", f"N152 {DATA}!K4"),
    case("a raised number behind a year", headed("10⁶"), f"N152 {DATA}!J4"),
    case("a date with blanks", cell(BASICS, "B8", "105 12 25")),
    case("a date with blanks and signs", cell(BASICS, "B8", "105 年 12 月 25 日")),
    case("digits set apart", cell(BASICS, "B8", "1 051225"), f"E108 {BASICS}!B8"),
    case("six digits", cell(BASICS, "B8", "101121"), f"E108 {BASICS}!B8"),
)
KPIS = "關鍵績效指標"
PERCENTAGES = (
    *(
        case(f"text {text} in a row of 元", cell(DATA, "F20", text), f"E112 {DATA}!F20")
        for text in ("5%", "５％", "5 %", "0.05%", "5﹪", "5‰", "5%以上", "5成")
    ),
    case("decimal places of 200%", cell(KPIS, "E5", "200%"), f"E112 {KPIS}!E5"),
    case("an order of 100%", cell("構面", "D5", "100%"), "E112 構面!D5"),
    case("objectives of 200% on a page", cell(BASICS, "B14", "200%"), f"E112 {BASICS}!B14"),
)
CASES = (*PERCENTAGES, *RUNS, *DIGITS, *FORMULAS, *LOST, *HEADINGS)


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.name)
def test_a_cell_is_read_as_it_is_shown(each: Case) -> None:
    found = outcome(each.make())
    assert sorted(found.places()) == sorted(each.found)
    if found.figures is not None:
        assert (found.figures != sample().figures) is each.alters


SPACES = "\u00a0\u1680\u2000\u2003\u2007\u2009\u200a\u202f\u205f"


@pytest.mark.parametrize("space", SPACES, ids=lambda each: f"U+{ord(each):04X}")
def test_a_space_that_a_font_draws_is_a_blank(space: str) -> None:
    assert unicodedata.category(space) == "Zs"
    card, problems = read_bytes(cell("構面", "B5", f"顧{space}客")())
    assert card is not None
    assert card.perspectives[0].map_name.text == "顧 客"
    assert not [each for each in problems if each.where.sheet == "構面" and each.where.cell == "B5"]


def test_an_ideographic_space_is_kept() -> None:
    card, _ = read_bytes(cell("構面", "B5", "顧\u3000客")())
    assert card is not None
    assert card.perspectives[0].map_name.text == "顧\u3000客"


def test_a_formula_that_is_pasted_from_the_web() -> None:
    held = sample().scorecard
    assert held is not None
    formula = next(kpi.formula for kpi in held.kpis if "/" in kpi.formula.text)
    pasted = re.sub("([/÷×])", "\u00a0\\1\u00a0", formula.text)
    assert "\u00a0" in pasted
    found = outcome(cell("關鍵績效指標", formula.at.cell, pasted)())
    assert not [each for each in found.places() if each[0].startswith(("E", "W"))]
    assert found.figures == sample().figures


def test_a_raised_digit_in_a_name_is_printed_raised() -> None:
    card, _ = read_bytes(shared("構面", "B5", run("m") + run("2", RAISED))())
    assert card is not None
    assert card.perspectives[0].map_name.text == "m²"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("17", ""),
        ("１７", ""),
        ("5m²", ""),
        ("5㎡", ""),
        ("5公尺²", ""),
        ("17²", "²"),
        ("①", "①"),
        ("a½", ""),
    ],
)
def test_digits_that_are_none(text: str, found: str) -> None:
    assert misleading_digits(text) == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("101 12 1", RocDate(101, 12, 1)),
        ("1011201", RocDate(101, 12, 1)),
        ("991201", RocDate(99, 12, 1)),
    ],
)
def test_a_day_in_digits(text: str, day: RocDate) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize("name", ["105-06-30", "105-12-25", "112-06-30"])
def test_no_figure_of_the_samples_is_lost(name: str) -> None:
    book = Book((ROOT / "inputs" / f"{name}.xlsx").read_bytes())
    book.sheet(BASICS).put("B10", "定稿")
    _, problems = read_bytes(book.content())
    assert not {each.code for each in problems} & {"W161", "W162", "W163", "W164"}


@pytest.mark.parametrize(
    ("number", "code", "target"),
    [
        (0.93, '[=0]"-";0.0%', "93%"),
        (-0.93, '[=0]"-";0.0%', "-93%"),
        (0.93, '0.0%;[Red]-0.0%;"-"', "93%"),
        (0.93, "[<0]0;0.0%", "93%"),
        (-0.93, "[<0]0;0.0%", "-0.93%"),
        (0.93, "[>0.5]0.0%;0.00", "93%"),
        (0.43, "[>0.5]0.0%;0.00", "0.43%"),
        (0.93, "0.00;0.0%", "0.93%"),
        (-0.93, "0.00;-0.0%", "-93%"),
        (0.93, "General;-0%;0", "0.93%"),
        (0.43, "[>=.5]0%;0.00", "0.43%"),
        (0.43, "[>=5E-1]0%;0.00", "0.43%"),
        (0.43, "[>= 1.]0.00;0%", "43%"),
    ],
)
def test_a_target_is_shown_by_the_section_in_force(number: float, code: str, target: str) -> None:
    found = outcome(shown(TARGETS, "D10", number, code)())
    assert found.figures is not None
    assert found.figures["BP3.1", 105][1] == target


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (0.93, '[=0]"-";0.0%', "93.0%"),
        (-0.93, "0.0;(0.0%)", "(93.0%)"),
        (0.93, "[>=.5]0%;0.0", "93%"),
    ],
)
def test_a_text_is_shown_by_the_section_in_force(number: float, code: str, text: str) -> None:
    card, _ = read_bytes(shown("構面", "B5", number, code)())
    assert card is not None
    assert card.perspectives[0].map_name.text == text


def test_weights_and_lights_are_taken_by_the_section_in_force() -> None:
    def change(book: Book) -> None:
        style = book.format('[=0]"-";0.0%')
        book.sheet(KPIS).put("G5", 0.2, s=style)
        book.sheet(KPIS).put("G6", 30)
        book.sheet("燈號").put("A5", "綠燈")
        book.sheet("燈號").put("B5", 2, s=style)

    assert outcome(edited(change)()).places() == [("W149", KPIS, "G5")]
