"""Which unit is asked for which row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.sharing.ownership import assign_owners, first_unit
from tests.factories.owner_parts import UNITS, edition, sample_card, workbook_of
from tests.factories.workbooks import with_cells


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("會計室", "會計室"),
        ("教務組、學務組", "教務組"),
        (" 教務組 / 學務組", "教務組"),
        ("教務組\n學務組", "教務組"),
        ("、學務組", "學務組"),
        ("", ""),
        ("、", ""),
    ],
)
def test_the_first_of_several_units_counts(text: str, unit: str) -> None:
    assert first_unit(text) == unit


def test_every_row_has_the_unit_of_its_kpi() -> None:
    card = edition(workbook_of(sample_card())).scorecard
    owned, problems = assign_owners(card)
    assert problems == ()
    assert [row.figure for row in owned] == list(card.figures)
    assert {row.owner for row in owned} == set(UNITS)
    for row in owned:
        assert row.owner == row.kpis[0].owner.text
    assert {row.figure.item.text for row in owned if row.kpis[0].code == "F1.1"} == {
        *("資本門預算數", "資本門實支數", "資本門應付未付數", "資本門賸餘數"),
    }


def test_a_unit_that_is_written_in_two_ways_is_one() -> None:
    card = sample_card(("研究組", "研 究 組"))
    owned, _ = assign_owners(edition(workbook_of(card)).scorecard)
    assert {row.owner for row in owned} == {"研究組"}


def test_rows_without_a_unit_are_listed_once() -> None:
    card = sample_card(("研究組", ""))
    owned, (problem,) = assign_owners(edition(workbook_of(card)).scorecard)
    unowned = [row.figure.at.cell for row in owned if not row.owner]
    assert problem.code == "W702"
    assert dict(problem.fields) == {"found": str(len(unowned)), "cells": "、".join(unowned)}


def test_a_kpi_that_is_entered_directly_needs_its_own_row() -> None:
    content = with_cells(
        ("關鍵績效指標", "D10", "評鑑成績（直接填報）（單位：分）"),
        ("關鍵績效指標", "H10", "輔導組"),
        ("年度資料", "A10", "評鑑成績"),
    )
    owned, _ = assign_owners(edition(content).scorecard)
    assert {row.figure.item.text for row in owned if row.owner == "輔導組"} == {"評鑑成績"}


def test_an_error_in_a_formula_is_among_the_problems() -> None:
    card = sample_card()
    kpi = card.kpis[0]
    broken = replace(kpi, formula=replace(kpi.formula, text="沒有這個名稱/2"))
    _, problems = assign_owners(replace(card, kpis=(broken, *card.kpis[1:])))
    assert "E217" in {problem.code for problem in problems}
