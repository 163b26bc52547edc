"""``reportgen explain``: one KPI's figure, from the printed formula down to the cells."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.parser import width
from reportgen.cli.words import say
from reportgen.formula import exact_text, name_key, pointed
from reportgen.model import Known, MissingReason, Value
from reportgen.names import nearest
from reportgen.problems import ExitCode, Location, Problem, has_errors, make
from reportgen.results import BLANK_TEXT
from reportgen.results_json import kpi_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.cli.parser import Options
    from reportgen.formula import Evidence, Part
    from reportgen.model import CellRef
    from reportgen.problems.problem import Language
    from reportgen.results import KpiResult, KpiYear, Results

SCHEMA = "reportgen.explain/1"
_LABEL = 12  # columns


def explain(path: Path, options: Options, language: Language) -> ExitCode:
    """Print the chain; only the problems that touch it are told."""
    from reportgen.pipeline import calculate, exit_code

    results, problems = calculate(path)
    if results is None:
        report(options, language, problems)
        return exit_code(problems)
    result = _find(results, options.kpi)
    if result is None:
        return _misled(options, language, _no_such_kpi(results, options.kpi))
    year = results.scorecard.data_year if options.year is None else options.year
    of_year = result.of(year)
    if of_year is None and result.formula is not None:
        years = "、".join(map(str, results.years))
        return _misled(options, language, make("E223", found=year, years=years))
    touching = _touching(problems, result, of_year)
    found = {"edition": results.scorecard.edition, "kpi": kpi_object(result, year)}
    report(options, language, touching, found)
    if not options.json:
        print("\n".join(_lines(result, of_year, language)))
    return exit_code(touching) if has_errors(touching) else ExitCode.DONE


def _find(results: Results, code: str) -> KpiResult | None:
    wanted = name_key(code)
    return next((each for each in results.kpis if name_key(each.kpi.code) == wanted), None)


def _no_such_kpi(results: Results, code: str) -> Problem:
    codes = [each.kpi.code for each in results.kpis]
    near = nearest(code, codes)
    hints = (f"是否為「{near}」？", f"Do you mean {near}?") if near else ("", "")
    where = Location(sheet="關鍵績效指標")
    fields = {"found": code, "codes": "、".join(codes)}
    return make("E222", where, **fields, hint=hints[0], hint_en=hints[1])


def _misled(options: Options, language: Language, problem: Problem) -> ExitCode:
    report(options, language, (problem,))
    return ExitCode.USAGE


def _touching(
    problems: tuple[Problem, ...], result: KpiResult, of_year: KpiYear | None
) -> tuple[Problem, ...]:
    """The problems of the cells that the figure comes from or is held against."""
    cells = {result.kpi.formula.at, result.kpi.at}
    if of_year is not None:
        cells |= {part.at for each in of_year.evidence for part in each.parts}
        cells |= {of_year.target.written.at} if of_year.target else set()
    places = {(at.sheet, at.cell) for at in cells}
    return tuple(each for each in problems if (each.where.sheet, each.where.cell) in places)


def report(
    options: Options,
    language: Language,
    problems: tuple[Problem, ...],
    found: output.Report | None = None,
) -> None:
    """The problems to standard error, or everything as one JSON object."""
    if options.json:
        told = [output.as_json(each, language) for each in problems]
        name = options.workbooks[0]
        output.print_json(SCHEMA, workbook=name, **(found or {}), problems=told)
        return
    for each in problems:
        print(each.line(language), file=sys.stderr)
        if excerpt := pointed(each):
            print(excerpt, file=sys.stderr)


def _lines(result: KpiResult, of_year: KpiYear | None, language: Language) -> Iterator[str]:
    kpi = result.kpi
    yield f"{kpi.code} {kpi.name}" + (f"  {_year(of_year.year, language)}" if of_year else "")
    yield _row("formula", f"{_one_line(kpi.formula.text)}  {_cell(kpi.formula.at)}", language)
    if of_year is None:
        return
    yield _row("with figures", of_year.substitution, language)
    yield _row("actual", _actual(of_year, result.unit), language)
    yield from _held_against(result, of_year, language)
    yield say("inputs", language)
    for each in of_year.evidence:
        yield from _input(each)
    for gap in of_year.gaps:
        name = f"{gap.name}（{gap.component}）" if gap.component else gap.name
        yield _row("missing", f"{name} {gap.reason.value}  {_cell(gap.at)}", language)
    if of_year.outcome.zero_divisor:
        yield _row("missing", f"{of_year.outcome.zero_divisor} = 0", language)


def _actual(of_year: KpiYear, unit: str) -> str:
    figure_is_told = isinstance(of_year.actual.value, Known) and not of_year.tells_verdict
    return _with_unit(of_year.printed, unit if figure_is_told else "")


def _held_against(result: KpiResult, of_year: KpiYear, language: Language) -> Iterator[str]:
    """Target, rate, verdict, light and change, each only where there is one."""
    own = of_year.target is not None and of_year.target.written.at == result.kpi.formula.at
    if of_year.threshold and not own:
        yield _row("threshold", of_year.threshold.text, language)
    if of_year.target:
        target = of_year.target
        basis = f"（{target.basis}）" if target.basis else ""
        yield _row("target", f"{target.shown}{basis}  {_cell(target.written.at)}", language)
    if of_year.rate:
        rule = f"（{of_year.rate_rule}）" if of_year.rate_rule else ""
        yield _row("rate", of_year.rate.text + rule, language)
    if of_year.verdict:
        light = f"  {of_year.light.name}" if of_year.light else ""
        yield _row("verdict", of_year.verdict + light, language)
    if of_year.change:
        change = of_year.change
        text = change.difference.text
        if isinstance(change.difference.value, Known):
            text = f"{_with_unit(text, change.unit)}（{change.relative.text}）"
        yield _row("change", text, language, year=change.since)


def _input(evidence: Evidence) -> Iterator[str]:
    if len(evidence.parts) == 1 and not evidence.parts[0].component:
        yield f"  {evidence.name} {_part(evidence.parts[0])}"
        return
    yield f"  {evidence.name} {_plain(evidence.total)}"
    for part in evidence.parts:
        yield f"    {part.component} {_part(part)}"


def _part(part: Part) -> str:
    factor = f" ×{exact_text(part.factor)}" if part.factor != 1 else ""
    return f"{_with_unit(_plain(part.value), part.unit)}{factor}  {_cell(part.at)}"


def _plain(value: Value) -> str:
    if isinstance(value, Known):
        return exact_text(value.value)
    return BLANK_TEXT if value.reason is MissingReason.BLANK else value.reason.value


def _with_unit(text: str, unit: str) -> str:
    return text if not unit or text.endswith("%") else f"{text} {unit}"


def _row(key: str, text: str, language: Language, **fields: object) -> str:
    label = say(key, language, **fields)
    return f"{label}{' ' * max(1, _LABEL - width(label))}{text}"


def _cell(at: CellRef) -> str:
    return f"〔{at.sheet} {at.cell}〕"


def _year(year: int, language: Language) -> str:
    return f"{year}年" if language == "zh-TW" else f"ROC {year}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
