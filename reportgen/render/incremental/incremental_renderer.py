"""Incremental rendering for the preview: a build with a warm cache, in a sandboxed child process.

The child process is kept, with its cache of laid-out sections; each section becomes a PDF of its
own, and this process keeps those that are shown. A document whose sections depend on each other, or
that has a problem to report, is rendered as a whole.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from reportgen.problems import Problem, has_errors
from reportgen.processes.call_errors import CallFailedError, DeadlineExceededError
from reportgen.processes.child import extend_deadline
from reportgen.processes.persistent_worker import PersistentWorker
from reportgen.processes.scratch_folders import temporary_files_in
from reportgen.render import limits
from reportgen.render.document import (
    RenderedFiles,
    RenderJob,
    capture_weasyprint_log,
    document_fonts,
    overflow_problems,
    problem_of_error,
    render_html,
    render_job,
    scratch_folder_problem,
)
from reportgen.render.fonts.font_set import printable_characters
from reportgen.render.sandboxed_renderer import failure_problem, verify
from reportgen.render.weasyprint_patches.startup import load_weasyprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from weasyprint.text.fonts import FontConfiguration

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.layout.layout_engine import Section
    from reportgen.render.layout.section_layout import SectionCache
    from reportgen.render.layout.watermark import Watermark
    from reportgen.render.pdf.hit_regions import HitRegion

MAX_CACHED_TEMPLATES: Final = 3  # whose layouts are remembered
MAX_CACHED_PAGES: Final = 600  # sections whose pages are remembered
MAX_FONT_SUBSETS: Final = 8  # that are kept for what was laid out with them


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPages:
    """The pages of a section."""

    pdf: bytes
    page_texts: tuple[str, ...]  # text of each page, as ``output_text`` compares it
    overflowing_texts: tuple[tuple[int, str], ...]  # page, from 1, and text
    hit_regions: tuple[tuple[HitRegion, ...], ...]
    watermark: Watermark | None  # of the document, from its first page


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderUpdate:
    """The result of an update: the keys of the sections' pages, or the files of the whole."""

    keys: tuple[str, ...] = ()
    new_pages: Mapping[str, SectionPages] = field(default_factory=dict)  # by their keys
    files: Mapping[str, bytes] | None = None  # its files, by format
    problems: tuple[Problem, ...] = ()


class _FullLayoutNeededError(Exception):
    """Raised if the document must be rendered as a whole."""


class IncrementalRenderer:
    """Renders documents that are nearly what they were a moment ago. Not thread-safe."""

    def __init__(self, fonts: FontSet) -> None:
        """Load WeasyPrint, and prepare the child process, which the first update starts.

        Raises OSError if Pango is not installed.
        """
        self._open(fonts, {})
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._worker: PersistentWorker[RenderUpdate | RenderedFiles] = PersistentWorker(
            self._update_in_child
        )

    def _open(self, fonts: FontSet, known: dict[str, SectionPages]) -> None:
        """Load WeasyPrint, and set the fonts, the known pages and empty caches.

        Raises OSError if Pango is not installed.
        """
        load_weasyprint()
        from reportgen.render.layout.stylesheet_cache import StylesheetCache

        self._fonts, self._known = fonts, known
        self._stylesheets = StylesheetCache()
        self._caches = _Caches(fonts)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state that a spawned child needs, if there is no ``fork``."""
        return {"fonts": self._fonts, "known": self._known}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._open(**state)

    def pages(self, key: str) -> SectionPages:
        """Return the pages of a section by a key of an update; KeyError if they were evicted."""
        return self._known[key]

    def has(self, key: str) -> bool:
        """Return whether the pages of a key are still cached."""
        return key in self._known

    def update(self, job: RenderJob, files: str) -> RenderUpdate:
        """Return a document's pages by sections, or its files if it had to be rendered as a whole.

        Only sections that have changed are laid out and drawn, in the child process, which the
        first call starts and later ones use again. Any failure is returned as a problem. ``files``
        is a digest of the template's files.
        """
        try:
            if self._scratch is None:  # goes when the child is gone, however it went
                self._scratch = tempfile.TemporaryDirectory(
                    prefix="reportgen-", ignore_cleanup_errors=True
                )
        except OSError as error:
            return RenderUpdate(problems=(scratch_folder_problem(error),))
        bounds = limits.document_limits(job.context)
        try:
            result = self._worker.call(bounds, job, files, self._scratch.name)
        except CallFailedError as error:
            self.close()
            return RenderUpdate(problems=(failure_problem(error, job.template),))
        if isinstance(result, RenderedFiles):
            whole, problems = verify(result, job, self._fonts)
            return RenderUpdate(files=whole, problems=problems)
        self._store_pages(result)
        return result

    def _store_pages(self, update: RenderUpdate) -> None:
        """Add the new pages of an update, and evict the least recently used.

        Both processes do so alike, as both know the same pages.
        """
        for key in update.keys:
            pages = self._known.pop(key, None)
            self._known[key] = update.new_pages.get(key) or pages  # type: ignore[assignment]
        for key in list(self._known)[: max(0, len(self._known) - MAX_CACHED_PAGES)]:
            del self._known[key]

    def close(self) -> None:
        """Stop the child process, and delete its temporary files; an update starts another."""
        self._worker.close()
        self._caches.close()
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    # --- in the child --------------------------------------------------------------------

    def _update_in_child(
        self, job: RenderJob, files: str, scratch: str
    ) -> RenderUpdate | RenderedFiles:
        """Return the update of a document; runs in the child process.

        Its temporary files are in ``scratch``, which the parent process removes.
        """
        with temporary_files_in(scratch):
            return self._make_update(job, files)

    def _make_update(self, job: RenderJob, files: str) -> RenderUpdate | RenderedFiles:
        """Return a document's pages by sections, or its files if it must be rendered as a whole.

        Problems, and exceeded limits of time and memory, are returned in the update.
        """
        fonts = document_fonts(job, self._fonts)
        if fonts.found != self._caches.fonts.found:
            self._caches.close()
            self._caches = _Caches(fonts)
        html, problems = render_html(job, fonts)
        if has_errors(problems):
            return RenderUpdate(problems=problems)
        extend_deadline(limits.layout_timeout(job.context))
        try:
            update = self._render_sections(html, job, files)
        except (DeadlineExceededError, MemoryError) as error:
            return RenderUpdate(problems=(*problems, problem_of_error(error, job.template)))
        except Exception:  # what is not plain, and what the whole may tell better
            return render_job(job, self._fonts)
        self._store_pages(update)
        return replace(update, problems=problems + update.problems)

    def _render_sections(self, html: str, job: RenderJob, files: str) -> RenderUpdate:
        """Return the keys of a document's sections, and the pages of those that are not known.

        Raises _FullLayoutNeededError if it must be rendered as a whole.
        """
        from reportgen.render.layout.section_layout import section_digest

        sections = self._lay_out_sections(html, job, files)
        page_count = sum(len(section.pages) for section in sections)
        pages: dict[str, SectionPages] = {}
        new: dict[str, SectionPages] = {}
        problems: list[Problem] = []
        pages_before, mark = 0, None
        for section in sections:
            parts = (files, section_digest(section), pages_before, page_count, mark)
            key = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
            if key in self._known:
                pages[key] = self._known[key]
            else:
                pages[key] = new[key] = self._draw_section(
                    section, job, (pages_before, page_count), mark
                )
            problems += overflow_problems(
                pages[key].overflowing_texts, job.template.folder, pages_before
            )
            mark = mark if pages_before else pages[key].watermark
            pages_before += len(section.pages)
        return RenderUpdate(keys=tuple(pages), new_pages=new, problems=tuple(problems))

    def _lay_out_sections(self, html: str, job: RenderJob, files: str) -> list[Section]:
        """Return the laid-out sections of a document, from the cache where it has them.

        Raises _FullLayoutNeededError if they depend on each other, or for any warning or refused
        address: then the caches are emptied, so that the next layout warns again.
        """
        from reportgen.render.layout.section_layout import lay_out_sections
        from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

        css = job.template.stylesheets()
        configuration = self._caches.configuration(html + css)
        cache = self._caches.sections(html, css, files)
        fetcher = TemplateFetcher(job.template.folder)
        with capture_weasyprint_log() as complaints, self._stylesheets.use(files, css):
            sections = lay_out_sections(
                html, css, cache, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=configuration
            )
        if complaints or fetcher.refused:
            self._stylesheets.clear()
            cache.sections.clear()
        if sections is None or complaints or fetcher.refused:
            raise _FullLayoutNeededError
        return sections

    def _draw_section(
        self, section: Section, job: RenderJob, numbers: tuple[int, int], mark: Watermark | None
    ) -> SectionPages:
        """Return a section's pages, numbered and drawn as a PDF of their own.

        ``numbers`` are (pages before it, pages of the document). ``mark`` is the document's
        watermark, which is read here for the first section. Raises _FullLayoutNeededError if there
        is a problem to report.
        """
        from reportgen.render.layout import watermark
        from reportgen.render.layout.layout_engine import renumber_pages
        from reportgen.render.layout.text_overflow import find_overflowing_text
        from reportgen.render.pdf.hit_regions import hit_regions
        from reportgen.render.pdf.pdf_writer import write_preview_pdf
        from reportgen.render.verify.page_content import examine_pages
        from reportgen.render.verify.text_visibility import examine_visibility

        folder = job.template.folder
        with capture_weasyprint_log() as complaints:
            renumber_pages(section.pages, *numbers)
            layout = section.layout()
            if numbers[0] == 0:
                mark = watermark.read_watermark(layout)
                if watermark.watermark_problems(layout, self._caches.fonts, folder):
                    raise _FullLayoutNeededError
            overflowing, regions = find_overflowing_text(layout), hit_regions(layout)
            expected_text, hidden_problems = examine_visibility(layout, (), folder, ("pdf",))
            page_problems = examine_pages(layout, (), folder)
            pdf = write_preview_pdf(layout, mark, self._caches.fonts)
        if complaints or hidden_problems or page_problems:
            raise _FullLayoutNeededError
        return SectionPages(
            pdf=pdf,
            page_texts=expected_text.pages,
            overflowing_texts=overflowing,
            hit_regions=regions,
            watermark=mark,
        )


class _Caches:
    """The layout caches of the latest templates, and the subset of all fonts printed so far."""

    def __init__(self, fonts: FontSet) -> None:
        """Start without layouts and without a subset of the fonts."""
        self.fonts = fonts
        self._covered: frozenset[str] = frozenset()  # characters of the present subset
        self._configuration: FontConfiguration | None = None  # of the present subset
        self._subset_count = 0  # since the caches were last emptied
        self._files = ExitStack()  # removes the files of all subsets
        self._section_caches: dict[str, SectionCache] = {}  # by the digest of a template's files

    def sections(self, html: str, css: str, files: str) -> SectionCache:
        """Return the section cache of a template's files, a new one if there is none.

        Its text layouts are dropped if selectors match on other attributes than before, or if they
        are too many. The caches of the least recently used templates are evicted.
        """
        from reportgen.render.layout.layout_cache import LayoutCache
        from reportgen.render.layout.section_layout import SectionCache
        from reportgen.render.layout.selector_dependencies import attributes_matched_on

        matched = attributes_matched_on(css, html)
        cache = self._section_caches.pop(files, None) or SectionCache(LayoutCache())
        if cache.text.is_full() or cache.text.matched_attributes != matched:
            cache.text = LayoutCache(matched_attributes=matched)
        self._section_caches[files] = cache
        for other in list(self._section_caches)[:-MAX_CACHED_TEMPLATES]:
            del self._section_caches[other]
        return cache

    def configuration(self, source: str) -> FontConfiguration:
        """Return WeasyPrint's configuration with all that a source of HTML and CSS may print.

        Sections that were laid out with a smaller subset stay as they are: its files are kept.
        """
        from reportgen.render.layout.layout_cache import LayoutCache

        wanted = printable_characters(source)
        if self._configuration is None or not wanted <= self._covered:
            if self._subset_count >= MAX_FONT_SUBSETS:
                self.close()
            self._subset_count += 1
            self._covered |= wanted
            for cache in self._section_caches.values():
                cache.text = LayoutCache(matched_attributes=cache.text.matched_attributes)
            self._configuration = self._files.enter_context(
                self.fonts.subset_configuration(self._covered)
            )
        return self._configuration

    def close(self) -> None:
        """Delete the subset files, and forget what was laid out with them.

        The caches can be used again.
        """
        self._files.close()
        self._section_caches.clear()
        self._configuration, self._subset_count = None, 0
