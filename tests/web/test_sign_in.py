"""The sign-in page: why one is not let in, and how long it takes until one may try again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from reportgen.web.sessions import MAX_PASSWORD_TRIES
from tests.web.browser import axe, visiting
from tests.web.client import Client, signed_in
from tests.web.server import SHARED, free_port, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.web.server import Server

pytestmark = pytest.mark.slow

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that believes this machine as a proxy; a wrong password counts for 15 seconds."""
    port = str(free_port())
    arguments = ("--port", port, "--public-url", f"http://127.0.0.1:{port}/")
    patch = "import reportgen.web.sessions as s; s.TRIES_PERIOD_S = 15.0"
    with running(
        tmp_path_factory.mktemp("office"), *arguments, environment=SHARED, patch=patch
    ) as server:
        yield server
    assert "Traceback" not in server.said(), server.said()


def test_who_must_wait_reads_how_long_and_from_which_address(office: Server) -> None:
    def tried(address: str) -> tuple[int, str, str]:
        headers = {**FORM, "X-Forwarded-For": address}
        answer = Client(office).ask("POST", "/sign-in", "password=wrong", headers)
        return answer.status, answer.headers.get("Retry-After", ""), answer.content.decode()

    for _ in range(MAX_PASSWORD_TRIES):
        status, wait, page = tried("192.0.2.66")
        assert (status, wait) == (403, "")
    status, wait, page = tried("192.0.2.66")
    assert status == 429
    assert 1 <= int(wait) <= 15
    assert f"請 {wait} 秒後再試" in page
    assert "192.0.2.66" in page
    assert tried("192.0.2.67")[0] == 403
    assert "{{" not in page
    for _ in range(MAX_PASSWORD_TRIES + 1):  # a proxy that passes on what a client wrote
        status, wait, page = tried("<script>alert(1)</script>")
    assert status == 429
    assert "<script>alert" not in page


def test_the_button_counts_down_and_lets_in(office: Server, browser: Browser) -> None:
    with visiting(browser, office, signed_in(office)) as visit:
        visit.expected = ("403", "429")
        visit.context.clear_cookies()
        page = visit.tab()
        button = page.get_by_role("button", name="登入")
        for _ in range(MAX_PASSWORD_TRIES):
            assert Client(office).ask("POST", "/sign-in", "password=wrong", FORM).status == 403
        page.get_by_label("密碼").fill("wrong")
        button.click()
        waiting = page.get_by_role("button", name=re.compile(r"請等 \d+ 秒"))
        expect(waiting).to_be_disabled()
        expect(page.get_by_role("alert")).to_contain_text("127.0.0.1")
        axe(page)
        expect(button).to_be_enabled()  # after a while
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_label("密碼").fill(office.password)
        button.click()
        expect(page.get_by_text("還沒有活頁簿")).to_be_visible()
