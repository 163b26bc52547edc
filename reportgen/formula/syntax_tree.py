"""The syntax tree of a formula, shared by parsing, evaluation and printing.

Spans are ``(start, end)`` offsets into the source text and take no part in equality.
Brackets leave no node: the shape of the tree expresses them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from reportgen.formula.units import RATE_SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

Span = tuple[int, int]
NO_SPAN: Span = (0, 0)

Sign = Literal["+", "-"]
Operator = Literal["+", "-", "×", "÷"]
Relation = Literal["≥", "≤", ">", "<", "="]


@dataclass(frozen=True, slots=True)
class Number:
    """A figure written in the formula: ``text`` in ASCII digits, ``1,234.5``.

    ``unit`` follows a constant such as 365天.
    """

    value: Fraction
    text: str
    span: Span = field(default=NO_SPAN, compare=False)
    unit: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Percent:
    """A number followed by ``%``, ``‰`` or ``‱``: hundredths, thousandths, ten-thousandths."""

    number: Number
    sign: str = "%"
    span: Span = field(default=NO_SPAN, compare=False)

    @property
    def value(self) -> Fraction:
        """The ratio that the number represents."""
        return self.number.value / RATE_SIGNS[self.sign]


@dataclass(frozen=True, slots=True)
class Name:
    """A 資料項: ``text`` as written without white space, ``key`` its key for matching.

    The figure is that of ``item`` if the name stands for another (上年度破獲數, a letter
    of the legend), ``offset`` years from the year in question, and the sum of the components
    ``parts`` if the formula names them for this name alone.
    """

    text: str
    key: str
    span: Span = field(default=NO_SPAN, compare=False)
    item: str = ""  # a key; empty: ``key``
    offset: int = 0
    parts: tuple[str, ...] = ()  # components as written

    @property
    def source(self) -> str:
        """The key of the 資料項 whose figure it is."""
        return self.item or self.key


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign before a term."""

    sign: Sign
    operand: Expression
    span: Span = field(default=NO_SPAN, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """Two terms and the operator between them."""

    operator: Operator
    left: Expression
    right: Expression
    span: Span = field(default=NO_SPAN, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A ≥ KPI: ``left`` is its value, ``right`` its threshold. Only ever the root."""

    relation: Relation
    left: Expression
    right: Expression
    span: Span = field(default=NO_SPAN, compare=False)


Expression = Number | Percent | Name | Unary | Binary
Tree = Expression | Comparison


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield every node, in the order of the text: left, operator, right; a sign before its term."""
    if isinstance(tree, Binary | Comparison):
        yield from walk(tree.left)
        yield tree
        yield from walk(tree.right)
        return
    yield tree
    if isinstance(tree, Unary):
        yield from walk(tree.operand)
    elif isinstance(tree, Percent):
        yield tree.number


def map_names(tree: Expression, change: Callable[[Name], Expression]) -> Expression:
    """Return the tree with each name replaced by what ``change`` returns for it."""
    if isinstance(tree, Name):
        return change(tree)
    if isinstance(tree, Unary):
        return Unary(tree.sign, map_names(tree.operand, change), tree.span)
    if isinstance(tree, Binary):
        left, right = map_names(tree.left, change), map_names(tree.right, change)
        return Binary(tree.operator, left, right, tree.span)
    return tree


def divides(tree: Tree) -> bool:
    """Return whether the tree, or a comparison's left side, contains a quotient."""
    left = tree.left if isinstance(tree, Comparison) else tree
    return any(isinstance(node, Binary) and node.operator == "÷" for node in walk(left))


def sides_of(tree: Tree) -> tuple[Expression, ...]:
    """Return the sides of a comparison, or the one expression."""
    return (tree.left, tree.right) if isinstance(tree, Comparison) else (tree,)


def names_in(tree: Tree) -> tuple[Name, ...]:
    """Return each name once by its key, in the order in which they first appear."""
    by_key: dict[str, Name] = {}
    for node in walk(tree):
        if isinstance(node, Name):
            by_key.setdefault(node.key, node)
    return tuple(by_key.values())
