"""The environment that made a document; the same one gives the same bytes."""

from __future__ import annotations

import ctypes
import platform
import re
import zlib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING

from reportgen.archive.submission_package import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PROGRAM = "reportgen"
_REQUIREMENT_NAME = re.compile(r"[A-Za-z0-9._-]+")
_HARFBUZZ_LIBRARIES = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")
_FONTCONFIG_LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")


def environment(version: str, fonts: Iterable[tuple[str, Path]]) -> Environment:
    """Return the environment of this machine: versions, sorted by name, and fonts.

    ``version`` is this program's, ``fonts`` are family and file of those used. Versions are those
    of Python, system, zlib, the libraries for text layout and all required packages; one that is
    not known is left out.
    """
    versions = {
        PROGRAM: version,
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **_layout_library_versions(),
        **_package_versions(PROGRAM),
    }
    return Environment(
        versions={name: text for name, text in sorted(versions.items()) if text},
        fonts=tuple(fonts),
    )


def _layout_library_versions() -> dict[str, str]:
    """Return the versions of the C libraries for text layout by name; "" for one that is not found.

    Those of Pango and its like are missing altogether if they cannot be loaded.
    """
    from reportgen.render.weasyprint_patches.startup import library_versions

    versions: dict[str, str] = {}
    with suppress(OSError):
        versions |= library_versions()
    return versions | {"HarfBuzz": _harfbuzz_version(), "fontconfig": _fontconfig_version()}


def _harfbuzz_version() -> str:
    """Return the version of the HarfBuzz library; empty if it cannot be loaded."""
    library = _load_library(_HARFBUZZ_LIBRARIES)
    if library is None:
        return ""
    library.hb_version_string.restype = ctypes.c_char_p
    return str(library.hb_version_string().decode())


def _fontconfig_version() -> str:
    """Return the version of the Fontconfig library, such as "2.14.1"; "" if it cannot be loaded."""
    library = _load_library(_FONTCONFIG_LIBRARIES)
    if library is None:
        return ""
    version = int(library.FcGetVersion())
    return f"{version // 10000}.{version // 100 % 100}.{version % 100}"


def _load_library(names: Iterable[str]) -> ctypes.CDLL | None:
    """Return the first shared library of these names that loads, or None."""
    for name in names:
        with suppress(OSError):
            return ctypes.CDLL(name)
    return None


def _package_versions(program: str) -> dict[str, str]:
    """Return normalized name → version of the packages that a program needs, directly or not.

    The program itself, extras and packages that are not installed are left out.
    """
    versions: dict[str, str] = {}
    pending = [program]
    while pending:
        name = pending.pop()
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        key = re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()
        if key in versions:
            continue
        versions[key] = package.version
        for requirement in package.requires or ():
            match = _REQUIREMENT_NAME.match(requirement)
            if match and "extra ==" not in requirement:
                pending.append(match[0])
    versions.pop(program, None)
    return versions
