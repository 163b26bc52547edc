"""A client that sends what it is told to, as a browser would or as none ever does."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPMessage

    from tests.web.server import Server

ENDED = ("ready", "refused", "failed")
UNVERIFIED = ssl._create_unverified_context()  # a test's own certificate
PATIENCE = 120.0  # seconds until an item must have ended


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The error's code; empty where there is none."""
        try:
            found: str = self.json()["error"]["code"]
        except (ValueError, LookupError, TypeError):
            return ""
        return found


@dataclass(slots=True)
class Client:
    """A browser's session, one connection for each request; to be used by many threads."""

    server: Server
    cookie: str = ""
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        timeout: float = 60.0,
    ) -> Answer:
        """Send a request with this session's cookie and token; give headers to override them."""
        own = {"Cookie": self.cookie} if self.cookie else {}
        if method not in ("GET", "HEAD") and self.csrf:
            own["X-Reportgen"] = self.csrf
        address = urlsplit(self.server.address)
        place = (address.hostname or "", address.port or 0)
        connection: HTTPConnection = (
            HTTPSConnection(*place, timeout=timeout, context=UNVERIFIED)
            if address.scheme == "https"
            else HTTPConnection(*place, timeout=timeout)
        )
        path = f"{address.path.rstrip('/')}{path}" if path.startswith("/") else path
        try:
            connection.request(method, path, body, {**own, **self.headers, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, told: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON."""
        kind = {"Content-Type": "application/json"}
        return self.ask("POST", path, json.dumps(told), {**kind, **(headers or {})})

    def upload(self, content: Any, name: str = "105-12-25.xlsx", **headers: str) -> Answer:
        given = {"X-File-Name": quote(name, safe=""), "Content-Type": "application/octet-stream"}
        return self.ask("POST", "/api/items", content, given | headers)

    def add(self, content: bytes, name: str = "105-12-25.xlsx") -> str:
        """The identifier of an upload."""
        answer = self.upload(content, name)
        assert answer.status == 201, answer.content.decode()
        identifier: str = answer.json()["id"]
        return identifier

    def state(self, identifier: str) -> dict[str, Any]:
        answer = self.get(f"/api/items/{identifier}")
        assert answer.status == 200, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found

    def until(self, identifier: str, *stages: str) -> dict[str, Any]:
        """The item's state once it is at one of these stages, or has ended."""
        deadline = time.monotonic() + PATIENCE
        version = 0
        while True:
            answer = self.get(f"/api/items/{identifier}?after={version}")
            assert answer.status == 200, answer.content.decode()
            state: dict[str, Any] = answer.json()
            if state["stage"] in (stages or ENDED) or state["stage"] in ENDED:
                return state
            assert time.monotonic() < deadline, state
            version = state["version"]

    def made(self, content: bytes, name: str = "105-12-25.xlsx") -> dict[str, Any]:
        """The state of an upload once it has ended."""
        return self.until(self.add(content, name))


def entered(server: Server) -> Client:
    """A session of its own, by the password; the owner's, where there is none."""
    return signed_in(server) if server.password else started(server)


def started(server: Server) -> Client:
    """The session of who has the start link."""
    client = Client(server)
    return _with_cookie(client, client.get(server.link.removeprefix(server.address.rstrip("/"))))


def signed_in(server: Server, headers: Mapping[str, str] | None = None) -> Client:
    """A new session, by the password."""
    client = Client(server)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _with_cookie(
        client,
        client.ask(
            "POST", "/sign-in", f"password={quote(server.password)}", form | dict(headers or {})
        ),
    )


def _with_cookie(client: Client, answer: Answer) -> Client:
    assert answer.status == 303, answer.content
    client.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    page = client.get("/").content.decode()
    token = re.search(r'<meta name="csrf" content="([^"]+)">', page)
    assert token is not None, page[:500]
    client.csrf = token[1]
    return client


def sent(server: Server, *parts: bytes, pause: float = 0.0, timeout: float = 30.0) -> bytes:
    """All that comes back for these bytes, until the server closes; empty if it only closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as door:
        try:
            for part in parts:
                door.sendall(part)
                if pause:
                    time.sleep(pause)
            return b"".join(iter(lambda: door.recv(65536), b""))
        except (ConnectionResetError, BrokenPipeError):
            return b""


def request(server: Server, target: str, method: str = "GET", *headers: str) -> bytes:
    """A request whose target is sent as it stands, to be closed after the answer."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
