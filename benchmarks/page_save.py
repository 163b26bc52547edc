"""Measure how soon the page shows a workbook that was saved in another program.

    .venv/bin/python -m benchmarks.page_save [--saves 20]

A real server with the packaged templates, and a real browser whose picker's handle reads a file on
disk (emulated, for a browser without a window has no picker). The file is replaced as Excel does;
the clock stops when the page shows the changed text. One kind of edit changes the title, which
stands on every page, the other one KPI's name. The load average tells what else the machine did.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.factories.workbooks import with_cells
from tests.web.browser import launched, visiting
from tests.web.server import running
from tests.web.test_save_in_excel import PICKER, with_disk
from tests.web.view import painted

PAUSE_S = 1.0  # until the files of the version before are built
TITLE, KPI_NAME = ("基本資料", "B6"), ("關鍵績效指標", "C6")  # on every page, on one
CELLS = {"title": TITLE, "name of a KPI": KPI_NAME}


def measure_saves(kind: str, saves: int) -> list[float]:
    """Return the seconds from each save to the changed page, in their order."""
    seconds = []
    with tempfile.TemporaryDirectory() as name, launched() as browser:
        folder = Path(name)
        file = folder / "105-12-25.xlsx"
        texts = [f"第{number}次存檔" for number in range(saves + 1)]
        contents = [with_cells((*CELLS[kind], text)) for text in texts]
        file.write_bytes(contents[0])
        with running(folder) as server, visiting(browser, server, picker=PICKER) as visit:
            page = visit.tab()
            with_disk(page, file)
            page.locator("#choose").click()
            for content, text in zip(contents, texts, strict=True):
                (folder / "saving.tmp").write_bytes(content)
                begin = time.perf_counter()
                (folder / "saving.tmp").replace(file)
                expect(page.locator("#pages")).to_contain_text(text)
                expect(painted(page).first).to_be_visible()
                seconds.append(time.perf_counter() - begin)
                expect(page.locator(".bars .bar")).to_have_count(0)  # the files are built
                time.sleep(PAUSE_S)
    return seconds[1:]


def main() -> None:
    """Print the median and the longest time of each kind of edit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_save", description=__doc__)
    parser.add_argument("--saves", type=int, default=20)
    saves = parser.parse_args().saves
    for kind in CELLS:
        seconds = measure_saves(kind, saves)
        print(
            f"{kind}: {saves} saves, median {statistics.median(seconds):.2f} s, "
            f"longest {max(seconds):.2f} s; load average {os.getloadavg()[0]:.1f}"
        )


if __name__ == "__main__":
    main()
