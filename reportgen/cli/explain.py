"""``reportgen explain``: one KPI's figure, from the printed formula down to the cells."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.argument_parser import width
from reportgen.exports.results_json import kpi_object
from reportgen.formula import excerpt_with_caret, name_key
from reportgen.problems import ExitCode, Location, Problem, has_errors, make_problem
from reportgen.text.name_matching import closest_name
from reportgen.views.explanation_view import commentary_lines, explanation_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.cli.command_options import CommandOptions
    from reportgen.cli.command_schema import CommentaryLine, ExplainReport
    from reportgen.compute.result_types import KpiResult, KpiYear, Results
    from reportgen.problems.problem import Language
    from reportgen.views.explanation_view import ExplanationLine

_LABEL_COLUMNS = 12


def explain(path: Path, options: CommandOptions, language: Language) -> ExitCode:
    """Print the explanation of a KPI's figure, and only the problems that concern it.

    Return the exit code of these. E222 for an unknown KPI and E223 for a year that it does not have
    are wrong usage. An unreadable workbook's problems are all printed.
    """
    from reportgen.pipeline import calculate, exit_code

    results, problems = calculate(path)
    if results is None:
        print_report(options, language, problems)
        return exit_code(problems)
    result = _find_kpi(results, options.kpi)
    if result is None:
        return _report_usage_error(options, language, _unknown_kpi_problem(results, options.kpi))
    year = results.scorecard.data_year if options.year is None else options.year
    kpi_year = result.of(year)
    if kpi_year is None and result.formula is not None:
        years = "、".join(map(str, results.years))
        return _report_usage_error(options, language, make_problem("E223", found=year, years=years))
    relevant = _relevant_problems(problems, result, kpi_year)
    words, word_problems = commentary_lines(results, result.kpi.code, year)
    relevant += word_problems
    content: ExplainReport = {
        **_empty_report(options),
        "edition": results.scorecard.edition,
        "kpi": kpi_object(result, results.scorecard, year),
        "words": [_word_as_json(line) for line in words],
    }
    print_report(options, language, relevant, content)
    if not options.json:
        lines = (*_explanation_lines(result, kpi_year, language), *map(_format_line, words))
        print("\n".join(lines))
    return exit_code(relevant) if has_errors(relevant) else ExitCode.DONE


def _empty_report(options: CommandOptions) -> ExplainReport:
    """Return the JSON of a figure that cannot be explained."""
    return {
        "schema": "reportgen.explain/1",
        "workbook": options.workbooks[0],
        "edition": None,
        "kpi": None,
        "words": [],
        "problems": [],
    }


def _word_as_json(line: ExplanationLine) -> CommentaryLine:
    """Return words on a KPI as JSON, with their cell."""
    assert line.cell is not None
    return {
        "label": line.label,
        "text": line.text,
        "sheet": line.cell.sheet,
        "cell": line.cell.cell,
    }


def _find_kpi(results: Results, code: str) -> KpiResult | None:
    """Return the KPI of a code, or None; case, width and spaces do not matter, as for names."""
    key = name_key(code)
    return next((result for result in results.kpis if name_key(result.kpi.code) == key), None)


def _unknown_kpi_problem(results: Results, code: str) -> Problem:
    """Return E222 for an unknown KPI code, with all codes and the most similar one."""
    codes = [result.kpi.code for result in results.kpis]
    suggestion = closest_name(code, codes)
    hints = (f"是否為「{suggestion}」？", f"Do you mean {suggestion}?") if suggestion else ("", "")
    location = Location(sheet="關鍵績效指標")
    fields = {"found": code, "codes": "、".join(codes)}
    return make_problem("E222", location, **fields, hint=hints[0], hint_en=hints[1])


def _report_usage_error(options: CommandOptions, language: Language, problem: Problem) -> ExitCode:
    """Report a problem with the arguments; return ExitCode.USAGE."""
    print_report(options, language, (problem,))
    return ExitCode.USAGE


def _relevant_problems(
    problems: tuple[Problem, ...], result: KpiResult, kpi_year: KpiYear | None
) -> tuple[Problem, ...]:
    """Return the problems of the cells that the figure comes from or is compared with.

    These are the KPI's code and formula, the cells that the formula has read, and the target's.
    ``kpi_year`` is None for a KPI without a formula.
    """
    cells = {result.kpi.formula.at, result.kpi.at}
    if kpi_year is not None:
        cells |= {part.at for evidence in kpi_year.evidence for part in evidence.parts}
        cells |= {kpi_year.target.declared_at.at} if kpi_year.target else set()
    cell_refs = {(cell_ref.sheet, cell_ref.cell) for cell_ref in cells}
    return tuple(
        problem for problem in problems if (problem.where.sheet, problem.where.cell) in cell_refs
    )


def print_report(
    options: CommandOptions,
    language: Language,
    problems: tuple[Problem, ...],
    content: ExplainReport | None = None,
) -> None:
    """Print the problems to standard error, with the formula's excerpt; or all as one JSON object.

    ``content`` is added to the JSON only.
    """
    if options.json:
        report: ExplainReport = {
            **(content or _empty_report(options)),
            "problems": output.problems_as_json(problems, language),
        }
        output.print_json(report)
        return
    for problem in problems:
        print(problem.line(language), file=sys.stderr)
        if excerpt := excerpt_with_caret(problem):
            print(excerpt, file=sys.stderr)


def _explanation_lines(
    result: KpiResult, kpi_year: KpiYear | None, language: Language
) -> Iterator[str]:
    """Yield the printed lines that explain a KPI, its heading first."""
    kpi = result.kpi
    yield f"{kpi.code} {kpi.name}" + (
        f"  {_format_year(kpi_year.year, language)}" if kpi_year else ""
    )
    yield from map(_format_line, explanation_lines(result, kpi_year, language))


def _format_line(line: ExplanationLine) -> str:
    """Return a printed line, with its cell at the end.

    A line of a level is indented; others have label and text in two columns.
    """
    cell = f"  〔{line.cell.sheet} {line.cell.cell}〕" if line.cell else ""
    if line.level:
        return f"{'  ' * line.level}{line.label} {line.text}{cell}"
    if not line.text and not cell:
        return line.label
    return f"{line.label}{' ' * max(1, _LABEL_COLUMNS - width(line.label))}{line.text}{cell}"


def _format_year(year: int, language: Language) -> str:
    """Return a ROC year in a language: ``105年`` or ``ROC 105``."""
    return f"{year}年" if language == "zh-TW" else f"ROC {year}"
