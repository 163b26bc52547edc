"""What a reader would underline; and that both texts can be put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.text.diff import diff, similarity

# old, new, and both with what has changed in brackets
CASES = (
    ("", "", "", ""),
    ("相同", "相同", "相同", "相同"),
    ("", "新增", "", "[新增]"),
    ("刪除", "", "[刪除]", ""),
    ("每年增加人次", "每年新增人次", "每年[增加]人次", "每年[新增]人次"),
    ("≥90%", "≥95%", "≥[90%]", "≥[95%]"),
    ("1,234 元", "1,240 元", "[1,234] 元", "[1,240] 元"),
    ("BP2.1 獎比率", "BP3.1 獎比率", "[BP2.1] 獎比率", "[BP3.1] 獎比率"),
    ("(實支數+賸餘數)/預算數", "(實支數+應付未付數+賸餘數)/預算數",
     "(實支數+賸餘數)/預算數", "(實支數[+應付未付數]+賸餘數)/預算數"),
    ("使命：\n建立系統，\n引領", "使命：\n建立體系，\n引領",
     "使命：\n建立[系統]，\n引領", "使命：\n建立[體系]，\n引領"),
    ("完全不同的文字", "另一件事", "[完全不同的文字]", "[另一件事]"),
    ("單位：人次", "單位：人", "單位：人[次]", "單位：人"),
)  # fmt: skip


def bracketed(texts: list[tuple[str, bool]]) -> str:
    return "".join(f"[{text}]" if changed and text else text for text, changed in texts)


@pytest.mark.parametrize(("old", "new", "shown_old", "shown_new"), CASES)
def test_differences(old: str, new: str, shown_old: str, shown_new: str) -> None:
    pieces = diff(old, new)
    assert bracketed([(each.old, each.changed) for each in pieces]) == shown_old
    assert bracketed([(each.new, each.changed) for each in pieces]) == shown_new


TEXTS = st.text(st.sampled_from("每年新增建立之人次數+/×()（）：90.,%AB\n 　"), max_size=40)


@given(TEXTS, TEXTS)
def test_pieces_are_the_texts_and_differ_where_they_say_so(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(each.old for each in pieces) == old
    assert "".join(each.new for each in pieces) == new
    assert all(each.old or each.new for each in pieces)
    assert any(each.changed for each in pieces) == (old != new)


@given(TEXTS, TEXTS)
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1


def test_long_texts_are_compared_by_their_lines() -> None:
    old = "\n".join(f"第{number}行之內容" for number in range(2000))
    pieces = diff(old, old.replace("第7行之", "第7行的"))
    assert [(each.old, each.new) for each in pieces if each.changed] == [
        ("第7行之內容\n", "第7行的內容\n")
    ]
