"""What does not fit goes on, on a page of its own, with everything repeated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration

from reportgen.render.layout.laid_out_document import (
    Layout,
    serialize,
    walk,
    with_replaced_children,
)
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.layout.pagination import PAGE_RESERVE, TABLE_EDGE, paginate
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

FONTS = FontConfiguration()
PAGE, HEADING, THEAD = 500, 40, 20  # heights in CSS pixels
ROOM = PAGE - HEADING - THEAD - PAGE_RESERVE - TABLE_EDGE  # that a page has for rows
STYLE = f"""
@page {{ size: 400px {PAGE}px; margin: 0 }}
* {{ box-sizing: border-box; margin: 0; padding: 0 }}
h1, th, td, p {{ font: 10px/10px serif; overflow: hidden }}
.page {{ break-before: page }}
h1 {{ height: {HEADING}px }}
table {{ table-layout: fixed; width: 100%; border-spacing: 0 }}
thead tr {{ height: {THEAD}px }}
tr {{ break-inside: avoid }}
"""


def lay(body: str, style: str = "") -> Layout:
    html = f"<!DOCTYPE html><html><style>{STYLE}{style}</style><body>{body}"
    return again(html)


def again(html: str) -> Layout:
    fetcher = TemplateFetcher(Path(__file__).parent)
    return lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=FONTS)


def cut(layout: Layout) -> Element | None:
    """The tree with its sections cut into pages; None: all fit."""
    changes = paginate(layout)
    return with_replaced_children(layout.root, changes) if changes else None


def settled(layout: Layout, rounds: int = 5) -> Layout:
    """Paginated until nothing changes, as document.render does."""
    for _ in range(rounds):
        root = cut(layout)
        if root is None:
            return layout
        layout = again(serialize(root))
    return layout


def row(name: str, height: float, *, label: str = "") -> str:
    """A row; ``label`` is a merged cell before it, as ``name*rows``."""
    merged = ""
    if label:
        text, _, span = label.partition("*")
        merged = f'<th rowspan="{span or 1}">{text}</th>'
    return f'<tr style="height: {height}px">{merged}<td>{name}</td></tr>'


def section(rows: str, before: str = "", after: str = "", columns: int = 2) -> str:
    thead = f'<thead><tr><th colspan="{columns - 1}">甲<th>乙</thead>'
    table = f"<table>{thead}<tbody>{rows}</tbody></table>"
    return f'<section class="page"><h1>標題</h1>{before}{table}{after}</section>'


def sections(root: Element) -> list[Element]:
    return [each for each in root.iter("section") if "page" in each.get("class", "").split()]


def shown(cell: Element) -> str:
    """A cell's text; ``text*rows`` where it is merged."""
    text, span = "".join(cell.itertext()), cell.get("rowspan")
    return f"{text}*{span}" if span else text


def cells(element: Element) -> list[list[str]]:
    """The rows of a section's body."""
    return [
        [shown(cell) for cell in tr] for body in element.iter("tbody") for tr in body.iter("tr")
    ]


def pages(body: str, style: str = "") -> list[list[list[str]]]:
    root = cut(lay(body, style))
    assert root is not None
    return [cells(each) for each in sections(root)]


def test_what_fits_is_left_alone() -> None:
    assert cut(lay(section(row("1", 100) + row("2", ROOM - 100)))) is None


def test_reserve_is_kept_free() -> None:
    assert cut(lay(section(row("1", 100) + row("2", ROOM + TABLE_EDGE - 99)))) is not None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>no section</p>",
        '<section class="page">no table</section>',
        '<section class="page"><div style="height: 900px"></div></section>',
        section(""),
        section(row("1", 900)),
    ],
)
def test_what_has_no_rows_to_deal_is_left_alone(body: str) -> None:
    assert cut(lay(body)) is None


def test_overflow_repeats_everything_but_the_rows() -> None:
    rows = "".join(row(str(number), 150) for number in range(4))
    layout = lay(section(rows, before="<p>使命</p>", after="<p>註</p>") + section(row("x", 10)))
    root = cut(layout)
    assert root is not None
    first, second, other = sections(root)
    for piece in (first, second):
        assert [each.text for each in piece.iter("h1")] == ["標題"]
        assert [each.text for each in piece.iter("p")] == ["使命", "註"]
        assert [each.text for each in piece.iter("th")] == ["甲", "乙"]
    assert [cells(first), cells(second), cells(other)] == [[["0"], ["1"]], [["2"], ["3"]], [["x"]]]
    assert [each.get("class") for each in (first, second, other)] == [
        "page",
        "page continued",
        "page",
    ]


def test_given_tree_is_not_changed() -> None:
    layout = lay(
        section(
            "".join(
                row(str(number), 150, label="甲*4" if not number else "") for number in range(4)
            )
        )
    )
    before = serialize(layout.root)
    assert cut(layout) is not None
    assert serialize(layout.root) == before


def test_last_page_is_not_left_with_one_row() -> None:
    # Five rows of a fifth and a bit: four and one would fit, three and two are better.
    dealt = pages(section("".join(row(str(n), ROOM / 4 - 1) for n in range(5))))
    assert [len(page) for page in dealt] == [3, 2]


def test_no_page_is_wasted_on_evenness() -> None:
    heights = [ROOM - 50, 50, 50, ROOM - 50]
    dealt = pages(section("".join(row(str(n), height) for n, height in enumerate(heights))))
    assert [len(page) for page in dealt] == [2, 2]


def test_break_falls_between_merged_cells_where_it_can() -> None:
    rows = row("1", 90, label="甲*2") + row("2", 90) + row("3", 90, label="乙*3")
    dealt = pages(section(rows + row("4", 90) + row("5", 90)))
    assert dealt == [[["甲*2", "1"], ["2"]], [["乙*3", "3"], ["4"], ["5"]]]


def test_merged_cell_that_is_cut_is_repeated() -> None:
    rows = row("1", 150, label="甲*5") + "".join(row(str(n), 150) for n in range(2, 6))
    assert pages(section(rows)) == [
        [["甲*2", "1"], ["2"]],
        [["甲*2", "3"], ["4"]],
        [["甲*1", "5"]],
    ]


def test_merged_cell_is_not_cut_to_less_than_its_text_needs() -> None:
    label = '<th rowspan="3"><div style="height: 180px">甲</div></th>'
    short = "".join(row(str(number), 60) for number in range(2, 9))
    rows = row("0", 260) + row("1", 60).replace("<td>", f"{label}<td>") + short
    layout = settled(lay(section(rows)), rounds=1)
    assert cut(layout) is None
    dealt = [cells(each) for each in sections(layout.root)]
    assert [len(page) for page in dealt] == [1, 4, 4]
    assert dealt[1][0] == ["甲*3", "1"]


def test_cut_cell_that_is_not_the_first_keeps_its_column() -> None:
    rows = '<tr style="height: 150px"><td>1<td rowspan="4">甲<td>a</tr>' + "".join(
        f'<tr style="height: 150px"><td>{n}<td>b</tr>' for n in (2, 3, 4)
    )
    assert pages(section(rows, columns=3)) == [
        [["1", "甲*2", "a"], ["2", "b"]],
        [["3", "甲*2", "b"], ["4", "b"]],
    ]


def test_several_cells_are_cut_in_their_order() -> None:
    trs = (
        '<td rowspan="4">甲<td rowspan="2">乙<td colspan="2">1<td rowspan="3">丙',
        "<td>2<td>2",
        '<td rowspan="2">丁<td>3<td>3',
        "<td>4<td>4<td>4",
    )
    rows = "".join(f'<tr style="height: 150px">{tr}</tr>' for tr in trs)
    assert pages(section(rows, columns=5)) == [
        [["甲*2", "乙*2", "1", "丙*2"], ["2", "2"]],
        [["甲*2", "丁*2", "3", "3", "丙*1"], ["4", "4", "4"]],
    ]


def test_rowspan_ends_with_its_group() -> None:
    tr = '<tr style="height: 150px">'
    group = tr + '<td rowspan="{}">{}<td>1</tr>' + tr + "<td>2</tr>"
    rows = f"{group.format(9, '甲')}</tbody><tbody>{group.format(0, '乙')}"
    assert pages(section(rows)) == [
        [["甲*9", "1"], ["2"]],
        [["乙*0", "1"], ["2"]],
    ]


def test_cells_of_an_inner_table_are_no_rows() -> None:
    inner = "<table><tr><td>x</tr><tr><td>y</tr></table>"
    rows = "".join(f'<tr style="height: 150px"><td>{n}{inner}</tr>' for n in range(4))
    root = cut(lay(section(rows)))
    assert root is not None
    texts = ["".join("".join(each.itertext()).split()) for each in sections(root)]
    assert texts == ["標題甲乙0xy1xy", "標題甲乙2xy3xy"]


def test_last_table_is_the_one_that_is_dealt() -> None:
    before = "<table><tr><td>使命</td></tr><tr><td>願景</td></tr></table>"
    dealt = pages(section("".join(row(str(n), 150) for n in range(4)), before=before))
    top = [["使命"], ["願景"]]
    assert dealt == [[*top, ["0"], ["1"]], [*top, ["2"], ["3"]]]


def test_ids_stay_unique() -> None:
    rows = "".join(f'<tr id="r{n}" style="height: 150px"><td id="c{n}">{n}</tr>' for n in range(4))
    root = cut(lay(section(rows, before='<p id="top">使命</p>')))
    assert root is not None
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert ids == ["top", "r0", "c0", "r1", "c1", "r2", "c2", "r3", "c3"]


def test_a_merged_cell_that_is_repeated_keeps_its_id_once() -> None:
    rows = "".join(
        f'<tr style="height: 150px">{label}<td id="c{n}">{n}</tr>'
        for n, label in enumerate(
            ['<th id="label" rowspan="4"><b id="b">構面</b></th>', "", "", ""]
        )
    )
    root = cut(lay(section(rows)))
    assert root is not None
    assert [cells(each)[0][0] for each in sections(root)] == ["構面*2"] * 2
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert ids == ["label", "b", "c0", "c1", "c2", "c3"]


def test_continued_pages_are_cut_again() -> None:
    """A label that grows when it is cut may need another round; no mark is put twice."""
    root = cut(lay(section("".join(row(str(n), 150) for n in range(4)))))
    assert root is not None
    taller = serialize(root).replace("150px", "300px")
    last = cut(again(taller))
    assert last is not None
    assert [(each.get("class"), cells(each)) for each in sections(last)] == [
        ("page", [["0"]]),
        ("page continued", [["1"]]),
        ("page continued", [["2"]]),
        ("page continued", [["3"]]),
    ]


def on_pages(layout: Layout) -> list[tuple[list[str], bool]]:
    """For each page its rows, and whether its section keeps to the page's room."""
    found = []
    for page in layout.document.pages:
        box: Any = page._page_box
        inner = list(walk(box))
        rows = [
            "".join(each.element.itertext())
            for each in inner
            if isinstance(each, boxes.TableRowBox) and each.element.find("td") is not None
        ]
        bottom = max(
            each.position_y + each.height
            for each in inner
            if isinstance(each, boxes.BlockBox) and each.element.tag == "section"
        )
        found.append((rows, bottom <= PAGE - PAGE_RESERVE + 0.01))
    return found


@pytest.mark.parametrize("height", [ROOM + 5, PAGE, 3 * PAGE])
def test_row_taller_than_a_page_stands_alone_and_ends(height: float) -> None:
    rows = row("1", 50) + row("2", height) + row("3", 50) + row("4", 50)
    layout = settled(lay(section(rows)))
    assert cut(layout) is None
    assert [cells(each) for each in sections(layout.root)] == [[["1"]], [["2"]], [["3"], ["4"]]]


def test_first_row_that_was_sent_to_the_next_page_does_not_mislead() -> None:
    # The first row fits no page below the heading; the second and third share one.
    layout = settled(lay(section(row("1", ROOM + 30) + row("2", 200) + row("3", 200))))
    assert [cells(each) for each in sections(layout.root)] == [[["1"]], [["2"], ["3"]]]


@pytest.mark.parametrize(
    ("style", "after"),
    [
        ("table { border-collapse: collapse; border: 8px solid } td { border: 3px solid }", ""),
        ("table { border-collapse: separate; border-spacing: 0 17px }", ""),
        ("section { padding-bottom: 60px }", ""),
        ("", '<p style="height: 70px">註</p>'),
        ("", '<p style="height: 200px">註</p>'),
    ],
)
def test_borders_spacing_and_what_follows_have_their_room(style: str, after: str) -> None:
    rows = "".join(row(str(number), 40) for number in range(30))
    layout = settled(lay(section(rows, after=after), style))
    assert all(fits for _, fits in on_pages(layout))
    assert cut(layout) is None
    assert [each for page, _ in on_pages(layout) for each in page] == [str(n) for n in range(30)]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[float, int]], int]:
    """Rows as (height, rows that a label before it covers or 0); the cut's merged column."""
    rows: list[tuple[float, int]] = []
    for span in draw(st.lists(st.integers(1, 6), min_size=1, max_size=5)):
        for number in range(span):
            rows.append((draw(st.sampled_from([15, 30.5, 60, 120, 200])), 0 if number else span))
    return rows, draw(st.integers(0, 1))


def drawn(rows: Sequence[tuple[float, int]], column: int) -> str:
    parts = []
    for number, (height, span) in enumerate(rows):
        merged = f'<th rowspan="{span}">L{number}</th>' if span else ""
        cell = f"<td>{number}</td>"
        inner = cell + merged if column else merged + cell
        parts.append(f'<tr style="height: {height}px">{inner}</tr>')
    return "".join(parts)


def grid_of(rows: Sequence[Element]) -> dict[tuple[int, int], str]:
    """Where each cell of a table stands; fails where two would share a place."""
    grid: dict[tuple[int, int], str] = {}
    for number, tr in enumerate(rows):
        column = 0
        for cell in tr:
            while (number, column) in grid:
                column += 1
            for down in range(int(cell.get("rowspan", "1"))):
                assert (number + down, column) not in grid
                grid[number + down, column] = "".join(cell.itertext())
    return grid


@pytest.mark.slow
@given(tables())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_once_in_order_under_its_label_on_pages_that_fit(
    case: tuple[list[tuple[float, int]], int],
) -> None:
    rows, column = case
    layout = settled(lay(section(drawn(rows, column))))
    labels = []
    for number, (_, span) in enumerate(rows):
        labels += [f"L{number}"] * span
    found = []
    for each in sections(layout.root):
        body = [tr for group in each.iter("tbody") for tr in group]
        grid = grid_of(body)
        assert grid.keys() == {(r, c) for r in range(len(body)) for c in (0, 1)}
        found += [(grid[number, 1 - column], grid[number, column]) for number in range(len(body))]
    expected = [(str(number), label) for number, label in enumerate(labels)]
    assert found == expected
    assert all(fits for _, fits in on_pages(layout))
    assert len(layout.document.pages) == len(sections(layout.root))
    assert cut(layout) is None


def test_row_groups_stay_whole_where_they_can_and_leave_no_empty_ones() -> None:
    groups = "".join(
        f"<tbody>{''.join(row(f'{name}{number}', 90) for number in range(3))}</tbody>"
        for name in "甲乙丙"
    )
    html = f'<section class="page"><h1>標題</h1><table>{groups}</table></section>'
    root = cut(lay(html, "tbody { break-inside: avoid }"))
    assert root is not None
    texts = [[cell.text for cell in page.iter("td")] for page in sections(root)]
    assert texts == [[f"{name}{number}" for number in range(3)] for name in "甲乙丙"]
    assert all(len(group) for group in root.iter("tbody"))


def test_a_row_is_not_parted_from_the_next_against_the_stylesheet() -> None:
    rows = [row(str(number), 70) for number in range(8)]
    html = section("".join(rows))
    free = cut(lay(html))
    kept = cut(lay(html, "tbody tr:nth-child(4) { break-after: avoid }"))
    assert free is not None
    assert kept is not None
    assert [len(list(page.iter("td"))) for page in sections(free)] == [4, 4]
    assert [len(list(page.iter("td"))) for page in sections(kept)] == [5, 3]


def heading(name: str, height: float = 30) -> str:
    """A row that heads those below it, on every page."""
    return (
        f'<tr class="repeat" style="height: {height}px; break-after: avoid">'
        f'<th colspan="2" style="bookmark-level: 2; bookmark-label: content(text)">{name}</th></tr>'
    )


def headed_pages(rows: str) -> list[list[list[str]]]:
    """The rows of each page after the column headings."""
    root = cut(lay(section(rows)))
    assert root is not None
    return [
        [[shown(cell) for cell in tr] for tr in list(each.iter("tr"))[1:]]
        for each in sections(root)
    ]


def test_a_heading_row_is_repeated_where_its_rows_go_on() -> None:
    rows = heading("甲") + "".join(row(str(n), 130) for n in range(1, 5))
    rows += heading("乙") + "".join(row(str(n), 130) for n in range(5, 7))
    assert headed_pages(rows) == [
        [["甲"], ["1"], ["2"]],
        [["甲"], ["3"], ["4"]],
        [["乙"], ["5"], ["6"]],
    ]


def test_a_repeated_heading_takes_room_and_is_no_bookmark_once_more() -> None:
    rows = heading("甲", 150) + "".join(row(str(n), 130) for n in range(1, 6))
    assert headed_pages(rows) == [[["甲"], ["1"], ["2"]], [["甲"], ["3"], ["4"]], [["甲"], ["5"]]]
    settled_layout = settled(lay(section(rows)))
    assert len(settled_layout.document.pages) == 3
    labels = [
        box.bookmark_label
        for page in settled_layout.document.pages
        for box in walk(page._page_box)
        if box.bookmark_label and box.style["bookmark_level"] == 2
    ]
    assert labels == ["甲"]


def test_rather_an_uneven_page_than_a_row_alone() -> None:
    """Five and two rows would be more even, but leave the sixth row of the group alone."""
    rows = row("1", 80, label="甲*6") + "".join(row(str(n), 80) for n in range(2, 7))
    parts = [[line[-1] for line in page] for page in pages(section(rows + row("7", 260)))]
    assert parts == [["1", "2", "3", "4"], ["5", "6", "7"]]


def lined(name: str, lines: int) -> str:
    """A row with a label and a cell of so many lines of 10 px, each a character."""
    text = "<br>".join(chr(0x4E00 + number) for number in range(lines))
    return f"<tr><th>{name}</th><td>{text}</td></tr>"


@pytest.mark.parametrize("lines", [43, 60, 100, 210])
def test_row_higher_than_a_page_goes_on_between_lines(lines: int) -> None:
    body = section(row("甲", 30, label="前*1") + lined("名", lines) + row("乙", 30, label="後*1"))
    layout = settled(lay(body))
    pieces = sections(layout.root)
    assert len(layout.document.pages) == len(pieces) == -(-(lines * 10 + 60) // int(ROOM))
    text = "".join(chr(0x4E00 + number) for number in range(lines))
    printed = [tr for piece in pieces for tr in cells(piece)]
    assert "".join(cell for label, cell in printed if label.startswith("名")) == text
    assert not any(
        "style" in tr.attrib and "break" in tr.get("style", "") for tr in layout.root.iter()
    )
    for piece in pieces:
        assert cells(piece)
        assert [each.text for each in piece.iter("h1")] == ["標題"]


@pytest.mark.slow
def test_row_higher_than_a_page_leaves_no_line_alone() -> None:
    for lines in range(42, 90):
        layout = settled(lay(section(lined("名", lines))))
        counts = [len(tr[1]) for piece in sections(layout.root) for tr in cells(piece)]
        assert min(counts) > 1
        assert sum(counts) == lines


@pytest.mark.slow
def test_what_goes_on_says_what_it_is_on_every_page() -> None:
    text = "<br>".join(chr(0x4E00 + number) for number in range(110))
    high = f'<tr><td data-continued="A1續">A1{text}</td><td>短</td></tr>'
    merged = f'<tr><th rowspan="2" data-continued="B1續">B1{text}</th><td>甲</td><tr><td>乙</td>'
    for rows in (high, merged):
        layout = settled(lay(section(rows)))
        printed = [
            "".join(cell for cell in cells(piece)[0] if len(cell) > 1)
            for piece in sections(layout.root)
        ]
        assert len(layout.document.pages) == len(printed) == 3
        assert all(page[0] in "AB" and page[1] == "1" for page in printed), printed


@pytest.mark.slow
def test_items_of_a_list_keep_their_numbers_after_a_cut() -> None:
    items = "".join(f"<li>{'甲<br>' * (number % 3 + 1)}</li>" for number in range(60))
    layout = settled(lay(section(f"<tr><th>名</th><td><ol>{items}</ol></td></tr>")))
    assert len(layout.document.pages) > 2
    markers = [
        "".join(text.text for text in walk(box) if isinstance(text, boxes.TextBox)).strip()
        for page in layout.document.pages
        for box in walk(page._page_box)
        if box.is_outside_marker
    ]
    assert markers == [f"{number}." for number in range(1, 61)]


@pytest.mark.slow
def test_parts_of_a_row_are_even_whatever_room_its_label_takes() -> None:
    """Two lines and all the others would need no more room beside a label of thirty lines."""
    label = "<br>".join("名" * 30)
    text = "<br>".join(chr(0x4E00 + number) for number in range(50))
    rows = f'<tr><th rowspan="2">{label}</th><td>{text}</td></tr>' + row("末", 380)
    pieces = sections(settled(lay(section(rows))).root)
    assert [len(tr[-1]) for piece in pieces for tr in cells(piece)] == [25, 25, 1]


def test_the_last_line_of_a_row_is_not_sent_to_the_next_one() -> None:
    """A row that fills its page needs no company."""
    text = "<br>".join(chr(0x4E00 + number) for number in range(55))
    rows = f'<tr><th rowspan="2">名</th><td>{text}</td></tr>' + row("末", 380)
    pieces = sections(settled(lay(section(rows))).root)
    printed = [[len(tr[-1]) for tr in cells(piece)] for piece in pieces]
    assert printed == [[28], [27], [1]]


@pytest.mark.slow
@pytest.mark.parametrize("above", [340, 380])
def test_a_short_cell_is_never_cut(above: int) -> None:
    """Its verdict or its figures would be torn from the code that they belong to."""
    for lines in range(44, 60, 3):
        text = "<br>".join(chr(0x4E00 + number) for number in range(lines))
        short = "綠燈<br>達成<br>百<br>分<br>點<br>甲<br>乙<br>丙<br>丁"
        high = f"<tr><td>{text}</td><td>{short}</td></tr>"
        layout = settled(lay(section(row("甲", above, label="前*1") + high)))
        shorts = [tr[1] for piece in sections(layout.root) for tr in cells(piece)]
        assert [text for text in shorts if text] == ["甲", "綠燈達成百分點甲乙丙丁"], lines


def test_merged_cell_higher_than_a_page_goes_on_in_a_further_row() -> None:
    text = "<br>".join(chr(0x4E00 + number) for number in range(60))
    rows = f'<tr><th rowspan="2">{text}</th><td>甲</td></tr><tr><td>乙</td></tr>'
    layout = settled(lay(section(rows)))
    pieces = sections(layout.root)
    assert len(layout.document.pages) == len(pieces) == 2
    (first, *_), (second, *_) = (cells(piece)[0] for piece in pieces)
    assert len(first.partition("*")[0]) + len(second) == 60


def test_label_as_high_as_a_page_stands_beside_as_many_lines_as_fit() -> None:
    label = "<br>".join("名" * 40)
    text = "<br>".join(chr(0x4E00 + number) for number in range(60))
    style = "td { padding: 10px 0 }"
    rows = f'<tr><th rowspan="2">{label}</th><td>{text}</td></tr><tr><td>末</td></tr>'
    layout = settled(lay(section(rows), style))
    counts = [len(tr[-1]) for piece in sections(layout.root) for tr in cells(piece)]
    assert len(layout.document.pages) == 2
    assert sum(counts) == 61


WHOLE = '</tbody><tbody class="whole">'


@pytest.mark.parametrize(
    ("rows", "printed"),
    [
        # The pages are evened out, and the label is repeated.
        (row("甲", 100, label="前") + lined("名", 40), [[1, 15], [25]]),
        # Three pages, each more than a third empty, become two.
        (lined("一", 24) + lined("二", 24) + lined("三", 24), [[24, 12], [12, 24]]),
        # A gap of less than a third of the page is left.
        (row("甲", 280, label="前") + lined("名", 40), [[1], [40]]),
        # A break that evens nothing out is left out.
        (lined("一", 24) + lined("二", 24), [[24], [24]]),
        # What the stylesheet keeps whole is cut to save a page, not to even them out.
        (row("甲", 100, label="前") + WHOLE + lined("名", 40), [[1], [40]]),
        (
            WHOLE + lined("一", 24) + WHOLE + lined("二", 24) + WHOLE + lined("三", 24),
            [[24, 12], [12, 24]],
        ),
    ],
)
def test_row_that_would_leave_a_large_gap_is_cut(rows: str, printed: list[list[int]]) -> None:
    layout = settled(lay(section(rows), ".whole { break-inside: avoid }"))
    pieces = sections(layout.root)
    assert [[len(tr[-1]) for tr in cells(piece)] for piece in pieces] == printed
    assert all(label for piece in pieces for label, *_ in cells(piece))
    assert len(layout.document.pages) == len(pieces)
