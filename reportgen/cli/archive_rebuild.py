"""``reportgen archive rebuild``: rebuild of a PDF or an archived edition, and comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.atomic_files import write_files
from reportgen.cli import output
from reportgen.pipeline.rebuild import difference_problem, rebuild_bytes
from reportgen.problems import ExitCode, Location, StoppedError, make_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.atomic_files import WrittenFile
    from reportgen.cli.archive_arguments import ArchiveOptions
    from reportgen.cli.archive_command_schema import RebuiltDocument
    from reportgen.cli.archive_reporter import ArchiveReporter
    from reportgen.pipeline import Settings

DOCUMENTS = "documents/"


def rebuild_editions(
    reporter: ArchiveReporter, settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings]
) -> ExitCode:
    """Rebuild each document, compare and report it; E642 and exit code 6 for one that differs.

    Return the first failure's exit code, else that of the reported problems.
    """
    build_settings = settings(reporter.options, lambda stage: None)
    reports: list[RebuiltDocument] = reporter.report["rebuilt"]
    first_failure = ExitCode.DONE
    for name in reporter.options.editions:
        try:
            for file_name, content in _pdfs_to_rebuild(reporter, name):
                code = _rebuild_file(reporter, file_name, content, build_settings, reports)
                first_failure = first_failure or code
        except StoppedError as stop:
            reporter.report_problems(stop.problems)
            first_failure = first_failure or stop.exit_code
    return reporter.finish(first_failure or None)


def _rebuild_file(
    reporter: ArchiveReporter,
    name: str,
    content: bytes,
    settings: Settings,
    reports: list[RebuiltDocument],
) -> ExitCode:
    """Rebuild a PDF, append its report to ``reports``, and print whether it is identical.

    Return DONE if so, else ARCHIVE with E642. With ``--output`` the rebuilt files are written
    there. Raise StoppedError if it cannot be rebuilt.
    """
    rebuilt = rebuild_bytes(name, content, settings)
    files: tuple[WrittenFile, ...] = ()
    if reporter.options.target is not None:
        folder = reporter.options.target / rebuilt.edition
        files, unwritten = write_files(
            {folder / path.name: document for path, document in rebuilt.contents.items()}
        )
        reporter.report_problems(unwritten)
    reports.append(
        {
            "file": name,
            "document": rebuilt.document,
            "edition": rebuilt.edition,
            "identical": rebuilt.identical,
            "changed": [
                {"what": what, "then": then, "now": now} for what, then, now in rebuilt.changed
            ],
            "files": [output.file_as_json(file) for file in files],
        }
    )
    if rebuilt.identical:
        reporter.print_line(reporter.translate("rebuilt identical", file=name))
    else:
        reporter.report_problems((difference_problem(rebuilt, name),))
    for file in files:
        reporter.print_line(f"  {file.path}")
    return ExitCode.DONE if rebuilt.identical else ExitCode.ARCHIVE


def _pdfs_to_rebuild(reporter: ArchiveReporter, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of a PDF on disk, or of each PDF of an archived edition.

    An existing file, and any name that ends in .pdf, is a file. Raise StoppedError: E303 it cannot
    be read, E643 the edition has none.
    """
    path = Path(name)
    if path.is_file() or path.suffix.lower() == ".pdf":
        try:
            yield path.name, path.read_bytes()
        except OSError as error:
            raise _unreadable_error(path, error) from error
        return
    yield from _archived_pdfs(reporter, name)


def _archived_pdfs(reporter: ArchiveReporter, edition: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of an archived edition's PDFs that are intact.

    Raise StoppedError (E643) if it has none. Other problems, such as an unknown edition, are
    reported, and nothing is yielded.
    """
    from reportgen.archive import find_edition, load_files, open_archive

    archive, problems = open_archive(reporter.options.archive)
    reporter.report_problems(problems)
    if archive is None:
        return
    entry, problems = find_edition(archive, edition, reporter.options.agency)
    reporter.report_problems(problems)
    if entry is None:
        return
    files, problems = load_files(archive, entry)
    reporter.report_problems(problems)
    pdfs = [path for path in files if path.startswith(DOCUMENTS) and path.endswith(".pdf")]
    if not pdfs and not problems:
        raise StoppedError([make_problem("E643", found=edition)], ExitCode.FILE)
    for name in pdfs:
        yield name.removeprefix(DOCUMENTS), files[name]


def _unreadable_error(path: Path, error: OSError) -> StoppedError:
    """Return the StoppedError (E303) for a file that cannot be read."""
    reason = error.strerror or type(error).__name__
    problem = make_problem("E303", Location(file=str(path)), found=path.name, reason=reason)
    return StoppedError([problem], ExitCode.FILE)
