"""A document brought up to date for the eye: in a bounded child, section by section.

The child inherits what is known already and answers what is new; a new interpreter, where there
is no ``fork``, is handed it. What cannot be done section by section is rendered as a whole.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reportgen.bounded import Child, EndedError, OutOfTimeError, Way, more_time, way
from reportgen.problems import Location, Problem, has_errors, make
from reportgen.render import limits
from reportgen.render.bounded import proved, start, stopped
from reportgen.render.document import Job, Rendered, checked, failed, no_scratch, render
from reportgen.render.fonts import characters
from reportgen.render.tuning import load_weasyprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.render.fonts import FontSet
    from reportgen.render.section import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Fonts, and how they are cut for what has been printed so far."""

    fonts: FontSet
    covered: frozenset[str] = frozenset()
    configuration: Any = None  # WeasyPrint's; None: none yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known of a document before it is brought up to date."""

    cut: Cut
    known: Known
    files: str  # a digest of the template's
    in_all: int  # pages that it has had


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What has become of a document: the pages of its sections, by their keys, or of the whole."""

    keys: tuple[str, ...] = ()
    known: Known | None = None  # of the sections: what is new
    used: frozenset[str] = frozenset()  # keys of what was of use
    whole: Mapping[str, bytes] | None = None  # its files, by format
    problems: tuple[Problem, ...] = ()


def update(job: Job, before: Before) -> Updated:
    """A document's pages; whatever goes wrong is a problem."""
    try:
        scratch = tempfile.TemporaryDirectory(prefix="reportgen-")
    except OSError as error:
        return Updated(problems=(no_scratch(error),))
    fonts = before.cut.fonts
    if way() is not Way.FORK:  # a configuration cannot be handed on
        before = replace(before, cut=Cut(fonts=fonts))
    bounds = limits.of_all(job.context)
    with scratch, Child(bounds, _update, job, before, scratch.name) as child:
        try:
            made = child.result()
        except EndedError as end:
            return Updated(problems=(stopped(end, job.template),))
    if isinstance(made, Updated):
        return made
    whole, problems = proved(made, job, fonts)
    return Updated(whole=whole, problems=problems)


def rendered(job: Job, fonts: FontSet) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """A document's files as a build makes them, and what is to be said of them."""
    with start(job, fonts) as rendering:
        return rendering.result()


def _update(job: Job, before: Before, scratch: str) -> Updated | Rendered:
    usual = tempfile.tempdir
    tempfile.tempdir = scratch
    try:
        return _updated(job, before)
    finally:
        tempfile.tempdir = usual


def _updated(job: Job, before: Before) -> Updated | Rendered:
    html, problems = checked(job)
    if has_errors(problems):
        return Updated(problems=problems)
    more_time(limits.of_layout(job.context))
    try:
        load_weasyprint()
    except OSError:
        return render(job, before.cut.fonts)
    try:
        made = _in_sections(html, job, before)
    except (OutOfTimeError, MemoryError) as error:
        return Updated(problems=(*problems, failed(error, job.template)))
    except Exception:  # what is not plain, and what the whole may tell better
        return render(job, before.cut.fonts)
    return replace(made, problems=problems + made.problems)


def _in_sections(html: str, job: Job, before: Before) -> Updated:
    from reportgen.render.section import Ground, lay_out_sections

    cut, css = before.cut, job.template.stylesheets()
    wanted = characters(html + css)
    with ExitStack() as stack:
        configuration = cut.configuration
        if configuration is None or not wanted <= cut.covered:
            configuration = stack.enter_context(cut.fonts.cut_to(cut.covered | wanted))
        ground = Ground(
            folder=job.template.folder,
            files=before.files,
            css=css,
            fonts=cut.fonts,
            configuration=configuration,
            in_all=before.in_all,
        )
        keys, used = lay_out_sections(html, ground, before.known)
    return Updated(
        keys=tuple(keys),
        known=used.without(before.known),
        used=used.keys(),
        problems=tuple(_outside(keys, used, job)),
    )


def _outside(keys: list[str], used: Known, job: Job) -> list[Problem]:
    """W408 for each text that sticks out, by its page in the whole."""
    problems, before = [], 0
    where = Location(file=str(job.template.folder))
    for key in keys:
        pages = used.pages[key]
        problems += [
            make("W408", where, page=before + page, found=text) for page, text in pages.outside
        ]
        before += pages.count
    return problems


__all__ = ["Before", "Cut", "Updated", "rendered", "update"]
