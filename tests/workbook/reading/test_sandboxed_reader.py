"""Reading in a child: the same result, and every end of the child as a problem."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.processes import sandbox
from reportgen.processes.sandbox import StartMethod
from reportgen.workbook import read
from reportgen.workbook.reading import sandboxed_reader
from tests.readers.leftover_processes import children

if TYPE_CHECKING:
    from collections.abc import Callable

INPUTS = Path(__file__).parents[3] / "inputs"
WORKBOOKS = sorted(INPUTS.glob("*.xlsx"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no child without fork")


@pytest.fixture(autouse=True)
def _forks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: StartMethod.FORK)


def open_files() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208 - no Path for a listing that changes itself


def ending(monkeypatch: pytest.MonkeyPatch, reader: Callable[[Path], object]) -> tuple[str, str]:
    """Code and message of the problem when the reader behaves like that; nothing is left."""
    monkeypatch.setattr(sandboxed_reader, "read_named_bytes", lambda path, _: reader(path))
    before = open_files()
    scorecard, problems = sandboxed_reader.start_reading(INPUTS / "105-12-25.xlsx").result()
    assert scorecard is None
    assert open_files() == before
    assert children() == []
    (problem,) = problems
    assert problem.where.file == "105-12-25.xlsx"
    return problem.code, problem.message()


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_child_reads_what_this_process_reads(path: Path) -> None:
    assert sandboxed_reader.start_reading(path).result() == read(path)


@pytest.mark.parametrize("way", [StartMethod.SPAWN, StartMethod.INLINE])
def test_without_a_fork_the_result_is_the_same(
    monkeypatch: pytest.MonkeyPatch, way: StartMethod
) -> None:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: way)
    assert sandboxed_reader.start_reading(WORKBOOKS[0]).result() == read(WORKBOOKS[0])


def test_a_child_that_is_killed_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    code, message = ending(monkeypatch, lambda path: os.kill(os.getpid(), signal.SIGKILL))
    assert code == "E133"
    assert "SIGKILL" in message


def test_a_child_that_leaves_early_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ending(monkeypatch, lambda path: os._exit(3))[0] == "E133"


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxed_reader, "READ_TIMEOUT_S", 1)
    start = time.monotonic()
    code, message = ending(monkeypatch, lambda path: time.sleep(60))
    assert code == "E133"
    assert "> 1 s" in message
    assert time.monotonic() - start < 10


def test_a_child_that_computes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(path: Path) -> None:
        while True:
            pass

    monkeypatch.setattr(sandboxed_reader, "READ_TIMEOUT_S", 1)
    assert ending(monkeypatch, compute)[0] == "E133"


def test_memory_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxed_reader, "READ_MEMORY", 100_000_000)
    code, message = ending(monkeypatch, lambda path: bytearray(1_000_000_000))
    assert code == "E133"
    assert "GB" in message


def test_an_error_of_the_reader_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(path: Path) -> None:
        raise AttributeError("no such style")

    code, message = ending(monkeypatch, stumble)
    assert code == "E132"
    assert "AttributeError: no such style" in message


def test_a_large_answer_arrives_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    answer: object = (None, ("x" * 5_000_000,))
    monkeypatch.setattr(sandboxed_reader, "read_named_bytes", lambda path, content: answer)
    assert sandboxed_reader.start_reading(WORKBOOKS[0]).result() == answer


def test_an_interrupted_parent_leaves_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxed_reader, "read_named_bytes", lambda path, content: time.sleep(60))
    before = open_files()
    with pytest.raises(KeyboardInterrupt), sandboxed_reader.start_reading(WORKBOOKS[0]):
        raise KeyboardInterrupt
    assert open_files() == before
    assert children() == []


def test_a_child_leaves_without_the_words_of_its_parent() -> None:
    program = f"""
import atexit, sys
from pathlib import Path
from reportgen.workbook.reading.sandboxed_reader import start_reading
atexit.register(print, "at exit")
sys.stdout.write("buffered ")
print(start_reading(Path({str(WORKBOOKS[0])!r})).result()[0].revised.edition)
print([name for name in sys.modules if name.startswith("openpyxl")])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"buffered {WORKBOOKS[0].stem}\n[]\nat exit\n"
    assert done.stderr == ""
