"""WeasyPrint imported our way is the same WeasyPrint."""

from __future__ import annotations

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.render.weasyprint_patches import startup

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[3]
HTML = "<html lang=zh><title>甲</title><style>p{font-family: serif}</style><p>甲乙 <b>AVfi</b> 105"
PRINT = f"""
import hashlib
from weasyprint import HTML
pdf = HTML(string={HTML!r}).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"1")
print(hashlib.sha256(pdf).hexdigest())
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "SOURCE_DATE_EPOCH": "0"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_bytes_are_equal() -> None:
    module = "reportgen.render.weasyprint_patches.startup"
    tuned = run(f"from {module} import load_weasyprint; load_weasyprint()\n{PRINT}")
    assert tuned == run(PRINT)
    assert len(tuned) == 64


def test_fonttools_is_neither_imported_nor_stubbed_afterwards() -> None:
    assert run(
        """
import sys
from reportgen.render.weasyprint_patches.startup import load_weasyprint
load_weasyprint()
print([name for name in sys.modules if name.startswith("fontTools")])
from fontTools.ttLib import TTFont, TTLibError
from fontTools import subset
print(TTFont.__module__, TTLibError.__module__, subset.__file__.endswith("__init__.py"))
"""
    ).splitlines() == ["[]", "fontTools.ttLib.ttFont fontTools.ttLib True"]


def test_what_was_deferred_works_when_it_is_used() -> None:
    assert run(
        """
import io
from reportgen.render.weasyprint_patches.startup import load_weasyprint
load_weasyprint()
from weasyprint.pdf import fonts
from fontTools.ttLib import TTFont
print(isinstance(fonts.TTFont(), TTFont), fonts.subset.Options().__class__.__name__)
print(fonts.ttFont.getTableClass("loca").__name__, callable(fonts.instantiateVariableFont))
"""
    ).splitlines() == ["True Options", "table__l_o_c_a True"]


@pytest.mark.parametrize("before", ["import weasyprint", "import fontTools.ttLib"])
def test_what_is_imported_already_is_left_alone(before: str) -> None:
    assert run(
        f"""
{before}
import sys
from reportgen.render.weasyprint_patches.startup import load_weasyprint
seen = {{name: id(module) for name, module in sys.modules.items() if "fontTools" in name}}
load_weasyprint()
print(bool(seen), all(id(sys.modules[name]) == module for name, module in seen.items()))
import weasyprint.pdf.fonts as fonts
print(fonts.TTFont.__module__)
"""
    ).splitlines() == ["True True", "fontTools.ttLib.ttFont"]


def test_library_search_is_itself_again() -> None:
    search = ctypes.util.find_library
    with startup._without_library_search():
        assert ctypes.util.find_library is not search
    assert ctypes.util.find_library is search


def test_other_systems_search_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    search = ctypes.util.find_library
    with startup._without_library_search():
        assert ctypes.util.find_library is search


def test_machine_without_pango_is_told_by_oserror() -> None:
    assert run(
        """
import ctypes, sys
import cffi
def dlopen(self, name, flags=0):
    raise OSError(f"cannot load library '{name}'")
cffi.FFI.dlopen = dlopen
from reportgen.render.weasyprint_patches.startup import load_weasyprint
try:
    load_weasyprint()
except OSError as error:
    print("OSError", [name for name in sys.modules if name.startswith("fontTools")])
"""
    ) == ("OSError []")


def test_library_versions() -> None:
    versions = startup.library_versions()
    assert list(versions) == ["Pango", "HarfBuzz-subset"]
    assert [int(part) for part in versions["Pango"].split(".")] >= [1, 44, 0]
    assert versions["HarfBuzz-subset"] == "4.1+"


def test_library_versions_without_harfbuzz_subset(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.text import ffi

    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    assert startup.library_versions()["HarfBuzz-subset"] == ""


def test_library_versions_with_an_old_harfbuzz(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library of that name alone is not enough: WeasyPrint needs functions of 4.1."""
    from weasyprint.text import ffi

    class OldHarfBuzz:
        @staticmethod
        def hb_version_atleast(major: int, minor: int, micro: int) -> int:
            return (major, minor, micro) <= (4, 0, 0)

    monkeypatch.setattr(ffi, "harfbuzz", OldHarfBuzz)
    assert startup.library_versions()["HarfBuzz-subset"] == ""
