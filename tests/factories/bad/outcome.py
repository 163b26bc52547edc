"""What comes of a workbook without laying it out: every problem, and every result."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from reportgen.compute import compute, plausibility_problems
from reportgen.documents import scorecard_texts
from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.fonts.glyph_coverage import glyph_problems
from reportgen.workbook import read_bytes
from tests.factories.workbooks import sample_bytes

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

Figures = dict[tuple[str, int], tuple[str, str]]  # KPI, year → figure and target, as printed


class Outcome(NamedTuple):
    """``figures`` is None where the workbook cannot be read, or holds an error."""

    problems: tuple[Problem, ...]
    figures: Figures | None
    scorecard: Scorecard | None

    def places(self) -> list[tuple[str, str, str]]:
        """Code, sheet and cell of each problem, but for the sample's own."""
        own = set(sample().problems)
        return [_place(each) for each in self.problems if each not in own]


def _place(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.where.sheet, problem.where.cell


@cache
def sample() -> Outcome:
    return outcome(sample_bytes())


@cache
def _fonts() -> FontSet:
    return FontSet(find_fonts(font_folders())[0])


def outcome(content: bytes, file: str = "105-12-25.xlsx") -> Outcome:
    """Read and calculate as ``reportgen check`` does."""
    scorecard, problems = read_bytes(content, file=file)
    if scorecard is None or any(each.code.startswith("E") for each in problems):
        return Outcome(problems, None, scorecard)
    results, found = compute(scorecard)
    glyphs = glyph_problems(scorecard_texts(scorecard), _fonts())
    problems = (*problems, *found, *plausibility_problems(results), *glyphs)
    figures = {
        (kpi.kpi.code.upper(), year.year): (year.printed, year.target.shown if year.target else "")
        for kpi in results.kpis
        for year in kpi.years
    }
    return Outcome(problems, figures, scorecard)
