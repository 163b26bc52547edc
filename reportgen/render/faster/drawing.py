"""Pages are drawn, and written down, in fewer steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.render.kept import with_style

if TYPE_CHECKING:
    from collections.abc import Callable


def get_color(color: Any) -> Callable[[Any, str], Any]:
    """A colour is not compared with a word: what is no colour yet is one."""
    usual = color.get_color

    def of(style: Any, key: str) -> Any:
        value = style[key]
        return usual(style, key) if value.__class__ is str else value

    return of


def layout_box_backgrounds(background: Any) -> Callable[..., None]:
    """Whether there is anything to paint behind a box is kept with its style."""
    usual = background.layout_box_backgrounds
    is_unpainted = with_style("unpainted", _is_unpainted)

    def laid_out(
        page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        if style is not None or not layout_children or box is page:
            usual(page, box, get_image, layout_children, style)
            return
        if not is_unpainted(box.style):
            usual(page, box, get_image)
            return
        background.resolve_radii_percentages(box)
        for child in box.all_children():
            laid_out(page, child, get_image)
        box.background = None

    return laid_out


def _is_unpainted(style: Any) -> bool:
    pictures = (style["border_image_source"], style["mask_border_source"])
    if any(kind != "none" for kind, *_ in pictures) or style["box_shadow"]:
        return False
    if style["visibility"] == "hidden":
        return True
    colour = style["background_color"]
    if colour.__class__ is str:
        colour = style["color"]
    return bool(colour.alpha == 0) and not any(
        kind == "url" or value for kind, value in style["background_image"]
    )


def to_bytes(pydyf: Any) -> Callable[[Any], bytes]:
    """Most of what is written is bytes already, or a number."""
    usual = pydyf._to_bytes

    def written(item: Any) -> bytes:
        kind = item.__class__
        if kind is bytes:
            data: bytes = item
            return data
        if kind is float:
            return b"%d" % item if item.is_integer() else (b"%f" % item).rstrip(b"0")
        if kind is int:
            return b"%d" % item
        answer: bytes = usual(item)
        return answer

    return written


class _Stacked:
    """``Stream.stacked``, without a generator."""

    __slots__ = ("_stream",)

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __enter__(self) -> None:
        self._stream.push_state()

    def __exit__(self, *error: object) -> None:
        self._stream.pop_state()


class _Artifact:
    """``Stream.artifact``, without a generator."""

    __slots__ = ("_stream",)

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __enter__(self) -> None:
        if self._stream._tags is not None:
            self._stream.begin_marked_content("Artifact")

    def __exit__(self, *error: object) -> None:
        if self._stream._tags is not None:
            self._stream.end_marked_content()


def stacked(stream: Any) -> _Stacked:
    """Save and restore a stream's state."""
    return _Stacked(stream)


def artifact(stream: Any) -> _Artifact:
    """Mark what is drawn as no part of the text."""
    return _Artifact(stream)


def draw_line(border: Any) -> Callable[..., None]:
    """Plain lines of a colour and a width are written as the first of them on their page was."""
    usual = border.draw_line

    def drawn(stream: Any, *given: Any) -> None:
        x1, y1, x2, y2, thickness, style, color, *_ = given
        if (
            style != "solid"
            or stream._current_color_stroke is not None
            or stream._current_alpha_stroke is not None
        ):
            usual(stream, *given)
            return
        known = stream.__dict__.setdefault("_reportgen_lines", {})
        key = (id(color), thickness)
        if key not in known:
            start = len(stream.stream)
            usual(stream, *given)
            *head, _, _, _, _ = stream.stream[start:]  # to the start, to the end, stroke, restore
            known[key] = color, head  # which keeps the colour's identity its own
            return
        stream.stream += known[key][1]
        stream.move_to(x1, y1)
        stream.line_to(x2, y2)
        stream.stream += (b"S", b"Q")
        stream._current_color = stream._current_alpha = stream._current_font = None

    return drawn


class PageReferences:
    """The pages by their numbers, put together once and not for each tag."""

    def __get__(self, pdf: Any, owner: type | None = None) -> Any:
        if pdf is None:
            return self
        pages = pdf.pages["Kids"][::3]
        known: tuple[list[Any], tuple[bytes, ...]] | None = pdf.__dict__.get("_page_references")
        if known is None or known[0] != pages:
            known = pages, tuple(f"{number} 0 R".encode("ascii") for number in pages)
            pdf.__dict__["_page_references"] = known
        return known[1]
