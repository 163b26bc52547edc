"""The lists of pinned parts, ``pins.txt``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pin:
    """A part to be downloaded: a Debian package, or its source, or an artifact of Maven."""

    kind: str  # deb, source, maven
    name: str
    version: str
    sha256: str
    licence: str  # SPDX, of what is bundled of it

    @property
    def purl(self) -> str:
        """Return the package URL."""
        version = self.version.replace(":", "%3A").replace("+", "%2B")
        if self.kind == "maven":
            return f"pkg:maven/{self.name.replace(':', '/')}@{version}?classifier=windows-x86_64"
        architecture = "?arch=source" if self.kind == "source" else ""
        return f"pkg:deb/debian/{self.name}@{version}{architecture}"

    def deb(self, folder: Path) -> Path:
        """Return the path of the package in the folder ``debs`` that ``fetch`` fills."""
        return folder / f"{self.name}_{self.version.replace(':', '%3a')}.deb"


def read_pins(path: Path) -> list[Pin]:
    """Return the pins of a list."""
    lines = path.read_text("utf-8").splitlines()
    return [Pin(*line.split(maxsplit=4)) for line in lines if line and not line.startswith("#")]
