"""Comparison of two workbooks: table of changes and scorecard with tracked changes."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.atomic_files import safe_file_name
from reportgen.pipeline.build_result import BuildResult, BuildSource, write_build
from reportgen.pipeline.exit_codes import exit_code, stop_on_errors
from reportgen.pipeline.render_documents import (
    add_odt_files,
    make_render_job,
    missing_libreoffice_problems,
    render_documents,
    rendered_formats,
    verify_pages,
)
from reportgen.pipeline.resources import (
    build_fonts,
    find_templates,
    missing_glyphs,
    preload_libraries,
)
from reportgen.problems import Problem, StoppedError, make_problem
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.documents import Document
    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline.build_result import WrittenBuild
    from reportgen.pipeline.settings import Settings
    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template


def compare_workbooks(old: Path, new: Path, settings: Settings) -> WrittenBuild:
    """Write the table of changes between two editions and the scorecard with tracked changes.

    Raise StoppedError with all problems found so far if nothing was written.
    """
    return write_build(render_comparison(old, new, settings).to_output(), settings)


def render_comparison(old: Path, new: Path, settings: Settings) -> BuildResult:
    """Return the table of changes between two workbooks, as bytes; nothing is written.

    With Word among the formats also the newer scorecard with tracked changes. Both workbooks are
    read in parallel, and their problems name their file. Raise StoppedError with all problems if
    one is an error.
    """
    from reportgen.documents import COMPARISON, SCORECARD, comparison_document, edition_document
    from reportgen.workbook.reading.sandboxed_reader import start_reading

    settings.progress("read")
    with start_reading(old) as earlier, start_reading(new) as later:
        cards = (SCORECARD,) if "docx" in rendered_formats(settings) else ()  # to be tracked
        table_settings = replace(settings, documents=(COMPARISON, *cards))
        templates, missing = find_templates(table_settings)
        fonts, no_fonts = build_fonts(settings)
        preload_libraries()
        (before, old_problems), (after, new_problems) = earlier.result(), later.result()
    names = (old.name, new.name) if old.name != new.name else (str(old), str(new))
    problems = (
        *(problem.in_workbook(names[0], old.name) for problem in old_problems),
        *(problem.in_workbook(names[1], new.name) for problem in new_problems),
        *missing,
        *no_fonts,
    )
    if before is None or after is None or fonts is None or later.content is None:
        raise StoppedError(problems, exit_code(problems))
    table, *word_problems = comparison_document(before, after)
    problems += tuple(
        problem.in_workbook(name, path.name)
        for name, path, found in zip(names, (old, new), word_problems, strict=True)
        for problem in found
    )
    problems += (*_doubtful_pair(before, after), *missing_glyphs(table.texts, fonts))
    problems += missing_libreoffice_problems(settings.formats)
    stop_on_errors(problems)
    settings.progress("render")
    source = BuildSource(
        new.name, later.content, after, _older_attachment(old, new, earlier.content)
    )
    contents, new_problems = render_documents((table,), templates[:1], source, fonts, settings)
    problems += new_problems
    if "docx" in rendered_formats(settings):
        editions = [
            (edition_document(SCORECARD, card)[0], BuildSource(path.name, b"", card))
            for path, card in ((old, before), (new, after))
        ]
        tracked, new_problems = _track_changes(editions, templates[1], fonts, settings)
        contents |= tracked
        problems += new_problems
    result = BuildResult(
        source=source, contents=contents, templates=templates, fonts=fonts, problems=problems
    )
    return verify_pages(add_odt_files(result, settings), settings)


def _older_attachment(old: Path, new: Path, content: bytes | None) -> dict[str, bytes]:
    """Return the older workbook under a file name that differs from the newer one's."""
    name = old.name if old.name != new.name else f"old_{old.name}"
    return {name: content or b""}


def _track_changes(
    cards: list[tuple[Document, BuildSource]],
    template: Template,
    fonts: FontSet,
    settings: Settings,
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """Return path → Word file of the newer scorecard, with its changes from the older one tracked.

    ``cards`` are the older and the newer one. {} with the problems if either cannot be rendered.
    """
    from reportgen.documents import TRACKED
    from reportgen.render.docx.track_changes.tracker import track_changes
    from reportgen.render.sandboxed_renderer import start_rendering

    with ExitStack() as stack:
        word = replace(settings, formats=("docx",))
        renderings = [
            stack.enter_context(
                start_rendering(make_render_job(document, template, source, word, fonts), fonts)
            )
            for document, source in cards
        ]
        results = [rendering.result() for rendering in renderings]
    problems = tuple(
        dict.fromkeys(problem for _, new_problems in results for problem in new_problems)
    )
    files = [files_by_format["docx"] for files_by_format, _ in results if "docx" in files_by_format]
    if len(files) < len(cards):
        return {}, problems
    card = cards[1][1].scorecard
    content = track_changes(*files, author=str(card.agency), day=card.revised.to_date())
    stem = f"{safe_file_name(str(card.agency))}_{TRACKED}_{card.edition}"
    return {settings.output / card.edition / f"{stem}.docx": content}, problems


def _doubtful_pair(old: Scorecard, new: Scorecard) -> tuple[Problem, ...]:
    """Return W310 if the agencies' names differ, W311 if the old edition is not the earlier."""
    problems = []
    agencies = {name_key(str(card.agency)) for card in (old, new) if card.agency}
    if len(agencies) > 1:
        problems.append(make_problem("W310", found=str(old.agency), other=str(new.agency)))
    if old.revised >= new.revised:
        problems.append(make_problem("W311", found=old.edition, other=new.edition))
    return tuple(problems)
