"""The time to read a formula, beside a former commit's, in one run.

``python -m benchmarks.formula_parsing [REV]`` unpacks the program of REV (default: HEAD) into a
temporary folder and times both, turn by turn, in processes of their own: the longest formula of the
original document, without and with the workbook's names, and every formula of
tests/factories/formulas. It prints milliseconds and the ratio to REV; nothing is asserted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).parents[1]
ROUNDS: Final = 5  # turns of each program
REPEATS: Final = 200  # readings of a formula in a turn
LONGEST: Final = (
    "(資本門實支數+資本門應付未付數+資本門賸餘數)/(資本門預算數)×100%\n"
    "(以上各數均含本年度原預算、併決算及以前年度保留數)\n(單位: %)"
)
# What a process does: it reads formulas and their items as JSON, and prints its times.
_TIMER: Final = """
import json, sys, time
from reportgen import formula
work = json.load(sys.stdin)
def read(text, items):
    known = getattr(formula, "Vocabulary", None)
    if items is None or known is None:
        return lambda: formula.parse(text)
    names = known.of((item, "") for item in items)
    return lambda: formula.parse(text, vocabulary=names)
times = []
for text, items, repeats in work:
    once = read(text, items)
    once()
    start = time.perf_counter()
    for _ in range(repeats):
        once()
    times.append((time.perf_counter() - start) / repeats * 1000)
print(json.dumps(times))
"""


def main() -> int:
    """Print the table; the exit code is 0 unless REV does not exist."""
    revision = sys.argv[1] if len(sys.argv) > 1 else "HEAD"
    items = ["資本門實支數", "資本門應付未付數", "資本門賸餘數", "資本門預算數", "預算數", "賸餘數"]
    collected = _collected()
    work = [
        (LONGEST, None, REPEATS),
        (LONGEST, items, REPEATS),
        *((text, names, 3) for text, names in collected),
    ]
    with tempfile.TemporaryDirectory() as folder:
        _unpack(revision, Path(folder))
        former = _times(Path(folder), work)
        present = _times(ROOT, work)
        for _ in range(ROUNDS - 1):
            former = [min(pair) for pair in zip(former, _times(Path(folder), work), strict=True)]
            present = [min(pair) for pair in zip(present, _times(ROOT, work), strict=True)]
    print(f"{'':44}{'ms':>9}{revision[:10]:>12}{'ratio':>8}")
    _line("longest of the original, without names", present[0], former[0])
    _line("longest of the original, with its names", present[1], former[1])
    _line(f"{len(collected)} collected formulas, median", *map(median, (present[2:], former[2:])))
    _line("the slowest of them", max(present[2:]), max(former[2:]))
    return 0


def _line(title: str, present: float, former: float) -> None:
    print(f"{title:44}{present:>9.3f}{former:>12.3f}{present / former:>8.2f}")


def _collected() -> list[tuple[str, list[str]]]:
    formulas = []
    for name in ("public", "collection"):
        path = ROOT / f"tests/factories/formulas/{name}.json"
        for entry in json.loads(path.read_text("utf-8")):
            names = [*entry.get("figures", {}), *entry.get("components", {})]
            formulas.append((entry["formula"], names))
    return formulas


def _unpack(revision: str, folder: Path) -> None:
    command = ["git", "-C", str(ROOT), "archive", revision, "reportgen"]
    packed = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _times(folder: Path, work: list[tuple[str, list[str] | None, int]]) -> list[float]:
    """Return milliseconds for each formula, by the program in ``folder``."""
    process = subprocess.run(
        [sys.executable, "-c", _TIMER],
        input=json.dumps(work),
        capture_output=True,
        check=True,
        cwd=folder,
        text=True,
    )
    times: list[float] = json.loads(process.stdout)
    return times


if __name__ == "__main__":
    sys.exit(main())
