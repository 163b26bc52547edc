"""Collections that end badly, by the real command.

An interrupted run is resumed; a workbook that exhausts or kills its worker costs one row.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.atomic_files import BACKUP_FOLDER
from reportgen.batch import build_cache
from reportgen.problems import ExitCode
from tests.factories.bad.files import bomb, million_rows
from tests.factories.plain_templates import plain
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of Unix"),
]
ROOT = Path(__file__).parents[2]
AGENCIES = ("甲", "乙", "丙", "丁")
GOOD = f"臺北市{AGENCIES[0]}機關"
LOOPING, GREEDY = "無窮機關", "無厭機關"
HTML = """<!DOCTYPE html>
<html lang="zh-Hant-TW"><head><title>{{ document.agency }}</title>
<link rel="stylesheet" href="style.css"></head><body><h1>{{ document.agency }}</h1>
{% if document.agency == "無窮機關" %}{% for a in range(9**5) %}{% for b in range(9**5) %}
{% endfor %}{% endfor %}{% endif %}
{% if document.agency == "無厭機關" %}{% set ns = namespace(text="x" * 9**5) %}
{% for a in range(99) %}{% set ns.text = ns.text ~ ns.text %}{% endfor %}{% endif %}
</body></html>
"""
# The clock of a template is 10 s; all interpreters of a test are given a shorter one.
SHORTER = "import reportgen.render.limits as limits\nlimits.TEMPLATE_TIMEOUT_S = 4.0\n"


@dataclass(frozen=True)
class Collection:
    """Workbooks that were handed in, and plain templates."""

    folder: Path
    templates: Path

    def command(self, output: Path, *more: str) -> list[str]:
        asked = ["collect", str(self.folder), "-o", str(output), "--document", "scorecard"]
        return [*asked, "--templates", str(self.templates), "--lang", "zh-TW", *more]

    def program(self, output: Path, *more: str) -> list[str]:
        return [sys.executable, "-m", "reportgen", *self.command(output, *more)]


def named(agency: str) -> bytes:
    return with_cells(("基本資料", "B5", agency))


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("collection")
    (folder / "in").mkdir()
    for agency in AGENCIES:
        (folder / f"in/{agency}.xlsx").write_bytes(named(f"臺北市{agency}機關"))
    (folder / "in/壞.xlsx").write_bytes(b"no workbook")
    plain(folder / "templates", "rollup", html="<!DOCTYPE html><title>x</title><h1>x</h1>")
    return Collection(folder / "in", plain(folder / "templates", html=HTML))


@pytest.fixture(scope="module")
def undisturbed(
    collection: Collection, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], float]:
    """What a collection makes, and the seconds that it takes from its start."""
    output = tmp_path_factory.mktemp("undisturbed")
    begun = time.monotonic()
    asked = collection.program(output)
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.WORKBOOK, done.stderr
    return files(output), time.monotonic() - begun


def files(output: Path) -> dict[str, str]:
    """Everything that lies there, by digest; no records, no backups, nothing only begun."""
    return {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file()
        and not {build_cache.CACHE_FOLDER, BACKUP_FOLDER} & {*path.parts}
        and path.name[0] != "."
    }


def ends_as_undisturbed(collection: Collection, output: Path, expected: dict[str, str]) -> str:
    """What the same command says when it is left alone."""
    again = subprocess.run(
        collection.program(output), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert again.returncode == ExitCode.WORKBOOK, again.stderr
    assert files(output) == expected
    return again.stdout


@pytest.mark.usefixtures("heeded")
def test_a_collection_that_was_ended_is_gone_on_with(
    collection: Collection, undisturbed: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    """Killed, interrupted, and all of it killed at moments of which nothing is known."""
    expected, seconds = undisturbed
    for number, ends in (
        (signal.SIGKILL, -signal.SIGKILL),
        (signal.SIGINT, 130),
        (signal.SIGTERM, 143),
    ):
        code, said = ended_after_a_record(collection, tmp_path, number)
        assert code == ends, said
        assert ("再執行一次同樣的指令就會接續" in said) == (ends > 0)
    moments = random.Random(7)
    for _ in range(2):
        with subprocess.Popen(
            collection.program(tmp_path),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as running:
            with suppress(subprocess.TimeoutExpired):
                running.wait(moments.uniform(0.2, 0.8) * seconds)
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
    assert "未變 0" not in ends_as_undisturbed(collection, tmp_path, expected)


def ended_after_a_record(
    collection: Collection, output: Path, number: signal.Signals
) -> tuple[int, str]:
    """The exit code, and what was said."""
    before = len(records(output))
    with subprocess.Popen(
        collection.program(output, "--jobs", "1"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        end = time.monotonic() + 120
        while len(records(output)) == before:
            assert time.monotonic() < end
            time.sleep(0.01)
        running.send_signal(number)
        _, said = running.communicate(timeout=60)
    return running.returncode, said


def records(output: Path) -> list[Path]:
    return list((output / build_cache.CACHE_FOLDER).glob("*.record"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_whichever_process_is_killed_the_others_go_on(
    collection: Collection, undisturbed: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    """Workers, their children, the process that they are forked from: each at some moment."""
    expected, seconds = undisturbed
    choose = random.Random(11)
    killed = 0
    with subprocess.Popen(
        collection.program(tmp_path, "--json"), cwd=ROOT, stdout=subprocess.PIPE
    ) as running:
        while running.poll() is None:
            time.sleep(choose.uniform(0.05, 0.15) * seconds)
            below = [
                pid for pid, told in descendants(running.pid) if b"resource_tracker" not in told
            ]
            if below and killed < 5:
                with suppress(ProcessLookupError):
                    os.kill(choose.choice(below), signal.SIGKILL)
                    killed += 1
        said, _ = running.communicate()
    rows = json.loads(said)["workbooks"]
    assert killed > 1
    assert len(rows) == len(AGENCIES) + 1
    for row in rows:
        assert row["files"] if row["status"] == "made" else row["problems"]
    ends_as_undisturbed(collection, tmp_path, expected)


def descendants(root: int) -> Iterator[tuple[int, bytes]]:
    """All processes below one, with their command lines."""
    below: dict[int, list[int]] = {}
    for place in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            told = (place / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            below.setdefault(int(told[1]), []).append(int(place.name))
    waiting = [root]
    while waiting:
        for pid in below.get(waiting.pop(), ()):
            waiting.append(pid)
            with suppress(OSError):
                yield pid, Path(f"/proc/{pid}/cmdline").read_bytes()


def test_who_exhausts_a_worker_costs_one_row(
    collection: Collection, undisturbed: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    """Real files: a bomb, a million rows, and agencies at whom a template loops or hoards."""
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    contents = {
        "bomb": bomb(),
        "rows": million_rows(),
        "loops": named(LOOPING),
        "hoards": named(GREEDY),
        AGENCIES[0]: (collection.folder / f"{AGENCIES[0]}.xlsx").read_bytes(),
    }
    for name, content in contents.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    (tmp_path / "sitecustomize.py").write_text(SHORTER, "utf-8")
    asked = Collection(folder, collection.templates).program(output, "--json")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == ExitCode.WORKBOOK, done.stderr
    rows = {Path(row["workbook"]).stem: row for row in json.loads(done.stdout)["workbooks"]}
    statuses = {name: row["status"] for name, row in rows.items()}
    assert statuses == dict.fromkeys(contents, "refused") | {AGENCIES[0]: "made"}
    codes = {name: [each["code"] for each in row["problems"]] for name, row in rows.items()}
    assert "E133" in codes["bomb"]
    assert "E133" in codes["rows"]
    assert "E409" in codes["loops"]
    assert "E409" in codes["hoards"]
    made = {name: each for name, each in files(output).items() if GOOD in name}
    assert made == {name: each for name, each in undisturbed[0].items() if GOOD in name} != {}
