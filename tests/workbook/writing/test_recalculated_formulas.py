"""試算 of formulas in every habit: LibreOffice calculates what the program prints."""

from __future__ import annotations

import os
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from reportgen.compute import compute
from reportgen.workbook import read_bytes
from reportgen.workbook.writing.live_formulas import TOO_LARGE_TEXT
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.formulas.generate import Case, World, cases
from tests.factories.samples import teachers_center
from tests.factories.scorecards import figure, kpi, rows
from tests.readers.calc import calculated
from tests.recalculation import UNDECIDED, compare, recalculate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.readers.calc import Table

pytestmark = pytest.mark.slow

COUNT: Final = int(os.environ.get("REPORTGEN_FORMULAS", "200"))
AGENCIES: Final = 20
EACH: Final = 50  # formulas of a workbook
SEED: Final = 1050
YEARS: Final = (104, 105)


class Figure(NamedTuple):
    """A figure of a KPI: in print and in 試算."""

    text: str
    code: str
    year: int
    printed: str
    shown: str


def _given(count: int) -> list[tuple[World, tuple[Case, ...]]]:
    """Return rows and the formulas over them, ``count`` or more."""
    given: list[tuple[World, tuple[Case, ...]]] = []
    missing = count
    for world, written in cases(2 * count, seed=SEED, each=EACH):
        if missing <= 0:
            break
        given.append((world, written))
        missing -= len(written)
    return given


def _workbook(world: World, written: tuple[Case, ...]) -> bytes:
    made = rows(
        關鍵績效指標=[
            kpi(case.text, f"K{number}", 名稱=case.title) for number, case in enumerate(written)
        ],
        年度資料=[
            figure(row.item, [row.last, row.value], row.unit, row.component)
            for row in world.figures.rows
        ],
    )
    target = BytesIO()
    write_rows(made, target, modified=teachers_center.REVISED, years=YEARS)
    return target.getvalue()


def _compared(content: bytes, written: tuple[Case, ...], table: Table) -> list[Figure]:
    card, problems = read_bytes(content)
    assert card is not None, problems
    results, _ = compute(card)
    columns = {int(text): place for place, text in enumerate(table[3]) if text.isdigit()}
    shown = {row[0]: row for row in table[4:] if row[1] == "KPI"}
    return [
        Figure(
            case.text,
            kpi.kpi.code,
            year.year,
            year.printed,
            shown[kpi.kpi.code][columns[year.year]],
        )
        for case, kpi in zip(written, results.kpis, strict=True)
        for year in kpi.years
    ]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> list[Figure]:
    """Every figure of every workbook, calculated in one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("recalculated")
    given = _given(COUNT)
    contents = [_workbook(world, written) for world, written in given]
    files: list[Path] = [folder / f"{number}.xlsx" for number in range(len(given))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    tables = calculated(files, "試算", folder)
    return [
        each
        for content, (_, written), table in zip(contents, given, tables, strict=True)
        for each in _compared(content, written, table)
    ]


def test_every_figure_is_the_programs_to_the_digit(figures: list[Figure]) -> None:
    decided = [each for each in figures if not each.shown.startswith(UNDECIDED)]
    assert [each for each in decided if each.shown != each.printed] == []
    assert len(decided) > 0.95 * len(figures)
    assert len(figures) >= len(YEARS) * COUNT


def test_both_years_have_figures(figures: list[Figure]) -> None:
    for year in YEARS:
        found = [
            each for each in figures if each.year == year and any(map(str.isdigit, each.shown))
        ]
        assert len(found) > 0.8 * COUNT


# Of whole agencies; ``python -m tests.recalculation --agencies 10000`` does them by the thousand.


def test_every_figure_of_some_agencies_is_the_programs() -> None:
    count = recalculate(range(AGENCIES), seed=1)
    assert count.differences == []
    assert count.figures["equal"] > 0.95 * count.figures.total()
    assert count.figures.total() > 20 * AGENCIES


@pytest.mark.parametrize(
    ("printed", "shown", "outcome"),
    [
        ("10.63%", "10.63%", "equal"),
        ("10.63%", "10.64%", "different"),
        ("10.63%", "10.63", "different"),
        ("--", "", "different"),
        ("10.63%", "✗ 公式已修改，請以 reportgen 計算", "different"),
        ("10.63%", "≈10.63%", "undecided"),
        ("1", TOO_LARGE_TEXT, "undecided"),
    ],
)
def test_a_differing_digit_is_a_difference(printed: str, shown: str, outcome: str) -> None:
    assert compare(printed, shown) == outcome
