"""``reportgen new``: a blank workbook, the next edition, or the same one refreshed."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.cli_translations import translate
from reportgen.model.scorecard import ROC_OFFSET, RocDate
from reportgen.problems import ExitCode, Location, Problem, StoppedError, has_errors, make_problem
from reportgen.workbook.reading.roc_dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.atomic_files import WrittenFile
    from reportgen.cli.command_options import CommandOptions
    from reportgen.cli.command_schema import NewReport
    from reportgen.problems.problem import Language
    from reportgen.workbook.writing.new_edition import Edition, PreviousEdition

XLSX_SUFFIX, ODS_SUFFIX = ".xlsx", ".ods"
SUFFIXES = (XLSX_SUFFIX, ODS_SUFFIX)
_MAX_NAME_BYTES = 200  # file systems take 255, and a copy gets a longer name
_DATE_PREFIX = re.compile(
    r"(?:中華民國|民國)?[0-9０-９]+[-/.年][0-9０-９]+[-/.月]|[0-9０-９]{6,8}$"
)


def create_workbook(
    options: CommandOptions, language: Language, folder: Path, find: Callable[[str], Path]
) -> ExitCode:
    """Write a new, next or refreshed workbook, report it, and return the exit code.

    ``folder`` is for one that is named by its date alone. ``find`` returns the file of a workbook's
    name and raises StoppedError if there is none. Bad input is reported, not raised.
    """
    try:
        _refuse_contradiction(options)
        if options.refresh:
            path = find(options.workbooks[0])
            edition, problems = _refreshed_edition(path)
        else:
            path, dated = _target_path(options.workbooks[0], folder, options.kind)
            _refuse_to_replace(path, options)
            edition, problems = _new_edition(options, dated, find)
        return _write_edition(path, edition, problems, options, language)
    except StoppedError as stop:
        _report_result(stop.problems, options, language)
        return stop.exit_code


def _refuse_contradiction(options: CommandOptions) -> None:
    """Raise StoppedError (E154) if ``--refresh`` is given with an option for a new edition."""
    options_set = {
        "--from": options.source,
        "--revised": options.revised,
        "--year": options.year,
        "--format": options.kind,
    }
    contradicting = [name for name, value in options_set.items() if value not in ("", None)]
    if options.refresh and contradicting:
        problem = make_problem(
            "E154", found="、".join(contradicting), found_en=", ".join(contradicting)
        )
        raise StoppedError([problem], ExitCode.USAGE)


def _target_path(name: str, folder: Path, kind: str) -> tuple[Path, RocDate | None]:
    """Return the path that a name means, and the date in it, or None.

    A date alone, such as ``106-03-29``, is a file in ``folder``. ``kind`` is the requested suffix
    without its dot, or ""; a name may have its own. Raise StoppedError: E151 no usable name, E158
    its suffix is not the requested one, or a date that is invalid.
    """
    suffix = f".{kind}" if kind else XLSX_SUFFIX
    path = Path(name)
    is_name = 0 < len(path.name.encode()) <= _MAX_NAME_BYTES and not path.is_dir()
    if is_name and path.suffix.lower() in SUFFIXES:
        if kind and path.suffix.lower() != suffix:
            problem = make_problem("E158", Location(file=name), found=path.name, asked=kind)
            raise StoppedError([problem], ExitCode.USAGE)
        return path, _date_in(path.stem)
    day = _parse_day(name, "檔名") if _DATE_PREFIX.match(name) else None
    if day is not None:
        return folder / f"{day.edition}{suffix}", day
    if not is_name or path.suffix or path.name != name:
        location = Location(file=name)
        raise StoppedError(
            [make_problem("E151", location, found=name, suffix=suffix)], ExitCode.USAGE
        )
    return folder / f"{name}{suffix}", None


def _date_in(name: str) -> RocDate | None:
    """Return the date that a file name is; None for any other name."""
    parsed = parse_date(name)
    return parsed if isinstance(parsed, RocDate) else None


def _refuse_to_replace(path: Path, options: CommandOptions) -> None:
    """Raise StoppedError (E152) if the file exists, unless ``--replace`` is given."""
    if path.exists() and not options.replace:
        problem = make_problem("E152", Location(file=str(path)), found=path.name)
        raise StoppedError([problem], ExitCode.FILE)


def _new_edition(
    options: CommandOptions, dated: RocDate | None, find: Callable[[str], Path]
) -> tuple[Edition, tuple[Problem, ...]]:
    """Return a blank edition, or the next one of the ``--from`` workbook, and problems.

    The date defaults to ``dated``, the file name's, then to today. Problems: what could not be
    carried over, W150 if the new date is not later. Raise StoppedError for an invalid date or year,
    or an unreadable workbook.
    """
    from reportgen.workbook.writing import new_edition

    requested = _parse_day(options.revised, "--revised") if options.revised else None
    revised = requested or dated or RocDate.from_date(date.today())  # noqa: DTZ011
    year = _checked_year(options.year)
    if not options.source:
        return new_edition.blank_edition(revised, year or revised.year), ()
    old = _read_old_workbook(find(options.source))
    edition = new_edition.next_edition(
        old, revised, year or new_edition.next_data_year(old.card, revised)
    )
    problems = old.not_carried_over
    if revised <= old.card.revised:
        fields = {"found": revised.edition, "before": old.card.revised.edition}
        problems = (make_problem("W150", Location(file=options.source), **fields), *problems)
    return edition, problems


def _parse_day(text: str, label: str) -> RocDate:
    """Return the ROC date that a text states; raise StoppedError for an invalid one.

    ``label`` is the option or place that the problem names.
    """
    parsed = parse_date(text)
    if isinstance(parsed, RocDate):
        return parsed
    raise StoppedError(
        [make_problem(parsed.code, label=label, **dict(parsed.fields))], ExitCode.USAGE
    )


def _checked_year(year: int | None) -> int | None:
    """Return the ROC year of ``--year``, or None without one.

    Raise StoppedError (E150) outside 1-999, with a hint if it is a year of the common era.
    """
    if year is None or 1 <= year <= 999:
        return year
    roc = year - ROC_OFFSET
    chinese, english = f"西元 {year} 年是 {roc}。", f"{year} of the common era is {roc}."
    words = {"hint": chinese, "hint_en": english} if roc > 0 else {"hint": "", "hint_en": ""}
    raise StoppedError([make_problem("E150", found=year, **words)], ExitCode.USAGE)


def _read_old_workbook(path: Path) -> PreviousEdition:
    """Return a workbook that was read in a sandbox without losing errors.

    Raise StoppedError with its errors if it cannot be read, or if a new workbook would lose
    contents because of them.
    """
    from reportgen.workbook.reading.sandboxed_reader import start_reading
    from reportgen.workbook.writing.new_edition import has_losing_errors, previous_edition

    reading = start_reading(path)
    card, problems = reading.result()
    if card is None or reading.content is None or has_losing_errors(problems):
        from reportgen.pipeline import exit_code

        errors = [problem for problem in problems if has_errors([problem])]
        raise StoppedError(errors, exit_code(errors))
    return previous_edition(card, reading.content, problems)


def _refreshed_edition(path: Path) -> tuple[Edition, tuple[Problem, ...]]:
    """Return the same edition to be written anew, with its problems.

    Raise StoppedError (E153) if contents of the user's own would be lost.
    """
    from reportgen.workbook.writing.new_edition import same_edition

    old = _read_old_workbook(path)
    lossy = [problem for problem in old.not_carried_over if problem.code == "W151"]
    if lossy:
        names = "、".join(dict(problem.fields)["found"] for problem in lossy)
        english = ", ".join(dict(problem.fields)["found_en"] for problem in lossy)
        problem = make_problem("E153", Location(file=path.name), found=names, found_en=english)
        raise StoppedError([problem], ExitCode.WORKBOOK)
    return same_edition(old), old.not_carried_over


def _write_edition(
    path: Path,
    edition: Edition,
    problems: tuple[Problem, ...],
    options: CommandOptions,
    language: Language,
) -> ExitCode:
    """Write an edition as .xlsx or .ods, by the path's suffix, report it and return DONE.

    Raise StoppedError if it cannot be converted or written.
    """
    from reportgen.atomic_files import write_files

    content = edition.to_bytes()
    if path.suffix.lower() == ODS_SUFFIX:
        content = _convert_to_ods(content, path)
    files, unwritten = write_files({path: content})
    problems += unwritten
    if not files:
        raise StoppedError(problems, ExitCode.FILE)
    _report_result(problems, options, language, files[0], edition)
    if not options.json and not options.quiet:
        print("\n".join(_summary_lines(files[0], edition, options, language)))
    return ExitCode.DONE


def _convert_to_ods(content: bytes, path: Path) -> bytes:
    """Return the workbook as .ods; raise StoppedError if the conversion fails."""
    from reportgen.pipeline import convert_to_ods, exit_code

    converted, problems = convert_to_ods(content, path.name)
    if converted is None:
        raise StoppedError(problems, exit_code(problems))
    return converted


def _summary_lines(
    file: WrittenFile, edition: Edition, options: CommandOptions, language: Language
) -> Iterator[str]:
    """Yield the lines that report a workbook: file, backup, dates, and what to check first."""
    yield f"{translate('written', language)} {file.path}" + (
        "" if file.changed else translate("unchanged", language)
    )
    if file.backup:
        yield f"  {translate('backup', language)} {file.backup}"
    yield "  " + translate(
        "edition made",
        language,
        revised=edition.revised.edition,
        year=edition.data_year,
        years="、".join(map(str, edition.years)),
        status=edition.status,
    )
    if not options.refresh:
        yield f"  {translate('check dates', language)}"


def _report_result(
    problems: tuple[Problem, ...],
    options: CommandOptions,
    language: Language,
    file: WrittenFile | None = None,
    edition: Edition | None = None,
) -> None:
    """Print the problems and, without a file, that nothing was written; or all as one JSON object.

    ``file`` and ``edition`` are None if nothing was written.
    """
    if not options.json:
        for problem in problems:
            print(problem.line(language), file=sys.stderr)
        if file is None:
            print(
                f"{options.workbooks[0]}: {translate('nothing written', language)}", file=sys.stderr
            )
        return
    report: NewReport = {
        "schema": "reportgen.new/1",
        "workbook": options.workbooks[0],
        "written": output.file_as_json(file) if file else None,
        "edition": edition.revised.edition if edition else None,
        "data_year": edition.data_year if edition else None,
        "years": list(edition.years) if edition else [],
        "problems": output.problems_as_json(problems, language),
    }
    output.print_json(report)
