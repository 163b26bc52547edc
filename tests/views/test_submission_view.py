"""What the roll-up prints of the files that were handed in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.problems import Location, make_problem
from reportgen.rollup import roll_up
from reportgen.views.rollup.submission_view import problem_rows


@pytest.mark.parametrize("path", ["/srv/送件/名單.csv", r"D:\送件\名單.csv", "名單.csv"])
def test_no_folder_of_the_operator_is_printed(path: str) -> None:
    problem = make_problem("E314", Location(file=path), found="名單.csv")
    (row,) = problem_rows(replace(roll_up(())[0], problems=(problem,)))
    assert (row.file, row.place) == ("名單.csv", "")
    assert "wang" not in row.text
