"""The samples: what they hold, that they are committed, and that nothing is lost on the way."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from reportgen.model.scorecard import DataStatus, Known, RocDate
from reportgen.problems import has_errors
from reportgen.sharing.delivery_status import Delivery
from reportgen.sharing.workbook_merging import merge_workbook
from reportgen.views.printed_texts import printed_texts
from reportgen.workbook import read, read_bytes, rows_by_sheet, write
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import (
    SAMPLES,
    scorecard,
    second_agency,
    teachers_center,
    workbook,
    yearly_review,
)
from tests.factories.samples.shared_parts import RETURNED, UNITS, shared_sample

if TYPE_CHECKING:
    from types import ModuleType

INPUTS = Path(__file__).parents[2] / "inputs"
each_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


@each_sample
def test_the_committed_workbook_is_what_the_code_writes(sample: ModuleType) -> None:
    # Compared unpacked: another zlib may pack the same parts into other bytes.
    committed = INPUTS / f"{sample.REVISED.edition}.xlsx"
    assert _parts(committed.read_bytes()) == _parts(workbook(sample))


def test_the_committed_workbook_with_words_is_what_the_code_writes() -> None:
    committed = INPUTS / f"review/{yearly_review.REVISED.edition}.xlsx"
    assert _parts(committed.read_bytes()) == _parts(workbook(yearly_review))


def test_the_committed_parts_are_what_sharing_writes() -> None:
    files = shared_sample().files(INPUTS)
    assert len(files) == 7  # the edition, five parts, and one that has come back
    for path, content in files.items():
        assert _parts(path.read_bytes()) == _parts(content), path.name


@pytest.mark.slow
def test_the_part_that_has_come_back_is_merged_without_a_problem(tmp_path: Path) -> None:
    """Its unit is done once its figures are in; the four others are missing."""
    sample = shared_sample()
    edition = tmp_path / "112-06-30.xlsx"
    edition.write_bytes(sample.edition)
    (tmp_path / "a.xlsx").write_bytes(sample.returned)
    report = merge_workbook(edition, [tmp_path / "a.xlsx"])
    assert report.problems == ()
    assert report.written is not None
    states = {status.owner: status.delivery for status in report.statuses}
    assert states.pop(RETURNED) in {Delivery.DELIVERED, Delivery.INCOMPLETE}
    assert set(states) == set(UNITS[1:])
    assert set(states.values()) == {Delivery.MISSING}
    sheets = {change.target.at.sheet for change in report.changes}
    assert sheets == {"年度資料", "執行說明"}


def _parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


@each_sample
def test_a_scorecard_survives_writing_and_reading_with_every_cell(
    sample: ModuleType, tmp_path: Path
) -> None:
    original = scorecard(sample)
    target = tmp_path / f"{sample.REVISED.edition}.xlsx"
    write(original, target)
    again, problems = read(target)
    assert again == original
    assert not has_errors(problems)
    assert [problem.code for problem in problems if problem.code.startswith("N")] == []


@each_sample
def test_the_same_scorecard_gives_the_same_bytes(sample: ModuleType) -> None:
    first, second = BytesIO(), BytesIO()
    write(scorecard(sample), first)
    write(scorecard(sample), second)
    assert first.getvalue() == second.getvalue()
    assert b"2026" not in _parts(first.getvalue())["docProps/core.xml"]


def test_the_original_is_there_in_its_order() -> None:
    card = scorecard(teachers_center)
    by_map = sorted(card.perspectives, key=lambda perspective: perspective.map_order)
    by_card = sorted(card.perspectives, key=lambda perspective: perspective.card_order)
    assert [each.map_name.text for each in by_map] == ["顧客", "內部流程", "財務", "學習成長"]
    assert [each.card_name.text for each in by_card] == [
        "顧客構面",
        "內部流程構面",
        "學習成長構面",
        "財務流程",
    ]
    assert [objective.code for objective in card.objectives] == [
        *("AC1", "BC1", "AP1", "AP2", "AP3", "BP1", "BP2", "BP3", "F1", "L1")
    ]
    assert {objective.code: objective.themes for objective in card.objectives}["F1"] == ()
    assert len(card.kpis) == 9
    assert card.mission.text == "建立教育研習支持體系，\n引領教師專業成長，延續教育實踐智慧。"
    assert (card.cover_date, card.revised) == (RocDate(106, 3, 29), RocDate(105, 12, 25))
    assert (card.data_year, card.status) == (105, DataStatus.SAMPLE)


def test_the_budget_kpis_read_24_cells_a_year() -> None:
    card = scorecard(teachers_center)
    cells = [figure for figure in card.figures if figure.component]
    assert len(cells) == 24
    assert {figure.component.text for figure in cells} == set(teachers_center.COMPONENTS)
    assert all(isinstance(year.value, Known) for figure in cells for year in figure.values)


def test_executed_budgets_never_exceed_the_budget() -> None:
    by_name = dict(teachers_center.BUDGETS)
    for prefix, budget in (("資本門", "資本門預算數"), ("", "預算數")):
        spent = "資本門實支數" if prefix else "預算實支數"
        for year in range(3):
            executed = sum(
                sum(by_name[name][year])
                for name in (spent, f"{prefix}應付未付數", f"{prefix}賸餘數")
            )
            assert 0.9 <= executed / sum(by_name[budget][year]) <= 1


def test_the_second_agency_shares_nothing_with_the_first() -> None:
    first, second = scorecard(teachers_center), scorecard(second_agency)
    for attribute in ("perspectives", "themes", "objectives", "kpis"):
        codes = [{each.code for each in getattr(card, attribute)} for card in (first, second)]
        assert codes[0].isdisjoint(codes[1])
    assert (len(second.perspectives), len(second.themes), len(second.kpis)) == (5, 5, 40)
    assert ("V", "X", "Z") in [objective.themes for objective in second.objectives]
    assert max(len(kpi.name.text) for kpi in second.kpis) > 60
    assert len(second.pictures) == 1
    assert second.pictures == second_agency.PICTURES


def test_a_blank_workbook_says_what_to_fill_in() -> None:
    target = BytesIO()
    write_rows({}, target, modified=RocDate(106, 3, 29), years=(104, 105, 106))
    found, problems = read_bytes(target.getvalue())
    assert found is None
    assert [(problem.code, problem.where.sheet) for problem in problems] == [
        *[("E136", "基本資料")] * 9,
        *(("E121", sheet) for sheet in ("構面", "策略主題", "策略目標", "關鍵績效指標")),
    ]


@each_sample
def test_every_printed_text_has_its_cell(sample: ModuleType) -> None:
    card = scorecard(sample)
    texts = list(printed_texts(card))
    assert all(text.text and text.at.sheet and text.at.cell for text in texts)
    shown = {text.text for text in texts}
    assert {kpi.formula.text for kpi in card.kpis} <= shown
    assert {objective.code for objective in card.objectives} <= shown


def test_what_no_document_prints_needs_no_glyph() -> None:
    card = scorecard(second_agency)
    shown = {text.text for text in printed_texts(card)}
    also = {text.text for text in printed_texts(card, figures=True)}
    assert {value.name.text for value in card.values} <= shown
    assert {picture.description for picture in card.pictures} <= shown
    of_results = (
        *(each.item.text for each in card.figures),
        *(each.unit.text for each in card.figures),
        *(each.component.text for each in card.figures if each.component),
        *(each.name.text for each in card.lights),
        *(each.rule.text for each in card.cross_checks),
        *(each.goal.text for each in card.targets),
    )
    assert of_results
    assert shown < also
    assert set(of_results) <= also
    never = (
        *(each.source.text for each in card.figures if each.source),
        *(each.note.text for each in card.figures if each.note),
        *(each.basis.text for each in card.targets if each.basis),
        *(each.note.text for each in card.revisions),
        *(each.owner.text for each in card.kpis if each.owner),
    )
    assert never
    assert also.isdisjoint(never)


@each_sample
def test_rows_of_a_scorecard_are_the_rows_that_it_was_written_from(sample: ModuleType) -> None:
    def filled(rows: object) -> object:
        assert isinstance(rows, list)
        return [
            {name: content for name, content in row.items() if content not in (None, "")}
            for row in rows
        ]

    spelled, found = sample.rows(), rows_by_sheet(scorecard(sample))
    for sheet in ("構面", "策略主題", "年度資料", "目標值", "燈號", "勾稽規則", "修表紀錄"):
        expected = filled(list(spelled.get(sheet, [])))
        assert filled(list(found[sheet])) == expected, sheet
