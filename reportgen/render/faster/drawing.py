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
