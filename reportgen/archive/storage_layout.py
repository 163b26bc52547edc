"""The folder of an archive: an OCFL 1.1 storage root, the log beside its objects.

https://ocfl.io/1.1/spec/#storage-root, objects laid out by the registered extension
0003-hash-and-id-n-tuple-storage-layout.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import PurePosixPath

from reportgen.archive import log

DECLARATION, DECLARATION_CONTENT = "0=ocfl_1.1", b"ocfl_1.1\n"
LAYOUT, README, LOCK, EXTENSIONS = "ocfl_layout.json", "README.txt", "lock", "extensions"
STAGING = f"{EXTENSIONS}/x-reportgen-staging"  # exists only during a transaction
_LAYOUT_EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"
_TUPLE_DIGITS = 2  # hexadecimal digits: 256 folders at most

FIXED_FILES: dict[str, bytes] = {
    LAYOUT: json.dumps(
        {
            "extension": _LAYOUT_EXTENSION,
            "description": "SHA-256 of the identifier, 2 digits as folder; the identifier encoded",
        },
        indent=1,
    ).encode()
    + b"\n",
    f"{EXTENSIONS}/{_LAYOUT_EXTENSION}/config.json": json.dumps(
        {
            "extensionName": _LAYOUT_EXTENSION,
            "digestAlgorithm": "sha256",
            "tupleSize": _TUPLE_DIGITS,
            "numberOfTuples": 1,
        },
        indent=1,
    ).encode()
    + b"\n",
    README: """\
封存資料夾，請勿更改其中任何檔案。
This folder is an archive. Please change nothing in it.

It is an OCFL 1.1 storage root (https://ocfl.io/1.1/spec/): any OCFL tool can read it. Each object
is one agency and ROC year; each of its versions is one edition as it was printed, or a reprint:
the Excel workbook, the templates, what was made of them (PDF, Word, JSON), and record.json, which
tells the agency, the edition, the dates, and the programs and fonts that were used. The fonts are
in an object of their own, the timestamps and signatures in another.

Without any tool: in an object's inventory.json, "versions" lists the files of each version by
name under their SHA-512, and "manifest" tells where the bytes with this SHA-512 lie.

log.txt has one line for each version: the SHA-256 of the JSON that follows. In the JSON,
"previous" is the SHA-256 of the line before and "inventory" the SHA-512 of the version's
inventory.json. So the last line (the head) speaks for every byte of the archive. Whoever has
noted a head elsewhere can show that nothing was altered or taken away:
    reportgen archive verify --archive THIS-FOLDER --head CODE
The code is the number of the line and the first 100 bits of its SHA-256 in Crockford's base 32.
""".encode(),
    DECLARATION: DECLARATION_CONTENT,  # written last: it makes the folder an archive
}
TOP_LEVEL_FILES = frozenset({LOCK, log.NAME, *(name for name in FIXED_FILES if "/" not in name)})


def object_path(identifier: str) -> PurePosixPath:
    """Return the path of an object below the root.

    Identifiers are made by :mod:`reportgen.archive.identifiers` and are shorter than 100
    characters when encoded, past which the extension would truncate them.
    """
    digest = sha256(identifier.encode()).hexdigest()
    return PurePosixPath(digest[:_TUPLE_DIGITS]) / "".join(map(_percent_encode, identifier))


def _percent_encode(character: str) -> str:
    """Return a letter, digit, ``-`` or ``_`` as it is, any other character as its UTF-8 in %xx."""
    if character.isascii() and (character.isalnum() or character in "-_"):
        return character
    return "".join(f"%{byte:02x}" for byte in character.encode())
