"""The pages of a document, section by section: what has been laid out is not laid out again.

A preview shows a document that is nearly what it was a moment ago. Where its sections do not
reach into each other (:mod:`reportgen.render.reach`, :mod:`reportgen.render.apart`), each of them
is laid out by itself and becomes a PDF of its own, which is kept by all that it depends on. The
pages are the very pages of the whole: ``tests/test_preview.py`` compares every pixel.

Whatever is not as plain as that, or has a problem to be told, is left to ``document.render``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from reportgen.render import apart, watermark
from reportgen.render.again import Dealt, Measured, Rows, deal_again, measure, outline, rows_on_page
from reportgen.render.apart import Apart, Section
from reportgen.render.document import heard
from reportgen.render.independent import attributes_reach, independent, tells_places
from reportgen.render.layout import Layout, parse
from reportgen.render.overhang import loosen, overhangs
from reportgen.render.paginate import paginate
from reportgen.render.pdf import write_pages
from reportgen.render.places import Place, places
from reportgen.render.printed import examine
from reportgen.render.remembered import remembering
from reportgen.render.resources import BASE_URL, TemplateFetcher
from reportgen.render.rounds import ROUNDS
from reportgen.render.typeset import NotAloneError, Part, lay_out, number_pages

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from reportgen.render.fonts import FontSet
    from reportgen.render.remembered import Memory
    from reportgen.render.stylesheets import Stylesheets
    from reportgen.render.watermark import Watermark

NO_ROWS: Final = Rows()
KEPT: Final = 600  # of each kind, sections that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages of a section."""

    pdf: bytes
    count: int
    said: tuple[str, ...]  # by each page, as ``proof`` compares it
    outside: tuple[tuple[int, str], ...]  # page, from 1, and text that sticks out
    places: tuple[tuple[Place, ...], ...]
    mark: Watermark | None  # the document's, as the first of its pages has it


@dataclass(frozen=True, slots=True)
class Settled:
    """What a layout says of a section: it is ``count`` pages, or is to be replaced by others."""

    count: int
    loosened: tuple[str, ...] = ()
    dealt: tuple[str, ...] = ()
    rows: Rows = NO_ROWS  # as they are on its page


@dataclass(slots=True)
class Known:
    """What has been found out before, by all that it depends on."""

    sections: dict[str, Section | None] = field(default_factory=dict)
    frames: dict[str, bool] = field(default_factory=dict)
    settled: dict[str, Settled] = field(default_factory=dict)
    pages: dict[str, Pages] = field(default_factory=dict)
    dealt: dict[str, Dealt] = field(default_factory=dict)
    shapes: dict[str, str] = field(default_factory=dict)  # of sections: when empty

    def keys(self) -> frozenset[str]:
        """All that it knows of."""
        return frozenset(key for each in self._kinds() for key in each)

    def without(self, other: Known) -> Known:
        """What another does not know, or knows otherwise."""
        pairs = zip(self._kinds(), other._kinds(), strict=True)
        return Known(
            *(
                {key: each for key, each in own.items() if old.get(key, self) is not each}
                for own, old in pairs
            )
        )

    def add(self, new: Known, used: frozenset[str]) -> None:
        """Take over what is new; of what has not been used for long, the oldest is forgotten."""
        for own, others in zip(self._kinds(), new._kinds(), strict=True):
            again = {key: own.pop(key) for key in used & own.keys()}
            own.update(again | others)
            for key in list(own)[: max(0, len(own) - KEPT)]:
                del own[key]

    def _kinds(self) -> tuple[dict[str, Any], ...]:
        return self.sections, self.frames, self.settled, self.pages, self.dealt, self.shapes


class NotPlainError(Exception):
    """The document is to be laid out as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all sections of a document stand on."""

    folder: Path  # of the template
    files: str  # a digest of what is in it
    css: str  # its stylesheets
    fonts: FontSet
    configuration: Any  # of WeasyPrint, for these fonts
    stylesheets: Stylesheets
    memory: Memory  # of these fonts and files
    in_all: int  # pages that the document is thought to have


def lay_out_sections(html: str, ground: Ground, known: Known) -> tuple[list[str], Known]:
    """The keys of a document's sections, in order, and all that was used or found out for them.

    Raises NotPlainError where the whole must be laid out.
    """
    work = _Work(html, ground, known)
    try:
        return work.pages(), work.used
    except NotAloneError:
        raise NotPlainError from None


@dataclass(frozen=True, slots=True)
class _Origin:
    """Which page of which section that was dealt out a section is."""

    key: str
    measured: Measured
    number: int


class _Work:
    def __init__(self, html: str, ground: Ground, known: Known) -> None:
        self._ground, self._known, self.used = ground, known, Known()
        self._layouts: dict[str, tuple[Layout, Part]] = {}
        parts = apart.cut(html)
        if parts is None:
            raise NotPlainError
        before, texts, behind = parts
        self._apart = Apart(before, tuple(map(self._section, texts)), behind)
        self._frame = self._apart.frame()  # as it was at first
        self._homes = list(range(len(texts)))  # which section of those each is now, or is of
        self._origins: list[_Origin | None] = [None] * len(texts)
        self._measured: dict[int, tuple[str, Measured]] = {}  # of sections that are dealt out now

    # --- what has been found out before --------------------------------------------------

    def _digest(self, *parts: object) -> str:
        told = "\0".join(map(str, (self._ground.files, *parts)))
        return hashlib.sha256(told.encode()).hexdigest()

    def _section(self, html: str) -> Section:
        key = self._digest(html)
        found = self._known.sections.get(key) or self.used.sections.get(key)
        if found is None and key not in self._known.sections:
            found = self._of_known_shape(html)
        if found is None and key not in self._known.sections:
            found = None if attributes_reach(html) else apart.section(html)
            if found is not None and (shape := apart.shape(html)):
                self.used.shapes[self._digest("shape", shape)] = found.empty
        self.used.sections[key] = found
        if found is None:
            raise NotPlainError
        return found

    def _of_known_shape(self, html: str) -> Section | None:
        """A section that differs from one that is known in its texts alone."""
        shape = apart.shape(html)
        key = self._digest("shape", shape)
        empty = self._known.shapes.get(key) if shape else None
        if empty is None:
            return None
        self.used.shapes[key] = empty
        return Section(html, empty)

    # --- the pages of the whole -----------------------------------------------------------

    def pages(self) -> list[str]:
        """The keys of the sections' pages."""
        settled = self._settled()
        in_all = sum(each.count for each in settled)
        keys, before, mark = [], 0, None
        for index, each in enumerate(settled):
            key = self._digest("pages", self._apart.only(index), index, before, in_all, mark)
            pages = self._known.pages.get(key)
            if pages is None:
                pages = self._painted(Part(index, before, in_all), mark)
            if pages.count != each.count:
                raise NotPlainError
            self.used.pages[key] = pages
            keys.append(key)
            before += each.count
            mark = pages.mark if index == 0 else mark
        return keys

    def _settled(self) -> list[Settled]:
        """Round by round as ``document`` does it: first what is too wide, then what is too long."""
        self._foresee()
        for number in range(ROUNDS + 1):
            self._check_frame()
            rounds = self._round()
            if number == ROUNDS or not any(each.loosened or each.dealt for each in rounds):
                break
            loose = any(each.loosened for each in rounds)
            sections: list[Section] = []
            origins: list[_Origin | None] = []
            homes: list[int] = []
            for index, each in enumerate(rounds):
                others = each.loosened if loose else each.dealt
                sections += map(self._section, others) if others else (self._apart.sections[index],)
                homes += [self._homes[index]] * max(1, len(others))
                origin = self._origins[index] if not others else None
                measured = None if loose else self._measured.get(index)
                origins += (
                    [_Origin(*measured, number) for number in range(len(others))]
                    if others and measured
                    else [origin] * max(1, len(others))
                )
            self._measured.clear()
            self._origins, self._homes = origins, homes
            self._apart = Apart(self._apart.before, tuple(sections), self._apart.behind)
        self._remember(rounds)
        return rounds

    def _foresee(self) -> None:
        """Begin where the first round ends, as far as it is known how sections are dealt out.

        The others are laid out among the pages of these alone: as the stylesheets tell sections
        apart by what they are, and by which is the first and the last, nothing else would come
        of them in the round before.
        """
        known = [self._known_to_be(index) for index in range(len(self._apart.sections))]
        dealt = [each.dealt if each else () for each in known]
        if not any(dealt) or any(each and each.loosened for each in known):
            return
        if any(each is None and self._was_dealt(index) for index, each in enumerate(known)):
            return  # it may be again, and pages between other ones would have to be made anew
        if tells_places(self._ground.css) or tells_places(self._apart.before):
            return
        self._check_frame()
        sections = [
            [*map(self._section, others)] if others else [section]
            for section, others in zip(self._apart.sections, dealt, strict=True)
        ]
        self._homes = [home for home, some in enumerate(sections) for _ in some]
        self._origins = [None] * len(self._homes)
        self._apart = replace(
            self._apart, sections=tuple(each for some in sections for each in some)
        )

    def _known_to_be(self, index: int) -> Settled | None:
        """What can be said of a section without laying it out as a whole."""
        key = self._digest("settled", self._apart.only(index), index, index == 0)
        settled = self._known.settled.get(key) or self._dealt_again(index, index)
        if settled is not None:
            self.used.settled[key] = settled
        return settled

    def _round(self) -> list[Settled]:
        found: list[Settled] = []
        before = 0
        for index in range(len(self._apart.sections)):
            found.append(self._one(self._apart, index, before))
            before += found[-1].count
        return found

    def _one(self, document: Apart, index: int, before: int, *, again: bool = True) -> Settled:
        key = self._digest("settled", document.only(index), index, index == 0)
        settled = self._known.settled.get(key) or self.used.settled.get(key)
        if settled is None and again:
            settled = self._dealt_again(index, before)
        if settled is None:
            part = Part(index, before, max(self._ground.in_all, before + 1))
            settled = self._settle(self._laid_out(document, part), document, index)
        self.used.settled[key] = settled
        return settled

    def _settle(self, layout: Layout, document: Apart, index: int) -> Settled:
        count, section = len(layout.document.pages), layout.root[-1][index]
        changes = loosen(layout)
        if changes:
            return Settled(count, loosened=tuple(apart.written(changes[section])))
        changes = paginate(layout)
        if not changes:
            return Settled(count, rows=rows_on_page(layout, section) if count == 1 else NO_ROWS)
        measured = measure(layout, section) if document is self._apart else None
        if measured is not None:
            self._measured[index] = self._deal_key(index, section), measured
        return Settled(count, dealt=tuple(apart.written(changes[section])))

    # --- what was dealt out before ----------------------------------------------------------

    def _deal_key(self, index: int, section: Element) -> str:
        told = self._digest("dealt", self._frame, outline(section))
        return f"{self._homes[index]} {told}"

    def _was_dealt(self, index: int) -> bool:
        home = f"{self._homes[index]} "
        return any(key.startswith(home) for key in self._known.dealt)

    def _dealt_again(self, index: int, before: int) -> Settled | None:
        """A section that was dealt out to pages, and is to the same ones after an edit."""
        if not self._was_dealt(index):
            return None
        section = parse(self._apart.only(index))[-1][index]
        key = self._deal_key(index, section)
        if key not in self._known.dealt:
            return None

        def lay_out(pieces: list[Element], number: int) -> Rows | None:
            sections = list(self._apart.sections)
            sections[index : index + 1] = self._pieces(pieces)
            document = replace(self._apart, sections=tuple(sections))
            settled = self._one(document, index + number, before + number, again=False)
            plain = settled.count == 1 and not settled.loosened and not settled.dealt
            return settled.rows if plain else None

        found = deal_again(section, self._known.dealt[key], lay_out)
        if found is None:
            return None
        pieces, self.used.dealt[key] = found
        return Settled(len(pieces), dealt=tuple(each.html for each in self._pieces(pieces)))

    def _pieces(self, elements: list[Element]) -> list[Section]:
        """Pieces of a section that can be parsed alone: so can they."""
        pieces = apart.pieces(elements)
        self.used.sections |= {self._digest(each.html): each for each in pieces}
        return pieces

    def _remember(self, rounds: list[Settled]) -> None:
        """Keep of sections that were dealt out how high the rows are on their pages."""
        pieces: dict[str, list[tuple[_Origin, Settled]]] = {}
        for origin, each in zip(self._origins, rounds, strict=True):
            if origin is not None:
                pieces.setdefault(origin.key, []).append((origin, each))
        for key, found in pieces.items():
            measured = found[0][0].measured
            if [origin.number for origin, _ in found] == [*range(len(measured.parts))]:
                self.used.dealt[key] = Dealt(measured, tuple(each.rows for _, each in found))

    # --- one section ----------------------------------------------------------------------

    def _laid_out(self, document: Apart, part: Part) -> Layout:
        ground = self._ground
        html = document.only(part.index)
        if html in self._layouts:
            layout, before = self._layouts[html]
            if before != part:
                with remembering(ground.memory):
                    number_pages(layout.leaves, part.pages_before, part.pages_in_all)
                self._layouts[html] = layout, part
            return layout
        fetcher = TemplateFetcher(ground.folder)
        sheets = ground.stylesheets.of(ground.files, ground.css)
        with heard() as complaints, sheets, remembering(ground.memory):
            layout = lay_out(
                html, base_url=BASE_URL, fetcher=fetcher, fonts=ground.configuration, part=part
            )
        if complaints or fetcher.refused:
            ground.stylesheets.forget()
            raise NotPlainError
        self._layouts[html] = layout, part
        return layout

    def _painted(self, part: Part, mark: Watermark | None) -> Pages:
        ground = self._ground
        layout = self._laid_out(self._apart, part)
        del self._layouts[self._apart.only(part.index)]  # painting uses its boxes up
        if part.index == 0:
            mark = watermark.read(layout)
            if watermark.problems(layout, ground.fonts, ground.folder):
                raise NotPlainError
        outside, shown = overhangs(layout), places(layout)
        printed, unseen = examine(layout, (), ground.folder, ("pdf",))
        with heard() as complaints:
            pdf = write_pages(layout, mark, ground.fonts)
        if complaints or unseen:
            raise NotPlainError
        return Pages(
            pdf=pdf,
            count=len(layout.document.pages),
            said=printed.pages,
            outside=outside,
            places=shown,
            mark=mark,
        )

    # --- whether sections can be laid out alone -------------------------------------------

    def _check_frame(self) -> None:
        frame = self._apart.frame()
        key = self._digest("frame", frame)
        plain = self._known.frames.get(key)
        if plain is None:
            plain = apart.is_frame(self._apart) and self._is_plain(frame)
        self.used.frames[key] = plain
        if not plain:
            raise NotPlainError

    def _is_plain(self, frame: str) -> bool:
        if attributes_reach(frame):
            return False
        layout = lay_out(
            frame,
            base_url=BASE_URL,
            fetcher=TemplateFetcher(self._ground.folder),
            fonts=self._ground.configuration,
        )
        return independent(layout, self._ground.css)


__all__ = ["Ground", "Known", "NotPlainError", "Pages", "lay_out_sections"]
