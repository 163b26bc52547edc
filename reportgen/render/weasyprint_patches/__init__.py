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
_PACKAGES: Final = tuple(PATCHED_VERSIONS)
_PATCHED_FLAG: Final = "_replaced_by_reportgen"


def patches() -> dict[str, tuple[ModuleType | type, str, object]]:
    """Return the patches: description → (module or class, attribute name, replacement).

    Replacements are made anew by each call, of the originals that are in place then: WeasyPrint
    must be imported and not be patched yet.
    """
    import pydyf
    from tinyhtml5 import inputstream as stream
    from weasyprint import css
    from weasyprint.draw import border, color
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import background, block, percent, preferred, table
    from weasyprint.layout import float as floats
    from weasyprint.pdf.stream import Stream
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi

    from reportgen.render.weasyprint_patches import (
        box_lengths,
        c_types,
        collapsed_borders,
        drawing,
        html_input,
        style_cascade,
        text_layout,
    )

    layout_patches: dict[str, tuple[ModuleType | type, str, object]] = {
        f"layout's {name}": (line_break.Layout, name, method)
        for name, method in text_layout.keep_text_layouts(line_break).items()
    }
    return {
        **layout_patches,
        "characters": (
            stream.HTMLUnicodeInputStream,
            "chars_until",
            html_input.chars_until(stream),
        ),
        "percentages": (
            percent,
            "resolve_percentages",
            box_lengths.resolve_percentages(percent, boxes),
        ),
        "corners": (percent, "resolve_radii_percentages", box_lengths.resolve_radii(percent)),
        "strut": (line_break, "strut", text_layout.strut(line_break)),
        "set-up": (line_break.Layout, "setup", text_layout.setup(line_break)),
        "breaks": (line_break, "can_break_text", text_layout.can_break_text(line_break)),
        "widths": (
            preferred,
            "inline_line_widths",
            text_layout.inline_line_widths(preferred, boxes),
        ),
        "lines": (block, "iter_line_boxes", text_layout.iter_line_boxes(block, boxes)),
        "floats": (floats, "avoid_collisions", text_layout.avoid_collisions(floats)),
        "missing": (css.ComputedStyle, "__missing__", style_cascade.missing(css)),
        "cascade": (css.StyleFor, "__init__", style_cascade.cascade(css)),
        "borders": (
            table,
            "collapse_table_borders",
            collapsed_borders.collapse_table_borders(table, color),
        ),
        "colours": (color, "get_color", drawing.get_color(color)),
        "backgrounds": (
            background,
            "layout_box_backgrounds",
            drawing.layout_box_backgrounds(background),
        ),
        "rules": (border, "draw_line", drawing.draw_line(border)),
        "stacks": (Stream, "stacked", drawing.stacked),
        "artifacts": (Stream, "artifact", drawing.artifact),
        "array types": (type(ffi), "new", c_types.new_object(type(ffi))),
        "numbers": (pydyf, "_to_bytes", drawing.to_bytes(pydyf)),
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

    from reportgen.render.weasyprint_patches import c_types

    if not versions_match() or hasattr(weasyprint, _PATCHED_FLAG):
        return
    setattr(weasyprint, _PATCHED_FLAG, True)
    for owner, name, function in patches().values():
        original = vars(owner)[name]
        setattr(owner, name, function)
        for module in _loaded_modules():
            for alias in [key for key, value in vars(module).items() if value is original]:
                setattr(module, alias, function)
    c_types.preload_types()


def _loaded_modules() -> list[ModuleType]:
    """Return the imported modules of the patched packages."""
    return [
        module
        for name, module in list(sys.modules.items())
        if module is not None and name.partition(".")[0] in _PACKAGES
    ]
