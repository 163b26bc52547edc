"""The edition's PDF and Word say what the agency printed, page by page and cell by cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from tests.factories import original
from tests.readers import pdf, squeeze, word

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Edition
    from tests.readers import PageContent, Table


def data_tables(page: PageContent) -> tuple[Table, ...]:
    """A page's tables but for the row of mission, vision and values, which Word needs as one."""
    return tuple(table for table in page.tables if not table[0][0].text.startswith("【使命】"))


def test_pdf_says_what_the_original_says(teachers_center: Edition) -> None:
    assert pdf.read_pages(teachers_center.pdf) == original.PAGES


def test_word_says_what_the_original_says(teachers_center: Edition) -> None:
    pages = word.read_pages(teachers_center.docx)
    assert [page.text for page in pages] == [page.text for page in original.PAGES]
    tables = [data_tables(page) for page in pages]
    # The four values stand in a row; in Word a row of cells is a table.
    assert tables[:7] == [page.tables for page in original.PAGES[:7]]
    assert [[cell.text for cell in row] for row in tables[7][0]] == [["愛", "真理", "智慧", "卓越"]]


def test_every_page_is_numbered_but_the_cover(teachers_center: Edition) -> None:
    codes: set[str] = set()
    for path in (teachers_center.pdf, teachers_center.docx_as_pdf):
        lines = _last_lines(path)
        assert "共" not in lines[0]
        feet = [
            re.fullmatch(r"105-12-25查驗碼((?:\w{5}-){4}\w{5})(第.頁，共8頁)", line)
            for line in lines[1:]
        ]
        assert [foot and foot[2] for foot in feet] == [f"第{n}頁，共8頁" for n in range(2, 9)]
        codes.update(foot[1] for foot in feet if foot)
    assert len(codes) == 1


def test_word_takes_as_many_pages_as_the_pdf(teachers_center: Edition) -> None:
    assert len(_last_lines(teachers_center.pdf)) == 8
    assert len(_last_lines(teachers_center.docx_as_pdf)) == 8


def test_word_breaks_its_pages_where_the_pdf_does(teachers_center: Edition) -> None:
    laid_out = _page_texts(teachers_center.docx_as_pdf)
    for page, text in zip(original.PAGES, laid_out, strict=True):
        heading = page.text.split("105年", maxsplit=1)[0]
        assert heading in text  # after what only the navigation pane shows
        for table in page.tables:
            for cell in (cell for row in table for cell in row):
                assert _holds(text, cell.text), cell.text


@pytest.mark.parametrize("page", range(1, 7))
def test_columns_stand_where_they_stand_in_the_pdf(teachers_center: Edition, page: int) -> None:
    ours = pdf.vertical_rules(teachers_center.pdf)[page]
    words = pdf.vertical_rules(teachers_center.docx_as_pdf)[page]
    assert len(ours) == len(words) > 3
    assert max(abs(a - b) for a, b in zip(ours, words, strict=True)) < 1.0  # millimetres


def _holds(text: str, part: str) -> bool:
    """Whether all characters of a part stand in a text in their order; cells may lie between."""
    characters = iter(text)
    return all(character in characters for character in part)


def _page_texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [squeeze(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def _last_lines(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [
            squeeze(page.get_textpage().get_text_bounded(top=45.0, bottom=0.0)) for page in document
        ]
    finally:
        document.close()
