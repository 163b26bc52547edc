"""Resources of a build besides the workbook: templates, fonts, and slow libraries."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard, Text
    from reportgen.pipeline.settings import Settings
    from reportgen.problems import Problem
    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template


def with_default_documents(settings: Settings, scorecard: Scorecard) -> Settings:
    """Return the settings with the default documents of an edition if they name none."""
    from reportgen.documents import edition_documents, needs_template
    from reportgen.render.templates.template_engine import find_template

    if settings.documents:
        return settings
    names = (
        name
        for name in edition_documents(scorecard)
        if needs_template(name)
        or find_template(name, settings.templates, settings.working_folder)[0]
    )
    return replace(settings, documents=tuple(names))


def find_templates(settings: Settings) -> tuple[tuple[Template, ...], tuple[Problem, ...]]:
    """Return the templates of the requested documents, in order, without missing ones.

    Problems: E405 for a document without a template, E414 for two whose files would have the same
    name.
    """
    from reportgen.render.templates.template_engine import find_template

    templates = [
        find_template(document, settings.templates, settings.working_folder)
        for document in settings.documents
    ]
    return (
        tuple(template for template, _ in templates if template),
        (
            *(problem for _, problems in templates for problem in problems),
            *_file_name_clashes(settings.documents),
        ),
    )


def _file_name_clashes(documents: Iterable[str]) -> Iterator[Problem]:
    """Yield E414 for each document that would be written to the file of another."""
    from reportgen.documents import document_kind
    from reportgen.problems import make_problem

    document_of_file: dict[str, str] = {}  # file name → document
    for document in documents:
        other = document_of_file.setdefault(document_kind(document).file_name, document)
        if other != document:
            yield make_problem("E414", found=document, other=other)


def build_fonts(settings: Settings) -> tuple[FontSet | None, tuple[Problem, ...]]:
    """Return the fonts of a build, opened if need be; None with problems if one is missing."""
    return (settings.fonts, ()) if settings.fonts else open_fonts(settings.font_folders)


def open_fonts(folders: tuple[Path, ...]) -> tuple[FontSet | None, tuple[Problem, ...]]:
    """Return the fonts in these folders, or None and problems if one is missing."""
    from reportgen.render.fonts.font_set import FontSet, find_fonts

    families, problems = find_fonts(folders)
    return (None if problems else FontSet(families, folders)), problems


def preload_libraries() -> None:
    """Load the libraries of every build; a missing Pango is reported by the rendering."""
    from reportgen.render.weasyprint_patches.startup import load_weasyprint

    with suppress(OSError):
        load_weasyprint()


def missing_glyphs(texts: Iterable[Text], fonts: FontSet) -> tuple[Problem, ...]:
    """Return a problem, with its cell, for each character that is not printed as intended.

    E119 and E147 forbid printing; W140, W144 and N144 report another shape or a rare font. Each
    once.
    """
    from reportgen.render.fonts.glyph_coverage import glyph_problems

    return glyph_problems(texts, fonts)
