"""Tables: widths, merges, borders, shading, and any table that one can think of."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.readers.word_xml import Word

COLLAPSED = "table,.t{border-collapse:collapse;table-layout:fixed;width:100mm}td{padding:0}"
CELLS = "<table><tr><td>a<td>b</table>"


def test_widths_are_those_of_the_page() -> None:
    word = Word(
        "<table><col style='width:62.3mm'><col><tr><td>a<td>b</table>",
        COLLAPSED + "td{border:.75pt solid}",
    )
    widths = [int(width) for width in word.find("//w:gridCol/@w:w")]
    (laid_out,) = word.layout.column_widths().values()
    assert widths == [round(width * 20) for width in laid_out]
    assert word.find("//w:tblLayout/@w:type") == ["fixed"]
    assert word.find("//w:tblW/@w:w") == [str(sum(widths))]
    assert [int(width) for width in word.find("//w:tcW/@w:w")] == widths


MERGES = {
    "across": ("<tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e", ["2"], []),
    "down": ("<tr><td rowspan=2>a<td>b<tr><td>c", [], ["restart", "continue"]),
    "both": (
        "<tr><td colspan=2 rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e<td>f",
        ["2", "2"],
        ["restart", "continue"],
    ),
    "to the end": ("<tr><td rowspan=0>a<td>b<tr><td>c", [], ["restart", "continue"]),
    "beyond the end": ("<tr><td rowspan=9>a<td>b<tr><td>c", [], ["restart", "continue"]),
    "a short row": ("<tr><td>a<td>b<td>c<tr><td>d", ["2"], []),
    "into another": (
        "<tr><td>a<td rowspan=2>b<td>c<tr><td colspan=2>d<td>e",
        [],
        ["restart", "continue"],
    ),
}


@pytest.mark.parametrize(("rows", "spans", "merges"), MERGES.values(), ids=MERGES.keys())
def test_merges(rows: str, spans: list[str], merges: list[str]) -> None:
    word = Word(f"<table>{rows}</table>", COLLAPSED)
    assert word.val("//w:gridSpan") == spans
    assert word.val("//w:vMerge") == merges


def test_borders_go_on_down_a_merged_cell() -> None:
    word = Word(
        "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", COLLAPSED + "td{border:1pt solid red}"
    )
    merged = "//w:tc[w:tcPr/w:vMerge]/w:tcPr/w:tcBorders/w:{}/@w:sz"
    for side in ("top", "left", "bottom", "right"):
        assert word.find(merged.format(side)) == ["8", "8"]


def test_the_stronger_border_wins_and_neighbours_agree() -> None:
    css = "table{border:1.5pt solid #1b2a41}td{border:.75pt solid #6b7688}.d{border:3pt double red}"
    word = Word("<table><tr><td>a<td class=d>b</table>", COLLAPSED + css)
    borders = "//w:tc[{}]/w:tcPr/w:tcBorders/w:{}/@w:{}"
    assert word.find(borders.format(1, "left", "sz")) == ["12"]
    assert word.find(borders.format(1, "left", "color")) == ["1B2A41"]
    assert word.find(borders.format(1, "right", "val")) == ["double"]
    assert word.find(borders.format(2, "left", "val")) == ["double"]
    assert word.find(borders.format(2, "left", "sz")) == ["8"]  # of each of the two lines


def test_borders_of_cells_that_stand_apart() -> None:
    css = "table{border-spacing:4pt;border:2pt solid}td{border:1pt dotted blue;padding:3pt}"
    word = Word(CELLS, css)
    assert word.find("//w:tblPr/w:tblCellSpacing/@w:w") == ["40"]
    assert word.find("//w:tblBorders/w:top/@w:sz") == ["16"]
    assert word.find("//w:tcBorders/w:left/@w:val") == ["dotted"] * 2


SHADES = {
    "cell": ("td{background:#f00}tr{background:#0f0}", "FF0000"),
    "row": ("tr{background:#0f0}tbody{background:#00f}", "00FF00"),
    "group": ("tbody{background:#00f}table{background:#ff0}", "0000FF"),
    "table": ("table{background:#ff0}", "FFFF00"),
}


@pytest.mark.parametrize(("css", "fill"), SHADES.values(), ids=SHADES.keys())
def test_shading(css: str, fill: str) -> None:
    assert Word(CELLS, css).find("//w:tc/w:tcPr/w:shd/@w:fill") == [fill] * 2


def test_cells_margins_hold_the_border_half() -> None:
    css = "td{border:1pt solid;padding:2pt 3pt 4pt 5pt;vertical-align:bottom}"
    word = Word(CELLS, COLLAPSED + css)
    margins = {
        side: word.find(f"//w:tc[1]/w:tcPr/w:tcMar/w:{side}/@w:w")
        for side in ("top", "left", "bottom", "right")
    }
    assert margins == {"top": ["40"], "left": ["110"], "bottom": ["80"], "right": ["70"]}
    assert word.val("//w:vAlign") == ["bottom"] * 2


def test_unequal_margins_of_a_row_go_to_the_paragraphs() -> None:
    """Word takes the largest upper margin of a row for all its cells."""
    css = "td{padding:2pt}.high{padding:7pt 2pt 5pt}"
    word = Word("<table><tr><td>a<td class=high>b</table>", COLLAPSED + css)
    assert word.find("//w:tcMar/w:top/@w:w") == ["40", "40"]
    assert word.find("//w:tc[2]//w:spacing/@w:before") == ["100"]
    assert word.find("//w:tc[2]//w:spacing/@w:after") == ["60"]


def test_rows() -> None:
    css = "tr{break-inside:avoid}.tall{height:30pt}"
    word = Word(
        "<table><thead><tr><th>a<tr><th>b</thead><tr class=tall><td>c<tr><td>d</table>",
        COLLAPSED + css,
    )
    assert word.find("//w:tr[w:trPr/w:tblHeader]//w:t/text()") == ["a", "b"]
    assert word.find("count(//w:tr[w:trPr/w:cantSplit])") == ["4.0"]
    assert word.find("//w:trHeight/@w:val") == ["600"]


def test_a_table_of_divs() -> None:
    css = ".t{display:table}.t div{display:table-cell;border:1pt solid;vertical-align:middle}"
    word = Word("<div class=t><div>a</div><div><p>b<p>c</div></div>", COLLAPSED + css)
    assert word.find("count(//w:tbl/w:tr/w:tc)") == ["2.0"]
    assert word.text == "a\nb\nc"
    assert word.problems == ()


PLACES = {
    "at the text's edge": ("", "//w:tblInd/@w:w", "10"),
    "indented": ("table{margin-left:10mm}", "//w:tblInd/@w:w", "577"),
    "centred": ("table{margin:0 auto}", "//w:tblPr/w:jc/@w:val", "center"),
    "to the right": ("table{margin-left:auto}", "//w:tblPr/w:jc/@w:val", "right"),
}


@pytest.mark.parametrize(("css", "path", "value"), PLACES.values(), ids=PLACES.keys())
def test_place(css: str, path: str, value: str) -> None:
    assert Word(CELLS, COLLAPSED + "td{border:1pt solid}" + css).find(path) == [value]


BETWEEN = {
    "a margin": ("table{margin-bottom:3mm}", "170"),
    "no margin": ("", "20"),
}


@pytest.mark.parametrize(("css", "height"), BETWEEN.values(), ids=BETWEEN.keys())
def test_two_tables_do_not_fuse(css: str, height: str) -> None:
    word = Word(CELLS + CELLS, css)
    assert word.find("//w:body/*") == ["tbl", "p", "tbl", "p", "sectPr"]
    assert word.find("//w:body/w:p[1]/w:pPr/w:spacing/@w:line") == [height]
    assert word.find("//w:body/w:p[2]/w:pPr/w:spacing/@w:line") == ["20"]


def test_the_space_around_a_table() -> None:
    word = Word(f"<p>a</p>{CELLS}<p>b", "table{margin:4pt 0 6pt}p{margin:1pt 0}")
    spacing = "//w:body/w:p[{}]/w:pPr/w:spacing/@w:{}"
    assert word.find(spacing.format(1, "after")) == ["80"]
    assert word.find(spacing.format(2, "before")) == ["120"]


def test_captions() -> None:
    word = Word("<table><caption>a</caption><tr><td>b</table>")
    assert word.find("//w:body/*") == ["p", "tbl", "p", "sectPr"]
    assert word.text == "a\nb"


def test_a_table_kept_on_one_page() -> None:
    word = Word("<table><tr><td>a<tr><td>b<tr><td>c</table>", "table{break-inside:avoid}")
    assert word.find("//w:p[w:pPr/w:keepNext]//w:t/text()") == ["a", "b"]


@st.composite
def any_table(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A table's HTML and its cells' texts in order, overlaps and gaps and all."""
    texts: list[str] = []
    groups = []
    for tag in draw(st.lists(st.sampled_from(("thead", "tbody", "tfoot")), min_size=1, max_size=3)):
        rows = []
        for _ in range(draw(st.integers(1, 4))):
            cells = []
            for _ in range(draw(st.integers(0, 4))):
                across, down = draw(st.integers(1, 4)), draw(st.integers(0, 4))
                texts.append(f"c{len(texts)}")
                cells.append(f"<td colspan={across} rowspan={down}>{texts[-1]}</td>")
            rows.append(f"<tr>{''.join(cells)}</tr>")
        groups.append(f"<{tag}>{''.join(rows)}</{tag}>")
    return f"<table>{''.join(groups)}</table>", texts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_table(), st.sampled_from(("collapse", "separate")))
def test_any_table_is_sound_and_keeps_its_text(drawn: tuple[str, list[str]], model: str) -> None:
    html, texts = drawn
    word = Word(html, f"table{{border-collapse:{model}}}td{{border:1pt solid}}")  # lints itself
    assert sorted(word.text.split()) == sorted(texts)
