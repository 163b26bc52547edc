"""Reasons why a call in another process has failed."""

from __future__ import annotations

import re
import signal
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from reportgen.processes.resource_limits import Limits

_MAX_MESSAGE_CHARS: Final = 200
_FIRST_WINDOWS_EXCEPTION: Final = 0x80000000  # an exit code from here on: a crash
_WINDOWS_EXCEPTIONS: Final = {  # and the signals that mean the same
    0x80000003: "SIGTRAP",  # so ends GLib
    0xC0000005: "SIGSEGV",
    0xC0000017: "SIGABRT",  # no memory
    0xC000001D: "SIGILL",
    0xC00000FD: "SIGSEGV",  # no stack
}


class EndReason(Enum):
    """The reason why a call has failed, and the meaning of :attr:`CallFailedError.detail`."""

    TIMEOUT = auto()  # the limit in seconds
    MEMORY = auto()  # the limit in bytes
    SIGNAL = auto()  # the signal's name, such as SIGSEGV
    EXIT = auto()  # the exit code
    EXCEPTION = auto()  # the exception's type and message
    START_FAILED = auto()  # the exception's type and message


class TracebackLine(NamedTuple):
    """A line that was being executed when a call ended."""

    file: str
    line: int


class CallFailedError(Exception):
    """A call ended without a result. ``traceback_lines`` are innermost first."""

    def __init__(
        self,
        reason: EndReason,
        detail: float | str,
        traceback_lines: tuple[TracebackLine, ...] = (),
    ) -> None:
        super().__init__(reason, detail, traceback_lines)  # the arguments for unpickling
        self.reason = reason
        self.detail = detail
        self.traceback_lines = traceback_lines

    def __str__(self) -> str:
        match self.reason:
            case EndReason.TIMEOUT:
                return f"> {self.detail:.0f} s"
            case EndReason.MEMORY:
                return f"> {float(self.detail) / 1e9:.1f} GB"
            case EndReason.EXIT:
                return f"exit {self.detail}"
        return str(self.detail)


class DeadlineExceededError(BaseException):
    """Raised in a child by its soft timeout. No ``except Exception`` of a library catches it."""


def timed_out(limits: Limits, lines: tuple[TracebackLine, ...] = ()) -> CallFailedError:
    """Return the error of a call that took longer than it may, with its limit in seconds."""
    return CallFailedError(EndReason.TIMEOUT, limits.max_total_seconds or limits.seconds, lines)


def from_exception(
    error: BaseException, limits: Limits, *, with_lines: bool = True
) -> CallFailedError:
    """Return the CallFailedError for an exception: timeout, lack of memory, or any other.

    Its lines are those of the traceback, or none unless ``with_lines``, which saves memory.
    """
    lines = lines_of(error) if with_lines else ()
    if isinstance(error, DeadlineExceededError):
        return timed_out(limits, lines)
    if isinstance(error, MemoryError):
        return CallFailedError(EndReason.MEMORY, limits.memory, lines)
    return CallFailedError(EndReason.EXCEPTION, describe(error), lines)


def from_exit(code: int | None, limits: Limits | None = None, dump: str = "") -> CallFailedError:
    """Return the error of a process that ended by itself or was killed: TIMEOUT, SIGNAL or EXIT.

    ``code`` is negative for a signal, None if unknown; ``dump`` is what :mod:`faulthandler` has
    written, whose lines become the traceback's.
    """
    lines = _dumped_lines(dump)
    if limits and dump.startswith("Timeout"):  # the hard timeout of faulthandler
        return timed_out(limits, lines)
    if code is not None and code < 0:
        return CallFailedError(EndReason.SIGNAL, signal.Signals(-code).name, lines)
    if code is not None and code >= _FIRST_WINDOWS_EXCEPTION:
        crash = _WINDOWS_EXCEPTIONS.get(code, f"0x{code:08X}")
        return CallFailedError(EndReason.SIGNAL, crash, lines)
    return CallFailedError(EndReason.EXIT, code or 0, lines)


def start_failed(error: Exception) -> CallFailedError:
    """Return the error of a process that could not be started, as at a user's process limit."""
    return CallFailedError(EndReason.START_FAILED, describe(error))


def describe(error: BaseException) -> str:
    """Return an exception's type and message, at most _MAX_MESSAGE_CHARS long."""
    return f"{type(error).__name__}: {error}"[:_MAX_MESSAGE_CHARS]


def lines_of(error: BaseException) -> tuple[TracebackLine, ...]:
    """Return the lines of an exception's traceback, innermost first."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return tuple(TracebackLine(frame.filename, frame.lineno or 1) for frame in reversed(frames))


def _dumped_lines(dump: str) -> tuple[TracebackLine, ...]:
    """Parse a dump of faulthandler: innermost first, file names in ASCII with escapes."""
    return tuple(
        TracebackLine(re.sub(r"\\x(..)|\\u(....)|\\U(.{8})", _unescape, file), int(line))
        for file, line in re.findall(r'File "(.*?)", line (\d+) in', dump)
    )


def _unescape(match: re.Match[str]) -> str:
    """Return the character of an escape with its hexadecimal code."""
    return chr(int(match[1] or match[2] or match[3], 16))


__all__ = ["CallFailedError", "DeadlineExceededError", "EndReason", "TracebackLine"]
