"""Components: no bundled part lacks its licence, and no file belongs to none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from assembly.archives import write
from assembly.bill_of_materials import bill_of_materials
from assembly.components import (
    Component,
    files_added,
    licence_problems,
    notices,
    read_embedded,
    wheel_component,
)

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

EMBEDDED = [{"within": "a-b", "name": "zlib", "licence": "Zlib", "text": "zlib.txt"}]
CRATES = {
    "components": [
        {
            "name": name,
            "version": "1",
            "purl": f"pkg:cargo/{name}@1",
            "licenses": [{"expression": licence}],
            "scope": scope,
        }
        for name, licence, scope in (
            ("either", "MIT OR Apache-2.0", "required"),
            ("both", "(MIT OR Apache-2.0) AND Unicode-DFS-2016", "required"),
            ("unknown", "MIT AND Unheard-1.0", "required"),
            ("build", "Unheard-1.0", "excluded"),
        )
    ]
}


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Path:
    """A folder with one package, the texts that it needs, and no other file."""
    info = tmp_path / "site/a_b-1.dist-info"
    metadata = "Name: A_b\nVersion: 1\nClassifier: License :: OSI Approved :: MIT License\n"
    write(info / "METADATA", metadata.encode())
    write(info / "licenses/LICENSE.txt", b"Permission is hereby granted")
    write(info / "sboms/rust.json", json.dumps(CRATES).encode())
    write(tmp_path / "site/a_b.py", b"")
    for name in ("zlib.txt", "rust-crates.txt", "common-licenses/Apache-2.0"):
        write(tmp_path / "授權" / name, b"the text")
    return tmp_path


def package(folder: Path) -> Component:
    files = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    mine = sorted(name for name in files if name.startswith("site/"))
    return wheel_component(folder, mine, "00" * 32, EMBEDDED)


def test_a_package_is_described_by_its_metadata(folder: Path) -> None:
    component = package(folder)
    assert (component.name, component.version, component.licence) == ("a-b", "1", "MIT")
    assert component.purl == "pkg:pypi/a-b@1"
    assert component.texts == ("site/a_b-1.dist-info/licenses/LICENSE.txt",)
    texts = {part.name: part.texts for part in component.parts}
    assert texts == {
        "zlib": ("授權/zlib.txt",),
        "either": ("授權/common-licenses/Apache-2.0",),
        "both": ("授權/common-licenses/Apache-2.0", "授權/rust-crates.txt"),
        "unknown": (),
    }


def test_what_lacks_a_licence_is_named(folder: Path) -> None:
    component = package(folder)
    problems = licence_problems(folder, [component])
    assert problems == ["unknown: no licence text"]
    (folder / "授權/zlib.txt").write_text("See /usr/share/common-licenses/GPL-2.", "utf-8")
    (folder / component.texts[0]).write_bytes(b"")
    (folder / "lib.so").write_bytes(b"")
    without = Component("c", "1", "", "pkg:deb/debian/c@1", ())
    assert licence_problems(folder, [component, without]) == [
        f"a-b: no {component.texts[0]}",
        "unknown: no licence text",
        "c: no licence",
        "c: no licence text",
        "zlib.txt: no common-licenses/GPL-2",
        "lib.so: of no component",
    ]


def test_a_package_without_licence_is_not_given_one(folder: Path) -> None:
    metadata = folder / "site/a_b-1.dist-info/METADATA"
    metadata.write_text("Name: A_b\nVersion: 1\n", "utf-8")
    assert "a-b: no licence" in licence_problems(folder, [package(folder)])


def test_added_files_are_found(tmp_path: Path) -> None:
    write(tmp_path / "before", b"")
    with files_added(tmp_path) as files:
        write(tmp_path / "a/b", b"")
    assert files == ["a/b"]


def test_notices_name_each_part_with_its_text(folder: Path) -> None:
    text = notices("Title", "Remarks.", [package(folder)])
    assert text.startswith("Title\n\nRemarks.\n\na-b 1\n  licence: MIT\n")
    assert "\n  text:    site/a_b-1.dist-info/licenses/LICENSE.txt\n" in text
    assert "\n  in it:   zlib: Zlib (授權/zlib.txt)\n" in text


def test_the_bill_of_materials_is_valid(folder: Path) -> None:
    components = [
        package(folder),
        Component("l", "1", "LicenseRef-own", "pkg:deb/debian/l@1%2Bb", ("授權/zlib.txt",)),
    ]
    bill = bill_of_materials("reportgen", "0.1.0", components)
    from cyclonedx.schema import SchemaVersion  # these take a second to import
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.decode()) is None
    assert bill == bill_of_materials("reportgen", "0.1.0", components)
    document = json.loads(bill)
    described = {entry["name"]: entry for entry in document["components"]}
    assert described["a-b"]["hashes"] == [{"alg": "SHA-256", "content": "00" * 32}]
    assert described["l"]["purl"] == "pkg:deb/debian/l@1%2Bb"
    inner = {entry["name"] for entry in described["a-b"]["components"]}
    assert inner == {"zlib", "either", "both", "unknown"}


def test_what_is_compiled_in_names_texts_that_exist() -> None:
    """Texts that do not lie here are taken from Debian packages, and compared at the build."""
    recipes = ROOT / "packaging/licences"
    named = {part["text"] for part in read_embedded(recipes / "embedded.toml")}
    own = {path.name for path in recipes.glob("*.txt")} - {"rust-crates.txt"}
    assert own <= named
