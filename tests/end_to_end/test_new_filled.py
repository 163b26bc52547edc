"""Workbooks from ``new``, filled in by LibreOffice: they build, and their 試算 is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from reportgen.cli import main
from reportgen.model.scorecard import RocDate
from reportgen.pipeline import calculate
from reportgen.problems import has_errors
from reportgen.workbook import read
from reportgen.workbook.schema.cell_refs import cell_name
from tests.conftest import build_edition
from tests.factories.samples import teachers_center, workbook
from tests.readers import pdf, squeeze, word
from tests.readers.calc import Contents, filled

if TYPE_CHECKING:
    from reportgen.compute.result_types import Results

pytestmark = pytest.mark.slow

# Ten changes, as an officer would make them for the next revision: cell, content, and what
# the documents print of it.
TEN: tuple[tuple[str, str, str | float, str], ...] = (
    ("基本資料", "B6", "策略地圖與平衡計分卡（修正版）", "策略地圖與平衡計分卡（修正版）"),
    ("基本資料", "B7", "106-04-05", "106年4月5日"),
    ("基本資料", "B11", "培育專業教師，\n引領教育創新。", "培育專業教師，引領教育創新。"),
    ("基本資料", "B12", "卓越研習．永續創新", "卓越研習．永續創新"),
    ("構面", "C7", "財務構面", "財務構面"),
    ("策略主題", "B6", "強化數位創新研發", "強化數位創新研發"),
    ("策略目標", "D5", "增進教師跨域研習", "增進教師跨域研習"),
    ("關鍵績效指標", "C6", "每年新聘諮詢專家人數", "每年新聘諮詢專家人數"),
    ("關鍵績效指標", "D7", "當年度新增教師聯誼多元體驗活動場次×2(單位：場次)", "場次×2(單位"),
    ("經營核心價值", "A5", "仁愛", "仁愛"),
)
FIGURES_OF_106 = (21, 44, 7, 75, 9, 19, 43, 10)


def _definitions() -> Contents:
    """All of the first sample, cell by cell, for a workbook that is still blank."""
    contents: Contents = {}
    book = load_workbook(_sample())
    for sheet in book.worksheets:
        if sheet.title in ("填寫說明", "試算", "清單"):
            continue
        for row in sheet.iter_rows(min_row=5):
            for cell in row:
                if cell.value is not None and (sheet.title, cell.column) != ("基本資料", 3):
                    value = cell.value
                    contents[sheet.title, cell.coordinate] = (
                        value if isinstance(value, str) else float(str(value))
                    )
    for column, year in enumerate(teachers_center.YEARS, start=4):
        contents["年度資料", cell_name(4, column)] = float(year)
    return contents


def _sample() -> Path:
    return Path(__file__).parents[2] / "inputs/105-12-25.xlsx"


def _next_year() -> Contents:
    """Figures of 106: of the counts in rows 5-12, and of the 24 components below."""
    contents: Contents = {
        ("年度資料", f"G{row}"): float(number) for row, number in enumerate(FIGURES_OF_106, start=5)
    }
    book = load_workbook(_sample())
    data = book["年度資料"]
    for row in range(13, 37):
        contents["年度資料", f"G{row}"] = round(float(str(data[f"F{row}"].value)) * 1.013, 2)
    return contents


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("filled")


@pytest.fixture(scope="module")
def colleagues(folder: Path) -> dict[str, Path]:
    """What LibreOffice wrote, by the name of what it was given."""
    old = folder / "105-12-25.xlsx"
    old.write_bytes(workbook(teachers_center))
    given = {name: folder / f"{name}.xlsx" for name in ("blank", "next", "ten")}
    make = ("new", "-q", "--revised", "106-03-29")
    assert main([*make, str(given["blank"]), "--year", "105"]) == 0
    assert main([*make, str(given["next"]), "--from", str(old)]) == 0
    assert main([*make, str(given["ten"]), "--from", str(old), "--year", "105"]) == 0
    changes: Contents = {(sheet, cell): content for sheet, cell, content, _ in TEN}
    contents = {
        given["blank"]: _definitions(),
        given["next"]: _next_year(),
        given["ten"]: changes,
    }
    return dict(zip(given, filled(contents, folder), strict=True))


def _results(path: Path) -> Results:
    results, problems = calculate(path)
    assert results is not None, problems
    assert not has_errors(problems), problems
    return results


def _preview(path: Path) -> dict[tuple[str, int], str]:
    book = load_workbook(path, data_only=True, read_only=True)
    table = [tuple("" if v is None else str(v) for v in row) for row in book["試算"].values]
    book.close()
    years = {place: int(text) for place, text in enumerate(table[3]) if text.isdigit()}
    return {
        (row[0], year): row[place]
        for row in table[4:]
        if row[1] == "KPI"
        for place, year in years.items()
    }


def _printed(results: Results) -> dict[tuple[str, int], str]:
    return {(k.kpi.code, y.year): y.printed for k in results.kpis for y in k.years}


def test_a_blank_workbook_that_another_program_filled_in_is_the_sample(
    colleagues: dict[str, Path],
) -> None:
    card, problems = read(colleagues["blank"])
    assert card is not None
    assert not has_errors(problems), problems
    original, _ = read(_sample())
    assert original is not None
    assert card.kpis == original.kpis
    assert card.figures == original.figures
    assert card.targets == original.targets
    assert (card.mission, card.perspectives) == (original.mission, original.perspectives)


def test_its_preview_comes_with_making_it_anew(colleagues: dict[str, Path], folder: Path) -> None:
    assert _preview(colleagues["blank"]) == {}
    assert main(["new", "-q", str(colleagues["blank"]), "--refresh"]) == 0
    (again,) = filled({colleagues["blank"]: {("年度資料", "F5"): 20.0}}, folder / "again")
    results = _results(again)
    assert _preview(again) == _printed(results)
    assert _preview(again)["AC1.1", 105] == "20"


def test_the_next_edition_calculates_its_new_year(colleagues: dict[str, Path]) -> None:
    results = _results(colleagues["next"])
    assert results.scorecard.data_year == 106
    preview = _preview(colleagues["next"])
    assert preview == _printed(results)
    assert (preview["AC1.1", 106], preview["BP3.1", 106]) == ("21", "44.19%")


def test_the_next_edition_builds(colleagues: dict[str, Path], tmp_path: Path) -> None:
    edition = build_edition(colleagues["next"], tmp_path)
    assert edition.built.edition == "106-03-29"
    assert not has_errors(edition.built.problems)
    assert {written.path.suffix for written in edition.built.files} == {".pdf", ".docx"}


def test_ten_changes_show_in_both_documents(colleagues: dict[str, Path], tmp_path: Path) -> None:
    edition = build_edition(colleagues["ten"], tmp_path)
    assert edition.built.edition == "106-03-29"
    ours = "".join(page.text for page in pdf.read_pages(edition.pdf))
    theirs = "".join(page.text for page in word.read_pages(edition.docx))
    for sheet, cell, _, shown in TEN:
        assert squeeze(shown) in ours, (sheet, cell)
        assert squeeze(shown) in theirs, (sheet, cell)
    card, _ = read(colleagues["ten"])
    assert card is not None
    assert (card.revised, card.cover_date) == (RocDate(106, 3, 29), RocDate(106, 4, 5))


def test_a_formula_that_was_changed_is_not_previewed(colleagues: dict[str, Path]) -> None:
    preview, printed = _preview(colleagues["ten"]), _printed(_results(colleagues["ten"]))
    changed = {key for key in printed if key[0] == "AP3.1"}
    assert {preview[key] for key in changed} == {"✗"}
    assert {printed[key] for key in changed} == {"8", "10", "12"}
    others = printed.keys() - changed
    assert {key: preview[key] for key in others} == {key: printed[key] for key in others}
