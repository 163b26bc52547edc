"""Archives for tests, and disks that fail: at any call, in any way, for once or for good."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reportgen.archive import (
    Environment,
    SubmissionPackage,
    archive_submission,
    durable_io,
    open_archive,
    verify_archive,
)
from reportgen.model.scorecard import DataStatus, RocDate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.archive import Archive, ArchiveReceipt

AGENCY = "臺北市教師研習中心"
Fault = Literal["killed before", "killed after", "killed within", "full", "full for good", "error"]
FAULTS: tuple[Fault, ...] = (
    *("killed before", "killed after", "killed within"),
    *("full", "full for good", "error"),
)


def submission(
    edition: str = "105-12-25",
    *,
    pdf: bytes = b"%PDF-1.7 of the edition",
    agency: str = AGENCY,
    fonts: tuple[Path, ...] = (),
    **given: Any,
) -> SubmissionPackage:
    """A small edition; its name and its PDF differ from test to test."""
    files = {
        f"source/{edition}.xlsx": b"the workbook of " + edition.encode(),
        f"documents/{agency}_平衡計分卡_{edition}.pdf": pdf,
        f"documents/{agency}_平衡計分卡_{edition}.docx": b"Word " + pdf,
        "templates/scorecard/document.html": b"<h1>{{ title }}</h1>",
    }
    return SubmissionPackage(
        **{
            "agency": agency,
            "edition": RocDate(*map(int, edition.split("-"))),
            "title": "策略地圖與平衡計分卡",
            "status": DataStatus.FINAL,
            "files": files,
            "environment": Environment(
                versions={"Python": "3.13"}, fonts=tuple((path.stem, path) for path in fonts)
            ),
            "parameters": {
                "documents": ["scorecard"],
                "formats": ["pdf", "docx"],
                "data_year": int(edition.partition("-")[0]),
                "seals": {},
            },
            "printed": date(2016, 12, 26),
            **given,
        }
    )


def add(folder: Path, edition: str = "105-12-25", **given: Any) -> ArchiveReceipt:
    """Archive an edition that nothing speaks against."""
    receipt, problems = archive_submission(folder, submission(edition, **given))
    assert problems == ()
    assert receipt is not None
    return receipt


def sound(folder: Path) -> Archive:
    """The archive, after every byte of it was found to be right."""
    found, problems = open_archive(folder)
    assert found is not None
    assert [each.line("en") for each in problems] == []
    assert [each.line("en") for each in verify_archive(found)[1]] == []
    return found


class KilledError(BaseException):
    """The process is gone: nothing that it would still write is written."""


class Disk:
    """The system calls of :mod:`reportgen.archive.durable_io`, of which the nth write fails."""

    def __init__(self, at: int, fault: Fault) -> None:
        self.calls, self._at, self._fault, self._gone = 0, at, fault, False
        self.names: list[str] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in ("mkdir", "write", "fsync", "ftruncate", "replace", "unlink", "rmdir"):
            return real
        return lambda *given: self._call(name, real, given)

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        if not flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
            return os.open(path, flags, mode)
        opened: int = self._call("open", os.open, (path, flags, mode))
        return opened

    def _call(self, name: str, real: Any, given: tuple[Any, ...]) -> Any:
        self.calls += 1
        self.names.append(name)
        if self._gone:
            raise KilledError
        again = self._fault == "full for good" and self.calls > self._at
        if self.calls == self._at or (again and name not in ("unlink", "rmdir", "fsync")):
            return self._fail(name, real, given)
        return None if name == "fsync" else real(*given)

    def _fail(self, name: str, real: Any, given: tuple[Any, ...]) -> Any:
        if self._fault == "error":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        within = self._fault in ("full", "full for good", "killed within")
        if name == "write" and within:  # a part of it is written
            os.write(given[0], bytes(given[1])[: len(given[1]) // 2])
        if self._fault.startswith("full"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._fault == "killed after":
            real(*given)
        self._gone = True
        raise KilledError


class PoweredDisk(Disk):
    """A disk that has only what was synced when the power goes, before the nth call that writes.

    A file has the bytes of its last fsync, a folder the names of its last fsync; a rename is one
    step, which either folder's fsync makes last. It is what POSIX promises, and no more.
    """

    def __init__(self, at: int, folder: Path) -> None:
        super().__init__(at, "killed before")
        self._folders: dict[int, dict[str, int]] = {}
        self._files: dict[int, bytes] = {}
        self._renames: list[tuple[int, str, int, str, int]] = []
        self._held: list[int] = []  # so that no number is given to another file
        self._top = folder.stat().st_ino
        for place in (folder, *folder.rglob("*")):
            self._sync(place)

    def _call(self, name: str, real: Any, given: tuple[Any, ...]) -> Any:
        if name == "fsync" and not self._gone and self.calls + 1 != self._at:
            self._sync(Path(f"/proc/self/fd/{given[0]}").readlink())
        if name == "replace":
            moved = Path(given[0]).stat().st_ino
        done = super()._call(name, real, given)
        if name == "mkdir":
            self._folders[Path(given[0]).stat().st_ino] = {}
            self._held.append(os.open(given[0], os.O_RDONLY))
        elif name == "open" and given[1] & os.O_CREAT:
            self._files[os.fstat(done).st_ino] = b""
            self._held.append(os.dup(done))
        elif name == "replace":
            ends = [(each.parent.stat().st_ino, each.name) for each in map(Path, given)]
            self._renames.append((*ends[0], *ends[1], moved))
        return done

    def _sync(self, path: Path) -> None:
        number = path.stat().st_ino
        if path.is_file():
            self._files[number] = path.read_bytes()
            return
        self._folders[number] = {each.name: each.stat().st_ino for each in path.iterdir()}
        waiting = []
        for rename in self._renames:
            source, old, target, new, moved = rename
            if number not in (source, target):
                waiting.append(rename)
                continue
            if number != source and self._folders.get(source, {}).get(old) == moved:
                del self._folders[source][old]
            if number != target:
                self._folders.setdefault(target, {})[new] = moved
        self._renames = waiting

    def let_go(self) -> None:
        for file in self._held:
            os.close(file)

    def after(self, target: Path, number: int | None = None) -> None:
        """Lay out what the disk has, in a new folder."""
        target.mkdir()
        for name, each in self._folders[self._top if number is None else number].items():
            if each in self._folders:
                self.after(target / name, each)
            else:
                (target / name).write_bytes(self._files.get(each, b""))


@contextmanager
def failing(at: int, fault: Fault) -> Iterator[Disk]:
    """Let the nth call that writes fail; 0: none. Nothing waits for a real disk."""
    with using(Disk(at, fault)) as broken:
        yield broken


@contextmanager
def using(broken: Disk) -> Iterator[Disk]:
    """Let the archive write to this disk."""
    real = vars(durable_io)["os"]
    vars(durable_io)["os"] = broken
    try:
        yield broken
    finally:
        vars(durable_io)["os"] = real
