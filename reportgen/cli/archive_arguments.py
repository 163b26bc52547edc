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
    for name, adders in _ACTIONS.items():
        text = say(f"archive {name}", language)
        action = actions.add_parser(
            name,
            help=text,
            description=text,
            add_help=False,
            allow_abbrev=False,
            formatter_class=parser.formatter_class,
            argument_default=argparse.SUPPRESS,  # what was said before the action stays
        )
        action._optionals.title = say("options", language)
        action._positionals.title = say("arguments", language)
        action.add_argument("-h", "--help", action="help", help=say("help", language))
        for each in (arguments.common, arguments.archive_folder, *adders):
            each(Adder(action, language))


def _add(add: Adder) -> None:
    arguments.workbooks(add)
    add.flag("--reprint", says="reprint")
    add.value("--printed", kind=argument_types.text, metavar="DATE", says="printed")
    _user(add)
    arguments.fonts(add)
    arguments.documents(add, says="archived documents")
    arguments.formats(add)
    arguments.templates(add)


def _user(add: Adder) -> None:
    add.value("--by", dest="user", kind=argument_types.text, metavar="NAME", says="archived by")


def _agency(add: Adder) -> None:
    add.value("--agency", kind=argument_types.text, metavar="NAME", says="agency")


def _target(add: Adder, says: str = "written to") -> None:
    names = ("-o", "--output")
    add.value(*names, dest="target", kind=argument_types.path, metavar="FOLDER", says=says)


def _authority(add: Adder, *, required: bool = False) -> None:
    add.value(
        "--authority", kind=argument_types.text, required=required, metavar="URL", says="authority"
    )


def _editions(add: Adder) -> None:
    add.any("editions", nargs="+", metavar="EDITION", says="archived edition")
    _agency(add)


def _kept(add: Adder) -> None:
    _target(add)
    add.flag("--with-fonts", says="with fonts")


def _rebuild(add: Adder) -> None:
    add.any("editions", nargs="+", metavar="FILE", says="rebuilt file")
    _agency(add)
    arguments.fonts(add)
    _target(add, says="rebuilt to")


def _verify(add: Adder) -> None:
    add.any("files", nargs="*", metavar="FILE", says="verified file")
    add.value("--head", kind=argument_types.text, metavar="CODE", says="known head")
    add.value("--trust", kind=argument_types.path, action="append", metavar="FILE", says="trust")


def _stamp(add: Adder) -> None:
    _authority(add, required=True)
    _user(add)


def _sign(add: Adder) -> None:
    add.value("--key", kind=argument_types.path, required=True, metavar="FILE", says="key")
    _authority(add)
    _user(add)


_ACTIONS: dict[str, tuple[Callable[[Adder], None], ...]] = {
    "add": (_add,),
    "list": (),
    "show": (_editions,),
    "verify": (_verify,),
    "restore": (_editions, _kept),
    "rebuild": (_rebuild,),
    "export": (_editions, _kept),
    "head": (),
    "stamp": (_stamp,),
    "sign": (_sign,),
}
