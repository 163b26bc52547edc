"""An approval slip: who approved which bytes, in which round, as a JSON file.

A slip is bound to an archived version of an edition: to the line of the log, to the digest of each
document, of the workbook and templates behind them, and of the computed figures; and to the slip
before it. ``sha256sum`` and a text editor are all that is needed to check it by hand.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import RocDate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.approval.slip_schema import SlipForm

SCHEMA: Final = "reportgen.approval-slip/1"
NO_PREVIOUS_SLIP: Final = "0" * 64
SLIP_FILE, SIGNATURE_FILE, KEY_FILE = "slip.json", "slip.sig", "key.pem"
MAX_NAMES = 10  # of one slip
MAX_NAME_CHARS = 40
MAX_REMARK_CHARS = 500


class Action(StrEnum):
    """The purpose of a slip: an approval, or the withdrawal (撤回) of one."""

    APPROVE = "approve"
    WITHDRAW = "withdraw"


class InvalidSlipError(ValueError):
    """The bytes are no slip of this program; ``args[0]`` gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """An approval of an archived version of an edition, or its withdrawal.

    Digests are SHA-256 in hexadecimal digits.
    """

    archive: str  # identifies the archive
    agency: str
    edition: str  # 105-12-25
    reprint: int  # 0: the edition's first print
    entry: int  # number of the version's line in the log
    entry_sha256: str  # hash of this line
    number: int  # of the slip among those of the edition, from 1
    previous: str  # digest of the slip before; NO_PREVIOUS_SLIP for the first
    action: Action
    role: str  # the round: 初核
    rounds: tuple[str, ...]  # all rounds in their order
    names: tuple[str, ...]
    date: str  # ISO 8601 day, as stated by who approves
    remark: str
    withdraws: int  # number of the slip that is withdrawn; 0 for an approval
    documents: Mapping[str, str]  # path → digest
    made_from: Mapping[str, str]  # workbook and templates: path → digest
    figures: str  # digest of the computed figures, results.json
    key: str  # digest of the public key (DER) of the signature; "" without one

    @property
    def day(self) -> datetime.date:
        """The day of approval."""
        return datetime.date.fromisoformat(self.date)


def slip_content(slip: Slip) -> bytes:
    """Return the bytes of a slip's file: JSON in UTF-8 with keys in a fixed order.

    Equal slips give the same bytes. These are what a signature signs.
    """
    fields: SlipForm = {
        "schema": "reportgen.approval-slip/1",
        "archive": slip.archive,
        "agency": slip.agency,
        "edition": slip.edition,
        "reprint": slip.reprint,
        "entry": slip.entry,
        "entry_sha256": slip.entry_sha256,
        "number": slip.number,
        "previous": slip.previous,
        "action": slip.action.value,
        "role": slip.role,
        "rounds": list(slip.rounds),
        "names": list(slip.names),
        "date": slip.date,
        "remark": slip.remark,
        "withdraws": slip.withdraws,
        "documents": dict(sorted(slip.documents.items())),
        "made_from": dict(sorted(slip.made_from.items())),
        "figures": slip.figures,
        "key": slip.key,
    }
    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()


def parse_slip(content: bytes) -> Slip:
    """Return the slip of a file; raise InvalidSlipError for any other bytes.

    Other JSON of the same meaning is refused, too: writing it again must give the same bytes.
    """
    if not content:
        raise InvalidSlipError("missing")
    try:
        fields = json.loads(content)
        if fields.pop("schema") != SCHEMA:
            raise InvalidSlipError("schema")
        lists = {name: tuple(fields.pop(name)) for name in ("rounds", "names")}
        slip = Slip(**fields | lists | {"action": Action(fields["action"])})
        is_same = slip_content(slip) == content and _is_well_formed(slip)
    except InvalidSlipError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidSlipError("form") from error
    if not is_same:
        raise InvalidSlipError("form")
    return slip


_NUMBERS = ("reprint", "entry", "number", "withdraws")
_LISTS = ("rounds", "names")
_MAPPINGS = ("documents", "made_from")


def _is_well_formed(slip: Slip) -> bool:
    """Return whether all fields have their types, and date, names and remark their form.

    Raise ValueError for a date that is none, or before 1912. What the fields refer to is not
    looked at.
    """
    for name in slip.__dataclass_fields__:
        value = getattr(slip, name)
        if name in _NUMBERS:
            is_typed = type(value) is int and value >= 0
        elif name in _LISTS:
            is_typed = all(isinstance(text, str) for text in value)
        elif name in _MAPPINGS:
            is_typed = all(isinstance(text, str) for item in value.items() for text in item)
        else:
            is_typed = isinstance(value, str)
        if not is_typed:
            return False
    RocDate.from_date(slip.day)  # it is printed as one
    is_own_date = slip.day.isoformat() == slip.date
    return is_own_date and not unusable_texts(slip.names, slip.remark) and bool(slip.role)


def unusable_texts(names: tuple[str, ...], remark: str) -> tuple[str, ...]:
    """Return the names, or the remark, that a slip cannot have; ("",) if there is no name.

    Texts must be printable and without spaces around them, names not blank, at most MAX_NAME_CHARS
    long and each once, the remark at most MAX_REMARK_CHARS long.
    """
    unusable = [
        name
        for number, name in enumerate(names)
        if not _is_usable(name, MAX_NAME_CHARS) or number >= MAX_NAMES or name in names[:number]
    ]
    if remark and not _is_usable(remark, MAX_REMARK_CHARS):
        unusable.append(remark)
    return tuple(unusable) if names else ("", *unusable)


def _is_usable(text: str, max_chars: int) -> bool:
    """Return whether a text is printable, not blank, stripped, and no longer than it may be."""
    is_printable = all(char.isprintable() or char == "\u3000" for char in text)
    return is_printable and text.strip() == text != "" and len(text) <= max_chars
