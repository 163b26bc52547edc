"""Where an object lies: what the registered OCFL extension says."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from reportgen.archive import storage_layout
from reportgen.archive.storage_layout import FIXED_FILES, TOP_LEVEL_FILES, object_path


@pytest.mark.parametrize(
    ("identifier", "folder"),
    [
        ("urn:x-reportgen:fonts", "urn%3ax-reportgen%3afonts"),
        ("aZ09-_", "aZ09-_"),
        ("a.b/c d", "a%2eb%2fc%20d"),
        ("史²", "%e5%8f%b2%c2%b2"),
    ],
)
def test_a_folder_is_the_encoded_identifier(identifier: str, folder: str) -> None:
    digest = sha256(identifier.encode()).hexdigest()
    assert str(object_path(identifier)) == f"{digest[:2]}/{folder}"


def test_the_layout_is_declared() -> None:
    extension = "0003-hash-and-id-n-tuple-storage-layout"
    layout = json.loads(FIXED_FILES["ocfl_layout.json"])
    assert layout["extension"] == extension
    assert layout.keys() == {"extension", "description"}
    assert json.loads(FIXED_FILES[f"extensions/{extension}/config.json"]) == {
        "extensionName": extension,
        "digestAlgorithm": "sha256",
        "tupleSize": 2,
        "numberOfTuples": 1,
    }
    assert FIXED_FILES["0=ocfl_1.1"] == b"ocfl_1.1\n"
    assert [*FIXED_FILES][-1] == "0=ocfl_1.1"  # written last
    assert all(content.endswith(b"\n") for content in FIXED_FILES.values())
    assert storage_layout.STAGING == "extensions/x-reportgen-staging"
    names = {"0=ocfl_1.1", "ocfl_layout.json", "README.txt", "lock", "log.txt"}
    assert names == TOP_LEVEL_FILES
