"""``reportgen new``: blank workbooks, the next edition, and the same one made anew."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from reportgen.cli import main
from reportgen.compute import outliers
from reportgen.formula.excel_translation import MAX_FORMULA_CHARS
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import DataStatus, Missing, RocDate
from reportgen.problems import has_errors
from reportgen.workbook import read, read_bytes, rows_by_sheet
from reportgen.workbook.writing import plausibility_formatting
from reportgen.workbook.writing.live_formulas import calculation_sheet
from reportgen.workbook.writing.new_edition import (
    blank_edition,
    next_data_year,
    next_edition,
    previous_edition,
)
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.bad.editing import Book
from tests.factories.samples import scorecard, second_agency, teachers_center, workbook
from tests.factories.workbooks import changed, page, part, with_cells, with_parts
from tests.validators import OPEN_XML_SDK, needs
from tests.validators.office import audit_findings, sdk_findings

if TYPE_CHECKING:
    from openpyxl import Workbook

    from reportgen.model.scorecard import Scorecard
    from reportgen.workbook.writing.new_edition import PreviousEdition
    from reportgen.workbook.writing.scorecard_rows import Rows

FIRST, SECOND = "105-12-25", "112-06-30"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the first sample in inputs/."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    (tmp_path / "inputs").mkdir()
    (tmp_path / f"inputs/{FIRST}.xlsx").write_bytes(workbook(teachers_center))
    return tmp_path


def old_of(content: bytes) -> PreviousEdition:
    card, problems = read_bytes(content)
    assert card is not None, problems
    return previous_edition(card, content, problems)


def card_of(path: Path) -> Scorecard:
    card, problems = read(path)
    assert card is not None, problems
    assert not has_errors(problems), problems
    return card


# --- blank ---------------------------------------------------------------------------


def test_a_blank_workbook_is_called_by_its_date(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "106年3月29日"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == f"已產製 {Path('inputs/106-03-29.xlsx')}"
    assert "修表日期與封面日期 106-03-29、資料年度 106（年度欄 104、105、106）" in told.out
    assert told.err == ""
    book = load_workbook(folder / "inputs/106-03-29.xlsx")
    basics = {row[0]: row[1] for row in page(book, "基本資料").iter_rows(5, values_only=True)}
    assert basics["修表日期"] == basics["封面日期"] == "106-03-29"
    assert (basics["資料年度"], basics["資料狀態"]) == (106, "草稿")
    headings = [cell.value for cell in page(book, "年度資料")[4]]
    assert headings[3:6] == [104, 105, 106]
    assert str(page(book, "試算")["A3"].value).startswith("○ 還沒有 KPI 或年度欄")


def test_a_blank_workbook_lacks_nothing_but_contents(folder: Path) -> None:
    assert main(["new", "x.xlsx", "--revised", "106-03-29", "--year", "105"]) == 0
    problems = read(folder / "x.xlsx")[1]
    assert {problem.code for problem in problems} == {"E136", "E121"}


def test_without_a_date_it_is_todays(folder: Path) -> None:
    assert main(["new", "x.xlsx", "-q"]) == 0
    basics = page(load_workbook(folder / "x.xlsx"), "基本資料")
    assert basics["B8"].value == RocDate.from_date(date.today()).edition  # noqa: DTZ011


def test_the_first_years_have_no_year_before_them() -> None:
    assert blank_edition(RocDate(2, 1, 1), 2).years == (1, 2)


def test_kpis_without_any_year_are_written_without_a_preview() -> None:
    target = BytesIO()
    write_rows({"關鍵績效指標": [{"代碼": "AC1.1"}]}, target, modified=RocDate(106, 3, 29))
    sheet = page(load_workbook(target), "試算")
    assert str(sheet["A3"].value).startswith("○ 還沒有 KPI 或年度欄")
    assert sheet["A5"].value is None


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("", "計算公式空白。"),
        ("甲++", "✗ 無法試算"),
        ("沒有這個數（單位：件）", "查無此資料項"),
        ("+".join(["甲"] * 150) + "（單位：件）", ""),
        ("/".join(["(甲+甲-乙)"] * 40) + "（單位：件）", ""),
        ("甲÷(甲-" * 45 + "乙" + ")" * 45, "公式太長，Excel 放不下。"),
    ],
)
def test_a_formula_that_cannot_be_translated_says_why(formula: str, told: str) -> None:
    rows: Rows = {
        "關鍵績效指標": [{"代碼": "AC1.1", "計算公式及計量單位": formula}],
        "年度資料": [{"資料項": name, "單位": "件", 105: 1} for name in "甲乙"],
    }
    lines = calculation_sheet(rows, (105,)).lines
    assert told in lines[0].cells[-1]
    assert ("✗" in lines[0].cells[-2]) == bool(told)
    assert (len(lines) == 1) == bool(told)
    texts = [text for line in lines for text in line.cells]
    assert max(map(len, texts)) <= MAX_FORMULA_CHARS
    literals = [found for text in texts for found in re.findall(r'"((?:[^"]|"")*)"', text)]
    assert max(map(len, literals), default=0) <= 255  # what Excel takes of a text


# --- refusals ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        ((FIRST,), "E152", 3),
        ((f"inputs/{FIRST}.xlsx", "--from", FIRST), "E152", 3),
        (("2017-03-29",), "E123", 2),
        (("106-13-01",), "E109", 2),
        (("x.csv",), "E151", 2),
        (("somewhere/x",), "E151", 2),
        (("",), "E151", 2),
        (("inputs",), "E151", 2),
        (("長" * 90 + ".xlsx",), "E151", 2),
        (("x.xlsx", "--revised", "2017/3/29"), "E123", 2),
        (("x.xlsx", "--revised", "soon"), "E108", 2),
        (("x.xlsx", "--year", "2017"), "E150", 2),
        (("x.xlsx", "--year", "0"), "E150", 2),
        (("x.xlsx", "--from", "nothing"), "E302", 3),
        ((FIRST, "--refresh", "--year", "106"), "E154", 2),
        ((FIRST, "--refresh", "--year", "0"), "E154", 2),
        (("nothing", "--refresh"), "E302", 3),
    ],
)
def test_what_cannot_be_made_is_told(
    arguments: tuple[str, ...],
    code: str,
    exit_code: int,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(folder.rglob("*"))
    assert main(["new", *arguments]) == exit_code
    assert f"〔{code}〕" in capsys.readouterr().err
    assert main(["new", *arguments, "--json", "--lang", "en"]) == exit_code
    told = json.loads(capsys.readouterr().out)
    assert [problem["code"] for problem in told["problems"]] == [code]
    assert sorted(folder.rglob("*")) == before


def test_a_year_of_another_calendar_is_translated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new", "x.xlsx", "--year", "2017"])
    assert "西元 2017 年是 106。" in capsys.readouterr().err


def test_an_old_workbook_with_errors_is_not_begun_from(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = with_cells(("策略目標", "B5", "ZZ"), ("年度資料", "F6", "七場"))
    (folder / "old.xlsx").write_bytes(content)
    assert main(["new", "106-03-29", "--from", "old.xlsx"]) == 1
    told = capsys.readouterr().err
    assert "〔E107〕「策略目標」B5" in told
    assert "〔E111〕「年度資料」F6" in told
    assert "〔W110〕" not in told
    assert not (folder / "inputs/106-03-29.xlsx").exists()


def test_a_replaced_workbook_is_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / f"inputs/{FIRST}.xlsx").read_bytes()
    assert main(["new", FIRST, "--replace"]) == 0
    kept = list((folder / "inputs/備份").iterdir())
    assert [each.read_bytes() for each in kept] == [before]
    assert kept[0].name in capsys.readouterr().out


# --- the next edition ----------------------------------------------------------------


def test_the_next_edition_keeps_what_stays(folder: Path) -> None:
    assert main(["new", "106-03-29", "--from", FIRST]) == 0
    old, new = scorecard(teachers_center), card_of(folder / "inputs/106-03-29.xlsx")
    assert (new.revised, new.cover_date) == (RocDate(106, 3, 29), RocDate(106, 3, 29))
    assert (new.data_year, new.status) == (106, DataStatus.DRAFT)
    assert new.revisions == ()
    assert (new.mission.text, new.agency.text) == (old.mission.text, old.agency.text)
    for sheet in (
        "構面",
        "策略主題",
        "策略目標",
        "關鍵績效指標",
        "燈號",
        "勾稽規則",
        "經營核心價值",
    ):
        assert rows_by_sheet(new)[sheet] == rows_by_sheet(old)[sheet], sheet
    for before, after in zip(old.figures, new.figures, strict=True):
        assert [each.year for each in after.values] == [103, 104, 105, 106]
        assert [each.value for each in after.values[:3]] == [each.value for each in before.values]
        assert after.values[3].value == Missing(reason=MissingReason.BLANK)
    assert {(each.kpi, each.year, each.goal.text, each.basis.text) for each in new.targets} == {
        (each.kpi, each.year, each.goal.text, each.basis.text) for each in old.targets
    }


def test_every_kpi_has_a_row_for_its_next_target() -> None:
    content = with_cells(*(("目標值", f"{letter}6", None) for letter in "BCD"))
    edition = next_edition(old_of(content), RocDate(106, 3, 29), 106)
    rows = {row["KPI代碼"]: row for row in edition.rows["目標值"]}
    assert list(rows) == [kpi[0] for kpi in teachers_center.KPIS]
    assert rows["BC1.1"] == {"KPI代碼": "BC1.1", "依據": "範例"}


@pytest.mark.parametrize(
    ("before", "data_year", "revised", "expected"),
    [
        ((105, 12, 25), 105, (106, 3, 29), 106),
        ((105, 3, 1), 105, (105, 12, 25), 105),  # a revision within the year keeps it
        ((112, 6, 30), 111, (113, 6, 30), 112),  # figures are of the year before
        ((105, 12, 25), 105, (104, 1, 1), 104),
        ((998, 1, 1), 999, (999, 1, 1), 999),
    ],
)
def test_the_data_year_moves_on_with_the_revision(
    before: tuple[int, int, int], data_year: int, revised: tuple[int, int, int], expected: int
) -> None:
    card = replace(scorecard(teachers_center), revised=RocDate(*before), data_year=data_year)
    assert next_data_year(card, RocDate(*revised)) == expected


def test_a_revision_within_the_year_adds_no_column(folder: Path) -> None:
    assert main(["new", "y.xlsx", "--from", FIRST, "--revised", "105/12/31"]) == 0
    assert [each.year for each in card_of(folder / "y.xlsx").figures[0].values] == [103, 104, 105]
    assert main(["new", "z.xlsx", "--from", FIRST, "--revised", "105/12/31", "--year", "106"]) == 0
    assert card_of(folder / "z.xlsx").data_year == 106


def test_a_date_that_is_not_later_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "x.xlsx", "--from", FIRST, "--revised", FIRST]) == 0
    assert "〔W150〕" in capsys.readouterr().err


def test_pictures_lights_and_checks_go_along() -> None:
    old = old_of(workbook(second_agency))
    edition = next_edition(old, RocDate(113, 6, 30), 112)
    assert edition.years == (108, 110, 111, 112)
    card, problems = read_bytes(edition.to_bytes())
    assert card is not None
    assert not has_errors(problems)
    assert card.pictures == old.card.pictures
    assert len(card.lights) == len(old.card.lights) > 0
    assert len(card.cross_checks) == len(old.card.cross_checks) > 0
    assert old.not_carried_over == ()


def _with_own_contents(book: Workbook) -> None:
    book.create_sheet("工作備忘")["A1"] = "勿刪"
    data = page(book, "年度資料")
    data["J4"], data["J5"] = "電話", "1234"
    data["D5"].comment = Comment("請再確認", "承辦")


def test_what_cannot_go_along_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "old.xlsx").write_bytes(changed(_with_own_contents))
    assert main(["new", "106-03-29", "--from", "old.xlsx"]) == 0
    told = capsys.readouterr().err
    assert "〔W151〕「工作備忘」 工作表「工作備忘」沒有帶入新的活頁簿。" in told
    assert "〔W151〕「年度資料」J4 「電話」欄沒有帶入新的活頁簿。" in told
    assert "〔W151〕儲存格的註解沒有帶入新的活頁簿。" in told


def test_results_of_formulas_go_along_and_are_told() -> None:
    sheet = "xl/worksheets/sheet7.xml"
    xml = part(sheet)
    assert xml.count(b"<v>19</v>") == 1
    xml = xml.replace(b"<v>19</v>", b"<f>16+3</f><v>19</v>")
    old = old_of(with_parts({sheet: xml}))
    told = [(each.code, each.where.sheet, each.where.cell) for each in old.not_carried_over]
    assert told == [("W152", "年度資料", "F5")]
    assert next_edition(old, RocDate(106, 3, 29), 106).rows["年度資料"][0][105] == 19


def test_a_target_that_is_only_a_number_goes_along_as_text_and_is_no_result() -> None:
    book = Book()
    book.sheet("目標值").put("C5", "<f>90</f><v>90</v>")
    book.sheet("目標值").put("C6", "<f>80+10</f><v>90</v>")
    book.sheet("目標值").put("E7", "<f>90</f><v>90</v>")
    book.sheet("年度資料").put("F5", "<f>19</f><v>19</v>")
    old = old_of(book.content())
    told = {(each.where.sheet, each.where.cell): each.message() for each in old.not_carried_over}
    assert told.keys() == {("目標值", "C6"), ("年度資料", "F5")}
    assert "有 2 格是 Excel 公式" in told["目標值", "C6"]
    targets = next_edition(old, RocDate(106, 3, 29), 106).rows["目標值"]
    assert [row[104] for row in targets[:2]] == ["=90", "90"]
    assert targets[2]["依據"] == "90"


# --- the same edition made anew ------------------------------------------------------


@pytest.mark.slow
def test_making_anew_renews_the_preview_and_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / f"inputs/{FIRST}.xlsx"
    new_formula = "當年度辦理國際講座、研討會或國際交流次數×2（單位：次數）"
    path.write_bytes(with_cells(("關鍵績效指標", "D9", new_formula)))
    before = card_of(path)
    assert main(["new", FIRST, "--refresh"]) == 0
    assert card_of(path) == before
    texts = [cell.value for cell in page(load_workbook(path), "試算")["C"]]
    assert new_formula in texts
    assert "備份" in capsys.readouterr().out
    assert main(["new", FIRST, "--refresh"]) == 0
    assert "內容相同，未重寫" in capsys.readouterr().out


def test_making_anew_never_loses_own_contents(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / f"inputs/{FIRST}.xlsx"
    path.write_bytes(changed(_with_own_contents))
    before = path.read_bytes()
    assert main(["new", FIRST, "--refresh"]) == 1
    assert (
        "重做會失去活頁簿裡的工作表「工作備忘」、「電話」欄、儲存格的註解"
        in capsys.readouterr().err
    )
    assert path.read_bytes() == before


# --- nothing is lost -----------------------------------------------------------------

FIGURES = [None, 0, 12.5, -3, "-", "…", "--", "1,234", "12.5%", 1e15, "．５", 0.1]
GOALS = [None, "≥90%", "≤3", "12", "80~90", "-", 0.9]
BASES = ["府研字第 1 號", "=1+1", " 兩  空 ", "_x0041_", "#N/A", None, "第一行\n第二行"]


def test_every_content_reaches_the_next_edition() -> None:
    content = with_cells(
        *(("年度資料", f"E{row}", each) for row, each in enumerate(FIGURES, start=5)),
        *(("目標值", f"C{row}", each) for row, each in enumerate(GOALS, start=5)),
        *(("目標值", f"E{row}", each) for row, each in enumerate(BASES, start=5)),
        *(("關鍵績效指標", f"E{row}", places) for row, places in ((5, 0), (6, 3), (7, 10))),
    )
    old = old_of(content)
    new, problems = read_bytes(next_edition(old, RocDate(106, 3, 29), 106).to_bytes())
    assert new is not None
    assert not has_errors(problems)
    assert _kept(new) == _kept(old.card)


def _kept(card: Scorecard) -> object:
    return (
        [
            (each.item.text, each.unit.text, [v.value for v in each.values if v.year < 106])
            for each in card.figures
        ],
        [(each.kpi, each.year, each.goal.text, each.basis.text) for each in card.targets],
        [(each.code, each.places, each.formula.text) for each in card.kpis],
    )


# --- looks ---------------------------------------------------------------------------


def test_sheets_agree_with_the_check_on_jumps() -> None:
    assert (plausibility_formatting.OUTLIER_FACTOR, plausibility_formatting.MIN_OUTLIER_VALUE) == (
        outliers.OUTLIER_FACTOR,
        outliers.MIN_OUTLIER_VALUE,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("made")
    old = old_of(workbook(second_agency))
    editions = {
        "blank": blank_edition(RocDate(106, 3, 29), 106),
        "next": next_edition(old, RocDate(113, 6, 30), 112),
    }
    files = [folder / f"{name}.xlsx" for name in editions]
    for file, edition in zip(files, editions.values(), strict=True):
        file.write_bytes(edition.to_bytes())
    return files


@pytest.mark.slow
def test_the_file_is_sound(made: list[Path]) -> None:
    assert [line for file in made for line in audit_findings(file)] == []


@pytest.mark.validators
def test_open_xml_sdk_finds_nothing(made: list[Path]) -> None:
    needs(OPEN_XML_SDK)
    assert [line for file in made for line in sdk_findings(file)] == []


def test_titles_are_protected_without_a_password_and_inputs_are_open(made: list[Path]) -> None:
    book = load_workbook(made[1])
    for name in book.sheetnames:
        protection = page(book, name).protection
        assert protection.sheet, name
        assert protection.password is None, name
    data = page(book, "年度資料")
    assert data["A4"].protection.locked
    assert not data["A5"].protection.locked
    assert not data.column_dimensions["D"].protection.locked
    sheet = page(book, "試算")
    assert all(cell.protection.locked for row in sheet.iter_rows(4, 40) for cell in row)
    assert sheet.freeze_panes == "D5"
    assert sheet.print_title_rows == "$4:$4"


def test_targets_are_kept_as_they_are_typed(made: list[Path], folder: Path) -> None:
    """In a cell for text Excel makes no formula of =30, no date of 3-5, and no 0.9 of 90%."""
    assert main(["new", FIRST, "--refresh"]) == 0
    for path in (*made, folder / f"inputs/{FIRST}.xlsx"):
        sheet = page(load_workbook(path), "目標值")
        years = [cell for cell in sheet[4] if isinstance(cell.value, int)]
        assert years, path
        for heading in years:
            formats = {cell.number_format for cell in sheet[heading.column_letter][4:]}
            assert formats <= {"@"}, (path, heading.value)
            assert sheet.column_dimensions[heading.column_letter].number_format == "@"


def test_the_guide_names_every_sheet(made: list[Path]) -> None:
    book = load_workbook(made[0])
    guide = page(book, "填寫說明")
    links = {cell.value for row in guide.iter_rows() for cell in row if cell.hyperlink}
    assert links == set(book.sheetnames) - {"填寫說明", "清單"}
