"""What a layout prints of its HTML: every text of the data that the template has written.

A stylesheet can hide what a template writes, by intent or by accident: ``display: none``, the
background's colour, a box that cuts, a place beside the paper. What the template does not write
at all is its own affair, and so are its labels; a text of the workbook that is written and not
seen is an error. ``proof`` then holds the finished files against what is told here.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weasyprint.formatting_structure import boxes

from reportgen.problems import Location, Problem, make
from reportgen.render.colours import srgb
from reportgen.render.kept import with_style
from reportgen.render.layout import walk
from reportgen.render.proof import UNSEEN, Printed
from reportgen.render.sources import MAIN, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from reportgen.model import Text
    from reportgen.render.layout import Layout

MOST_TOLD = 20  # problems, before the rest is counted
SHOWN = 30  # characters of a text that is told
SMALLEST = 1.5  # CSS pixels; smaller letters cannot be seen
SAME = 0.02  # of a colour's part: no eye tells the difference

Reason = tuple[str, str]
HIDDEN: Reason = ("被 CSS 隱藏", "the stylesheet hides it")
NOT_LAID_OUT: Reason = ("排版時被裁掉", "the layout cuts it off")
TRANSPARENT: Reason = ("是透明的", "it is transparent")
BACKGROUND: Reason = ("與底色相同", "it has the colour of its background")
TINY: Reason = ("字級過小，看不見", "it is too small to be seen")
CLIPPED: Reason = ("超出欄框而被裁切", "its box cuts it off")
OFF_PAPER: Reason = ("落在頁面之外", "it lies beside the paper")

_NOT_PRINTED = frozenset(
    (
        *("head", "style", "script", "template", "noscript", "object", "svg", "math"),
        *("textarea", "select", "audio", "video", "iframe", "rp"),
    )
)
_BLOCKS = frozenset(
    (
        *("p", "div", "td", "th", "li", "dt", "dd", "caption", "figcaption", "blockquote", "pre"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "body"),
    )
)


@dataclass(frozen=True, slots=True)
class _Lost:
    """A text of the HTML that is not seen."""

    element: Element
    text: str
    page: int | None  # None: on none
    reason: Reason


def squeeze(text: str) -> str:
    """A text without white space and without marks that print nothing."""
    return "".join(text.split()).translate(UNSEEN)


def examine(
    layout: Layout, texts: Iterable[Text], folder: Path, formats: tuple[str, ...]
) -> tuple[Printed, tuple[Problem, ...]]:
    """What the pages and the story of a layout say; to be asked before it is painted.

    The problems are E411 for each text of the data that the HTML holds and no reader sees, and
    E412, which counts the rest. ``texts`` are the workbook's, with their cells; ``folder`` is the
    template's.
    """
    pages = [list(_texts(page._page_box)) for page in layout.document.pages]
    story = list(_told(layout.structure))
    printed = Printed(
        tuple(
            squeeze("".join(text.text for text, reason in page if reason is not OFF_PAPER))
            for page in pages
        ),
        squeeze("".join(text.text for text in story)),
    )
    return printed, _unprinted(_lost(layout, pages, story), layout, texts, folder, formats)


def _unprinted(
    elements: dict[Element, _Lost],
    layout: Layout,
    texts: Iterable[Text],
    folder: Path,
    formats: tuple[str, ...],
) -> tuple[Problem, ...]:
    if not elements:
        return ()
    lost = _in_blocks(layout, elements)
    static = _static(folder)
    lost = [each for each in lost if not static.fullmatch(each.text)]
    cells = [(squeeze(text.text), text) for text in texts]
    place = Location(file=str(folder / MAIN))
    problems = [_problem(each, _at(each.text, cells) or place, formats) for each in lost]
    told = list(dict.fromkeys(problems))
    if len(told) > MOST_TOLD:
        told[MOST_TOLD:] = [make("E412", place, count=len(told) - MOST_TOLD)]
    return tuple(told)


_OUTPUTS = {"pdf": "PDF", "docx": "Word", "html": "HTML"}


def _problem(lost: _Lost, where: Location, formats: tuple[str, ...]) -> Problem:
    if lost.page is None:
        names = [name for each, name in _OUTPUTS.items() if each in formats]
        output, output_en = "、".join(names), " and ".join(names)
    else:
        output, output_en = f"第 {lost.page} 頁", f"page {lost.page}"
    found = lost.text if len(lost.text) <= SHOWN else f"{lost.text[:SHOWN]}…"
    reason, reason_en = lost.reason
    return make(
        "E411",
        where,
        found=found,
        output=output,
        output_en=output_en,
        reason=reason,
        reason_en=reason_en,
    )


_WITHOUT_TEXT = re.compile(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[^>]*>")
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")


def _static(folder: Path) -> re.Pattern[str]:
    """Matches what the template itself says: labels, alone or in a row."""
    said: set[str] = set()
    for path, source in sources(folder):
        if path.suffix == ".html":
            said.update(_WITHOUT_TEXT.sub("\0", source).split("\0"))
            for part in _WITHOUT_TEXT.findall(source):
                said.update(one or other for one, other in _QUOTED.findall(part))
    labels = sorted({squeeze(html.unescape(each)) for each in said} - {""}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, labels))})+" if labels else "(?!)")


def _at(words: str, cells: list[tuple[str, Text]]) -> Location | None:
    """The cell of the longest text that the words hold, or that holds the words."""
    near = [each for each in cells if each[0] and (each[0] in words or words in each[0])]
    if not near:
        return None
    _, text = max(near, key=lambda each: min(len(each[0]), len(words)))
    return Location(sheet=text.at.sheet, cell=text.at.cell)


def _in_blocks(layout: Layout, lost: dict[Element, _Lost]) -> list[_Lost]:
    """What is lost, paragraph by paragraph and cell by cell, in the document's order."""
    parents = {child: parent for parent in layout.root.iter() for child in parent}
    blocks: dict[Element, _Lost] = {}
    for each in lost.values():
        block = each.element
        while block.tag not in _BLOCKS and block in parents:
            block = parents[block]
        blocks.setdefault(block, each)
    return [
        _Lost(block, squeeze("".join(_words(block, lost))), each.page, each.reason)
        for block, each in blocks.items()
    ]


def _words(element: Element, lost: dict[Element, _Lost]) -> Iterator[str]:
    """The texts of lost elements in and below an element, in order; blocks tell their own."""
    if element in lost:
        yield element.text or ""
    for child in element:
        if child.tag not in _BLOCKS:
            yield from _words(child, lost)
        if element in lost:
            yield child.tail or ""


def _lost(
    layout: Layout, pages: list[list[tuple[Any, Reason | None]]], story: list[Any]
) -> dict[Element, _Lost]:
    """The elements whose own text is not seen whole, in the document's order."""
    drawn: dict[Element, list[str]] = {}
    unseen: dict[Element, _Lost] = {}
    for number, page in enumerate(pages, 1):
        for text, reason in page:
            if text.element is not None and _is_own(text):
                drawn.setdefault(text.element, []).append(text.text)
                if reason and (words := squeeze(text.text)):
                    unseen.setdefault(text.element, _Lost(text.element, words, number, reason))
    told: dict[Element, list[str]] = {}
    for text in story:
        if text.element is not None and _is_own(text):
            told.setdefault(text.element, []).append(text.text)
    lost: dict[Element, _Lost] = {}
    for element, written in _written(layout.root):
        if not _says(drawn.get(element, ()), written):
            reason = NOT_LAID_OUT if _says(told.get(element, ()), written) else HIDDEN
            lost[element] = _Lost(element, written, None, reason)
        elif element in unseen:
            lost[element] = unseen[element]
    return lost


def _written(element: Element) -> Iterator[tuple[Element, str]]:
    """Each element that has text of its own, and that text."""
    waiting = [element]
    while waiting:
        each = waiting.pop()
        if isinstance(each.tag, str) and each.tag.rpartition("}")[2] not in _NOT_PRINTED:
            own = squeeze("".join((each.text or "", *(child.tail or "" for child in each))))
            if own:
                yield each, own
            waiting += reversed(each)


def _says(parts: Iterable[str], written: str) -> bool:
    """Whether texts are what is written, once or, in what is repeated, several times."""
    said = squeeze("".join(parts))
    if said == written:
        return True
    said, written = _plain(said), _plain(written)
    times, rest = divmod(len(said), len(written))
    return bool(times) and not rest and said == written * times


def _plain(text: str) -> str:
    """A text as ``text-transform`` cannot change it."""
    return text.casefold()


def _is_own(text: Any) -> bool:
    """Whether a text is its element's, not made by ``::before`` and the like."""
    _, _, pseudo = text.element_tag.partition("::")
    return pseudo in ("", "first-letter", "first-line")


def _told(root: Any) -> Iterator[Any]:
    """The texts of a box tree in order, but markers beside the text: Word numbers by itself."""
    waiting = [root]
    while waiting:
        box = waiting.pop()
        if isinstance(box, boxes.TextBox):
            yield box
        elif not box.is_outside_marker:
            waiting += reversed(getattr(box, "children", ()))


Area = tuple[float, float, float, float]  # left, top, right, bottom in CSS pixels
Rgb = tuple[float, float, float]
PAPER: Rgb = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a box stands in."""

    sheet: Area
    clip: Area | None = None
    background: Rgb | None = PAPER  # None: it cannot be told, such as a picture
    transparent: bool = False
    moved: bool = False  # by a transformation: places are not what they seem


def _texts(page: Any) -> Iterator[tuple[Any, Reason | None]]:
    """The texts that a page draws, in order, and why one of them is not seen."""
    sheet = (0.0, 0.0, float(page.margin_width()), float(page.margin_height()))
    waiting = [(page, _Around(sheet))]
    while waiting:
        placed, around = waiting.pop()
        box = _real(placed)
        if isinstance(box, boxes.TextBox):
            if box.style["visibility"] == "visible":
                reason = _unseen(box, around)
                yield box, None if reason is BACKGROUND and _lies_on_other(box, page) else reason
        elif children := getattr(box, "children", ()):
            within = _within(box, around)
            waiting += [(child, within) for child in reversed(children)]


def _within(box: Any, around: _Around) -> _Around:
    style = box.style
    if _is_plain(style) and not getattr(box, "column_groups", ()):
        return around
    clip = around.clip
    if style["overflow"] != "visible" and isinstance(box, boxes.BlockContainerBox):
        clip = _meet(clip, _padding_area(box))
    within = _Around(
        around.sheet,
        clip,
        _background(box, around.background),
        around.transparent or style["opacity"] == 0,
        around.moved or bool(style["transform"]),
    )
    return around if within == around else within


def _changes_nothing(style: Any) -> bool:
    """Whether all that a box of this style holds is seen as what is around it is."""
    return bool(
        style["overflow"] == "visible"
        and style["opacity"] != 0
        and not style["transform"]
        and not _paints(style)
    )


_is_plain = with_style("plain", _changes_nothing)


def _background(box: Any, behind: Rgb | None) -> Rgb | None:
    if _has_picture(box.style) or any(
        _paints(column.style)
        for group in getattr(box, "column_groups", ())
        for column in walk(group)
    ):
        return None
    color = _background_color(box.style)
    if color.alpha == 0:
        return behind
    return srgb(color) if color.alpha == 1 else None


def _paints(style: Any) -> bool:
    return _has_picture(style) or bool(_background_color(style).alpha > 0)


def _has_picture(style: Any) -> bool:
    return bool(style["background_image"][0][0] != "none")


def _background_color(style: Any) -> Any:
    color = style["background_color"]
    return style["color"] if color == "currentcolor" else color


def _lies_on_other(text: Any, page: Any) -> bool:
    """Whether a text lies on a box that paints and is not one that it stands in."""
    return any(
        (isinstance(box, boxes.ReplacedBox) or _paints(box.style))
        and _holds(_padding_area(box), text)
        and text not in walk(box)
        for box in map(_real, walk(page))
        if isinstance(box, boxes.BlockLevelBox | boxes.InlineLevelBox)
        and not isinstance(box, boxes.TextBox | boxes.LineBox)
    )


def _real(box: Any) -> Any:
    """The box that a placeholder stands for: WeasyPrint keeps one where a box was taken away."""
    return getattr(box, "_box", box)


def _padding_area(box: Any) -> Area:
    left, top = box.padding_box_x(), box.padding_box_y()
    return left, top, left + box.padding_width(), top + box.padding_height()


def _meet(one: Area | None, other: Area) -> Area:
    if one is None:
        return other
    left, top, right, bottom = zip(one, other, strict=True)
    return max(left), max(top), min(right), min(bottom)


def _unseen(text: Any, around: _Around) -> Reason | None:
    if around.transparent or text.style["color"].alpha == 0:
        return TRANSPARENT
    if text.style["font_size"] < SMALLEST:
        return TINY
    if around.background is not None and _alike(_ink(text.style), around.background):
        return BACKGROUND
    if around.moved:
        return None
    if around.clip is not None and not _holds(around.clip, text):
        return CLIPPED
    return None if _holds(around.sheet, text) else OFF_PAPER


_ink = with_style("ink", lambda style: srgb(style["color"]))


def _alike(one: Rgb | None, other: Rgb) -> bool:
    """Whether it is known of two colours that they cannot be told apart."""
    return one is not None and all(abs(a - b) < SAME for a, b in zip(one, other, strict=True))


def _holds(area: Area, text: Any) -> bool:
    """Whether the middle of a text lies in an area."""
    across = text.position_x + text.width / 2
    down = text.position_y + text.height / 2
    left, top, right, bottom = area
    return bool(left <= across <= right and top <= down <= bottom)
