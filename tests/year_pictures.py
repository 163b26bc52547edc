"""Pictures of the year in the guide: ``python -m tests.year_pictures`` makes each of them anew.

Sheets of a part as LibreOffice shows them, and pages of documents, all of the samples.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pypdfium2
from PIL import Image

from reportgen.pipeline import Settings, build
from reportgen.pipeline.compare_editions import compare_workbooks
from reportgen.render.fonts.font_set import font_folders
from tests.conftest import ROOT
from tests.factories.samples.shared_parts import RETURNED
from tests.readers.libreoffice import to_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET: Final = ROOT / "docs/pictures/year"
WIDTH_PX: Final = 900
COLORS: Final = 32
ABOVE_FOOTER: Final = 0.92  # of a page
PART: Final = ROOT / f"inputs/share/收回/112-06-30_{RETURNED}.xlsx"
REVIEW: Final = ROOT / "inputs/review/105-12-25.xlsx"
EARLIER: Final = ROOT / "inputs/105-06-30.xlsx"


def main() -> int:
    """Write the pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        for name, pdf, words in _sources(Path(folder)):
            _picture(pdf, words).save(TARGET / f"{name}.png", optimize=True)
            print(f"docs/pictures/year/{name}.png")
    return 0


def _sources(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield the name of each picture, a PDF, and words by which its page is found."""
    part = to_pdf(PART, folder)
    yield "part-cover", part, "填報切結"
    yield "part-figures", part, "請填今年的數字"
    yield "part-words", part, "請說明執行情形"
    settings = Settings(
        output=folder / "output",
        working_folder=ROOT,
        font_folders=font_folders(),
        formats=("pdf",),
        documents=("review",),
    )
    (review,) = (file.path for file in build(REVIEW, settings).files if _is_pdf(file.path))
    yield "review-summary", review, "合計"
    yield "review-words", review, "因應策略"
    changes = compare_workbooks(EARLIER, REVIEW, settings)
    (table,) = (file.path for file in changes.files if _is_pdf(file.path))
    yield "comparison", table, "執行說明"


def _is_pdf(path: Path) -> bool:
    return path.suffix == ".pdf"


def _picture(pdf: Path, words: str) -> Image.Image:
    """The first page that has some words, cut to what is on it, in few colours."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = next(page for page in document if words in _text(page))
        rendered = page.render(scale=2 * WIDTH_PX / page.get_width()).to_pil()
    whole: Image.Image = rendered.convert("RGB")
    image = whole.crop((0, 0, whole.width, round(whole.height * ABOVE_FOOTER)))
    blank = Image.new("RGB", image.size, image.getpixel((0, 0)))
    box = _box(image, blank)
    cut = image.crop(box) if box else image
    height = round(cut.height * WIDTH_PX / cut.width)
    small = cut.resize((WIDTH_PX, height), Image.Resampling.LANCZOS)
    return small.quantize(COLORS, dither=Image.Dither.NONE)


def _text(page: pypdfium2.PdfPage) -> str:
    """The text of a page without blanks."""
    return "".join(page.get_textpage().get_text_range().split())


def _box(image: Image.Image, blank: Image.Image) -> tuple[int, int, int, int] | None:
    """The part of an image that differs from a blank one, with a margin."""
    from PIL import ImageChops

    box = ImageChops.difference(image, blank).getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    return max(0, left - 20), max(0, top - 20), right + 20, bottom + 20


if __name__ == "__main__":
    sys.exit(main())
