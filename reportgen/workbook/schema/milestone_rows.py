"""Milestones in 年度資料 and 目標值: the rows and KPIs that have stages, and their values.

A cell of such a row holds the stage reached: its name (設計), or its share (60%).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import Vocabulary, parse_formula
from reportgen.formula.milestones import (
    Stage,
    common_stages,
    find_stage,
    is_share,
    stages_in,
    stages_text,
)
from reportgen.formula.syntax_tree import Name
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing, Value
from reportgen.text.name_matching import name_key
from reportgen.workbook.reading.cell_reader import read_number_with_sign, read_symbol, read_text
from reportgen.workbook.reading.number_parsing import format_number
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.schema.percent_units import PERCENT
from reportgen.workbook.schema.sheet_grid import FIRST_ROW
from reportgen.workbook.schema.sheets import DATA, ENTERED, KPIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reportgen.formula import Unit
    from reportgen.model.scorecard import Kpi
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.writing.scorecard_rows import Row, Rows

Stages = tuple[Stage, ...]
_TWO_SHARES: Final = re.compile(r"[0-9]\s*[)）]?\s*[%％﹪].*[0-9]\s*[%％﹪]", re.DOTALL)
_FORMULA: Final = "計算公式及計量單位"
_BLANK: Final = Missing(reason=MissingReason.BLANK)


class Milestones(NamedTuple):
    """The stages of items and KPIs that are milestones."""

    by_item: Mapping[str, Stages]  # that a figure is entered in, by the item's key
    by_kpi: Mapping[str, Stages]  # by the KPI's code, even without a row


def may_list_stages(text: str) -> bool:
    """Return whether a formula may be a milestone's; quick, as few are and parsing is slow."""
    return bool(_TWO_SHARES.search(text))


def read_milestones(items: Iterable[tuple[str, str]], kpis: Iterable[Kpi]) -> Milestones:
    """Return the stages of each milestone: a KPI is one if its formula is parsed as one.

    ``items`` are those of 年度資料, each with its component. An item that several KPIs refer to
    has the stages that they have in common. If a formula cannot be parsed, its stages are those
    listed anywhere in it: the error is reported at the formula, and not at its targets as well.
    """
    candidates = [kpi for kpi in kpis if may_list_stages(kpi.formula.text)]
    vocabulary = Vocabulary.of(items) if candidates else Vocabulary()
    of_kpis: dict[str, Stages] = {}
    of_items: dict[str, list[Stages]] = {}
    for kpi in candidates:
        kpi_vocabulary = vocabulary.for_kpi(kpi.name.text, kpi.code)
        formula, _ = parse_formula(
            kpi.formula.text, vocabulary=kpi_vocabulary, is_direct=kpi.is_direct
        )
        stages = formula.stages if formula is not None else stages_in(kpi.formula.text)
        if stages:
            of_kpis[kpi.code] = stages
        if formula is not None and stages and isinstance(formula.tree, Name):
            of_items.setdefault(formula.tree.source, []).append(stages)
    agreed = {key: common_stages(lists) for key, lists in of_items.items()}
    return Milestones({key: stages for key, stages in agreed.items() if stages}, of_kpis)


def stages_by_row(rows: Rows) -> Mapping[int, Stages]:
    """Return the stages of each row of 年度資料 that will be written, by its row number.

    Rows with a component, and those of other items, have none.
    """
    kpis = [row for row in rows.get(KPIS.name, ()) if may_list_stages(_column_text(row, _FORMULA))]
    data = rows.get(DATA.name, ()) if kpis else ()
    vocabulary = Vocabulary.of(
        (_column_text(row, "資料項"), _column_text(row, "組成")) for row in data
    )
    stages_by_item: dict[str, Stages] = {}
    for kpi in kpis:
        kpi_vocabulary = vocabulary.for_kpi(_column_text(kpi, "名稱"), _column_text(kpi, "代碼"))
        is_direct = kpi.get("填報方式") == ENTERED
        formula, _ = parse_formula(
            _column_text(kpi, _FORMULA), vocabulary=kpi_vocabulary, is_direct=is_direct
        )
        if formula is not None and formula.stages and isinstance(formula.tree, Name):
            stages_by_item.setdefault(formula.tree.source, formula.stages)
    return {
        number: stages_by_item[key]
        for number, row in enumerate(data, start=FIRST_ROW)
        if (key := name_key(_column_text(row, "資料項"))) in stages_by_item and not row.get("組成")
    }


def _column_text(row: Row, column: str) -> str:
    """Return the text of a row in a column; empty for a blank cell."""
    return str(row.get(column) or "")


def read_stage(cell: Cell, unit: Unit | None, stages: Stages) -> tuple[Value, str]:
    """Return the share that a cell states in %, and the text if it names a stage.

    A bare 60 counts in a row of %, and in any other if it is the share of a stage. A blank cell
    is BLANK, and so is a rejected one (E156 for what is no stage or share); a symbol is its
    reason. The text is then empty.
    """
    symbol = read_symbol(cell)
    if symbol is not None:
        return symbol, ""
    raw = cell.raw
    if raw is not None and raw.stored is StoredType.TEXT:
        text = read_text(cell).text
        stage = find_stage(text, stages)
        if stage is not None:
            return Known(value=stage.share * PERCENT), text
        if text and not is_share(text) and not _is_number(text):
            cell.report("E156", found=text, stages=stages_text(stages), stage=stages[0].name)
            return _BLANK, ""
    signed_number = read_number_with_sign(cell)
    if signed_number is None:
        return _BLANK, ""
    number, sign = signed_number
    share = _share(number, sign=sign, unit=unit, stages=stages)
    if share is None or not 0 <= share <= 1:
        quoted = format_number(number, percent=bool(sign))
        cell.report("E156", found=quoted, stages=stages_text(stages), stage=stages[0].name)
        return _BLANK, ""
    return Known(value=share * PERCENT), ""


def _share(number: Fraction, *, sign: str, unit: Unit | None, stages: Stages) -> Fraction | None:
    """Return the share that a number states (1 is all), or None if it is ambiguous.

    That it is from 0 to 1 is not checked here.
    """
    if sign:
        return number
    if unit is not None and unit.per == PERCENT:
        return number / PERCENT
    shares = {stage.share for stage in stages} | {Fraction(0)}
    candidates = {number, number / PERCENT} & shares
    return candidates.pop() if len(candidates) == 1 else None


def _is_number(text: str) -> bool:
    """Return whether a text has no letters."""
    return not re.search(r"[^\W\d_]", text)
