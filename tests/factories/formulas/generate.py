"""Formulas in every habit of writing, with the figures that they name.

A :class:`World` is the rows of a workbook; :func:`cases` writes formulas over it. Each formula
is built as a tree first, so that it is legal, and then typed as somebody would type it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Final

from tests.factories.formulas.independent import Figures, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Case:
    """A formula, the name of its KPI, and the habits that it shows."""

    text: str
    title: str
    habits: frozenset[str]


@dataclass(frozen=True, eq=False)
class World:
    """The rows of one workbook, and the names by their kind."""

    figures: Figures
    names: dict[str, tuple[str, ...]]
    units: dict[str, str]


_NAMES: Final = {
    "count": (
        *("完成件數", "應完成件數", "抽驗件數", "不合格件數", "甲(乙)類數", "受理件數", "結案件數"),
        *("國際講座、研討會或國際交流次數", "滿1,000人次場次", "辦理場次數", "再申訴件數"),
    ),
    "people": (
        *("0-14歲人口數", "15-64歲人口數", "65歲以上人數", "65歲以上人口數", "人口數"),
        *("達90%以上人數", "年中人口數", "失業者", "勞動力", "參加人數", "加班人數"),
    ),
    "money": ("實支數", "應付未付數", "預算數", "資本門決算數", "補助及捐助金額", "減免金額"),
    "length": ("自行車道長度(公里)", "步道長度(公里)"),
    "days": ("當月(年)日數", "工作日數"),
    "weight": ("垃圾量", "資源回收量", "x光片重量"),
    "level": ("PM2.5年平均濃度", "基準年濃度"),
    "score": ("門診得分", "住院得分", "急診得分"),
    "percent": ("門診滿意度", "住院滿意度", "急診滿意度", "占床率"),
    "permille": ("自然增加率", "社會增加率"),
    "budget": ("資本門實支數", "資本門賸餘數", "資本門預算數"),
    "round": ("各場次分數", "各場次人次"),
}
_UNITS: Final = {
    "count": ("件",),
    "people": ("人", "人", "人", "千人", "萬人"),
    "money": ("元", "千元", "千元", "百萬元", "億元"),
    "length": ("公里",),
    "days": ("日",),
    "weight": ("公斤",),
    "level": ("μg/m3",),
    "score": ("分",),
    "percent": ("%",),
    "permille": ("‰",),
    "budget": ("千元",),
    "round": ("分",),
}
_PARTS: Final = {"budget": ("原預算", "併決算", "保留數"), "round": ("第一場", "第二場", "第三場")}
_TITLES: Final = ("達成率", "每年服務量", "施政滿意度", "老化指數", "平均每人經費", "PM2.5改善情形")


def world(seed: int) -> World:
    """Return the rows of one workbook."""
    random = Random(seed)
    rows: list[Row] = []
    units: dict[str, str] = {}
    for kind, names in _NAMES.items():
        for name in names:
            units[name] = random.choice(_UNITS[kind])
            for part in _PARTS.get(kind, ("",)):
                value, last = _figure(random, kind), _figure(random, kind)
                rows.append(Row(name, part, units[name], value, last))
    random.shuffle(rows)
    return World(Figures(tuple(rows)), _NAMES, units)


def _figure(random: Random, kind: str) -> Fraction:
    if random.random() < 0.02:
        return Fraction(0)
    if kind == "percent":
        return Fraction(random.randint(1, 10000), 100)
    if kind == "permille":
        return Fraction(random.randint(-3000, 3000), 100)
    if kind in ("level", "score", "length", "weight"):
        return Fraction(random.randint(1, 100_000), 100)
    return Fraction(random.randint(1, 10 ** random.randint(1, 6)))


# --- trees -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaf:
    """A name or number as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Two sides of a sign."""

    sign: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Held:
    """A tree in brackets, with what may stand before them."""

    inner: Tree
    before: str = ""


Tree = Leaf | Joined | Held

_RANKS: Final = {"+": 1, "-": 1, "×": 2, "÷": 2}
_TYPED: Final = {
    "+": ("+", "+", "＋", "﹢"),
    "-": ("-", "-", "－", "−", "–", "—"),
    "×": ("×", "×", "*", "＊"),
    "÷": ("÷", "÷", "/", "／", "∕", "╱", "⁄"),
}
_LETTERS: Final = ("x", "X", "Ｘ", "✕", "╳", "·", "⋅", "∙")
_WORDS: Final = {"+": ("加", "加上"), "-": ("減", "減去"), "×": ("乘以",), "÷": ("除以",)}
_BRACKETS: Final = ("()", "()", "（）", "[]", "［］", "【】", "〔〕", "{}", "﹙﹚", "〈〉")
_GREATER: Final = ("≥", "≧", ">=", "＞＝", "> =")
_LESS: Final = ("≤", "≦", "<=", "＜＝")


class Writer:
    """Writes one formula."""

    def __init__(self, random: Random, given: World) -> None:
        self.random, self.world = random, given
        self.habits: set[str] = set()
        self.title = random.choice(_TITLES)
        self.wide = random.random() < 0.3
        self.loose = random.random() < 0.3
        self.lines = random.random() < 0.05
        self.hundreds = True  # whether 100% may stand in the ratio
        self.unit = ""  # what a bare threshold counts

    def chance(self, share: float, habit: str = "") -> bool:
        """Decide; a habit that is chosen is noted, one that is known to differ is not chosen."""
        if self.random.random() >= share:
            return False
        if habit:
            self.habits.add(habit)
        return True

    def one(self, among: Sequence[str], habit: str = "") -> str:
        if habit:
            self.habits.add(habit)
        return self.random.choice(among)

    # --- leaves

    def items(self, kind: str, count: int, *, same_unit: bool = False) -> list[str]:
        names = list(self.world.names[kind])
        if same_unit:
            unit = self.world.units[self.random.choice(names)]
            names = [name for name in names if self.world.units[name] == unit]
        return [self.random.choice(names) for _ in range(count)]

    def item(self, name: str) -> Leaf:
        if any(char in name for char in "-().、,%"):
            self.habits.add("sign in a name")
        if self.chance(0.04, "this year"):
            return Leaf(self.one(("本年度", "當年度")) + name)
        if self.chance(0.05, "year before"):
            return Leaf(self.one(("上年度", "前一年度", "去年")) + name)
        return Leaf(name)

    def number(self, value: int) -> Leaf:
        text = str(value)
        if value >= 1000 and self.chance(0.6, "comma in a number"):
            text = f"{value:,}"
        elif value in (1000, 10_000, 100_000, 1_000_000) and self.chance(0.4, "scale"):
            text = {1000: "1千", 10_000: "1萬", 100_000: "10萬", 1_000_000: "1百萬"}[value]
        elif value in (1000, 10_000, 100_000, 1_000_000) and self.chance(0.4, "power"):
            exponent = len(str(value)) - 1
            text = self.one((f"10^{exponent}", "10" + _raised(exponent)))
        if self.wide and "^" not in text and self.chance(0.7, "wide number"):
            text = _widened(text)
        return Leaf(text)

    # --- typing

    def typed(self, tree: Tree, rank: int = 0, words: bool = False) -> str:
        if isinstance(tree, Leaf):
            return tree.text
        if isinstance(tree, Held):
            return tree.before + self.bracketed(self.typed(tree.inner))
        own = _RANKS[tree.sign]
        left = self.typed(tree.left, own, words)
        right = self.typed(tree.right, own + 1, words)
        before = self.space()
        if tree.sign in "÷/":  # a sum above a line that begins with ÷ is refused: is it a fraction?
            before = before.replace("\n", " ")
        text = f"{left}{before}{self.sign(tree.sign, right, words)}{self.space()}{right}"
        if own < rank or self.chance(0.03, "extra bracket"):
            return self.bracketed(text)
        return text

    def sign(self, sign: str, right: str, words: bool) -> str:
        if words:
            return self.one(_WORDS[sign], "words")
        if sign == "×" and (right[0].isdecimal() or right[0] in "(（[［【〔{"):
            if right[1:].strip().startswith("-") and not self.chance(1, "letter x before a sign"):
                return "×"
            alone = not self.lines or self.chance(1, "letter x in its own line")
            if alone and not self.names_begin(right) and self.chance(0.4, "letter x"):
                return self.random.choice(_LETTERS)
        return self.random.choice(_TYPED[sign])

    def names_begin(self, text: str) -> bool:
        """Whether a name stands at the front, be it one that begins with a digit."""
        return any(text.startswith(name) for names in self.world.names.values() for name in names)

    def bracketed(self, text: str) -> str:
        pair = self.random.choice(_BRACKETS)
        if pair not in ("()", "（）"):
            self.habits.add("other brackets")
        return pair[0] + self.space() + text + self.space() + pair[1]

    def space(self) -> str:
        if self.lines and self.chance(0.2, "line break"):
            return "\n"
        if self.loose and self.chance(0.5, "space"):
            return self.random.choice((" ", "\u3000", "  "))
        return ""

    # --- amounts and ratios

    def amount(self, kind: str, depth: int = 2, *, same_unit: bool = False) -> Tree:
        """Return a tree whose value is in the unit of its items."""
        count = self.random.choice((1, 1, 2, 3)) if depth else 1
        names = self.items(kind, count, same_unit=same_unit)
        tree: Tree = self.item(names[0])
        for name in names[1:]:
            tree = Joined(self.random.choice("++-"), tree, self.item(name))
        if depth and self.chance(0.1, "number as a factor"):
            factor = self.random.choice(
                (Leaf("2"), Leaf("0.5"), Leaf("1.25"), Leaf("50%"), Leaf("1.5千"))
            )
            tree = Joined("×", tree, factor)
        elif depth and self.chance(0.05, "negative"):
            tree = Joined("×", tree, Leaf("(-1)"))
        return tree

    def quotient(self, depth: int = 2, *, rate: bool = True) -> Tree:
        kinds: tuple[str, ...] = ("count", "people", "people", "money", "length", "weight")
        if not rate and not self.chance(0.3, "quotient of scales"):
            kinds = ("count", "length", "weight")
        kind = self.random.choice(kinds)
        below = self.amount(kind, depth)
        if self.chance(0.08, "constant with a unit"):
            below = Joined("×", below, Leaf(self.one(("365天", "12個月", "52週"))))
        return Joined("÷", self.amount(kind, depth), below)

    def growth(self) -> Tree:
        kind = self.random.choice(("count", "people", "money", "level"))
        (name,) = self.items(kind, 1)
        before = Leaf(self.one(("上年度", "前一年度", "去年"), "year before") + name)
        now = Leaf(self.one(("", "本年度", "當年度"), "this year") + name)
        if self.chance(0.3):
            return Joined("-", Joined("÷", now, before), Leaf("1"))
        return Joined("÷", Joined("-", now, before), before)

    def ratio(self) -> Tree:
        form = self.random.randrange(8)
        if form == 0:
            scales = self.chance(1, "1 beside a quotient of scales")
            return Joined("-", Leaf("1"), self.quotient(rate=scales))
        if form == 1 and (self.hundreds or self.chance(1, "100% beside ×1000‰")):
            return Joined("-", Leaf("100%"), self.quotient())
        if form == 2:
            self.habits.add("weights")
            first = Joined("×", self.quotient(1), Leaf("40%"))
            return Joined("+", first, Joined("×", self.quotient(1), Leaf("60%")))
        if form == 3:
            return Joined("÷", Joined("+", self.quotient(1), self.quotient(1)), Leaf("2"))
        if form == 4:
            return self.growth()
        return self.quotient()

    # --- what stands around the expression

    def with_unit(self, text: str, unit: str) -> str:
        """Type a unit behind the formula."""
        self.unit = unit
        ends_in_number = text.rstrip()[-1].isdecimal() or "threshold" in self.habits
        known: dict[str, tuple[str, ...]] = {
            "%": ("%", "％", "﹪", "百分比", " %"),
            "‰": ("‰",),
        }
        spellings = known.get(unit, (unit, unit.replace("/", "／"), f"{unit} "))
        spelled = self.one(spellings)
        form = self.random.randrange(10)
        if form == 0:
            self.habits.add("unit behind a comma")
            return f"{text}{self.one('，,；')}單位：{spelled.strip()}"
        if form == 1 and (not ends_in_number or self.chance(1, "number before a spaced unit")):
            self.habits.add("unit behind a space")
            return f"{text}{self.one((' ', chr(0x3000)))}單位:{spelled.strip()}"
        if form == 2 and unit in "%‰":
            self.habits.add("bare unit")
            return text + self.one((f"({unit})", f"（{unit}）", f" ({unit})"))
        self.habits.add("unit in a bracket")
        stop = self.one(("", "", "", "。"))
        colon = self.one(("：", ":", ": ", " ： "))
        clause = self.one(("(單位{}{})", "（單位{}{}）", " (單位{}{})")).format(colon, spelled)
        return text + stop + clause

    def rate(self) -> str:
        """Type a ratio so that it is a rate, in one of the ways to say so."""
        forms = (
            self.rate_says_itself,
            self.rate_says_itself,
            self.rate_says_itself,
            self.rate_of_thousand,
            self.rate_stated,
            self.rate_stated,
            self.rate_stated,
            self.rate_stated,
            self.rate_by_caption,
            self.rate_by_title,
            self.rate_against_unit,
            self.no_rate,
        )
        return self.random.choice(forms)()

    def rate_of_thousand(self) -> str:
        self.habits.add("permille says itself")
        self.hundreds = False
        return self.typed(Joined("×", self.ratio(), self.thousand()))

    def rate_stated(self) -> str:
        tree = self.ratio()
        habit = self.one(
            (
                "bare 1000 with unit ‰",
                "bare 100 with unit %",
                "ratio with unit %",
                "100% with unit %",
            )
        )
        self.habits.add(habit)
        if habit == "bare 1000 with unit ‰":
            return self.with_unit(self.typed(Joined("×", tree, self.number(1000))), "‰")
        if habit == "bare 100 with unit %":
            return self.with_unit(self.hundred_of(tree), "%")
        if habit == "100% with unit %":
            tree = Joined("×", tree, self.hundred())
        return self.with_unit(self.typed(tree), "%")

    def rate_against_unit(self) -> str:
        self.habits.add("100% against the unit")
        text = self.typed(Joined("×", self.ratio(), self.hundred()))
        return f"{text}(單位：{self.one(('場數', '案數', '件'))})"

    def no_rate(self) -> str:
        self.habits.add("no unit")
        tree = self.quotient(rate=False)
        return self.typed(Joined("×", tree, self.number(100)) if self.chance(0.5) else tree)

    def rate_says_itself(self) -> str:
        tree = self.ratio()
        self.habits.add("100% says itself")
        self.unit = "%"
        if self.chance(0.15, "100% in front"):
            return self.typed(Joined("×", self.hundred(), Held(tree)))
        return self.typed(Joined("×", tree, self.hundred()))

    def rate_by_caption(self) -> str:
        tree = self.ratio()
        self.habits.add("unit in the caption")
        self.unit = "%"
        factor = self.random.choice((self.hundred(), Leaf("100")))
        caption = (
            f"{self.title}{self.one(('(%)', '（%）', '（單位：%）'))}{self.one(('=', '＝', ' = '))}"
        )
        return caption + self.typed(Joined("×", tree, factor))

    def rate_by_title(self) -> str:
        tree = self.ratio()
        self.habits.add("unit in the title")
        self.unit = "%"
        self.title += self.one(("(%)", "（％）"))
        factor = self.random.choice((self.hundred(), Leaf("100")))
        return self.typed(Joined("×", tree, factor))

    def hundred_of(self, tree: Tree) -> str:
        """Type a bare 100: behind, in front, in the middle, in each term."""
        hundred = Leaf(self.one(("100", "100", "１００")))
        if isinstance(tree, Joined) and tree.sign == "÷" and self.chance(0.3):
            return self.typed(Joined("÷", Joined("×", tree.left, hundred), tree.right))
        if self.chance(0.25, "bare numbers beside a bare 100"):
            return self.typed(Joined("-", Joined("×", self.quotient(), hundred), Leaf("100")))
        if self.chance(0.5, "bare 100 in each term"):
            first = Joined("×", self.quotient(1), hundred)
            return self.typed(Joined("-", first, Joined("×", self.quotient(1), hundred)))
        if self.chance(0.1, "bare 100 in a bracket"):
            first = Joined("×", self.quotient(1), hundred)
            both = Joined("+", first, Joined("×", self.quotient(1), hundred))
            return self.typed(Joined("÷", both, Leaf("2")))
        return self.typed(Joined("×", tree, hundred))

    def hundred(self) -> Leaf:
        return Leaf(self.one(("100%", "100%", "100％", "１００％", "100﹪", "100 %")))

    def thousand(self) -> Leaf:
        return Leaf(self.one(("1000‰", "1,000‰", "１０００‰")))

    def captioned(self, text: str) -> str:
        if self.chance(0.08, "label before the formula"):
            return self.one(("計算公式：", "公式:", "計算公式：\n", "計算方式：")) + text
        if not text.startswith(self.title) and self.chance(0.12, "name before the formula"):
            return f"{self.title}{self.one(('=', '＝', ' = ', '：', ':'))}{text}"
        return text

    def threshold(self, text: str, *, right: str = "") -> str:
        """Set a threshold behind the expression and before its unit."""
        self.habits.add("threshold")
        if right:
            self.habits.add("threshold is an expression")
            return f"{text}{self.one(_GREATER + _LESS)}{right}"
        number = self.one(("80", "95.5", "3", "100", "1,200"))
        rate = self.unit in ("%", "‰") and self.chance(0.6, "threshold in %")
        unit = self.unit if rate else ""
        worded = not text[-1].isdecimal() or self.chance(1, "number before words")
        if worded and self.chance(0.5, "threshold in words"):
            if unit == "" and self.unit not in ("%", "‰") and self.chance(0.4):
                unit = self.unit if self.unit in ("件", "人") else ""
            wording = self.one(
                (
                    "達{}以上",
                    "達{}",
                    "不低於{}",
                    "不超過{}",
                    "至少{}",
                    "達{}（含）以上",
                    "， 達{}以上",
                    "， {}以上",
                    "， {}以下",
                )
            )
            return text + wording.format(number + unit)
        self.habits.add("comparison")
        relation = self.one((*_GREATER, *_LESS, ">", "<", "＞", "＜"))
        return f"{text}{self.space()}{relation}{self.space()}{number}{unit}"

    def noted(self, text: str) -> str:
        if self.chance(0.06, "rounding note"):
            text += self.one(("(四捨五入至小數點第1位)", "（計算至小數點第2位，第3位四捨五入）"))
        if self.chance(0.08, "note without effect"):
            text += self.one(
                ("（不含撤回案件）", "(註：以每年10月底資料為準)", "（含已核定未執行者）")
            )
        if self.chance(0.1, "full stop"):
            text += "。"
        return text

    def ended(self, text: str, unit: str) -> str:
        """Type what may stand behind an expression."""
        self.unit = unit
        if self.chance(0.2):
            text = self.threshold(text)
        if unit and self.chance(0.85):
            text = self.with_unit(text, unit)
        return text


def _raised(exponent: int) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(exponent))


def _widened(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


# --- forms of formulas -------------------------------------------------------------------


def _rate(writer: Writer) -> str:
    text = writer.captioned(writer.rate())
    stated = bool(writer.habits & {"bare unit", "unit in a bracket"})
    stated = stated and not writer.chance(1, "comparison behind a unit")
    if "單位" not in text and not stated and writer.chance(0.25):
        text = writer.threshold(text)
    return writer.noted(text)


def _judged_rate(writer: Writer) -> str:
    tree = writer.ratio()
    text = writer.typed(Joined("×", tree, writer.hundred()) if writer.chance(0.5) else tree)
    writer.unit = "%"
    if writer.chance(0.15):
        right = writer.typed(writer.quotient(1))
        text = writer.threshold(text, right=right)
    else:
        text = writer.threshold(text)
    return writer.with_unit(writer.captioned(text), "%")


def _count(writer: Writer) -> str:
    kind, unit = writer.random.choice((("count", "件"), ("length", "公里"), ("weight", "公斤")))
    text = writer.typed(writer.amount(kind, 3))
    if writer.chance(0.1):
        (name,) = writer.items(kind, 1)
        text = writer.threshold(text, right=writer.typed(Joined("×", Leaf(name), Leaf("95%"))))
        return writer.noted(writer.with_unit(text, unit))
    return writer.noted(writer.captioned(writer.ended(text, unit)))


def _money(writer: Writer) -> str:
    writer.habits.add("scales of units")
    tree = writer.amount("money", 3)
    if writer.chance(0.3) or writer.unit:
        return writer.noted(writer.typed(tree))
    return writer.noted(writer.with_unit(writer.typed(tree), writer.one(_UNITS["money"])))


_COMPOUND: Final = (
    ("money", "people", "千元/人"),
    ("money", "people", "元/人"),
    ("money", "people", "萬元/千人"),
    ("count", "people", "件/十萬人"),
    ("count", "people", "件/10萬人"),
    ("count", "people", "件/十萬人口"),
    ("weight", "people", "公斤/萬人"),
    ("people", "people", "人/千人"),
    ("count", "days", "件/日"),
)


def _compound(writer: Writer) -> str:
    writer.habits.add("compound unit")
    above, below, unit = writer.random.choice(_COMPOUND)
    tree = Joined("÷", writer.amount(above, 1), writer.amount(below, 1))
    text = writer.typed(tree)
    if above == below:  # without its unit it is a quotient of scales
        return writer.noted(writer.captioned(writer.with_unit(text, unit)))
    return writer.noted(writer.captioned(writer.ended(text, unit)))


def _converted(writer: Writer) -> str:
    """A formula that multiplies by the factor of its unit itself."""
    above, unit, factor = writer.random.choice(
        (
            ("count", "件/十萬人", 100_000),
            ("weight", "公斤/萬人", 10_000),
            ("count", "件/千人", 1000),
            ("count", "件/百萬人", 1_000_000),
        )
    )
    people = [name for name in writer.world.names["people"] if writer.world.units[name] == "人"]
    if not people:
        return _compound(writer)
    writer.habits.add("converts itself")
    below = Leaf(writer.random.choice(people))
    tree = Joined("×", Joined("÷", writer.amount(above, 1), below), writer.number(factor))
    text = writer.typed(tree)
    return writer.noted(
        writer.captioned(writer.with_unit(text, unit) if writer.chance(0.7) else text)
    )


def _percent(writer: Writer) -> str:
    writer.habits.add("items in %")
    form = writer.random.randrange(8)
    if form < 4:
        return _percent_counted(writer, form)
    first, second, _ = (writer.item(name) for name in writer.items("percent", 3))
    if form == 4:
        return _share_as_factor(writer, first)
    if form == 5:
        writer.habits.add("quotient of items in %")
        return writer.typed(Joined("×", Joined("÷", first, second), writer.hundred()))
    if form == 6:
        writer.habits.add("the rest of an item in %")
        whole = "1" if writer.chance(0.5, "1 less an item in %") else "100%"
        rest = Joined("-", Leaf(whole), first)
        return writer.typed(Joined("×", rest, writer.hundred()) if writer.chance(0.5) else rest)
    writer.habits.add("product of items in %")
    return writer.with_unit(writer.typed(Joined("×", first, second)), "%")


def _percent_counted(writer: Writer, form: int) -> str:
    """Type a sum or mean of items in %."""
    names = writer.items("percent", 3)
    first, second, third = (writer.item(name) for name in names)
    unit = writer.chance(0.5)
    if form == 0:
        tree: Tree = Joined("÷", Joined("+", Joined("+", first, second), third), Leaf("3"))
    elif form == 1:
        weights = writer.random.choice((("40%", "60%"), ("0.5", "0.5")))
        sides = [
            Joined("×", leaf, Leaf(weight))
            for leaf, weight in zip((first, second), weights, strict=True)
        ]
        tree = Joined("+", *sides)
    elif form == 2:
        writer.habits.add("year before")
        text = writer.typed(Joined("-", Leaf(names[0]), Leaf("上年度" + names[0])))
        return text + (f"（單位：{writer.one(('百分點', '%'))}）" if unit else "")
    else:
        tree = first
    text = writer.typed(tree)
    if unit:
        writer.unit = "%"
        text = writer.threshold(text) if writer.chance(0.2) else text
        text = writer.with_unit(text, "%")
    elif writer.chance(0.1, "comparison of items in %"):
        text += writer.one(_GREATER) + "80%"
    return writer.noted(writer.captioned(text))


def _share_as_factor(writer: Writer, share: Leaf) -> str:
    writer.habits.add("item in % as a factor")
    kind, unit = writer.random.choice((("count", "件"), ("weight", "公斤"), ("length", "公里")))
    (name,) = writer.items(kind, 1)
    text = writer.typed(Joined("×", Leaf(name), share))
    return writer.with_unit(text, unit) if writer.chance(0.5) else text


def _permille(writer: Writer) -> str:
    writer.habits.add("items in ‰")
    names = writer.world.names["permille"]
    tree = Joined(writer.random.choice("+-"), writer.item(names[0]), writer.item(names[1]))
    text = writer.captioned(writer.typed(tree))
    return writer.with_unit(text, "‰") if writer.chance(0.5) else text


def _mean(writer: Writer) -> str:
    writer.habits.add("mean")
    kind, unit = writer.random.choice((("score", "分"), ("percent", "%"), ("length", "公里")))
    names = writer.random.sample(writer.world.names[kind], 2)
    if kind != "length" and writer.chance(0.5):
        names.append(writer.items(kind, 1)[0])
    separated = _listed(writer, names)
    text = f"平均{writer.one(('({})', '（{}）', '【{}】')).format(separated)}"
    return writer.noted(writer.captioned(writer.ended(text, unit)))


def _listed(writer: Writer, names: Sequence[str]) -> str:
    spoken = not names[-1].startswith("占") or writer.chance(1, "占 behind 及")
    if len(names) > 2 and spoken and writer.chance(0.4):
        return f"{'、'.join(names[:-1])}{writer.one(('及', '與', '和'))}{names[-1]}"
    return "、".join(names)


def _total(writer: Writer) -> str:
    if not writer.chance(1, "total of a list"):
        return _sum(writer)
    kind, unit = writer.random.choice((("score", "分"), ("count", "件")))
    names = list(dict.fromkeys(writer.items(kind, 4)))
    if len(names) < 2:
        return _sum(writer)
    return writer.noted(writer.captioned(writer.ended(_listed(writer, names) + "合計", unit)))


def _sum(writer: Writer) -> str:
    writer.habits.add("sum over components")
    first, second = writer.world.names["round"]
    form = writer.random.randrange(5)
    if form == 0:
        text = f"{writer.one('Σ∑')}{first}"
    elif form == 1:
        text = (
            f"{writer.one('Σ∑')}{writer.bracketed(first + '×' + second)}÷{writer.one('Σ∑')}{second}"
        )
    elif form == 2:
        text = f"{writer.one('Σ∑')}{writer.bracketed(first)}/{writer.items('count', 1)[0]}"
    elif form == 3:
        text = f"{first}合計÷{writer.items('count', 1)[0]}"
    else:
        text = f"{writer.one('Σ∑')}{writer.bracketed(first + '－' + second)}"
    return writer.noted(writer.captioned(text))


def _budget(writer: Writer) -> str:
    writer.habits.add("components named")
    names = writer.world.names["budget"]
    parts = writer.random.sample(_PARTS["budget"], writer.random.randint(1, 3))
    listed = _listed(writer, parts) if len(parts) != 2 else "及".join(parts)
    sums = Joined(writer.random.choice("+-"), Leaf(names[0]), Leaf(names[1]))
    tree = Joined("×", Joined("÷", sums, Leaf(names[2])), writer.hundred())
    note = writer.one(("（以上各數均含{}）", " (以上各數均含{})")).format(listed)
    unit = writer.one(("", "（單位：%）", " (單位: %)"))
    return writer.captioned(writer.typed(tree)) + note + unit


def _fraction(writer: Writer) -> str:
    writer.habits.add("分子 and 分母")
    form = writer.random.randrange(3)
    scales = form < 2 or writer.chance(0.3, "quotient of scales")
    kind = writer.random.choice(("count", "people", "money")) if scales else "count"
    above, below = (writer.typed(writer.amount(kind, 0)) for _ in range(2))
    colon = writer.one(("：", ":"))
    between = writer.one(("\n", "\n", "；"))
    text = f"分子{colon}{above}{between}分母{colon}{below}"
    if form == 0:
        return text + writer.one(("\n（單位：%）", "（單位：%）", "\n單位：％"))
    if form == 1:
        return text + between + writer.one(("計算公式：(分子/分母)x100%", "公式：分子÷分母×100%"))
    return text


def _share(writer: Writer) -> str:
    writer.habits.add("占…之比率")
    kind = writer.random.choice(("count", "people"))
    first, second = writer.items(kind, 2)
    ends = ("之比率", "之百分比", "的比率", "之比例", "的百分比", "之千分比")
    text = f"{first}{writer.one('占佔')}{second}{writer.one(ends)}"
    return writer.noted(writer.captioned(text))


def _worded(writer: Writer) -> str:
    first, second = writer.items("count", 2)
    third = writer.items("people", 1)[0]
    form = writer.random.randrange(4)
    if form == 0:
        tree = Joined("÷", Leaf(first), Leaf(second))
        return writer.noted(writer.typed(Joined("×", tree, writer.hundred()), words=True))
    if form == 1:
        tree = Joined(writer.random.choice("+-"), Leaf(first), Leaf(second))
        return writer.noted(writer.ended(writer.typed(tree, words=True), "件"))
    writer.habits.add("再")
    comma = writer.one(("，", ",", "，"))
    if form == 2:
        tree = Joined(writer.random.choice("+-"), Leaf(first), Leaf(second))
        return writer.noted(f"{writer.typed(tree, words=True)}{comma}再除以{third}")
    tree = Joined("÷", Leaf(first), Leaf(second))
    factor = writer.typed(writer.number(writer.random.choice((1000, 10_000, 100_000))))
    return writer.noted(f"{writer.typed(tree, words=True)}{comma}再乘以{factor}")


def _legend(writer: Writer) -> str:
    writer.habits.add("legend")
    kind = writer.random.choice(("count", "people"))
    names = writer.items(kind, 3)
    letters = "ABC"
    form = writer.random.randrange(3)
    a, b, c = map(Leaf, letters)
    tree: Tree = Joined("÷", a, b)
    if form == 0:
        tree = Joined("÷", Joined(writer.random.choice("+-"), a, c), b)
    elif form == 1:
        tree = Joined("÷", a, Joined("+", b, c))
    used = letters if form < 2 else "AB"
    text = writer.typed(Joined("×", tree, writer.hundred()))
    sign = writer.one(("：", ":", "=", "＝"))
    bound = [f"{letter}{sign}{name}" for letter, name in zip(used, names, strict=False)]
    if writer.chance(0.4, "legend in lines"):
        return text.replace("\n", "") + "\n" + "\n".join(bound)
    between = writer.one(("；", ";", "，"))
    return text + writer.one(("（{}）", "({})", " ({})")).format(between.join(bound))


def _labels(writer: Writer) -> str:
    writer.habits.add("labels")
    first, second = writer.items("count", 2)
    if first == second:
        return _share(writer)
    text = f"{first}(A){writer.one(_TYPED['÷'])}{second}(B)"
    return writer.captioned(text + writer.one(("×100%", "*100%", "")))


_FORMS: Final[tuple[tuple[Callable[[Writer], str], int], ...]] = (
    (_rate, 14),
    (_judged_rate, 5),
    (_count, 6),
    (_money, 4),
    (_compound, 6),
    (_converted, 3),
    (_percent, 6),
    (_permille, 1),
    (_mean, 3),
    (_total, 2),
    (_sum, 3),
    (_budget, 3),
    (_fraction, 3),
    (_share, 2),
    (_worded, 4),
    (_legend, 3),
    (_labels, 2),
)


def case(random: Random, given: World) -> Case:
    """Return one formula over the rows of a workbook."""
    forms, weights = zip(*_FORMS, strict=True)
    writer = Writer(random, given)
    (form,) = random.choices(forms, weights)
    text = form(writer)
    return Case(text, writer.title, frozenset(writer.habits))


def cases(count: int, *, seed: int = 0, each: int = 25) -> Iterator[tuple[World, tuple[Case, ...]]]:
    """Return ``count`` formulas, ``each`` over the same rows."""
    for start in range(0, count, each):
        given, random = world(seed + start), Random(seed + start)
        yield given, tuple(case(random, given) for _ in range(min(each, count - start)))
