"""Measure which lines and branches of the program the tests run, and hold them to what we demand.

``make coverage``, or ``python -m tests.coverage_report`` where coverage is installed in the
environment's site-packages, so that its ``a1_coverage.pth`` measures child processes too. The
package must be covered to MIN_PACKAGE_PERCENT, lines and branches together, and the parts that a
figure rests on entirely. ``python -m tests.coverage_report formula compare`` runs only the tests of
these parts, in minutes, and holds only them to 100 %.

Exits with 1 if less is covered or a test fails. What is excluded, and why, stands in
``[tool.coverage]`` of pyproject.toml and at each ``# pragma: no cover``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
CONFIGURATION: Final = ROOT / "pyproject.toml"
DATA: Final = ROOT / ".cache/coverage"
MIN_PACKAGE_PERCENT: Final = 95
WHOLE_SUITE: Final = (
    *("--numprocesses", "2", "--dist", "worksteal"),
    *("-m", "not validators and not wine and not bundle"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Modules that must be covered entirely, and the folders of the tests that do so."""

    modules: str  # the beginning of their paths
    tests: tuple[str, ...]


PARTS: Final = {
    "formula": Part("reportgen/formula/", ("tests/formula",)),
    "compute": Part("reportgen/compute/", ("tests/compute",)),
    "compare": Part("reportgen/compare/", ("tests/compare",)),
    "archive": Part("reportgen/archive/", ("tests/archive", "tests/approval")),
}


def shortfalls(report: Mapping[str, Any], parts: Sequence[str] = ()) -> Iterator[str]:
    """Yield a line for each file of a part, and for the package, that is covered too little.

    ``report`` is what ``coverage json`` writes. The package counts only if no parts are given, and
    then all parts do. A part without any measured file falls short too.
    """
    percent = report["totals"]["percent_covered"]
    if not parts and percent < MIN_PACKAGE_PERCENT:
        yield f"reportgen: {percent:.2f} % of {MIN_PACKAGE_PERCENT} %"
    for name in parts or PARTS:
        files = {
            path: measured
            for path, measured in report["files"].items()
            if path.startswith(PARTS[name].modules)
        }
        if not files:
            yield f"{PARTS[name].modules}: not measured"
        for path, measured in files.items():
            branches = measured.get("missing_branches", ())
            gaps = [
                *map(str, measured["missing_lines"]),
                *(f"{start}->{'exit' if end < 0 else end}" for start, end in branches),
            ]
            if gaps:
                yield f"{path}: {', '.join(gaps)}"


def _run_tests(parts: Sequence[str]) -> int:
    """Run the suite, or the tests of parts, with their data in DATA; return pytest's exit code."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    tests = [folder for part in parts for folder in PARTS[part].tests] or WHOLE_SUITE
    command = (sys.executable, "-m", "pytest", *tests)
    environment = os.environ | {
        "COVERAGE_PROCESS_START": str(CONFIGURATION),
        "COVERAGE_FILE": str(DATA / "data"),  # absolute, as children have other working folders
    }
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _coverage(*arguments: str) -> None:
    """Run a command of coverage on the data; raise CalledProcessError if it fails."""
    command = (sys.executable, "-m", "coverage", *arguments)
    environment = os.environ | {"COVERAGE_FILE": str(DATA / "data")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _part_name(text: str) -> str:
    """Return the text if it names a part; raise ArgumentTypeError otherwise."""
    if text not in PARTS:
        raise argparse.ArgumentTypeError(f"no part: {text}")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests, print the table and what falls short; return the exit code, 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.coverage_report", description=__doc__)
    parser.add_argument("parts", nargs="*", type=_part_name, metavar="|".join(PARTS))
    parts = tuple(parser.parse_args(arguments).parts)
    failed = _run_tests(parts)
    # Data of a process that was killed while it wrote them cannot be read, and is left out.
    _coverage("combine", "--quiet")
    of_parts = [f"--include={','.join(f'{PARTS[part].modules}*' for part in parts)}"] * bool(parts)
    _coverage("report", *of_parts)
    _coverage("json", "--quiet", "-o", str(DATA / "report.json"), *of_parts)
    lines = list(shortfalls(json.loads((DATA / "report.json").read_bytes()), parts))
    for line in lines:
        print(f"too little: {line}")
    if failed:
        print("tests have failed")
    return int(bool(lines or failed))


if __name__ == "__main__":
    raise SystemExit(main())
