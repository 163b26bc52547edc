"""Parts as somebody sends them out, drops what comes back, looks, and merges."""

from __future__ import annotations

import base64
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.factories.owner_parts import edited, filled
from tests.web.browser import LAPTOP, PHONE, axe, overflow, visiting
from tests.web.client import entered
from tests.web.server import running, small_templates
from tests.web.test_page_for_all import tab_to
from tests.web.test_parts_routes import FIGURES, TYPES, edition, hand_in, read, shared
from tests.web.test_save_in_excel import PICKER, STORED, with_disk
from tests.web.view import choose, saved, step

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.server import Server

pytestmark = pytest.mark.slow

PART = "105-12-25_研究組.xlsx"
CJK = re.compile("[\u4e00-\u9fff]")


def test_from_sending_out_to_the_merged_workbook(
    browser: Browser, quick: Server, tmp_path: Path
) -> None:
    client = entered(quick)
    item = client.made(edition(), "105-12-25.xlsx")["id"]
    with visiting(browser, quick, client) as visit:
        page = visit.tab(f"#/item/{item}/check")
        page.get_by_role("link", name="填報", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="填報")).to_be_focused()
        units = page.get_by_role("region", name="填報狀況")
        expect(units).to_contain_text("5 個單位中 0 個已填妥")
        page.get_by_label("交回期限").fill("2017-01-20")
        page.get_by_role("button", name="做成填報活頁簿").click()
        link = page.get_by_role("link", name="下載填報活頁簿（zip）")
        expect(link).to_be_visible()
        axe(page)
        name, content = saved(page, link)
        assert name.endswith("_填報.zip")
        with zipfile.ZipFile(BytesIO(content)) as archive:
            part = tmp_path / "交回.xlsx"
            part.write_bytes(filled(archive.read(PART), FIGURES))
            assert len(archive.namelist()) == 5

        choose(page, part, button="選擇交回的檔案")
        merging = page.get_by_role("region", name=re.compile("^會併入"))
        expect(merging).to_contain_text("研究組 王小明　106-01-05　交回.xlsx")
        expect(merging.get_by_role("listitem").filter(has_text=TYPES)).to_contain_text("19")
        expect(units.get_by_role("listitem").filter(has_text="研究組")).to_contain_text("已交")
        expect(units.get_by_role("listitem").filter(has_text="教務組")).to_contain_text("未交")
        axe(page)
        assert client.get(f"/api/items/{item}/workbooks/0").content == edition()
        merging.get_by_role("button", name=re.compile("^併入")).dblclick()
        expect(page.get_by_text("併入前的活頁簿仍可下載")).to_be_visible()
        expect(page.get_by_role("region", name="沒有要併入的格子")).to_be_visible()
        axe(page)
        name, content = saved(page, page.get_by_role("link", name="下載目前的活頁簿"))
        assert name == "105-12-25.xlsx"
        now: Any = load_workbook(BytesIO(content))["年度資料"]
        assert 19 in [row[0] for row in now.iter_rows(min_col=6, max_col=6, values_only=True)]
        before = page.get_by_role("link", name="105-12-25_第1次併入前.xlsx")
        assert saved(page, before)[1] == edition()
        expect(before).to_have_count(1)

        page.get_by_role("link", name="產製").click()
        glance = page.get_by_role("link", name="填報 1/5：5 個單位中 1 個已填妥")
        expect(glance).to_have_text("填報 1/5")
        page.reload()
        glance.click()
        expect(page.get_by_role("link", name="交回.xlsx")).to_be_visible()
        step(page, "檢查").click()
        expect(page.get_by_text("文件已產製")).to_be_visible()


def test_dropped_parts_with_conflicts(browser: Browser, quick: Server) -> None:
    """They are told by cell in both languages, and only the rest is merged, if that is wanted."""
    client = entered(quick)
    item = client.made(edition())["id"]
    blank = shared(client, item)[PART]
    files: dict[str, dict[str, dict[str, object]]] = {
        "甲.xlsx": FIGURES,
        "乙.xlsx": {**FIGURES, TYPES: {"105": 20}},
    }
    with visiting(browser, quick, client) as visit:
        page = visit.tab(f"#/item/{item}/parts")
        expect(page.get_by_role("region", name="收回填報")).to_be_visible()
        page.evaluate(
            """(files) => {
                const data = new DataTransfer();
                for (const [name, bytes] of Object.entries(files))
                    data.items.add(new File([new Uint8Array(bytes)], name));
                const event = (kind) => new DragEvent(kind, { dataTransfer: data, bubbles: true });
                for (const kind of ["dragenter", "drop"]) document.body.dispatchEvent(event(kind));
            }""",
            {name: list(filled(blank, figures)) for name, figures in files.items()},
        )
        expect(page.locator("#drop-cover")).to_have_text("放開，就會收回這些填報活頁簿")
        conflicts = page.get_by_role("listitem").filter(has_text="E718")
        expect(conflicts).to_have_count(2)
        expect(conflicts.first).to_contain_text("填報資料")
        merge = page.get_by_role("button", name=re.compile("^併入"))
        expect(merge).to_be_hidden()
        axe(page)
        page.get_by_role("button", name="English").click()
        expect(conflicts.first).to_contain_text("“填報資料”")
        expect(
            page.get_by_role("region", name=re.compile("cells? would be merged"))
        ).to_be_visible()
        own = page.evaluate(
            """() => [...document.querySelectorAll("main button, main label > span, main h1, h2")]
                .filter((each) => each.offsetParent).map((each) => each.textContent)"""
        )
        assert [text for text in own if CJK.search(text)] == []
        page.get_by_role("button", name="中文").click()
        page.get_by_label(re.compile("只併入沒有衝突的")).check()
        merge.click()
        expect(page.get_by_text("併入前的活頁簿仍可下載")).to_be_visible()
        expect(conflicts.first).to_be_visible()  # they are still there to be settled
        page.get_by_role("button", name="移除 甲.xlsx").click()
        expect(conflicts).to_have_count(0)
        expect(page.locator(".cell-changes")).to_contain_text("20")
        assert len(client.get("/api/items").json()["items"]) == 1


def test_a_file_is_not_followed_over_a_merge(
    browser: Browser, quick: Server, tmp_path: Path
) -> None:
    """Or the next save would undo the merge unseen."""
    file = tmp_path / "105-12-25.xlsx"
    file.write_bytes(edition())
    client = entered(quick)
    with visiting(browser, quick, client, picker=PICKER) as visit:
        page = visit.tab()
        with_disk(page, file)
        page.locator("#choose").click()
        expect(page.locator("#follow-stop")).to_be_visible()
        item = client.get("/api/items").json()["items"][0]["id"]
        client.until(item, "ready")
        hand_in(client, item, filled(shared(client, item)[PART], FIGURES), "a.xlsx")
        page.goto(f"{quick.address}#/item/{item}/parts")
        page.locator("#merge").click()
        expect(page.get_by_text("填報在這裡併入了 1 次")).to_be_visible()
        merged = saved(page, page.locator("#corrected"))[1]
        assert merged == client.get(f"/api/items/{item}/workbooks/1").content
        step(page, "預覽").click()
        expect(page.locator("#follow-resume")).to_be_visible()
        axe(page)
        file.write_bytes(edited(edition(), lambda book: book["基本資料"].__setitem__("B6", "新")))
        page.wait_for_timeout(1500)  # a file that is followed would have been looked at thrice
        assert client.state(item)["merges"] == 1


def test_what_another_tab_does_is_seen(browser: Browser, quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    blank = shared(client, item)[PART]
    with visiting(browser, quick, client) as visit:
        visit.expected = ("409",)  # what has changed meanwhile is not merged
        page = visit.tab(f"#/item/{item}/parts")
        hand_in(client, item, filled(blank, FIGURES), "a.xlsx")
        merge = page.get_by_role("button", name=re.compile("^併入"))
        expect(merge).to_be_visible()
        page.route("**/api/items", lambda route: route.abort())  # it does not hear of this one
        visit.expected += ("ERR_FAILED", "Failed to load resource")
        hand_in(client, item, filled(blank, {TYPES: {"105": 19}}), "b.xlsx")
        read(client, item)
        merge.click()
        expect(page.get_by_text("填報活頁簿或活頁簿有變動，沒有併入")).to_be_visible()
        expect(page.get_by_role("link", name="b.xlsx")).to_be_visible()
        assert client.get(f"/api/items/{item}/workbooks/1").status == 404


def test_by_keyboard(browser: Browser, quick: Server, tmp_path: Path) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    part = tmp_path / "a.xlsx"
    part.write_bytes(filled(shared(client, item)[PART], FIGURES))
    with visiting(browser, quick, client) as visit:
        page = visit.tab()
        tab_to(page, page.get_by_role("link", name=re.compile("^填報 [0-9]")))
        page.keyboard.press("Enter")
        button = page.get_by_role("button", name="選擇交回的檔案")
        expect(button).to_be_visible()
        tab_to(page, button)
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(part)
        merge = page.get_by_role("button", name=re.compile("^併入"))
        expect(merge).to_be_visible()
        tab_to(page, merge)
        page.keyboard.press("Enter")
        expect(page.get_by_text("併入前的活頁簿仍可下載")).to_be_visible()
        tab_to(page, page.get_by_role("link", name="下載目前的活頁簿"))


@pytest.mark.parametrize(
    ("size", "settings"),
    [
        (PHONE, {"has_touch": True, "is_mobile": True}),
        (LAPTOP, {"forced_colors": "active"}),
    ],
    ids=["phone", "forced colours"],
)
def test_on_any_screen(
    browser: Browser, quick: Server, size: tuple[int, int], settings: dict[str, Any]
) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    blank = shared(client, item)[PART]
    hand_in(client, item, filled(blank, FIGURES), "研究組交回的填報活頁簿，檔名很長很長很長.xlsx")
    hand_in(client, item, filled(blank, {**FIGURES, TYPES: {"105": 20}}), "b.xlsx")
    with visiting(browser, quick, client, size, **settings) as visit:
        page = visit.tab()
        expect(page.get_by_role("link", name=re.compile("^填報 [0-9]"))).to_be_visible()
        assert overflow(page) == []
        page.goto(f"{quick.address}#/item/{item}/parts")
        expect(page.get_by_role("listitem").filter(has_text="E718").first).to_be_visible()
        page.locator(".unit summary").first.click()
        assert overflow(page) == []
        axe(page)


def test_all_documents_are_had_as_odt_too(browser: Browser, server: Server) -> None:
    """The review among them, where there are words."""
    client = entered(server)
    item = client.made((ROOT / "inputs/review/105-12-25.xlsx").read_bytes())["id"]
    with visiting(browser, server, client) as visit:
        page = visit.tab(f"#/item/{item}/finish")
        expect(page.get_by_role("link", name=re.compile("年度績效檢討報告.*pdf"))).to_be_visible()
        page.get_by_role("button", name="另做 ODT 檔").click()
        links = page.get_by_role("link", name=re.compile(r"\.odt$"))
        expect(links).to_have_count(3, timeout=200_000)
        expect(page.get_by_text("ODT 檔已做好")).to_be_visible()
        expect(page.get_by_role("button", name="另做 ODT 檔")).to_have_count(0)
        axe(page)
        name, content = saved(page, page.get_by_role("link", name=re.compile("檢討.*odt$")))
        with zipfile.ZipFile(BytesIO(content)) as package:
            assert package.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        _, everything = saved(page, page.get_by_role("link", name="全部下載"))
        with zipfile.ZipFile(BytesIO(everything)) as archive:
            assert archive.read(name) == content
    client.ask("DELETE", f"/api/items/{item}")


def test_the_live_workbook_is_shared_and_never_written(browser: Browser, tmp_path: Path) -> None:
    workbook = tmp_path / "105-12-25.xlsx"
    workbook.write_bytes(edition())
    templates = str(small_templates(tmp_path / "templates"))
    with (
        running(tmp_path, str(workbook), "--templates", templates) as server,
        visiting(browser, server) as visit,
    ):
        page = visit.tab("#/item/live/parts")
        page.get_by_role("button", name="做成填報活頁簿").click()
        _, content = saved(page, page.get_by_role("link", name="下載填報活頁簿（zip）"))
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert PART in archive.namelist()
        expect(page.get_by_role("button", name="選擇交回的檔案")).to_have_count(0)
        axe(page)
    assert workbook.read_bytes() == edition()


def test_a_merge_in_one_tab_ends_the_following_in_another(browser: Browser, quick: Server) -> None:
    """Its next look at the file would undo the merge unseen."""
    client = entered(quick)
    granted = STORED.replace('permission = "prompt"', 'permission = "granted"')
    with visiting(browser, quick, client, picker=granted) as visit:
        page = visit.tab()
        page.evaluate("(it) => save(it)", base64.b64encode(edition()).decode())
        page.locator("#choose").click()
        expect(page.locator("#follow-stop")).to_be_visible()
        (item,) = (state["id"] for state in client.get("/api/items").json()["items"])
        client.until(item)
        hand_in(client, item, filled(shared(client, item)[PART], FIGURES), "a.xlsx")
        read(client, item)
        other = visit.tab(f"#/item/{item}/preview")
        expect(other.locator("#follow-stop")).to_be_visible()
        page.bring_to_front()
        page.goto(f"{quick.address}#/item/{item}/parts")
        page.locator("#merge").click()
        expect(page.get_by_text("併入前的活頁簿仍可下載")).to_be_visible()
        expect(other.locator("#follow-resume")).to_be_visible()
        other.bring_to_front()
        other.reload()
        expect(other.locator("#follow-resume")).to_be_visible()
        assert client.until(item)["merges"] == 1


def test_a_part_that_is_too_large_is_told_of_and_not_sent(browser: Browser, tmp_path: Path) -> None:
    patch = "import reportgen.web.routes.http_messages as limits; limits.MAX_UPLOAD_BYTES = 100_000"
    templates = str(small_templates(tmp_path / "templates"))
    large = tmp_path / "large.xlsx"
    large.write_bytes(bytes(100_001))
    with (
        running(tmp_path, "--templates", templates, patch=patch) as server,
        visiting(browser, server, entered(server)) as visit,
    ):
        item = entered(server).made(edition())["id"]
        page = visit.tab(f"#/item/{item}/parts")
        choose(page, large, button="選擇交回的檔案")
        expect(page.get_by_role("alert")).to_have_text("「large.xlsx」太大，上限是 98 KB。")
        expect(page.get_by_role("listitem").filter(has_text="large.xlsx")).to_have_count(0)
