"""Tables: widths, merges, borders, shading, and any table that one can think of."""

from __future__ import annotations

from typing import NamedTuple

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


SIDES = ("top", "left", "bottom", "right")


class FoundCell(NamedTuple):
    """A cell as it looks: by its table's style, and by what it says itself."""

    borders: dict[str, tuple[str, ...]]  # side → style, size, colour
    margins: dict[str, str]
    merged: bool
    direct: set[str]  # properties that it has itself


def cells(word: Word) -> list[list[FoundCell]]:
    """The cells of the first table, row by row."""
    (style_id, *_) = word.val("//w:tblPr/w:tblStyle")
    style = f"//w:style[@w:styleId='{style_id}']/w:tblPr"
    rows = int(word.find("count((//w:tbl)[1]/w:tr)")[0].partition(".")[0])
    found = []
    for y in range(1, rows + 1):
        columns = int(word.find(f"count((//w:tbl)[1]/w:tr[{y}]/w:tc)")[0].partition(".")[0])
        line = []
        for x in range(1, columns + 1):
            cell = f"(//w:tbl)[1]/w:tr[{y}]/w:tc[{x}]/w:tcPr"
            outer = {"top": y == 1, "bottom": y == rows, "left": x == 1, "right": x == columns}
            inside = {side: "insideH" if side in ("top", "bottom") else "insideV" for side in SIDES}
            borders, margins = {}, {}
            for side in SIDES:
                by_style = side if outer[side] else inside[side]
                borders[side] = tuple(
                    "".join(
                        word.find(f"{cell}/w:tcBorders/w:{side}/@w:{name}")
                        or word.find(
                            f"{style}/w:tblBorders/w:{by_style}/@w:{name}", "word/styles.xml"
                        )
                    )
                    for name in ("val", "sz", "color")
                )
                margins[side] = "".join(
                    word.find(f"{cell}/w:tcMar/w:{side}/@w:w")
                    or word.find(f"{style}/w:tblCellMar/w:{side}/@w:w", "word/styles.xml")
                )
            direct = set(word.find(f"{cell}/*"))
            line.append(FoundCell(borders, margins, "vMerge" in direct, direct))
        found.append(line)
    return found


@pytest.mark.parametrize(("rows", "spans", "merges"), MERGES.values(), ids=MERGES.keys())
def test_merges(rows: str, spans: list[str], merges: list[str]) -> None:
    word = Word(f"<table>{rows}</table>", COLLAPSED)
    assert word.val("//w:gridSpan") == spans
    assert word.val("//w:vMerge") == merges


def test_borders_go_on_down_a_merged_cell() -> None:
    word = Word(
        "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", COLLAPSED + "td{border:1pt solid red}"
    )
    for cell in (cell for row in cells(word) for cell in row if cell.merged):
        assert {side: size for side, (_, size, _) in cell.borders.items()} == dict.fromkeys(
            SIDES, "8"
        )


def test_the_stronger_border_wins_and_neighbours_agree() -> None:
    css = "table{border:1.5pt solid #1b2a41}td{border:.75pt solid #6b7688}.d{border:3pt double red}"
    word = Word("<table><tr><td>a<td class=d>b</table>", COLLAPSED + css)
    ((first, second),) = cells(word)
    assert first.borders["left"] == ("single", "12", "1B2A41")
    assert first.borders["right"][0] == "double"
    assert second.borders["left"][:2] == ("double", "8")  # of each of the two lines


def test_cells_carry_only_what_differs_from_the_style_of_their_table() -> None:
    css = "table{border:1.5pt solid #1b2a41}td{border:.75pt solid #6b7688;padding:2pt}"
    css += ".d{padding:3pt}"
    row = "<tr><td>a<td>b<td>c"
    word = Word(f"<table>{row}{row}<tr><td>a<td class=d>b<td>c</table>", COLLAPSED + css)
    assert word.val("//w:tblStyle") == ["報表表格"]
    names = word.val("//w:style[@w:type='table' and @w:customStyle]/w:name", "word/styles.xml")
    assert names == ["報表表格"]
    for line in cells(word)[:2]:
        for cell in line[1:2]:
            assert cell.direct <= {"tcW", "vAlign"}
    assert word.find("//w:tcBorders") == []
    assert cells(word)[0][0].borders["top"] == ("single", "12", "1B2A41")
    assert cells(word)[1][1].borders["top"] == ("single", "6", "6B7688")


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
    assert cells(word)[0][0].margins == {"top": "40", "left": "110", "bottom": "80", "right": "70"}
    assert word.val("//w:vAlign") == ["bottom"] * 2


def test_unequal_margins_of_a_row_go_to_the_paragraphs() -> None:
    """Word takes the largest upper margin of a row for all its cells."""
    css = "td{padding:2pt}.high{padding:7pt 2pt 5pt}"
    word = Word("<table><tr><td>a<td class=high>b</table>", COLLAPSED + css)
    assert [cell.margins["top"] for cell in cells(word)[0]] == ["40", "40"]
    assert word.find("//w:tc[2]//w:spacing/@w:before") == ["100"]
    assert word.find("//w:tc[2]//w:spacing/@w:after") == ["60"]


def test_unequal_margins_around_a_table_in_a_cell_are_kept() -> None:
    css = "td{padding:2pt}.high{padding:7pt 2pt 5pt}.in{padding:0}"
    inner = "<table><tr><td class=in>c</table>"
    word = Word(f"<table><tr><td>a<td class=high>{inner}</table>", COLLAPSED + css)
    above, below = "//w:tc/w:p[following-sibling::w:tbl]", "//w:tc/w:p[preceding-sibling::w:tbl]"
    assert word.find(f"{above}//w:spacing/@w:line") == ["100"]  # 5 pt in twips
    assert word.find(f"{below}//w:spacing/@w:after") == ["60"]


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


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_table(), st.sampled_from(("collapse", "separate")))
def test_any_table_is_sound_and_keeps_its_text(drawn: tuple[str, list[str]], model: str) -> None:
    html, texts = drawn
    word = Word(html, f"table{{border-collapse:{model}}}td{{border:1pt solid}}")  # lints itself
    assert sorted(word.text.split()) == sorted(texts)
