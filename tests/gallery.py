"""Pictures of every document, for ``docs/gallery``: ``python -m tests.gallery``.

Of the samples, and of an agency whose texts are long. A picture shows all pages of a document.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pypdfium2
from PIL import Image

from reportgen.model.scorecard import DataStatus
from reportgen.pipeline import Settings, build
from reportgen.pipeline.compare_editions import compare_workbooks
from reportgen.problems import has_errors
from reportgen.render.fonts.font_set import font_folders
from reportgen.workbook import write
from tests.conftest import ROOT
from tests.factories.samples import scorecard as sample_scorecard
from tests.factories.samples import second_agency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.model.scorecard import Scorecard, Text

GALLERY: Final = ROOT / "docs/gallery"
DOCUMENTS: Final = ("scorecard", "results")
SCALE: Final = 0.75  # of 72 dpi
ACROSS: Final = 5
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
    write(_long(sample_scorecard(second_agency)), long)
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
    compared = compare_workbooks(old, new, settings)
    _verify(compared.problems)
    (pdf,) = (file.path for file in compared.files if file.path.suffix == ".pdf")
    yield "105-12-25-comparison", pdf


def _verify(problems: tuple[object, ...]) -> None:
    if has_errors(problems):  # type: ignore[arg-type]
        raise SystemExit("\n".join(map(str, problems)))


def _long(card: Scorecard) -> Scorecard:
    """The scorecard with names two to three times as long, as a draft that is to be signed."""

    def longer(text: Text, by: str) -> Text:
        return replace(text, text=f"{text.text}{by}")

    return replace(
        card,
        status=DataStatus.DRAFT,
        agency=replace(card.agency, text="行政院農業委員會漁業署澄海縣海岸資源管理處及所屬機關"),
        mission=longer(card.mission, "，並使後代子孫同享潔淨、安全而豐饒的海洋"),
        objectives=tuple(
            replace(each, name=longer(each.name, "並持續檢討改善跨機關協調機制"))
            for each in card.objectives
        ),
        kpis=tuple(
            replace(each, name=longer(each.name, "（含所屬機關、委外單位及跨域合作案件）"))
            for each in card.kpis
        ),
        signatories=tuple(
            replace(card.agency, text=post) for post in ("承辦人", "單位主管", "主計", "機關首長")
        ),
    )


def _contact_sheet(pdf: Path) -> Image.Image:
    """Return all pages of a PDF in rows, in few colours."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=SCALE).to_pil().convert("RGB") for page in document]
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
