"""Names in a text, whatever stands between their characters."""

from __future__ import annotations

import pytest

from reportgen.formula.vocabulary import FoldedText, Vocabulary

ITEMS = Vocabulary.of([("件數", ""), ("ab", ""), ("㎡數", "")])


@pytest.mark.parametrize(
    ("text", "key", "end"),
    [
        ("件數", "件數", 2),
        ("件 \u200b\u00ad數人", "件數", 5),  # invisible characters have no part in it
        ("ＡＢ", "ab", 2),
        ("㎡數", "m2數", 2),  # one character, two in its key
    ],
)
def test_where_a_name_ends_in_the_text(text: str, key: str, end: int) -> None:
    assert list(ITEMS.matches(FoldedText(text), 0)) == [(key, end)]


def test_no_name_begins_at_an_invisible_character() -> None:
    assert list(ITEMS.matches(FoldedText("\u200b件數"), 0)) == []
    assert list(ITEMS.matches(FoldedText("\u200b件數"), 1)) == [("件數", 3)]


def test_without_rows_there_are_no_names() -> None:
    nothing = Vocabulary()
    assert list(nothing.matches(FoldedText("件數"), 0)) == []
    assert (nothing.items, nothing.components, nothing.title, nothing.code) == ({}, {}, "", "")
