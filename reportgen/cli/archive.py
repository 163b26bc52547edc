"""``reportgen archive``: what is asked of an archive, and what it answers."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.archive import find, head, identify, load, opened, parse_head, verify
from reportgen.cli import output
from reportgen.cli.words import say
from reportgen.problems import ExitCode, Problem, Severity, StoppedError, has_errors, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reportgen.archive import Archive, Entry, Head, Match, Receipt
    from reportgen.cli.archive_arguments import ArchiveOptions
    from reportgen.cli.output import Report
    from reportgen.pipeline import Settings
    from reportgen.problems.problem import Language

RESTORED, BAGS = Path("output/restored"), Path("output/bags")
# What stands in the way is no damage of the archive: it has the exit code of its kind.
_EXITS = {
    **dict.fromkeys(("E601", "E602", "E628"), ExitCode.WORKBOOK),
    **dict.fromkeys(("E603", "E612", "E613", "E614", "E622"), ExitCode.USAGE),
    **dict.fromkeys(("E604", "E605", "E606", "E607", "E608", "E609"), ExitCode.FILE),
    **dict.fromkeys(("E610", "E611", "E623", "E626"), ExitCode.FILE),
}


def run(
    options: ArchiveOptions,
    language: Language,
    find_workbook: Callable[[str], Path],
    settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings],
) -> ExitCode:
    """Run one action. ``find_workbook`` raises StoppedError for a name that is no file."""
    said = _Said(options, language)
    try:
        if options.action == "add":
            return _add(said, find_workbook, settings)
        archive, problems = opened(options.archive)
        said.problems(problems)
        if archive is None:
            return said.done()
        _ACTIONS[options.action](said, archive)
    except StoppedError as stop:
        said.problems(stop.problems)
        return said.done(stop.exit_code)
    return said.done()


class _Said:
    """What one action has said, and the worst of it."""

    def __init__(self, options: ArchiveOptions, language: Language) -> None:
        self.options, self.language = options, language
        self.report: Report = {"archive": str(options.archive)}
        self._problems: list[Problem] = []

    def problems(self, problems: Iterable[Problem]) -> None:
        """To standard error, or into the report."""
        for each in problems:
            self._problems.append(each)
            quiet = self.options.quiet and each.severity is Severity.NOTICE
            if not self.options.json and not quiet:
                print(each.line(self.language), file=sys.stderr)

    def line(self, text: str) -> None:
        """A line of the answer."""
        if not self.options.json and not self.options.quiet:
            print(text)

    def say(self, key: str, **fields: object) -> str:
        return say(key, self.language, **fields)

    def errors(self) -> int:
        return sum(each.severity is Severity.ERROR for each in self._problems)

    def done(self, exit_code: ExitCode | None = None) -> ExitCode:
        """Print the report where it was asked for; answers the exit code."""
        if self.options.json:
            told = [output.as_json(each, self.language) for each in self._problems]
            schema = f"reportgen.archive.{self.options.action}/1"
            output.print_json(schema, **self.report, problems=told)
        return _exit_code(self._problems) if exit_code is None else exit_code


def _exit_code(problems: Iterable[Problem]) -> ExitCode:
    from reportgen.pipeline import exit_code

    errors = [each for each in problems if each.severity is Severity.ERROR]
    damage = [each for each in errors if each.code[1] == "6" and each.code not in _EXITS]
    if damage or not errors:
        return exit_code(damage)
    return _EXITS.get(errors[0].code, exit_code(errors))


def _add(
    said: _Said,
    find_workbook: Callable[[str], Path],
    settings: Callable[[ArchiveOptions, Callable[[str], None]], Settings],
) -> ExitCode:
    from reportgen.deposit import Terms, deposit

    options = said.options
    terms = Terms(
        archive=options.archive,
        printed=_printed(options.printed),
        reprint=options.reprint,
        user=options.user or _login(),
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
            code = _exit_code(made.refusals)
            if made.receipt is not None:
                one |= _receipt(said, made.receipt)
        if code is not ExitCode.DONE and not options.json:
            print(f"{name}: {said.say('nothing archived')}", file=sys.stderr)
        worst = worst or code
    return said.done(worst)


def _printed(text: str) -> date:
    """The day that ``--printed`` names; raises StoppedError for what is none."""
    from reportgen.model import RocDate
    from reportgen.workbook.days import parse_date

    if not text:
        return date.today()  # noqa: DTZ011 (of the place where it is printed)
    day = parse_date(text)
    if isinstance(day, RocDate):
        return day.to_date()
    problem = make(day.code, label="--printed", **dict(day.fields))
    raise StoppedError([problem], ExitCode.USAGE)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a machine that has no name for its user
        return "unknown"


def _receipt(said: _Said, receipt: Receipt) -> Report:
    entry = receipt.entry
    label = said.say("archived" if receipt.new else "archived already")
    said.line(f"{label} {entry.agency} {entry.name}")
    said.line(f"{said.say('head')} {receipt.head.code}")
    return {"new": receipt.new, "edition": _as_json(entry), "head": _head_as_json(receipt.head)}


def _list(said: _Said, archive: Archive) -> None:
    entries = archive.editions
    said.report["editions"] = [_as_json(each) for each in entries]
    if not entries:
        said.line(said.say("none archived"))
    for each in sorted(entries, key=lambda each: (each.agency, each.edition, each.reprint)):
        said.line(f"{each.agency} {each.name}")
        said.line(f"  {_facts(each, said)}")


def _show(said: _Said, archive: Archive) -> None:
    said.report["editions"] = []
    for entry in _wanted(said, archive):
        files, problems = load(archive, entry)
        said.problems(problems)
        record = json.loads(files["record.json"]) if "record.json" in files else {}
        said.report["editions"].append(_as_json(entry) | {"record": record})
        said.line(f"{entry.agency} {entry.name}")
        said.line(f"  {_facts(entry, said)}")
        for file in entry.files:
            said.line(f"  {file.sha256}  {file.size:>9}  {file.path}")
        if not record:
            continue
        made_with = record["environment"]
        versions = ", ".join(f"{name} {text}" for name, text in made_with["versions"].items())
        said.line(f"  {said.say('made with')}: {versions}")
        fonts = ", ".join(dict.fromkeys(each["family"] for each in made_with["fonts"]))
        said.line(f"  {said.say('fonts used')}: {fonts}")


def _restore(said: _Said, archive: Archive) -> None:
    from reportgen.archive import fonts
    from reportgen.files import write_files

    said.report["files"] = written_files = []
    for entry in _wanted(said, archive):
        files, problems = load(archive, entry)
        said.problems(problems)
        if said.options.with_fonts and "record.json" in files:
            places, lost = fonts(archive)
            said.problems(lost)
            used = json.loads(files["record.json"])["environment"]["fonts"]
            wanted = (each["file"] for each in used if each["file"] in places)
            files |= {name: places[name].read_bytes() for name in wanted}
        folder = _folder(said, entry, RESTORED)
        contents = {folder / path: content for path, content in files.items()}
        written, unwritten = write_files(contents)
        said.problems(unwritten)
        for file in written:
            written_files.append({"path": str(file.path), "changed": file.changed})
            note = "" if file.changed else said.say("unchanged")
            said.line(f"{said.say('restored')} {file.path}{note}")


def _export(said: _Said, archive: Archive) -> None:
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


def _folder(said: _Said, entry: Entry, default: Path) -> Path:
    """Where an edition goes: below ``--output``, each in a folder of its own."""
    from reportgen.files import file_name

    name = f"{file_name(entry.agency)}_{entry.edition}"
    name += f"_{entry.reprint}" if entry.reprint else ""
    return (said.options.target or default) / name


def _wanted(said: _Said, archive: Archive) -> Iterator[Entry]:
    for name in said.options.editions:
        entry, problems = find(archive, name, said.options.agency)
        said.problems(problems)
        if entry is not None:
            yield entry


def _verify(said: _Said, archive: Archive) -> None:
    known = _known_head(said)
    if said.options.head and known is None:
        return
    if said.options.files:
        _identify(said, archive, known)
        return
    before = said.errors()
    verified, problems = verify(archive, known)
    said.problems(problems)
    said.report |= {
        "intact": said.errors() == before == 0,
        "editions": verified.editions,
        "files": verified.files,
        "size": verified.size,
        "head": _head_as_json(head(archive.entries)),
    }
    if said.errors():
        said.line(said.say("not intact", errors=said.errors()))
        return
    counts = {"editions": verified.editions, "files": verified.files, "size": verified.size}
    said.line(said.say("intact", **counts))
    if known is not None:
        later = archive.entries[-1].number - known.number
        said.line(said.say("head holds", code=said.options.head.strip(), later=later))


def _known_head(said: _Said) -> Head | None:
    known = parse_head(said.options.head) if said.options.head else None
    if said.options.head and known is None:
        said.problems([make("E622", found=said.options.head[:60])])
    return known


def _identify(said: _Said, archive: Archive, known: Head | None) -> None:
    from reportgen.archive.verify import against

    said.problems(against(archive.entries, known))
    said.report["files"] = reports = []
    for name in said.options.files:
        found, problems = identify(archive, Path(name))
        said.problems(problems)
        matches = found.matches if found else ()
        digest = found.sha256 if found else None
        told = [_as_json(each.entry) | {"path": each.file.path} for each in matches]
        reports.append({"file": name, "sha256": digest, "archived": told})
        if matches:
            said.line(said.say("identified", name=name))
        for match in matches:
            said.line(_match(said, match))


def _match(said: _Said, match: Match) -> str:
    entry = match.entry
    return said.say(
        "match",
        edition=f"{entry.agency} {entry.name}",
        path=match.file.path,
        status=entry.status,
        printed=entry.printed,
        time=entry.time.rstrip("Z").replace("T", " "),
    )


def _head(said: _Said, archive: Archive) -> None:
    last = archive.entries[-1]
    found = head(archive.entries)
    said.report["head"] = _head_as_json(found) | {"time": last.time}
    said.line(found.code)
    said.line(f"{found.number}:{found.hash}")
    time = last.time.rstrip("Z").replace("T", " ")
    said.line(said.say("head of", number=found.number, time=time))


def _head_as_json(found: Head) -> Report:
    return {"code": found.code, "number": found.number, "sha256": found.hash}


def _facts(entry: Entry, said: _Said) -> str:
    time = entry.time.rstrip("Z").replace("T", " ")
    fields = {"printed": entry.printed, "status": entry.status, "files": len(entry.files)}
    return said.say("listed", time=time, **fields)


def _as_json(entry: Entry) -> Report:
    return {
        "agency": entry.agency,
        "edition": entry.edition,
        "reprint": entry.reprint,
        "status": entry.status,
        "printed": entry.printed,
        "time": entry.time,
        "entry": entry.number,
        "object": entry.object,
        "version": entry.version,
        "files": [
            {"path": each.path, "sha256": each.sha256, "size": each.size} for each in entry.files
        ],
    }


_ACTIONS: dict[str, Callable[[_Said, Archive], None]] = {
    "list": _list,
    "show": _show,
    "verify": _verify,
    "restore": _restore,
    "export": _export,
    "head": _head,
}
