"""Comparison of this program with its peers, on the same documents in one run, as ratios.

    .venv/bin/python benchmarks/peers.py [--batch 200] [--write]

The peers are installed in .cache/peers on first use, LibreOffice and Chromium by .ci/setup; the
tables say which are missing. Contenders take turns; processor time is that of a process with all
its descendants. For the comparisons themselves, see benchmarks/peers.md.
"""

from __future__ import annotations

import argparse
import compileall
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.contenders import measure, processes, sources, tables  # noqa: E402
from benchmarks.contenders.everyone import CONTENDERS  # noqa: E402
from benchmarks.contenders.made import look_at  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.contenders.contender import Contender, Source

PARTS = ("cold", "warm", "batch", "growth")
NONE_DOES = (
    "None of them reads or checks a workbook, computes a figure from the printed formula, looks"
    " for characters without a glyph and for text that overhangs or is hidden, reads its files"
    " back and compares them with what they must say, or carries what it was made of; each is"
    " handed the work of what stands before it, done. And of what is left:"
)
RECORD = ROOT / "benchmarks/peers.md"


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--batch", type=int, default=200, help="documents of the batch (200)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each contender (7)")
    parser.add_argument("--turn", type=int, default=8, help="documents of a warm turn (8)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="cores of the batch")
    parser.add_argument("--times", type=int, default=4, help="the longest, so many times over (4)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts")
    parser.add_argument("--peer", nargs="+", help="whose names have one of these words")
    parser.add_argument("--write", action="store_true", help=f"into {RECORD.name}, too")
    return parser.parse_args(arguments)


def set_up() -> None:
    """Compile our modules, as an installation does, and install LibreOffice and Chromium.

    Without compiled modules each cold process compiles them anew if it may not write them.
    """
    compileall.compile_dir(ROOT / "reportgen", quiet=2)
    if sys.platform != "win32" and any(".ci/setup" in each.absent() for each in CONTENDERS):
        subprocess.run([ROOT / ".ci/setup", "test"], check=False, stdout=sys.stderr)


def chosen(words: Sequence[str] | None) -> list[Contender]:
    """Return the contenders whose names contain one of these words; all without words."""
    return [
        contender
        for contender in CONTENDERS
        if not words or any(word.lower() in contender.name.lower() for word in words)
    ]


def report(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the parts of the report by their names, each when it is measured."""
    everyone = chosen(options.peer)
    available = [contender for contender in everyone if not contender.absent()]
    documents = folder / "sources"
    yield "machine", f"{tables.machine()}."
    parts: dict[str, Callable[[], str]] = {
        "cold": lambda: _cold(everyone, available, options, folder),
        "warm": lambda: _warm(everyone, available, options, folder),
        "batch": lambda: _batch(everyone, available, options, folder),
        "growth": lambda: _growth(
            everyone,
            available,
            sources.growing(documents, options.times),
            max(1, options.rounds // 3),
            folder,
        ),
    }
    for part in options.only:
        print(f"{part} …", file=sys.stderr)
        yield part, parts[part]()
    yield "lacks", f"### What the others do not do\n{NONE_DOES}\n\n{tables.lacks_table(everyone)}"


def _cold(
    everyone: list[Contender], available: list[Contender], options: argparse.Namespace, folder: Path
) -> str:
    source = sources.sample(folder / "sample")
    figures, outputs = measure.cold(available, source, options.rounds, folder / "cold")
    properties = {
        name: (look_at(files[0], source.view), files[0].read_bytes() == files[1].read_bytes())
        for name, files in outputs.items()
        if len(files) > 1
    }
    return (
        f"### Cold: a process for the document\nThe sample edition, {source.kpis} KPIs; medians of"
        f" {options.rounds} turns.\n\n{tables.cold_table(everyone, figures)}\n\n"
        f"### What comes out\n{tables.made_table(everyone, properties)}"
    )


def _warm(
    everyone: list[Contender], available: list[Contender], options: argparse.Namespace, folder: Path
) -> str:
    count = options.turn * (options.rounds + 1)
    documents = sources.agencies(count, folder / "turns", options.jobs)
    turns = [documents[start : start + options.turn] for start in range(0, count, options.turn)]
    figures = measure.warm(available, turns, folder / "warm")
    return (
        f"### Warm: a process that stays\nAgencies, each document another, {_spread(documents)};"
        f" medians of {options.rounds} turns of {options.turn}, per document.\n\n"
        f"{tables.warm_table(everyone, figures)}"
    )


def _batch(
    everyone: list[Contender], available: list[Contender], options: argparse.Namespace, folder: Path
) -> str:
    documents = sources.agencies(options.batch, folder / "batch-sources", options.jobs)
    figures = measure.batch(available, documents, options.jobs, folder / "batch")
    return (
        f"### A batch of {options.batch}, on {options.jobs} cores\nAgencies, {_spread(documents)};"
        " from nothing running to the last file; one contender after the other.\n\n"
        f"{tables.batch_table(everyone, figures, options.batch)}"
    )


def _growth(
    everyone: list[Contender],
    available: list[Contender],
    sizes: Iterator[Source],
    rounds: int,
    folder: Path,
) -> str:
    grown = list(sizes)
    figures_by_size = measure.growth(available, grown, rounds, folder / "growth")
    pages = [_pages(each) for each in grown]
    for each in everyone:
        for figures in figures_by_size:
            figures.setdefault(each.name, "not measured")
    kpis = [each.kpis for each in grown]
    table = tables.growth_table(everyone, kpis, pages, figures_by_size)
    return (
        f"### Growth\nSeconds of the processor for a process, means of {rounds}; what a further"
        f" page costs up to {kpis[-2]} KPIs, and from there on.\n\n{table}"
    )


def _pages(source: Source) -> int:
    """Return this program's number of pages."""
    return source.html.read_text("utf-8").count('<section class="page')


def _spread(documents: Sequence[Source]) -> str:
    kpis = [document.kpis for document in documents]
    return f"{min(kpis)}–{max(kpis)} KPIs, {sum(kpis) / len(kpis):.1f} on average"


def recorded(text: str, part: str, measured: str) -> str:
    """Return a report with the new measurements in place of the old, its prose unchanged."""
    begin, end = f"<!-- {part} -->\n", f"<!-- /{part} -->\n"
    before, has_begin, rest = text.partition(begin)
    _, has_end, after = rest.partition(end)
    if not has_begin or not has_end:
        raise ValueError(f"{RECORD.name} has no place for {part}")
    return f"{before}{begin}{measured}\n{end}{after}"


def main() -> None:
    """Measure, print, and write the report."""
    options = parsed()
    processes.adopt()
    set_up()
    with tempfile.TemporaryDirectory(prefix="peers-", ignore_cleanup_errors=True) as name:
        for part, measured in report(options, Path(name)):
            print(f"{measured}\n", flush=True)
            if options.write:
                text = recorded(RECORD.read_text("utf-8"), part, measured)
                RECORD.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
