"""The recipe of the folder for Windows: pins, starters, what is needed, the same bytes."""

from __future__ import annotations

import importlib.util
import re
import shutil
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

RECIPE = ROOT / "packaging/windows"


@pytest.fixture(scope="module", name="assemble")
def fixture_assemble() -> ModuleType:
    """The script, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("assemble", RECIPE / "assemble.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(folder: Path, name: str, *requirements: str) -> None:
    with ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as archive:
        lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1"]
        lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
        archive.writestr(f"{name}-1.dist-info/METADATA", "\n".join(lines))
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-1.data/scripts/{name}.exe", "")
        archive.writestr(f"{name}-1.data/purelib/{name}_more.py", "")


def test_every_pin_has_a_hash() -> None:
    lines = (RECIPE / "pins.txt").read_text("utf-8").splitlines()
    pins = [line.split() for line in lines if line and not line.startswith("#")]
    assert {pin[0] for pin in pins} == {"source", "deb", "maven"}
    assert all(re.fullmatch("[0-9a-f]{64}", pin[3]) for pin in pins)


def test_no_registry_is_named() -> None:
    """Each machine has its own: apt-get, Maven and pip know them."""
    for path in RECIPE.rglob("*"):
        if path.is_file() and path.suffix in ("", ".py", ".txt"):
            assert "http" not in path.read_text("utf-8"), path


def test_starters_are_what_windows_reads() -> None:
    """Lines end as on Windows, and nothing depends on the code page."""
    starters = sorted((RECIPE / "folder").glob("*.cmd"))
    assert [path.stem for path in starters] == ["reportgen", "命令列", "開啟頁面"]
    for path in starters:
        content = path.read_bytes()
        assert content.isascii()
        assert content.count(b"\r\n") == content.count(b"\n")
        assert b"%~dp0" in content  # wherever the folder lies


def test_what_the_program_needs_on_windows(assemble: ModuleType, tmp_path: Path) -> None:
    wheel(tmp_path, "a", "b", "c[x]", "d; sys_platform == 'linux'", "d; extra == 'y'")
    wheel(tmp_path, "b", "a")
    wheel(tmp_path, "c", "e; extra == 'x'", "d; extra == 'z'")
    wheel(tmp_path, "d")
    wheel(tmp_path, "e", "f; sys_platform == 'win32'")
    wheel(tmp_path, "f")
    needed = assemble.Wheels(tmp_path).needed(["a>=1"])
    assert [path.name[0] for path in needed] == ["a", "b", "c", "e", "f"]


def test_a_wheel_is_unpacked_without_its_programs(assemble: ModuleType, tmp_path: Path) -> None:
    wheel(tmp_path, "a")
    assemble.unpack_wheel(tmp_path / "a-1-py3-none-any.whl", tmp_path / "site")
    unpacked = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    names = sorted(path.relative_to(tmp_path / "site").as_posix() for path in unpacked)
    assert names == ["a-1.dist-info/METADATA", "a/__init__.py", "a_more.py"]


def test_the_same_files_give_the_same_zip(assemble: ModuleType, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for name in ("乙.txt", "甲/a.png"):
        assemble.write(first / name, name.encode())
    shutil.copytree(first, second)
    (second / "乙.txt").touch()
    for folder in (first, second):
        found = [path for path in folder.rglob("*") if path.is_file()]
        assemble.write_zip(folder.with_suffix(".zip"), "root", found, folder)
    assert first.with_suffix(".zip").read_bytes() == second.with_suffix(".zip").read_bytes()
    with ZipFile(first.with_suffix(".zip")) as archive:
        assert archive.namelist() == ["root/乙.txt", "root/甲/a.png"]
