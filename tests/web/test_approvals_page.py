"""Approving, withdrawing and printing approvals with the mouse and the keyboard, in the page."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.factories.workbooks import with_cells
from tests.web.browser import PHONE, axe, overflow, visiting
from tests.web.client import entered
from tests.web.server import SHARED, running
from tests.web.test_approvals import FINAL, approve, archived, templates_with_posts
from tests.web.test_page_for_all import tab_to
from tests.web.view import saved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from tests.web.client import Client
    from tests.web.server import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("office")
    templates = templates_with_posts(folder / "templates")
    with running(folder, "--templates", str(templates), environment=SHARED) as server:
        yield server
    assert "Traceback" not in server.said(), server.said()


@pytest.fixture(scope="module")
def client(office: Server) -> Client:
    return entered(office)


def opened(page: Page, number: str) -> Locator:
    """The edition in the archive, with its approval asked for."""
    edition = page.locator(f"#edition-{number}")
    edition.locator("summary").first.click()
    expect(edition.locator(".rounds")).to_be_visible()
    return edition


def test_an_edition_is_approved_and_withdrawn_by_keyboard_alone(
    office: Server, client: Client, browser: Browser
) -> None:
    number = archived(client, "105-02-01")
    with visiting(browser, office, client) as visit:
        page = visit.tab("#/archive")
        edition = opened(page, number)
        expect(edition.locator(".rounds .now")).to_contain_text("自評")
        tab_to(page, edition.locator(f"#approve-{number}"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("--sign")).to_be_visible()
        axe(page)
        tab_to(page, page.locator("#slip-name"))
        page.keyboard.type("<b>王小明</b>")
        tab_to(page, page.locator("#slip-remark"))
        page.keyboard.type("數字已核對")
        page.keyboard.press("Enter")
        expect(page.get_by_text("已寫入第 1 號核可單")).to_be_visible()
        page.keyboard.press("Enter")  # the focus is on 關閉
        expect(edition.locator(".rounds .done")).to_have_text("自評<b>王小明</b>")
        expect(edition.locator(".rounds .now")).to_contain_text("初核")
        edition.get_by_text("核可單（1 張）").click()
        expect(edition.locator(".slip")).to_contain_text("意見：數字已核對")
        axe(page)
        page.locator(f"#withdraw-{number}-1").click()
        page.locator("#slip-name").fill("陳美")
        page.locator("#slip-now").click()
        expect(page.locator("#slip-remark")).to_be_focused()  # a reason is required
        page.locator("#slip-remark").fill("數字待查")
        page.locator("#slip-now").click()
        expect(page.get_by_text("已寫入第 2 號核可單")).to_be_visible()
        page.get_by_role("dialog").get_by_role("button", name="關閉").click()
        edition.get_by_text("核可單（2 張）").click()
        expect(edition.locator(".slip").nth(0)).to_contain_text("已撤回")
        expect(edition.locator(".slip").nth(1)).to_contain_text("撤回第 1 號")
        page.locator("#language").click()
        expect(edition.locator(".slip").nth(1)).to_contain_text("withdraws slip 1")
        axe(page)


def test_what_is_refused_is_said_in_the_sheet(
    office: Server, client: Client, browser: Browser
) -> None:
    number = archived(client, "105-02-02")
    with visiting(browser, office, client) as visit:
        page = visit.tab("#/archive")
        edition = opened(page, number)
        approve(client, number, "自評")
        approve(client, number, "初核")  # meanwhile, by somebody else
        edition.locator(f"#approve-{number}").click()
        page.locator("#slip-name").fill("王小明")
        page.locator("#slip-now").click()
        expect(page.get_by_role("dialog")).to_contain_text("E652")
        axe(page)


def test_what_voided_a_slip_is_seen(office: Server, client: Client, browser: Browser) -> None:
    number = archived(client, "105-02-03")
    approve(client, number, "自評")
    content = with_cells(FINAL, ("基本資料", "B8", "105-02-03"), ("年度資料", "E5", 99))
    item = client.made(content, "105-02-03.xlsx")["id"]
    newer = client.post("/api/archive", {"item": item, "reprint": True}).json()["archived"]["id"]
    phone: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    with visiting(browser, office, client, PHONE, **phone) as visit:
        page = visit.tab("#/archive")
        page.locator(f"#edition-{number} summary").first.click()
        page.locator(f"#edition-{number}").get_by_role("button", name="105-02-03#1").click()
        edition = page.locator(f"#edition-{newer}")
        expect(edition.locator(".rounds")).to_be_visible()
        expect(edition.locator(".slip")).to_contain_text("105-02-03#1 已變更")
        expect(edition.locator(".changes li").first).to_contain_text("→")
        axe(page)
        assert overflow(page) == []


def test_an_archived_edition_is_the_older_side_of_a_comparison(
    office: Server, client: Client, browser: Browser
) -> None:
    number = archived(client, "104-02-05")
    guest = entered(office)
    item = guest.made(with_cells(("基本資料", "B8", "105-02-05")), "this year.xlsx")["id"]
    with visiting(browser, office, guest) as visit:
        page = visit.tab(f"#/item/{item}/finish")
        older = page.locator("#older")
        expect(older.locator(f"option[value='archived:{number}']")).to_be_attached()
        older.select_option(f"archived:{number}")
        axe(page)
        page.get_by_role("button", name="比較", exact=True).click()
        expect(page.locator("p.lead")).to_contain_text("104-02-05 → this year.xlsx")
    newest = guest.get("/api/items").json()["items"][0]
    state = guest.until(newest["id"])
    assert (state["kind"], state["stage"]) == ("comparison", "ready")
    for edition, new, code in (
        (99999, item, "gone"),
        (int(number), "none", "gone"),
        ("1", item, "not understood"),
    ):
        told = guest.post("/api/archive/comparisons", {"edition": edition, "new": new})
        assert told.code == code


def test_approvals_are_printed_and_all_files_restored(
    office: Server, client: Client, browser: Browser
) -> None:
    number = archived(client, "105-02-04")
    approve(client, number, "自評")
    with visiting(browser, office, client, forced_colors="active") as visit:
        page = visit.tab("#/archive")
        edition = opened(page, number)
        name, content = saved(page, edition.locator(f"#print-approved-{number}"))
        assert name.endswith("105-02-04_核可.zip")
        with zipfile.ZipFile(io.BytesIO(content)) as documents:
            assert {each.rpartition(".")[2] for each in documents.namelist()} >= {"pdf", "docx"}
        name, content = saved(page, edition.locator(f"#restore-{number}"))
        with zipfile.ZipFile(io.BytesIO(content)) as restored:
            assert any(each.endswith("source/105-02-04.xlsx") for each in restored.namelist())
        edition.locator(f"#archive-approved-{number}").click()
        edition.get_by_role("button", name="看這個重印版").click()
        expect(page.locator("details.edition[open]")).to_contain_text("105-02-04#1")
        expect(page.locator("details.edition[open] .rounds .done")).to_contain_text("王小明")
        axe(page)
