"""Pictures of every document, for ``docs/gallery``: ``python -m tests.gallery``.

Of the samples, of an agency whose texts are long, and of the roll-up of a few agencies. A picture
shows the pages of a document, the first twenty if there are more.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pypdfium2
from PIL import Image

from reportgen.model.scorecard import RocDate
from reportgen.pipeline import Settings, build
from reportgen.pipeline.compare_editions import compare_workbooks
from reportgen.problems import has_errors
from reportgen.render.fonts.font_set import font_folders
from reportgen.workbook import write
from tests.conftest import ROOT
from tests.factories.long_texts import long_agency
from tests.readers.line_breaks import rollup

if TYPE_CHECKING:
    from collections.abc import Iterator

GALLERY: Final = ROOT / "docs/gallery"
DOCUMENTS: Final = ("scorecard", "results")
SCALE: Final = 0.75  # of 72 dpi
ACROSS: Final = 5
MAX_PAGES: Final = 20
ROLLED_UP_AGENCIES: Final = 6
GAP: Final = 4
COLORS: Final = 24


def main() -> int:
    """Write the pictures; return 1 if a document cannot be built."""
    GALLERY.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        for name, pdf in _documents(Path(folder)):
            _contact_sheet(pdf).save(GALLERY / f"{name}.png", optimize=True)
            print(f"docs/gallery/{name}.png")
    return 0


def _documents(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield a name and the PDF of each document."""
    settings = Settings(
        output=folder / "output",
        working_folder=ROOT,
        font_folders=font_folders(),
        formats=("pdf",),
        documents=DOCUMENTS,
    )
    long = folder / "112-06-30.xlsx"
    later = folder / "112-12-31.xlsx"
    write(long_agency(), long)
    write(long_agency(revised=RocDate(112, 12, 31)), later)
    old, new = (ROOT / f"inputs/{edition}.xlsx" for edition in ("105-06-30", "105-12-25"))
    for workbook, name in ((new, "105-12-25"), (ROOT / "inputs/112-06-30.xlsx", "112-06-30"),
                           (long, "long")):  # fmt: skip
        output = replace(settings, output=folder / name)
        built = build(workbook, output)
        _verify(built.problems)
        pdfs = [file.path for file in built.files if file.path.suffix == ".pdf"]
        for document, pdf in zip(DOCUMENTS, pdfs, strict=True):
            yield f"{name}-{document}", pdf
    review = ROOT / "inputs/review/105-12-25.xlsx"
    built = build(review, replace(settings, output=folder / "review", documents=("review",)))
    _verify(built.problems)
    (pdf,) = (file.path for file in built.files if file.path.suffix == ".pdf")
    yield "105-12-25-review", pdf
    short = ROOT / "inputs/112-06-30.xlsx"
    for before, after, name in ((old, new, "105-12-25"), (short, later, "long")):
        compared = compare_workbooks(before, after, replace(settings, output=folder / f"{name}-c"))
        _verify(compared.problems)
        (pdf,) = (file.path for file in compared.files if file.path.suffix == ".pdf")
        yield f"{name}-comparison", pdf
    yield "rollup", rollup(ROLLED_UP_AGENCIES, folder / "rollup")[0]


def _verify(problems: tuple[object, ...]) -> None:
    if has_errors(problems):  # type: ignore[arg-type]
        raise SystemExit("\n".join(map(str, problems)))


def _contact_sheet(pdf: Path) -> Image.Image:
    """Return the first pages of a PDF in rows, in few colours."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [
            document[number].render(scale=SCALE).to_pil().convert("RGB")
            for number in range(min(MAX_PAGES, len(document)))
        ]
    width, height = (max(sizes) for sizes in zip(*(page.size for page in pages), strict=True))
    across = min(ACROSS, len(pages))
    down = -(-len(pages) // across)
    sheet = Image.new(
        "RGB", (across * (width + GAP) - GAP, down * (height + GAP) - GAP), (136, 136, 136)
    )
    for number, page in enumerate(pages):
        sheet.paste(page, (number % across * (width + GAP), number // across * (height + GAP)))
    return sheet.quantize(COLORS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    sys.exit(main())
