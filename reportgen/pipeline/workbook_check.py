"""Check of a workbook: its results and all problems; nothing is rendered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from reportgen.atomic_files import WrittenFile, write_files
from reportgen.model.scorecard import ROC_OFFSET
from reportgen.pipeline.resources import missing_glyphs, open_fonts
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems.problem import Language
    from reportgen.render.fonts.font_set import FontSet


def check_workbook(
    workbook: Path, font_folders: tuple[Path, ...]
) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """Return a scorecard and the problems of its cells, formulas, figures and glyphs.

    It is read in a sandbox; no template is needed. The scorecard is None if the workbook cannot be
    read.
    """
    results, problems = check_with_results(workbook, font_folders)
    return (None if results is None else results.scorecard), problems


def check_with_results(
    workbook: Path, font_folders: tuple[Path, ...]
) -> tuple[Results | None, tuple[Problem, ...]]:
    """Return a workbook's computed results and the problems that :func:`check_workbook` finds.

    The results are None if the workbook cannot be read; they are returned beside errors otherwise.
    """
    from reportgen.workbook.reading.sandboxed_reader import start_reading

    scorecard, problems = start_reading(workbook).result()
    if scorecard is None:
        return None, problems
    fonts, no_fonts = open_fonts(font_folders)
    results, result_problems = check_scorecard(scorecard, workbook, fonts)
    return results, (*problems, *result_problems, *no_fonts)


def check_scorecard(
    scorecard: Scorecard, workbook: Path, fonts: FontSet | None
) -> tuple[Results, tuple[Problem, ...]]:
    """Return the results of a scorecard and the problems found after reading it.

    Those of computing, plausibility, glyphs and date. Without ``fonts`` (None) glyphs are not
    checked.
    """
    from reportgen.compute import compute

    results, problems = compute(scorecard)
    return results, (*problems, *collect_result_problems(results, workbook, fonts))


def collect_result_problems(
    results: Results, workbook: Path, fonts: FontSet | None
) -> tuple[Problem, ...]:
    """Return the problems of implausible figures, words, missing glyphs and a date in the future.

    Without ``fonts`` (None) glyphs are not checked. A workbook without words is not asked for them.
    """
    from reportgen.compute import plausibility_problems
    from reportgen.documents import commentary_problems, scorecard_texts

    card = results.scorecard
    has_words = bool(card.commentaries or card.initiatives)
    glyphs = () if fonts is None else missing_glyphs(scorecard_texts(card), fonts)
    return (
        *plausibility_problems(results),
        *(commentary_problems(results) if has_words else ()),
        *glyphs,
        *future_date_problems(card, workbook),
    )


def annotate(
    workbook: Path,
    problems: tuple[Problem, ...],
    language: Language,
    copy: Path,
) -> tuple[WrittenFile | None, tuple[Problem, ...]]:
    """Write a copy of a workbook with the problems marked to ``copy``; return the written file.

    Its problems are those of making the copy, such as W155, not those that are marked. None if the
    workbook cannot be read or edited, or the copy not be written.
    """
    from reportgen.workbook.annotate import annotate as marked_copy
    from reportgen.workbook.reading.workbook_reader import read_file

    content, load_problems = read_file(workbook)
    if content is None:
        return None, load_problems
    marked, problems = marked_copy(content, problems, language, workbook.name)
    if marked is None:
        return None, problems
    files, unwritten = write_files({copy: marked})
    return next(iter(files), None), problems + unwritten


def calculate(workbook: Path) -> tuple[Results | None, tuple[Problem, ...]]:
    """Read a workbook in a sandbox and return its results; None if it cannot be read.

    The problems are those of cells, formulas and targets; glyphs and plausibility are not checked.
    """
    from reportgen.compute import compute
    from reportgen.workbook.reading.sandboxed_reader import start_reading

    scorecard, problems = start_reading(workbook).result()
    if scorecard is None:
        return None, problems
    results, result_problems = compute(scorecard)
    return results, problems + result_problems


def future_date_problems(scorecard: Scorecard, workbook: Path) -> tuple[Problem, ...]:
    """Return N506 if the edition's date is after today's local date, else nothing.

    That may be a typing error or a wrong clock; it forbids nothing.
    """
    today = _today()
    if scorecard.revised.to_date() <= today:
        return ()
    location = Location(file=workbook.name)
    today_roc = f"{today.year - ROC_OFFSET}-{today:%m-%d}"
    return (make_problem("N506", location, revised=scorecard.edition, today=today_roc),)


def _today() -> date:
    """Return the local date of today."""
    return datetime.now().astimezone().date()
