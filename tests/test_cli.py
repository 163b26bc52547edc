"""The command line: what is typed, what is printed, and where."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import __version__, doctor, pipeline
from reportgen.cli import main
from reportgen.cli.parser import Options, parse, width, wrap
from reportgen.cli.usage import in_chinese
from reportgen.cli.words import WORDS, choose_language
from reportgen.doctor import Finding
from reportgen.files import Written
from reportgen.pipeline import Built, Settings
from reportgen.problems import ExitCode, Location, Problem, StoppedError, make

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.problems.problem import Language

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
CHECKOUT = Path(__file__).parents[1]
BLANK = make("E101", Location(sheet="構面", cell="B3"), label="策略地圖名稱")
OPEN = make("W301", Location(file="卡.docx"), found="卡.docx", saved="卡_2.docx")
OPTIONAL = make("N504")


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

    monkeypatch.setattr(pipeline, "check", check)
    return asked


def building(
    monkeypatch: pytest.MonkeyPatch, build: Callable[[Path, Settings], Built]
) -> list[Settings]:
    asked: list[Settings] = []

    def noted(workbook: Path, settings: Settings) -> Built:
        asked.append(settings)
        return build(workbook, settings)

    monkeypatch.setattr(pipeline, "build", noted)
    return asked


def built(*problems: Problem) -> Built:
    folder = Path("output/105-12-25")
    return Built(
        edition="105-12-25",
        files=(
            Written(path=folder / "卡.pdf", changed=True, backup=folder / "備份/卡_1.pdf"),
            Written(path=folder / "卡.docx", changed=False),
        ),
        templates=(Path("templates/scorecard"),),
        problems=problems,
    )


def stop(*problems: Problem, code: ExitCode = ExitCode.WORKBOOK) -> Callable[..., Built]:
    def build(workbook: Path, settings: Settings) -> Built:
        raise StoppedError(problems, code)

    return build


# Help and usage


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["", "build", "check", "doctor"])
@pytest.mark.parametrize("columns", [60, 80, 100])
def test_help_keeps_to_the_terminals_width(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
    command: str,
    columns: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    with pytest.raises(SystemExit) as end:
        parse([*command.split(), "--help"], language)
    assert end.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(width, lines)) <= columns
    assert lines[0].startswith("用法：reportgen" if language == "zh-TW" else "usage: reportgen")
    assert "…" not in "".join(lines)
    about = WORDS[command or "about"][0 if language == "zh-TW" else 1]
    assert "".join(about.split()) in "".join("".join(lines).split())


def test_usage_lines_up_below_its_heading(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["build", "-h"], "zh-TW")
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert width(first[: first.index("[")]) == second.index("[")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_said_in_both_languages(language: Language) -> None:
    place = LANGUAGES.index(language)
    assert all(texts[place].strip() for texts in WORDS.values())


@given(st.text(alphabet="甲乙，。（）「」 abc-12\n", max_size=60), st.integers(6, 20))
def test_wrap_loses_nothing_and_keeps_to_the_width(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    pieces = max((len(word) for word in text.split()), default=0)
    for line in lines:
        assert width(line) <= columns or pieces > 2
        assert line == line.strip()


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("甲乙丙丁", 4, ["甲乙", "丙丁"]),
        ("甲乙，丙丁", 4, ["甲", "乙，", "丙丁"]),
        ("甲（乙）丙", 6, ["甲", "（乙）", "丙"]),
        ("one two three", 7, ["one two", "three"]),
        ("甲 one 乙", 6, ["甲 one", "乙"]),
        ("", 10, [""]),
    ],
)
def test_wrap(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        ("", "缺少引數：COMMAND", "the following arguments are required: COMMAND"),
        ("build", "缺少引數：WORKBOOK", "the following arguments are required: WORKBOOK"),
        ("check a.xlsx --colour", "不認得的引數：--colour", "unrecognized arguments: --colour"),
        ("build a --output", "引數 -o/--output：後面要有一個值", "expected one argument"),
        ("build a --json=1", "引數 --json：不可帶值「1」", "ignored explicit argument '1'"),
        ("build a --form pdf", "不認得的引數：--form pdf", "unrecognized arguments: --form pdf"),
        (
            "build a --format pdf,rtf",
            "引數 --format：「rtf」不在可用的選擇之中：pdf, docx, html, odt",
            "argument --format: “rtf” is not one of: pdf, docx, html, odt",
        ),
        (
            "build a --format ,",
            "引數 --format：請至少選擇一項：pdf, docx, html",
            "argument --format: choose one at least: pdf, docx, html",
        ),
        (
            "build a --document ../map",
            "引數 --document：「../map」不在可用的選擇之中：scorecard, results, …",
            "argument --document: “../map” is not one of: scorecard, results, …",
        ),
        ('archive verify --head ""', "引數 --head：不可空白", "argument --head: it must not"),
        ("new a --from ' '", "引數 --from：不可空白", "argument --from: it must not be empty"),
        ('collect a --scheduler ""', "引數 --scheduler：不可空白", "argument --scheduler: it must"),
        ('build a -o ""', "引數 -o/--output：不可空白", "argument -o/--output: it must not be"),
        (
            "build a --fonts /none",
            "引數 --fonts：沒有「/none」這個資料夾",
            "argument --fonts: there is no folder “/none”",
        ),
        (
            "build a --document scorecard,comparison",
            "引數 --document：「comparison」由多個活頁簿做成，請用 reportgen compare",
            "argument --document: “comparison” is made of several workbooks, by reportgen compare",
        ),
        (
            "collect a --document rollup",
            "「rollup」由多個活頁簿做成，請用 reportgen collect",
            "“rollup” is made of several workbooks, by reportgen collect",
        ),
        (
            "archive verify a.pdf --trust ca.pem",
            "--trust 不能與 FILE 一起使用",
            "--trust does not go with FILE",
        ),
        ("make a", "引數 COMMAND：「make」不在可用的選擇之中：", "invalid choice: 'make'"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_usage_errors(
    capsys: pytest.CaptureFixture[str],
    language: Language,
    arguments: str,
    chinese: str,
    english: str,
) -> None:
    with pytest.raises(SystemExit) as end:
        parse(shlex.split(arguments), language)
    assert end.value.code == ExitCode.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    last = err.splitlines()[-1]
    if language == "zh-TW":
        assert err.startswith("用法：reportgen")
        assert "錯誤：" in last
        assert chinese in last
        assert "argument" not in last
    else:
        assert err.startswith("usage: reportgen")
        assert "error: " in last
        assert english in last


def test_message_that_argparse_adds_one_day_is_passed_on() -> None:
    assert in_chinese("something else") == "something else"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_options_have_defaults() -> None:
    assert parse(["build", "a"], "en") == Options(command="build", workbooks=("a",))
    assert parse(["doctor"], "en") == Options(command="doctor")


def test_options() -> None:
    arguments = "build a b -o out --format html,pdf,html --document scorecard --templates t"
    options = parse([*arguments.split(), "--fonts", ".", "--json", "-v", "-q"], "en")
    assert options == Options(
        command="build",
        workbooks=("a", "b"),
        output=Path("out"),
        formats=("html", "pdf"),
        documents=("scorecard",),
        templates=Path("t"),
        fonts=Path(),
        json=True,
        verbose=True,
        quiet=True,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "zh-TW"),
        ([], {"LANG": "C.UTF-8"}, "zh-TW"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh-TW"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"),
        ([], {"LANG": "en_US.UTF-8", "REPORTGEN_LANG": "zh-TW"}, "zh-TW"),
        ([], {"LANG": "zh_TW.UTF-8", "REPORTGEN_LANG": "en"}, "en"),
        (["--lang", "en"], {"REPORTGEN_LANG": "zh-TW"}, "en"),
        (["--lang=zh-TW"], {"REPORTGEN_LANG": "en"}, "zh-TW"),
        (["build", "--lang"], {}, "zh-TW"),
    ],
)
def test_language(arguments: list[str], environment: Mapping[str, str], language: str) -> None:
    assert choose_language(arguments, environment) == language


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
        "105-12-25: " + WORDS["counts"][0].format(errors=1, warnings=1, notices=1),
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
    assert capsys.readouterr().out == f"105-12-25: {WORDS['clean'][0]}\n"


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
                "problems": [
                    {
                        "code": "E101",
                        "severity": "error",
                        "where": {"sheet": "構面", "cell": "B3"},
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
    problem = make("E302", Location(file=name), found=name, **words)
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
    assert report["schema"] == "reportgen.build/1"
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
    assert made["problems"][0]["where"] == {"file": "卡.docx"}
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
    def build(workbook: Path, settings: Settings) -> Built:
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
    def build(workbook: Path, settings: Settings) -> Built:
        raise KeyboardInterrupt

    building(monkeypatch, build)
    assert main(["build", "105-12-25"]) == 130
    assert capsys.readouterr() == ("", "\n已中斷，未寫入任何檔案。\n")


# doctor


FINDINGS = (
    Finding(name="TW-Kai", found="/fonts/TW-Kai.ttf"),
    Finding(name="LibreOffice", problem=OPTIONAL),
)


def examining(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    monkeypatch.setattr(doctor, "examine", lambda fonts, folders: findings)


def test_doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    examining(monkeypatch, *FINDINGS)
    assert main(["doctor"]) == ExitCode.DONE
    assert capsys.readouterr().out.splitlines() == [
        "[有] TW-Kai: /fonts/TW-Kai.ttf",
        "[缺] LibreOffice",
        f"     {OPTIONAL.line()}",
        WORDS["ready"][0],
    ]


def test_doctor_of_a_machine_that_lacks_something(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    examining(monkeypatch, Finding(name="HarfBuzz-subset", problem=make("E503")))
    assert main(["doctor", "--lang", "en"]) == ExitCode.ENVIRONMENT
    assert capsys.readouterr().out.splitlines()[-1] == WORDS["not ready"][1]


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
