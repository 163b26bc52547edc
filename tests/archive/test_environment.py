"""Versions of what makes a document; one that is not known is left out."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from reportgen.archive import environment as module
from reportgen.archive.environment import environment

if TYPE_CHECKING:
    from collections.abc import Callable

LAYOUT = "reportgen.render.weasyprint_patches.startup"


def pango() -> dict[str, str]:
    return {"Pango": "1.50"}


def not_installed() -> dict[str, str]:
    raise OSError("cannot load library")


@pytest.mark.parametrize(
    ("library_versions", "names"), [(pango, {"Pango"}), (not_installed, set())]
)
def test_versions_and_fonts(
    library_versions: Callable[[], dict[str, str]],
    names: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, LAYOUT, SimpleNamespace(library_versions=library_versions))
    font = ("TW-Kai", Path("kai.ttf"))
    found = environment("1.2.3", [font])
    assert found.fonts == (font,)
    assert list(found.versions) == sorted(found.versions)
    assert found.versions["reportgen"] == "1.2.3"
    assert found.versions["Python"].startswith("CPython 3.")
    assert {"HarfBuzz", "fontconfig", "zlib", "system", "openpyxl"} <= found.versions.keys()
    assert found.versions.keys() & {"Pango"} == names


def test_a_library_that_cannot_be_loaded_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert module._harfbuzz_version()
    assert module._fontconfig_version().count(".") == 2
    monkeypatch.setattr(module, "_HARFBUZZ_LIBRARIES", ("libnone.so.0", "none.dll"))
    monkeypatch.setattr(module, "_FONTCONFIG_LIBRARIES", ())
    assert module._harfbuzz_version() == ""
    assert module._fontconfig_version() == ""


def test_packages_are_those_that_a_program_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    packages = {
        "program": ("1", ["Needed_Package>=2", "extra-package ; extra == 'more'", "missing"]),
        "Needed_Package": ("2.1", ["program", "deep[x]>1; python_version>'3'"]),
        "deep": ("3", None),
    }

    def distribution(name: str) -> SimpleNamespace:
        if name not in packages:
            raise PackageNotFoundError(name)
        version, requires = packages[name]
        return SimpleNamespace(metadata={"Name": name}, version=version, requires=requires)

    monkeypatch.setattr(module, "distribution", distribution)
    assert module._package_versions("program") == {"needed-package": "2.1", "deep": "3"}
