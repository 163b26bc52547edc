"""``reportgen archive``: what is asked of an archive, and what it answers."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.archive import find, head, identify, load, opened, parse_head, verify
from reportgen.archive.submission_package import RECORD, read_record
from reportgen.cli import output
from reportgen.cli.archive_reporter import (
    Said,
    as_json,
    clock,
    day,
    exit_code_of,
    facts,
    head_as_json,
)
from reportgen.cli.username import login
from reportgen.problems import ExitCode, StoppedError, has_errors, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reportgen.archive import Archive, Entry, Head, Match, Receipt
    from reportgen.archive.anchor import Anchored
    from reportgen.cli.archive_arguments import ArchiveOptions
    from reportgen.cli.output import Report
    from reportgen.pipeline import Settings
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language

RESTORED, BAGS = Path("output/restored"), Path("output/bags")


def run(
    options: ArchiveOptions,
    language: Language,
    find_workbook: Callable[[str], Path],
    settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings],
) -> ExitCode:
    """Run one action. ``find_workbook`` raises StoppedError for a name that is no file."""
    reporter = Said(options, language)
    try:
        if options.action == "add":
            return _add(reporter, find_workbook, settings)
        if options.action == "rebuild":
            from reportgen.cli.archive_rebuild import rebuild

            return rebuild(reporter, settings)
        archive, problems = opened(options.archive)
        reporter.problems(problems)
        if archive is None:
            return reporter.done()
        _ACTIONS[options.action](reporter, archive)
    except StoppedError as stop:
        reporter.problems(stop.problems)
        return reporter.done(stop.exit_code)
    return reporter.done()


def _add(
    reporter: Said,
    find_workbook: Callable[[str], Path],
    settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings],
) -> ExitCode:
    from reportgen.pipeline.archive_edition import Terms, deposit

    options = reporter.options
    terms = Terms(
        archive=options.archive,
        printed=_print_date(options.printed),
        reprint=options.reprint,
        user=options.user or login(),
    )
    first_failure = ExitCode.DONE
    reporter.report["workbooks"] = reports = []
    for name in options.workbooks:
        progress = output.Progress(name, reporter.language, shown=not options.quiet)
        workbook_report: Report = {"workbook": name}
        reports.append(workbook_report)
        try:
            result = deposit(find_workbook(name), settings(options, progress), terms)
        except StoppedError as stop:
            progress.clear()
            reporter.problems(stop.problems)
            code = stop.exit_code
        else:
            progress.clear()
            reporter.problems((*result.problems, *result.refusals))
            code = exit_code_of(result.refusals)
            if result.receipt is not None:
                workbook_report |= _report_receipt(reporter, result.receipt)
        if code is not ExitCode.DONE and not options.json and not reporter.has_told("E609"):
            print(f"{name}: {reporter.say('nothing archived')}", file=sys.stderr)
        first_failure = first_failure or code
    return reporter.done(first_failure)


def _print_date(text: str) -> date:
    """Return the day that ``--printed`` names; raises StoppedError for what is none."""
    from reportgen.model.scorecard import RocDate
    from reportgen.workbook.reading.roc_dates import parse_date

    if not text:
        return date.today()  # noqa: DTZ011 (of the place where it is printed)
    day = parse_date(text)
    if isinstance(day, RocDate):
        return day.to_date()
    problem = make(day.code, label="--printed", **dict(day.fields))
    raise StoppedError([problem], ExitCode.USAGE)


def _report_receipt(reporter: Said, receipt: Receipt) -> Report:
    entry = receipt.entry
    label = reporter.say("archived" if receipt.new else "archived already")
    reporter.line(f"{label} {entry.agency} {entry.name}")
    reporter.line(f"{reporter.say('head')} {receipt.head.code}")
    return {"new": receipt.new, "edition": as_json(entry), "head": head_as_json(receipt.head)}


def _list(reporter: Said, archive: Archive) -> None:
    entries = archive.editions
    reporter.report["editions"] = [as_json(entry) for entry in entries]
    if not entries:
        reporter.line(reporter.say("none archived"))
    for entry in sorted(entries, key=lambda entry: (entry.agency, entry.edition, entry.reprint)):
        reporter.line(f"{entry.agency} {entry.name}")
        reporter.line(f"  {facts(entry, reporter)}")


def _show(reporter: Said, archive: Archive) -> None:
    reporter.report["editions"] = []
    for entry in _selected_entries(reporter, archive):
        files, problems = load(archive, entry)
        reporter.problems(problems)
        record = read_record(files.get(RECORD, b""))
        content = record.said if record else None
        reporter.report["editions"].append(as_json(entry) | {"record": content})
        reporter.line(f"{entry.agency} {entry.name}")
        reporter.line(f"  {facts(entry, reporter)}")
        for file in entry.files:
            reporter.line(f"  {file.sha256}  {file.size:>9}  {file.path}")
        if record is not None:
            versions = ", ".join(f"{name} {text}" for name, text in record.versions.items())
            reporter.line(f"  {reporter.say('made with')}: {versions}")
            fonts = ", ".join(dict.fromkeys(family for family, _, _ in record.fonts))
            reporter.line(f"  {reporter.say('fonts used')}: {fonts}")


def _restore(reporter: Said, archive: Archive) -> None:
    from reportgen.archive import load_fonts
    from reportgen.atomic_files import write_files

    reporter.report["files"] = written_files = []
    for entry in _selected_entries(reporter, archive):
        files, problems = load(archive, entry)
        reporter.problems(problems)
        record = read_record(files.get(RECORD, b""))
        if reporter.options.with_fonts and record is not None:
            fonts, font_problems = load_fonts(archive, record)
            reporter.problems(font_problems)
            files |= fonts
        folder = _target_folder(reporter, entry, RESTORED)
        contents = {folder / path: content for path, content in files.items()}
        written, unwritten = write_files(contents)
        reporter.problems(unwritten)
        for file in written:
            written_files.append({"path": str(file.path), "changed": file.changed})
            note = "" if file.changed else reporter.say("unchanged")
            reporter.line(f"{reporter.say('restored')} {file.path}{note}")


def _export(reporter: Said, archive: Archive) -> None:
    from reportgen.archive import export

    reporter.report["bags"] = bags = []
    for entry in _selected_entries(reporter, archive):
        folder = _target_folder(reporter, entry, BAGS)
        changed, problems = export(archive, entry, folder, with_fonts=reporter.options.with_fonts)
        reporter.problems(problems)
        if not has_errors(problems):
            bags.append({"path": str(folder), "changed": changed})
            note = "" if changed else reporter.say("unchanged")
            reporter.line(f"{reporter.say('exported')} {folder}{note}")


def _target_folder(reporter: Said, entry: Entry, default: Path) -> Path:
    """Return where an edition goes: below ``--output``, each in a folder of its own."""
    from reportgen.atomic_files import file_name

    name = f"{file_name(entry.agency)}_{entry.edition}"
    name += f"_{entry.reprint}" if entry.reprint else ""
    return (reporter.options.target or default) / name


def _selected_entries(reporter: Said, archive: Archive) -> Iterator[Entry]:
    for name in reporter.options.editions:
        entry, problems = find(archive, name, reporter.options.agency)
        reporter.problems(problems)
        if entry is not None:
            yield entry


def _verify(reporter: Said, archive: Archive) -> None:
    expected_head = _known_head(reporter)
    if reporter.options.head and expected_head is None:
        return
    if reporter.options.files:
        _identify(reporter, archive, expected_head)
        return
    roots = _trusted_roots(reporter)
    errors_before = reporter.errors()
    progress = output.Progress(
        str(reporter.options.archive), reporter.language, shown=not reporter.options.quiet
    )
    progress("verifying")
    verified, problems = verify(archive, expected_head)
    progress.clear()
    reporter.problems(problems)
    anchored = _report_anchors(reporter, archive, roots)
    reporter.report |= {
        "intact": reporter.errors() == errors_before == 0,
        "editions": verified.editions,
        "files": verified.files,
        "size": verified.size,
        "head": head_as_json(head(archive.entries)),
    }
    if reporter.errors():
        reporter.line(reporter.say("not intact", errors=reporter.errors()))
        return
    counts = {"editions": verified.editions, "files": verified.files, "size": verified.size}
    reporter.line(reporter.say("intact", **counts))
    if expected_head is not None:
        later = archive.entries[-1].number - expected_head.number
        reporter.line(reporter.say("head holds", code=reporter.options.head.strip(), later=later))
    for anchor in anchored:
        trust = reporter.say("trusted" if anchor.trusted else "not trusted")
        fields = {
            "number": anchor.number,
            "time": clock(anchor.time, reporter.language),
            "signer": anchor.signer,
        }
        reporter.line(reporter.say(f"vouched {anchor.kind}", **fields, trust=trust))


def _trusted_roots(reporter: Said) -> tuple[bytes, ...]:
    """Return the certificates of ``--trust``; raises StoppedError for one that is none."""
    from reportgen.archive.anchor import read_roots

    roots, problems = read_roots(tuple(reporter.options.trust))
    if has_errors(problems):
        raise StoppedError(problems, exit_code_of(problems))
    return roots


def _report_anchors(
    reporter: Said, archive: Archive, roots: tuple[bytes, ...]
) -> tuple[Anchored, ...]:
    """Return the timestamps and signatures that hold."""
    from reportgen.archive.anchor import check

    anchors, problems = check(archive, roots)
    reporter.problems(problems)
    reporter.report["anchors"] = [
        {
            "kind": anchor.kind,
            "entry": anchor.number,
            "time": anchor.time,
            "signer": anchor.signer,
            "trusted": anchor.trusted,
        }
        for anchor in anchors
    ]
    return anchors


def _stamp(reporter: Said, archive: Archive) -> None:
    from reportgen.archive.anchor import TIMESTAMP, stamp

    user = reporter.options.user or login()
    result = stamp(archive, reporter.options.authority, user)
    _report_anchor(reporter, archive, TIMESTAMP, *result)


def _sign(reporter: Said, archive: Archive) -> None:
    from reportgen.archive.anchor import SIGNATURE, sign

    options, user = reporter.options, reporter.options.user or login()
    passphrase = os.environ.get("REPORTGEN_KEY_PASSPHRASE")
    if passphrase is None:
        is_interactive = sys.stdin.isatty()
        passphrase = getpass.getpass(reporter.say("passphrase")) if is_interactive else ""
    result = sign(archive, options.key, passphrase, user, options.authority)
    _report_anchor(reporter, archive, SIGNATURE, *result)


def _report_anchor(
    reporter: Said, archive: Archive, kind: str, entry: Entry | None, problems: Iterable[Problem]
) -> None:
    reporter.problems(problems)
    if entry is not None:
        reporter.report |= {
            "entry": archive.entries[-1].number,
            "head": head_as_json(head((entry,))),
        }
        reporter.line(f"{reporter.say(f'anchored {kind}')} {head(archive.entries).code}")
        reporter.line(f"{reporter.say('head')} {head((entry,)).code}")


def _known_head(reporter: Said) -> Head | None:
    expected_head = parse_head(reporter.options.head) if reporter.options.head else None
    if reporter.options.head and expected_head is None:
        reporter.problems([make("E622", found=reporter.options.head[:60])])
    return expected_head


def _identify(reporter: Said, archive: Archive, expected_head: Head | None) -> None:
    from reportgen.archive.verification import against

    reporter.problems(against(archive.entries, expected_head))
    reporter.report["files"] = reports = []
    for name in reporter.options.files:
        identified, problems = identify(archive, Path(name))
        reporter.problems(problems)
        matches = identified.matches if identified else ()
        digest = identified.sha256 if identified else None
        archived = [as_json(match.entry) | {"path": match.file.path} for match in matches]
        reports.append({"file": name, "sha256": digest, "archived": archived})
        if matches:
            reporter.line(reporter.say("identified", name=name))
        for match in matches:
            reporter.line(_match_line(reporter, match))


def _match_line(reporter: Said, match: Match) -> str:
    entry = match.entry
    return reporter.say(
        "match",
        edition=f"{entry.agency} {entry.name}",
        path=match.file.path,
        status=entry.status,
        printed=day(entry.printed, reporter.language),
        time=clock(entry.time, reporter.language),
    )


def _head(reporter: Said, archive: Archive) -> None:
    entry = archive.entries[-1]
    newest = head(archive.entries)
    reporter.report["head"] = head_as_json(newest) | {"time": entry.time}
    reporter.line(newest.code)
    reporter.line(f"{newest.number}:{newest.hash}")
    reporter.line(
        reporter.say("head of", number=newest.number, time=clock(entry.time, reporter.language))
    )


_ACTIONS: dict[str, Callable[[Said, Archive], None]] = {
    "list": _list,
    "show": _show,
    "verify": _verify,
    "restore": _restore,
    "export": _export,
    "head": _head,
    "stamp": _stamp,
    "sign": _sign,
}
