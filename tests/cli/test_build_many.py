"""Many workbooks at once: the same files and the same words as one after another."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from concurrent.futures import Executor, Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.batch import parallel_build
from reportgen.batch.batch_executor import BatchExecutor
from reportgen.batch.tasks import Status, TaskResult
from reportgen.cli import commands, main
from reportgen.pipeline import Settings
from reportgen.problems import ExitCode, StoppedError
from tests.factories.plain_templates import plain
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.batch.tasks import Task
    from reportgen.render.document import RenderJob

INPUTS = Path(__file__).parents[2] / "inputs"
NAMES = ("a.xlsx", "none.xlsx", "b.xlsx", "bad.xlsx", "c.xlsx", "a.xlsx")
ENDS = "ends.xlsx"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Workbooks of three editions, one that is none, and a plain template."""
    monkeypatch.chdir(tmp_path)
    plain(tmp_path / "plain")
    plain(tmp_path / "faulty", html="{{ nothing }}")
    shutil.copy(INPUTS / "105-06-30.xlsx", "a.xlsx")
    shutil.copy(INPUTS / "105-12-25.xlsx", "b.xlsx")
    Path("c.xlsx").write_bytes(with_cells(("基本資料", "B5", "臺北市某機關")))
    Path("bad.xlsx").write_bytes(b"no workbook")
    return tmp_path


def built(*names: str, output: str, more: tuple[str, ...] = ()) -> int:
    asked = ["build", *names, "-o", output, "--templates", "plain", "--lang", "zh-TW", *more]
    return main(asked)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--json",), ("--templates", "faulty")])
def test_many_are_built_as_one_after_another(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
) -> None:
    monkeypatch.setattr("reportgen.processes.resource_limits.available_cores", lambda: 2)
    code = built(*NAMES, output="many", more=more)
    many = capsys.readouterr()
    monkeypatch.setattr(commands, "MIN_PARALLEL_WORKBOOKS", 100)
    expected = ExitCode.TEMPLATE if "faulty" in more else ExitCode.FILE
    assert built(*NAMES, output="ones", more=more) == expected
    ones = capsys.readouterr()
    assert code == expected, many
    assert many.out.replace("many/", "ones/") == ones.out
    assert many.err == ones.err
    assert files(folder / "many") == files(folder / "ones")
    if "--json" in more:
        told = json.loads(many.out)["workbooks"]
        assert [each["workbook"] for each in told] == list(NAMES)
        assert [len(each["files"]) for each in told] == [2, 0, 2, 0, 2, 2]
        assert [each["changed"] for each in told[-1]["files"]] == [False, False]
    else:
        assert re.findall("none|bad", many.err) == re.findall("none|bad", ones.err) != []


def ended(order: Task) -> TaskResult:
    """One of them ends its worker."""
    if order.name == ENDS:
        os.kill(os.getpid(), signal.SIGKILL)
    return MADE(order)


MADE = parallel_build._build


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("cores", "documents", "parallel_docx"),
    [(1, "scorecard", False), (2, "scorecard", True), (2, "scorecard,results", False)],
)
def test_word_is_made_beside_the_pdf_where_a_core_is_idle(
    monkeypatch: pytest.MonkeyPatch, cores: int, documents: str, parallel_docx: bool
) -> None:
    jobs: list[RenderJob] = []

    def begin(job: RenderJob, fonts: object) -> None:
        jobs.append(job)
        raise StoppedError([], ExitCode.DONE)

    monkeypatch.setattr("reportgen.processes.resource_limits.available_cores", lambda: cores)
    monkeypatch.setattr("reportgen.render.sandboxed_renderer.start_rendering", begin)
    main(["build", "a.xlsx", "--document", documents])
    assert [each.parallel_docx for each in jobs] == [parallel_docx]


def test_many_builds_leave_no_core_idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a worker's, of which there are as many as there are cores."""
    asked: list[Task] = []

    def run(
        orders: Iterable[tuple[int, Task]], open_team: object
    ) -> Iterator[tuple[int, TaskResult]]:
        asked.extend(order for _, order in orders)
        yield from ()

    monkeypatch.setattr("reportgen.batch.batch_executor.run_batch", run)
    settings = Settings(output=tmp_path, working_folder=tmp_path, font_folders=(), cores=8)
    assert list(parallel_build.build_in_parallel([tmp_path / "a.xlsx"], settings, 8)) == []
    assert [
        each.settings.cores for each in asked if isinstance(each, parallel_build._BuildTask)
    ] == [1]


@pytest.mark.usefixtures("heeded", "folder")
def test_ctrl_c_ends_it_even_where_a_library_has_swallowed_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    class Here(Executor):
        def submit(self, function: Any, order: Task, /) -> Future[Any]:  # type: ignore[override]
            asked.append(order.name)
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            done: Future[Any] = Future()
            done.set_result(TaskResult(status=Status.REFUSED, problems=()))
            return done

    monkeypatch.setattr("reportgen.processes.resource_limits.available_cores", lambda: 2)
    monkeypatch.setattr(
        "reportgen.batch.batch_executor.open_local_executor",
        lambda jobs, make: BatchExecutor(Here(), 1, make),
    )
    assert built("a.xlsx", "b.xlsx", "c.xlsx", "bad.xlsx", output="out") == 130
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert asked == ["a.xlsx"]
    assert capsys.readouterr().out == ""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process as Unix does")
def test_a_workbook_that_ends_its_worker_is_told_and_the_others_are_built(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reportgen.processes.resource_limits.available_cores", lambda: 2)
    monkeypatch.setattr(parallel_build, "_build", ended)
    shutil.copy(folder / "a.xlsx", folder / ENDS)
    assert built("a.xlsx", ENDS, "b.xlsx", "c.xlsx", output="out") == ExitCode.ENVIRONMENT
    said = capsys.readouterr()
    assert "〔E510〕" in said.err
    assert f"{ENDS}: 未產製任何檔案。" in said.err
    assert len([line for line in said.out.splitlines() if line.startswith("已產製")]) == 6


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("c.xlsx", "bad.xlsx")], ids=["in turn", "by workers"])
def test_who_replaces_the_files_of_another_is_told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
) -> None:
    monkeypatch.setattr("reportgen.processes.resource_limits.available_cores", lambda: 2)
    Path("again.xlsx").write_bytes(with_cells(("基本資料", "B6", "另一份計分卡")))
    built("b.xlsx", "again.xlsx", *more, output="o", more=("--format", "pdf", "--json"))
    reports = json.loads(capsys.readouterr().out)["workbooks"]
    told = {each["workbook"]: [one["code"] for one in each["problems"]] for each in reports}
    assert {name for name, codes in told.items() if "W316" in codes} == {"again.xlsx"}
    assert len([*Path("o/105-12-25/備份").iterdir()]) == 1


def test_a_workbook_that_is_named_twice_replaces_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built("b.xlsx", "b.xlsx", output="o", more=("--format", "pdf")) == ExitCode.DONE
    assert "W316" not in capsys.readouterr().err


def test_documents_of_one_file_name_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain(folder / "plain", "平衡計分卡")
    asked = ("--document", "scorecard,平衡計分卡")
    assert built("b.xlsx", output="o", more=asked) == ExitCode.TEMPLATE
    assert "〔E414〕" in capsys.readouterr().err
    assert not Path("o").exists()
