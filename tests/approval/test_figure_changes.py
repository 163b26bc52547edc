"""Changed figures are named from two files of results, whatever else is in them."""

from __future__ import annotations

import pytest

from reportgen.approval.figure_changes import figure_changes
from reportgen.documents import compute_figures
from tests.factories.approvals import results
from tests.factories.workbooks import read_scorecard, with_cells


def figures_of(*cells: tuple[str, str, object]) -> bytes:
    """The results.json of the sample with some cells set."""
    return compute_figures(read_scorecard(with_cells(*cells))).json


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            ("年度資料", "F10", 16),
            [
                "BP3.1 105年 實績值 42.50%（17/40） → 40.00%（2/5）",
                "105年 當年度優質學校獲獎校數 17 → 16",
            ],
        ),
        (("年度資料", "F10", "-"), ["105年 當年度優質學校獲獎校數 17 → -"]),
    ],
)
def test_figures_that_follow_from_a_cell(
    cell: tuple[str, str, object], expected: list[str]
) -> None:
    changes = [str(change) for change in figure_changes(figures_of(), figures_of(cell))]
    assert set(expected) <= set(changes)
    assert all("105年" in change for change in changes)


def test_words_are_no_figures() -> None:
    renamed = figures_of(("關鍵績效指標", "C8", "另一個名稱"))
    assert renamed != figures_of()
    assert figure_changes(figures_of(), renamed) == ()


def test_every_figure_of_a_lost_file_is_named() -> None:
    changes = figure_changes(results(), b"")
    assert [change.now for change in changes] == [""] * len(changes)
    assert "F1.1 105年 實績值" in [change.figure for change in changes]
    assert figure_changes(results(), results()) == figure_changes(b"{}", b"[]") == ()
