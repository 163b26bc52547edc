"""A folder of workbooks: the same bytes as single builds, only what changed, whatever happens."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import shutil
import signal
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from reportgen.cli import main
from reportgen.collect import Stage, Wishes, collect, kept, styled, workbooks
from reportgen.collect.crew import Team
from reportgen.collect.gather import results_of
from reportgen.collect.orders import Order, Outcome
from reportgen.collect.roster import find_roster, read_roster
from reportgen.pipeline import Settings, build
from reportgen.problems import ExitCode, Location, StoppedError, make
from reportgen.render.fonts import font_folders
from tests.rolled import city

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.collect import Collected

ROOT = Path(__file__).parents[1]
INPUTS = ROOT / "inputs"


def files(folder: Path) -> dict[str, str]:
    """Everything that was made, by digest; no records, whose pickles may differ, no backups."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and kept.FOLDER not in path.parts and "備份" not in path.parts
    }


class Maker:
    """Makes small files instead of documents, and remembers of which workbooks."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, order: Order) -> Outcome:
        self.asked.append(order.name)
        text = order.content.decode()
        if text.startswith("late"):
            time.sleep(0.3)
        if text.startswith("bad"):
            return Outcome(stage=Stage.REFUSED, problems=(), marked=b"marked")
        if text.startswith("large"):
            return Outcome(stage=Stage.REFUSED, problems=(make("E133", found="SIGKILL"),))
        if text.startswith("lacking"):
            return Outcome(stage=Stage.REFUSED, problems=(make("E507"),))
        edition = text.split()[-1]
        content = f"made of {text}".encode()
        results = city(3)[0].results if text.startswith("sound") else None
        made = {f"{edition}/a.pdf": content}
        return Outcome(stage=Stage.MADE, problems=(), files=made, results=results)


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def gather(tmp_path: Path, maker: Maker) -> Callable[..., Collected]:
    style, _ = styled(
        documents=("scorecard",),
        formats=("pdf",),
        templates=ROOT / "templates",
        working_folder=tmp_path,
        font_folders=font_folders(),
        language="zh-TW",
    )

    def run(*, ground: str = "1", force: bool = False, **given: Any) -> Collected:
        folder, output = tmp_path / "in", tmp_path / "out"
        maker.asked.clear()
        wishes = Wishes(
            output=output,
            style=style,
            ground=ground,
            open_team=lambda: Team(ThreadPoolExecutor(2), 2, maker),
            force=force,
            **given,
        )
        return collect(folder, workbooks(folder, output), wishes)

    return run


def hand_in(tmp_path: Path, **contents: str) -> None:
    for name, text in contents.items():
        place = tmp_path / "in" / f"{name.replace('__', '/')}.xlsx"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")


def test_results_are_read_and_the_roll_up_prepared_while_workers_work(
    tmp_path: Path,
    maker: Maker,
    gather: Callable[..., Collected],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where all is as it was there is nothing to be rolled up, and so nothing to be read."""
    hand_in(tmp_path, a="sound 1", b="sound 2", c="bad 3", d="late 4")
    prepared: list[int] = []
    gather(get_ready=lambda: prepared.append(1))
    assert prepared == [1]
    read: list[Path] = []
    usual = kept.results

    def counted(record: Path) -> Any:
        read.append(record)
        return usual(record)

    monkeypatch.setattr(kept, "results", counted)
    gather(get_ready=lambda: prepared.append(1))
    assert (read, prepared) == ([], [1])
    hand_in(tmp_path, d="late 5")
    collected = gather(get_ready=lambda: prepared.append(1))
    assert maker.asked == ["d.xlsx"]
    assert len(read) == 3
    assert prepared == [1, 1]
    known = {row.name: row.results for row in collected.rows}
    assert known == {"a.xlsx": city(3)[0].results, "b.xlsx": city(3)[0].results} | dict.fromkeys(
        ("c.xlsx", "d.xlsx")
    )
    assert [results_of(row) == known[row.name] for row in collected.rows] == [True] * 4


def stages(collected: Collected) -> dict[str, str]:
    return {row.name: row.stage.value for row in collected.rows}


def test_only_what_has_changed_is_made_again(
    tmp_path: Path, maker: Maker, gather: Callable[..., Collected]
) -> None:
    hand_in(tmp_path, a="one 1", b__c="two 2", d="bad 3")
    first = gather()
    assert stages(first) == {"a.xlsx": "made", "b/c.xlsx": "made", "d.xlsx": "refused"}
    assert (tmp_path / "out/檢查/d_檢查.xlsx").read_bytes() == b"marked"
    before = files(tmp_path / "out")
    second = gather()
    assert stages(second) == {
        "a.xlsx": "unchanged",
        "b/c.xlsx": "unchanged",
        "d.xlsx": "refused",
    }
    assert maker.asked == []
    assert [replace(row, stage=Stage.MADE) for row in second.rows] == [
        replace(row, stage=Stage.MADE) for row in first.rows
    ]
    hand_in(tmp_path, a="changed 1")
    assert stages(gather())["a.xlsx"] == "made"
    assert maker.asked == ["a.xlsx"]
    hand_in(tmp_path, a="one 1")
    gather()
    assert files(tmp_path / "out") == before


@pytest.mark.parametrize(
    "harm",
    [
        lambda out: next((out / "1").glob("*.pdf")).write_bytes(b"altered"),
        lambda out: next((out / "1").glob("*.pdf")).unlink(),
        lambda out: [each.write_bytes(each.read_bytes()[:-9]) for each in records(out)],
        lambda out: [each.write_bytes(b"") for each in records(out)],
        lambda out: records(out)[0].unlink(),
        shutil.rmtree,
    ],
)
def test_what_is_not_as_it_was_made_is_made_again(
    tmp_path: Path,
    maker: Maker,
    gather: Callable[..., Collected],
    harm: Callable[[Path], object],
) -> None:
    hand_in(tmp_path, a="one 1")
    gather()
    before = files(tmp_path / "out")
    harm(tmp_path / "out")
    assert stages(gather()) == {"a.xlsx": "made"}
    assert files(tmp_path / "out") == before
    assert stages(gather()) == {"a.xlsx": "unchanged"}


def records(output: Path) -> list[Path]:
    return sorted((output / kept.FOLDER).iterdir())


def test_another_ground_or_force_makes_all_anew(
    tmp_path: Path, maker: Maker, gather: Callable[..., Collected]
) -> None:
    hand_in(tmp_path, a="one 1", b="two 2")
    gather()
    for asked in ({"ground": "2"}, {"ground": "2", "force": True}):
        assert set(stages(gather(**asked)).values()) == {"made"}
        assert sorted(maker.asked) == ["a.xlsx", "b.xlsx"]
    assert set(stages(gather(ground="2")).values()) == {"unchanged"}


def test_what_was_refused_for_want_of_time_or_memory_is_tried_again(
    tmp_path: Path, maker: Maker, gather: Callable[..., Collected]
) -> None:
    hand_in(tmp_path, a="large 1", b="bad 2")
    for asked in (["a.xlsx", "b.xlsx"], ["a.xlsx"]):
        assert set(stages(gather()).values()) == {"refused"}
        assert sorted(maker.asked) == asked


def test_what_a_killed_run_had_begun_to_write_is_swept_away(
    tmp_path: Path, gather: Callable[..., Collected]
) -> None:
    hand_in(tmp_path, a="one 1")
    folder = tmp_path / "out/1"
    folder.mkdir(parents=True)
    for name, age in ((".reportgen-old", 3600), (".reportgen-new", 0)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age,) * 2)
    gather()
    assert sorted(path.name for path in folder.iterdir()) == [".reportgen-new", "a.pdf"]


@pytest.mark.parametrize("late", ["a", "b"])
def test_of_an_edition_handed_in_twice_the_first_by_its_path_counts(
    tmp_path: Path, gather: Callable[..., Collected], late: str
) -> None:
    texts = {"a": "one 1", "b": "two 1"}
    texts[late] = f"late {texts[late]}"
    hand_in(tmp_path, **texts, c="three 3")
    for _ in range(2):
        collected = gather()
        rows = {row.name: row for row in collected.rows}
        assert rows["a.xlsx"].stage in (Stage.MADE, Stage.UNCHANGED)
        assert rows["b.xlsx"].stage is Stage.REFUSED
        (problem,) = rows["b.xlsx"].problems
        assert (problem.code, dict(problem.fields)["other"]) == ("E312", "a.xlsx")
        made = (tmp_path / "out/1/a.pdf").read_text("utf-8")
        assert made == f"made of {texts['a']}"


def test_what_is_no_workbook_of_an_agency_is_passed_over(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "in/out"
    taken = ["a.xlsx", "b/c.XLSM", "b/d.xls", "e.ods"]
    passed = ["~$a.xlsx", ".hidden.xlsx", "a_檢查.xlsx", "備份/a.xlsx", "out/x.xlsx", "notes.txt"]
    for name in (*taken, *passed):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    assert [each.relative_to(folder).as_posix() for each in workbooks(folder, output)] == taken


def test_a_record_makes_nothing_but_this_programs_values(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "evil"),)

    for content in (pickle.dumps(Evil()), pickle.dumps(ThreadPoolExecutor), b"x"):
        with pytest.raises(Exception, match=r".*"):
            kept._Reader(io.BytesIO(content)).load()
        place = kept.place(tmp_path, "a.xlsx")
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(kept._head("k") + kept._packed(content, content))
        assert kept.read(tmp_path, "a.xlsx", "k") is None
        assert kept.results(place) is None
    assert not (tmp_path / "evil").exists()


def test_a_record_keeps_results_as_they_are(tmp_path: Path) -> None:
    results = city(3)[0].results
    problems = (make("E303", Location(file="a.xlsx"), found="a.xlsx", reason="?"),)
    record = kept.Record(key="k", stage=Stage.MADE, problems=problems, files={})
    assert kept.write(tmp_path, "a.xlsx", record, results) == ()
    assert kept.read(tmp_path, "a.xlsx", "k") == record
    assert kept.results(kept.place(tmp_path, "a.xlsx")) == results
    assert kept.write(tmp_path, "b.xlsx", record) == ()
    assert kept.results(kept.place(tmp_path, "b.xlsx")) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[: len(kept._head("k"))],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content.replace(b"made", b"Made"),
    ],
    ids=["cut off", "half", "its head alone", "its end altered", "its beginning altered"],
)
def test_a_record_that_is_not_as_it_was_written_is_none(
    tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    record = kept.Record(key="k", stage=Stage.MADE, problems=(), files={})
    kept.write(tmp_path, "a.xlsx", record, city(3)[0].results)
    place = kept.place(tmp_path, "a.xlsx")
    place.write_bytes(harm(place.read_bytes()))
    assert kept.read(tmp_path, "a.xlsx", "k") is None
    assert kept.results(place) is None


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
    assert [each["stage"] for each in told["workbooks"]] == ["unchanged", "refused", "unchanged"]
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
    monkeypatch.setattr("reportgen.render.libreoffice.find", lambda: "")
    asked = command(tmp_path / "in", tmp_path / "out", "--format", "odt", "--lang", "zh-TW")
    assert main(asked) == ExitCode.ENVIRONMENT
    assert capsys.readouterr().err.count("〔E507〕") == 1
    assert not (tmp_path / "out").exists()


def test_what_the_machine_lacked_is_tried_again(
    tmp_path: Path, gather: Callable[..., Collected], maker: Maker
) -> None:
    hand_in(tmp_path, a="lacking 1", b="bad 2")
    for asked in (["a.xlsx", "b.xlsx"], ["a.xlsx"]):
        gather()
        assert sorted(maker.asked) == asked


def test_a_roll_up_that_fails_has_its_own_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(tmp_path, a="one 1")
    team = Team(ThreadPoolExecutor(1), 1, Maker())
    monkeypatch.setattr("reportgen.cli.collect._team", lambda options: team)
    failed: tuple[dict[str, bytes], Any] = ({}, (make("E405", found="rollup", places="templates"),))
    monkeypatch.setattr("reportgen.collect.summing.produce_rollup", lambda *given: failed)
    assert main(command(tmp_path / "in", tmp_path / "out", "--lang", "zh-TW")) == ExitCode.TEMPLATE
    assert "〔E405〕" in capsys.readouterr().err


def test_records_that_cannot_be_kept_are_told(
    tmp_path: Path, gather: Callable[..., Collected]
) -> None:
    hand_in(tmp_path, a="one 1")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / kept.FOLDER).write_text("no folder")
    (row,) = gather().rows
    assert (row.stage, [each.code for each in row.problems]) == (Stage.MADE, ["E304"])


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
        record = kept.place(output, name)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_bytes(b"")
        day = -60 if before == "an older edition" and name == "b.xlsx" else 60
        os.utime(record, times=(time.time() + day,) * 2)
    asked: list[str] = []
    monkeypatch.setattr("reportgen.collect.crew.get_warm", lambda: asked.append("warm"))

    def stop(**given: object) -> None:
        raise StoppedError([make("E512")], ExitCode.ENVIRONMENT)

    monkeypatch.setattr("reportgen.collect.styled", stop)
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

    def stand_in(options: object) -> Team:
        return Team(
            ThreadPoolExecutor(1), 1, lambda order: Outcome(stage=Stage.FAILED, problems=())
        )

    monkeypatch.setattr("reportgen.collect.summing.produce_rollup", produce)
    monkeypatch.setattr("reportgen.cli.collect._team", stand_in)
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

    def pressed(order: Order) -> Outcome:
        asked.append(order.name)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(number)
        return Outcome(stage=Stage.MADE, problems=(), files={order.name: b"made"})

    class Here(Executor):
        def submit(self, function: Any, /, *given: Any, **named: Any) -> Future[Any]:
            done: Future[Any] = Future()
            done.set_result(function(*given, **named))
            return done

    monkeypatch.setattr("reportgen.cli.collect._team", lambda options: Team(Here(), 1, pressed))
    assert main(command(handed_in, tmp_path / "out")) == code
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert "再執行一次同樣的指令就會接續" in capsys.readouterr().err
    assert len(asked) == 1
