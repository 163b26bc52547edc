"""Bytes and their digests: SHA-512 as OCFL asks, SHA-256 as everybody can compute."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.archive import durable_io

if TYPE_CHECKING:
    from collections.abc import Iterable

Content = bytes | Path  # a file's bytes, or the file that holds them


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The digests that identify some bytes, in lower-case hexadecimal."""

    sha512: str
    sha256: str
    size: int  # bytes


def content_chunks(content: Content) -> Iterable[bytes]:
    """Return the bytes of a content in pieces: a file's in chunks, given bytes as one.

    Raise OSError while iterating if a file cannot be read. A link to a file is followed.
    """
    return durable_io.read_chunks(content.resolve()) if isinstance(content, Path) else (content,)


def digests(parts: Iterable[bytes]) -> Digests:
    """Return SHA-512, SHA-256 and size in bytes of a content that comes in parts."""
    sha512_hash, sha256_hash, size = hashlib.sha512(), hashlib.sha256(), 0
    for part in parts:
        sha512_hash.update(part)
        sha256_hash.update(part)
        size += len(part)
    return Digests(sha512=sha512_hash.hexdigest(), sha256=sha256_hash.hexdigest(), size=size)


def sha512(content: bytes) -> str:
    """Return the SHA-512 of a content in hexadecimal digits."""
    return hashlib.sha512(content).hexdigest()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a content in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
