"""Where Word breaks a text: every letter is 10 points wide, a Latin one 5."""

from __future__ import annotations

import pytest

from reportgen.render.docx.conversion.word_line_breaking import MeasuredText, measure


def text(words: str) -> MeasuredText:
    widths = [5.0 if letter.isascii() else 10.0 for letter in words]
    return measure(words, widths, [10.0] * len(words))


def shown(words: str, width: float, program: int = 0) -> str:
    breaks = text(words).lines(width, program).breaks
    parts = zip((0, *breaks), (*breaks, len(words)), strict=True)
    return "|".join(words[start:end] for start, end in parts)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (100, "一二三四五六"),
        (60, "一二三四五六"),
        (59, "一二三四五|六"),
        (20, "一二|三四|五六"),
        (5, "一|二|三|四|五|六"),
        (50, "甲乙，丙丁|（戊己）"),
        (40, "甲乙，丙|丁（戊|己）"),
        (30, "甲乙，|丙丁|（戊|己）"),
        (40, "AC1.1 甲|乙丙"),
        (30, "AC1.1 |甲乙丙"),
        (50, "甲 1,234 |元乙丙"),
        (25, "甲|1,234|乙"),
        (20, "1,23|4,56|7"),
        (40, "105-12-|25甲"),
        (40, "甲乙(單|位：%)"),
        (10, ""),
        (10, "a"),
        (3, "一"),
    ],
)
def test_lines(width: float, expected: str) -> None:
    assert shown(expected.replace("|", ""), width) == expected


def test_libreoffice_spaces_between_scripts() -> None:
    """A fifth of the size, beside Latin letters and digits but not beside signs."""
    assert shown("等2個機關", 45) == "等2個機關"
    assert shown("等2個機關", 45, -1) == "等2個機|關"
    assert len(text("等(2)個").offsets) == 1
    # A space takes the place of the gap; after Chinese it is half as wide as a letter.
    assert text("A 甲B").offsets[-1][-1] == 27
    assert measure("率 5%", [10, 2.5, 5, 8], [10.0] * 4).offsets[-1][-1] == 28
    # ≥ is as wide as Chinese after it, and so are the spaces beside it.
    assert measure("數 ≥ 甲", [10, 2, 5, 2, 10], [10.0] * 5).offsets[-1][-1] == 40
    assert len(text("≥90%").offsets) == 1
    assert measure("甲“乙", [10, 4, 10], [10.0] * 3).offsets[-1][-1] == 30
    # Chinese punctuation beside Latin letters has no gap.
    assert len(text("甲（A）、5。").offsets) == 1


def test_lines_are_the_same_from_low_to_high() -> None:
    words = text("一二三 AB四五六七")
    width = 70.0
    while width > 10:
        lines = words.lines(width, -1)
        assert lines.low <= width < lines.high
        assert words.lines(lines.low, -1).breaks == lines.breaks
        assert words.lines(min(lines.high, 100.0) - 0.01, -1).breaks == lines.breaks
        width = lines.low - 0.01


@pytest.mark.parametrize(
    ("words", "torn"),
    [
        ("甲乙|丙", False),
        ("甲1,|234", True),
        ("甲-|1", True),
        ("甲|≥40%", False),
        ("甲≥|40%", True),
        ("甲40|%", True),
        ("105-12|-25", True),
        ("較 104 |年的", True),
        ("105-12-25 |年度資料", False),
        ("AC1.1 |甲", False),
        ("AC|1.1甲", True),
        ("(單位：公斤/|萬人)", True),
        ("(單位：|公斤/萬人)", False),
        ("公斤/|萬人", False),
        ("(a+b)/|(c+d)", True),
    ],
)
def test_what_a_break_tears(words: str, torn: bool) -> None:
    assert text(words.replace("|", "")).is_torn(words.index("|")) == torn


def test_a_lone_letter_is_counted_with_its_mark() -> None:
    assert text("甲乙丙丁。").lone_lines([3]) == 1
    assert text("甲乙丙丁。").lone_lines([2]) == 0
    assert text("甲。").lone_lines([]) == 0


def test_letters_set_closer() -> None:
    assert text("甲乙").set_closer(1).offsets == ((0.0, 9.0, 18.0),)
    assert text("(甲/乙)").set_closer(0) == text("(甲/乙)")


def test_libreoffice_sets_the_last_letter_before_another_script_no_closer() -> None:
    """Measured: of 數*100%（甲 數 and % keep their width; a space is of what it follows."""
    closer = text("數*100%（甲").set_closer(1)
    assert [offsets[-1] for offsets in closer.offsets] == [55 - 8, 55 - 6]
    assert closer.closer_letters(0, 8) == 6
    assert closer.closer_letters(1, 6) == 4
    assert text("甲 A 乙").closer_letters(0, 5) == 3
    assert text("甲A").closer_letters(0, 1) == 1
