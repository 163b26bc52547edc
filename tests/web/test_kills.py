"""A server that is killed at random moments while people work: what was acknowledged stays.

``REPORTGEN_SERVER_KILLS=100`` kills as often; every third time a worker instead of the server.
"""

from __future__ import annotations

import http.client
import itertools
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.factories.workbooks import with_cells
from tests.web.client import Client, signed_in
from tests.web.server import SHARED, running, small_templates, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.server import Server

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("REPORTGEN_SERVER_KILLS", "3"))
SEED = 21
LONGEST_S = 5.0  # from when people begin to work again until the kill
MAX_ITEMS = 6  # of a person, until the oldest is removed
GONE = (OSError, http.client.HTTPException)


@dataclass
class Person:
    """Somebody who uploads, archives and removes, and what the server has acknowledged of it."""

    client: Client
    numbers: itertools.count[int]  # shared: an edition is archived once
    uploaded: dict[str, str] = field(default_factory=dict)  # id to file name
    made: dict[str, bytes] = field(default_factory=dict)  # id to all its documents
    removed: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    visitors: list[Client] = field(default_factory=list)  # signed in, and not out again
    wrong: list[str] = field(default_factory=list)

    def work(self, stop: threading.Event, is_worker: bool) -> None:
        """Work until the server is gone, or until told to stop."""
        with suppress(*GONE):
            while not stop.is_set():
                self.do_one(is_worker)

    def do_one(self, is_worker: bool) -> None:
        """Upload a workbook, wait for its documents, archive it; remove what is too much."""
        visitor = signed_in(self.client.server)
        self.visitors.append(visitor)
        number = next(self.numbers)
        edition = f"105-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
        name = f"{edition}.xlsx"
        content = with_cells(("基本資料", "B10", "定稿"), ("基本資料", "B8", edition))
        answer = self.client.upload(content, name)
        if answer.status != 201:
            self.wrong.append(answer.content.decode())
            return
        identifier = answer.json()["id"]
        self.uploaded[identifier] = name
        state = self.client.until(identifier)
        if state["stage"] != "ready":
            self.wrong.append(f"{name}: {state['stage']} {state['problems']}")
            return
        self.made[identifier] = self.client.get(f"/api/items/{identifier}/all.zip").content
        answer = self.client.post("/api/archive", {"item": identifier, "reprint": False})
        if answer.status == 200 and answer.json()["archived"]:
            self.archived.add(edition)
        elif not (is_worker and answer.code == "fault"):  # the worker that archived was killed
            self.wrong.append(f"{name}: {answer.content.decode()}")
        if len(self.uploaded) > MAX_ITEMS:
            oldest = next(iter(self.uploaded))
            del self.uploaded[oldest]  # may be there or not until there is an answer
            if self.client.ask("DELETE", f"/api/items/{oldest}").status == 204:
                self.removed.add(oldest)
        self.visitors.remove(visitor)
        visitor.ask("POST", "/api/sign-out")

    def check(self, server: Server) -> None:
        """Compare what is there with what was acknowledged; finish what had begun."""
        self.client = Client(server, self.client.cookie, self.client.csrf)
        answer = self.client.get("/api/items")
        assert answer.status == 200, answer.content.decode()
        items = {item["id"]: item["name"] for item in answer.json()["items"]}
        assert self.uploaded.items() <= items.items()
        assert not self.removed & items.keys()
        for identifier in items:
            state = self.client.until(identifier)
            assert state["stage"] == "ready", state
            everything = self.client.get(f"/api/items/{identifier}/all.zip").content
            assert everything == self.made.setdefault(identifier, everything)
        # What was stored without an answer is removed, as the person would.
        for identifier in items.keys() - self.uploaded.keys():
            assert self.client.ask("DELETE", f"/api/items/{identifier}").status == 204
            self.removed.add(identifier)
        while self.visitors:
            visitor = self.visitors.pop()
            visitor = Client(server, visitor.cookie, visitor.csrf)
            assert visitor.get("/api/session").status == 200
            assert visitor.ask("POST", "/api/sign-out").status == 204
        entries = self.client.get("/api/archive").json()
        assert entries["problems"] == []
        assert self.archived <= {entry["edition"] for entry in entries["editions"]}
        assert self.wrong == []


def disturb(server: Server, people: list[Person], moment_s: float, *, is_worker: bool) -> None:
    """Kill the server, or its workers, a while after people have begun to work."""
    stop = threading.Event()
    threads = [threading.Thread(target=person.work, args=(stop, is_worker)) for person in people]
    for thread in threads:
        thread.start()
    time.sleep(moment_s)
    if is_worker:
        for worker in server.workers():
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        stop.set()
    else:
        server.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()


def has_no_process(server: Server) -> bool:
    """Return whether all that a server started has ended."""
    return not server.processes()


def test_nothing_that_was_acknowledged_is_lost_by_a_kill(tmp_path: Path) -> None:
    chance, numbers = Random(SEED), itertools.count()
    arguments = ["--state", str(tmp_path / "state")]
    arguments += ["--templates", str(small_templates(tmp_path / "templates"))]
    people: list[Person] = []
    for kill in range(KILLS + 1):
        with running(tmp_path, *arguments, environment=SHARED) as server:
            people = people or [Person(signed_in(server), numbers) for _ in range(2)]
            for person in people:
                person.check(server)
            if kill == KILLS:
                assert people[0].client.post("/api/archive/verify", {}).json()["ok"] is True
                break
            moment_s, is_worker = chance.random() * LONGEST_S, kill % 3 == 2
            disturb(server, people, moment_s, is_worker=is_worker)
            if is_worker:
                for person in people:
                    person.check(server)
            else:
                assert until(partial(has_no_process, server), 30)
    assert "Traceback" not in server.said(), server.said()
    done = [len(person.made) for person in people], [len(person.archived) for person in people]
    print(f"{KILLS} kills; made and archived: {done}")
