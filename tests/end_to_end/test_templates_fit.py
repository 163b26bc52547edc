"""The templates that come with the program, on data that are long where the sample's are short."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from reportgen.compute import compute
from reportgen.views.results_view import results_view
from reportgen.workbook import write
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.conftest import build_edition
from tests.factories.agencies import agency
from tests.factories.long_texts import long_agency
from tests.factories.samples import scorecard as sample_scorecard
from tests.factories.samples import second_agency, teachers_center
from tests.factories.scorecards import YEARS, figure, goal, kpi, rows
from tests.readers import looks, pdf, squeeze

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard
    from tests.conftest import Edition

pytestmark = pytest.mark.slow

# Figures of three years, and a target: achievement rates from 0 % to 1,035,375 %
LONG: dict[str, tuple[tuple[int | str, int | str, int | str], str]] = {
    "甲": ((1234567890, 999999999, 1234567891), "1234567890"),
    "乙": ((7, 12, 82830), "8"),
    "丙": ((99, 123456, 12345678), "≥11111111"),
    "丁": (("1.5", "-2.25", "-12345.67"), "7"),
    "戊": (("12345678.91", "12345678.90", "1.10"), "1"),
    "己": ((4699, 6750, 82830), "≥7850"),
    "庚": ((63595, 64358, 68477), "51200~64000"),
}


def pages(path: Path) -> list[list[str]]:
    """The printed lines of each page, without spaces; cells side by side may be one line."""
    with pypdfium2.PdfDocument(path) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [[squeeze(line) for line in text.splitlines()] for text in texts]


def lines(path: Path) -> set[str]:
    return {line for page in pages(path) for line in page}


def printed(card: Scorecard, folder: Path, document: str = "scorecard") -> Edition:
    workbook = folder / f"{card.edition}.xlsx"
    write(card, workbook)
    return build_edition(workbook, folder / "output", documents=(document,))


def test_long_figures_stand_in_one_line(tmp_path: Path) -> None:
    workbook = tmp_path / "105-12-25.xlsx"
    sheets = rows(
        關鍵績效指標=[kpi(f"{name}（單位：件）", f"AC1.{n}") for n, name in enumerate(LONG)],
        年度資料=[figure(name, values) for name, (values, _) in LONG.items()],
        目標值=[goal(target, f"AC1.{n}") for n, (_, target) in enumerate(LONG.values())],
    )
    write_rows(sheets, workbook, modified=teachers_center.REVISED, years=YEARS)
    edition = build_edition(workbook, tmp_path / "output", documents=("results",))
    assert "W408" not in {each.code for each in edition.built.problems}
    for path in (edition.pdf, edition.docx_as_pdf):
        assert looks.objections(path) == []
        found = lines(path)
        for text in (
            *("1,234,567,891", "+234,567,892", "82,830", "1,035,375.00%", "1,055.16%"),
            *("≥11,111,111", "12,345,678", "+12,222,222", "−12,345,677.80"),
            *("103年1,234,567,890", "103年12,345,678.91", "51,200~", "64,000"),
        ):
            assert any(text in line for line in found), text


def test_what_is_not_filled_in_is_told_in_short(tmp_path: Path) -> None:
    """A draft with weights: rates name a few of the KPIs that they lack, and nothing twice."""
    card = agency(73, 3).scorecard
    view = results_view(compute(card)[0])
    assert view.overall_rate == ("（待填）；已有者 110.70%，尚缺 CV1.1、CV1.2、CV1.3 等 23 項")
    assert {each.rate for page in view.pages[:1] for each in page.objectives} == {"（待填）"}
    blank = [
        row for page in view.pages for o in page.objectives for row in o.rows if "待" in row.actual
    ]
    assert {(row.change, row.change_unit) for row in blank} == {("", "")}
    edition = printed(card, tmp_path, "results")
    assert len(pages(edition.pdf)) == len(pages(edition.docx_as_pdf))


def test_a_code_never_stands_alone(tmp_path: Path) -> None:
    """Whatever the length of the name beside it."""
    card = agency(34, 7).scorecard
    name = "擴充河濱公園與親水空間服務量能"
    objectives = [
        replace(each, name=replace(each.name, text=name[:length]))
        for each, length in zip(card.objectives, (7, 9, 10, 11, 14), strict=True)
    ]
    edition = printed(replace(card, objectives=tuple(objectives)), tmp_path)
    codes = {each.code for each in objectives} | {each.code for each in card.kpis}
    assert not codes & lines(edition.pdf)
    assert not codes & lines(edition.docx_as_pdf)


def test_a_map_of_many_objectives_is_one_page(tmp_path: Path) -> None:
    """Eleven objectives of five perspectives, which are too many for the largest letters."""
    card = agency(122, 7).scorecard
    assert (len(card.objectives), len(card.perspectives)) == (11, 5)
    edition = printed(card, tmp_path)
    for path in (edition.pdf, edition.docx_as_pdf):
        assert sum("策略主題" in "".join(page) for page in pages(path)) == 1
        assert looks.objections(path) == []


def test_kpis_of_an_objective_share_a_page_that_closer_rows_make_long_enough(
    tmp_path: Path,
) -> None:
    card = agency(5, 7).scorecard
    edition = printed(card, tmp_path)
    names = [squeeze(f"{each.code} {each.name}") for each in card.kpis if each.objective == "DC1"]
    assert len(names) == 3
    (page,) = (page.text for page in pdf.read_pages(edition.pdf) if names[0] in page.text)
    assert all(name in page for name in names)


def test_a_long_mission_leaves_the_page_to_the_table(tmp_path: Path) -> None:
    """It is repeated on every page: the rows of 40 KPIs took 228 pages below it."""
    card = long_agency()
    assert len(card.mission.text) == 200
    for document in ("scorecard", "results"):
        printed_pages = pages(printed(card, tmp_path, document).pdf)
        assert len(printed_pages) <= 3 * len(card.kpis), document
    # Below the name the rate went to the next page, above another objective's code.
    assert "XO1加權達成率155.58%" in "".join(line for page in printed_pages for line in page)


def test_long_notes_of_core_values_go_on_below_their_names(tmp_path: Path) -> None:
    card = replace(sample_scorecard(second_agency), values=long_agency().values)
    names = [value.name.text for value in card.values]
    edition = printed(card, tmp_path)
    texts = [squeeze("".join(page)) for page in pages(edition.pdf)]
    parts = [text for text in texts if "經營核心價值" in text]
    assert len(parts) > 1
    assert parts == texts[-len(parts) :]
    assert all(name in part for part in parts for name in names)
