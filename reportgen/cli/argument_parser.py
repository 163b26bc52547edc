"""Parsing of arguments to options: argparse, with help that wraps Chinese text."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from reportgen import __version__
from reportgen.cli.approval_arguments import ApprovalOptions, add_approve
from reportgen.cli.archive_arguments import add_actions
from reportgen.cli.argparse_translations import translate_argparse_message
from reportgen.cli.arguments import COMMANDS, ODF, ArgumentBuilder, add_common
from reportgen.cli.cli_translations import translate
from reportgen.cli.command_options import CommandOptions
from reportgen.cli.sharing_arguments import add_merge, add_share
from reportgen.problems import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reportgen.problems.problem import Language


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal: two for each wide character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, columns: int) -> list[str]:
    """Return lines of at most so many columns; white space is collapsed.

    Chinese breaks anywhere but before 、，。；：）」〉 and after （「〈. A longer word stays in one
    piece; an empty text gives one empty line.
    """
    lines, line = [], ""
    for piece in _breakable_pieces(" ".join(text.split())):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _breakable_pieces(text: str) -> list[str]:
    """Return the pieces of a help text; a line may be broken between any two of them.

    They are single wide characters with the punctuation that belongs to them, and words with the
    space after them.
    """
    pieces: list[str] = []
    for char in text:
        is_wide = width(char) == 2
        is_glued = char in "、，。；：）」〉" or (pieces and pieces[-1][-1:] in "（「〈")
        after_wide = bool(pieces) and width(pieces[-1][-1]) == 2
        if pieces and (is_glued or (not is_wide and not after_wide and pieces[-1][-1] != " ")):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


class _Help(argparse.HelpFormatter):
    """A formatter that wraps by columns, not by characters, and translates «usage»."""

    language: Language = "zh-TW"

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def _split_lines(self, text: str, width: int) -> list[str]:
        """Return the lines of a help text, broken between Chinese characters, too."""
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Return an indented text, its lines kept and broken at ``width``."""
        return "\n".join(indent + line for part in text.splitlines() for line in wrap(part, width))

    def _format_usage(self, usage, actions, groups, prefix) -> str:  # type: ignore[no-untyped-def]
        """Return the usage line with a translated label, indented by its width in columns."""
        label = translate("usage", self.language) if prefix is None else prefix
        padding = " " * width(label)  # argparse counts characters, a terminal columns
        return label + super()._format_usage(usage, actions, groups, padding)[len(padding) :]


class _Parser(argparse.ArgumentParser):
    """A parser that reports errors in the user's language."""

    language: Language = "zh-TW"

    def error(self, message: str) -> NoReturn:
        """Print the usage and the translated message to stderr, and exit with ExitCode.USAGE."""
        translated = translate_argparse_message(message) if self.language == "zh-TW" else message
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {translate('error', self.language)}{translated}\n")


def parse(arguments: Sequence[str], language: Language, *, odf: bool = False) -> CommandOptions:
    """Return the options of a command; print help, version or a usage error and raise SystemExit.

    Its code is 0, or 2 for wrong usage, which includes options that do not go together. ``odf``:
    OpenDocument is the default, as with ``--odf``. Options that were not given have their defaults.
    """
    parser = make_parser(language)
    namespace = parser.parse_args(arguments)
    values = {name: value for name, value in vars(namespace).items() if value is not None}
    values.pop("lang", None)
    if "odf" in values and (values.pop("odf") or odf):
        _default_to_opendocument(values)
    _check_combinations(parser, values, language)
    values["workbooks"] = tuple(values.get("workbooks", ()))
    for name in ("archivists", "approvers"):
        if name in values:
            values[name] = tuple(values[name] or ())
    options_class = values.pop("options_class", CommandOptions)
    options: CommandOptions = options_class(**values)
    return options


def _default_to_opendocument(values: dict[str, Any]) -> None:
    """Set the formats, or the suffix of a new workbook, that ``--odf`` means where none is given.

    A new workbook whose name has a suffix, or that is refreshed, keeps its own.
    """
    if values["command"] != "new":
        values.setdefault("formats", ODF)
    elif not values.get("refresh") and not Path(values["workbooks"][0]).suffix:
        values.setdefault("kind", "ods")


def _check_combinations(
    parser: argparse.ArgumentParser, values: Mapping[str, Any], language: Language
) -> None:
    """Print a usage error and raise SystemExit for options that do not go together."""
    if "beside" in values and not values["annotate"]:
        parser.error(translate("only with", language, option="--output", other="--annotate"))
    if values.get("trust") and values.get("files"):
        parser.error(translate("only without", language, option="--trust", other="FILE"))
    if values.get("options_class") is ApprovalOptions:
        _check_approval(parser, values, language)
    for name in ("user_header", "proxy"):  # else anybody could claim to be anybody
        if name in values and "public_url" not in values:
            option = f"--{name.replace('_', '-')}"
            parser.error(translate("only with", language, option=option, other="--public-url"))
    if values.get("formats") == ("ods",):
        parser.error(translate("only with", language, option="--format ods", other="pdf, docx, …"))


def _check_approval(
    parser: argparse.ArgumentParser, values: Mapping[str, Any], language: Language
) -> None:
    """Print a usage error for options of ``approve`` that are missing or do not go together.

    With ``--status`` nothing is written; a slip needs a name, an approval its round, a withdrawal
    its reason.
    """
    options = {"role": "--role", "names": "--name", "withdraws": "--withdraw", "key": "--sign"}
    given = [option for name, option in options.items() if values.get(name)]
    if values["status"]:
        if given:
            parser.error(translate("only without", language, option=given[0], other="--status"))
        return
    is_withdrawal = "--withdraw" in given
    if is_withdrawal and "--role" in given:
        parser.error(translate("only without", language, option="--role", other="--withdraw"))
    needed = ("names", "remark") if is_withdrawal else ("role", "names")
    command = "--withdraw" if is_withdrawal else "approve"
    for name in needed:
        if not values.get(name):
            other = options.get(name, "--remark")
            parser.error(translate("only with", language, option=command, other=other))


_COMMAND_ARGUMENTS: Final = {  # in the order of the help
    **COMMANDS,
    "archive": (add_actions,),
    "approve": (add_approve,),
    "share": (add_share,),
    "merge": (add_merge,),
}


def make_parser(language: Language) -> argparse.ArgumentParser:
    """Return the parser of all commands and their arguments, with help in a language."""
    formatter = type("_Help", (_Help,), {"language": language})
    parser_class = type("_Parser", (_Parser,), {"language": language})

    def make(
        add: Callable[..., argparse.ArgumentParser], **keywords: object
    ) -> argparse.ArgumentParser:
        """Return a parser from ``add``, which creates it, with translated headings and ``-h``."""
        parser = add(formatter_class=formatter, add_help=False, allow_abbrev=False, **keywords)
        parser._optionals.title = translate("options", language)
        parser._positionals.title = translate("arguments", language)
        parser.add_argument("-h", "--help", action="help", help=translate("help", language))
        return parser

    parser = make(
        parser_class,
        prog="reportgen",
        description=translate("about", language),
        epilog=translate("exit codes", language),
    )
    parser.add_argument(
        "--version", action="version", version=__version__, help=translate("version", language)
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title=translate("commands", language)
    )
    for name, adders in _COMMAND_ARGUMENTS.items():
        text = translate(name, language)
        command = make(
            lambda name=name, text=text, **keywords: commands.add_parser(
                name, help=text, **keywords
            ),
            description=text,
        )
        for add in (add_common, *adders):
            add(ArgumentBuilder(command, language))
    return parser
