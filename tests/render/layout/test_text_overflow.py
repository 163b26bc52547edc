"""Text that sticks out is freed to break, or told with its page; nothing covers anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.layout.laid_out_document import serialize, with_replaced_children
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.layout.text_overflow import allow_phrase_breaks, find_overflowing_text
from reportgen.render.templates.phrase_segmentation import width_in_ems
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from reportgen.workbook import read, write
from tests.conftest import ROOT, build_edition
from tests.readers import looks, pdf

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.render.layout.laid_out_document import Layout

STYLE = """@page { size: 400px 300px; margin: 20px; @bottom-center { content: "1" } }
html { font: 20px/1.4 "Liberation Serif", "TW-Kai"; overflow-wrap: anywhere }
body, p { margin: 0 } .phrase, .stiff { white-space: nowrap }
table { table-layout: fixed; width: 360px; border-spacing: 0 } td { padding: 0 10px }
"""


def laid(body: str, folder: Path) -> Layout:
    html = f"<!DOCTYPE html><style>{STYLE}</style>{body}"
    machine = FontSet(find_fonts(font_folders())[0])
    with machine.configuration(html) as fonts:
        return lay_out(html, base_url=TEMPLATE_URL, fetcher=TemplateFetcher(folder), fonts=fonts)


OUTSIDE = {
    "over the next cell": (
        '<table><tr><td class="stiff">甲乙丙丁戊己庚辛壬癸<td>子</table>',
        [(1, "甲乙丙丁戊己庚辛壬癸")],
    ),
    "over the margin": (f'<p>甲<p class="stiff">{"乙" * 20}', [(1, f"{'乙' * 12}…")]),
    "before the margin": ('<p style="margin-left: -9px">甲乙丙', [(1, "甲乙丙")]),
    "below the page": ('<p style="height: 250px">甲<p style="margin-top: -9px">乙', []),
    "on other text": ('<p>甲乙丙<p style="margin-top: -26px">丁戊', [(1, "丁戊")]),
    "out of a box that is too low": (
        '<div style="height: 30px"><p>甲乙<p>丙丁</div><p>戊己',
        [(1, "戊己")],
    ),
    "on the second page": (
        f'<p>甲<p class="stiff" style="break-before: page">{"乙" * 19}',
        [(2, f"{'乙' * 12}…")],
    ),
    "in a table wider than the page": (
        '<table style="width: 700px"><tr><td>甲<td>乙丙</table>',
        [(1, "乙丙")],
    ),
}
INSIDE = {
    "a long word": "<p>" + "a" * 200,
    "lines close together": '<p style="line-height: 1">甲乙<br>丙丁<br>gjp',
    "superscripts": "<p>甲<sup>2</sup>乙<sub>3</sub><br>丙",
    "space that hangs": f'<p style="white-space: pre-wrap">{"甲" * 18}   乙',
    "a hanging indent": '<p style="padding-left: 20px; text-indent: -20px">甲乙丙',
    "cells side by side": "<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>",
}


@pytest.mark.parametrize(("body", "found"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_sticks_out_is_told(body: str, found: list[tuple[int, str]], tmp_path: Path) -> None:
    assert list(find_overflowing_text(laid(body, tmp_path))) == found


@pytest.mark.parametrize("body", INSIDE.values(), ids=INSIDE.keys())
def test_what_stays_inside_is_not(body: str, tmp_path: Path) -> None:
    assert find_overflowing_text(laid(body, tmp_path)) == ()


def test_phrases_that_are_too_wide_may_break(tmp_path: Path) -> None:
    wide, narrow = (
        '<span class="phrase">甲乙丙丁戊己庚辛壬癸</span>',
        "<span class=phrase>子丑</span>",
    )
    first = laid(f"<table><tr><td>{wide}<td>{narrow}</table>", tmp_path)
    assert find_overflowing_text(first) != ()
    changes = allow_phrase_breaks(first)
    tree = with_replaced_children(first.root, changes)
    assert len(changes) == 1
    assert [each.get("class") for each in tree.iter("span")] == ["", "phrase"]
    second = laid(serialize(tree), tmp_path)
    assert (find_overflowing_text(second), allow_phrase_breaks(second)) == ((), {})


@pytest.mark.parametrize(("text", "wide"), [("", 1), ("愛", 1), ("卓越", 2), ("Love", 2.4)])
def test_width_of_a_text(text: str, wide: float) -> None:
    assert width_in_ems(text) == pytest.approx(wide)


@pytest.mark.slow
def test_long_texts_stay_in_their_cells(tmp_path: Path) -> None:
    """English words, addresses and long values where the agency has two characters."""
    ours, _ = read(ROOT / "inputs/105-12-25.xlsx")
    assert ours is not None
    long = ("追求卓越永續創新發展", "Internationalization", "W" * 20, "智慧")
    values = [
        replace(each, name=replace(each.name, text=text))
        for each, text in zip(ours.values, long, strict=True)
    ]
    themes = [replace(each, name=replace(each.name, text="W" * 20)) for each in ours.themes]
    wide = replace(ours.vision, text="Transformation.Internationalization" * 2)
    first = replace(ours.kpis[0], name=replace(ours.kpis[0].name, text="https://a.tw/" + "b" * 60))
    changed = replace(
        ours,
        values=tuple(values),
        themes=tuple(themes),
        vision=wide,
        kpis=(first, *ours.kpis[1:]),
    )
    workbook = tmp_path / "105-12-25.xlsx"
    write(changed, workbook)
    edition = build_edition(workbook, tmp_path / "output")
    assert "W408" not in {each.code for each in edition.built.problems}
    assert looks.objections(edition.pdf) == []
    assert looks.objections(edition.docx_as_pdf) == []
    assert all(text in pdf.read_pages(edition.pdf)[-1].text for text in long)
