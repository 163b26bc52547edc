"""Fonts that a template names: found by any name they have, in any of the folders."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pypdf import PdfReader

from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.fonts.installed_families import find_family
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

if TYPE_CHECKING:
    from pathlib import Path

OWN_NAME, ZH_TW, WINDOWS = "機關體", 0x404, 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of --fonts, with a font that has a Chinese name only, and a file that is none."""
    (source,) = (face for face in find_fonts(font_folders())[0] if face.role.name == "Latin")
    with TTFont(source.path) as font:
        font["name"].names = []
        for name_id, text in ((1, OWN_NAME), (2, "Regular"), (4, OWN_NAME), (6, "AgencyFont")):
            font["name"].setName(text, name_id, WINDOWS, 1, ZH_TW)
        (tmp_path / "sub").mkdir()
        font.save(tmp_path / "sub/agency.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0")
    return tmp_path


def test_a_font_is_found_by_its_chinese_name(folder: Path) -> None:
    (face,) = find_family(OWN_NAME, (folder,))
    assert (face.path, face.face_index) == (folder / "sub/agency.ttf", 0)
    assert find_family("nowhere", (folder,)) == ()


def test_it_prints_though_another_document_was_laid_out_before(folder: Path) -> None:
    html = f"<html lang=zh-TW><p style='font-family: {OWN_NAME}'>abc"
    built_in = FontSet(find_fonts(font_folders())[0], (folder, *font_folders()))
    named = built_in.with_families([OWN_NAME, "Arial", "nowhere"])
    assert [named.has_family(name) for name in (OWN_NAME, "arial", "nowhere")] == [
        True,
        True,
        False,
    ]
    assert not built_in.has_family(OWN_NAME)
    assert named.with_families([OWN_NAME]) is named
    assert OWN_NAME not in printed_with(built_in, html)
    assert OWN_NAME in printed_with(named, html)
    assert "Liberation-Sans" in printed_with(named, html.replace(OWN_NAME, "sans-serif"))


def printed_with(fonts: FontSet, html: str) -> str:
    """The names of the fonts in a PDF."""
    from pathlib import Path as AnyPath

    fetcher = TemplateFetcher(AnyPath(__file__).parent)
    with fonts.configuration(html) as configuration:
        layout = lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=configuration)
        pdf = PdfReader(io.BytesIO(layout.document.write_pdf()))
    resources: Any = pdf.pages[0]["/Resources"]
    resources = resources["/Font"]
    return " ".join(str(resources[name]["/BaseFont"]) for name in resources)
