"""The nine formulas of the document of 105-12-25, verbatim, with figures worked out by hand."""

from __future__ import annotations

import pytest

from reportgen.formula import FormulaKind, evaluate, parse_formula, substitution
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, Known, Missing
from tests.factories.formula_table import WHERE, run, year

COMPONENTS = ("本年度原預算", "併決算", "以前年度保留數")

NUMBERS = {
    "AC1.1": ("每年增加創新研習班後之研習類別總數 (單位：類別數)", "類別", "8 類別數"),
    "BC1.1": ("每年新建立合作或諮詢關係之專家學者資料庫人數(單位：人)", "人", "8 人"),
    "AP3.1": ("當年度新增教師聯誼多元體驗活動場次(單位：場次)", "場次", "8 場次"),
    "BP1.1": ("當年度教師研究成果上傳中心公開網站平臺件數(單位：件)", "件", "8 件"),
    "BP2.1": ("當年度辦理國際講座、研討會或國際交流次數(單位：次數)", "次", "8 次數"),
    "L1.1": ("每年提供中心所屬員工專業成長研習之類別數 (單位：類別數)", "類別數", "8 類別數"),
}
BP3_1 = "當年度優質學校獲獎校數/當年度優質學校申請校數*100%。(單位：%)"
F1_1 = (
    "(資本門實支數+資本門應付未付數+資本門賸餘數)/(資本門預算數)×100% "
    "(以上各數均含本年度原預算、併決算及以前年度保留數) (單位: %)"
)
F1_2 = (
    "(預算實支數+應付未付數+賸餘數)/預算數×100% "
    "(以上各數均含本年度原預算、併決算及以前年度保留數) (單位: %)"
)
CAPITAL = ("資本門實支數", "資本門應付未付數", "資本門賸餘數", "資本門預算數")
BUDGET = ("預算實支數", "應付未付數", "賸餘數", "預算數")
# (60+30+10 + 5+0+0 + 2+0+0) / (100+20+0) = 107/120 = 0.891666…
CELLS = ((60, 30, 10), (5, 0, 0), (2, 0, 0), (100, 20, 0))


def budget(
    names: tuple[str, ...], *, leave_out: int | None = None, blank: int | None = None
) -> str:
    """Twelve rows in 千元, E2 to E13; one of them left out, or without a figure."""
    rows = [
        (name, component, str(figure))
        for name, figures in zip(names, CELLS, strict=True)
        for component, figure in zip(COMPONENTS, figures, strict=True)
    ]
    return ";".join(
        f"{name}/{component} {'空白' if index == blank else figure} 千元"
        for index, (name, component, figure) in enumerate(rows)
        if index != leave_out
    )


@pytest.mark.parametrize("code", NUMBERS)
def test_the_six_numbers(code: str) -> None:
    text, unit, printed = NUMBERS[code]
    name = text.partition("(")[0].strip()
    outcome = run(text, f"{name} 8 {unit}")
    assert outcome.formula.kind is FormulaKind.NUMBER
    assert substitution(outcome) == printed
    assert outcome.problems == ()


def test_the_share_of_winners() -> None:
    outcome = run(BP3_1, "當年度優質學校獲獎校數 17 校; 當年度優質學校申請校數 160 校")
    assert outcome.formula.kind is FormulaKind.RATIO
    assert substitution(outcome) == "17÷160×100% = 10.63%"  # binary floats say 10.62
    assert outcome.problems == ()


@pytest.mark.parametrize(("text", "names"), [(F1_1, CAPITAL), (F1_2, BUDGET)])
def test_the_two_budgets(text: str, names: tuple[str, ...]) -> None:
    outcome = run(text, budget(names))
    assert outcome.formula.kind is FormulaKind.RATIO
    assert outcome.formula.components == COMPONENTS
    assert [note.text for note in outcome.formula.notes] == [
        "以上各數均含本年度原預算、併決算及以前年度保留數",
        "單位: %",
    ]
    assert substitution(outcome) == "((60+30+10)+(5+0+0)+(2+0+0))÷(100+20+0)×100% = 89.17%"
    assert outcome.problems == ()


def test_the_budgets_read_twenty_four_cells() -> None:
    outcomes = [run(F1_1, budget(CAPITAL)), run(F1_2, budget(BUDGET))]
    cells = [part.at for outcome in outcomes for each in outcome.evidence for part in each.parts]
    assert len(cells) == 24
    assert cells[:12] == [CellRef(sheet="年度資料", cell=f"E{row}") for row in range(2, 14)]


def test_evidence_holds_every_figure_and_its_sum() -> None:
    spent = run(F1_1, budget(CAPITAL)).evidence[0]
    assert spent.name == "資本門實支數"
    assert [(part.component, part.value, part.unit, part.at.cell) for part in spent.parts] == [
        ("本年度原預算", Known(value=60), "千元", "E2"),  # type: ignore[arg-type]
        ("併決算", Known(value=30), "千元", "E3"),  # type: ignore[arg-type]
        ("以前年度保留數", Known(value=10), "千元", "E4"),  # type: ignore[arg-type]
    ]
    assert spent.total == Known(value=100)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "names"), [(F1_1, CAPITAL), (F1_2, BUDGET)])
@pytest.mark.parametrize("index", range(12))
def test_a_blank_component_names_exactly_its_cell(
    text: str, names: tuple[str, ...], index: int
) -> None:
    outcome = run(text, budget(names, blank=index))
    (gap,) = outcome.gaps
    assert gap.at == CellRef(sheet="年度資料", cell=f"E{index + 2}")
    assert (gap.name, gap.component) == (names[index // 3], COMPONENTS[index % 3])
    assert outcome.value == Missing(reason=MissingReason.BLANK)


@pytest.mark.parametrize("index", range(12))
def test_a_component_without_a_row_is_named(index: int) -> None:
    formula, _ = parse_formula(F1_1, WHERE)
    assert formula is not None
    figures = year(budget(CAPITAL, leave_out=index))
    (problem,) = evaluate(formula, figures, names=figures.names, where=WHERE).problems
    assert problem.code == "E206"
    fields = dict(problem.fields)
    assert (fields["found"], fields["component"]) == (CAPITAL[index // 3], COMPONENTS[index % 3])
    assert str(problem.where.sheet) == "關鍵績效指標"


def test_spaces_and_widths_make_no_difference() -> None:
    text = F1_1.translate(str.maketrans("()+/×%:", "（）＋／＊％："))
    spaced = "".join(char if char.isdigit() else f"{char}\u3000" for char in text)
    for written in (text, spaced):
        printed = substitution(run(written, budget(CAPITAL)))
        assert printed.endswith("÷(100+20+0)×100% = 89.17%")
