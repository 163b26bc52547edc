"""A folder of workbooks: the same bytes as single builds, only what changed, whatever happens."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.batch import (
    BatchOptions,
    Status,
    build_cache,
    build_incrementally,
    find_workbooks,
    read_build_options,
)
from reportgen.batch.batch_executor import BatchExecutor
from reportgen.batch.incremental_build import results_of
from reportgen.problems import Location, make_problem
from reportgen.render.fonts.font_set import font_folders
from tests.factories.rollups import city
from tests.factories.workbook_folders import Maker, files, hand_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.batch import BatchResult

ROOT = Path(__file__).parents[2]
INPUTS = ROOT / "inputs"


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def gather(tmp_path: Path, maker: Maker) -> Callable[..., BatchResult]:
    style, _ = read_build_options(
        documents=("scorecard",),
        formats=("pdf",),
        templates=ROOT / "templates",
        working_folder=tmp_path,
        font_folders=font_folders(),
        language="zh-TW",
    )

    def run(*, inputs_digest: str = "1", force: bool = False, **given: Any) -> BatchResult:
        folder, output = tmp_path / "in", tmp_path / "out"
        maker.asked.clear()
        wishes = BatchOptions(
            output=output,
            build_options=style,
            inputs_digest=inputs_digest,
            open_executor=lambda: BatchExecutor(ThreadPoolExecutor(2), 2, maker),
            force=force,
            **given,
        )
        return build_incrementally(folder, find_workbooks(folder, output), wishes)

    return run


@pytest.mark.slow
def test_results_are_read_and_the_roll_up_prepared_while_workers_work(
    tmp_path: Path,
    maker: Maker,
    gather: Callable[..., BatchResult],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where all is as it was there is nothing to be rolled up, and so nothing to be read."""
    hand_in(tmp_path, a="sound 1", b="sound 2", c="bad 3", d="late 4")
    prepared: list[int] = []
    gather(preload=lambda: prepared.append(1))
    assert prepared == [1]
    read: list[Path] = []
    usual = build_cache.read_results

    def counted(record: Path) -> Any:
        read.append(record)
        return usual(record)

    monkeypatch.setattr(build_cache, "read_results", counted)
    gather(preload=lambda: prepared.append(1))
    assert (read, prepared) == ([], [1])
    hand_in(tmp_path, d="late 5")
    collected = gather(preload=lambda: prepared.append(1))
    assert maker.asked == ["d.xlsx"]
    assert len(read) == 3
    assert prepared == [1, 1]
    known = {row.name: row.results for row in collected.rows}
    assert known == {"a.xlsx": city(3)[0].results, "b.xlsx": city(3)[0].results} | dict.fromkeys(
        ("c.xlsx", "d.xlsx")
    )
    assert [results_of(row) == known[row.name] for row in collected.rows] == [True] * 4


def stages(collected: BatchResult) -> dict[str, str]:
    return {row.name: row.status.value for row in collected.rows}


def test_only_what_has_changed_is_made_again(
    tmp_path: Path, maker: Maker, gather: Callable[..., BatchResult]
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
    assert [replace(row, status=Status.MADE) for row in second.rows] == [
        replace(row, status=Status.MADE) for row in first.rows
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
    gather: Callable[..., BatchResult],
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
    return sorted((output / build_cache.CACHE_FOLDER).iterdir())


def test_another_ground_or_force_makes_all_anew(
    tmp_path: Path, maker: Maker, gather: Callable[..., BatchResult]
) -> None:
    hand_in(tmp_path, a="one 1", b="two 2")
    gather()
    for asked in ({"inputs_digest": "2"}, {"inputs_digest": "2", "force": True}):
        assert set(stages(gather(**asked)).values()) == {"made"}
        assert sorted(maker.asked) == ["a.xlsx", "b.xlsx"]
    assert set(stages(gather(inputs_digest="2")).values()) == {"unchanged"}


def test_what_was_refused_for_want_of_time_or_memory_is_tried_again(
    tmp_path: Path, maker: Maker, gather: Callable[..., BatchResult]
) -> None:
    hand_in(tmp_path, a="large 1", b="bad 2")
    for asked in (["a.xlsx", "b.xlsx"], ["a.xlsx"]):
        assert set(stages(gather()).values()) == {"refused"}
        assert sorted(maker.asked) == asked


def test_what_a_killed_run_had_begun_to_write_is_swept_away(
    tmp_path: Path, gather: Callable[..., BatchResult]
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
    tmp_path: Path, gather: Callable[..., BatchResult], late: str
) -> None:
    texts = {"a": "one 1", "b": "two 1"}
    texts[late] = f"late {texts[late]}"
    hand_in(tmp_path, **texts, c="three 3")
    for _ in range(2):
        collected = gather()
        rows = {row.name: row for row in collected.rows}
        assert rows["a.xlsx"].status in (Status.MADE, Status.UNCHANGED)
        assert rows["b.xlsx"].status is Status.REFUSED
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
    assert [each.relative_to(folder).as_posix() for each in find_workbooks(folder, output)] == taken


def test_a_record_makes_nothing_but_this_programs_values(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "evil"),)

    for content in (pickle.dumps(Evil()), pickle.dumps(ThreadPoolExecutor), b"x"):
        with pytest.raises(Exception, match=r".*"):
            build_cache._Reader(io.BytesIO(content)).load()
        place = build_cache.entry_path(tmp_path, "a.xlsx")
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(build_cache._header("k") + build_cache._join_parts(content, content))
        assert build_cache.read_entry(tmp_path, "a.xlsx", "k") is None
        assert build_cache.read_results(place) is None
    assert not (tmp_path / "evil").exists()


def test_a_record_keeps_results_as_they_are(tmp_path: Path) -> None:
    results = city(3)[0].results
    problems = (make_problem("E303", Location(file="a.xlsx"), found="a.xlsx", reason="?"),)
    record = build_cache.CacheEntry(key="k", status=Status.MADE, problems=problems, files={})
    assert build_cache.write_entry(tmp_path, "a.xlsx", record, results) == ()
    assert build_cache.read_entry(tmp_path, "a.xlsx", "k") == record
    assert build_cache.read_results(build_cache.entry_path(tmp_path, "a.xlsx")) == results
    assert build_cache.write_entry(tmp_path, "b.xlsx", record) == ()
    assert build_cache.read_results(build_cache.entry_path(tmp_path, "b.xlsx")) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[: len(build_cache._header("k"))],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content.replace(b"made", b"Made"),
    ],
    ids=["cut off", "half", "its head alone", "its end altered", "its beginning altered"],
)
def test_a_record_that_is_not_as_it_was_written_is_none(
    tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    record = build_cache.CacheEntry(key="k", status=Status.MADE, problems=(), files={})
    build_cache.write_entry(tmp_path, "a.xlsx", record, city(3)[0].results)
    place = build_cache.entry_path(tmp_path, "a.xlsx")
    place.write_bytes(harm(place.read_bytes()))
    assert build_cache.read_entry(tmp_path, "a.xlsx", "k") is None
    assert build_cache.read_results(place) is None


def test_what_the_machine_lacked_is_tried_again(
    tmp_path: Path, gather: Callable[..., BatchResult], maker: Maker
) -> None:
    hand_in(tmp_path, a="lacking 1", b="bad 2")
    for asked in (["a.xlsx", "b.xlsx"], ["a.xlsx"]):
        gather()
        assert sorted(maker.asked) == asked


def test_records_that_cannot_be_kept_are_told(
    tmp_path: Path, gather: Callable[..., BatchResult]
) -> None:
    hand_in(tmp_path, a="one 1")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / build_cache.CACHE_FOLDER).write_text("no folder")
    (row,) = gather().rows
    assert (row.status, [each.code for each in row.problems]) == (Status.MADE, ["E304"])
