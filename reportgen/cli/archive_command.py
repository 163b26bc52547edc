"""``reportgen archive``: its actions, such as add, verify and restore."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from reportgen.archive import (
    find_edition,
    head,
    identify_file,
    load_files,
    open_archive,
    parse_head,
    verify_archive,
)
from reportgen.archive.submission_package import RECORD, parse_record
from reportgen.cli import output
from reportgen.cli.archive_reporter import (
    ArchiveReporter,
    entry_as_json,
    entry_summary,
    exit_code_of,
    head_as_json,
    localized_date,
    localized_time,
)
from reportgen.cli.username import current_username
from reportgen.problems import ExitCode, StoppedError, has_errors, make_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reportgen.approval import EditionApproval
    from reportgen.archive import Archive, ArchiveReceipt, Head, LogEntry, Match
    from reportgen.archive.anchor import Anchor
    from reportgen.archive.stored_schema import ArchiveRecordForm
    from reportgen.cli.archive_arguments import ArchiveOptions
    from reportgen.cli.archive_command_schema import (
        AddedWorkbook,
        AnchorForm,
        ArchiveCounts,
        IdentifiedEntry,
        IdentifiedFile,
        ShownEntry,
        WrittenBag,
    )
    from reportgen.cli.command_schema import WrittenFileForm
    from reportgen.pipeline import Settings
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language

RESTORE_FOLDER, BAG_FOLDER = Path("output/restored"), Path("output/bags")


def run_archive_command(
    options: ArchiveOptions,
    language: Language,
    find_workbook: Callable[[str], Path],
    settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings],
) -> ExitCode:
    """Run one action, print its report, and return the exit code.

    ``find_workbook`` returns the path of a workbook's name and raises StoppedError for a missing
    one; ``settings`` makes a build's settings. Problems, StoppedError included, are reported, not
    raised.
    """
    reporter = ArchiveReporter(options, language)
    try:
        if options.action == "add":
            return _add_editions(reporter, find_workbook, settings)
        if options.action == "rebuild":
            from reportgen.cli.archive_rebuild import rebuild_editions

            return rebuild_editions(reporter, settings)
        archive, problems = open_archive(options.archive)
        reporter.report_problems(problems)
        if archive is None:
            return reporter.finish()
        _ACTIONS[options.action](reporter, archive)
    except StoppedError as stop:
        reporter.report_problems(stop.problems)
        return reporter.finish(stop.exit_code)
    return reporter.finish()


def _add_editions(
    reporter: ArchiveReporter,
    find_workbook: Callable[[str], Path],
    settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings],
) -> ExitCode:
    """Build and archive each workbook, and report it; a failure does not stop the others.

    Return the first failure's exit code, else DONE.
    """
    from reportgen.pipeline.archive_edition import EditionArchiveOptions, archive_edition

    options = reporter.options
    archive_options = EditionArchiveOptions(
        archive=options.archive,
        printed=_print_date(options.printed),
        reprint=options.reprint,
        user=options.user or current_username(),
    )
    first_failure = ExitCode.DONE
    reports: list[AddedWorkbook] = reporter.report["workbooks"]
    for name in options.workbooks:
        progress = output.ProgressLine(name, reporter.language, shown=not options.quiet)
        workbook_report: AddedWorkbook = {
            "workbook": name,
            "new": None,
            "archived": None,
            "head": None,
        }
        reports.append(workbook_report)
        try:
            result = archive_edition(
                find_workbook(name), settings(options, progress), archive_options
            )
        except StoppedError as stop:
            progress.clear()
            reporter.report_problems(stop.problems)
            code = stop.exit_code
        else:
            progress.clear()
            reporter.report_problems((*result.problems, *result.archive_problems))
            code = exit_code_of(result.archive_problems)
            if result.receipt is not None:
                _report_receipt(reporter, result.receipt, workbook_report)
        if code is not ExitCode.DONE and not options.json and not reporter.has_reported("E609"):
            print(f"{name}: {reporter.translate('nothing archived')}", file=sys.stderr)
        first_failure = first_failure or code
    return reporter.finish(first_failure)


def _print_date(text: str) -> date:
    """Return the date that ``--printed`` states in any form, today for "".

    Raise StoppedError (usage) for an invalid one.
    """
    from reportgen.model.scorecard import RocDate
    from reportgen.workbook.reading.roc_dates import parse_date

    if not text:
        return date.today()  # noqa: DTZ011 (local date)
    day = parse_date(text)
    if isinstance(day, RocDate):
        return day.to_date()
    problem = make_problem(day.code, label="--printed", **dict(day.fields))
    raise StoppedError([problem], ExitCode.USAGE)


def _report_receipt(
    reporter: ArchiveReporter, receipt: ArchiveReceipt, report: AddedWorkbook
) -> None:
    """Print that an edition is archived, with the new head; add it to the JSON ``report``."""
    entry = receipt.entry
    label = reporter.translate("archived" if receipt.new else "archived already")
    reporter.print_line(f"{label} {entry.agency} {entry.name}")
    reporter.print_line(f"{reporter.translate('head')} {receipt.head.code}")
    report["new"] = receipt.new
    report["archived"], report["head"] = entry_as_json(entry), head_as_json(receipt.head)


def _list_editions(reporter: ArchiveReporter, archive: Archive) -> None:
    """Report all archived editions: as archived in JSON, else sorted by agency and edition."""
    entries = archive.editions
    reporter.report["editions"] = [entry_as_json(entry) for entry in entries]
    if not entries:
        reporter.print_line(reporter.translate("none archived"))
    for entry in sorted(entries, key=lambda entry: (entry.agency, entry.edition, entry.reprint)):
        reporter.print_line(f"{entry.agency} {entry.name}")
        reporter.print_line(f"  {entry_summary(entry, reporter)}")


def _show_editions(reporter: ArchiveReporter, archive: Archive) -> None:
    """Report the files of each selected edition, and the program versions and fonts of its record.

    In JSON the whole record; None if it is damaged or missing.
    """
    reports: list[ShownEntry] = reporter.report["editions"]
    for entry in _selected_entries(reporter, archive):
        files, problems = load_files(archive, entry)
        reporter.report_problems(problems)
        record = parse_record(files.get(RECORD, b""))
        content = cast("ArchiveRecordForm", record.fields) if record else None
        reports.append({**entry_as_json(entry), "record": content})
        reporter.print_line(f"{entry.agency} {entry.name}")
        reporter.print_line(f"  {entry_summary(entry, reporter)}")
        for file in entry.files:
            reporter.print_line(f"  {file.sha256}  {file.size:>9}  {file.path}")
        if record is not None:
            versions = ", ".join(f"{name} {text}" for name, text in record.versions.items())
            reporter.print_line(f"  {reporter.translate('made with')}: {versions}")
            fonts = ", ".join(dict.fromkeys(family for family, _, _ in record.fonts))
            reporter.print_line(f"  {reporter.translate('fonts used')}: {fonts}")


def _restore_editions(reporter: ArchiveReporter, archive: Archive) -> None:
    """Write the intact files of each selected edition to its folder, and report each one.

    Its fonts too with ``--with-fonts``. Files that are damaged, missing or cannot be written are
    reported as problems.
    """
    from reportgen.archive import load_fonts
    from reportgen.atomic_files import write_files

    written_files: list[WrittenFileForm] = reporter.report["files"]
    for entry in _selected_entries(reporter, archive):
        files, problems = load_files(archive, entry)
        reporter.report_problems(problems)
        record = parse_record(files.get(RECORD, b""))
        if reporter.options.with_fonts and record is not None:
            fonts, font_problems = load_fonts(archive, record)
            reporter.report_problems(font_problems)
            files |= fonts
        folder = _target_folder(reporter, entry, RESTORE_FOLDER)
        contents = {folder / path: content for path, content in files.items()}
        written, unwritten = write_files(contents)
        reporter.report_problems(unwritten)
        for file in written:
            written_files.append(output.file_as_json(file))
            note = "" if file.changed else reporter.translate("unchanged")
            reporter.print_line(f"{reporter.translate('restored')} {file.path}{note}")


def _export_bags(reporter: ArchiveReporter, archive: Archive) -> None:
    """Write each selected edition as a BagIt bag to its folder, and report it.

    Nothing is written for an edition that is not intact.
    """
    from reportgen.archive import export_bag

    bags: list[WrittenBag] = reporter.report["bags"]
    for entry in _selected_entries(reporter, archive):
        folder = _target_folder(reporter, entry, BAG_FOLDER)
        changed, problems = export_bag(
            archive, entry, folder, with_fonts=reporter.options.with_fonts
        )
        reporter.report_problems(problems)
        if not has_errors(problems):
            bags.append({"path": str(folder), "changed": changed})
            note = "" if changed else reporter.translate("unchanged")
            reporter.print_line(f"{reporter.translate('exported')} {folder}{note}")


def _target_folder(reporter: ArchiveReporter, entry: LogEntry, default: Path) -> Path:
    """Return the folder for an edition, named by agency, edition and reprint.

    It is below ``--output``, or below ``default`` without it, and is not created.
    """
    from reportgen.atomic_files import safe_file_name

    name = f"{safe_file_name(entry.agency)}_{entry.edition}"
    name += f"_{entry.reprint}" if entry.reprint else ""
    return (reporter.options.target or default) / name


def _selected_entries(reporter: ArchiveReporter, archive: Archive) -> Iterator[LogEntry]:
    """Yield the entry of each requested edition, in the order of the arguments.

    One that is not found is reported as a problem and left out.
    """
    for name in reporter.options.editions:
        entry, problems = find_edition(archive, name, reporter.options.agency)
        reporter.report_problems(problems)
        if entry is not None:
            yield entry


def _verify_archive(reporter: ArchiveReporter, archive: Archive) -> None:
    """Verify the whole archive, or identify given files; report heads, anchors and approvals.

    Nothing but the problem is reported for an invalid ``--head``.
    """
    expected_head = _known_head(reporter)
    if reporter.options.head and expected_head is None:
        return
    if reporter.options.files:
        _identify_files(reporter, archive, expected_head)
        return
    roots = _trusted_roots(reporter)
    errors_before = reporter.error_count()
    progress = output.ProgressLine(
        str(reporter.options.archive), reporter.language, shown=not reporter.options.quiet
    )
    progress("verifying")
    verified, problems = verify_archive(archive, expected_head)
    progress.clear()
    reporter.report_problems(problems)
    anchored = _report_anchors(reporter, archive, roots)
    approvals = _report_approvals(reporter, archive)
    counts: ArchiveCounts = {
        "editions": verified.editions,
        "files": verified.files,
        "size": verified.size,
    }
    reporter.report |= {
        "intact": reporter.error_count() == errors_before == 0,
        "counts": counts,
        "head": head_as_json(head(archive.entries)),
    }
    if reporter.error_count():
        reporter.print_line(reporter.translate("not intact", errors=reporter.error_count()))
        _print_approvals(reporter, approvals)
        return
    reporter.print_line(reporter.translate("intact", **counts))
    if expected_head is not None:
        later = archive.entries[-1].number - expected_head.number
        reporter.print_line(
            reporter.translate("head holds", code=reporter.options.head.strip(), later=later)
        )
    for anchor in anchored:
        trust = reporter.translate("trusted" if anchor.trusted else "not trusted")
        fields = {
            "number": anchor.number,
            "time": localized_time(anchor.time, reporter.language),
            "signer": anchor.signer,
        }
        reporter.print_line(reporter.translate(f"vouched {anchor.kind}", **fields, trust=trust))
    _print_approvals(reporter, approvals)


def _report_approvals(reporter: ArchiveReporter, archive: Archive) -> tuple[EditionApproval, ...]:
    """Check the slips of every edition, report their problems, and return the approvals.

    Files that are damaged were reported before, as verifying reads every byte.
    """
    from reportgen.approval import all_approvals
    from reportgen.cli.approval_report import approval_as_json

    approvals, problems = all_approvals(archive)
    reporter.report_problems(problem for problem in problems if problem.code[1:3] == "66")
    reporter.report["approvals"] = [approval_as_json(approval) for approval in approvals]
    return approvals


def _print_approvals(reporter: ArchiveReporter, approvals: tuple[EditionApproval, ...]) -> None:
    """Print the state of each edition's approval, with its slips."""
    from reportgen.cli.approval_report import approval_lines

    for approval in approvals:
        for line in approval_lines(approval, reporter.language):
            reporter.print_line(line)


def _trusted_roots(reporter: ArchiveReporter) -> tuple[bytes, ...]:
    """Return the contents of the files of ``--trust``.

    Raise StoppedError for a file that is no certificate (E632), or without pyHanko (E629).
    """
    from reportgen.archive.anchor import read_roots

    roots, problems = read_roots(tuple(reporter.options.trust))
    if has_errors(problems):
        raise StoppedError(problems, exit_code_of(problems))
    return roots


def _report_anchors(
    reporter: ArchiveReporter, archive: Archive, roots: tuple[bytes, ...]
) -> tuple[Anchor, ...]:
    """Verify all timestamps and signatures, and report them; return the valid ones."""
    from reportgen.archive.anchor import verify_anchors

    anchors, problems = verify_anchors(archive, roots)
    reporter.report_problems(problems)
    reports: list[AnchorForm] = reporter.report["anchors"]
    for anchor in anchors:
        reports.append(
            {
                "kind": anchor.kind,
                "entry": anchor.number,
                "time": anchor.time,
                "signer": anchor.signer,
                "trusted": anchor.trusted,
            }
        )
    return anchors


def _timestamp_head(reporter: ArchiveReporter, archive: Archive) -> None:
    """Have an authority timestamp the archive's head, and report the anchor."""
    from reportgen.archive.anchor import TIMESTAMP, timestamp_head

    user = reporter.options.user or current_username()
    result = timestamp_head(archive, reporter.options.authority, user)
    _report_anchor(reporter, archive, TIMESTAMP, *result)


def _sign_head(reporter: ArchiveReporter, archive: Archive) -> None:
    """Sign the archive's head with the user's key, and report the anchor.

    The passphrase is taken from REPORTGEN_KEY_PASSPHRASE, else asked for.
    """
    from reportgen.archive.anchor import SIGNATURE, sign_head

    options, user = reporter.options, reporter.options.user or current_username()
    passphrase = os.environ.get("REPORTGEN_KEY_PASSPHRASE")
    if passphrase is None:
        is_interactive = sys.stdin.isatty()
        passphrase = getpass.getpass(reporter.translate("passphrase")) if is_interactive else ""
    result = sign_head(archive, options.key, passphrase, user, options.authority)
    _report_anchor(reporter, archive, SIGNATURE, *result)


def _report_anchor(
    reporter: ArchiveReporter,
    archive: Archive,
    kind: str,
    entry: LogEntry | None,
    problems: Iterable[Problem],
) -> None:
    """Report problems, and the heads before and after a new anchor.

    ``kind`` is TIMESTAMP or SIGNATURE; ``archive`` is as it was before ``entry``, which is None
    after a failure.
    """
    reporter.report_problems(problems)
    if entry is not None:
        reporter.report |= {
            "entry": archive.entries[-1].number,
            "head": head_as_json(head((entry,))),
        }
        reporter.print_line(
            f"{reporter.translate(f'anchored {kind}')} {head(archive.entries).code}"
        )
        reporter.print_line(f"{reporter.translate('head')} {head((entry,)).code}")


def _known_head(reporter: ArchiveReporter) -> Head | None:
    """Return the head given by ``--head``, or None; an invalid one is reported as E622."""
    expected_head = parse_head(reporter.options.head) if reporter.options.head else None
    if reporter.options.head and expected_head is None:
        reporter.report_problems([make_problem("E622", found=reporter.options.head[:60])])
    return expected_head


def _identify_files(
    reporter: ArchiveReporter, archive: Archive, expected_head: Head | None
) -> None:
    """Report for each given file the archived files with the same bytes, and the problem of others.

    The log is compared with ``expected_head`` too, if there is one.
    """
    from reportgen.archive.verification import compare_head

    reporter.report_problems(compare_head(archive.entries, expected_head))
    reports: list[IdentifiedFile] = reporter.report["identified"]
    for name in reporter.options.files:
        identified, problems = identify_file(archive, Path(name))
        reporter.report_problems(problems)
        matches = identified.matches if identified else ()
        digest = identified.sha256 if identified else None
        archived: list[IdentifiedEntry] = [
            {**entry_as_json(match.entry), "path": match.file.path} for match in matches
        ]
        reports.append({"file": name, "sha256": digest, "archived": archived})
        if matches:
            reporter.print_line(reporter.translate("identified", name=name))
        for match in matches:
            reporter.print_line(_match_line(reporter, match))


def _match_line(reporter: ArchiveReporter, match: Match) -> str:
    """Return the line of an archived file that is identical to the given one."""
    entry = match.entry
    return reporter.translate(
        "match",
        edition=f"{entry.agency} {entry.name}",
        path=match.file.path,
        status=entry.status,
        printed=localized_date(entry.printed, reporter.language),
        time=localized_time(entry.time, reporter.language),
    )


def _report_head(reporter: ArchiveReporter, archive: Archive) -> None:
    """Report the newest log entry's number, time and hash: as a code to copy, and in full."""
    entry = archive.entries[-1]
    newest = head(archive.entries)
    reporter.report |= {"head": head_as_json(newest), "time": entry.time}
    reporter.print_line(newest.code)
    reporter.print_line(f"{newest.number}:{newest.hash}")
    reporter.print_line(
        reporter.translate(
            "head of", number=newest.number, time=localized_time(entry.time, reporter.language)
        )
    )


_ACTIONS: dict[str, Callable[[ArchiveReporter, Archive], None]] = {
    "list": _list_editions,
    "show": _show_editions,
    "verify": _verify_archive,
    "restore": _restore_editions,
    "export": _export_bags,
    "head": _report_head,
    "stamp": _timestamp_head,
    "sign": _sign_head,
}
