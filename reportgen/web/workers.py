"""Processes that do the work beside the server: warm, one task at a time, replaced when they end.

A worker is a new interpreter with one thread, so that the pipeline's bounded children can be forks
of it (:mod:`reportgen.bounded`). Whoever waits for a worker may end it at any moment, with all its
children; the next task gets a new one.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

LONGEST: Final = 600.0  # seconds that any task may take: its stages have bounds of their own
RECYCLED: Final = 400  # tasks after which a worker is replaced by a new one
START: Final = 60.0  # seconds until a new interpreter answers


class GoneError(Exception):
    """A worker ended in the middle of a task: it was killed, or took too long."""


class FaultError(Exception):
    """The function itself raised: a fault of this program."""


@dataclass(slots=True, eq=False)
class Task:
    """A call that waits, runs or is over.

    ``heard`` is called, in a thread of the pool, with whatever the function tells on its way and
    last with its answer; ``failed`` in its place with GoneError or FaultError. A task that was
    dropped calls neither any more.
    """

    function: Callable[..., Any]  # of a module, called with tell(news) first
    arguments: tuple[Any, ...]
    heard: Callable[[Any], None]
    failed: Callable[[Exception], None]
    moved: Callable[[int], None] = lambda ahead: None  # how many tasks are still before it
    seconds: float = LONGEST
    dropped: threading.Event = field(default_factory=threading.Event)


class Pool:
    """So many workers, and the tasks that wait for them, first come first served."""

    def __init__(
        self, size: int, prepare: Callable[[], None], *, name: str, scratch: Path, most: int = 200
    ) -> None:
        self._prepare, self._scratch, self._most = prepare, scratch, most
        self._waiting: deque[Task] = deque()
        self._changed = threading.Condition()
        self._running: dict[Task, _Worker] = {}
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task) -> bool:
        """Put a task in the queue; False where the queue is full."""
        with self._changed:
            if self._closed or len(self._waiting) >= self._most:
                return False
            self._waiting.append(task)
            ahead = self._before(len(self._waiting) - 1)
            self._changed.notify()
        task.moved(ahead)
        return True

    def drop(self, task: Task, patience: float = 0.0) -> None:
        """Nobody wants this any more: it is not begun, or ended where it stands.

        Within so many seconds it may come to its end, for its worker may remember much.
        """
        with self._changed:
            task.dropped.set()
            if task in self._waiting:
                self._waiting.remove(task)
            worker = self._running.get(task)
        if worker is not None and patience:
            timer = threading.Timer(patience, self._end, (task,))
            timer.daemon = True
            timer.start()
        elif worker is not None:
            worker.kill()

    def _end(self, task: Task) -> None:
        with self._changed:
            worker = self._running.get(task)
        if worker is not None:
            worker.kill()

    def busy(self) -> int:
        """How many tasks wait or run."""
        with self._changed:
            return len(self._waiting) + len(self._running)

    def close(self) -> None:
        """End all workers, whatever they do."""
        with self._changed:
            self._closed = True
            for task in (*self._waiting, *self._running):
                task.dropped.set()
            self._waiting.clear()
            workers = list(self._running.values())
            self._changed.notify_all()
        for worker in workers:
            worker.kill()
        for thread in self._threads:
            thread.join(10)

    def _serve(self) -> None:
        worker: _Worker | None = None
        try:
            worker = _Worker(self._prepare, self._scratch)
            while (task := self._next(worker)) is not None:
                self._run(task, worker)
                with self._changed:
                    self._running.pop(task, None)
                if worker.is_spent() and not self._closed:
                    worker.kill()
                    worker = _Worker(self._prepare, self._scratch)
        finally:
            if worker is not None:
                worker.kill()

    def _next(self, worker: _Worker) -> Task | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            task = self._waiting.popleft()
            self._running[task] = worker
            behind = [(self._before(place), each) for place, each in enumerate(self._waiting)]
        for ahead, other in behind:
            other.moved(ahead)
        return task

    def _before(self, place: int) -> int:
        """How many tasks must end before the one at this place of the queue begins."""
        return place + (len(self._running) >= len(self._threads))

    @staticmethod
    def _run(task: Task, worker: _Worker) -> None:
        def heard(news: Any) -> None:
            if not task.dropped.is_set():
                task.heard(news)

        try:
            heard(worker.call(task.function, task.arguments, task.seconds, heard))
        except (GoneError, FaultError) as error:
            if not task.dropped.is_set():
                task.failed(error)


_TOLD, _DONE, _RAISED = range(3)


class _Worker:
    """One process and its temporary files; to be used by one thread, but ended by any."""

    def __init__(self, prepare: Callable[[], None], scratch: Path) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, other = spawn.Pipe()
        self._folder = tempfile.mkdtemp(prefix="worker-", dir=scratch)
        arguments = (other, prepare, self._folder)
        self._process = spawn.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        other.close()
        self._ended = False
        self._done = 0

    def is_spent(self) -> bool:
        """Whether it has ended, or done so much that a new one is better."""
        return self._ended or self._done >= RECYCLED or not self._process.is_alive()

    def call(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        seconds: float,
        heard: Callable[[Any], None],
    ) -> Any:
        """What the function answers; raises GoneError or FaultError."""
        self._done += 1
        try:
            self._pipe.send((function, arguments, seconds))
            while self._pipe.poll(START + seconds):
                kind, content = self._pipe.recv()
                if kind == _DONE:
                    return content
                if kind == _RAISED:
                    raise FaultError(content)
                heard(content)
        except (EOFError, OSError):
            self.kill()
            raise GoneError("ended") from None
        self.kill()
        raise GoneError(f"> {seconds:.0f} s")

    def kill(self) -> None:
        """End it and whatever it has started."""
        self._ended = True
        number = self._process.pid
        if number is not None and self._process.is_alive():
            with suppress(OSError):
                if hasattr(os, "killpg") and os.getpgid(number) == number:
                    os.killpg(number, signal.SIGKILL)
            with suppress(OSError):
                self._process.kill()
        self._process.join(5)
        shutil.rmtree(self._folder, ignore_errors=True)


def _work(pipe: Connection, prepare: Callable[[], None], folder: str) -> None:
    """A worker's life: until the server goes, which closes the pipe."""
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C at the terminal is the server's; and its children end with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):  # what it cannot prepare, the task itself will tell
        prepare()
    with suppress(EOFError, OSError):
        while True:
            function, arguments, seconds = pipe.recv()
            _fuse(seconds)
            try:
                answer = _DONE, function(lambda news: pipe.send((_TOLD, news)), *arguments)
            except Exception as error:
                import traceback

                said = "".join(traceback.format_exception(error))
                answer = _RAISED, said[-4000:]
            _fuse(0)
            pipe.send(answer)


def _fuse(seconds: float) -> None:
    """End this process by itself, some time after the server should have: it may be gone."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds and seconds + START)


def reason(error: Exception) -> str:
    """What is told of a task that failed: its last line."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[-1][:200]


__all__ = ["FaultError", "GoneError", "Pool", "Task", "reason"]
