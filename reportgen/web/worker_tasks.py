"""Tasks of worker processes: the pipeline's work on the files of one job.

The first argument of each is ``report``, a function that sends changes of the job's state while the
task runs. The changes at its end are returned.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from reportgen.documents import edition_documents
from reportgen.problems import StoppedError, has_errors
from reportgen.web.upload_jobs import (
    WORDS_FILE,
    Download,
    JobStage,
    Page,
    PreviewedDocument,
    WorkbookSummary,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from reportgen.archive import ArchiveReceipt, VerificationResult
    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline import BuildResult, Settings
    from reportgen.pipeline.archive_edition import EditionArchiveOptions
    from reportgen.pipeline.live_preview import Previewer, RenderedPreview
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.render.pdf.text_changes import PageText
    from reportgen.web.api_types import PlaceJson, WordsAnswer, WordsOnKpi
    from reportgen.web.upload_jobs import CellRef, Outputs

StateChanges = dict[str, Any]
FORMATS = ("pdf", "docx", "places")
REGIONS_SUFFIX = ".places"
MAX_VALUE_CHARS = 10_000  # of a value that is typed for a cell
HALF_WRITTEN_CODES = (
    "E130",
    "E132",
    "E302",
    "E303",
)  # possible while a program is saving the file


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """The configuration of all tasks of a server."""

    templates: Path | None
    working_folder: Path
    font_folders: tuple[Path, ...]
    pdfs: Path  # folder of all previewed PDFs, named by SHA-256


def preload() -> None:
    """Import the libraries that most tasks need: PDFium and WeasyPrint.

    Raise OSError without Pango.
    """
    import pypdfium2  # noqa: F401

    from reportgen.render.weasyprint_patches.startup import load_weasyprint

    load_weasyprint()


def preload_rasterizer() -> None:
    """Import what rasterizing needs."""
    import pypdfium2  # noqa: F401


def check(
    report: Callable[[StateChanges], None], config: WorkerConfig, workbook: Path, outputs: Outputs
) -> StateChanges:
    """Check a workbook for :func:`build_document`; return the changes and ``names`` to be built.

    Writes the results as JSON, and the checked workbook. Without names nothing can be built:
    REFUSED.
    """
    from reportgen.pipeline import check_to_build

    report({"stage": JobStage.CHECKING, "ahead": 0})
    checked = check_to_build(workbook, build_settings(config, outputs.files, ()))
    results, problems = checked.results, checked.problems
    if results is None:
        return {"stage": JobStage.REFUSED, "problems": problems}
    write_results(results, outputs.results)
    summary = workbook_summary(results.scorecard)
    if has_errors(problems):
        return {"stage": JobStage.REFUSED, "problems": problems, "facts": summary}
    outputs.checked.write_bytes(pickle.dumps(checked))
    return {
        "stage": JobStage.RENDERING,
        "problems": problems,
        "facts": summary,
        "names": _documents_of(config, results.scorecard),
    }


def build_document(
    report: Callable[[StateChanges], None],
    config: WorkerConfig,
    name: str,
    outputs: Outputs,
    before: tuple[PreviewedDocument, ...],
) -> StateChanges:
    """Build a document of a workbook that was checked; return its pages, files and problems.

    What differs from the document of this name in ``before`` is marked. Without documents the
    problems say why.
    """
    from reportgen.pipeline import build_checked

    checked = pickle.loads(outputs.checked.read_bytes())
    result, problems = build_checked(checked, build_settings(config, outputs.files, (name,)))
    if result is None:
        return {"problems": problems, "documents": (), "files": ()}
    documents, downloads = _store_documents(result, name, outputs.files, config.pdfs)
    marked = mark_changes(before, documents, config.pdfs)
    return {"problems": problems, "documents": marked, "files": downloads}


def mark_changes(
    before: tuple[PreviewedDocument, ...], after: tuple[PreviewedDocument, ...], pdfs: Path
) -> tuple[PreviewedDocument, ...]:
    """Return documents with the regions marked that differ from those of the same names before.

    A document that is new has no marks, nor has any whose earlier PDFs are gone.
    """
    from reportgen.render.pdf.text_changes import changed_boxes

    old = {document.name: document for document in before}
    marked = []
    for document in after:
        pages = old[document.name].pages if document.name in old else ()
        if [page.source for page in pages] == [page.source for page in document.pages]:
            marked.append(old[document.name])  # with the marks of what changed before
            continue
        if not pages or not all((pdfs / f"{page.source}.pdf").is_file() for page in pages):
            marked.append(document)
            continue
        boxes = changed_boxes(_page_texts(pages, pdfs), _page_texts(document.pages, pdfs), _seal())
        marked.append(
            replace(
                document,
                pages=tuple(
                    replace(
                        page,
                        changes=tuple(
                            {"x": box.x, "y": box.y, "w": box.width, "h": box.height}
                            for box in boxes_on_page
                        ),
                    )
                    for page, boxes_on_page in zip(document.pages, boxes, strict=True)
                ),
            )
        )
    return tuple(marked)


@cache
def _seal() -> re.Pattern[str]:
    """Return the pattern of a page's seal in its line, as a build and a preview print it."""
    from reportgen.pipeline.live_preview import PREVIEW_SEAL_TEXT
    from reportgen.provenance.seal import CODE_LABEL

    return re.compile(rf"{CODE_LABEL} [0-9A-Z-]{{9,}}|^\d+-\d+-\d+ {PREVIEW_SEAL_TEXT}(?: |$)")


def _page_texts(pages: Iterable[Page], pdfs: Path) -> list[PageText]:
    """Return pages as the comparison of texts takes them."""
    from reportgen.render.pdf.text_changes import PageText

    return [
        PageText(pdf=pdfs / f"{page.source}.pdf", index=page.index, text=page.text)
        for page in pages
    ]


def preview(
    report: Callable[[StateChanges], None],
    config: WorkerConfig,
    workbook: Path,
    results: Path,
    before: tuple[PreviewedDocument, ...] = (),
) -> StateChanges:
    """Render the pages of a workbook incrementally, and write their PDFs to their folder.

    Writes the results as JSON to ``results``. What differs from ``before`` is marked. The pages
    are reported document by document; the final stage and problems are returned: READY without
    errors, else REFUSED.
    """
    shown: dict[str, PreviewedDocument] = {}
    problems: tuple[Problem, ...] = ()
    names = list(edition_documents())
    while names:
        name = names.pop(0)
        rendered = _cached_previewer(config.font_folders).preview(
            workbook, (name,), config.templates, config.working_folder
        )
        problems = tuple(dict.fromkeys((*problems, *rendered.problems)))
        if rendered.results is None:
            return {"stage": JobStage.REFUSED, "problems": problems}
        for source, content in rendered.pdfs.items():
            store_pdf(config.pdfs / f"{source}.pdf", content)
        write_results(rendered.results, results)
        printed = _documents_of(config, rendered.results.scorecard)
        names = [name for name in names if name in printed]
        new = tuple(_shown_document(document) for document in rendered.documents)
        shown |= {document.name: document for document in mark_changes(before, new, config.pdfs)}
        if shown:
            changes = {"problems": problems, "facts": workbook_summary(rendered.results.scorecard)}
            report({**changes, "documents": tuple(shown.values())})
    stage = JobStage.REFUSED if has_errors(problems) else JobStage.READY
    return {"stage": stage, "problems": problems}


def files_only(
    report: Callable[[StateChanges], None], config: WorkerConfig, workbook: Path, files: Path
) -> StateChanges:
    """Write all documents of a workbook to ``files`` without a preview, and return the downloads.

    Documents that errors forbid are left out; problems are not returned, as the preview has them.
    """
    from reportgen.pipeline import build_checked, check_to_build

    checked = check_to_build(workbook, build_settings(config, files, ()))
    downloads: tuple[Download, ...] = ()
    scorecard = None if checked.results is None else checked.results.scorecard
    for name in _documents_of(config, scorecard) if scorecard is not None else ():
        result, _ = build_checked(checked, build_settings(config, files, (name,)))
        downloads += () if result is None else _write_downloads(result, name, files)
    return {"files": downloads}


def write_odt(
    report: Callable[[StateChanges], None],
    config: WorkerConfig,
    workbook: Path,
    files: Path,
    names: tuple[str, ...],
) -> tuple[tuple[Download, ...], tuple[Problem, ...]]:
    """Write documents of a workbook to ``files`` as ODT; return the downloads.

    With an error nothing is written, and the errors are returned.
    """
    from reportgen.pipeline import build_checked, check_to_build

    settings = replace(build_settings(config, files, names), formats=("odt",))
    checked = check_to_build(workbook, settings)
    contents: dict[Path, tuple[str, bytes]] = {}
    for name in names:
        result, problems = build_checked(checked, replace(settings, documents=(name,)))
        if result is None or has_errors(problems):
            return (), tuple(problem for problem in problems if has_errors([problem]))
        contents |= {
            files / path.name: (name, content)
            for path, content in result.contents.items()
            if path.suffix == ".odt"
        }
    for path, (_, content) in contents.items():
        path.write_bytes(content)
    downloads = (
        Download(name=path.name, size=len(content), document=name, format="odt")
        for path, (name, content) in contents.items()
    )
    return tuple(downloads), ()


def _documents_of(config: WorkerConfig, card: Scorecard) -> tuple[str, ...]:
    """Return the documents that the page shows of an edition: the review if it has words."""
    from reportgen.pipeline.resources import with_default_documents

    return with_default_documents(build_settings(config, config.pdfs, ()), card).documents


def template_folders(config: WorkerConfig) -> tuple[Path, ...]:
    """Return the folders of the templates that the default documents use, without missing ones."""
    from reportgen.render.templates.template_engine import find_template

    templates = (
        find_template(name, config.templates, config.working_folder) for name in edition_documents()
    )
    return tuple(template.folder for template, _ in templates if template)


def compare(
    report: Callable[[StateChanges], None],
    config: WorkerConfig,
    older: Path,
    newer: Path,
    files: Path,
) -> StateChanges:
    """Compare two workbooks and write the files to ``files``; return the final changes.

    They are the table of changes, and the newer scorecard with its changes tracked. REFUSED with
    the problems if an error forbids them.
    """
    from reportgen.pipeline import render_comparison

    report({"stage": JobStage.RENDERING, "ahead": 0})
    try:
        result = render_comparison(older, newer, build_settings(config, files, ()))
    except StoppedError as stop:
        return {"stage": JobStage.REFUSED, "problems": stop.problems}
    documents, downloads = _store_documents(result, "comparison", files, config.pdfs)
    return {
        "stage": JobStage.READY,
        "problems": result.problems,
        "documents": documents,
        "files": downloads,
        "facts": workbook_summary(result.source.scorecard),
    }


def archive_edition(
    report: Callable[[StateChanges], None],
    config: WorkerConfig,
    workbook: Path,
    files: Path,
    options: EditionArchiveOptions,
) -> tuple[ArchiveReceipt | None, tuple[Problem, ...]]:
    """Archive an edition; return the receipt, and problems.

    None if it was not archived. Problems of the workbook are left out unless they are the reason.
    """
    from reportgen.pipeline.archive_edition import archive_edition as archive

    settings = build_settings(config, files, ())
    try:
        result = archive(workbook, settings, options)
    except StoppedError as stop:
        return None, stop.problems
    return result.receipt, result.archive_problems


def verify(
    report: Callable[[StateChanges], None], folder: Path
) -> tuple[VerificationResult | None, str, tuple[Problem, ...]]:
    """Verify an archive to the last byte; return what was verified, its code, and the problems.

    None and "" if the archive cannot be opened.
    """
    from reportgen.archive import head, open_archive
    from reportgen.archive import verify_archive as check

    archive, problems = open_archive(folder)
    if archive is None:
        return None, "", problems
    verified, more = check(archive)
    return verified, head(archive.entries).code, problems + more


def write_annotated_copy(
    report: Callable[[StateChanges], None],
    workbook: Path,
    problems: tuple[Problem, ...],
    language: Language,
    copy: Path,
) -> tuple[Problem, ...]:
    """Write a copy of the workbook with ``problems`` marked; return why that failed, else ()."""
    from reportgen.pipeline import annotate

    written, unwritten = annotate(workbook, problems, language, copy)
    return () if written else unwritten


def set_cell(
    report: Callable[[StateChanges], None], workbook: Path, cell: CellRef, value: str
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return a copy of a workbook with a typed value in a cell; None with the reasons against."""
    from reportgen.workbook.editing.typed_value import set_typed_value

    return set_typed_value(workbook.read_bytes(), cell.sheet, cell.cell, value)


def blank_workbook(report: Callable[[StateChanges], None], day: date) -> bytes:
    """Return a blank workbook for an edition of this day."""
    from reportgen.model.scorecard import RocDate
    from reportgen.workbook.writing import new_edition

    revised = RocDate.from_date(day)
    return new_edition.blank_edition(revised, revised.year).to_bytes()


def next_edition(
    report: Callable[[StateChanges], None], workbook: Path, day: date
) -> tuple[str, bytes, tuple[Problem, ...]]:
    """Return file name and content of the next edition's workbook, and no problems.

    If contents would be lost, or it cannot be read, both are empty, with the errors.
    """
    from reportgen.model.scorecard import RocDate
    from reportgen.problems import has_errors
    from reportgen.workbook.reading.sandboxed_reader import start_reading
    from reportgen.workbook.writing import new_edition

    reading = start_reading(workbook)
    card, problems = reading.result()
    if card is None or reading.content is None or new_edition.has_losing_errors(problems):
        return "", b"", tuple(problem for problem in problems if has_errors([problem]))
    revised = RocDate.from_date(day)
    old = new_edition.previous_edition(card, reading.content, problems)
    edition_made = new_edition.next_edition(old, revised, new_edition.next_data_year(card, revised))
    return f"{revised.edition}.xlsx", edition_made.to_bytes(), ()


def rasterize_page(
    report: Callable[[StateChanges], None], pdf: Path, index: int, width: int
) -> bytes:
    """Return a page of a PDF as a PNG of ``width`` pixels; ``index`` counts from 0."""
    from reportgen.render.pdf.rasterize import rasterize

    return rasterize(pdf.read_bytes(), index, width)


def workbook_summary(card: Scorecard) -> WorkbookSummary:
    """Return agency, title, edition, status and data year of a scorecard."""
    return WorkbookSummary(
        agency=str(card.agency),
        title=str(card.title),
        edition=card.edition,
        status=card.status.value,
        data_year=card.data_year,
    )


def write_results(results: Results, path: Path) -> None:
    """Write the results as JSON: each figure with its calculation and cells.

    The words on the KPIs are written beside it.
    """
    from reportgen.exports.results_json import results_object

    path.parent.mkdir(parents=True, exist_ok=True)
    words: WordsAnswer = {"words": _words_json(results)}
    path.with_name(WORDS_FILE).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
    path.write_text(json.dumps(results_object(results), ensure_ascii=False), "utf-8")


def _words_json(results: Results) -> list[WordsOnKpi]:
    """Return the words on the KPIs as the review prints them, each with its cell."""
    from reportgen.views.review_view import scorecard_as_printed

    card, _ = scorecard_as_printed(results)
    return [
        {
            "kpi": commentary.kpi,
            "year": commentary.year,
            "column": column,
            "text": text.text,
            "sheet": text.at.sheet,
            "cell": text.at.cell,
        }
        for commentary in card.commentaries
        for column, text in commentary.columns.items()
        if text
    ]


def store_pdf(path: Path, content: bytes) -> None:
    """Write a PDF in one step unless it is there: a killed server's worker may write it, too."""
    if not path.exists():
        temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
        temporary.write_bytes(content)
        temporary.replace(path)


def store_pages(
    pdf: bytes, folder: Path, places: Iterable[list[PlaceJson]] = ()
) -> tuple[Page, ...]:
    """Store a PDF in ``folder`` under its SHA-256; return its pages with text, size and regions.

    Sizes are in points. ``places`` are the regions of the pages, in order; missing ones are empty.
    """
    import pypdfium2

    source = hashlib.sha256(pdf).hexdigest()
    store_pdf(folder / f"{source}.pdf", pdf)
    on_pages: dict[int, list[PlaceJson]] = dict(enumerate(places))
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(
            Page(
                source=source,
                index=index,
                width=page.get_width(),
                height=page.get_height(),
                text=page.get_textpage().get_text_range(),
                places=tuple(on_pages.get(index, ())),
            )
            for index, page in enumerate(document)
        )


@cache
def _cached_previewer(font_folders: tuple[Path, ...]) -> Previewer:
    """Return the previewer of this worker, which caches what it has rendered."""
    from reportgen.pipeline.live_preview import Previewer

    return Previewer(font_folders)


def _shown_document(document: RenderedPreview) -> PreviewedDocument:
    """Return a rendered document for the page, with its pages and the regions of its KPIs.

    Lengths are in points.
    """
    return PreviewedDocument(
        name=document.name,
        title=document.title,
        pages=tuple(
            Page(
                source=page.pdf,
                index=page.index,
                width=page.width,
                height=page.height,
                text=page.text,
                places=tuple(
                    {
                        "kpi": region.kpi,
                        "year": region.year,
                        "x": region.x,
                        "y": region.y,
                        "w": region.width,
                        "h": region.height,
                    }
                    for region in page.places
                ),
            )
            for page in document.pages
        ),
    )


def build_settings(config: WorkerConfig, files: Path, documents: tuple[str, ...]) -> Settings:
    """Return the settings of a build for the page; ``files`` is the output folder.

    Without ``documents``, as for a comparison or the archive, no regions of KPIs are made.
    """
    from reportgen.pipeline import Settings

    return Settings(
        output=files,
        formats=FORMATS if documents else ("pdf", "docx"),
        documents=documents,
        templates=config.templates,
        working_folder=config.working_folder,
        font_folders=config.font_folders,
    )


def _store_documents(
    result: BuildResult, name: str, folder: Path, pdfs: Path
) -> tuple[tuple[PreviewedDocument, ...], tuple[Download, ...]]:
    """Store PDFs and downloads of a build; return the documents to preview, and the downloads.

    ``folder`` is for the downloads, ``pdfs`` for the pages. Each PDF is one document of ``name``.
    """
    regions = {
        path.stem: json.loads(content)["pages"]
        for path, content in result.contents.items()
        if path.suffix == REGIONS_SUFFIX
    }
    documents = tuple(
        PreviewedDocument(
            name=name, title=path.stem, pages=store_pages(content, pdfs, regions.get(path.stem, ()))
        )
        for path, content in result.contents.items()
        if path.suffix == ".pdf"
    )
    return documents, _write_downloads(result, name, folder)


def _write_downloads(result: BuildResult, name: str, folder: Path) -> tuple[Download, ...]:
    """Write the files of a build to a folder; return them as downloads, without the regions."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        path: content for path, content in result.contents.items() if path.suffix != REGIONS_SUFFIX
    }
    for path, content in files.items():
        (folder / path.name).write_bytes(content)
    return tuple(
        Download(name=path.name, size=len(content), document=name, format=path.suffix.lstrip("."))
        for path, content in files.items()
    )


__all__ = [
    "WorkerConfig",
    "blank_workbook",
    "build_document",
    "check",
    "compare",
    "next_edition",
    "preload",
    "rasterize_page",
    "write_annotated_copy",
]
