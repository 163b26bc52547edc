"""Tokens → tree, by precedence climbing.

Why no parser generator: on this grammar lark's import and LALR tables took 104-160 ms
of every start, measured, against 9 ms for the scanner and this module; and where the
notes begin needs the whole text, which no token rule of it sees. docs/formula.md has more.
"""

from __future__ import annotations

from typing import cast

from reportgen.formula.fault import MAX_DEPTH, MAX_OPERATORS, FaultError
from reportgen.formula.scan import RATE_SIGN_OF, Brackets, Kind, Token, number_value, scan
from reportgen.formula.tree import (
    Binary,
    Comparison,
    Expression,
    Name,
    Number,
    Operator,
    Percent,
    Relation,
    Sign,
    Tree,
    Unary,
)
from reportgen.names import name_key, visible

_BINDS = {"+": 1, "-": 1, "×": 2, "÷": 2}


def parse_tree(text: str, brackets: Brackets) -> tuple[Tree, int]:
    """The tree, and the offset behind it where notes may follow. Raises FaultError."""
    return _Parser(scan(text, brackets), brackets).whole()


class _Parser:
    def __init__(self, tokens: list[Token], brackets: Brackets) -> None:
        self.tokens = tokens
        self.brackets = brackets
        self.at = 0
        self.depth = 0
        operators = [token for token in tokens if token.kind is Kind.OPERATOR]
        if len(operators) > MAX_OPERATORS:
            place = operators[MAX_OPERATORS]
            raise FaultError("E210", (place.start, place.end), limit=MAX_OPERATORS)

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def whole(self) -> tuple[Tree, int]:
        left = self.expression()
        tree: Tree = left
        if self.next.kind is Kind.RELATION:
            relation = cast("Relation", self.take().text)
            right = self.expression()
            tree = Comparison(relation, left, right, (left.span[0], right.span[1]))
        if self.next.kind is not Kind.END:
            raise self.unexpected_after_term()
        return tree, self.next.start

    def expression(self, floor: int = 1) -> Expression:
        left = self.term()
        while self.next.kind is Kind.OPERATOR and (binds := _BINDS[self.next.text]) >= floor:
            operator = cast("Operator", self.take().text)
            right = self.expression(binds + 1)
            left = Binary(operator, left, right, (left.span[0], right.span[1]))
        return left

    def term(self) -> Expression:
        token = self.next
        if token.kind is Kind.NAME:
            self.take()
            written = visible(token.text)
            return Name(written, name_key(written), (token.start, token.end))
        if token.kind is Kind.NUMBER:
            return self.number()
        if token.kind is Kind.OPEN or token.text in {"+", "-"}:
            return self.nested()
        raise self.unexpected_for_term()

    def number(self) -> Expression:
        token = self.take()
        number = Number(number_value(token.text), token.text, (token.start, token.end))
        if self.next.kind is not Kind.PERCENT:
            return number
        sign = self.take()
        return Percent(number, RATE_SIGN_OF[sign.text], (token.start, sign.end))

    def nested(self) -> Expression:
        token = self.take()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FaultError("E211", (token.start, token.end), limit=MAX_DEPTH)
        if token.kind is Kind.OPEN:
            inner = self.bracketed(token)
        else:
            operand = self.term()
            inner = Unary(cast("Sign", token.text), operand, (token.start, operand.span[1]))
        self.depth -= 1
        return inner

    def bracketed(self, opening: Token) -> Expression:
        if opening.start not in self.brackets.partner:
            raise FaultError("E208", (opening.start, opening.end))
        inner = self.expression()
        if self.next.kind is not Kind.CLOSE:
            raise self.unexpected_after_term()
        self.take()
        return inner

    def unexpected_for_term(self) -> FaultError:
        """What to say where a name, a number or a bracket should begin."""
        token, before = self.next, self.tokens[self.at - 1] if self.at else None
        span = (token.start, token.end)
        if token.kind is Kind.END:
            assert before is not None  # a text without tokens is blank, E201
            return FaultError("E214", (before.start, before.end))
        if token.kind is Kind.RELATION:
            return FaultError("E212", span)
        if token.kind is Kind.PERCENT:
            return FaultError("E215", span)
        if token.kind is Kind.MARK:
            return FaultError("E216", span)
        return FaultError("E213", span)

    def unexpected_after_term(self) -> FaultError:
        """What to say where an operator, a closing bracket or the end should come."""
        token = self.next
        span = (token.start, token.end)
        if token.kind is Kind.OPEN and token.start in self.brackets.partner:
            return FaultError("E204", span)
        code = {
            Kind.OPEN: "E208",
            Kind.CLOSE: "E208",
            Kind.RELATION: "E212",
            Kind.PERCENT: "E215",
            Kind.MARK: "E216",
        }.get(token.kind, "E204")
        return FaultError(code, span)
