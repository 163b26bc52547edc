"""計量單位: scaled and compound units as real arithmetic.

A unit is parts joined by ``/``; a part is a scale and a base unit: ``千元/人`` is
1,000 × 元 per 人, ``公斤/萬人`` is 公斤 per 10,000 × 人. A scale is written in Chinese
(十 百 千 萬 億 and 十萬, 百萬, 千萬, 十億 …; also 拾 佰 仟), in digits (``100人``), or
both (``10萬人``).

A Chinese scale counts only before a unit that stands on its own: one of
``COMMON_BASES``, or one that another unit of the same calculation uses. So 千元 is
scaled, and 百分點, 萬用卡 and 十字路口 are whole words.

Base units are compared without a trailing 數 (件數 = 件, 人數 = 人) and without
新臺幣, and 圓 is 元, 人口 is 人, 天 is 日. 人 and 人次 are different units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from reportgen.text.name_matching import name_key

_COMMON_UNITS = """
元 人 人次 人日 人時 人月 人年 人口 員 名 位 件 次 場 場次 家 戶 校 所 班 班次 項 項次 種 類
類別 冊 本 篇 份 張 頁 點 分 秒 小時 時 日 天 週 月 季 年 度 案 則 處 座 棟 坪 株 棵 隻 頭 輛
車 車次 艘 架 台 臺 部 組 隊 團 床 公克 公斤 公噸 噸 公里 公尺 公分 公頃 公升 毫升 立方公尺
平方公尺 平方公里 噸公里 席 個 條 支 枚 面 里 村 節 堂 期 集 團體 機構 國 分鐘 工作日 工作天 瓦
瓩 瓦時 瓩時 卡 焦耳 位元組 股 票 筆 劑 瓶 箱 包 盒
"""
COMMON_BASES = frozenset(_COMMON_UNITS.split())

# Dimensionless units, and how much one of them is.
_RATIO_UNITS = {
    "%": Fraction(1, 100),
    "百分比": Fraction(1, 100),
    "百分率": Fraction(1, 100),
    "百分點": Fraction(1, 100),
    "個百分點": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "千分比": Fraction(1, 1000),
    "千分率": Fraction(1, 1000),
    "千分點": Fraction(1, 1000),
    "個千分點": Fraction(1, 1000),
    "‱": Fraction(1, 10000),
    "萬分比": Fraction(1, 10000),
    "萬分率": Fraction(1, 10000),
    "倍": Fraction(1),
    "比": Fraction(1),
    "比值": Fraction(1),
}
RATE_SIGNS = {"%": 100, "‰": 1000, "‱": 10000}  # what 1 is in each
_POINT_UNITS = {100: "百分點", 1000: "千分點"}
_RATE_FACTORS = frozenset(RATE_SIGNS.values())
_ALSO_REMARKS = frozenset({"年", "月", "週", "季", "日", "度", "時", "次", "名", "位"})
_SYNONYMS = {"圓": "元", "人口": "人", "天": "日", "噸": "公噸"}  # other words for a base unit
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"萬": 10**4, "億": 10**8}
_LEADING_NUMBER = re.compile(r"([1-9][0-9]{0,11}(?:,[0-9]{3})*)(?=[^0-9,.])")
_CHINESE_SCALE = re.compile(r"[十拾百佰千仟]?[萬億]|[十拾百佰千仟]")
_CURRENCY_PREFIX = re.compile(r"^新[臺台]幣(?=.)")

Dimensions = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """The measure of a figure: powers of base units, and the factor to them."""

    dims: Dimensions = ()
    scale: Fraction = Fraction(1)

    def times(self, other: Measure) -> Measure:
        """Return the measure of a product."""
        return Measure(_combine_powers(self.dims, other.dims, 1), self.scale * other.scale)

    def per(self, other: Measure) -> Measure:
        """Return the measure of a quotient."""
        return Measure(_combine_powers(self.dims, other.dims, -1), self.scale / other.scale)

    @property
    def bases(self) -> str:
        """The base units in words, ``元/人``; 倍 if none is left."""
        over = "·".join(base for base, power in self.dims for _ in range(power))
        under = "".join(f"/{base}" for base, power in self.dims for _ in range(-power))
        return f"{over or '1'}{under}" if self.dims else "倍"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, and its measure."""

    text: str
    measure: Measure

    @property
    def per(self) -> int:
        """The factor of a value when it is shown: 100 for %, 1,000 for ‰, else 1.

        A value in % or ‰ is a ratio: 0.0083 is shown as 8.3 ‰.
        """
        scale = self.measure.scale  # compared by its parts: the hash of a fraction is slow
        is_rate = scale.numerator == 1 and scale.denominator in _RATE_FACTORS
        return scale.denominator if is_rate and not self.measure.dims else 1

    @property
    def is_rate(self) -> bool:
        """True if a value in it is a ratio that is shown multiplied: %, 百分點, ‰, ‱."""
        return self.per != 1

    @property
    def sign(self) -> str:
        """The sign that is always printed with its figure: %, ‰ or ‱; empty for other units."""
        sign = name_key(self.text)
        return sign if sign in RATE_SIGNS else ""

    @property
    def points(self) -> str:
        """The unit of a difference of two values: 百分點 for %, else the unit itself."""
        return _POINT_UNITS.get(self.per, self.text)

    def default_places(self, shown: Fraction) -> int:
        """Return the decimal places for a KPI that states none.

        2 for %, ‰ and their like, 0 for whole figures, else 2.
        """
        return 2 if self.is_rate or shown.denominator != 1 else 0


@lru_cache(maxsize=1024)
def parse_unit(text: str, bases: frozenset[str] = frozenset()) -> Unit | None:
    """Return the unit that a text states; None for a blank one. Never raises.

    Any word is a unit: one that is not known is its own base unit, with the scale 1.
    ``bases`` are further base units before which a Chinese scale counts.
    """
    numerator, *denominators = name_key(text).split("/")
    measure = _parse_part(numerator, bases)
    for part in denominators:
        measure = measure.per(_parse_part(part.removeprefix("每"), bases))
    if not name_key(text).replace("/", ""):
        return None
    return Unit(text.strip(), measure)


def is_unit_text(text: str, *, is_inside: bool = False) -> bool:
    """Return whether a text in brackets is a usual unit: 千元, 人/戶; not 104年, nor 月.

    ``is_inside``: it stands within the calculation, where 月 and 次 are units as well.
    """
    unit, key = parse_unit(text), name_key(text)
    if unit is None or key[:1].isdigit() or (key in _ALSO_REMARKS and not is_inside):
        return False
    return all(base in COMMON_BASES for base, _ in unit.measure.dims)


def bases_of(texts: frozenset[str]) -> frozenset[str]:
    """Return the parts of these unit texts as base units before which a scale may stand.

    So 萬用卡數/每戶 gives 萬用卡 and 戶; a scale is not split off.
    """
    parts = (part for text in texts for part in name_key(text).split("/"))
    return frozenset(_base_unit(part.removeprefix("每")) for part in parts if part)


def _parse_part(text: str, bases: frozenset[str]) -> Measure:
    """Return the measure of one factor of a unit: its base and its scale, such as 千元 or 萬人.

    A word that is not known is a base unit of its own.
    """
    if not text:
        return Measure()
    text = _CURRENCY_PREFIX.sub("", text)
    scale = Fraction(1)
    if digits := _LEADING_NUMBER.match(text):
        scale, text = Fraction(digits[1].replace(",", "")), text[digits.end() :]
    if ratio := _RATIO_UNITS.get(text):
        return Measure((), scale * ratio)
    chinese_scale = leading_scale(text)
    base_text = text.removeprefix(chinese_scale)
    if chinese_scale and _base_unit(base_text) in COMMON_BASES | bases:
        scale, text = scale * scale_of(chinese_scale), base_text
    return Measure(((_base_unit(text), 1),), scale)


def _base_unit(text: str) -> str:
    """Return a unit without a currency prefix and 數, in its common spelling."""
    text = _CURRENCY_PREFIX.sub("", text)
    text = text.removesuffix("數") or text
    return _SYNONYMS.get(text, text)


def leading_scale(text: str) -> str:
    """Return the Chinese scale that a text begins with, such as 千萬; "" without one."""
    match = _CHINESE_SCALE.match(text)
    return match[0] if match else ""


def scale_of(text: str) -> int:
    """Return the factor of a Chinese scale: 十萬 is 100,000; 1 for an empty text.

    Raises KeyError for another character.
    """
    factor = 1
    for char in text:
        factor *= _TENS.get(char) or _MYRIADS[char]
    return factor


def _combine_powers(left: Dimensions, right: Dimensions, sign: int) -> Dimensions:
    """Return the dimensions of ``left`` × ``right`` (sign 1) or ``left`` ÷ ``right`` (sign -1)."""
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))
