"""The page behind nginx and Caddy with TLS on a sub-path, configured as docs/operate.md says."""

from __future__ import annotations

import datetime
import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.factories.workbooks import sample_bytes
from tests.web.browser import needs, visiting
from tests.web.client import Client, signed_in, started
from tests.web.server import free_port, running, small_templates, until
from tests.web.view import SAMPLE, choose, step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.server import Server

PASSWORD = "a long password"
NGINX_FRAME = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""
CADDY_FRAME = """
{{
    admin off
    auto_https disable_redirects
    default_bind 127.0.0.1
    storage file_system {folder}
}}
{server}
"""


def certificate(folder: Path) -> None:
    """Write a certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "plan.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "plan.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@dataclass(frozen=True)
class ProxyProgram:
    """A reverse proxy: its configuration in docs/operate.md, and how it is started."""

    name: str
    frame: str  # around that configuration
    listening: tuple[str, str]  # as documented, and with the test's port
    arguments: tuple[str, ...]

    @property
    def path(self) -> str | None:
        """Where the program is."""
        return shutil.which(self.name) or shutil.which(self.name, path="/usr/sbin")

    def configuration(self, folder: Path, front: int, back: int) -> str:
        """Return the configuration in docs/operate.md, with the test's ports and files."""
        documented = (ROOT / "docs/operate.md").read_text("utf-8")
        server = documented.partition(f"```{self.name}\n")[2].partition("```")[0]
        for old, new in (
            (self.listening[0], self.listening[1].format(port=front)),
            ("127.0.0.1:8000", f"127.0.0.1:{back}"),
            ("/etc/ssl/certs/", f"{folder}/"),
            ("/etc/ssl/private/", f"{folder}/"),
        ):
            assert old in server
            server = server.replace(old, new)
        return self.frame.format(folder=folder, server=server)


NGINX = ProxyProgram(
    "nginx",
    NGINX_FRAME,
    ("listen 443 ssl", "listen 127.0.0.1:{port} ssl"),
    ("-c", "{folder}/nginx.conf", "-e", "{folder}/error.log", "-g", "user root;"),
)
CADDY = ProxyProgram(
    "caddy",
    CADDY_FRAME,
    ("plan.example.gov.tw", "https://localhost:{port}"),
    ("run", "--adapter", "caddyfile", "--config", "{folder}/caddy.conf"),
)


@contextmanager
def in_front(program: ProxyProgram, folder: Path, front: int, back: int) -> Iterator[None]:
    """Run a reverse proxy with TLS at port ``front`` for a server at port ``back``."""
    folder.chmod(0o755)
    certificate(folder)
    configuration = program.configuration(folder, front, back)
    (folder / f"{program.name}.conf").write_text(configuration, "utf-8")
    arguments = [argument.format(folder=folder) for argument in program.arguments]
    with (folder / "stderr.txt").open("wb") as errors:
        process = subprocess.Popen(
            [str(program.path), *arguments],
            stderr=errors,
            env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        )

    def answers() -> bool:
        assert process.poll() is None, (folder / "stderr.txt").read_text()
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", front)) == 0

    try:
        assert until(answers)
        yield
    finally:
        process.terminate()
        process.wait(20)


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
