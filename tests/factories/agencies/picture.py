"""A picture as an agency might paste one on 經營核心價值."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from reportgen.model.scorecard import CellRef, Picture

if TYPE_CHECKING:
    from random import Random

_COLOURS = ("#1f4e5f", "#7a3b2e", "#3d5a3a", "#5b4a7a", "#8a6d1f")


def picture(values: int, chance: Random) -> Picture:
    """Rings side by side, below the rows of ``values``."""
    image = Image.new("RGB", (480, 160), "#fbfaf6")
    pen = ImageDraw.Draw(image)
    for place in range(values):
        left = 20 + place * 440 // values
        box = (left, 30, left + 100, 130)
        pen.ellipse(box, outline=chance.choice(_COLOURS), width=chance.randrange(4, 12))
    target = BytesIO()
    image.save(target, "PNG")
    return Picture(
        content=target.getvalue(),
        media_type="image/png",
        description="相連的圓環，象徵機關的核心價值",
        width=120.0,
        height=40.0,
        at=CellRef(sheet="經營核心價值", cell=f"B{values + 8}"),
    )
