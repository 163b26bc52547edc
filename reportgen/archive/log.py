"""The log: one line for each version of an object, hash-chained to the line before.

A line is the SHA-256 of its JSON, a space, the JSON. In the JSON, ``previous`` is the SHA-256 of
the line before, so the last one (the head) vouches for all of them, and ``inventory`` is the
SHA-512 of the version's inventory, which vouches for every byte of the version. Whoever has kept
a head can detect whether anything before it was altered, rewritten or removed.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from reportgen.archive.digests import sha256
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "log.txt"
FORMAT = 1
GENESIS_HASH = "0" * 64  # ``previous`` of the first line
CREATED, EDITION, REPRINT, FONTS, ANCHOR = "created", "edition", "reprint", "fonts", "anchor"
APPROVAL = "approval"
_LOG_LINE = re.compile(rb"([0-9a-f]{64}) (\{.*\})\n")
_CROCKFORD_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U
_CODE_CHARS = 20  # of 5 bits each, few enough to copy by hand
_HEAD_CODE = re.compile(rf"(\d+)-([{_CROCKFORD_BASE32}]{{{_CODE_CHARS}}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of an archived version."""

    path: str
    sha256: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A line of the log. ``number`` 0 is the creation of the archive."""

    number: int
    previous: str
    time: str  # ISO 8601, UTC
    kind: str
    object: str = ""  # OCFL identifier
    version: int = 0
    inventory: str = ""  # SHA-512 of the version's inventory
    agency: str = ""
    edition: str = ""
    reprint: int = 0  # 0: the edition's first print
    status: str = ""  # 資料狀態
    printed: str = ""  # ISO 8601 day
    files: tuple[StoredFile, ...] = ()
    archive: str = ""  # of the creation: identifies this archive
    hash: str = ""  # of the line itself, not part of its JSON

    @property
    def name(self) -> str:
        """The name that people use: ``105-12-25``, ``105-12-25#2`` for the second reprint."""
        return f"{self.edition}#{self.reprint}" if self.reprint else self.edition

    @property
    def is_edition(self) -> bool:
        """True for an edition or a reprint, not for fonts, anchors or approvals."""
        return self.kind in (EDITION, REPRINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last line of a log, identified by its number and hash."""

    number: int
    hash: str

    @property
    def code(self) -> str:
        """The head in a form to copy by hand: ``12-7K3M9-QX2WB-5DH0P-A4T6E``."""
        letters = _encode_base32(self.hash)
        return "-".join(
            [str(self.number), *(letters[start : start + 5] for start in range(0, 20, 5))]
        )

    def is_of(self, entry: LogEntry) -> bool:
        """Return whether an entry is the head's line, by number and hash.

        A head from a code has only the first 100 bits of the hash, which are compared alone.
        """
        return self.number == entry.number and entry.hash.startswith(self.hash)


def _encode_base32(digest: str) -> str:
    """Return the first 100 bits of a hexadecimal digest as 20 characters of Crockford's Base32."""
    bits = int(digest[:25], 16)
    return "".join(_CROCKFORD_BASE32[bits >> shift & 31] for shift in range(95, -1, -5))


def parse_head(text: str) -> Head | None:
    """Return a head that was printed or written down, or None for any other text.

    ``12-7K3M9-QX2WB-5DH0P-A4T6E`` is one, and so is ``12:`` with the whole hash in hexadecimal.
    Lower case, spaces and missing dashes are accepted; O is read as 0, I and L as 1. Whether it is
    a head of any archive is not checked.
    """
    compact = re.sub(r"\s", "", text)
    if match := re.fullmatch(r"(\d{1,9}):([0-9a-fA-F]{64})", compact):
        return Head(number=int(match[1]), hash=match[2].lower())
    number, _, code = compact.upper().partition("-")
    letters = code.replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
    match = _HEAD_CODE.fullmatch(f"{number}-{letters}")
    if match is None or len(number) > 9 or not number.isascii():
        return None
    bits = 0
    for letter in match[2]:
        bits = bits << 5 | _CROCKFORD_BASE32.index(letter)
    return Head(number=int(number), hash=f"{bits:025x}")


def head(entries: Sequence[LogEntry]) -> Head:
    """Return the head of a log with at least one line."""
    return Head(number=entries[-1].number, hash=entries[-1].hash)


def format_line(fields: Mapping[str, Any]) -> bytes:
    """Return JSON fields as a line of the log: SHA-256 and canonical JSON, in UTF-8."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return f"{sha256(text)} ".encode() + text + b"\n"


def parse_line(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object of a line, or None if its form or its SHA-256 is wrong."""
    match = _LOG_LINE.fullmatch(content)
    if match is None or sha256(match[2]).encode() != match[1]:
        return None
    try:
        content_json = json.loads(match[2])
    except (ValueError, RecursionError):
        return None
    return content_json if isinstance(content_json, dict) else None


def entry_line(entry: LogEntry) -> bytes:
    """Return an entry as a line of the log, without empty fields; line 0 states the format."""
    json_fields = {
        name: value for name, value in asdict(entry).items() if value or name == "number"
    }
    json_fields.pop("hash", None)
    if entry.number == 0:
        json_fields["format"] = FORMAT
    return format_line(json_fields)


def parse_log(content: bytes) -> tuple[tuple[LogEntry, ...], tuple[Problem, ...]]:
    """Return the entries of a log that can be parsed, and its problems.

    E615 for each line that is damaged, or breaks the hash chain (it is kept among the entries if it
    can be parsed), and for an empty log. E606 alone, without entries, if the log has a later
    format. Line numbers of problems count from 1.
    """
    entries: list[LogEntry] = []
    problems: list[Problem] = []
    previous = GENESIS_HASH
    for number, text in enumerate(content.splitlines(keepends=True)):
        json_fields = parse_line(text)
        if number == 0 and json_fields and json_fields.get("format", FORMAT) != FORMAT:
            return (), (
                make_problem("E606", Location(file=NAME, line=1), found=json_fields["format"]),
            )
        entry = None if json_fields is None else _parse_entry(json_fields, text[:64].decode())
        if entry is None or entry.number != number or entry.previous != previous:
            problems.append(make_problem("E615", Location(file=NAME, line=number + 1)))
        if entry is not None:
            entries.append(entry)
        previous = text[:64].decode("ascii", "replace")
    if not content:
        problems.append(make_problem("E615", Location(file=NAME, line=1)))
    return tuple(entries), tuple(problems)


def _parse_entry(json_fields: dict[str, Any], digest: str) -> LogEntry | None:
    """Return the entry of a line's JSON object, or None for wrong fields or types.

    ``digest`` is the line's SHA-256, which becomes the entry's hash; it is not checked here.
    """
    json_fields = {name: value for name, value in json_fields.items() if name != "format"}
    try:
        files = tuple(StoredFile(**file) for file in json_fields.pop("files", ()))
        entry = LogEntry(**json_fields, files=files, hash=digest)
    except TypeError:
        return None
    records: tuple[LogEntry | StoredFile, ...] = (entry, *files)
    return entry if all(_is_well_typed(record) for record in records) else None


_NUMERIC_FIELDS = frozenset({"number", "version", "reprint", "size"})


def _is_well_typed(record: LogEntry | StoredFile) -> bool:
    """Return whether all numbers of an entry or file are integers from 0, and all else is text.

    The files of an entry are not looked into.
    """
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if name == "files":
            continue
        if name in _NUMERIC_FIELDS:
            if type(value) is not int or value < 0:
                return False
        elif not isinstance(value, str):
            return False
    return True
