"""The settings of a batch, and the digest of everything that all of its documents depend on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reportgen.batch import build_cache
from reportgen.batch.tasks import BuildOptions
from reportgen.problems import ExitCode, StoppedError
from reportgen.provenance.manifest import template_files

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.problems.problem import Language


def read_build_options(
    *,
    documents: tuple[str, ...],
    formats: tuple[str, ...],
    templates: Path | None,
    working_folder: Path,
    font_folders: tuple[Path, ...],
    language: Language,
) -> tuple[BuildOptions, str]:
    """Return the options of a batch, with the templates' files, and a digest of all its inputs.

    The digest covers program, libraries, templates, fonts, documents, formats and language, but no
    workbook. Without ``documents`` they are the defaults of each edition. Raise StoppedError if a
    template is missing or unreadable, or a font, or LibreOffice if a format needs it.
    """
    from reportgen.documents import edition_documents, needs_template
    from reportgen.pipeline.render_documents import missing_libreoffice_problems
    from reportgen.render.fonts.font_set import find_fonts
    from reportgen.render.templates.template_engine import find_template

    templates_found = [
        find_template(name, templates, working_folder) for name in documents or edition_documents()
    ]
    fonts, missing_fonts = find_fonts(font_folders)
    problems = tuple(
        problem
        for name, (_, missing) in zip(
            documents or edition_documents(), templates_found, strict=True
        )
        for problem in missing
        if documents or needs_template(name)
    )
    if problems:
        raise StoppedError(problems, ExitCode.TEMPLATE)
    if missing := (*missing_fonts, *missing_libreoffice_problems(formats)):
        raise StoppedError(missing, ExitCode.ENVIRONMENT)
    folders = {template.name: template.folder for template, _ in templates_found if template}
    options = BuildOptions(
        documents=documents,
        formats=formats,
        templates={name: template_files(folder) for name, folder in folders.items()},
        template_folders={name: str(folder) for name, folder in folders.items()},
        font_folders=font_folders,
        language=language,
    )
    options_json = json.dumps([documents, formats, language]).encode()
    files = [
        part
        for name, contents in sorted(options.templates.items())
        for file, content in sorted(contents.items())
        for part in (f"{name}/{file}".encode(), content)
    ]
    font_files = [font.path.read_bytes() for font in fonts]
    return options, build_cache.digest(
        (build_cache.program_digest().encode(), options_json, *files, *font_files)
    )


__all__ = ["read_build_options"]
