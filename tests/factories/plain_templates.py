"""Templates that print little: for tests of what is done with documents, which take no time so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HTML = """<!DOCTYPE html>
<html lang="zh-Hant-TW"><head><title>{{ document.title }}</title>
<link rel="stylesheet" href="style.css"></head>
<body><h1>{{ document.title }}</h1></body></html>
"""
CSS = "@page { size: A4 } body { font-family: 'Times New Roman', 標楷體 }"


def plain(folder: Path, *documents: str, html: str = HTML) -> Path:
    """A folder of templates; the scorecard's, where none is named."""
    for name in documents or ("scorecard",):
        place = folder / name
        place.mkdir(parents=True)
        (place / "document.html").write_text(html, "utf-8")
        (place / "style.css").write_text(CSS, "utf-8")
    return folder
