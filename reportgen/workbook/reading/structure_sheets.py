"""Reading of 構面, 策略主題, 策略目標 and 關鍵績效指標, the structure of the scorecard.

Codes are stored, never derived: AP1 may stand in any theme's column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from reportgen.model.scorecard import Direction, Kpi, Objective, Perspective, Text, Theme
from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import name_key
from reportgen.workbook.reading.cell_reader import (
    number_with_sign,
    read_choice,
    read_code,
    read_integer,
    read_number_in_range,
    read_text,
    split_codes,
)
from reportgen.workbook.reading.number_parsing import MAX_ABS_NUMBER, format_number
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.rejection import Rejection
from reportgen.workbook.reading.workbook_source import Codes, required_text
from reportgen.workbook.schema.sheets import (
    ALL_THEMES,
    DIRECTIONS,
    ENTERED,
    ENTRIES,
    KPIS,
    OBJECTIVES,
    PERSPECTIVES,
    THEMES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from reportgen.model.scorecard import CellRef
    from reportgen.problems import Problem
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.table_reader import Row
    from reportgen.workbook.reading.workbook_source import WorkbookSource

_Record = TypeVar("_Record")


class Structure(NamedTuple):
    """The rows of the four sheets, with all references resolved; codes serve other sheets."""

    perspectives: tuple[Perspective, ...]
    themes: tuple[Theme, ...]
    objectives: tuple[Objective, ...]
    kpis: tuple[Kpi, ...]
    objective_codes: Codes
    kpi_codes: Codes


def read_structure(source: WorkbookSource) -> Structure:
    """Return the valid rows of the four sheets.

    Rows with an unusable code or reference are reported and left out, with all rows that depend on
    them: every code that is left and refers to something finds it.
    """
    perspective_codes, theme_codes = Codes(PERSPECTIVES.name), Codes(THEMES.name)
    objective_codes, kpi_codes = Codes(OBJECTIVES.name), Codes(KPIS.name)
    perspectives = _perspectives(source, perspective_codes)
    themes = _without_none(_theme(row, theme_codes) for row in source.rows(THEMES))
    objectives = _without_none(
        _objective(row, objective_codes, perspective_codes, theme_codes)
        for row in source.rows(OBJECTIVES)
    )
    objective_codes_in_use = {objective.code for objective in objectives}
    rows = source.rows(KPIS)
    kpis = _without_none(_kpi(row, kpi_codes, objective_codes) for row in rows)
    _report_mixed_weights([row.cell("權重") for row in rows])
    kpis = tuple(kpi for kpi in kpis if kpi.objective in objective_codes_in_use)
    structure = Structure(
        perspectives=perspectives,
        themes=themes,
        objectives=objectives,
        kpis=kpis,
        objective_codes=objective_codes,
        kpi_codes=kpi_codes,
    )
    source.problems.extend(_childless(structure))
    return structure


def _without_none(records: Iterable[_Record | None]) -> tuple[_Record, ...]:
    """Return the records that are not None, which stands for an unusable row."""
    return tuple(record for record in records if record is not None)


def _perspectives(source: WorkbookSource, codes: Codes) -> tuple[Perspective, ...]:
    """Return the perspectives; a missing order is that of the sheet.

    Their codes are added to ``codes``. A row with an unusable code is reported and left out.
    """
    orders: dict[tuple[str, int], Cell] = {}
    perspectives = []
    for position, row in enumerate(source.rows(PERSPECTIVES), start=1):
        map_name = required_text(row.cell("策略地圖名稱"))
        card_name = required_text(row.cell("計分卡名稱"))
        map_order = _order(row.cell("策略地圖順序"), orders)
        card_order = _order(row.cell("計分卡順序"), orders)
        code = codes.declare(row.cell("代碼"), map_name.text)
        if code is not None:
            perspectives.append(
                Perspective(
                    code=code,
                    map_name=map_name,
                    card_name=card_name,
                    map_order=position if map_order is None else map_order,
                    card_order=position if card_order is None else card_order,
                    at=row.cell("代碼").at,
                )
            )
    return tuple(perspectives)


def _order(cell: Cell, orders: dict[tuple[str, int], Cell]) -> int | None:
    """Return a position in an order, 1-99; None if it is blank (E101) or cannot be read.

    The same one twice is W112, for the sheet's order decides. ``orders`` are those read so far, by
    the heading and the position; the cell is added to it.
    """
    if cell.is_blank:
        cell.report("E101")
        return None
    order = read_integer(cell, 1, 99)
    if order is not None:
        first = orders.setdefault((cell.label, order), cell)
        if first is not cell:
            cell.report("W112", found=order, first=first.at.cell)
    return order


def _theme(row: Row, codes: Codes) -> Theme | None:
    """Return the theme of a row, or None if its code is unusable.

    Its code is added to ``codes``.
    """
    name = required_text(row.cell("名稱"))
    code = codes.declare(row.cell("代碼"), name.text)
    return None if code is None else Theme(code=code, name=name, at=row.cell("代碼").at)


def _objective(row: Row, codes: Codes, perspectives: Codes, themes: Codes) -> Objective | None:
    """Return the objective of a row, or None if its code or perspective is unusable.

    Its code is added to ``codes``. An unknown theme is reported and left out.
    """
    name = required_text(row.cell("名稱"))
    perspective = perspectives.refer(row.cell("構面"))
    theme_codes = _theme_codes(row.cell("主題"), themes)
    code = codes.declare(row.cell("代碼"), name.text)
    if code is None or perspective is None:
        return None
    return Objective(
        code=code,
        perspective=perspective,
        themes=theme_codes,
        name=name,
        at=row.cell("代碼").at,
        parents=_parent_codes(row.cell("上位目標")),
    )


def _parent_codes(cell: Cell) -> tuple[Text, ...]:
    """Return the codes in a cell of 上位目標, each once, not checked: they are another agency's."""
    codes_text = read_code(cell)
    return tuple(
        Text(text=code, at=codes_text.at) for code in dict.fromkeys(split_codes(codes_text.text))
    )


def _theme_codes(cell: Cell, themes: Codes) -> tuple[str, ...]:
    """Return the known theme codes of a cell, each once; empty for a blank cell and for 共同.

    An unknown one is E107.
    """
    text = read_code(cell).text
    if name_key(text) == name_key(ALL_THEMES):
        return ()
    codes = [themes.find(code, cell) for code in split_codes(text)]
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def _kpi(row: Row, codes: Codes, objectives: Codes) -> Kpi | None:
    """Return the KPI of a row, or None if its code or objective is unusable.

    Its code is added to ``codes``. The formula is not parsed here. A blank or invalid direction is
    越高越好.
    """
    name = required_text(row.cell("名稱"))
    formula = required_text(row.cell("計算公式及計量單位"))
    objective = objectives.refer(row.cell("策略目標"))
    places = read_integer(row.cell("小數位數"), 0, 10)
    direction = read_choice(row.cell("方向"), DIRECTIONS)
    weight = read_number_in_range(row.cell("權重"), 0, MAX_ABS_NUMBER)
    code = codes.declare(row.cell("代碼"), name.text)
    if code is None or objective is None:
        return None
    return Kpi(
        code=code,
        objective=objective,
        name=name,
        formula=formula,
        places=places,
        direction=Direction(direction) if direction else Direction.HIGHER,
        weight=weight,
        owner=read_text(row.cell("承辦單位")),
        at=row.cell("代碼").at,
        is_direct=read_choice(row.cell("填報方式"), ENTRIES) == ENTERED,
    )


def _report_mixed_weights(cells: Iterable[Cell]) -> None:
    """Report W149 if some weights are percentages and others above 1: 20% is 0.2, not 20.

    It is reported once, at the first percentage.
    """
    percentages: list[tuple[Cell, Fraction]] = []
    numbers: list[tuple[Cell, Fraction]] = []
    for cell in cells:
        if cell.raw is None or cell.raw.stored not in {StoredType.TEXT, StoredType.NUMBER}:
            continue
        signed_number = number_with_sign(cell.raw)
        if isinstance(signed_number, Rejection):
            continue
        if signed_number.sign and signed_number.number:
            percentages.append((cell, signed_number.number))
        elif signed_number.number > 1:
            numbers.append((cell, signed_number.number))
    if percentages and numbers:
        (cell, weight), (other, number) = percentages[0], numbers[0]
        cell.report(
            "W149",
            found=format_number(weight, percent=True),
            taken=format_number(weight),
            other=format_number(number),
            first=other.at.cell,
        )


def _childless(structure: Structure) -> list[Problem]:
    """Return W111 for perspectives without objectives, W110 for objectives without KPIs.

    If there is no objective, or no KPI, at all, its sheet has been reported.
    """
    used = {objective.perspective for objective in structure.objectives}
    measured = {kpi.objective for kpi in structure.kpis}
    return [
        make_problem("W111", _location_of(perspective.at), found=perspective.map_name.text)
        for perspective in structure.perspectives
        if used and perspective.code not in used
    ] + [
        make_problem("W110", _location_of(objective.at), found=objective.code)
        for objective in structure.objectives
        if measured and objective.code not in measured
    ]


def _location_of(cell_ref: CellRef) -> Location:
    """Return the location of a cell."""
    return Location(sheet=cell_ref.sheet, cell=cell_ref.cell)
