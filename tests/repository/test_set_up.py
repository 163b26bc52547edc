"""Set-up waits for another program that installs packages, or ends and says so."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LOCKED = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt)"


def installing(folder: Path, locked: int, patience: int) -> subprocess.CompletedProcess[str]:
    """Install a package where apt is locked so many times."""
    (functions,) = re.findall(
        r"(?s)\nsay\(\).*?(?=\n# --- Python)", (ROOT / ".ci/setup").read_text("utf-8")
    )
    calls = folder / "calls"
    apt = folder / "apt-get"
    apt.write_text(
        f"""#!/bin/sh
echo "$*" >> {calls}
case "$*" in *update*) exit 0 ;; esac
[ "$(grep -c install {calls})" -gt {locked} ] || {{ echo "{LOCKED}" >&2; exit 100; }}
""",
        "utf-8",
    )
    apt.chmod(0o755)
    script = f"set -eu\nsleep() {{ :; }}\nbecoming() {{ echo env; }}\n{functions}\n"
    script = re.sub(r"(?s)\nbecoming\(\) \{\n.*?\n\}", "", script)
    return subprocess.run(
        ["sh", "-c", f"{script}install fonts-x || exit 1\necho done"],
        env={"PATH": f"{folder}:/usr/bin:/bin", "APT_PATIENCE": str(patience)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_waits_for_the_lock(tmp_path: Path) -> None:
    done = installing(tmp_path, locked=2, patience=60)
    assert done.returncode == 0, done.stderr
    assert "done" in done.stdout
    assert "DPkg::Lock::Timeout=" in (tmp_path / "calls").read_text("utf-8")


@pytest.mark.parametrize("patience", [0, 12])
def test_it_ends_where_that_takes_too_long(tmp_path: Path, patience: int) -> None:
    done = installing(tmp_path, locked=99, patience=patience)
    assert done.returncode == 5
    assert "apt 被鎖定" in done.stderr
    assert "apt is locked" in done.stderr


def test_each_folder_has_needs_of_its_own(tmp_path: Path) -> None:
    listed = {
        level: subprocess.run(
            [sys.executable, ROOT / ".ci/machine.py", level],
            env={"PATH": str(tmp_path)},  # where nothing is installed
            capture_output=True,
            check=False,
            text=True,
        ).stdout.split()
        for level in ("test", "check", "windows", "bundle", "trials")
    }
    own = set(listed["windows"]) - set(listed["test"])
    assert {"meson", "g++-mingw-w64-x86-64", "wine", "maven"} <= own
    assert not {"meson", "wine"} & set(listed["check"])
    assert set(listed["bundle"]) - set(listed["test"]) == {"patchelf"}
    assert set(listed["trials"]) - set(listed["bundle"]) == {"buildah", "debootstrap"}
