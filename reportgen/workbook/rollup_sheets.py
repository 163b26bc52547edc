"""``彙整.xlsx``: what many agencies handed in, as plain tables for those who go on calculating.

Each sheet is one table: headings in the first row, no merged cells, one kind of content in a
column. Numbers are not rounded; their formats round them as the documents do. Where a figure is
missing its number is blank, so that no sum counts it as zero, and the column beside it says why.
Rows are written one by one, so that forty thousand of them need little memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook

from reportgen.formula import exact_value_text
from reportgen.model import Known, RocDate
from reportgen.problems import Severity
from reportgen.results import Level, Shown
from reportgen.rollup.agencies import count
from reportgen.rollup.perspectives import perspective_key
from reportgen.rollup.tally import tally
from reportgen.workbook.packing import save
from reportgen.workbook.plain_tables import Cell, Columns, Link, Number, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path
    from typing import BinaryIO

    from reportgen.problems import Problem
    from reportgen.results import Change, KpiYear, Results
    from reportgen.rollup import Agency, Handed, RollUp, Standing

UNDATED: Final = RocDate(100, 1, 1)  # the file's date where no edition counts
_DECIMALS: Final = re.compile(r"\.([0-9]+)")
_SEVERITIES: Final = {Severity.ERROR: "錯誤", Severity.WARNING: "提醒", Severity.NOTICE: "說明"}


_AGENCIES: Final[Columns] = (
    *(("機關", 30), ("上級機關", 26), ("收件情形", 11), ("名單", 9), ("採計", 8), ("版次", 12)),
    *(("資料狀態", 11), ("資料年度", 11), ("KPI數", 9), ("達成", 9), ("未達成", 10)),
    *(("無數字", 10), ("未訂目標", 11), ("達成比率", 11), ("加權達成率", 13)),
    *(("錯誤", 8), ("提醒", 8)),
    *(("活頁簿", 34), ("檢查結果", 34), ("PDF", 34), ("其他文件", 34)),
)
_KPIS: Final[Columns] = (
    *(("機關", 26), ("上級機關", 22), ("版次", 12), ("資料狀態", 11), ("構面", 14)),
    *(("構面原名", 14), ("策略目標代碼", 14), ("策略目標", 28), ("上位目標", 12)),
    *(("KPI代碼", 11), ("KPI名稱", 34), ("單位", 10), ("方向", 11), ("承辦單位", 12)),
    *(("權重", 8), ("年度", 8), ("彙整年度", 11), ("目標值", 12), ("目標數值", 12)),
    *(("實績值", 16), ("實績數值", 16), ("達成率", 12), ("達成情形", 11), ("燈號", 10)),
    *(("較上年增減", 14), ("增減單位", 11), ("增減率", 11), ("計算", 44), ("佐證儲存格", 60)),
)
_PERSPECTIVES: Final[Columns] = (
    *(("構面", 16), ("機關", 30), ("構面原名", 16), ("年度", 8), ("KPI數", 9), ("達成", 9)),
    *(("未達成", 10), ("無數字", 10), ("未訂目標", 11), ("達成比率", 11)),
    *(("達成率中位數", 14), ("加權達成率", 13)),
)
_RANKINGS: Final[Columns] = (
    *(("KPI名稱", 34), ("單位", 12), ("方向", 11), ("年度", 8), ("機關數", 9), ("名次", 8)),
    *(("機關", 30), ("KPI代碼", 11), ("資料狀態", 11), ("實績值", 16), ("實績數值", 16)),
    *(("達成率", 12), ("達成情形", 11)),
)
_CASCADE: Final[Columns] = (
    *(("上級機關", 30), ("上級目標代碼", 14), ("上級目標", 36), ("下級機關", 30)),
    *(("目標代碼", 11), ("目標", 36), ("年度", 8), ("KPI數", 9), ("達成", 9), ("未達成", 10)),
    *(("無數字", 10), ("未訂目標", 11)),
)
_PROBLEMS: Final[Columns] = (
    *(("機關", 30), ("活頁簿", 34), ("類別", 8), ("代碼", 9), ("工作表", 14), ("儲存格", 10)),
    *(("訊息", 70), ("怎麼改", 60)),
)


def write_rollup(rolled: RollUp, target: BinaryIO | Path) -> None:
    """Write ``彙整.xlsx``; raises OSError where ``target`` cannot be written.

    The bytes depend on the roll-up alone.
    """
    book = Workbook(write_only=True)
    rows = [write_table(book, *table) for table in _tables(rolled)]
    save(book, target, rolled.latest or UNDATED, (), rows)


def open_document_of(rolled: RollUp) -> bytes:
    """Return the same as .ods."""
    from reportgen.workbook.opendocument.writing import Table, write_tables

    tables = [
        Table(name=name, columns=columns, rows=rows, frozen=frozen)
        for name, columns, rows, frozen in _tables(rolled)
    ]
    return write_tables(tables, rolled.latest or UNDATED)


def _tables(rolled: RollUp) -> Iterator[tuple[str, Columns, Iterator[list[Cell]], int]]:
    """Yield the name, columns and rows of each sheet, and how many columns stay in view."""
    yield "收件情形", _AGENCIES, _agency_rows(rolled), 1
    yield "KPI明細", _KPIS, _kpi_rows(rolled), 1
    yield "構面", _PERSPECTIVES, _perspective_rows(rolled), 2
    yield "排名", _RANKINGS, _ranking_rows(rolled), 1
    if rolled.cascades:
        yield "目標層級", _CASCADE, _cascade_rows(rolled), 2
    yield "問題", _PROBLEMS, _problem_rows(rolled), 1


def _agency_rows(rolled: RollUp) -> Iterator[list[Cell]]:
    members: dict[str, list[Standing]] = {}
    for each in rolled.standings:
        members.setdefault(each.agency.key, []).append(each)
    for agency in rolled.agencies:
        listed = "是" if agency.expected else "否"
        head = [agency.name, agency.parent, agency.state.value, listed]
        for handed in agency.handed:
            own = members.get(agency.key, []) if handed is agency.used else None
            yield [*head, *_workbook_cells(handed, own, rolled.year)]
        if not agency.handed:
            yield [*head, "否"]


def _workbook_cells(
    handed: Handed, standings: list[Standing] | None, year: int | None
) -> list[Cell]:
    """What is said of one workbook; the counts are of the one that counts."""
    card = handed.results.scorecard if handed.results else None
    counts: list[Cell] = [None] * 7
    if standings is not None and handed.results is not None:
        found = tally(standings)
        counts = [found.total, found.met, found.missed, found.no_figure, found.no_target]
        counts.append(None if found.share is None else Number(found.share, "0.0%"))
        counts.append(_weighted(handed.results, Level.WHOLE, "", year))
    papers = [each for each in handed.documents if each.endswith(".pdf")]
    others = [each for each in handed.documents if not each.endswith(".pdf")]
    return [
        "否" if standings is None else "是",
        *((card.edition, card.status.value, card.data_year) if card else ("", "", None)),
        *counts,
        count(handed.problems, Severity.ERROR),
        count(handed.problems, Severity.WARNING),
        *(_link(each) for each in (handed.workbook, handed.annotated, *papers[:1], *others[:1])),
    ]


def _link(path: str) -> Cell:
    return Link(path.rpartition("/")[2], path) if path else None


def _weighted(results: Results, level: Level, code: str, year: int | None) -> Cell:
    """A weighted achievement rate as it stands in the results; blank where there is none."""
    for each in results.roll_ups:
        if (each.level, each.code, each.year) == (level, code, year):
            return _number(each.rate)
    return None


def _kpi_rows(rolled: RollUp) -> Iterator[list[Cell]]:
    names = {group.key: group.name for group in rolled.perspectives}
    for each in rolled.standings:
        card, kpi = each.agency.card, each.result.kpi
        assert card is not None
        own = each.perspective.map_name.text
        head: list[Cell] = [
            *(each.agency.name, each.agency.parent, card.edition, card.status.value),
            *(names[perspective_key(each.perspective)], own),
            *(each.objective.code, each.objective.name.text),
            "、".join(code.text for code in each.objective.parents),
            *(kpi.code, kpi.name.text, each.result.unit, kpi.direction.value, kpi.owner.text),
            None if kpi.weight is None else _plain_number(kpi.weight),
        ]
        for of_year in each.result.years:
            yield [*head, *_year_cells(of_year, rolled.year)]


def _year_cells(of_year: KpiYear, year: int | None) -> list[Cell]:
    target = of_year.target
    goal: Cell = None
    if target and target.low == target.high:
        goal = _number(Shown(value=Known(value=target.low), text=target.shown, per=target.per))
    written = target.shown if target else ""
    if of_year.threshold and not target:
        written, goal = f"≥{of_year.threshold.text}", _number(of_year.threshold)
    return [
        *(of_year.year, "是" if of_year.year == year else "否"),
        *(written, goal, of_year.printed, _number(of_year.actual)),
        _number(of_year.rate) if of_year.rate else None,
        of_year.verdict,
        of_year.light.name.text if of_year.light else "",
        *_change(of_year.change),
        of_year.substitution,
        _evidence(of_year),
    ]


def _change(change: Change | None) -> tuple[Cell, Cell, Cell]:
    if change is None:
        return None, "", None
    difference: Cell = None
    if isinstance(value := change.difference.value, Known):
        plain = _format(change.difference.text)
        difference = Number(value.value * change.difference.per, f"+{plain};-{plain};{plain}")
    return difference, change.unit, _number(change.relative)


def _evidence(of_year: KpiYear) -> str:
    """``依限辦結公文件數 1,234 件「年度資料」E5``, one after the other."""
    return "；".join(
        f"{each.name}{'（' + part.component + '）' if part.component else ''} "
        f"{exact_value_text(part.value)} {part.unit}「{part.at.sheet}」{part.at.cell}"
        for each in of_year.evidence
        for part in each.parts
    )


def _perspective_rows(rolled: RollUp) -> Iterator[list[Cell]]:
    for group in rolled.perspectives:
        members: dict[str, list[Standing]] = {}
        for each in group.standings:
            members.setdefault(each.agency.key, []).append(each)
        for standings in members.values():
            agency, own = standings[0].agency, standings[0].perspective
            found = tally(standings)
            assert agency.results is not None
            yield [
                *(group.name, agency.name, own.map_name.text, rolled.year),
                *(found.total, found.met, found.missed, found.no_figure, found.no_target),
                None if found.share is None else Number(found.share, "0.0%"),
                None if found.median is None else Number(found.median, "0.00%"),
                _weighted(agency.results, Level.PERSPECTIVE, own.code, rolled.year),
            ]


def _ranking_rows(rolled: RollUp) -> Iterator[list[Cell]]:
    for ranking in rolled.rankings:
        head = [ranking.name, ranking.unit, ranking.direction.value, rolled.year, ranking.agencies]
        places = (
            *((each.rank, each.standing) for each in ranking.ranked),
            *((None, each) for each in ranking.without),
        )
        for rank, each in places:
            now, card = each.now, each.agency.card
            yield [
                *(*head, rank, each.agency.name, each.result.kpi.code),
                card.status.value if card else "",
                now.printed if now else "無此年度",
                _number(now.actual) if now else None,
                _number(now.rate) if now and now.rate else None,
                each.stand.value,
            ]


def _cascade_rows(rolled: RollUp) -> Iterator[list[Cell]]:
    """Each objective below with the one above that it serves; those that nothing serves, too."""
    members: dict[tuple[str, str], list[Standing]] = {}
    for each in rolled.standings:
        members.setdefault((each.agency.key, each.objective.code), []).append(each)
    for cascade in rolled.cascades:
        for served in cascade.objectives:
            head = [cascade.parent.name, served.objective.code, served.objective.name.text]
            for agency, goal in served.by:
                found = tally(members.get((agency.key, goal.code), ()))
                yield [
                    *(*head, agency.name, goal.code, goal.name.text, rolled.year),
                    *(found.total, found.met, found.missed, found.no_figure, found.no_target),
                ]
            if not served.by:
                yield [*head]


def _problem_rows(rolled: RollUp) -> Iterator[list[Cell]]:
    """Those of the collection first, then each workbook's; in a workbook as they were told."""
    owners: dict[str, tuple[Agency, Handed]] = {}
    for agency in rolled.agencies:
        for handed in agency.handed:
            owners.setdefault(handed.workbook, (agency, handed))
    for problem in rolled.problems:
        owner = owners.get(problem.where.file)
        agency_name = owner[0].name if owner else dict(problem.fields).get("agency", "")
        yield _problem_cells(agency_name, owner[1] if owner else None, problem)
    for agency in rolled.agencies:
        for handed in agency.handed:
            for problem in handed.problems:
                yield _problem_cells(agency.name, handed, problem)


def _problem_cells(agency: str, handed: Handed | None, problem: Problem) -> list[Cell]:
    workbook: Cell = problem.where.file
    if handed:
        path = handed.annotated or handed.workbook
        workbook = Link(path.rpartition("/")[2], path)
    return [
        *(agency, workbook, _SEVERITIES[problem.severity], problem.code),
        *(problem.where.sheet, problem.where.cell, problem.message(), problem.fix()),
    ]


def _number(shown: Shown) -> Cell:
    """A figure with the decimal places that it is printed with; blank where it is missing."""
    if not isinstance(shown.value, Known):
        return None
    value, sign = shown.value.value, shown.text[-1:]
    if shown.per == 1 or sign == "%":
        return Number(value, _format(shown.text, shown.per))
    plain = _format(shown.text)  # Excel itself multiplies for no sign but %
    return Number(value * shown.per, plain if sign.isdigit() else f'{plain}"{sign}"')


def _format(text: str, per: int = 1) -> str:
    found = _DECIMALS.search(text)
    places = "." + "0" * len(found[1]) if found else ""
    return f"0{places}%" if per == 100 else f"#,##0{places}"


def _plain_number(value: Fraction) -> Number:
    return Number(value, "#,##0" if value.denominator == 1 else "General")


__all__ = ["write_rollup"]
