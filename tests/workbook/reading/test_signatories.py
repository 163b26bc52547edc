"""核章欄 of 基本資料: the posts that sign, in print and back in a workbook."""

from __future__ import annotations

import pytest

from reportgen.views.scorecard_view import document_view
from reportgen.workbook.writing.scorecard_rows import rows_by_sheet
from tests.factories.workbooks import read_problems, read_scorecard, with_cells

POSTS = ("承辦人", "單位主管", "主計", "機關首長")


@pytest.mark.parametrize(
    ("content", "posts"),
    [
        ("承辦人、單位主管、主計、機關首長", POSTS),
        ("承辦人\n單位主管，主計 ； 機關首長、", POSTS),
        ("機關首長", ("機關首長",)),
        (None, ()),
    ],
)
def test_posts_are_read_printed_and_carried_over(
    content: str | None, posts: tuple[str, ...]
) -> None:
    card = read_scorecard(with_cells(("基本資料", "A15", "核章欄"), ("基本資料", "B15", content)))
    assert document_view(card).signatories == posts
    carried = {row["項目"]: row["內容"] for row in rows_by_sheet(card)["基本資料"]}
    assert carried["核章欄"] == ("、".join(posts) or None)


def test_a_workbook_without_it_stays_valid() -> None:
    assert read_scorecard(with_cells()).signatories == ()


def test_too_much_is_reported() -> None:
    found = read_problems(
        with_cells(("基本資料", "A15", "核章欄"), ("基本資料", "B15", "長" * 101))
    )
    assert ("E126", "基本資料", "B15") in found
