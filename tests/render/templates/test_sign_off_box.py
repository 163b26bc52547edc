"""The 核章欄 is filled behind the template, or refused: never in part, never elsewhere."""

from __future__ import annotations

import pytest

from reportgen.render.templates.sign_off_box import SignOff, fill_sign_off_box

SIGNED = (SignOff("自評", ("王小明", "106.1.5")), SignOff("複核"))
CENTRED = ' style="text-align: center"'


def box(*posts: str, cells: int = 2, name: str = "signatures") -> str:
    heads = "".join(f'<th scope="col">{post}</th>' for post in posts)
    row = "<td></td>" * cells
    return f'<table class="{name}"><thead>{heads}</thead><tbody><tr>{row}</tr></tbody></table>'


def test_names_and_dates_are_in_their_cells() -> None:
    page = f"<h1>封面</h1>{box('自評', '複核')}<table><tr><td></td></tr></table>"
    filled = fill_sign_off_box(page, SIGNED)
    assert filled == page.replace(
        "<td></td><td></td>", f"<td{CENTRED}>王小明<br>106.1.5</td><td{CENTRED}></td>"
    )


def test_every_box_of_a_document_is_filled() -> None:
    page = box("自評", "複核") + "<p>中</p>" + box("自評", "複核", name="wide signatures")
    filled = fill_sign_off_box(page, SIGNED)
    assert filled is not None
    assert filled.count("王小明<br>106.1.5") == 2
    assert filled.count("<p>中</p>") == 1


def test_many_lines_are_set_smaller_in_all_cells() -> None:
    many = (SignOff("自評", tuple("甲乙丙丁戊己庚")), SignOff("複核", ("辛",)))
    filled = fill_sign_off_box(box("自評", "複核"), many)
    assert filled is not None
    assert filled.count("text-align: center; font-size: 9pt") == 2


def test_text_is_no_markup() -> None:
    sign_offs = (SignOff("A&B", ("<script>&王",)),)
    filled = fill_sign_off_box(box("A&amp;B", cells=1), sign_offs)
    assert filled is not None
    assert "&lt;script&gt;&amp;王" in filled


def test_a_style_of_its_own_is_kept() -> None:
    page = box("自評", cells=1).replace("<td>", '<td class="a" style="text-align: right">\n')
    filled = fill_sign_off_box(page, SIGNED[:1])
    assert filled is not None
    assert '<td class="a" style="text-align: right">王小明<br>106.1.5</td>' in filled


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<table><tr><td></td><td></td></tr></table>",
        box("自評", "複核", name="signatures2"),
        box("自評", "初核"),  # other posts
        box("自評", "複核", cells=1),
        box("自評", "複核", cells=3),
        box("自評", "複核").replace("<td></td>", "<td>已有字</td>", 1),
        box("自評", "複核") + box("甲", "乙"),
    ],
)
def test_a_page_without_such_a_box_is_refused(page: str) -> None:
    assert fill_sign_off_box(page, SIGNED) is None
