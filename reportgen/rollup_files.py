"""The files of a roll-up, in memory: 彙整.xlsx, and the document 彙整 made from its template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.documents import ROLLUP, rollup_document
from reportgen.problems import Problem, has_errors
from reportgen.render.bounded import start
from reportgen.render.document import Job
from reportgen.render.fonts import FontSet, find_fonts
from reportgen.render.html import find_template
from reportgen.rollup_view import SHEET
from reportgen.workbook.rollup_sheets import UNDATED

if TYPE_CHECKING:
    from reportgen.documents import Document
    from reportgen.pipeline import Settings
    from reportgen.rollup import RollUp

AUTHOR = "reportgen"


def produce_rollup(
    rolled: RollUp, settings: Settings
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """File name → bytes: ``彙整.xlsx`` always, ``彙整.pdf`` and so on as ``settings.formats`` say.

    Where a problem is an error the workbook is all there is. The PDF carries the workbook. The
    same roll-up gives the same bytes, wherever ``settings.output`` is: nothing is written here.
    """
    document = rollup_document(rolled)
    files = {SHEET: document.beside["xlsx"]}
    made, problems = _rendered(document, rolled, settings)
    if not has_errors(problems):
        files |= {f"{document.file_name}.{ending}": content for ending, content in made.items()}
    return files, problems


def _rendered(
    document: Document, rolled: RollUp, settings: Settings
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Format → bytes."""
    template, missing = find_template(ROLLUP, settings.templates, settings.working_folder)
    families, lacking = find_fonts(settings.font_folders)
    if template is None or lacking:
        return {}, (*missing, *lacking)
    asked = tuple(each for each in settings.formats if each != "odt")
    wants_odt = "odt" in settings.formats
    job = Job(
        template=template,
        context=document.context,
        formats=tuple(dict.fromkeys((*asked, *(("docx",) if wants_odt else ())))),
        title=document.title,
        author=AUTHOR,
        day=(rolled.latest or UNDATED).to_date(),
        source_name=SHEET,
        source=document.beside["xlsx"],
    )
    fonts = FontSet(families)
    with start(job, fonts) as rendering:
        rendered, problems = rendering.result()
    made = dict(rendered)
    if wants_odt and "docx" in made:
        from reportgen.render.odt import convert

        converted, found = convert({"docx": made["docx"]})
        problems += found
        if converted:
            made["odt"] = converted["docx"]
    return {each: made[each] for each in settings.formats if each in made}, problems


__all__ = ["produce_rollup"]
