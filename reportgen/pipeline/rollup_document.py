"""The files of a roll-up, in memory: 彙整.xlsx, and the document 彙整 made from its template."""

from __future__ import annotations

import os
import unicodedata
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reportgen.documents import (
    ROLLUP,
    rollup_document,
    rollup_numbers,
    rollup_open_document,
)
from reportgen.model.scorecard import CellRef, Text
from reportgen.problems import Problem, has_errors
from reportgen.processes import sandbox
from reportgen.processes.pipe_framing import DeferredBytes
from reportgen.provenance.manifest import template_files
from reportgen.render.document import RenderJob, precompile
from reportgen.render.fonts.font_set import FontSet, find_fonts
from reportgen.render.fonts.glyph_coverage import glyph_clusters, glyph_problems
from reportgen.render.sandboxed_renderer import start_rendering
from reportgen.render.templates.template_engine import find_template
from reportgen.render.weasyprint_patches.startup import load_weasyprint
from reportgen.views.rollup import ROLLUP_SHEET_NAME
from reportgen.workbook.export.rollup_xlsx import DEFAULT_DATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.pipeline import Settings
    from reportgen.rollup import RollUp

DOCUMENT_AUTHOR: Final = "reportgen"
MISSING_GLYPH_SIGN: Final = "〓"  # the traditional mark for a missing sort
_NO_CELL: Final = CellRef(sheet="", cell="")


def render_rollup(
    rolled: RollUp, settings: Settings
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return file name → bytes of a roll-up, and the problems; nothing is written.

    ``彙整.xlsx`` always; ``彙整.ods`` with the same content, and the documents, as the settings'
    formats ask. If a problem is an error there are no documents. The PDF carries the workbook. The
    same roll-up gives the same bytes, whatever ``settings.output`` is.
    """
    document = rollup_document(rolled)
    template, missing = find_template(ROLLUP, settings.templates, settings.working_folder)
    font_files, font_problems = find_fonts(settings.font_folders)
    if template is None or font_problems:
        figures = {ROLLUP_SHEET_NAME: rollup_numbers(rolled)} | _ods_file(rolled, settings)
        return figures, (*missing, *font_problems)
    fonts = FontSet(font_files, settings.font_folders)
    substitution = _GlyphSubstitution(fonts)
    requested = tuple(name for name in settings.formats if name not in {"odt", "ods"})
    wants_odt = "odt" in settings.formats
    job = RenderJob(
        template=template,
        context={name: substitution.printable(value) for name, value in document.context.items()},
        formats=tuple(dict.fromkeys((*requested, *(("docx",) if wants_odt else ())))),
        title=document.title,
        author=DOCUMENT_AUTHOR,
        day=(rolled.latest or DEFAULT_DATE).to_date(),
        source_name=ROLLUP_SHEET_NAME,
        source=b"",
        parallel_docx=settings.cores > 1,
    )
    numbers, rendered, problems = _render_with_workbook(job, fonts, lambda: rollup_numbers(rolled))
    if wants_odt and "docx" in rendered:
        from reportgen.render.odt.odt_converter import convert_to_odt

        converted, conversion_problems = convert_to_odt({"docx": rendered["docx"]})
        problems += conversion_problems
        rendered |= {"odt": converted["docx"]} if converted else {}
    files = {ROLLUP_SHEET_NAME: numbers} | _ods_file(rolled, settings)
    if not has_errors(problems):
        requested = tuple(name for name in settings.formats if name in rendered)
        files |= {f"{document.file_name}.{ending}": rendered[ending] for ending in requested}
    return files, problems


def _ods_file(rolled: RollUp, settings: Settings) -> dict[str, bytes]:
    """Return the roll-up as .ods by file name; empty if that format is not requested."""
    if "ods" not in settings.formats:
        return {}
    return {f"{ROLLUP_SHEET_NAME.removesuffix('.xlsx')}.ods": rollup_open_document(rolled)}


def preload_rollup(settings: Settings) -> None:
    """Load what :func:`render_rollup` needs, and prepare its template, ahead of time.

    A custom template is not prepared: it may do anything, and nothing here is sandboxed.
    """
    template, _ = find_template(ROLLUP, settings.templates, settings.working_folder)
    bundled, _ = find_template(ROLLUP, None, Path(os.devnull))
    if template is None or bundled is None:
        return
    with suppress(OSError):  # a missing Pango is reported by the rendering
        load_weasyprint()
        if template_files(template.folder) == template_files(bundled.folder):
            precompile(template)


def _render_with_workbook(
    job: RenderJob, fonts: FontSet, numbers_of: Callable[[], bytes]
) -> tuple[bytes, dict[str, bytes], tuple[Problem, ...]]:
    """Return the workbook, format → bytes of the document, and its problems.

    ``numbers_of`` makes the workbook, in parallel to the layout where processes can be forked; the
    PDF embeds it.
    """
    forks = sandbox.choose_start_method() is sandbox.StartMethod.FORK
    deferred = DeferredBytes() if forks and "pdf" in job.formats else None
    numbers = b"" if deferred else numbers_of()
    with start_rendering(replace(job, source=deferred or numbers), fonts) as rendering:
        if deferred:
            numbers = numbers_of()
            deferred.send(numbers)
        rendered, problems = rendering.result()
    return numbers, dict(rendered), problems


class _GlyphSubstitution:
    """Replacement of characters that no font has by 〓.

    Agencies' own documents are rejected for such a character, with its cell; the roll-up lists
    the rejected ones, and must not fail because of one of them.
    """

    def __init__(self, fonts: FontSet) -> None:
        self._fonts = fonts
        self._printable_chars: set[str] = set()  # characters that are printed as they are

    def printable(self, value: Any) -> Any:
        """Return a value of the view with 〓 for what no font prints, in its texts at any depth.

        Texts, tuples and dataclasses are searched; anything else, and a value without such
        characters, is returned as it is.
        """
        if isinstance(value, str):
            return value if self._printable_chars.issuperset(value) else self._printable_text(value)
        if isinstance(value, tuple):
            return tuple(self.printable(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            before = {member.name: getattr(value, member.name) for member in fields(value)}
            after = {name: self.printable(member_value) for name, member_value in before.items()}
            return value if before == after else replace(value, **after)
        return value

    def _printable_text(self, text: str) -> str:
        """Return a text with each cluster that no font can print replaced by MISSING_GLYPH_SIGN.

        Remembers the single characters that can be printed.
        """
        for cluster in dict.fromkeys(glyph_clusters(text)):
            if has_errors(glyph_problems([Text(text=cluster, at=_NO_CELL)], self._fonts)):
                text = text.replace(cluster, MISSING_GLYPH_SIGN)
            elif len(cluster) == 1 and not unicodedata.category(cluster).startswith("M"):
                self._printable_chars.add(cluster)
        return text


__all__ = ["preload_rollup", "render_rollup"]
