"""A second reading of the formula language, to be compared with the program's.

Written from the description of the language, not from the program: regular expressions for the
tokens, a shunting-yard for the order of operations, fractions with their units for the value.
It reads legal formulas only, and says nothing about doubts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Row:
    """A row of 年度資料 with its figures of this year and of the year before."""

    item: str
    component: str
    unit: str
    value: Fraction
    last: Fraction


@dataclass(frozen=True, eq=False)
class Figures:
    """The rows that a formula may name."""

    rows: tuple[Row, ...]


Reading = tuple[Fraction | None, int, bool | None]

# --- characters ----------------------------------------------------------------------

_SUPERSCRIPTS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("[{【〔〈", "("),
        **dict.fromkeys("]}】〕〉", ")"),
        **dict.fromkeys("−–—", "-"),
        **dict.fromkeys("÷∕╱⁄", "/"),
        **dict.fromkeys("≧", "≥"),
        **dict.fromkeys("≦", "≤"),
        "∑": "Σ",
        "佔": "占",
    }
)


def folded(text: str) -> str:
    """Return the text with one character for every way to write it."""
    text = re.sub(
        f"[{_SUPERSCRIPTS}]+",
        lambda found: "^" + "".join(str(_SUPERSCRIPTS.index(char)) for char in found[0]),
        text,
    )
    text = unicodedata.normalize("NFKC", text).translate(_SAME)
    text = re.sub(r">\s*=", "≥", text)
    return re.sub(r"<\s*=", "≤", text)


def _key(text: str) -> str:
    return re.sub(r"\s", "", folded(text)).casefold()


# --- the tree --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: ``100`` with the sign ``%`` is 1."""

    written: Fraction
    sign: str = ""

    @property
    def value(self) -> Fraction:
        """What it is worth."""
        return self.written / {"": 1, "%": 100, "‰": 1000}[self.sign]


@dataclass(frozen=True, slots=True)
class Item:
    """A figure by its key, of this year or of the year before."""

    key: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """Two sides and what is done with them."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Total:
    """The sum over the components of what it holds."""

    inner: Node


Node = Number | Item | Operation | Total


@dataclass(slots=True)
class Parsed:
    """What a text says."""

    left: Node = field(default_factory=lambda: Number(Fraction(0)))
    relation: str = ""
    right: Node | None = None
    unit: str = ""
    components: tuple[str, ...] = ()
    legend: dict[str, Node] = field(default_factory=dict)
    share: int = 1  # 100 where words say that it is a percentage


# --- tokens and their order -------------------------------------------------------------

_RANKS: Final = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3}
_SIGNS: Final = {
    r"[*×xX✕╳·⋅∙]": "*",
    r"/": "/",
    r"\+": "+",
    r"-": "-",
    r"除以": "/",
    r"乘以": "*",
    r"加上?": "+",
    r"減去?": "-",
}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000, "萬": 10**4, "億": 10**8}
_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_MEASURE: Final = re.compile(r"個月|小時|[天日月週季年]")
_UNIT: Final = re.compile(r"[,;。]?\s*單位\s*:\s*([^\s()。,;]+)")
_SHARE: Final = re.compile(r"[之的](比率|比例|百分比|千分比)")
_RELATION: Final = re.compile(r"[≥≤<>=]")
_WORDED: Final = re.compile(
    r"[,;]?\s*(?P<before>達到|達|至少|不低於|不少於|不超過|不高於|至多)?\s*"
    r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<sign>[%‰]?)(?P<unit>[^\W\d]{0,3}?)"
    r"(?:\(含\))?(?P<behind>以上|以下)?(?=[\s()。,;]|$)"
)
_AT_MOST: Final = ("不超過", "不高於", "至多")
_COMPONENTS: Final = re.compile(r"以上各數均含(.*)", re.DOTALL)
_LETTERS: Final = re.compile(r"(?:^|[;,\n])\s*([A-Z])\s*[:=]\s*(.*?)\s*(?=[;,\n]\s*[A-Z]\s*[:=]|$)")


@lru_cache(maxsize=64)
def _names(figures: Figures) -> re.Pattern[str]:
    """Return what finds the longest known name at a place."""
    keys = sorted({_key(row.item) for row in figures.rows}, key=len, reverse=True)
    spaced = [r"\s*".join(map(re.escape, key)) for key in keys]
    return re.compile("|".join(spaced), re.IGNORECASE)


class _Reader:
    """Reads a folded text from left to right, by shunting-yard."""

    def __init__(self, text: str, names: re.Pattern[str], parsed: Parsed) -> None:
        self.text, self.names, self.parsed = text, names, parsed
        self.place = 0
        self.values: list[Node] = []
        self.signs: list[str] = []
        self.counts: list[tuple[str, int]] = []  # open brackets: function, values before it

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        """Go on behind what matches here."""
        found = re.compile(pattern).match(self.text, self.place)
        if found:
            self.place = found.end()
        return found

    def side(self) -> Node:
        """Read up to the end, or up to a comparison."""
        self.values, self.signs, self.counts = [], [], []
        self.operand()
        while self.behind():
            self.operand()
        while self.signs:
            self.reduce()
        (value,) = self.values
        return value

    def operand(self) -> None:
        """Read what may stand before an operand, and the operand."""
        while True:
            self.take(r"\s+")
            if self.take(r"平均\s*\("):
                self.open("平均")
            elif self.take(r"Σ\s*\("):
                self.open("Σ")
            elif self.take(r"Σ"):
                self.signs.append("Σ")
            elif not self.names.match(self.text, self.place) and self.take(r"\("):
                self.open("")
            elif self.take(r"[+-]") and self.text[self.place - 1]:
                if self.text[self.place - 1] == "-":
                    self.signs.append("negative")
            else:
                break
        self.values.append(self.listed() or self.leaf())

    def listed(self) -> Node | None:
        """Read 甲、乙及丙合計 as the sum that it is."""
        start, found = self.place, self.take(self.names)
        items: list[Node] = [Item(_key(found[0]))] if found else []
        while found and self.take(r"\s*(?:以及|[、,及與和])\s*"):
            found = self.take(self.names)
            items += [Item(_key(found[0]))] if found else []
        if len(items) > 1 and self.take("合計"):
            return _summed(items)
        self.place = start
        return None

    def open(self, function: str) -> None:
        self.counts.append((function, len(self.values)))
        self.signs.append("(")

    def leaf(self) -> Node:
        if found := self.take(self.names):
            return Item(_key(found[0]))
        if self.take(r"上年度|前一年度|去年"):
            return self.dated(before=True)
        if self.take(r"本年度|當年度"):
            return self.dated(before=False)
        if found := self.take(r"[A-Z]|分子|分母"):
            return Item(found[0])
        return self.number()

    def dated(self, *, before: bool) -> Node:
        found = self.take(self.names)
        assert found, self.text[self.place :]
        return Item(_key(found[0]), before)

    def number(self) -> Number:
        found = self.take(_NUMBER)
        assert found, self.text[self.place :]
        value = Fraction(found[0].replace(",", ""))
        if found := self.take(r"\^(\d+)"):
            value **= int(found[1])
        while found := self.take("[十百千萬億]"):
            value *= _SCALES[found[0]]
        sign = self.take(r"\s*([%‰])")
        self.take(_MEASURE)
        return Number(value, sign[1] if sign else "")

    def behind(self) -> bool:
        """Read what stands behind an operand; whether another operand follows."""
        while True:
            self.take(r"\s+")
            if self.place == len(self.text):
                return False
            if self.closes() or self.words():
                continue
            if not self.counts and self.take(r"[,;]?\s*(?:其後|然後)?再(?=除以|乘以)"):
                self.apart()
            if self.counts and self.take(r"[、,及與和]"):
                self.flush()
                return True
            for pattern, sign in _SIGNS.items():
                if self.take(pattern):
                    self.push(sign)
                    return True
            if self.take(r"占"):
                self.push("/")
                return True
            if not self.clause():
                return False

    def closes(self) -> bool:
        if not self.counts or not self.take(r"\)"):
            return False
        self.flush()
        self.signs.pop()
        function, before = self.counts.pop()
        inner = self.values[before:]
        del self.values[before:]
        value = _summed(inner)
        if function == "平均":
            value = Operation("/", value, Number(Fraction(len(inner))))
        self.values.append(Total(value) if function == "Σ" else value)
        return True

    def words(self) -> bool:
        """Read words that end what stands before them."""
        if found := self.take(_SHARE):
            self.parsed.share = 1000 if found[1] == "千分比" else 100
            return True
        if self.take("合計"):
            self.values.append(Total(self.values.pop()))
            return True
        found = re.compile(r"\(\s*([A-Z])\s*\)").match(self.text, self.place)
        if found and isinstance(self.values[-1], Item):
            self.place = found.end()
            self.parsed.legend[found[1]] = self.values[-1]
            return True
        return False

    def clause(self) -> bool:
        """Read a note, a unit or a threshold; False before the sign of a comparison."""
        if found := self.take(_UNIT):
            self.parsed.unit = found[1]
        elif self.text[self.place] == "(":
            self.note(self.bracket())
        elif _RELATION.match(self.text, self.place):
            return False
        elif not self.threshold():
            self.take(r"[^\s(]?[^(,;。\n]*")
        return True

    def threshold(self) -> bool:
        found = _WORDED.match(self.text, self.place)
        if not found or not (found["before"] or found["behind"]):
            return False
        self.place = found.end()
        most = found["before"] in _AT_MOST or found["behind"] == "以下"
        self.parsed.relation = "≤" if most else "≥"
        number = Fraction(found["number"].replace(",", ""))
        self.parsed.right = Number(number, found["sign"])
        return True

    def bracket(self) -> str:
        """Go behind the bracket that opens here, and return what it holds."""
        depth, start = 0, self.place
        for place in range(start, len(self.text)):
            depth += {"(": 1, ")": -1}.get(self.text[place], 0)
            if not depth:
                break
        self.place = place + 1
        return self.text[start + 1 : place]

    def note(self, content: str) -> None:
        content = content.strip()
        if found := re.fullmatch(r"單位\s*:\s*(.+)", content):
            self.parsed.unit = found[1]
        elif content in ("%", "‰"):
            self.parsed.unit = content
        elif found := _COMPONENTS.fullmatch(content):
            parts = re.split(r"以及|[、及與和]", found[1])
            self.parsed.components = tuple(_key(part) for part in parts)
        else:
            self.parsed.legend |= _bound(content, self.names)

    def push(self, sign: str) -> None:
        while self.signs and self.signs[-1] != "(" and _rank(self.signs[-1]) >= _RANKS[sign]:
            self.reduce()
        self.signs.append(sign)

    def apart(self) -> None:
        """Take everything before as one operand."""
        while self.signs:
            self.reduce()

    def flush(self) -> None:
        while self.signs[-1] != "(":
            self.reduce()

    def reduce(self) -> None:
        sign = self.signs.pop()
        right = self.values.pop()
        if sign == "negative":
            self.values.append(Operation("*", Number(Fraction(-1)), right))
        elif sign == "Σ":
            self.values.append(Total(right))
        else:
            self.values.append(Operation(sign, self.values.pop(), right))


def _summed(values: list[Node]) -> Node:
    total, *others = values
    for each in others:
        total = Operation("+", total, each)
    return total


def _rank(sign: str) -> int:
    return 4 if sign == "Σ" else _RANKS[sign]


def _bound(content: str, names: re.Pattern[str]) -> dict[str, Node]:
    """Return the letters of a legend and what they stand for."""
    return {
        found[1]: _Reader(found[2], names, Parsed()).side()
        for found in _LETTERS.finditer(content.strip())
    }


# --- the text as a whole ----------------------------------------------------------------

_HEADS: Final = re.compile(r"\s*(?:計算公式|計算方式|公式)\s*[:=]")
_RATE: Final = r"(?:\(\s*(?:單位\s*:\s*)?([%‰])\s*\))"
_LINES: Final = re.compile(r"((?:\n\s*[A-Z]\s*[:=][^\n(]*(?:\([^)\n]*\)[^\n(]*)*)+)$")
_FRACTION: Final = re.compile(
    r"分子\s*:\s*(?P<above>.+?)\s*[\n;]\s*分母\s*:\s*(?P<below>.+?)\s*"
    r"(?=[\n;]|\(\s*單位|,\s*單位|$)"
)


def _parsed(text: str, figures: Figures, title: str) -> Parsed:
    names, parsed = _names(figures), Parsed()
    text, title = folded(text).strip(), folded(title).strip()
    if found := re.search(_RATE + "$", title):
        parsed.unit, title = found[1], title[: found.start()]
    text = _without_captions(text, title, parsed)
    if found := _LINES.search(text):
        parsed.legend |= _bound(found[1], names)
        text = text[: found.start()]
    if found := _FRACTION.search(text):
        parsed.legend["分子"] = _Reader(found["above"], names, Parsed()).side()
        parsed.legend["分母"] = _Reader(found["below"], names, Parsed()).side()
        rest = _without_captions(text[found.end() :].lstrip("; \n"), title, parsed)
        text = rest if "分子" in rest else f"分子/分母{rest}"
    reader = _Reader(text, names, parsed)
    parsed.left = reader.side()
    if found := reader.take(_RELATION):
        parsed.relation = found[0]
        parsed.right = reader.side()
    return parsed


def _without_captions(text: str, title: str, parsed: Parsed) -> str:
    caption = re.compile(r"\s*" + r"\s*".join(map(re.escape, title)) + rf"\s*{_RATE}?\s*[:=]")
    while found := _HEADS.match(text) or (title and caption.match(text)):
        if found.re is caption and found[1]:
            parsed.unit = found[1]
        text = text[found.end() :]
    return text


# --- quantities -------------------------------------------------------------------------

Dimension = frozenset[tuple[str, int]]
_NONE: Final[Dimension] = frozenset()
_PARTS: Final = {"%": 100, "‰": 1000}
_RATES: Final = {"%": 100, "百分比": 100, "百分點": 100, "‰": 1000}
_BASES: Final = ("件", "人次", "人", "元", "公斤", "公里", "場", "次", "日")
_WITHOUT: Final = ("", "倍", "比")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in so many of a dimension."""

    value: Fraction
    scale: Fraction = Fraction(1)
    dimension: Dimension = _NONE
    literal: bool = False

    @property
    def base(self) -> Fraction:
        """The value in units without a scale."""
        return self.value * self.scale

    @property
    def part(self) -> str:
        """``%`` or ``‰`` where the value counts these alone."""
        ((unit, power),) = self.dimension if len(self.dimension) == 1 else (("", 0),)
        return unit if unit in _PARTS and power == 1 else ""


class DisagreementError(Exception):
    """A sum of what cannot be summed."""


def _dimension(powers: dict[str, int]) -> Dimension:
    return frozenset((unit, power) for unit, power in powers.items() if power)


@lru_cache(maxsize=512)
def measured(unit: str) -> tuple[Fraction, Dimension]:
    """Return the scale of a unit and its dimension."""
    unit = folded(unit)
    if unit in _RATES:
        part = "‰" if _RATES[unit] == 1000 else "%"
        return Fraction(1), _dimension({part: 1})
    scale, powers = Fraction(1), dict[str, int]()
    for place, part in enumerate(unit.split("/")):
        power = -1 if place else 1
        found = re.match(r"(\d[\d,]*)?([十百千萬億]*)(.*)", part)
        assert found
        size = Fraction((found[1] or "1").replace(",", ""))
        for char in found[2]:
            size *= _SCALES[char]
        base = re.sub("^(人)口$|數$", r"\1", found[3])
        if base not in _BASES:
            size, base = Fraction(1), part
        scale *= size**power
        if base not in _WITHOUT:
            powers[base] = powers.get(base, 0) + power
    return scale, _dimension(powers)


def _plain(quantity: Quantity) -> Quantity:
    """Return % and ‰ as the fractions that they are."""
    scale, powers = quantity.scale, dict(quantity.dimension)
    for unit, size in _PARTS.items():
        scale /= Fraction(size) ** powers.pop(unit, 0)
    return Quantity(quantity.value, scale, _dimension(powers), quantity.literal)


def _multiplied(sign: str, left: Quantity, right: Quantity) -> Quantity | None:
    if not (right.literal or (left.literal and sign == "*")):
        left, right = _in_place(left), _in_place(right)
    power = 1 if sign == "*" else -1
    if sign == "/" and not right.value:
        return None
    powers = dict(left.dimension)
    for unit, count in right.dimension:
        powers[unit] = powers.get(unit, 0) + power * count
    return Quantity(
        left.value * right.value**power,
        left.scale * right.scale**power,
        _dimension(powers),
        left.literal and right.literal,
    )


def _in_place(quantity: Quantity) -> Quantity:
    """Return a plain quantity whose value holds the hundredths."""
    plain = _plain(quantity)
    if plain.dimension == quantity.dimension:
        return quantity
    return Quantity(plain.base, Fraction(1), plain.dimension, quantity.literal)


def _beside(quantity: Quantity, part: str) -> Quantity:
    """Return a number as it is meant beside %: 1 and 100% are the whole, 100 is in %."""
    if not quantity.literal or abs(quantity.value) > 1:
        return quantity
    return Quantity(quantity.value * _PARTS[part], literal=True)


def _added(sign: str, left: Quantity, right: Quantity) -> Quantity:
    factor = 1 if sign == "+" else -1
    if left.literal != right.literal and (left.part or right.part):
        left, right = _beside(left, right.part), _beside(right, left.part)
    if left.literal or right.literal:
        model = right if left.literal else left
        if not model.dimension and not model.literal:
            left, right = (Quantity(each.base, literal=each.literal) for each in (left, right))
            model = Quantity(Fraction(0))  # 1 beside a ratio of 千元 and 元
        value = left.value + factor * right.value
        return Quantity(value, model.scale, model.dimension, model.literal)
    if left.dimension != right.dimension:
        left, right = _in_place(left), _in_place(right)
    if left.dimension != right.dimension:
        raise DisagreementError
    if left.scale == right.scale:
        return Quantity(left.value + factor * right.value, left.scale, left.dimension)
    return Quantity(left.base + factor * right.base, Fraction(1), left.dimension)


class _Calculator:
    """Values of trees, with the units of the figures or without."""

    def __init__(self, parsed: Parsed, figures: Figures, *, units: bool) -> None:
        self.parsed, self.units = parsed, units
        self.rows: dict[str, dict[str, Row]] = {}
        for row in figures.rows:
            self.rows.setdefault(_key(row.item), {})[_key(row.component)] = row

    def value(self, node: Node, component: str | None = None) -> Quantity | None:
        """Return the quantity of a tree; None behind a zero denominator."""
        if isinstance(node, Number):
            return Quantity(node.value, literal=True)
        if isinstance(node, Item):
            return self.item(node, component)
        if isinstance(node, Total):
            return self.sum_of(self.value(node.inner, part) for part in self.parts(node.inner))
        left, right = self.value(node.left, component), self.value(node.right, component)
        if left is None or right is None:
            return None
        if node.sign in "*/":
            return _multiplied(node.sign, left, right)
        return _added(node.sign, left, right)

    def parts(self, node: Node) -> list[str | None]:
        """Return the components that a total is made of."""
        if isinstance(node, Item):
            parts = [part for part in self.rows.get(self.bound(node).key, {}) if part]
            return [*parts] or [None]
        if isinstance(node, Operation):
            found = [part for side in (node.left, node.right) for part in self.parts(side)]
            return list(dict.fromkeys(part for part in found if part)) or [None]
        return [None]

    def sum_of(self, values: Iterator[Quantity | None]) -> Quantity | None:
        total: Quantity | None = None
        for value in values:
            if value is None:
                return None
            total = value if total is None else _added("+", total, value)
        return total

    def bound(self, item: Item) -> Item:
        meant = self.parsed.legend.get(item.key)
        return meant if isinstance(meant, Item) else item

    def item(self, item: Item, component: str | None) -> Quantity | None:
        if meant := self.parsed.legend.get(item.key):
            return self.value(meant, component)
        rows = self.rows[item.key]
        if component in rows and component:
            return self.row(rows[component], item)
        if "" in rows:
            return self.row(rows[""], item)
        return self.sum_of(self.row(rows[part], item) for part in self.parsed.components)

    def row(self, row: Row, item: Item) -> Quantity:
        value = row.last if item.before else row.value
        scale, dimension = measured(row.unit)
        if not self.units and not any(unit in _PARTS for unit, _ in dimension):
            scale, dimension = Fraction(1), _NONE
        return Quantity(value, scale, dimension)


# --- what is written out: 100%, 100, a factor of the unit --------------------------------


def _terms(node: Node) -> list[Node]:
    if isinstance(node, Operation) and node.sign in "+-":
        return [*_terms(node.left), *_terms(node.right)]
    return [node]


def _factors(node: Node) -> list[Node]:
    """Return what multiplies in a term, from left to right, and never what divides."""
    if isinstance(node, Operation) and node.sign == "*":
        return [*_factors(node.left), *_factors(node.right)]
    if isinstance(node, Operation) and node.sign == "/":
        return _factors(node.left)
    return [node]


def _multiplies(node: Node, wanted: Number) -> bool:
    """Whether a number multiplies a term of the tree, or of a sum within it."""
    for term in _terms(node):
        factors = _factors(term)
        if len(factors) == 1 and not isinstance(term, Operation):
            continue
        for factor in factors:
            if factor == wanted or (_is_sum(factor) and _multiplies(factor, wanted)):
                return True
    return False


def _is_sum(node: Node) -> bool:
    return isinstance(node, Operation) and node.sign in "+-"


def _holds(node: Node, kind: type[Node], sign: str = "") -> bool:
    """Whether a tree holds a node of a kind, an operation of a sign."""
    if isinstance(node, kind) and (not sign or getattr(node, "sign", "") == sign):
        return True
    if isinstance(node, Operation):
        return any(_holds(side, kind, sign) for side in (node.left, node.right))
    return isinstance(node, Total) and _holds(node.inner, kind, sign)


def _with_rate(node: Node, size: int, sign: str) -> Node:
    """Return the tree with the bare 100 of every term read as 100%."""
    if not _multiplies(node, Number(Fraction(size))):
        return node
    return _rated(node, size, sign)


def _rated(node: Node, size: int, sign: str) -> Node:
    if isinstance(node, Operation) and node.sign in "+-":
        return Operation(node.sign, _rated(node.left, size, sign), _rated(node.right, size, sign))
    if isinstance(node, Number):
        return Number(node.written, node.sign or sign)
    changed, _ = _last_rated(node, size, sign)
    return changed


def _last_rated(node: Node, size: int, sign: str) -> tuple[Node, bool]:
    """Return the term with its last bare 100 as 100%, and whether there was one."""
    if node == Number(Fraction(size)):
        return Number(Fraction(size), sign), True
    if _is_sum(node):
        changed = _with_rate(node, size, sign)
        return changed, changed != node
    if not isinstance(node, Operation):
        return node, False
    if node.sign == "*":
        right, done = _last_rated(node.right, size, sign)
        if done:
            return Operation("*", node.left, right), True
    left, done = _last_rated(node.left, size, sign)
    return Operation(node.sign, left, node.right), done


def _converts(node: Node, factor: Fraction) -> bool:
    """Whether the formula multiplies or divides by just this factor itself."""
    if isinstance(node, Total):
        return _converts(node.inner, factor)
    if not isinstance(node, Operation):
        return False
    right = node.right.value if isinstance(node.right, Number) else None
    left = node.left.value if isinstance(node.left, Number) else None
    if node.sign == "*" and factor in (left, right):
        return True
    if node.sign == "/" and right and 1 / right == factor:
        return True
    return _converts(node.left, factor) or _converts(node.right, factor)


# --- the reading ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Target:
    """What the figure is counted in."""

    per: int
    unit: str = ""  # other than a rate


def _target(parsed: Parsed) -> _Target | None:
    """Return what is stated, or what the formula says itself; None for as it comes."""
    unit = parsed.unit.strip()
    if unit in _RATES:
        return _Target(_RATES[unit])
    if parsed.share != 1 and not unit:
        return _Target(parsed.share)
    for sign, size in _PARTS.items():
        says = _multiplies(parsed.left, Number(Fraction(size), sign))
        if says and (not unit or _holds(parsed.left, Operation, "/")):
            return _Target(size)
    scale, dimension = measured(unit)
    if dimension == _NONE and scale == Fraction(1, 1000):  # 人/千人 is ‰ in words
        return _Target(1000)
    return _Target(1, unit) if unit else None


def independent(text: str, figures: Figures, title: str = "") -> Reading:
    """Return the value as a ratio or number, how it is shown (per 100, 1000, 1), the verdict."""
    parsed = _parsed(text, figures, title)
    target = _target(parsed)
    if parsed.unit.strip() in _RATES and target:
        sign = "%" if target.per == 100 else "‰"
        parsed.left = _with_rate(parsed.left, target.per, sign)
        if parsed.right is not None:
            parsed.right = _with_rate(parsed.right, target.per, sign)
    value, per = _shown(parsed.left, parsed, figures, target)
    if parsed.right is None:
        return value, per, None
    if _holds(parsed.right, Item):
        threshold = _counted(parsed.right, parsed, figures, target, per)
    else:
        number = _Calculator(parsed, figures, units=True).value(parsed.right)
        threshold = number.value if number else None
        if threshold is not None and not _has_sign(parsed.right):
            threshold /= per
    if value is None or threshold is None:
        return value, per, None
    return value, per, _compared(parsed.relation, value, threshold)


def _has_sign(node: Node) -> bool:
    return _holds(node, Number, "%") or _holds(node, Number, "‰")


def _compared(relation: str, left: Fraction, right: Fraction) -> bool:
    return {
        "≥": left >= right,
        "≤": left <= right,
        ">": left > right,
        "<": left < right,
        "=": left == right,
    }[relation]


def _shown(
    node: Node, parsed: Parsed, figures: Figures, target: _Target | None
) -> tuple[Fraction | None, int]:
    if target is None:
        found = _quantity(node, parsed, figures)
        if found is not None and found.part:
            return found.value / _PARTS[found.part], _PARTS[found.part]
    return _counted(node, parsed, figures, target, 1), target.per if target else 1


def _quantity(node: Node, parsed: Parsed, figures: Figures) -> Quantity | None:
    try:
        return _Calculator(parsed, figures, units=True).value(node)
    except DisagreementError:
        return _Calculator(parsed, figures, units=False).value(node)


def _counted(
    node: Node, parsed: Parsed, figures: Figures, target: _Target | None, per: int
) -> Fraction | None:
    """Return the value of a tree in the target's unit."""
    found = _quantity(node, parsed, figures)
    if found is None:
        return None
    if target is None:
        if found.part:
            return found.value / _PARTS[found.part] if per > 1 else found.value
        return found.value if found.dimension else found.base  # a quotient of 千元 and 元
    plain = _plain(found)
    scale, dimension = measured(target.unit) if target.per == 1 else (Fraction(1), _NONE)
    if found.literal or plain.dimension != dimension:
        raw = _Calculator(parsed, figures, units=False).value(node)
        return _plain(raw).base if raw else None
    factor = plain.scale / scale
    if factor != 1 and not found.part and _converts(node, factor):
        return plain.value
    return plain.value * factor
