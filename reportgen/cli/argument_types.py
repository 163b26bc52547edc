"""Types of option values; each rejects invalid values in the user's language."""

from __future__ import annotations

import ipaddress
import re
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.cli.cli_translations import translate
from reportgen.documents import DOCUMENT_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.problems.problem import Language
    from reportgen.web.public_url import PublicUrl

# Documents of more than one workbook have their own commands.
_OTHER_COMMANDS: Final = {"comparison": "reportgen compare", "rollup": "reportgen collect"}


def text_type(language: Language) -> Callable[[str], str]:
    """Return a parser of any text but a blank one, which is an unset variable of a script."""

    def parse_text(argument: str) -> str:
        """Return the text; raise ArgumentTypeError for a blank one."""
        if not argument.strip():
            raise ArgumentTypeError(translate("empty", language))
        return argument

    return parse_text


def path_type(language: Language) -> Callable[[str], Path]:
    """Return a parser of paths, which need not exist; a blank one is rejected."""
    parse_text = text_type(language)
    return lambda argument: Path(parse_text(argument))


def workbook_path_type(language: Language) -> Callable[[str], Path]:
    """Return a parser of paths that end with .xlsx or .ods."""
    parse_path = path_type(language)

    def parse_workbook_path(argument: str) -> Path:
        """Return the path; raises ArgumentTypeError for another suffix."""
        path = parse_path(argument)
        if path.suffix.lower() not in {".xlsx", ".ods"}:
            raise ArgumentTypeError(translate("not a workbook name", language, found=argument))
        return path

    return parse_workbook_path


def public_url_type(language: Language) -> Callable[[str], PublicUrl]:
    """Return a parser of the URL of a reverse proxy, ``https://host/path/``."""

    def parse_url(argument: str) -> PublicUrl:
        """Return the URL's parts; raise ArgumentTypeError for any other text."""
        from reportgen.web.public_url import parse_public_url

        url = parse_public_url(argument)
        if url is None:
            raise ArgumentTypeError(translate("no public URL", language, found=argument))
        return url

    return parse_url


def header_type(language: Language) -> Callable[[str], str]:
    """Return a parser of the name of an HTTP header, such as ``X-Forwarded-User``."""

    def parse_header(argument: str) -> str:
        """Return the name; raise ArgumentTypeError for any other text."""
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", argument.strip()):
            raise ArgumentTypeError(translate("no header", language, found=argument))
        return argument.strip()

    return parse_header


def network_type(language: Language) -> Callable[[str], str]:
    """Return a parser of an IP address or a network, ``172.18.0.0/16``, which stays a text."""

    def parse_network(argument: str) -> str:
        """Return the network; raise ArgumentTypeError for any other text."""
        try:
            return str(ipaddress.ip_network(argument.strip(), strict=False))
        except ValueError:
            raise ArgumentTypeError(translate("no network", language, found=argument)) from None

    return parse_network


def folder_type(language: Language) -> Callable[[str], Path]:
    """Return a parser of existing folders; any other path is rejected."""
    parse_text = text_type(language)

    def parse_folder(argument: str) -> Path:
        """Return the path of an existing folder; raise ArgumentTypeError for any other."""
        if not Path(parse_text(argument)).is_dir():
            raise ArgumentTypeError(translate("no such folder", language, found=argument))
        return Path(argument)

    return parse_folder


def number_type(minimum: int, maximum: int, language: Language) -> Callable[[str], int]:
    """Return a parser of whole numbers from ``minimum`` to ``maximum``, both included.

    Signs and spaces are rejected.
    """

    def parse_number(argument: str) -> int:
        """Return a number from ``minimum`` to ``maximum``.

        Raise ArgumentTypeError for any other text.
        """
        if not argument.isdecimal() or not minimum <= int(argument) <= maximum:
            choices = f"{minimum}–{maximum}"
            raise ArgumentTypeError(
                translate("unknown choice", language, found=argument, choices=choices)
            )
        return int(argument)

    return parse_number


def documents_type(language: Language) -> Callable[[str], tuple[str, ...]]:
    """Return a parser of comma-separated document names, each once.

    Names of other commands' documents are rejected with the command; whether a template exists is
    checked by the build.
    """

    def parse_documents(argument: str) -> tuple[str, ...]:
        """Return the names in a list of documents, each once.

        Raise ArgumentTypeError for none, an invalid one, or one of another command.
        """
        parts = _split_list(argument)
        for part in parts:
            if part in _OTHER_COMMANDS:
                command = _OTHER_COMMANDS[part]
                raise ArgumentTypeError(
                    translate("elsewhere", language, found=part, command=command)
                )
        if not parts or not all(DOCUMENT_NAME.fullmatch(part) for part in parts):
            choices = "scorecard, results, …"
            raise ArgumentTypeError(
                translate("unknown choice", language, found=argument, choices=choices)
            )
        return parts

    return parse_documents


def subset_type(allowed: tuple[str, ...], language: Language) -> Callable[[str], tuple[str, ...]]:
    """Return a parser of one or more of the ``allowed`` names, separated by commas, each once."""

    def parse_names(argument: str) -> tuple[str, ...]:
        """Return the names in a list.

        Raise ArgumentTypeError for none, or one that is not allowed.
        """
        parts = _split_list(argument)
        choices = ", ".join(allowed)
        for part in parts:
            if part not in allowed:
                raise ArgumentTypeError(
                    translate("unknown choice", language, found=part, choices=choices)
                )
        if not parts:
            raise ArgumentTypeError(translate("no choice", language, choices=choices))
        return parts

    return parse_names


def _split_list(argument: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated list, each once, blank ones left out."""
    return tuple(dict.fromkeys(part.strip() for part in argument.split(",") if part.strip()))


__all__ = ["documents_type", "folder_type", "number_type", "path_type", "subset_type", "text_type"]
