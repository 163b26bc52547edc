"""How soon the preview follows an edit, beside WeasyPrint's own warm ``write_pdf`` of the document.

Each round saves the workbook with another KPI edited, which is not measured; then the contenders
take turns: the preview brings the document up to date, from the workbook on disk to the pictures of
the pages that have changed; and WeasyPrint by itself, as warm, writes a PDF/A of the final HTML of
the whole document with the fonts of the machine. Medians are printed, and what each stage takes.
"""

from __future__ import annotations

import argparse
import importlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from openpyxl import load_workbook

from reportgen.documents import content
from reportgen.pipeline import calculate
from reportgen.pipeline.live_preview import Previewer, preview_job
from reportgen.processes import sandbox
from reportgen.render.document import render_job
from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.pdf.rasterize import rasterize
from reportgen.render.templates.template_engine import CHECKOUT_TEMPLATES, find_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.pipeline.live_preview import Preview

ROOT = Path(__file__).parents[1]
WORKBOOKS = ("105-12-25", "112-06-30")
DOCUMENTS = ("scorecard", "results")
WIDTH = 1600  # pixels of a page on the screen


class Edited:
    """A workbook of which one KPI after the other is edited."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.path = folder / source.name
        self.path.write_bytes(source.read_bytes())
        results, _ = calculate(source)
        if results is None:
            raise SystemExit(f"{source}: cannot be read")
        self._source = source
        self._places = [kpi.name.at for kpi in results.scorecard.kpis if kpi.name]
        self._rounds: dict[int, int] = {}
        self._edits = 0

    def edit(self) -> None:
        """Let the next KPI end in a number that it did not end in before."""
        self._edits += 1
        number = self._edits % len(self._places)
        self._rounds[number] = self._edits
        book = load_workbook(self._source)
        for each, times in self._rounds.items():
            cell: Any = book[self._places[each].sheet][self._places[each].cell]
            cell.value = f"{cell.value}{times}"
        book.save(self.path)


def final_html(workbook: Path, name: str) -> str:
    """The HTML of a document after all rounds, which is laid out once more as it is."""
    results, _ = calculate(workbook)
    template, _ = find_template(name, None, ROOT)
    assert results is not None
    assert template is not None
    job = preview_job(content(name, results), template, results.scorecard)
    fonts = FontSet(find_fonts(font_folders())[0])
    return render_job(replace(job, formats=("html",)), fonts).files["html"].decode()


class Shown:
    """The pages that a screen shows."""

    def __init__(self, previewer: Previewer, workbook: Path, name: str) -> None:
        self._previewer, self._workbook, self._name = previewer, workbook, name
        self._painted: dict[tuple[str, int], bytes] = {}

    def follow(self) -> int:
        """Bring them up to date; how many had to be painted."""
        preview: Preview = self._previewer.preview(self._workbook, (self._name,), None, ROOT)
        (document,) = preview.documents
        pages = [(page.pdf, page.index) for page in document.pages]
        new = {
            key: rasterize(preview.pdfs[key[0]], key[1], WIDTH)
            for key in pages
            if key not in self._painted
        }
        self._painted = {key: self._painted.get(key) or new[key] for key in pages}
        return len(new)


class Stock:
    """What the preview is compared with: a warm WeasyPrint by itself, of which nothing is ours."""

    LOOP = """
import sys
from pathlib import Path
from weasyprint import HTML
for line in sys.stdin:
    html = Path(sys.argv[1]).read_text("utf-8")
    HTML(string=html, base_url=sys.argv[2]).write_pdf(pdf_variant="pdf/a-3a")
    print(flush=True)
"""

    def __init__(self, html: str, base: Path, folder: Path) -> None:
        file = folder / "stock.html"
        file.write_text(html, "utf-8")
        command = [sys.executable, "-c", self.LOOP, str(file), str(base)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
        )

    def write_pdf(self) -> None:
        """Write it once."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        if not self._process.stdout.readline():
            raise SystemExit("WeasyPrint by itself has ended")

    def close(self) -> None:
        """End it: the preview's children may hold its input open."""
        self._process.kill()
        self._process.communicate()


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of the processor, children included."""

    wall: float
    cpu: float


def took(action: Callable[[], object]) -> Took:
    start, before = time.perf_counter(), cpu()
    action()
    return Took(time.perf_counter() - start, cpu() - before)


def cpu() -> float:
    """The seconds that this process has had of the processor, with its children; Linux only."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text("utf-8").rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                ticks += int(fields[11]) + int(fields[12])
    return sum(os.times()[:4]) + ticks / os.sysconf("SC_CLK_TCK")


STAGES = {  # what is said of it, and the functions that do it
    "read the workbook": ("reportgen.workbook.reading.sandboxed_reader._read",),
    "compute and check": (
        "reportgen.pipeline.live_preview.check_scorecard",
        "reportgen.pipeline.live_preview.content",
    ),
    "glyphs": ("reportgen.pipeline.live_preview.glyph_problems",),
    "cut fonts": ("reportgen.render.incremental.incremental_renderer._Caches.configuration",),
    "template": ("reportgen.render.incremental.incremental_renderer.render_html",),
    "lay out": ("reportgen.render.layout.section_layout.lay_out_sections",),
    "look over": (
        "reportgen.render.layout.text_overflow.find_overflowing_text",
        "reportgen.render.pdf.hit_regions.hit_regions",
        "reportgen.render.verify.text_visibility.examine_visibility",
    ),
    "write PDF": ("reportgen.render.pdf.pdf_writer.write_preview_pdf",),
    "read PDF": ("reportgen.pipeline.live_preview._rendered_pdf",),
    "paint": (f"{__name__}.rasterize",),
}
TOTAL = "in all, within one process"


def stages(edited: Edited, shown: Shown, rounds: int) -> dict[str, float]:
    """The median seconds of each stage, where none is run in a child."""
    taken: list[dict[str, float]] = []

    def timed(stage: str, function: Any) -> Any:
        def run(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                taken[-1][stage] = taken[-1].get(stage, 0.0) + time.perf_counter() - start

        return run

    with ExitStack() as stack:
        inline = sandbox.StartMethod.INLINE
        stack.enter_context(mock.patch.object(sandbox, "choose_start_method", return_value=inline))
        for stage, names in STAGES.items():
            for name in names:
                place, _, last = name.rpartition(".")
                stack.enter_context(_patched(place, last, stage, timed))
        for _ in range(rounds):
            edited.edit()
            taken.append({})
            taken[-1][TOTAL] = took(shown.follow).wall
    return {
        stage: statistics.median(each.get(stage, 0.0) for each in taken)
        for stage in (*STAGES, TOTAL)
    }


def _patched(place: str, name: str, stage: str, timed: Callable[[str, Any], Any]) -> Any:
    try:
        owner: Any = importlib.import_module(place)
    except ImportError:
        module, _, kind = place.rpartition(".")
        owner = getattr(importlib.import_module(module), kind)
    return mock.patch.object(owner, name, timed(stage, getattr(owner, name)))


def measure(workbook: Path, name: str, rounds: int, folder: Path) -> Iterator[str]:
    """Lines of a table."""
    edited = Edited(workbook, folder)
    previewer = Previewer(font_folders())
    shown = Shown(previewer, edited.path, name)
    html = final_html(workbook, name)
    stock = Stock(html, CHECKOUT_TEMPLATES / name, folder)
    ours: list[Took] = []
    theirs: list[Took] = []
    painted: list[int] = []
    for number in range(rounds + 2):  # two to warm up
        edited.edit()
        mine = took(lambda: painted.append(shown.follow()))
        other = took(stock.write_pdf)
        if number > 1:
            ours.append(mine)
            theirs.append(other)
    stock.close()
    wall, other_wall = (statistics.median(each.wall for each in all_) for all_ in (ours, theirs))
    cpu, other_cpu = (statistics.median(each.cpu for each in all_) for all_ in (ours, theirs))
    yield (
        f"| {workbook.stem} | {name} | {1000 * other_wall:.0f} | {1000 * wall:.0f}"
        f" | **{wall / other_wall:.2f}** | {cpu / other_cpu:.2f}"
        f" | {statistics.median(painted[2:]):.0f} |"
    )
    parts = stages(edited, shown, max(3, rounds // 3))
    told = ", ".join(f"{stage} {1000 * part:.0f}" for stage, part in parts.items())
    yield f"| | | | | | | {told} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each is run (15)")
    parser.add_argument("--workbook", choices=WORKBOOKS, help="this one only")
    parser.add_argument("--document", choices=DOCUMENTS, help="this one only")
    given = parser.parse_args()
    print("| workbook | document | write_pdf ms | preview ms | ratio | of CPU | pages painted |")
    print("|---|---|---|---|---|---|---|")
    for stem in (given.workbook,) if given.workbook else WORKBOOKS:
        for name in (given.document,) if given.document else DOCUMENTS:
            with tempfile.TemporaryDirectory() as folder:
                path = ROOT / f"inputs/{stem}.xlsx"
                for line in measure(path, name, given.rounds, Path(folder)):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
