"""Word's lines: no letter alone and no word torn that the PDF has not, no number in either."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.readers.libreoffice import to_pdf
from tests.readers.line_breaks import LineBreaks, read_line_breaks, rollup, sample_units

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.pipeline import WrittenBuild
    from tests.conftest import Edition, Shared

pytestmark = pytest.mark.slow

MORE_LONE = 2  # lines of a lone character that Word's form may have beyond the PDF's


def check(pdf: LineBreaks, word: LineBreaks, *, more_words: int = 0) -> None:
    assert word.pages == pdf.pages
    assert (pdf.torn, word.torn) == ((), ())
    assert len(word.lone) <= len(pdf.lone) + MORE_LONE, word.lone
    assert len(word.words) <= len(pdf.words) + more_words, word.words
    assert pdf.lone == ()
    for found in (pdf, word):
        assert found.unmatched <= found.lines / 100
        assert len(found.breaks) > 10


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("teachers_center", "105-12-25"),
        ("teachers_results", "105-12-25"),
        ("second_agency", "112-06-30"),
        ("second_results", "112-06-30"),
    ],
)
def test_samples(name: str, edition: str, request: pytest.FixtureRequest) -> None:
    made: Edition = request.getfixturevalue(name)
    units = sample_units(edition)
    assert "%" in units
    check(
        read_line_breaks(made.pdf, made.docx, units),
        read_line_breaks(made.docx_as_pdf, made.docx, units),
    )


def test_comparison(teachers_changes: WrittenBuild, tmp_path: Path) -> None:
    (pdf,) = (file.path for file in teachers_changes.files if file.path.suffix == ".pdf")
    word = pdf.with_suffix(".docx")
    check(read_line_breaks(pdf, word), read_line_breaks(to_pdf(word, tmp_path), word))


def test_rollup_of_18_agencies(shared: Shared) -> None:
    """Where letters are a hair wider than ours, too: no row goes on a page of its own."""

    def make(folder: Path) -> tuple[Path, Path, frozenset[str], tuple[Path, Path]]:
        pdf, word, units = rollup(18, folder / "rollup")
        wider = with_letters_apart(word, folder / "wider.docx")
        laid_out = to_pdf(word, folder / "libreoffice"), to_pdf(wider, folder / "libreoffice")
        return pdf, word, units, laid_out

    pdf, word, units, laid_out = shared("rollup-18", make)
    for form, more_words in zip(laid_out, (0, 1), strict=True):
        found = read_line_breaks(form, word, units)
        check(read_line_breaks(pdf, word, units), found, more_words=more_words)


def with_letters_apart(word: Path, target: Path) -> Path:
    """A Word file whose letters have 0.05 points more between them, which nobody sees."""
    with ZipFile(word) as package, ZipFile(target, "w", ZIP_DEFLATED) as changed:
        for name in package.namelist():
            content = package.read(name)
            if name == "word/styles.xml":
                before, size, after = content.partition(b"<w:sz ")
                content = before + b'<w:spacing w:val="1"/>' + size + after
            changed.writestr(name, content)
    return target
