"""Wheels: which of those that are downloaded a system needs, and unpacking them."""

from __future__ import annotations

import subprocess
import sys
from email.parser import Parser
from typing import TYPE_CHECKING
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assembly.archives import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from email.message import Message
    from pathlib import Path

    from packaging.utils import NormalizedName


class Wheels:
    """The downloaded wheels, by name."""

    def __init__(self, folder: Path, markers: Mapping[str, str]) -> None:
        """Find the wheels of a folder; ``markers`` are those of the interpreter they are for."""
        self._markers = dict(markers)
        self._paths = {
            canonicalize_name(path.name.partition("-")[0]): path for path in folder.glob("*.whl")
        }

    def needed(self, requirements: Iterable[str]) -> list[Path]:
        """Return the wheels of some requirements, and of what these require, by name."""
        needed: dict[NormalizedName, Path] = {}
        waiting = [Requirement(text) for text in requirements]
        seen: set[str] = set()
        while waiting:
            requirement = waiting.pop()
            if str(requirement) in seen:
                continue
            seen.add(str(requirement))
            name = canonicalize_name(requirement.name)
            needed[name] = self._paths[name]
            for text in wheel_metadata(self._paths[name]).get_all("Requires-Dist") or ():
                further = Requirement(text)
                extras = requirement.extras or {""}
                if further.marker is None or any(
                    further.marker.evaluate(self._markers | {"extra": extra}) for extra in extras
                ):
                    waiting.append(further)
        return [needed[name] for name in sorted(needed)]


def wheel_metadata(wheel: Path) -> Message:
    """Return the metadata of a wheel."""
    with ZipFile(wheel) as archive:
        (entry,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(entry).decode())


def unpack_wheel(wheel: Path, target: Path) -> None:
    """Unpack a wheel; its programs for the command line are left out."""
    with ZipFile(wheel) as archive:
        for entry in archive.namelist():
            top, _, rest = entry.partition("/")
            kind, _, inner = rest.partition("/")
            is_data = top.endswith(".data")
            if not entry.endswith("/") and (not is_data or kind in ("purelib", "platlib")):
                write(target / (inner if is_data else entry), archive.read(entry))


def build_wheel(source: Path, folder: Path) -> Path:
    """Build the wheel of the project in ``source``; returns its path in ``folder``."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    options = ["--no-build-isolation", "--wheel-dir", str(folder), "."]
    subprocess.run([*command, *options], cwd=source, check=True)
    (wheel,) = folder.glob("reportgen-*.whl")
    return wheel
