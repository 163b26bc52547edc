"""``reportgen collect``: what single builds make, what is told, how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from reportgen.batch import Status, build_cache
from reportgen.batch.batch_executor import BatchExecutor
from reportgen.batch.roster import find_roster, read_roster
from reportgen.batch.tasks import Task, TaskResult
from reportgen.cli import main
from reportgen.pipeline import Settings, build
from reportgen.problems import ExitCode, StoppedError, make_problem
from reportgen.render.fonts.font_set import font_folders
from tests.factories.workbook_folders import Maker, files, hand_in

ROOT = Path(__file__).parents[2]
INPUTS = ROOT / "inputs"


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What single builds of two editions make."""
    output = tmp_path_factory.mktemp("single")
    for name in ("105-06-30", "105-12-25"):
        settings = Settings(
            output=output,
            formats=("pdf", "docx"),
            working_folder=ROOT,
            font_folders=font_folders(),
        )
        build(INPUTS / f"{name}.xlsx", settings)
    return files(output)


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "教育局").mkdir(parents=True)
    shutil.copy(INPUTS / "105-06-30.xlsx", folder / "教育局/105-06-30.xlsx")
    shutil.copy(INPUTS / "105-12-25.xlsx", folder / "105-12-25.xlsx")
    (folder / "壞.xlsx").write_bytes(b"no workbook")
    return folder


def command(folder: Path, output: Path, *more: str) -> list[str]:
    asked = ["collect", str(folder), "-o", str(output), "--document", "scorecard"]
    return [*asked, "--templates", str(ROOT / "templates"), "--lang", "zh-TW", *more]


def documents(output: Path) -> dict[str, str]:
    return {
        name: each
        for name, each in files(output).items()
        if not name.startswith(("檢查/", "彙整."))
    }


@pytest.mark.slow
def test_a_collection_makes_what_single_builds_make(
    handed_in: Path,
    single: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "out"
    assert main(command(handed_in, output)) == ExitCode.WORKBOOK
    said = capsys.readouterr()
    assert said.out.startswith("共 3 份：製作 2、未變 0、有錯誤 1、失敗 0（")
    assert said.err.startswith("〔E130〕壞.xlsx ")
    assert documents(output) == single
    assert (output / "檢查/教育局/105-06-30_檢查.xlsx").is_file()
    rolled = {name: each for name, each in files(output).items() if name.startswith("彙整.")}
    assert list(rolled) == ["彙整.docx", "彙整.pdf", "彙整.xlsx"]
    linked = load_workbook(output / "彙整.xlsx")["收件情形"]
    links = {
        unquote(str(cell.hyperlink.target))
        for row in linked.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert "檢查/教育局/105-06-30_檢查.xlsx" in links
    assert all((output / each).exists() for each in links)
    assert main(command(handed_in, output, "--json")) == ExitCode.WORKBOOK
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "reportgen.collect/1"
    assert [each["status"] for each in told["workbooks"]] == ["unchanged", "refused", "unchanged"]
    assert documents(output) == single
    assert {name: each for name, each in files(output).items() if "彙整." in name} == rolled


def test_a_folder_that_is_not_there_and_an_empty_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collect", str(tmp_path / "no"), "--lang", "zh-TW"]) == ExitCode.FILE
    assert "〔E313〕" in capsys.readouterr().err
    assert main(["collect", str(tmp_path), "--lang", "zh-TW"]) == ExitCode.DONE
    assert capsys.readouterr().out == f"「{tmp_path}」裡沒有活頁簿。\n"


@pytest.mark.parametrize("output", [".", "in", "in/"])
def test_a_folder_in_its_own_output_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    hand_in(tmp_path, a="one 1")
    folder, written = tmp_path / "in", tmp_path / output
    assert main(command(folder, written, "--lang", "zh-TW")) == ExitCode.USAGE
    assert "〔E315〕" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "a.xlsx"]


def test_without_libreoffice_no_odt_is_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(tmp_path, a="one 1")
    monkeypatch.setattr("reportgen.render.odt.libreoffice.find_program", lambda: "")
    asked = command(tmp_path / "in", tmp_path / "out", "--format", "odt", "--lang", "zh-TW")
    assert main(asked) == ExitCode.ENVIRONMENT
    assert capsys.readouterr().err.count("〔E507〕") == 1
    assert not (tmp_path / "out").exists()


def test_a_roll_up_that_fails_has_its_own_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(tmp_path, a="one 1")
    team = BatchExecutor(ThreadPoolExecutor(1), 1, Maker())
    monkeypatch.setattr("reportgen.cli.collect._open_executor", lambda options: team)
    failed: tuple[dict[str, bytes], Any] = (
        {},
        (make_problem("E405", found="rollup", places="templates"),),
    )
    monkeypatch.setattr("reportgen.batch.rollup_step.render_rollup", lambda *given: failed)
    assert main(command(tmp_path / "in", tmp_path / "out", "--lang", "zh-TW")) == ExitCode.TEMPLATE
    assert "〔E405〕" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("甲,\r\n乙,甲\n\n", [("甲", ""), ("乙", "甲")]),
        ("機關名稱,上級機關\n甲\n 乙 , 甲 \n", [("甲", ""), ("乙", "甲")]),
        ("", []),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950"])
def test_a_roster_is_a_line_for_each_agency(
    tmp_path: Path, content: str, expected: list[tuple[str, str]], encoding: str
) -> None:
    place = tmp_path / "機關名單.csv"
    place.write_bytes(content.encode(encoding))
    assert find_roster(tmp_path) == place
    roster, problems = read_roster(place)
    assert [(each.agency, each.parent) for each in roster] == expected
    assert problems == ()


def test_a_roster_that_is_no_text_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "機關名單.csv"
    for content, code in ((b"PK\x03\x04\x00\xff", "E314"), (None, "E303")):
        if content is not None:
            place.write_bytes(content)
        asked = str(place if content is not None else tmp_path / "no.csv")
        arguments = ["collect", str(tmp_path), "--roster", asked, "--lang", "zh-TW"]
        assert main(arguments) == ExitCode.FILE
        assert f"〔{code}〕" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "options", "warm"),
    [
        ("nothing", [], True),
        ("all of it", [], False),
        ("all of it", ["--force"], True),
        ("all of it", ["--scheduler", "tcp://127.0.0.1:1"], False),
        ("an older edition", [], True),
    ],
)
def test_workers_get_warm_where_it_looks_as_if_there_were_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, options: list[str], warm: bool
) -> None:
    """While it is found out what has changed; a guess, by the dates of files."""
    hand_in(tmp_path, a="one 1", b="two 2")
    output = tmp_path / "out"
    for name in ("a.xlsx", "b.xlsx") if before != "nothing" else ():
        record = build_cache.entry_path(output, name)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_bytes(b"")
        day = -60 if before == "an older edition" and name == "b.xlsx" else 60
        os.utime(record, times=(time.time() + day,) * 2)
    asked: list[str] = []
    monkeypatch.setattr(
        "reportgen.batch.batch_executor.start_forkserver", lambda: asked.append("warm")
    )

    def stop(**given: object) -> None:
        raise StoppedError([make_problem("E512")], ExitCode.ENVIRONMENT)

    monkeypatch.setattr("reportgen.batch.read_build_options", stop)
    assert main([*command(tmp_path / "in", output), *options]) == ExitCode.ENVIRONMENT
    assert asked == ["warm"] * warm


@pytest.mark.parametrize(("jobs", "cores"), [("1", 1), ("3", 3)])
def test_the_roll_up_has_the_cores_of_the_collection(
    handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: str, cores: int
) -> None:
    seen: list[int] = []

    def produce(rolled: object, settings: Settings) -> tuple[dict[str, bytes], tuple[()]]:
        seen.append(settings.cores)
        return {}, ()

    def stand_in(options: object) -> BatchExecutor:
        return BatchExecutor(
            ThreadPoolExecutor(1), 1, lambda order: TaskResult(status=Status.FAILED, problems=())
        )

    monkeypatch.setattr("reportgen.batch.rollup_step.render_rollup", produce)
    monkeypatch.setattr("reportgen.cli.collect._open_executor", stand_in)
    main(command(handed_in, tmp_path / "out", "--jobs", jobs))
    assert seen == [cores]


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("ended", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_a_library_has_swallowed_ends_it_all_the_same(
    handed_in: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ended: tuple[signal.Signals, int],
) -> None:
    number, code = ended
    asked: list[str] = []

    def pressed(order: Task) -> TaskResult:
        asked.append(order.name)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(number)
        return TaskResult(status=Status.MADE, problems=(), files={order.name: b"made"})

    class Here(Executor):
        def submit(self, function: Any, /, *given: Any, **named: Any) -> Future[Any]:
            done: Future[Any] = Future()
            done.set_result(function(*given, **named))
            return done

    monkeypatch.setattr(
        "reportgen.cli.collect._open_executor", lambda options: BatchExecutor(Here(), 1, pressed)
    )
    assert main(command(handed_in, tmp_path / "out")) == code
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert "再執行一次同樣的指令就會接續" in capsys.readouterr().err
    assert len(asked) == 1
