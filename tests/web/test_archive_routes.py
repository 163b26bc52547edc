"""Which archived edition is in force."""

from __future__ import annotations

import pytest

from reportgen.archive import LogEntry
from reportgen.web.routes.archive import current_editions


def entry(number: int, edition: str, status: str, reprint: int = 0, agency: str = "甲") -> LogEntry:
    return LogEntry(
        number=number,
        previous="",
        time="",
        kind="edition",
        agency=agency,
        edition=edition,
        reprint=reprint,
        status=status,
    )


@pytest.mark.parametrize(
    ("entries", "current"),
    [
        ([], set()),
        ([entry(1, "105-06-30", "定稿"), entry(2, "105-12-25", "定稿")], {2}),
        ([entry(1, "105-12-25", "定稿"), entry(2, "105-06-30", "定稿")], {1}),  # archived late
        ([entry(1, "105-12-25", "定稿"), entry(2, "105-12-25", "定稿", 1)], {2}),
        ([entry(1, "105-12-25", "定稿"), entry(2, "106-06-30", "草稿")], {1}),
        ([entry(1, "105-12-25", "草稿"), entry(2, "106-06-30", "草稿")], {2}),
        ([entry(1, "099-12-25", "定稿"), entry(2, "105-12-25", "定稿")], {2}),
        ([entry(1, "105-12-25", "定稿"), entry(2, "104-12-25", "定稿", agency="乙")], {1, 2}),
    ],
)
def test_the_edition_in_force_is_each_agencys_latest(
    entries: list[LogEntry], current: set[int]
) -> None:
    assert current_editions(entries) == current
