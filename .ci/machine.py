"""What this machine lacks: ``machine.py LEVEL`` prints Debian package names, one a line.

A need counts as met when the thing itself is there (a library that loads, a font file, a
program on the path), wherever it came from. ``--advice`` prints, in Chinese and in English,
what to install by hand instead. Standard library only: it runs before anything is set up.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEVELS = {  # and those whose needs each has
    "report": ("report",),
    "test": ("report", "test"),
    "check": ("report", "test", "check"),
    "windows": ("report", "test", "windows"),
    "bundle": ("report", "test", "bundle"),
    "trials": ("report", "test", "bundle", "trials"),
}


@dataclass(frozen=True)
class Need:
    """One thing, and the package that brings it; empty where the system has it or has none."""

    level: str
    debian: str
    fedora: str
    homebrew: str
    met: Callable[[], bool]


def library(name: str, version: int) -> Callable[[], bool]:
    """Whether a shared library loads."""

    def met() -> bool:
        found = ctypes.util.find_library(name) if sys.platform == "darwin" else None
        try:
            ctypes.CDLL(found or f"lib{name}.so.{version}")
        except OSError:
            return False
        return True

    return met


def font_folders() -> Iterator[Path]:
    """Yield the folders in which fontconfig looks, and in which macOS keeps its fonts."""
    home = Path.home()
    data = os.environ.get("XDG_DATA_HOME") or home / ".local/share"
    yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    yield from (Path(data, "fonts"), home / ".fonts")
    if sys.platform == "darwin":
        yield from (Path("/System/Library"), Path("/Library/Fonts"), home / "Library/Fonts")


def font(*beginnings: str) -> Callable[[], bool]:
    """Whether a font file begins with one of these names."""

    def met() -> bool:
        return any(
            name.lower().startswith(beginnings) and name.lower().endswith((".ttf", ".ttc", ".otf"))
            for folder in font_folders()
            for _, _, names in os.walk(folder)
            for name in names
        )

    return met


def program(*names: str) -> Callable[[], bool]:
    """Whether one of these programs is on the path."""
    return lambda: any(shutil.which(name) for name in names)


def office(module: str) -> Callable[[], bool]:
    """Whether LibreOffice is there, with one of its modules."""

    def met() -> bool:
        found = shutil.which("soffice") or shutil.which("libreoffice")
        if found is None:
            return False
        folder = Path(found).resolve().parent
        places = (folder, folder.parent / "Frameworks", folder.parent / "lib")
        return any(list(place.glob(f"{module}.*")) for place in places)

    return met


BROWSERS = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)


def browser() -> bool:
    """Whether Chromium or Chrome is there, on macOS as an application."""
    applications = ("Google Chrome", "Chromium")
    places = [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in applications]
    return program(*BROWSERS)() or any(place.exists() for place in places)


def web_server(name: str) -> Callable[[], bool]:
    """Return a check that a web server is there, or may be absent: to install it starts it.

    So only CI installs it; elsewhere the tests that need it are skipped.
    """

    def met() -> bool:
        found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
        return found is not None or not os.environ.get("CI")

    return met


def licence(package: str) -> Callable[[], bool]:
    """Return a check that a Debian package's licence is there."""
    return lambda: Path("/usr/share/doc", package, "copyright").exists()


OFFICE = ("libreoffice-writer", "--cask libreoffice")
NEEDS = (
    Need("report", "libpango-1.0-0", "pango", "pango", library("pango-1.0", 0)),
    Need("report", "libpangoft2-1.0-0", "pango", "pango", library("pangoft2-1.0", 0)),
    Need(
        "report",
        "libharfbuzz-subset0",
        "harfbuzz",
        "harfbuzz",
        library("harfbuzz-subset", 0),
    ),
    Need("report", "fonts-cns11643-kai", "", "", font("tw-kai", "kaiu.", "biaukai")),
    Need(
        "report",
        "fonts-liberation",
        "liberation-serif-fonts",
        "--cask font-liberation",
        font("liberationserif", "times.", "times new roman"),
    ),
    Need("test", "libreoffice-writer-nogui", *OFFICE, office("libswlo")),
    Need("test", "libreoffice-calc-nogui", "libreoffice-calc", OFFICE[1], office("libsclo")),
    Need("test", "poppler-utils", "poppler-utils", "poppler", program("pdftoppm")),
    Need("test", "chromium-headless-shell", "chromium", "--cask google-chrome", browser),
    Need("test", "npm", "npm", "node", program("npm")),
    Need("test", "nginx", "nginx", "nginx", web_server("nginx")),
    Need("test", "caddy", "caddy", "caddy", web_server("caddy")),
    Need("check", "default-jre-headless", "java-latest-openjdk", "openjdk", program("java")),
    Need("check", "maven", "maven", "maven", program("mvn")),
    Need("windows", "maven", "", "", program("mvn")),
    Need("windows", "dpkg-dev", "", "", program("dpkg-source")),
    Need("windows", "pkg-config", "", "", program("pkg-config")),
    Need("windows", "meson", "", "", program("meson")),
    Need("windows", "gperf", "", "", program("gperf")),
    Need("windows", "g++-mingw-w64-x86-64", "", "", program("x86_64-w64-mingw32-g++")),
    Need("windows", "mingw-w64-common", "", "", licence("mingw-w64-common")),
    Need("windows", "wine", "", "", program("wine")),
    Need("bundle", "patchelf", "", "", program("patchelf")),
    Need("trials", "debootstrap", "", "", program("debootstrap")),
    Need("trials", "buildah", "", "", program("buildah")),
)
KAI = {
    "zh": "標楷體：請安裝全字庫正楷體（TW-Kai），或沿用 Windows、macOS 內附的標楷體",
    "en": "a Kai font: install TW-Kai (CNS 11643), or use the 標楷體 that Windows and macOS bring",
}


def missing(level: str) -> list[Need]:
    """Return the needs of a level that this machine does not meet."""
    return [need for need in NEEDS if need.level in LEVELS[level] and not need.met()]


def advice(needs: list[Need]) -> Iterator[str]:
    """Return the commands to type, on the systems that we know."""
    brewed = [need.homebrew for need in needs]
    casks = [name.removeprefix("--cask ") for name in brewed if name.startswith("--cask ")]
    commands = (
        ("Debian, Ubuntu", "apt-get install", [need.debian for need in needs]),
        ("Fedora", "dnf install", [need.fedora for need in needs]),
        ("macOS (Homebrew)", "brew install", [name for name in brewed if " " not in name]),
        ("macOS (Homebrew)", "brew install --cask", casks),
    )
    yield "這台電腦缺少以下套件，請以系統管理員身分安裝後再執行一次。"
    yield "This machine lacks some packages; install them as its administrator, then try again."
    for system, command, packages in commands:
        listed = " ".join(dict.fromkeys(filter(None, packages)))
        if listed:
            yield f"  {system + ':':<18}{command} {listed}"
    if any(need.debian == "fonts-cns11643-kai" for need in needs):
        yield f"  Fedora, macOS:    {KAI['zh']}"
        yield f"                    {KAI['en']}"


def main(level: str, *options: str) -> int:
    """Print what is missing; 0 when the report itself can be made."""
    needs = missing(level)
    lines = advice(needs) if "--advice" in options else (need.debian for need in needs)
    if needs:
        print("\n".join(lines))
    return any(need.level == "report" for need in needs)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    raise SystemExit(main(*sys.argv[1:]))
