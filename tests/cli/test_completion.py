"""Shell completion: every command and option, in each shell."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import shtab

from reportgen.cli import main
from reportgen.cli.argument_parser import make_parser
from reportgen.cli.arguments import SHELLS
from reportgen.cli.completion import actions, completion_script

if TYPE_CHECKING:
    from pathlib import Path

Commands = dict[tuple[str, ...], argparse.ArgumentParser]


def commands(parser: argparse.ArgumentParser, *names: str) -> Commands:
    """Return the parsers by the words that lead to them; the first is the program's own."""
    found: Commands = {names: parser}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                found |= commands(command, *names, name)
    return found


COMMANDS = commands(make_parser("en"))
OPTIONS = {
    names: sorted(option for action in parser._actions for option in action.option_strings)
    for names, parser in COMMANDS.items()
}


def test_there_are_commands_in_commands() -> None:
    assert ("archive", "verify") in COMMANDS
    assert {"--trust", "--head", "-h"} < set(OPTIONS["archive", "verify"])


def test_every_shell_is_one_that_shtab_knows() -> None:
    assert set(SHELLS) <= set(shtab.SUPPORTED_SHELLS)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell, "--lang", "en"]) == 0
    assert capsys.readouterr().out == completion_script(shell, "en") + "\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_can_read_the_script(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(completion_script(shell, "zh-TW"), "utf-8")
    done = subprocess.run([shell, "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def complete_in_bash(script: Path, folder: Path, *words: str) -> list[str]:
    """Return what bash offers for the last word, as it would at Tab."""
    line = " ".join(map(shlex.quote, words))
    program = f"""
source {shlex.quote(str(script))}
COMP_WORDS=(reportgen {line})
COMP_CWORD={len(words)}
_shtab_reportgen
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        ["bash", "--norc", "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return sorted(filter(None, done.stdout.splitlines()))


@pytest.fixture(name="script", scope="module")
def fixture_script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    script = tmp_path_factory.mktemp("bash") / "reportgen"
    script.write_text(completion_script("bash", "zh-TW"), "utf-8")
    return script


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_bash_completes_every_option(names: tuple[str, ...], script: Path, tmp_path: Path) -> None:
    offered = complete_in_bash(script, tmp_path, *names, "-")
    assert offered == OPTIONS[names]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["co"], ["collect", "compare", "completion"]),
        (["archive", "re"], ["rebuild", "restore"]),
        (["build", ""], ["105-12-25.xlsx", "106.ods", "some folder", "甲 機關.xlsx"]),
        (["build", "-o", "so"], ["some folder"]),
        (["build", "--format", "o"], ["ods", "odt"]),
        (["build", "--document", "re"], ["results", "review"]),
        (["build", "105-12-25.xlsx", "--lang", ""], ["en", "zh-TW"]),
        (["archive", "verify", "n"], ["notes.txt"]),
        (["completion", ""], ["bash", "fish", "zsh"]),
    ],
)
def test_bash_completes_arguments(
    words: list[str], offered: list[str], script: Path, tmp_path: Path
) -> None:
    (tmp_path / "some folder").mkdir()
    for name in ("105-12-25.xlsx", "106.ods", "甲 機關.xlsx", "notes.txt"):
        (tmp_path / name).touch()
    assert complete_in_bash(script, tmp_path, *words) == offered


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_zsh_has_every_option(names: tuple[str, ...]) -> None:
    prefix = "_".join(("_shtab_reportgen", *names))
    blocks = re.findall(
        rf"^{prefix}_options=\(\n(.*?)^\)",
        completion_script("zsh", "en"),
        re.MULTILINE | re.DOTALL,
    )
    text = "".join(blocks)
    found = re.findall(r"(?<![\w-])--?[a-z][\w-]*(?=\[|,|\})", re.sub(r"\[[^\n]*", "[", text))
    assert sorted(found) == OPTIONS[names]


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_fish_has_every_option(names: tuple[str, ...]) -> None:
    place = " ".join(("_shtab_reportgen_using", *names))
    found = []
    for line in completion_script("fish", "en").splitlines():
        if not line.startswith("complete "):
            continue
        pairs = list(pairwise(shlex.split(line)))
        if ("-n", place) in pairs:
            found += [f"-{name}" for flag, name in pairs if flag == "-s"]
            found += [f"--{name}" for flag, name in pairs if flag == "-l"]
    assert sorted(found) == OPTIONS[names]


def test_every_path_is_completed() -> None:
    """An argument with a new name gets a completion, or stands here."""
    not_paths = {
        *("COMMAND", "ACTION", "SHELL", "KPI", "YEAR", "DATE", "N", "PORT", "ADDRESS"),
        *("NAME", "EDITION", "CODE", "URL", "TEXT", "NETWORK", "ROUND"),
    }
    completion_script("bash", "en")
    bare = {
        action.metavar
        for action in actions(make_parser("en"))
        if action.metavar and action.dest not in {"formats", "documents"}
    }
    assert bare - not_paths == {"FILE", "FOLDER", "WORKBOOK", "OLD", "NEW", "PART", "KEY"}
