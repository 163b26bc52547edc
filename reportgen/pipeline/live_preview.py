"""Live preview: the pages of a workbook, rendered incrementally while it is edited.

A :class:`Previewer` lives in one warm process with one thread. Unchanged work is not repeated: a
workbook of the same bytes is not read, a document of the same data and template is not made, a
section that would look the same is not laid out. Whatever comes from a user is run in sandboxed
children, as in a build. The pages are those of a build, to the pixel, except that the seal is
replaced by the words that this is a preview.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from reportgen.documents import document_content, document_kind
from reportgen.pipeline import check_scorecard
from reportgen.problems import Location, Problem, has_errors, make_problem
from reportgen.provenance.seal import Seal
from reportgen.render.document import RenderJob
from reportgen.render.fonts.font_set import FontSet, find_fonts
from reportgen.render.fonts.glyph_coverage import glyph_problems
from reportgen.render.incremental.incremental_renderer import IncrementalRenderer
from reportgen.render.sandboxed_renderer import start_rendering
from reportgen.render.templates.template_engine import Template, find_template
from reportgen.render.verify import output_text
from reportgen.workbook.reading.sandboxed_reader import WorkbookReader
from reportgen.workbook.reading.workbook_reader import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.documents import Content
    from reportgen.model.scorecard import Scorecard
    from reportgen.render.pdf.hit_regions import HitRegion

PREVIEW_SEAL_TEXT: Final = "預覽"  # in place of the seal's code
MAX_DIGESTED_BYTES: Final = (
    5_000_000  # bytes of a template's file that are read; of a larger one, its date
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to show: its index in the PDF of this SHA-256, its size in points."""

    pdf: str
    index: int
    width: float
    height: float
    text: str
    places: tuple[HitRegion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPreview:
    """A document to show."""

    name: str
    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The pages of a workbook and the problems found.

    A document that an error forbids is missing; callers keep showing its previous pages.
    """

    problems: tuple[Problem, ...]
    results: Results | None = None
    documents: tuple[RenderedPreview, ...] = ()
    pdfs: Mapping[str, bytes] = field(default_factory=dict)  # SHA-256 → content


@dataclass(frozen=True, slots=True)
class _CachedReading:
    """A workbook as read: its inputs and the outcome."""

    of: tuple[object, ...]
    results: Results | None
    problems: tuple[Problem, ...]
    legible: bool = False  # without errors
    computed: bool = False  # its formulas as well


@dataclass(frozen=True, slots=True)
class _RenderedPdf:
    """The pages of a PDF."""

    content: bytes
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class _CachedDocument:
    """A document, its inputs, and its problems."""

    of: tuple[object, ...] = ()
    document: RenderedPreview | None = None
    sheets: tuple[_RenderedPdf, ...] = ()
    problems: tuple[Problem, ...] = ()


class Previewer:
    """A renderer of previews after each save, with caches of all stages."""

    def __init__(self, font_folders: tuple[Path, ...]) -> None:
        self._folders = font_folders
        self._fonts: FontSet | None = None
        self._renderer: IncrementalRenderer | None = None
        self._reader = WorkbookReader()
        self._reading: _CachedReading | None = None
        self._documents: dict[str, _CachedDocument] = {}
        self._section_pdfs: dict[str, _RenderedPdf] = {}  # of sections, by their keys
        output_text.preload_reader()

    def preview(
        self,
        workbook: Path,
        documents: Iterable[str],
        templates: Path | None,
        working_folder: Path,
    ) -> Preview:
        """Return the pages of these documents, and all problems of the workbook and of them.

        A document that errors forbid is left out; nothing is raised for bad input. Unchanged stages
        are taken from the caches.
        """
        fonts, problems = self._open_fonts()
        reading = self._read_workbook(workbook)
        problems = (*reading.problems, *problems)
        rendered: list[_CachedDocument] = []
        for name in documents:
            template, missing = find_template(name, templates, working_folder)
            problems += missing
            if template is not None and fonts is not None and reading.results is not None:
                rendered.append(self._cached_document(name, template, reading, fonts))
                problems += rendered[-1].problems
        return Preview(
            problems=tuple(dict.fromkeys(problems)),
            results=reading.results,
            documents=tuple(document.document for document in rendered if document.document),
            pdfs={
                sheets.pages[0].pdf: sheets.content
                for document in rendered
                for sheets in document.sheets
            },
        )

    def close(self) -> None:
        """Stop the child processes that read workbooks and render pages."""
        self._reader.close()
        if self._renderer is not None:
            self._renderer.close()

    def _open_fonts(self) -> tuple[FontSet | None, tuple[Problem, ...]]:
        """Return the fonts, opened again if the files changed, or None with the problems.

        With new fonts all rendered sections are dropped and the renderer is started anew; it stays
        None without Pango.
        """
        fonts, problems = find_fonts(self._folders)
        if problems:
            return None, problems
        if self._fonts is None or self._fonts.found != fonts:
            self._fonts = FontSet(fonts, self._folders)
            self._section_pdfs.clear()
            if self._renderer is not None:
                self._renderer.close()
            self._renderer = None
            with suppress(OSError):  # without Pango each document reports it
                self._renderer = IncrementalRenderer(self._fonts)
        return self._fonts, ()

    def _read_workbook(self, workbook: Path) -> _CachedReading:
        """Return the workbook with its results, cached for the same bytes, fonts and day.

        The results are None if it cannot be read.
        """
        content, _ = read_file(workbook)
        environment = (self._fonts and self._fonts.found, datetime.now().astimezone().date())
        if (
            content is None
            or self._reading is None
            or self._reading.of != (workbook, content, *environment)
        ):
            scorecard, problems, content_read = self._reader.read(workbook)
            inputs = (workbook, content_read, *environment)
            if scorecard is None:
                self._reading = _CachedReading(inputs, None, problems)
            else:
                results, result_problems = check_scorecard(scorecard, workbook, self._fonts)
                legible = not has_errors(problems)
                computed = legible and not has_errors(result_problems)
                self._reading = _CachedReading(
                    inputs, results, (*problems, *result_problems), legible, computed
                )
        return self._reading

    # --- a document ------------------------------------------------------------------------

    def _cached_document(
        self, name: str, template: Template, reading: _CachedReading, fonts: FontSet
    ) -> _CachedDocument:
        """Return a rendered document, from the cache unless any input of it has changed.

        Inputs are the workbook, the fonts, the day and the template's files. E303 instead of a
        document if one of these files cannot be read.
        """
        try:
            files = _template_digest(template.folder)
        except OSError as error:
            return _CachedDocument(problems=(_unreadable_problem(error, template),))
        inputs = (reading.of, template.folder, files)
        if name not in self._documents or self._documents[name].of != inputs:
            rendered = self._render_document(name, template, files, reading, fonts)
            self._documents[name] = replace(rendered, of=inputs)
        return self._documents[name]

    def _render_document(
        self, name: str, template: Template, files: str, reading: _CachedReading, fonts: FontSet
    ) -> _CachedDocument:
        """Return a document as rendered, without storing it.

        It is empty if errors of the workbook prevent it; it has problems and no pages if its own
        do.
        """
        if reading.results is None or not (
            reading.computed if document_kind(name).reports_formula_problems else reading.legible
        ):
            return _CachedDocument()
        document = document_content(name, reading.results)
        problems = glyph_problems(document.texts, fonts)
        if has_errors(problems):
            return _CachedDocument(problems=problems)
        job = preview_job(document, template, reading.results.scorecard)
        if self._renderer is None:
            pdfs, render_problems = _render_fully(job, fonts)
        else:
            pdfs, render_problems = self._render_incrementally(job, files, fonts, self._renderer)
        problems += render_problems
        if not pdfs or has_errors(problems):
            return _CachedDocument(problems=problems)
        pages = tuple(page for pdf in pdfs for page in pdf.pages)
        previewed = RenderedPreview(name=name, title=document.title, pages=pages)
        return _CachedDocument((), previewed, pdfs, problems)

    def _render_incrementally(
        self, job: RenderJob, files: str, fonts: FontSet, renderer: IncrementalRenderer
    ) -> tuple[tuple[_RenderedPdf, ...], tuple[Problem, ...]]:
        """Return a PDF for each section of a document in page order, and the problems.

        Unchanged sections are reused; PDFs that no section needs any more are dropped. The document
        is rendered in full, as one PDF, if the renderer asks for that, or if a page's text is not
        as laid out.
        """
        updated = renderer.update(job, files)
        if updated.files is not None:
            return _pdf_of_files(updated.files), updated.problems
        for key in set(updated.keys) - self._section_pdfs.keys():
            pages = renderer.pages(key)
            pdf = _rendered_pdf(pages.pdf, pages.hit_regions)
            page_texts = tuple(page.text for page in pdf.pages)
            if not output_text.have_same_text(page_texts, pages.page_texts, fonts.same_glyph):
                return _render_fully(job, fonts)
            self._section_pdfs[key] = pdf
        pdfs = tuple(self._section_pdfs[key] for key in updated.keys)
        self._section_pdfs = {
            key: section_pdf for key, section_pdf in self._section_pdfs.items() if renderer.has(key)
        }
        return pdfs, updated.problems


def preview_job(printed: Content, template: Template, scorecard: Scorecard) -> RenderJob:
    """Return the job that renders a document as PDF, with the regions of its KPIs.

    The seal is a word that says that it is a preview, and nothing is attached.
    """
    return RenderJob(
        template=template,
        context={**printed.context, "seal": Seal(scorecard.edition, PREVIEW_SEAL_TEXT)},
        texts=printed.texts,
        formats=("pdf", "places"),
        title=printed.title,
        author=str(scorecard.agency),
        day=scorecard.revised.to_date(),
        source_name="",
        source=b"",
    )


def _render_fully(
    job: RenderJob, fonts: FontSet
) -> tuple[tuple[_RenderedPdf, ...], tuple[Problem, ...]]:
    """Return the PDF of a document rendered without reuse, as a tuple of one, and the problems.

    Empty if an error prevents it.
    """
    files, problems = start_rendering(job, fonts).result()
    return _pdf_of_files(files), problems


def _pdf_of_files(files: Mapping[str, bytes]) -> tuple[_RenderedPdf, ...]:
    """Return the PDF of a render with its regions, as a tuple of one; empty without files."""
    from reportgen.render.pdf.hit_regions import parse_hit_regions

    return (_rendered_pdf(files["pdf"], parse_hit_regions(files["places"])),) if files else ()


def _rendered_pdf(pdf: bytes, page_regions: tuple[tuple[HitRegion, ...], ...]) -> _RenderedPdf:
    """Return a PDF with its SHA-256, and the size, text and KPI regions of each page.

    ``page_regions`` has one tuple for each page. The text is read from the PDF.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    return _RenderedPdf(
        pdf,
        tuple(
            Page(
                pdf=digest,
                index=index,
                width=page.width,
                height=page.height,
                text=page.text,
                places=regions,
            )
            for index, (page, regions) in enumerate(
                zip(output_text.read_pdf_pages(pdf), page_regions, strict=True)
            )
        ),
    )


def _template_digest(folder: Path) -> str:
    """Return the digest of all files of a template: names, sizes and contents.

    Of a file above MAX_DIGESTED_BYTES the time of modification counts instead of the content. Raise
    OSError if one cannot be read.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path.relative_to(folder)}\0{stat.st_size}\0".encode())
            is_small = stat.st_size <= MAX_DIGESTED_BYTES
            digest.update(path.read_bytes() if is_small else str(stat.st_mtime_ns).encode())
    return digest.hexdigest()


def _unreadable_problem(error: OSError, template: Template) -> Problem:
    """Return E303 for a template's file that cannot be read."""
    name = error.filename if isinstance(error.filename, str) else str(template.folder)
    reason = error.strerror or type(error).__name__
    return make_problem("E303", Location(file=name), found=name.rpartition("/")[2], reason=reason)


__all__ = ["PREVIEW_SEAL_TEXT", "Page", "Preview", "Previewer", "RenderedPreview", "preview_job"]
