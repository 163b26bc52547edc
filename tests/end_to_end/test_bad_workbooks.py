"""Whatever comes back, mailed through five hands: problems by cell, or the right figures."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.cli import main
from tests import fuzz
from tests.factories.bad import contents, files, layout
from tests.factories.bad.editing import Book, bare
from tests.factories.bad.mutations import MUTATIONS
from tests.factories.bad.outcome import outcome, sample
from tests.readers.resource_usage import reading_cost

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from tests.factories.bad import Case

CASES = (*files.CASES, *layout.CASES, *contents.CASES)
HEAVY = {
    "unpacks to 120 MB",
    "a million rows",
    "a merged area without end",
    "65,000 names",
    "64,000 styles",
    "30,000 named styles",
    "rows without end",
    "6,000 rows",
}
TOLD = {
    "a password": 1,
    "cut at 90 %": 1,
    "a sheet renamed": 1,
    "a figure with its unit": 1,
    "a character of its own": 1,
}


def by_name(case: Case) -> str:
    return case.name


def test_there_are_enough_and_no_two_of_one_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 120


@pytest.mark.parametrize("case", [each for each in CASES if each.name not in HEAVY], ids=by_name)
def test_a_bad_workbook_is_met_as_the_table_says(case: Case) -> None:
    content = case.make()
    start = time.process_time()
    found = outcome(content)
    assert time.process_time() - start < 10
    assert found.places() == case.found
    if found.figures is not None:
        assert (found.figures != sample().figures) is case.alters
    for problem in found.problems:
        for language in ("zh-TW", "en"):
            assert "\n" not in problem.line(language)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize("case", [each for each in CASES if each.name in HEAVY], ids=by_name)
def test_a_heavy_workbook_stays_within_its_limits(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "105-12-25.xlsx"
    path.write_bytes(case.make())
    cost = reading_cost(path)
    own = {(p.code, p.where.sheet, p.where.cell) for p in sample().problems}
    assert [place for place in cost.places if place not in own] == case.found
    assert cost.child_cpu_s < 10
    assert cost.child_peak_kb < 1_000_000


@pytest.mark.parametrize("case", [each for each in CASES if each.name in TOLD], ids=by_name)
def test_nothing_is_written_and_nothing_traced(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = tmp_path / "105-12-25.xlsx", tmp_path / "output"
    path.write_bytes(case.make())
    assert main(["build", str(path), "-o", str(target), "--lang", "zh-TW"]) == TOLD[case.name]
    assert not target.exists()
    told = capsys.readouterr()
    assert case.found[0][0] in told.err
    assert "Traceback" not in told.err + told.out


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(fuzz.KINDS)), st.integers(0, 10**6))
def test_whatever_is_changed_only_documents_or_problems_come_out(kind: str, seed: int) -> None:
    result = fuzz.run((kind, seed))
    assert result.came in {"document", "problems"}, result.why


def test_the_fuzzer_tells_a_figure_that_changed_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(chance: Random, steps: list[str]) -> bytes:
        book = Book(bare())
        book.sheet("年度資料").put("F5", 18)
        return book.content()

    monkeypatch.setitem(MUTATIONS, "structure", change)
    assert fuzz.run(("structure", 1)).came == "WRONG"


def test_the_fuzzer_tells_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MUTATIONS, "bytes", lambda chance, steps: 1 / 0)
    result = fuzz.run(("bytes", 1))
    assert result.came == "CRASH"
    assert "ZeroDivisionError" in result.why
