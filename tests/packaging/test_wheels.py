"""Wheels: which a system needs, and what is unpacked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

from assembly.wheels import Wheels, unpack_wheel
from assembly.windows_folder import MARKERS

if TYPE_CHECKING:
    from pathlib import Path


def wheel(folder: Path, name: str, *requirements: str) -> None:
    with ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as archive:
        lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1"]
        lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
        archive.writestr(f"{name}-1.dist-info/METADATA", "\n".join(lines))
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-1.data/scripts/{name}.exe", "")
        archive.writestr(f"{name}-1.data/purelib/{name}_more.py", "")


def test_what_the_program_needs_on_windows(tmp_path: Path) -> None:
    wheel(tmp_path, "a", "b", "c[x]", "d; sys_platform == 'linux'", "d; extra == 'y'")
    wheel(tmp_path, "b", "a")
    wheel(tmp_path, "c", "e; extra == 'x'", "d; extra == 'z'")
    wheel(tmp_path, "d")
    wheel(tmp_path, "e", "f; sys_platform == 'win32'")
    wheel(tmp_path, "f")
    needed = Wheels(tmp_path, MARKERS).needed(["a>=1"])
    assert [path.name[0] for path in needed] == ["a", "b", "c", "e", "f"]


def test_a_wheel_is_unpacked_without_its_programs(tmp_path: Path) -> None:
    wheel(tmp_path, "a")
    unpack_wheel(tmp_path / "a-1-py3-none-any.whl", tmp_path / "site")
    unpacked = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    names = sorted(path.relative_to(tmp_path / "site").as_posix() for path in unpacked)
    assert names == ["a-1.dist-info/METADATA", "a/__init__.py", "a_more.py"]
