"""Patch of cffi: C types are parsed once.

cffi parses the name of a type when it is first used, together with all typedefs of the library:
some milliseconds. WeasyPrint names arrays by their lengths, so that each length is another type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# The types that WeasyPrint 70.0 uses in every document.
_TYPES: Final = (
    *("PangoRectangle *", "PangoFcFontMap *", "PangoLogAttr[]", "FcChar8 **", "FcResult *"),
    *("char[]", "char[4]", "unsigned int *", "hb_tag_t[100]", "hb_codepoint_t[]"),
)


def new_object(ffi_class: type) -> Callable[..., Any]:
    """Return a version of ``FFI.new`` that parses an array's type without its length, once.

    Only for arrays that are given all their items: their number is the length then.
    """
    original: Callable[..., Any] = vars(ffi_class)["new"]

    def patched(self: Any, cdecl: Any, init: Any = None) -> Any:
        """Return a new C object, as the original does."""
        if isinstance(init, list | tuple) and isinstance(cdecl, str) and cdecl.endswith("]"):
            item, _, length = cdecl[:-1].rpartition("[")
            if length == str(len(init)):
                cdecl = f"{item}[]"
        return original(self, cdecl, init)

    return patched


def preload_types() -> None:
    """Parse the types of every document, for this process and its forks."""
    from weasyprint.text.ffi import ffi

    for name in _TYPES:
        ffi.typeof(name)
