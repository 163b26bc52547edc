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
    said = Said(options, language)
    try:
        if options.action == "add":
            return _add(said, find_workbook, settings)
        if options.action == "rebuild":
            from reportgen.cli.archive_rebuild import rebuild

            return rebuild(said, settings)
        archive, problems = opened(options.archive)
        said.problems(problems)
        if archive is None:
            return said.done()
        _ACTIONS[options.action](said, archive)
    except StoppedError as stop:
        said.problems(stop.problems)
        return said.done(stop.exit_code)
    return said.done()


def _add(
    said: Said,
    find_workbook: Callable[[str], Path],
    settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings],
) -> ExitCode:
    from reportgen.pipeline.archive_edition import Terms, deposit

    options = said.options
    terms = Terms(
        archive=options.archive,
        printed=_printed(options.printed),
        reprint=options.reprint,
        user=options.user or login(),
    )
    worst = ExitCode.DONE
    said.report["workbooks"] = reports = []
    for name in options.workbooks:
        progress = output.Progress(name, said.language, shown=not options.quiet)
        one: Report = {"workbook": name}
        reports.append(one)
        try:
            made = deposit(find_workbook(name), settings(options, progress), terms)
        except StoppedError as stop:
            progress.clear()
            said.problems(stop.problems)
            code = stop.exit_code
        else:
            progress.clear()
            said.problems((*made.problems, *made.refusals))
            code = exit_code_of(made.refusals)
            if made.receipt is not None:
                one |= _receipt(said, made.receipt)
        if code is not ExitCode.DONE and not options.json and not said.has_told("E609"):
            print(f"{name}: {said.say('nothing archived')}", file=sys.stderr)
        worst = worst or code
    return said.done(worst)


def _printed(text: str) -> date:
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


def _receipt(said: Said, receipt: Receipt) -> Report:
    entry = receipt.entry
    label = said.say("archived" if receipt.new else "archived already")
    said.line(f"{label} {entry.agency} {entry.name}")
    said.line(f"{said.say('head')} {receipt.head.code}")
    return {"new": receipt.new, "edition": as_json(entry), "head": head_as_json(receipt.head)}


def _list(said: Said, archive: Archive) -> None:
    entries = archive.editions
    said.report["editions"] = [as_json(each) for each in entries]
    if not entries:
        said.line(said.say("none archived"))
    for each in sorted(entries, key=lambda each: (each.agency, each.edition, each.reprint)):
        said.line(f"{each.agency} {each.name}")
        said.line(f"  {facts(each, said)}")


def _show(said: Said, archive: Archive) -> None:
    said.report["editions"] = []
    for entry in _wanted(said, archive):
        files, problems = load(archive, entry)
        said.problems(problems)
        record = read_record(files.get(RECORD, b""))
        told = record.said if record else None
        said.report["editions"].append(as_json(entry) | {"record": told})
        said.line(f"{entry.agency} {entry.name}")
        said.line(f"  {facts(entry, said)}")
        for file in entry.files:
            said.line(f"  {file.sha256}  {file.size:>9}  {file.path}")
        if record is not None:
            versions = ", ".join(f"{name} {text}" for name, text in record.versions.items())
            said.line(f"  {said.say('made with')}: {versions}")
            fonts = ", ".join(dict.fromkeys(family for family, _, _ in record.fonts))
            said.line(f"  {said.say('fonts used')}: {fonts}")


def _restore(said: Said, archive: Archive) -> None:
    from reportgen.archive import load_fonts
    from reportgen.atomic_files import write_files

    said.report["files"] = written_files = []
    for entry in _wanted(said, archive):
        files, problems = load(archive, entry)
        said.problems(problems)
        record = read_record(files.get(RECORD, b""))
        if said.options.with_fonts and record is not None:
            fonts, lost = load_fonts(archive, record)
            said.problems(lost)
            files |= fonts
        folder = _folder(said, entry, RESTORED)
        contents = {folder / path: content for path, content in files.items()}
        written, unwritten = write_files(contents)
        said.problems(unwritten)
        for file in written:
            written_files.append({"path": str(file.path), "changed": file.changed})
            note = "" if file.changed else said.say("unchanged")
            said.line(f"{said.say('restored')} {file.path}{note}")


def _export(said: Said, archive: Archive) -> None:
    from reportgen.archive import export

    said.report["bags"] = bags = []
    for entry in _wanted(said, archive):
        folder = _folder(said, entry, BAGS)
        changed, problems = export(archive, entry, folder, with_fonts=said.options.with_fonts)
        said.problems(problems)
        if not has_errors(problems):
            bags.append({"path": str(folder), "changed": changed})
            note = "" if changed else said.say("unchanged")
            said.line(f"{said.say('exported')} {folder}{note}")


def _folder(said: Said, entry: Entry, default: Path) -> Path:
    """Return where an edition goes: below ``--output``, each in a folder of its own."""
    from reportgen.atomic_files import file_name

    name = f"{file_name(entry.agency)}_{entry.edition}"
    name += f"_{entry.reprint}" if entry.reprint else ""
    return (said.options.target or default) / name


def _wanted(said: Said, archive: Archive) -> Iterator[Entry]:
    for name in said.options.editions:
        entry, problems = find(archive, name, said.options.agency)
        said.problems(problems)
        if entry is not None:
            yield entry


def _verify(said: Said, archive: Archive) -> None:
    known = _known_head(said)
    if said.options.head and known is None:
        return
    if said.options.files:
        _identify(said, archive, known)
        return
    roots = _roots(said)
    before = said.errors()
    progress = output.Progress(
        str(said.options.archive), said.language, shown=not said.options.quiet
    )
    progress("verifying")
    verified, problems = verify(archive, known)
    progress.clear()
    said.problems(problems)
    anchored = _anchored(said, archive, roots)
    said.report |= {
        "intact": said.errors() == before == 0,
        "editions": verified.editions,
        "files": verified.files,
        "size": verified.size,
        "head": head_as_json(head(archive.entries)),
    }
    if said.errors():
        said.line(said.say("not intact", errors=said.errors()))
        return
    counts = {"editions": verified.editions, "files": verified.files, "size": verified.size}
    said.line(said.say("intact", **counts))
    if known is not None:
        later = archive.entries[-1].number - known.number
        said.line(said.say("head holds", code=said.options.head.strip(), later=later))
    for each in anchored:
        trust = said.say("trusted" if each.trusted else "not trusted")
        fields = {
            "number": each.number,
            "time": clock(each.time, said.language),
            "signer": each.signer,
        }
        said.line(said.say(f"vouched {each.kind}", **fields, trust=trust))


def _roots(said: Said) -> tuple[bytes, ...]:
    """Return the certificates of ``--trust``; raises StoppedError for one that is none."""
    from reportgen.archive.anchor import read_roots

    roots, problems = read_roots(tuple(said.options.trust))
    if has_errors(problems):
        raise StoppedError(problems, exit_code_of(problems))
    return roots


def _anchored(said: Said, archive: Archive, roots: tuple[bytes, ...]) -> tuple[Anchored, ...]:
    """Return the timestamps and signatures that hold."""
    from reportgen.archive.anchor import check

    found, problems = check(archive, roots)
    said.problems(problems)
    said.report["anchors"] = [
        {
            "kind": each.kind,
            "entry": each.number,
            "time": each.time,
            "signer": each.signer,
            "trusted": each.trusted,
        }
        for each in found
    ]
    return found


def _stamp(said: Said, archive: Archive) -> None:
    from reportgen.archive.anchor import TIMESTAMP, stamp

    user = said.options.user or login()
    made = stamp(archive, said.options.authority, user)
    _kept(said, archive, TIMESTAMP, *made)


def _sign(said: Said, archive: Archive) -> None:
    from reportgen.archive.anchor import SIGNATURE, sign

    options, user = said.options, said.options.user or login()
    passphrase = os.environ.get("REPORTGEN_KEY_PASSPHRASE")
    if passphrase is None:
        asked = sys.stdin.isatty()
        passphrase = getpass.getpass(said.say("passphrase")) if asked else ""
    made = sign(archive, options.key, passphrase, user, options.authority)
    _kept(said, archive, SIGNATURE, *made)


def _kept(
    said: Said, archive: Archive, kind: str, entry: Entry | None, problems: Iterable[Problem]
) -> None:
    said.problems(problems)
    if entry is not None:
        said.report |= {"entry": archive.entries[-1].number, "head": head_as_json(head((entry,)))}
        said.line(f"{said.say(f'anchored {kind}')} {head(archive.entries).code}")
        said.line(f"{said.say('head')} {head((entry,)).code}")


def _known_head(said: Said) -> Head | None:
    known = parse_head(said.options.head) if said.options.head else None
    if said.options.head and known is None:
        said.problems([make("E622", found=said.options.head[:60])])
    return known


def _identify(said: Said, archive: Archive, known: Head | None) -> None:
    from reportgen.archive.verification import against

    said.problems(against(archive.entries, known))
    said.report["files"] = reports = []
    for name in said.options.files:
        found, problems = identify(archive, Path(name))
        said.problems(problems)
        matches = found.matches if found else ()
        digest = found.sha256 if found else None
        told = [as_json(each.entry) | {"path": each.file.path} for each in matches]
        reports.append({"file": name, "sha256": digest, "archived": told})
        if matches:
            said.line(said.say("identified", name=name))
        for match in matches:
            said.line(_match(said, match))


def _match(said: Said, match: Match) -> str:
    entry = match.entry
    return said.say(
        "match",
        edition=f"{entry.agency} {entry.name}",
        path=match.file.path,
        status=entry.status,
        printed=day(entry.printed, said.language),
        time=clock(entry.time, said.language),
    )


def _head(said: Said, archive: Archive) -> None:
    last = archive.entries[-1]
    found = head(archive.entries)
    said.report["head"] = head_as_json(found) | {"time": last.time}
    said.line(found.code)
    said.line(f"{found.number}:{found.hash}")
    said.line(said.say("head of", number=found.number, time=clock(last.time, said.language)))


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
