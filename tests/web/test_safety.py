"""What a stranger tries: other hosts, other origins, other people's items, paths that climb."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.factories.workbooks import sample_bytes
from tests.web.client import Client, entered, request, sent
from tests.web.server import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.server import Server

Route = tuple[str, str, Any]  # method, path, JSON
ANYBODY: list[Route] = [
    ("GET", "/api/session", None),
    ("GET", "/api/items", None),
    ("GET", "/api/archive", None),
    ("GET", "/api/blank.xlsx", None),
]
MUTATING: list[Route] = [
    ("POST", "/api/items", None),
    ("POST", "/api/comparisons", {"old": "{id}", "new": "{id}"}),
    ("POST", "/api/archive", {"item": "{id}", "reprint": False}),
    ("POST", "/api/archive/verify", {}),
    ("DELETE", "/api/items/{id}", None),
    ("PUT", "/api/items/{id}/workbook", None),
    ("POST", "/api/items/{id}/restore", {}),
    ("POST", "/api/items/{id}/cells", {"sheet": "a", "cell": "A1", "value": "", "run": 1}),
]
OF_AN_ITEM: list[Route] = [
    ("GET", "/api/items/{id}", None),
    ("GET", "/api/items/{id}/pages/{page}.png?width=200", None),
    ("GET", "/api/items/{id}/files/{file}", None),
    ("GET", "/api/items/{id}/all.zip", None),
    ("GET", "/api/items/{id}/marked.xlsx", None),
    ("GET", "/api/items/{id}/next.xlsx", None),
    ("GET", "/api/items/{id}/results", None),
    ("GET", "/api/items/{id}/words", None),
    ("GET", "/api/items/{id}/workbook", None),
]


@pytest.fixture(scope="module")
def owner(quick: Server) -> Client:
    return entered(quick)


@pytest.fixture(scope="module")
def item(owner: Client) -> dict[str, str]:
    """An item of the owner's, by the names that the addresses above have for its parts."""
    state = owner.made(sample_bytes())
    assert state["stage"] == "ready"
    page = state["documents"][0]["pages"][0]
    return {
        "id": state["id"],
        "page": f"{page['source']}/{page['index']}",
        "file": quote(state["files"][0]["name"]),
    }


def asked(client: Client, route: Route, item: dict[str, str], **headers: str) -> Any:
    method, path, told = route
    path = path.format_map(item)
    if method == "GET":
        return client.ask(method, path, headers=headers)
    if told is None:
        return client.ask(method, path, b"", headers={"X-File-Name": "a.xlsx"} | headers)
    filled = {
        key: value.format_map(item) if isinstance(value, str) else value
        for key, value in told.items()
    }
    return client.post(path, filled, headers)


def shown(route: Route) -> str:
    return f"{route[0]} {route[1]}"


# --- who may come in --------------------------------------------------------------------------


@pytest.mark.parametrize("route", [*ANYBODY, *OF_AN_ITEM], ids=shown)
def test_what_the_owner_can_have_nobody_else_can(
    quick: Server, owner: Client, item: dict[str, str], route: Route
) -> None:
    assert asked(owner, route, item).status == 200
    for cookie in ("", "x=y", f"reportgen-{quick.port}=guessed", f"{owner.cookie}x"):
        stranger = Client(quick, cookie=cookie, csrf=owner.csrf)
        answer = asked(stranger, route, item)
        assert (answer.status, answer.code) == (403, "closed")


@pytest.mark.parametrize("route", MUTATING, ids=shown)
def test_nobody_changes_anything_without_a_session(
    quick: Server, owner: Client, item: dict[str, str], route: Route
) -> None:
    answer = asked(Client(quick, csrf=owner.csrf), route, item)
    assert (answer.status, answer.code) == (403, "closed")
    assert owner.state(item["id"])["stage"] == "ready"


@pytest.mark.parametrize("route", [*OF_AN_ITEM, *MUTATING[1:3], *MUTATING[4:]], ids=shown)
def test_an_item_is_its_own_sessions_alone(
    client_of_quick: Client, owner: Client, item: dict[str, str], route: Route
) -> None:
    answer = asked(client_of_quick, route, item)
    assert (answer.status, answer.code) == (404, "gone")
    assert client_of_quick.get("/api/items").json()["items"] == []
    assert owner.state(item["id"])["stage"] == "ready"


@pytest.fixture(scope="module")
def client_of_quick(quick: Server) -> Client:
    return entered(quick)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token.swapcase(),
        lambda token: "%00" + token,
        lambda token: token + "%2e%2e",
        lambda token: "%ff%fe",
        lambda token: "%ED%A0%80",
        lambda token: "{token}",
    ],
)
def test_only_the_start_link_opens_the_page(quick: Server, change: Any) -> None:
    way, _, token = quick.link.removeprefix(quick.address.rstrip("/")).rpartition("/")
    answer = Client(quick).get(f"{way}/{change(token)}")
    assert answer.status in (403, 404)
    assert "Set-Cookie" not in answer.headers
    assert Client(quick).get(f"{way}/{token}").status == 303


def test_the_cookie_is_the_browsers_alone(quick: Server) -> None:
    answer = Client(quick).get(quick.link.removeprefix(quick.address.rstrip("/")))
    told = [part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")]
    assert {"httponly", "samesite=strict", "path=/"} <= set(told)
    token = quick.link.rpartition("/")[2]
    assert token.lower() not in told[0]
    assert answer.headers["Location"] == "/"


def test_the_page_is_shown_to_nobody_else(tmp_path: Path, quick: Server, owner: Client) -> None:
    with running(tmp_path) as server:
        answer = Client(server).get("/")
        assert answer.status == 403
        assert "reportgen serve" in answer.content.decode()
        assert "csrf" not in answer.content.decode()
    form = Client(quick).get("/").content.decode()  # there, others have a password
    assert 'type="password"' in form
    assert "csrf" not in form
    assert owner.csrf in owner.get("/").content.decode()


# --- requests that another site has sent ------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:{port}:{port}",
        "127.0.0.1:{port}@evil.example",
        "evil.example@127.0.0.1:{port}",
        "127.0.0.1:{port}/evil",
        "127.0.0.1:{port}, evil.example",
        "10.0.0.1:{port}",
        "0.0.0.0:{port}",
        "[::1:{port}",
        "",
        " ",
        "\xe4\xb8\xad:{port}",
    ],
)
def test_a_wrong_host_is_refused(owner: Client, host: str) -> None:
    port = owner.server.port
    for path in ("/", "/api/items", owner.server.link.removeprefix(owner.server.address[:-1])):
        answer = owner.get(path, {"Host": host.format(port=port)})
        assert answer.status in (400, 403), path
        assert "Set-Cookie" not in answer.headers
        assert b"csrf" not in answer.content
    for right in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert owner.get("/api/items", {"Host": f"{right}:{port}"}).status == 200


def test_a_request_without_a_host_or_with_two_is_refused(owner: Client) -> None:
    server = owner.server
    cookie = f"Cookie: {owner.cookie}\r\n".encode()
    own = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    rest = cookie + b"Connection: close\r\n\r\n"
    for version in (b"1.0", b"1.1"):
        begin = b"GET /api/items HTTP/" + version + b"\r\n"
        assert b'{"items"' in sent(server, begin + own + rest)
        assert b'{"items"' not in sent(server, begin + rest)
        assert b'{"items"' not in sent(server, begin + b"Host: evil.example\r\n" + own + rest)
        assert b'{"items"' not in sent(server, begin + own + b"Host: evil.example\r\n" + rest)
    absolute = b"GET http://evil.example/api/items HTTP/1.1\r\n"
    assert b'{"items"' not in sent(server, absolute + b"Host: evil.example\r\n" + rest)


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://evil.example/http://127.0.0.1:{port}",
        "file://",
        "http://",
        "http://[",
    ],
)
@pytest.mark.parametrize("route", [MUTATING[0], MUTATING[4], ANYBODY[1]], ids=shown)
def test_a_foreign_origin_is_refused(
    owner: Client, item: dict[str, str], route: Route, origin: str
) -> None:
    answer = asked(owner, route, item, Origin=origin.format(port=owner.server.port))
    assert answer.status in (400, 403)
    assert owner.state(item["id"])["stage"] == "ready"
    own = f"http://127.0.0.1:{owner.server.port}"
    assert asked(owner, ANYBODY[1], item, Origin=own).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "CROSS-SITE", "nonsense"])
@pytest.mark.parametrize("mode", ["cors", "no-cors", "websocket", ""])
def test_what_the_browser_calls_cross_site_is_refused(
    owner: Client, item: dict[str, str], site: str, mode: str
) -> None:
    headers = {"Sec-Fetch-Site": site} | ({"Sec-Fetch-Mode": mode} if mode else {})
    for route in (*ANYBODY, *OF_AN_ITEM, *MUTATING):
        answer = asked(owner, route, item, **headers)
        assert (answer.status, answer.code) == (403, "foreign"), route
    navigation = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    for route in MUTATING:
        assert asked(owner, route, item, **navigation).code == "foreign", route
    assert owner.get("/", navigation).status == 200  # a link on another page may lead here


@pytest.mark.parametrize("route", MUTATING, ids=shown)
def test_changes_need_the_pages_own_token(
    owner: Client, client_of_quick: Client, item: dict[str, str], route: Route
) -> None:
    for wrong in ("", "x", owner.csrf[:-1], client_of_quick.csrf, "\xe9\xff"):
        answer = asked(replace(owner, csrf=""), route, item, **{"X-Reportgen": wrong})
        assert (answer.status, answer.code) == (403, "stale page")
    assert asked(replace(owner, csrf=""), route, item).code == "stale page"
    assert owner.state(item["id"])["stage"] == "ready"


# --- paths that climb -------------------------------------------------------------------------

CLIMBING = [
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "%252e%252e%252f%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "..\\..\\..\\..\\etc\\passwd",
    "..%5c..%5c..%5cetc%5cpasswd",
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "file:///etc/passwd",
    "....//....//etc/passwd",
    "%c0%ae%c0%ae%c0%af%c0%ae%c0%ae%c0%afetc/passwd",
    "passwd%00.png",
    "%00",
    "..",
    ".",
    "..;/..;/etc/passwd",
    "~root",
    "C:%5cWindows%5cwin.ini",
    "CON",
    "..%2fapp.py",
    "../app.py",
    "page.html%2f..%2f..%2fapp.py",
    "a" * 5000,
    "\xff\xfe",
    "%ff%fe",
    "%",
    "%zz",
    "*",
    "?width=200",
    "${HOME}",
    "{csrf}",
    "%0d%0aSet-Cookie:%20a=b",
]
PARAMETERS = [
    "/static/{}",
    "/{}",
    "/api/items/{}",
    "/api/items/{}/results",
    "/api/items/{id}/{}",
    "/api/items/{id}/files/{}",
    "/api/items/{id}/pages/{}/0.png?width=200",
    "/api/items/{id}/pages/{source}/{}.png?width=200",
    "/api/items/{id}/pages/{source}/0.png?width={}",
    "/api/items/{id}?after={}",
    "/api/items/{id}/marked.xlsx?lang={}",
    "/api/archive/files/{}/a",
    "/api/archive/files/1/{}",
]
SECRETS = (b"root:x:", b"[fonts]", b"def create_app", b"ssh-")


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_no_path_leads_out(owner: Client, item: dict[str, str], parameter: str) -> None:
    """Sent as they stand: a client library would tidy them."""
    source = item["page"].partition("/")[0]
    own = [f"Cookie: {owner.cookie}"]
    for climbing in CLIMBING:
        target = parameter.replace("{id}", item["id"]).replace("{source}", source)
        target = target.replace("{}", climbing)
        answer = sent(owner.server, request(owner.server, target, "GET", *own))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert not any(secret in body for secret in SECRETS), target
        assert b"\r\nset-cookie" not in head.lower(), target
        assert re.match(rb"HTTP/1\.[01] (200|[34]\d\d) ", head), (target, head)
        leads = re.search(rb"\r\nLocation: ([^\r]*)", head)
        if leads:  # slashes are merged: on this server, and not to "//elsewhere"
            assert re.match(rb"(http://127\.0\.0\.1:\d+)?/(?!/)", leads[1]), (target, head)
        elif b" 200 " in head[:15]:
            is_page = target in ("/", "/.", "/..", "/?width=200") or climbing in (".", "..")
            assert "?after=" in parameter or "?lang=" in parameter or is_page, target


def test_pages_and_sizes_are_only_those_that_exist(owner: Client, item: dict[str, str]) -> None:
    source = item["page"].partition("/")[0]
    base = f"/api/items/{item['id']}/pages"
    assert owner.get(f"{base}/{source}/0.png?width=100").content[:4] == b"\x89PNG"
    for width in (
        "",
        "0",
        "99",
        "4001",
        "-200",
        "1e3",
        "99999999999",
        "200.5",
        "200&width=0",
    ):
        answer = owner.get(f"{base}/{source}/0.png?width={quote(width, safe='&=')}")
        assert answer.status == (200 if width == "200&width=0" else 400), width
    for page in (f"{source}/999", f"{source}/-1", f"{source[:-1]}/0", f"{'0' * 64}/0"):
        assert owner.get(f"{base}/{page}.png?width=200").status == 404
    assert owner.get(f"{base}/{source}/{'9' * 4000}.png?width=200").status in (400, 404, 414)


# --- names of uploaded files ------------------------------------------------------------------

NAMES = {
    "105-12-25.xlsx": "105-12-25.xlsx",
    "平衡計分卡（定稿） 105.xlsx": "平衡計分卡（定稿） 105.xlsx",
    "../../../../tmp/evil.xlsx": "evil.xlsx",
    "..\\..\\evil.xlsx": "evil.xlsx",
    "/etc/cron.d/evil.xlsx": "evil.xlsx",
    "C:\\Users\\evil.xlsx": "evil.xlsx",
    "a\0b.xlsx": "ab.xlsx",
    "a\r\nSet-Cookie: x=y.xlsx": "aSet-Cookie: x=y.xlsx",
    "<img src=x onerror=alert(1)>.xlsx": "<img src=x onerror=alert(1)>.xlsx",
    "a\u202exslx.exe": "axslx.exe",
    '"; rm -rf ~; ".xlsx': '"; rm -rf ~; ".xlsx',
    "CON.xlsx": "CON.xlsx",
    ".xlsx": ".xlsx",
    ".hidden": ".hidden",
    "no suffix": "no suffix",
    "a.": "a.",
    "-rf.xlsx": "-rf.xlsx",
    "%2e%2e%2fa.xlsx": "%2e%2e%2fa.xlsx",
    "𠮷😀.xlsx": "𠮷😀.xlsx",
    "e\u0301.xlsx": "e\u0301.xlsx",
    "{{7*7}}{% raw %}.xlsx": "{{7*7}}{% raw %}.xlsx",
    "長" * 300 + ".xlsx": None,
    "x" * 2000 + ".xlsx": None,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name)[:40])
def test_an_uploads_name_is_a_name_only(quick: Server, owner: Client, name: str) -> None:
    answer = owner.upload(b"no workbook", name)
    assert answer.status == 201
    state = owner.until(answer.json()["id"])
    assert state["stage"] == "refused"
    if NAMES[name] is not None:
        assert state["name"] == NAMES[name]
    assert len(state["name"]) <= 255
    assert str(quick.scratch) not in str(state)
    assert all(found.startswith("reportgen-serve-") for found in quick.left())
    assert "\n" not in state["name"]
    copy = owner.get(f"/api/items/{state['id']}/marked.xlsx")
    assert copy.status in (200, 409)
    assert owner.ask("DELETE", f"/api/items/{state['id']}").status == 204


@pytest.mark.parametrize(
    "header", ["", "%", "..", ".", "/", "a/", "\\", "%00", "%0a", "%ff", "  ", "%20"]
)
def test_an_upload_without_a_name_is_refused(owner: Client, header: str) -> None:
    answer = owner.ask("POST", "/api/items", b"PK", {"X-File-Name": header})
    assert (answer.status, answer.code) in [(400, "no name"), (201, "")]
    if answer.status == 201:
        assert answer.json()["name"].strip(". ")
        assert header == "%"


# --- shapes that nobody expects ---------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["old", "new", "item", "reprint", "__proto__", ""]), inner, max_size=4
        )
    ),
    max_leaves=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    told=JSON,
    path=st.sampled_from(["/api/comparisons", "/api/archive"]),
    kind=st.sampled_from(["application/json", "text/plain", "application/json; charset=utf-7"]),
)
def test_odd_json_is_not_understood(owner: Client, told: Any, path: str, kind: str) -> None:
    answer = owner.post(path, told, {"Content-Type": kind})
    assert answer.status in (400, 404)
    assert set(answer.json()["error"]) == {"code", "zh-TW", "en"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"old": ' + b"9" * 100_000 + b', "new": "a"}',
        b'{"old": "\\ud800", "new": "\\udfff"}',
        b'{"item": "\\u0000", "old": "../..", "new": ""}',
        b'{"old":"a","new":"b","old":["c"]}',
        b"NaN",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_broken_json_is_not_understood(owner: Client, body: bytes) -> None:
    for path in ("/api/comparisons", "/api/archive"):
        answer = owner.ask("POST", path, body, {"Content-Type": "application/json"})
        assert answer.status in (400, 404), path


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "A" * 100]
)
def test_other_methods_do_nothing(owner: Client, item: dict[str, str], method: str) -> None:
    for path in ("/", "/api/items", f"/api/items/{item['id']}", "/static/main.js", "*"):
        answer = owner.ask(method, path)
        assert answer.status in (200, 204, 400, 403, 404, 405, 501)
        assert b"csrf" not in answer.content
        if method == "TRACE":
            assert owner.cookie.encode() not in answer.content
    assert owner.state(item["id"])["stage"] == "ready"


def test_head_answers_as_get_does_without_content(owner: Client, item: dict[str, str]) -> None:
    for path in ("/", "/api/items", "/static/main.js", f"/api/items/{item['id']}/all.zip"):
        got, head = owner.get(path), owner.ask("HEAD", path)
        assert (head.status, head.content) == (got.status, b"")
        assert head.headers["Content-Type"] == got.headers["Content-Type"]


GARBAGE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),  # a TLS greeting
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\r\n" * 1000,
    b"\0" * 5000,
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost a\r\n\r\n",
    b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"y" * 10_000_000,
    b"POST /api/items HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nHost: a\r\nContent-Length: 1e9\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST /api/items HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\nab",
    b"POST /api/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 5000,
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\nG",
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda each: repr(each[:24]))
def test_garbage_is_answered_by_an_error_or_an_end(owner: Client, garbage: bytes) -> None:
    server = owner.server
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as door:
        try:
            door.sendall(garbage)
            door.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: door.recv(65536), b""))
        except TimeoutError:
            raise
        except OSError:
            answer = b""
    assert not answer or re.match(rb"HTTP/1\.[01] [345]\d\d ", answer)
    assert b"Traceback" not in answer
    assert b"waitress" not in answer.lower()
    assert owner.get("/api/items").status == 200


# --- what every answer carries ----------------------------------------------------------------


@pytest.mark.slow
def test_every_answer_is_sealed(owner: Client, item: dict[str, str]) -> None:
    paths = [route[1].format_map(item) for route in (*ANYBODY, *OF_AN_ITEM)]
    stranger = Client(owner.server)
    answers = [(path, owner.get(path)) for path in ("/", "/static/main.js", "/nowhere", *paths)]
    answers += [("stranger's /", stranger.get("/")), ("no", stranger.get("/api/items"))]
    answers += [("DELETE", owner.ask("DELETE", "/api/items/none")), ("PUT", owner.ask("PUT", "/"))]
    for path, answer in answers:
        headers = answer.headers
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'", path
        assert policy["frame-ancestors"] == "'none'", path
        assert policy["script-src"] == policy["style-src"] == "'self'", path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "Access-Control-Allow-Origin" not in headers, path
        assert "Server" not in headers, path
        cache = headers["Cache-Control"]
        if ".png" in path:
            assert "private" in cache, path
        elif path.startswith("/static/"):
            assert cache == "no-cache", path
        else:
            assert "no-store" in cache, path


def test_downloads_are_saved_and_never_shown(owner: Client, item: dict[str, str]) -> None:
    for route in OF_AN_ITEM[2:6]:
        answer = asked(owner, route, item)
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "html" not in answer.headers["Content-Type"]


def test_the_page_names_no_other_host_and_has_no_script_of_its_own(owner: Client) -> None:
    page = owner.get("/").content.decode()
    assert not re.search(r"""(?:src|href)=["'](?:[a-z]+:)?//""", page)
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    for place in sorted((ROOT / "reportgen/web/static").glob("*.*")):
        text = place.read_text("utf-8")
        foreign = re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'`]+", text)
        assert foreign == [], place.name
        assert not re.search(r"\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|\beval\(", text)


# --- beyond loopback --------------------------------------------------------------------------


@pytest.mark.slow
def test_others_come_in_by_the_password_alone(tmp_path: Path) -> None:
    given = {"REPORTGEN_PASSWORD": "a long password 密碼"}
    with running(tmp_path, "--host", "0.0.0.0", environment=given) as server:
        assert "0.0.0.0" in server.said()
        owner, other = entered(server), Client(server)
        form = {"Content-Type": "application/x-www-form-urlencoded"}

        def tried(password: str) -> Any:
            return other.ask("POST", "/sign-in", f"password={quote(password)}", form)

        page = other.get("/")
        assert b'type="password"' in page.content
        assert b"csrf" not in page.content
        assert other.get("/api/items").status == 403
        for wrong in ("", "a", "A long password 密碼", "\ufffd"):
            answer = tried(wrong)
            assert answer.status == 403
            assert "Set-Cookie" not in answer.headers
        assert other.get("/", {"Host": f"evil.example:{server.port}"}).status == 403
        answer = tried(given["REPORTGEN_PASSWORD"])
        assert answer.status == 303
        other.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        identifier = owner.add(b"no workbook")
        assert other.get(f"/api/items/{identifier}").status == 404
        assert other.get("/api/session").json()["live"] is None
        other.cookie = ""
        statuses = {tried("wrong").status for _ in range(20)}
        assert 429 in statuses
        assert tried(given["REPORTGEN_PASSWORD"]).status == 429  # who guesses learns nothing
        assert owner.get("/api/items").status == 200
    assert "Traceback" not in server.said()


def test_a_stranger_cannot_fill_the_disk(quick: Server) -> None:
    """What is more than a password is refused by its head, before its content is taken in."""
    connection = HTTPConnection("127.0.0.1", quick.port, timeout=10)
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Length", str(40 * 1024**2))
    connection.endheaders()
    assert connection.getresponse().status in (400, 403, 413)
    connection.close()
