"""The page while something changes: in another tab, on the way to the server, on disk."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.factories.workbooks import sample_bytes, with_cells
from tests.web.browser import axe, visiting
from tests.web.client import entered
from tests.web.server import running, small_templates
from tests.web.view import SAMPLE, box, choose, drawn, heard, painted, step

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.server import Server

pytestmark = pytest.mark.slow


HOLD = """() => {
  const usual = fetch;
  window.held = [];
  window.holding = true;
  window.fetch = async (address, given) => {
    const answer = await usual(address, given);
    const list = String(address).endsWith("/api/items") && (given?.method ?? "GET") === "GET";
    if (list && holding) await new Promise((let_go) => held.push(let_go));
    return answer;
  };
  window.dispatchEvent(new Event("online"));
}"""


def test_two_tabs_see_the_same_and_do_not_mix(browser: Browser, quick: Server) -> None:
    with visiting(browser, quick) as visit:
        visit.expected = ("404",)  # one tab asks for what the other has just removed
        first, second = visit.tab(), visit.tab()
        for page, name in ((first, "甲.xlsx"), (second, "乙.xlsx")):
            page.bring_to_front()
            with page.expect_file_chooser() as chooser:
                page.get_by_role("button", name="選擇檔案").click()
            chooser.value.set_files(
                {"name": name, "mimeType": "application/octet-stream", "buffer": sample_bytes()}
            )
        for page in (first, second):
            page.bring_to_front()
            expect(painted(page).first).to_be_visible()
        assert first.url != second.url
        second.get_by_role("link", name="產製").click()
        for name in ("甲.xlsx", "乙.xlsx"):
            expect(second.get_by_text(name, exact=True)).to_be_visible()
        second.get_by_role("button", name="移除 甲.xlsx").click()
        expect(second.locator("[data-item]").filter(has_text="甲.xlsx")).to_have_count(0)
        first.bring_to_front()
        expect(first.get_by_text("這個項目已經移除")).to_be_visible()


def test_what_was_removed_elsewhere_is_told_of_once(browser: Browser, quick: Server) -> None:
    """However often the list changes afterwards, and whatever step is asked for."""
    client = entered(quick)
    item = client.made(b"no workbook", "甲.xlsx")["id"]
    with visiting(browser, quick, client) as visit:
        page = visit.tab(f"#/item/{item}/check")
        told = page.get_by_role("heading", level=1)
        expect(told).to_have_text("檢查結果")
        with heard(page):
            assert client.ask("DELETE", f"/api/items/{item}").status == 204
        expect(told).to_have_text("這個項目已經移除")
        for way in ("finish", "check", "preview"):
            with heard(page):
                client.made(b"no workbook", f"{way}.xlsx")
            expect(told).to_have_text("這個項目已經移除")
            with drawn(page):
                page.evaluate("(way) => (location.hash = way)", f"#/item/{item}/{way}")
            expect(told).to_have_text("這個項目已經移除")
            assert page.url.endswith(f"#/item/{item}/{way}")
        page.get_by_role("main").get_by_role("link", name="選擇活頁簿").first.click()
        expect(told).to_have_text("選擇活頁簿")


def test_a_list_from_before_does_not_remove_what_is_new(browser: Browser, quick: Server) -> None:
    """The list was asked for before a comparison was made, and its answer came afterwards."""
    client = entered(quick)
    for name in ("105-06-30", "105-12-25"):
        client.made((ROOT / f"inputs/{name}.xlsx").read_bytes(), f"{name}.xlsx")
    with visiting(browser, quick, client) as visit:
        page = visit.tab()
        compare = page.get_by_role("button", name="比較", exact=True)
        expect(compare).to_be_visible()
        page.evaluate(HOLD)
        page.wait_for_function("held.length > 0")
        compare.click()
        page.wait_for_url(re.compile("#/item/"))
        page.evaluate("holding = false; held.forEach((let_go) => let_go())")
        expect(painted(page).first).to_be_visible()
        expect(page.get_by_role("button", name="修正對照表")).to_be_visible()


def test_a_reload_in_the_midst_of_a_render_loses_nothing(browser: Browser, quick: Server) -> None:
    with visiting(browser, quick) as visit:
        page = visit.tab()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="選擇檔案").dblclick()
        with page.expect_event("framenavigated", lambda frame: frame.url.endswith("/check")):
            chooser.value.set_files(
                {
                    "name": "甲.xlsx",
                    "mimeType": "application/octet-stream",
                    "buffer": sample_bytes(),
                }
            )
        page.reload()
        expect(painted(page).first).to_be_visible()
        page.get_by_role("link", name="產製").click()
        expect(page.get_by_role("listitem").filter(has_text="甲.xlsx")).to_have_count(1)


def test_a_lost_connection_is_told_and_found_again(browser: Browser, tmp_path: Path) -> None:
    templates = ("--templates", str(small_templates(tmp_path / "templates")))
    with running(tmp_path, *templates) as server, visiting(browser, server) as visit:
        visit.expected = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "403", "ERR_EMPTY")
        page = visit.tab()
        choose(page, SAMPLE)
        expect(painted(page).first).to_be_visible()
        page.get_by_role("link", name="產製").click()
        bar = page.get_by_text("連線中斷，重新連線中")
        visit.context.set_offline(True)
        page.get_by_role("button", name="移除 105-12-25.xlsx").click()
        expect(page.get_by_role("alert")).to_contain_text("連不上程式")
        expect(bar).to_be_visible()
        axe(page)
        visit.context.set_offline(False)
        expect(bar).to_be_hidden()
        expect(page.get_by_role("button", name="移除 105-12-25.xlsx")).to_be_visible()

        assert server.stop() < 10
        expect(bar).to_be_visible()
        port = ("--port", str(server.port))
        with running(tmp_path, *templates, *port) as following:  # its sessions are others
            expect(page.get_by_role("heading", name="這個頁面不能再用了")).to_be_visible()
            axe(page)
            page.goto(following.link)
            expect(page.get_by_text("還沒有活頁簿")).to_be_visible()


def test_who_has_no_link_and_who_has_a_password(browser: Browser, tmp_path: Path) -> None:
    given = {"REPORTGEN_PASSWORD": "密碼 password"}
    arguments = ("--host", "0.0.0.0", "--templates", str(small_templates(tmp_path / "templates")))
    with running(tmp_path, *arguments, environment=given) as server:
        context = browser.new_context(locale="zh-TW")
        page = context.new_page()
        page.goto(server.address)
        axe(page)
        page.get_by_label("密碼").fill("wrong")
        page.get_by_role("button", name="登入").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        axe(page)
        page.get_by_label("密碼").fill(given["REPORTGEN_PASSWORD"])
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("選擇活頁簿")
        context.close()


def test_the_page_without_the_link_says_how_to_come_in(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(locale="zh-TW")
    page = context.new_page()
    with running(tmp_path) as server:
        page.goto(server.address)
        expect(page.get_by_role("heading", level=1)).to_have_text("請由連結開啟這個頁面")
        axe(page)
    context.close()


def test_a_save_is_shown_at_once_and_the_place_on_the_page_is_kept(
    browser: Browser, tmp_path: Path
) -> None:
    book = tmp_path / "105-12-25.xlsx"
    book.write_bytes(SAMPLE.read_bytes())
    templates = small_templates(tmp_path / "templates")
    shutil.copytree(ROOT / "templates/scorecard", templates / "scorecard", dirs_exist_ok=True)
    style = templates / "scorecard/style.css"
    main = templates / "scorecard/document.html"
    before = main.read_text("utf-8")
    with (
        running(tmp_path, str(book), "--templates", str(templates)) as server,
        visiting(browser, server) as visit,
    ):
        page = visit.tab()
        expect(painted(page).first).to_be_visible()  # a live workbook is shown by itself
        expect(page.locator(".bars .bar")).to_have_count(0)
        expect(page.get_by_text("這是即時預覽")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="第 5 頁，共 8 頁").click()
        fifth = page.get_by_role("region", name="文件頁面").get_by_role("listitem").nth(4)
        expect(fifth.locator("img")).to_be_visible()
        page.get_by_role("region", name="文件頁面").evaluate("(it) => it.scrollBy(0, 77)")
        place = box(fifth)

        def rests() -> None:
            """No older render is still under way."""
            expect(page.locator(".bars .bar")).to_have_count(0)

        # a template is changed: the pages are other ones, at the same place
        shown = fifth.locator("img").get_attribute("src")
        style.write_text(style.read_text("utf-8") + "\n:root { --band: #ffd0d0 }\n", "utf-8")
        expect(fifth.locator("img")).not_to_have_attribute("src", shown or "")
        rests()
        assert box(fifth) == place

        # and broken: it says where, keeps what was there, and is well again once it is mended
        main.write_text(before.replace("{% for", "{% fro", 1), "utf-8")
        line = before[: before.index("{% for")].count("\n") + 1
        stale = page.get_by_role("alert").filter(has_text="目前顯示的是修改前的頁面")
        expect(stale).to_contain_text("document.html")
        expect(stale.locator("mark")).to_contain_text(str(line))
        expect(stale.locator("mark")).to_contain_text("{% fro")
        axe(page)
        main.write_text(before, "utf-8")
        expect(stale).to_be_hidden()
        expect(fifth.locator("img")).to_be_visible()
        rests()

        # a figure is changed, as Excel and LibreOffice save: a new file is put in its place
        changed = load_workbook(book)
        changed["基本資料"]["B5"].value = "臺北市教師研習及進修中心"
        changed.save(tmp_path / "saving.tmp")
        (tmp_path / "saving.tmp").replace(book)
        expect(fifth).to_contain_text("臺北市教師研習及進修中心")
        rests()
        assert abs(box(fifth)["y"] - place["y"]) < 40

        # a workbook that is wrong says so beside the pages of before
        sound = book.read_bytes()
        book.write_bytes(with_cells(("基本資料", "B5", None)))
        expect(stale).to_be_visible()
        book.write_bytes(sound)
        expect(stale).to_be_hidden()
        step(page, "下載、封存").click()
        expect(page.get_by_role("link", name=re.compile("平衡計分卡.*pdf"))).to_be_visible()


def test_the_address_of_an_item_that_came_since_is_followed(
    browser: Browser, quick: Server
) -> None:
    """As where a colleague's other browser has uploaded it: the list of before has it not."""
    client = entered(quick)
    with visiting(browser, quick, client) as visit:
        page = visit.tab()
        expect(page.get_by_text("還沒有活頁簿")).to_be_visible()
        visit.expected = ("ERR_FAILED", "Failed to load resource")
        page.route("**/api/items", lambda route: route.abort())
        item = client.made(sample_bytes())["id"]
        page.goto(f"{quick.address}#/item/{item}/parts")
        expect(page.get_by_role("link", name="1 選擇活頁簿")).to_be_hidden()
        page.unroute("**/api/items")
        expect(page.get_by_role("button", name="做成填報活頁簿")).to_be_visible()
