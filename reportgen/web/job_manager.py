"""What is done with items: taken in, worked on, painted, handed out, taken away."""

from __future__ import annotations

import secrets
import shutil
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from reportgen.atomic_files import file_name
from reportgen.problems import Location, make
from reportgen.processes.call_errors import CallFailedError
from reportgen.processes.worker_pool import Task, WorkerPool
from reportgen.web import worker_tasks
from reportgen.web.upload_jobs import Item, Kind, Stage
from reportgen.web.web_translations import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reportgen.problems.problem import Language
    from reportgen.web.sessions import Session
    from reportgen.web.worker_tasks import Ground

MAKERS: Final = 2
PAINTERS: Final = 1
PAINTING: Final = 30.0  # seconds that a page may take, all that wait before it included
ASKING: Final = 120.0  # seconds that any other answer may take
LONGEST_NAME: Final = 120  # characters of a file's name


class Desk:
    """The workers, and what they are given to do."""

    def __init__(self, ground: Ground, scratch: Path) -> None:
        self.ground = ground
        self.makers = WorkerPool(MAKERS, worker_tasks.prepare, name="maker", scratch=scratch)
        self.painters = WorkerPool(
            PAINTERS, worker_tasks.prepare_painting, name="painter", scratch=scratch
        )

    def close(self) -> None:
        """End all work."""
        self.makers.close()
        self.painters.close()

    def upload(self, session: Session, name: str, content: bytes) -> Item:
        """Take a workbook in and begin to work on it; the file itself stays where it is."""
        item = self._item(session, Kind.WORKBOOK, name)
        item.workbook.parent.mkdir(parents=True)
        item.workbook.write_bytes(content)
        session.add(item)
        self.build(item)
        return item

    def build(self, item: Item) -> None:
        """Check an item's workbook and make its documents."""
        self._begin(
            item,
            worker_tasks.build,
            self._worker_config(item),
            item.workbook,
            item.files,
            item.results,
        )

    def compare(self, session: Session, older: Item, newer: Item) -> Item:
        """Begin to compare two workbooks."""
        item = self._item(session, Kind.COMPARISON, f"{older.name} → {newer.name}")
        for number, item_compared in enumerate(
            (older, newer)
        ):  # the two may be taken away meanwhile
            folder = item.folder / str(number)
            folder.mkdir(parents=True)
            shutil.copyfile(item_compared.workbook, folder / item_compared.workbook.name)
        item.older = item.folder / "0" / older.workbook.name
        item.workbook = item.folder / "1" / newer.workbook.name
        session.add(item)
        config = self._worker_config(item)
        self._begin(item, worker_tasks.compare, config, item.older, item.workbook, item.files)
        return item

    def remove(self, session: Session, item: Item) -> None:
        """Take an item away with all that was made of it."""
        session.items.pop(item.id, None)
        self.discard(item)

    def discard(self, item: Item) -> None:
        """End what is done for an item and remove its files."""
        if item.task is not None:
            self.makers.cancel(item.task)
        item.end()
        shutil.rmtree(item.folder, ignore_errors=True)

    def paint(self, item: Item, source: str, index: int, width: int) -> bytes:
        """Return a page as PNG; raises RefusedError for one that this item does not show."""
        pages = (page for document in item.state.documents for page in document.pages)
        if not any(page.source == source and page.index == index for page in pages):
            raise RefusedError("gone")
        pdf = item.folder / "pdfs" / f"{source}.pdf"
        content: bytes = self.ask(self.painters, PAINTING, worker_tasks.paint, pdf, index, width)
        return content

    def marked(self, item: Item, language: Language) -> Path:
        """The copy in which the problems are marked; raises RefusedError where it cannot be."""
        copy = item.folder / f"marked-{language}-{item.version}" / f"{item.workbook.stem}_檢查"
        copy = copy.with_name(copy.name + item.workbook.suffix)
        if not copy.exists():
            problems = item.state.problems
            arguments = (item.workbook, problems, language, copy)
            reasons = self.ask(self.makers, ASKING, worker_tasks.mark, *arguments)
            if reasons:
                raise _unreadable_error(reasons)
        return copy

    def following(self, item: Item) -> tuple[str, bytes]:
        """The next edition's workbook and its name; raises RefusedError where it cannot be."""
        name, content, reasons = self.ask(
            self.makers, ASKING, worker_tasks.following, item.workbook, _today()
        )
        if reasons or not content:
            raise _unreadable_error(reasons)
        return name, content

    def blank(self) -> bytes:
        """Return a workbook to begin with."""
        content: bytes = self.ask(self.makers, ASKING, worker_tasks.blank, _today())
        return content

    def ask(
        self, pool: WorkerPool, seconds: float, function: Callable[..., Any], *arguments: Any
    ) -> Any:
        """Return a worker's answer; raises RefusedError where it is busy, too slow or fails."""
        result: Future[Any] = Future()
        task = Task(
            function, arguments, result.set_result, result.set_exception, own_work_s=seconds
        )
        if not pool.submit(task):
            raise RefusedError("busy")
        try:
            return result.result(seconds)
        except TooSlowError:
            pool.cancel(task)
            raise RefusedError("busy") from None
        except CallFailedError as error:
            raise RefusedError("fault") from error

    def _item(self, session: Session, kind: Kind, name: str) -> Item:
        identifier = secrets.token_urlsafe(9)
        folder = session.folder / identifier
        stem, dot, suffix = name[-LONGEST_NAME:].rpartition(".")
        safe_name = f"{file_name(stem)}.{file_name(suffix)}" if dot else file_name(suffix)
        path = folder / "source" / safe_name
        return Item(id=identifier, kind=kind, name=name, folder=folder, workbook=path)

    def _worker_config(self, item: Item) -> Ground:
        pdfs = item.folder / "pdfs"
        pdfs.mkdir(parents=True, exist_ok=True)
        return replace(self.ground, pdfs=pdfs)

    def _begin(self, item: Item, function: Callable[..., Any], *arguments: Any) -> None:
        def on_error(error: CallFailedError) -> None:
            problem = make("E510", Location(file=item.name), found=str(error))
            item.change(stage=Stage.FAILED, problems=(problem,))

        item.task = Task(
            function,
            arguments,
            on_result=lambda changes: item.change(**changes),
            on_error=on_error,
            on_queue_position=lambda position: item.change(ahead=position),
        )
        if not self.makers.submit(item.task):
            item.change(stage=Stage.FAILED, problems=(make("E511", Location(file=item.name)),))


def _unreadable_error(reasons: tuple[Any, ...]) -> RefusedError:
    chinese = "".join(problem.line("zh-TW") for problem in reasons[:3])
    english = " ".join(problem.line("en") for problem in reasons[:3])
    return RefusedError("unreadable", reason=chinese, reason_en=english)


def _today() -> Any:
    return datetime.now().astimezone().date()
