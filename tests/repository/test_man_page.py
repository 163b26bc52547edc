"""The manual page names every command, argument and option, and man can print it."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess

import pytest

from reportgen.cli.argument_parser import make_parser
from reportgen.cli.completion import actions
from tests.conftest import ROOT

PAGE = ROOT / "docs/reportgen.1"
PARSER = make_parser("en")


def printed_page() -> str:
    """Return the page as man prints it, its white space collapsed."""
    if not shutil.which("man"):
        pytest.skip("man is not installed")
    done = subprocess.run(
        ["man", "--warnings", "--nj", "--nh", "--local-file", PAGE],
        env={**os.environ, "MANWIDTH": "1000", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return " ".join(done.stdout.split())


def test_man_prints_every_text_of_the_help() -> None:
    """A line that began with a full stop would be taken for a request, and lost."""
    printed = printed_page()
    assert printed.startswith("REPORTGEN(1) User Commands REPORTGEN(1) NAME reportgen - make")
    for action in actions(PARSER):
        if action.help and action.option_strings[-1:] != ["--help"]:
            assert " ".join((action.help % vars(action)).split()) in printed
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                assert f" {choice.dest} " in printed
                assert choice.help is not None
                assert choice.help in printed


def test_every_option_is_in_the_part_of_its_command() -> None:
    text = PAGE.read_text("utf-8").replace("\\-", "-")
    parts = dict(re.findall(r"(?ms)^\.SS \\fB(.*?)\\fR$(.*?)(?=^\.S[SH])", text))
    (common,) = re.findall(r"(?ms)^\.SH OPTIONS OF EVERY COMMAND$(.*?)(?=^\.SH)", text)
    checked = 0
    for command in (action for action in actions(PARSER) if hasattr(action, "choices")):
        if not isinstance(command, argparse._SubParsersAction):
            continue
        for parser in command.choices.values():
            for option in parser._actions:
                for name in option.option_strings:
                    if name not in {"-h", "--help"}:
                        assert f"\\fB{name}\\fR" in parts[parser.prog] + common
                        checked += 1
    assert checked > 100


def test_mandoc_finds_no_fault() -> None:
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed")
    done = subprocess.run(
        ["mandoc", "-Tlint", "-W", "warning", PAGE], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
