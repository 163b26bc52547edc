"""The commands that README.md and docs/ show: each can be given, and those of the year are run."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from reportgen.cli import main
from reportgen.cli.argument_parser import parse
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCS = ROOT / "docs"


def commands(file: Path) -> Iterator[list[str]]:
    """Yield the arguments of each command in code, but for patterns such as ``COMMAND``."""
    for token in MarkdownIt("commonmark").enable("table").parse(file.read_text("utf-8")):
        codes = [child.content for child in token.children or () if child.type == "code_inline"]
        codes += token.content.splitlines() if token.type == "fence" else []
        for code in codes:
            line = re.split(" [|>&]", code.removeprefix("$ "))[0]
            if line.startswith("reportgen ") and not re.search("…|指令|[A-Z]{4}|--help", line):
                yield shlex.split(line, comments=True)[1:]


@pytest.mark.parametrize(
    "file", [ROOT / "README.md", *DOCS.rglob("*.md")], ids=lambda file: file.stem
)
def test_commands_are_understood(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All but what a sentence leaves out, such as the workbook."""
    for arguments in commands(file):
        try:
            parse(arguments, "en")
        except SystemExit:
            error = capsys.readouterr().err
            left_out = "the following arguments are required|expected one argument|needs --role"
            assert re.search(left_out, error), arguments


@pytest.mark.slow
def test_the_year_can_be_gone_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    monkeypatch.chdir(tmp_path)
    year = [command for command in commands(DOCS / "year.md") if len(command) > 1]
    assert [command[0] for command in year[:2]] == ["share", "merge"]

    for command in year:
        assert main(command) == 0, (command, capsys.readouterr())
        if command[0] == "share":
            shutil.copytree("output/112-06-30/填報", "returned")

    assert len(list(tmp_path.glob("output/112-06-30/*.pdf"))) == 3
    assert (tmp_path / "archive/log.txt").exists()


def test_both_languages_go_through_the_same_year() -> None:
    english, chinese = (
        [
            [argument.replace("收件", "returned") for argument in command]
            for command in commands(file)
        ]
        for file in (DOCS / "year.md", DOCS / "zh/year.md")
    )
    shown = [command for command in english if len(command) > 1]
    assert shown == chinese[: len(shown)]
