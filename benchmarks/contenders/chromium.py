"""Headless Chromium, on the ready HTML; kept warm, one browser and one tab."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.contenders.contender import Command, Contender, module
from benchmarks.contenders.environment import said
from benchmarks.contenders.talk import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.contenders.talk import Maker

_NAMES = (
    "chromium-headless-shell",  # what .ci/setup installs
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
_APPLICATIONS = [
    Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    for name in ("Google Chrome", "Chromium")
]
_OPTIONS = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_PRINT = {
    "preferCSSPageSize": True,
    "printBackground": True,
    "generateTaggedPDF": True,
    "generateDocumentOutline": True,
}


def find() -> str:
    """Return the browser's path; empty if there is none."""
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    return on_path or next((str(path) for path in _APPLICATIONS if path.exists()), "")


def _options(profile: Path) -> list[str]:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_OPTIONS, f"--user-data-dir={profile}", *(["--no-sandbox"] if is_root else [])]


class Browser:
    """A browser that is controlled by the DevTools protocol, through two pipes."""

    def __init__(self, profile: Path) -> None:
        its_input, to_it = os.pipe()
        from_it, its_output = os.pipe()
        command = [find(), *_options(profile), "--remote-debugging-pipe"]
        # It reads from descriptor 3 and writes to 4.
        script = f'exec "$@" 3<&{its_input} 4>&{its_output}'
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", script, "sh", *command],
            pass_fds=(its_input, its_output),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(its_input)
        os.close(its_output)
        self._to, self._from = os.fdopen(to_it, "wb", 0), from_it
        self._rest, self._calls = b"", 0
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._tab = {"sessionId": attached["sessionId"]}
        self._call("Page.enable", self._tab)

    def print(self, source: Path) -> bytes:
        """Return a page as PDF."""
        self._call("Page.navigate", self._tab, url=source.as_uri())
        while self._receive().get("method") != "Page.loadEventFired":
            pass
        return base64.b64decode(self._call("Page.printToPDF", self._tab, **_PRINT)["data"])

    def close(self) -> None:
        """Close the browser."""
        self._call("Browser.close")
        self._process.wait()

    def _call(self, method: str, tab: dict[str, str] | None = None, **parameters: object) -> Any:
        self._calls += 1
        message = {"id": self._calls, "method": method, "params": parameters, **(tab or {})}
        self._to.write(json.dumps(message).encode() + b"\0")
        while (answer := self._receive()).get("id") != self._calls:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _receive(self) -> Any:
        while b"\0" not in self._rest:
            read = os.read(self._from, 1 << 20)
            if not read:
                raise RuntimeError("the browser has ended")
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


@contextmanager
def open_maker() -> Iterator[Maker]:
    """Yield a running browser."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(Path(profile))

        def make(source: Path, folder: Path) -> None:
            (folder / "out.pdf").write_bytes(browser.print(source))

        try:
            yield make
        finally:
            browser.close()


def _once(source: Path, folder: Path) -> Command:
    options = _options(folder.parent / "chromium-profile")
    printing = ["--no-pdf-header-footer", f"--print-to-pdf={folder / 'out.pdf'}"]
    return [find(), *options, *printing, source.as_uri()]


CONTENDERS = (
    Contender(
        name="Chromium",
        begins="html",
        makes=("pdf",),
        lacks="PDF/A, PDF/UA (tags it has) · Word · bookmarks by the style sheet's names · the"
        " template, whose HTML it is handed ready, rows already dealt to pages",
        absent=lambda: "" if find() else "not installed: .ci/setup test",
        version=lambda: said([find(), "--version"]),
        once=_once,
        stays=lambda: module("chromium"),
        warm_note="one browser, one tab, DevTools protocol",
    ),
)

if __name__ == "__main__":
    run(open_maker())
