"""Words in parts: what comes back into 執行說明, and what is told by cell instead."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.sharing.delivery_status import Delivery, missed_kpis, unit_statuses
from reportgen.sharing.edition_sharing import share_edition
from reportgen.sharing.part_merging import merge_parts
from reportgen.workbook import read_bytes
from reportgen.workbook.parts.owner_part import PART_WORDS
from reportgen.workbook.schema.cell_refs import cell_name
from tests.factories.owner_parts import (
    cells,
    edited,
    edition,
    filled,
    part_workbooks,
    returned,
    sample_card,
    without_words,
    workbook_of,
)
from tests.factories.samples import scorecard, yearly_review
from tests.sharing.test_conflicts import (
    Case,
    Where,
    attempt,
    formula,
    remove,
    set_cell,
    sheet_of,
    with_row,
    without_column,
    without_row,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

W = PART_WORDS.name
UNIT = "輔導組"  # of AP3.1 and F1.2: rows 7 and 12 of the edition, 5 and 6 of the part
PROGRESS = {f"{W} AP3.1": {"執行情形": "辦理 {AP3.1} 場次。\n另有二場延期。"}}
TEXT = "辦理 {AP3.1} 場次。\n另有二場延期。"


@cache
def start(*, has_rows: bool = True) -> bytes:
    """The edition as it is shared: this year's words are blank, or without their rows."""
    card = replace(sample_card(), commentaries=scorecard(yearly_review).commentaries)
    return without_words(card, workbook_of(card), lambda cell: False, has_rows=has_rows)


def part(
    contents: dict[str, dict[str, object]] | None = None,
    change: Callable[[Workbook], object] = lambda book: None,
    shared: bytes | None = None,
) -> bytes:
    """The part of 輔導組 as it is filled in."""
    blank = part_workbooks(edition(shared or start()))[UNIT]
    return filled(blank, {**PROGRESS, **(contents or {})}, change=change)


def words(text: object) -> dict[str, dict[str, object]]:
    """Words on AP3.1, in place of those of every part."""
    return {f"{W} AP3.1": {"執行情形": text}}


def in_edition(cell: str, value: object) -> Callable[[], bytes]:
    return lambda: edited(start(), set_cell(W, cell, value))


def merge_cells(book: Workbook) -> None:
    page: Any = book[W]
    page.merge_cells("C6:C7")


@dataclass(frozen=True)
class WordCase(Case):
    """A way for words to come back; ``merged`` are cells of 執行說明."""

    merged: dict[str, str] = field(default_factory=dict)


def case(*told: Where, **given: Any) -> Case:
    """A case whose part is that of :func:`part`, unless others are given."""
    return Case(told, **{"parts": lambda: (part(),), "now": start, **given})


CASES: dict[str, Case] = {
    "nothing is wrong": case(merged={"C7": TEXT}),
    "both sides wrote the same": case(now=in_edition("C7", TEXT), merged={"C7": TEXT}),
    "the edition has other words since": case(
        ("E714", W, "D5"), now=in_edition("C7", "別的說明。"), merged={"C7": "別的說明。"}
    ),
    "two parts have other words": case(
        ("E718", W, "D5"),
        ("E718", W, "D5"),
        ("W711", "", ""),
        parts=lambda: (part(), part(words("另一種說明。"))),
    ),
    "words were cleared": case(
        ("W714", W, "D5"),
        parts=lambda: (part(words(None), shared=edited(start(), set_cell(W, "C7", "原有說明。"))),),
        now=in_edition("C7", "原有說明。"),
        merged={"C7": "原有說明。"},
    ),
    "the KPI is gone": case(
        ("E712", W, "D5"),
        ("W713", "", ""),
        now=lambda: edited(
            edited(edited(start(), without_row("關鍵績效指標", 7)), without_row(W, 7)),
            without_row("目標值", 7),
        ),
    ),
    "the sheet is gone from the edition": case(
        ("E722", W, "D5"), now=lambda: edited(start(), remove(W))
    ),
    "the column is gone from the edition": case(
        ("E713", W, "D5"), now=lambda: edited(start(), without_column(W, 3))
    ),
    "the edition's cell is merged with another": case(
        ("E717", W, "D5"), now=lambda: edited(start(), merge_cells)
    ),
    "the edition's cell is a formula": case(
        ("E716", W, "D5"),
        now=lambda: formula(edited(start(), set_cell(W, "C7", 3)), sheet_of(start(), W), "C7", "2"),
        merged={"C7": "2"},
    ),
    "rows were moved in the edition": case(
        now=lambda: edited(start(), with_row(W, 6, "AC1.1", 104, "去年。")), merged={"C8": TEXT}
    ),
    "another KPI was typed into the part": case(
        ("E706", W, "A5"),
        ("W706", W, ""),
        parts=lambda: (part(change=set_cell(W, "A5", "AC1.1")),),
    ),
    "a KPI stands twice in the part": case(
        ("E707", W, "A7"),
        parts=lambda: (part(change=with_row(W, 7, "AP3.1", "", "", "第二種。")),),
        merged={"C7": TEXT},
    ),
    "a KPI's name was overtyped in the part": case(
        ("E708", W, "B5"),
        parts=lambda: (part(change=set_cell(W, "B5", "別的名稱")),),
        merged={"C7": TEXT},
    ),
    "a KPI's target was overtyped in the part": case(
        ("E708", W, "C5"),
        parts=lambda: (part(change=set_cell(W, "C5", "1")),),
        merged={"C7": TEXT},
    ),
    "the part has no sheet of words": case(
        ("E704", "", ""), parts=lambda: (part(change=remove(W)),)
    ),
    "a heading was overtyped in the part": case(
        ("E104", W, "A4"),
        ("N152", W, "D4"),
        parts=lambda: (part(change=set_cell(W, "D4", "說明")),),
    ),
    "the words are too long": case(("E126", W, "D5"), parts=lambda: (part(words("長" * 1_001)),)),
    "a reference that nothing answers": case(
        ("E261", W, "D5"), parts=lambda: (part(words("辦理 {AP9.9} 場次。")),)
    ),
    "a brace that is not closed": case(
        ("E263", W, "D5"), parts=lambda: (part(words("辦理 {AP3.1 場次。")),)
    ),
    "a figure that may still come": case(
        parts=lambda: (part(words("目標值 {BP3.1 目標值 103}。")),),
        merged={"C7": "目標值 {BP3.1 目標值 103}。"},
    ),
    "a text that looks like a formula": case(
        parts=lambda: (part(words("'=1+1 之說明")),), merged={"C7": "'=1+1 之說明"}
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_words_are_merged_by_cell_or_told(name: str) -> None:
    given = CASES[name]
    now, update, problems = attempt(given)
    told = [(problem.code, problem.where.sheet, problem.where.cell) for problem in problems]
    assert sorted(told) == sorted(given.told)
    before, after = cells(now), cells(update.content)
    shown = {
        cell_name(row, column): str(content[1])
        for (sheet, row, column), content in after.items()
        if sheet == W and column > 2 and row > 4
    }
    assert {cell: text for cell, text in shown.items() if cell in given.merged} == given.merged
    changed = {(change.target.at.sheet, change.target.at.cell) for change in update.changes}
    for key in before.keys() | after.keys():
        if (key[0], cell_name(*key[1:])) not in changed:
            assert before.get(key) == after.get(key), key
    if not given.merged:
        assert update.content == now


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["輔導組", "總務組"])
def test_missing_rows_are_added_at_once_in_the_order_of_the_kpis(unit: str) -> None:
    """Whichever unit comes first: so the bytes do not depend on the order."""
    now = start(has_rows=False)
    shared = edition(now)
    codes = [kpi.code for kpi in shared.scorecard.kpis]
    first = next(
        words.code
        for part in share_edition(shared)[0]
        if part.owner == unit
        for words in part.words
    )
    content = filled(part_workbooks(shared)[unit], {f"{W} {first}": {"執行情形": "已辦理。"}})
    _, update, problems = attempt(Case((), lambda: (content,), lambda: now))
    assert problems == []
    after = cells(update.content)
    assert [after[W, row, 1][1] for row in range(5, 5 + len(codes))] == codes
    assert {after[W, row, 2][1] for row in range(5, 5 + len(codes))} == {"105"}
    added = {key for key in after.keys() - cells(now).keys() if key[2] > 2}
    assert added == {(W, 5 + codes.index(first), 3)}
    card, read_problems = read_bytes(update.content)
    assert [problem for problem in read_problems if problem.where.sheet == W] == []
    assert card is not None
    assert [commentary.kpi for commentary in card.commentaries] == [first]


def test_a_workbook_without_the_sheet_asks_for_no_words() -> None:
    shared = edition(workbook_of(sample_card()))
    parts, problems = share_edition(shared)
    assert [words for part in parts for words in part.words] == []
    assert [problem.code for problem in problems] == ["W701"] * len(problems)


def test_a_unit_that_only_writes_has_a_part_without_figures() -> None:
    """All figures are stated by one unit, by 填報單位; the others write on their KPIs."""

    def by_one(book: Workbook) -> None:
        page: Any = book["年度資料"]
        page.cell(4, 9).value = "填報單位"
        for row in range(5, page.max_row + 1):
            page.cell(row, 9).value = "會計室"

    shared = edition(edited(start(), by_one))
    parts = {part.owner: part for part in share_edition(shared)[0]}
    assert [words.code for words in parts[UNIT].words] == ["AP3.1", "F1.2"]
    assert parts[UNIT].rows == ()
    assert parts["會計室"].words == ()
    found = returned(filled(part_workbooks(shared)[UNIT], PROGRESS))
    merge = merge_parts(shared, [found])
    assert [change.content for change in merge.changes] == [TEXT]


def test_kpis_without_a_unit_are_told_once() -> None:
    def ownerless(book: Workbook) -> None:
        page: Any = book["關鍵績效指標"]
        for row in (5, 6):
            page.cell(row, 8).value = None

    _, problems = share_edition(edition(edited(start(), ownerless)))
    (problem,) = (problem for problem in problems if problem.code == "W715")
    assert "AC1.1、BC1.1" in problem.line()


def test_who_owes_words_is_named() -> None:
    """執行情形 of every KPI, and the reasons of one that was missed."""
    shared = edition(start())
    missed = missed_kpis(shared.scorecard)
    assert missed == {"BP1.1"}
    merge = merge_parts(shared, [returned(part())])
    statuses = {
        status.owner: status for status in unit_statuses(shared, merge.parts, merge.changes, missed)
    }
    assert statuses[UNIT].delivery is Delivery.INCOMPLETE
    assert [(cell.item, cell.component) for cell in statuses[UNIT].blank] == [("F1.2", "執行情形")]
    owing = [
        (cell.item, cell.component, cell.at.sheet)
        for status in statuses.values()
        for cell in status.blank
        if cell.item == "BP1.1"
    ]
    assert owing == [("BP1.1", column, W) for column in ("執行情形", "未達成原因", "因應策略")]
