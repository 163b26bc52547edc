"""C types are parsed once, and arrays stay what they were."""

from __future__ import annotations

import pytest
from weasyprint.text.ffi import ffi

from reportgen.render.weasyprint_patches.c_types import new
from reportgen.render.weasyprint_patches.startup import load_weasyprint


@pytest.mark.parametrize(
    ("cdecl", "init", "items"),
    [
        ("unsigned int[3]", [1, 2, 3], [1, 2, 3]),
        ("unsigned int[3]", (1, 2, 3), [1, 2, 3]),
        ("unsigned int[0]", [], []),
        ("unsigned int[4]", [1, 2], [1, 2, 0, 0]),  # not all items: the length counts
        ("unsigned int[2]", None, [0, 0]),
        ("unsigned int[]", 2, [0, 0]),
    ],
)
def test_arrays(cdecl: str, init: object, items: list[int]) -> None:
    assert list(new(ffi, cdecl, init)) == items
    assert ffi.sizeof(new(ffi, cdecl, init)) == len(items) * ffi.sizeof("unsigned int")


def test_too_many_items_are_refused() -> None:
    with pytest.raises(IndexError):
        new(ffi, "unsigned int[2]", [1, 2, 3])


def test_lengths_share_a_type() -> None:
    load_weasyprint()
    parsed = len(ffi._parsed_types)
    ffi.new("hb_codepoint_t[7]", list(range(7)))
    ffi.new("hb_codepoint_t[8]", list(range(8)))
    assert len(ffi._parsed_types) == parsed
