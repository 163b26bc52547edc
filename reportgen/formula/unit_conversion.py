"""Unit conversion in the tree: every conversion becomes a factor that is printed.

Sources: design/formula.md, "Compound and scaled units" and "Unit". The rules:

1. With unit %, a value is a ratio. A bare ``100`` that multiplies a term of the formula
   is read as ``100%``, so that ``甲/乙``, ``甲/乙×100`` and ``甲/乙×100%`` print the same
   figure; where a formula does so, a bare number alone in a term is in % too
   (``甲/乙×100-100``).
2. With unit %, a bare number across a comparison is in %: ``≥90`` is ``≥90%``. In any
   other unit it is in that unit.
3. Terms of a sum and sides of a comparison that differ in scale (千元, 元) are brought
   to the base unit.
4. The whole is brought into the stated unit by one factor, unless the formula itself
   multiplies or divides by just that factor (``垃圾量/人口×10000`` in 公斤/萬人).
5. Where base units disagree nothing is scaled; rules 1 and 2 still hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, TypeGuard

from reportgen.formula.rate_signs import stated_sign
from reportgen.formula.rounding import exact_text
from reportgen.formula.syntax_tree import (
    NO_SPAN,
    Binary,
    Comparison,
    Expression,
    Name,
    Number,
    Percent,
    Tree,
    Unary,
    divides,
    map_names,
    names_in,
    walk,
)
from reportgen.formula.units import RATE_SIGNS, Measure, Unit, parse_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

_DIMENSIONLESS = Measure()
# The scales of 千, 萬, 十萬, 百萬, 億 and their inverses: numbers that convert units.
CONVERSIONS = frozenset(
    factor
    for scale in (10**3, 10**4, 10**5, 10**6, 10**8)
    for factor in (Fraction(scale), Fraction(1, scale))
)
MAX_COUNT_DIVISOR = 31  # the greatest divisor of a mean: quarters, months, sessions, days


@dataclass(frozen=True, slots=True)
class UnitRemark:
    """A remark about units: a code of the catalogue and its fields."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ConvertedTree:
    """A tree with its conversions written out, and remarks about them."""

    tree: Tree
    remarks: tuple[UnitRemark, ...] = ()


class UnitMismatchError(Exception):
    """Two base units that cannot be joined. Never leaves this package."""

    def __init__(self, found: str, stated: str) -> None:
        self.found = found
        self.stated = stated
        super().__init__(found, stated)

    @property
    def remark(self) -> UnitRemark:
        """The warning that names both units."""
        return UnitRemark("W202", (("found", self.found), ("stated", self.stated)))


def convert_units(
    tree: Tree, unit: Unit | None, measures: Mapping[str, Measure] | None
) -> ConvertedTree:
    """Return the tree with its conversions into ``unit``, and remarks on them.

    ``measures`` holds the measure of each name's figure; None: not known, so
    nothing is scaled. Raises UnitMismatchError if base units cannot be joined. The remarks are
    N201 (100 read as 100%), N202 (the formula converts by itself), N203 (a quotient of scaled
    units made a ratio), W202, W204 and W218.
    """
    remarks: list[UnitRemark] = []
    if unit and unit.is_rate:
        tree, remarks = _Rate(unit).root(tree)
    if measures is None:
        return ConvertedTree(tree, tuple(remarks))
    try:
        scaler = _Scaler(unit, measures, constants=unit is not None or isinstance(tree, Comparison))
        fitted = scaler.root(tree)
    except UnitMismatchError as fault:  # 12個月 may count nothing: constants are bare numbers
        scaler = _Scaler(unit, measures)
        fitted = scaler.root(tree)
        if isinstance(tree, Comparison) and isinstance(tree.right, Number) and tree.right.unit:
            scaler.remarks.append(fault.remark)  # 平均成本達3人: the threshold's unit does not fit
    doubts = (
        *(
            *_mixed_scales(fitted, measures),
            *_whole_weights(fitted),
            *_wholes_of_another_scale(fitted, measures),
        )[:1],
        *_bare_minuends(fitted, measures),
    )
    return ConvertedTree(fitted, (*remarks, *scaler.remarks, *doubts))


def _mixed_scales(tree: Tree, measures: Mapping[str, Measure]) -> Iterator[UnitRemark]:
    """Yield W218 where ×100 of one term is beside, or times, a figure in % as a ratio.

    ``甲÷乙×60+丙÷100×40%`` adds up to 60 and up to 0.4; ``甲÷乙×100×丙`` multiplies twice.
    """
    rates = {key for key, measure in measures.items() if _is_rate(measure)}
    for node in walk(tree):
        if not isinstance(node, Binary) or node.operator not in "+-×":
            continue
        for side, other_side in ((node.left, node.right), (node.right, node.left)):
            factor = prod(_bare_factors(side), start=Fraction(1))
            if factor <= 1 or not divides(side) or _names_of(side, rates):
                continue
            rate_names = _names_of(other_side, rates)
            is_ratio = node.operator in "+-" and _is_converted_ratio(other_side, rates)
            if rate_names and (
                is_ratio or (node.operator == "×" and other_side in rate_names and factor == 100)
            ):
                fields = (("found", rate_names[0].text), ("factor", exact_text(factor)))
                yield UnitRemark("W218", fields)


def _bare_minuends(tree: Tree, measures: Mapping[str, Measure]) -> Iterator[UnitRemark]:
    """Yield W219 for each bare number from which a figure in % is subtracted, but 100-率.

    It counts in %: 2-率 is 2% less the rate, where 1-率 is 100% less it, and 200% may be meant.
    """
    rates = {key: measure for key, measure in measures.items() if _is_rate(measure)}
    for node in walk(tree):
        if not isinstance(node, Binary) or node.operator != "-":
            continue
        minuend, names = node.left, _names_of(node.right, rates.keys())
        if not isinstance(minuend, Number) or not names or divides(node.right):
            continue
        per = 1 / rates[names[0].key].scale
        if minuend.value != per:
            sign = "%" if per == 100 else "‰"
            fields = (
                ("found", minuend.text),
                ("points", f"{minuend.text}{sign}"),
                ("share", f"{exact_text(minuend.value * per)}{sign}"),
            )
            yield UnitRemark("W219", fields)


def _whole_weights(tree: Tree) -> Iterator[UnitRemark]:
    """Yield W217 for 甲×40+乙×60: weights of 100 together, which multiply scores a hundredfold.

    Not for figures in % that are converted into ratios, which are parts of the weights.
    """
    side = tree.left if isinstance(tree, Comparison) else tree
    terms = list(_summands(side))
    weights = [weight for term in terms if (weight := _weight_of_name(term)) is not None]
    is_weighted = len(terms) > 1 and len(weights) == len(terms)
    if is_weighted and sum(weight.value for weight in weights) == 100:
        text = weights[0].text
        yield UnitRemark("W217", (("found", text), ("usual", f"{text}%")))


def _wholes_of_another_scale(tree: Tree, measures: Mapping[str, Measure]) -> Iterator[UnitRemark]:
    """Yield W218 for 1-甲÷乙×100, and W217 for 100-甲÷乙: the whole is of another scale."""
    for node in walk(tree):
        if not isinstance(node, Binary) or node.operator not in "+-":
            continue
        for whole, share in ((node.left, node.right), (node.right, node.left)):
            if not isinstance(whole, Number) or not _divides_alike(share, measures):
                continue
            factor = prod(_bare_factors(share), start=Fraction(1))
            if whole.value == 1 and factor == 100:
                yield UnitRemark("W218", (("found", whole.text), ("factor", exact_text(factor))))
            elif whole.value == 100 and factor == 1:
                yield UnitRemark("W217", (("found", whole.text), ("usual", f"{whole.text}%")))


def _divides_alike(node: Expression, measures: Mapping[str, Measure]) -> bool:
    """Return whether a node is a quotient of figures of one kind, without a % of its own."""
    if not isinstance(node, Binary) or node.operator not in "×÷" or stated_sign(node):
        return False
    divisors = (
        part.right for part in walk(node) if isinstance(part, Binary) and part.operator == "÷"
    )
    if not any(names_in(divisor) for divisor in divisors):
        return False
    measure = _Scaler(None, measures).measure_of(node)  # of a part of a tree whose units fit
    return measure is not None and not measure.dims


def _summands(node: Expression) -> Iterator[Expression]:
    """Yield the terms of a sum; a node that is none is its own term."""
    if isinstance(node, Binary) and node.operator == "+":
        yield from _summands(node.left)
        yield from _summands(node.right)
    else:
        yield node


def _weight_of_name(term: Expression) -> Number | None:
    """Return the bare number that multiplies a name, 40 of 甲×40; None for any other term."""
    if not isinstance(term, Binary) or term.operator != "×":
        return None
    for name, number in ((term.left, term.right), (term.right, term.left)):
        if isinstance(name, Name) and isinstance(number, Number):
            return number
    return None


def _names_of(node: Expression, keys: Collection[str]) -> tuple[Name, ...]:
    """Return the names of a node whose keys are in ``keys``."""
    return tuple(name for name in names_in(node) if name.key in keys)


def _is_converted_ratio(node: Expression, rates: set[str]) -> bool:
    """Return whether a conversion divides a figure in %: the ÷100 of 丙×40%÷100."""
    return any(
        isinstance(part, Binary)
        and isinstance(part.right, Number)
        and part.right.span == NO_SPAN  # a conversion, not written in the formula
        and part.operator == "÷"
        and bool(_names_of(part.left, rates))
        for part in walk(node)
    )


def rate_of_inputs(tree: Tree, measures: Mapping[str, Measure]) -> Unit | None:
    """Return % (or ‰) for a formula without a unit whose figures are all in it.

    So the mean of two satisfactions in % is in %, and so is 甲×乙÷100 of two figures in %.
    None for a comparison of two calculations, for bare numbers and for any other formula. Raises
    UnitMismatchError if base units cannot be joined.
    """
    if not any(map(_is_rate, measures.values())):
        return None
    if isinstance(tree, Comparison):
        if names_in(tree.right):
            return None
        tree = tree.left  # 滿意度≥80: the threshold is in % as well
    measure = _Scaler(None, measures).measure_of(tree)
    assert measure is not None  # one of its names is in %, so it has names
    is_mean = len(measure.dims) == 1 and measure.dims[0][1] == -1  # Σ滿意度/場次數
    if not is_mean and not all(map(_is_rate, measures.values())):
        return None
    scales = {
        measure_of_input.scale
        for measure_of_input in measures.values()
        if _is_rate(measure_of_input)
    }
    divided = [
        measure.scale,
        *(measure.scale / factor for factor in _bare_factors(tree) if factor < 1),
    ]
    scale = next((scale for scale in divided if scale in scales), None)
    if scale is None and not any(
        isinstance(node, Binary) and node.operator in "×÷" for node in walk(tree)
    ):
        scale = max(scales)  # a sum of figures in % and ‰
    sign = next(
        (symbol for symbol, per in RATE_SIGNS.items() if scale is not None and scale * per == 1), ""
    )
    return Unit(sign, Measure((), Fraction(1, RATE_SIGNS[sign]))) if sign else None


# Rules 1 and 2


class _Rate:
    """A tree whose unit is % (``per`` is 100), ‰ (1,000) or ‱: bare numbers get its sign."""

    def __init__(self, unit: Unit) -> None:
        self.per = unit.per
        self.sign = next(sign for sign, per in RATE_SIGNS.items() if per == unit.per)

    def root(self, tree: Tree) -> tuple[Tree, list[UnitRemark]]:
        """Return the tree with its bare numbers in the rate, by rules 1 and 2, and the remarks."""
        if not isinstance(tree, Comparison):
            return self._sum_in_percent(tree)
        left, remarks = self._sum_in_percent(tree.left)
        right, right_remarks = (self._sum_in_percent if names_in(tree.right) else self._threshold)(
            tree.right
        )
        return Comparison(tree.relation, left, right, tree.span), [*remarks, *right_remarks]

    def _threshold(self, side: Expression) -> tuple[Expression, list[UnitRemark]]:
        """Return a side without names with its bare number in the unit, and the remarks on it.

        A side with a % of its own is unchanged. W204 for a number up to 1: 0.9 may mean 90 %.
        """
        if any(isinstance(node, Percent) for node in walk(side)):
            return side, []
        if not isinstance(side, Number):
            return Binary("×", side, self._with_rate_sign(_number_node(Fraction(1))), side.span), []
        doubt = UnitRemark("W204", (("found", side.text), ("sign", self.sign)))
        return self._with_rate_sign(side), [doubt] if 0 < side.value <= 1 else []

    def _sum_in_percent(self, tree: Expression) -> tuple[Expression, list[UnitRemark]]:
        """Return a sum with the bare 100 of each term read as 100%, and the remarks on it.

        N201 if there is any. Bare numbers alone in a term are then in % too, as they are in a
        formula that says ×100% itself.
        """
        changed = _map_terms(tree, self._with_factor_in_percent)
        if changed == tree:
            says_so = stated_sign(tree) and isinstance(tree, Binary) and tree.operator in "+-"
            return _map_terms(tree, self._alone) if says_so else tree, []
        remark = UnitRemark("N201", (("factor", f"{self.per}"), ("sign", self.sign)))
        return _map_terms(changed, self._alone), [remark]

    def _alone(self, term: Expression) -> Expression:
        """Return a bare number with the sign of the rate; 1 and any other term are unchanged."""
        return self._with_rate_sign(term) if isinstance(term, Number) and term.value != 1 else term

    def _with_factor_in_percent(self, term: Expression) -> Expression:
        """Return a product or quotient with the last bare 100 that multiplies it as 100%.

        A mean of percentages has it in each term.
        """
        if not isinstance(term, Binary) or term.operator not in "×÷":
            return term
        if term.operator == "÷" and isinstance(term.right, Number) and _is_sum(term.left):
            inner = _map_terms(
                term.left, self._with_factor_in_percent
            )  # the mean of two percentages
            if inner != term.left:
                left = _map_terms(inner, self._alone)
                return Binary("÷", left, term.right, term.span)
        if term.operator == "×" and self._is_bare(term.right):
            return Binary("×", term.left, self._with_rate_sign(term.right), term.span)
        if term.operator == "×":
            right = self._with_factor_in_percent(term.right)
            if right != term.right:
                return Binary("×", term.left, right, term.span)
        if self._is_bare(term.left):
            return Binary(term.operator, self._with_rate_sign(term.left), term.right, term.span)
        left, right = self._with_factor_in_percent(term.left), term.right
        if left == term.left and term.operator == "÷":
            right = self._with_divisor_in_percent(term.right)
        return Binary(term.operator, left, right, term.span)

    def _with_divisor_in_percent(self, divisor: Expression) -> Expression:
        """Return a divisor with the bare 100 that divides it as 100%: 甲÷(乙÷100) is 甲÷乙×100."""
        if not isinstance(divisor, Binary) or divisor.operator not in "×÷":
            return divisor
        left, right = self._with_divisor_in_percent(divisor.left), divisor.right
        if left == divisor.left and divisor.operator == "÷" and self._is_bare(right):
            right = self._with_rate_sign(right)
        elif left == divisor.left and divisor.operator == "×":
            right = self._with_divisor_in_percent(right)
        return Binary(divisor.operator, left, right, divisor.span)

    def _is_bare(self, node: Expression) -> TypeGuard[Number]:
        """Return whether a node is the bare number that the rate multiplies by, such as 100."""
        return isinstance(node, Number) and node.value == self.per

    def _with_rate_sign(self, number: Number) -> Percent:
        """Return a number with the sign of the rate, 100 as 100%."""
        return Percent(number, self.sign, number.span)


def _is_sum(node: Expression) -> bool:
    """Return whether a node is a sum or difference."""
    return isinstance(node, Binary) and node.operator in "+-"


def _map_terms(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return a sum with ``change`` applied to each of its terms."""
    if isinstance(node, Binary) and node.operator in "+-":
        left, right = _map_terms(node.left, change), _map_terms(node.right, change)
        return Binary(node.operator, left, right, node.span)
    if isinstance(node, Unary):
        return Unary(node.sign, _map_terms(node.operand, change), node.span)
    return change(node)


# Rules 3 and 4


class _Scaler:
    """Rules 3 and 4 for one formula; :attr:`remarks` collects N202 and N203.

    ``unit`` None: a quotient of scaled units becomes a ratio, other figures keep theirs.
    """

    def __init__(
        self, unit: Unit | None, measures: Mapping[str, Measure], *, constants: bool = False
    ) -> None:
        self.unit = unit
        self.measures = measures
        self.constants = constants  # whether 365天 is counted in 天
        self.remarks: list[UnitRemark] = []

    def measure_of(self, node: Expression) -> Measure | None:
        """Return the measure of a node; None for bare numbers."""
        return self._scale(node)[1]

    def root(self, tree: Tree) -> Tree:
        """Return the tree in its unit, or as a ratio without one.

        Both sides of a comparison are in one measure. Raises UnitMismatchError.
        """
        if self.unit is None:
            tree = self._with_rates_as_ratios(tree)
        if not isinstance(tree, Comparison):
            node, measure = self._scale(tree)
            if self.unit is None:
                return self._as_ratio(node, measure)[0]
            return self._into_unit(node, measure)
        left, left_measure = self._scale(tree.left)
        right, right_measure = self._scale(tree.right)
        if self.unit is None:
            left_measure = self._converted(left, left_measure, right_measure)
            right_measure = self._converted(right, right_measure, left_measure)
            left_measure = _measure_of_mean(left_measure, right_measure)
            left, left_measure = self._as_ratio(left, left_measure)
            right, right_measure = self._as_ratio(right, right_measure)
            left, right, _ = _align_measures(left, left_measure, right, right_measure)
        else:
            left = self._into_unit(left, left_measure)
            right = self._into_unit(right, right_measure)
        return Comparison(tree.relation, left, right, tree.span)

    def _as_ratio(
        self, node: Expression, measure: Measure | None
    ) -> tuple[Expression, Measure | None]:
        """Return a quotient such as 千元÷元 converted into a ratio, with its measure.

        Anything else is unchanged; a conversion is reported (N203).
        """
        if measure is None or measure.scale == 1:
            return node, measure
        # 件/十萬人 by 人 leaves 件; 元 by 千人 leaves 元/千人, as the figures are.
        counts = measure.scale < 1 and all(power > 0 for _, power in measure.dims)
        if measure.dims and not counts:
            return node, measure
        if self._is_share(measure) or measure.scale in _bare_factors(node):
            return node, measure
        self._report_conversion(measure.scale)
        return scale_by(node, measure.scale), Measure(measure.dims)

    def _report_conversion(self, factor: Fraction) -> None:
        """Add N203 with the factor to the remarks: earlier versions did not convert."""
        remark = UnitRemark("N203", (("found", exact_text(factor)),))
        self.remarks += [remark] if remark not in self.remarks else []

    def _is_share(self, measure: Measure) -> bool:
        """Return whether a measure is a pure rate, such as %, in which one of the figures is."""
        scales = {
            measure_of_name.scale
            for measure_of_name in self.measures.values()
            if _is_ratio(measure_of_name)
        }
        return not measure.dims and measure.scale in scales

    def _with_rates_as_ratios(self, tree: Tree) -> Tree:
        """Return the tree with figures in % as ratios if they are parts of other figures.

        80 % of 500 beds are 400, not 40,000. A sum of percentages stays in %.
        """
        sides = (tree.left, tree.right) if isinstance(tree, Comparison) else (tree,)
        rates = {
            name.key
            for side in sides
            if (measure := self.measure_of(side)) is not None and not self._is_share(measure)
            if not self._cancels_rates(side, measure) and not self._converts_rates(side)
            for name in names_in(side)
            if _is_ratio(self.measures[name.key])
            and name.key not in self._names_divided_by_goal(side)
        }
        converted_rates = {
            name.key
            for side in sides
            if self._has_ratio(side) and self._converts_rates(side)
            for name in names_in(side)
            if _is_ratio(self.measures[name.key])
        }
        self.measures = {**self.measures, **dict.fromkeys(converted_rates - rates, _DIMENSIONLESS)}
        if not rates:
            return tree
        scales = {key: self.measures[key].scale for key in rates}
        self.measures = {**self.measures, **dict.fromkeys(rates, _DIMENSIONLESS)}
        left, *right = (
            map_names(
                side,
                lambda name: scale_by(name, scales[name.key]) if name.key in rates else name,
            )
            for side in sides
        )
        if isinstance(tree, Comparison):
            return Comparison(tree.relation, left, right[0], tree.span)
        return left

    def _cancels_rates(self, side: Expression, measure: Measure) -> bool:
        """Return whether it is the same in % and as ratios: 本年占床率÷上年占床率."""
        pure = {
            key: _DIMENSIONLESS if _is_ratio(measure_of_name) else measure_of_name
            for key, measure_of_name in self.measures.items()
        }
        return _Scaler(None, pure).measure_of(side) == measure

    def _names_divided_by_goal(self, side: Expression) -> frozenset[str]:
        """Return the keys of the names divided by their goal, whose figures stay in %."""
        return frozenset(
            name.key
            for node in walk(side)
            if isinstance(node, Binary) and _divides_by_goal(node)
            for name in names_in(node.left)
        )

    def _complement(self, node: Expression, other: Measure | None) -> Expression:
        """Return a bare 1 beside a figure in % as 100: in 1-不合格率 it stands for 100%."""
        is_one = isinstance(node, Number) and node.value == 1
        if is_one and other is not None and self._is_share(other) and _is_rate(other):
            return _number_node(1 / other.scale)
        return node

    def _beside_number(
        self, node: Expression, measure: Measure | None, other: Measure | None
    ) -> tuple[Expression, Measure | None]:
        """Return a quotient such as 千元÷元 beside a bare number as a ratio, for 1-甲/乙.

        ``other`` is the neighbour's measure, None for a bare number. Anything else is unchanged.
        """
        if measure is None or other is not None or measure.dims or self._is_share(measure):
            return node, measure
        return (
            (scale_by(node, measure.scale), _DIMENSIONLESS)
            if measure.scale != 1
            else (node, measure)
        )

    def _converted(
        self, node: Expression, measure: Measure | None, other: Measure | None
    ) -> Measure | None:
        """Return the measure of a term that the formula converts into that of its neighbour.

        經費×1000-支出 is in 元 if 經費 is in 千元, and 甲/乙×100-滿意度 in %. N202 is added to the
        remarks; any other term keeps its measure.
        """
        target = other or (_DIMENSIONLESS if measure is not None and not measure.dims else None)
        if measure is None or target is None or measure.dims != target.dims:
            return measure
        if measure.scale == target.scale:
            return measure
        bare = list(_bare_factors(node))
        factors = (*bare, prod(bare, start=Fraction(1)))
        factor = next(
            (bare_factor for bare_factor in factors if measure.scale / bare_factor == target.scale),
            None,
        )
        if factor is None:
            return measure
        remark = UnitRemark("N202", (("found", exact_text(factor)),))
        self.remarks += [remark] if remark not in self.remarks else []
        return target

    def _is_mean_of_rates(self, measure: Measure) -> bool:
        """Return whether figures in % are divided by their number: Σ滿意度/場次數."""
        assert self.unit is not None
        is_rate = self.unit.is_rate and self._is_share(Measure((), measure.scale))
        return is_rate and len(measure.dims) == 1 and measure.dims[0][1] == -1

    def _converts_rates(self, side: Expression) -> bool:
        """Return whether the formula divides by 100 itself: 床位數×占床率×365/100.

        If it does, N202 is added to the remarks.
        """
        if isinstance(side, Binary) and side.operator in "+-":
            terms = [term for term in (side.left, side.right) if self._has_ratio(term)]
            return bool(terms) and all(map(self._converts_rates, terms))
        measures = {
            key: measure_of_name if _is_ratio(measure_of_name) else Measure(measure_of_name.dims)
            for key, measure_of_name in self.measures.items()
        }
        aligned, measure = _Scaler(None, measures)._scale(side)
        factor = measure.scale if measure and aligned == side else Fraction(1)
        bare = list(_bare_factors(side))
        if factor == 1 or factor not in {*bare, prod(bare)}:
            return False
        remark = UnitRemark("N202", (("found", exact_text(factor)),))
        self.remarks += [remark] if remark not in self.remarks else []
        return True

    def _has_ratio(self, node: Expression) -> bool:
        """Return whether a node has a name whose figure is a share of something."""
        return any(_is_ratio(self.measures[name.key]) for name in names_in(node))

    def _scale(self, node: Expression) -> tuple[Expression, Measure | None]:
        """Return the node with its sums aligned, and its measure; None for bare numbers alone.

        Raises UnitMismatchError for a sum of different base units. May add N202 to the remarks.
        """
        if isinstance(node, Name):
            return node, self.measures[node.key]
        if isinstance(node, Number):
            constant = parse_unit(node.unit) if self.constants else None
            return node, constant.measure if constant else None
        if isinstance(node, Percent):
            return node, _DIMENSIONLESS
        if isinstance(node, Unary):
            operand, measure = self._scale(node.operand)
            return Unary(node.sign, operand, node.span), measure
        left, left_measure = self._scale(node.left)
        right, right_measure = self._scale(node.right)
        if node.operator in "+-":
            left, right = (
                self._complement(left, right_measure),
                self._complement(right, left_measure),
            )
            if set(_bare_factors(left)) != set(_bare_factors(right)):
                left_measure = self._converted(left, left_measure, right_measure)
                right_measure = self._converted(right, right_measure, left_measure)
            left, left_measure = self._beside_number(left, left_measure, right_measure)
            right, right_measure = self._beside_number(right, right_measure, left_measure)
            left, right, measure = _align_measures(left, left_measure, right, right_measure)
        else:
            measure = _combined_measure(node.operator, left_measure, right_measure)
            if measure is not None and self._is_share(measure) and _divides_by_goal(node):
                measure = _DIMENSIONLESS  # 滿意度÷80: by its target
        return Binary(node.operator, left, right, node.span), measure

    def _into_unit(self, node: Expression, measure: Measure | None) -> Expression:
        """Return the node times the factor that converts it into the unit.

        Raises UnitMismatchError. Where the formula converts by itself, N202 is added to the remarks
        and the node left as it is; N203 is added where a mean is converted.
        """
        if self.unit is None or measure is None:
            return node
        target = self.unit.measure
        positive_dims = tuple(dimension for dimension in measure.dims if dimension[1] > 0)
        is_mean = (
            bool(positive_dims) and positive_dims == target.dims
        )  # 元 by 人, in 元: an average
        if measure.dims != target.dims and not (is_mean or self._is_mean_of_rates(measure)):
            raise UnitMismatchError(measure.bases, self.unit.text)
        if is_mean and measure.dims != target.dims and measure.scale != target.scale:
            self._report_conversion(measure.scale / target.scale)
        factor = measure.scale if self.unit.is_rate else measure.scale / target.scale
        bare = list(_bare_factors(node))
        if factor != 1 and factor in {*bare, prod(bare)}:
            self.remarks.append(UnitRemark("N202", (("found", exact_text(factor)),)))
            return node
        if factor != 1 and CONVERSIONS.intersection(bare):
            raise UnitMismatchError(measure.bases, self.unit.text)  # 千元×1000÷人 in 元/千人
        if self.unit.is_rate and factor == 1:
            self._report_other_rate(bare)
        if self.unit.is_rate and factor < target.scale and factor / target.scale in bare:
            factor = target.scale  # 甲×乙÷100, both in %
        return scale_by(node, factor)

    def _report_other_rate(self, factors: Iterable[Fraction]) -> None:
        """Add W213 for a bare factor of another rate: 甲÷乙×100 in ‰."""
        assert self.unit is not None
        other_rates = CONVERSIONS | {Fraction(per) for per in RATE_SIGNS.values()}
        found = next((factor for factor in factors if factor > 1 and factor in other_rates), None)
        if found is not None:
            fields = (("found", f"×{exact_text(found)}"), ("stated", self.unit.text))
            self.remarks.append(UnitRemark("W213", fields))


def _divides_by_goal(node: Binary) -> bool:
    """Return whether a figure in % is divided by a pure number: 80, but not 4 or 100."""
    divisor = node.right.value if isinstance(node.right, Number) else Fraction(0)
    # A sum is divided by how many there are.
    is_sum = any(isinstance(part, Binary) and part.operator in "+-" for part in walk(node.left))
    is_goal = divisor > MAX_COUNT_DIVISOR and divisor not in RATE_SIGNS.values()
    return node.operator == "÷" and is_goal and not is_sum


def _measure_of_mean(measure: Measure | None, threshold: Measure | None) -> Measure | None:
    """Return the measure of 元÷人 as 元 if the threshold is in 元, as for an average."""
    if measure is None or threshold is None:
        return measure
    positive_dims = tuple(dimension for dimension in measure.dims if dimension[1] > 0)
    is_mean = bool(positive_dims) and positive_dims == threshold.dims
    return Measure(threshold.dims, measure.scale) if is_mean else measure


def _is_ratio(measure: Measure) -> bool:
    """Return whether a measure is a share of something: %, ‰, or 人/十萬人."""
    return not measure.dims and measure.scale != 1


def _is_rate(measure: Measure) -> bool:
    """Return whether a measure is a pure rate, in % or ‰."""
    return not measure.dims and any(measure.scale * per == 1 for per in RATE_SIGNS.values())


def _align_measures(
    left: Expression, left_measure: Measure | None, right: Expression, right_measure: Measure | None
) -> tuple[Expression, Expression, Measure | None]:
    """Return both sides converted into one measure.

    Raise UnitMismatchError if they differ in kind. A bare number takes the measure of the other
    side.
    """
    if left_measure is None or right_measure is None or left_measure == right_measure:
        return left, right, left_measure or right_measure
    if left_measure.dims != right_measure.dims:
        raise UnitMismatchError(left_measure.bases, right_measure.bases)
    base = Measure(left_measure.dims)
    return scale_by(left, left_measure.scale), scale_by(right, right_measure.scale), base


def _combined_measure(operator: str, left: Measure | None, right: Measure | None) -> Measure | None:
    """Return the measure of a product or quotient; None if neither side has one."""
    if left is None and right is None:
        return None
    left_measure, right_measure = left or _DIMENSIONLESS, right or _DIMENSIONLESS
    return left_measure.times(right_measure) if operator == "×" else left_measure.per(right_measure)


def _bare_factors(node: Expression, *, inverse: bool = False) -> Iterator[Fraction]:
    """Yield the bare numbers that multiply the whole, ``÷1000`` as 1/1000.

    Weights that come to their divisor or less, 甲×40÷100, count as one factor, 2/5.
    """
    weight = _constant_value(node)
    if weight is not None:
        yield 1 / weight if inverse else weight
    elif isinstance(node, Unary):
        yield from _bare_factors(node.operand, inverse=inverse)
    elif isinstance(node, Binary) and (share := _share_of_weights(node)) is not None:
        yield 1 / share if inverse else share
    elif isinstance(node, Binary) and node.operator in "×÷":
        yield from _bare_factors(node.left, inverse=inverse)
        yield from _bare_factors(node.right, inverse=inverse != (node.operator == "÷"))


def _share_of_weights(node: Binary) -> Fraction | None:
    """Return 0.4 for 甲×40÷100, and 1 for (甲×40+乙×60)÷100: no conversion of a unit.

    None if nothing is weighted, or the weights come to more than the divisor.
    """
    divisor = node.right.value if isinstance(node.right, Number) else Fraction(0)
    weights = _sum_of_weights(node.left) if node.operator == "÷" else None
    return weights / divisor if weights is not None and 1 < weights <= divisor else None


def _sum_of_weights(node: Expression) -> Fraction | None:
    """Return the sum of the bare numbers that multiply the terms; None if a term has none."""
    if isinstance(node, Binary) and node.operator == "+":
        left, right = _sum_of_weights(node.left), _sum_of_weights(node.right)
        return None if left is None or right is None else left + right
    if not isinstance(node, Binary) or node.operator != "×":
        return None
    for weighted, number in ((node.left, node.right), (node.right, node.left)):
        if isinstance(number, Number) and names_in(weighted):
            return number.value
    return None


def _constant_value(node: Expression) -> Fraction | None:
    """Return the value of a calculation of bare numbers, such as 100 or (40÷100), but not 0."""
    if isinstance(node, Number):
        return node.value or None
    if not isinstance(node, Binary) or node.operator not in "×÷":
        return None
    left, right = _constant_value(node.left), _constant_value(node.right)
    if left is None or right is None:
        return None
    return left * right if node.operator == "×" else left / right


def scale_by(node: Expression, factor: Fraction) -> Expression:
    """Return the node times a factor, written as whole numbers: ``×10,000``, ``÷1,000``."""
    if factor.numerator != 1:
        node = Binary("×", node, _number_node(Fraction(factor.numerator)))
    if factor.denominator != 1:
        node = Binary("÷", node, _number_node(Fraction(factor.denominator)))
    return node


def _number_node(value: Fraction) -> Number:
    """Return a number node with its exact text."""
    return Number(value, exact_text(value))
