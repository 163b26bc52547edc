"""The form of ``results.json``, and of a KPI in ``explain --json``.

Figures are texts, so that no reader rounds them. A figure that a KPI has, but that is missing, is
an object with the symbol of the reason; one that it does not have is null.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from reportgen.compute.result_types import RateLevel
from reportgen.json_schema import (
    CellPlace,
    Decimal,
    Edition,
    Exact,
    Field,
    NonEmpty,
    RocYear,
    one_of,
    rule,
)
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import DataStatus, Direction

MissingSymbol = Annotated[str, rule(enum=tuple(reason.symbol for reason in MissingReason))]


class FigureForm(TypedDict):
    """A figure in its forms; of a KPI in % or ‰ the numbers are ratios, 0.1 for 10 %."""

    exact: Annotated[
        Exact | None, Field("精確值", "Exact, as a fraction: 17/160; null if it is missing.")
    ]
    decimal: Annotated[
        Decimal | None,
        Field("小數", "The same as a decimal; null if its digits never end, or if it is missing."),
    ]
    shown: Annotated[NonEmpty, Field("照印", "As the documents print it: 10.63%, 1,234, ….")]
    missing: Annotated[
        MissingSymbol | None,
        Field("無數值的原因", "The symbol of the reason for a missing figure; else null."),
    ]


class InputCell(FigureForm, CellPlace):
    """A cell that a calculation has read, with its figure in its own unit."""

    component: Annotated[str, Field("組成", "The component; empty without one.")]
    unit: Annotated[str, Field("單位", "The unit as it is written; empty if none is stated.")]
    factor: Annotated[
        Exact, Field("換算倍數", "By which the figure was multiplied to have the KPI's unit.")
    ]


class CalculationInput(TypedDict):
    """A name in a formula, with the cells that it stands for."""

    name: Annotated[NonEmpty, Field("名稱", "The name as the formula has it.")]
    total: Annotated[FigureForm, Field("合計", "What the formula calculates with.")]
    cells: Annotated[list[InputCell], Field("儲存格", "The cells of the total.")]


class CalculationGap(CellPlace):
    """A figure that is missing, for which there is no result."""

    name: Annotated[NonEmpty, Field("名稱", "The name as the formula has it.")]
    component: Annotated[str, Field("組成", "The component; empty without one.")]
    missing: Annotated[MissingSymbol, Field("無數值的原因", "The symbol of the reason.")]


class CalculationForm(TypedDict):
    """A calculation, down to its cells."""

    substitution: Annotated[
        str, Field("計算", "The formula with figures in it: 17÷160×100% = 10.63%.")
    ]
    inputs: Annotated[list[CalculationInput], Field("取用數值", "The names and their cells.")]
    gaps: Annotated[list[CalculationGap], Field("缺少數值", "The figures that are missing.")]
    zero_divisor: Annotated[
        str | None, Field("為零的除數", "The divisor that is zero; null without one.")
    ]


class TargetForm(CellPlace):
    """The target of a KPI and year, and the cell that states it."""

    written: Annotated[NonEmpty, Field("原文", "As the workbook states it.")]
    relation: Annotated[
        Literal["≥", "≤", ">", "<", "=", "~"],
        Field("關係", "How the figure should stand to the target; ~ is from low to high."),
    ]
    low: Annotated[
        Exact, Field("下限", "Exact, in the KPI's unit (a ratio for % and ‰), as a fraction.")
    ]
    high: Annotated[Exact, Field("上限", "The same as low, but for a range.")]
    shown: Annotated[NonEmpty, Field("照印", "As the documents print it: ≥90%.")]
    basis: Annotated[str, Field("依據", "What the target is based on; may be empty.")]


class ChangeForm(TypedDict):
    """The change since the year before."""

    since: Annotated[RocYear, Field("基準年", "The ROC year that is compared with.")]
    difference: Annotated[FigureForm, Field("增減", "The difference.")]
    unit: Annotated[str, Field("單位", "The unit of the difference: 百分點 for a KPI in %.")]
    relative: Annotated[FigureForm, Field("增減率", "The difference by the former figure.")]


class KpiYearForm(CalculationForm):
    """The results of a KPI in one year."""

    year: Annotated[RocYear, Field("民國年", "The ROC year; 105 is 2016.")]
    printed: Annotated[NonEmpty, Field("實績值（照印）", "What the documents print for it.")]
    actual: Annotated[FigureForm, Field("實績值", "The figure.")]
    threshold: Annotated[
        FigureForm | None,
        Field("門檻", "The right side of a formula with ≥ or the like; else null."),
    ]
    target: Annotated[TargetForm | None, Field("目標值", "The target; null without one.")]
    rate: Annotated[
        FigureForm | None,
        Field("達成率", "The achievement rate, a ratio; null without a target."),
    ]
    rate_rule: Annotated[
        NonEmpty | None, Field("達成率算法", "How the rate is calculated, in words; null without.")
    ]
    verdict: Annotated[
        Literal["達成", "未達成"] | None,
        Field("判定", "By the unrounded figure; null without a figure or a target."),
    ]
    light: Annotated[NonEmpty | None, Field("燈號", "The name of the light; null without one.")]
    change: Annotated[
        ChangeForm | None, Field("較上年", "The change; null without the year before.")
    ]


class FormulaForm(CellPlace):
    """A formula and its cell."""

    text: Annotated[NonEmpty, Field("原文", "As the workbook has it and the documents print it.")]
    reading: Annotated[
        NonEmpty | None,
        Field("讀法", "How it is calculated, where the text alone does not show it; else null."),
    ]


class KpiForm(TypedDict):
    """A KPI with its results."""

    perspective: Annotated[NonEmpty, Field("構面", "The code of its perspective.")]
    objective: Annotated[NonEmpty, Field("策略目標", "The code of its objective.")]
    code: Annotated[NonEmpty, Field("代碼", "Its code.")]
    name: Annotated[NonEmpty, Field("名稱", "Its name.")]
    unit: Annotated[str, Field("單位", "As the formula states it; may be empty.")]
    direction: Annotated[str, one_of(Direction), Field("方向", "In which it improves.")]
    weight: Annotated[Exact | None, Field("權重", "Its weight, exact; null without one.")]
    owner: Annotated[str, Field("承辦單位", "The unit in charge; may be empty.")]
    formula: Annotated[FormulaForm, Field("計算公式", "Its formula.")]
    years: Annotated[
        list[KpiYearForm], Field("各年度", "Its results; empty if the formula cannot be read.")
    ]


class WeightedRateForm(TypedDict):
    """The weighted mean of achievement rates in one year."""

    level: Annotated[str, one_of(RateLevel), Field("層級", "Whose rate it is.")]
    code: Annotated[str, Field("代碼", "Of objective or perspective; empty for the whole.")]
    year: Annotated[RocYear, Field("民國年", "The ROC year.")]
    rate: Annotated[FigureForm, Field("加權達成率", "Missing as long as a KPI has none.")]
    so_far: Annotated[FigureForm, Field("現有加權達成率", "Of the KPIs that have a rate.")]
    weight: Annotated[Exact, Field("權重合計", "The weight of all its KPIs, exact.")]
    counted: Annotated[Exact, Field("計入權重", "The weight of those that have a rate, exact.")]
    kpis: Annotated[list[NonEmpty], Field("指標", "The codes of its KPIs.")]
    without: Annotated[list[NonEmpty], Field("無達成率的指標", "Those that have no rate.")]


class CheckYearForm(CalculationForm):
    """Both sides of a cross-check in one year."""

    year: Annotated[RocYear, Field("民國年", "The ROC year.")]
    left: Annotated[FigureForm, Field("左邊", "The left side.")]
    right: Annotated[FigureForm, Field("右邊", "The right side.")]
    holds: Annotated[bool | None, Field("成立", "Whether it holds; null with a figure missing.")]


class RuleForm(CellPlace):
    """The text of a cross-check and its cell."""

    text: Annotated[NonEmpty, Field("規則", "As the workbook has it.")]


class CrossCheckForm(TypedDict):
    """A cross-check over the years."""

    rule: Annotated[RuleForm, Field("規則", "The comparison.")]
    note: Annotated[str, Field("說明", "What it is about; may be empty.")]
    years: Annotated[list[CheckYearForm], Field("各年度", "Its years; empty if it cannot be read.")]


class ResultsForm(TypedDict):
    """All results of an edition: ``results.json``, beside the documents and within the PDF."""

    schema: Annotated[Literal["reportgen.results/1"], Field("格式", "The name of this form.")]
    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    data_year: Annotated[RocYear, Field("資料年度", "The ROC year that is reported on.")]
    status: Annotated[str, one_of(DataStatus), Field("資料狀態", "How final the figures are.")]
    years: Annotated[list[RocYear], Field("年度", "The ROC years with results, ascending.")]
    kpis: Annotated[list[KpiForm], Field("指標", "The KPIs, in the workbook's order.")]
    roll_ups: Annotated[list[WeightedRateForm], Field("加權達成率", "Empty without weights.")]
    checks: Annotated[list[CrossCheckForm], Field("勾稽結果", "Empty without rules.")]
