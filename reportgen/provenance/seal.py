"""The seal: a code on every page of a document that identifies all its inputs.

A build gives the same bytes for the same workbook, template, program and libraries. The code is
made from the digests of these, so an archive can find the very bytes by the code.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.provenance.manifest_schema import ManifestRecord

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
SCHEMA: Final = "reportgen.build/1"
LONG_CODE_CHARS: Final = 32  # in the QR code: 160 bits
# On the page: 120 bits, so that whoever can vary a workbook needs about 2^60 tries before two
# different ones print the same code; then the check character.
DIGEST_CHARS: Final = 24
PRINTED_CODE_CHARS: Final = DIGEST_CHARS + 1
OLD_CODE_CHARS: Final = 8  # 40 bits, without a check character: on pages of earlier versions
_GROUP_CHARS = 5
CODE_LABEL: Final = "查驗碼"


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal that a document prints; all fields are empty if it has none."""

    edition: str = ""  # 105-12-25
    long: str = ""

    @property
    def code(self) -> str:
        """The code in its printed form, ``7MX0P-…-…-…-3W4KD``: five groups; "" without a seal.

        The word that a preview has in place of a code is returned as it is.
        """
        return print_code(self.long) if len(self.long) == LONG_CODE_CHARS else self.long

    @property
    def line(self) -> str:
        """The text at the foot of each page: the edition and the code, or a word in its place."""
        if not self.long:
            return ""
        is_code = len(self.long) == LONG_CODE_CHARS
        return f"{self.edition}　{f'{CODE_LABEL} ' if is_code else ''}{self.code}"

    @property
    def text(self) -> str:
        """The text of the QR code, with the long code; "" without a seal."""
        return f"REPORTGEN {self.edition} {self.long}" if self.long else ""

    @property
    def picture(self) -> str:
        """The QR code as a ``data:`` address of an SVG; "" without a seal."""
        if not self.long:
            return ""
        import segno

        uri: str = segno.make_qr(self.text, error="m").svg_data_uri(border=0, omitsize=True)
        return uri


NO_SEAL: Final = Seal()


def manifest_record(
    *,
    workbooks: Mapping[str, bytes],
    document: str,
    template: Mapping[str, bytes],
    versions: Mapping[str, str],
    fonts: Mapping[str, str],
    approvals: Mapping[str, bytes],
) -> ManifestRecord:
    """Return ``build.json``: all inputs of a document, by name and SHA-256.

    ``template`` holds the files of its folder; ``fonts`` the file and size of each family;
    ``approvals`` the slips that it prints. Without any the record says nothing of them.
    """
    record: ManifestRecord = {
        "schema": SCHEMA,
        "document": document,
        "workbooks": {name: _digest(content) for name, content in workbooks.items()},
        "template": {name: _digest(template[name]) for name in sorted(template)},
        "versions": dict(sorted(versions.items())),
        "fonts": dict(sorted(fonts.items())),
    }
    if approvals:
        record["approvals"] = {name: _digest(content) for name, content in approvals.items()}
    return record


def compute_seal(edition: str, made_of: Mapping[str, Any]) -> Seal:
    """Return the seal of an edition for a record of what its document was made of.

    The code is the first 160 bits of the record's SHA-256, 5 bits per character; the edition does
    not enter it. Order of keys does not matter.
    """
    canonical = json.dumps(made_of, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    number = int.from_bytes(hashlib.sha256(canonical.encode()).digest()[:20], "big")
    digits = [ALPHABET[(number >> (5 * position)) & 31] for position in range(LONG_CODE_CHARS)]
    return Seal(edition, "".join(reversed(digits)))


def print_code(long: str) -> str:
    """Return the code that a page shows for a long code: its beginning and a check character."""
    digest = long[:DIGEST_CHARS]
    code = digest + check_character(digest)
    groups = range(0, PRINTED_CODE_CHARS, _GROUP_CHARS)
    return "-".join(code[start : start + _GROUP_CHARS] for start in groups)


def check_character(text: str) -> str:
    """Return the character that, after a text of at most 30 of ALPHABET, makes its sum zero.

    The sum is of a Reed-Solomon code over GF(32): a place's weight is a power of a generator of
    the field. So one wrong character, or two exchanged ones at any distance, are always found.
    """
    return ALPHABET[_times_generator(_weighted_sum(text))]


def is_mistyped(code: str) -> bool:
    """Return whether a normalized code of PRINTED_CODE_CHARS does not fit its check character."""
    return _weighted_sum(code) != 0


def normalize_code(code: str) -> str:
    """Return a typed or scanned code in its normal form: ``7mx0p 2m9di…`` is ``7MX0P2M9D1…``.

    Of a page's line only what follows 查驗碼 counts, of the QR code's text the last word. I and L
    become 1, O becomes 0. It is not checked whether the result is a code.
    """
    text = code.rpartition(CODE_LABEL)[2].strip().upper()
    if text.startswith("REPORTGEN"):
        text = text.split()[-1]
    return "".join(text.split()).replace("-", "").translate(str.maketrans("ILO", "110"))


def _weighted_sum(code: str) -> int:
    """Return the sum in GF(32) of a code's characters, each times a power of the generator.

    The last character's weight is 1. Raise ValueError for a character outside ALPHABET.
    """
    total = 0
    for character in code:
        total = _times_generator(total) ^ ALPHABET.index(character)
    return total


def _times_generator(value: int) -> int:
    """Return a value below 32 times x in GF(32), modulo x⁵ + x² + 1, which is primitive."""
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)


def _digest(content: bytes) -> str:
    """Return the SHA-256 of a content in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
