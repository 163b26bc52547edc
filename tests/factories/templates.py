"""Small templates in tests: a folder with HTML and CSS, and what is made of it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from reportgen.model.scorecard import CellRef, Text
from reportgen.render.document import RenderJob
from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.templates.source_locations import MAIN_FILE
from reportgen.render.templates.template_engine import Template

if TYPE_CHECKING:
    from pathlib import Path

LINK = '<link rel="stylesheet" href="style.css">\n'


@cache
def machine() -> FontSet:
    """The machine's fonts."""
    return FontSet(find_fonts(font_folders())[0])


def job(
    folder: Path,
    html: str | bytes,
    css: str | bytes = b"",
    *,
    formats: tuple[str, ...] = ("pdf", "docx"),
    cells: dict[str, str] | None = None,
    **context: Any,
) -> RenderJob:
    """A template written to a folder, with a sheet of data: cell → its text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((MAIN_FILE, html), ("style.css", css)):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    texts = (
        Text(text=text, at=CellRef(sheet="資料", cell=cell)) for cell, text in (cells or {}).items()
    )
    return RenderJob(
        template=Template(folder),
        context=context,
        texts=tuple(texts),
        formats=formats,
        title="題",
        author="甲",
        day=date(2016, 12, 25),
        source_name="a.xlsx",
        source=b"PK",
    )
