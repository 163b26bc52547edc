"""No workbook that the program writes holds a formula but its own, whatever an agency typed."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

import reportgen.workbook
from reportgen.compute import compute
from reportgen.rollup import ExpectedAgency, Submission, roll_up
from reportgen.workbook import read_bytes
from reportgen.workbook.annotate import annotate_in_process
from reportgen.workbook.export import results_xlsx, rollup_xlsx
from reportgen.workbook.export.results_xlsx import write_results
from reportgen.workbook.export.rollup_xlsx import write_rollup
from reportgen.workbook.schema.sheets import CALCULATION_SHEET
from reportgen.workbook.writing.new_edition import PreviousEdition, next_edition, same_edition
from reportgen.workbook.writing.scorecard_rows import rows_by_sheet
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.bad.editing import RELATIONS
from tests.factories.samples import teachers_center

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reportgen.model.scorecard import Scorecard
    from reportgen.workbook.writing.scorecard_rows import Content, Rows

HOSTILE = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org","x")',
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "{=1+1}",
    "=_x0041_",
    "#N/A",
    "\"&cmd|' /C calc'!A0&\"",
)
# What must be one of few words, or a date or a number, or nothing is read at all.
SOUND = {"封面日期", "修表日期", "資料年度", "資料狀態", "每頁目標數"}
TYPED = [
    *("基本資料", "構面", "策略主題", "策略目標", "關鍵績效指標", "年度資料", "目標值"),
    *("燈號", "勾稽規則", "經營核心價值", "修表紀錄"),
]
COLUMNS = {
    *("內容", "代碼", "構面", "主題", "策略目標", "KPI代碼", "名稱", "策略地圖名稱"),
    *("計分卡名稱", "計算公式及計量單位", "承辦單位", "資料項", "組成", "單位", "資料來源"),
    *("備註", "依據", "燈號", "規則", "說明", "項目", "修正說明"),
}
# Functions, names and sheets of the formulas in 試算; a text in quotes is no part of them.
OWN = re.compile(
    r"(?:'?[\w・]+'?!)?\$?[A-Z]{1,3}\$?\d+|[A-Z]+(?=\()|TRUE|FALSE|資料年度|清單_\w+"
    r"|\d+(?:\.\d+)?(?:E[+-]?\d+)?|[-+*/^&=<>(),:;% ]|\"\"|#(?:N/A|VALUE!|DIV/0!)"
)


def changed(rows: Rows, text: str, where: Collection[tuple[str, str]]) -> Rows:
    """The rows with a text before what stands in some columns, references and all."""

    def content(sheet: str, item: object, column: str | int, held: Content) -> Content:
        is_fixed = sheet == "基本資料" and (item in SOUND or column != "內容")
        if is_fixed or not isinstance(held, str) or (sheet, column) not in where:
            return held
        return f"{text}{held}"

    return {
        sheet: [
            {column: content(sheet, row.get("項目"), column, held) for column, held in row.items()}
            for row in listed
        ]
        for sheet, listed in rows.items()
    }


def workbooks(card: Scorecard, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every kind of workbook that is made of an edition."""
    results, problems = compute(card)
    target = BytesIO()
    write_results(results, target)
    yield "results", target.getvalue()
    handed = Submission(
        workbook=f"{card.agency.text[:9]}.xlsx", results=results, problems=tuple(problems)
    )
    rolled, _ = roll_up([handed], [ExpectedAgency(agency=card.agency.text, parent="=1+1")])
    target = BytesIO()
    write_rollup(rolled, target)
    yield "roll-up", target.getvalue()
    old = PreviousEdition(card, rows_by_sheet(card), ())
    yield "refreshed", same_edition(old).to_bytes()
    yield "next", next_edition(old, card.revised, card.data_year + 1).to_bytes()
    marked, _ = annotate_in_process(content, problems, "zh-TW", file="=1+1.xlsx")
    assert marked is not None
    yield "annotated", marked


def open_documents(card: Scorecard) -> Iterator[bytes]:
    """The figures of results and roll-up as .ods, and a marked copy of one of them."""
    results, problems = compute(card)
    yield results_xlsx.results_as_ods(results)
    handed = Submission(workbook="=1+1.ods", results=results, problems=tuple(problems))
    rolled, _ = roll_up([handed], [ExpectedAgency(agency=card.agency.text, parent="=1+1")])
    made = rollup_xlsx.rollup_as_ods(rolled)
    yield made
    marked, _ = annotate_in_process(made, problems, "zh-TW", file="=1+1.ods")
    assert marked is not None
    yield marked


def formulas(content: bytes) -> Iterator[tuple[str, str]]:
    """Each formula of a workbook's cells and names with its sheet."""
    with ZipFile(BytesIO(content)) as package:
        book = etree.fromstring(package.read("xl/workbook.xml"))
        relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        targets = {str(each.get("Id")): str(each.get("Target")) for each in relations}
        yield from (("", str(each.text)) for each in book.iter("{*}definedName"))
        for sheet in book.iter("{*}sheet"):
            path = targets[str(sheet.get(f"{{{RELATIONS}}}id"))].removeprefix("/xl/")
            page = etree.fromstring(package.read(f"xl/{path}"))
            for kind in ("f", "formula", "formula1", "formula2"):
                for each in page.iter(f"{{*}}{kind}"):
                    yield str(sheet.get("name")) if kind == "f" else "", str(each.text)


def is_own(formula: str) -> bool:
    outside = re.sub(r'"(?:[^"]|"")*"', '""', formula)
    return re.sub(OWN, "", outside) == ""


def test_what_is_own_and_what_is_not() -> None:
    assert is_own('IF(年度資料!F5="","（待填）",年度資料!F5*100)')
    assert not is_own("cmd|' /C calc'!A0")
    assert not is_own('IF(1,""&cmd|\' /C calc\'!A0,"")')


@pytest.mark.slow
@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.sampled_from(HOSTILE), st.sets(st.sampled_from(sorted(COLUMNS)), min_size=3))
def test_whatever_is_typed_only_own_formulas_are_written(text: str, columns: set[str]) -> None:
    where = {(sheet, column) for sheet in TYPED for column in columns}
    rows = changed(teachers_center.rows(), text, where)
    target = BytesIO()
    write_rows(rows, target, modified=teachers_center.REVISED)
    content = target.getvalue()
    card, _ = read_bytes(content)
    assert card is not None
    for kind, made in (("new", content), *workbooks(card, content)):
        for sheet, formula in formulas(made):
            assert sheet in {"", CALCULATION_SHEET}, (kind, sheet, formula)
            assert not sheet or is_own(formula), (kind, formula)
            assert "cmd|" not in re.sub(r'"(?:[^"]|"")*"', "", formula), (kind, formula)
    for made in open_documents(card):
        with ZipFile(BytesIO(made)) as package:
            root = etree.fromstring(package.read("content.xml"))
        assert [each for each in root.iter() if "formula" in "".join(map(str, each.attrib))] == []


def test_cells_are_filled_in_one_place() -> None:
    """``cell.value = text`` and ``page.cell(1, 1, text)`` would make a formula of ``=…``."""
    folder = Path(reportgen.workbook.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        if path.name == "cell_writer.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                assert node.attr not in {"value", "data_type"}, (path.name, node.lineno)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                fills = node.func.attr == "cell" and getattr(node.func.value, "id", "") == "page"
                assert not (fills and len(node.args) > 2), (path.name, node.lineno)
