"""Many at once, slow ones, ones that vanish, and ends in the midst of work."""

from __future__ import annotations

import signal
import socket
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from reportgen.web import http_limits
from tests.factories.bad import files as bad
from tests.factories.workbooks import sample_bytes, with_cells
from tests.web.client import Client, entered, request, sent, signed_in, started
from tests.web.server import PROCESSES, SHARED, free_port, running, small_templates, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.web.server import Server

SOON = 5.0  # seconds within which anything small is answered, whatever else goes on
linux = pytest.mark.skipif(not PROCESSES.exists(), reason="asks Linux for processes")


@pytest.fixture
def doors() -> Iterator[list[socket.socket]]:
    """Connections, to be closed whatever happens."""
    found: list[socket.socket] = []
    yield found
    for door in found:
        door.close()


def knock(doors: list[socket.socket], server: Server, begin: bytes) -> socket.socket:
    """A connection on which something was sent."""
    door = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    doors.append(door)
    door.sendall(begin)
    return door


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server to be ill-treated; what is removed can be taken back for a second."""
    templates = str(small_templates(tmp_path / "templates"))
    patch = "import reportgen.web.removed_items as items; items.KEEP_REMOVED_S = 1.0"
    with running(tmp_path, "--templates", templates, patch=patch) as found:
        yield found


def faulty() -> bytes:
    return with_cells(("年度資料", "E5", "not a figure"))


def seconds(act: Callable[[], Any]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(act, range(number)))


# --- many at once -----------------------------------------------------------------------------


@pytest.mark.slow
def test_twenty_uploads_at_once_end_each_in_its_own_result(quick: Server) -> None:
    client = entered(quick)
    kinds = {"good": sample_bytes(), "faulty": faulty(), "no workbook": b"no workbook"}
    numbers = {"good": 4, "faulty": 6, "no workbook": 10}
    names = [kind for kind, number in numbers.items() for _ in range(number)]

    def uploaded(number: int) -> tuple[str, str, list[str]]:
        kind = names[number]
        state = client.made(kinds[kind], f"{number:02} {kind}.xlsx")
        assert state["name"] == f"{number:02} {kind}.xlsx"
        codes = [each["code"] for each in state["problems"] if each["severity"] == "error"]
        return kind, state["stage"], codes

    ended = Counter((kind, stage) for kind, stage, _ in at_once(20, uploaded))
    assert ended == {("good", "ready"): 4, ("faulty", "refused"): 6, ("no workbook", "refused"): 10}
    listed = client.get("/api/items").json()["items"]
    assert sorted(each["name"] for each in listed) == sorted(
        f"{number:02} {kind}.xlsx" for number, kind in enumerate(names)
    )
    for state in listed:
        answer = client.get(f"/api/items/{state['id']}/all.zip")
        assert (answer.status == 200) == state["name"].endswith("good.xlsx")
        if answer.status == 200:
            assert zipfile.ZipFile(BytesIO(answer.content)).testzip() is None


@pytest.mark.slow
def test_fifty_requests_are_answered_while_work_goes_on(quick: Server) -> None:
    client = entered(quick)
    ready = client.made(sample_bytes())
    page = ready["documents"][0]["pages"][0]
    busy = [client.add(sample_bytes(), f"busy {each}.xlsx") for each in range(2)]
    paths = [
        "/api/items",
        f"/api/items/{ready['id']}",
        f"/api/items/{ready['id']}/results",
        f"/api/items/{ready['id']}/pages/{page['source']}/{page['index']}.png?width=300",
        "/static/main.js",
        "/",
        "/api/session",
        "/nowhere",
    ]

    def asked(number: int) -> tuple[int, float]:
        begun = time.monotonic()
        return client.get(paths[number % len(paths)]).status, time.monotonic() - begun

    answers = at_once(50, asked)
    assert Counter(status for status, _ in answers) == {200: 44, 404: 6}
    assert max(taken for _, taken in answers) < 15
    assert {client.until(each)["stage"] for each in busy} == {"ready"}


def test_those_that_wait_for_news_keep_nobody_away(
    quick: Server, doors: list[socket.socket]
) -> None:
    """Forty tabs wait for what does not come; and those that went away wait no more."""
    client = entered(quick)
    identifier = client.made(b"no workbook")["id"]
    waiting = request(
        quick, f"/api/items/{identifier}?after=999", "GET", f"Cookie: {client.cookie}"
    )
    for _ in range(40):
        knock(doors, quick, waiting)
    time.sleep(0.3)
    assert seconds(lambda: client.get("/api/items")) < SOON
    assert client.made(b"no workbook", "another.xlsx")["stage"] == "refused"
    for door in doors:
        door.close()
    assert seconds(lambda: client.get("/api/items")) < SOON


def test_news_come_as_soon_as_there_are_some(quick: Server) -> None:
    client = entered(quick)
    identifier = client.made(b"no workbook")["id"]
    version = client.state(identifier)["version"]
    with ThreadPoolExecutor(1) as pool:
        news = pool.submit(client.get, f"/api/items/{identifier}?after={version}")
        time.sleep(0.3)
        assert not news.done()
        assert client.ask("DELETE", f"/api/items/{identifier}").status == 204
        assert news.result(SOON).status == 404


# --- twice ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_sent_twice_is_done_twice_or_once_and_never_half(quick: Server) -> None:
    client = entered(quick)
    old, new = at_once(2, lambda _: client.made(sample_bytes())["id"])
    assert old != new
    compared = at_once(
        2, lambda _: client.post("/api/comparisons", {"old": old, "new": new}).json()["id"]
    )
    gone = at_once(2, lambda _: client.ask("DELETE", f"/api/items/{old}").status)
    assert sorted(gone) == [204, 404]
    assert {client.until(each)["stage"] for each in compared} == {"ready"}


@pytest.mark.slow
def test_archiving_twice_at_once_archives_once(own: Server) -> None:
    client = entered(own)
    state = client.made(with_cells(("基本資料", "B10", "定稿")), "105-12-25.xlsx")
    assert state["stage"] == "ready", state["problems"]
    told = {"item": state["id"], "reprint": False}
    answers = at_once(2, lambda _: client.post("/api/archive", told))
    assert [each.status for each in answers] == [200, 200]
    assert sorted(each.json()["new"] for each in answers) == [False, True]
    assert len(client.get("/api/archive").json()["editions"]) == 1
    assert client.post("/api/archive/verify", {}).json()["ok"] is True
    assert own.stop() < 10
    assert own.archive.is_dir()  # what is archived stays


# --- large, slow, broken off ------------------------------------------------------------------


@pytest.mark.slow
def test_an_upload_over_the_limit_is_refused(quick: Server) -> None:
    client = entered(quick)
    limit = client.get("/api/session").json()["limit"]
    head = request(
        quick,
        "/api/items",
        "POST",
        f"Cookie: {client.cookie}",
        f"X-Reportgen: {client.csrf}",
        "X-File-Name: a.xlsx",
        "{}",
    )
    declared = head.replace(b"{}", f"Content-Length: {limit + 1}\r\nExpect: 100-continue".encode())
    assert b" 413 " in sent(quick, declared)[:20]  # at once, to who waits for leave to go on
    block = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    chunked = head.replace(b"{}", b"Transfer-Encoding: chunked")
    answer = sent(quick, chunked, *[block] * (limit // 0x100000 + 4), b"0\r\n\r\n")
    assert not answer or b" 413 " in answer[:20]
    assert client.get("/api/items").json()["items"] == []
    assert b"HTTP/1.1 201" in sent(quick, chunked, b"5\r\nhello\r\n0\r\n\r\n")


@pytest.mark.slow
def test_who_sends_too_much_is_told_the_limit_in_both_languages(tmp_path: Path) -> None:
    """Once all of it is sent, as browsers read no answer before."""
    patch = (
        "import reportgen.web.routes.http_messages as limits; limits.MAX_UPLOAD_BYTES = 1024 ** 2"
    )
    with running(tmp_path, environment=SHARED, patch=patch) as server:
        client = entered(server)
        answer = client.upload(bytes(40 * 1024**2))
        assert (answer.status, answer.code) == (413, "too large")
        assert answer.json()["error"]["zh-TW"] == "檔案太大：上限為 1 MB。"
        assert answer.json()["error"]["en"] == "The file is too large: at most 1 MB."
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert client.upload(bytes(1024**2)).status == 201
        stranger = Client(server).upload(bytes(20 * 1024))
        assert (stranger.status, stranger.code) == (403, "closed")


BOMBS: dict[str, Callable[[], bytes]] = {
    "a part of a gigabyte": bad.bomb,
    "a million rows": bad.million_rows,
    "a zip of nothing": bad.zipped,
    "a zip of something else": lambda: bad.zipped(a=b"b"),
    "half a workbook": lambda: sample_bytes()[: len(sample_bytes()) // 2],
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "HTML": lambda: b"<html><script>alert(1)</script>",
    "one byte": lambda: b"P",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_is_no_workbook_is_told_so(quick: Server, bomb: str) -> None:
    client = entered(quick)
    identifier = client.add(BOMBS[bomb](), "a.xlsx")
    assert seconds(lambda: client.get("/api/items")) < SOON
    state = client.until(identifier)
    assert state["stage"] == "refused"
    assert any(each["severity"] == "error" for each in state["problems"])
    assert "Traceback" not in str(state)
    assert str(quick.scratch) not in str(state)


@pytest.mark.slow
def test_slow_clients_keep_nobody_away_and_are_ended(
    tmp_path: Path, doors: list[socket.socket]
) -> None:
    """Bytes that drip, silence in a head or a body, readers that do not read."""
    patch = (
        "from reportgen.web import http_limits as door, server as serve\n"
        "door.IDLE_TIMEOUT_S = door.HEAD_TIMEOUT_S = 3\n"
        "serve.ServerOptions.__init__.__kwdefaults__['upload_seconds'] = 3.0\n"
    )
    templates = small_templates(tmp_path / "templates")
    with running(tmp_path, "--templates", str(templates), patch=patch) as server:
        client = entered(server)
        large = client.add(sample_bytes())
        begin = request(
            server,
            "/api/items",
            "POST",
            f"Cookie: {client.cookie}",
            f"X-Reportgen: {client.csrf}",
            "X-File-Name: a.xlsx",
            "Content-Length: 100000",
        )
        everything = request(
            server, f"/api/items/{large}/all.zip", "GET", f"Cookie: {client.cookie}"
        )
        assert client.until(large)["stage"] == "ready"
        dripping = [knock(doors, server, begin) for _ in range(10)]
        dripping += [knock(doors, server, b"GET / HTTP/1.1\r\nX: ") for _ in range(10)]
        silent = [knock(doors, server, part) for part in (b"", b"GE", begin, begin + b"x") * 5]
        for _ in range(10):  # they will not read
            knock(doors, server, everything)
        begun = time.monotonic()
        open_yet = set(dripping)
        while open_yet and time.monotonic() < begun + 20:
            for door in list(open_yet):
                if not _drip(door):
                    open_yet.discard(door)
            assert seconds(lambda: client.get("/api/items")) < SOON
            time.sleep(0.2)
        assert not open_yet
        for door in silent:
            door.settimeout(25)
            assert door.recv(10_000).startswith((b"", b"HTTP/1.1 4"))
        assert time.monotonic() - begun < 30
        assert len(doors) == 50
        assert client.get("/api/items").status == 200
        assert [each["id"] for each in client.get("/api/items").json()["items"]] == [large]
    assert "Traceback" not in server.said(), server.said()


@pytest.mark.slow
def test_three_hundred_dripping_connections_keep_nobody_away(
    tmp_path: Path, doors: list[socket.socket]
) -> None:
    """All from the address from which somebody works; fewer than an address may have stay open."""
    begins = (b"GET / HTTP/1.1\r\nX: ", b"", b"GE", b"POST /sign-in HTTP/1.1\r\n" + DRIPPED)
    templates = small_templates(tmp_path / "templates")
    with running(tmp_path, "--templates", str(templates), environment=SHARED) as server:
        client = entered(server)
        for number in range(300):
            knock(doors, server, begins[number % len(begins)])
        assert client.made(sample_bytes())["stage"] == "ready"
        assert [client.get("/api/items").status for _ in range(30)] == [200] * 30
        assert [Client(server).get("/").status for _ in range(30)] == [200] * 30
        assert sum(map(_drip, doors)) <= http_limits.MAX_CLIENT_CONNECTIONS
        assert until(lambda: not any(map(_drip, doors)), http_limits.IDLE_TIMEOUT_S + 30)
    assert "Traceback" not in server.said(), server.said()


def test_fifty_wrong_passwords_keep_nobody_else_out(tmp_path: Path) -> None:
    """The proxy tells whose they are."""
    port = str(free_port())
    arguments = ("--port", port, "--public-url", f"http://127.0.0.1:{port}/")
    with running(tmp_path, *arguments, environment=SHARED) as server:
        form = {"Content-Type": "application/x-www-form-urlencoded"}

        def tried(password: str, address: str) -> int:
            headers = {**form, "X-Forwarded-For": address}
            body = f"password={quote(password)}"
            return Client(server).ask("POST", "/sign-in", body, headers).status

        worker = entered(server)
        wrong = Counter(tried("wrong", "192.0.2.66") for _ in range(50))
        assert wrong == {403: 10, 429: 40}
        assert tried(server.password, "192.0.2.66") == 429
        assert tried(server.password, "192.0.2.67") == 303
        assert worker.get("/api/items").status == 200


DRIPPED = b"Content-Length: 9000\r\nHost: a\r\n\r\nx"


def _drip(door: socket.socket) -> bool:
    """Send one byte; whether the server still takes it."""
    try:
        door.send(b"x")
        door.settimeout(0.001)
        return bool(door.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


@pytest.mark.slow
def test_clients_that_vanish_leave_nothing(quick: Server, doors: list[socket.socket]) -> None:
    client = entered(quick)
    state = client.made(sample_bytes())
    mine = (f"Cookie: {client.cookie}", f"X-Reportgen: {client.csrf}")
    upload = request(
        quick, "/api/items", "POST", *mine, "X-File-Name: a.xlsx", "Content-Length: 100000"
    )
    download = request(quick, f"/api/items/{state['id']}/all.zip", "GET", *mine)
    before = quick.files()
    for begin in (upload, upload + b"PK" * 10_000, download, download[:40], b"", b"\0") * 5:
        knock(doors, quick, begin).close()
    assert client.get("/api/items").json()["items"][0]["id"] == state["id"]
    assert len(client.get("/api/items").json()["items"]) == 1
    assert until(lambda: quick.files() == before)


# --- ends in the midst of work ----------------------------------------------------------------


@pytest.mark.slow
def test_an_item_can_be_taken_away_in_the_midst_of_its_work(quick: Server) -> None:
    client = entered(quick)
    before = quick.files()
    first, second = client.add(sample_bytes()), client.add(sample_bytes(), "second.xlsx")
    client.until(first, "checking", "rendering")
    for each in (first, second):
        assert client.ask("DELETE", f"/api/items/{each}").status == 204
        assert client.get(f"/api/items/{each}").status == 404
    assert client.get("/api/items").json()["items"] == []
    assert client.made(sample_bytes(), "third.xlsx")["stage"] == "ready"
    third = client.get("/api/items").json()["items"][0]["id"]
    client.ask("DELETE", f"/api/items/{third}")
    assert not quick.files() <= before  # they can be taken back
    client.ask("POST", "/api/sign-out")
    assert until(lambda: quick.files() <= before, 5), quick.files() - before


@pytest.mark.slow
@linux
@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_told_to_stop_it_ends_at_once_with_all_that_it_began(
    tmp_path: Path, doors: list[socket.socket], number: int
) -> None:
    with running(tmp_path) as server:
        client = entered(server)
        identifiers = [client.add(sample_bytes(), f"{each}.xlsx") for each in range(3)]
        client.until(identifiers[0], "rendering")
        waiting = f"/api/items/{identifiers[2]}?after=99"
        knock(doors, server, request(server, waiting, "GET", f"Cookie: {client.cookie}"))
        assert len(server.processes()) > 3
        assert server.stop(number) < 10
        assert server.process.returncode == 0
        assert until(lambda: server.processes() == {})
        assert server.left() == []
        assert "Traceback" not in server.said(), server.said()


@pytest.mark.slow
@linux
def test_killed_it_leaves_no_process_and_the_next_one_clears_up(tmp_path: Path) -> None:
    templates = ("--templates", str(small_templates(tmp_path / "templates")))
    with running(tmp_path, *templates) as server:
        client = entered(server)
        identifiers = [client.add(sample_bytes(), f"{each}.xlsx") for each in range(3)]
        client.until(identifiers[0], "checking", "rendering")
        server.process.kill()
        server.process.wait()
        assert until(lambda: server.processes() == {}, 30), server.processes()
        left = {each.split("/")[0] for each in server.left()}
        assert left
    with running(tmp_path, *templates) as following:
        assert not left & {each.split("/")[0] for each in following.left()}
        assert entered(following).made(sample_bytes())["stage"] == "ready"
        other = Client(following, cookie=client.cookie, csrf=client.csrf)
        assert other.get("/api/items").status == 403
    assert following.left() == []


@pytest.mark.slow
@linux
def test_a_worker_that_is_killed_takes_nothing_with_it(own: Server) -> None:
    client = entered(own)
    identifiers = [client.add(sample_bytes(), f"{each}.xlsx") for each in range(3)]
    client.until(identifiers[0], "checking", "rendering")
    for number in own.workers():
        _kill(number)
    for each in identifiers:
        state = client.until(each)
        assert state["stage"] in ("ready", "failed")
        assert (state["stage"] == "ready") == (not _errors(state)), state
    state = client.made(sample_bytes(), "after.xlsx")
    assert state["stage"] == "ready"
    page = state["documents"][0]["pages"][0]
    picture = f"/api/items/{state['id']}/pages/{page['source']}/{page['index']}.png?width=300"
    assert client.get(picture).status in (200, 503, 500)
    assert client.get(picture).content.startswith(b"\x89PNG")


def _kill(number: int) -> None:
    import os

    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return


def _errors(state: dict[str, Any]) -> list[dict[str, str]]:
    return [each for each in state["problems"] if each["severity"] == "error"]


# --- for long ---------------------------------------------------------------------------------


@pytest.mark.slow
@linux
def test_a_hundred_uploads_leave_neither_files_nor_memory(own: Server) -> None:
    client = entered(own)

    def round_of(number: int) -> None:
        def one(each: int) -> None:
            content = sample_bytes() if each % 40 == 0 else faulty() if each % 10 == 1 else b"none"
            identifier = client.add(content, f"{each}.xlsx")
            client.until(identifier)
            client.get(f"/api/items/{identifier}/all.zip")
            assert client.ask("DELETE", f"/api/items/{identifier}").status == 204

        with ThreadPoolExecutor(5) as pool:
            list(pool.map(one, range(number)))

    files = own.files()
    round_of(10)
    assert until(lambda: own.files() == files)  # once nothing can be taken back any more
    before = sum(own.processes().values())
    round_of(100)
    assert client.get("/api/items").json()["items"] == []
    assert until(lambda: own.files() == files)
    after = sum(own.processes().values())
    assert after < before * 1.25 + 10e6, (before, after)
    descriptors = len(list((PROCESSES / str(own.process.pid) / "fd").iterdir()))
    assert descriptors < 60


def test_too_many_items_are_refused_with_words(quick: Server) -> None:
    client = entered(quick)
    statuses = Counter(
        at_once(10, lambda _: [client.upload(b"x").status for _ in range(12)].count(201))
    )
    assert sum(number * times for number, times in statuses.items()) == 100
    answer = client.upload(b"x")
    assert (answer.status, answer.code) == (409, "too many")
    first = client.get("/api/items").json()["items"][0]["id"]
    assert client.ask("DELETE", f"/api/items/{first}").status == 204
    assert client.upload(b"x").status == 201


@pytest.mark.slow
def test_no_sign_in_takes_anybodys_work(tmp_path: Path) -> None:
    """Of a hundred people 64 are let in, and the others hear why not."""
    templates = small_templates(tmp_path / "templates")
    arguments = ("--templates", str(templates))
    with running(tmp_path, *arguments, environment=SHARED) as server:
        first, owner = signed_in(server), started(server)
        identifier = first.made(sample_bytes())["id"]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = f"password={quote(server.password)}"
        answers = [Client(server).ask("POST", "/sign-in", body, form) for _ in range(99)]
        assert [answer.status for answer in answers] == [303] * 63 + [503] * 36
        assert 'data-error="too many sessions"' in answers[-1].content.decode()
        assert first.state(identifier)["stage"] == "ready"
        assert first.get(f"/api/items/{identifier}/all.zip").status == 200
        assert owner.get("/api/items").status == 200
        assert started(server).cookie == owner.cookie
        assert first.ask("POST", "/api/sign-out").status == 204  # makes room
        assert first.get("/api/items").code == "closed"
        assert until(lambda: not any("source" in name for name in server.left()))
        assert signed_in(server).get("/api/items").json()["items"] == []


@pytest.mark.slow
def test_who_signs_out_by_the_start_link_finds_everything_again(own: Server) -> None:
    client = started(own)
    identifier = client.add(b"no workbook")
    assert client.ask("POST", "/api/sign-out").status == 204
    assert client.get("/api/items").code == "closed"
    again = started(own)
    assert again.cookie != client.cookie
    assert again.until(identifier)["stage"] == "refused"
