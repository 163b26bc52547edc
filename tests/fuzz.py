"""Mutate the sample by the ten thousand: only documents or problems may come out of it.

``python -m tests.fuzz --cases 20000 --seed 1`` prints how often each outcome was met, and for
each failure the words that make it again. Kinds of mutation:

- ``content``: a cell gets any content, of any type, in any number format;
- ``structure``: rows, columns, sheets and merged areas are moved about as in Excel. Each
  figure stands as it did, or a problem has been told;
- ``xml``: a part of the package loses, doubles or changes a piece of its XML;
- ``bytes``: bits and runs of bytes of the file are changed. What is read is what was sent.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import random
import resource
import sys
import time
import traceback
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.factories.bad.editing import bare
from tests.factories.bad.mutations import MUTATIONS, TYPED
from tests.factories.bad.outcome import Outcome, outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS: Final = 10
MEMORY: Final = 1_000_000_000  # bytes of a worker
KINDS: Final = {"content": 35, "structure": 35, "xml": 15, "bytes": 15}  # per cent


class Result(NamedTuple):
    """What came of a case: ``document``, ``problems``, or a failure and why."""

    kind: str
    seed: int
    came: str
    why: str = ""
    codes: tuple[str, ...] = ()


@cache
def base() -> tuple[bytes, Outcome]:
    """The workbook that is mutated, and what comes of it."""
    content = bare()
    return content, outcome(content)


def run(job: tuple[str, int]) -> Result:
    """One case; never raises."""
    kind, seed = job
    chance = random.Random(f"{kind} {seed}")
    steps: list[str] = []
    start = time.process_time()
    try:
        content = MUTATIONS[kind](chance, steps)
        start = time.process_time()
        found = outcome(content)
        for problem in found.problems:
            problem.line(), problem.line("en")
    except Exception:
        return Result(kind, seed, "CRASH", f"{steps}\n{traceback.format_exc()}")
    codes = tuple(sorted({each.code for each in found.problems}))
    took = time.process_time() - start
    if took > SECONDS:
        return Result(kind, seed, "SLOW", f"{steps} took {took:.1f} s", codes)
    if wrong := _wrong(kind, found, steps):
        return Result(kind, seed, "WRONG", f"{steps}: {wrong}", codes)
    came = "problems" if any(each.startswith("E") for each in codes) else "document"
    return Result(kind, seed, came, "", codes)


def _wrong(kind: str, found: Outcome, steps: list[str]) -> str:
    """A figure that is another one, and nothing told, after a mutation that may not change it."""
    _, before = base()
    if kind == "content" or TYPED in steps or found.figures is None or before.figures is None:
        return ""
    if set(found.problems) - set(before.problems):
        return ""  # something has been told
    expected = before.figures
    if any("delete column" in step for step in steps):  # a year, or a year's targets, may go
        expected = {
            where: (figure, target if found.figures[where][1] else "")
            for where, (figure, target) in expected.items()
            if where in found.figures
        }
    wrong = [
        (where, expected.get(where), found.figures.get(where))
        for where in sorted(expected.keys() | found.figures.keys())
        if expected.get(where) != found.figures.get(where)
    ]
    return str(wrong[:3]) if wrong else ""


def _jobs(cases: int, seed: int, kinds: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    whole = sum(KINDS[kind] for kind in kinds)
    for kind in kinds:
        count = cases * KINDS[kind] // whole
        yield from ((kind, seed * 10_000_000 + n) for n in range(count))


def _prepare() -> None:
    """A worker: what stays is not looked through for garbage at every case."""
    base()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 2, MEMORY * 2))


def main() -> int:
    """Run the cases and print the outcomes; 1 where one has failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kinds", nargs="+", choices=tuple(KINDS), default=tuple(KINDS))
    parser.add_argument("--again", nargs=2, metavar=("KIND", "SEED"), help="one case, in words")
    parser.add_argument("--keep", metavar="FILE", help="with --again: write the workbook")
    options = parser.parse_args()
    if options.again:
        return _again(options.again[0], int(options.again[1]), options.keep)
    start = time.monotonic()
    counts: Counter[tuple[str, str]] = Counter()
    codes: Counter[str] = Counter()
    failures = []
    with multiprocessing.Pool(options.workers, _prepare) as pool:
        jobs = list(_jobs(options.cases, options.seed, tuple(options.kinds)))
        for number, result in enumerate(pool.imap_unordered(run, jobs, chunksize=20), 1):
            counts[result.kind, result.came] += 1
            codes.update(result.codes)
            if result.came.isupper():
                failures.append(result)
                print(
                    f"{result.came} --again {result.kind} {result.seed}\n{result.why}", flush=True
                )
            if number % 1_000 == 0:
                print(f"… {number} of {len(jobs)}", file=sys.stderr, flush=True)
    print(f"{sum(counts.values())} cases, seed {options.seed}, {time.monotonic() - start:.0f} s")
    for (kind, came), count in sorted(counts.items()):
        print(f"  {kind:10} {came:10} {count:6}")
    print("problems told:", " ".join(f"{code}×{n}" for code, n in sorted(codes.items())))
    print(f"failures: {len(failures)}")
    return 1 if failures else 0


def _again(kind: str, seed: int, keep: str | None) -> int:
    steps: list[str] = []
    content = MUTATIONS[kind](random.Random(f"{kind} {seed}"), steps)
    if keep:
        with open(keep, "wb") as file:  # noqa: PTH123
            file.write(content)
    print(steps)
    result = run((kind, seed))
    print(result.came, result.why)
    for problem in outcome(content).problems:
        print(problem.line())
    return int(result.came.isupper())


if __name__ == "__main__":
    sys.exit(main())
