"""Start-up patches for WeasyPrint; what it draws is unchanged.

Each patch is measured by ``make benchmark``, and
``tests/render/weasyprint_patches/test_startup.py`` shows that the bytes of the PDF stay equal. If a
patch does not apply (another system, another version), WeasyPrint starts without it.

Savings, cold, of a bare WeasyPrint's 1.3 s (one machine with gcc installed):

* ``find_library``: WeasyPrint asks ctypes for names that do not exist on Linux, each of
  which starts gcc, ld and ldconfig, before it tries the soname that works: 0.3 s.
* fontTools: imported for fonts that this program does not use (WOFF, variable fonts, a
  fallback if HarfBuzz-subset is missing): 0.12 s.
"""

from __future__ import annotations

import ctypes.util
import importlib
import io
import sys
from contextlib import contextmanager, redirect_stdout
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEFERRED = ("fontTools", "fontTools.ttLib", "fontTools.varLib", "fontTools.varLib.instancer")


class _Deferred:
    """A name of a module that is imported when the name is first used."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def _import_object(self) -> Any:
        """Import the module, and return the object that the name stands for."""
        module = importlib.import_module(self._module)
        if hasattr(module, self._name):
            return getattr(module, self._name)
        return importlib.import_module(f"{self._module}.{self._name}")

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self._import_object()(*args, **kwargs)

    def __getattr__(self, name: str) -> object:
        return getattr(self._import_object(), name)


class _DeferredError(Exception):
    """Stands for fontTools' TTLibError in except clauses that are never reached."""


class _DeferredModule(ModuleType):
    """A module all of whose names are deferred."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []  # as a package has

    def __getattr__(self, name: str) -> object:
        return _DeferredError if name.endswith("Error") else _Deferred(self.__name__, name)


@contextmanager
def _without_fonttools() -> Iterator[None]:
    """Put placeholders in the place of fontTools within the context, unless it is imported.

    A placeholder imports what it stands for when it is first used.
    """
    if any(name in sys.modules for name in _DEFERRED):
        yield
        return
    sys.modules.update({name: _DeferredModule(name) for name in _DEFERRED})
    try:
        yield
    finally:
        for module_name in _DEFERRED:
            del sys.modules[module_name]


@contextmanager
def _without_library_search() -> Iterator[None]:
    """Let ctypes' ``find_library`` find nothing within the context, on Linux only.

    WeasyPrint then loads its libraries by their sonames.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


def load_weasyprint() -> None:
    """Import WeasyPrint and apply the patches of :mod:`reportgen.render.weasyprint_patches`.

    Raises OSError if Pango is not installed. WeasyPrint's own output on import is suppressed. Calls
    after the first have no effect.
    """
    if "weasyprint" not in sys.modules:
        with _without_library_search(), _without_fonttools(), redirect_stdout(io.StringIO()):
            importlib.import_module("weasyprint")
    from reportgen.render import weasyprint_patches

    weasyprint_patches.apply_patches()


def layout_versions() -> dict[str, str]:
    """Return the versions of WeasyPrint and of :func:`library_versions`, by name.

    Raises OSError if Pango is not installed.
    """
    libraries = library_versions()
    from weasyprint import VERSION

    return {"WeasyPrint": VERSION, **libraries}


def library_versions() -> dict[str, str]:
    """Return the versions of the C libraries that lay out, by name; loads WeasyPrint.

    That of HarfBuzz-subset is "4.1+", or "" if it is missing or older. Raises OSError if Pango is
    not installed.
    """
    load_weasyprint()
    from weasyprint.text import ffi

    version = ffi.pango.pango_version()
    has_subset = ffi.harfbuzz_subset and ffi.harfbuzz.hb_version_atleast(4, 1, 0)
    return {
        "Pango": f"{version // 10000}.{version // 100 % 100}.{version % 100}",
        "HarfBuzz-subset": "4.1+" if has_subset else "",
    }
