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

from reportgen.render.document import capture_weasyprint_log
from reportgen.render.incremental import section_splitting
from reportgen.render.incremental.repagination import (
    PageRows,
    Pagination,
    RowMetrics,
    measure_rows,
    outline_digest,
    repaginate,
    rows_on_page,
)
from reportgen.render.incremental.section_splitting import SectionHtml, SplitDocument
from reportgen.render.layout import watermark
from reportgen.render.layout.fixed_point import MAX_ITERATIONS
from reportgen.render.layout.laid_out_document import Layout, parse
from reportgen.render.layout.layout_cache import use_cache
from reportgen.render.layout.layout_engine import (
    BodyPart,
    CrossSectionError,
    lay_out,
    renumber_pages,
)
from reportgen.render.layout.pagination import paginate
from reportgen.render.layout.section_independence import (
    has_cross_section_rules_in_style_attributes,
    has_sibling_selectors,
    sections_are_independent,
)
from reportgen.render.layout.text_overflow import allow_phrase_breaks, find_overflowing_text
from reportgen.render.pdf.hit_regions import HitRegion, hit_regions
from reportgen.render.pdf.pdf_writer import write_preview_pdf
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from reportgen.render.verify.page_content import examine_pages
from reportgen.render.verify.text_visibility import examine_visibility

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from weasyprint.text.fonts import FontConfiguration

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.layout.layout_cache import LayoutCache
    from reportgen.render.layout.stylesheet_cache import StylesheetCache
    from reportgen.render.layout.watermark import Watermark

NO_ROWS: Final = PageRows()
MAX_CACHED_SECTIONS: Final = 600  # of each kind of result


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPages:
    """The pages of a section."""

    pdf: bytes
    count: int
    page_texts: tuple[str, ...]  # text of each page, as ``output_text`` compares it
    overflowing_texts: tuple[tuple[int, str], ...]  # page, from 1, and text
    hit_regions: tuple[tuple[HitRegion, ...], ...]
    watermark: Watermark | None  # of the document, from its first page


@dataclass(frozen=True, slots=True)
class SectionLayout:
    """The result of one layout of a section: ``count`` pages, or sections to replace it."""

    count: int
    with_phrase_breaks: tuple[str, ...] = ()
    page_sections: tuple[str, ...] = ()
    rows: PageRows = NO_ROWS  # on its page, if it has one


@dataclass(slots=True)
class IncrementalCache:
    """A cache of results, each by a digest of all that it depends on."""

    sections: dict[str, SectionHtml | None] = field(default_factory=dict)
    skeletons: dict[str, bool] = field(default_factory=dict)
    layouts: dict[str, SectionLayout] = field(default_factory=dict)
    pages: dict[str, SectionPages] = field(default_factory=dict)
    paginations: dict[str, Pagination] = field(default_factory=dict)
    skeleton_by_shape: dict[str, str] = field(
        default_factory=dict
    )  # shape of a section → its HTML without content

    def keys(self) -> frozenset[str]:
        """Return the keys of all results."""
        return frozenset(key for results in self._kinds() for key in results)

    def difference(self, other: IncrementalCache) -> IncrementalCache:
        """Return the results that another cache lacks or has with another value."""
        pairs = zip(self._kinds(), other._kinds(), strict=True)
        return IncrementalCache(
            *(
                {key: value for key, value in mine.items() if old.get(key, self) is not value}
                for mine, old in pairs
            )
        )

    def update(self, new: IncrementalCache, used: frozenset[str]) -> None:
        """Add new results, refresh those just used, and evict the least recently used.

        Each kind of result is limited to MAX_CACHED_SECTIONS.
        """
        for mine, others in zip(self._kinds(), new._kinds(), strict=True):
            refreshed = {key: mine.pop(key) for key in used & mine.keys()}
            mine.update(refreshed | others)
            for key in list(mine)[: max(0, len(mine) - MAX_CACHED_SECTIONS)]:
                del mine[key]

    def _kinds(self) -> tuple[dict[str, Any], ...]:
        return (
            self.sections,
            self.skeletons,
            self.layouts,
            self.pages,
            self.paginations,
            self.skeleton_by_shape,
        )


class FullLayoutNeededError(Exception):
    """Raised if the document must be laid out as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutInputs:
    """The inputs that the layouts of all sections of a document share."""

    folder: Path  # of the template
    template_digest: str  # a digest of its files
    css: str  # its stylesheets
    fonts: FontSet
    configuration: FontConfiguration  # for these fonts
    stylesheets: StylesheetCache
    cache: LayoutCache  # of these fonts and files
    expected_pages: int  # expected number of pages


def lay_out_sections(
    html: str, inputs: LayoutInputs, cache: IncrementalCache
) -> tuple[list[str], IncrementalCache]:
    """Return the keys of a document's sections, in order, and all results used or new.

    Raises FullLayoutNeededError if the document must be laid out as a whole.
    """
    layout = _IncrementalLayout(html, inputs, cache)
    try:
        return layout.pages(), layout.used
    except CrossSectionError:
        raise FullLayoutNeededError from None


@dataclass(frozen=True, slots=True)
class _Origin:
    """The page of a distributed section that a section now is."""

    key: str
    measured: RowMetrics
    number: int


class _IncrementalLayout:
    """One incremental layout of a document."""

    def __init__(self, html: str, inputs: LayoutInputs, cache: IncrementalCache) -> None:
        self._inputs, self._cache, self.used = inputs, cache, IncrementalCache()
        self._layouts: dict[str, tuple[Layout, BodyPart]] = {}
        split = section_splitting.split_html(html)
        if split is None:
            raise FullLayoutNeededError
        before, texts, behind = split
        self._document = SplitDocument(before, tuple(map(self._section, texts)), behind)
        self._frame = self._document.skeleton()  # before the first iteration
        # For each section, the index of the original section that it is or is a page of.
        self._original_indices = list(range(len(texts)))
        self._origins: list[_Origin | None] = [None] * len(texts)
        self._measured: dict[
            int, tuple[str, RowMetrics]
        ] = {}  # of sections that are distributed now

    # --- cached results --------------------------------------------------

    def _digest(self, *parts: object) -> str:
        joined = "\0".join(map(str, (self._inputs.template_digest, *parts)))
        return hashlib.sha256(joined.encode()).hexdigest()

    def _section(self, html: str) -> SectionHtml:
        key = self._digest(html)
        section = self._cache.sections.get(key) or self.used.sections.get(key)
        if section is None and key not in self._cache.sections:
            section = self._of_cached_shape(html)
        if section is None and key not in self._cache.sections:
            section = (
                None
                if has_cross_section_rules_in_style_attributes(html)
                else section_splitting.parse_section(html)
            )
            if section is not None and (shape := section_splitting.tag_shape(html)):
                self.used.skeleton_by_shape[self._digest("shape", shape)] = section.skeleton
        self.used.sections[key] = section
        if section is None:
            raise FullLayoutNeededError
        return section

    def _of_cached_shape(self, html: str) -> SectionHtml | None:
        """Return a section that differs from a cached one in its texts alone, or None."""
        shape = section_splitting.tag_shape(html)
        key = self._digest("shape", shape)
        empty = self._cache.skeleton_by_shape.get(key) if shape else None
        if empty is None:
            return None
        self.used.skeleton_by_shape[key] = empty
        return SectionHtml(html, empty)

    # --- pages of the document -----------------------------------------------------------

    def pages(self) -> list[str]:
        """Return the cache keys of the sections' pages."""
        settled = self._settled()
        page_count = sum(result.count for result in settled)
        keys, pages_before, mark = [], 0, None
        for index, result in enumerate(settled):
            key = self._digest(
                "pages", self._document.with_only(index), index, pages_before, page_count, mark
            )
            pages = self._cache.pages.get(key)
            if pages is None:
                pages = self._drawn_pages(BodyPart(index, pages_before, page_count), mark)
            if pages.count != result.count:
                raise FullLayoutNeededError
            self.used.pages[key] = pages
            keys.append(key)
            pages_before += result.count
            mark = pages.watermark if index == 0 else mark
        return keys

    def _settled(self) -> list[SectionLayout]:
        """Iterate as ``document`` does: first what is too wide, then what is too long."""
        self._skip_first_iteration()
        for number in range(MAX_ITERATIONS + 1):
            self._check_frame()
            rounds = self._iterate()
            if number == MAX_ITERATIONS or not any(
                result.with_phrase_breaks or result.page_sections for result in rounds
            ):
                break
            is_loosened = any(result.with_phrase_breaks for result in rounds)
            sections: list[SectionHtml] = []
            origins: list[_Origin | None] = []
            homes: list[int] = []
            for index, result in enumerate(rounds):
                others = result.with_phrase_breaks if is_loosened else result.page_sections
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
            self._document = SplitDocument(
                self._document.before, tuple(sections), self._document.after
            )
        self._cache_paginations(rounds)
        return rounds

    def _skip_first_iteration(self) -> None:
        """Start at the result of the first iteration, if it is known how sections are distributed.

        The others are laid out among the pages of these alone: as the stylesheets distinguish
        sections by their attributes and by being first or last, the iteration before would give the
        same.
        """
        cached = [self._cached_result(index) for index in range(len(self._document.sections))]
        replacements = [result.page_sections if result else () for result in cached]
        if not any(replacements) or any(result and result.with_phrase_breaks for result in cached):
            return
        if any(
            result is None and self._was_distributed(index) for index, result in enumerate(cached)
        ):
            return  # it may be distributed again, which would change the pages of the others
        if has_sibling_selectors(self._inputs.css) or has_sibling_selectors(self._document.before):
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

    def _cached_result(self, index: int) -> SectionLayout | None:
        """Return the result for a section without laying it out as a whole, or None."""
        key = self._digest("settled", self._document.with_only(index), index, index == 0)
        settled = self._cache.layouts.get(key) or self._repaginated(index, index)
        if settled is not None:
            self.used.layouts[key] = settled
        return settled

    def _iterate(self) -> list[SectionLayout]:
        results: list[SectionLayout] = []
        pages_before = 0
        for index in range(len(self._document.sections)):
            results.append(self._section_result(self._document, index, pages_before))
            pages_before += results[-1].count
        return results

    def _section_result(
        self, document: SplitDocument, index: int, pages_before: int, *, again: bool = True
    ) -> SectionLayout:
        key = self._digest("settled", document.with_only(index), index, index == 0)
        settled = self._cache.layouts.get(key) or self.used.layouts.get(key)
        if settled is None and again:
            settled = self._repaginated(index, pages_before)
        if settled is None:
            part = BodyPart(index, pages_before, max(self._inputs.expected_pages, pages_before + 1))
            settled = self._result_of(self._layout_of(document, part), document, index)
        self.used.layouts[key] = settled
        return settled

    def _result_of(self, layout: Layout, document: SplitDocument, index: int) -> SectionLayout:
        count, section = len(layout.document.pages), layout.root[-1][index]
        changes = allow_phrase_breaks(layout)
        if changes:
            return SectionLayout(
                count, with_phrase_breaks=tuple(section_splitting.to_html(changes[section]))
            )
        changes = paginate(layout)
        if not changes:
            return SectionLayout(
                count, rows=rows_on_page(layout, section) if count == 1 else NO_ROWS
            )
        measured = measure_rows(layout, section) if document is self._document else None
        if measured is not None:
            self._measured[index] = self._pagination_key(index, section), measured
        return SectionLayout(
            count, page_sections=tuple(section_splitting.to_html(changes[section]))
        )

    # --- earlier paginations ----------------------------------------------------------

    def _pagination_key(self, index: int, section: Element) -> str:
        digest = self._digest("dealt", self._frame, outline_digest(section))
        return f"{self._original_indices[index]} {digest}"

    def _was_distributed(self, index: int) -> bool:
        home = f"{self._original_indices[index]} "
        return any(key.startswith(home) for key in self._cache.paginations)

    def _repaginated(self, index: int, pages_before: int) -> SectionLayout | None:
        """Return a distributed section whose rows stay on the same pages after an edit, or None."""
        if not self._was_distributed(index):
            return None
        section = parse(self._document.with_only(index))[-1][index]
        key = self._pagination_key(index, section)
        if key not in self._cache.paginations:
            return None

        def lay_out(pieces: list[Element], number: int) -> PageRows | None:
            sections = list(self._document.sections)
            sections[index : index + 1] = self._pieces(pieces)
            document = replace(self._document, sections=tuple(sections))
            settled = self._section_result(
                document, index + number, pages_before + number, again=False
            )
            plain = (
                settled.count == 1 and not settled.with_phrase_breaks and not settled.page_sections
            )
            return settled.rows if plain else None

        repaginated = repaginate(section, self._cache.paginations[key], lay_out)
        if repaginated is None:
            return None
        pieces, self.used.paginations[key] = repaginated
        return SectionLayout(
            len(pieces), page_sections=tuple(piece.html for piece in self._pieces(pieces))
        )

    def _pieces(self, elements: list[Element]) -> list[SectionHtml]:
        """Return pieces of a section that can be parsed in isolation; so can they."""
        pieces = section_splitting.to_sections(elements)
        self.used.sections |= {self._digest(piece.html): piece for piece in pieces}
        return pieces

    def _cache_paginations(self, rounds: list[SectionLayout]) -> None:
        """Cache the row heights of distributed sections on their pages."""
        pieces: dict[str, list[tuple[_Origin, SectionLayout]]] = {}
        for origin, result in zip(self._origins, rounds, strict=True):
            if origin is not None:
                pieces.setdefault(origin.key, []).append((origin, result))
        for key, results in pieces.items():
            measured = results[0][0].measured
            if [origin.number for origin, _ in results] == [*range(len(measured.page_rows))]:
                self.used.paginations[key] = Pagination(
                    measured, tuple(result.rows for _, result in results)
                )

    # --- one section ----------------------------------------------------------------------

    def _layout_of(self, document: SplitDocument, part: BodyPart) -> Layout:
        inputs = self._inputs
        html = document.with_only(part.index)
        if html in self._layouts:
            layout, previous_part = self._layouts[html]
            if previous_part != part:
                with use_cache(inputs.cache):
                    renumber_pages(layout.pages, part.pages_before, part.page_count)
                self._layouts[html] = layout, part
            return layout
        fetcher = TemplateFetcher(inputs.folder)
        sheets = inputs.stylesheets.use(inputs.template_digest, inputs.css)
        with capture_weasyprint_log() as complaints, sheets, use_cache(inputs.cache):
            layout = lay_out(
                html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=inputs.configuration, part=part
            )
        if complaints or fetcher.refused:
            inputs.stylesheets.clear()
            raise FullLayoutNeededError
        self._layouts[html] = layout, part
        return layout

    def _drawn_pages(self, part: BodyPart, mark: Watermark | None) -> SectionPages:
        inputs = self._inputs
        layout = self._layout_of(self._document, part)
        del self._layouts[self._document.with_only(part.index)]  # drawing consumes its boxes
        if part.index == 0:
            mark = watermark.read_watermark(layout)
            if watermark.watermark_problems(layout, inputs.fonts, inputs.folder):
                raise FullLayoutNeededError
        outside, regions = find_overflowing_text(layout), hit_regions(layout)
        printed, unseen = examine_visibility(layout, (), inputs.folder, ("pdf",))
        lacking = examine_pages(layout, (), inputs.folder)
        with capture_weasyprint_log() as complaints:
            pdf = write_preview_pdf(layout, mark, inputs.fonts)
        if complaints or unseen or lacking:
            raise FullLayoutNeededError
        return SectionPages(
            pdf=pdf,
            count=len(layout.document.pages),
            page_texts=printed.pages,
            overflowing_texts=outside,
            hit_regions=regions,
            watermark=mark,
        )

    # --- independence of the sections -------------------------------------------

    def _check_frame(self) -> None:
        frame = self._document.skeleton()
        key = self._digest("frame", frame)
        plain = self._cache.skeletons.get(key)
        if plain is None:
            plain = section_splitting.is_valid_skeleton(self._document) and self._is_plain(frame)
        self.used.skeletons[key] = plain
        if not plain:
            raise FullLayoutNeededError

    def _is_plain(self, frame: str) -> bool:
        if has_cross_section_rules_in_style_attributes(frame):
            return False
        layout = lay_out(
            frame,
            base_url=TEMPLATE_URL,
            fetcher=TemplateFetcher(self._inputs.folder),
            fonts=self._inputs.configuration,
        )
        return sections_are_independent(layout, self._inputs.css)


__all__ = [
    "FullLayoutNeededError",
    "IncrementalCache",
    "LayoutInputs",
    "SectionPages",
    "lay_out_sections",
]
