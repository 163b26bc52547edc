"""The words that agencies write for operators, functions, captions and notes."""

from __future__ import annotations

import re
from typing import Final

from reportgen.formula.units import COMMON_BASES

# Longer words come first, so that 除以 is not read as 除.
OPERATOR_WORDS: Final = {
    "乘以": "×",
    "乘上": "×",
    "除以": "÷",
    "加上": "+",
    "減去": "-",
    "減掉": "-",
    "扣除": "-",
    "扣減": "-",
    "加": "+",
    "減": "-",
    "乘": "×",
    "占": "÷",
    "佔": "÷",
}
OPERATOR_WORD: Final = re.compile(
    rf"(?:[、，,]?\s{{0,9}}[及並且]\s{{0,9}})?(?P<word>{'|'.join(OPERATOR_WORDS)})"
)
SHARE_WORDS: Final = frozenset("占佔")
# 甲除以乙，再乘以10萬: the step applies to everything before it.
NEXT_STEP: Final = re.compile(
    r"[\s,，、;；]{0,9}(?:(?:然後|之後|其後|後|並|且)?[，,\s]{0,3}(?:再|最後)|之?後)(?:予以|行)?(?P<operator>"
    + "|".join(OPERATOR_WORDS)
    + r"|[xXｘＸ×✕*＊÷/／∕+＋\-－−])"
    + r"|[\s]*[,，;；](?P<plain>除以|乘以|乘上)"
)
THRESHOLD: Final = re.compile(
    r"\s{0,9}[,，、;；]?\s{0,9}(?:(?:應|須|需|要)?(?:達到|達成|達)|不得?低於|不得?少於|不得?小於|至少|大於或?等於"
    r"|大於|高於|超過|逾|不得?超過|不得?高於|不得?逾|不得?大於|不得?多於|至多|最多|小於或?等於|小於|低於"
    r"|少於|未滿|未達|等於|介於)\s{0,9}(?=[0-9０-９])"
    r"|\s{0,9}[,，、;；\s]\s{0,9}(?=[0-9０-９.,，．]+\s{0,9}[%％﹪‰]?\s{0,9}(?:[(（]含[)）])?\s{0,9}以[上下內])"
)
SHARE_SUFFIX: Final = re.compile(
    r"\s{0,9}(?:[之的]\s{0,9})?(?P<word>百分比|百分率|千分比|千分率|比率|比例|比重|比值)(?=\s{0,9}(?:[。.,，;；(（\[［【)）」”\"\n]|[×*＊xX]|$|單位|※|應?達|不得?[低少高超]|至少))"
)
SHARE_SIGNS: Final = {"百分比": "%", "百分率": "%", "千分比": "‰", "千分率": "‰"}
SEPARATOR: Final = re.compile(
    r"\s{0,9}(?:[、,，;；]\s{0,9}(?:及|與|和|以及)?|以及|及|與|和|暨)\s{0,9}"
)
FUNCTIONS: Final = frozenset({"平均", "平均值", "平均數", "合計", "總計", "加總", "總和"})
AVERAGE: Final = re.compile(r"平均(?:值|數)?|AVERAGE", re.IGNORECASE)
TOTAL: Final = re.compile(r"[Σ∑]|合計|總計|加總|總和|SUM", re.IGNORECASE)
LIST_SUFFIX: Final = re.compile(
    r"\s{0,9}(?:[之的]\s{0,9})?(?:比例|比率|人數|件數|金額)?(?:(?P<average>平均(?:值|數)?)"
    r"|(?P<total>合計|總和|總計|加總|(?<=之)和)數?"
    r"|(?P<difference>差額|差異數?|差距|差數|(?<=之)差))(?=[^\u4e00-\u9fff]|$|[之的占佔除乘加減扣再達應須需不至超低高大小等未計])"
)
# 甲較乙增加之百分點
COMPARED: Final = re.compile(
    r"\s{0,9}(?P<way>增加|提升|提高|成長|減少|降低|下降)\s{0,9}[之的]?\s{0,9}(?P<what>百分點|比率|百分比|幅度|率|數|值)?"
)
RESULT: Final = re.compile(
    r"\s{0,9}(?:(?:計算)?而得|來?計算(?:之|得出)?|所得(?:之(?:值|商|數))?|[之的](?:數據)?(?:結果|數值|值|商數|商)"
    r"|[之的]合計數)(?=[。.，,；;)）」”\"\s(（\[［【]|$)"
)
STATED_UNIT: Final = re.compile(r"(?:計量|衡量)?單位\s{0,9}[:：∶為是]\s{0,9}")
# What begins a remark behind the formula; the rest of the text is printed without effect.
REMARK: Final = re.compile(
    r"(?:註|注|備註|附註|說明|備考|資料來源|計算頻率)\s{0,9}[0-9一二三]?\s{0,9}[:：]|※|＊(?![0-9（(])"
    r"|(?:其中|式中)(?=[^+*/÷×=＝]*(?:[。\n]|$))|負值表示|正值表示"
    r"|(?:以|依|按|係)(?:[^+*/÷×=＝，。；;\n]|(?<=[0-9])/(?=[0-9])){0,60}(?:為準|統計|計列|辦理)"
)
# Behind an item, in brackets: what it counts, and not which part of it. 不含死產, 年底, 以人次計.
DESCRIBES: Final = re.compile(
    r"(?:不?含|未含|不?包[含括]|不計|扣除|以|依|按|係|指|截至)[^0-9+*/÷×=＝，。；;]{1,20}|(?:年底|期末|年中|累計|實際)數?"
)
FOOTNOTE_MARK: Final = re.compile(r"※\s{0,9}[0-9０-９]{0,2}\s{0,9}")
SAYS_HOW: Final = frozenset("以依按係")
ROUNDING: Final = re.compile(
    r"(?:採|取|計算|算|以)?(?:至)?[^+*/÷×=＝。乘除]{0,8}(?:四捨五入|小數|無條件|整數)"
    r"(?:(?!後?再?[乘除加減])[^+*/÷×=＝。；;\n])*"
)

# Notes that would make the figure another one, if they were calculated.
CHANGES: Final = re.compile(
    r"倒扣|反向|減之|[較與跟](?:去|前|上一?)年|[較比與跟]?上一?年度?(?:同期)?[之的]?(?:比較|增加|減少|成長|相比)|\A(?:民國)?[0-9]{2,3}年度?(?:[0-9]{1,2}月)?\Z|扣除|減除|扣減|加計|加總|兩者|孰高|孰低|較高者|較低者|擇優|擇一|絕對值|加權|上限|下限|封頂|最高以|最低以"
    r"|不予列計|另計|[扣加][0-9]+分|倒數|根號|平方根|折半|加倍|減前項|至多|最多|不得?超過|較佳|較優|[採用以依按][^，。]{0,6}(?:前一?年|去年|上一?年)|[去前]年資料|[0-9]{2,3}年資料"
    r"|以[^，。、]{1,10}(?<![統會主估])計(?![算畫列])|[×xXｘＸ*＊÷/／+＋\-－]\s{0,9}\Z|平均\Z|\A\s{0,9}[×xXｘＸ*＊÷/／+＋\-－]"
    r"|近[一二三四五六七八九十0-9]{1,2}[年季月]{1,2}之?平均|移動平均|[乘除][以0-9０-９]|取.{0,6}平均|以[^，。]{0,12}平均值?計"
)
# With the name of an item: 減補助, 不含補助, 加補助.
CHANGES_BY_ITEM: Final = re.compile(
    r"\A[再另並須]?[加扣]|\A[占佔]|減|不含|不計|不列入|未含|除外|不包括|排除"
)
TIMES_IN_NOTE: Final = re.compile(r"(?:[×xXｘＸ*＊✕]|乘以?)(?P<number>1[0,]*0)(?P<sign>[%％﹪‰]?)")
PER_MANY: Final = re.compile(r"每(?P<scale>[一二三四五六七八九]?[十百千]?[萬億]|[百千])")
DATED: Final = re.compile(r"[0-9]{1,2}[月日週季時]")  # 12月累計件數, behind 1-
STEP_IN_WORDS: Final = re.compile(r"(?:然後|之後|並|且)?(?:再|另)(?!度)|但|惟|扣")
# Behind the last term of a weighted sum: 甲×60%+乙(40%), 乙（權重40%）.
WEIGHT_IN_NOTE: Final = re.compile(
    r"(?:[占佔]|權重|配分|比重)?(?:為|[:：])?[0-9０-９.．]{1,5}[%％﹪分]"
)
TRUNCATES: Final = re.compile(
    r"無條件(?:捨去|進位|進入)|以[0-9]+%?計|取絕對值|\A(?!.*四捨五入).*(?:取|計|算)至?整數"
)

FOLLOW_A_NAME: Final = (
    SHARE_SUFFIX, NEXT_STEP, STATED_UNIT, LIST_SUFFIX, COMPARED, RESULT, THRESHOLD,
)  # fmt: skip

# Words before a colon that name what follows and are never an item.
CAPTIONS: Final = frozenset(
    [
        "公式",
        "計算公式",
        "計算式",
        "算式",
        "計算方式",
        "計算方法",
        "運算公式",
        "衡量標準",
        "衡量公式",
        "衡量方式",
        "衡量指標",
        "評量方式",
        "評估公式",
        "指標公式",
        "指標定義",
        "定義",
        "達成率",
        "說明",
        "計算",
        "kpi計算公式",
        "計算公式及計量單位",
        "績效衡量方式",
        "計算標準",
        "指標計算方式",
        "指標計算公式",
        "公式說明",
        "評核方式",
        "績效指標公式",
    ]
)

MAX_EXPONENT: Final = 15  # of a power of ten or the like
CHINESE_NUMBER: Final = re.compile(r"[一二兩三四五六七八九十拾百佰千仟萬億零〇]{1,12}")
PERCENT_WORD: Final = re.compile(
    r"百分之\s{0,9}(?:(?P<digits>[0-9]+(?:\.[0-9]+)?)|(?P<words>[一二兩三四五六七八九十百零〇]+))"
)
_CONSTANT_UNITS = sorted(
    COMMON_BASES | {"個月", "個", "分鐘", "工作天", "工作日", "人口", "倍", "歲", "組", "間", "位"},
    key=len,
    reverse=True,
)
SCALED_NUMBER: Final = re.compile(
    r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)\s{0,9}(?P<scale>[十拾百佰千仟]?[萬億]|[十拾百佰千仟])?\s{0,9}"
    rf"(?P<unit>{'|'.join(map(re.escape, _CONSTANT_UNITS))})?"
)
POWER: Final = re.compile(
    r"(?P<base>[0-9]{1,4})\s{0,9}(?:[\^＾]\s{0,9}(?P<raised>[0-9]{1,2})|(?P<small>[⁰¹²³⁴-⁹]{1,2}))"
)
SOURCE_NOTE: Final = re.compile(r"(?:參考|依據|依|詳|參見|見|資料來源)\S{2,40}")
LABEL: Final = re.compile(
    r"註[0-9]{0,2}|[A-Za-zＡ-Ｚａ-ｚ]{1,2}[0-9]?|[0-9]{1,2}|[①-⑳]|[甲乙丙丁戊]"
)


_DIGIT_WORDS: Final = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "兩": 2, "三": 3, "四": 4, "五": 5,
    "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_SMALL: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def chinese_number(text: str) -> int:
    """Return the number that a Chinese numeral states: 十五 is 15, 十萬 is 100,000, 一〇五 is 105.

    Raises KeyError for a character that is none of a numeral.
    """
    total = myriads = section = digits = 0  # from 億 on, from 萬 on, from 十 on, and below
    for char in text:
        if char in _DIGIT_WORDS:
            digits = digits * 10 + _DIGIT_WORDS[char]
        elif char in _SMALL:
            section += (digits or 1) * _SMALL[char]
            digits = 0
        elif char == "萬":
            myriads += (section + digits or 1) * 10**4
            section = digits = 0
        elif char == "億":
            total += (myriads + section + digits or 1) * 10**8
            myriads = section = digits = 0
        else:
            raise KeyError(char)
    return total + myriads + section + digits
