"""Small HTML → Word in tests: ``Word`` answers questions about the XML."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from lxml import etree
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from reportgen.render.docx import Properties, convert
from reportgen.render.layout.layout_engine import lay_out
from tests.readers.docx_lint import lint

if TYPE_CHECKING:
    from reportgen.problems import Problem
    from reportgen.render.layout.laid_out_document import Layout

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = {
    "w": W,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
}
PROPERTIES = Properties(
    title="平衡計分卡",
    author="臺北市教師研習中心",
    subject="",
    language="zh-TW",
    created=datetime(2016, 12, 25, tzinfo=UTC),
)
# Word's own defaults are easier to see through without the browser's margins.
PLAIN = "@page{size:A4;margin:20mm}body,p,h1,ul,ol{margin:0}"
NOWHERE = Path("template")


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


def laid_out(html: str, css: str = "", folder: Path | None = None, *, body: str = "") -> Layout:
    """Lay out a body with a stylesheet."""
    base = folder.as_uri() + "/" if folder else "file:///nowhere/"
    page = f"<html lang=zh-TW><style>{PLAIN}{css}</style><body {body}>{html}"
    return lay_out(page, base_url=base, fetcher=URLFetcher(), fonts=_fonts())


class Word:
    """A converted document; whatever it is, its structure is sound."""

    def __init__(self, html: str, css: str = "", folder: Path | None = None) -> None:
        self.layout = laid_out(html, css, folder)
        self.bytes, found = convert(self.layout, PROPERTIES, folder or NOWHERE)
        self.problems: tuple[Problem, ...] = found
        assert lint(self.bytes) == []

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """Every part of the file by its name."""
        with ZipFile(BytesIO(self.bytes)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def root(self, part: str = "word/document.xml") -> etree._Element:
        return etree.fromstring(self.parts[part])

    def find(self, path: str, part: str = "word/document.xml") -> list[str]:
        """The answers of an XPath as text: attributes, ``local-name()`` of elements."""
        found: Any = self.root(part).xpath(path, namespaces=NAMESPACES)
        if not isinstance(found, list):
            return [str(found)]
        return [str(it) if isinstance(it, str) else etree.QName(it).localname for it in found]

    def val(self, path: str, part: str = "word/document.xml") -> list[str]:
        """``w:val`` of the elements on a path."""
        return self.find(f"{path}/@w:val", part)

    @property
    def text(self) -> str:
        """The text, paragraphs and line breaks as new lines; empty paragraphs left out."""
        return "\n".join(filter(None, (_text(p) for p in self.root().iter(f"{{{W}}}p"))))

    @property
    def found(self) -> list[tuple[str, str]]:
        """The problems' codes and what they name."""
        return [(problem.code, dict(problem.fields)["found"]) for problem in self.problems]


def _text(paragraph: etree._Element) -> str:
    marks = {f"{{{W}}}br": "\n", f"{{{W}}}tab": "\t"}
    return "".join(
        (part.text or "") if part.tag == f"{{{W}}}t" else marks.get(str(part.tag), "")
        for part in paragraph.iter(f"{{{W}}}t", *marks)
        if part.getparent().tag == f"{{{W}}}r"  # type: ignore[union-attr]
    )
