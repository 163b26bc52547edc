"""The folder for Windows makes under Wine what the program makes here, byte for byte."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.factories.workbooks import with_cells
from tests.packaging import wine
from tests.validators.pdf import page_findings
from tests.web.browser import NO_PICKER, launched
from tests.web.view import choose, painted, saved, step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.packaging.wine import WindowsMachine

pytestmark = [
    pytest.mark.wine,
    pytest.mark.skipif(shutil.which("wine") is None, reason="Wine is not installed"),
    pytest.mark.skipif(not wine.ZIP.exists(), reason="there is no folder: make windows"),
]
EDITIONS = ("105-06-30", "105-12-25", "112-06-30")
BUILT_MS: Final = 180_000  # Wine starts each process slowly


ENDS_WITH_ITS_WORKER = """
import pathlib, subprocess, sys, time
from reportgen.processes.scratch_folders import process_is_running
from reportgen.processes.worker_pool import Task, WorkerPool, _without_report
place = pathlib.Path(sys.argv[1])
child = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'w')); time.sleep(600)"
command = [sys.executable, "-c", child, str(place)]
pool = WorkerPool(1, time.time, name="test")
pool.submit(Task(_without_report, (subprocess.call, command), print, print))
while not place.exists() or not place.read_text().strip():
    time.sleep(0.1)
number = int(place.read_text())
print(process_is_running(number))
pool.close()
deadline = time.monotonic() + 20
while process_is_running(number) and time.monotonic() < deadline:
    time.sleep(0.1)
print(process_is_running(number))
"""
TAKES_TOO_LONG = """
import timeit
from reportgen.processes.call_errors import CallFailedError
from reportgen.processes.resource_limits import Limits
from reportgen.processes.sandbox import SandboxedCall
try:
    limits = Limits(seconds=1, memory=10**9)
    SandboxedCall(limits, timeit.repeat, "pass", "pass", timeit.default_timer, 10**9).result()
except CallFailedError as error:
    print(error.reason.name, error.traceback_lines[0].file)
"""


@pytest.fixture(scope="module", name="machine")
def fixture_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WindowsMachine]:
    machine = wine.unpack(tmp_path_factory.mktemp("windows"))
    yield machine
    wine.close(machine)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(machine: WindowsMachine, output: str) -> list[str]:
    """The files of an output folder whose bytes are others on Windows than here, or missing."""
    here = files(machine.work.with_name("linux") / output)
    there = files(machine.work / output)
    assert here
    return [name for name in sorted(here.keys() | there) if here.get(name) != there.get(name)]


def test_nothing_is_missing_but_libreoffice(machine: WindowsMachine) -> None:
    done = machine.run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    lacking = [line for line in done.stdout.splitlines() if "缺" in line]
    assert all("LibreOffice" in line for line in lacking), done.stdout


@pytest.mark.parametrize("edition", EDITIONS)
def test_documents_have_the_same_bytes(machine: WindowsMachine, edition: str) -> None:
    workbook = ROOT / f"inputs/{edition}.xlsx"
    for run in (machine.run, machine.linux):
        done = run("build", workbook, "--output", "output", "--format", "pdf,docx,html")
        assert done.returncode == 0, done.stderr
    assert differing(machine, f"output/{edition}") == []
    for pdf in (machine.work / f"output/{edition}").glob("*.pdf"):
        assert page_findings(pdf) == []


def test_results_have_the_same_bytes(machine: WindowsMachine) -> None:
    workbook = ROOT / "inputs/105-12-25.xlsx"
    for run in (machine.run, machine.linux):
        done = run("build", workbook, "--output", "results", "--document", "results")
        assert done.returncode == 0, done.stderr
    assert differing(machine, "results") == []


def test_a_fault_is_told_in_the_same_words(machine: WindowsMachine) -> None:
    for folder in (machine.work, machine.work.with_name("linux")):
        faulty = with_cells(("年度資料", "E5", "not a figure"))
        (folder / "有誤.xlsx").write_bytes(faulty)
    there, here = (
        machine.run("check", "有誤.xlsx"),
        machine.linux("check", "有誤.xlsx", "--lang", "zh-TW"),
    )
    assert there.returncode == here.returncode == 1
    assert there.stderr.replace("\r\n", "\n") == here.stderr
    assert there.stdout.replace("\r\n", "\n") == here.stdout


def test_the_marked_copy_has_the_same_bytes(machine: WindowsMachine) -> None:
    for run in (machine.run, machine.linux):
        assert run("check", "有誤.xlsx", "--annotate").returncode == 1
    marked = [name for name in files(machine.work) if "有誤_" in name]
    assert marked
    here = files(machine.work.with_name("linux"))
    assert {name: here[name] for name in marked} == {
        name: files(machine.work)[name] for name in marked
    }


def test_two_editions_compared_have_the_same_bytes(machine: WindowsMachine) -> None:
    editions = [ROOT / f"inputs/{edition}.xlsx" for edition in ("105-06-30", "105-12-25")]
    for run in (machine.run, machine.linux):
        done = run("compare", *editions, "--output", "compared")
        assert done.returncode == 0, done.stderr
    assert differing(machine, "compared") == []


def test_three_editions_are_archived_and_verified(machine: WindowsMachine) -> None:
    for edition in EDITIONS:
        workbook = ROOT / f"inputs/{edition}.xlsx"
        done = machine.run("archive", "add", workbook, "--archive", "封存")
        assert done.returncode == 0, done.stderr
    verified = machine.run("archive", "verify", "--archive", "封存")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # What Windows has archived is a sound archive elsewhere, too.
    here = machine.linux("archive", "verify", "--archive", str(machine.work / "封存"))
    assert here.returncode == 0, here.stdout + here.stderr


@contextmanager
def serving(machine: WindowsMachine) -> Iterator[str]:
    """The start link of the page, as 開啟頁面 opens it."""
    with subprocess.Popen(
        machine.command("--no-browser", "--archive", "頁面封存"),
        cwd=machine.work,
        env={**machine.environment, "REPORTGEN_TEST_STARTER": "開啟頁面.cmd"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            wine.stop(machine)


def test_the_user_has_a_chinese_name(machine: WindowsMachine) -> None:
    done = machine.python("import pathlib; print(pathlib.Path.home())")
    assert done.stdout.strip() == r"C:\users\王小明", done.stderr


def test_the_page_in_a_browser(machine: WindowsMachine, browser: Browser) -> None:
    """A workbook is dropped, its pages are looked at, and a document is downloaded."""
    with serving(machine) as link:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-TW")
        page.add_init_script(NO_PICKER)
        page.goto(link)
        choose(page, ROOT / "inputs/105-12-25.xlsx")
        expect(painted(page).first).to_be_visible(timeout=BUILT_MS)
        page.screenshot(path=machine.work / "page.png")
        step(page, "下載").click()
        name, content = saved(page, page.get_by_role("link", name=re.compile(r"\.pdf")).first)
        page.screenshot(path=machine.work / "finish.png")
        page.close()
    assert name == "臺北市教師研習中心_平衡計分卡_105-12-25.pdf"
    built = machine.work / "output/105-12-25" / name
    assert content == built.read_bytes()


def test_the_temporary_folder_is_left_clean(machine: WindowsMachine) -> None:
    left = [path for path in machine.work.with_name("暫存").rglob("*") if path.is_file()]
    assert [path for path in left if "reportgen-serve" not in str(path)] == []


def test_what_a_worker_has_started_ends_with_it(machine: WindowsMachine) -> None:
    done = machine.python(ENDS_WITH_ITS_WORKER, machine.work / "number.txt")
    assert done.stdout.split() == ["True", "False"], done.stderr


def test_a_call_that_takes_too_long_reports_where_it_stood(machine: WindowsMachine) -> None:
    done = machine.python(TAKES_TOO_LONG)
    reason, file = done.stdout.split(maxsplit=1)
    assert reason == "TIMEOUT", done.stderr
    assert file.strip().endswith("child.py")  # the soft timeout, which the child reports itself
