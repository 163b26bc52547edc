"""The table of changes on paper: PDF and Word agree, on a real case and on forty changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.pipeline import Settings, WrittenBuild, compare_editions, compare_workbooks
from reportgen.render.fonts.font_set import font_folders
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.conftest import ROOT
from tests.end_to_end.test_second_agency import count_pages
from tests.factories.samples import second_agency, workbook
from tests.readers import looks, pdf, squeeze, word
from tests.readers.libreoffice import to_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.workbook.writing.scorecard_rows import Rows

pytestmark = pytest.mark.slow


def revised() -> Rows:
    """The second agency's rows with forty changes: 20 KPIs, 10 targets, 10 figures."""
    rows = second_agency.rows()
    kpis = [
        {**row, "名稱": f"{row['名稱']}（含委外）"} if number % 2 else row
        for number, row in enumerate(rows["關鍵績效指標"])
    ]
    plain = [n for n, row in enumerate(rows["目標值"]) if str(row.get(111, "")).isdigit()][:10]
    targets = [
        {**row, 111: f"{row[111]}0"} if number in plain else row
        for number, row in enumerate(rows["目標值"])
    ]
    whole = [n for n, row in enumerate(rows["年度資料"]) if isinstance(row.get(108), int)][:10]
    figures = [
        {**row, 108: f"{row[108]}1"} if number in whole else row
        for number, row in enumerate(rows["年度資料"])
    ]
    basics = [
        {**row, "內容": "112-09-30" if row["項目"] == "修表日期" else row["內容"]}
        for row in rows["基本資料"]
    ]
    return {
        **rows,
        "關鍵績效指標": kpis,
        "目標值": targets,
        "年度資料": figures,
        "基本資料": basics,
    }


@pytest.fixture(scope="module")
def forty_changes(tmp_path_factory: pytest.TempPathFactory) -> WrittenBuild:
    folder = tmp_path_factory.mktemp("compared")
    old, new = folder / "old.xlsx", folder / "new.xlsx"
    old.write_bytes(workbook(second_agency))
    write_rows(revised(), new, modified=second_agency.REVISED, years=second_agency.YEARS)
    settings = Settings(output=folder, working_folder=ROOT, font_folders=font_folders())
    with pytest.MonkeyPatch.context() as patch:  # nobody looks at the scorecard here
        patch.setattr(compare_editions, "_track_changes", lambda *given: ({}, ()))
        return compare_workbooks(old, new, settings)


@pytest.fixture(params=["teachers_changes", "forty_changes"])
def compared(request: pytest.FixtureRequest) -> WrittenBuild:
    built: WrittenBuild = request.getfixturevalue(request.param)
    return built


def file(built: WrittenBuild, ending: str) -> Path:
    (path,) = (each.path for each in built.files if each.path.name.endswith(ending))
    return path


def told(built: WrittenBuild) -> dict[str, Any]:
    (path,) = (each.path for each in built.files if each.path.suffix == ".json")
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def documents(built: WrittenBuild) -> tuple[Path, Path]:
    (paper,) = (each.path for each in built.files if each.path.suffix == ".pdf")
    return paper, paper.with_suffix(".docx")


def test_pdf_and_word_say_the_same(compared: WrittenBuild, tmp_path: Path) -> None:
    paper, document = documents(compared)
    ours, words = pdf.read_pages(paper), word.read_pages(document)
    assert [page.text for page in words] == [page.text for page in ours]
    laid_out = to_pdf(document, tmp_path)
    assert count_pages(laid_out) == len(ours)
    assert looks.objections(laid_out) == []


def test_nothing_stands_badly_on_paper(compared: WrittenBuild) -> None:
    assert looks.objections(documents(compared)[0]) == []


def test_every_change_of_the_json_is_printed(compared: WrittenBuild) -> None:
    text = "".join(page.text for page in pdf.read_pages(documents(compared)[0]))
    changes = told(compared)["changes"]
    assert len(changes) in (21, 40)
    for change in changes:
        for line in change["lines"]:
            for side in (line["old"], line["new"]):
                if side and line["label"] not in ("方向", "小數位數"):
                    assert squeeze(side["text"]) in text


def test_words_that_differ_are_underlined_on_both_sides(compared: WrittenBuild) -> None:
    from zipfile import ZipFile

    from lxml import etree

    main = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with ZipFile(documents(compared)[1]) as opened:
        root: Any = etree.fromstring(opened.read("word/document.xml"))
    lined = [
        "".join(run.itertext())
        for run in root.iter(f"{main}r")
        if run.find(f".//{main}u") is not None
    ]
    wanted = {21: {"+應付未付數", "BP3.1", "BP2.1", "60", "61"}, 40: {"（含委外）"}}
    assert wanted[len(told(compared)["changes"])] <= set(lined)
