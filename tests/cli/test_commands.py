"""The command line: what is typed, what is printed, and where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen import doctor, pipeline
from reportgen.atomic_files import WrittenFile
from reportgen.cli import main
from reportgen.cli.cli_translations import TRANSLATIONS
from reportgen.doctor import CheckFinding
from reportgen.pipeline import Settings, WrittenBuild
from reportgen.problems import ExitCode, Location, Problem, StoppedError, make_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.problems.problem import Language

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
CHECKOUT = Path(__file__).parents[2]
BLANK = make_problem("E101", Location(sheet="構面", cell="B3"), label="策略地圖名稱")
OPEN = make_problem("W301", Location(file="卡.docx"), found="卡.docx", saved="卡_2.docx")
OPTIONAL = make_problem("N504")


@pytest.fixture(autouse=True)
def _plain_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own with one workbook, 80 columns, Chinese."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs/105-12-25.xlsx").touch()
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")


def checking(monkeypatch: pytest.MonkeyPatch, *problems: Problem) -> list[Path]:
    """Let every workbook have these problems; answers the list of those asked for."""
    asked: list[Path] = []

    def check(workbook: Path, _: object) -> tuple[None, tuple[Problem, ...]]:
        asked.append(workbook)
        return None, problems

    monkeypatch.setattr(pipeline, "check_workbook", check)
    return asked


def building(
    monkeypatch: pytest.MonkeyPatch, build: Callable[[Path, Settings], WrittenBuild]
) -> list[Settings]:
    asked: list[Settings] = []

    def noted(workbook: Path, settings: Settings) -> WrittenBuild:
        asked.append(settings)
        return build(workbook, settings)

    monkeypatch.setattr(pipeline, "build", noted)
    return asked


def built(*problems: Problem) -> WrittenBuild:
    folder = Path("output/105-12-25")
    return WrittenBuild(
        edition="105-12-25",
        files=(
            WrittenFile(path=folder / "卡.pdf", changed=True, backup=folder / "備份/卡_1.pdf"),
            WrittenFile(path=folder / "卡.docx", changed=False),
        ),
        templates=(Path("templates/scorecard"),),
        problems=problems,
    )


def stop(*problems: Problem, code: ExitCode = ExitCode.WORKBOOK) -> Callable[..., WrittenBuild]:
    def build(workbook: Path, settings: Settings) -> WrittenBuild:
        raise StoppedError(problems, code)

    return build


# check


def test_check_prints_problems_as_its_result(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = checking(monkeypatch, BLANK, OPEN, OPTIONAL)
    assert main(["check", "105-12-25"]) == ExitCode.WORKBOOK
    assert asked == [Path("inputs/105-12-25.xlsx")]
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        BLANK.line(),
        OPEN.line(),
        OPTIONAL.line(),
        "105-12-25: " + TRANSLATIONS["counts"][0].format(errors=1, warnings=1, notices=1),
    ]


def test_quiet_check_prints_no_notice_and_no_summary(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checking(monkeypatch, OPEN, OPTIONAL)
    assert main(["check", "105-12-25", "-q", "--lang", "en"]) == ExitCode.DONE
    assert capsys.readouterr().out == f"{OPEN.line('en')}\n"


def test_check_of_a_clean_workbook_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checking(monkeypatch)
    assert main(["check", "105-12-25"]) == ExitCode.DONE
    assert capsys.readouterr().out == f"105-12-25: {TRANSLATIONS['clean'][0]}\n"


def test_check_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    checking(monkeypatch, BLANK)
    assert main(["check", "105-12-25", "--json", "--lang", "en"]) == ExitCode.WORKBOOK
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == {
        "schema": "reportgen.check/1",
        "workbooks": [
            {
                "workbook": "105-12-25",
                "annotated_copy": None,
                "problems": [
                    {
                        "code": "E101",
                        "severity": "error",
                        "where": {
                            "file": None,
                            "sheet": "構面",
                            "cell": "B3",
                            "line": None,
                            "column": None,
                        },
                        "message": BLANK.message("en"),
                        "expected": BLANK.expected("en"),
                        "fix": BLANK.fix("en"),
                    }
                ],
            }
        ],
    }


def test_first_failure_gives_the_exit_code_and_the_others_are_heard(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checking(monkeypatch, BLANK)
    assert main(["check", "no", "105-12-25"]) == ExitCode.FILE
    assert BLANK.line() in capsys.readouterr().out.splitlines()


# find_workbook


@pytest.mark.parametrize(
    "name",
    [
        "105-12-25",
        "105-12-25.xlsx",
        "inputs/105-12-25.xlsx",
        "1051225",
        "105.12.25",
        "105/12/25",
        "105年12月25日",
        "民國105年12月25日.xlsx",
    ],
)
def test_edition_is_found_in_inputs(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    asked = checking(monkeypatch)
    assert main(["check", name]) == ExitCode.DONE
    assert asked == [Path("inputs/105-12-25.xlsx")]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("105-12-26", "105-12-25.xlsx"),
        ("inputs/105-12-2.xlsx", "105-12-25.xlsx"),
        ("顧客", ""),
        ("甲" * 300, ""),
        ("none/106-12-25.xlsx", "105-12-25.xlsx"),
    ],
)
@pytest.mark.parametrize("command", ["build", "check"])
def test_workbook_that_is_not_there(
    capsys: pytest.CaptureFixture[str], command: str, name: str, hint: str
) -> None:
    words = {"hint": f"是否為 {hint}？", "hint_en": f"Is it {hint}?"} if hint else _NO_HINT
    problem = make_problem("E302", Location(file=name), found=name, **words)
    assert main([command, name]) == ExitCode.FILE
    assert problem.line() in "".join(capsys.readouterr()).splitlines()


_NO_HINT = {"hint": "", "hint_en": ""}


def test_a_folder_is_no_workbook(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "inputs"]) == ExitCode.FILE
    assert (
        "〔E306〕inputs 「inputs」是資料夾，不是活頁簿。請指定其中一個活頁簿。例如 105-12-25.xlsx。"
    ) in "".join(capsys.readouterr()).splitlines()


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_told(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["check", name]) == ExitCode.FILE
    assert "沒有指定活頁簿。請寫檔名或版次。例如 105-12-25.xlsx。" in "".join(capsys.readouterr())


def test_locks_of_word_are_no_hint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "inputs/~$106-12-25.xlsx").touch()
    assert main(["check", "106-12-25"]) == ExitCode.FILE
    assert "~$" not in capsys.readouterr().out


# build


def test_build_prints_files_and_nothing_to_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    building(monkeypatch, lambda workbook, settings: built())
    assert main(["build", "105-12-25"]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "已產製 output/105-12-25/卡.pdf",
        "已產製 output/105-12-25/卡.docx（內容相同，未重寫）",
    ]


def test_verbose_build_names_backup_and_template(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    building(monkeypatch, lambda workbook, settings: built())
    main(["build", "105-12-25", "--verbose", "--lang", "en"])
    assert capsys.readouterr().out.splitlines() == [
        "made output/105-12-25/卡.pdf",
        "  the file it replaced is kept as output/105-12-25/備份/卡_1.pdf",
        "made output/105-12-25/卡.docx (already the same)",
        "template templates/scorecard",
    ]


def test_quiet_build_prints_problems_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    building(monkeypatch, lambda workbook, settings: built(OPEN, OPTIONAL))
    assert main(["build", "105-12-25", "--quiet"]) == ExitCode.DONE
    assert capsys.readouterr() == ("", f"{OPEN.line()}\n")


@pytest.mark.parametrize("code", [code for code in ExitCode if code > ExitCode.USAGE])
def test_stopped_build_tells_why_and_that_nothing_was_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, code: ExitCode
) -> None:
    building(monkeypatch, stop(BLANK, code=code))
    assert main(["build", "105-12-25"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [BLANK.line(), "105-12-25: 未產製任何檔案。"]


def test_build_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    building(monkeypatch, lambda workbook, settings: built(OPEN))
    assert main(["build", "105-12-25", "no", "--json"]) == ExitCode.FILE
    out, err = capsys.readouterr()
    assert err == ""
    report = json.loads(out)
    assert report["schema"] == "reportgen.build-report/1"
    made, absent = report["workbooks"]
    assert made.keys() == {"workbook", "edition", "files", "templates", "problems"}
    assert made["files"] == [
        {
            "path": "output/105-12-25/卡.pdf",
            "changed": True,
            "backup": "output/105-12-25/備份/卡_1.pdf",
        },
        {"path": "output/105-12-25/卡.docx", "changed": False, "backup": None},
    ]
    assert made["problems"][0]["message"] == OPEN.message()
    assert made["problems"][0]["where"]["file"] == "卡.docx"
    assert (absent["workbook"], absent["files"]) == ("no", [])
    assert [each["code"] for each in absent["problems"]] == ["E302"]


def test_build_hands_its_options_to_the_pipeline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = building(monkeypatch, lambda workbook, settings: built())
    (tmp_path / "f").mkdir()
    options = "-o out --format html --templates t --fonts f"
    main(["build", "105-12-25", *options.split()])
    (settings,) = asked
    assert settings.output == Path("out")
    assert settings.formats == ("html",)
    assert settings.templates == Path("t")
    assert settings.working_folder == tmp_path
    assert settings.font_folders[0] == Path("f")
    assert len(settings.font_folders) > 1


class Terminal:
    """Standard error that says that it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        (
            [],
            "".join(f"\r\x1b[K[{n}/2] 105-12-25: 讀取活頁簿…\r\x1b[K" for n in (1, 2)),
        ),
        (["--quiet"], ""),
    ],
)
def test_progress_on_a_terminal_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, flags: list[str], shown: str
) -> None:
    def build(workbook: Path, settings: Settings) -> WrittenBuild:
        settings.progress("read")
        return built()

    building(monkeypatch, build)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    main(["build", "105-12-25", "105-12-25", *flags])
    assert terminal.text == shown


def test_ctrl_c_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(workbook: Path, settings: Settings) -> WrittenBuild:
        raise KeyboardInterrupt

    building(monkeypatch, build)
    assert main(["build", "105-12-25"]) == 130
    assert capsys.readouterr() == ("", "\n已中斷，未寫入任何檔案。\n")


# doctor


FINDINGS = (
    CheckFinding(name="TW-Kai", found="/fonts/TW-Kai.ttf"),
    CheckFinding(name="LibreOffice", problem=OPTIONAL),
)


def examining(monkeypatch: pytest.MonkeyPatch, *findings: CheckFinding) -> None:
    monkeypatch.setattr(doctor, "run_checks", lambda fonts, folders: findings)


def test_doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    examining(monkeypatch, *FINDINGS)
    assert main(["doctor"]) == ExitCode.DONE
    assert capsys.readouterr().out.splitlines() == [
        "[有] TW-Kai: /fonts/TW-Kai.ttf",
        "[缺] LibreOffice",
        f"     {OPTIONAL.line()}",
        TRANSLATIONS["ready"][0],
    ]


def test_doctor_of_a_machine_that_lacks_something(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    examining(monkeypatch, CheckFinding(name="HarfBuzz-subset", problem=make_problem("E503")))
    assert main(["doctor", "--lang", "en"]) == ExitCode.ENVIRONMENT
    assert capsys.readouterr().out.splitlines()[-1] == TRANSLATIONS["not ready"][1]


def test_doctor_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    examining(monkeypatch, *FINDINGS)
    assert main(["doctor", "--json"]) == ExitCode.DONE
    report = json.loads(capsys.readouterr().out)
    assert report["schema"] == "reportgen.doctor/1"
    kai, office = report["findings"]
    assert kai == {"name": "TW-Kai", "found": "/fonts/TW-Kai.ttf", "problem": None}
    assert office["problem"]["code"] == "N504"


# As a process of its own


def run(*arguments: str, **given: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONIOENCODING": "cp950",
        "LANG": "zh_TW.Big5",
    }
    return subprocess.run(
        [sys.executable, "-m", "reportgen", *arguments],
        capture_output=True,
        check=False,
        env=environment,
        **given,
    )


def test_pipe_of_cp950_is_given_utf_8(tmp_path: Path) -> None:
    done = run("check", "賸餘𠮷", cwd=tmp_path)
    assert done.returncode == ExitCode.FILE
    assert "找不到檔案「賸餘𠮷」" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_reader_that_has_gone_is_no_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "reportgen", "check", "a", "b"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        )
    assert done.stderr == b""
