"""A file that was chosen is followed: a save is shown without a command, and what it changed."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.factories.workbooks import sample_bytes, with_cells
from tests.web.browser import axe, visiting
from tests.web.client import entered
from tests.web.server import until
from tests.web.view import SAMPLE, choose, painted, saved, step

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.web.client import Client
    from tests.web.server import Server

pytestmark = pytest.mark.slow

# The picker of a browser with a window, whose handle reads a file on disk.
PICKER = """window.showOpenFilePicker = async () => [{
  kind: "file",
  name: "105-12-25.xlsx",
  async getFile() {
    const { content, modified } = await window.readFromDisk();
    if (content === null) throw new DOMException("away", "NotFoundError");
    const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
    return new File([bytes], this.name, { lastModified: modified });
  },
}];"""
# A handle that IndexedDB keeps; after a reload the browser asks before it gives the file.
STORED = """
const handle = async () => (await navigator.storage.getDirectory())
  .getFileHandle("105-12-25.xlsx", { create: true });
window.showOpenFilePicker = async () => [await handle()];
window.save = async (content) => {
  const stream = await (await handle()).createWritable();
  await stream.write(Uint8Array.from(atob(content), (char) => char.charCodeAt(0)));
  await stream.close();
};
let permission = "prompt";
FileSystemHandle.prototype.queryPermission = async () => permission;
FileSystemHandle.prototype.requestPermission = async () => (permission = "granted");
"""
TITLE = "策略地圖暨平衡計分卡"
COUNT_ACTIONS = """window.actions = 0;
for (const kind of ["pointerdown", "keydown"])
  addEventListener(kind, () => (actions += 1), true);"""


def with_disk(page: Page, file: Path) -> None:
    """Let the picker's handle read a file."""

    def read() -> dict[str, object]:
        try:
            content, modified = file.read_bytes(), file.stat().st_mtime_ns // 1_000_000
        except FileNotFoundError:
            return {"content": None, "modified": 0}
        return {"content": base64.b64encode(content).decode(), "modified": modified}

    page.expose_function("readFromDisk", read)


def test_a_save_is_shown_without_a_command_and_what_changed_is_marked(
    browser: Browser, quick: Server, tmp_path: Path
) -> None:
    file = tmp_path / "105-12-25.xlsx"
    file.write_bytes(SAMPLE.read_bytes())
    with visiting(browser, quick, picker=PICKER) as visit:
        page = visit.tab()
        with_disk(page, file)
        page.locator("#choose").click()
        expect(painted(page).first).to_be_visible()
        expect(page.get_by_text("跟著「105-12-25.xlsx」")).to_be_visible()
        expect(page.locator(".bars .bar")).to_have_count(0)
        address = page.url
        axe(page)

        # As Excel saves: a new file is put in the place of the old one.
        page.evaluate(COUNT_ACTIONS)
        file.unlink()
        (tmp_path / "saving.tmp").write_bytes(with_cells(("基本資料", "B6", TITLE)))
        (tmp_path / "saving.tmp").replace(file)
        expect(page.locator("#pages")).to_contain_text(TITLE)
        expect(page.locator(".change").first).to_be_visible()
        assert page.evaluate("actions") == 0
        assert page.url == address  # the same item, at the same place
        expect(page.locator(".bars .changes")).to_contain_text(re.compile(r"有 \d+ 處不同"))
        expect(page.locator(".bars .bar")).to_have_count(0)  # the files are built, too
        expect(page.locator(".change").first).to_be_visible()
        axe(page)
        page.locator("#hide-changes").click()
        expect(page.locator(".change").first).to_be_hidden()

        # A save with an error: the pages of before stay, and say so.
        file.write_bytes(with_cells(("基本資料", "B5", None)))
        expect(page.get_by_role("alert").filter(has_text="修改前的頁面")).to_be_visible()
        file.write_bytes(SAMPLE.read_bytes())
        expect(page.get_by_role("alert")).to_be_hidden()
        step(page, "下載").click()
        expect(page.get_by_role("link", name="全部下載")).to_be_visible()

        # Nothing is sent any more once it is not followed.
        step(page, "檢查").click()
        page.locator("#follow-stop").click()
        expect(page.locator("#follow-resume")).to_be_visible()
        page.get_by_role("link", name="產製").click()
        expect(page.locator(".item")).to_have_count(1)


def test_the_same_bytes_are_no_new_version(quick: Server) -> None:
    client = entered(quick)
    item = client.made(SAMPLE.read_bytes())
    header = {"X-File-Name": "a.xlsx", "Content-Type": "application/octet-stream"}
    path = f"/api/items/{item['id']}/workbook"
    assert client.ask("PUT", path, SAMPLE.read_bytes(), header).json()["run"] == 1
    content = with_cells(("基本資料", "B6", TITLE))
    assert client.ask("PUT", path, content, header).json()["run"] == 2
    changed = client.until(item["id"])
    assert (changed["stage"], changed["title"], changed["sealed"]) == ("ready", TITLE, True)
    assert changed["version"] > item["version"]
    boxes = [box for page in changed["documents"][0]["pages"] for box in page["changes"]]
    assert boxes
    assert all(0 <= box["x"] < box["x"] + box["w"] <= 1 for box in boxes)
    assert client.ask("PUT", path, b"", header).code == "empty"
    assert client.ask("PUT", "/api/items/none/workbook", content, header).code == "gone"


def test_a_file_is_followed_again_after_a_reload(browser: Browser, quick: Server) -> None:
    with visiting(browser, quick, picker=STORED) as visit:
        page = visit.tab()
        page.evaluate("(it) => save(it)", base64.b64encode(SAMPLE.read_bytes()).decode())
        page.locator("#choose").click()
        expect(painted(page).first).to_be_visible()
        expect(page.locator("#follow-stop")).to_be_visible()
        page.reload()
        again = page.get_by_role("button", name="繼續跟著檔案")
        expect(again).to_be_visible()
        changed = base64.b64encode(with_cells(("基本資料", "B6", TITLE))).decode()
        page.evaluate("(it) => save(it)", changed)
        again.click()
        expect(page.locator("#pages")).to_contain_text(TITLE)
        expect(page.locator("#follow-stop")).to_be_visible()


def test_a_browser_without_handles_says_so(browser: Browser, quick: Server) -> None:
    with visiting(browser, quick) as visit:
        page = visit.tab()
        choose(page, SAMPLE)
        expect(painted(page).first).to_be_visible()
        step(page, "檢查").click()
        expect(page.get_by_text("這個瀏覽器不能跟著檔案")).to_be_visible()
        axe(page)


def test_a_removed_item_is_taken_back(browser: Browser, quick: Server, tmp_path: Path) -> None:
    """By the mouse, by the keyboard, and after a reload."""
    client = entered(quick)
    names = ("甲.xlsx", "乙.xlsx")
    items = {name: client.made(b"no workbook", name)["id"] for name in names}
    with visiting(browser, quick, client) as visit:
        visit.expected = ("404",)
        page = visit.tab()
        row = page.locator(f"[data-item='{items['甲.xlsx']}']")
        remove = page.get_by_role("button", name="移除 甲.xlsx")
        remove.focus()
        page.keyboard.press("Enter")
        expect(row).to_be_hidden()
        undo = page.get_by_role("button", name="復原 甲.xlsx")
        expect(undo).to_be_focused()
        axe(page)
        page.reload()
        undo.click()
        expect(row).to_be_visible()
        expect(undo).to_be_hidden()
        assert client.state(items["甲.xlsx"])["stage"] == "refused"
        remove.click()
        expect(undo).to_be_focused()
        page.keyboard.press("Control+z")
        expect(row).to_be_visible()
        assert until(lambda: client.get("/api/items").json()["removed"] == [])
        # Elsewhere: on its own view.
        page.goto(f"{quick.address}#/item/{items['乙.xlsx']}/check")
        expect(page.locator(".verdict")).to_be_visible()
        client.ask("DELETE", f"/api/items/{items['乙.xlsx']}")
        page.evaluate("new BroadcastChannel('reportgen').postMessage('changed')")
        page.locator("#undo").click()
        expect(page.locator(".verdict")).to_be_visible()
        assert client.ask("POST", "/api/items/none/restore").code == "gone"


def test_one_cell_is_mended_on_the_page(browser: Browser, quick: Server, tmp_path: Path) -> None:
    """By the keyboard; the file on disk stays as it is, and the copy can be had."""
    workbook = load_workbook(io.BytesIO(sample_bytes()))
    workbook["年度資料"]["E5"].value = "九十八"
    workbook["年度資料"]["F6"].value = "=F8+"
    file = tmp_path / "105-12-25.xlsx"
    workbook.save(file)
    original = file.read_bytes()
    with visiting(browser, quick, picker=PICKER) as visit:
        page = visit.tab()
        with_disk(page, file)
        page.locator("#choose").click()
        page.get_by_role("button", name="在這裡改這一格 年度資料 E5").press("Enter")
        field = page.get_by_role("textbox", name="年度資料 E5 的新內容")
        expect(field).to_be_focused()
        axe(page)
        page.keyboard.type("98")
        page.keyboard.press("Enter")
        expect(page.locator("#corrected")).to_be_focused()
        expect(page.get_by_text("您電腦上的原檔沒有更動。")).to_be_visible()
        expect(page.locator("#follow-resume")).to_be_visible()  # or a save would undo it
        expect(page.get_by_role("button", name="在這裡改這一格 年度資料 E5")).to_be_hidden()
        axe(page)
        name, copy = saved(page, page.locator("#corrected"))
        assert name == "105-12-25_修正.xlsx"
        cells = load_workbook(io.BytesIO(copy))["年度資料"]
        assert (cells["E5"].value, cells["F6"].value) == (98, "=F8+")
        assert file.read_bytes() == original


def test_a_cell_that_cannot_be_set_is_refused_with_a_reason(quick: Server) -> None:
    client = entered(quick)
    workbook = load_workbook(io.BytesIO(sample_bytes()))
    workbook["年度資料"]["F6"].value = "=F8+1"
    stream = io.BytesIO()
    workbook.save(stream)
    item = client.made(stream.getvalue())
    edit = {"sheet": "年度資料", "cell": "F6", "value": "1", "run": 1}
    path = f"/api/items/{item['id']}/cells"
    for change, code in (({}, "E350"), ({"cell": "none"}, "E353"), ({"run": 2}, "E354")):
        answer = client.post(path, {**edit, **change}).json()
        assert (answer["item"], [found["code"] for found in answer["problems"]]) == (None, [code])
    assert client.post(path, {**edit, "run": "1"}).code == "not understood"
    assert client.post(path, {**edit, "value": "1" * 10_001}).code == "not understood"
    assert client.state(item["id"])["run"] == 1


def test_the_address_holds_the_place(browser: Browser, server: Server, owner: Client) -> None:
    """A reload, the back key and a link to oneself give the same page, figure and search."""
    items = owner.get("/api/items").json()["items"]
    item = next(item["id"] for item in items if item["stage"] == "ready")
    with visiting(browser, server, owner) as visit:
        page = visit.tab(f"#/item/{item}/preview")
        expect(painted(page).first).to_be_visible()
        number = page.get_by_role("textbox", name="頁碼")
        page.get_by_role("button", name="第 4 頁").click()
        page.wait_for_url("**page=4")
        page.get_by_role("button", name="執行成果").click()
        page.wait_for_url("**document=results")
        page.get_by_role("button", name="第 5 頁").click()  # where F1.1 is
        page.wait_for_url(re.compile("document=results.*page=5"))
        page.get_by_role("button", name=re.compile("F1.1 .*105年")).first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("F1.1")
        page.wait_for_url(re.compile("page=5.*kpi=F1.1"))
        link = page.url
        page.reload()
        expect(dialog).to_contain_text("F1.1")
        expect(number).to_have_value("5")
        expect(page.locator("#tab-results")).to_have_attribute("aria-pressed", "true")
        page.go_back()
        expect(dialog).to_be_hidden()
        page.go_back()
        expect(page.locator("#tab-scorecard")).to_have_attribute("aria-pressed", "true")
        expect(number).to_have_value("4")

        other = visit.tab(link.removeprefix(server.address))
        expect(other.get_by_role("dialog")).to_contain_text("F1.1")
        expect(other.get_by_role("textbox", name="頁碼")).to_have_value("5")

        page.goto(f"{server.address}#/item/{item}/check")
        page.get_by_role("searchbox").fill("AP1")
        problem = page.locator(".problem .codeword a").first
        problem.click()
        page.reload()
        expect(page.get_by_role("searchbox")).to_have_value("AP1")
        expect(page.locator(".problem[aria-current]")).to_have_count(1)
        axe(page)


def test_the_search_of_the_archive_is_in_the_address(
    browser: Browser, server: Server, client: Client
) -> None:
    item = client.made(with_cells(("基本資料", "B10", "定稿")))["id"]
    client.post("/api/archive", {"item": item, "reprint": False})
    with visiting(browser, server, client) as visit:
        page = visit.tab("#/archive")
        page.get_by_role("searchbox").fill("105-12")
        page.reload()
        expect(page.get_by_role("searchbox")).to_have_value("105-12")
        expect(page.locator(".edition").first).to_be_visible()
        page.get_by_role("searchbox").fill("nothing like that")
        page.reload()
        expect(page.get_by_text("沒有符合的版次")).to_be_visible()


def test_the_help_is_had_in_both_languages(browser: Browser, quick: Server) -> None:
    with visiting(browser, quick) as visit:
        page = visit.tab()
        page.locator("#nav-help").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("說明")
        axe(page)
        page.locator("#language").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Help")
        expect(page.get_by_text("Take back what was removed")).to_be_visible()
        axe(page)
