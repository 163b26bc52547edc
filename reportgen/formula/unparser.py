"""Printing of a tree as text, with names or with figures in their place.

The printed text can be parsed again: ``parse(show(tree))`` gives the same tree, and the
substitution of a known result, read as a formula, evaluates to that result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.formula.syntax_tree import Binary, Comparison, Name, Number, Percent, Tree, Unary

if TYPE_CHECKING:
    from collections.abc import Callable

_PRECEDENCE = {"+": 1, "-": 1, "×": 2, "÷": 2}
_SIGN_PRECEDENCE = 3
_ATOM_PRECEDENCE = 4

PrecedenceText = tuple[str, int]  # a text, and how tightly its outermost operator binds


def unparse(tree: Tree) -> str:
    """Return the tree in one canonical spelling, without needless brackets: ``(甲+乙)÷丙×100%``."""
    return unparse_with(tree, name_piece)


def name_piece(name: Name) -> PrecedenceText:
    """Return a name as written, in brackets if its last bracket could be read as a note."""
    return f"({name.text})" if name.text[-1:] in ")）﹚]］〕}｝" else name.text, _ATOM_PRECEDENCE


def unparse_with(tree: Tree, name: Callable[[Name], PrecedenceText]) -> str:
    """Return the tree as text; ``name`` gives the text of each name and how tightly it binds."""
    if isinstance(tree, Comparison):
        left = unparse_with(tree.left, name)
        if tree.relation == "=" and isinstance(tree.left, Name) and not left.startswith("("):
            left = f"({left})"  # 甲 = 乙 would make 甲 the caption of 乙
        return f"{left} {tree.relation} {unparse_with(tree.right, name)}"
    return _expression_piece(tree, name)[0]


def parenthesize(piece: PrecedenceText, floor: int) -> str:
    """Return the text of a piece, in brackets if it binds more loosely than ``floor``."""
    text, precedence = piece
    return text if precedence >= floor else f"({text})"


def _expression_piece(tree: Tree, name: Callable[[Name], PrecedenceText]) -> PrecedenceText:
    """Return the text of a tree with its precedence; ``name`` supplies the text of a name."""
    if isinstance(tree, Name):
        return name(tree)
    if isinstance(tree, Number):
        return tree.text, _ATOM_PRECEDENCE
    if isinstance(tree, Percent):
        return f"{tree.number.text}{tree.sign}", _ATOM_PRECEDENCE
    if isinstance(tree, Unary):
        return (
            f"{tree.sign}{parenthesize(_expression_piece(tree.operand, name), _ATOM_PRECEDENCE)}",
            _SIGN_PRECEDENCE,
        )
    assert isinstance(tree, Binary)
    precedence = _PRECEDENCE[tree.operator]
    left = _expression_piece(tree.left, name)
    right = _expression_piece(tree.right, name)
    # A sign behind an operator reads better in brackets: 甲-(-乙), 甲-(-乙×丙).
    floor = _ATOM_PRECEDENCE if right[0].startswith(("+", "-")) else precedence + 1
    return (
        f"{parenthesize(left, precedence)}{tree.operator}{parenthesize(right, floor)}",
        precedence,
    )
