"""The command line: the only place that prints, reads the environment and picks exit codes."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from reportgen.cli.parser import parse
from reportgen.cli.words import choose_language

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code (see :class:`reportgen.problems.ExitCode`)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # A layout makes millions of small objects that live until it ends; looking through them over
    # and over for rubbish took a tenth of a build.
    gc.set_threshold(50_000, 20, 20)
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = choose_language(given, os.environ)
    options = parse(given, language)
    from reportgen.cli import commands

    return commands.run(options, language)
