"""A server that is ended or killed and started again: nothing that was given or made is lost."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from reportgen.cli import main
from reportgen.problems import ExitCode
from reportgen.web.routes import http_messages
from tests.factories.workbooks import sample_bytes
from tests.web.browser import axe, visiting
from tests.web.client import Client, signed_in, started
from tests.web.server import SHARED, running, small_templates, until
from tests.web.view import painted

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.server import Server


class Office:
    """A server that can be started again and again with the same state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.templates = small_templates(folder / "templates")

    def server(
        self, templates: Path | None = None, patch: str = ""
    ) -> AbstractContextManager[Server]:
        arguments = ["--state", str(self.folder / "state")]
        arguments += ["--templates", str(templates or self.templates)]
        return running(self.folder, *arguments, environment=SHARED, patch=patch)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def same_client(client: Client, server: Server) -> Client:
    """The same browser, on the server of now."""
    return Client(server, client.cookie, client.csrf)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_sessions_items_and_documents_outlive_the_server(office: Office, number: int) -> None:
    with office.server() as server:
        guest, owner = signed_in(server), started(server)
        item = guest.made(sample_bytes())
        old = guest.made(sample_bytes(), "old.xlsx")["id"]
        compared = guest.post("/api/comparisons", {"old": old, "new": item["id"]}).json()["id"]
        comparison = guest.until(compared)
        gone = guest.add(b"no workbook")
        assert guest.ask("DELETE", f"/api/items/{gone}").status == 204
        everything = guest.get(f"/api/items/{item['id']}/all.zip").content
        mine = owner.made(b"no workbook")["id"]
        link = server.link
        server.stop(number)
    with office.server() as server:
        assert server.link == link
        again = same_client(guest, server)
        states = {state["id"]: state for state in again.get("/api/items").json()["items"]}
        assert states.keys() == {item["id"], old, compared}
        assert again.post(f"/api/items/{gone}/restore", {}).json()["id"] == gone
        assert again.until(gone)["stage"] == "refused"
        for before in (item, comparison):
            now = again.state(before["id"])
            assert now["version"] > before["version"]
            assert {**now, "version": 0} == {**before, "version": 0}
        assert again.get(f"/api/items/{item['id']}/all.zip").content == everything
        assert again.get(f"/api/items/{item['id']}/results").status == 200
        assert again.get(f"/api/items/{item['id']}/next.xlsx").status == 200
        assert again.post("/api/archive", {"item": item["id"], "reprint": False}).json()["new"]
        assert again.ask("DELETE", f"/api/items/{item['id']}").status == 204  # by the same token
        assert started(server).state(mine)["stage"] == "refused"
    assert "Traceback" not in server.said(), server.said()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_build_under_way_is_started_again(office: Office, tmp_path: Path, number: int) -> None:
    endless = small_templates(tmp_path / "endless")
    for name in ("scorecard", "results"):
        (endless / name / "document.html").write_text(
            "<p>{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}</p>"
        )
    with office.server(endless) as server:
        guest = signed_in(server)
        uploaded = [guest.add(sample_bytes(), name) for name in ("1.xlsx", "2.xlsx", "3.xlsx")]
        assert guest.until(uploaded[0], "rendering")["stage"] == "rendering"
        version = guest.state(uploaded[0])["version"]
        server.stop(number)
    with office.server() as server:
        again = same_client(guest, server)
        states = [again.until(identifier) for identifier in uploaded]
        assert [state["stage"] for state in states] == ["ready"] * 3
        assert states[0]["version"] > version
        for identifier in uploaded:
            assert again.get(f"/api/items/{identifier}/all.zip").content[:2] == b"PK"
    assert "Traceback" not in server.said(), server.said()


def test_a_second_server_is_refused(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.web.state_store._LOCK_TIMEOUT_S", 0.0)
    with office.server():
        state = str(office.folder / "state")
        code = main(["serve", "--state", state, "--no-browser", "--lang", "en"])
    assert code == ExitCode.FILE
    assert f"[E320] the folder of the state, {state}, cannot be used:" in capsys.readouterr().err


@pytest.mark.slow
def test_the_page_goes_on_where_it_was(office: Office, browser: Browser) -> None:
    with office.server() as server:
        guest = signed_in(server)
        item = guest.made(sample_bytes())["id"]
        with visiting(browser, server, guest) as visit:
            visit.expected = ("ERR_CONNECTION_REFUSED", "Failed to load resource")
            page = visit.tab(f"#/item/{item}/preview")
            expect(painted(page).first).to_be_visible()
            server.stop(signal.SIGKILL)
            with office.server() as following:
                assert following.port == server.port
                page.goto(f"{following.address}#/")
                page.reload()
                expect(page.locator(".item")).to_have_count(1)
                page.goto(f"{following.address}#/item/{item}/preview")
                expect(painted(page).first).to_be_visible()


UPGRADED = (
    "import reportgen.web.routes.http_messages as page; page.page_fingerprint = lambda: 'later'"
)


@pytest.mark.slow
def test_a_page_that_is_open_over_an_upgrade_says_so_and_is_loaded_anew(
    office: Office, browser: Browser
) -> None:
    """By its button, or for a view whose modules are not those of the page."""
    with office.server() as server:
        guest = signed_in(server)
        item = guest.made(sample_bytes())["id"]
        token = guest.post(f"/api/items/{item}/review", {}).json()["token"]
        with visiting(browser, server, guest) as visit:
            visit.expected = ("ERR_CONNECTION_REFUSED", "Failed to load resource")
            page, other = visit.tab(f"#/item/{item}/check"), visit.tab("#/")
            reader = visit.tab(f"review/{token}")
            expect(page.locator(".verdict")).to_be_visible()
            expect(other.locator(".item")).to_have_count(1)
            reader.locator("#remark-text").fill("請再精簡")
            server.stop()
            with office.server(patch=UPGRADED):
                reader.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
                for seen in (reader, other, page):
                    seen.bring_to_front()
                    expect(seen.get_by_text("程式已更新")).to_be_visible()
                    axe(seen)
                page.locator("#step-preview").click()
                expect(painted(page).first).to_be_visible()  # it works on
                expect(page.locator("#reload")).to_be_visible()
                page.get_by_role("link", name="說明").click()
                expect(page.get_by_role("heading", level=1)).to_have_text("說明")
                other.get_by_role("button", name="重新整理").click()
                expect(other.locator(".item")).to_have_count(1)
                reader.get_by_role("button", name="重新整理").click()
                expect(reader.locator("#remark-text")).to_have_value("請再精簡")
                for seen in (reader, other, page):
                    expect(seen.locator("#connection")).to_be_hidden()


def test_each_file_of_the_page_tells_versions_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_messages, "STATIC_FOLDER", tmp_path)
    fingerprint = http_messages.page_fingerprint.__wrapped__
    found = {fingerprint()}
    for name, content in (("a.js", "1"), ("b.css", "2"), ("a.js", "3")):
        (tmp_path / name).write_text(content)
        found.add(fingerprint())
    assert len(found) == 4
    assert fingerprint() in found


@pytest.mark.slow
def test_without_a_state_nothing_stays(office: Office) -> None:
    with running(office.folder, "--templates", str(office.templates)) as server:
        assert started(server).made(sample_bytes())["stage"] == "ready"
        server.stop()
        assert until(lambda: server.left() == [])
    assert not (office.folder / "state").exists()
