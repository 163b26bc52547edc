"""The eye of the tests: it objects to what a reader would, and to nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from tests.readers import looks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Edition

pytestmark = pytest.mark.slow

STYLE = """@page { size: 400pt 300pt; margin: 40pt }
html { font: 15pt/1.4 "Liberation Serif", "TW-Kai" } p { margin: 0 }
table { table-layout: fixed; width: 320pt; border-collapse: collapse }
td { border: 1pt solid black; padding: 0 6pt } .stiff { white-space: nowrap }
"""


def objections(body: str, folder: Path) -> list[str]:
    html = f"<!DOCTYPE html><style>{STYLE}</style>{body}"
    with FontSet(find_fonts(font_folders())[0]).configuration(html) as fonts:
        layout = lay_out(html, base_url=TEMPLATE_URL, fetcher=TemplateFetcher(folder), fonts=fonts)
        path = folder / "made.pdf"
        path.write_bytes(layout.document.write_pdf())
    return looks.objections(path)


BAD = {
    "over the next cell's text": (
        '<table><tr><td class="stiff">甲乙丙丁戊己庚辛壬癸子丑<td>寅卯</table>',
        "lies on",
    ),
    "over an empty cell": (
        '<table><tr><td class="stiff">Internationalization of Teachers<td></table>',
        "left its column",
    ),
    "on the line above": ('<p>甲乙丙<p style="margin-top: -15pt">丁戊己', "lies on"),
    "half a letter aside": (
        '<p>甲乙丙<p style="margin-top: -21pt; padding-left: 7pt">丁戊己',
        "lies on",
    ),
    "over the margin": ('<p class="stiff">' + "甲" * 30, "beyond the margin"),
}


@pytest.mark.parametrize(("body", "words"), BAD.values(), ids=BAD.keys())
def test_it_objects(body: str, words: str, tmp_path: Path) -> None:
    assert any(words in line for line in objections(body, tmp_path))


@pytest.mark.parametrize(
    "body",
    [
        "<p>AVAVATo fly ffi WAVE 甲，乙。（丙）「丁」…<br>gjpqy ÀÉ",
        "<p>f)f] x<sup>2</sup> 10<sup>2</sup><br>戊己",
        "<table><tr><td>甲乙丙<td>丁戊<tr><td>AVA<td>WAV</table>",
    ],
)
def test_it_lets_good_type_pass(body: str, tmp_path: Path) -> None:
    assert objections(body, tmp_path) == []


def test_it_has_nothing_against_the_sample(teachers_center: Edition) -> None:
    assert looks.objections(teachers_center.pdf) == []
    assert looks.objections(teachers_center.docx_as_pdf) == []
