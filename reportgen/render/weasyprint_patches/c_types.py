"""Patch of cffi: C types are parsed once.

cffi parses the name of a type when it is first used, together with all typedefs of the library:
some milliseconds. WeasyPrint names arrays by their lengths, so that each length is another type.
"""

from __future__ import annotations

from typing import Any, Final

from weasyprint.text.ffi import ffi

_new = type(ffi).new
# The types that WeasyPrint 70.0 uses in every document.
_TYPES: Final = (
    *("PangoRectangle *", "PangoFcFontMap *", "PangoLogAttr[]", "FcChar8 **", "FcResult *"),
    *("char[]", "char[4]", "unsigned int *", "hb_tag_t[100]", "hb_codepoint_t[]"),
)


def new(self: Any, cdecl: Any, init: Any = None) -> Any:
    """Return a new C object, as ``FFI.new`` does; an array's type is parsed without its length.

    Only of an array that is given all its items: their number is the length then.
    """
    if isinstance(init, list | tuple) and isinstance(cdecl, str) and cdecl.endswith("]"):
        item, _, length = cdecl[:-1].rpartition("[")
        if length == str(len(init)):
            cdecl = f"{item}[]"
    return _new(self, cdecl, init)


def preload_types() -> None:
    """Parse the types of every document, for this process and its forks."""
    for name in _TYPES:
        ffi.typeof(name)
