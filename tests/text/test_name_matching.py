"""The shortcut for texts without anything invisible gives what every character by itself gives."""

from __future__ import annotations

import pytest

from reportgen.text.name_matching import is_invisible, strip_invisible

TEXTS = [
    "",
    " 甲 乙\u3000丙",
    "甲÷乙×100% (單位：%)",
    "a\tb\nc\u00a0d",
    "\u200b甲\ufeff\u2063乙\ufe0f\U000e0100",
    "≥80%，≦3；「完」",
    "\u00ad\u061c\u2028\u303f\uff5e\U00020000",
]


@pytest.mark.parametrize("text", TEXTS)
def test_invisible_characters_are_taken_out(text: str) -> None:
    assert strip_invisible(text) == "".join(char for char in text if not is_invisible(char))


@pytest.mark.slow
def test_no_character_is_taken_for_a_visible_one() -> None:
    characters = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert [char for char in characters if is_invisible(char) and strip_invisible(char)] == []
