"""``reportgen explain``: one KPI's figure, from the printed formula down to the cells."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.argument_parser import width
from reportgen.exports.results_json import kpi_object
from reportgen.formula import name_key, pointed
from reportgen.problems import ExitCode, Location, Problem, has_errors, make
from reportgen.text.name_matching import nearest
from reportgen.views.explanation_view import explanation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.cli.argument_parser import Options
    from reportgen.compute.result_types import KpiResult, KpiYear, Results
    from reportgen.problems.problem import Language
    from reportgen.views.explanation_view import Line

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
    """Return the problems of the cells that the figure comes from or is compared with."""
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
    yield from map(_printed, explanation(result, of_year, language))


def _printed(line: Line) -> str:
    where = f"  〔{line.cell.sheet} {line.cell.cell}〕" if line.cell else ""
    if line.level:
        return f"{'  ' * line.level}{line.label} {line.text}{where}"
    if not line.text and not where:
        return line.label
    return f"{line.label}{' ' * max(1, _LABEL - width(line.label))}{line.text}{where}"


def _year(year: int, language: Language) -> str:
    return f"{year}年" if language == "zh-TW" else f"ROC {year}"
