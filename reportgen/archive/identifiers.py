"""Identifiers, and names as metadata: content is found by digests and numbers, never by names."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from reportgen.model.scorecard import RocDate
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

FONTS = "urn:x-reportgen:fonts"
ANCHORS = "urn:x-reportgen:anchors"
MAX_NAME_BYTES = 255  # the limit of common file systems
MAX_PATH_BYTES = 1000  # bytes
_EDITION_NAME = re.compile(r"(\d{1,3})-(\d{1,2})-(\d{1,2})")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_FILE_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_FORBIDDEN_CHARS = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_DEVICE_NAME = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def parse_edition(text: str) -> RocDate | None:
    """Return the edition that a text names, ``105-12-25`` or a ROC date in another form.

    None for any other text, Western years included, and for texts above 40 characters.
    """
    match = _EDITION_NAME.fullmatch(text)
    if match:
        try:
            return RocDate(*map(int, match.groups()))
        except ValueError:
            return None
    if len(text) > 40:
        return None
    from reportgen.workbook.reading.roc_dates import parse_date  # slow to import

    parsed = parse_date(text)
    return parsed if isinstance(parsed, RocDate) else None


def object_id(agency: str, year: int) -> str:
    """Return the OCFL identifier of an agency's year (ROC).

    ``urn:x-reportgen:scorecard:105:`` and 20 digits of a digest of the agency's name, because the
    identifier is also the name of a folder. Spellings of the same name have the same digest.
    """
    return f"urn:x-reportgen:scorecard:{_agency_year(agency, year)}"


def approvals_id(agency: str, year: int) -> str:
    """Return the OCFL identifier of the approval slips of an agency's year (ROC)."""
    return f"urn:x-reportgen:approvals:{_agency_year(agency, year)}"


def _agency_year(agency: str, year: int) -> str:
    """Return the year and the digest of an agency's name, separated by a colon."""
    return f"{year:03d}:{sha256(name_key(agency).encode()).hexdigest()[:20]}"


def user_address(name: str) -> str:
    """Return a user's name as a URI."""
    return f"urn:x-reportgen:user:{quote(name, safe='')}"


def is_safe(path: str) -> bool:
    """Return whether a relative path is valid, and stays within its folder, on any system."""
    parts = path.split("/")
    return len(path.encode(errors="replace")) <= MAX_PATH_BYTES and all(map(_is_safe_name, parts))


def _is_safe_name(name: str) -> bool:
    """Return whether a name is a valid file name on Windows, macOS and Linux.

    It has at most 255 bytes of UTF-8.
    """
    return (
        name not in ("", ".", "..")
        and len(name.encode(errors="replace")) <= MAX_NAME_BYTES
        and not _FORBIDDEN_CHARS.search(name)
        and not _DEVICE_NAME.fullmatch(name)
        and not name.endswith((" ", "."))
    )


def first_case_clash(paths: Iterable[str]) -> str:
    """Return the first path that equals an earlier one but for letter case, or "" if none does."""
    seen: set[str] = set()
    for path in paths:
        if path.casefold() in seen:
            return path
        seen.add(path.casefold())
    return ""


def content_name(number: int, path: str) -> str:
    """Return the name under which a version stores a file: short ASCII, ``003_scorecard.pdf``.

    ``number`` comes first. A name that is long or not ASCII is replaced by its top folder's, or by
    "file", with the file's extension.
    """
    name = path.rpartition("/")[2]
    if not _SLUG.fullmatch(name):
        extension = _FILE_EXTENSION.search(name)
        folder = path.partition("/")[0]
        name = (folder if _SLUG.fullmatch(folder) else "file") + (extension[0] if extension else "")
    return f"{number:03d}_{name}"
