"""Walks over trees: the order of what is found, and what is replaced."""

from __future__ import annotations

import pytest

from reportgen.formula import parse_formula, unparse
from reportgen.formula.syntax_tree import (
    Binary,
    Comparison,
    Name,
    Percent,
    Tree,
    Unary,
    divides,
    map_names,
    names_in,
    sides_of,
    walk,
)


def tree_of(text: str) -> Tree:
    formula, problems = parse_formula(text)
    assert formula is not None, problems
    return formula.tree


def shown(node: Tree) -> str:
    if isinstance(node, Binary):
        return node.operator
    if isinstance(node, Comparison):
        return node.relation
    if isinstance(node, Unary):
        return f"sign {node.sign}"
    if isinstance(node, Percent):
        return f"{node.number.text}{node.sign}"
    return node.text


def test_nodes_are_in_the_order_of_the_text() -> None:
    tree = tree_of("-(甲+乙)×50% ≥ 丙-7")
    assert [shown(node) for node in walk(tree)] == [
        "sign -", "甲", "+", "乙", "×", "50%", "50", "≥", "丙", "-", "7",
    ]  # fmt: skip


def test_each_name_is_found_once() -> None:
    assert [name.text for name in names_in(tree_of("乙+甲×乙 ≥ 丙-甲"))] == ["乙", "甲", "丙"]
    assert names_in(tree_of("1+2")) == ()


def test_every_name_is_replaced_and_nothing_else() -> None:
    tree = tree_of("-(甲+乙)×50%-甲÷3")
    assert not isinstance(tree, Comparison)
    replaced = map_names(tree, lambda name: Name(f"{name.text}數", f"{name.key}數"))
    assert unparse(replaced) == "-(甲數+乙數)×50%-甲數÷3"
    assert replaced.span == tree.span
    signed = tree_of("-甲")
    assert not isinstance(signed, Comparison)
    assert map_names(signed, lambda name: name).span == signed.span


@pytest.mark.parametrize(
    ("text", "is_quotient"),
    [
        ("甲÷乙", True),
        ("1-甲÷乙", True),
        ("甲×乙", False),
        ("甲 ≥ 乙÷丙", False),
        ("甲÷乙 ≥ 1", True),
    ],
)
def test_a_quotient_is_on_the_left_side(text: str, is_quotient: bool) -> None:
    assert divides(tree_of(text)) is is_quotient


def test_a_comparison_has_two_sides() -> None:
    assert [unparse(side) for side in sides_of(tree_of("甲 ≥ 乙+1"))] == ["甲", "乙+1"]
    assert [unparse(side) for side in sides_of(tree_of("乙+1"))] == ["乙+1"]
