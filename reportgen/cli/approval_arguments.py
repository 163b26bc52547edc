"""The arguments of ``reportgen approve``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reportgen.cli import argument_types, arguments
from reportgen.cli.command_options import CommandOptions

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.cli.arguments import ArgumentBuilder

_MAX_SLIPS = 999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOptions(CommandOptions):
    """The options of ``reportgen approve``."""

    edition: str
    agency: str = ""
    role: str = ""
    names: tuple[str, ...] | list[str] = ()
    date: str = ""
    remark: str = ""
    withdraws: int = 0  # number of a slip; 0: approve
    key: Path | None = None
    user: str = ""
    status: bool = False
    target: Path | None = None  # folder for the files of all slips


def add_approve(add: ArgumentBuilder) -> None:
    """Add the arguments of ``approve``: edition, slip, withdrawal, key, ``--status``."""
    add.parser.set_defaults(options_class=ApprovalOptions)
    text, number = argument_types.text_type, partial(argument_types.number_type, 1, _MAX_SLIPS)
    add.typed_option("edition", kind=text, metavar="EDITION", says="approved edition")
    add.typed_option("--role", kind=text, metavar="ROUND", says="approval round")
    add.typed_option(
        "--name", dest="names", kind=text, action="append", metavar="NAME", says="approver"
    )
    add.typed_option("--date", kind=text, metavar="DATE", says="approval date")
    add.typed_option("--remark", kind=text, metavar="TEXT", says="approval remark")
    add.typed_option("--withdraw", dest="withdraws", kind=number, metavar="N", says="withdraw")
    path = argument_types.path_type
    add.typed_option("--sign", dest="key", kind=path, metavar="KEY", says="signing key")
    add.flag("--status", says="approval status")
    names = ("-o", "--output")
    add.typed_option(*names, dest="target", kind=path, metavar="FOLDER", says="slip folder")
    add.typed_option("--agency", kind=text, metavar="NAME", says="agency")
    add.typed_option("--by", dest="user", kind=text, metavar="NAME", says="archived by")
    arguments.add_archive_folder(add)
