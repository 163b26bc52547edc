"""The arguments of each command, with help in the user's language."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from reportgen.cli import argument_types
from reportgen.cli.cli_translations import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.problems.problem import Language

FORMATS: Final = ("pdf", "docx", "html", "odt", "ods")
ODF: Final = ("pdf", "odt", "ods")  # what --odf makes


@dataclass(frozen=True, slots=True)
class Adder:
    """Adds arguments to the parser of a command; ``says`` is the key of the words for each."""

    parser: argparse.ArgumentParser
    language: Language

    def any(self, *names: str, says: str, **keywords: Any) -> None:
        """An argument that is taken as it is, or has a type of its own."""
        self.parser.add_argument(*names, help=say(says, self.language), **keywords)

    def value(
        self,
        *names: str,
        kind: Callable[[Language], Callable[[str], Any]],
        says: str,
        **keywords: Any,
    ) -> None:
        """An argument of which :mod:`reportgen.cli.argument_types` knows the kind."""
        self.any(*names, type=kind(self.language), says=says, **keywords)

    def flag(self, *names: str, says: str) -> None:
        """An option that is there or not."""
        self.any(*names, action="store_true", says=says)


def common(add: Adder) -> None:
    """What every command knows."""
    add.flag("--json", says="json")
    add.any("--lang", choices=("zh-TW", "en"), says="language")
    add.flag("-v", "--verbose", says="verbose")
    add.flag("-q", "--quiet", says="quiet")


def workbooks(add: Adder) -> None:
    """One or more workbooks."""
    add.any("workbooks", nargs="+", metavar="WORKBOOK", says="workbook")


def fonts(add: Adder) -> None:
    """A further folder of fonts."""
    add.value("--fonts", kind=argument_types.folder, metavar="FOLDER", says="fonts")


def formats(add: Adder) -> None:
    """The formats of the files."""
    kind = partial(argument_types.some_of, FORMATS)
    add.value("--format", dest="formats", kind=kind, metavar="LIST", says="format")
    add.flag("--odf", says="odf")


def documents(add: Adder, says: str = "document") -> None:
    """The documents that are made."""
    kind = argument_types.documents
    add.value("--document", dest="documents", kind=kind, metavar="LIST", says=says)


def templates(add: Adder) -> None:
    """Where the templates are."""
    add.value("--templates", kind=argument_types.path, metavar="FOLDER", says="templates")


def archive_folder(add: Adder) -> None:
    """Where the archive is."""
    add.value("--archive", kind=argument_types.path, metavar="FOLDER", says="archive folder")


def _add_output(add: Adder) -> None:
    add.value("-o", "--output", kind=argument_types.path, metavar="FOLDER", says="output")
    fonts(add)


def _add_build(add: Adder) -> None:
    formats(add)
    documents(add)
    templates(add)


def _add_annotate(add: Adder) -> None:
    add.flag("--annotate", says="annotate")
    names = ("-o", "--output")
    add.value(*names, dest="beside", kind=argument_types.path, metavar="FOLDER", says="copy folder")


def _add_explain(add: Adder) -> None:
    add.any("workbooks", nargs=1, metavar="WORKBOOK", says="workbook")
    add.any("kpi", metavar="KPI", says="kpi")
    add.any("--year", type=int, metavar="YEAR", says="year")


def _add_new(add: Adder) -> None:
    add.any("workbooks", nargs=1, metavar="WORKBOOK", says="new workbook")
    add.value("--from", dest="source", kind=argument_types.text, metavar="WORKBOOK", says="source")
    add.value("--revised", kind=argument_types.text, metavar="DATE", says="revised")
    add.any("--year", type=int, metavar="YEAR", says="new year")
    add.any("--format", dest="kind", choices=("xlsx", "ods"), says="new format")
    add.flag("--odf", says="new odf")
    add.flag("--replace", says="replace")
    add.flag("--refresh", says="refresh")


def _add_compare(add: Adder) -> None:
    for name, says in (("OLD", "older workbook"), ("NEW", "newer workbook")):
        add.any("workbooks", nargs=1, action="extend", metavar=name, says=says)
    formats(add)
    templates(add)


def _add_collect(add: Adder) -> None:
    add.value("folder", kind=argument_types.path, metavar="FOLDER", says="collected folder")
    add.parser.set_defaults(documents=("scorecard", "results"))
    add.value("--jobs", kind=partial(argument_types.number, 1, 1000), metavar="N", says="jobs")
    add.value("--roster", kind=argument_types.path, metavar="FILE", says="roster")
    add.value("--scheduler", kind=argument_types.text, metavar="ADDRESS", says="scheduler")
    add.flag("--force", says="force")


def _add_archive(add: Adder) -> None:
    from reportgen.cli.archive_arguments import add_actions

    add_actions(add)


def _add_serve(add: Adder) -> None:
    suppressed = argparse.SUPPRESS
    keywords = {"nargs": "?", "action": "append", "default": suppressed, "metavar": "WORKBOOK"}
    add.any("workbooks", says="followed workbook", **keywords)
    add.value("--port", kind=partial(argument_types.number, 0, 65535), metavar="PORT", says="port")
    add.value("--host", kind=argument_types.text, metavar="ADDRESS", says="host")
    archive_folder(add)
    add.any("--no-browser", dest="browser", action="store_false", default=None, says="no browser")
    fonts(add)
    templates(add)


COMMANDS: Final[dict[str, tuple[Callable[[Adder], None], ...]]] = {
    "build": (workbooks, _add_output, _add_build),
    "check": (workbooks, _add_annotate),
    "explain": (_add_explain,),
    "new": (_add_new,),
    "compare": (_add_compare, _add_output),
    "collect": (_add_collect, _add_output, _add_build),
    "archive": (_add_archive,),
    "serve": (_add_serve,),
    "doctor": (_add_output,),
}

__all__ = [
    "COMMANDS",
    "Adder",
    "archive_folder",
    "common",
    "documents",
    "fonts",
    "formats",
    "templates",
    "workbooks",
]
