"""How a process that stays warm is spoken to: a line of JSON to it, a line of JSON from it.

``{"ready": FILE}`` lets it do what is not measured; ``{"make": FILE, "into": FOLDER}`` lets it make
the document. It answers ``{}``, or ``{"failed": WHY}``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Maker(Protocol):
    """What makes documents, one after the other."""

    def __call__(self, source: Path, folder: Path) -> None: ...


class Readied:
    """A maker that has something to do before it is measured."""

    def ready(self, source: Path) -> None:
        """Do it."""


def run(opened: AbstractContextManager[Maker]) -> None:
    """Make what the command line says, once; without arguments, what is asked for by lines."""
    with opened as make:
        if len(sys.argv) == 3:
            make(Path(sys.argv[1]), Path(sys.argv[2]))
            return
        answers = _answers()
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                _do(make, asked)
                answer = {}
            except Exception as error:
                answer = {"failed": f"{type(error).__name__}: {error}"[:500]}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _do(make: Maker, asked: dict[str, Any]) -> None:
    if "make" in asked:
        make(Path(asked["make"]), Path(asked["into"]))
    elif isinstance(make, Readied):
        make.ready(Path(asked["ready"]))


def _answers() -> IO[str]:
    """The standard output, which is closed to all that libraries print."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(kept, "w", encoding="utf-8")
