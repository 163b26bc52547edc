"""The page as somebody uses it, in a real browser over the real server: from file to archive."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.factories.workbooks import sample_bytes, with_cells
from tests.web.browser import axe, visiting
from tests.web.view import AGENCY, EARLIER, SAMPLE, choose, painted, saved, step

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.client import Client
    from tests.web.server import Server


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
        results = page.get_by_role("button", name="執行成果")
        results.click()
        expect(results).to_have_attribute("aria-pressed", "true")  # not the pages of before
        expect(painted(page).first).to_be_visible()
        widths = painted(page).first.evaluate(
            """async (image) => {
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_words_stand_beside_the_figure_that_they_explain(
    browser: Browser, server: Server, owner: Client
) -> None:
    """As the review prints them, with their cells; a year without words has none."""
    workbook = (ROOT / "inputs/review/105-12-25.xlsx").read_bytes()
    item = owner.made(workbook)["id"]
    words = owner.get(f"/api/items/{item}/words").json()["words"]
    reason = next(
        entry for entry in words if (entry["kpi"], entry["column"]) == ("BP1.1", "未達成原因")
    )
    with visiting(browser, server, owner) as visit:
        page = visit.tab(f"#/item/{item}/preview")
        page.get_by_role("button", name="數值的算法").click()
        page.get_by_role("button", name=re.compile("^BP1.1 105年")).click()
        panel = page.get_by_role("dialog")
        expect(panel.get_by_role("heading", name="執行說明")).to_be_visible()
        for line in reason["text"].split("\n"):
            expect(panel).to_contain_text(line)
        expect(panel).to_contain_text(f"執行說明 {reason['cell']}")
        axe(page)
        panel.get_by_role("button", name="104年").click()
        expect(panel.get_by_role("heading", name="執行說明")).to_have_count(0)
    owner.ask("DELETE", f"/api/items/{item}")


@pytest.mark.slow
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
        place = (
            page.locator("#pages").get_by_role("button", name=re.compile("F1.1 .*年.*算法")).first
        )
        place.click()
        expect(panel).to_contain_text("F1.1")
        place.scroll_into_view_if_needed()
        page.keyboard.press("Escape")
        page.get_by_role("button", name=re.compile("的公式")).first.focus()
        page.keyboard.press("Enter")
        expect(panel).to_contain_text("公式")


@pytest.mark.slow
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


@pytest.mark.slow
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
