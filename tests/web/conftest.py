"""Servers and sessions: one server for all that does it no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.browser import launched
from tests.web.client import Client, entered
from tests.web.server import MANY, SHARED, running, small_templates
from tests.web.view import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.web.server import Server


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that nobody ends; it must never have had a fault of its own."""
    folder = tmp_path_factory.mktemp("server")
    with running(folder, environment=SHARED, patch=MANY) as found:
        yield found
    assert found.process.returncode == 0, found.said()
    assert "Traceback" not in found.said(), found.said()
    assert found.left() == []


@pytest.fixture
def client(server: Server) -> Client:
    """A session of its own."""
    return entered(server)


@pytest.fixture(scope="package")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As ``server``, with templates that are rendered in a moment."""
    folder = tmp_path_factory.mktemp("quick")
    templates = small_templates(folder / "templates")
    arguments = ("--templates", str(templates))
    with running(folder, *arguments, environment=SHARED, patch=MANY) as found:
        yield found
    assert found.process.returncode == 0, found.said()
    assert "Traceback" not in found.said(), found.said()
    assert found.left() == []


@pytest.fixture(scope="package")
def owner(server: Server) -> Client:
    """A session in which the sample is ready, the newest of its items; to be left as it is."""
    client = entered(server)
    assert client.made(SAMPLE.read_bytes(), SAMPLE.name)["stage"] == "ready"
    return client


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for these tests: while it runs, nothing else here can run an event loop."""
    with launched() as found:
        yield found
