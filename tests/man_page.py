"""The manual page, made from the parser of the command line by argparse-manpage."""

from __future__ import annotations

import argparse
import os
from typing import Final
from unittest import mock

from argparse_manpage.manpage import Manpage

from reportgen import __version__
from reportgen.cli.argument_parser import make_parser
from reportgen.cli.arguments import ArgumentBuilder, add_common
from reportgen.cli.cli_translations import translate

RELEASE_DATE: Final = "November 29, 2026"  # of this version
SECTIONS: Final = {
    "environment": """\
.TP
.B REPORTGEN_LANG
language of messages, as
.BR \\-\\-lang ;
else that of the locale
.TP
.B REPORTGEN_ODF
.B 1
is
.B \\-\\-odf
for every command that has it
.TP
.B REPORTGEN_FONTS
folders to look for fonts in before those of the system
.TP
.B REPORTGEN_PASSWORD
password of
.B reportgen serve
at other addresses than 127.0.0.1
.TP
.B REPORTGEN_KEY_PASSPHRASE
passphrase of the key of
.B reportgen archive sign""",
    "files": """\
.TP
.I inputs/
workbooks that may be named by their edition alone
.TP
.I output/
documents, in a folder for each edition; a file that is replaced is kept in its folder
.I 備份
.TP
.I templates/
templates that are used instead of the packaged ones""",
    "examples": """\
.EX
reportgen check 105\\-12\\-25
reportgen build 105\\-12\\-25 \\-\\-document scorecard,results
reportgen compare 105\\-06\\-30 105\\-12\\-25
reportgen serve
.EE""",
}


def man_page() -> str:
    """Return the manual page of all commands, in English, in the language of man(7)."""
    parser = make_parser("en")
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _shorten(command)
    everywhere = parser.add_argument_group("options of every command")
    add_common(ArgumentBuilder(everywhere, "en"))  # type: ignore[arg-type]  # a group does, too
    exit_codes = translate("exit codes", "en").partition(":")[2].strip()
    parser.epilog = None
    # argparse breaks lines at the width of the terminal, and a line that begins with "." is lost.
    with mock.patch.dict(os.environ, COLUMNS="100000"):
        page = Manpage(
            parser,
            format="single-commands-section",
            _data={
                "description": "make strategy maps and balanced scorecards from Excel workbooks",
                "date": RELEASE_DATE,
                "project_name": "reportgen",
                "version": __version__,
                "manual_title": "User Commands",
            },
        )
        page.synopsis = ["reportgen", "COMMAND", "[OPTION...]", "[ARGUMENT...]"]
        page.add_section("exit status", "=", f"{exit_codes}.")
        for heading, content in SECTIONS.items():
            page.add_section(heading, "=", content)
        return str(page)


def _shorten(command: argparse.ArgumentParser) -> None:
    """Leave out what the page says elsewhere: the options of every command, a repeated text."""
    command.description = None  # which is the text beside the command's name
    command._positionals.title = "positional arguments"  # as argparse-manpage knows it
    for action in command._actions:
        if action.dest in {"json", "lang", "verbose", "quiet"}:
            action.help = argparse.SUPPRESS
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                _shorten(inner)
