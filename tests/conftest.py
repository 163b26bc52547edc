"""Documents that several tests look at are made once for a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen import bounded
from tests.reading.libreoffice import to_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.pipeline import Built

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Edition:
    """A built edition: its files, and the Word file as LibreOffice lays it out."""

    built: Built
    pdf: Path
    docx: Path
    docx_as_pdf: Path


@pytest.fixture(scope="session", autouse=True)
def _in_this_process() -> Iterator[None]:
    """What runs in a child elsewhere runs here, but in the tests of children."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded, "way", lambda: bounded.Way.HERE)
        yield


def build_edition(workbook: Path, folder: Path, **settings: object) -> Edition:
    """Build a workbook below a folder and lay its Word file out."""
    from reportgen.pipeline import Settings, build
    from reportgen.render.fonts import font_folders

    given = {"working_folder": ROOT, "font_folders": font_folders()} | settings
    built = build(workbook, Settings(output=folder, **given))  # type: ignore[arg-type]
    files = {written.path.suffix: written.path for written in built.files}
    laid_out = folder / "libreoffice"
    laid_out.mkdir()
    return Edition(built, files[".pdf"], files[".docx"], to_pdf(files[".docx"], laid_out))


@pytest.fixture(scope="session")
def teachers_center(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition 105-12-25 of 臺北市教師研習中心."""
    return build_edition(ROOT / "inputs/105-12-25.xlsx", tmp_path_factory.mktemp("105-12-25"))
