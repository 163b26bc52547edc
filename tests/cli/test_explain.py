"""``reportgen explain``: from a figure down to its cells, on the terminal and as JSON."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from reportgen.cli import main
from reportgen.problems import ExitCode
from tests.factories.samples import SAMPLES, workbook, yearly_review
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from tests.factories.workbooks import Change

BUDGET = "F1.1"


@pytest.fixture(autouse=True)
def _both_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    Path("inputs").mkdir()
    for edition, sample in SAMPLES.items():
        Path("inputs", f"{edition}.xlsx").write_bytes(workbook(sample))


def put(*changes: Change) -> str:
    """The first sample with some cells set."""
    Path("changed.xlsx").write_bytes(with_cells(*changes))
    return "changed.xlsx"


def test_the_chain_down_to_the_cells(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "105-12-25", BUDGET]) == ExitCode.DONE
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines() == [
        "F1.1 資本門預算執行率符合市府規定  105年",
        (
            "公式        (資本門實支數+資本門應付未付數+資本門賸餘數)/(資本門預算數)×100% "
            "(以上各數均含本年度原預算、併決算及以前年度保留數) (單位: %)  〔關鍵績效指標 D11〕"
        ),
        (
            "代入        ((8,934,750+405,600+519,300)+(288,400+0+0)+(226,850+14,400+10,700))"
            "÷(9,650,000+420,000+530,000)×100% = 98.11%"
        ),
        "實績值      98.11%",
        "目標值      ≥90%（範例：請填列市府規定資本門預算執行率之公文字號）  〔目標值 D11〕",
        "達成率      109.01%（實績值÷目標值）",
        "判定        達成",
        "較104年     +0.21 百分點（0.22%）",
        "數值來源",
        "  資本門實支數 9,859,650",
        "    本年度原預算 8,934,750 元  〔年度資料 F16〕",
        "    併決算 405,600 元  〔年度資料 F17〕",
        "    以前年度保留數 519,300 元  〔年度資料 F18〕",
        "  資本門應付未付數 288,400",
        "    本年度原預算 288,400 元  〔年度資料 F19〕",
        "    併決算 0 元  〔年度資料 F20〕",
        "    以前年度保留數 0 元  〔年度資料 F21〕",
        "  資本門賸餘數 251,950",
        "    本年度原預算 226,850 元  〔年度資料 F22〕",
        "    併決算 14,400 元  〔年度資料 F23〕",
        "    以前年度保留數 10,700 元  〔年度資料 F24〕",
        "  資本門預算數 10,600,000",
        "    本年度原預算 9,650,000 元  〔年度資料 F13〕",
        "    併決算 420,000 元  〔年度資料 F14〕",
        "    以前年度保留數 530,000 元  〔年度資料 F15〕",
    ]


@pytest.mark.parametrize(
    ("edition", "arguments", "lines"),
    [
        ("105-12-25", "BP3.1 --year 103", ["代入        15÷42×100% = 35.71%"]),
        ("105-12-25", "bp3.1", ["代入        17÷40×100% = 42.50%"]),  # codes in either case
        ("112-06-30", "VS1.1", ["判定        達成  綠燈"]),
        ("112-06-30", "XS1.1", ["達成率      106.67%（(2×目標值-實績值)÷目標值）"]),
        ("112-06-30", "XS1.2", ["達成率      100.00%（目標值不大於零，達成以100%計）"]),
        ("112-06-30", "M1.3", ["實績值      達成", "目標值      ≥28,500  〔關鍵績效指標 D38〕"]),
        ("112-06-30", "WS1.2 --year 108", ["實績值      --", "缺          受救助漁民人數 = 0"]),
        ("112-06-30", "YZO3.2", ["實績值      -"]),
        ("112-06-30", "YS1.1 --year 110", ["缺          海洋教育活動參與人次 …  〔年度資料 E9〕"]),
        ("105-12-25", "L1.1 --lang en", ["target      8（範例）  〔目標值 D13〕", "inputs"]),
    ],
)
def test_what_is_told_of_each_kind(
    edition: str, arguments: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", edition, *arguments.split()]) == ExitCode.DONE
    told = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line not in told] == []


def test_a_missing_component_names_its_cell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", put(("年度資料", "F17", None)), BUDGET]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "實績值      （待填）\n" in told
    assert "缺          資本門實支數（併決算） 尚未填寫  〔年度資料 F17〕\n" in told
    assert "達成率      （待填）\n" in told
    assert "判定" not in told


def test_an_error_in_the_formula_is_pointed_at(capsys: pytest.CaptureFixture[str]) -> None:
    name = put(("關鍵績效指標", "D10", "當年度優質學校獲獎校數/當年度優質學校申請校次×100%"))
    assert main(["explain", name, "BP3.1"]) == ExitCode.WORKBOOK
    told = capsys.readouterr()
    assert "〔E205〕「關鍵績效指標」D10" in told.err
    assert "是否為「當年度優質學校申請校數」" in told.err
    assert told.err.splitlines()[-1].strip() == "^" * 22
    assert "BP3.1" in told.out


def test_a_formula_that_cannot_be_read_is_still_shown(capsys: pytest.CaptureFixture[str]) -> None:
    name = put(("關鍵績效指標", "D10", "(甲+乙"))
    assert main(["explain", name, "BP3.1"]) == ExitCode.WORKBOOK
    told = capsys.readouterr()
    assert "E208" in told.err
    assert "公式        (甲+乙  〔關鍵績效指標 D10〕" in told.out


def test_errors_elsewhere_do_not_stand_in_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    name = put(("關鍵績效指標", "D10", "(甲+乙"))
    assert main(["explain", name, BUDGET]) == ExitCode.DONE
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("105-12-25 F1.9", ExitCode.USAGE, "查無 KPI「F1.9」。代碼有 AC1.1、"),
        ("105-12-25 AP31 --lang en", ExitCode.USAGE, "Do you mean AP3.1?"),
        ("105-12-25 F1.1 --year 99", ExitCode.USAGE, "沒有 99 年。有資料的年度是 103、104、105。"),
        ("nowhere F1.1", ExitCode.FILE, "〔E302〕"),
    ],
)
def test_wrong_questions(
    arguments: str, code: ExitCode, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *arguments.split()]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_a_workbook_that_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.xlsx").write_bytes(b"no workbook")
    assert main(["explain", "broken.xlsx", BUDGET]) == ExitCode.WORKBOOK
    assert "〔E1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("105-12-25", "缺少引數：KPI"),
        ("105-12-25 F1.1 --year x", "引數 --year：「x」不是整數"),
    ],
)
def test_wrong_arguments(arguments: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["explain", *arguments.split()])
    assert stop.value.code == ExitCode.USAGE
    assert said in capsys.readouterr().err


def test_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "105-12-25", BUDGET, "--json"]) == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["edition"]) == ("reportgen.explain/1", "105-12-25")
    (year,) = told["kpi"]["years"]
    assert (year["year"], year["actual"]["exact"]) == (105, "52/53")
    cells = [part["cell"] for each in year["inputs"] for part in each["cells"]]
    assert cells == [f"F{row}" for row in (*range(16, 25), *range(13, 16))]
    assert told["problems"] == []


@pytest.mark.parametrize("arguments", ["105-12-25 F9", "nowhere F1.1", "105-12-25 F1.1 --year 1"])
def test_json_even_where_there_is_nothing_to_explain(
    arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *arguments.split(), "--json"]) != ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "reportgen.explain/1"
    assert len(told["problems"]) == 1


def test_a_change_that_cannot_be_told_has_no_unit(capsys: pytest.CaptureFixture[str]) -> None:
    workbook = put(("年度資料", "F10", None))
    assert main(["explain", workbook, "BP3.1"]) == 0
    assert "較104年     （待填）\n" in capsys.readouterr().out


def test_words_stand_below_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    Path("words.xlsx").write_bytes(workbook(yearly_review))
    assert main(["explain", "words.xlsx", "F1.2"]) == ExitCode.DONE
    *_, last = capsys.readouterr().out.splitlines()
    assert last == (
        "執行情形    範例：整體預算執行率 99.47%，較上年度 +0.10百分點。  〔執行說明 A12〕"
    )
    assert main(["explain", "words.xlsx", "F1.2", "--json"]) == ExitCode.DONE
    words = json.loads(capsys.readouterr().out)["words"]
    assert words == [
        {
            "label": "執行情形",
            "text": "範例：整體預算執行率 99.47%，較上年度 +0.10百分點。",
            "sheet": "執行說明",
            "cell": "A12",
        }
    ]
    assert main(["explain", "words.xlsx", "F1.2", "--year", "104"]) == ExitCode.DONE
    assert "範例：整體" not in capsys.readouterr().out


def test_a_wrong_reference_in_words_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    book = load_workbook(BytesIO(workbook(yearly_review)))
    book["執行說明"]["C12"] = "執行率 {F9.9}"
    book.save("words.xlsx")
    assert main(["explain", "words.xlsx", "F1.2"]) == ExitCode.WORKBOOK
    assert "〔E261〕「執行說明」C12" in capsys.readouterr().err
