"""Translation into Excel and LibreOffice formulas, with a bound for the arithmetic error.

Spreadsheets count in binary (IEEE 754 doubles), the program in fractions. So that both round
to the same digit, a result within the bound of a tie counts as the tie: 17/160 is 10.625 %,
and rounds up, whatever the last bits say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.formula.rounding import exact_text
from reportgen.formula.syntax_tree import Binary, Expression, Name, Number, Percent, Unary, walk
from reportgen.formula.units import RATE_SIGNS
from reportgen.formula.unparser import parenthesize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.formula.unparser import PrecedenceText

MAX_FORMULA_CHARS: Final = 8_000  # characters; Excel takes 8,192 in a formula
_EXCEL_OPERATORS: Final = {"+": "+", "-": "-", "×": "*", "÷": "/"}
_PRECEDENCE: Final = {"+": 1, "-": 1, "×": 2, "÷": 2}
_SIGN_PRECEDENCE: Final = 3
_ATOM_PRECEDENCE: Final = 4
_RELATIVE_ERROR: Final = 2.3e-16  # of one operation, relative to its operands
_ZERO_TOLERANCE: Final = (
    5.5e-15  # below it both programs take a difference for zero: 15 digits count
)


@dataclass(frozen=True, slots=True)
class CellOperand:
    """The cell of a name's figure, and an upper bound of its absolute value.

    ``size`` is a formula, in brackets if it is a sum; it differs from ``ABS(cell)`` where
    the cell sums ``parts`` others.
    """

    cell: str
    size: str
    parts: int = 1


@dataclass(frozen=True, slots=True)
class ExcelFormula:
    """A formula without its ``=``; an error value if a denominator is zero."""

    value: str
    error_bound: str  # a formula as well: how far ``value`` may be off


def to_excel(tree: Expression, names: Mapping[str, CellOperand]) -> ExcelFormula:
    """Return the spreadsheet formula of a tree whose names stand for these cells.

    A denominator that is zero but for the error of its arithmetic is made zero. Raises
    KeyError for a name without a cell, and FormulaTooLongError for more than Excel takes.
    """
    return _Translation(names).of(tree)


class FormulaTooLongError(ValueError):
    """A formula longer than Excel takes: each sum in a denominator is written thrice."""


class _Translation:
    """The translation of trees whose names stand for the cells ``names``."""

    def __init__(self, names: Mapping[str, CellOperand]) -> None:
        self.names = names
        # By node: a text is made once, however often it occurs in the whole.
        self._values: dict[int, PrecedenceText] = {}
        self._sizes: dict[int, PrecedenceText] = {}

    def of(self, tree: Expression) -> ExcelFormula:
        """Return the formulas for an expression's value and for a bound of its rounding error.

        Raises KeyError and FormulaTooLongError as :func:`to_excel`.
        """
        size = self._size(tree)[0]
        return ExcelFormula(self._value(tree)[0], f"{self._relative_error(tree):.1E}*({size})")

    def _value(self, node: Expression) -> PrecedenceText:
        """Return the Excel formula of a node's value with its precedence; cached."""
        if id(node) not in self._values:
            self._values[id(node)] = _checked_length(self._new_value(node))
        return self._values[id(node)]

    def _new_value(self, node: Expression) -> PrecedenceText:
        """Return the Excel formula for the value of a node, with its precedence.

        ``_value`` caches it.
        """
        if isinstance(node, Name):
            return self.names[node.key].cell, _ATOM_PRECEDENCE
        if isinstance(node, Number):
            return _digits(node), _ATOM_PRECEDENCE
        if isinstance(node, Percent):
            digits = _digits(node.number)
            return (
                f"{digits}%" if node.sign == "%" else f"({digits}/{RATE_SIGNS[node.sign]})",
                _ATOM_PRECEDENCE,
            )
        if isinstance(node, Unary):
            operand = self._value(node.operand)
            text = parenthesize(operand, _ATOM_PRECEDENCE)
            return (f"-{text}", _SIGN_PRECEDENCE) if node.sign == "-" else (text, _ATOM_PRECEDENCE)
        return _binary_piece(node, self._value(node.left), self._right_operand(node))

    def _right_operand(self, node: Binary) -> PrecedenceText:
        """Return a right operand.

        A divisor with a sum becomes 0 where it is within its rounding error.
        """
        right = self._value(node.right)
        if node.operator == "÷" and _contains_sum(node.right):
            is_zero = f"ABS({right[0]})<={self.of(node.right).error_bound}"
            return f"IF({is_zero},0,{right[0]})", _ATOM_PRECEDENCE
        return right

    def _size(self, node: Expression) -> PrecedenceText:
        """Return the formula for the sum of all absolute terms: errors grow with it."""
        if id(node) not in self._sizes:
            self._sizes[id(node)] = _checked_length(self._new_size(node))
        return self._sizes[id(node)]

    def _new_size(self, node: Expression) -> PrecedenceText:
        """Return the formula for the sum of a node's absolute terms; ``_size`` caches it."""
        if isinstance(node, Name):
            return self.names[node.key].size, _ATOM_PRECEDENCE
        if isinstance(node, Number | Percent):
            return self._value(node)
        if isinstance(node, Unary):
            return self._size(node.operand)
        left, right = self._size(node.left), self._size(node.right)
        if node.operator != "÷":
            return _binary_piece(node, left, right, "+" if node.operator in "+-" else "*")
        divisor = self._value(node.right)[0]
        if _contains_sum(node.right):
            return f"{parenthesize(left, 2)}*{parenthesize(right, 3)}/({divisor})^2", 2
        return f"{parenthesize(left, 2)}/ABS({divisor})", 2

    def _relative_error(self, tree: Expression) -> float:
        """Return the relative error of double precision that the operations of a tree add up to."""
        names = [self.names[node.key].parts for node in walk(tree) if isinstance(node, Name)]
        operations = 6 + sum(names) + sum(isinstance(node, Binary) for node in walk(tree))
        return operations * _RELATIVE_ERROR + _ZERO_TOLERANCE


def _checked_length(piece: PrecedenceText) -> PrecedenceText:
    """Return the text; raises FormulaTooLongError beyond MAX_FORMULA_CHARS."""
    if len(piece[0]) > MAX_FORMULA_CHARS:
        raise FormulaTooLongError
    return piece


def _binary_piece(
    node: Binary, left: PrecedenceText, right: PrecedenceText, sign: str = ""
) -> PrecedenceText:
    """Return two operands joined by their Excel operator, or ``sign``, with brackets as needed."""
    sign = sign or _EXCEL_OPERATORS[node.operator]
    binds = _PRECEDENCE[node.operator]
    floor = _ATOM_PRECEDENCE if right[1] == _SIGN_PRECEDENCE else binds + 1
    return f"{parenthesize(left, binds)}{sign}{parenthesize(right, floor)}", binds


def _contains_sum(tree: Expression) -> bool:
    """Return whether a node has a sum or difference within it."""
    return any(isinstance(node, Binary) and node.operator in "+-" for node in walk(tree))


def _digits(number: Number) -> str:
    """Return the number in ASCII digits without commas."""
    return exact_text(number.value).replace(",", "")
