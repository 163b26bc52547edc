"""Rendering of documents to files: in parallel child processes; ODT from the Word files."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.atomic_files import safe_file_name
from reportgen.pipeline.exit_codes import stop_on_errors
from reportgen.pipeline.printed_approvals import NO_APPROVALS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.documents import Document
    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline.build_result import BuildResult, BuildSource
    from reportgen.pipeline.printed_approvals import PrintedApprovals
    from reportgen.pipeline.settings import Settings
    from reportgen.problems import Problem
    from reportgen.render.document import RenderJob
    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template


def render_documents(
    documents: tuple[Document, ...],
    templates: tuple[Template, ...],
    source: BuildSource,
    fonts: FontSet,
    settings: Settings,
    *,
    approvals: PrintedApprovals = NO_APPROVALS,
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """Return the files of all documents by path, and the problems; rendered in parallel processes.

    A document with an error has no files. Document and template are paired by position. Nothing is
    written; ODT is not made here.
    """
    from reportgen.render.sandboxed_renderer import start_rendering

    contents: dict[Path, bytes] = {}
    problems: tuple[Problem, ...] = ()
    parallel_docx = settings.cores > len(documents)
    with ExitStack() as stack:
        renderings = [
            stack.enter_context(
                start_rendering(
                    make_render_job(
                        document,
                        template,
                        source,
                        settings,
                        fonts,
                        approvals=approvals,
                        parallel_docx=parallel_docx,
                    ),
                    fonts,
                )
            )
            for document, template in zip(documents, templates, strict=True)
        ]
        for document, rendering in zip(documents, renderings, strict=True):
            rendered, render_problems = rendering.result()
            files = {**rendered, **(document.sidecar_files if rendered else {})}
            contents |= _output_paths(files, document, source.scorecard, settings)
            problems += render_problems
    return contents, problems


def make_render_job(
    document: Document,
    template: Template,
    source: BuildSource,
    settings: Settings,
    fonts: FontSet,
    *,
    approvals: PrintedApprovals = NO_APPROVALS,
    parallel_docx: bool = False,
) -> RenderJob:
    """Return the renderer's job for a document, with its seal, source files and approvals.

    Without source content there is no seal and no manifest. Raise StoppedError (E303) for a
    template's file that cannot be read.
    """
    from reportgen.provenance.manifest import build_manifest
    from reportgen.provenance.seal import NO_SEAL
    from reportgen.render.document import RenderJob

    document_seal = NO_SEAL
    manifest_files: dict[str, bytes] = {}
    if source.content:
        workbooks = {source.name: source.content, **source.sidecar_files}
        document_seal, manifest_files = build_manifest(
            source.scorecard.edition,
            document.name,
            template,
            workbooks,
            fonts,
            approvals=approvals.attachments,
        )
    return RenderJob(
        template=template,
        context={**document.context, "seal": document_seal},
        texts=document.texts,
        formats=rendered_formats(settings),
        title=document.title,
        author=str(source.scorecard.agency),
        day=source.scorecard.revised.to_date(),
        source_name=source.name,
        source=source.content,
        attachments={
            **source.sidecar_files,
            **document.attachments,
            **manifest_files,
            **approvals.attachments,
        },
        sign_offs=approvals.sign_offs,
        parallel_docx=parallel_docx,
    )


def rendered_formats(settings: Settings) -> tuple[str, ...]:
    """Return the formats to lay out: ODT is made from the Word file, ODS from the figures."""
    laid_out = tuple(name for name in settings.formats if name not in {"odt", "ods"})
    return tuple(dict.fromkeys((*laid_out, "docx"))) if "odt" in settings.formats else laid_out


def _output_paths(
    files: Mapping[str, bytes], document: Document, scorecard: Scorecard, settings: Settings
) -> dict[Path, bytes]:
    """Return path → content of a document's files, from file name extension → content.

    The path is output folder, edition, and a name of agency, document and edition.
    """
    stem = f"{safe_file_name(str(scorecard.agency))}_{document.file_name}_{scorecard.edition}"
    folder = settings.output / scorecard.edition
    return {folder / f"{stem}.{ending}": content for ending, content in files.items()}


def missing_libreoffice_problems(formats: tuple[str, ...]) -> tuple[Problem, ...]:
    """Return E507 if ODT is among the formats and LibreOffice is not installed, else nothing.

    It is asked before rendering, so that no time is lost.
    """
    if "odt" not in formats:
        return ()
    from reportgen.render.odt.odt_converter import missing_libreoffice

    return missing_libreoffice()


def verify_pages(result: BuildResult, settings: Settings) -> BuildResult:
    """Return the result with the problems of its printed pages, if ``settings`` ask for them.

    PDF and Word of each document are compared by their names. Raise StoppedError with all problems
    if they have errors.
    """
    if not settings.verify:
        return result
    from reportgen.render.verify.printed_pages import verify_printed_pages

    settings.progress("pages")
    files: dict[str, dict[str, bytes]] = {}
    for path, content in result.contents.items():
        if path.suffix in (".pdf", ".docx"):
            files.setdefault(path.stem, {})[path.suffix.removeprefix(".")] = content
    found = verify_printed_pages(files, settings.font_folders, result.fonts.same_glyph)
    problems = (*result.problems, *found)
    stop_on_errors(problems)
    return replace(result, problems=problems)


def add_odt_files(result: BuildResult, settings: Settings) -> BuildResult:
    """Return the result with an ODT of each Word file, if ODT is requested.

    Word files that were not requested are dropped then. Raise StoppedError with all problems if the
    result, ODT or not, or the conversion has errors.
    """
    stop_on_errors(result.problems)
    if "odt" not in settings.formats:
        return result
    from reportgen.render.odt.odt_converter import convert_to_odt

    settings.progress("odt")
    word = {path.name: path for path in result.contents if path.suffix == ".docx"}
    converted, conversion_problems = convert_to_odt(
        {name: result.contents[path] for name, path in word.items()}
    )
    problems = (*result.problems, *conversion_problems)
    stop_on_errors(problems)
    omitted = () if "docx" in settings.formats else word.values()
    contents = {path: content for path, content in result.contents.items() if path not in omitted}
    contents |= {word[name].with_suffix(".odt"): content for name, content in converted.items()}
    return replace(result, contents=contents, problems=problems)
