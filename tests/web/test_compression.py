"""How many bytes are sent: to who asks again, and to who opens the page."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from reportgen.web.compression import MIN_BYTES
from tests.web.browser import visiting
from tests.web.client import entered

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.client import Client
    from tests.web.server import Server

pytestmark = pytest.mark.slow

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
MAX_POLL_BYTES = 5 * 1024
MAX_FIRST_VIEW_BYTES = 60 * 1024


def test_a_poll_with_twenty_items_is_small(owner: Client) -> None:
    name = "臺北市教師研習中心_策略地圖與平衡計分卡_{}.xlsx"
    sample = owner.get("/api/items").json()["items"][-1]
    client = entered(owner.server)
    for number in range(20):
        client.add(b"no workbook", name.format(number))
    answer = client.get("/api/items", GZIP)
    items = json.loads(gzip.decompress(answer.content))["items"]
    assert len(items) == 20
    assert sample.keys() == items[0].keys()  # an item that is ready has no more
    sent = len(answer.content) + len(answer.headers.as_bytes())
    assert sent < MAX_POLL_BYTES, sent
    bare = len(json.dumps([sample] * 20))  # 20 that are ready, even without compression
    assert bare < 3 * MAX_POLL_BYTES, bare


def test_what_has_not_changed_is_not_sent_again(owner: Client) -> None:
    item = owner.get("/api/items").json()["items"][-1]["id"]
    for path in ("/api/items", f"/api/items/{item}", f"/api/items/{item}/results"):
        answer, plain = owner.get(path, GZIP), owner.get(path).content
        assert "Accept-Encoding" in answer.headers["Vary"]
        if len(plain) < MIN_BYTES:
            assert answer.content == plain
        else:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.content) == plain
        known = {"If-None-Match": answer.headers["ETag"]}
        again = owner.get(path, known | GZIP)
        assert (again.status, again.content) == (304, b"")
        assert "no-store" in again.headers["Cache-Control"]
    changed = owner.get("/api/session", {"If-None-Match": answer.headers["ETag"]})
    assert changed.status == 200


def test_pictures_and_documents_are_sent_as_they_are(owner: Client) -> None:
    state = owner.state(owner.get("/api/items").json()["items"][-1]["id"])
    page = state["documents"][0]["pages"][0]
    for path in (
        f"/api/items/{state['id']}/pages/{page['source']}/0.png?width=200",
        f"/api/items/{state['id']}/all.zip",
    ):
        assert "Content-Encoding" not in owner.get(path, GZIP).headers


def test_the_first_view_of_the_page_is_small(server: Server, browser: Browser) -> None:
    with visiting(browser, server) as visit:
        page = visit.context.new_page()
        devtools = visit.context.new_cdp_session(page)
        devtools.send("Network.enable")
        sizes: list[float] = []
        devtools.on(
            "Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
        )
        page.goto(server.address)
        expect(page.get_by_text("還沒有活頁簿")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert len(sizes) > 10  # modules and stylesheets too
        assert sum(sizes) < MAX_FIRST_VIEW_BYTES, sum(sizes)
