"""Render a document in a child process, and verify in this one what comes back.

A template is a program, and a layout engine may need any time and memory for odd HTML: both end
within the limits, as a problem with the template's line where that is known. The child writes the
files; here they are verified by a reader that shares nothing with their writer.
"""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, has_errors
from reportgen.processes.call_errors import CallFailedError
from reportgen.processes.resource_limits import Limits
from reportgen.processes.sandbox import SandboxedCall
from reportgen.render import limits
from reportgen.render.document import (
    RenderedFiles,
    RenderJob,
    call_problem,
    render_job,
    scratch_folder_problem,
)
from reportgen.render.templates.template_engine import MAIN_FILE, locate_in_template
from reportgen.render.verify import output_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template

    Verified = tuple[Mapping[str, bytes], tuple[Problem, ...]]  # files by format


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
        try:  # removed here, for the child may be killed
            self._scratch = tempfile.TemporaryDirectory(
                prefix="reportgen-", ignore_cleanup_errors=True
            )
        except OSError as error:
            self._problems = (scratch_folder_problem(error),)
            return
        bounds = limits.document_limits(job.context)
        self._call = SandboxedCall(bounds, _render, job, fonts, self._scratch.name)

    def result(self) -> Verified:
        """Wait for the files and the problems, no files if one is an error; call at most once."""
        if self._call is None:
            return {}, self._problems
        output_text.preload_reader()
        with self:
            try:
                rendered = self._call.result()
            except CallFailedError as error:
                return {}, (failure_problem(error, self._job.template),)
        return verify(rendered, self._job, self._fonts)

    def __exit__(self, *exc_info: object) -> None:
        """Kill the child process if it still runs, and remove its temporary files."""
        if self._call is not None:
            self._call.__exit__(*exc_info)
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None


def verify(rendered: RenderedFiles, job: RenderJob, fonts: FontSet) -> Verified:
    """Return the files of a document that say what its layout says, and all problems."""
    where = Location(file=str(job.template.folder / MAIN_FILE))
    differences = output_text.verify_output(
        rendered.files, rendered.expected_text, where, fonts.same_glyph
    )
    problems = rendered.problems + differences
    return ({} if has_errors(problems) else rendered.files), problems


def start_rendering(job: RenderJob, fonts: FontSet) -> PendingRendering:
    """Start to render a document."""
    return PendingRendering(job, fonts)


def _render(job: RenderJob, fonts: FontSet, scratch: str) -> RenderedFiles:
    """Return the files of a document, made with ``scratch`` as the folder of temporary files."""
    before = tempfile.tempdir
    tempfile.tempdir = scratch
    try:
        return render_job(job, fonts)
    finally:
        tempfile.tempdir = before


def failure_problem(error: CallFailedError, template: Template) -> Problem:
    """Return the problem of a rendering that has failed, with the template's line if possible."""
    where = Location(file=str(template.folder / MAIN_FILE))
    with suppress(CallFailedError):  # to find a line the template is compiled, which may not end
        bounds = Limits(seconds=limits.TEMPLATE_TIMEOUT_S, memory=limits.MEMORY_BYTES)
        where = SandboxedCall(bounds, locate_in_template, error.traceback_lines, template).result()
    return call_problem(error, where)
