"""Bytes from one process to another, by a pipe that other processes may have open as well."""

from __future__ import annotations

import os
from contextlib import suppress
from struct import Struct
from typing import Final

LENGTH: Final = Struct("<Q")  # of a message, before it


class Later:
    """Bytes that a child is handed while it works, by a process that makes them meanwhile.

    Made before the child is forked; without a fork there is nothing to make them meanwhile.
    """

    def __init__(self) -> None:
        self._taken, self._given = os.pipe()

    def give(self, content: bytes) -> None:
        """In the parent, once the child runs; waits until they are taken, or the child is gone."""
        os.close(self._taken)
        with suppress(BrokenPipeError):
            write_message(self._given, content)
        os.close(self._given)

    def take(self) -> bytes:
        """In the child, once; waits for them."""
        os.close(self._given)
        content = read_message(self._taken)  # its end would not come while forks have it open
        os.close(self._taken)
        if content is None:
            raise EOFError
        return content


def write_message(pipe: int, content: bytes) -> None:
    """Write bytes whose reader is told how many they are."""
    rest = memoryview(LENGTH.pack(len(content)) + content)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def read_message(pipe: int) -> bytes | None:
    """The bytes of one message; None where nobody is left to write one."""
    content = bytearray()
    wanted = LENGTH.size
    while len(content) < wanted:
        part = os.read(pipe, wanted - len(content))
        if not part:
            return None
        content += part
        if len(content) == wanted == LENGTH.size:
            wanted += LENGTH.unpack(content)[0]
    return bytes(content[LENGTH.size :])


__all__ = ["LENGTH", "Later", "read_message", "write_message"]
