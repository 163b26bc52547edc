"""An OCFL 1.1 inventory: the content files of each version of an object.

https://ocfl.io/1.1/spec/#inventory
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from reportgen.archive.digests import sha512
from reportgen.archive.identifiers import content_name, is_safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.archive.digests import Digests
    from reportgen.archive.stored_schema import InventoryForm

NAME = "inventory.json"
SIDECAR = "inventory.json.sha512"
DECLARATION, DECLARATION_CONTENT = "0=ocfl_object_1.1", b"ocfl_object_1.1\n"
CONTENT = "content"
_INVENTORY_TYPE: Final = "https://ocfl.io/1.1/spec/#inventory"
_SHA512_HEX = re.compile(r"[0-9a-f]{128}")
_SHA256_HEX = re.compile(r"[0-9a-f]{64}")


class InvalidInventoryError(ValueError):
    """The bytes are no inventory of this archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version: its time, its author, and its files: path → SHA-512."""

    created: str  # ISO 8601 with its offset from UTC
    message: str
    user: str
    address: str  # a URI
    state: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All versions of an object, and where their content files are below its folder."""

    id: str
    manifest: Mapping[str, str]  # SHA-512 → "v1/content/001_scorecard.pdf"
    fixity: Mapping[str, str]  # the same path → SHA-256
    versions: tuple[Version, ...]

    @property
    def head(self) -> str:
        """The newest version, ``v2``."""
        return f"v{len(self.versions)}"


def with_version(
    before: Inventory | None, identifier: str, version: Version, digests: Mapping[str, Digests]
) -> tuple[Inventory, dict[str, str]]:
    """Return the inventory with one more version, and the new files: path → content path.

    ``before`` is None for a new object. ``digests`` holds the digests of each new file of the
    version's state. Bytes that an earlier version has are not stored again, nor the same bytes
    twice.
    """
    current = before or Inventory(id=identifier, manifest={}, fixity={}, versions=())
    manifest, fixity = dict(current.manifest), dict(current.fixity)
    new: dict[str, str] = {}
    for path, digest in version.state.items():
        if digest not in manifest:
            name = f"v{len(current.versions) + 1}/{CONTENT}/{content_name(len(new) + 1, path)}"
            manifest[digest] = new[path] = name
            fixity[name] = digests[path].sha256
    versions = (*current.versions, version)
    return replace(current, manifest=manifest, fixity=fixity, versions=versions), new


def to_bytes(inventory: Inventory) -> bytes:
    """Return the inventory as the JSON that is archived; equal inventories give the same bytes."""
    content: InventoryForm = {
        "id": inventory.id,
        "type": _INVENTORY_TYPE,
        "digestAlgorithm": "sha512",
        "head": inventory.head,
        "manifest": {digest: [path] for digest, path in sorted(inventory.manifest.items())},
        "fixity": {"sha256": _group_by_digest(inventory.fixity)},
        "versions": {
            f"v{number}": {
                "created": version.created,
                "message": version.message,
                "user": {"name": version.user, "address": version.address},
                "state": _group_by_digest(version.state),
            }
            for number, version in enumerate(inventory.versions, 1)
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _group_by_digest(digests: Mapping[str, str]) -> dict[str, list[str]]:
    """Return digest → its paths, from path → digest; both are sorted."""
    grouped: dict[str, list[str]] = {}
    for path, digest in sorted(digests.items(), key=lambda item: (item[1], item[0])):
        grouped.setdefault(digest, []).append(path)
    return grouped


def sidecar_content(inventory: bytes) -> bytes:
    """Return the content of an inventory's sidecar: its SHA-512 and file name."""
    return f"{sha512(inventory)} {NAME}\n".encode()


def from_bytes(content: bytes) -> Inventory:
    """Parse an inventory of this program; raise InvalidInventoryError for any other bytes.

    Paths are safe, digests well formed, and every file has content. Other JSON of the same meaning
    is refused too: writing it again must give the same bytes.
    """
    try:
        content_json = json.loads(content)
        inventory = _parse_inventory(content_json)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInventoryError(str(error)) from error
    if to_bytes(inventory) != content:
        raise InvalidInventoryError("not in this program's form")
    return inventory


def _parse_inventory(fields: Any) -> Inventory:
    """Return the inventory of parsed JSON, with paths and digests checked.

    Raise ValueError, KeyError, TypeError or AttributeError if it is invalid.
    """
    manifest = {
        _checked_digest(digest): _checked_path(path)
        for digest, (path,) in fields["manifest"].items()
    }
    fixity = _parse_digest_map(fields["fixity"]["sha256"], _SHA256_HEX)
    versions = tuple(
        _parse_version(fields_of_version) for fields_of_version in fields["versions"].values()
    )
    if not versions:
        raise ValueError("no version")
    if set(manifest.values()) != set(fixity):
        raise ValueError("manifest and fixity differ")
    if not {digest for version in versions for digest in version.state.values()} <= set(manifest):
        raise ValueError("a file of no content")
    return Inventory(id=fields["id"], manifest=manifest, fixity=fixity, versions=versions)


def _parse_version(fields: Any) -> Version:
    """Return one version of parsed JSON; creation, message and user are taken as they are.

    Raise ValueError, KeyError, TypeError or AttributeError if it is invalid.
    """
    return Version(
        created=fields["created"],
        message=fields["message"],
        user=fields["user"]["name"],
        address=fields["user"]["address"],
        state=_parse_digest_map(fields["state"], _SHA512_HEX),
    )


def _parse_digest_map(grouped: Any, pattern: re.Pattern[str]) -> dict[str, str]:
    """Return path → digest, from digest → paths.

    Raise ValueError for an unsafe path, or for a digest that does not match ``pattern``.
    """
    return {
        _checked_path(path): _checked_digest(digest, pattern)
        for digest, paths in grouped.items()
        for path in paths
    }


def _checked_digest(text: str, pattern: re.Pattern[str] = _SHA512_HEX) -> str:
    """Return the text if it is a digest in hexadecimal digits; raise ValueError otherwise."""
    if not pattern.fullmatch(text):
        raise ValueError(f"no digest: {text[:20]}")
    return text


def _checked_path(text: str) -> str:
    """Return the text if it is a safe relative path; raise ValueError otherwise."""
    if not is_safe(text):
        raise ValueError(f"no safe path: {text[:60]}")
    return text
