"""Figures written as a small table: ``year("甲 17 校; 乙/併決算 5 千元; 丙 空白 件 去年 3")``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from reportgen.formula import (
    FigureCell,
    Outcome,
    Vocabulary,
    YearFigures,
    evaluate,
    name_key,
    parse_formula,
    substitution,
    value_text,
)
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, Known, Missing, Value
from reportgen.problems import Location, Problem, has_errors

WHERE = Location(sheet="關鍵績效指標", cell="D4")
_MISSING = {"空白": MissingReason.BLANK} | {each.symbol: each for each in MissingReason}


def _value(text: str) -> Value:
    if text in _MISSING:
        return Missing(reason=_MISSING[text])
    return Known(value=Fraction(text))


def year(table: str) -> YearFigures:
    """Rows of 資料項[/組成] 數值 [單位] [去年 數值], from E2 of 年度資料 downwards."""
    rows: dict[tuple[str, str], FigureCell] = {}
    before: dict[tuple[str, str], FigureCell] = {}
    names: list[str] = []
    for index, row in enumerate(filter(None, map(str.strip, table.split(";"))), start=2):
        this_year, _, last_year = row.partition(" 去年 ")
        name, value, *units = this_year.split()
        item, _, component = name.partition("/")
        key, unit = (name_key(item), name_key(component)), units[0] if units else ""
        names.append(item)
        at = CellRef(sheet="年度資料", cell=f"E{index}")
        rows[key] = FigureCell(value=_value(value), unit=unit, at=at)
        at = CellRef(sheet="年度資料", cell=f"D{index}")
        before[key] = FigureCell(value=_value(last_year.strip() or "…"), unit=unit, at=at)
    known = tuple(dict.fromkeys(names))
    return YearFigures(
        year=105,
        names=known,
        rows=rows,
        before=YearFigures(year=104, names=known, rows=before),
    )


def vocabulary(table: str, kpi: str = "") -> Vocabulary:
    """The names of the table, for the formula of a KPI of this name."""
    rows = (row.split()[0].partition("/") for row in table.split(";") if row.strip())
    return Vocabulary.of((item, component) for item, _, component in rows).for_kpi(kpi)


def vocabulary_of(figures: YearFigures) -> Vocabulary:
    """The names of these figures, as a workbook's reader knows them."""
    names = {name_key(name): name for name in figures.names}
    return Vocabulary.of((names[item], component) for item, component in figures.rows)


def run(text: str, table: str) -> Outcome:
    """The outcome of a formula that reads without a problem."""
    formula, problems = parse_formula(text, WHERE)
    assert formula is not None, problems
    assert problems == ()
    figures = year(table)
    return evaluate(formula, figures, names=figures.names, where=WHERE)


@dataclass(frozen=True)
class Told:
    """What is printed of a formula; blank where it gives no figure."""

    calculation: str = ""
    figure: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def codes(self) -> set[str]:
        """The codes of all that is said about it."""
        return {problem.code for problem in self.problems}


def told(text: str, table: str, kpi: str = "") -> Told:
    """What is printed of the formula of a KPI, read with the names of the table."""
    formula, problems = parse_formula(text, WHERE, vocabulary(table, kpi))
    if formula is None:
        return Told(problems=problems)
    figures = year(table)
    run_as = replace(formula, unit=None) if formula.tells_verdict else formula
    outcome = evaluate(run_as, figures, names=figures.names, where=WHERE)
    problems += outcome.problems
    if has_errors(problems):
        return Told(problems=problems)
    figure = value_text(outcome.value, outcome.unit, formula.places, with_unit=False)
    verdict = f"（{outcome.verdict}）" if outcome.verdict else ""
    return Told(substitution(outcome, formula.places), f"{figure}{verdict}", problems)
