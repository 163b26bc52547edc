"""``reportgen serve`` as a process of its own, and what it leaves behind."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
PROCESSES = Path("/proc")
MARK = "REPORTGEN_TEST_SERVER"  # in the environment of a server and of all that it starts
START = 60.0  # seconds
SHARED = {"REPORTGEN_PASSWORD": "password of the tests"}  # each client has a session of its own
MANY = "import reportgen.web.sessions; reportgen.web.sessions.MAX_SESSIONS = 10_000"


def _command_line(number: int) -> bytes:
    """The command line of a process, b"" if it has ended meanwhile."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return (PROCESSES / str(number) / "cmdline").read_bytes()
    return b""


@dataclass(slots=True)
class Server:
    """A server that answers, and the folders that are its own."""

    process: subprocess.Popen[str]
    mark: str
    link: str
    port: int
    scratch: Path  # what it takes for the system's temporary folder
    archive: Path
    log: Path
    password: str = ""  # by which others sign in

    @property
    def address(self) -> str:
        """Where the page is; behind a proxy, that address."""
        return self.link.rpartition("start/")[0]

    def said(self) -> str:
        """All that it wrote on standard error."""
        return self.log.read_text("utf-8", errors="replace")

    def processes(self) -> dict[int, int]:
        """The server's processes and their memory in bytes, shared parts counted once."""
        found = {}
        for place in PROCESSES.glob("[0-9]*"):
            with suppress(OSError):
                if f"{MARK}={self.mark}".encode() in (place / "environ").read_bytes():
                    rollup = (place / "smaps_rollup").read_text()
                    share = re.search(r"^Pss: +(\d+)", rollup, re.MULTILINE)
                    found[int(place.name)] = int(share[1]) * 1024 if share else 0
        return found

    def workers(self) -> list[int]:
        """The processes that do its work, the newest last."""
        return [
            number
            for number in sorted(self.processes())
            if number != self.process.pid and b"spawn_main" in _command_line(number)
        ]

    def left(self) -> list[str]:
        """What is in its temporary folder; what is deleted meanwhile is left out."""
        return sorted(
            str(Path(folder, name).relative_to(self.scratch))
            for folder, folders, files in os.walk(self.scratch)
            for name in (*folders, *files)
        )

    def files(self) -> set[str]:
        """The files in it that belong to somebody; workers come and go, each with its own."""
        return {
            each
            for each in self.left()
            if (self.scratch / each).is_file() and "/worker-" not in each
        }

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal; the seconds until it has ended."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - begun


def until(done: Callable[[], object], seconds: float = 20.0) -> bool:
    """Whether something comes true within a while."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(
    folder: Path, *arguments: str, patch: str = "", environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Start a server whose files are all below a folder, and end it.

    ``patch`` is Python that the server runs before it begins: shorter patience, for example.
    """
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    log = folder / "stderr.txt"
    mark = uuid4().hex
    archive = folder / "archive"
    begin = ["-c", f"{patch}\nfrom reportgen.cli import main\nraise SystemExit(main())"]
    command = [sys.executable, *(begin if patch else ["-m", "reportgen"]), "serve", "--no-browser"]
    if "--archive" not in arguments:
        command += ["--archive", str(archive)]
    given = {"TMPDIR": str(scratch), "REPORTGEN_LANG": "zh-TW", MARK: mark, **(environment or {})}
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env={**os.environ, **given},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    server = Server(
        process, mark, "", 0, scratch, archive, log, given.get("REPORTGEN_PASSWORD", "")
    )
    try:
        server.link = _link(process, log)
        behind = "--public-url" in arguments
        port = arguments[arguments.index("--port") + 1] if behind else urlsplit(server.link).port
        server.port = int(port or 0)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout:
            process.stdout.close()


def _link(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], START)
    line = process.stdout.readline().strip() if ready else ""
    form = r"(http://127\.0\.0\.1|https://localhost):\d+(/reportgen)?/start/[\w-]{20,}"
    assert re.fullmatch(form, line), log.read_text("utf-8")
    return line


def small_templates(folder: Path) -> Path:
    """Templates that are rendered in a moment, for what is not about how documents look."""
    for name in ("scorecard", "results", "comparison"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        page = f"<title>{name}</title><h1>{{{{ document.title }}}}</h1><p>{name}</p>"
        (folder / name / "document.html").write_text(page, "utf-8")
    return folder
