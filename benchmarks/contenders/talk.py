"""Protocol of warm processes: a line of JSON to the process, a line of JSON from it.

``{"ready": FILE}`` asks for the unmeasured preparation; ``{"make": FILE, "into": FOLDER}`` for
the document. The answer is ``{}``, or ``{"failed": WHY}``.
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
    """A maker of documents, one after the other."""

    def __call__(self, source: Path, folder: Path) -> None: ...


class Readied:
    """A maker that prepares something before it is measured."""

    def ready(self, source: Path) -> None:
        """Prepare a document, unmeasured."""


def run(context: AbstractContextManager[Maker]) -> None:
    """Make the document of the command line once; without arguments, serve lines of input."""
    with context as make:
        if len(sys.argv) == 3:
            make(Path(sys.argv[1]), Path(sys.argv[2]))
            return
        answers = _answers()
        for line in sys.stdin:
            request = json.loads(line)
            try:
                _do(make, request)
                answer = {}
            except Exception as error:
                answer = {"failed": f"{type(error).__name__}: {error}"[:500]}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _do(make: Maker, request: dict[str, Any]) -> None:
    if "make" in request:
        make(Path(request["make"]), Path(request["into"]))
    elif isinstance(make, Readied):
        make.ready(Path(request["ready"]))


def _answers() -> IO[str]:
    """Return standard output, and redirect that of libraries away from it."""
    descriptor = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(descriptor, "w", encoding="utf-8")
