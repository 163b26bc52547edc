"""Text visibility: which texts of the data a layout shows of what the template has written.

A stylesheet can hide what a template writes, by intent or by accident: ``display: none``, the
background's colour, a clipping box, a position beside the paper. A template may leave texts out,
and its labels are its own affair; but a text of the workbook that is written and cannot be seen is
an error. ``output_text`` then compares the finished files with the texts returned here.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weasyprint.formatting_structure import boxes

from reportgen.problems import Location, Problem, make_problem
from reportgen.render.layout.colors import (
    background_color,
    has_background_picture,
    paints_background,
    to_srgb,
)
from reportgen.render.layout.laid_out_document import walk
from reportgen.render.layout.memoize import memoize_per_style
from reportgen.render.templates.source_locations import MAIN_FILE, read_sources
from reportgen.render.verify.output_text import INVISIBLE, ExpectedText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from reportgen.model.scorecard import Text
    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box, PageBox, Style

MAX_REPORTED = 20  # problems, before the rest is counted
MAX_SHOWN_CHARS = 30  # characters of a text in a message
MIN_FONT_SIZE = 1.5  # CSS pixels; smaller letters cannot be seen
COLOR_TOLERANCE = 0.02  # of a channel from 0 to 1: too small to be seen

Reason = tuple[str, str]
HIDDEN: Reason = ("被 CSS 隱藏", "the stylesheet hides it")
NOT_LAID_OUT: Reason = ("排版時被裁掉", "the layout cuts it off")
TRANSPARENT: Reason = ("是透明的", "it is transparent")
BACKGROUND: Reason = ("與底色相同", "it has the colour of its background")
TOO_SMALL: Reason = ("字級過小，看不見", "it is too small to be seen")
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
class _HiddenText:
    """A text of the HTML that cannot be seen."""

    element: Element
    text: str
    page: int | None  # None: on none
    reason: Reason


def strip_invisible(text: str) -> str:
    """Return a text without white space and characters that print nothing."""
    return "".join(text.split()).translate(INVISIBLE)


def shorten(text: str) -> str:
    """Return a text for a message, cut to 30 characters with an ellipsis if it is longer."""
    return text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]}…"


def examine_visibility(
    layout: Layout, texts: Iterable[Text], folder: Path, formats: tuple[str, ...]
) -> tuple[ExpectedText, tuple[Problem, ...]]:
    """Return the text that the files of a layout must have, and problems of texts that are hidden.

    The problems are E411 for each text that the HTML holds and no reader sees, at its cell if it is
    the workbook's; from the 21st on they are counted by E412. The template's own labels may be
    hidden. ``texts`` are the workbook's, with their cells; ``folder`` is the template's, and
    ``formats`` are named in messages. Must be called before the PDF is drawn.
    """
    pages = [list(_drawn_texts(page._page_box)) for page in layout.document.pages]
    story = list(_texts_in_order(layout.box_tree))
    printed = ExpectedText(
        tuple(
            strip_invisible("".join(text.text for text, reason in page if reason is not OFF_PAPER))
            for page in pages
        ),
        strip_invisible("".join(text.text for text in story)),
    )
    return printed, _hidden_problems(
        _hidden_texts(layout, pages, story), layout, texts, folder, formats
    )


def _hidden_problems(
    hidden_by_element: dict[Element, _HiddenText],
    layout: Layout,
    texts: Iterable[Text],
    folder: Path,
    formats: tuple[str, ...],
) -> tuple[Problem, ...]:
    """Return E411 for each hidden text, at its cell or the template, without the template's labels.

    Those beyond MAX_REPORTED are replaced by one E412 with their number.
    """
    if not hidden_by_element:
        return ()
    hidden = _merge_by_block(layout, hidden_by_element)
    static = _template_labels(folder)
    hidden = [text for text in hidden if not static.fullmatch(text.text)]
    cells = [(strip_invisible(text.text), text) for text in texts]
    location = Location(file=str(folder / MAIN_FILE))
    problems = [
        _hidden_problem(hidden_text, cell_of(hidden_text.text, cells) or location, formats)
        for hidden_text in hidden
    ]
    unique = list(dict.fromkeys(problems))
    if len(unique) > MAX_REPORTED:
        unique[MAX_REPORTED:] = [make_problem("E412", location, count=len(unique) - MAX_REPORTED)]
    return tuple(unique)


_OUTPUTS = {"pdf": "PDF", "docx": "Word", "html": "HTML"}


def _hidden_problem(hidden: _HiddenText, location: Location, formats: tuple[str, ...]) -> Problem:
    """Return E411 for a hidden text: its page, or the outputs that lack it, and the reason.

    The outputs, if it is on no page, are the ``formats`` in which a reader would look for it.
    """
    if hidden.page is None:
        names = [name for format_, name in _OUTPUTS.items() if format_ in formats]
        output, output_en = "、".join(names), " and ".join(names)
    else:
        output, output_en = f"第 {hidden.page} 頁", f"page {hidden.page}"
    reason, reason_en = hidden.reason
    return make_problem(
        "E411",
        location,
        found=shorten(hidden.text),
        output=output,
        output_en=output_en,
        reason=reason,
        reason_en=reason_en,
    )


_WITHOUT_TEXT = re.compile(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[^>]*>")
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")


def _template_labels(folder: Path) -> re.Pattern[str]:
    """Return a pattern that matches the template's own texts: labels, one or several in a row.

    These are the texts between tags and Jinja's marks in its HTML files, and quoted strings within
    such marks, without white space.
    """
    texts: set[str] = set()
    for path, source in read_sources(folder):
        if path.suffix == ".html":
            texts.update(_WITHOUT_TEXT.sub("\0", source).split("\0"))
            for part in _WITHOUT_TEXT.findall(source):
                texts.update(one or other for one, other in _QUOTED.findall(part))
    labels = sorted(
        {strip_invisible(html.unescape(label)) for label in texts} - {""}, key=len, reverse=True
    )
    return re.compile(f"(?:{'|'.join(map(re.escape, labels))})+" if labels else "(?!)")


def cell_of(text_found: str, cells: list[tuple[str, Text]]) -> Location | None:
    """Return the cell of the longest text that contains ``text_found`` or is contained in it.

    ``cells`` are texts without white space, each with its cell. Of equally long ones it is the
    first; None if there is none.
    """
    matches = [
        cell for cell in cells if cell[0] and (cell[0] in text_found or text_found in cell[0])
    ]
    if not matches:
        return None
    _, best = max(matches, key=lambda cell: min(len(cell[0]), len(text_found)))
    return Location(sheet=best.at.sheet, cell=best.at.cell)


def _merge_by_block(layout: Layout, hidden: dict[Element, _HiddenText]) -> list[_HiddenText]:
    """Return hidden texts merged by paragraph, cell or other block, in the document's order.

    Page and reason are those of the first text of each.
    """
    parents = {child: parent for parent in layout.root.iter() for child in parent}
    blocks: dict[Element, _HiddenText] = {}
    for text in hidden.values():
        block = text.element
        while block.tag not in _BLOCKS and block in parents:
            block = parents[block]
        blocks.setdefault(block, text)
    return [
        _HiddenText(
            block,
            strip_invisible("".join(_hidden_words(block, hidden))),
            first_text.page,
            first_text.reason,
        )
        for block, first_text in blocks.items()
    ]


def _hidden_words(element: Element, hidden: dict[Element, _HiddenText]) -> Iterator[str]:
    """Yield the hidden texts in and below an element, in order, without those of nested blocks."""
    if element in hidden:
        yield element.text or ""
    for child in element:
        if child.tag not in _BLOCKS:
            yield from _hidden_words(child, hidden)
        if element in hidden:
            yield child.tail or ""


def _hidden_texts(
    layout: Layout, pages: list[list[tuple[Box, Reason | None]]], story: list[Box]
) -> dict[Element, _HiddenText]:
    """Return the elements whose own text is not seen completely, in the document's order.

    ``pages`` has the texts drawn on each page with the reason why one is not seen, ``story`` those
    of the box tree.
    """
    drawn_texts: dict[Element, list[str]] = {}
    invisible: dict[Element, _HiddenText] = {}
    for number, page in enumerate(pages, 1):
        for text, reason in page:
            if text.element is not None and _is_own(text):
                drawn_texts.setdefault(text.element, []).append(text.text)
                if reason and (words := strip_invisible(text.text)):
                    invisible.setdefault(
                        text.element, _HiddenText(text.element, words, number, reason)
                    )
    texts_of_tree: dict[Element, list[str]] = {}
    for text in story:
        if text.element is not None and _is_own(text):
            texts_of_tree.setdefault(text.element, []).append(text.text)
    hidden: dict[Element, _HiddenText] = {}
    for element, written in _written_texts(layout.root):
        if not _is_text_of(drawn_texts.get(element, ()), written):
            reason = (
                NOT_LAID_OUT if _is_text_of(texts_of_tree.get(element, ()), written) else HIDDEN
            )
            hidden[element] = _HiddenText(element, written, None, reason)
        elif element in invisible:
            hidden[element] = invisible[element]
    return hidden


def _written_texts(element: Element) -> Iterator[tuple[Element, str]]:
    """Yield (element, its own text) for each element with text, in document order.

    The own text is that directly within it, without white space. Elements whose content is not
    printed as text, such as ``style`` and ``svg``, are left out with all that is in them.
    """
    stack = [element]
    while stack:
        current = stack.pop()
        if isinstance(current.tag, str) and current.tag.rpartition("}")[2] not in _NOT_PRINTED:
            text = strip_invisible(
                "".join((current.text or "", *(child.tail or "" for child in current)))
            )
            if text:
                yield current, text
            stack += reversed(current)


def _is_text_of(parts: Iterable[str], written: str) -> bool:
    """Return whether texts are what is written, once or, in repeated elements, several times.

    Case does not count, as ``text-transform`` changes it; neither does white space.
    """
    actual = strip_invisible("".join(parts))
    if actual == written:
        return True
    actual, written = actual.casefold(), written.casefold()
    times, rest = divmod(len(actual), len(written))
    return bool(times) and not rest and actual == written * times


def _is_own(text: Box) -> bool:
    """Return whether a text is its element's, not generated by ``::before`` and the like."""
    _, _, pseudo = text.element_tag.partition("::")
    return pseudo in ("", "first-letter", "first-line")


def _texts_in_order(root: Box) -> Iterator[Box]:
    """Yield the texts of a box tree in order, without outside markers: Word numbers by itself."""
    stack = [root]
    while stack:
        box = stack.pop()
        if isinstance(box, boxes.TextBox):
            yield box
        elif not box.is_outside_marker:
            stack += reversed(getattr(box, "children", ()))


Area = tuple[float, float, float, float]  # left, top, right, bottom in CSS pixels
Rgb = tuple[float, float, float]
PAPER: Rgb = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Clipping:
    """What a box hands down to its content: sheet, clipping area, background, transparency.

    Only what can be known without painting is followed: a background of several colours, and
    positions within a transformation, hide nothing.
    """

    sheet: Area
    clip: Area | None = None
    background: Rgb | None = PAPER  # None: not a single colour, such as a picture
    transparent: bool = False
    moved: bool = False  # by a transformation, so that coordinates do not apply


def _drawn_texts(page: PageBox) -> Iterator[tuple[Box, Reason | None]]:
    """Yield (text box, reason why it cannot be seen or None) for the texts that a page draws.

    They come in document order; those with ``visibility: hidden`` are not drawn.
    """
    sheet = (0.0, 0.0, float(page.margin_width()), float(page.margin_height()))
    stack = [(page, _Clipping(sheet))]
    while stack:
        placed, clipping = stack.pop()
        box = _real_box(placed)
        if isinstance(box, boxes.TextBox):
            if box.style["visibility"] == "visible":
                reason = _hidden_reason(box, clipping)
                yield (
                    box,
                    None if reason is BACKGROUND and _is_over_other_box(box, page) else reason,
                )
        elif children := getattr(box, "children", ()):
            inner = _inner_clipping(box, clipping)
            stack += [(child, inner) for child in reversed(children)]


def _inner_clipping(box: Box, outer: _Clipping) -> _Clipping:
    """Return the context of a box's content; ``outer`` itself if the box changes nothing."""
    style = box.style
    if _is_plain(style) and not getattr(box, "column_groups", ()):
        return outer
    clip = outer.clip
    if style["overflow"] != "visible" and isinstance(box, boxes.BlockContainerBox):
        clip = _intersection(clip, _padding_area(box))
    inner = _Clipping(
        outer.sheet,
        clip,
        _background_behind(box, outer.background),
        outer.transparent or style["opacity"] == 0,
        outer.moved or bool(style["transform"]),
    )
    return outer if inner == outer else inner


def _is_transparent_to_content(style: Style) -> bool:
    """Return whether a box of this style shows its content as its parent would.

    It neither clips, moves, hides nor paints.
    """
    return bool(
        style["overflow"] == "visible"
        and style["opacity"] != 0
        and not style["transform"]
        and not paints_background(style)
    )


_is_plain = memoize_per_style("plain", _is_transparent_to_content)


def _background_behind(box: Box, behind: Rgb | None) -> Rgb | None:
    """Return the background of a box's content, ``behind`` if the box is transparent.

    None if it is not a single colour.
    """
    if has_background_picture(box.style) or any(
        paints_background(column.style)
        for group in getattr(box, "column_groups", ())
        for column in walk(group)
    ):
        return None
    color = background_color(box.style)
    if color.alpha == 0:
        return behind
    return to_srgb(color) if color.alpha == 1 else None


def _is_over_other_box(text: Box, page: PageBox) -> bool:
    """Return whether a text lies, by its middle, on a box that paints and does not contain it.

    Such a box, positioned behind the text, may be its real background.
    """
    return any(
        (isinstance(box, boxes.ReplacedBox) or paints_background(box.style))
        and _contains_middle(_padding_area(box), text)
        and text not in walk(box)
        for box in map(_real_box, walk(page))
        if isinstance(box, boxes.BlockLevelBox | boxes.InlineLevelBox)
        and not isinstance(box, boxes.TextBox | boxes.LineBox)
    )


def _real_box(box: Box) -> Box:
    """Return the box that a placeholder stands for: WeasyPrint keeps one for an out-of-flow box."""
    return getattr(box, "_box", box)


def _padding_area(box: Box) -> Area:
    """Return the edges of a box's padding area, in CSS pixels."""
    left, top = box.padding_box_x(), box.padding_box_y()
    return left, top, left + box.padding_width(), top + box.padding_height()


def _intersection(one: Area | None, other: Area) -> Area:
    """Return the common part of two areas; None is an area without bounds."""
    if one is None:
        return other
    left, top, right, bottom = zip(one, other, strict=True)
    return max(left), max(top), min(right), min(bottom)


def _hidden_reason(text: Box, clipping: _Clipping) -> Reason | None:
    """Return the reason why a drawn text cannot be seen, or None if it can.

    Position and clipping are not examined within a transformation.
    """
    if clipping.transparent or text.style["color"].alpha == 0:
        return TRANSPARENT
    if text.style["font_size"] < MIN_FONT_SIZE:
        return TOO_SMALL
    if clipping.background is not None and _indistinguishable(
        _ink(text.style), clipping.background
    ):
        return BACKGROUND
    if clipping.moved:
        return None
    if clipping.clip is not None and not _contains_middle(clipping.clip, text):
        return CLIPPED
    return None if _contains_middle(clipping.sheet, text) else OFF_PAPER


_ink = memoize_per_style("ink", lambda style: to_srgb(style["color"]))


def _indistinguishable(one: Rgb | None, other: Rgb) -> bool:
    """Return whether two colours are too alike to be distinguished; False for an unknown one."""
    return one is not None and all(
        abs(a - b) < COLOR_TOLERANCE for a, b in zip(one, other, strict=True)
    )


def _contains_middle(area: Area, text: Box) -> bool:
    """Return whether the middle of a text lies in an area."""
    across = text.position_x + text.width / 2
    down = text.position_y + text.height / 2
    left, top, right, bottom = area
    return bool(left <= across <= right and top <= down <= bottom)
