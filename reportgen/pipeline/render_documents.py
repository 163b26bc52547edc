"""Documents → files: rendered beside each other, each in a child; ODT of the Word files."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.atomic_files import file_name
from reportgen.pipeline.exit_codes import stop_on_errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.documents import Document
    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline.build_result import Made, Source
    from reportgen.pipeline.settings import Settings
    from reportgen.problems import Problem
    from reportgen.render.document import Job
    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template


def render(
    documents: tuple[Document, ...],
    templates: tuple[Template, ...],
    source: Source,
    fonts: FontSet,
    settings: Settings,
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """Return the files of all documents by path; the documents are rendered in parallel."""
    from reportgen.render.sandboxed_renderer import start_rendering

    contents: dict[Path, bytes] = {}
    problems: tuple[Problem, ...] = ()
    parallel_docx = settings.cores > len(documents)
    with ExitStack() as stack:
        renderings = [
            stack.enter_context(
                start_rendering(
                    job(document, template, source, settings, fonts, parallel_docx=parallel_docx),
                    fonts,
                )
            )
            for document, template in zip(documents, templates, strict=True)
        ]
        for document, rendering in zip(documents, renderings, strict=True):
            made, found = rendering.result()
            files = {**made, **(document.beside if made else {})}
            contents |= _named(files, document, source.scorecard, settings)
            problems += found
    return contents, problems


def job(
    document: Document,
    template: Template,
    source: Source,
    settings: Settings,
    fonts: FontSet,
    *,
    parallel_docx: bool = False,
) -> Job:
    """Return the renderer's job for a document, with its seal and source files."""
    from reportgen.provenance.manifest import sealed
    from reportgen.provenance.seal import UNSEALED
    from reportgen.render.document import Job

    mark = UNSEALED
    made_of: dict[str, bytes] = {}
    if source.content:
        workbooks = {source.name: source.content, **source.beside}
        mark, made_of = sealed(source.scorecard.edition, document.name, template, workbooks, fonts)
    return Job(
        template=template,
        context={**document.context, "seal": mark},
        texts=document.texts,
        formats=rendered_formats(settings),
        title=document.title,
        author=str(source.scorecard.agency),
        day=source.scorecard.revised.to_date(),
        source_name=source.name,
        source=source.content,
        beside={**source.beside, **document.within, **made_of},
        parallel_docx=parallel_docx,
    )


def rendered_formats(settings: Settings) -> tuple[str, ...]:
    """Return the formats to lay out: ODT is made from the Word file, ODS from the figures."""
    others = tuple(each for each in settings.formats if each not in {"odt", "ods"})
    return tuple(dict.fromkeys((*others, "docx"))) if "odt" in settings.formats else others


def _named(
    files: Mapping[str, bytes], document: Document, scorecard: Scorecard, settings: Settings
) -> dict[Path, bytes]:
    """Return files by path; the keys of ``files`` are file name extensions."""
    stem = f"{file_name(str(scorecard.agency))}_{document.file_name}_{scorecard.edition}"
    folder = settings.output / scorecard.edition
    return {folder / f"{stem}.{ending}": content for ending, content in files.items()}


def without_office(formats: tuple[str, ...]) -> tuple[Problem, ...]:
    """Return E507 if ODT is requested without LibreOffice, to report it before rendering."""
    if "odt" not in formats:
        return ()
    from reportgen.render.odt.odt_converter import missing

    return missing()


def with_odt(made: Made, settings: Settings) -> Made:
    """Return the result with an ODT of each Word file; drop Word files that were not requested.

    Raises StoppedError with all problems if the result or the conversion has errors.
    """
    stop_on_errors(made.problems)
    if "odt" not in settings.formats:
        return made
    from reportgen.render.odt.odt_converter import convert

    settings.progress("odt")
    word = {path.name: path for path in made.contents if path.suffix == ".docx"}
    converted, found = convert({name: made.contents[path] for name, path in word.items()})
    problems = (*made.problems, *found)
    stop_on_errors(problems)
    left_out = () if "docx" in settings.formats else word.values()
    contents = {path: each for path, each in made.contents.items() if path not in left_out}
    contents |= {word[name].with_suffix(".odt"): each for name, each in converted.items()}
    return replace(made, contents=contents, problems=problems)
