"""A folder of small workbooks that are none, and a stand-in that makes small files of them."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from reportgen.batch import Status, build_cache
from reportgen.batch.tasks import Task, TaskResult
from reportgen.problems import make_problem
from tests.factories.rollups import city

if TYPE_CHECKING:
    from pathlib import Path


def files(folder: Path) -> dict[str, str]:
    """Everything that was made, by digest; no records, whose pickles may differ, no backups."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and build_cache.CACHE_FOLDER not in path.parts
        and "備份" not in path.parts
    }


class Maker:
    """Makes small files instead of documents, and remembers of which workbooks."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, order: Task) -> TaskResult:
        self.asked.append(order.name)
        text = order.content.decode()
        if text.startswith("late"):
            time.sleep(0.3)
        if text.startswith("bad"):
            return TaskResult(status=Status.REFUSED, problems=(), annotated_copy=b"marked")
        if text.startswith("large"):
            return TaskResult(
                status=Status.REFUSED, problems=(make_problem("E133", found="SIGKILL"),)
            )
        if text.startswith("lacking"):
            return TaskResult(status=Status.REFUSED, problems=(make_problem("E507"),))
        edition = text.split()[-1]
        content = f"made of {text}".encode()
        results = city(3)[0].results if text.startswith("sound") else None
        made = {f"{edition}/a.pdf": content}
        return TaskResult(status=Status.MADE, problems=(), files=made, results=results)


def hand_in(tmp_path: Path, **contents: str) -> None:
    for name, text in contents.items():
        place = tmp_path / "in" / f"{name.replace('__', '/')}.xlsx"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
