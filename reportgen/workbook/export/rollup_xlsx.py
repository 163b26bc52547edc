"""``彙整.xlsx``: the submissions of many agencies as plain tables, for further calculation.

Each sheet is one table: headings in the first row, no merged cells, one kind of content in a
column. Numbers are not rounded; their formats round them as the documents do. If a figure is
missing its number is blank, so that no sum counts it as zero, and the column beside it says why.
Rows are written one by one, so that forty thousand of them need little memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook

from reportgen.compute.result_types import FormattedFigure, RateLevel
from reportgen.formula import exact_value_text
from reportgen.model.scorecard import Known, RocDate
from reportgen.problems import Severity
from reportgen.rollup.agencies import count_severity
from reportgen.rollup.distribution import distribution_of
from reportgen.rollup.perspectives import perspective_key
from reportgen.workbook.export.table_sheet import CellContent, Columns, Link, Number, write_table
from reportgen.workbook.writing.deterministic_zip import save_deterministic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path
    from typing import BinaryIO

    from reportgen.compute.result_types import KpiYear, Results, YearChange
    from reportgen.problems import Problem
    from reportgen.rollup import Agency, AgencyKpi, RollUp, Submission
    from reportgen.rollup.missed_kpis import MissedKpi

DEFAULT_DATE: Final = RocDate(100, 1, 1)  # the file's date if no edition counts
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
_MISSED: Final[Columns] = (
    *(("機關", 30), ("上級機關", 26), ("版次", 12), ("資料狀態", 11), ("構面", 16)),
    *(("策略目標代碼", 14), ("策略目標", 28), ("KPI代碼", 11), ("KPI名稱", 34), ("單位", 10)),
    *(("承辦單位", 12), ("年度", 8), ("目標值", 12), ("實績值", 16), ("實績數值", 16)),
    *(("達成率", 12), ("執行情形", 50), ("未達成原因", 50), ("因應策略", 50), ("尚未填寫", 20)),
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


def write_rollup(rolled: RollUp, target: BinaryIO | Path, missed: Sequence[MissedKpi] = ()) -> None:
    """Write ``彙整.xlsx``; raises OSError if ``target`` cannot be written.

    The bytes depend on the roll-up alone; the file is dated :attr:`RollUp.latest`. ``missed`` are
    its missed KPIs with their words; without any they have no sheet.
    """
    book = Workbook(write_only=True)
    rows = [write_table(book, *table) for table in _tables(rolled, missed)]
    save_deterministic(book, target, rolled.latest or DEFAULT_DATE, (), rows)


def rollup_as_ods(rolled: RollUp, missed: Sequence[MissedKpi] = ()) -> bytes:
    """Return the roll-up as the bytes of an .ods workbook, with the sheets of the .xlsx."""
    from reportgen.workbook.export.ods_writer import Table, write_tables

    tables = [
        Table(name=name, columns=columns, rows=rows, frozen=frozen)
        for name, columns, rows, frozen in _tables(rolled, missed)
    ]
    return write_tables(tables, rolled.latest or DEFAULT_DATE)


def _tables(
    rolled: RollUp, missed: Sequence[MissedKpi]
) -> Iterator[tuple[str, Columns, Iterator[list[CellContent]], int]]:
    """Yield the name, columns and rows of each sheet, and how many columns stay in view."""
    yield "收件情形", _AGENCIES, _agency_rows(rolled), 1
    yield "KPI明細", _KPIS, _kpi_rows(rolled), 1
    yield "構面", _PERSPECTIVES, _perspective_rows(rolled), 2
    if missed:
        yield "未達成", _MISSED, _missed_rows(missed, rolled), 1
    yield "排名", _RANKINGS, _ranking_rows(rolled), 1
    if rolled.cascades:
        yield "目標層級", _CASCADE, _cascade_rows(rolled), 2
    yield "問題", _PROBLEMS, _problem_rows(rolled), 1


def _agency_rows(rolled: RollUp) -> Iterator[list[CellContent]]:
    """Yield a row for each workbook of each agency, and for each agency without any.

    Only the workbook that is used has counts of KPIs.
    """
    members: dict[str, list[AgencyKpi]] = {}
    for standing in rolled.standings:
        members.setdefault(standing.agency.key, []).append(standing)
    for agency in rolled.agencies:
        on_list = "是" if agency.expected else "否"
        head = [agency.name, agency.parent, agency.state.value, on_list]
        for submission in agency.submissions:
            agency_standings = members.get(agency.key, []) if submission is agency.used else None
            yield [*head, *_workbook_cells(submission, agency_standings, rolled.year)]
        if not agency.submissions:
            yield [*head, "否"]


def _workbook_cells(
    submission: Submission, standings: list[AgencyKpi] | None, year: int | None
) -> list[CellContent]:
    """Return the cells of one workbook, from 採計 on.

    ``standings`` are the agency's KPIs if the workbook is the one that is used, else None: it has
    no counts. Of several documents of a kind the first is linked.
    """
    card = submission.results.scorecard if submission.results else None
    counts: list[CellContent] = [None] * 7
    if standings is not None and submission.results is not None:
        distribution = distribution_of(standings)
        counts = [
            distribution.total,
            distribution.met,
            distribution.missed,
            distribution.no_figure,
            distribution.no_target,
        ]
        counts.append(None if distribution.share is None else Number(distribution.share, "0.0%"))
        counts.append(_weighted_rate(submission.results, RateLevel.WHOLE, "", year))
    pdfs = [path for path in submission.documents if path.endswith(".pdf")]
    other_documents = [path for path in submission.documents if not path.endswith(".pdf")]
    return [
        "否" if standings is None else "是",
        *((card.edition, card.status.value, card.data_year) if card else ("", "", None)),
        *counts,
        count_severity(submission.problems, Severity.ERROR),
        count_severity(submission.problems, Severity.WARNING),
        *(
            _link(path)
            for path in (submission.workbook, submission.annotated, *pdfs[:1], *other_documents[:1])
        ),
    ]


def _link(path: str) -> CellContent:
    """Return a link to the file ``path``, shown as its name; None for an empty path."""
    return Link(path.rpartition("/")[2], path) if path else None


def _weighted_rate(results: Results, level: RateLevel, code: str, year: int | None) -> CellContent:
    """Return the weighted rate of a level and code in a year; None without one or its figure."""
    for roll_up in results.roll_ups:
        if (roll_up.level, roll_up.code, roll_up.year) == (level, code, year):
            return _number_cell(roll_up.rate)
    return None


def _kpi_rows(rolled: RollUp) -> Iterator[list[CellContent]]:
    """Yield a row for each year of each KPI, with agency, perspective and objective."""
    names = {group.key: group.name for group in rolled.perspectives}
    for standing in rolled.standings:
        card, kpi = standing.agency.card, standing.result.kpi
        assert card is not None
        own_name = standing.perspective.map_name.text
        head: list[CellContent] = [
            *(standing.agency.name, standing.agency.parent, card.edition, card.status.value),
            *(names[perspective_key(standing.perspective)], own_name),
            *(standing.objective.code, standing.objective.name.text),
            "、".join(parent.text for parent in standing.objective.parents),
            *(kpi.code, kpi.name.text, standing.result.unit, kpi.direction.value, kpi.owner.text),
            None if kpi.weight is None else _plain_number(kpi.weight),
        ]
        for kpi_year in standing.result.years:
            yield [*head, *_year_cells(kpi_year, rolled.year)]


def _year_cells(kpi_year: KpiYear, year: int | None) -> list[CellContent]:
    """Return the cells of a KPI in one year, from 年度 to 佐證儲存格.

    ``year`` is the year of the roll-up, whose row is marked.
    """
    target = kpi_year.target
    target_number: CellContent = None
    if target and target.low == target.high:
        target_number = _number_cell(
            FormattedFigure(value=Known(value=target.low), text=target.shown, per=target.per)
        )
    target_text = target.shown if target else ""
    if kpi_year.threshold and not target:
        target_text, target_number = kpi_year.threshold_text, _number_cell(kpi_year.threshold)
    return [
        *(kpi_year.year, "是" if kpi_year.year == year else "否"),
        *(target_text, target_number, kpi_year.printed, _number_cell(kpi_year.actual)),
        _number_cell(kpi_year.rate) if kpi_year.rate else None,
        kpi_year.verdict,
        kpi_year.light.name.text if kpi_year.light else "",
        *_change_cells(kpi_year.change),
        kpi_year.substitution,
        _evidence(kpi_year),
    ]


def _change_cells(change: YearChange | None) -> tuple[CellContent, CellContent, CellContent]:
    """Return difference, unit and relative change; None or an empty text where missing."""
    if change is None:
        return None, "", None
    difference: CellContent = None
    if isinstance(value := change.difference.value, Known):
        number_format = _number_format(change.difference.text)
        difference = Number(
            value.value * change.difference.per,
            f"+{number_format};-{number_format};{number_format}",
        )
    return difference, change.unit, _number_cell(change.relative)


def _evidence(kpi_year: KpiYear) -> str:
    """Return the inputs of a figure, each as ``依限辦結公文件數 1,234 件「年度資料」E5``."""
    return "；".join(
        f"{evidence.name}{'（' + part.component + '）' if part.component else ''} "
        f"{exact_value_text(part.value)} {part.unit}「{part.at.sheet}」{part.at.cell}"
        for evidence in kpi_year.evidence
        for part in evidence.parts
    )


def _perspective_rows(rolled: RollUp) -> Iterator[list[CellContent]]:
    """Yield a row for each perspective and agency: counts by status, share met, rates."""
    for group in rolled.perspectives:
        members: dict[str, list[AgencyKpi]] = {}
        for standing in group.standings:
            members.setdefault(standing.agency.key, []).append(standing)
        for standings in members.values():
            agency, perspective = standings[0].agency, standings[0].perspective
            distribution = distribution_of(standings)
            assert agency.results is not None
            yield [
                *(group.name, agency.name, perspective.map_name.text, rolled.year),
                *(
                    distribution.total,
                    distribution.met,
                    distribution.missed,
                    distribution.no_figure,
                    distribution.no_target,
                ),
                None if distribution.share is None else Number(distribution.share, "0.0%"),
                None if distribution.median is None else Number(distribution.median, "0.00%"),
                _weighted_rate(
                    agency.results, RateLevel.PERSPECTIVE, perspective.code, rolled.year
                ),
            ]


def _missed_rows(missed: Iterable[MissedKpi], rolled: RollUp) -> Iterator[list[CellContent]]:
    """Yield a row for each missed KPI: its figures in the year, the words, and what is blank."""
    names = {group.key: group.name for group in rolled.perspectives}
    for missed_kpi in missed:
        standing = missed_kpi.standing
        card, kpi, kpi_year = standing.agency.card, standing.result.kpi, standing.now
        assert card is not None
        assert kpi_year is not None  # else it would have no verdict
        yield [
            *(standing.agency.name, standing.agency.parent, card.edition, card.status.value),
            names[perspective_key(standing.perspective)],
            *(standing.objective.code, standing.objective.name.text),
            *(kpi.code, kpi.name.text, standing.result.unit, kpi.owner.text, rolled.year),
            kpi_year.target.shown if kpi_year.target else kpi_year.threshold_text,
            *(kpi_year.printed, _number_cell(kpi_year.actual)),
            _number_cell(kpi_year.rate) if kpi_year.rate else None,
            *(missed_kpi.progress, missed_kpi.reason, missed_kpi.measures),
            "、".join(missed_kpi.missing_words),
        ]


def _ranking_rows(rolled: RollUp) -> Iterator[list[CellContent]]:
    """Yield a row for each agency of each ranking; those without a rank come last."""
    for ranking in rolled.rankings:
        head = [ranking.name, ranking.unit, ranking.direction.value, rolled.year, ranking.agencies]
        ranked_standings = (
            *((ranked.rank, ranked.standing) for ranked in ranking.ranked),
            *((None, standing) for standing in ranking.without),
        )
        for rank, standing in ranked_standings:
            kpi_year, card = standing.now, standing.agency.card
            yield [
                *(*head, rank, standing.agency.name, standing.result.kpi.code),
                card.status.value if card else "",
                kpi_year.printed if kpi_year else "無此年度",
                _number_cell(kpi_year.actual) if kpi_year else None,
                _number_cell(kpi_year.rate) if kpi_year and kpi_year.rate else None,
                standing.status.value,
            ]


def _cascade_rows(rolled: RollUp) -> Iterator[list[CellContent]]:
    """Yield a row for each parent objective and each objective that serves it.

    An objective that none serves has a row of its own.
    """
    members: dict[tuple[str, str], list[AgencyKpi]] = {}
    for standing in rolled.standings:
        members.setdefault((standing.agency.key, standing.objective.code), []).append(standing)
    for cascade in rolled.cascades:
        for served in cascade.objectives:
            head = [cascade.parent.name, served.objective.code, served.objective.name.text]
            for agency, objective in served.served_by:
                distribution = distribution_of(members.get((agency.key, objective.code), ()))
                yield [
                    *(*head, agency.name, objective.code, objective.name.text, rolled.year),
                    *(
                        distribution.total,
                        distribution.met,
                        distribution.missed,
                        distribution.no_figure,
                        distribution.no_target,
                    ),
                ]
            if not served.served_by:
                yield [*head]


def _problem_rows(rolled: RollUp) -> Iterator[list[CellContent]]:
    """Yield the problems of the collection, then each workbook's, in the order reported.

    The agency of a collection's problem is the owner of its file, else the one it names.
    """
    owners: dict[str, tuple[Agency, Submission]] = {}
    for agency in rolled.agencies:
        for submission in agency.submissions:
            owners.setdefault(submission.workbook, (agency, submission))
    for problem in rolled.problems:
        owner = owners.get(problem.where.file)
        agency_name = owner[0].name if owner else dict(problem.fields).get("agency", "")
        yield _problem_cells(agency_name, owner[1] if owner else None, problem)
    for agency in rolled.agencies:
        for submission in agency.submissions:
            for problem in submission.problems:
                yield _problem_cells(agency.name, submission, problem)


def _problem_cells(
    agency: str, submission: Submission | None, problem: Problem
) -> list[CellContent]:
    """Return the cells of a problem, with a link to its workbook."""
    workbook: CellContent = problem.where.file
    if submission:
        path = submission.annotated or submission.workbook
        workbook = Link(path.rpartition("/")[2], path)
    return [
        *(agency, workbook, _SEVERITIES[problem.severity], problem.code),
        *(problem.where.sheet, problem.where.cell, problem.message(), problem.fix()),
    ]


def _number_cell(figure: FormattedFigure) -> CellContent:
    """Return a figure as exact number with the printed decimals; None for a missing one.

    A figure in ‰ is stored multiplied, as no number format does that.
    """
    if not isinstance(figure.value, Known):
        return None
    value, sign = figure.value.value, figure.text[-1:]
    if figure.per == 1 or sign == "%":
        return Number(value, _number_format(figure.text, figure.per))
    number_format = _number_format(figure.text)  # a number format multiplies for % only, not for ‰
    return Number(
        value * figure.per, number_format if sign.isdigit() else f'{number_format}"{sign}"'
    )


def _number_format(text: str, per: int = 1) -> str:
    """Return the number format with the decimal places of a printed figure.

    ``per`` 100: of a percentage, ``0.00%``; else with thousands commas, ``#,##0.00``.
    """
    decimals = _DECIMALS.search(text)
    places = "." + "0" * len(decimals[1]) if decimals else ""
    return f"0{places}%" if per == 100 else f"#,##0{places}"


def _plain_number(value: Fraction) -> Number:
    """Return a number formatted as an integer if it is one, else as General."""
    return Number(value, "#,##0" if value.denominator == 1 else "General")


__all__ = ["write_rollup"]
