"""What a document's pages show when PDF and Word's form are read back."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.oxml import OxmlElement
from weasyprint import HTML

from reportgen.render.odt import libreoffice
from reportgen.render.verify.printed_pages import (
    lone_row_pages,
    read_page_faults,
    verify_printed_pages,
)


def same(one: str, other: str) -> bool:
    return one == other


def pdf(body: str) -> bytes:
    style = "@page { size: 200pt 100pt; margin: 10pt } p { font: 10pt/12pt 'TW-Kai'; margin: 0 }"
    content: bytes = HTML(string=f"<style>{style}</style>{body}").write_pdf()
    return content


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("body", "small", "lone"),
    [
        ("<p>甲乙丙丁", 0, 0),
        ("<p>甲", 0, 0),
        ("<p style='font-size: 8pt'>甲乙", 0, 0),
        ("<p style='font-size: 7.5pt'>甲乙 丙", 3, 0),
        ("<p style='width: 40pt'>甲乙丙丁戊", 0, 1),
        ("<p style='width: 40pt'>甲乙丙丁戊己", 0, 0),
        ("<p style='width: 40pt; text-align: center'>甲乙丙丁戊", 0, 1),
        ("<p style='width: 10pt'>甲乙丙", 0, 1),
    ],
)
def test_small_and_lone_characters_are_counted(body: str, small: int, lone: int) -> None:
    faults = read_page_faults(pdf(body))
    assert (faults.pages, faults.small.total(), faults.lone.total()) == (1, small, lone)


def found(
    monkeypatch: pytest.MonkeyPatch, printed: str, laid_out: str, written: str
) -> list[tuple[str, dict[str, str]]]:
    """The problems of a PDF, and of a Word file that LibreOffice lays out as told."""
    monkeypatch.setattr(libreoffice, "find_program", lambda: "soffice")
    monkeypatch.setattr(libreoffice, "convert", lambda *_, **_options: [pdf(laid_out)])
    files = {"文件": {"pdf": pdf(printed), "docx": word(written)}}
    problems = verify_printed_pages(files, (), same)
    return [(problem.code, dict(problem.fields)) for problem in problems]


def test_equal_pages_are_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, "<p>甲乙", "<p>甲乙", "甲乙") == []


def test_page_counts_that_differ_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    two = "<p>甲乙<p style='break-before: page'>丙丁"
    assert found(monkeypatch, "<p>甲乙丙丁", two, "甲乙丙丁") == [
        ("W423", {"found": "2", "other": "1"})
    ]


def paged_word(*pages: tuple[tuple[str, ...], int, bool]) -> bytes:
    """A Word file with a table on each page: its headings, its rows, has it a band."""
    document = docx.Document()
    for number, (headings, rows, has_band) in enumerate(pages):
        document.add_paragraph("標題").paragraph_format.page_break_before = number > 0 or None
        table = document.add_table(len(headings) + has_band + rows, 2)
        for text, row in zip(headings, table.rows, strict=False):
            row.cells[0].text = text
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        if has_band:
            band = table.rows[len(headings)].cells
            band[0].merge(band[1])
    target = BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("pages", "alone"),
    [
        ([(("欄", "甲"), 2, False), (("欄", "甲"), 1, False)], [2]),
        ([(("欄", "甲"), 1, False), (("欄", "甲"), 1, False)], [1, 2]),
        ([(("欄", "甲"), 2, False), (("欄", "乙"), 1, False)], []),  # another table
        ([(("欄",), 1, False)], []),
        ([(("欄",), 1, True), (("欄", "甲"), 3, False)], [1]),  # its band is repeated as a heading
        ([((), 1, False), ((), 1, False)], []),
    ],
)
def test_rows_alone_on_a_page(
    pages: list[tuple[tuple[str, ...], int, bool]], alone: list[int]
) -> None:
    assert lone_row_pages(paged_word(*pages)) == alone


def test_lone_rows_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: "soffice")
    two = "<p>標題欄<p style='break-before: page'>標題欄"
    monkeypatch.setattr(libreoffice, "convert", lambda *_, **_options: [pdf(two)])
    written = paged_word((("欄",), 2, False), (("欄",), 1, False))
    (problem,) = verify_printed_pages({"文件": {"docx": written}}, (), same)
    fields = dict(problem.fields)
    assert (problem.code, fields["rows"], fields["row_pages"]) == ("N425", "1", "2")


def test_text_on_no_page_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, "<p>甲乙丙丁", "<p>甲乙", "甲乙丙丁") == [
        ("E424", {"found": "甲乙丙丁"})
    ]


def test_libreoffice_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: "")
    (problem,) = verify_printed_pages({"文件": {"pdf": pdf("<p>甲")}}, (), same)
    assert problem.code == "E507"
