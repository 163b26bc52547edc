"""試算: what LibreOffice calculates there is what the program prints, to the digit."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reportgen.compute import compute
from reportgen.formula import unparse
from reportgen.formula.syntax_tree import Binary, Comparison, Name, Number, Percent, Unary, names_in
from reportgen.model.scorecard import Known
from reportgen.workbook import read_bytes
from reportgen.workbook.schema.sheet_grid import FIRST_ROW
from reportgen.workbook.writing.live_formulas import FORMULA_CHANGED_TEXT, TOO_LARGE_TEXT
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.bad.editing import Book
from tests.factories.samples import SAMPLES, teachers_center, workbook
from tests.factories.scorecards import figure, kpi, rows
from tests.factories.workbooks import with_cells
from tests.readers.calc import Table, calculated

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.formula.syntax_tree import Expression, Tree
    from reportgen.workbook.writing.scorecard_rows import Content

pytestmark = pytest.mark.slow

Shown = dict[tuple[str, int], str]  # by KPI and year

YEARS: Final = (104, 105)
CASES: Final = 150
EDITIONS: Final = ("105-12-25", "112-06-30")


class Previewed(NamedTuple):
    """A workbook as calculated by LibreOffice."""

    state: str
    figures: Shown
    notes: dict[str, str]
    lines: Table


# --- formulas by the hundred --------------------------------------------------------


class Case(NamedTuple):
    """A formula and its figures."""

    tree: Tree
    unit: str
    places: int | None
    units: tuple[str, str, str]
    parts: int  # components of each name
    values: tuple[tuple[Content, ...], ...]  # rows by years


numbers = st.builds(
    lambda value: Number(Fraction(value), f"{value:f}"),
    st.decimals(0, 1000, places=2, allow_nan=False) | st.decimals(0, 200, places=0),
)
names = st.sampled_from([Name(text, text) for text in "甲乙丙"])
leaves = names | names | numbers | st.builds(Percent, numbers)


def _grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(Binary, st.sampled_from("+-×÷÷"), inner, inner) | st.builds(
        Unary, st.sampled_from("+-"), inner
    )


expressions: st.SearchStrategy[Expression] = st.recursive(leaves, _grown, max_leaves=8)
figured = expressions.filter(lambda tree: bool(names_in(tree)))  # a figure needs a name
trees: st.SearchStrategy[Tree] = figured | st.builds(
    Comparison, st.sampled_from("≥≤><="), figured, expressions
)


def _exact(value: Decimal) -> Fraction:
    return Fraction(value)


figures: st.SearchStrategy[Content] = st.one_of(
    st.integers(0, 200),
    st.integers(0, 10**8),
    st.integers(-1000, 1000),
    st.decimals(-1000, 10**6, places=2, allow_nan=False).map(_exact),
    st.integers(1, 1000),
    st.sampled_from(["-", "…", "--", None, 0, 8, 16, 160, 17]),
)
cases = st.integers(1, 3).flatmap(
    lambda parts: st.builds(
        Case,
        tree=trees,
        unit=st.sampled_from(["%", "件", "千元", "元/人", "", "達成與否"]),
        places=st.none() | st.integers(0, 6),
        units=st.tuples(*[st.sampled_from(["件", "件", "元", "千元", "人", ""])] * 3),
        parts=st.just(parts),
        values=st.tuples(*[st.tuples(figures, figures)] * (3 * parts)),
    )
)


def _many() -> list[Case]:
    """Cases for one workbook: LibreOffice is started once for all of them."""
    found: list[Case] = []

    @settings(max_examples=CASES, deadline=None, database=None)
    @given(cases)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def _content(found: list[Case]) -> bytes:
    kpis, data = [], []
    for number, case in enumerate(found):
        renamed = {ord(name): f"{name}{number}案" for name in "甲乙丙"}
        text = unparse(case.tree).translate(renamed)
        components = "子丑寅"[: case.parts]
        if case.parts > 1:
            text += f"（以上各數均含{'、'.join(components)}）"
        if case.unit:
            text += f"（單位：{case.unit}）"
        kpis.append(kpi(text, f"K{number}", 小數位數=case.places))
        values = iter(case.values)
        for name, unit in zip("甲乙丙", case.units, strict=True):
            for component in components:
                given_component = component if case.parts > 1 else ""
                item = name.translate(renamed)
                data.append(figure(item, next(values), unit, given_component))
    target = BytesIO()
    made = rows(關鍵績效指標=kpis, 年度資料=data)
    write_rows(made, target, modified=teachers_center.REVISED, years=YEARS)
    return target.getvalue()


# --- workbooks after staff have worked on them --------------------------------------

CHANGES = {  # few files: LibreOffice takes a second for each
    "definitions": with_cells(
        ("關鍵績效指標", "D9", "當年度辦理國際講座、研討會或國際交流次數×2（單位：次數）"),
        ("年度資料", "C5", "千類"),
        ("年度資料", "A10", "當年度優質學校申請校數"),  # as after sorting
        ("年度資料", "A11", "當年度優質學校獲獎校數"),
        *(
            ("關鍵績效指標", f"{letter}14", text)
            for letter, text in zip("ABCD", "QRST", strict=True)
        ),
    ),
    "symbols": with_cells(
        ("年度資料", "F5", None),
        ("年度資料", "D5", None),
        ("年度資料", "F6", "－"),
        ("年度資料", "F7", "..."),
        ("年度資料", "F8", "七場"),
        ("年度資料", "F9", "?"),
        ("年度資料", "F10", "……"),
        ("年度資料", "F11", "--"),
        ("關鍵績效指標", "E11", 4),
        ("關鍵績效指標", "E12", 0),
    ),
    "headings": with_cells(
        ("年度資料", "F4", "105年度"), ("年度資料", "F6", None), ("年度資料", "J4", 106)
    ),
    "earlier": with_cells(
        ("基本資料", "B9", 104),
        ("年度資料", "F5", None),
        ("年度資料", "F10", 0),
        ("年度資料", "F11", 0),
    ),
}


# A row of 年度資料 each: its unit, and what is typed into 104 and 105, a number with its format
# or a text; in the blank cells that 試算 was made from.
PERCENTAGES: Final[tuple[tuple[str, tuple[str, str | None], tuple[str, str | None]], ...]] = (
    ("%", ("0.855", "0.0%"), ("83.2", "General")),
    ("%", ("0.00125", "0.00%"), ("-0.285", "0%")),
    ("%", ("0.43", "General"), ("0.43", "0.0000%")),
    ("%", ("85.5", '0.0"%"'), ("1.07125", "[Red]0%;[Blue]-0%")),
    ("%", ("-", None), ("0.12345", "0.00%_)")),
    ("百分比", ("0.855", "0.0%"), ("85.5", "#,##0.0")),
    ("百分點", ("0.0125", "0.00%"), ("2.3", "General")),
    ("‰", ("0.0083", "0.00%"), ("8.3", "General")),
    ("‱", ("0.0083", "0.00%"), ("83", "General")),
    ("件", ("0.855", "0.0%"), ("85", "General")),
    ("", ("0.855", "0.0%"), ("85.5", "General")),
    ("倍", ("0.855", "0.0%"), ("85.5", "General")),
)
TEXTS: Final = (("%", "85.5%"), ("‰", "8.3‰"))  # the program takes them, 試算 takes no text


def _percentages() -> bytes:
    units = [each[0] for each in PERCENTAGES] + [unit for unit, _ in TEXTS]
    data = [figure(f"數{place}", [None, None], unit) for place, unit in enumerate(units)]
    formulas = [f"數{place}（單位：{unit or '倍'}）" for place, unit in enumerate(units)]
    formulas += ["數0-數1（單位：%）", "數9×數0（單位：件）", "數0/數7×100%（單位：%）"]
    kpis = [kpi(text, f"K{place}", 小數位數=2) for place, text in enumerate(formulas)]
    target = BytesIO()
    made = rows(關鍵績效指標=kpis, 年度資料=data)
    write_rows(made, target, modified=teachers_center.REVISED, years=YEARS)
    book = Book(target.getvalue())
    page = book.sheet("年度資料")
    for number, (_, *cells) in enumerate(PERCENTAGES, start=FIRST_ROW):
        for letter, (content, look) in zip("DE", cells, strict=True):
            if look is None:
                page.put(f"{letter}{number}", content)
            else:
                page.put(f"{letter}{number}", f"<v>{content}</v>", s=book.format(look))
    for number, (_, text) in enumerate(TEXTS, start=FIRST_ROW + len(PERCENTAGES)):
        page.put(f"D{number}", text)
        page.put(f"E{number}", text)
    return book.content()


@pytest.fixture(scope="module")
def random_cases() -> list[Case]:
    return _many()


@pytest.fixture(scope="module")
def contents(random_cases: list[Case]) -> dict[str, bytes]:
    """Every workbook of this module: its name and bytes."""
    samples = {edition: workbook(SAMPLES[edition]) for edition in EDITIONS}
    return {
        **samples,
        **CHANGES,
        "percentages": _percentages(),
        "random": _content(random_cases),
    }


@pytest.fixture(scope="module")
def previews(
    contents: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Previewed]:
    folder = tmp_path_factory.mktemp("previews")
    files = [folder / f"{name}.xlsx" for name in contents]
    for file, content in zip(files, contents.values(), strict=True):
        file.write_bytes(content)
        assert not _figures(_sheet(file)), "there must be nothing calculated before"
    made = calculated(files, "試算", folder)
    return {name: _previewed(table) for name, table in zip(contents, made, strict=True)}


def _sheet(file: Path) -> Table:
    """The values of 試算, row by row."""
    book = load_workbook(file, data_only=True, read_only=True)
    table = [tuple("" if v is None else str(v) for v in row) for row in book["試算"].values]
    book.close()
    return table


def _figures(table: Table) -> Shown:
    years = {place: int(text) for place, text in enumerate(table[3]) if text.isdigit()}
    return {
        (row[0], year): row[place]
        for row in table[4:]
        if row[1] == "KPI"
        for place, year in years.items()
    }


def _previewed(table: Table) -> Previewed:
    notes = {row[0]: row[-1] for row in table[4:] if row[1] == "KPI"}
    return Previewed(table[2][0], _figures(table), notes, table[4:])


def results_of(content: bytes) -> Results:
    card, problems = read_bytes(content)
    assert card is not None, problems
    return compute(card)[0]


def printed(results: Results) -> Shown:
    return {
        (result.kpi.code, year.year): year.printed
        for result in results.kpis
        for year in result.years
    }


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_figure_of_the_samples_is_the_programs(
    edition: str, contents: dict[str, bytes], previews: dict[str, Previewed]
) -> None:
    expected = printed(results_of(contents[edition]))
    assert len(expected) in (27, 120)
    assert previews[edition].figures == expected
    assert previews[edition].state.startswith("✓")


def test_hundreds_of_formulas_round_as_the_program_does(
    random_cases: list[Case], contents: dict[str, bytes], previews: dict[str, Previewed]
) -> None:
    results = results_of(contents["random"])
    shown = previews["random"].figures
    wrong, compared, undecided = [], 0, 0
    for result, case in zip(results.kpis, random_cases, strict=True):
        for year in result.years:
            found = shown[result.kpi.code, year.year]
            if found in (TOO_LARGE_TEXT, "") or found.startswith(("≈", "✗")):
                undecided += 1
                assert isinstance(year.actual.value, Known) or found == "✗", (case, found)
            else:
                compared += 1
                if found != year.printed:
                    wrong.append((unparse(case.tree), case, year.year, year.printed, found))
    assert wrong == []
    assert compared > 20 * undecided
    assert compared > CASES


def test_a_percentage_that_is_typed_in_is_what_it_is_for_the_program(
    contents: dict[str, bytes], previews: dict[str, Previewed]
) -> None:
    expected = printed(results_of(contents["percentages"]))
    texts = range(len(PERCENTAGES), len(PERCENTAGES) + len(TEXTS))
    for place in texts:
        for year in YEARS:
            assert expected.pop((f"K{place}", year)) not in ("", "✗")
            assert previews["percentages"].figures.pop((f"K{place}", year)) == "✗"
    assert previews["percentages"].figures == expected
    assert expected["K0", 104] == "85.50%"
    assert expected["K7", 104] == "8.30‰"
    assert expected["K9", 104] == "0.86"


@pytest.mark.parametrize("name", ["symbols", "headings", "earlier"])
def test_figures_follow_the_sheets(
    name: str, contents: dict[str, bytes], previews: dict[str, Previewed]
) -> None:
    """Where the program takes what was typed; what it refuses is ✗ and no figure."""
    expected = printed(results_of(contents[name]))
    found = previews[name].figures
    refused = {("BP1.1", 105): "✗", ("BP2.1", 105): "✗"} if name == "symbols" else {}
    assert found == expected | refused
    assert expected != printed(results_of(workbook(teachers_center)))


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("BP2.1", FORMULA_CHANGED_TEXT),
        ("AC1.1", "✗ 標 ✗ 的儲存格不是數字，或資料項已修改"),
        ("BP3.1", "✗ 標 ✗ 的儲存格不是數字，或資料項已修改"),
        ("L1.1", ""),
    ],
)
def test_what_the_preview_was_not_made_for_shows_no_figure(
    code: str, note: str, previews: dict[str, Previewed]
) -> None:
    found = previews["definitions"]
    assert found.notes[code] == note
    of_kpi = {found.figures[code, year] for year in (103, 104, 105)}
    assert (of_kpi == {"✗"}) == bool(note)


@pytest.mark.parametrize("name", ["definitions", "headings"])
def test_what_the_preview_leaves_out_is_told(name: str, previews: dict[str, Previewed]) -> None:
    assert previews[name].state.startswith("▲ 「關鍵績效指標」或「年度資料」的年度已有增減")
    assert "--refresh" in previews[name].state


def test_blank_figures_of_the_data_year_are_counted(previews: dict[str, Previewed]) -> None:
    assert previews["symbols"].state.endswith("▨ 105年尚有 1 格待填")
    assert "▨" not in previews["earlier"].state


def test_components_are_summed_beside_the_figure(previews: dict[str, Previewed]) -> None:
    lines = [line for line in previews["105-12-25"].lines if line[0] == "F1.1"]
    totals = {line[2]: line[5:8] for line in lines if line[1] == "合計"}
    assert totals == {
        item: tuple(str(sum(parts)) for parts in by_year)
        for item, by_year in teachers_center.BUDGETS[:4]
    }
    assert [line[1] for line in lines[:5]] == ["KPI", "資料項", "資料項", "資料項", "合計"]
