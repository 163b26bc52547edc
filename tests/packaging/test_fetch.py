"""Downloads: only what has the pinned hash is kept."""

from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

APT = """#!/bin/sh
case " $*" in
*" source "*) cp "$MIRROR"/* . ;;
*download*) echo content >a_1%3a2_all.deb ;;
esac
"""


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


@pytest.fixture(name="mirror")
def fixture_mirror(tmp_path: Path) -> Path:
    """A source package of two files, and programs that give it in place of registries."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "s_1.tar").write_text("tar", "utf-8")
    lines = ["Format: 3.0", "Checksums-Sha256:", f" {sha256('tar')} 3 s_1.tar", "Files:", " 0 3 x"]
    (mirror / "s_1.dsc").write_text("\n".join([*lines, ""]), "utf-8")
    for name, script in (("apt-get", APT), ("python", "#!/bin/sh\n")):
        (tmp_path / name).write_text(script, "utf-8")
        (tmp_path / name).chmod(0o755)
    return mirror


def fetch(mirror: Path, *pins: str) -> subprocess.CompletedProcess[str]:
    work = mirror.parent
    (work / "pins.txt").write_text("\n".join(["# pins", *pins, ""]), "utf-8")
    return subprocess.run(
        [ROOT / "packaging/fetch", work / "pins.txt", work / "parts", "some_platform"],
        env={
            "PATH": f"{work}:/usr/bin:/bin",
            "PYTHON": str(work / "python"),
            "MIRROR": str(mirror),
        },
        capture_output=True,
        check=False,
        text=True,
    )


def test_what_is_pinned_is_kept_and_nothing_else(mirror: Path) -> None:
    old = mirror.parent / "parts/debs/a_1_old.deb"
    old.parent.mkdir(parents=True)
    old.touch()
    done = fetch(
        mirror,
        f"deb a 1:2 {sha256('content' + chr(10))} MIT OR Zlib",
        f"source s 1 {sha256((mirror / 's_1.dsc').read_text('utf-8'))} MIT",
    )
    assert done.returncode == 0, done.stderr
    found = {p.name for p in (mirror.parent / "parts").rglob("*") if p.suffix in (".deb", ".tar")}
    assert found == {"a_1%3a2.deb", "s_1.tar"}


def test_another_content_ends_it(mirror: Path) -> None:
    done = fetch(mirror, f"deb a 1:2 {'0' * 64} MIT")
    assert done.returncode == 1
    assert f"SHA-256 {sha256('content' + chr(10))}, pinned {'0' * 64}" in done.stderr


def test_another_content_of_a_source_ends_it(mirror: Path) -> None:
    (mirror / "s_1.tar").write_text("other", "utf-8")
    done = fetch(mirror, f"source s 1 {sha256((mirror / 's_1.dsc').read_text('utf-8'))} MIT")
    assert done.returncode != 0
    assert "s_1.tar: FAILED" in done.stdout + done.stderr
