"""Where the machine is at fault neither the workbook nor the template is blamed."""

from __future__ import annotations

import calendar
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from reportgen.cli import commands, main
from reportgen.problems import Location
from reportgen.processes import resource_limits
from reportgen.render import limits
from reportgen.render.document import render_job
from reportgen.render.fonts import font_set
from tests.conftest import ROOT
from tests.factories.templates import job, machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORKBOOK = ROOT / "inputs/105-12-25.xlsx"


def noon(year: int) -> float:
    return calendar.timegm((year, 7, 1, 12, 0, 0))


@pytest.mark.parametrize(
    ("year", "code"),
    [
        (1971, "E516"),
        (1979, "E516"),
        (1980, ""),
        (2026, ""),
        (2107, ""),
        (2108, "E516"),
        (2200, "E516"),
    ],
)
def test_a_clock_that_no_zip_can_hold_is_named(year: int, code: str) -> None:
    problem = commands.clock_problem(noon(year))
    assert (problem.code if problem else "") == code


@pytest.mark.parametrize("year", [1979, 2108, 2200])
def test_nothing_else_is_blamed_for_the_clock(
    year: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(time, "time", lambda: noon(year))
    assert main(["check", str(WORKBOOK), "--lang", "zh-TW"]) == 5
    told = capsys.readouterr().err
    assert told.startswith("〔E516〕")
    assert str(year) in told


def test_too_little_memory_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(commands, "_check", fail)
    assert main(["check", str(WORKBOOK), "--lang", "zh-TW"]) == 5
    assert capsys.readouterr().err.startswith("〔E515〕")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
@pytest.mark.parametrize("kilobytes", [300_000, 150_000])
def test_a_template_is_not_blamed_for_the_machine(tmp_path: Path, kilobytes: int) -> None:
    command = (
        f"ulimit -v {kilobytes}; exec {sys.executable} -m reportgen build {WORKBOOK} -o {tmp_path}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 5, done.stderr
    assert "E515" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_template_without_an_end_is_blamed_where_there_is_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = Location(file="document.html")
    assert limits.limit_problem(limits.OUT_OF_MEMORY, where).code == "E409"
    monkeypatch.setattr(limits, "system_lacks_memory", lambda most: True)
    assert limits.limit_problem(limits.OUT_OF_MEMORY, where).code == "E515"
    assert limits.limit_problem(limits.OUT_OF_TIME, where).code == "E409"
    assert not resource_limits.system_lacks_memory(0)


@contextmanager
def unreadable_configuration(name: str, value: str) -> Iterator[None]:
    """In the place of a document's own font configuration: one that cannot be opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name, f"{value}.not-there")
        yield


def test_other_fonts_than_the_documents_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(font_set, "_temporary_environment", unreadable_configuration)
    output = str(tmp_path / "out")
    assert main(["build", str(WORKBOOK), "--output", output, "--lang", "zh-TW"]) != 0
    assert "〔E517〕" in capsys.readouterr().err
    made = render_job(job(tmp_path / "t", "<p>甲", formats=("pdf",)), machine())
    assert [problem.code for problem in made.problems] == ["E517"]
    assert made.files == {}
    assert list(tmp_path.rglob("*.pdf")) == []
