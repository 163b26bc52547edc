"""Formulas without an expression: 分子 and 分母, a drawn fraction, weights in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reportgen.formula import keywords
from reportgen.formula.expression_finder import ExpressionFinder, FoundExpression, parse_expression
from reportgen.formula.legend import find_drawn_fraction, text_outside
from reportgen.formula.parse_errors import FormulaError
from reportgen.formula.syntax_tree import (
    Binary,
    Comparison,
    Expression,
    Number,
    Percent,
    names_in,
)
from reportgen.formula.tokens import number_value
from reportgen.formula.vocabulary import names_items
from reportgen.formula.weighted_sums import read_weights
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.formula.legend import Definition
    from reportgen.formula.syntax_tree import Span
    from reportgen.formula.vocabulary import Vocabulary

_SIGN_OF_CAPTION: Final = re.compile(r".*[=＝:：]")
# A line of signs for minus, which would be calculated with: it is drawn.
_DASHES: Final = re.compile(r"(?<=\n)[ \t\u3000]{0,40}[-－−–]{2,200}[ \t\u3000]{0,40}(?=\n)")
_RATE_FACTOR: Final = re.compile(
    r"[\s，,；;]{0,9}[×xXｘＸ*＊✕╳]\s{0,9}(1[0,]{0,9}0)\s{0,9}([%％﹪‰])?"
)


def find_quotient(
    text: str,
    vocabulary: Vocabulary | None,
    definitions: tuple[Definition, ...],
    legend: Mapping[str, Expression],
) -> FoundExpression | None:
    """Return the calculation that a text states without an expression; None for another text.

    Tried in this order: a drawn fraction, weights in words, 分子 and 分母. Without a vocabulary
    there is none. Raises FormulaError if the text behind it cannot be read, and E216 for a line
    of dashes that draws no fraction.
    """
    if vocabulary is None:
        return None
    found = (
        _drawn_fraction(text, vocabulary)
        or _weighted_sum(text, vocabulary)
        or _numerator_over_denominator(text, vocabulary, definitions, legend)
    )
    if found is None and (dashes := _DASHES.search(text)):
        raise FormulaError("E216", dashes.span())
    return found


def _numerator_over_denominator(
    text: str,
    vocabulary: Vocabulary,
    definitions: tuple[Definition, ...],
    legend: Mapping[str, Expression],
) -> FoundExpression | None:
    """Return the quotient of 分子：甲 分母：乙 if no formula uses the two; else None."""
    numerator, denominator = legend.get(name_key("分子")), legend.get(name_key("分母"))
    if numerator is None or denominator is None:
        return None
    outside = "".join(text[slice(*piece)] for piece in text_outside(text, definitions))
    if "分子" in outside or "分母" in outside:
        return None
    tree = _fraction(numerator, denominator, (0, len(text)))
    for definition in definitions:  # 分母為乙，再除以丙
        step = keywords.NEXT_STEP.search(text, *definition.value)
        if step and isinstance(tree, Binary) and tree.operator == "÷":
            raise FormulaError("E231", step.span())
    after_definitions = max(definition.region[1] for definition in definitions)
    return _with_factor(text, vocabulary, tree, (after_definitions, len(text)))


def _drawn_fraction(text: str, vocabulary: Vocabulary) -> FoundExpression | None:
    """Return the quotient of a drawn fraction, 甲 over ────── over 乙; None for another text.

    All its names must be items of the workbook.
    """
    drawn = find_drawn_fraction(text)
    if drawn is None or names_items(drawn["caption"], vocabulary):
        return None
    start, end = drawn.span("above")
    numerator = parse_expression(text, (start, end), vocabulary)
    if numerator is None and (caption := _SIGN_OF_CAPTION.match(text, start, end)):
        numerator = parse_expression(text, (caption.end(), end), vocabulary)
    start, end = drawn.span("below")
    below = ExpressionFinder(text, (start, len(text)), vocabulary, {}, is_rule=False).find()
    if numerator is None or below is None or isinstance(below.tree, Comparison):
        return None
    names = (*names_in(numerator), *names_in(below.tree))
    is_known = names and all(name.source in vocabulary.items for name in names)
    if not is_known or strip_invisible(text[start : below.start]):
        return None
    tree = _fraction(numerator, below.tree, drawn.span())
    if any(name.span[1] > end for name in names_in(below.tree)):
        raise FormulaError("E204", (end, len(text)))
    found = _with_factor(text, vocabulary, tree, drawn.span("behind"))
    return replace(found, tail=found.tail.followed_by(below.tail))


def _weighted_sum(text: str, vocabulary: Vocabulary) -> FoundExpression | None:
    """Return the weighted sum of 書面審查占40%、實地查核占60%; None for another text."""
    weighted = read_weights(text, vocabulary)
    return (
        _with_factor(text, vocabulary, weighted[0], (weighted[1], len(text))) if weighted else None
    )


def _with_factor(
    text: str, vocabulary: Vocabulary, tree: Expression, behind: Span
) -> FoundExpression:
    """Return the calculation with the ×100% and notes in the span ``behind``.

    Raise E204 for other text.
    """
    start, end = behind
    factor_match = _RATE_FACTOR.match(text, start, end)
    if factor_match:
        number = Number(number_value(factor_match[1]), factor_match[1])
        factor = Percent(number, name_key(factor_match[2])) if factor_match[2] else number
        tree, start = Binary("×", tree, factor, tree.span), factor_match.end()
    tail = ExpressionFinder(text, behind, vocabulary, {}, is_rule=False).tail(start)
    if tail is None:
        raise FormulaError("E204", behind)
    return FoundExpression(tree=tree, start=0, tail=tail)


def _fraction(numerator: Expression, denominator: Expression, span: Span) -> Expression:
    """Return the quotient; a factor without names in the denominator multiplies the whole."""
    if (
        isinstance(denominator, Binary)
        and denominator.operator == "×"
        and not names_in(denominator.right)
    ):
        return Binary("×", Binary("÷", numerator, denominator.left, span), denominator.right, span)
    return Binary("÷", numerator, denominator, span)
