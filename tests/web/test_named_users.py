"""Users whom a trusted proxy names: their sessions, who may archive, and what is recorded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from reportgen.cli import main
from reportgen.problems import ExitCode
from reportgen.web.app import user_name
from tests.factories.workbooks import with_cells
from tests.web.browser import visiting
from tests.web.client import Client, signed_in
from tests.web.server import SHARED, free_port, running, small_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.web.server import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose proxy is this machine, which names the users."""
    folder = tmp_path_factory.mktemp("office")
    port = str(free_port())
    arguments = ["--port", port, "--public-url", f"http://127.0.0.1:{port}/"]
    arguments += ["--user-header", "X-Remote-User", "--archivist", "王小明", "--archivist", "chen"]
    arguments += ["--approver", "王小明", "--approver", "陳美"]
    arguments += ["--audit-log", str(folder / "audit.jsonl")]
    arguments += ["--templates", str(small_templates(folder / "templates"))]
    with running(folder, *arguments, environment=SHARED) as server:
        yield server
    assert "Traceback" not in server.said(), server.said()


def named(server: Server, user: str, address: str = "192.0.2.7") -> Client:
    """A browser through the proxy, with the page opened."""
    header = user.encode().decode("latin-1")
    client = Client(server, headers={"X-Remote-User": header, "X-Forwarded-For": address})
    page = client.get("/")
    client.cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'<meta name="csrf" content="([^"]+)">', page.content.decode())
    assert token is not None
    client.csrf = token[1]
    return client


def recorded(server: Server) -> list[dict[str, Any]]:
    log = server.archive.parent / "audit.jsonl"
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def final() -> bytes:
    return with_cells(("基本資料", "B10", "定稿"))


def test_a_user_has_the_same_items_in_every_browser(office: Server) -> None:
    first = named(office, "wang")
    identifier = first.made(b"no workbook")["id"]
    assert named(office, "wang").state(identifier)["stage"] == "refused"
    assert named(office, "lee").get(f"/api/items/{identifier}").code == "gone"
    assert first.get("/api/session").json()["user"] == "wang"
    assert first.ask("POST", "/api/sign-out").status == 204
    assert named(office, "wang").state(identifier)["stage"] == "refused"


def test_without_the_name_a_named_session_is_nobodys(office: Server) -> None:
    client = named(office, "wang")
    bare = Client(office, client.cookie, client.csrf)
    assert bare.get("/api/items").code == "closed"
    other = Client(office, client.cookie, client.csrf, {"X-Remote-User": "lee"})
    assert other.get("/api/session").json()["user"] == "lee"  # the name decides, not the cookie
    assert other.upload(b"x").code == "stale page"


def test_a_large_upload_passes_by_the_cookie_of_the_page(office: Server) -> None:
    assert named(office, "wang").upload(b"x" * 1024**2).status == 201


def test_only_archivists_archive_and_are_recorded(office: Server) -> None:
    wang, lee, guest = named(office, "王小明"), named(office, "lee"), signed_in(office)
    for client in (lee, guest):
        item = client.made(final())["id"]
        assert client.get("/api/session").json()["may_archive"] is False
        answer = client.post("/api/archive", {"item": item, "reprint": False})
        assert (answer.status, answer.code) == (403, "not archivist")
    assert wang.get("/api/archive").json()["editions"] == []
    item = wang.made(final())["id"]
    assert wang.get("/api/session").json()["may_archive"] is True
    assert wang.post("/api/archive", {"item": item, "reprint": False}).json()["new"] is True
    (edition,) = lee.get("/api/archive").json()["editions"]
    assert edition["user"] == "王小明"
    lines = [line for line in recorded(office) if line["action"] == "archive"]
    assert [(line["user"], line["status"]) for line in lines] == [
        ("lee", 403),
        ("", 403),
        ("王小明", 200),
    ]
    assert lines[-1]["edition"] == f"{edition['agency']} {edition['name']}"
    assert lines[-1]["address"] == "192.0.2.7"


def test_only_approvers_approve_and_under_their_own_name(office: Server) -> None:
    chen, director, guest = named(office, "chen"), named(office, "陳美"), signed_in(office)
    item = chen.made(with_cells(("基本資料", "B10", "定稿"), ("基本資料", "B8", "105-03-01")))["id"]
    answer = chen.post("/api/archive", {"item": item, "reprint": False}).json()
    edition = f"/api/archive/{answer['archived']['id']}"
    slip = {"role": "自評", "name": "陳美", "remark": "", "date": ""}
    for client in (chen, guest):  # who may archive is not who may approve
        assert client.get(f"{edition}/approval").json()["approval"]["may_approve"] is False
        assert client.post(f"{edition}/approval", slip).code == "not approver"
        withdrawal = {"number": 1, "name": "陳美", "remark": "x"}
        assert client.post(f"{edition}/withdrawal", withdrawal).code == "not approver"
    assert director.post(f"{edition}/approval", {**slip, "name": "王小明"}).code == "other name"
    assert director.post(f"{edition}/approval", slip).json()["written"] == 1
    assert director.post(f"{edition}/approved-reprint", {}).code == "not archivist"
    lines = [line for line in recorded(office) if line["action"] == "approve"]
    assert [(line["user"], line["status"]) for line in lines] == [
        ("chen", 403),
        ("", 403),
        ("陳美", 403),
        ("陳美", 200),
    ]


def test_who_reads_by_a_link_is_recorded_and_gets_no_session(office: Server) -> None:
    wang = named(office, "wang")
    item = wang.made(final())["id"]
    token = wang.ask("POST", f"/api/items/{item}/review").json()["token"]
    header = {"X-Remote-User": "陳科長".encode().decode("latin-1")}
    reader = Client(office, headers=header)
    assert "Set-Cookie" not in reader.get(f"/review/{token}").headers
    remark = {"name": "陳科長", "text": "請再精簡", "document": "scorecard", "page": 1}
    answer = reader.post(f"/api/review/{token}/remarks", remark, {"X-Reportgen": token})
    assert answer.status == 201
    lines = recorded(office)[-2:]
    assert [(line["action"], line["user"]) for line in lines] == [
        ("open link", "陳科長"),
        ("remark", "陳科長"),
    ]
    assert all(line["session"] == "" and token not in json.dumps(line) for line in lines)


def test_a_remark_begins_with_the_name_of_the_proxy(office: Server, browser: Browser) -> None:
    """What the reader writes instead is kept, for that name alone."""
    wang = named(office, "wang")
    token = wang.ask("POST", f"/api/items/{wang.made(final())['id']}/review").json()["token"]
    assert Client(office).get(f"/api/review/{token}").json()["reader"] == ""
    with visiting(browser, office, is_named=True) as visit:
        page = visit.tab("static/icon.svg")
        field = page.locator("#remark-name")

        def read_as(user: str, kept: str) -> None:
            header = user.encode().decode("latin-1")
            page.set_extra_http_headers({"X-Remote-User": header})
            page.goto(f"{office.address}review/{token}")
            expect(field).to_have_value(kept)

        read_as("陳美", "陳美")
        field.fill("陳科長")
        page.locator("#remark-text").fill("請再精簡")
        page.locator("#leave-remark").click()
        expect(page.locator(".remarks li")).to_contain_text("陳科長")
        read_as("陳美", "陳科長")
        read_as("李" * 50, "李" * 40)


def test_what_somebody_does_is_recorded_without_secrets(office: Server) -> None:
    before = len(recorded(office))
    client = named(office, "chen", "192.0.2.9")
    item = client.made(final(), "計分卡.xlsx")
    name = item["files"][0]["name"]
    for path in (f"files/{name}", "all.zip", "marked.xlsx", "next.xlsx"):
        client.get(f"/api/items/{item['id']}/{path.replace(name, '') or path}")
    client.get("/api/items")
    client.ask("DELETE", f"/api/items/{item['id']}")
    client.post("/api/archive/verify", {})
    Client(office).get(office.link.removeprefix(office.address.rstrip("/")))
    lines = recorded(office)[before:]
    assert [line["action"] for line in lines][-3:] == ["remove", "verify", "start"]
    upload = next(line for line in lines if line["action"] == "upload")
    assert (upload["name"], upload["identifier"]) == ("計分卡.xlsx", item["id"])
    assert (upload["user"], upload["address"]) == ("chen", "192.0.2.9")
    assert len(upload["session"]) == 16
    log = json.dumps(recorded(office), ensure_ascii=False)
    secrets = [client.csrf, client.cookie.partition("=")[2], office.password]
    assert not any(secret in log for secret in [*secrets, office.link.rpartition("/")[2]])


def test_whether_it_works_is_asked_without_a_session(office: Server) -> None:
    answer = Client(office).get("/healthz")
    assert (answer.status, answer.json()["ok"]) == (200, True)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("wang", "wang"),
        ("王小明".encode().decode("latin-1"), "王小明"),
        (" a\tb ", "ab"),
        ("\xff", "\ufffd"),
        ("a" * 300, "a" * 100),
        ("", ""),
    ],
)
def test_a_name_is_text_that_can_be_shown(header: str, name: str) -> None:
    assert user_name(header) == name


@pytest.mark.parametrize("option", ["--user-header=X-User", "--proxy=10.0.0.7"])
def test_names_are_believed_of_a_proxy_alone(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["serve", option, "--no-browser", "--lang", "en"])
    assert end.value.code == ExitCode.USAGE
    assert "--public-url" in capsys.readouterr().err.splitlines()[-1]


def test_an_audit_log_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    log = "no-such-folder/audit.jsonl"
    assert main(["serve", "--audit-log", log, "--no-browser", "--lang", "en"]) == ExitCode.FILE
    assert "[E304]" in capsys.readouterr().err
