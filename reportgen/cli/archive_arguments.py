"""The arguments of ``reportgen archive``."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli import argument_types, arguments
from reportgen.cli.argument_parser import Options
from reportgen.cli.arguments import Adder
from reportgen.cli.cli_translations import say

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveOptions(Options):
    """What was asked of an archive."""

    action: str
    archive: Path = Path("archive")
    editions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    agency: str = ""
    head: str = ""
    printed: str = ""
    reprint: bool = False
    user: str = ""
    target: Path | None = None
    with_fonts: bool = False
    authority: str = ""
    key: Path = Path()
    trust: tuple[Path, ...] = ()
    documents: tuple[str, ...] = ("scorecard", "results")


def add_actions(add: Adder) -> None:
    """The actions, each with its own arguments."""
    parser, language = add.parser, add.language
    parser.set_defaults(options_class=ArchiveOptions)
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", title=say("actions", language)
    )
    for name, adders in _ACTION_ARGUMENTS.items():
        help_text = say(f"archive {name}", language)
        action = actions.add_parser(
            name,
            help=help_text,
            description=help_text,
            add_help=False,
            allow_abbrev=False,
            formatter_class=parser.formatter_class,
            argument_default=argparse.SUPPRESS,  # what was said before the action stays
        )
        action._optionals.title = say("options", language)
        action._positionals.title = say("arguments", language)
        action.add_argument("-h", "--help", action="help", help=say("help", language))
        for add_arguments in (arguments.common, arguments.archive_folder, *adders):
            add_arguments(Adder(action, language))


def _add_add(add: Adder) -> None:
    arguments.workbooks(add)
    add.flag("--reprint", says="reprint")
    add.value("--printed", kind=argument_types.text, metavar="DATE", says="printed")
    _add_user(add)
    arguments.fonts(add)
    arguments.documents(add, says="archived documents")
    arguments.formats(add)
    arguments.templates(add)


def _add_user(add: Adder) -> None:
    add.value("--by", dest="user", kind=argument_types.text, metavar="NAME", says="archived by")


def _add_agency(add: Adder) -> None:
    add.value("--agency", kind=argument_types.text, metavar="NAME", says="agency")


def _add_target(add: Adder, says: str = "written to") -> None:
    names = ("-o", "--output")
    add.value(*names, dest="target", kind=argument_types.path, metavar="FOLDER", says=says)


def _add_authority(add: Adder, *, required: bool = False) -> None:
    add.value(
        "--authority", kind=argument_types.text, required=required, metavar="URL", says="authority"
    )


def _add_editions(add: Adder) -> None:
    add.any("editions", nargs="+", metavar="EDITION", says="archived edition")
    _add_agency(add)


def _add_output(add: Adder) -> None:
    _add_target(add)
    add.flag("--with-fonts", says="with fonts")


def _add_rebuild(add: Adder) -> None:
    add.any("editions", nargs="+", metavar="FILE", says="rebuilt file")
    _add_agency(add)
    arguments.fonts(add)
    _add_target(add, says="rebuilt to")


def _add_verify(add: Adder) -> None:
    add.any("files", nargs="*", metavar="FILE", says="verified file")
    add.value("--head", kind=argument_types.text, metavar="CODE", says="known head")
    add.value("--trust", kind=argument_types.path, action="append", metavar="FILE", says="trust")


def _add_stamp(add: Adder) -> None:
    _add_authority(add, required=True)
    _add_user(add)


def _add_sign(add: Adder) -> None:
    add.value("--key", kind=argument_types.path, required=True, metavar="FILE", says="key")
    _add_authority(add)
    _add_user(add)


_ACTION_ARGUMENTS: dict[str, tuple[Callable[[Adder], None], ...]] = {
    "add": (_add_add,),
    "list": (),
    "show": (_add_editions,),
    "verify": (_add_verify,),
    "restore": (_add_editions, _add_output),
    "rebuild": (_add_rebuild,),
    "export": (_add_editions, _add_output),
    "head": (),
    "stamp": (_add_stamp,),
    "sign": (_add_sign,),
}
