"""``reportgen archive rebuild``: a PDF, or an archived edition, made again and compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.atomic_files import write_files
from reportgen.pipeline.rebuild import difference, rebuild_bytes
from reportgen.problems import ExitCode, Location, StoppedError, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.cli.archive_arguments import ArchiveOptions
    from reportgen.cli.archive_reporter import Said
    from reportgen.cli.output import Report
    from reportgen.pipeline import Settings

DOCUMENTS = "documents/"


def rebuild(
    said: Said, settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings]
) -> ExitCode:
    """Make each again; where it comes out otherwise, say what has changed (E642, exit code 6)."""
    given = settings(said.options, lambda stage: None)
    reports: list[Report] = []
    said.report["rebuilt"] = reports
    worst = ExitCode.DONE
    for asked in said.options.editions:
        try:
            for name, content in _pdfs(said, asked):
                code = _rebuild(said, name, content, given, reports)
                worst = worst or code
        except StoppedError as stop:
            said.problems(stop.problems)
            worst = worst or stop.exit_code
    return said.done(worst or None)


def _rebuild(
    said: Said, name: str, content: bytes, settings: Settings, reports: list[Report]
) -> ExitCode:
    found = rebuild_bytes(name, content, settings)
    written: list[str] = []
    if said.options.target is not None:
        folder = said.options.target / found.edition
        files, unwritten = write_files({folder / p.name: c for p, c in found.contents.items()})
        said.problems(unwritten)
        written = [str(each.path) for each in files]
    reports.append(
        {
            "file": name,
            "document": found.document,
            "edition": found.edition,
            "identical": found.identical,
            "changed": [dict(zip(("what", "then", "now"), e, strict=True)) for e in found.changed],
            "files": written,
        }
    )
    if found.identical:
        said.line(said.say("rebuilt identical", file=name))
    else:
        said.problems((difference(found, name),))
    for path in written:
        said.line(f"  {path}")
    return ExitCode.DONE if found.identical else ExitCode.ARCHIVE


def _pdfs(said: Said, asked: str) -> Iterator[tuple[str, bytes]]:
    """Yield a file on disk, or the PDFs of an archived edition."""
    path = Path(asked)
    if path.is_file() or path.suffix.lower() == ".pdf":
        try:
            yield path.name, path.read_bytes()
        except OSError as error:
            raise _unreadable(path, error) from error
        return
    yield from _archived(said, asked)


def _archived(said: Said, asked: str) -> Iterator[tuple[str, bytes]]:
    from reportgen.archive import find, load, opened

    archive, problems = opened(said.options.archive)
    said.problems(problems)
    if archive is None:
        return
    entry, problems = find(archive, asked, said.options.agency)
    said.problems(problems)
    if entry is None:
        return
    files, problems = load(archive, entry)
    said.problems(problems)
    pdfs = [each for each in files if each.startswith(DOCUMENTS) and each.endswith(".pdf")]
    if not pdfs and not problems:
        raise StoppedError([make("E643", found=asked)], ExitCode.FILE)
    for name in pdfs:
        yield name.removeprefix(DOCUMENTS), files[name]


def _unreadable(path: Path, error: OSError) -> StoppedError:
    reason = error.strerror or type(error).__name__
    problem = make("E303", Location(file=str(path)), found=path.name, reason=reason)
    return StoppedError([problem], ExitCode.FILE)
