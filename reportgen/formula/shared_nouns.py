"""One noun for all terms of a sum: 路邊＋路外停車位數, (公立＋私立)名額."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.formula.syntax_tree import Binary, Comparison, Expression, Name, Tree
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Mapping


def share_last_noun(tree: Tree, items: Mapping[str, str]) -> Tree:
    """Return the tree with the end of a sum's last name behind the unknown names before it.

    路邊＋路外停車位數 is 路邊停車位數+路外停車位數 if both are items and 路邊 is none. A sum
    for which two ends would do is unchanged.
    """
    if isinstance(tree, Comparison):
        left, right = _share_in(tree.left, items), _share_in(tree.right, items)
        return Comparison(tree.relation, left, right, tree.span)
    return _share_in(tree, items)


def share_noun_behind(node: Expression, noun: str, items: Mapping[str, str]) -> Expression | None:
    """Return (公立＋私立)名額 as 公立名額+私立名額; None unless just these are items."""
    names = _added_names(node)
    if names is None or len(names) < 2 or any(name.source in items for name in names):
        return None
    if not all(name.key + name_key(noun) in items for name in names):
        return None
    return _with_noun(node, noun, items)


def _share_in(node: Expression, items: Mapping[str, str]) -> Expression:
    """Return an expression with the nouns of its sums shared."""
    if not isinstance(node, Binary):
        return node
    names = _added_names(node)
    if names is None:
        left, right = _share_in(node.left, items), _share_in(node.right, items)
        return Binary(node.operator, left, right, node.span)
    last = names[-1]
    unknown = [name for name in names if name.source not in items]
    if last.source not in items or not unknown:
        return node
    nouns = [
        last.text[start:]
        for start in range(1, len(last.text))
        if all(name.key + name_key(last.text[start:]) in items for name in unknown)
    ]
    return _with_noun(node, nouns[0], items) if len(nouns) == 1 else node


def _added_names(node: Expression) -> list[Name] | None:
    """Return the names of a sum of nothing but names, in order; None for anything else."""
    if isinstance(node, Name):
        return [node]
    if not isinstance(node, Binary) or node.operator != "+":
        return None
    left, right = _added_names(node.left), _added_names(node.right)
    return None if left is None or right is None else left + right


def _with_noun(node: Expression, noun: str, items: Mapping[str, str]) -> Expression:
    """Return a sum with a noun behind each name that is no item."""
    if isinstance(node, Binary):
        left, right = _with_noun(node.left, noun, items), _with_noun(node.right, noun, items)
        return Binary(node.operator, left, right, node.span)
    if not isinstance(node, Name) or node.source in items:
        return node
    text = node.text + strip_invisible(noun)
    return Name(text, name_key(text), node.span)
