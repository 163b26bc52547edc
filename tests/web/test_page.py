"""The page as somebody uses it, in a real browser over the real server."""

from __future__ import annotations

import re
import shutil
import zipfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.web.browser import PATIENCE, PHONE, TABLET, axe, overflow, visiting
from tests.web.client import entered
from tests.web.server import running, small_templates
from tests.workbooks import sample_bytes, with_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FloatRect, Locator, Page

    from tests.web.client import Client
    from tests.web.server import Server

SAMPLE = ROOT / "inputs/105-12-25.xlsx"
EARLIER = ROOT / "inputs/105-06-30.xlsx"
AGENCY = "臺北市教師研習中心"
expect.set_options(timeout=PATIENCE)


def choose(page: Page, *files: Path, button: str = "選擇檔案") -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(list(files))


def step(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="步驟").get_by_role("link", name=name)


def painted(page: Page) -> Locator:
    """The pictures of pages that are there."""
    return page.get_by_role("region", name="文件頁面").locator("img")


def box(locator: Locator) -> FloatRect:
    """Where something is on the screen."""
    found = locator.bounding_box()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def owner(server: Server) -> Client:
    """A session in which the sample is ready."""
    client = entered(server)
    assert client.made(SAMPLE.read_bytes(), SAMPLE.name)["stage"] == "ready"
    return client


def saved(page: Page, link: Locator) -> tuple[str, bytes]:
    with page.expect_download() as download:
        link.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_the_whole_way_with_the_sample(browser: Browser, server: Server) -> None:
    with visiting(browser, server) as visit:
        page = visit.tab()
        expect(page.get_by_role("heading", level=1)).to_have_text("選擇活頁簿")
        axe(page)
        name, content = saved(page, page.get_by_role("link", name="下載空白活頁簿"))
        assert name.endswith(".xlsx")
        assert "基本資料" in load_workbook(BytesIO(content), read_only=True).sheetnames

        choose(page, SAMPLE)
        expect(page.get_by_role("heading", level=1, name=re.compile("^檢查"))).to_be_visible()
        expect(painted(page).first).to_be_visible()  # it goes on to the preview by itself
        expect(page).to_have_title(re.compile(AGENCY))
        axe(page)
        step(page, "檢查").click()
        expect(page.get_by_text("沒有錯誤，文件已產製")).to_be_visible()
        axe(page)
        step(page, "預覽").click()
        page.get_by_role("button", name="執行成果").click()
        expect(painted(page).first).to_be_visible()
        widths = page.evaluate(
            """async () => {
                const image = document.querySelector("#pages img");
                await image.decode();
                return [image.naturalWidth, image.getBoundingClientRect().width * devicePixelRatio];
            }"""
        )
        assert (
            abs(widths[0] - widths[1]) <= 1
        )  # sharp: one pixel of the picture for one of the screen

        step(page, "下載、封存").click()
        expect(page.get_by_role("heading", level=1, name="下載、封存")).to_be_visible()
        axe(page)
        name, content = saved(page, page.get_by_role("link", name=re.compile("平衡計分卡.*pdf")))
        assert name == f"{AGENCY}_平衡計分卡_105-12-25.pdf"
        assert content.startswith(b"%PDF-")
        name, content = saved(page, page.get_by_role("link", name="全部下載"))
        assert {
            each.rpartition(".")[2] for each in zipfile.ZipFile(BytesIO(content)).namelist()
        } == {*("pdf", "docx", "xlsx", "json")}
        name, content = saved(page, page.get_by_role("link", name="下載下一版的活頁簿"))
        following = load_workbook(BytesIO(content), read_only=True)
        assert re.fullmatch(r"\d+-\d\d-\d\d\.xlsx", name)
        assert any("草稿" in row for row in following["基本資料"].iter_rows(values_only=True))


def test_a_problem_is_seen_mended_and_gone(browser: Browser, quick: Server, tmp_path: Path) -> None:
    file = tmp_path / "105-12-25.xlsx"
    faulty = with_cells(("年度資料", "E5", "九十八"), ("基本資料", "B5", None))
    file.write_bytes(faulty)
    with visiting(browser, quick) as visit:
        page = visit.tab()
        choose(page, file)
        expect(page.get_by_text("有 2 個錯誤，改好才會產製")).to_be_visible()
        problems = page.get_by_role("listitem").filter(has_text="E111")
        expect(problems).to_contain_text("E5")
        expect(page.get_by_role("heading", name="工作表「年度資料」")).to_be_visible()
        axe(page)
        name, content = saved(page, page.get_by_role("link", name="下載標示問題的複本"))
        assert name == "105-12-25_檢查.xlsx"
        marked = load_workbook(BytesIO(content))
        assert marked["年度資料"]["E5"].comment is not None
        assert file.read_bytes() == faulty

        page.get_by_role("searchbox").fill("E136")
        expect(problems).to_be_hidden()
        page.get_by_role("searchbox").fill("no such thing")
        page.get_by_role("button", name="清除篩選").click()
        expect(problems).to_be_visible()
        page.get_by_role("combobox", name="工作表").select_option("基本資料")
        expect(problems).to_be_hidden()
        page.get_by_role("combobox", name="工作表").select_option("年度資料")
        expect(problems).to_be_visible()

        book = load_workbook(file)
        good = load_workbook(BytesIO(sample_bytes()))
        for sheet, cell in (("年度資料", "E5"), ("基本資料", "B5")):
            book[sheet][cell].value = good[sheet][cell].value
        book.save(file)
        choose(page, file, button="改好了，再檢查一次")
        expect(painted(page).first).to_be_visible()
        step(page, "檢查").click()
        expect(page.get_by_text("沒有錯誤，文件已產製")).to_be_visible()
        expect(page.get_by_text("E111")).to_have_count(0)


def test_behind_every_figure_there_is_its_explanation(
    browser: Browser, server: Server, owner: Client
) -> None:
    item = owner.get("/api/items").json()["items"][0]["id"]
    results = owner.get(f"/api/items/{item}/results").json()
    kpi = next(each for each in results["kpis"] if each["code"] == "F1.1")
    year = kpi["years"][-1]
    with visiting(browser, server, owner) as visit:
        page = visit.tab(f"#/item/{item}/preview")
        page.get_by_role("button", name="數值的算法").click()
        figure = page.get_by_role("button", name=re.compile(f"^F1.1 {year['year']}年"))
        figure.click()
        panel = page.get_by_role("dialog")
        expect(panel).to_contain_text(kpi["formula"]["text"])
        expect(panel).to_contain_text(year["substitution"])
        for given in year["inputs"]:
            for cell in given["cells"]:
                expect(panel).to_contain_text(f"{cell['sheet']} {cell['cell']}")
                expect(panel).to_contain_text(cell["shown"])
        axe(page)
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(figure).to_be_focused()

        page.get_by_role("button", name="執行成果").click()
        place = page.get_by_role("button", name=re.compile("F1.1 .*年.*算法")).first
        place.click()
        expect(panel).to_contain_text("F1.1")
        place.scroll_into_view_if_needed()
        page.keyboard.press("Escape")
        page.get_by_role("button", name=re.compile("的公式")).first.focus()
        page.keyboard.press("Enter")
        expect(panel).to_contain_text("公式")


def test_two_editions_are_compared(browser: Browser, quick: Server) -> None:
    with visiting(browser, quick) as visit:
        page = visit.tab()
        choose(page, SAMPLE, EARLIER)
        compare = page.get_by_role("button", name="比較", exact=True)
        expect(compare).to_be_visible()
        expect(page.get_by_label("現行版（舊）").locator("option:checked")).to_contain_text(
            "105-06-30"
        )
        expect(page.get_by_label("修正版（新）").locator("option:checked")).to_contain_text(
            "105-12-25"
        )
        axe(page)
        compare.dblclick()
        expect(painted(page).first).to_be_visible()
        expect(page.get_by_role("button", name="修正對照表")).to_be_visible()
        step(page, "下載、封存").click()
        name, content = saved(
            page, page.get_by_role("link", name=re.compile(r"修正對照表.*\.docx"))
        )
        assert content.startswith(b"PK")
        assert "修正對照表" in name
        axe(page)
        page.get_by_role("link", name="產製").click()
        expect(
            page.get_by_role("listitem").filter(has_text="修正對照").filter(has_text="→")
        ).to_have_count(1)


def test_an_edition_is_archived_browsed_verified_and_had_again(
    browser: Browser, quick: Server, tmp_path: Path
) -> None:
    file = tmp_path / "105-12-25.xlsx"
    file.write_bytes(with_cells(("基本資料", "B10", "定稿")))
    with visiting(browser, quick) as visit:
        page = visit.tab("#/archive")
        expect(page.get_by_text("還沒有封存任何版次")).to_be_visible()
        axe(page)
        page.get_by_role("link", name="產製").click()
        choose(page, file)
        expect(painted(page).first).to_be_visible()
        step(page, "下載、封存").click()
        page.get_by_role("button", name="加入封存").click()
        sheet = page.get_by_role("dialog", name="要封存這個版次嗎？")
        expect(sheet).to_contain_text("105-12-25")
        axe(page)
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        assert not quick.archive.exists()
        page.get_by_role("button", name="加入封存").click()
        sheet.get_by_role("button", name="封存", exact=True).dblclick()
        expect(sheet).to_contain_text("已封存 105-12-25")
        axe(page)
        sheet.get_by_role("link", name="看封存的版次").click()

        expect(page.get_by_role("heading", level=1, name="封存")).to_be_visible()
        edition = page.locator("details.edition")
        expect(edition).to_have_count(1)
        edition.locator("summary").first.click()
        axe(page)
        name, content = saved(page, edition.get_by_role("link", name=re.compile("平衡計分卡.*pdf")))
        assert content.startswith(b"%PDF-")
        assert name.endswith("105-12-25.pdf")
        name, content = saved(page, edition.get_by_role("link", name="105-12-25.xlsx", exact=True))
        assert content == file.read_bytes()
        page.get_by_role("button", name="查驗整個封存").click()
        expect(page.get_by_text("查驗完成，封存完整")).to_be_visible()

        kept = next(each for each in quick.archive.rglob("*.docx"))
        content = kept.read_bytes()
        kept.chmod(0o644)
        kept.write_bytes(content[:-1] + b"x")
        try:
            page.get_by_role("button", name="查驗整個封存").click()
            expect(page.get_by_text("查驗完成，封存有問題")).to_be_visible()
            axe(page)
        finally:
            kept.write_bytes(content)


# --- hands, eyes, languages, screens ----------------------------------------------------------


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
    settings = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    with visiting(browser, server, owner, size, **settings) as visit:
        page = visit.tab()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
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


# --- more than one tab, and less than a connection --------------------------------------------


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
        expect(second.get_by_text("甲.xlsx", exact=True)).to_be_hidden()
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


@contextmanager
def drawn(page: Page) -> Iterator[None]:
    """What is done here has been drawn afterwards: the page gives itself its title last."""
    page.evaluate("document.title = ''")
    yield
    expect(page).not_to_have_title("")


@contextmanager
def heard(page: Page) -> Iterator[None]:
    """What is changed here on the server, the page has heard of afterwards and drawn."""
    with drawn(page):
        yield
        page.evaluate("new BroadcastChannel('reportgen').postMessage('changed')")


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


def test_the_page_without_the_link_says_how_to_come_in(browser: Browser, quick: Server) -> None:
    context = browser.new_context(locale="zh-TW")
    page = context.new_page()
    page.goto(quick.address)
    expect(page.get_by_role("heading", level=1)).to_have_text("請由連結開啟這個頁面")
    axe(page)
    context.close()


# --- live -------------------------------------------------------------------------------------


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
