"""Performance patches for WeasyPrint 70.0; its output is unchanged.

Each function here replaces the one of WeasyPrint, or of the libraries below it, of the same
behaviour; ``tests/render/weasyprint_patches/test_weasyprint_patches.py`` shows that pages and bytes
stay equal. Other versions are not patched.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

PATCHED_VERSIONS: Final = {
    "weasyprint": "70.0",
    "tinyhtml5": "2.1.0",
    "cssselect2": "0.10.1",
    "pydyf": "0.13.0",
}
# The C types of every document. cffi takes some milliseconds to parse one when it is first used:
# here they are parsed for all forks of this process.
_C_TYPES: Final = (
    *("PangoRectangle *", "PangoFcFontMap *", "PangoLogAttr[]", "FcChar8 **", "FcResult *"),
    *("char[]", "char[4]", "unsigned int *", "hb_tag_t[100]"),
)
_PATCHED_FLAG: Final = "_replaced_by_reportgen"


def patches() -> dict[str, tuple[ModuleType | type, str, object]]:
    """Return the patches: description → (module or class, attribute name, replacement).

    WeasyPrint must be imported, and not be patched before the first call: the replacements keep
    the originals that are in place then.
    """
    import pydyf
    from tinyhtml5 import inputstream
    from weasyprint.css import ComputedStyle, StyleFor
    from weasyprint.draw import border
    from weasyprint.layout import background, block, percent, preferred, table
    from weasyprint.text import line_break
    from weasyprint.text.line_break import Layout

    from reportgen.render.weasyprint_patches import (
        box_lengths,
        collapsed_borders,
        drawing,
        html_input,
        style_cascade,
        text_layout,
    )

    return {
        "layout's set_text": (Layout, "set_text", text_layout.set_text),
        "layout's deactivate": (Layout, "deactivate", text_layout.deactivate),
        "layout's reactivate": (Layout, "reactivate", text_layout.reactivate),
        "characters": (inputstream.HTMLUnicodeInputStream, "chars_until", html_input.chars_until),
        "percentages": (percent, "resolve_percentages", box_lengths.resolve_percentages),
        "strut": (line_break, "strut", text_layout.strut),
        "set-up": (Layout, "setup", text_layout.setup),
        "widths": (preferred, "inline_line_widths", text_layout.inline_line_widths),
        "lines": (block, "iter_line_boxes", text_layout.iter_line_boxes),
        "missing": (ComputedStyle, "__missing__", style_cascade.missing),
        "cascade": (StyleFor, "__init__", style_cascade.cascade),
        "borders": (table, "collapse_table_borders", collapsed_borders.collapse_table_borders),
        "backgrounds": (background, "layout_box_backgrounds", drawing.layout_box_backgrounds),
        "rules": (border, "draw_line", drawing.draw_line),
        "numbers": (pydyf, "_to_bytes", drawing.to_bytes),
        "pages": (pydyf.PDF, "page_references", drawing.PageReferences()),
    }


def versions_match() -> bool:
    """Return whether the installed versions are those that the patches are made for."""
    return all(
        getattr(sys.modules.get(name), "VERSION", "") == version
        for name, version in PATCHED_VERSIONS.items()
    )


def apply_patches() -> None:
    """Replace each patched function in its module and in all modules that have imported it.

    Must be called after WeasyPrint's import. Nothing is done if versions differ from
    ``PATCHED_VERSIONS``, or if it was called before.
    """
    import weasyprint
    from weasyprint.text.ffi import ffi

    if not versions_match() or hasattr(weasyprint, _PATCHED_FLAG):
        return
    setattr(weasyprint, _PATCHED_FLAG, True)
    for owner, name, function in patches().values():
        original = vars(owner)[name]
        setattr(owner, name, function)
        for module in _loaded_modules():
            for alias in [key for key, value in vars(module).items() if value is original]:
                setattr(module, alias, function)
    for name in _C_TYPES:
        ffi.typeof(name)


def _loaded_modules() -> list[ModuleType]:
    """Return the imported modules of the patched packages."""
    return [
        module
        for name, module in list(sys.modules.items())
        if module is not None and name.partition(".")[0] in PATCHED_VERSIONS
    ]
