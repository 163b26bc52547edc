"""HTML and CSS to Word, from the same cascade and the same layout as the PDF.

``convert`` walks the box tree that the PDF's pages are made of, so both outputs hold the same text:
white space, generated content, list markers and merged cells are resolved once. What Word has no
counterpart for is a problem with its file and line, never dropped silently;
``source.supported_css`` lists what is supported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.render.docx.source.font_check import declared_families, missing_families
from reportgen.render.docx.source.template_check import check_template

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from reportgen.problems import Problem
    from reportgen.render.layout.laid_out_document import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """The properties of the file; ``created`` is from the edition, never the clock."""

    title: str  # at most 255 characters of it, as of the author and the subject, are kept
    author: str
    subject: str
    language: str  # "zh-TW"
    created: datetime


def convert(
    layout: Layout, properties: Properties, template: Path
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the Word file of a laid-out document, and what of the document Word cannot show.

    ``template`` is the folder of the template, where problems are located. The same layout and
    properties give the same bytes. Raises nothing for any document that WeasyPrint has laid out.
    """
    from reportgen.render.docx.docx_converter import convert_document

    return convert_document(layout, properties, template)


__all__ = [
    "Properties",
    "check_template",
    "convert",
    "declared_families",
    "missing_families",
]
