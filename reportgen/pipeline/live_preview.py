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

from reportgen.documents import RESULTS, content
from reportgen.pipeline import examine_read
from reportgen.problems import Location, Problem, has_errors, make
from reportgen.provenance.seal import Seal
from reportgen.render.document import Job
from reportgen.render.fonts.font_set import FontSet, find_fonts
from reportgen.render.fonts.glyph_coverage import glyph_problems
from reportgen.render.incremental.incremental_renderer import Renderer, rendered
from reportgen.render.templates.template_engine import Template, find_template
from reportgen.render.verify import output_text
from reportgen.workbook.reading.sandboxed_reader import WorkbookReader
from reportgen.workbook.reading.workbook_reader import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.documents import Content
    from reportgen.model.scorecard import Scorecard
    from reportgen.render.pdf.hit_regions import Place

MARK: Final = "預覽"  # in the place of the seal's code
LARGEST: Final = 5_000_000  # bytes of a template's file that are read; of a larger one, its date


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that is shown: its number, from 0, in the PDF of this SHA-256; its size in points."""

    pdf: str
    index: int
    width: float
    height: float
    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A document that is shown."""

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
    documents: tuple[Previewed, ...] = ()
    pdfs: Mapping[str, bytes] = field(default_factory=dict)  # SHA-256 → content


@dataclass(frozen=True, slots=True)
class _Read:
    """A workbook as read: its inputs and the outcome."""

    of: tuple[object, ...]
    results: Results | None
    problems: tuple[Problem, ...]
    legible: bool = False  # without errors
    computed: bool = False  # and its formulas, too


@dataclass(frozen=True, slots=True)
class _Sheets:
    """The pages of a PDF."""

    content: bytes
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """A document, its inputs, and its problems."""

    of: tuple[object, ...] = ()
    document: Previewed | None = None
    sheets: tuple[_Sheets, ...] = ()
    problems: tuple[Problem, ...] = ()


class Previewer:
    """Previews of a workbook and its templates after each save; caches what it has made."""

    def __init__(self, font_folders: tuple[Path, ...]) -> None:
        self._folders = font_folders
        self._fonts: FontSet | None = None
        self._renderer: Renderer | None = None
        self._reader = WorkbookReader()
        self._read: _Read | None = None
        self._made: dict[str, _Made] = {}
        self._sheets: dict[str, _Sheets] = {}  # of sections, by their keys
        output_text.load_reader()

    def preview(
        self,
        workbook: Path,
        documents: Iterable[str],
        templates: Path | None,
        working_folder: Path,
    ) -> Preview:
        """Return the pages of these documents, and all problems of the workbook and of them."""
        fonts, problems = self._find_fonts()
        read = self._examined(workbook)
        problems = (*read.problems, *problems)
        made: list[_Made] = []
        for name in documents:
            template, missing = find_template(name, templates, working_folder)
            problems += missing
            if template is not None and fonts is not None and read.results is not None:
                made.append(self._document(name, template, read, fonts))
                problems += made[-1].problems
        return Preview(
            problems=tuple(dict.fromkeys(problems)),
            results=read.results,
            documents=tuple(each.document for each in made if each.document),
            pdfs={sheets.pages[0].pdf: sheets.content for each in made for sheets in each.sheets},
        )

    def close(self) -> None:
        """Stop its child processes."""
        self._reader.close()
        if self._renderer is not None:
            self._renderer.close()

    def _find_fonts(self) -> tuple[FontSet | None, tuple[Problem, ...]]:
        """Return the fonts, opened again if they have changed."""
        found, problems = find_fonts(self._folders)
        if problems:
            return None, problems
        if self._fonts is None or self._fonts.found != found:
            self._fonts = FontSet(found)
            self._sheets.clear()
            if self._renderer is not None:
                self._renderer.close()
            self._renderer = None
            with suppress(OSError):  # without Pango each document reports it
                self._renderer = Renderer(self._fonts)
        return self._fonts, ()

    def _examined(self, workbook: Path) -> _Read:
        """Return the workbook, read again only if it is not the one read last."""
        now, _ = load(workbook)
        around = (self._fonts and self._fonts.found, datetime.now().astimezone().date())
        if now is None or self._read is None or self._read.of != (workbook, now, *around):
            scorecard, problems, content = self._reader.read(workbook)
            of = (workbook, content, *around)
            if scorecard is None:
                self._read = _Read(of, None, problems)
            else:
                results, found = examine_read(scorecard, workbook, self._fonts)
                legible = not has_errors(problems)
                computed = legible and not has_errors(found)
                self._read = _Read(of, results, (*problems, *found), legible, computed)
        return self._read

    # --- a document ------------------------------------------------------------------------

    def _document(self, name: str, template: Template, read: _Read, fonts: FontSet) -> _Made:
        """Return a document, made again only if it is not the one made last."""
        try:
            files = _digest(template.folder)
        except OSError as error:
            return _Made(problems=(_unreadable(error, template),))
        of = (read.of, template.folder, files)
        if name not in self._made or self._made[name].of != of:
            made = self._rendered(name, template, files, read, fonts)
            self._made[name] = replace(made, of=of)
        return self._made[name]

    def _rendered(
        self, name: str, template: Template, files: str, read: _Read, fonts: FontSet
    ) -> _Made:
        if read.results is None or not (read.computed if name == RESULTS else read.legible):
            return _Made()
        printed = content(name, read.results)
        problems = glyph_problems(printed.texts, fonts)
        if has_errors(problems):
            return _Made(problems=problems)
        job = preview_job(printed, template, read.results.scorecard)
        if self._renderer is None:
            sheets, found = _whole(job, fonts)
        else:
            sheets, found = self._updated(job, files, fonts, self._renderer, self._count(name))
        problems += found
        if not sheets or has_errors(problems):
            return _Made(problems=problems)
        pages = tuple(page for each in sheets for page in each.pages)
        shown = Previewed(name=name, title=printed.title, pages=pages)
        return _Made((), shown, sheets, problems)

    def _count(self, name: str) -> int:
        """Return the document's previous page count, which most edits leave unchanged."""
        made = self._made.get(name)
        return len(made.document.pages) if made is not None and made.document is not None else 0

    def _updated(
        self, job: Job, files: str, fonts: FontSet, renderer: Renderer, count: int
    ) -> tuple[tuple[_Sheets, ...], tuple[Problem, ...]]:
        """Return the pages of a document; pages that are known are not made again."""
        updated = renderer.update(job, files, count)
        if updated.whole is not None:
            return _shown_whole(updated.whole), updated.problems
        for key in set(updated.keys) - self._sheets.keys():
            pages = renderer.pages(key)
            made = _sheets(pages.pdf, pages.places)
            said = tuple(page.text for page in made.pages)
            if not output_text.same_text(said, pages.said, fonts.same_glyph):
                return _whole(job, fonts)
            self._sheets[key] = made
        sheets = tuple(self._sheets[key] for key in updated.keys)
        self._sheets = {key: each for key, each in self._sheets.items() if renderer.has(key)}
        return sheets, updated.problems


def preview_job(printed: Content, template: Template, scorecard: Scorecard) -> Job:
    """Return the render job of a document, with a placeholder seal."""
    return Job(
        template=template,
        context={**printed.context, "seal": Seal(scorecard.edition, MARK)},
        texts=printed.texts,
        formats=("pdf", "places"),
        title=printed.title,
        author=str(scorecard.agency),
        day=scorecard.revised.to_date(),
        source_name="",
        source=b"",
    )


def _whole(job: Job, fonts: FontSet) -> tuple[tuple[_Sheets, ...], tuple[Problem, ...]]:
    files, problems = rendered(job, fonts)
    return _shown_whole(files), problems


def _shown_whole(files: Mapping[str, bytes]) -> tuple[_Sheets, ...]:
    from reportgen.render.pdf.hit_regions import from_json

    return (_sheets(files["pdf"], from_json(files["places"])),) if files else ()


def _sheets(pdf: bytes, places: tuple[tuple[Place, ...], ...]) -> _Sheets:
    """Return a PDF prepared for display."""
    digest = hashlib.sha256(pdf).hexdigest()
    return _Sheets(
        pdf,
        tuple(
            Page(
                pdf=digest,
                index=index,
                width=leaf.width,
                height=leaf.height,
                text=leaf.text,
                places=found,
            )
            for index, (leaf, found) in enumerate(zip(output_text.leaves(pdf), places, strict=True))
        ),
    )


def _digest(folder: Path) -> str:
    """Return the digest of all files of a template; raises OSError if one cannot be read."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path.relative_to(folder)}\0{stat.st_size}\0".encode())
            whole = stat.st_size <= LARGEST
            digest.update(path.read_bytes() if whole else str(stat.st_mtime_ns).encode())
    return digest.hexdigest()


def _unreadable(error: OSError, template: Template) -> Problem:
    name = error.filename if isinstance(error.filename, str) else str(template.folder)
    reason = error.strerror or type(error).__name__
    return make("E303", Location(file=name), found=name.rpartition("/")[2], reason=reason)


__all__ = ["MARK", "Page", "Preview", "Previewed", "Previewer", "preview_job"]
