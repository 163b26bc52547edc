"""Targets as agencies write them: in signs, in words, with scales and units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.target_value import alternatives, read_goal

# written → the target in signs
SIGNS = [
    *(("12", "12"), ("１２", "12"), ("3,500", "3,500"), ("-5", "-5"), (".5", ".5")),
    *(("90%", "90%"), ("12.5％", "12.5%"), ("12.5﹪", "12.5%"), ("8‰", "8‰"), ("3‱", "3‱")),
    *(("≥90", "≥90"), ("≧ 90 %", "≥90%"), (">=90", "≥90"), ("＞＝90", "≥90"), ("=>90", "≥90")),
    *(("≤3", "≤3"), ("≦3", "≤3"), ("<=3", "≤3"), ("＞0", ">0"), ("<1", "<1"), ("＝4", "=4")),
]
RANGES = [
    *((text, "80~90") for text in ("80~90", "80～90", "80〜90", "80-90", "80－90", "80–90")),
    *((text, "80~90") for text in ("80至90", "80 到 90", "介於80至90之間", "介於80與90之間")),
    *((text, "80%~90%") for text in ("80~90%", "80%至90%", "80%～90%", "80%(含)至90%(含)")),
    *((text, "80%~90%") for text in ("應介於80%和90%", "80%以上90%以下", "80%以上、90%以下")),
    *(("-5~5", "-5~5"), ("80~80", "80~80"), ("-10%至-5%", "-10%~-5%")),
    *(("3至5件", "3件~5件"), ("3件到5件", "3件~5件"), ("3~5萬", "3萬~5萬"), ("8,000~9,000元",) * 2),
]
RANGES = [(text, shown.replace("8,000~9,000元", "8,000元~9,000元")) for text, shown in RANGES]
AT_LEAST = (
    "80%以上 80％ 以上 80%(含)以上 80％（含）以上 80%含以上 80%以上(含) 達80%以上 達80% 達到80%"
    " 應達80% 須達80%以上 須達到80% 不低於80% 不得低於80% 不可低於80% 應不低於80% 不少於80%"
    " 不得少於80% 至少80% 至少達80% 至少80%以上 大於等於80% 大於或等於80% 高於或等於80%"
    " 大於(或等於)80% 維持80%以上 維持在80%以上 百分之80以上 目標值：80%以上 ≥80%以上"
    " 超過80%(含) 未低於80% 80%以上。"
).replace("80％ 以上", "80％\u3000以上")
AT_MOST = (
    "3件以下 3件(含)以下 3件（含）以下 3件以內 3件之內 3件內 不超過3件 不得超過3件 不超過3件以下"
    " 不高於3件 不得高於3件 不大於3件 不多於3件 不逾3件 未逾3件 至多3件 最多3件 小於等於3件"
    " 小於或等於3件 控制在3件以內 應控制在3件以下 ≤3件以下"
)
WORDS = [
    *((text, "≥80%") for text in AT_LEAST.split(" ")),
    *((text, "≤3件") for text in AT_MOST.split(" ")),
    *(
        (text, "<5件")
        for text in ("未滿5件", "低於5件", "少於5件", "小於5件", "未達5件", "不足5件")
    ),
    *((text, "<5件") for text in ("5件以下(不含)", "5件(不含)以下")),
    *((text, ">5件") for text in ("超過5件", "高於5件", "大於5件", "逾5件", "5件以上(不含)")),
    *(("等於5件", "=5件"), ("正好5件", "=5件")),
]
# written → number, sign, unit
AMOUNTS = [
    ("12", "12", "", ""),
    ("90%", "90", "%", ""),
    ("百分之80", "80", "%", ""),
    ("千分之8", "8", "‰", ""),
    ("10萬", "100000", "", ""),
    ("1.2億", "120000000", "", ""),
    ("3千", "3000", "", ""),
    ("12場", "12", "", "場"),
    ("90分", "90", "", "分"),
    ("1,200千元", "1200", "", "千元"),
    ("5.2萬人", "26/5", "", "萬人"),
    ("100人次", "100", "", "人次"),
    ("5百分點", "5", "", "百分點"),
    ("1.5個百分點", "3/2", "", "個百分點"),
    ("2萬用卡", "2", "", "萬用卡"),
    ("3元/人", "3", "", "元/人"),
    ("5公噸CO₂e", "5", "", "公噸CO2e"),
    ("3㎡", "3", "", "m2"),
    ("1億2,000萬元", "120000000", "", "元"),
    ("3億5千萬", "350000000", "", ""),
    ("3萬5千件", "35000", "", "件"),
    ("1萬2,500", "12500", "", ""),
]
# no target → what is offered instead
REFUSED = [
    *(("", ()), ("無", ()), ("≥", ()), ("≥≥3", ()), ("1,23", ()), ("80~90~95", ()), ("≥80~90", ())),
    *(
        ("(50)", ()),
        ("9e9", ()),
        ("9" * 100, ()),
        ("完成細部設計", ()),
        ("八成以上", ()),
        ("±5", ()),
    ),
    *(
        ("約80%", ()),
        ("80%左右", ()),
        ("12以外", ()),
        ("80與90", ()),
        ("80%人", ()),
        ("百分之80%", ()),
    ),
    *(
        ("3萬5", ()),
        ("5千3萬", ()),
        ("10萬億", ()),
        ("8,000~1萬", ()),
        ("80%~90件", ()),
        ("80%(含)", ()),
        ("1、200", ()),
    ),
    ("90~80", ("80~90",)),
    ("90%至80%", ("80%~90%",)),
    ("80%~90", ("80%~90%",)),
    ("3件~5", ("3件~5件",)),
    ("不低於80%以下", ("≥80%", "≤80%")),
    ("≤80以上", ("≤80", "≥80")),
    ("超過80%以上", (">80%", "≥80%")),
    ("低於3件以下", ("<3件", "≤3件")),
    ("未達80%以上", ("<80%", "≥80%")),
    ("維持80%", ("≥80%", "=80%")),
]


@pytest.mark.parametrize(("written", "shown"), [*SIGNS, *RANGES, *WORDS])
def test_a_target_is_read_in_signs_and_in_words(written: str, shown: str) -> None:
    goal = read_goal(written)
    assert goal is not None
    assert goal.text == shown
    assert len(goal.bounds) == (2 if goal.relation == "~" else 1)
    assert alternatives(written) == (shown,)


@pytest.mark.parametrize(("written", "number", "sign", "unit"), AMOUNTS)
def test_scales_are_numbers_and_units_stay_texts(
    written: str, number: str, sign: str, unit: str
) -> None:
    goal = read_goal(written)
    assert goal is not None
    (bound,) = goal.bounds
    assert (str(bound.number), bound.sign, bound.unit) == (number, sign, unit)
    assert bound.is_bare == (not sign and not unit)


@pytest.mark.parametrize(("written", "offered"), REFUSED)
def test_what_says_nothing_or_two_things_is_no_target(
    written: str, offered: tuple[str, ...]
) -> None:
    assert read_goal(written) is None
    assert alternatives(written) == offered


_PIECES = [
    *("達", "應", "須", "不", "未", "得", "低於", "超過", "至少", "至多", "以上", "以下", "以內"),
    *("(含)", "(不含)", "介於", "之間", "維持", "百分之", "至", "~", "-", "、", "/", "≥", "<", "="),
    *(
        "80",
        "1,200",
        ".5",
        "3",
        "-5",
        "%",
        "‰",
        "‱",
        "十",
        "百",
        "千",
        "萬",
        "億",
        "件",
        "人次",
        "元",
    ),
]
_TEXTS = st.text() | st.lists(st.sampled_from(_PIECES), max_size=9).map("".join)


@given(_TEXTS)
def test_any_text_is_read_or_refused_and_a_target_in_signs_is_the_same_target(text: str) -> None:
    goal = read_goal(text)
    if goal is not None:
        assert read_goal(goal.text) == goal
    for offered in alternatives(text):
        assert read_goal(offered) is not None


@given(_TEXTS, st.sampled_from([*SIGNS, *RANGES, *WORDS]))
def test_width_and_white_space_do_not_matter(spaces: str, case: tuple[str, str]) -> None:
    written, shown = case
    blank = "".join(character for character in spaces if character.isspace()) or " "
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in written)
    for text in (blank.join(written), wide):
        goal = read_goal(text)
        assert goal is not None
        assert goal.text == shown
