"""Words of the formula language: numerals, and letters that are none of its signs."""

from __future__ import annotations

import string

import pytest

from reportgen.formula import parse_formula
from reportgen.formula.keywords import chinese_number
from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((digit, value) for value, digit in enumerate("零一二三四五六七八九")),
        ("〇", 0),
        ("兩", 2),
        ("十", 10),
        ("拾", 10),
        ("十五", 15),
        ("二十", 20),
        ("九十九", 99),
        ("百", 100),
        ("佰", 100),
        ("一百零五", 105),
        ("三百六十五", 365),
        ("千", 1000),
        ("仟", 1000),
        ("一千二百", 1200),
        ("萬", 10_000),
        ("十萬", 100_000),
        ("兩萬五千", 25_000),
        ("三十六萬七千", 367_000),
        ("百萬", 1_000_000),
        ("億", 100_000_000),
        ("二億三千萬", 230_000_000),
        ("一億零五", 100_000_005),
        ("萬億", 10**12),
        ("兩百億", 20_000_000_000),
        # digit by digit
        ("一〇五", 105),
        ("一〇〇", 100),
        ("二〇", 20),
        ("一二三", 123),
        ("二〇萬", 200_000),
    ],
)
def test_a_numeral_has_its_number(text: str, number: int) -> None:
    assert chinese_number(text) == number


def test_another_character_is_no_numeral() -> None:
    with pytest.raises(KeyError):
        chinese_number("一年")


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("甲÷乙×一〇〇", "6÷3×100 = 200"),
        ("甲÷乙×百分之一〇〇", "6÷3×100% = 200.00%"),
        ("甲×二億三千萬", "6×230,000,000 = 1,380,000,000"),
        ("甲占百分之二〇、乙占百分之八〇", "6×20%+3×80% = 3.60"),
    ],
)
def test_a_numeral_counts_in_a_formula(text: str, calculation: str) -> None:
    given = told(text, "甲 6; 乙 3")
    assert (given.calculation, given.codes) == (calculation, set())


@pytest.mark.parametrize("letters", [string.ascii_uppercase, string.ascii_lowercase])
def test_every_letter_may_be_an_item(letters: str) -> None:
    """None is taken for a sign, a bracket or a separator."""
    for letter in letters:
        given = told(f"({letter}+乙)÷乙", f"{letter} 6; 乙 3")
        assert given.calculation == "(6+3)÷3 = 3", letter


@pytest.mark.parametrize(
    "signs", ["()", "（）", "﹙﹚", "[]", "［］", "〔〕", "【】", "{}", "｛｝", "﹛﹜"]
)
def test_brackets_of_one_kind_belong_together(signs: str) -> None:
    given = told(f"{signs[0]}甲+乙{signs[1]}×乙", "甲 6; 乙 3")
    assert given.calculation == "(6+3)×3 = 27"


@pytest.mark.parametrize(
    "unit",
    [
        *("個月", "個", "分鐘", "工作天", "工作日", "人口", "倍", "歲", "組", "間", "位"),
        *("月", "人", "天", "元", "件"),
    ],
)
def test_a_number_may_have_a_unit_in_words(unit: str) -> None:
    assert told(f"甲÷12{unit}", "甲 24 件").calculation == "24÷12 = 2"
    assert told(f"甲÷2千{unit}", "甲 4000 件").calculation == "4,000÷2,000 = 2"


COUNTS = "甲 6; 乙 3; 丙 4"
OFFICE = "收入 6; 補助 3; 人數 4"


@pytest.mark.parametrize(
    ("words", "calculation"),
    [
        ("乘以 乘上 乘", "6×3 = 18"),
        ("除以 並除以 ，並除以 、及除以 ,且除以", "6÷3 = 2"),
        ("加上 加", "6+3 = 9"),
        ("減去 減掉 扣除 扣減 減", "6-3 = 3"),
        ("占 佔", "6÷3 = 200.00%"),
    ],
)
def test_every_word_for_an_operator_is_known(words: str, calculation: str) -> None:
    for word in words.split():
        given = told(f"甲{word}乙", COUNTS)
        assert (given.calculation, given.codes) == (calculation, set()), word


def test_a_space_may_stand_within_words_for_an_operator() -> None:
    assert told("甲 並 除以 乙", COUNTS).calculation == "6÷3 = 2"


def test_every_word_for_a_further_step_is_known() -> None:
    for words in (
        *("然後再", "之後再", "其後再", "後再", "並再", "且再", "再", "最後", "，再", "並最後"),
        *("之後", "後", "，然後，再", "之後予以", "後行", "再予以", "再行"),
    ):
        given = told(f"甲+乙{words}除以丙", COUNTS)
        assert (given.calculation, given.codes) == ("(6+3)÷4 = 2.25", set()), words
    for word in ("，除以", " ；除以"):
        assert told(f"甲+乙{word}丙", COUNTS).calculation == "(6+3)÷4 = 2.25", word
    for word in (",乘以", "，乘上"):
        assert told(f"甲+乙{word}丙", COUNTS).calculation == "(6+3)×4 = 36", word


@pytest.mark.parametrize(
    ("signs", "calculation"),
    [
        ("xXｘＸ×✕*＊", "(6+3)×4 = 36"),
        ("÷/／∕", "(6+3)÷4 = 2.25"),
        ("+＋", "6+3+4 = 13"),
        ("-－−", "6+3-4 = 5"),
    ],
)
def test_every_sign_may_be_a_further_step(signs: str, calculation: str) -> None:
    for sign in signs:
        assert told(f"甲+乙再{sign}丙", COUNTS).calculation == calculation, sign


@pytest.mark.parametrize(
    ("words", "calculation"),
    [
        (
            (
                "達到 達成 達 應達 須達到 需達成 不低於 不得低於 不少於 不得少於 不小於 不得小於"
                " 至少 大於等於 大於或等於"
            ),
            "6 ≥ 5，達成",
        ),
        ("大於 高於 超過 逾", "6 > 5，達成"),
        (
            (
                "不超過 不得超過 不高於 不得高於 不逾 不得逾 不大於 不得大於 不多於 不得多於"
                " 至多 最多 小於等於 小於或等於"
            ),
            "6 ≤ 5，未達成",
        ),
        ("小於 低於 少於 未滿 未達", "6 < 5，未達成"),
        ("等於", "6 = 5，未達成"),
    ],
)
def test_every_word_for_a_threshold_ends_a_name(words: str, calculation: str) -> None:
    for word in words.split():
        for text in (f"甲{word}5", f"甲 ，{word} ５"):
            given = told(text, COUNTS)
            assert (given.calculation, given.codes) == (calculation, set()), text


@pytest.mark.parametrize(
    ("behind", "calculation"),
    [
        (("，5以上", " 5以上", "，5(含)以上", "；５（含）以上"), "6 ≥ 5，達成"),
        (("，5以下", " 5以下", "、5以內"), "6 ≤ 5，未達成"),
    ],
)
def test_a_number_and_a_word_are_a_threshold(behind: tuple[str, ...], calculation: str) -> None:
    for text in behind:
        given = told(f"甲{text}", COUNTS)
        assert (given.calculation, given.codes) == (calculation, set()), text


@pytest.mark.parametrize(
    "word", ["百分比", "百分率", "千分比", "千分率", "比率", "比例", "比重", "比值"]
)
def test_a_word_for_a_share_ends_where_the_next_text_begins(word: str) -> None:
    for behind in (
        *(
            "。",
            ".",
            "(年底)",
            "（年底）",
            "[年底]",
            "［年底］",
            "【年底】",
            "※年底",
            "」",
            "”",
            '"',
        ),
        *("單位：倍", "\n（年底）", "（單位：倍）"),
    ):
        given = told(f"甲占乙之{word}{behind}", COUNTS)
        assert given.calculation.startswith("6÷3 = "), behind
        assert given.codes <= {"W213"}, behind  # 倍 is no %
    for behind in (",年底", "，年底", ";年底", "；年底"):
        assert told(f"甲占乙之{word}{behind}", COUNTS).codes == {"W201"}, behind
    for sign in "×*＊xX":
        assert told(f"甲占乙的{word}{sign}1", COUNTS).calculation.startswith("6÷3×1 = "), sign


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("達 應達 不得低於 不低於 不少於 至少", "≥ 80%，達成"),
        ("不高於 不超過 不得超過", "≤ 80%，未達成"),
    ],
)
def test_a_threshold_may_stand_behind_a_word_for_a_share(words: str, relation: str) -> None:
    for word in words.split():
        given = told(f"甲占乙之比率{word}80%", COUNTS)
        assert given.calculation == f"6÷3 = 200.00% {relation}", word


def test_every_separator_parts_a_list() -> None:
    signs = "、 , ， ; ； 、及 ，與 、和 ,以及 以及 及 與 和 暨"
    for sign in signs.split():
        given = told(f"甲{sign}乙合計", COUNTS)
        assert (given.calculation, given.codes) == ("6+3 = 9", set()), sign


@pytest.mark.parametrize(
    ("words", "calculation"),
    [
        ("平均 平均值 平均數 AVERAGE average", "(6+3)÷2 = 4.50"),
        ("合計 總計 加總 總和 SUM sum Σ ∑", "6+3 = 9"),
    ],
)
def test_every_function_is_known_though_an_item_is_called_so(words: str, calculation: str) -> None:
    for word in words.split():
        for table in (COUNTS, f"{COUNTS}; {word} 9"):
            if word in {"AVERAGE", "average", "SUM", "sum", "Σ", "∑"} and table != COUNTS:
                continue  # what is called so is the item
            given = told(f"{word}(甲、乙)", table)
            assert (given.calculation, given.codes) == (calculation, set()), (word, table)


@pytest.mark.parametrize(
    ("words", "calculation"),
    [
        ("平均 平均值 平均數 之平均 的平均值 比率平均 比例平均", "(6+3)÷2 = 4.50"),
        (
            "合計 總和 總計 加總 合計數 總和數 之和 的總計 人數合計 件數總計 金額加總",
            "6+3 = 9",
        ),
        ("差額 差異數 差異 差距 差數 之差 的差額", "6-3 = 3"),
    ],
)
def test_every_word_behind_a_list_is_known(words: str, calculation: str) -> None:
    for word in words.split():
        given = told(f"甲、乙{word}", COUNTS)
        assert (given.calculation, given.codes) == (calculation, set()), word


@pytest.mark.parametrize(
    ("behind", "calculation"),
    [
        ("。 之結果 的值 計算而得", "6+3 = 9"),
        ("除以丙 ÷丙 再除以丙", "(6+3)÷4 = 2.25"),
        ("占丙之比率 佔丙", "(6+3)÷4 = 225.00%"),
        ("乘以丙", "(6+3)×4 = 36"),
        ("加丙", "6+3+4 = 13"),
        ("減丙 扣除丙", "6+3-4 = 5"),
        ("達5 應達5 須達5 需達5 不低於5 至少5", "6+3 = 9 ≥ 5，達成"),
        ("超過5 高於5 大於5", "6+3 = 9 > 5，達成"),
        ("低於5 小於5 未達5", "6+3 = 9 < 5，未達成"),
        ("等於9", "6+3 = 9 = 9，達成"),
    ],
)
def test_a_list_ends_where_the_next_words_begin(behind: str, calculation: str) -> None:
    for text in behind.split():
        given = told(f"甲、乙合計{text}", COUNTS)
        assert (given.calculation, given.codes) == (calculation, set()), text


@pytest.mark.parametrize(
    ("ways", "difference"),
    [("增加 提升 提高 成長", "6-3"), ("減少 降低 下降", "3-6")],
)
def test_every_word_for_a_change_is_known(ways: str, difference: str) -> None:
    for way in ways.split():
        for what in ("", "數", "值", "之數"):
            given = told(f"甲較乙{way}{what}", COUNTS)
            assert given.calculation.startswith(f"{difference} = "), (way, what)
            assert given.figure in {"3", "-3"}
        for what in ("率", "比率", "百分比", "之幅度", "的率"):
            given = told(f"甲比乙{way}{what}", COUNTS)
            assert given.calculation.startswith(f"({difference})÷3 = "), (way, what)
            assert given.figure in {"100.00%", "-100.00%"}
        given = told(f"甲較乙{way}百分點", "甲 6 %; 乙 3 %")
        assert given.figure in {"3.00%", "-3.00%"}, way


def test_every_word_for_a_result_is_passed_over() -> None:
    for word in (
        *("計算而得", "而得", "來計算之", "計算得出", "計算之", "計算", "所得", "所得之值"),
        *("所得之商", "所得之數", "之結果", "之數值", "之值", "之商數", "之商", "的數據結果"),
        *("之合計數", "計算之。", "所得，", "所得之值（年底）", "之值(年底)", "之結果[年底]"),
    ):
        given = told(f"甲÷乙{word}", COUNTS)
        assert (given.calculation, given.codes) == ("6÷3 = 2", set()), word


@pytest.mark.parametrize(
    "words",
    ["，單位：", "，計量單位：", "，衡量單位為", "，單位是", "，單位:", "，單位∶", " 單位："],
)
def test_every_way_to_state_a_unit_is_known(words: str) -> None:
    assert told(f"甲{words}件", "甲 6 件").calculation == "6 件"


REMARKS = (
    *("註：", "注：", "備註：", "附註：", "說明：", "備考：", "資料來源：", "計算頻率："),
    *("註1：", "註一:", "註 2 ：", "※", "其中", "式中", "負值表示", "正值表示"),
)


@pytest.mark.parametrize("word", REMARKS)
def test_a_remark_may_name_an_item(word: str) -> None:
    """Other text that names one is refused: it may be part of the calculation."""
    given = told(f"收入÷人數，{word}補助另列", OFFICE)
    assert (given.calculation, given.codes) == ("6÷4 = 1.50", set())
    assert told("收入÷人數，補助另列", OFFICE).codes == {"E216"}


def test_words_of_how_to_count_are_a_remark_that_is_doubted() -> None:
    for first in "以依按係":
        for last in ("為準", "統計", "計列", "辦理"):
            given = told(f"收入÷人數，{first}補助{last}", OFFICE)
            assert (given.calculation, given.codes) == ("6÷4 = 1.50", {"W201"}), (first, last)
    assert told("收入÷人數，以105/12/31補助為準", OFFICE).codes == {"W201"}
    assert told("收入÷人數，其中補助×2", OFFICE).codes == {"E216"}


def test_a_bracket_that_describes_an_item_is_passed_over_with_a_warning() -> None:
    for content in (
        *("不含死產", "含死產", "未含死產", "不包含死產", "不包括死產", "包含死產", "不計死產"),
        *("依法", "按月", "係年底", "指年底", "截至年底", "年底", "年底數", "期末", "年中數"),
        *("累計", "實際數"),
    ):
        given = told(f"收入({content})÷人數", OFFICE)
        assert (given.calculation, given.codes) == ("6÷4 = 1.50", {"W201"}), content
    for content in ("扣除死產", "以人計"):
        assert told(f"收入({content})÷人數", OFFICE).codes == {"W212"}, content
    for content in ("其他字", "不含3人"):
        assert told(f"收入({content})÷人數", OFFICE).codes == {"E204"}, content


@pytest.mark.parametrize("mark", ["※", "※1", " ※ 12 ", "※１２"])
def test_the_mark_of_a_footnote_is_passed_over(mark: str) -> None:
    given = told(f"收入{mark}÷人數{mark}", OFFICE)
    assert (given.calculation, given.codes) == ("6÷4 = 1.50", set())


@pytest.mark.parametrize(
    ("note", "figure", "codes"),
    [
        ("四捨五入", "1.50", set()),
        ("採四捨五入", "1.50", set()),
        ("取整數", "1.50", {"W211"}),
        ("計至整數", "1.50", {"W211"}),
        ("計算至小數點第1位", "1.5", set()),
        ("取至小數第1位", "1.5", set()),
        ("算至小數點後第1位", "1.5", set()),
        ("以小數點第1位計", "1.5", set()),
        ("採年度資料之四捨五入", "1.50", set()),
        ("小數點第1位。年底", "1.5", {"W201"}),
        ("無條件捨去", "1.50", {"W211"}),
        ("四捨五入後再乘以100", "", {"E216"}),  # a further step
        ("四捨五入後減1", "1.50", {"W201"}),
    ],
)
def test_a_note_of_rounding_ends_before_a_further_step(
    note: str, figure: str, codes: set[str]
) -> None:
    given = told(f"收入÷人數，{note}", OFFICE)
    assert (given.figure, given.codes) == (figure, codes)


CHANGING_NOTES = (
    *("倒扣", "反向", "減之", "較去年", "與前年", "跟上年", "較上一年", "比上年度之比較"),
    *("上年度同期增加", "跟上一年度減少", "比上年的成長", "與上年相比", "105年度", "105年12月"),
    *(
        "民國105年",
        "民國105年度",
        "乘50",
        "除２",
        "扣除",
        "減除",
        "扣減",
        "加計",
        "加總",
        "兩者",
        "孰高",
        "孰低",
        "較高者",
    ),
    *("較低者", "擇優", "擇一", "絕對值", "加權", "上限", "下限", "封頂", "最高以", "最低以"),
    *("不予列計", "另計", "扣5分", "加10分", "倒數", "根號", "平方根", "折半", "加倍", "減前項"),
    *("至多", "最多", "不超過", "不得超過", "較佳", "較優", "採前一年", "用去年", "以上年"),
    *("依上一年", "按前年", "去年資料", "前年資料", "104年資料", "以死亡計", "數值×", "值÷", "值x"),
    *("平均", "×比重", "-比重", "近三年平均", "近12月之平均", "移動平均", "乘以", "除以"),
    *("取三次平均", "以歷次平均計", "以年底平均值計"),
    # with the name of an item
    *("再加補助", "另扣補助", "並加補助", "須扣補助", "加補助", "扣補助", "減補助", "不含補助"),
    *("不計補助", "補助不列入", "未含補助", "補助除外", "不包括補助", "排除補助"),
)


def test_a_note_that_would_change_the_figure_is_doubted() -> None:
    for note in CHANGING_NOTES:
        given = told(f"收入÷人數（{note}）", OFFICE)
        assert (given.calculation, given.codes) == ("6÷4 = 1.50", {"W212"}), note
    for note in ("以人次計算", "以統計計列", "含補助", "不含其他", "無字", "105年底"):
        assert told(f"收入÷人數（{note}）", OFFICE).codes == set(), note


@pytest.mark.parametrize("sign", ["×", "x", "X", "ｘ", "Ｘ", "*", "＊", "✕", "乘", "乘以"])
def test_a_factor_in_a_note_is_applied(sign: str) -> None:
    for factor, calculation in (
        ("100%", "6÷4×100% = 150.00%"),
        ("100", "6÷4×100 = 150"),
        ("1,000", "6÷4×1,000 = 1,500"),
        ("1000‰", "6÷4×1000‰ = 1,500.00‰"),
    ):
        given = told(f"收入÷人數({sign}{factor})", OFFICE)
        assert (given.calculation, given.codes) == (calculation, set()), factor


@pytest.mark.parametrize(
    "scale", ["萬", "十萬", "百萬", "千萬", "億", "百", "千", "三萬", "十億", "五百萬"]
)
def test_a_rate_of_many_lacks_its_factor(scale: str) -> None:
    table = "死亡數 3 人; 人口 60000 人"
    assert told(f"每{scale}人口死亡率=死亡數÷人口", table).codes == {"W214"}
    factor = chinese_number(scale)
    assert told(f"每{scale}人口死亡率=死亡數÷人口×{factor}", table).codes == set()


@pytest.mark.parametrize("name", ["12月累計件數", "4週件數", "3日件數", "4季件數", "9時件數"])
def test_a_range_of_months_or_the_like_is_part_of_a_name(name: str) -> None:
    assert told(f"1-{name}", f"{name} 5").codes == {"E217"}
    assert told(f"1-{name}", f"1-{name} 5").calculation == "5"
    assert told("1-12年件數", "12年件數 5").calculation == "1-5 = -4"


def test_words_for_a_further_step_are_no_remark() -> None:
    for word in ("然後再", "之後另", "並再", "且另", "再", "另", "但", "惟", "扣"):
        assert told(f"收入÷人數，{word}求其平均值", OFFICE).codes == {"E216"}, word
    for word in ("再度", "其餘"):
        assert told(f"收入÷人數，{word}求其平均值", OFFICE).codes == {"W201"}, word


@pytest.mark.parametrize(
    ("number", "value"),
    [
        *(("百分之五", "5%"), ("百分之十五", "15%"), ("百分之5", "5%"), ("百分之 5.5", "5.5%")),
        *(("百分之一〇", "10%"), ("百分之兩", "2%"), ("百分之零", "0%")),
        *(("10^2", "100"), ("10 ＾ 2", "100"), ("9999^1", "9,999"), ("10¹²", "1,000,000,000,000")),
        *((f"2{digit}", f"{2**power:,}") for power, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")),
    ],
)
def test_percentages_in_words_and_powers_are_numbers(number: str, value: str) -> None:
    assert told(f"收入×{number}", OFFICE).calculation.startswith(f"6×{value} = ")


LABELS = (
    *("註", "註1", "註12", "A", "z", "Ａ", "ｚ", "Ｚ", "ａ", "ab", "A1", "Ab2", "①", "⑳"),
    *("甲", "乙", "丙", "丁", "戊"),
)


def test_a_label_stands_before_or_behind_its_item() -> None:
    for label in (
        *(*LABELS, "1", "12", "參考統計月報", "依據年報", "依年報", "詳年報", "參見年報"),
        *("見年報", "資料來源：年報"),
    ):
        given = told(f"({label})收入÷人數", OFFICE)
        assert (given.calculation, given.codes) == ("6÷4 = 1.50", set()), label
    for label in LABELS:
        given = told(f"收入({label})÷人數", OFFICE)
        assert (given.calculation, given.codes) == ("6÷4 = 1.50", set()), label
    for other in ("己", "123"):
        assert told(f"({other})收入÷人數", OFFICE).codes == {"E204"}, other
        assert told(f"收入({other})÷人數", OFFICE).codes == {"E204"}, other


@pytest.mark.parametrize(
    "caption",
    [
        *("公式", "計算公式", "計算式", "算式", "計算方式", "計算方法", "運算公式", "衡量標準"),
        *(
            "衡量公式",
            "衡量方式",
            "衡量指標",
            "評量方式",
            "評估公式",
            "指標公式",
            "指標定義",
            "定義",
        ),
        *("達成率", "說明", "計算", "計算公式及計量單位", "績效衡量方式", "計算標準"),
        *(
            "指標計算方式",
            "指標計算公式",
            "公式說明",
            "評核方式",
            "績效指標公式",
            "KPI計算公式",
            "ＫＰＩ計算公式",
        ),
    ],
)
def test_a_caption_is_known_without_names(caption: str) -> None:
    for text in (f"{caption}：甲/乙", f" {caption} :甲/乙"):
        formula, problems = parse_formula(text)
        assert problems == ()
        assert formula is not None
        assert formula.canonical_text == "甲÷乙"
