"""Collections for tests: small agencies changed in memory, and a few of the invented city."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from reportgen.compute import compute
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, DataStatus, Direction, Known, Missing, RocDate
from reportgen.model.scorecard import Text as CellText
from reportgen.rollup import Submission
from tests.factories.agencies import generate
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

UP = CellRef(sheet="策略目標", cell="E5")
PARENT = CellRef(sheet="基本資料", cell="B15")


@cache
def base() -> Scorecard:
    """One perspective, goal and KPI: 甲 in 件, at least 10, in 105."""
    return read(
        關鍵績效指標=[kpi("甲（單位：件）", 名稱="甲")],
        年度資料=[figure("甲", [1, 2, 3])],
        目標值=[goal("≥10")],
    )


def card(
    agency: str,
    value: Fraction | int | None = 12,
    *,
    edition: tuple[int, int, int] = (106, 3, 1),
    status: DataStatus = DataStatus.FINAL,
    parent: str = "",
    serves: tuple[str, ...] = (),
    year: int = 105,
    unit: str = "件",
    direction: Direction = Direction.HIGHER,
    perspective: str = "顧客",
    goals: tuple[str, ...] = ("AC1",),
) -> Scorecard:
    """An agency with one KPI; ``value`` is its figure of ``year``, None: there is none (-)."""
    made = base()
    figure = made.figures[0]
    known = (
        Missing(reason=MissingReason.NO_FIGURE) if value is None else Known(value=Fraction(value))
    )
    values = (replace(figure.values[-1], year=year, value=known),)
    first = made.objectives[0]
    kpi = made.kpis[0]
    text = replace(kpi.formula, text=f"甲（單位：{unit}）")
    return replace(
        made,
        agency=replace(made.agency, text=agency),
        revised=RocDate(*edition),
        data_year=year,
        status=status,
        parent=CellText(text=parent, at=PARENT) if parent else None,
        perspectives=tuple(
            replace(each, map_name=replace(each.map_name, text=perspective))
            for each in made.perspectives
        ),
        objectives=tuple(
            replace(
                first,
                code=code,
                parents=tuple(CellText(text=up, at=UP) for up in serves) if not number else (),
            )
            for number, code in enumerate(goals)
        ),
        kpis=(replace(kpi, objective=goals[0], formula=text, direction=direction),),
        figures=(replace(figure, values=values, unit=replace(figure.unit, text=unit)),),
        targets=tuple(replace(each, year=year) for each in made.targets),
    )


def handed(
    agency: str, value: Fraction | int | None = 12, *, workbook: str = "", **given: Any
) -> Submission:
    """A sound workbook of :func:`card`."""
    made = card(agency, value, **given)
    results, problems = compute(made)
    return Submission(
        workbook=workbook or f"{agency}/{made.edition}.xlsx", results=results, problems=problems
    )


@cache
def city(count: int) -> tuple[Submission, ...]:
    """The first agencies of the invented city, each with its parent; all of them sound."""
    made = []
    for agency in generate(count, seed=7):
        up = agency.parent_objectives
        scorecard = replace(
            agency.scorecard,
            parent=CellText(text=agency.parent, at=PARENT) if agency.parent else None,
            objectives=tuple(
                replace(each, parents=(CellText(text=up[each.code], at=UP),))
                if each.code in up
                else each
                for each in agency.scorecard.objectives
            ),
        )
        results, problems = compute(scorecard)
        made.append(
            Submission(
                workbook=f"送件/{agency.file_name}",
                results=results,
                problems=problems,
                documents=(f"{agency.name}_執行成果.pdf", f"{agency.name}_執行成果.docx"),
            )
        )
    return tuple(made)


def codes(problems: tuple[Problem, ...]) -> list[str]:
    """What was told, in order."""
    return [each.code for each in problems]
