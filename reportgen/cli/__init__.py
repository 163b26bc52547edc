"""The command line: the only place that prints, reads the environment and picks exit codes.

Environment variables: ``REPORTGEN_LANG`` (``zh-TW`` or ``en``, as ``--lang``), ``REPORTGEN_ODF``
(as ``--odf``, unless it is blank, 0, no or false), ``REPORTGEN_PASSWORD`` (of ``serve``) and
``REPORTGEN_KEY_PASSPHRASE`` (of ``archive sign``).
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (see :class:`reportgen.problems.ExitCode`).

    The code is 130 after Ctrl-C and 143 after SIGTERM, as in shells.
    """
    try:
        from reportgen.cli import signal_state

        with signal_state.track_signals():
            return _run_command(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:  # before a command runs, which reports it itself
        return _interrupted_exit_code()


def _interrupted_exit_code() -> int:
    """Return the exit code of a program that a signal has interrupted."""
    from reportgen.cli import signal_state

    return signal_state.signal_exit_code()


def _run_command(arguments: list[str]) -> int:
    """Parse the arguments, run the command and return its exit code.

    The streams and the garbage collector are set up first. Raise SystemExit for help, version and
    wrong usage.
    """
    from reportgen.cli.argument_parser import parse
    from reportgen.cli.cli_translations import choose_language
    from reportgen.processes.gc_policy import use_program_thresholds

    _open_streams()
    use_program_thresholds()
    language = choose_language(arguments, os.environ)
    odf = os.environ.get("REPORTGEN_ODF", "").strip().lower() not in {"", "0", "no", "false"}
    options = parse(arguments, language, odf=odf)
    from reportgen.cli import commands

    return commands.run_command(options, language)


def _open_streams() -> None:
    """Set the streams to UTF-8, with escapes for the rest; open null devices for closed ones.

    While standard error is closed, the next pipe or file that is opened would get its number, and
    receive all messages.
    """
    for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            with suppress(OSError):
                while os.open(os.devnull, os.O_RDWR) < number:
                    pass
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif number and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
