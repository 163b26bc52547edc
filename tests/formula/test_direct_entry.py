"""直接填報: the formula is printed as written, the figure is what 年度資料 holds."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl import load_workbook

from reportgen.compute import compute, plausibility_problems
from reportgen.formula import parse_formula, unparse
from reportgen.problems import has_errors
from reportgen.views.explanation_view import explanation_lines
from reportgen.views.results_view import results_view
from reportgen.workbook import read_bytes
from reportgen.workbook.writing.live_formulas import FORMULA_CHANGED_TEXT
from reportgen.workbook.writing.new_edition import blank_edition, previous_edition, same_edition
from reportgen.workbook.writing.scorecard_rows import Content, Percentage
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.formula_table import vocabulary
from tests.factories.samples import SAMPLES, teachers_center, workbook
from tests.factories.scorecards import YEARS, figure, goal, kpi, rows
from tests.readers.calc import calculated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reportgen.compute.result_types import KpiYear, Results
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem
    from reportgen.workbook.writing.scorecard_rows import Row

PROSE: Final = "由專家小組評分(書面×40%＋實地)後加權計算。1)書面 2)實地"
DIRECT: Final = "直接填報"


def made(**sheets: Sequence[Row]) -> bytes:
    """A workbook with everything that people see, 試算 as well."""
    target = BytesIO()
    write_rows(rows(**sheets), target, modified=teachers_center.REVISED, years=YEARS)
    return target.getvalue()


def row(formula: str, code: str = "AC1.1", way: str = DIRECT, **others: Content) -> Row:
    return kpi(formula, code, 名稱="評鑑成績", 填報方式=way, **others)


def results_of(content: bytes) -> tuple[Results, tuple[Problem, ...]]:
    card, problems = read_bytes(content)
    assert card is not None, problems
    results, others = compute(card)
    return results, (*problems, *others)


def now(formula: str, item: str, content: Content, unit: str, way: str = DIRECT) -> KpiYear:
    results, problems = results_of(
        made(
            關鍵績效指標=[row(formula, way=way)],
            年度資料=[figure(item, [80, content], unit)],
            目標值=[goal(85)],
        )
    )
    assert not has_errors(problems), problems
    of_year = results.kpis[0].of(105)
    assert of_year is not None
    return of_year


FIGURES: Final[
    list[tuple[str, str, str, Content, str, str, str, str, str]]
] = [  # formula, way, item, content, unit of the row, printed, unit, calculation, rate
    (PROSE, DIRECT, "評鑑成績", 86, "分", "86", "分", "直接填報：86 分", "101.18%"),
    (PROSE, DIRECT, "AC1.1", 86, "分", "86", "分", "直接填報：86 分", "101.18%"),
    (PROSE, DIRECT, "評鑑成績", 86, "", "86", "", "直接填報：86", "101.18%"),
    (f"{PROSE}（直接填報）", "", "評鑑成績", 86, "分", "86", "分", "直接填報：86 分", "101.18%"),
    ("專家評分（單位：分）", DIRECT, "評鑑成績", 86, "", "86", "分", "直接填報：86 分", "101.18%"),
    (
        "專家評分（單位：%）",
        DIRECT,
        "評鑑成績",
        86,
        "%",
        "86.00%",
        "%",
        "直接填報：86.00%",
        "101.18%",
    ),
    ("甲/乙×100%", DIRECT, "評鑑成績", 86, "%", "86.00%", "%", "直接填報：86.00%", "101.18%"),
    (
        *("滿意度調查", DIRECT, "評鑑成績", Percentage(Fraction(86, 100)), "%"),
        *("86.00%", "%", "直接填報：86.00%", "101.18%"),
    ),
    (
        *("支出(四捨五入至小數點第1位)", DIRECT, "評鑑成績", 86, "元"),
        *("86.0", "元", "直接填報：86.0 元", "101.18%"),
    ),
    (PROSE, DIRECT, "評鑑成績", "-", "分", "-", "分", "直接填報：-", "-"),
    (PROSE, DIRECT, "評鑑成績", None, "分", "（待填）", "分", "直接填報：（待填）", "（待填）"),
]


@pytest.mark.parametrize(
    ("formula", "way", "item", "content", "unit", "printed", "shown", "calculation", "rate"),
    FIGURES,
)
def test_the_figure_is_the_one_that_is_entered(  # noqa: PLR0917
    formula: str,
    way: str,
    item: str,
    content: Content,
    unit: str,
    printed: str,
    shown: str,
    calculation: str,
    rate: str,
) -> None:
    found = now(formula, item, content, unit, way)
    assert (found.printed, found.substitution) == (printed, calculation)
    assert found.rate is not None
    assert found.rate.text == rate
    assert [part.at.cell for each in found.evidence for part in each.parts] == ["F5"]
    assert found.outcome.formula.text == formula
    assert (found.outcome.unit.text if found.outcome.unit else "") == shown


@pytest.mark.parametrize("text", ["\t甲（直接填報）", "\u3000甲（直接填報）", "甲\t（直接填報）"])
def test_white_space_around_the_name_is_not_printed(text: str) -> None:
    formula, _ = parse_formula(text, vocabulary=vocabulary("甲 3 件"))
    assert formula is not None
    assert unparse(formula.tree) == "甲"


def test_without_a_row_the_remedy_is_the_row() -> None:
    kpis = [row(PROSE)]
    _, problems = results_of(made(關鍵績效指標=kpis, 年度資料=[figure("甲", [1])]))
    (problem,) = (each for each in problems if each.code == "E226")
    item = dict(problem.fields)["title"]
    assert f"新增一列：資料項「{item}」" in problem.fix()
    assert now(PROSE, item, 86, "分").printed == "86"


def test_another_way_of_entry_is_refused() -> None:
    _, problems = read_bytes(
        made(關鍵績效指標=[row("甲", way="人工")], 年度資料=[figure("甲", [1])])
    )
    (problem,) = problems
    assert problem.code == "E113"
    assert "依公式計算、直接填報" in problem.line()


def test_calculated_is_what_a_blank_means() -> None:
    given = {"關鍵績效指標": [row("甲×2", way="依公式計算")], "年度資料": [figure("甲", [1, 2, 3])]}
    results, problems = results_of(made(**given))
    assert problems == ()
    assert [each.printed for each in results.kpis[0].years] == ["2", "4", "6"]


def test_nothing_is_found_odd_about_prose() -> None:
    results, problems = results_of(
        made(
            關鍵績效指標=[row(PROSE), kpi("甲*2", "AC1.2"), kpi("甲*3", "AC1.3")],
            年度資料=[figure("評鑑成績", [80], "分"), figure("甲", [1])],
        )
    )
    assert (*problems, *plausibility_problems(results)) == ()


def test_document_and_explanation_say_so() -> None:
    content = made(關鍵績效指標=[row(PROSE)], 年度資料=[figure("評鑑成績", [80, 86], "分")])
    results, _ = results_of(content)
    calculation = results_view(results).calculations[0].calculations[0]
    assert calculation.formula == PROSE
    assert calculation.substitution == "直接填報：86 分"
    assert [each.cell for name in calculation.names for each in name.inputs] == ["F5"]
    result = results.kpis[0]
    lines = explanation_lines(result, result.of(105), "zh-TW")
    assert [(line.label, line.text) for line in lines[:3]] == [
        ("公式", PROSE),
        ("代入", "直接填報：86 分"),
        ("實績值", "86 分"),
    ]


# --- the column ---------------------------------------------------------------------


def _headings(content: bytes) -> list[object]:
    page = load_workbook(BytesIO(content))["關鍵績效指標"]
    return [cell.value for cell in page[4]]


def test_the_column_is_there_where_it_is_filled_or_asked_for() -> None:
    assert all("填報方式" not in _headings(workbook(sample)) for sample in SAMPLES.values())
    assert "填報方式" in _headings(made(關鍵績效指標=[row(PROSE)]))
    empty = blank_edition(teachers_center.REVISED, 105).to_bytes()
    assert "填報方式" in _headings(empty)
    page = load_workbook(BytesIO(empty))["關鍵績效指標"]
    (rule,) = (each for each in page.data_validations.dataValidation if "I5" in each.sqref)
    assert (rule.type, rule.formula1) == ("list", '"依公式計算,直接填報"')
    assert "KPI 的名稱或代碼" in str(rule.prompt)


def test_the_way_of_entry_goes_along() -> None:
    old = made(
        關鍵績效指標=[row(PROSE), row("甲", "AC1.2", way="")],
        年度資料=[figure("評鑑成績", [80, 86], "分"), figure("甲", [1])],
    )
    card, problems = read_bytes(old)
    assert card is not None
    new, _ = read_bytes(same_edition(previous_edition(card, old, problems)).to_bytes())
    assert new is not None
    assert _ways(new) == _ways(card) == [True, False]


def _ways(card: Scorecard) -> list[bool]:
    return [each.is_direct for each in card.kpis]


# --- 試算 ---------------------------------------------------------------------------


@pytest.mark.slow
def test_libreoffice_shows_what_is_entered(tmp_path: Path) -> None:
    kpis, data, expected = [], [], {}
    for number, (formula, way, _, content, unit, printed, *_) in enumerate(FIGURES):
        kpis.append({**row(formula, f"K{number}", way), "名稱": f"評鑑{number}"})
        data.append(figure(f"評鑑{number}", [content], unit))
        expected[f"K{number}"] = printed
    paths = [tmp_path / name for name in ("made.xlsx", "changed.xlsx")]
    paths[0].write_bytes(made(關鍵績效指標=kpis, 年度資料=data))
    book = load_workbook(paths[0])
    book["關鍵績效指標"]["I5"] = None
    book.save(paths[1])
    tables = calculated(paths, "試算", tmp_path)
    place = tables[0][3].index("105")
    shown = [{row[0]: row for row in table[4:] if row[1] == "KPI"} for table in tables]
    assert {code: row[place] for code, row in shown[0].items()} == expected
    ways = {row[3] for row in tables[0][4:] if row[1] == "算式"}
    assert ways == {DIRECT}
    assert (shown[1]["K0"][place], shown[1]["K0"][-1]) == ("✗", FORMULA_CHANGED_TEXT)
    assert shown[1]["K1"][place] == "86"
