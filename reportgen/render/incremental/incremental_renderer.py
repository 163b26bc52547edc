"""Incremental rendering for the preview: in a sandboxed child process, section by section.

The child process is kept, with its caches of styles and layouts; this process keeps the results
that a new child needs if the first one dies. A document that cannot be rendered section by section
is rendered as a whole.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from reportgen.problems import Location, Problem, has_errors, make_problem
from reportgen.processes.call_errors import CallFailedError, DeadlineExceededError
from reportgen.processes.child import extend_deadline
from reportgen.processes.persistent_worker import PersistentWorker
from reportgen.render import limits
from reportgen.render.document import (
    RenderedFiles,
    RenderJob,
    document_fonts,
    problem_of_error,
    render_html,
    render_job,
    scratch_folder_problem,
)
from reportgen.render.fonts.font_set import printable_characters
from reportgen.render.layout.layout_cache import LayoutCache
from reportgen.render.layout.selector_dependencies import attributes_matched_on
from reportgen.render.sandboxed_renderer import failure_problem, start_rendering, verify
from reportgen.render.weasyprint_patches.startup import load_weasyprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.incremental.section_layout import IncrementalCache, SectionPages


MAX_CACHED_TEMPLATES: Final = 3  # whose layouts are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderUpdate:
    """The result of an update: the keys of the sections' pages, or the files of the whole."""

    keys: tuple[str, ...] = ()
    new_results: IncrementalCache | None = None  # of the sections: what is new
    used_keys: frozenset[str] = frozenset()  # keys of what was of use
    files: Mapping[str, bytes] | None = None  # its files, by format
    problems: tuple[Problem, ...] = ()


class IncrementalRenderer:
    """Renders documents that are nearly what they were a moment ago.

    Not thread-safe. Raises OSError if Pango is not installed.
    """

    def __init__(self, fonts: FontSet) -> None:
        load_weasyprint()
        from reportgen.render.incremental.section_layout import IncrementalCache
        from reportgen.render.layout.stylesheet_cache import StylesheetCache

        self._fonts = fonts
        self._stylesheets = StylesheetCache()
        self._known = IncrementalCache()
        self._cut = _FontSubset(fonts)
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._worker: PersistentWorker[RenderUpdate | RenderedFiles] = PersistentWorker(
            self._updated
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return the state that a spawned child needs, if there is no ``fork``."""
        return {"_fonts": self._fonts, "_known": self._known}

    def __setstate__(self, state: dict[str, Any]) -> None:
        load_weasyprint()
        from reportgen.render.layout.stylesheet_cache import StylesheetCache

        self._fonts, self._known = state["_fonts"], state["_known"]
        self._stylesheets = StylesheetCache()
        self._cut = _FontSubset(self._fonts)

    def pages(self, key: str) -> SectionPages:
        """Return the pages of a section by a key of an update."""
        return self._known.pages[key]

    def has(self, key: str) -> bool:
        """Return whether the pages of a key are still cached."""
        return key in self._known.pages

    def update(self, job: RenderJob, files: str, in_all: int) -> RenderUpdate:
        """Return a document's pages; any failure is returned as a problem.

        ``files`` is a digest of the template's files, ``in_all`` the previous number of pages.
        """
        try:
            if self._scratch is None:  # goes when the child is gone, however it went
                self._scratch = tempfile.TemporaryDirectory(prefix="reportgen-")
        except OSError as error:
            return RenderUpdate(problems=(scratch_folder_problem(error),))
        bounds = limits.document_limits(job.context)
        try:
            made = self._worker.call(bounds, job, files, in_all, self._scratch.name)
        except CallFailedError as error:
            self.close()
            return RenderUpdate(problems=(failure_problem(error, job.template),))
        if isinstance(made, RenderedFiles):
            whole, problems = verify(made, job, self._fonts)
            return RenderUpdate(files=whole, problems=problems)
        if made.new_results is not None:
            self._known.update(made.new_results, made.used_keys)
        return made

    def close(self) -> None:
        """Stop the child process."""
        self._worker.close()
        self._cut.close()
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    # --- in the child --------------------------------------------------------------------

    def _updated(
        self, job: RenderJob, files: str, in_all: int, scratch: str
    ) -> RenderUpdate | RenderedFiles:
        usual = tempfile.tempdir
        tempfile.tempdir = scratch
        try:
            return self._made(job, files, in_all)
        finally:
            tempfile.tempdir = usual

    def _made(self, job: RenderJob, files: str, in_all: int) -> RenderUpdate | RenderedFiles:
        fonts = document_fonts(job, self._fonts)
        if fonts.found != self._cut.fonts.found:
            self._cut.close()
            self._cut = _FontSubset(fonts)
        html, problems = render_html(job, fonts)
        if has_errors(problems):
            return RenderUpdate(problems=problems)
        extend_deadline(limits.layout_timeout(job.context))
        try:
            made = self._in_sections(html, job, files, in_all)
        except (DeadlineExceededError, MemoryError) as error:
            return RenderUpdate(problems=(*problems, problem_of_error(error, job.template)))
        except Exception:  # what is not plain, and what the whole may tell better
            return render_job(job, self._fonts)
        return replace(made, problems=problems + made.problems)

    def _in_sections(self, html: str, job: RenderJob, files: str, in_all: int) -> RenderUpdate:
        from reportgen.render.incremental.section_layout import LayoutInputs, lay_out_sections

        css = job.template.stylesheets()
        configuration = self._cut.holding(html + css)
        ground = LayoutInputs(
            folder=job.template.folder,
            template_digest=files,
            css=css,
            fonts=self._cut.fonts,
            configuration=configuration,
            stylesheets=self._stylesheets,
            cache=self._cut.memory(files, attributes_matched_on(css, html)),
            expected_pages=in_all,
        )
        keys, used = lay_out_sections(html, ground, self._known)
        new = used.difference(self._known)
        self._known.update(new, used.keys())
        return RenderUpdate(
            keys=tuple(keys),
            new_results=new,
            used_keys=used.keys(),
            problems=tuple(_outside(keys, used, job)),
        )


class _FontSubset:
    """The font subset of all that has been printed so far, and the layout caches for it."""

    def __init__(self, fonts: FontSet) -> None:
        self.fonts = fonts
        self._covered: frozenset[str] = frozenset()
        self._configuration: Any = None
        self._files = ExitStack()
        self._memories: dict[str, LayoutCache] = {}  # by the digest of a template's files

    def memory(self, files: str, asked: frozenset[str] | None) -> LayoutCache:
        """Return the layout cache for these fonts and a template's files."""
        known = self._memories.get(files)
        if known is None or known.is_full() or known.matched_attributes != asked:
            known = self._memories[files] = LayoutCache(matched_attributes=asked)
            for other in list(self._memories)[:-MAX_CACHED_TEMPLATES]:
                del self._memories[other]
        return known

    def holding(self, source: str) -> Any:
        """Return WeasyPrint's configuration with all that a source of HTML and CSS may print."""
        wanted = printable_characters(source)
        if self._configuration is None or not wanted <= self._covered:
            self._covered |= wanted
            self._files.close()
            self._memories.clear()
            self._configuration = self._files.enter_context(
                self.fonts.subset_configuration(self._covered)
            )
        return self._configuration

    def close(self) -> None:
        """Delete the subset files."""
        self._files.close()
        self._configuration = None


def render_once(job: RenderJob, fonts: FontSet) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """Return a document's files as a build makes them, and its problems."""
    with start_rendering(job, fonts) as rendering:
        return rendering.result()


def _outside(keys: list[str], used: IncrementalCache, job: RenderJob) -> list[Problem]:
    """Return W408 for each overflowing text, by its page in the whole."""
    problems, before = [], 0
    where = Location(file=str(job.template.folder))
    for key in keys:
        pages = used.pages[key]
        problems += [
            make_problem("W408", where, page=before + page, found=text)
            for page, text in pages.overflowing_texts
        ]
        before += pages.count
    return problems


__all__ = ["IncrementalRenderer", "RenderUpdate", "render_once"]
