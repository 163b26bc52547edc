"""The arguments of ``reportgen archive``."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli import parser as common
from reportgen.cli import values
from reportgen.cli.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.problems.problem import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveOptions(common.Options):
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


def add_actions(parser: argparse.ArgumentParser, language: Language) -> None:
    """The actions, each with its own arguments."""
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
        for add in (common._common, _archive, *adders):
            add(action, language)


def _archive(parser: argparse.ArgumentParser, language: Language) -> None:
    text = say("archive folder", language)
    parser.add_argument("--archive", type=values.path(language), metavar="FOLDER", help=text)


def _add(parser: argparse.ArgumentParser, language: Language) -> None:
    add = parser.add_argument
    add("workbooks", nargs="+", metavar="WORKBOOK", help=say("workbook", language))
    add("--reprint", action="store_true", help=say("reprint", language))
    add("--printed", type=values.text(language), metavar="DATE", help=say("printed", language))
    add(
        "--by",
        dest="user",
        type=values.text(language),
        metavar="NAME",
        help=say("archived by", language),
    )
    add("--fonts", type=values.folder(language), metavar="FOLDER", help=say("fonts", language))
    add(
        "--document",
        dest="documents",
        type=values.documents(language),
        metavar="LIST",
        help=say("archived documents", language),
    )
    common._format(parser, language)
    add(
        "--templates", type=values.path(language), metavar="FOLDER", help=say("templates", language)
    )


def _editions(parser: argparse.ArgumentParser, language: Language) -> None:
    add = parser.add_argument
    add("editions", nargs="+", metavar="EDITION", help=say("archived edition", language))
    add("--agency", type=values.text(language), metavar="NAME", help=say("agency", language))


def _target(parser: argparse.ArgumentParser, language: Language) -> None:
    text = say("written to", language)
    parser.add_argument(
        "-o", "--output", dest="target", type=values.path(language), metavar="FOLDER", help=text
    )
    parser.add_argument("--with-fonts", action="store_true", help=say("with fonts", language))


def _rebuild(parser: argparse.ArgumentParser, language: Language) -> None:
    add = parser.add_argument
    add("editions", nargs="+", metavar="FILE", help=say("rebuilt file", language))
    add("--agency", type=values.text(language), metavar="NAME", help=say("agency", language))
    add("--fonts", type=values.folder(language), metavar="FOLDER", help=say("fonts", language))
    text = say("rebuilt to", language)
    add("-o", "--output", dest="target", type=values.path(language), metavar="FOLDER", help=text)


def _verify(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help=say("verified file", language))
    parser.add_argument(
        "--head", type=values.text(language), metavar="CODE", help=say("known head", language)
    )
    text = say("trust", language)
    parser.add_argument(
        "--trust", type=values.path(language), action="append", metavar="FILE", help=text
    )


def _stamp(parser: argparse.ArgumentParser, language: Language) -> None:
    text = say("authority", language)
    parser.add_argument(
        "--authority", type=values.text(language), required=True, metavar="URL", help=text
    )
    parser.add_argument(
        "--by",
        dest="user",
        type=values.text(language),
        metavar="NAME",
        help=say("archived by", language),
    )


def _sign(parser: argparse.ArgumentParser, language: Language) -> None:
    text = say("key", language)
    parser.add_argument(
        "--key", type=values.path(language), required=True, metavar="FILE", help=text
    )
    parser.add_argument(
        "--authority", type=values.text(language), metavar="URL", help=say("authority", language)
    )
    parser.add_argument(
        "--by",
        dest="user",
        type=values.text(language),
        metavar="NAME",
        help=say("archived by", language),
    )


_ACTIONS: dict[str, tuple[Callable[[argparse.ArgumentParser, Language], None], ...]] = {
    "add": (_add,),
    "list": (),
    "show": (_editions,),
    "verify": (_verify,),
    "restore": (_editions, _target),
    "rebuild": (_rebuild,),
    "export": (_editions, _target),
    "head": (),
    "stamp": (_stamp,),
    "sign": (_sign,),
}
