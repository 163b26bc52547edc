"""Marked copies of .ods: the same figures and problems, comments, looks and a list."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook

from reportgen.workbook import read_bytes
from reportgen.workbook.annotate import annotate_in_process, without_annotations
from reportgen.workbook.annotate.workbook_part import FINDINGS_SHEET
from tests.conftest import ROOT
from tests.factories.bad.outcome import outcome
from tests.factories.open_documents import packed, raw_of, sample_content, written
from tests.factories.workbooks import with_cells
from tests.readers.calc import saved

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.problems import Problem

FAULTS = (("年度資料", "F5", "19人"), ("年度資料", "F7", None), ("構面", "B5", "顧②客"))
FILES = ROOT / "tests/factories/programs/files"


def faulty() -> bytes:
    return written(raw_of(with_cells(*FAULTS)))


def content_of(workbook: bytes) -> str:
    with ZipFile(BytesIO(workbook)) as package:
        return package.read("content.xml").decode()


def marked(workbook: bytes, language: str = "zh-TW") -> tuple[bytes, tuple[Problem, ...]]:
    problems = outcome(workbook, file="105-12-25.ods").problems
    copy, unwritten = annotate_in_process(workbook, problems, language, "105-12-25.ods")  # type: ignore[arg-type]
    assert copy is not None
    assert unwritten == ()
    return copy, problems


def test_a_marked_copy_reads_to_the_same() -> None:
    book = faulty()
    copy, problems = marked(book)
    assert outcome(copy, file="105-12-25.ods").problems == problems
    assert read_bytes(copy)[0] == read_bytes(book)[0]
    assert copy == marked(book)[0]


def test_marks_are_taken_out_before_new_ones_are_put_in() -> None:
    copy, _ = marked(faulty())
    assert marked(copy)[0] == copy
    bare = without_annotations(copy)
    assert "reportgen" not in content_of(bare)
    assert f'table:name="{FINDINGS_SHEET}"' not in content_of(bare)
    assert outcome(bare).problems == outcome(faulty()).problems
    book = faulty()
    assert without_annotations(book) == book


@pytest.mark.parametrize(("language", "word"), [("zh-TW", "錯誤"), ("en", "Error")])
def test_every_problem_is_listed_and_leads_to_its_cell(language: str, word: str) -> None:
    copy, problems = marked(faulty(), language)
    root = etree.fromstring(content_of(copy).encode())
    first = next(root.iter("{*}table"))
    rows = ["|".join(str(x) for x in each.itertext()) for each in first.iter("{*}table-row")]
    assert len(rows) == 3 + len(problems)
    assert any(f"✖ {word}|E112|年度資料|F5|" in each for each in rows)
    assert "xlink:href=\"#'年度資料'.F5\"" in content_of(copy)


def test_a_comment_of_others_stays_with_our_lines_behind_it() -> None:
    note = "<office:annotation><text:p>請業務科確認</text:p></office:annotation>"
    text = sample_content().replace("<text:p>項目</text:p>", f"{note}<text:p>項目</text:p>", 1)
    text = re.sub("<text:p>顧客</text:p>", f"{note}<text:p>顧②客</text:p>", text, count=1)
    book = packed({"content.xml": text})
    problems = outcome(with_cells(FAULTS[2])).problems
    copy, _ = annotate_in_process(book, problems, "zh-TW", "a.ods")
    assert copy is not None
    assert content_of(copy).count("請業務科確認") == 2
    assert (
        content_of(without_annotations(copy)).count("<text:p>請業務科確認</text:p></office:annot")
        == 2
    )


def test_cells_that_are_repeated_or_missing_are_parted() -> None:
    """Rows 1 to 4 stand for one element, and behind the last cell there is none."""
    copy, problems = marked((FILES / "libreoffice-all.ods").read_bytes())
    assert problems
    found = outcome(copy, file="105-12-25.ods")
    assert found.problems == problems


def test_a_sheet_that_is_not_read_stays_as_it_is() -> None:
    huge = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
    own = f'<table:table table:name="紀錄">{huge}</table:table-row></table:table>'
    text = sample_content().replace("</office:spreadsheet>", f"{own}</office:spreadsheet>")
    copy, _ = annotate_in_process(
        packed({"content.xml": text}), outcome(faulty()).problems, "en", "a.ods"
    )
    assert copy is not None
    assert f"{huge}</table:table-row></table:table>" in content_of(copy)


@pytest.mark.slow
def test_libreoffice_keeps_the_marks(tmp_path: Path) -> None:
    sources = []
    for name in ("105-12-25.xlsx", "faulty.xlsx"):
        sources.append(tmp_path / name)
        sources[-1].write_bytes(with_cells(*FAULTS))
    (first, second) = saved(sources, tmp_path, "ods")
    copy, problems = marked(first.read_bytes())
    second.write_bytes(copy)
    (as_excel,) = saved([second], tmp_path, "xlsx:Calc MS Excel 2007 XML")
    book = load_workbook(as_excel)
    assert book.sheetnames[0] == FINDINGS_SHEET
    comment = book["年度資料"]["F5"].comment
    assert comment is not None
    assert "✖〔E112〕" in comment.text
    looks = book["年度資料"].conditional_formatting
    ours = [rule for area in looks for rule in area.rules if "reportgen-error" in str(rule.formula)]
    assert ours
    again = tmp_path / "again.ods"
    again.write_bytes(copy)
    (kept,) = saved([again], tmp_path / "more", "ods")
    assert outcome(kept.read_bytes(), file="105-12-25.ods").problems == problems
    bare = content_of(without_annotations(kept.read_bytes()))
    assert "〔E112〕" not in bare
    assert f'table:name="{FINDINGS_SHEET}"' not in bare
    assert "reportgen-error" not in bare
