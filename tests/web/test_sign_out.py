"""Signing out on the page: asked about only where items would go with the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.browser import axe, visiting
from tests.web.client import entered

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.server import Server


@pytest.mark.slow
def test_signing_out_asks_before_it_removes_items(quick: Server, browser: Browser) -> None:
    client = entered(quick)
    identifier = client.made(b"no workbook")["id"]
    with visiting(browser, quick, client) as visit:
        visit.expected = ("403",)  # what the page asks for after its session has ended
        page = visit.tab()
        expect(page.locator(".item")).to_have_count(1)
        page.get_by_role("button", name="登出").click()
        sheet = page.get_by_role("dialog", name="登出並移除項目？")
        expect(sheet).to_contain_text("1 個項目")
        axe(page)
        sheet.get_by_role("button", name="取消").click()
        assert client.state(identifier)["stage"] == "refused"
        page.get_by_role("button", name="登出").click()
        page.get_by_role("dialog").get_by_role("button", name="登出").click()
        expect(page.get_by_role("heading", name="登入")).to_be_visible()
        assert client.get("/api/items").code == "closed"


def test_without_items_one_is_out_at_once(quick: Server, browser: Browser) -> None:
    with visiting(browser, quick) as visit:
        visit.expected = ("403",)
        page = visit.tab()
        expect(page.get_by_text("還沒有")).to_be_visible()
        page.get_by_role("button", name="登出").click()
        expect(page.get_by_role("heading", name="登入")).to_be_visible()
