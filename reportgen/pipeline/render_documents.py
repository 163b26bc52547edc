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
    """The files of all documents, which are made beside each other: name → bytes."""
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
    """A document as the renderer is told of it, with its seal and all that it is made of."""
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
    """The formats that are laid out: an ODT is made of the Word file, an ODS of the figures."""
    others = tuple(each for each in settings.formats if each not in {"odt", "ods"})
    return tuple(dict.fromkeys((*others, "docx"))) if "odt" in settings.formats else others


def _named(
    files: Mapping[str, bytes], document: Document, scorecard: Scorecard, settings: Settings
) -> dict[Path, bytes]:
    """Files by their paths, of which the endings are given."""
    stem = f"{file_name(str(scorecard.agency))}_{document.file_name}_{scorecard.edition}"
    folder = settings.output / scorecard.edition
    return {folder / f"{stem}.{ending}": content for ending, content in files.items()}


def without_office(formats: tuple[str, ...]) -> tuple[Problem, ...]:
    """E507 where ODT is asked for and LibreOffice is not there: said before the work is done."""
    if "odt" not in formats:
        return ()
    from reportgen.render.odt.odt_converter import missing

    return missing()


def with_odt(made: Made, settings: Settings) -> Made:
    """What was made, each Word file as ODT beside it, or in its place where no Word was asked for.

    Raises StoppedError, with all problems, where it, or what was made, has errors.
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
