"""How a figure came about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.compute import compute
from reportgen.exports.results_json import kpi_object
from reportgen.model.scorecard import CellRef
from reportgen.views.explanation_view import EXPLANATION_LABELS, ExplanationLine, explanation_lines
from reportgen.views.results_view import results_view
from reportgen.workbook import read_bytes
from tests.factories.samples import SAMPLES, scorecard
from tests.factories.scorecards import figure, kpi, read
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from reportgen.compute.result_types import Results
    from reportgen.problems.problem import Language

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
EDITIONS = ("105-12-25", "112-06-30")


def results(edition: str) -> Results:
    return compute(scorecard(SAMPLES[edition]))[0]


def cells(value: Any) -> list[dict[str, Any]]:
    """Whatever names a sheet and a cell, however deep."""
    if isinstance(value, dict):
        own = [{name: value[name] for name in ("sheet", "cell")}] if "sheet" in value else []
        return own + [cell for each in value.values() for cell in cells(each)]
    return [cell for each in value for cell in cells(each)] if isinstance(value, list) else []


def test_lines_name_their_cells_and_levels() -> None:
    found = results("105-12-25").of("BP3.1")
    assert found is not None
    assert explanation_lines(found, found.of(103), "en") == (
        ExplanationLine(
            label="formula",
            text=found.kpi.formula.text,
            cell=CellRef(sheet="關鍵績效指標", cell="D10"),
        ),
        ExplanationLine(label="figures", text="15÷42×100% = 35.71%"),
        ExplanationLine(label="actual", text="35.71%"),
        ExplanationLine(
            label="target", text="≥35%（範例）", cell=CellRef(sheet="目標值", cell="B10")
        ),
        ExplanationLine(label="achieved", text="102.04%（實績值÷目標值）"),
        ExplanationLine(label="verdict", text="達成"),
        ExplanationLine(label="inputs", text=""),
        ExplanationLine(
            label="當年度優質學校獲獎校數",
            text="15 校",
            cell=CellRef(sheet="年度資料", cell="D10"),
            level=1,
        ),
        ExplanationLine(
            label="當年度優質學校申請校數",
            text="42 校",
            cell=CellRef(sheet="年度資料", cell="D11"),
            level=1,
        ),
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_behind_a_figure_is_named_in_every_year(edition: str) -> None:
    """The same cells as in results.json, in the same order."""
    card = results(edition).scorecard
    for result in results(edition).kpis:
        told = kpi_object(result, card)
        formula = cells(told["formula"])
        for language in LANGUAGES:
            assert named(explanation_lines(result, None, language)) == formula
            for of_year, year in zip(result.years, told["years"], strict=True):
                wanted = formula + cells([year["target"], year["inputs"], year["gaps"]])
                assert named(explanation_lines(result, of_year, language)) == wanted


def named(lines: tuple[ExplanationLine, ...]) -> list[dict[str, Any]]:
    return [{"sheet": each.cell.sheet, "cell": each.cell.cell} for each in lines if each.cell]


def test_languages_differ_in_their_words_alone() -> None:
    for result in results("112-06-30").kpis:
        for of_year in result.years:
            chinese, english = (
                [
                    each if each.level else replace(each, label="")
                    for each in explanation_lines(result, of_year, language)
                ]
                for language in LANGUAGES
            )
            assert chinese == english


def test_the_figure_of_another_year_says_so_on_the_page_as_well() -> None:
    found = compute(
        read(
            關鍵績效指標=[kpi("(滿意度-上年度滿意度)/上年度滿意度（單位：倍）")],
            年度資料=[figure("滿意度", [80, 82, 85], "分")],
        )
    )[0]
    ((calculation,),) = (page.calculations for page in results_view(found).calculations)
    inputs = [(each.name, each.inputs[0]) for each in calculation.names]
    assert [(name, given.figure, given.cell) for name, given in inputs] == [
        ("滿意度", "85", "F5"),
        ("上年度滿意度（104年）", "82", "E5"),
    ]
    result = found.kpis[0]
    lines = explanation_lines(result, result.of(105), "zh-TW")
    told = [line.label for line in lines if line.level == 1]
    assert told == [each.name for each in calculation.names]


def test_a_formula_that_cannot_be_read_is_all_that_is_told() -> None:
    card, _ = read_bytes(with_cells(("關鍵績效指標", "D10", "(甲+乙")))
    assert card is not None
    found = compute(card)[0].of("BP3.1")
    assert found is not None
    assert found.years == ()
    line = ExplanationLine(
        label="公式", text="(甲+乙", cell=CellRef(sheet="關鍵績效指標", cell="D10")
    )
    assert explanation_lines(found, None, "zh-TW") == (line,)
    assert explanation_lines(found, None, "en") == (replace(line, label="formula"),)


def test_every_word_is_there_in_both_languages() -> None:
    assert all(text.strip() for texts in EXPLANATION_LABELS.values() for text in texts)
