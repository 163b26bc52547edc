"""Plausibility checks: valid input that the agency should look at.

Nothing here changes a figure or a letter: all of it is printed and calculated as written.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from reportgen.compute.commentary_findings import lowered_target_problems
from reportgen.compute.formula_results import cell_location
from reportgen.compute.outliers import outlier_problems
from reportgen.compute.rounding_discrepancies import rounding_problems
from reportgen.compute.spelling_variants import inconsistent_spellings
from reportgen.formula import figure_text, name_key
from reportgen.formula.rate_signs import stated_sign
from reportgen.formula.syntax_tree import names_in, sides_of
from reportgen.formula.units import RATE_SIGNS
from reportgen.model.scorecard import Known
from reportgen.problems import make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.compute.result_types import KpiResult, Results
    from reportgen.formula import Formula
    from reportgen.model.scorecard import Objective, Scorecard
    from reportgen.problems import Problem

_OBJECTIVE_CODE: Final = re.compile(r"([A-Z]*)([A-Z])[0-9]+")
# 採104年底資料計算; not 依103年訂頒之規定, nor 以100年為基期.
_YEAR_OF_FIGURES: Final = re.compile(
    r"(?<![0-9])([0-9]{2,3}) *年[度底末]?[之的]?(?:資料|數據|數字|統計|數值|實績|決算|預算)"
)
_COMMON_THEME: Final = "共同"


def plausibility_problems(results: Results) -> tuple[Problem, ...]:
    """Return contradictions as warnings, and suspected slips and sudden jumps as notices.

    They are grouped by check; none of them is an error.
    """
    scorecard = results.scorecard
    return (
        *_code_mismatches(scorecard),
        *_unit_mismatches(results),
        *_years_of_notes(results),
        *_unread_rows(results),
        *inconsistent_spellings(results),
        *outlier_problems(scorecard),
        *rounding_problems(results),
        *lowered_target_problems(results),
    )


def _code_mismatches(scorecard: Scorecard) -> Iterator[Problem]:
    """Yield W228 for an objective's code and W229 for a KPI's code that contradict their rows.

    An objective's code of letters and digits names themes and perspective, ``BP3``: checked only
    if all theme codes are one letter. A KPI's code must begin with its objective's, and not
    continue with a digit.
    """
    one_letter = all(len(theme.code) == 1 for theme in scorecard.themes)
    for objective in scorecard.objectives:
        match = _OBJECTIVE_CODE.fullmatch(name_key(objective.code).upper())
        if match and one_letter and (match[1], match[2]) != _row_letters(match[1], objective):
            yield make_problem(
                "W228",
                cell_location(objective.at),
                code=objective.code,
                found=f"{_theme_list(match[1])}／{match[2]}",
                stated=f"{_theme_list(objective.themes)}／{objective.perspective}",
            )
    for kpi in scorecard.kpis:
        code, objective_code = name_key(kpi.code), name_key(kpi.objective)
        suffix = code.removeprefix(objective_code)
        if suffix == code or suffix[:1].isdigit():
            yield make_problem(
                "W229", cell_location(kpi.at), found=kpi.code, objective=kpi.objective
            )


def _row_letters(letters: str, objective: Objective) -> tuple[str, str]:
    """Return the row's theme letters, in the order of the code, and its perspective letter."""
    themes = [name_key(theme).upper() for theme in objective.themes]
    in_order = "".join(sorted(themes, key=lambda letter: (letters.find(letter), letter)))
    return in_order, name_key(objective.perspective).upper()


def _theme_list(codes: str | tuple[str, ...]) -> str:
    """Return theme codes joined, or the word for common objectives without any."""
    return "、".join(codes) or _COMMON_THEME


def _unit_mismatches(results: Results) -> Iterator[Problem]:
    """Yield W230 for a formula in % with another stated unit, N224 for one without any.

    A unit that is no rate is not reported again if W202 or W203 has reported it.
    """
    for result in results.kpis:
        formula, location = result.formula, cell_location(result.kpi.formula.at)
        signs = () if formula is None else tuple(map(stated_sign, sides_of(formula.tree)))
        if formula is None or not any(signs):
            continue
        sign = next(filter(None, signs))
        is_rate = formula.unit is not None and formula.unit.is_rate
        codes = {problem.code for year in result.years for problem in year.outcome.problems}
        is_contradicted = formula.states_own_rate or (not is_rate and not codes & {"W202", "W203"})
        if formula.stated_unit and is_contradicted:
            fields = {
                "found": formula.stated_unit,
                "shown": result.unit if formula.states_own_rate else formula.stated_unit,
                "kpi": result.kpi.code,
                "rate": f"{RATE_SIGNS[sign]}{sign}",
                "sign": sign,
            }
            yield make_problem("W230", location, **fields)
        elif formula.states_own_rate:
            yield from _stated_rate(result, results.scorecard.data_year)


def _years_of_notes(results: Results) -> Iterator[Problem]:
    """Yield W231 for a note by which the figures are those of another year than the data year."""
    year = results.scorecard.data_year
    for result in results.kpis:
        for note in result.formula.notes if result.formula else ():
            match = _YEAR_OF_FIGURES.search(unicodedata.normalize("NFKC", note.text))
            if match and int(match[1]) != year:
                yield make_problem(
                    "W231",
                    cell_location(result.kpi.formula.at),
                    kpi=result.kpi.code,
                    found=note.text,
                    year=year,
                )


def _stated_rate(result: KpiResult, data_year: int) -> Iterator[Problem]:
    """Yield N224: the figure is in %, as in the formula; former versions printed the ratio.

    Yield nothing if the data year has no figure.
    """
    kpi_year = result.of(data_year)
    if kpi_year is None or not isinstance(kpi_year.actual.value, Known):
        return
    ratio = kpi_year.actual.value.value
    fields = {
        "kpi": result.kpi.code,
        "year": data_year,
        "figure": kpi_year.actual.text,
        "former": figure_text(ratio, 0 if ratio.denominator == 1 else 2),
        "sign": result.unit,
    }
    yield make_problem("N224", cell_location(result.kpi.formula.at), **fields)


def _unread_rows(results: Results) -> Iterator[Problem]:
    """Yield W226 for a row of 年度資料 that no formula names, W227 if its component is not read.

    Yield none while a formula cannot be read, for it may be the one that reads them.
    """
    if any(formula is None for formula in _all_formulas(results)):
        return
    rows_read = _rows_read(results)
    used = {item for item, _ in rows_read}
    for figure in results.scorecard.figures:
        item, component = name_key(figure.item.text), name_key(figure.component.text)
        if item not in used:
            yield make_problem(
                "W226", cell_location(figure.at), found=_row_label(figure.item.text, component)
            )
        elif (item, component) not in rows_read:
            fields = {"found": figure.item.text, "component": figure.component.text or "—"}
            yield make_problem("W227", cell_location(figure.component.at), **fields)


def _rows_read(results: Results) -> frozenset[tuple[str, str]]:
    """Return the rows of 年度資料 that the formulas use, as (item key, component key).

    The component of a row for the whole is empty. Formulas that cannot be read use none.
    """
    return frozenset(
        (name.source, name_key(component))
        for formula in _all_formulas(results)
        if formula is not None
        for tree in (formula.tree, *(side for pair in formula.definitions for side in pair))
        for name in names_in(tree)
        for component in name.parts or formula.components or ("",)
    )


def _all_formulas(results: Results) -> list[Formula | None]:
    """Return the formulas of all KPIs and cross-checks; None for an unreadable one."""
    of_kpis = [result.formula for result in results.kpis]
    return of_kpis + [check.formula for check in results.checks]


def _row_label(item: str, component: str) -> str:
    """Return an item with its component, if any, in brackets."""
    return f"{item}（{component}）" if component else item
