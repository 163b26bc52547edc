"""The recipes of both folders: pins, starters, and no registry by name."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from assembly.pins import Pin, read_pins

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

RECIPES = ROOT / "packaging"
LISTS = ("windows", "bundle")


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_a_hash_and_a_licence(name: str) -> None:
    pins = read_pins(RECIPES / name / "pins.txt")
    assert len({(pin.kind, pin.name) for pin in pins}) == len(pins)
    assert {pin.kind for pin in pins} <= {"source", "deb", "maven"}
    assert all(re.fullmatch("[0-9a-f]{64}", pin.sha256) and pin.licence for pin in pins)


def test_both_lists_pin_the_same_packages() -> None:
    windows, bundle = (
        {pin.name: pin for pin in read_pins(RECIPES / name / "pins.txt") if pin.kind == "deb"}
        for name in LISTS
    )
    shared = windows.keys() & bundle.keys()
    assert {"fonts-cns11643-kai", "base-files"} <= shared
    assert {name: windows[name] for name in shared} == {name: bundle[name] for name in shared}


def test_a_pin_is_read(tmp_path: Path) -> None:
    (tmp_path / "pins.txt").write_text("# a comment\n\ndeb a 1:2+b 00 MIT OR Zlib\n", "utf-8")
    (pin,) = read_pins(tmp_path / "pins.txt")
    assert pin == Pin("deb", "a", "1:2+b", "00", "MIT OR Zlib")
    assert pin.purl == "pkg:deb/debian/a@1%3A2%2Bb"
    assert pin.deb(tmp_path) == tmp_path / "a_1%3a2+b.deb"


def test_no_registry_is_named() -> None:
    """Each machine has its own: apt-get, Maven and pip know them."""
    for path in RECIPES.rglob("*"):
        if path.is_file() and path.suffix in ("", ".py", ".sh") and "licences" not in path.parts:
            urls = re.findall(r"https?://(?!127\.0\.0\.1)\S*", path.read_text("utf-8"))
            assert not urls, path


def test_starters_are_what_windows_reads() -> None:
    """Lines end as on Windows, and nothing depends on the code page."""
    starters = sorted((RECIPES / "windows/folder").glob("*.cmd"))
    assert [path.stem for path in starters] == ["reportgen", "命令列", "開啟頁面"]
    for path in starters:
        content = path.read_bytes()
        assert content.isascii()
        assert content.count(b"\r\n") == content.count(b"\n")
        assert b"%~dp0" in content  # wherever the folder lies


def test_trials_install_the_documented_packages() -> None:
    sys.path.insert(0, str(ROOT / ".ci"))
    try:
        from machine import NEEDS  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    documented = {need.debian for need in NEEDS if need.level == "report"}
    for name in ("pipx", "uv"):
        script = (RECIPES / f"trials/{name}.sh").read_text("utf-8")
        assert documented <= set(script.split())
