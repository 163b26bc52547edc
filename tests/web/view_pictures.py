"""Every view as a picture: ``python -m tests.web.view_pictures FOLDER`` makes them to be looked at.

Each at the sizes of a phone, a tablet, a laptop and a laptop at 200 %, in light, dark and forced
colours; a sheet for each view and colours has all sizes. Printed is what stands out at the right.
"""

from __future__ import annotations

import re
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import expect

from tests.web.browser import LAPTOP, PHONE, TABLET, launched, overflow, visiting
from tests.web.client import Client
from tests.web.screenshots import painted, prepared
from tests.web.server import SHARED, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FloatRect, Page

    from tests.web.server import Server

SIZES: dict[str, tuple[tuple[int, int], int]] = {  # CSS pixels, and device pixels of each
    "phone": (PHONE, 1),
    "tablet": (TABLET, 1),
    "laptop": (LAPTOP, 1),
    "laptop-200": ((LAPTOP[0] // 2, LAPTOP[1] // 2), 2),
}
COLOURS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
LONGEST = 2400  # CSS pixels of a picture; what is further down looks as what is above
SHEET_HEIGHT = 1500


def views(page: Page, server: Server, client: Client) -> Iterator[str]:
    """Open one view after another; yield its name when it is there."""
    items = {item["name"]: item["id"] for item in client.get("/api/items").json()["items"]}
    final, wrong = items["105-12-25.xlsx"], items["105-12-25 初稿.xlsx"]
    compared = next(identifier for title, identifier in items.items() if "→" in title)

    def go(way: str) -> None:
        page.goto(f"{server.address}#/{way}")
        expect(page.locator("h1").first).to_be_attached()

    expect(page.get_by_role("heading", name="比較兩個版次")).to_be_visible()
    yield "home"
    go(f"item/{wrong}/check")
    expect(page.get_by_role("searchbox")).to_be_visible()
    yield "check"
    go(f"item/{final}/preview")
    painted(page)
    yield "preview"
    page.get_by_role("button", name="執行成果").click()
    painted(page)
    page.get_by_role("button", name=re.compile("F1.1 .*105年")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    painted(page)
    yield "explain"
    page.keyboard.press("Escape")
    go(f"item/{final}/finish")
    expect(page.get_by_role("link", name="全部下載")).to_be_visible()
    yield "finish"
    go(f"item/{final}/parts")
    expect(page.get_by_role("button", name="做成填報活頁簿")).to_be_visible()
    yield "parts"
    go("help")
    yield "help"
    token = client.post(f"/api/items/{final}/review", {}).json()["token"]
    remark = {"name": "陳科長", "text": "請再精簡", "document": "scorecard", "page": 2}
    client.post(f"/api/review/{token}/remarks", remark, {"X-Reportgen": token})
    page.goto(f"{server.address}review/{token}")
    painted(page)
    if not page.get_by_role("dialog").is_visible():
        page.locator("#show-remarks").click()
    yield "review"
    page.goto(server.address)
    go(f"item/{compared}/preview")
    painted(page)
    yield "compare"
    go("archive")
    page.locator("details.edition summary").first.click()
    page.get_by_role("button", name="查驗整個封存").click()
    expect(page.get_by_text("查驗完成，封存完整")).to_be_visible()
    yield "archive"
    go("")
    page.get_by_role("button", name="登出").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "sign-out"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="English").click()
    yield "english"
    for name, way in {
        "check": f"item/{wrong}/check",
        "preview": f"item/{final}/preview",
        "finish": f"item/{final}/finish",
        "parts": f"item/{final}/parts",
        "help": "help",
    }.items():
        go(way)
        page.wait_for_load_state("networkidle")
        yield f"english-{name}"
    page.context.clear_cookies()
    page.goto(server.address)
    page.reload()
    expect(page.get_by_role("heading", name="登入")).to_be_visible()
    yield "sign-in"
    for _ in range(11):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        Client(server).ask("POST", "/sign-in", "password=wrong", form)
    page.get_by_label("密碼").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#wait")).to_be_visible()
    yield "sign-in-wait"
    page.goto(f"{server.address}start/wrong")
    expect(page.get_by_role("heading", name="請由連結開啟這個頁面")).to_be_visible()
    yield "closed"


def tour(browser: Browser, server: Server, client: Client, size: str, colours: str) -> Any:
    """Return the pictures of all views at one size, by their names."""
    pictures = {}
    viewport, scale = SIZES[size]
    settings = {"device_scale_factor": scale, **COLOURS[colours]}
    with visiting(browser, server, client, viewport, **settings) as visit:
        visit.expected = ("403", "429")
        page = visit.tab()
        for name in views(page, server, client):
            page.wait_for_timeout(300)
            height = page.evaluate("document.documentElement.scrollHeight")
            clip: FloatRect = {"x": 0, "y": 0, "width": viewport[0], "height": min(height, LONGEST)}
            is_sheet = page.locator("dialog[open]").count() > 0
            content = page.screenshot() if is_sheet else page.screenshot(full_page=True, clip=clip)
            pictures[name] = Image.open(BytesIO(content)).convert("RGB")
            for text in overflow(page):
                print(f"{name}, {size}, {colours}: stands out at the right: {text}")
    return pictures


def on_one_sheet(pictures: list[Image.Image]) -> Image.Image:
    """Return pictures beside each other, none of them enlarged."""
    shown = []
    for picture in pictures:
        small = picture.copy()
        small.thumbnail((LAPTOP[0], SHEET_HEIGHT))
        shown.append(small)
    width = sum(picture.width + 20 for picture in shown)
    sheet = Image.new("RGB", (width, max(picture.height for picture in shown)), "#888")
    left = 0
    for picture in shown:
        sheet.paste(picture, (left, 0))
        left += picture.width + 20
    return sheet


def main(target: Path) -> None:
    """Make all pictures."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, launched() as browser:
        patch = "import reportgen.web.sessions as s; s.TRIES_PERIOD_S = 15.0"
        with running(Path(name), environment=SHARED, patch=patch) as server:
            client = prepared(server)
            for colours in COLOURS:
                sizes = {size: tour(browser, server, client, size, colours) for size in SIZES}
                for view in sizes["phone"]:
                    for size, pictures in sizes.items():
                        pictures[view].save(target / f"{view}-{colours}-{size}.png")
                    sheet = on_one_sheet([pictures[view] for pictures in sizes.values()])
                    sheet.save(target / f"sheet-{view}-{colours}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
