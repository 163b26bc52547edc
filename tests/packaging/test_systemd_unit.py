"""The unit file, as systemd reads it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from reportgen.cli.argument_parser import parse
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

UNIT = ROOT / "packaging/systemd/reportgen.service"


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / UNIT.name
    text = UNIT.read_text("utf-8")
    assert "/opt/reportgen/bin/reportgen" in text
    unit.write_text(text.replace("/opt/reportgen/bin/reportgen", sys.executable), "utf-8")
    command = [tool, "verify", "--man=no", "--recursive-errors=no", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    unit.write_text(text + "\n[Service]\nRestart=whenever\n", "utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode or "whenever" in done.stderr  # it does look


def test_its_command_has_options_that_exist() -> None:
    text = UNIT.read_text("utf-8").replace("\\\n", " ")
    command = re.search(r"^ExecStart=\S+ (.*)$", text, re.MULTILINE)
    assert command is not None
    line = command[1].replace("${PUBLIC_URL}", "https://plan.example.gov.tw/reportgen/")
    options = parse(shlex.split(line), "en")
    assert (options.command, options.port, options.browser) == ("serve", 8000, False)
    assert options.state is not None
    assert options.audit_log is not None
