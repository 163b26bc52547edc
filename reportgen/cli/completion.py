"""Shell completion, made from the parser of the command line by shtab."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

import shtab

from reportgen.cli.argument_parser import make_parser
from reportgen.documents import DOCUMENT_KINDS, FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.problems.problem import Language

_WORKBOOK: Final = shtab.glob("*.xlsx", "*.xlsm", "*.ods")
# What an argument completes to, by what its help calls it.
_COMPLETIONS: Final[dict[str, Any]] = {
    "FILE": shtab.FILE,
    "FOLDER": shtab.DIRECTORY,
    "WORKBOOK": _WORKBOOK,
    "OLD": _WORKBOOK,
    "NEW": _WORKBOOK,
    "KEY": shtab.FILE,
    "PART": shtab.FILE,  # or a folder, which shells complete with files
}
_WORDS: Final = {  # of a list, whose first word is completed
    "formats": FORMATS,
    "documents": tuple(name for name, kind in DOCUMENT_KINDS.items() if kind.content),
}


def completion_script(shell: str, language: Language) -> str:
    """Return the completion script for a shell, with descriptions in a language."""
    parser = make_parser(language)
    for action in actions(parser):
        if action.dest in _WORDS:
            action.complete = shtab.cmd(f"echo {' '.join(_WORDS[action.dest])}")  # type: ignore[attr-defined]
        elif action.metavar in _COMPLETIONS:
            action.complete = _COMPLETIONS[action.metavar]  # type: ignore[attr-defined]
    return shtab.complete(parser, shell)


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments and options of a parser and of all its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from actions(command)
