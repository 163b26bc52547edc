"""The pictures of the guide: ``python -m tests.web.screenshots`` makes each of them anew."""

from __future__ import annotations

import re
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import expect

from tests.web.browser import LAPTOP, TABLET, launched, visiting
from tests.web.client import entered
from tests.web.server import ROOT, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.web.client import Client
    from tests.web.server import Server

TARGET = ROOT / "docs/pictures/serve"
SIZES = {"laptop": LAPTOP, "tablet": TABLET}
COLOURS = 224
LARGEST = 150_000  # bytes
HIDE = """(folder) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (text.data.includes(folder)) text.data = text.data.replaceAll(`${folder}/`, "");
    }
}"""


def changed(*changes: tuple[str, str, object]) -> bytes:
    """The sample with some cells set."""
    book = load_workbook(ROOT / "inputs/105-12-25.xlsx")
    for sheet, cell, content in changes:
        book[sheet][cell].value = content
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def faulty() -> bytes:
    """What goes wrong: a figure as text, a name that is misspelt, figures that are missing."""
    kpis = load_workbook(ROOT / "inputs/105-12-25.xlsx")["關鍵績效指標"]
    formula = str(kpis["D12"].value).replace("應付未付數", "應付未附數")
    return changed(
        ("基本資料", "B10", "定稿"),
        ("年度資料", "F6", "41人左右"),
        ("年度資料", "F11", None),
        ("關鍵績效指標", "D12", formula),
        ("修表紀錄", "A5", None),
    )


def keep(page: Page, name: str, folder: Path) -> None:
    """A small picture of what is seen, without the names of temporary folders."""
    page.wait_for_load_state("networkidle")
    page.evaluate(HIDE, str(folder))
    page.wait_for_timeout(300)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    place = TARGET / f"{name}.png"
    small = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(place, optimize=True)
    size = place.stat().st_size
    assert size < LARGEST, f"{place}: {size} bytes"
    print(f"{place.relative_to(ROOT)}: {size} bytes")


def painted(page: Page) -> None:
    """Wait until the pages that are on show have their pictures."""
    expect(page.locator("#pages img").first).to_be_visible()
    expect(page.locator("#pages [aria-busy]")).to_have_count(0)


def tour(browser: Browser, server: Server, client: Client, folder: Path, name: str) -> None:
    """Each step once, at one size of the screen."""
    items = {each["name"]: each["id"] for each in client.get("/api/items").json()["items"]}
    final, wrong = items["105-12-25.xlsx"], items["105-12-25 初稿.xlsx"]
    compared = next(identifier for title, identifier in items.items() if "→" in title)
    with visiting(browser, server, client, SIZES[name]) as visit:
        page = visit.tab()

        def go(way: str) -> None:
            page.goto(f"{server.address}#/{way}")
            expect(page.locator("h1").first).to_be_attached()

        expect(page.get_by_role("heading", name="比較兩個版次")).to_be_visible()
        keep(page, f"choose-{name}", folder)
        go(f"item/{wrong}/check")
        expect(page.get_by_role("searchbox")).to_be_visible()
        if name == "laptop":
            page.get_by_role("heading", name="逐項說明").evaluate("(it) => it.scrollIntoView()")
        keep(page, f"check-{name}", folder)
        go(f"item/{final}/preview")
        page.get_by_role("button", name="第 3 頁，共 8 頁").click()
        painted(page)
        keep(page, f"preview-{name}", folder)
        page.get_by_role("button", name="執行成果").click()
        painted(page)
        page.get_by_role("button", name=re.compile("F1.1 .*105年")).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        painted(page)
        keep(page, f"explain-{name}", folder)
        page.keyboard.press("Escape")
        go(f"item/{final}/finish")
        expect(page.get_by_role("link", name="全部下載")).to_be_visible()
        keep(page, f"download-{name}", folder)
        go(f"item/{compared}/preview")
        painted(page)
        keep(page, f"compare-{name}", folder)
        go("archive")
        page.locator("details.edition summary").first.click()
        page.get_by_role("button", name="查驗整個封存").click()
        expect(page.get_by_text("查驗完成，封存完整")).to_be_visible()
        page.evaluate("scrollTo(0, 0)")  # the browser has scrolled to what was pressed
        keep(page, f"archive-{name}", folder)


def prepared(server: Server) -> Client:
    """A session with two editions, their comparison, a faulty workbook, and one archived."""
    client = entered(server)
    older = (ROOT / "inputs/105-06-30.xlsx").read_bytes()
    made = client.made(older, "105-06-30.xlsx")
    final = client.made(changed(("基本資料", "B10", "定稿")), "105-12-25.xlsx")
    client.made(faulty(), "105-12-25 初稿.xlsx")
    told = {"old": made["id"], "new": final["id"]}
    client.until(client.post("/api/comparisons", told).json()["id"])
    answer = client.post("/api/archive", {"item": final["id"], "reprint": False}).json()
    assert answer["new"], answer
    return client


def main() -> None:
    """Make the pictures of all steps at both sizes."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, launched() as browser:
        folder = Path(name)
        with running(folder) as server:
            client = prepared(server)
            for size in SIZES:
                tour(browser, server, client, folder, size)


if __name__ == "__main__":
    main()
