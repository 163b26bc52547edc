"""How a build's time and memory grow with the number of KPIs, each size in a cold process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.workbook import read, write

if TYPE_CHECKING:
    from reportgen.model import Kpi, Scorecard

WORKBOOK = Path(__file__).parents[1] / "inputs/105-12-25.xlsx"
TIMES = (1, 2, 4, 8, 16)
ROUNDS = 3


def grown(scorecard: Scorecard, times: int) -> Scorecard:
    """The same scorecard with every KPI stated so many times, under codes of their own."""
    taken = {kpi.code for kpi in scorecard.kpis}
    kpis: list[Kpi] = []
    for kpi in scorecard.kpis:
        kpis.append(kpi)
        number = 0
        for _ in range(times - 1):
            while (code := f"{kpi.objective}.{number}") in taken or number == 0:
                number += 1
            taken.add(code)
            kpis.append(replace(kpi, code=code))
    return replace(scorecard, kpis=tuple(kpis))


def build(workbook: Path, folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and the most memory held, in MiB."""
    command = [sys.executable, "-m", "reportgen", "build", "--quiet", str(workbook)]
    start = time.perf_counter()
    child = subprocess.Popen([*command, "--output", str(folder)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{workbook.name}: exit code {child.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    scorecard, problems = read(WORKBOOK)
    if scorecard is None:
        raise SystemExit("\n".join(problem.line("en") for problem in problems))
    print(f"Medians of {ROUNDS} cold runs, PDF + DOCX.\n\n| KPIs | s | ms per KPI | MiB |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        for times in TIMES:
            larger = grown(scorecard, times)
            workbook = Path(name, f"{times}.xlsx")
            write(larger, workbook)
            runs = [build(workbook, Path(name, f"{times}-{run}")) for run in range(ROUNDS)]
            seconds = statistics.median(run[0] for run in runs)
            memory = max(run[1] for run in runs)
            count = len(larger.kpis)
            print(f"| {count} | {seconds:.2f} | {seconds / count * 1000:.0f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
