"""Versions of the libraries that make a document; one that is not known is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.archive import environment

if TYPE_CHECKING:
    import pytest


def test_a_library_that_cannot_be_loaded_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment._harfbuzz_version()
    assert environment._fontconfig_version().count(".") == 2
    monkeypatch.setattr(environment, "_HARFBUZZ_LIBRARIES", ("libnone.so.0", "none.dll"))
    monkeypatch.setattr(environment, "_FONTCONFIG_LIBRARIES", ())
    assert environment._harfbuzz_version() == ""
    assert environment._fontconfig_version() == ""


def test_the_first_library_that_loads_is_taken() -> None:
    names = ("libnone.so.0", *environment._HARFBUZZ_LIBRARIES)
    assert environment._load_library(names) is not None
