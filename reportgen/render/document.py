"""Rendering one document: a template and a view become PDF, Word and HTML of the same pages."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from reportgen.problems import Location, Problem, has_errors, make_problem
from reportgen.processes.call_errors import CallFailedError, DeadlineExceededError, EndReason
from reportgen.processes.child import extend_deadline
from reportgen.processes.resource_limits import system_lacks_memory
from reportgen.processes.sandbox import run_in_fork, run_inline
from reportgen.render import limits
from reportgen.render.fonts.font_set import FontsNotLoadedError
from reportgen.render.templates import template_engine as html_stage
from reportgen.render.templates.sign_off_box import fill_sign_off_box
from reportgen.render.templates.source_locations import (
    MAIN_FILE,
    REFUSED_PREFIX,
    locate,
    oversized_spans,
    shorten_address,
    unreadable_files,
)
from reportgen.render.verify.output_text import NO_TEXT, ExpectedText
from reportgen.render.weasyprint_patches.startup import load_weasyprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from reportgen.model.scorecard import Text
    from reportgen.processes.pipe_framing import DeferredBytes
    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.templates.sign_off_box import SignOff
    from reportgen.render.templates.template_engine import Template

ATTACHMENT_DESCRIPTIONS = {
    "results.json": "Every figure, exact and as shown",
    "build.json": "What this document was made of",
    "templates.zip": "The template it was made with",
}
# C libraries without memory abort, or exit; the kernel kills. SIGSEGV and the like are bugs.
OUT_OF_MEMORY_SIGNALS = frozenset({"SIGABRT", "SIGKILL", "SIGTRAP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderJob:
    """A document to render. ``day`` dates the files; the clock never does."""

    template: Template
    context: Mapping[str, Any]
    texts: tuple[Text, ...] = ()  # of the workbook, with their cells: what the context is made of
    formats: tuple[str, ...]
    title: str
    author: str
    day: date
    source_name: str
    source: bytes | DeferredBytes  # which the PDF alone has need of, at its end
    attachments: Mapping[str, bytes] = field(default_factory=dict)  # what else travels in the PDF
    sign_offs: tuple[SignOff, ...] = ()  # of the 核章欄; none: it stays empty
    parallel_docx: bool = False  # beside the PDF, in a fork: sooner, for more work in all


@dataclass(frozen=True, slots=True)
class RenderedFiles:
    """The files of a document, empty if a problem forbids it, and the text that they must have."""

    files: Mapping[str, bytes]  # by format
    problems: tuple[Problem, ...]
    expected_text: ExpectedText = NO_TEXT


def render_job(job: RenderJob, fonts: FontSet) -> RenderedFiles:
    """Return the files of a document, in memory; any failure is returned as a problem.

    Errors among the problems mean that there are no files. In a child process the deadline of
    ``reportgen.render.sandboxed_renderer`` is extended after the template; it sets no other limits.
    """
    try:
        load_weasyprint()
    except OSError as error:
        return RenderedFiles({}, (make_problem("E502", found=str(error).splitlines()[0]),))
    fonts = document_fonts(job, fonts)
    html, problems = render_html(job, fonts)
    if has_errors(problems):
        return RenderedFiles({}, problems)
    extend_deadline(limits.layout_timeout(job.context))
    try:
        rendered = _render_outputs(job, html, fonts)
    except (DeadlineExceededError, Exception) as error:
        return RenderedFiles({}, (*problems, problem_of_error(error, job.template)))
    problems += rendered.problems
    return replace(
        rendered, files={} if has_errors(problems) else rendered.files, problems=problems
    )


def precompile(template: Template) -> None:
    """Compile a template and parse its stylesheets into caches of this process and its forks.

    Only for a template that is known to be good: no limits apply, and it raises what Jinja2 does.
    Stylesheets that WeasyPrint warns about, or that have at-rules with side effects, are left for
    each document to parse.
    """
    from weasyprint import HTML
    from weasyprint.css import find_stylesheets

    from reportgen.render.docx import check_template, declared_families
    from reportgen.render.layout.css_dependencies import has_cross_section_rules
    from reportgen.render.layout.selector_dependencies import attributes_matched_on
    from reportgen.render.layout.stylesheet_cache import (
        StylesheetCache,
        is_cacheable,
        store_prepared,
    )
    from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

    html_stage.compile_template(template)
    check_template(template.folder)  # these four cache their results by the text of the files
    declared_families(template.folder)
    css = template.stylesheets()
    has_cross_section_rules(css)
    attributes_matched_on(css, "")
    if not is_cacheable(css):
        return
    sheet_names = sorted(path.name for path in template.folder.glob("*.css"))
    links = "".join(f'<link rel="stylesheet" href="{name}">' for name in sheet_names)
    fetcher = TemplateFetcher(template.folder)
    html = HTML(string=links, base_url=TEMPLATE_URL, url_fetcher=fetcher)
    options = (html.wrapper_element, html.media_type, fetcher, html.base_url)
    sheets = StylesheetCache()
    with capture_weasyprint_log() as complaints, sheets.use("", css):
        # Without fonts, counter styles and profiles: such a sheet declares none.
        for _ in find_stylesheets(*options, None, None, None, [], []):
            pass
    if not complaints:
        store_prepared(css, sheets)


def problem_of_error(error: BaseException, template: Template) -> Problem:
    """Return the problem for an exception of the layout: WeasyPrint or a template may raise any.

    E409 or E515 for time and memory, E402 for a recursion without end, E406 for a refused address,
    E505 for temporary files; :func:`call_problem` for a child process; E410 for all else.
    """
    place = Location(file=str(template.folder / MAIN_FILE))
    if isinstance(error, DeadlineExceededError | MemoryError):
        which = limits.OUT_OF_MEMORY if isinstance(error, MemoryError) else limits.OUT_OF_TIME
        return limits.limit_problem(which, place)
    if isinstance(error, CallFailedError):
        return call_problem(error, place)
    if isinstance(error, RecursionError):  # by a template that is too deep
        return make_problem("E402", place, found=type(error).__name__)
    if REFUSED_PREFIX in str(error):  # an address that WeasyPrint cannot do without
        address = str(error).rpartition(REFUSED_PREFIX)[2]
        return next(_refused_address_problems([address], template.folder))
    if isinstance(error, OSError | FontsNotLoadedError):
        return _machine_problem(error)
    return make_problem(
        "E410", place, found=f"{type(error).__name__}: {error}"[: html_stage.MAX_MESSAGE_CHARS]
    )


def call_problem(error: CallFailedError, place: Location) -> Problem:
    """Return the problem for a child process that ended without a result.

    E409 if it exceeded a limit, E510 if it could not start, E515 if the machine has too little
    memory, E410 for a crash or a bug.
    """
    match error.reason:
        case EndReason.TIMEOUT:
            return limits.limit_problem(limits.OUT_OF_TIME, place)
        case EndReason.MEMORY | EndReason.EXIT:
            return limits.limit_problem(limits.OUT_OF_MEMORY, place)
        case EndReason.SIGNAL if error.detail in OUT_OF_MEMORY_SIGNALS:
            return limits.limit_problem(limits.OUT_OF_MEMORY, place)
        case EndReason.SIGNAL | EndReason.START_FAILED if system_lacks_memory(limits.MEMORY_BYTES):
            return make_problem("E515")
        case EndReason.START_FAILED:
            return make_problem("E510", place, found=str(error))
    return make_problem("E410", place, found=str(error))


def _machine_problem(error: OSError | FontsNotLoadedError) -> Problem:
    """Return the problem for what is neither the workbook's nor the template's fault."""
    if isinstance(error, FontsNotLoadedError):
        return make_problem("E517", found=str(error))
    return scratch_folder_problem(error)


def scratch_folder_problem(error: OSError) -> Problem:
    """Return E505 with the reason, at the error's file if it names one: no temporary files."""
    where = Location(file=error.filename if isinstance(error.filename, str) else "")
    return make_problem("E505", where, reason=error.strerror or str(error))


def document_fonts(job: RenderJob, fonts: FontSet) -> FontSet:
    """Return the fonts of a document: the built-in ones, and those that its template names.

    They are the built-in ones alone if a file of the template cannot be read, which
    :func:`render_html` reports.
    """
    from reportgen.render.docx import declared_families

    if unreadable_files(job.template.folder):
        return fonts
    return fonts.with_families(declared_families(job.template.folder))


def render_html(job: RenderJob, fonts: FontSet) -> tuple[str, tuple[Problem, ...]]:
    """Return the HTML, and the problems that can be found before it is laid out.

    These are unreadable files (alone, with the HTML ""), failures of the template, a 核章欄 that
    cannot be filled (E665), impossible tables, fonts that are not installed, and what Word has no
    counterpart for if it is wanted.
    """
    from reportgen.render.docx import check_template, missing_families

    folder = job.template.folder
    if problems := unreadable_files(folder):
        return "", problems
    html, problems = html_stage.render_template(job.template, job.context)
    if job.sign_offs and not problems:
        filled = fill_sign_off_box(html, job.sign_offs)
        location = Location(file=str(folder / MAIN_FILE))
        problems += () if filled else (make_problem("E665", location),)
        html = filled or html
    problems += () if problems else oversized_spans(html, folder)
    problems += _with_folder(missing_families(folder, fonts.has_family), folder)
    if "docx" in job.formats:
        problems += _with_folder(check_template(folder), folder)
    return html, problems


def _render_outputs(job: RenderJob, html: str, fonts: FontSet) -> RenderedFiles:
    """Lay a document out, examine its pages, and return its files and all problems found.

    The problems do not include those of the HTML. Painting the PDF uses up the boxes of the layout.
    """
    from reportgen.render.layout import watermark
    from reportgen.render.layout.text_overflow import find_overflowing_text
    from reportgen.render.verify.page_content import examine_pages
    from reportgen.render.verify.text_visibility import examine_visibility

    folder = job.template.folder
    css = job.template.stylesheets()
    # All of it within the context: the fonts' files are removed at its end.
    with fonts.configuration(html + css) as configuration, capture_weasyprint_log() as complaints:
        layout, refused = _lay_out(html, job.template, configuration)
        # The PDF comes last: painting a page uses its boxes up.
        parallel_docx = job.parallel_docx and {"docx", "pdf"} <= {*job.formats}
        with (run_in_fork if parallel_docx else run_inline)(
            _write_word, job, layout, refused
        ) as word:
            overflowing = find_overflowing_text(layout)
            expected_text, hidden_problems = examine_visibility(
                layout, job.texts, folder, job.formats
            )
            page_problems = examine_pages(layout, job.texts, folder)
            others = _other_outputs(job, layout, css, fonts)
            word_result = word()
    if not has_errors(page_problems):  # what is hidden is an effect of these, if they are errors
        page_problems += hidden_problems
    refused += word_result.refused  # again, where it was no fork: each is reported once
    problems = (
        *_refused_address_problems(refused, folder),
        *watermark.watermark_problems(layout, fonts, folder),
        *word_result.problems,
        *page_problems,
        *overflow_problems(overflowing, folder),
        *_log_problems([*complaints, *word_result.complaints], refused, folder),
    )
    return RenderedFiles(
        {**word_result.files, **others}, tuple(dict.fromkeys(problems)), expected_text
    )


def _lay_out(html: str, template: Template, fonts: Any) -> tuple[Layout, list[str]]:
    """Return the layout of an HTML document, and the addresses that it was refused so far.

    The list is the fetcher's own: it grows if a later output requests a refused address.
    """
    from reportgen.render.layout.section_layout import lay_out_document
    from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

    fetcher = TemplateFetcher(template.folder)
    css = template.stylesheets()
    layout = lay_out_document(html, css, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=fonts)
    return layout, fetcher.refused


def _other_outputs(job: RenderJob, layout: Layout, css: str, fonts: FontSet) -> dict[str, bytes]:
    """Return the requested outputs other than Word by format: places, PDF and HTML, in this order.

    Writing the PDF uses up the boxes of the layout.
    """
    outputs: dict[str, bytes] = {}
    if "places" in job.formats:
        from reportgen.render.pdf.hit_regions import hit_regions_json

        outputs["places"] = hit_regions_json(layout)
    if "pdf" in job.formats:
        outputs["pdf"] = _write_pdf(job, layout, fonts)
    if "html" in job.formats:
        from reportgen.render.html_page import html_page

        outputs["html"] = html_page(layout, css).encode()
    return outputs


@dataclass(frozen=True, slots=True)
class _WordResult:
    """The result of writing Word, by whichever process does it."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    complaints: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()  # addresses, beside those that the layout was refused


def _write_word(job: RenderJob, layout: Layout, refused: list[str]) -> _WordResult:
    """Return the Word file with its problems, WeasyPrint's warnings and newly refused addresses.

    The result is empty if Word was not requested; an exception becomes one of its problems.
    """
    if "docx" not in job.formats:
        return _WordResult()
    from reportgen.render.docx import Properties, convert

    properties = Properties(
        title=job.title,
        author=job.author,
        subject="",
        language="zh-TW",
        created=datetime(job.day.year, job.day.month, job.day.day, tzinfo=UTC),
    )
    files: dict[str, bytes] = {}
    before = len(refused)
    with capture_weasyprint_log() as complaints:
        try:
            files["docx"], found = convert(layout, properties, job.template.folder)
            problems = _with_folder(found, job.template.folder)
        except Exception as error:
            problems = (problem_of_error(error, job.template),)
    return _WordResult(files, problems, tuple(complaints), tuple(refused[before:]))


def _write_pdf(job: RenderJob, layout: Layout, fonts: FontSet) -> bytes:
    """Return the bytes of the PDF with the source workbook and the other attachments embedded.

    A deferred source is received from its pipe here, so this can be called once.
    """
    from reportgen.render.pdf.pdf_writer import EmbeddedFile, write_pdf

    content = job.source if isinstance(job.source, bytes) else job.source.receive()
    source = EmbeddedFile(name=job.source_name, content=content, description="Source workbook")
    others = (
        EmbeddedFile(
            name=name, content=content, description=ATTACHMENT_DESCRIPTIONS.get(name, name)
        )
        for name, content in job.attachments.items()
    )
    return write_pdf(
        layout,
        title=job.title,
        author=job.author,
        day=job.day,
        attached=(source, *others),
        fonts=fonts,
    )


@contextmanager
def capture_weasyprint_log() -> Iterator[list[str]]:
    """Yield a list to which WeasyPrint's warnings within the context are appended, as texts.

    They are about characters without a glyph, values it does not know, and the like. Other handlers
    of its logger get nothing meanwhile.
    """
    complaints: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            complaints.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    handler = Handler(logging.WARNING)
    before = logger.handlers
    logger.handlers = [handler]
    try:
        yield complaints
    finally:
        logger.handlers = before


def _with_folder(problems: tuple[Problem, ...], folder: Path) -> tuple[Problem, ...]:
    """Return problems whose file names begin with the template's folder, as all others do.

    Those at the folder's bare name are located at its path.
    """
    return tuple(
        problem.in_file(
            str(folder if problem.where.file == folder.name else folder / problem.where.file)
        )
        for problem in problems
    )


def overflow_problems(
    texts: Iterable[tuple[int, str]], folder: Path, pages_before: int = 0
) -> Iterator[Problem]:
    """Yield W408 for each (page, text that leaves its area), pages counted after others."""
    for page, text in texts:
        where = Location(file=str(folder))
        yield make_problem("W408", where, page=pages_before + page, found=text)


def _refused_address_problems(refused: list[str], folder: Path) -> Iterator[Problem]:
    """Yield E406 for each refused address, once, where the template names it."""
    from reportgen.render.templates.url_fetcher import TEMPLATE_URL

    for url in dict.fromkeys(refused):
        address = unquote(url.removeprefix(TEMPLATE_URL))
        yield make_problem("E406", locate(folder, address), found=shorten_address(address))


def _log_problems(texts: list[str], refused: list[str], folder: Path) -> Iterator[Problem]:
    """Yield E407 for each different warning of the layout engine, where it is in the template.

    Those about a refused address, which is E406, are left out; those of the program that subsets
    fonts are E503.
    """
    from reportgen.render.templates.url_fetcher import TEMPLATE_URL

    for text in dict.fromkeys(texts):
        if "HarfBuzz-Subset" in text:
            yield make_problem("E503")
        elif not any(url in text for url in refused if url):
            message = re.sub(r"data:[^\s'\")]+", lambda found: shorten_address(found[0]), text)
            quoted = re.search(r"[`'](.+?)[`']", message)
            place = locate(folder, quoted[1] if quoted else "")
            yield make_problem("E407", place, found=message.replace(TEMPLATE_URL, ""))
