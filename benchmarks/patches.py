"""What each patch of WeasyPrint saves: the CPU time of a warm build without it, beside all of them.

Each contender is a process of its own that lacks one patch, or none, and renders the same document
again and again; they take turns. Minima are compared, for other load can only add to them. The
table is in ``docs/dev/weasyprint-patches.md``; a patch stays that saves 3 % or more.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
ALL = "all"
BATCH = 6  # contenders at a time
# Patches that only make sense together, or that are one file of short functions.
FAMILIES = {
    "kept lines of text": ("lines", "widths"),
    "set-up of texts": ("strut", "set-up"),
    "drawing": ("backgrounds", "rules"),
    "PDF objects": ("numbers", "pages"),
}


def names() -> list[str]:
    """Return the names of all patches; those of one class go together."""
    from reportgen.render.weasyprint_patches.startup import load_weasyprint

    load_weasyprint()
    from reportgen.render import weasyprint_patches

    return list(dict.fromkeys(map(_family, weasyprint_patches.patches())))


def _family(name: str) -> str:
    return next(
        (family for family, members in FAMILIES.items() if name in members),
        name.partition("'s ")[0],
    )


def contend(workbook: Path, document: str, lacking: str) -> None:
    """Render a document for each line of the input, without a patch; print the seconds."""
    from reportgen.render import weasyprint_patches

    usual = weasyprint_patches.patches
    weasyprint_patches.patches = lambda: {
        name: patch for name, patch in usual().items() if lacking not in (name, _family(name))
    }
    render = _renderer(workbook, document)
    render()
    gc.freeze()
    print(flush=True)
    for _ in sys.stdin:
        start = time.process_time()
        render()
        print(time.process_time() - start, flush=True)


def _renderer(workbook: Path, document: str) -> Callable[[], object]:
    from reportgen.documents import document_content
    from reportgen.pipeline import calculate
    from reportgen.pipeline.live_preview import preview_job
    from reportgen.processes.gc_policy import SANDBOX_THRESHOLDS
    from reportgen.render.document import precompile, render_job
    from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
    from reportgen.render.templates.template_engine import CHECKOUT_TEMPLATES, Template

    results, _ = calculate(workbook)
    assert results is not None
    template = Template(CHECKOUT_TEMPLATES / document)
    job = replace(
        preview_job(document_content(document, results), template, results.scorecard),
        formats=("pdf", "docx"),
        source=b"x",
        source_name="a.xlsx",
    )
    fonts = FontSet(find_fonts(font_folders())[0])
    precompile(template)
    gc.set_threshold(*SANDBOX_THRESHOLDS)
    return lambda: render_job(job, fonts)


def measure(arguments: list[str], lacking: list[str], rounds: int) -> dict[str, float]:
    """Return the least seconds of each contender."""
    processes = {
        name: subprocess.Popen(
            [sys.executable, "-m", "benchmarks.patches", *arguments, "--lacking", name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in lacking
    }
    least = dict.fromkeys(lacking, float("inf"))
    for number in range(rounds + 1):
        for name, process in processes.items():
            assert process.stdin is not None
            assert process.stdout is not None
            if number:
                process.stdin.write("\n")
                process.stdin.flush()
                least[name] = min(least[name], float(process.stdout.readline()))
            else:
                process.stdout.readline()
    for process in processes.values():
        process.communicate()
    return least


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbook", type=Path, default=ROOT / "inputs/112-06-30.xlsx")
    parser.add_argument("--document", default="results")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="*", help="patches, by their names in patches()")
    parser.add_argument("--lacking", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.lacking:
        contend(given.workbook, given.document, given.lacking)
        return
    arguments = ["--workbook", str(given.workbook), "--document", given.document]
    print("| patch | CPU time without it |\n|---|---|")
    wanted = given.only or names()
    for start in range(0, len(wanted), BATCH):
        least = measure(arguments, [ALL, *wanted[start : start + BATCH]], given.rounds)
        for name in list(least)[1:]:
            print(f"| {name} | {least[name] / least[ALL] - 1:+.1%} |", flush=True)


if __name__ == "__main__":
    main()
