"""The year in the guide: its commands are commands, and those on parts do what it says."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest

from reportgen.cli import main
from reportgen.cli.argument_parser import parse
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = (ROOT / "docs/使用說明.md").read_text("utf-8")
CHAPTER = GUIDE.split("## 一年的工作，逐月來看\n")[1].split("\n## ")[0]
COMMANDS = [
    line.removeprefix("reportgen ")
    for block in re.findall(r"```\n(.+?)```", CHAPTER, re.S)
    for line in block.splitlines()
]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_one(command: str) -> None:
    assert parse(shlex.split(command), "zh-TW").command == command.split(maxsplit=1)[0]


def test_the_chapter_goes_through_the_year() -> None:
    names = [command.split()[0] for command in COMMANDS]
    expected = ["share", "merge", "merge", "check", "explain", "build", "build", "archive"]
    assert names == [*expected, "new", "compare", "collect"]


@pytest.mark.slow
def test_parts_go_out_and_come_back_as_the_chapter_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the sample, in another folder: the part that has come back is merged, and explained."""
    shutil.copytree(ROOT / "inputs/share/收回", tmp_path / "收回")
    (tmp_path / "inputs").mkdir()
    shutil.copy(ROOT / "inputs/share/112-06-30.xlsx", tmp_path / "inputs")
    monkeypatch.chdir(tmp_path)
    share, status, merge, check, explain = COMMANDS[:5]
    assert main(shlex.split(share)) == 0
    made = {path.name: path for path in tmp_path.glob("output/112-06-30/填報/*.xlsx")}
    sent = {path.name: path for path in (ROOT / "inputs/share/填報").glob("*.xlsx")}
    assert made.keys() == sent.keys()
    assert main(shlex.split(status)) == 0
    told = capsys.readouterr().out
    assert "海岸科：未交" in told
    assert "企劃科：已交" in told
    assert main(shlex.split(merge)) == 0
    assert "企劃科 範例：林小姐" in capsys.readouterr().out
    assert main(shlex.split(check)) == 0
    capsys.readouterr()
    assert main(shlex.split(explain)) == 0
    assert "執行情形    範例：本年度實績值為" in capsys.readouterr().out
