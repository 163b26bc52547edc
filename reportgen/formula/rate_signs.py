"""Formulas that multiply by the sign of their own unit, % or ‰: ``甲/乙×100%``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.formula.syntax_tree import Binary, Comparison, Number, Percent, Unary
from reportgen.formula.units import RATE_SIGNS

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Expression, Tree


def stated_sign(tree: Tree) -> str:
    """Return the sign of the unit that a formula multiplies by, ``×100%`` or ``×1000‰``.

    Empty if it multiplies by none. A term ``100%`` of a sum counts as well: in
    ``100%-甲/乙`` the figure is in %. Weights such as ``甲×60%+乙×40%`` do not.
    """
    return _sign_of_node(tree.left if isinstance(tree, Comparison) else tree)


def _sign_of_node(node: Expression) -> str:
    """Return the % or ‰ that the figure of a node is in; empty if none multiplies the whole.

    Of a sum, the sign of the first term that has one.
    """
    if isinstance(node, Percent):
        return node.sign if node.number.value == RATE_SIGNS[node.sign] else ""
    if isinstance(node, Unary):
        return _sign_of_node(node.operand)
    if not isinstance(node, Binary):
        return ""
    if node.operator in "+-":
        return _sign_of_node(node.left) or _sign_of_node(node.right)
    if node.operator == "÷" and isinstance(node.right, Number):
        return _sign_of_node(node.left)  # a mean is in % where its terms are
    # A sum in a bracket is a factor like any other: 人數×(100%-比率) counts people.
    sides = (side for side in (node.left, node.right) if not _is_sum(side))
    return next((sign for side in sides if (sign := _sign_of_node(side))), "")


def _is_sum(node: Expression) -> bool:
    """Return whether a node is a sum or difference."""
    return isinstance(node, Binary) and node.operator in "+-"
