"""The description of a contender."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PYTHON = Path(sys.executable)
Command = list[str | Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document in every form that a contender may start from."""

    name: str
    kpis: int
    workbook: Path
    html: Path  # ready: styles within, rows dealt to pages
    view: Path  # what the templates print, as JSON
    docx: Path  # as this program makes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A way to make the document. A form that it lacks is None.

    ``once`` and ``together`` take files and the output folder; ``stays`` is a process
    that speaks with ``benchmarks.contenders.talk``; ``all_of`` takes a folder of files, the
    output folder and the number of processes.
    """

    name: str
    begins: str  # a field of Source
    makes: tuple[str, ...]  # endings of files
    lacks: str  # what it does not do of what this program does
    absent: Callable[[], str] = lambda: ""  # why it cannot be had
    version: Callable[[], str]
    once: Callable[[Path, Path], Command] | None = None
    stays: Callable[[], Command] | None = None
    together: Callable[[Sequence[Path], Path], Command] | None = None
    all_of: Callable[[Path, Path, int], Command] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    warm_note: str = ""  # how it is kept warm


def module(name: str, python: Path = PYTHON) -> Command:
    """Return the command that runs a module of this folder, from any working folder."""
    return [python, "-P", "-m", f"benchmarks.contenders.{name}"]
