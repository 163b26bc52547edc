"""Rendering in a process of its own, and the proof of what comes back.

A template is a program, and a layout engine may need any time and memory for odd HTML: both
end within the limits, as a problem with the template's line where that is known. The files are
made by the child and proved here, by a reader that shares nothing with their writer.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from reportgen.bounded import Child, EndedError, Limits
from reportgen.problems import Location, Problem, has_errors
from reportgen.render import limits, proof
from reportgen.render.document import Job, Rendered, ended, no_scratch, render
from reportgen.render.html import MAIN, in_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from reportgen.bounded import Place
    from reportgen.render.fonts import FontSet
    from reportgen.render.html import Template


class Rendering:
    """A document that is being made; ``with`` ends it whatever happens."""

    def __init__(self, job: Job, fonts: FontSet) -> None:
        self._job, self._fonts = job, fonts
        self._child: Child[Rendered] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._failed: tuple[Problem, ...] = ()
        try:
            # The child's temporary files go when it is gone, however it went.
            self._scratch = tempfile.TemporaryDirectory(prefix="reportgen-")
        except OSError as error:
            self._failed = (no_scratch(error),)
            return
        bounds = limits.of_all(job.context)
        self._child = Child(bounds, _render, job, fonts, self._scratch.name)

    def result(self) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
        """Format → bytes, empty where a problem forbids it; waits for them. To be called once."""
        if self._child is None:
            return {}, self._failed
        proof.load_reader()
        with self:
            try:
                made = self._child.result()
            except EndedError as end:
                return {}, (stopped(end, self._job.template),)
        return proved(made, self._job, self._fonts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.__exit__(kind, error, traceback)
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None


def proved(
    made: Rendered, job: Job, fonts: FontSet
) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """The files of a document that say what its layout does, and what is to be said of them."""
    where = Location(file=str(job.template.folder / MAIN))
    told = proof.differences(made.files, made.printed, where, fonts.same_glyph)
    problems = made.problems + told
    return ({} if has_errors(problems) else made.files), problems


def start(job: Job, fonts: FontSet) -> Rendering:
    """Begin to make a document."""
    return Rendering(job, fonts)


def _render(job: Job, fonts: FontSet, scratch: str) -> Rendered:
    before = tempfile.tempdir
    tempfile.tempdir = scratch
    try:
        return render(job, fonts)
    finally:
        tempfile.tempdir = before


def stopped(end: EndedError, template: Template) -> Problem:
    """E409 where the template stood; E410 for a fault of our own that nobody has met yet."""
    where = Location(file=str(template.folder / MAIN))
    with suppress(EndedError):  # to find a line, the template is compiled, which may not end
        bounds = Limits(seconds=limits.TEMPLATE_SECONDS, memory=limits.MEMORY)
        where = Child(bounds, _line, end.places, template).result()
    return ended(end, where)


def _line(places: tuple[Place, ...], template: Template) -> Location:
    return in_template(places, template)
