"""Memory and processor time of one reading of a workbook, apart from what other tests have used."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = """
import json, resource, sys
from pathlib import Path
from reportgen.pipeline import calculate
from reportgen.workbook.reading import sandboxed_reader

sandboxed_reader.READ_TIMEOUT_S = 60  # the machine may be busy with other tests
results, problems = calculate(Path(sys.argv[1]))
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump({
    "has_results": results is not None,
    "places": [(p.code, p.where.sheet, p.where.cell) for p in problems],
    "child_peak_kb": usage.ru_maxrss,
    "child_cpu_s": usage.ru_utime + usage.ru_stime,
}, sys.stdout)
"""


class ReadingCost(NamedTuple):
    """The outcome of ``calculate`` and what its child process needed."""

    has_results: bool
    places: list[tuple[str, str, str]]
    child_peak_kb: int
    child_cpu_s: float


def reading_cost(path: Path) -> ReadingCost:
    """Return what reading a workbook costs, measured in a fresh interpreter.

    ``RUSAGE_CHILDREN`` keeps the largest of all children that a process ever had, so within the
    test process it would also count the children of whichever tests ran before.
    """
    command = [sys.executable, "-c", _PROGRAM, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    answer["places"] = [tuple(place) for place in answer["places"]]
    return ReadingCost(**answer)
