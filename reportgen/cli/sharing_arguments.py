"""The arguments of ``reportgen share`` and ``reportgen merge``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.cli import argument_types
from reportgen.cli.command_options import CommandOptions

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.cli.arguments import ArgumentBuilder


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingOptions(CommandOptions):
    """The options of ``reportgen share`` and ``reportgen merge``."""

    due: str = ""
    target: Path | None = None  # folder of the parts; None: 填報 beside the documents
    parts: tuple[Path, ...] = ()  # files and folders
    status: bool = False
    partial: bool = False
    sheet: Path | None = None  # the report as a workbook


def add_share(add: ArgumentBuilder) -> None:
    """Add the arguments of ``share``: workbook, due date, folder, format, ``--replace``."""
    add.parser.set_defaults(options_class=SharingOptions)
    add.option("workbooks", nargs=1, metavar="WORKBOOK", says="workbook")
    add.typed_option(
        "--due", kind=argument_types.text_type, metavar="DATE", says="due date of parts"
    )
    names = ("-o", "--output")
    add.typed_option(
        *names, dest="target", kind=argument_types.path_type, metavar="FOLDER", says="part folder"
    )
    add.option("--format", dest="kind", choices=("xlsx", "ods"), says="part format")
    add.flag("--replace", says="replace parts")


def add_merge(add: ArgumentBuilder) -> None:
    """Add the arguments of ``merge``: workbook, parts, status, partial merging, report."""
    add.parser.set_defaults(options_class=SharingOptions)
    add.option("workbooks", nargs=1, metavar="WORKBOOK", says="workbook")
    add.typed_option("parts", kind=argument_types.path_type, nargs="*", metavar="PART", says="part")
    add.flag("--status", says="merge status")
    add.flag("--partial", says="merge partially")
    add.typed_option(
        "--sheet", kind=argument_types.workbook_path_type, metavar="FILE", says="merge report"
    )
