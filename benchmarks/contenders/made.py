"""Properties of an output: its size, its missing letters, and the verdicts of validators."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROFILES = ("3a", "ua1")
_FALSE_FAILURES = {
    "PDFA3A-METADATA-FILTER-001"
}  # a rule of PDF/A-1 only; veraPDF passes such files
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Not printed as they are: the page's form of another text, codes of what is printed by its name.
_UNPRINTED = {"bookmark", "revised_iso", "edition", "mission_in_one_line", "status", "span"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An output file. Of a Word file only ``size`` and ``lost`` are known."""

    size: int  # bytes
    lost: int  # letters of the scorecard that it does not have
    pages: int = 0
    tagged: bool = False
    passes: tuple[str, ...] = ()  # profiles of PDF


def look_at(file: Path, view: Path) -> Made:
    """Return the properties of a file that was made from a view."""
    size = file.stat().st_size
    if file.suffix == ".docx":
        return Made(size=size, lost=_count_lost(_words(file), view))
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    try:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
        return Made(
            size=size,
            lost=_count_lost(text, view),
            pages=len(document),
            tagged=bool(pypdfium2.raw.FPDFCatalog_IsTagged(document)),
            passes=tuple(profile for profile in PROFILES if not _failures(file, profile)),
        )
    finally:
        document.close()


def _failures(file: Path, profile: str) -> set[str]:
    import page

    rules = {failure.rule_id for failure in page.validate_pdf(file, profile=profile).failures}
    return rules - _FALSE_FAILURES


def _words(file: Path) -> str:
    with zipfile.ZipFile(file) as parts:
        document = etree.fromstring(parts.read("word/document.xml"))
    return "".join(element.text or "" for element in document.iter(f"{_WORD}t"))


def _count_lost(text: str, view: Path) -> int:
    expected = Counter("".join(_texts(json.loads(view.read_text("utf-8")))))
    missing = expected - Counter(text)
    return sum(count for letter, count in missing.items() if not letter.isspace())


def _texts(node: Any, name: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value, name)
    elif isinstance(node, str) and name not in _UNPRINTED:
        yield node
