"""Duration of a whole build, beside WeasyPrint's own command on ready HTML.

Every measured process is cold. The contenders take turns, so that other load on the machine
affects all of them; after one round to warm the disk's cache, medians are printed.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "inputs/105-12-25.xlsx"
BIN = Path(sys.executable).parent
REPORTGEN = BIN / "reportgen"
MADE = "made"  # the folder that every contender writes to


@dataclass(frozen=True, slots=True)
class Run:
    """The cost of one process in seconds: elapsed, and of the processor."""

    wall: float
    cpu: float


def run(command: list[str | Path], folder: Path) -> Run:
    """Run a command to its end in a clean folder; exit if it fails."""
    shutil.rmtree(folder / MADE, ignore_errors=True)
    (folder / MADE).mkdir()
    with (folder / "said").open("w+b") as output:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            raise SystemExit(f"{command}: {output.read().decode()}")
    return Run(wall, usage.ru_utime + usage.ru_stime)


def ready_html(folder: Path) -> Path:
    """Write a document as HTML with all files that it refers to, and return its path."""
    subprocess.run(
        [REPORTGEN, "build", WORKBOOK, "--format", "html", "--output", folder],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (html,) = folder.rglob("*.html")
    return html


def contenders(folder: Path) -> dict[str, list[str | Path]]:
    """Return the commands to measure; the first is the reference."""
    html = ready_html(folder / "html")
    build: list[str | Path] = [REPORTGEN, "build", WORKBOOK, "--output", MADE]
    return {
        "weasyprint --pdf-variant pdf/a-3a": [
            *(BIN / "weasyprint", "--pdf-variant", "pdf/a-3a"),
            *(html, Path(MADE, "out.pdf")),
        ],
        "reportgen build (PDF + DOCX)": build,
        "reportgen build --format pdf": [*build, "--format", "pdf"],
        "reportgen build --format docx": [*build, "--format", "docx"],
        "reportgen --help": [REPORTGEN, "--help"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }


def measure(commands: dict[str, list[str | Path]], rounds: int, folder: Path) -> dict[str, Run]:
    """Return the medians of each command, taking turns; a first round is not counted."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = run(command, folder)
            if number:
                runs[name].append(cost)
    return {
        name: Run(
            statistics.median(cost.wall for cost in costs),
            statistics.median(cost.cpu for cost in costs),
        )
        for name, costs in runs.items()
    }


def table(medians: dict[str, Run]) -> str:
    """Return the medians and their ratios to the first, as a Markdown table."""
    first = next(iter(medians.values()))
    lines = [
        "| | wall s | CPU s | ratio, wall | ratio, CPU |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{name}` | {median.wall:.3f} | {median.cpu:.3f}"
        f" | {median.wall / first.wall:.2f} | {median.cpu / first.cpu:.2f} |"
        for name, median in medians.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="how often each is run (9)")
    rounds = parser.parse_args().rounds
    compileall.compile_dir(ROOT / "reportgen", quiet=2)  # as an installation does
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        medians = measure(contenders(folder), rounds, folder)
    print(f"Medians of {rounds} cold runs each, taking turns; {os.cpu_count()} cores.\n")
    print(table(medians))


if __name__ == "__main__":
    main()
