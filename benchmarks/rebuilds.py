"""Share of rebuilds that are identical byte for byte, in different environments.

``python benchmarks/rebuilds.py [--times 50] [--clone]`` builds the sample's scorecard and
results, then runs ``reportgen archive rebuild`` on them in processes with another hash seed, time
zone, locale and working folder each; with ``--clone`` by a fresh clone in another path.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
ZONES = ("UTC", "Asia/Taipei", "America/St_Johns", "Pacific/Kiritimati", "Antarctica/Troll")
LOCALES = ("C", "C.UTF-8", "POSIX", "zh_TW.UTF-8", "tr_TR.UTF-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--clone", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pdfs = built(folder / "built")
        program = cloned(folder / "a path with 空白") if options.clone else ROOT
        came: Counter[str] = Counter()
        for number, pdf in zip(range(options.times), itertools.cycle(pdfs), strict=False):
            came[remade(pdf, program, folder / f"cwd{number}", number)] += 1
    print(f"{came['identical']} of {options.times} identical")
    for why, count in came.items():
        if why != "identical":
            print(f"{count} times: {why}")
    return 0 if came["identical"] == options.times else 1


def built(folder: Path) -> list[Path]:
    """Build the sample's PDFs from this checkout."""
    command = [sys.executable, "-m", "reportgen", "build", "inputs/105-12-25.xlsx", "--quiet"]
    command += ["--document", "scorecard,results", "--format", "pdf", "--output", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return sorted(folder.rglob("*.pdf"))


def cloned(folder: Path) -> Path:
    """Clone the committed state into a folder."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    return folder


def remade(pdf: Path, program: Path, working: Path, number: int) -> str:
    """Rebuild a PDF; return ``identical``, or the output."""
    working.mkdir()
    surroundings = {
        "PYTHONHASHSEED": str(number),
        "TZ": ZONES[number % len(ZONES)],
        "LC_ALL": LOCALES[number // 2 % len(LOCALES)],
        "PYTHONPATH": str(program),
        "HOME": str(working),
    }
    command = [sys.executable, "-m", "reportgen", "archive", "rebuild", "--json", str(pdf)]
    process = subprocess.run(
        command, cwd=working, env=os.environ | surroundings, capture_output=True, check=False
    )
    try:
        (rebuilt,) = json.loads(process.stdout)["rebuilt"]
    except (ValueError, KeyError):
        return process.stderr.decode(errors="replace")[-300:]
    return "identical" if rebuilt["identical"] else str(rebuilt["changed"] or "unexplained")


if __name__ == "__main__":
    raise SystemExit(main())
