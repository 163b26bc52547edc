"""Parts as files: written for the units, and read when they come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.atomic_files import safe_file_name, write_files
from reportgen.pipeline import convert_all_to_ods, exit_code
from reportgen.problems import ExitCode, Location, Problem, StoppedError, make_problem
from reportgen.processes.call_errors import CallFailedError
from reportgen.processes.sandbox import SandboxedCall
from reportgen.workbook.parts.owner_part import PART_SHEETS
from reportgen.workbook.parts.part_reader import read_part
from reportgen.workbook.reading.sandboxed_reader import failure_problem, read_limits
from reportgen.workbook.reading.workbook_reader import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from reportgen.atomic_files import WrittenFile
    from reportgen.model.scorecard import RocDate
    from reportgen.workbook.parts.owner_part import OwnerPart
    from reportgen.workbook.parts.part_reader import ReturnedPart

    ReadPart = tuple[ReturnedPart | None, tuple[Problem, ...]]

PART_SUFFIXES: Final = (".xlsx", ".xlsm", ".ods")


def write_parts(
    parts: Sequence[OwnerPart], folder: Path, suffix: str, modified: RocDate, *, replaces: bool
) -> tuple[tuple[WrittenFile, ...], tuple[Problem, ...]]:
    """Write each part into a folder, all or none; return the files in the order of the parts.

    Raise StoppedError: E317 for a file that is there with other contents, unless ``replaces``;
    E701 without a part; or what prevents the conversion to .ods, or the writing.
    """
    from reportgen.workbook.parts.part_writer import write_part

    if not parts:
        raise StoppedError([make_problem("E701")], ExitCode.WORKBOOK)
    names = _file_names(parts, suffix)
    contents = {name: write_part(part, modified) for name, part in zip(names, parts, strict=True)}
    if suffix == ".ods":
        contents, problems = convert_all_to_ods(contents, lambda name: name in PART_SHEETS)
        if problems:
            raise StoppedError(problems, exit_code(problems))
    targets = {folder / name: content for name, content in contents.items()}
    if not replaces:
        existing = [path for path in targets if path.exists()]
        kept = [
            make_problem("E317", Location(file=str(path)), found=path.name)
            for path in existing
            if not path.is_file() or path.read_bytes() != targets[path]
        ]
        if kept:
            raise StoppedError(kept, ExitCode.FILE)
    files, problems = write_files(targets)
    if not files:
        raise StoppedError(problems, ExitCode.FILE)
    return files, problems


def _file_names(parts: Sequence[OwnerPart], suffix: str) -> list[str]:
    """Return a file name for each part, different even where letter case does not count."""
    names: dict[str, str] = {}
    for part in parts:
        stem, number = safe_file_name(f"{part.edition}_{part.owner}"), 1
        name = f"{stem}{suffix}"
        while name.casefold() in names:
            number += 1
            name = f"{stem}_{number}{suffix}"
        names[name.casefold()] = name
    return list(names.values())


def read_part_files(
    paths: Iterable[Path], workbook: Path, folder: Path | None = None
) -> tuple[tuple[ReturnedPart, ...], tuple[Problem, ...]]:
    """Return the parts of files and folders, and the problems of reading them.

    ``workbook``, the edition, is left out of a folder. Parts are named by their path in ``folder``,
    if one is given. W704 names a folder without a workbook.
    """
    parts: list[ReturnedPart] = []
    problems: list[Problem] = []
    for path in paths:
        files = _part_files(path, workbook)
        if not files:
            problems.append(make_problem("W704", Location(file=str(path)), found=str(path)))
        for file in files:
            part, found = _read_part_file(file, str(file.relative_to(folder) if folder else file))
            problems += found
            if part is not None:
                parts.append(part)
    return tuple(parts), tuple(problems)


def _part_files(path: Path, workbook: Path) -> list[Path]:
    """Return a file itself, or of a folder the workbooks directly in it, by name."""
    if not path.is_dir():
        return [path]
    return [
        file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in PART_SUFFIXES
        and file.is_file()
        and not file.name.startswith(("~$", "."))
        and file.resolve() != workbook.resolve()
    ]


def _read_part_file(path: Path, name: str) -> ReadPart:
    """Return the part of one file, read in a child process that is bounded in time and memory.

    Its problems and cells say that they are in the file ``name``.
    """
    content, problems = read_file(path)
    if content is None:
        return None, problems
    try:
        with SandboxedCall(read_limits(), _read_safely, content, name) as call:
            return call.result()
    except CallFailedError as error:
        return None, (failure_problem(path, error),)


def _read_safely(content: bytes, file: str) -> ReadPart:
    """Read a part; an unexpected exception becomes E132, but MemoryError is raised."""
    try:
        return read_part(content, file)
    except MemoryError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        return None, (make_problem("E132", Location(file=file), detail=detail),)
