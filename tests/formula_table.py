"""Figures written as a small table: ``year("甲 17 校; 乙/併決算 5 千元; 丙 空白 件")``."""

from __future__ import annotations

from fractions import Fraction

from reportgen.formula import (
    Found,
    Outcome,
    Vocabulary,
    YearFigures,
    evaluate,
    name_key,
    parse,
)
from reportgen.model import CellRef, Known, Missing, MissingReason, Value
from reportgen.problems import Location

WHERE = Location(sheet="關鍵績效指標", cell="D4")
_MISSING = {"空白": MissingReason.BLANK} | {each.value: each for each in MissingReason}


def _value(text: str) -> Value:
    if text in _MISSING:
        return Missing(reason=_MISSING[text])
    return Known(value=Fraction(text))


def year(table: str) -> YearFigures:
    """Rows of 資料項[/組成] 數值 [單位], from E2 of 年度資料 downwards."""
    rows: dict[tuple[str, str], Found] = {}
    names: list[str] = []
    for index, row in enumerate(filter(None, map(str.strip, table.split(";"))), start=2):
        name, value, *unit = row.split()
        item, _, component = name.partition("/")
        names.append(item)
        rows[name_key(item), name_key(component)] = Found(
            value=_value(value),
            unit=unit[0] if unit else "",
            at=CellRef(sheet="年度資料", cell=f"E{index}"),
        )
    return YearFigures(year=105, names=tuple(dict.fromkeys(names)), rows=rows)


def vocabulary_of(figures: YearFigures) -> Vocabulary:
    """The names of these figures, as a workbook's reader knows them."""
    names = {name_key(name): name for name in figures.names}
    return Vocabulary.of((names[item], component) for item, component in figures.rows)


def run(text: str, table: str) -> Outcome:
    """The outcome of a formula that reads without a problem."""
    formula, problems = parse(text, WHERE)
    assert formula is not None, problems
    assert problems == ()
    figures = year(table)
    return evaluate(formula, figures, names=figures.names, where=WHERE)
