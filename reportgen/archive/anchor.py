"""Anchors of the head: RFC 3161 timestamps and CMS signatures, kept in the archive.

The stamped or signed message is a statement of some lines that anybody can derive from a head,
so that ``openssl ts -verify`` and ``openssl cms -verify`` can check it without this program.
pyHanko does the cryptography; it is an extra: ``pip install 'reportgen[anchor]'``.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from reportgen.archive import log
from reportgen.archive.digests import sha256
from reportgen.archive.errors import ArchiveError, os_reason
from reportgen.archive.identifiers import ANCHORS, user_address
from reportgen.archive.repository import lock_archive, newest_state, now
from reportgen.archive.retrieval import load_files
from reportgen.archive.transaction import UnfinishedTransactionError, VersionChange, commit_version
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.archive.log import LogEntry
    from reportgen.archive.repository import Archive

TIMESTAMP, SIGNATURE = "timestamp", "signature"
STATEMENT = "statement.txt"
_TOKEN_NAMES = {TIMESTAMP: "token.tst", SIGNATURE: "signature.p7s"}
_TIMEOUT_S = 30  # for an authority's response
_MAX_RESPONSE_BYTES = 1 << 20
_STATEMENT = re.compile(
    rb"reportgen archive head 1\narchive [0-9a-f]{32}\nentry (\d{1,9})\nsha256 [0-9a-f]{64}\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A valid token, and the head that it vouches for."""

    kind: str  # TIMESTAMP or SIGNATURE
    number: int  # of the head's line
    time: str  # ISO 8601; by the authority, else as the signer states it
    signer: str
    trusted: bool  # by the given certificates


class _InvalidTokenError(Exception):
    """The token is invalid; ``args[0]`` gives the reason."""


def statement(archive: Archive, number: int) -> bytes:
    """Return the message that is stamped or signed for a line of the log.

    Four lines of ASCII: a title, the archive's identifier, the line's number, and its SHA-256.
    """
    text = f"archive {archive.entries[0].archive}\nentry {number}\n"
    return f"reportgen archive head 1\n{text}sha256 {archive.entries[number].hash}\n".encode()


def timestamp_head(
    archive: Archive, authority: str, user: str
) -> tuple[LogEntry | None, tuple[Problem, ...]]:
    """Have the head timestamped by an RFC 3161 authority (a URL), and archive the token.

    Return the log entry of the token, or None with the problems: E629 pyHanko is missing, E630 the
    authority refuses or cannot be reached; and those of archiving. Sends the hash of
    :func:`statement` over HTTP, no content of the archive.
    """
    number = archive.entries[-1].number
    message = statement(archive, number)
    try:
        token = asyncio.run(_request_timestamp(message, _time_stamper(authority)))
    except ImportError:
        return None, (make_problem("E629"),)
    except (OSError, ValueError, TypeError, HTTPException) as error:
        cause = os_reason(error) if not str(error) else str(error)[:200]
        return None, (make_problem("E630", found=authority, reason=cause),)
    return _archive_token(archive, TIMESTAMP, message, token, user)


def sign_head(
    archive: Archive, key: Path, passphrase: str, user: str, authority: str = ""
) -> tuple[LogEntry | None, tuple[Problem, ...]]:
    """Sign the head with a PKCS #12 key, timestamped if an authority is given; archive it.

    Return the log entry of the signature, or None with the problems: E629 pyHanko is missing, E632
    the key cannot be read, E630 the signing or the authority failed; and those of archiving.
    """
    message = statement(archive, archive.entries[-1].number)
    try:
        signer = _signer(key, passphrase)
    except ImportError:
        return None, (make_problem("E629"),)
    except (OSError, ValueError) as error:
        location = Location(file=str(key))
        return None, (make_problem("E632", location, reason=os_reason(error)),)
    try:
        stamper = _time_stamper(authority) if authority else None
        signing = signer.async_sign_general_data(message, "sha256", timestamper=stamper)
        token = asyncio.run(signing).dump()
    except (OSError, ValueError, TypeError, HTTPException) as error:
        return None, (make_problem("E630", found=authority, reason=str(error)[:200]),)
    return _archive_token(archive, SIGNATURE, message, token, user)


def _signer(key: Path, passphrase: str) -> Any:
    """Return a signer with the key of a PKCS #12 file; an empty passphrase is none.

    Raise ImportError without pyHanko, OSError or ValueError for a file or passphrase that is wrong.
    """
    from pyhanko.sign.signers import SimpleSigner

    return SimpleSigner.load_pkcs12_data(key.read_bytes(), (), passphrase.encode() or None)


def _time_stamper(authority: str) -> Any:
    """Return pyHanko's timestamp client, with an HTTP client of the standard library.

    It sends nothing yet. Raise ImportError without pyHanko.
    """
    from asn1crypto import tsp
    from pyhanko.sign.timestamps.api import TimeStamper

    class Client(TimeStamper):
        async def async_request_tsa_response(self, req: Any) -> Any:
            """Send a timestamp request to the authority; return its decoded response."""
            return tsp.TimeStampResp.load(_post_query(authority, req.dump()))

    client: Any = Client
    return client()


def _post_query(url: str, content: bytes) -> bytes:
    """Send a timestamp query to an HTTP address and return the reply, at most 1 MiB of it.

    Waits _TIMEOUT_S seconds for a response. Raise ValueError for a URL that is not HTTP, OSError or
    HTTPException if the exchange fails.
    """
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        raise ValueError("http:// or https:// is wanted")
    headers = {
        "Content-Type": "application/timestamp-query",
        "Accept": "application/timestamp-reply",
    }
    request = Request(url, content, headers)
    with urlopen(request, timeout=_TIMEOUT_S) as response:
        body: bytes = response.read(_MAX_RESPONSE_BYTES)
        return body


async def _request_timestamp(message: bytes, stamper: Any) -> bytes:
    """Return the DER-encoded timestamp token of a message's SHA-256 from the authority.

    Raises whatever the exchange or pyHanko raises: OSError, ValueError, TypeError, HTTPException.
    """
    from hashlib import sha256 as new_sha256

    token = await stamper.async_timestamp(new_sha256(message).digest(), "sha256")
    encoded: bytes = token.dump()
    return encoded


def _archive_token(
    archive: Archive, kind: str, message: bytes, token: bytes, user: str
) -> tuple[LogEntry | None, tuple[Problem, ...]]:
    """Archive a token with its message as a new version that keeps the earlier ones.

    Takes the write lock. Return the entry, or None with the problems (E609 if the version is
    committed but could not be finished now).
    """
    number = archive.entries[-1].number
    folder = f"{number:06d}-{kind}-{sha256(token)[:8]}"
    files = {f"{folder}/{STATEMENT}": message, f"{folder}/{_TOKEN_NAMES[kind]}": token}
    try:
        with lock_archive(archive.root, create=False) as locked:
            entry = log.LogEntry(number=0, previous="", time=now(), kind=log.ANCHOR, object=ANCHORS)
            change = VersionChange(
                entry=entry,
                files=files,
                inherited=newest_state(locked, ANCHORS),
                message=f"{kind} of entry {number}",
                user=user,
                address=user_address(user),
            )
            return commit_version(locked.root, locked.entries, locked.size, change), ()
    except ArchiveError as refused:
        return None, refused.problems
    except UnfinishedTransactionError as error:
        fields = {"edition": kind, "reason": error.args[0]}
        return None, (make_problem("E609", Location(file=str(archive.root)), **fields),)


def verify_anchors(
    archive: Archive, roots: tuple[bytes, ...] = ()
) -> tuple[tuple[Anchor, ...], tuple[Problem, ...]]:
    """Verify every token against the log; ``roots`` are the trusted certificates, PEM or DER.

    Return the valid tokens, oldest first, trusted or not, and the problems: E631 a token is of
    another log, or damaged; W603 it is not trusted; W604 pyHanko is missing, so nothing was checked
    and no anchor is returned; those of :func:`load_files`.
    """
    anchors: list[Anchor] = []
    problems: list[Problem] = []
    for entry in archive.entries:
        if entry.kind != log.ANCHOR:
            continue
        for folder, kind, message, token, load_problems in _archived_tokens(archive, entry):
            problems += load_problems
            if message is None or token is None:
                continue
            location = Location(file=folder)
            try:
                anchored = _check_token(archive, entry, kind, (message, token), roots)
            except ImportError:
                return (), (*problems, make_problem("W604"))
            except _InvalidTokenError as error:
                problems.append(make_problem("E631", location, reason=error.args[0]))
                continue
            anchors.append(anchored)
            if not anchored.trusted:
                problems.append(make_problem("W603", location, found=anchored.signer))
    return tuple(anchors), tuple(problems)


def _archived_tokens(
    archive: Archive, entry: LogEntry
) -> Iterator[tuple[str, str, bytes | None, bytes | None, tuple[Problem, ...]]]:
    """Yield folder, kind, message, token and problems of each token that an entry archived.

    Message and token are None if they cannot be read intact. The problems of the whole entry come
    with its first token; they are empty with the others.
    """
    files, problems = load_files(archive, entry)
    for file in entry.files:
        folder, _, name = file.path.rpartition("/")
        for kind, token in _TOKEN_NAMES.items():
            if name == token:
                yield (
                    folder,
                    kind,
                    files.get(f"{folder}/{STATEMENT}"),
                    files.get(file.path),
                    problems,
                )
                problems = ()


def _check_token(
    archive: Archive,
    entry: LogEntry,
    kind: str,
    token: tuple[bytes, bytes],
    roots: tuple[bytes, ...],
) -> Anchor:
    """Return the anchor for a token that is valid for this archive.

    ``token`` is its statement and its bytes; ``entry`` the line that archived it, which must come
    after the line that it vouches for. Raise _InvalidTokenError if it is invalid or for another
    log.
    """
    message, content = token
    match = _STATEMENT.fullmatch(message)
    number = int(match[1]) if match else -1
    if not 0 <= number < min(entry.number, len(archive.entries)):
        raise _InvalidTokenError("no such entry")
    if message != statement(archive, number):
        raise _InvalidTokenError(f"entry {number} is another")
    moment = datetime.fromisoformat(entry.time)
    try:
        check_one = _check_timestamp if kind == TIMESTAMP else _check_signature
        time, signer, trusted = asyncio.run(check_one(message, content, roots, moment))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _InvalidTokenError(str(error)[:200] or type(error).__name__) from error
    return Anchor(
        kind=kind,
        number=number,
        time=time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        signer=signer,
        trusted=trusted,
    )


def _validation_context(roots: tuple[bytes, ...], moment: datetime) -> Any:
    """Return a validation context that trusts some certificates, as of a moment.

    ``roots`` are files' contents: PEM, with one certificate or more, or DER. Nothing is fetched
    from the network. Raise ImportError without pyHanko, ValueError for what is no certificate.
    """
    from asn1crypto import pem, x509
    from pyhanko_certvalidator import ValidationContext

    ders = []
    for certificate in roots:
        is_pem = pem.detect(certificate)
        ders += (
            [part for _, _, part in pem.unarmor(certificate, multiple=True)]
            if is_pem
            else [certificate]
        )
    trusted = [x509.Certificate.load(der) for der in ders]
    return ValidationContext(trust_roots=trusted, moment=moment, allow_fetching=False)


async def _check_timestamp(
    message: bytes, content: bytes, roots: tuple[bytes, ...], moment: datetime
) -> tuple[datetime, str, bool]:
    """Verify an RFC 3161 timestamp; return time, signer, and whether the roots vouch for it.

    The certificates are judged as of that time, not of ``moment``. Raise _InvalidTokenError or
    ValueError if it does not fit the message.
    """
    import hashlib

    from asn1crypto import cms
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus

    signed = cms.ContentInfo.load(content, strict=True)["content"]
    time = signed["encap_content_info"]["content"].parsed["gen_time"].native
    status = TimestampSignatureStatus(
        **await validate_tst_signed_data(
            signed,
            _validation_context(roots, time),
            lambda name: hashlib.new(name, message).digest(),
        )
    )
    return _signer_and_time(status, time)


async def _check_signature(
    message: bytes, content: bytes, roots: tuple[bytes, ...], moment: datetime
) -> tuple[datetime, str, bool]:
    """Verify a detached CMS signature.

    Return time, signer, and whether the roots vouch for it. The time is that of an embedded
    timestamp, else the signer's, else ``moment``.
    """
    from asn1crypto import cms
    from pyhanko.sign.validation import async_validate_detached_cms
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    signed = cms.ContentInfo.load(content, strict=True)["content"]
    status = await async_validate_detached_cms(
        message, signed, _validation_context(roots, moment), key_usage_settings=usage
    )
    stamped = status.timestamp_validity
    if stamped is not None and not (stamped.intact and stamped.valid):
        raise _InvalidTokenError("timestamp")
    return _signer_and_time(
        status, (stamped and stamped.timestamp) or status.signer_reported_dt or moment
    )


def _signer_and_time(status: Any, time: datetime) -> tuple[datetime, str, bool]:
    """Return time, signer's name, and whether it is trusted.

    Raise _InvalidTokenError if not intact.
    """
    if not (status.intact and status.valid):
        raise _InvalidTokenError("not intact")
    return time, status.signing_cert.subject.human_friendly, bool(status.trusted)


def read_roots(paths: tuple[Path, ...]) -> tuple[tuple[bytes, ...], tuple[Problem, ...]]:
    """Return the contents of files of certificates, in order, without unusable ones, and problems.

    E632 for a file that cannot be read or has no certificate; E629 alone if pyHanko is missing.
    """
    certificates: list[bytes] = []
    problems: list[Problem] = []
    if paths:
        try:
            _validation_context((), datetime.now(UTC))
        except ImportError:
            return (), (make_problem("E629"),)
    for path in paths:
        try:
            content = path.read_bytes()
            _validation_context((content,), datetime.now(UTC))
        except (OSError, ValueError, TypeError) as error:
            problems.append(make_problem("E632", Location(file=str(path)), reason=os_reason(error)))
        else:
            certificates.append(content)
    return tuple(certificates), tuple(problems)
