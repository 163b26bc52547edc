"""The arguments of each command, with help in the user's language."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from reportgen.cli import argument_types
from reportgen.cli.cli_translations import translate
from reportgen.documents import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.problems.problem import Language

SHELLS: Final = ("bash", "zsh", "fish")
ODF: Final = ("pdf", "odt", "ods")  # the formats of --odf


@dataclass(frozen=True, slots=True)
class ArgumentBuilder:
    """Builder of the arguments of a command's parser.

    ``says`` is the key of an argument's help text.
    """

    parser: argparse.ArgumentParser
    language: Language

    def option(self, *names: str, says: str, **keywords: Any) -> None:
        """Add an argument that is a plain string, or has a type in ``keywords``."""
        self.parser.add_argument(*names, help=translate(says, self.language), **keywords)

    def typed_option(
        self,
        *names: str,
        kind: Callable[[Language], Callable[[str], Any]],
        says: str,
        **keywords: Any,
    ) -> None:
        """Add an argument with a type of :mod:`reportgen.cli.argument_types`.

        ``kind`` makes the type's parser for the language of its messages.
        """
        self.option(*names, type=kind(self.language), says=says, **keywords)

    def flag(self, *names: str, says: str) -> None:
        """Add an option without a value, which is False unless given."""
        self.option(*names, action="store_true", says=says)


def add_common(add: ArgumentBuilder) -> None:
    """Add the options of every command: JSON, language, verbose and quiet output."""
    add.flag("--json", says="json")
    add.option("--lang", choices=("zh-TW", "en"), says="language")
    add.flag("-v", "--verbose", says="verbose")
    add.flag("-q", "--quiet", says="quiet")


def add_workbooks(add: ArgumentBuilder) -> None:
    """Add the argument for one or more workbooks."""
    add.option("workbooks", nargs="+", metavar="WORKBOOK", says="workbook")


def add_fonts(add: ArgumentBuilder) -> None:
    """Add the option for a further font folder."""
    add.typed_option("--fonts", kind=argument_types.folder_type, metavar="FOLDER", says="fonts")


def add_formats(add: ArgumentBuilder) -> None:
    """Add the options for the file formats of documents, ``--format`` and ``--odf``."""
    kind = partial(argument_types.subset_type, FORMATS)
    add.typed_option("--format", dest="formats", kind=kind, metavar="LIST", says="format")
    add.flag("--odf", says="odf")


def add_documents(add: ArgumentBuilder, says: str = "document") -> None:
    """Add ``--document``, a list of documents; ``says`` is the key of its help text."""
    kind = argument_types.documents_type
    add.typed_option("--document", dest="documents", kind=kind, metavar="LIST", says=says)


def add_templates(add: ArgumentBuilder) -> None:
    """Add the option for the templates' folder."""
    add.typed_option(
        "--templates", kind=argument_types.path_type, metavar="FOLDER", says="templates"
    )


def add_archive_folder(add: ArgumentBuilder) -> None:
    """Add the option for the archive's folder."""
    add.typed_option(
        "--archive", kind=argument_types.path_type, metavar="FOLDER", says="archive folder"
    )


def _add_output(add: ArgumentBuilder) -> None:
    """Add ``--output`` and the folders of fonts."""
    add.typed_option(
        "-o", "--output", kind=argument_types.path_type, metavar="FOLDER", says="output"
    )
    add_fonts(add)


def _add_build(add: ArgumentBuilder) -> None:
    """Add the arguments of ``build``: formats, documents, templates, ``--verify``."""
    add_formats(add)
    add_documents(add)
    add_templates(add)
    add.flag("--verify", says="verify")


def add_approvals(add: ArgumentBuilder) -> None:
    """Add ``--approvals``, which prints the approvals of the archive in the 核章欄."""
    add.flag("--approvals", says="approvals")


def _add_open_data(add: ArgumentBuilder) -> None:
    """Add ``--open-data``, the figures as CSV with their descriptions."""
    add.flag("--open-data", says="open data")


def _add_annotate(add: ArgumentBuilder) -> None:
    """Add ``--annotate``, and the folder of the annotated copies."""
    add.flag("--annotate", says="annotate")
    names = ("-o", "--output")
    add.typed_option(
        *names, dest="beside", kind=argument_types.path_type, metavar="FOLDER", says="copy folder"
    )


def _add_explain(add: ArgumentBuilder) -> None:
    """Add the arguments of ``explain``: workbook, KPI code and year."""
    add.option("workbooks", nargs=1, metavar="WORKBOOK", says="workbook")
    add.option("kpi", metavar="KPI", says="kpi")
    add.option("--year", type=int, metavar="YEAR", says="year")


def _add_new(add: ArgumentBuilder) -> None:
    """Add the arguments of ``new``: workbook, source edition, date, year, format, flags."""
    add.option("workbooks", nargs=1, metavar="WORKBOOK", says="new workbook")
    add.typed_option(
        "--from", dest="source", kind=argument_types.text_type, metavar="WORKBOOK", says="source"
    )
    add.typed_option("--revised", kind=argument_types.text_type, metavar="DATE", says="revised")
    add.option("--year", type=int, metavar="YEAR", says="new year")
    add.option("--format", dest="kind", choices=("xlsx", "ods"), says="new format")
    add.flag("--odf", says="new odf")
    add.flag("--replace", says="replace")
    add.flag("--refresh", says="refresh")


def _add_compare(add: ArgumentBuilder) -> None:
    """Add the arguments of ``compare``: older and newer workbook, formats, templates."""
    for name, says in (("OLD", "older workbook"), ("NEW", "newer workbook")):
        add.option("workbooks", nargs=1, action="extend", metavar=name, says=says)
    add_formats(add)
    add_templates(add)
    add.flag("--verify", says="verify")


def _add_collect(add: ArgumentBuilder) -> None:
    """Add the arguments of ``collect``: folder, jobs, roster, Dask scheduler, ``--force``."""
    add.typed_option(
        "folder", kind=argument_types.path_type, metavar="FOLDER", says="collected folder"
    )
    add.parser.set_defaults(documents=())  # the defaults of each edition
    add.typed_option(
        "--jobs", kind=partial(argument_types.number_type, 1, 1000), metavar="N", says="jobs"
    )
    add.typed_option("--roster", kind=argument_types.path_type, metavar="FILE", says="roster")
    add.typed_option(
        "--scheduler", kind=argument_types.text_type, metavar="ADDRESS", says="scheduler"
    )
    add.flag("--force", says="force")


def _add_serve(add: ArgumentBuilder) -> None:
    """Add the arguments of ``serve``: followed workbook, addresses, archive, fonts, templates."""
    suppressed = argparse.SUPPRESS
    keywords = {"nargs": "?", "action": "append", "default": suppressed, "metavar": "WORKBOOK"}
    add.option("workbooks", says="followed workbook", **keywords)
    add.typed_option(
        "--port", kind=partial(argument_types.number_type, 0, 65535), metavar="PORT", says="port"
    )
    add.typed_option("--host", kind=argument_types.text_type, metavar="ADDRESS", says="host")
    add.typed_option(
        "--public-url", kind=argument_types.public_url_type, metavar="URL", says="public URL"
    )
    add.typed_option(
        "--proxy", kind=argument_types.network_type, metavar="NETWORK", says="trusted proxy"
    )
    add.typed_option(
        "--state", kind=argument_types.path_type, metavar="FOLDER", says="state folder"
    )
    add.typed_option(
        "--user-header", kind=argument_types.header_type, metavar="NAME", says="user header"
    )
    add.typed_option(
        "--archivist",
        dest="archivists",
        kind=argument_types.text_type,
        action="append",
        metavar="NAME",
        says="archivist",
    )
    add.typed_option(
        "--approver",
        dest="approvers",
        kind=argument_types.text_type,
        action="append",
        metavar="NAME",
        says="page approver",
    )
    add.typed_option("--audit-log", kind=argument_types.path_type, metavar="FILE", says="audit log")
    add_archive_folder(add)
    add.option(
        "--no-browser", dest="browser", action="store_false", default=None, says="no browser"
    )
    add_fonts(add)
    add_templates(add)


def _add_completion(add: ArgumentBuilder) -> None:
    """Add the argument of ``completion``: the shell."""
    add.option("shell", choices=SHELLS, metavar="SHELL", says="shell")


COMMANDS: Final[dict[str, tuple[Callable[[ArgumentBuilder], None], ...]]] = {
    "build": (
        *(add_workbooks, _add_output, _add_build, _add_open_data),
        *(add_approvals, add_archive_folder),
    ),
    "check": (add_workbooks, _add_annotate),
    "explain": (_add_explain,),
    "new": (_add_new,),
    "share": (),  # reportgen.cli.sharing_arguments
    "merge": (),
    "compare": (_add_compare, _add_output),
    "collect": (_add_collect, _add_output, _add_build, _add_open_data),
    "archive": (),  # reportgen.cli.archive_arguments
    "approve": (),  # reportgen.cli.approval_arguments
    "serve": (_add_serve,),
    "doctor": (_add_output,),
    "completion": (_add_completion,),
}

__all__ = [
    "COMMANDS",
    "ArgumentBuilder",
    "add_approvals",
    "add_archive_folder",
    "add_common",
    "add_documents",
    "add_fonts",
    "add_formats",
    "add_templates",
    "add_workbooks",
]
