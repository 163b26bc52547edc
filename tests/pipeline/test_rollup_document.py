"""彙整.xlsx and the document 彙整: the figures of results.json, PDF and Word alike."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import openpyxl
import pytest

from reportgen.compute import compute
from reportgen.exports.results_json import results_json
from reportgen.model.scorecard import CellRef, Commentary, Text
from reportgen.pipeline import Settings
from reportgen.pipeline.rollup_document import preload_rollup, render_rollup
from reportgen.problems import Location, make_problem
from reportgen.processes import sandbox
from reportgen.render.fonts.font_set import font_folders
from reportgen.rollup import ExpectedAgency, KpiStatus, Submission, roll_up
from reportgen.views.figure_texts import print_figure
from reportgen.views.rollup import rollup_view
from reportgen.views.rollup.missed_view import missed_kpis
from reportgen.workbook.export.rollup_xlsx import write_rollup
from tests.conftest import ROOT
from tests.end_to_end.test_second_agency import count_pages
from tests.factories import scorecards
from tests.factories.rollups import city, handed
from tests.readers import looks, pdf, squeeze, word
from tests.readers.libreoffice import to_pdf
from tests.validators import OPEN_XML_SDK, needs
from tests.validators.office import audit_findings, sdk_findings
from tests.validators.pdf import page_findings

if TYPE_CHECKING:
    from reportgen.render.document import RenderJob
    from reportgen.rollup import RollUp
    from tests.conftest import Shared

pytestmark = pytest.mark.slow

BLANK = make_problem(
    "E102", Location(sheet="年度資料", cell="E5"), year=105, item="當年度優質學校申請校數"
)


def with_words(submission: Submission) -> Submission:
    """An agency's submission with a reason for each of its KPIs, and measures for all but one."""
    assert submission.results is not None
    card = submission.results.scorecard
    at = CellRef(sheet="執行說明", cell="C5")
    blank = Text(text="", at=at)
    words = Text(text="一、實績值為 {%s}。\n二、人力不足，\n　　未能全數辦理。", at=at)
    commentaries = tuple(
        Commentary(
            kpi=kpi.code,
            year=card.data_year,
            progress=blank,
            shortfall_reason=replace(words, text=words.text % kpi.code),
            measures=replace(words, text="按月列管。") if number else blank,
            target_reason=blank,
            at=at,
        )
        for number, kpi in enumerate(card.kpis)
    )
    results, problems = compute(replace(card, commentaries=commentaries))
    return replace(submission, results=results, problems=problems)


def collection() -> RollUp:
    """Three of the city with words, one that cannot be made, one missing, a chain of three."""
    refused = Submission(
        workbook="送件/壞 檔#1.xlsx",
        results=None,
        problems=(BLANK,),
        annotated="檢查/壞 檔#1_檢查.xlsx",
        agency="澄海縣海岸資源管理處",
    )
    above = handed("澄海縣政府", goals=("E1", "E2"), year=112)
    below = handed("澄海縣政府文化局", None, parent="澄海縣政府", serves=("E2", "E9"), year=112)
    last = handed("=澄海縣圖書館", 7, parent="澄海縣政府文化局", serves=("AC1",), year=112)
    made = (*map(with_words, city(3)), refused, above, below, last)
    names = [each.results.scorecard.agency.text for each in made if each.results]
    roster = [ExpectedAgency(agency=name) for name in (*names, refused.agency, "澄海縣政府人事處")]
    return roll_up(made, roster)[0]


def settings(**given: Any) -> Settings:
    return Settings(
        output=Path("unused"), working_folder=ROOT, font_folders=font_folders(), **given
    )


@pytest.mark.parametrize(("cores", "parallel_docx"), [(1, False), (2, True)])
def test_word_is_made_beside_the_pdf_where_there_is_a_core_for_it(
    rolled: RollUp, monkeypatch: pytest.MonkeyPatch, cores: int, parallel_docx: bool
) -> None:
    jobs: list[RenderJob] = []

    def begin(job: RenderJob, fonts: object) -> None:
        jobs.append(job)
        raise KeyboardInterrupt

    monkeypatch.setattr("reportgen.pipeline.rollup_document.start_rendering", begin)
    with pytest.raises(KeyboardInterrupt):
        render_rollup(rolled, settings(cores=cores))
    assert [each.parallel_docx for each in jobs] == [parallel_docx]


@pytest.mark.parametrize("own", [False, True])
def test_only_the_programs_own_template_is_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    """Another one may do anything, and nothing bounds it there."""
    shutil.copytree(ROOT / "templates/rollup", tmp_path / "rollup")
    if not own:
        (tmp_path / "rollup/style.css").write_text("p { color: red }", "utf-8")
    prepared: list[Path] = []
    prepare = "reportgen.pipeline.rollup_document.precompile"
    monkeypatch.setattr(prepare, lambda template: prepared.append(template.folder))
    preload_rollup(settings(templates=tmp_path))
    assert prepared == [tmp_path / "rollup"] * own


@pytest.fixture(scope="module")
def rolled() -> RollUp:
    return collection()


@pytest.fixture(scope="session")
def folder(shared: Shared) -> Path:
    """A folder with the files of the collection."""

    def write(folder: Path) -> Path:
        files, problems = render_rollup(collection(), settings())
        assert [each.line() for each in problems] == []
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder

    made: Path = shared("rollup", write)
    return made


@cache
def book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "彙整.xlsx")


def sheet(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings, cells as openpyxl reads them."""
    head, *rows = book(folder)[name].iter_rows()
    headings = [str(cell.value) for cell in head]
    assert len(set(headings)) == len(headings)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def values(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name].value for name in names) for row in rows]


# --- the workbook -------------------------------------------------------------------


def test_every_sheet_is_a_plain_table(folder: Path) -> None:
    made = book(folder)
    assert made.sheetnames == ["收件情形", "KPI明細", "構面", "未達成", "排名", "目標層級", "問題"]
    for page in made.worksheets:
        assert not page.merged_cells.ranges
        assert page.auto_filter.ref == page.dimensions
        assert str(page.freeze_panes).endswith("2")
        assert page.max_row > 1
        assert all(cell.value for cell in page[1])


def test_every_kpi_and_year_is_that_of_results_json(folder: Path, rolled: RollUp) -> None:
    rows = iter(sheet(folder, "KPI明細"))
    count = 0
    for agency in rolled.counted:
        assert agency.results is not None
        told = json.loads(results_json(agency.results))
        for kpi in told["kpis"]:
            for year in kpi["years"]:
                row = next(rows)
                assert [row[n].value for n in ("機關", "KPI代碼", "年度")] == [
                    told["agency"],
                    kpi["code"],
                    year["year"],
                ]
                assert (row["實績值"].value, row["達成情形"].value) == (
                    year["printed"],
                    year["verdict"],
                )
                equal(row["實績數值"], year["actual"])
                equal(row["達成率"], year["rate"])
                goal = year["target"]
                assert row["目標值"].value == (
                    goal["shown"]
                    if goal
                    else f"≥{year['threshold']['shown']}"
                    if year["threshold"]
                    else None
                )
                cells = [f"「{c['sheet']}」{c['cell']}" for i in year["inputs"] for c in i["cells"]]
                evidence = row["佐證儲存格"].value or ""
                assert [each for each in cells if each not in evidence] == []
                count += 1
    assert next(rows, None) is None
    assert count > 200


def equal(cell: Any, told: dict[str, Any] | None) -> None:
    """A number cell against a figure of results.json: unrounded, its format rounds it."""
    if told is None or told["exact"] is None:
        assert cell.value is None
        return
    assert cell.value == pytest.approx(float(Fraction(told["exact"])), rel=1e-15)
    places = len(told["shown"].rstrip("%").partition(".")[2])
    assert cell.number_format.rstrip("%").partition(".")[2] == "0" * places
    assert cell.number_format.endswith("%") == told["shown"].endswith("%")


@pytest.mark.parametrize(
    ("formula", "target", "shown", "value", "number_format"),
    [
        ("甲/乙×1000‰（單位：‰）", "8.5", "8.5‰", 8.5, '#,##0.0"‰"'),
        ("甲/乙×100%（單位：%）", "90以上", "≥90%", 0.9, "0%"),
        ("甲/乙（單位：千分比）", "8.5", "8.5", 8.5, "#,##0.0"),
        ("甲/乙×100", "50%", "50%", 50, "#,##0"),  # as the figure is shown: 60
        ("甲/乙", "50%", "50%", 0.5, "0%"),
        ("甲（單位：件）", "1.2萬件", "12,000", 12000, "#,##0"),
    ],
)
def test_a_target_is_a_number_in_the_terms_in_which_it_is_shown(
    formula: str, target: str, shown: str, value: float, number_format: str
) -> None:
    card = scorecards.read(
        關鍵績效指標=[scorecards.kpi(formula)],
        年度資料=[scorecards.figure("甲", [12]), scorecards.figure("乙", [20])],
        目標值=[scorecards.goal(target)],
    )
    results, problems = compute(card)
    made = Submission(workbook="a.xlsx", results=results, problems=problems)
    written = BytesIO()
    write_rollup(roll_up([made], [ExpectedAgency(agency=card.agency.text)])[0], written)
    details = openpyxl.load_workbook(written)["KPI明細"]
    headings = next(row for row in details.iter_rows() if row[0].value == "機關")
    row = dict(zip((each.value for each in headings), details[details.max_row], strict=True))
    assert row["目標值"].value == shown
    assert (row["目標數值"].value, row["目標數值"].number_format) == (value, number_format)


def test_who_handed_in_what(folder: Path) -> None:
    rows = sheet(folder, "收件情形")
    stands = {row["機關"].value: row["收件情形"].value for row in rows}
    assert stands["澄海縣海岸資源管理處"] == "待補正"
    assert stands["澄海縣政府人事處"] == "未交"
    (refused,) = (row for row in rows if row["收件情形"].value == "待補正")
    assert (refused["採計"].value, refused["錯誤"].value, refused["KPI數"].value) == ("否", 1, None)
    links = {name: unquote(refused[name].hyperlink.target) for name in ("活頁簿", "檢查結果")}
    assert links == {"活頁簿": "送件/壞 檔#1.xlsx", "檢查結果": "檢查/壞 檔#1_檢查.xlsx"}
    assert "#" not in refused["活頁簿"].hyperlink.target  # it would be taken for a place within
    first = rows[0]
    assert first["PDF"].value.endswith("_執行成果.pdf")
    assert first["其他文件"].hyperlink.target.endswith(".docx")


def test_text_stays_text(folder: Path) -> None:
    (row, *_) = (r for r in sheet(folder, "KPI明細") if str(r["機關"].value).startswith("="))
    assert (row["機關"].data_type, row["KPI代碼"].data_type) == ("s", "s")
    assert row["KPI代碼"].number_format == "@"


def test_counts_of_perspectives_are_those_of_the_agencies(folder: Path, rolled: RollUp) -> None:
    names = ("KPI數", "達成", "未達成", "無數字", "未訂目標")
    of_groups = values(sheet(folder, "構面"), *names)
    of_agencies = [each for each in values(sheet(folder, "收件情形"), *names) if each[0]]
    totals = [sum(column) for column in zip(*of_groups, strict=True)]
    assert totals == [sum(column) for column in zip(*of_agencies, strict=True)]
    tally = rolled.tally
    assert totals == [tally.total, tally.met, tally.missed, tally.no_figure, tally.no_target]


def test_missed_kpis_have_their_words(folder: Path, rolled: RollUp) -> None:
    """In the workbook and in the document, with the figures as the tables print them."""
    rows = sheet(folder, "未達成")
    missed = [standing for standing in rolled.standings if standing.status is KpiStatus.MISSED]
    assert len(rows) == len(missed) > 1
    text = "".join(page.text for page in pdf.read_pages(folder / "彙整.pdf"))
    for row, standing in zip(rows, missed, strict=True):
        assert standing.now is not None
        figure = print_figure(standing.now.printed)
        assert standing.agency.card is not None
        reason = f"一、實績值為 {figure}。\n二、人力不足，\n　　未能全數辦理。"
        reason = reason if standing.agency.card.commentaries else "（待填）"
        written = row["未達成原因"].value or "（待填）"
        assert (row["KPI代碼"].value, written) == (standing.result.kpi.code, reason)
        assert squeeze(reason) in squeeze(text)


def test_what_has_no_figure_has_no_rank(folder: Path) -> None:
    rows = sheet(folder, "排名")
    ranked = [row for row in rows if row["名次"].value is not None]
    assert ranked
    assert all(row["實績數值"].value is not None for row in ranked)
    without = [row for row in rows if row["名次"].value is None]
    assert without
    assert all(row["實績數值"].value is None and row["實績值"].value for row in without)


def test_what_serves_what(folder: Path, rolled: RollUp) -> None:
    rows = values(sheet(folder, "目標層級"), "上級機關", "上級目標代碼", "下級機關", "目標代碼")
    assert [row for row in rows if row[0] == "澄海縣政府"] == [
        ("澄海縣政府", "E1", None, None),
        ("澄海縣政府", "E2", "澄海縣政府文化局", "AC1"),
    ]
    served = [goal for each in rolled.cascades for goal in each.objectives]
    assert len(rows) == sum(max(1, len(goal.served_by)) for goal in served)


def test_every_problem_is_listed(folder: Path) -> None:
    rows = values(sheet(folder, "問題"), "機關", "代碼", "工作表", "儲存格")
    assert ("澄海縣海岸資源管理處", "E102", "年度資料", "E5") in rows
    assert ("澄海縣政府文化局", "W242", "策略目標", "E5") in rows


def test_the_same_collection_gives_the_same_bytes(folder: Path, rolled: RollUp) -> None:
    target = BytesIO()
    write_rollup(rolled, target, missed_kpis(rolled))
    assert target.getvalue() == (folder / "彙整.xlsx").read_bytes()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="made one after the other without fork")
def test_the_workbook_may_be_made_while_the_pages_are_laid_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: sandbox.StartMethod.FORK)
    files, problems = render_rollup(collection(), settings())
    assert problems == ()
    assert files == {name: (folder / name).read_bytes() for name in files}
    assert len(files) > 2


# --- the document -------------------------------------------------------------------


def test_pdf_and_word_say_the_same(folder: Path, tmp_path: Path) -> None:
    ours, words = pdf.read_pages(folder / "彙整.pdf"), word.read_pages(folder / "彙整.docx")
    assert [page.text for page in words] == [page.text for page in ours]
    laid_out = to_pdf(folder / "彙整.docx", tmp_path)
    assert count_pages(laid_out) == len(ours)
    assert looks.objections(laid_out) == []
    assert looks.objections(folder / "彙整.pdf") == []


def test_the_document_says_what_the_roll_up_knows(folder: Path, rolled: RollUp) -> None:
    text = "".join(page.text for page in pdf.read_pages(folder / "彙整.pdf"))
    for agency in rolled.agencies:
        assert squeeze(agency.name) in text
    tally = rolled.tally
    counts = (
        f"達成{tally.met}、未達成{tally.missed}、無數字{tally.no_figure}、未訂目標{tally.no_target}"
    )
    assert counts in text
    assert squeeze(f"「年度資料」E5 {BLANK.message()}") in text
    for ranking in rolled.rankings:
        assert squeeze(ranking.name) in text
    for cascade in rolled.cascades:
        for served in cascade.objectives:
            for _, goal in served.served_by:
                assert squeeze(f"{goal.code} {goal.name}") in text


def told(rolled: RollUp) -> dict[str, dict[str, Any]]:
    """The results.json of each agency that counts, and of each KPI the year rolled up as "now"."""
    found = {}
    for agency in rolled.counted:
        assert agency.results is not None
        found[agency.name] = json.loads(results_json(agency.results))
        for kpi in found[agency.name]["kpis"]:
            kpi["now"] = next((e for e in kpi["years"] if e["year"] == rolled.year), None)
    return found


def tables(folder: Path, *head: str) -> list[list[str]]:
    """The rows below these first column headings, by their cells that are not blank."""
    return [
        [cell.text for cell in row if cell.text]
        for page in pdf.read_pages(folder / "彙整.pdf")
        for table in page.tables
        if tuple(cell.text for cell in table[0][: len(head)]) == head
        for row in table[1:]
    ]


def printed_signs(text: str) -> str:
    """The text with U+2212, as print has it; results.json keeps the hyphen."""
    return re.sub(r"-(?=\d)", "−", text)


def kpi_row(kpi: dict[str, Any]) -> list[str]:
    """What the table of a perspective prints of a KPI, by results.json."""
    now = kpi["now"] or {"printed": "無此年度", "rate": None, "verdict": "", "light": ""}
    goal = now.get("target") or now.get("threshold") or {"shown": ""}
    threshold = "≥" if now.get("threshold") and not now.get("target") else ""
    cells = (
        f"{kpi['code']} {kpi['name']}",
        kpi["unit"],
        printed_signs(threshold + goal["shown"]),
        printed_signs(now["printed"]),
        now["rate"]["shown"] if now["rate"] else "",
        (now["verdict"] or "") + (now["light"] or ""),
    )
    return [squeeze(cell) for cell in cells if cell]


def test_kpis_of_the_document_are_those_of_results_json(folder: Path, rolled: RollUp) -> None:
    expected = {
        squeeze(name): [kpi_row(kpi) for kpi in each["kpis"]] for name, each in told(rolled).items()
    }
    agency, count = "", 0
    for row in tables(folder, "機關", "KPI", "單位"):
        found = max((name for name in expected if row[0].startswith(name)), key=len, default=None)
        agency, cells = (found, row[1:]) if found else (agency, row)
        expected[agency].remove(cells)  # raises ValueError for one that is not told, or told twice
        count += 1
    assert count > 60


def stands(kpis: list[dict[str, Any]]) -> list[int]:
    """達成, 未達成, 無數字 and 未訂目標 of some KPIs, by results.json."""
    found = []
    for kpi in kpis:
        now = kpi["now"]
        if now and now["verdict"]:
            found.append(now["verdict"])
        else:
            known = now and now["actual"]["exact"] is not None
            found.append("未訂目標" if known else "無數字")
    return [found.count(each) for each in ("達成", "未達成", "無數字", "未訂目標")]


def test_counts_are_those_of_results_json(folder: Path, rolled: RollUp) -> None:
    counts = {name: stands(each["kpis"]) for name, each in told(rolled).items()}
    used = [row for row in sheet(folder, "收件情形") if row["採計"].value == "是"]
    in_sheet = values(used, "機關", "達成", "未達成", "無數字", "未訂目標")
    assert {name: list(numbers) for name, *numbers in in_sheet} == counts
    for name, share in values(used, "機關", "達成比率"):
        met, missed, *_ = counts[name]
        assert share == (pytest.approx(met / (met + missed)) if met + missed else None)
    for row in tables(folder, "機關", "版次"):
        (name,) = (each for each in counts if row[0] == squeeze(each))
        met, missed, *_ = counts[name]
        assert f"{met}/{met + missed}" in row if met + missed else "－" in row
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    (whole,) = (row for row in tables(folder, "構面", "機關") if row[0] == "全部")
    numbers = [len(counts), sum(total), *total]
    assert whole[1:8] == [*map(str, numbers), f"{100 * total[0] / (total[0] + total[1]):.1f}%"]


def test_ranks_are_those_of_results_json(folder: Path, rolled: RollUp) -> None:
    shared: dict[tuple[str, ...], list[tuple[Fraction | None, str, str]]] = {}
    for name, each in told(rolled).items():
        for kpi in each["kpis"]:
            now = kpi["now"] or {"actual": {"exact": None}, "printed": "無此年度"}
            exact = now["actual"]["exact"]
            key = kpi["name"], kpi["unit"], kpi["direction"]
            figure = None if exact is None else Fraction(exact)
            shared.setdefault(key, []).append((figure, name, now["printed"]))
    expected = set()
    for (kpi, unit, direction), members in shared.items():
        if len({name for _, name, _ in members}) < 3:
            continue
        known = [each[0] for each in members if each[0] is not None]
        for figure, name, printed in members:
            better = [
                e
                for e in known
                if figure is not None and (e > figure if direction == "越高越好" else e < figure)
            ]
            rank = None if figure is None else 1 + len(better)
            expected.add((kpi, unit, rank, name, printed))
    rows = values(sheet(folder, "排名"), "KPI名稱", "單位", "名次", "機關", "實績值")
    assert set(rows) == expected
    assert len(rows) == len(expected) > 10
    places = {(str(rank), squeeze(name), squeeze(shown)) for _, _, rank, name, shown in rows}
    found = []
    for row in tables(folder, "KPI", "名次"):
        cells = row if row[0].isdecimal() else row[1:]
        for place, name, shown in zip(cells[::3], cells[1::3], cells[2::3], strict=False):
            found.append((place, name.removesuffix("草稿").removesuffix("範例"), shown))
    assert set(found) <= places
    assert len(found) == sum(rank is not None for _, _, rank, *_ in rows)


def test_the_document_names_sheets_that_there_are(folder: Path) -> None:
    text = "".join(page.text for page in pdf.read_pages(folder / "彙整.pdf"))
    named = set(re.findall("「彙整.xlsx」的「(.+?)」", text))
    assert {"收件情形", "排名", "問題"} <= named <= set(book(folder).sheetnames)


def test_the_pdf_carries_the_workbook(folder: Path) -> None:
    from pypdf import PdfReader

    attached = PdfReader(folder / "彙整.pdf").attachments
    assert attached["彙整.xlsx"] == [(folder / "彙整.xlsx").read_bytes()]


def test_other_programs_find_the_files_sound(folder: Path) -> None:
    assert page_findings(folder / "彙整.pdf") == []
    for name in ("彙整.docx", "彙整.xlsx"):
        assert audit_findings(folder / name) == []


@pytest.mark.validators
def test_open_xml_sdk_finds_nothing(folder: Path) -> None:
    needs(OPEN_XML_SDK)
    assert [*sdk_findings(folder / "彙整.xlsx"), *sdk_findings(folder / "彙整.docx")] == []


def test_a_collection_of_nothing_has_its_documents() -> None:
    rolled, _ = roll_up([], [ExpectedAgency(agency="甲")])
    files, problems = render_rollup(rolled, settings(formats=("pdf",)))
    assert list(files) == ["彙整.xlsx", "彙整.pdf"]
    assert problems == ()


def test_a_character_without_a_glyph_does_not_cost_the_document(tmp_path: Path) -> None:
    blank = make_problem(
        "E102", Location(sheet="年度資料", cell="E5"), year=105, item="人\ue123數\x07😀"
    )
    refused = Submission(
        workbook="\ue123😀.xlsx", results=None, problems=(blank,), agency="甲\ue123乙"
    )
    rolled, _ = roll_up([refused])
    files, problems = render_rollup(rolled, settings())
    assert problems == ()
    (tmp_path / "彙整.pdf").write_bytes(files["彙整.pdf"])
    text = "".join(page.text for page in pdf.read_pages(tmp_path / "彙整.pdf"))
    assert "甲〓乙" in text
    assert "105年「人〓數〓〓」" in text


def test_without_a_template_there_is_still_the_workbook(tmp_path: Path) -> None:
    rolled, _ = roll_up([handed("甲")])
    files, problems = render_rollup(rolled, settings(templates=tmp_path))
    assert list(files) == ["彙整.xlsx"]
    assert [each.code for each in problems] == ["E405"]


# --- hundreds -----------------------------------------------------------------------


def test_what_is_long_is_cut_to_what_matters_and_says_so() -> None:
    many = [handed(f"第{n:03}國民小學", n % 15, workbook=f"{n}.xlsx") for n in range(120)]
    view = rollup_view(roll_up(many)[0])
    (group,) = view.groups
    assert sum(len(each.rows) for each in group.agency_rows) == 25
    assert group.selected == "未達成 80 項中達成率最低的 25 項"
    (ranking,) = view.rankings
    assert (len(ranking.rows), ranking.left_out) == (10, 100)
    first, last = ranking.rows[0][0], ranking.rows[-1][1]
    assert first is not None
    assert last is not None
    assert (first.rank, last.rank) == (1, 113)  # eight share the last place
    assert len(view.agencies) == 120


def test_digests_are_left_to_the_workbook() -> None:
    damaged = make_problem(
        "E132", Location(file="甲.xlsx"), detail=f"BadZipFile; SHA-256 {'0' * 64}"
    )
    handed_in = Submission(workbook="甲.xlsx", results=None, problems=(damaged,), agency="甲")
    (row,) = rollup_view(roll_up([handed_in])[0]).refused
    assert row.first == ("檔案不完整或已損壞（BadZipFile）。",)


def test_many_links_are_told_by_number() -> None:
    above = handed("局", goals=("E1", "E2"), workbook="a.xlsx")
    one = handed("處", parent="局", workbook="b.xlsx")
    few = [handed(f"{n}所", parent="處", serves=("AC1",), workbook=f"{n}所") for n in range(2)]
    many = [handed(f"{n}館", parent="局", serves=("E2",), workbook=f"{n}館") for n in range(245)]
    view = rollup_view(roll_up([above, one, *few, *many])[0])
    assert view.condensed
    first, second = view.cascades
    assert (first.is_small, first.below, first.unserved, first.unlinked) == (False, 246, "E1", "處")
    (goal,) = first.goals
    assert [(each.agency, each.objective, each.kpis) for each in goal.rows] == [
        ("245 個機關", "245 項目標", "245/245")
    ]
    assert second.is_small
    (goal,) = second.goals
    assert (goal.objective, goal.rows[0].agency) == ("1 項中 1 項有下級對應", "0所、1所")
