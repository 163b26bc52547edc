"""Render a document in a child process, and verify in this one what comes back.

A template is a program, and a layout engine may need any time and memory for odd HTML: both end
within the limits, as a problem with the template's line where that is known. The child writes the
files; here they are verified by a reader that shares nothing with their writer.

A child that is forked has what this process has imported and compiled. A template is compiled here
only after a child has rendered it within the limits, so that a single build does it once.
"""

from __future__ import annotations

import hashlib
import importlib
import tempfile
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, Problem, has_errors
from reportgen.processes import sandbox
from reportgen.processes.call_errors import CallFailedError
from reportgen.processes.resource_limits import Limits
from reportgen.processes.sandbox import SandboxedCall
from reportgen.processes.scratch_folders import temporary_files_in
from reportgen.render import limits
from reportgen.render.document import (
    RenderedFiles,
    RenderJob,
    call_problem,
    precompile,
    render_job,
    scratch_folder_problem,
)
from reportgen.render.templates.source_locations import MAIN_FILE, read_sources
from reportgen.render.templates.template_engine import locate_in_template
from reportgen.render.verify import output_text
from reportgen.render.weasyprint_patches.startup import load_weasyprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template

    Verified = tuple[Mapping[str, bytes], tuple[Problem, ...]]  # files by format

_RENDERER_MODULES: Final = (  # that a rendering imports when it needs them
    *("layout.section_layout", "layout.watermark", "pdf.pdf_writer", "templates.url_fetcher"),
    *("verify.page_content", "verify.text_visibility"),
)
_proven_templates: dict[Path, str] = {}  # by folder: the digest of what was rendered last
_compiled_templates: dict[Path, str] = {}


class PendingRendering(AbstractContextManager["PendingRendering"]):
    """A document that is being rendered; leaving the ``with`` block kills the child."""

    def __init__(self, job: RenderJob, fonts: FontSet) -> None:
        """Start the child process, with a folder for its temporary files.

        If the folder cannot be created, none is started, and the result is E505.
        """
        self._job, self._fonts = job, fonts
        self._call: SandboxedCall[RenderedFiles] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._problems: tuple[Problem, ...] = ()
        self._template_digest = _template_digest(job.template)
        try:  # removed here, for the child may be killed
            self._scratch = tempfile.TemporaryDirectory(
                prefix="reportgen-", ignore_cleanup_errors=True
            )
        except OSError as error:
            self._problems = (scratch_folder_problem(error),)
            return
        if sandbox.choose_start_method() is sandbox.StartMethod.FORK:
            _preload(job, self._template_digest)
        bounds = limits.document_limits(job.context)
        self._call = SandboxedCall(bounds, _render, job, fonts, self._scratch.name)

    def result(self) -> Verified:
        """Wait for the child and return (files by format, problems), no files if one is an error.

        The files are verified in this process (see :func:`verify`). A child that was killed or
        crashed is a problem too. Must be called at most once: it ends the rendering.
        """
        if self._call is None:
            return {}, self._problems
        output_text.preload_reader()
        with self:
            try:
                rendered = self._call.result()
            except CallFailedError as error:
                return {}, (failure_problem(error, self._job.template),)
        verified = verify(rendered, self._job, self._fonts)
        if not has_errors(verified[1]):
            _proven_templates[self._job.template.folder] = self._template_digest
        return verified

    def __exit__(self, *exc_info: object) -> None:
        """Kill the child process if it still runs, and remove its temporary files."""
        if self._call is not None:
            self._call.__exit__(*exc_info)
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None


def verify(rendered: RenderedFiles, job: RenderJob, fonts: FontSet) -> Verified:
    """Return (files by format, problems) of a document after reading its files back.

    A text that differs from the layout's is E413. There are no files if any problem is an error.
    """
    where = Location(file=str(job.template.folder / MAIN_FILE))
    differences = output_text.verify_output(
        rendered.files, rendered.expected_text, where, fonts.same_glyph
    )
    problems = rendered.problems + differences
    return ({} if has_errors(problems) else rendered.files), problems


def _preload(job: RenderJob, digest: str) -> None:
    """Import what a rendering needs, and compile its template if it was rendered before."""
    with suppress(OSError):  # the child reports that Pango is missing
        load_weasyprint()
        for name in _RENDERER_MODULES:
            importlib.import_module(f"reportgen.render.{name}")
        if "docx" in job.formats:
            importlib.import_module("reportgen.render.docx.docx_converter")
        folder = job.template.folder
        if _proven_templates.get(folder) == digest != _compiled_templates.get(folder):
            _compiled_templates[folder] = digest
            precompile(job.template)


def _template_digest(template: Template) -> str:
    """Return a digest of a template's HTML and CSS; empty if a file cannot be read."""
    digest = hashlib.sha256()
    with suppress(OSError):
        for path, text in read_sources(template.folder):
            digest.update(f"{path}\0{text}\0".encode())
        return digest.hexdigest()
    return ""


def start_rendering(job: RenderJob, fonts: FontSet) -> PendingRendering:
    """Start to render a document in a child process, and return at once."""
    return PendingRendering(job, fonts)


def _render(job: RenderJob, fonts: FontSet, scratch: str) -> RenderedFiles:
    """Return the files of a document; runs in the child process.

    Temporary files are in ``scratch``, which the parent process removes.
    """
    with temporary_files_in(scratch):
        return render_job(job, fonts)


def failure_problem(error: CallFailedError, template: Template) -> Problem:
    """Return the problem of a rendering that has failed, with the template's line if possible.

    To find the line, the template is compiled in another child process, for at most the time that a
    template has. :func:`reportgen.render.document.call_problem` says which problem it is.
    """
    where = Location(file=str(template.folder / MAIN_FILE))
    with suppress(CallFailedError):  # to find a line the template is compiled, which may not end
        bounds = Limits(seconds=limits.TEMPLATE_TIMEOUT_S, memory=limits.MEMORY_BYTES)
        where = SandboxedCall(bounds, locate_in_template, error.traceback_lines, template).result()
    return call_problem(error, where)
