"""Smaller wishes of those who use the page every day."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.factories.workbooks import sample_bytes, with_cells
from tests.web.browser import axe, visiting
from tests.web.client import entered
from tests.web.server import SHARED, running, small_templates
from tests.web.view import choose, drop, painted

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.client import Client
    from tests.web.server import Server


@pytest.mark.slow
def test_the_pair_to_compare_is_of_one_agency(quick: Server, browser: Browser) -> None:
    client = entered(quick)
    other = (("基本資料", "B5", "另一個機關"),)
    names = {
        "ours.xlsx": with_cells(("基本資料", "B8", "105-06-30")),
        "theirs.xlsx": with_cells(*other, ("基本資料", "B8", "105-09-30")),
        "ours-new.xlsx": sample_bytes(),
    }
    states = {name: client.made(content, name) for name, content in names.items()}
    agencies = {name: state["agency"] for name, state in states.items()}
    assert agencies["ours.xlsx"] == agencies["ours-new.xlsx"] != agencies["theirs.xlsx"]
    with visiting(browser, quick, client) as visit:
        page = visit.tab()
        chosen = [page.locator(f"#{name} option:checked") for name in ("older", "newer")]
        expect(chosen[0]).to_contain_text("ours.xlsx")
        expect(chosen[1]).to_contain_text("ours-new.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "name"),
    [("?revised=2018-03-01", "107-03-01.xlsx"), ("?revised=1911-12-31", ""), ("?revised=x", "")],
)
def test_the_next_edition_is_of_the_day_that_is_chosen(
    quick: Server, query: str, name: str
) -> None:
    client = entered(quick)
    item = client.made(sample_bytes())["id"]
    answer = client.get(f"/api/items/{item}/next.xlsx{query}")
    if name:
        assert answer.headers["Content-Disposition"].endswith(quote(name))
    else:
        assert (answer.status, answer.code) == (400, "not understood")


@pytest.mark.slow
def test_a_mended_workbook_takes_the_place_of_the_faulty_one(
    quick: Server, browser: Browser, tmp_path: Path
) -> None:
    client = entered(quick)
    faulty = client.made(with_cells(("年度資料", "E5", "not a figure")), "a.xlsx")["id"]
    mended = tmp_path / "a.xlsx"
    mended.write_bytes(sample_bytes())
    with visiting(browser, quick, client) as visit:
        page = visit.tab(f"#/item/{faulty}/check")
        choose(page, mended, button="改好了，再檢查一次")
        page.wait_for_url("**/preview")
        (item,) = client.get("/api/items").json()["items"]
        assert (item["id"], item["name"]) == (faulty, "a.xlsx")
        assert client.state(faulty)["run"] == 2


@pytest.mark.slow
def test_what_is_dropped_on_a_refused_workbook_takes_its_place(
    quick: Server, browser: Browser
) -> None:
    """A marked copy has another name; several files at once are new ones."""
    client = entered(quick)
    faulty = with_cells(("年度資料", "E5", "not a figure"))
    item = client.made(faulty, "a.xlsx")["id"]
    with visiting(browser, quick, client) as visit:
        page = visit.tab(f"#/item/{item}/check")
        expect(page.locator("#mended")).to_be_visible()
        assert drop(page, {"b.xlsx": faulty + b" ", "c.xlsx": faulty}) == "放開，就會開始檢查"
        expect(page.locator(".item")).to_have_count(3)
        for name in ("b.xlsx", "c.xlsx"):
            page.get_by_role("button", name=f"移除 {name}").click()
            expect(page.get_by_role("button", name=f"復原 {name}")).to_be_visible()
            page.wait_for_timeout(600)  # the page takes a second click at once for a mistake
        page.goto(f"{quick.address}#/item/{item}/check")
        expect(page.locator("#mended")).to_be_visible()
        assert drop(page, {"a_檢查.xlsx": sample_bytes()}) == "放開，就會再檢查一次"
        page.wait_for_url(f"**/{item}/preview")
        (state,) = client.get("/api/items").json()["items"]
        assert (state["id"], state["name"]) == (item, "a_檢查.xlsx")


@pytest.mark.slow
def test_what_is_dropped_on_a_ready_workbook_replaces_its_own_file_alone(
    quick: Server, browser: Browser
) -> None:
    client = entered(quick)
    item = client.made(sample_bytes(), "a.xlsx")["id"]
    faulty = with_cells(("年度資料", "E5", "not a figure"))
    with visiting(browser, quick, client) as visit:
        page = visit.tab(f"#/item/{item}/check")
        expect(page.locator(".verdict.ready")).to_be_visible()
        assert drop(page, {"a.xlsx": faulty}) == "放開，就會開始檢查"
        expect(page.locator("#mended")).to_be_visible()
        (state,) = client.get("/api/items").json()["items"]
        assert (state["id"], state["stage"]) == (item, "refused")
        drop(page, {"a.xlsx": sample_bytes()})
        expect(page.locator(".verdict.ready")).to_be_visible()
        drop(page, {"b.xlsx": faulty})
        expect(page.locator("#mended")).to_be_visible()
        names = [state["name"] for state in client.get("/api/items").json()["items"]]
        assert names == ["b.xlsx", "a.xlsx"]
        page.goto(f"{quick.address}#/item/{item}/preview")
        expect(painted(page).first).to_be_visible()
        drop(page, {"a.xlsx": faulty})  # many agencies call their workbook by its day
        expect(page.locator("#mended")).to_be_visible()
        assert len(client.get("/api/items").json()["items"]) == 3


@pytest.mark.slow
def test_why_a_mended_workbook_was_not_sent_is_told_where_it_was_dropped(
    browser: Browser, tmp_path: Path
) -> None:
    patch = "import reportgen.web.routes.http_messages as limits; limits.MAX_UPLOAD_BYTES = 100_000"
    with running(tmp_path, patch=patch) as server:
        client = entered(server)
        item = client.made(b"no workbook", "a.xlsx")["id"]
        with visiting(browser, server, client) as visit:
            page = visit.tab(f"#/item/{item}/check")
            expect(page.locator("#mended")).to_be_visible()
            drop(page, {"a.xlsx": bytes(100_001)})
            expect(page.get_by_role("alert")).to_have_text("「a.xlsx」太大，上限是 98 KB。")
            page.get_by_role("link", name="產製").click()
            expect(page.locator(".item")).to_have_count(1)


def test_only_a_workbook_of_ones_own_is_replaced(quick: Server) -> None:
    client, other = entered(quick), entered(quick)
    theirs = other.made(b"no workbook")["id"]
    answer = client.ask("PUT", f"/api/items/{theirs}/workbook", b"x", {"X-File-Name": "a.xlsx"})
    assert (answer.status, answer.code) == (404, "gone")
    assert client.get("/api/items").json()["items"] == []
    assert other.state(theirs)["stage"] == "refused"


@pytest.mark.slow
def test_whether_a_file_is_the_archived_one_is_asked_on_the_page(
    browser: Browser, tmp_path: Path
) -> None:
    templates = str(small_templates(tmp_path / "templates"))
    with running(tmp_path, "--templates", templates, environment=SHARED) as server:
        client = entered(server)
        item = client.made(with_cells(("基本資料", "B10", "定稿")))["id"]
        assert client.post("/api/archive", {"item": item, "reprint": False}).json()["new"]
        edition = client.get("/api/archive").json()["editions"][0]
        name = next(file["name"] for file in edition["files"] if file["name"].endswith(".pdf"))
        content = client.get(f"/api/archive/files/{edition['id']}/{quote(name)}").content
        right, wrong = tmp_path / "sent by mail.pdf", tmp_path / "other.pdf"
        right.write_bytes(content)
        wrong.write_bytes(content + b" ")
        with visiting(browser, server, client) as visit:
            page = visit.tab("#/archive")
            outcome = page.locator("#identified")
            choose(page, right, button="這份檔案封存過嗎？")
            expect(outcome).to_contain_text(name)
            axe(page)
            choose(page, wrong, button="這份檔案封存過嗎？")
            expect(outcome).to_contain_text("E624")
        assert str(server.scratch) not in client.get("/api/archive").content.decode()


@pytest.mark.slow
def test_what_is_selected_is_seen_in_forced_colours(quick: Server, browser: Browser) -> None:
    client = entered(quick)
    item = client.made(sample_bytes())["id"]
    with visiting(browser, quick, client, forced_colors="active") as visit:
        page = visit.tab(f"#/item/{item}/preview")
        colour = "(element) => getComputedStyle(element).backgroundColor"
        for selected, other in (
            (".tabs [aria-pressed=true]", ".tabs [aria-pressed=false]"),
            (".steps [aria-current] .step", ".steps a:not([aria-current]) .step"),
            ("#nav-make", "#nav-archive"),
        ):
            colours = [page.locator(each).first.evaluate(colour) for each in (selected, other)]
            assert colours[0] != colours[1], selected
            # Else the browser paints a plate behind the text, in the text's colour.
            adjust = "(element) => getComputedStyle(element).forcedColorAdjust"
            assert page.locator(selected).first.evaluate(adjust) == "none"
        axe(page)
        page.goto(f"{quick.address}#/")
        border = "(element) => getComputedStyle(element).borderTopColor"
        ground = page.locator(".way").evaluate(colour)
        assert page.locator(".steps .later").first.evaluate(border) == ground
        text = "(element) => getComputedStyle(element).color"
        assert page.locator(".drop > .icon").evaluate(text) == page.locator("body").evaluate(text)
        page.locator("#sign-out").click()
        width = "(element) => getComputedStyle(element).borderTopWidth"
        assert page.get_by_role("dialog").evaluate(width) == "1px"  # nothing else sets it apart
        axe(page)


@pytest.mark.slow
def test_printing_from_the_menu_gives_no_blank_page(
    server: Server, owner: Client, browser: Browser
) -> None:
    """The menu does not wait: the pages are fetched before, while nothing else is."""
    item = next(
        item["id"] for item in owner.get("/api/items").json()["items"] if item["stage"] == "ready"
    )
    with visiting(browser, server, owner) as visit:
        page = visit.tab(f"#/item/{item}/preview")
        expect(painted(page).first).to_be_visible()
        page.wait_for_function(
            """() => document.querySelectorAll(".page .frame img").length
                === document.querySelectorAll(".page").length"""
        )
        printed = page.pdf(prefer_css_page_size=True)
    told = []
    with pypdfium2.PdfDocument(printed) as document:
        for sheet in document:
            images = list(sheet.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,)))
            text = "".join(sheet.get_textpage().get_text_range().split())
            told.append((bool(images), "還沒有讀取" in text))
    assert len(told) >= 8
    assert told == [(True, False)] * len(told)
