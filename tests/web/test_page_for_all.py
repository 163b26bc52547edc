"""The page by hand, eye, language and screen, and whatever a file is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.factories.workbooks import sample_bytes, with_cells
from tests.web.browser import PHONE, TABLET, axe, overflow, visiting
from tests.web.client import entered
from tests.web.view import AGENCY, box, painted, step

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from tests.web.client import Client
    from tests.web.server import Server

pytestmark = pytest.mark.slow


def test_the_keyboard_is_enough(browser: Browser, quick: Server, tmp_path: Path) -> None:
    """From the first key to the download, with Tab, Enter, Space and the arrows alone."""
    file = tmp_path / "105-12-25.xlsx"
    file.write_bytes(sample_bytes())

    with visiting(browser, quick) as visit:
        page = visit.tab()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="跳到主要內容")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("button", name="選擇檔案"))
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(file)
        expect(painted(page).first).to_be_visible()

        tab_to(page, page.get_by_role("button", name="執行成果"))
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="執行成果")).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(page.get_by_role("button", name="執行成果")).to_be_focused()
        tab_to(page, page.get_by_role("combobox", name="縮放"))
        pages = page.get_by_role("region", name="文件頁面")
        tab_to(page, pages)
        width = box(painted(page).first)["width"]
        page.keyboard.press("+")
        expect(page.get_by_role("combobox", name="縮放")).not_to_have_value("width")
        assert box(painted(page).first)["width"] > width
        page.keyboard.press("w")
        expect(page.get_by_role("combobox", name="縮放")).to_have_value("width")

        tab_to(page, page.get_by_role("button", name="數值的算法"), back=True)
        page.keyboard.press("Enter")
        figure = page.get_by_role("button", name=re.compile("^F1.1 105年"))
        expect(figure).to_be_visible()
        tab_to(page, figure)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(figure).to_be_focused()

        tab_to(page, step(page, "下載、封存"), back=True)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="下載、封存")).to_be_focused()
        link = page.get_by_role("link", name="全部下載")
        tab_to(page, link)
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename.endswith(".zip")


def tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until something has the focus, which must be seen wherever it is."""
    for _ in range(300):
        if wanted.evaluate("(it) => it === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
        ring = page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at);
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                const seen = ring || style.boxShadow !== "none" || at === document.body;
                return seen ? "" : at.outerHTML;
            }"""
        )
        assert ring == "", f"no ring of focus: {ring[:200]}"
    raise AssertionError(f"the focus never came to {wanted}")


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_on_a_small_screen_nothing_stands_out(
    browser: Browser, server: Server, owner: Client, size: tuple[int, int]
) -> None:
    item = owner.get("/api/items").json()["items"][0]["id"]
    faulty = owner.made(
        with_cells(("年度資料", "E5", "九十八")), "有錯誤的活頁簿，檔名很長很長.xlsx"
    )
    settings: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    with visiting(browser, server, owner, size, **settings) as visit:
        page = visit.tab()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.goto(f"{server.address}#/item/{faulty['id']}/check")
        problem = page.locator(".problem").first
        code, kind = box(problem.locator(".codeword")), box(problem.locator(".tag"))
        assert abs(code["y"] - kind["y"]) < kind["height"]  # on one line
        assert code["x"] > kind["x"] + kind["width"]
        assert box(page.locator("#replace"))["height"] < 50  # its words on one line
        views = ["#/", f"#/item/{faulty['id']}/check", f"#/item/{item}/check"]
        views += [f"#/item/{item}/preview", f"#/item/{item}/finish", "#/archive"]
        for view in views:
            page.goto(f"{server.address}{view}")
            expect(page.locator("h1:visible, h1.sr").first).to_be_attached()
            if view.endswith("preview"):
                expect(painted(page).first).to_be_visible()
                page.get_by_role("button", name="數值的算法").tap()
                page.get_by_role("button", name=re.compile("^F1.1 105年")).tap()
                expect(page.get_by_role("dialog")).to_be_visible()
                assert overflow(page) == [], view
                axe(page)
                page.get_by_role("dialog").get_by_role("button", name="關閉").tap()
            assert overflow(page) == [], view
            axe(page)
    owner.ask("DELETE", f"/api/items/{faulty['id']}")


def test_everything_can_be_had_in_english(browser: Browser, server: Server, owner: Client) -> None:
    item = owner.get("/api/items").json()["items"][0]["id"]
    with visiting(browser, server, owner) as visit:
        page = visit.tab()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        for view in ("#/", f"#/item/{item}/check", f"#/item/{item}/finish", "#/archive"):
            page.goto(f"{server.address}{view}")
            expect(page.locator("h1:visible")).to_have_text(re.compile("^[A-Za-z ,]+$"))
            axe(page)
            own = page.evaluate(
                """() => [...document.querySelectorAll("button, label > span, nav a, h2, th")]
                    .filter((each) => each.offsetParent && !each.closest("[lang|=zh]"))
                    .map((each) => each.textContent)
                    .filter((text) => /[\u4e00-\u9fff]/.test(text))"""
            )
            assert [each for each in own if AGENCY not in each and "105-" not in each] == [], view
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("button", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hant-TW")


def test_a_file_name_is_never_markup(browser: Browser, quick: Server) -> None:
    client = entered(quick)
    name = "<img src=x onerror=alert(1)><b>粗 & \"'.xlsx"
    client.made(with_cells(("基本資料", "B5", "<script>alert(1)</script><i>斜</i>")), name)
    client.made(with_cells(("年度資料", "E5", "<u>九十八</u>")), name)
    with visiting(browser, quick, client) as visit:
        page = visit.tab()
        page.on("dialog", lambda dialog: visit.wrong.append(dialog.message))
        expect(page.get_by_text(name).first).to_be_visible()
        for state in client.get("/api/items").json()["items"]:
            page.goto(f"{quick.address}#/item/{state['id']}/check")
            expect(page.locator("h1:visible")).to_be_visible()
            expect(page.get_by_text("<").first).to_be_visible()
            assert page.locator("main img[src=x], main b, main u, main i, main script").count() == 0
