"""The yearly review: PDF, Word and ODT say the same, with every bound figure in its place."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from reportgen.cli import main
from reportgen.compute import compute
from reportgen.documents import document_content
from reportgen.workbook import read_bytes, write
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.bound_figures import FORMATS, write_and_read
from tests.conftest import ROOT
from tests.end_to_end.test_second_agency import count_pages
from tests.factories.agencies import agency
from tests.factories.samples import (
    scorecard,
    second_agency,
    teachers_center,
    workbook,
    yearly_review,
)
from tests.factories.scorecards import YEARS, figure, kpi, rows
from tests.factories.workbooks import sample_bytes
from tests.readers import looks, pdf, squeeze, word

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from reportgen.workbook.writing.scorecard_rows import Row, Rows
    from tests.conftest import Edition

pytestmark = pytest.mark.slow


def test_pdf_and_word_say_the_same(teachers_review: Edition) -> None:
    ours, words = pdf.read_pages(teachers_review.pdf), word.read_pages(teachers_review.docx)
    assert [page.text for page in words] == [page.text for page in ours]
    assert count_pages(teachers_review.docx_as_pdf) == len(ours)
    assert looks.objections(teachers_review.pdf) == []
    assert looks.objections(teachers_review.docx_as_pdf) == []


def test_it_prints_words_with_figures_and_no_brace(teachers_review: Edition) -> None:
    text = "".join(page.text for page in pdf.read_pages(teachers_review.pdf))
    assert "範例：目標值為70件，實績68件，達成率97.14%。" in text
    assert "資本門預算數10,600,000元，實支數9,859,650元，執行率98.11%" in text
    assert not set("{}｛｝") & set(text)


def with_words_in_results(choice: str) -> bytes:
    """The sample with words, whose results print them, too, or do not."""
    rows = yearly_review.rows()
    asked: Row = {"項目": "執行成果內容", "內容": choice}
    target = BytesIO()
    content: Rows = {**rows, "基本資料": [*rows["基本資料"], asked]}
    write_rows(content, target, modified=yearly_review.REVISED, years=yearly_review.YEARS)
    return target.getvalue()


def test_results_print_the_words_where_the_workbook_asks_for_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In PDF and Word alike, and carried over into the next edition's workbook."""
    source = tmp_path / "105-12-25.xlsx"
    source.write_bytes(with_words_in_results("附執行說明"))
    assert main(["build", str(source), "-o", str(tmp_path), "--document", "results"]) == 0
    (made,), (in_word,) = (tmp_path.rglob(f"*_執行成果_*.{kind}") for kind in ("pdf", "docx"))
    ours = pdf.read_pages(made)
    assert [page.text for page in word.read_pages(in_word)] == [page.text for page in ours]
    text = "".join(page.text for page in ours)
    assert "範例：目標值為70件，實績68件，達成率97.14%。" in text
    assert not set("{}｛｝") & set(text)
    card = read_bytes(source.read_bytes())[0]
    assert card is not None
    target = BytesIO()
    write(card, target)
    assert read_bytes(target.getvalue())[0] == card
    capsys.readouterr()


@pytest.mark.parametrize("choice", ["不附", ""])
def test_results_have_no_words_unasked(choice: str) -> None:
    card, problems = read_bytes(with_words_in_results(choice))
    assert card is not None
    assert "基本資料" not in {problem.where.sheet for problem in problems}
    assert document_content("results", compute(card)[0]).context["words"] == ()


def test_long_weighted_rates_leave_room_for_the_tables_below(tmp_path: Path) -> None:
    outcome = write_and_read(agency(64, 1).scorecard, Random("1 64"), tmp_path)
    assert outcome.missing == {f".{form}": [] for form in FORMATS}


@pytest.mark.parametrize("sample", [teachers_center, second_agency])
def test_random_words_are_in_each_form(sample: ModuleType, tmp_path: Path) -> None:
    outcome = write_and_read(scorecard(sample), Random(1), tmp_path)
    assert outcome.figures > outcome.texts > 50
    assert outcome.missing == {f".{form}": [] for form in FORMATS}


def test_a_workbook_without_words_has_a_review_that_says_what_is_wanting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "105-12-25.xlsx").write_bytes(sample_bytes())
    options = ["--document", "review", "--format", "pdf", "--templates", str(ROOT / "templates")]
    assert main(["build", str(tmp_path / "105-12-25.xlsx"), "-o", str(tmp_path), *options]) == 0
    assert "W261" in capsys.readouterr().err
    (made,) = tmp_path.rglob("*_年度績效檢討報告_*.pdf")
    assert "（待填）" in "".join(page.text for page in pdf.read_pages(made))


def test_a_wrong_reference_stops_the_review_and_no_other_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "105-12-25.xlsx"
    source.write_bytes(workbook(WrongReference))
    options = ["-o", str(tmp_path / "output"), "--format", "html"]
    assert main(["build", str(source), *options, "--document", "review"]) == 1
    told = capsys.readouterr().err
    assert "〔E261〕「執行說明」C5" in told
    assert "{F9.9}" in told
    assert not (tmp_path / "output").exists()
    assert main(["check", str(source)]) == 1
    assert main(["build", str(source), *options, "--document", "scorecard"]) == 0


class WrongReference:
    """The sample with a reference to nothing."""

    REVISED, YEARS = teachers_center.REVISED, teachers_center.YEARS

    @staticmethod
    def rows() -> dict[str, object]:
        entry = {"KPI代碼": "F1.1", "年度": 105, "執行情形": "執行率 {F9.9}"}
        return {**teachers_center.rows(), "執行說明": [entry]}


# Better than 2 in the year before, or worse; the objective of the initiatives, AP1 without KPIs.
SHARED_PAGES = [
    *product([2, 30], [3, 1], [False, True], [2, 30], ["AC1"]),
    *product([2], [3], [True], [2, 30], ["AP1"]),
]


@pytest.mark.parametrize("case", SHARED_PAGES)
def test_every_part_is_printed_once_however_the_pages_are_shared(
    case: tuple[int, int, bool, int, str], tmp_path: Path
) -> None:
    kpis, now, with_words, initiatives, objective = case
    codes = [f"AC1.{number}" for number in range(1, kpis + 1)]
    names = [f"方案第{number}號" for number in range(initiatives)]
    sheets: dict[str, list[Row]] = {
        "關鍵績效指標": [kpi("甲（單位：件）", code) for code in codes],
        "年度資料": [figure("甲", [1, 2, now])],
        "行動方案": [{"策略目標": objective, "名稱": name} for name in names],
    }
    if with_words:
        sheets["執行說明"] = [
            {"KPI代碼": code, "年度": 105, "執行情形": f"說明{code}。"} for code in codes
        ]
    source = tmp_path / "105-12-25.xlsx"
    given = rows(**sheets)
    process: Row = {"代碼": "P", "計分卡名稱": "流程構面", "計分卡順序": 2, "策略地圖順序": 2}
    given["構面"] = [*given["構面"], {**given["構面"][0], **process}]
    given["策略目標"] = [
        *given["策略目標"],
        {"代碼": "AP1", "構面": "P", "主題": "A", "名稱": "流程"},
    ]
    write_rows(given, source, modified=teachers_center.REVISED, years=YEARS)
    options = ["--document", "review", "--format", "html", "--lang", "zh-TW"]
    assert main(["build", str(source), "-o", str(tmp_path), *options]) == 0
    (made,) = tmp_path.rglob("*.html")
    page = made.read_text("utf-8")
    text = squeeze(re.sub(r"<[^>]+>", "", page))
    assert [name for name in names if text.count(name) != 1] == []
    assert f"{'顧客' if objective == 'AC1' else '流程'}構面：行動方案" in text
    assert [code for code in codes if text.count(f"說明{code}。") != with_words] == []
    # Once in the results, and once among those that are better or worse than the year before.
    assert [code for code in codes if page.count(f'<td data-kpi="{code}"') != 2] == []
