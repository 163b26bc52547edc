"""Measure what people who work at the page notice of a crowd of others, and of attackers.

    .venv/bin/python -m benchmarks.page_load [--seconds 20] [--direct] [--rounds 3]

A real server, with --state and a password, behind nginx with TLS where it is installed. Ten people
work: each polls, looks at pages, and now and then one uploads a workbook. Then, from addresses of
their own, come 100 sign-ins at once, 300 connections that drip a byte a second, and 50 wrong
passwords. Printed are the times of the workers' requests before and during that, the answers that
they should not have had, and the load average, for others' work on the machine counts here.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from tests.factories.workbooks import sample_bytes
from tests.web.client import UNVERIFIED, Client, signed_in
from tests.web.proxies import NGINX, in_front
from tests.web.server import free_port, running

if TYPE_CHECKING:
    import socket

    from tests.web.server import Server

PEOPLE, SIGN_INS, DRIPPING, WRONG_PASSWORDS = 10, 100, 300, 50
UPLOAD_PERIOD_S, PAUSE_S = 4.0, 0.5
PASSWORD = "a long password"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SPAWN = multiprocessing.get_context("spawn")  # attackers must not take the workers' interpreter


@dataclass
class Measured:
    """What the workers' requests took, in seconds, and the answers that they should not get."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Target:
    """Where requests go."""

    host: str
    port: int
    prefix: str
    is_secure: bool

    def connect(self, source: str = "127.0.0.1", timeout: float = 60) -> http.client.HTTPConnection:
        """Return a connection from an address of this machine; it connects when it is used."""
        options: Any = {"timeout": timeout, "source_address": (source, 0)}
        if self.is_secure:
            return http.client.HTTPSConnection(self.host, self.port, context=UNVERIFIED, **options)
        return http.client.HTTPConnection(self.host, self.port, **options)


class Person:
    """Somebody who works, with a browser's connection that is kept open."""

    def __init__(self, number: int, client: Client, target: Target, measured: Measured) -> None:
        self.client, self.target, self.measured = client, target, measured
        self.connection = target.connect(f"127.0.0.{10 + number}")
        self.pages: list[str] = []
        self.number = number

    def ask(
        self, kind: str, method: str, path: str, body: Any = None, **headers: str
    ) -> http.client.HTTPResponse | None:
        """Send a request and note its time; None where it could not be answered at all."""
        own = {"Cookie": self.client.cookie, "X-Reportgen": self.client.csrf, **headers}
        start = time.perf_counter()
        try:
            self.connection.request(method, self.target.prefix + path, body, own)
            answer = self.connection.getresponse()
            self.content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.measured.wrong[f"{kind}: {type(error).__name__}"] += 1
            return None
        self.measured.times[kind].append(time.perf_counter() - start)
        if answer.status >= 400:
            self.measured.wrong[f"{kind}: {answer.status}"] += 1
        return answer

    def work(self, end: float) -> None:
        """Poll and look at pages until the end."""
        turn = self.number
        while time.monotonic() < end:
            self.ask("poll", "GET", "/api/items")
            self.ask("session", "GET", "/api/session")
            self.ask("static", "GET", "/static/main.js")
            # A width of its own, so that the page is drawn anew.
            page = self.pages[turn % len(self.pages)]
            self.ask("page as picture", "GET", f"{page}?width={300 + turn % 500}")
            turn += 1
            time.sleep(PAUSE_S)
        self.connection.close()


def uploads(people: list[Person], content: bytes, end: float) -> None:
    """Upload a workbook every few seconds, and remove the oldest."""
    number = 0
    while time.monotonic() < end:
        person = people[number % len(people)]
        other = Person(person.number, person.client, person.target, person.measured)
        headers = {"X-File-Name": "a.xlsx", "Content-Type": "application/octet-stream"}
        other.ask("upload", "POST", "/api/items", content, **headers)
        other.connection.close()
        number += 1
        time.sleep(UPLOAD_PERIOD_S)


def sign_in(target: Target, number: int, password: str) -> int:
    """Sign in from an address of its own and return the HTTP status, 0 for no answer."""
    connection = target.connect(f"127.0.{1 + number // 200}.{1 + number % 200}")
    try:
        connection.request("POST", f"{target.prefix}/sign-in", f"password={quote(password)}", FORM)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def drip(target: Target, end: float) -> tuple[int, int]:
    """Keep connections open that send a byte a second; return how many began and how many last."""
    begins = (b"GET / HTTP/1.1\r\nX: ", b"", b"POST /sign-in HTTP/1.1\r\nContent-Length: 9000\r\n")
    doors: list[socket.socket] = []
    for number in range(DRIPPING):
        with suppress(OSError):
            connection = target.connect(f"127.0.9.{1 + number % 50}", 5)
            connection.connect()
            doors.append(connection.sock)
            connection.sock.sendall(begins[number % len(begins)])
    opened = len(doors)
    while time.monotonic() < end and doors:
        for door in list(doors):
            try:
                door.send(b"x")
            except OSError:
                doors.remove(door)
        time.sleep(1)
    return opened, len(doors)


def attack(target: Target, seconds: float, results: Any) -> None:
    """Do all that at once, in a process that gives way: elsewhere it would have its own machine."""
    os.nice(10)
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(1 + SIGN_INS + WRONG_PASSWORDS) as pool:
        dripping = pool.submit(drip, target, end)
        right = [pool.submit(sign_in, target, number, PASSWORD) for number in range(SIGN_INS)]
        # From five addresses: ten of each may be wrong before it must wait.
        wrong = [
            pool.submit(sign_in, target, 400 + number % 5, "wrong")
            for number in range(WRONG_PASSWORDS)
        ]
        results.put(
            {
                "sign-ins": dict(Counter(answer.result() for answer in right)),
                "wrong passwords": dict(Counter(answer.result() for answer in wrong)),
                "dripping connections (began, last)": dripping.result(),
            }
        )


def quantile(times: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return statistics.quantiles(times, n=1000, method="inclusive")[round(share * 1000) - 1] * 1e3


def report(phase: str, measured: Measured, before: float) -> None:
    """Print a table."""
    print(f"{phase}  (load average {before:.1f} before, {os.getloadavg()[0]:.1f} after)")
    print(f"  {'request':<18}{'number':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'most ms':>9}")
    small = [*measured.times["poll"], *measured.times["session"], *measured.times["static"]]
    for kind, times in [("all but pictures", small), *measured.times.items()]:
        if len(times) > 1:
            figures = [quantile(times, share) for share in (0.5, 0.95, 0.99)] + [max(times) * 1e3]
            print(f"  {kind:<18}{len(times):>7}" + "".join(f"{figure:9.1f}" for figure in figures))
    print(f"  answers that should not be: {dict(measured.wrong) or 'none'}", flush=True)


def measure(server: Server, target: Target, clients: list[Client], seconds: float) -> None:
    """Measure a phase without and one with attackers."""
    content = sample_bytes()
    for phase in ("before", "during"):
        measured = Measured()
        people = [Person(number, client, target, measured) for number, client in enumerate(clients)]
        for person in people:
            items = person.client.get("/api/items").json()["items"]
            for item in items[:-1]:  # of the phase before; the newest stays
                person.client.ask("DELETE", f"/api/items/{item['id']}")
            state = person.client.until(items[-1]["id"])
            person.pages = [
                f"/api/items/{state['id']}/pages/{page['source']}/{page['index']}.png"
                for document in state["documents"]
                for page in document["pages"]
            ]
        load, results = os.getloadavg()[0], SPAWN.Queue()
        attackers = SPAWN.Process(target=attack, args=(target, seconds, results))
        if phase == "during":
            attackers.start()
            time.sleep(2)  # until its interpreter has started
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=person.work, args=(end,)) for person in people]
        threads.append(threading.Thread(target=uploads, args=(people, content, end)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        report(phase, measured, load)
        if phase == "during":
            for name, found in results.get(timeout=120).items():
                print(f"  {name}: {found}")
            attackers.join()
    assert "Traceback" not in server.said(), server.said()


def main() -> None:
    """Start server and proxy, let people sign in, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each phase")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--direct", action="store_true", help="without nginx")
    options = parser.parse_args()
    is_behind = NGINX.path is not None and not options.direct
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder, front, back = Path(name), free_port(), free_port()
            folder.chmod(0o755)
            (folder / "proxy").mkdir()
            address = f"https://localhost:{front}/reportgen/"
            arguments = ["--state", str(folder / "state"), "--port", str(back)]
            arguments += ["--public-url", address] if is_behind else []
            print("behind nginx, with TLS" if is_behind else "directly, without TLS")
            with (
                in_front(NGINX, folder / "proxy", front, back) if is_behind else nullcontext(),
                running(folder, *arguments, environment={"REPORTGEN_PASSWORD": PASSWORD}) as server,
            ):
                parts = urlsplit(server.address)
                target = Target(
                    "127.0.0.1" if not is_behind else "localhost",
                    parts.port or 0,
                    parts.path.rstrip("/"),
                    is_behind,
                )
                clients = [signed_in(server) for _ in range(PEOPLE)]
                identifiers = [client.add(sample_bytes()) for client in clients]
                for client, identifier in zip(clients, identifiers, strict=True):
                    assert client.until(identifier)["stage"] == "ready"
                measure(server, target, clients, options.seconds)


if __name__ == "__main__":
    main()
