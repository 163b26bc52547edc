"""Incremental layout: the pages of a document, section by section, from a cache.

A preview shows a document that is nearly what it was a moment ago. If its sections are independent
of each other (:mod:`reportgen.render.layout.css_dependencies`,
:mod:`reportgen.render.incremental.section_splitting`), each of them is laid out by itself and
becomes a PDF of its own, cached by all its dependencies. The pages are those of the whole document:
``tests/pipeline/test_live_preview.py`` compares every pixel.

A document that is not as plain as that, or has a problem to report, is left to ``document.render``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from reportgen.render.document import heard
from reportgen.render.incremental import section_splitting
from reportgen.render.incremental.repagination import (
    Dealt,
    Measured,
    Rows,
    deal_again,
    measure,
    outline,
    rows_on_page,
)
from reportgen.render.incremental.section_splitting import Apart, Section
from reportgen.render.layout import watermark
from reportgen.render.layout.fixed_point import ROUNDS
from reportgen.render.layout.laid_out_document import Layout, parse
from reportgen.render.layout.layout_cache import remembering
from reportgen.render.layout.layout_engine import NotAloneError, Part, lay_out, number_pages
from reportgen.render.layout.pagination import paginate
from reportgen.render.layout.section_independence import attributes_reach, independent, tells_places
from reportgen.render.layout.text_overflow import loosen, overhangs
from reportgen.render.pdf.hit_regions import Place, places
from reportgen.render.pdf.pdf_writer import write_pages
from reportgen.render.templates.url_fetcher import BASE_URL, TemplateFetcher
from reportgen.render.verify.text_visibility import examine

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from weasyprint.text.fonts import FontConfiguration

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.layout.layout_cache import Memory
    from reportgen.render.layout.stylesheet_cache import Stylesheets
    from reportgen.render.layout.watermark import Watermark

NO_ROWS: Final = Rows()
MAX_CACHED_SECTIONS: Final = 600  # of each kind of result


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages of a section."""

    pdf: bytes
    count: int
    said: tuple[str, ...]  # text of each page, as ``output_text`` compares it
    outside: tuple[tuple[int, str], ...]  # page, from 1, and text
    places: tuple[tuple[Place, ...], ...]
    mark: Watermark | None  # of the document, from its first page


@dataclass(frozen=True, slots=True)
class Settled:
    """The result of one layout of a section: ``count`` pages, or sections to replace it."""

    count: int
    loosened: tuple[str, ...] = ()
    dealt: tuple[str, ...] = ()
    rows: Rows = NO_ROWS  # on its page, if it has one


@dataclass(slots=True)
class Known:
    """A cache of results, each by a digest of all that it depends on."""

    sections: dict[str, Section | None] = field(default_factory=dict)
    frames: dict[str, bool] = field(default_factory=dict)
    settled: dict[str, Settled] = field(default_factory=dict)
    pages: dict[str, Pages] = field(default_factory=dict)
    dealt: dict[str, Dealt] = field(default_factory=dict)
    shapes: dict[str, str] = field(
        default_factory=dict
    )  # shape of a section → its HTML without content

    def keys(self) -> frozenset[str]:
        """Return the keys of all results."""
        return frozenset(key for results in self._kinds() for key in results)

    def without(self, other: Known) -> Known:
        """Return the results that another cache lacks or has with another value."""
        pairs = zip(self._kinds(), other._kinds(), strict=True)
        return Known(
            *(
                {key: value for key, value in mine.items() if old.get(key, self) is not value}
                for mine, old in pairs
            )
        )

    def add(self, new: Known, used: frozenset[str]) -> None:
        """Add new results, refresh those just used, and evict the least recently used.

        Each kind of result is limited to MAX_CACHED_SECTIONS.
        """
        for mine, others in zip(self._kinds(), new._kinds(), strict=True):
            refreshed = {key: mine.pop(key) for key in used & mine.keys()}
            mine.update(refreshed | others)
            for key in list(mine)[: max(0, len(mine) - MAX_CACHED_SECTIONS)]:
                del mine[key]

    def _kinds(self) -> tuple[dict[str, Any], ...]:
        return self.sections, self.frames, self.settled, self.pages, self.dealt, self.shapes


class NotPlainError(Exception):
    """Raised if the document must be laid out as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The inputs that the layouts of all sections of a document share."""

    folder: Path  # of the template
    files: str  # a digest of its files
    css: str  # its stylesheets
    fonts: FontSet
    configuration: FontConfiguration  # for these fonts
    stylesheets: Stylesheets
    memory: Memory  # of these fonts and files
    in_all: int  # expected number of pages


def lay_out_sections(html: str, inputs: Ground, cache: Known) -> tuple[list[str], Known]:
    """Return the keys of a document's sections, in order, and all results used or new.

    Raises NotPlainError if the document must be laid out as a whole.
    """
    layout = _IncrementalLayout(html, inputs, cache)
    try:
        return layout.pages(), layout.used
    except NotAloneError:
        raise NotPlainError from None


@dataclass(frozen=True, slots=True)
class _Origin:
    """The page of a distributed section that a section now is."""

    key: str
    measured: Measured
    number: int


class _IncrementalLayout:
    """One incremental layout of a document."""

    def __init__(self, html: str, inputs: Ground, cache: Known) -> None:
        self._inputs, self._cache, self.used = inputs, cache, Known()
        self._layouts: dict[str, tuple[Layout, Part]] = {}
        split = section_splitting.cut(html)
        if split is None:
            raise NotPlainError
        before, texts, behind = split
        self._document = Apart(before, tuple(map(self._section, texts)), behind)
        self._frame = self._document.frame()  # before the first iteration
        # For each section, the index of the original section that it is or is a page of.
        self._original_indices = list(range(len(texts)))
        self._origins: list[_Origin | None] = [None] * len(texts)
        self._measured: dict[int, tuple[str, Measured]] = {}  # of sections that are distributed now

    # --- cached results --------------------------------------------------

    def _digest(self, *parts: object) -> str:
        joined = "\0".join(map(str, (self._inputs.files, *parts)))
        return hashlib.sha256(joined.encode()).hexdigest()

    def _section(self, html: str) -> Section:
        key = self._digest(html)
        section = self._cache.sections.get(key) or self.used.sections.get(key)
        if section is None and key not in self._cache.sections:
            section = self._of_cached_shape(html)
        if section is None and key not in self._cache.sections:
            section = None if attributes_reach(html) else section_splitting.section(html)
            if section is not None and (shape := section_splitting.shape(html)):
                self.used.shapes[self._digest("shape", shape)] = section.empty
        self.used.sections[key] = section
        if section is None:
            raise NotPlainError
        return section

    def _of_cached_shape(self, html: str) -> Section | None:
        """Return a section that differs from a cached one in its texts alone, or None."""
        shape = section_splitting.shape(html)
        key = self._digest("shape", shape)
        empty = self._cache.shapes.get(key) if shape else None
        if empty is None:
            return None
        self.used.shapes[key] = empty
        return Section(html, empty)

    # --- pages of the document -----------------------------------------------------------

    def pages(self) -> list[str]:
        """Return the cache keys of the sections' pages."""
        settled = self._settled()
        page_count = sum(result.count for result in settled)
        keys, pages_before, mark = [], 0, None
        for index, result in enumerate(settled):
            key = self._digest(
                "pages", self._document.only(index), index, pages_before, page_count, mark
            )
            pages = self._cache.pages.get(key)
            if pages is None:
                pages = self._drawn_pages(Part(index, pages_before, page_count), mark)
            if pages.count != result.count:
                raise NotPlainError
            self.used.pages[key] = pages
            keys.append(key)
            pages_before += result.count
            mark = pages.mark if index == 0 else mark
        return keys

    def _settled(self) -> list[Settled]:
        """Iterate as ``document`` does: first what is too wide, then what is too long."""
        self._skip_first_iteration()
        for number in range(ROUNDS + 1):
            self._check_frame()
            rounds = self._iterate()
            if number == ROUNDS or not any(result.loosened or result.dealt for result in rounds):
                break
            is_loosened = any(result.loosened for result in rounds)
            sections: list[Section] = []
            origins: list[_Origin | None] = []
            homes: list[int] = []
            for index, result in enumerate(rounds):
                others = result.loosened if is_loosened else result.dealt
                sections += (
                    map(self._section, others) if others else (self._document.sections[index],)
                )
                homes += [self._original_indices[index]] * max(1, len(others))
                origin = self._origins[index] if not others else None
                measured = None if is_loosened else self._measured.get(index)
                origins += (
                    [_Origin(*measured, number) for number in range(len(others))]
                    if others and measured
                    else [origin] * max(1, len(others))
                )
            self._measured.clear()
            self._origins, self._original_indices = origins, homes
            self._document = Apart(self._document.before, tuple(sections), self._document.behind)
        self._cache_paginations(rounds)
        return rounds

    def _skip_first_iteration(self) -> None:
        """Start at the result of the first iteration, if it is known how sections are distributed.

        The others are laid out among the pages of these alone: as the stylesheets distinguish
        sections by their attributes and by being first or last, the iteration before would give the
        same.
        """
        cached = [self._cached_result(index) for index in range(len(self._document.sections))]
        replacements = [result.dealt if result else () for result in cached]
        if not any(replacements) or any(result and result.loosened for result in cached):
            return
        if any(
            result is None and self._was_distributed(index) for index, result in enumerate(cached)
        ):
            return  # it may be distributed again, which would change the pages of the others
        if tells_places(self._inputs.css) or tells_places(self._document.before):
            return
        self._check_frame()
        sections = [
            [*map(self._section, others)] if others else [section]
            for section, others in zip(self._document.sections, replacements, strict=True)
        ]
        self._original_indices = [
            original_index
            for original_index, page_sections in enumerate(sections)
            for _ in page_sections
        ]
        self._origins = [None] * len(self._original_indices)
        self._document = replace(
            self._document,
            sections=tuple(result for page_sections in sections for result in page_sections),
        )

    def _cached_result(self, index: int) -> Settled | None:
        """Return the result for a section without laying it out as a whole, or None."""
        key = self._digest("settled", self._document.only(index), index, index == 0)
        settled = self._cache.settled.get(key) or self._repaginated(index, index)
        if settled is not None:
            self.used.settled[key] = settled
        return settled

    def _iterate(self) -> list[Settled]:
        results: list[Settled] = []
        pages_before = 0
        for index in range(len(self._document.sections)):
            results.append(self._section_result(self._document, index, pages_before))
            pages_before += results[-1].count
        return results

    def _section_result(
        self, document: Apart, index: int, pages_before: int, *, again: bool = True
    ) -> Settled:
        key = self._digest("settled", document.only(index), index, index == 0)
        settled = self._cache.settled.get(key) or self.used.settled.get(key)
        if settled is None and again:
            settled = self._repaginated(index, pages_before)
        if settled is None:
            part = Part(index, pages_before, max(self._inputs.in_all, pages_before + 1))
            settled = self._result_of(self._layout_of(document, part), document, index)
        self.used.settled[key] = settled
        return settled

    def _result_of(self, layout: Layout, document: Apart, index: int) -> Settled:
        count, section = len(layout.document.pages), layout.root[-1][index]
        changes = loosen(layout)
        if changes:
            return Settled(count, loosened=tuple(section_splitting.written(changes[section])))
        changes = paginate(layout)
        if not changes:
            return Settled(count, rows=rows_on_page(layout, section) if count == 1 else NO_ROWS)
        measured = measure(layout, section) if document is self._document else None
        if measured is not None:
            self._measured[index] = self._pagination_key(index, section), measured
        return Settled(count, dealt=tuple(section_splitting.written(changes[section])))

    # --- earlier paginations ----------------------------------------------------------

    def _pagination_key(self, index: int, section: Element) -> str:
        digest = self._digest("dealt", self._frame, outline(section))
        return f"{self._original_indices[index]} {digest}"

    def _was_distributed(self, index: int) -> bool:
        home = f"{self._original_indices[index]} "
        return any(key.startswith(home) for key in self._cache.dealt)

    def _repaginated(self, index: int, pages_before: int) -> Settled | None:
        """Return a distributed section whose rows stay on the same pages after an edit, or None."""
        if not self._was_distributed(index):
            return None
        section = parse(self._document.only(index))[-1][index]
        key = self._pagination_key(index, section)
        if key not in self._cache.dealt:
            return None

        def lay_out(pieces: list[Element], number: int) -> Rows | None:
            sections = list(self._document.sections)
            sections[index : index + 1] = self._pieces(pieces)
            document = replace(self._document, sections=tuple(sections))
            settled = self._section_result(
                document, index + number, pages_before + number, again=False
            )
            plain = settled.count == 1 and not settled.loosened and not settled.dealt
            return settled.rows if plain else None

        repaginated = deal_again(section, self._cache.dealt[key], lay_out)
        if repaginated is None:
            return None
        pieces, self.used.dealt[key] = repaginated
        return Settled(len(pieces), dealt=tuple(piece.html for piece in self._pieces(pieces)))

    def _pieces(self, elements: list[Element]) -> list[Section]:
        """Return pieces of a section that can be parsed in isolation; so can they."""
        pieces = section_splitting.pieces(elements)
        self.used.sections |= {self._digest(piece.html): piece for piece in pieces}
        return pieces

    def _cache_paginations(self, rounds: list[Settled]) -> None:
        """Cache the row heights of distributed sections on their pages."""
        pieces: dict[str, list[tuple[_Origin, Settled]]] = {}
        for origin, result in zip(self._origins, rounds, strict=True):
            if origin is not None:
                pieces.setdefault(origin.key, []).append((origin, result))
        for key, results in pieces.items():
            measured = results[0][0].measured
            if [origin.number for origin, _ in results] == [*range(len(measured.parts))]:
                self.used.dealt[key] = Dealt(measured, tuple(result.rows for _, result in results))

    # --- one section ----------------------------------------------------------------------

    def _layout_of(self, document: Apart, part: Part) -> Layout:
        inputs = self._inputs
        html = document.only(part.index)
        if html in self._layouts:
            layout, previous_part = self._layouts[html]
            if previous_part != part:
                with remembering(inputs.memory):
                    number_pages(layout.leaves, part.pages_before, part.pages_in_all)
                self._layouts[html] = layout, part
            return layout
        fetcher = TemplateFetcher(inputs.folder)
        sheets = inputs.stylesheets.of(inputs.files, inputs.css)
        with heard() as complaints, sheets, remembering(inputs.memory):
            layout = lay_out(
                html, base_url=BASE_URL, fetcher=fetcher, fonts=inputs.configuration, part=part
            )
        if complaints or fetcher.refused:
            inputs.stylesheets.forget()
            raise NotPlainError
        self._layouts[html] = layout, part
        return layout

    def _drawn_pages(self, part: Part, mark: Watermark | None) -> Pages:
        inputs = self._inputs
        layout = self._layout_of(self._document, part)
        del self._layouts[self._document.only(part.index)]  # drawing consumes its boxes
        if part.index == 0:
            mark = watermark.read(layout)
            if watermark.problems(layout, inputs.fonts, inputs.folder):
                raise NotPlainError
        outside, regions = overhangs(layout), places(layout)
        printed, unseen = examine(layout, (), inputs.folder, ("pdf",))
        with heard() as complaints:
            pdf = write_pages(layout, mark, inputs.fonts)
        if complaints or unseen:
            raise NotPlainError
        return Pages(
            pdf=pdf,
            count=len(layout.document.pages),
            said=printed.pages,
            outside=outside,
            places=regions,
            mark=mark,
        )

    # --- independence of the sections -------------------------------------------

    def _check_frame(self) -> None:
        frame = self._document.frame()
        key = self._digest("frame", frame)
        plain = self._cache.frames.get(key)
        if plain is None:
            plain = section_splitting.is_frame(self._document) and self._is_plain(frame)
        self.used.frames[key] = plain
        if not plain:
            raise NotPlainError

    def _is_plain(self, frame: str) -> bool:
        if attributes_reach(frame):
            return False
        layout = lay_out(
            frame,
            base_url=BASE_URL,
            fetcher=TemplateFetcher(self._inputs.folder),
            fonts=self._inputs.configuration,
        )
        return independent(layout, self._inputs.css)


__all__ = ["Ground", "Known", "NotPlainError", "Pages", "lay_out_sections"]
