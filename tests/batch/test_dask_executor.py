"""The same orders on a Dask cluster: a real scheduler and workers, one of which is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.batch import batch_executor, read_build_options
from reportgen.batch import dask_executor as cluster_module
from reportgen.batch.dask_executor import open_dask_executor
from reportgen.batch.tasks import Status, Task
from reportgen.cli import main
from reportgen.problems import ExitCode, StoppedError
from reportgen.render.fonts.font_set import font_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.batch.tasks import BuildOptions

ROOT = Path(__file__).parents[2]
NAMES = ("105-06-30.xlsx", "105-12-25.xlsx")


@pytest.fixture(scope="module")
def style() -> BuildOptions:
    made, _ = read_build_options(
        documents=("scorecard",),
        formats=("pdf",),
        templates=ROOT / "templates",
        working_folder=ROOT,
        font_folders=font_folders(),
        language="zh-TW",
    )
    return made


class Cluster:
    """A scheduler and two workers of it, on this machine."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack, self._log = stack, folder / "log.txt"
        file = folder / "scheduler.json"
        here = ["--host", "127.0.0.1", "--no-dashboard"]
        self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(file), *here)
        end = time.monotonic() + 120
        while not file.exists() or not file.read_text("utf-8").endswith("}"):
            assert time.monotonic() < end, self._log.read_text("utf-8")
            time.sleep(0.05)
        self.address: str = json.loads(file.read_text("utf-8"))["address"]
        asked = [self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        folders = ["--local-directory", str(folder)]
        self.workers = [
            self._start("dask_worker", *asked, "--name", name, *folders) for name in "ab"
        ]

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context(self._log.open("ab"))
        program = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        running = subprocess.Popen(program, cwd=ROOT, stdout=log, stderr=log)
        self._stack.callback(self._end, running)
        return running

    @staticmethod
    def _end(running: subprocess.Popen[bytes]) -> None:
        running.kill()
        running.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with ExitStack() as stack:
        yield Cluster(tmp_path, stack)


@pytest.mark.slow
def test_a_cluster_makes_the_same_and_goes_on_when_a_worker_dies(
    dask: Cluster, style: BuildOptions
) -> None:
    orders = [
        (
            (copy, name),
            Task(name=name, content=(ROOT / "inputs" / name).read_bytes(), options=style),
        )
        for copy in range(2)
        for name in NAMES
    ]
    expected = dict(
        batch_executor.run_batch(orders[:2], lambda: batch_executor.open_local_executor(2))
    )
    end = time.monotonic() + 120
    while True:
        assert time.monotonic() < end
        with pytest.MonkeyPatch.context() as patch, suppress(StoppedError):  # no workers yet
            patch.setattr(cluster_module, "CONNECT_TIMEOUT_S", 30)
            team = open_dask_executor(dask.address)
            if team.max_in_flight == 4:
                break
            team.close(completed=True)
    running = batch_executor.run_batch(orders, lambda: team)
    found = dict([next(running)])
    dask.workers[0].kill()
    found |= dict(running)
    assert set(found) == {key for key, _ in orders}
    for (_, name), outcome in found.items():
        same = expected[0, name]
        assert outcome.status is same.status is Status.MADE, outcome.problems
        assert outcome.files == same.files
        assert outcome.problems == same.problems
    assert dask.workers[1].poll() is None


def test_a_scheduler_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "CONNECT_TIMEOUT_S", 0.5)
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    asked = ["collect", str(tmp_path), "-o", str(tmp_path / "out"), "--lang", "zh-TW"]
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        assert main([*asked, "--scheduler", address]) == ExitCode.ENVIRONMENT
        assert f"〔E513〕{address} 無法使用叢集" in capsys.readouterr().err


def test_without_dask_it_is_told_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    asked = ["collect", str(tmp_path), "-o", str(tmp_path / "out"), "--lang", "en"]
    assert main([*asked, "--scheduler", "tcp://127.0.0.1:9"]) == ExitCode.ENVIRONMENT
    assert "pip install 'reportgen[cluster]'" in capsys.readouterr().err
