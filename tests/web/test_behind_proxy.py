"""The page behind nginx and Caddy with TLS on a sub-path, configured as docs/operate.md says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.factories.workbooks import sample_bytes
from tests.web.browser import needs, visiting
from tests.web.client import Client, signed_in, started
from tests.web.proxies import CADDY, NGINX, in_front
from tests.web.server import free_port, running, small_templates
from tests.web.view import SAMPLE, choose, step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.web.proxies import ProxyProgram
    from tests.web.server import Server

pytestmark = pytest.mark.slow

PASSWORD = "a long password"


@pytest.fixture(scope="module", params=[NGINX, CADDY], ids=lambda program: program.name)
def proxied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server whose address is the proxy's."""
    program: ProxyProgram = request.param
    needs(program.path, program.name)
    folder = tmp_path_factory.mktemp("proxied")
    (folder / "proxy").mkdir()
    front, back = free_port(), free_port()
    arguments = ["--port", str(back), "--public-url", f"https://localhost:{front}/reportgen/"]
    arguments += ["--templates", str(small_templates(folder / "templates"))]
    given = {"REPORTGEN_PASSWORD": PASSWORD}
    with (
        in_front(program, folder / "proxy", front, back),
        running(folder, *arguments, environment=given) as server,
    ):
        yield server
    assert "Traceback" not in server.said(), server.said()


def test_the_cookie_is_that_of_the_public_url(proxied: Server) -> None:
    client = Client(proxied)
    form = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": proxied.address.removesuffix("/reportgen/"),
        "Sec-Fetch-Site": "same-origin",
    }
    answer = client.ask("POST", "/sign-in", f"password={quote(PASSWORD)}", form)
    assert (answer.status, answer.headers["Location"]) == (303, "/reportgen/")
    cookie = answer.headers["Set-Cookie"]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"secure", "httponly", "samesite=strict", "path=/reportgen/"}


def test_the_start_link_and_the_password_lead_in(proxied: Server) -> None:
    assert proxied.link.startswith(f"{proxied.address}start/")
    assert started(proxied).get("/api/session").status == 200
    assert signed_in(proxied).get("/api/session").status == 200
    assert Client(proxied).get("/api/session").code == "closed"


def test_signing_out_takes_the_cookie_from_the_browser(proxied: Server) -> None:
    answer = signed_in(proxied).ask("POST", "/api/sign-out")
    assert answer.status == 204
    cookie = answer.headers["Set-Cookie"].lower()
    assert "max-age=0" in cookie
    assert "secure" in cookie  # else the browser ignores it
    assert "path=/reportgen/" in cookie


def test_a_workbook_is_uploaded_built_downloaded_and_archived(proxied: Server) -> None:
    client = signed_in(proxied)
    state = client.made(sample_bytes())  # each state by a long poll
    assert state["stage"] == "ready"
    assert client.get(f"/api/items/{state['id']}/all.zip").content[:2] == b"PK"
    page = state["documents"][0]["pages"][0]
    picture = f"/api/items/{state['id']}/pages/{page['source']}/0.png?width=200"
    assert client.get(picture).content[:4] == b"\x89PNG"
    archived = client.post("/api/archive", {"item": state["id"], "reprint": False}).json()
    assert archived["new"] is True, archived
    (entry,) = client.get("/api/archive").json()["editions"]
    assert entry["edition"] == state["edition"]
    file = quote(entry["files"][0]["name"])
    assert client.get(f"/api/archive/files/{entry['id']}/{file}").status == 200


def test_a_large_workbook_passes_and_a_larger_one_is_refused(
    proxied: Server, request: pytest.FixtureRequest
) -> None:
    """The page refuses it before; Caddy ends the connection of who goes on sending."""
    client = signed_in(proxied)
    assert client.upload(b"x" * (20 * 1024**2)).status == 201
    try:
        status = client.upload(b"x" * (50 * 1024**2 + 4096)).status
    except OSError:
        status = None
    is_caddy = "caddy" in request.node.name
    assert status in ({413, 502, None} if is_caddy else {413})
    assert len(client.get("/api/items").json()["items"]) == 1


def test_other_origins_and_hosts_are_refused_there_too(proxied: Server) -> None:
    client = signed_in(proxied)
    for origin in ("https://evil.example", "https://localhost", "http://127.0.0.1"):
        assert client.upload(b"x", Origin=origin).code == "foreign"
    answer = client.get("/api/items", {"Host": "evil.example"})
    assert answer.code == "foreign" or answer.content == b""  # Caddy has no site of that name


def test_a_person_goes_the_whole_way_in_the_browser(proxied: Server, browser: Browser) -> None:
    with visiting(browser, proxied, ignore_https_errors=True) as visit:
        page = visit.tab()
        choose(page, SAMPLE)
        step(page, "預覽").click()
        expect(page.get_by_role("region", name="文件頁面").locator("img").first).to_be_visible()
        step(page, "下載").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="全部下載").click()
        assert download.value.suggested_filename.endswith(".zip")
        page.get_by_role("link", name="封存", exact=True).click()
        expect(page.get_by_role("heading", name="封存", exact=False).first).to_be_visible()
