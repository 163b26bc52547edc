"""Generated agencies, split among units at random, and merged again: every cell comes back.

``REPORTGEN_MERGE_SPLITS=200`` makes as many splits, of 50 agencies in turn; every fourth edition
is an .ods. Three of five editions share words, every other one without a row for them.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

from reportgen.workbook import read_bytes
from tests.factories.agencies import agency
from tests.factories.open_documents import raw_of, written
from tests.factories.owner_parts import (
    blanked,
    cells,
    contents_of,
    edition,
    filled,
    merged,
    part_workbooks,
    returned,
    with_random_owners,
    with_random_words,
    without_words,
    workbook_of,
)

if TYPE_CHECKING:
    from reportgen.workbook.parts.part_reader import ReturnedPart

SPLITS = int(os.environ.get("REPORTGEN_MERGE_SPLITS", "4"))
AGENCIES = 50
SEED = 20


@pytest.mark.slow
@pytest.mark.parametrize("number", range(SPLITS))
def test_what_was_split_comes_back(number: int) -> None:
    chance = Random(f"{SEED}/{number}")
    units = [f"第{letter}科" for letter in "甲乙丙丁戊己庚"[: chance.randint(1, 7)]]
    card = with_random_owners(agency(1 + number % AGENCIES, SEED).scorecard, chance, units)
    has_words = number % 5 < 3
    card = with_random_words(card, chance) if has_words else card
    whole = workbook_of(card)
    share = chance.choice([0.0, 0.3, 0.8])

    def keeps(cell: str) -> bool:
        return Random(f"{number}/{cell}").random() < share

    start = blanked(card, whole, keeps)
    if has_words:
        start = without_words(card, start, keeps, has_rows=bool(number % 2))
    if number % 4 == 3:
        start, whole = written(raw_of(start)), written(raw_of(whole))
    shared = edition(start)
    contents = contents_of(shared, edition(whole))
    parts = [
        returned(filled(content, contents), f"{owner}.xlsx")
        for owner, content in part_workbooks(shared).items()
    ]
    chance.shuffle(parts)

    merge, update, problems = merged(shared, parts)
    assert [problem for problem in problems if problem.code[0] == "E"] == []
    assert len(update.changes) == len(merge.changes) > 0
    assert cells(update.content) == cells(whole)
    assert read_bytes(update.content)[0] == read_bytes(whole)[0]

    again = edition(update.content)
    assert merged(again, parts)[1].content == update.content
    assert merged(shared, parts[::-1])[1].content == update.content
    assert one_by_one(start, parts) == update.content


def one_by_one(start: bytes, parts: list[ReturnedPart]) -> bytes:
    """The workbook after each part was merged in its turn."""
    content = start
    for part in parts:
        content = merged(edition(content), [part])[1].content
    return content
