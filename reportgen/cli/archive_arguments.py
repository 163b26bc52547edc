"""The arguments of ``reportgen archive``."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli import argument_types, arguments
from reportgen.cli.arguments import ArgumentBuilder
from reportgen.cli.cli_translations import translate
from reportgen.cli.command_options import CommandOptions

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveOptions(CommandOptions):
    """The options of ``reportgen archive``."""

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
    documents: tuple[str, ...] = ()  # the defaults of the edition


def add_actions(add: ArgumentBuilder) -> None:
    """Add the actions as subcommands, each with its own arguments.

    Parsing then gives ArchiveOptions. Options may stand before or after the action.
    """
    parser, language = add.parser, add.language
    parser.set_defaults(options_class=ArchiveOptions)
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", title=translate("actions", language)
    )
    for name, adders in _ACTION_ARGUMENTS.items():
        help_text = translate(f"archive {name}", language)
        action = actions.add_parser(
            name,
            help=help_text,
            description=help_text,
            add_help=False,
            allow_abbrev=False,
            formatter_class=parser.formatter_class,
            argument_default=argparse.SUPPRESS,  # keeps options given before the action
        )
        action._optionals.title = translate("options", language)
        action._positionals.title = translate("arguments", language)
        action.add_argument("-h", "--help", action="help", help=translate("help", language))
        for add_arguments in (arguments.add_common, arguments.add_archive_folder, *adders):
            add_arguments(ArgumentBuilder(action, language))


def _add_add(add: ArgumentBuilder) -> None:
    """Add the arguments of ``archive add``: workbooks, print date, user, and those of a build."""
    arguments.add_workbooks(add)
    add.flag("--reprint", says="reprint")
    add.typed_option("--printed", kind=argument_types.text_type, metavar="DATE", says="printed")
    _add_user(add)
    arguments.add_fonts(add)
    arguments.add_documents(add, says="archived documents")
    arguments.add_formats(add)
    arguments.add_templates(add)
    arguments.add_approvals(add)


def _add_user(add: ArgumentBuilder) -> None:
    """Add ``--by``, the name recorded with the version."""
    add.typed_option(
        "--by", dest="user", kind=argument_types.text_type, metavar="NAME", says="archived by"
    )


def _add_agency(add: ArgumentBuilder) -> None:
    """Add ``--agency``, the agency whose editions are meant."""
    add.typed_option("--agency", kind=argument_types.text_type, metavar="NAME", says="agency")


def _add_target(add: ArgumentBuilder, says: str = "written to") -> None:
    """Add ``-o``, the folder that files are written to; ``says`` is the key of its help text."""
    names = ("-o", "--output")
    add.typed_option(
        *names, dest="target", kind=argument_types.path_type, metavar="FOLDER", says=says
    )


def _add_authority(add: ArgumentBuilder, *, required: bool = False) -> None:
    """Add ``--authority``, the URL of a timestamp authority."""
    add.typed_option(
        "--authority",
        kind=argument_types.text_type,
        required=required,
        metavar="URL",
        says="authority",
    )


def _add_editions(add: ArgumentBuilder) -> None:
    """Add the names of editions, and the option for their agency."""
    add.option("editions", nargs="+", metavar="EDITION", says="archived edition")
    _add_agency(add)


def _add_output(add: ArgumentBuilder) -> None:
    """Add the target folder and ``--with-fonts``."""
    _add_target(add)
    add.flag("--with-fonts", says="with fonts")


def _add_rebuild(add: ArgumentBuilder) -> None:
    """Add the arguments of ``archive rebuild``: PDFs or editions, agency, fonts, target folder."""
    add.option("editions", nargs="+", metavar="FILE", says="rebuilt file")
    _add_agency(add)
    arguments.add_fonts(add)
    _add_target(add, says="rebuilt to")


def _add_verify(add: ArgumentBuilder) -> None:
    """Add the arguments of ``archive verify``: files to identify, noted head, certificates."""
    add.option("files", nargs="*", metavar="FILE", says="verified file")
    add.typed_option("--head", kind=argument_types.text_type, metavar="CODE", says="known head")
    add.typed_option(
        "--trust", kind=argument_types.path_type, action="append", metavar="FILE", says="trust"
    )


def _add_stamp(add: ArgumentBuilder) -> None:
    """Add the arguments of ``archive stamp``: timestamp authority and user."""
    _add_authority(add, required=True)
    _add_user(add)


def _add_sign(add: ArgumentBuilder) -> None:
    """Add the arguments of ``archive sign``: key file, timestamp authority and user."""
    add.typed_option(
        "--key", kind=argument_types.path_type, required=True, metavar="FILE", says="key"
    )
    _add_authority(add)
    _add_user(add)


_ACTION_ARGUMENTS: dict[str, tuple[Callable[[ArgumentBuilder], None], ...]] = {
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
