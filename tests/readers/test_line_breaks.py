"""The reader of line breaks sees what it is to see, in a page made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import pytest

from tests.readers.line_breaks import LineBreaks, read_line_breaks
from tests.readers.word_xml import Word

if TYPE_CHECKING:
    from pathlib import Path

CSS = (
    "@page { size: 400pt 300pt; margin: 20pt } html { font: 10pt 'TW-Kai', '標楷體' }"
    "table { border-collapse: collapse }"
    "td { border: 1pt solid black; padding: 2pt 6pt; width: 42pt }"
)


@pytest.mark.parametrize(
    ("cell", "lone", "torn"),
    [
        ("一二三四", 0, 0),
        ("一二三四五六", 0, 0),
        ("一二三四五", 1, 0),
        ("一二三四五。", 1, 0),
        ("一二三四<br>五", 0, 0),
        ("<p>一二三四</p><p>五</p>", 0, 0),
        ("<u>一二三四五六</u>", 0, 0),
        ("甲乙1,2<wbr>34丙", 0, 1),
        ("公斤/<wbr>萬人次", 0, 1),
    ],
)
def test_a_cell(tmp_path: Path, cell: str, lone: int, torn: int) -> None:
    found = read_page(tmp_path, cell)
    assert (len(found.lone), len(found.torn), found.unmatched) == (lone, torn, 0)
    assert "一二三四|五六" in found.breaks


@pytest.mark.parametrize(
    ("cell", "words"),
    [("漁具國民小學", ("漁具國民|小學",)), ("國民小學漁具", ()), ("漁具申請執行率", ())],
)
def test_a_torn_word(tmp_path: Path, cell: str, words: tuple[str, ...]) -> None:
    *others, beside = read_page(tmp_path, cell).words
    assert (tuple(others), beside) == (words, "一二三四|五六")  # no words, and so one


def read_page(tmp_path: Path, cell: str) -> LineBreaks:
    """Read the breaks of a page with a cell four letters wide, beside one of six letters."""
    html = f"<p>上文</p><table><tr><td>{cell}<td>一二三四五六</table>"
    word = Word(html, CSS)
    pdf, docx = tmp_path / "page.pdf", tmp_path / "page.docx"
    word.layout.document.write_pdf(pdf)
    docx.write_bytes(word.bytes)
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
    return read_line_breaks(pdf, docx, {"公斤/萬人次"})
