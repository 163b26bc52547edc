"""Page numbers: complex fields, each with its text until Word has updated it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.render.docx.write.wordml import add_child, add_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from reportgen.render.docx.ir import Field

# CSS's counter → Word's field; CSS's counter style → the field's switch.
CODES = {"page": "PAGE", "pages": "NUMPAGES"}
SWITCHES = {
    "decimal": "",
    "upper-roman": r" \* ROMAN",
    "lower-roman": r" \* roman",
    "upper-alpha": r" \* ALPHABETIC",
    "lower-alpha": r" \* alphabetic",
}


def write_field(parent: Element, field: Field, run: Callable[[Element], Element]) -> None:
    """Append the five runs of a field to a paragraph.

    ``run`` appends an empty run with the field's font to its argument and returns it.
    """
    add_child(run(parent), "fldChar", fldCharType="begin")
    add_text(run(parent), f" {field.code} ", "instrText")
    add_child(run(parent), "fldChar", fldCharType="separate")
    add_text(run(parent), field.shown)
    add_child(run(parent), "fldChar", fldCharType="end")
