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
SHORT_CODE_CHARS: Final = 8  # on the page: 40 bits
LONG_CODE_CHARS: Final = 32  # in the QR code: 160 bits


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal that a document prints; all fields are empty if it has none."""

    edition: str = ""  # 105-12-25
    long: str = ""

    @property
    def code(self) -> str:
        """The code in its printed form, ``K7QF-2M9D``; "" without a seal.

        The word that a preview has in place of a code is returned as it is.
        """
        return "-".join(
            filter(
                None,
                (
                    self.long[: SHORT_CODE_CHARS // 2],
                    self.long[SHORT_CODE_CHARS // 2 : SHORT_CODE_CHARS],
                ),
            )
        )

    @property
    def line(self) -> str:
        """The text at the foot of each page: the edition and the code, or a word in its place."""
        if not self.long:
            return ""
        is_code = len(self.long) >= SHORT_CODE_CHARS
        return f"{self.edition}　{'查驗碼 ' if is_code else ''}{self.code}"

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
) -> ManifestRecord:
    """Return ``build.json``: all inputs of a document, by name and SHA-256.

    ``template`` holds the files of its folder; ``fonts`` the file and size of each family.
    """
    return {
        "schema": SCHEMA,
        "document": document,
        "workbooks": {name: _digest(content) for name, content in workbooks.items()},
        "template": {name: _digest(template[name]) for name in sorted(template)},
        "versions": dict(sorted(versions.items())),
        "fonts": dict(sorted(fonts.items())),
    }


def compute_seal(edition: str, made_of: Mapping[str, Any]) -> Seal:
    """Return the seal of an edition for a record of what its document was made of.

    The code is the first 160 bits of the record's SHA-256, 5 bits per character; the edition does
    not enter it. Order of keys does not matter.
    """
    canonical = json.dumps(made_of, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    number = int.from_bytes(hashlib.sha256(canonical.encode()).digest()[:20], "big")
    digits = [ALPHABET[(number >> (5 * position)) & 31] for position in range(LONG_CODE_CHARS)]
    return Seal(edition, "".join(reversed(digits)))


def normalize_code(code: str) -> str:
    """Return a typed or scanned code in its normal form: ``k7qf 2m9d`` is ``K7QF2M9D``.

    Of a scanned line only the last word counts. I and L become 1, O becomes 0. It is not checked
    whether the result is a code.
    """
    words = code.strip().upper().removeprefix("REPORTGEN").split()[-1:] or [""]
    text = "".join(words) if len(words[0]) >= SHORT_CODE_CHARS else "".join(code.upper().split())
    return text.replace("-", "").translate(str.maketrans("ILO", "110"))


def _digest(content: bytes) -> str:
    """Return the SHA-256 of a content in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
