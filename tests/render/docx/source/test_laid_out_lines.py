"""The widths of characters are those of the face, whatever a style makes of them."""

from __future__ import annotations

import pytest

from reportgen.render.docx.source.laid_out_lines import advance
from tests.render.layout.test_pagination import lay


@pytest.mark.parametrize("spacing", ["1pt", "3pt", "-0.5pt"])
def test_letter_spacing_is_no_part_of_a_width(spacing: str) -> None:
    layout = lay(
        "<p>甲<span>乙</span></p>",
        f"p {{ letter-spacing: normal }} span {{ letter-spacing: {spacing} }}",
    )
    plain, spaced = (
        layout.style(element) for tag in ("p", "span") for element in layout.root.iter(tag)
    )
    for character in "1A.年":
        assert advance(character, spaced) == pytest.approx(advance(character, plain))
