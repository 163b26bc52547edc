"""The command line's own words: help, usage, options, languages."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen import __version__
from reportgen.cli import main
from reportgen.cli.argparse_translations import translate_argparse_message
from reportgen.cli.argument_parser import _breakable_pieces, parse, width, wrap
from reportgen.cli.cli_translations import TRANSLATIONS, choose_language
from reportgen.cli.command_options import CommandOptions
from reportgen.problems import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.problems.problem import Language

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, Chinese."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")


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
    about = TRANSLATIONS[command or "about"][0 if language == "zh-TW" else 1]
    assert "".join(about.split()) in "".join("".join(lines).split())


def test_usage_lines_up_below_its_heading(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["build", "-h"], "zh-TW")
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert width(first[: first.index("[")]) == second.index("[")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_said_in_both_languages(language: Language) -> None:
    place = LANGUAGES.index(language)
    assert all(texts[place].strip() for texts in TRANSLATIONS.values())


@pytest.mark.slow
@given(st.text(alphabet="甲乙，。（）「」 abc-12\n", max_size=60), st.integers(6, 20))
@example("「（ ）", 6)  # wider, and nowhere to be broken
def test_wrap_loses_nothing_and_keeps_to_the_width(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert width(line) <= columns or len(_breakable_pieces(line)) == 1
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
    assert translate_argparse_message("something else") == "something else"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_options_have_defaults() -> None:
    assert parse(["build", "a"], "en") == CommandOptions(command="build", workbooks=("a",))
    assert parse(["doctor"], "en") == CommandOptions(command="doctor")


def test_options() -> None:
    arguments = "build a b -o out --format html,pdf,html --document scorecard --templates t"
    options = parse([*arguments.split(), "--fonts", ".", "--json", "-v", "-q"], "en")
    assert options == CommandOptions(
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
