"""Debian's Chromium, driven by Playwright; what it complains of, and what axe-core finds."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.web.client import entered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

    from tests.web.client import Client
    from tests.web.server import Server

AXE = Path(__file__).parents[2] / ".cache/axe/node_modules/axe-core/axe.min.js"
NAMES = (
    "chromium-headless-shell",  # without the frame of a window: a third of the processor time
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
APPLICATIONS = [
    Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    for name in ("Google Chrome", "Chromium")
]
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LAPTOP, TABLET, PHONE = (1366, 768), (820, 1180), (390, 844)
PATIENCE = 30_000.0  # milliseconds; a quiet machine needs few
TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""
# No browser without a window has a picker of files: as in Firefox, the input stands for it.
NO_PICKER = "window.showOpenFilePicker = undefined"
RULES = {"target-size": {"enabled": True}}  # WCAG 2.2 AA, which axe-core leaves out by itself


def chromium() -> str | None:
    """Where the system's Chromium or Chrome is."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or next((str(each) for each in APPLICATIONS if each.exists()), None)


def needs(found: object, name: str) -> None:
    """Skip, or fail on CI, where something is not installed."""
    if found:
        return
    reason = f"{name} is not installed: .ci/setup test"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser with a profile of its own, that speaks to nobody by itself."""
    place = chromium()
    needs(place, "Chromium")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=place, args=list(FLAGS), chromium_sandbox=not is_root
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """Tabs of one browser window on one server; nothing may go wrong in any of them unseen."""

    context: BrowserContext
    server: Server
    wrong: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()  # parts of what may be complained of

    def tab(self, way: str = "") -> Page:
        """A tab with the page, or with one of its views (``#/archive``)."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._complain(f"page error: {error.stack or error}"))
        page.on("response", self._answered)
        page.on("filechooser", lambda chooser: None)  # asked for here, it is caught in time later
        page.goto(f"{self.server.address}{way}")
        return page

    def asked(self, request: Request) -> None:
        """Note a request that leaves this server."""
        parts = urlsplit(request.url)
        if (
            parts.scheme in ("http", "https", "ws", "wss")
            and parts.netloc != urlsplit(self.server.address).netloc
        ):
            self._complain(f"a request to {request.url}")

    def check(self) -> None:
        """Raises AssertionError where anything was complained of."""
        assert self.wrong == []

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complain(f"console {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._complain(f"{response.status} from {response.url}")

    def _complain(self, what: str) -> None:
        if not any(part in what for part in self.expected):
            self.wrong.append(what)


@contextmanager
def visiting(
    browser: Browser,
    server: Server,
    client: Client | None = None,
    size: tuple[int, int] = LAPTOP,
    picker: str = NO_PICKER,
    *,
    is_named: bool = False,
    **settings: Any,
) -> Iterator[Visit]:
    """A browser window with a session of its own, or with that of a client.

    ``picker`` is JavaScript that stands for the browser's picker of files. Where a proxy names
    the user (``is_named``), nobody signs in.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-TW",
        timezone_id="Asia/Taipei",
        accept_downloads=True,
        reduced_motion="reduce",
        **settings,
    )
    context.add_init_script(TELL_VIOLATIONS)
    context.add_init_script(picker)
    visit = Visit(context, server)
    context.on("request", visit.asked)
    if is_named:
        pass  # the first page begins the session
    elif client is None and not server.password:
        first = context.new_page()
        first.goto(server.link)
        first.close()
    else:
        client = client or entered(server)
        name, _, value = client.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": server.address}])
    try:
        yield visit
        visit.check()
    finally:
        context.close()


def axe(page: Page) -> None:
    """Raises AssertionError with what axe-core finds: all its rules, best practices too."""
    needs(AXE.exists(), "axe-core")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("(rules) => axe.run(document, {rules})", RULES)
    told = [
        f"{violation['id']}: {violation['help']}\n    {node['html'][:200]}\n    "
        + node["failureSummary"].replace("\n", "\n    ")
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)
    assert len(found["passes"]) > 10  # it has looked


def overflow(page: Page) -> list[str]:
    """What stands out to the right of a page that cannot be scrolled sideways."""
    told: list[str] = page.evaluate(
        """() => {
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) return [];
            return [...document.querySelectorAll("body *")]
                .filter((each) => each.getBoundingClientRect().right > wide + 1)
                .map((each) => `${each.tagName}.${each.className}#${each.id}`);
        }"""
    )
    return told
