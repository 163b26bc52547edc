"""Inventories: what is written, what is read back, and what is refused."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from reportgen.archive.digests import Digests, sha256, sha512
from reportgen.archive.inventory import (
    InvalidInventoryError,
    Inventory,
    Version,
    from_bytes,
    sidecar_content,
    to_bytes,
    with_version,
)


def digests(content: bytes) -> Digests:
    return Digests(sha512=sha512(content), sha256=sha256(content), size=len(content))


ONE, TWO = digests(b"1"), digests(b"2")


def version(**files: Digests) -> Version:
    return Version(
        created="2016-12-26T08:00:00Z",
        message="105-12-25 甲機關",
        user="王小明",
        address="urn:x:user",
        state={path.replace("_", "/"): found.sha512 for path, found in files.items()},
    )


def two_versions() -> Inventory:
    """a/x and a/y have the same bytes; the second version adds a/z and keeps a/x."""
    first, _ = with_version(None, "urn:x", version(a_x=ONE, a_y=ONE), {"a/x": ONE, "a/y": ONE})
    second, _ = with_version(first, "other", version(a_x=ONE, a_z=TWO), {"a/z": TWO})
    return second


def test_equal_bytes_are_stored_once() -> None:
    first, new = with_version(None, "urn:x", version(a_x=ONE, a_y=ONE), {"a/x": ONE, "a/y": ONE})
    assert new == {"a/x": "v1/content/001_x"}
    assert (first.id, first.head) == ("urn:x", "v1")
    assert first.manifest == {ONE.sha512: "v1/content/001_x"}
    assert first.fixity == {"v1/content/001_x": ONE.sha256}
    second, new = with_version(first, "urn:x", version(a_x=ONE, a_z=TWO), {"a/z": TWO})
    assert new == {"a/z": "v2/content/001_z"}
    assert second.head == "v2"
    assert [each.state.keys() for each in second.versions] == [{"a/x", "a/y"}, {"a/x", "a/z"}]


def test_new_files_are_numbered() -> None:
    _, new = with_version(None, "x", version(a_x=ONE, a_y=TWO), {"a/x": ONE, "a/y": TWO})
    assert [*new.values()] == ["v1/content/001_x", "v1/content/002_y"]


FORM: dict[str, Any] = {
    "id": "urn:x",
    "type": "https://ocfl.io/1.1/spec/#inventory",
    "digestAlgorithm": "sha512",
    "head": "v2",
    "manifest": {
        digest: [path]
        for digest, path in sorted(
            {ONE.sha512: "v1/content/001_x", TWO.sha512: "v2/content/001_z"}.items()
        )
    },
    "fixity": {
        "sha256": {
            digest: [path]
            for digest, path in sorted(
                {ONE.sha256: "v1/content/001_x", TWO.sha256: "v2/content/001_z"}.items()
            )
        }
    },
    "versions": {
        "v1": {
            "created": "2016-12-26T08:00:00Z",
            "message": "105-12-25 甲機關",
            "user": {"name": "王小明", "address": "urn:x:user"},
            "state": {ONE.sha512: ["a/x", "a/y"]},
        },
        "v2": {
            "created": "2016-12-26T08:00:00Z",
            "message": "105-12-25 甲機關",
            "user": {"name": "王小明", "address": "urn:x:user"},
            "state": dict(sorted({ONE.sha512: ["a/x"], TWO.sha512: ["a/z"]}.items())),
        },
    },
}


def written(form: Any) -> bytes:
    return (json.dumps(form, ensure_ascii=False, indent=1) + "\n").encode()


def test_an_inventory_is_written_in_ocfls_form_and_read_back() -> None:
    content = to_bytes(two_versions())
    assert content == written(FORM)
    assert from_bytes(content) == two_versions()


def test_the_sidecar_names_digest_and_file() -> None:
    assert sidecar_content(b"x") == f"{sha512(b'x')} inventory.json\n".encode()


def changed(*places: str, value: Any) -> Any:
    """The form with one value changed, which stands at a path of keys."""
    form = deepcopy(FORM)
    *above, last = places
    inner = form
    for key in above:
        inner = inner[key]
    inner[last] = value
    return form


PATH = "v2/content/001_z"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        json.dumps(FORM).encode(),  # the same meaning in another form
        written(FORM)[:-1],
        written(changed("type", value="x")),
        written(changed("digestAlgorithm", value="sha256")),
        written(changed("head", value="v1")),
        written(changed("manifest", ONE.sha512, value=["../x"])),
        written(changed("manifest", ONE.sha512, value=[])),
        written(changed("manifest", ONE.sha512, value=["v1/content/001_x", "v1/content/002_x"])),
        written(changed("manifest", ONE.sha512, value=["v1/content/009_x"])),  # not in fixity
        written(changed("manifest", ONE.sha512[:-1] + "G", value=["v1/content/001_x"])),
        written(changed("manifest", value={ONE.sha512: ["v1/content/001_x"]})),  # no content of z
        written(changed("fixity", "sha256", ONE.sha256[:-1], value=["v1/content/001_x"])),
        written(changed("fixity", "sha256", value={})),
        written(changed("fixity", value={})),
        written(changed("versions", "v1", "state", value={"0" * 128: ["a/x"]})),
        written(changed("versions", "v1", "state", value={ONE.sha512: ["/a/x"]})),
        written(changed("versions", "v1", "state", value={ONE.sha512: ["a/y", "a/x"]})),
        written(changed("versions", "v1", "state", value=[])),
        written(changed("versions", "v1", "user", value="x")),
        written(changed("versions", value={"v2": FORM["versions"]["v2"]})),
    ],
)
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidInventoryError):
        from_bytes(content)
