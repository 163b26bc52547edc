"""Arguments → options. Argparse, with help that wraps Chinese at the terminal's width."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from reportgen import __version__
from reportgen.cli import values
from reportgen.cli.usage import in_chinese
from reportgen.cli.words import say
from reportgen.problems import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.problems.problem import Language


FORMATS = ("pdf", "docx", "html", "odt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for."""

    command: str
    workbooks: tuple[str, ...] = ()
    kpi: str = ""
    year: int | None = None  # ROC; None: the data year
    source: str = ""  # of a new workbook: the edition before
    revised: str = ""
    replace: bool = False
    refresh: bool = False
    output: Path = Path("output")
    formats: tuple[str, ...] = ("pdf", "docx")
    documents: tuple[str, ...] = ("scorecard",)
    templates: Path | None = None
    fonts: Path | None = None
    archive: Path = Path("archive")
    host: str = "127.0.0.1"
    port: int = 0  # 0: any that is free
    browser: bool = True
    folder: Path = Path()
    jobs: int = 0  # workbooks at once; 0: as many as there are cores
    roster: Path | None = None
    scheduler: str = ""  # of a Dask cluster; empty: this machine alone
    force: bool = False
    annotate: bool = False
    beside: Path | None = None  # where the marked copy goes; None: beside the workbook
    json: bool = False
    verbose: bool = False
    quiet: bool = False


def width(text: str) -> int:
    """Columns that a text takes on a terminal: two for each wide character."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; Chinese breaks anywhere but before 、，。；：）」."""
    lines, line = [], ""
    for piece in _pieces(" ".join(text.split())):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for each in text:
        wide = width(each) == 2
        glued = each in "、，。；：）」〉" or (pieces and pieces[-1][-1:] in "（「〈")
        after_wide = bool(pieces) and width(pieces[-1][-1]) == 2
        if pieces and (glued or (not wide and not after_wide and pieces[-1][-1] != " ")):
            pieces[-1] += each
        else:
            pieces.append(each)
    return pieces


class _Help(argparse.HelpFormatter):
    """Wraps by columns, not by characters, and says «usage» in the user's language."""

    language: Language = "zh-TW"

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for part in text.splitlines() for line in wrap(part, width))

    def _format_usage(self, usage, actions, groups, prefix) -> str:  # type: ignore[no-untyped-def]
        shown = say("usage", self.language) if prefix is None else prefix
        room = " " * width(shown)  # argparse counts characters, a terminal columns
        return shown + super()._format_usage(usage, actions, groups, room)[len(room) :]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the user's language, too."""

    language: Language = "zh-TW"

    def error(self, message: str) -> NoReturn:
        said = in_chinese(message) if self.language == "zh-TW" else message
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {say('error', self.language)}{said}\n")


def parse(arguments: Sequence[str], language: Language) -> Options:
    """The options; prints help, version or a usage error and raises SystemExit (0 or 2)."""
    parser = _parser(language)
    found = parser.parse_args(arguments)
    if getattr(found, "beside", None) is not None and not found.annotate:
        parser.error(say("only with", language, option="--output", other="--annotate"))
    if getattr(found, "trust", None) and getattr(found, "files", None):
        parser.error(say("only without", language, option="--trust", other="FILE"))
    given = {name: value for name, value in vars(found).items() if value is not None}
    given.pop("lang", None)
    given["workbooks"] = tuple(given.get("workbooks", ()))
    kind = given.pop("options_class", Options)
    options: Options = kind(**given)
    return options


def _parser(language: Language) -> argparse.ArgumentParser:
    formatter = type("_Help", (_Help,), {"language": language})
    parser_class = type("_Parser", (_Parser,), {"language": language})

    def make(
        add: Callable[..., argparse.ArgumentParser], **given: object
    ) -> argparse.ArgumentParser:
        parser = add(formatter_class=formatter, add_help=False, allow_abbrev=False, **given)
        parser._optionals.title = say("options", language)
        parser._positionals.title = say("arguments", language)
        parser.add_argument("-h", "--help", action="help", help=say("help", language))
        return parser

    parser = make(
        parser_class,
        prog="reportgen",
        description=say("about", language),
        epilog=say("exit codes", language),
    )
    parser.add_argument(
        "--version", action="version", version=__version__, help=say("version", language)
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title=say("commands", language)
    )
    for name, adders in _COMMANDS.items():
        text = say(name, language)
        command = make(
            lambda name=name, text=text, **given: commands.add_parser(name, help=text, **given),
            description=text,
        )
        for add in (_common, *adders):
            add(command, language)
    return parser


def _workbooks(parser: argparse.ArgumentParser, language: Language) -> None:
    text = say("workbook", language)
    parser.add_argument("workbooks", nargs="+", metavar="WORKBOOK", help=text)


def _explain(parser: argparse.ArgumentParser, language: Language) -> None:
    text = say("workbook", language)
    parser.add_argument("workbooks", nargs=1, metavar="WORKBOOK", help=text)
    parser.add_argument("kpi", metavar="KPI", help=say("kpi", language))
    parser.add_argument("--year", type=int, metavar="YEAR", help=say("year", language))


def _compare(parser: argparse.ArgumentParser, language: Language) -> None:
    for name, text in (("OLD", "older workbook"), ("NEW", "newer workbook")):
        kept = say(text, language)
        parser.add_argument("workbooks", nargs=1, action="extend", metavar=name, help=kept)
    _format(parser, language)
    _templates(parser, language)


def _collect(parser: argparse.ArgumentParser, language: Language) -> None:
    add = parser.add_argument
    add(
        "folder",
        type=values.path(language),
        metavar="FOLDER",
        help=say("collected folder", language),
    )
    parser.set_defaults(documents=("scorecard", "results"))
    add("--jobs", type=values.number(1, 1000, language), metavar="N", help=say("jobs", language))
    add("--roster", type=values.path(language), metavar="FILE", help=say("roster", language))
    add(
        "--scheduler",
        type=values.text(language),
        metavar="ADDRESS",
        help=say("scheduler", language),
    )
    add("--force", action="store_true", help=say("force", language))


def _serve(parser: argparse.ArgumentParser, language: Language) -> None:
    add = parser.add_argument
    add(
        "workbooks",
        nargs="?",
        action="append",
        default=argparse.SUPPRESS,
        metavar="WORKBOOK",
        help=say("followed workbook", language),
    )
    add(
        "--port", type=values.number(0, 65535, language), metavar="PORT", help=say("port", language)
    )
    add("--host", type=values.text(language), metavar="ADDRESS", help=say("host", language))
    add(
        "--archive",
        type=values.path(language),
        metavar="FOLDER",
        help=say("archive folder", language),
    )
    no_browser = say("no browser", language)
    add("--no-browser", dest="browser", action="store_false", default=None, help=no_browser)
    add("--fonts", type=values.folder(language), metavar="FOLDER", help=say("fonts", language))
    _templates(parser, language)


def _archive(parser: argparse.ArgumentParser, language: Language) -> None:
    from reportgen.cli.archive_arguments import add_actions

    add_actions(parser, language)


def _common(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("--json", action="store_true", help=say("json", language))
    parser.add_argument("--lang", choices=("zh-TW", "en"), help=say("language", language))
    parser.add_argument("-v", "--verbose", action="store_true", help=say("verbose", language))
    parser.add_argument("-q", "--quiet", action="store_true", help=say("quiet", language))


def _output(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "-o", "--output", type=values.path(language), metavar="FOLDER", help=say("output", language)
    )
    parser.add_argument(
        "--fonts", type=values.folder(language), metavar="FOLDER", help=say("fonts", language)
    )


def _new(parser: argparse.ArgumentParser, language: Language) -> None:
    add = parser.add_argument
    add("workbooks", nargs=1, metavar="WORKBOOK", help=say("new workbook", language))
    add(
        "--from",
        dest="source",
        type=values.text(language),
        metavar="WORKBOOK",
        help=say("source", language),
    )
    add("--revised", type=values.text(language), metavar="DATE", help=say("revised", language))
    add("--year", type=int, metavar="YEAR", help=say("new year", language))
    add("--replace", action="store_true", help=say("replace", language))
    add("--refresh", action="store_true", help=say("refresh", language))


def _annotate(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("--annotate", action="store_true", help=say("annotate", language))
    parser.add_argument(
        *("-o", "--output"),
        dest="beside",
        type=values.path(language),
        metavar="FOLDER",
        help=say("copy folder", language),
    )


def _build(parser: argparse.ArgumentParser, language: Language) -> None:
    _format(parser, language)
    parser.add_argument(
        "--document",
        dest="documents",
        type=values.documents(language),
        metavar="LIST",
        help=say("document", language),
    )
    _templates(parser, language)


def _format(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--format",
        dest="formats",
        type=values.some_of(FORMATS, language),
        metavar="LIST",
        help=say("format", language),
    )


def _templates(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--templates", type=values.path(language), metavar="FOLDER", help=say("templates", language)
    )


_COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser, Language], None], ...]] = {
    "build": (_workbooks, _output, _build),
    "check": (_workbooks, _annotate),
    "explain": (_explain,),
    "new": (_new,),
    "compare": (_compare, _output),
    "collect": (_collect, _output, _build),
    "archive": (_archive,),
    "serve": (_serve,),
    "doctor": (_output,),
}
