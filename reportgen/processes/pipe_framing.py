"""Length-prefixed messages over a pipe that other processes may hold open as well.

End of file cannot mark the end of a message there: it comes only when the last holder has closed.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from struct import Struct
from typing import Final

LENGTH_PREFIX: Final = Struct("<Q")
_CHUNK: Final = 1 << 20  # bytes that are read at once


class DeferredBytes:
    """Bytes that a forked child receives while it runs, because its parent still makes them.

    Must be created before the fork. Without a fork nothing can be deferred.
    """

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()

    def send(self, content: bytes) -> None:
        """Send from the parent, after the fork; return once they are read or the child is gone.

        Must be called once: it closes the pipe.
        """
        os.close(self._read_end)
        with suppress(BrokenPipeError):
            write_message(self._write_end, content)
        os.close(self._write_end)

    def receive(self) -> bytes:
        """Wait for the bytes, in the child, and return them; must be called at most once.

        Raise EOFError if the parent ends without sending any.
        """
        os.close(self._write_end)
        content = read_message(self._read_end)
        os.close(self._read_end)
        if content is None:
            raise EOFError
        return content


def write_message(pipe: int, content: bytes) -> None:
    """Write a message whole, however long the reader takes.

    Raise BrokenPipeError without a reader.
    """
    for part in (LENGTH_PREFIX.pack(len(content)), content):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(pipe, rest) :]


def read_message(pipe: int, deadline: float | None = None) -> bytes | None:
    """Return one message, or None at end of file, also in the midst of one.

    ``deadline`` is a time of ``time.monotonic()``; raise TimeoutError once it has passed. None
    waits for ever.
    """
    prefix = _read_exactly(pipe, LENGTH_PREFIX.size, deadline)
    return prefix and _read_exactly(pipe, LENGTH_PREFIX.unpack(prefix)[0], deadline)


def _read_exactly(pipe: int, size: int, deadline: float | None) -> bytes | None:
    """Return ``size`` bytes of a pipe, or None if it ends before.

    Raise TimeoutError beyond the deadline (monotonic seconds).
    """
    parts: list[bytes] = []
    while size:
        if deadline is not None:
            _wait_until_readable(pipe, deadline)
        part = os.read(pipe, min(size, _CHUNK))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _wait_until_readable(pipe: int, deadline: float) -> None:
    """Wait until a pipe has data; raise TimeoutError beyond the deadline (monotonic seconds)."""
    from select import POLLIN, poll  # not on Windows

    poller = poll()
    poller.register(pipe, POLLIN)
    if not poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError


__all__ = ["LENGTH_PREFIX", "DeferredBytes", "read_message", "write_message"]
