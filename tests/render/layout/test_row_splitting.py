"""A row that no page holds is cut between lines; no letter is lost, no id doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.render.layout.list_counters import apply_list_attributes
from reportgen.render.layout.row_splitting import (
    count_items,
    split_content,
    split_row,
    split_rows,
    split_spanning_cells,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.row_splitting import Cuts


def html(element: Element) -> str:
    return ElementTree.tostring(element, encoding="unicode", method="html").strip()


@pytest.mark.parametrize(
    ("content", "items", "first", "second"),
    [
        ("甲乙丙", 2, "甲乙", "丙"),
        ("甲乙", 0, "", "甲乙"),
        ("甲乙", 2, "甲乙", ""),
        ("甲 乙\n丙", 2, "甲 乙", "丙"),
        ("甲<br />乙", 1, "甲", "乙"),
        ("<p>甲</p> <p>乙</p>", 1, "<p>甲</p>", "<p>乙</p>"),
        ("<p>甲<b>乙丙</b>丁</p>", 2, "<p>甲<b>乙</b></p>", "<p><b>丙</b>丁</p>"),
        ("<b>甲</b>乙", 1, "<b>甲</b>", "乙"),
        ("<p id='x'>甲乙</p>", 1, '<p id="x">甲</p>', "<p>乙</p>"),
        ("<i>甲</i><p id='y'>乙</p>", 1, "<i>甲</i>", '<p id="y">乙</p>'),
        ("甲<img />乙", 2, "甲<img>", "乙"),
        ("甲<img />乙", 1, "甲", "<img>乙"),
        ("甲<svg><title>圖</title></svg>乙", 2, "甲<svg><title>圖</title></svg>", "乙"),
        ("<!-- 註 -->甲乙", 1, "甲", "乙"),
    ],
)
def test_content_is_cut_where_a_line_begins(
    content: str, items: int, first: str, second: str
) -> None:
    cell = ElementTree.fromstring(f"<td>{content}</td>")
    parts = split_content(cell, items)
    assert [html(part) for part in parts] == [f"<td>{first}</td>", f"<td>{second}</td>"]


NEXT = "counter-reset: list-item"
REST = 'style="display: block"'


@pytest.mark.parametrize(
    ("whole", "items", "second"),
    [
        ("<ol><li>甲</li><li>乙</li></ol>", 1, f'<ol style="{NEXT} 1;"><li>乙</li></ol>'),
        (
            "<ol><li>甲乙</li><li>丙</li></ol>",
            1,
            f'<ol style="{NEXT} 1;"><li {REST}>乙</li><li>丙</li></ol>',
        ),
        (
            "<ol start='3'><li>甲</li><li value='9'>乙</li><li>丙</li></ol>",
            2,
            f'<ol start="3" style="{NEXT} 9;"><li>丙</li></ol>',
        ),
        (
            "<ol><li>甲</li><li>乙<ol><li>丙</li><li>丁</li></ol></li></ol>",
            3,
            f'<ol style="{NEXT} 2;"><li {REST}><ol style="{NEXT} 1;"><li>丁</li></ol></li></ol>',
        ),
        ("<ul><li>甲乙</li></ul>", 1, f'<ul style="{NEXT} 1;"><li {REST}>乙</li></ul>'),
    ],
)
def test_items_after_a_cut_keep_their_numbers(whole: str, items: int, second: str) -> None:
    cell = ElementTree.fromstring(f"<td>{whole}</td>")
    apply_list_attributes(cell)
    parts = split_content(cell, items)
    assert html(parts[1]) == f"<td>{second}</td>"


def test_numbers_go_on_through_several_cuts() -> None:
    cell = ElementTree.fromstring("<td><ol><li>甲乙</li><li>丙丁</li><li>戊</li></ol></td>")
    rest = split_content(split_content(cell, 1)[1], 2)[1]
    assert html(rest[0]) == f'<ol style="{NEXT} 2;"><li {REST}>丁</li><li>戊</li></ol>'


MARKUP = st.recursive(
    st.text("甲乙 \n", min_size=1, max_size=6) | st.just("<br />") | st.just("<img />"),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<b>{''.join(parts)}</b>"),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.lists(MARKUP, max_size=5), st.integers(0, 40))
def test_every_item_is_in_one_of_the_parts(parts: list[str], items: int) -> None:
    cell = ElementTree.fromstring(f"<td>{''.join(parts)}</td>")
    first, second = split_content(cell, items)
    assert count_items(first) == min(items, count_items(cell))
    whole, both = "".join(cell.itertext()), "".join((*first.itertext(), *second.itertext()))
    assert "".join(whole.split()) == "".join(both.split())
    assert len([*first.iter("img"), *second.iter("img")]) == len([*cell.iter("img")])


@pytest.mark.parametrize(
    ("row", "cuts", "first", "second"),
    [
        (
            '<tr id="r" class="k"><th id="h">名</th><td>甲乙</td><td>丙</td></tr>',
            (None, 1, 1),
            '<tr id="r" class="k"><th id="h">名</th><td>甲</td><td>丙</td></tr>',
            '<tr class="k"><th>名</th><td>乙</td><td></td></tr>',
        ),
        (
            '<tr><th rowspan="2">名</th><td>甲乙</td></tr>',
            (None, 1),
            '<tr><th rowspan="3">名</th><td>甲</td></tr>',
            "<tr><td>乙</td></tr>",
        ),
        (
            '<tr><th rowspan="0">名</th><td>甲乙</td></tr>',
            (None, 1),
            '<tr><th rowspan="0">名</th><td>甲</td></tr>',
            "<tr><td>乙</td></tr>",
        ),
        (
            '<tr><td data-continued="A1（續）">甲乙</td><td data-continued="B（續）">丙</td></tr>',
            (1, 1),
            '<tr><td data-continued="A1（續）">甲</td><td data-continued="B（續）">丙</td></tr>',
            (
                '<tr><td data-continued="A1（續）"><div class="continuation">A1（續）</div>乙</td>'
                '<td data-continued="B（續）"></td></tr>'
            ),
        ),
        (  # the name has ended: what goes on is still labelled
            '<tr><td data-continued="A1（續）">名</td><td>甲乙</td></tr>',
            (1, 1),
            '<tr><td data-continued="A1（續）">名</td><td>甲</td></tr>',
            (
                '<tr><td data-continued="A1（續）"><div class="continuation">A1（續）</div></td>'
                "<td>乙</td></tr>"
            ),
        ),
        (  # what is repeated shows what the row is
            '<tr><td data-continued="A1（續）">名</td><td>甲乙</td></tr>',
            (None, 1),
            '<tr><td data-continued="A1（續）">名</td><td>甲</td></tr>',
            '<tr><td data-continued="A1（續）">名</td><td>乙</td></tr>',
        ),
    ],
)
def test_labels_are_repeated(row: str, cuts: Cuts, first: str, second: str) -> None:
    parts = split_row(ElementTree.fromstring(row), cuts)
    assert [html(part) for part in parts] == [first, second]


def table(*rows: str) -> tuple[Element, list[Element], list[int]]:
    section = ElementTree.fromstring(
        f"<section><table><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
        "</section>"
    )
    return section, list(section.iter("tr")), [len(rows)] * len(rows)


def shown(section: Element) -> list[list[str]]:
    return [
        ["".join(cell.itertext()) + cell.get("rowspan", "") for cell in row]
        for row in section.iter("tr")
    ]


def test_merged_cells_span_the_parts_of_a_row() -> None:
    section, rows, ends = table(
        '<th rowspan="3">名</th><td>甲</td>', "<td>乙丙丁</td>", "<td>戊</td>"
    )
    cut = split_rows(section, rows, ends, {1: ((1,), (2,))})
    assert shown(cut) == [["名5", "甲"], ["乙"], ["丙"], ["丁"], ["戊"]]
    assert shown(section) == [["名3", "甲"], ["乙丙丁"], ["戊"]]


def test_rest_of_a_high_merged_cell_is_in_a_further_row() -> None:
    section, rows, ends = table(
        '<th rowspan="3">全</th><th rowspan="2" data-continued="A1續">名稱</th><td>甲</td>',
        "<td>乙</td>",
        "<th>別</th><td>丙</td>",
    )
    cut = split_spanning_cells(section, rows, ends, {rows[0][1]: 1})
    assert shown(cut) == [["全4", "名2", "甲"], ["乙"], ["A1續稱", ""], ["別", "丙"]]
