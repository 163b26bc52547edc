"""Watermarks: a word behind the text of every page: ``html { --watermark: "草稿" }``.

It is a picture of the word, not text: a PDF has its outlines, as an artifact, and Word has its own
kind of watermark. Text extraction never finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

from reportgen.problems import Problem, make_problem
from reportgen.render.docx.source import computed_style as css
from reportgen.render.layout.laid_out_document import PT_PER_PX
from reportgen.render.templates.phrase_segmentation import width_in_ems
from reportgen.render.templates.source_locations import locate

if TYPE_CHECKING:
    from pathlib import Path

    import pydyf

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import PageBox

WATERMARK_PROPERTY: Final = "--watermark"
WATERMARK_COLOR: Final = "E4E4E4"  # on it, black text has 16.5 : 1 of contrast (WCAG asks for 7)
_FILL_RATIO: Final = 0.75  # of the shorter side of the content area
_FORM_NAME: Final = "watermark"  # its name in the PDF


@dataclass(frozen=True, slots=True)
class Watermark:
    """A word and its size on the diagonal; lengths are points."""

    text: str
    size: float  # of the letters

    @property
    def width(self) -> float:
        """The estimated length of the word, in points."""
        return self.size * width_in_ems(self.text)


def read_watermark(layout: Layout) -> Watermark | None:
    """Return the watermark that the stylesheet declares for ``html``, or None if it has none.

    It is as large as fits a square of three quarters of the content area's shorter side, turned by
    45°, on the first page.
    """
    text = " ".join(css.custom_property_text(layout.style(layout.root), WATERMARK_PROPERTY).split())
    if text in ("", "none"):
        return None
    # Turned by 45°, a box of w × h is (w + h) / √2 wide and as high.
    side = _FILL_RATIO * min(_content_area(layout.document.pages[0]._page_box)[2:])
    return Watermark(text, side * sqrt(2) / (width_in_ems(text) + 1))


def watermark_problems(layout: Layout, fonts: FontSet, folder: Path) -> tuple[Problem, ...]:
    """Return E407 for a value that is no quoted text, or has a character that no font has.

    It is located in the template's ``folder``, where the property is declared. The result is empty
    if there is no watermark, or a printable one.
    """
    style = layout.style(layout.root)
    mark = read_watermark(layout)
    if mark is not None:
        missing = "".join(
            dict.fromkeys(character for character in mark.text if not fonts.role_of(character))
        )
        value = f'{WATERMARK_PROPERTY}: "{mark.text}" ({missing})' if missing else ""
    else:
        declared = WATERMARK_PROPERTY in css.declared_properties(
            style
        ) and not css.custom_property_text(style, WATERMARK_PROPERTY)
        value = WATERMARK_PROPERTY if declared else ""
    return (make_problem("E407", locate(folder, WATERMARK_PROPERTY), found=value),) if value else ()


def _content_area(page: PageBox) -> tuple[float, float, float, float]:
    """Return a page's content area in points: left and top, width and height."""
    corner = page.content_box_x(), page.content_box_y()
    left, top, width, height = (PT_PER_PX * length for length in (*corner, page.width, page.height))
    return left, top, width, height


def draw_watermark(layout: Layout, pdf: pydyf.PDF, fonts: FontSet, mark: Watermark | None) -> None:
    """Add a watermark to every page of ``pdf``, as an artifact (ISO 32000-1, 14.8.2.2).

    It stands below all else, turned by 45° in the middle of the content area, as the outlines of
    its letters. Nothing is done if ``mark`` is None. Must be called after the pages of ``layout``
    are drawn and before streams are compressed.
    """
    import pydyf

    if mark is None:
        return
    outline = fonts.outline(mark.text)
    form = pydyf.Stream(
        [_fill_operator(), *outline.path, "f"],
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array(
                [0, 0, _format_number(outline.width), _format_number(outline.height)]
            ),
        },
        compress=True,
    )
    pdf.add_object(form)
    scale = mark.width / outline.width
    if outline.height * scale > mark.size:
        scale = mark.size / outline.height
    for page, number in zip(layout.document.pages, _page_objects(pdf), strict=True):
        page_object = pdf.objects[number]
        _referenced_object(pdf, page_object["Resources"])["XObject"][_FORM_NAME] = form.reference
        left, top, width, height = _content_area(page._page_box)
        paper = PT_PER_PX * page.height
        turn = scale * sqrt(0.5)
        across = (outline.width - outline.height) / 2 * turn
        up = (outline.width + outline.height) / 2 * turn
        matrix = (turn, turn, -turn, turn, left + width / 2 - across, paper - top - height / 2 - up)
        _referenced_object(pdf, page_object["Contents"]).stream.insert(
            0,
            "/Artifact <</Type /Pagination /Subtype /Watermark>> BDC q "
            f"{' '.join(map(_format_number, matrix))} cm /{_FORM_NAME} Do Q EMC",
        )


def _page_objects(pdf: pydyf.PDF) -> list[int]:
    """Return the numbers of the pages' objects, in order."""
    return [int(number) for number in pdf.pages["Kids"][::3]]


def _referenced_object(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    """Return the object of a PDF that a reference such as ``b"3 0 R"`` refers to."""
    return pdf.objects[int(reference.split()[0])]


def _fill_operator() -> str:
    """Return the PDF operator that sets the watermark's colour for filling."""
    parts = (int(WATERMARK_COLOR[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return f"{' '.join(map(_format_number, parts))} rg"


def _format_number(value: float) -> str:
    """Return a number with at most four decimals, without trailing zeros."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
