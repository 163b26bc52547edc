"""Write the workbooks of many agencies: ``python -m tests.factories.agencies FOLDER``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.factories.agencies import agency, generate, most

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.factories.agencies", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=40, help=f"0 to {most()} (default 40)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--faulty", type=float, default=0.0, help="share with a fault, 0 to 1")
    parser.add_argument("--upwards", action="store_true", help="with 上級機關 and 上位目標")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--about", type=Path, help="a JSON file of what the workbooks do not say")
    given = parser.parse_args(arguments)
    if not 0 <= given.count <= most():
        parser.error(f"--count: 0 to {most()}")
    given.folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    numbers = range(1, given.count + 1)
    write = partial(
        _write,
        folder=given.folder,
        seed=given.seed,
        faulty=given.faulty,
        upwards=given.upwards,
    )
    if given.jobs == 1:
        sizes = [write(number) for number in numbers]
    else:
        with ProcessPoolExecutor(given.jobs) as pool:
            sizes = list(pool.map(write, numbers, chunksize=4))
    if given.about:
        given.about.write_text(_about(given.count, given.seed, given.faulty), encoding="utf-8")
    seconds = time.perf_counter() - start
    print(f"{given.count} workbooks, {sum(sizes):,} bytes, {seconds:.1f} s")
    return 0


def _write(number: int, *, folder: Path, seed: int, faulty: float, upwards: bool) -> int:
    made = agency(number, seed, faulty=faulty, upwards=upwards)
    return made.write(folder).stat().st_size


def _about(count: int, seed: int, faulty: float) -> str:
    told = [
        {
            "number": each.number,
            "file": each.file_name,
            "agency": each.name,
            "field": each.entry.field,
            "parent": each.parent,
            "parent_objectives": dict(each.parent_objectives),
            "fault": each.fault.name if each.fault else None,
            "codes": each.codes,
        }
        for each in generate(count, seed, faulty=faulty)
    ]
    return json.dumps(told, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    sys.exit(main())
