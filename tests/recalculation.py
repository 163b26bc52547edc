"""Let LibreOffice calculate 試算 of generated agencies: another program must get our figures.

``python -m tests.recalculation --agencies 10000`` writes each agency's workbook, lets LibreOffice
calculate its sheet 試算, and compares every KPI's figure of every year, as text, with what the
program prints. It prints how many figures were compared, how many 試算 leaves undecided (a word in
place of a figure that might be wrong), and each that differs with the words that make it again.
The exit status is 1 if a figure differs. ``--first 4000 --agencies 1000`` does a part of them.
``test_recalculated_formulas.py`` does a few.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.compute import compute
from reportgen.workbook import read_bytes
from reportgen.workbook.writing.live_formulas import TOO_LARGE_TEXT
from tests.factories.agencies import agency, most
from tests.readers.calc import calculated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.readers.calc import Table

BATCH: Final = 50  # workbooks for one start of LibreOffice
UNDECIDED: Final = ("≈", TOO_LARGE_TEXT)
HEADING_ROW: Final = 3  # of 試算, from 0


@dataclass
class Count:
    """What came of some agencies."""

    agencies: int = 0
    figures: Counter[str] = field(default_factory=Counter)  # equal, undecided, different
    differences: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Add what came of other agencies."""
        self.agencies += other.agencies
        self.figures += other.figures
        self.differences += other.differences


def recalculate(numbers: Sequence[int], seed: int) -> Count:
    """Return what comes of the agencies of these numbers, from 0."""
    count = Count(agencies=len(numbers))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"{number}.xlsx" for number in numbers]
        for number, file in zip(numbers, files, strict=True):
            file.write_bytes(_workbook(number, seed))
        tables = calculated(files, "試算", folder)
        for number, file, table in zip(numbers, files, tables, strict=True):
            for code, year, printed, shown in _figures(file.read_bytes(), table):
                outcome = compare(printed, shown)
                count.figures[outcome] += 1
                if outcome == "different":
                    place = f"--seed {seed}, agency {number}, {code}, {year}"
                    count.differences.append(f"{place}: {printed!r} is printed, {shown!r} in 試算")
    return count


def compare(printed: str, shown: str) -> str:
    """Return ``equal``, ``undecided`` or ``different`` for a printed figure and that of 試算."""
    if shown == printed:
        return "equal"
    return "undecided" if shown.startswith(UNDECIDED) else "different"


def _workbook(number: int, seed: int) -> bytes:
    """Return the workbook of an agency; from 601 on the agencies are those of the next seed."""
    seeds, place = divmod(number, most())
    return agency(place + 1, seed + seeds).workbook()


def _figures(content: bytes, table: Table) -> Iterator[tuple[str, int, str, str]]:
    """Yield code, year, printed figure and that of 試算, for each KPI's years."""
    scorecard, problems = read_bytes(content)
    assert scorecard is not None, [problem.line("en") for problem in problems]
    results, _ = compute(scorecard)
    columns = {int(text): place for place, text in enumerate(table[HEADING_ROW]) if text.isdigit()}
    shown = {row[0]: row for row in table[HEADING_ROW + 1 :] if row[1] == "KPI"}
    for kpi in results.kpis:
        for year in kpi.years:
            yield kpi.kpi.code, year.year, year.printed, shown[kpi.kpi.code][columns[year.year]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts and every difference; return 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.recalculation", description=__doc__)
    parser.add_argument("--agencies", type=int, default=BATCH)
    parser.add_argument("--first", type=int, default=0, help="number of the first agency")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(arguments)
    end = given.first + given.agencies
    batches = [range(start, min(start + BATCH, end)) for start in range(given.first, end, BATCH)]
    count = Count()
    with multiprocessing.get_context("spawn").Pool(given.jobs) as pool:
        for result in pool.imap_unordered(partial(recalculate, seed=given.seed), batches):
            count.add(result)
            for difference in result.differences:
                print(difference, flush=True)
    total = count.figures.total()
    print(f"{count.agencies:,} agencies, {total:,} figures:", end=" ")
    print(", ".join(f"{count.figures[key]:,} {key}" for key in ("equal", "undecided", "different")))
    return int(bool(count.differences))


if __name__ == "__main__":
    sys.exit(main())
