"""Precedence-climbing parser from tokens to a tree.

The grammar, but for words (:mod:`~reportgen.formula.keywords`)::

    formula    = steps [relation steps]
    steps      = expression {STEP expression}    # 甲除以乙，再乘以10萬: applies to all before
    expression = term {("+" | "-" | "×" | "÷") term}
    term       = ["+" | "-"] (name | number ["%" | "‰" | "‱"] | "(" steps ")" | function | list)
    function   = ("平均" | "合計" | "Σ") ("(" expression {"、" expression} ")" | term)
    list       = name {("、" | "及") name} ("之平均" | "合計" | "之差")

Why no parser generator: on this grammar lark's import and LALR tables took 104-160 ms
of every start, measured, against 9 ms for the lexer and this module; and where the
notes begin needs the whole text, which no token rule of it sees. docs/formula.md has more.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from reportgen.formula import keywords
from reportgen.formula.name_qualifiers import read_explanation, read_label, read_qualifier
from reportgen.formula.parse_errors import MAX_DEPTH, MAX_OPERATORS, FormulaError
from reportgen.formula.shared_nouns import share_noun_behind
from reportgen.formula.syntax_tree import (
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
    map_names,
    names_in,
    walk,
)
from reportgen.formula.tokens import OPERATORS, Token, TokenKind, number_value
from reportgen.formula.trailing_notes import Note, bare_unit, stated_unit
from reportgen.formula.vocabulary import LAST_YEAR
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.formula.lexer import Lexer
    from reportgen.formula.name_qualifiers import Bracket
    from reportgen.formula.syntax_tree import Span

MAX_LIST_MEMBERS = 50  # of a list in words
_PRECEDENCE = {"+": 1, "-": 1, "×": 2, "÷": 2}
_OPERATOR = re.compile(f"[{re.escape(''.join(OPERATORS))}]")


class Parser:
    """Parser of successive expressions of a text, from ``start`` on.

    Each method moves :attr:`at` behind what it consumes; what a text says beside its tree
    (notes, labels, definitions, units) is kept in attributes. Errors are FormulaError.
    """

    def __init__(self, lexer: Lexer, start: int = 0) -> None:
        self.lexer = lexer
        self.brackets = lexer.brackets
        self.at = start  # the position behind the last token
        self.last: Token | None = None  # the last token
        self.depth = 0
        self.operators = 0
        self.lists = 0  # how many lists of a function are open here
        self.is_share = False  # whether 占 divides somewhere
        self.sign = ""  # % for a word such as 增加之百分點
        # What names are explained to be made of: 接種人次(第一劑+第二劑).
        self.definitions: list[tuple[Expression, Expression]] = []
        self.labels: dict[str, str] = {}  # in brackets behind names, by item
        self.notes: list[Note] = []  # before a comparison, or behind an item
        self.ignored_notes: list[Note] = []  # notes without effect
        self.remarks: list[tuple[Name, str]] = []  # other brackets behind names: 件數(男)
        self.unit_notes: list[tuple[Name, str]] = []  # 經費(千元)
        self._levels: list[list[Token]] = [[]]  # the operators of each open bracket
        self._lookahead: tuple[int, bool, Token] | None = None
        self.tree_read: Expression  # the left side, once it is read

    # --- tokens ---------------------------------------------------------------------

    def operand(self) -> Token:
        """Return the next token at a position where a term should begin, without consuming it."""
        return self._peek(True)

    def operator(self) -> Token:
        """Return the next token at a position where a term has ended, without consuming it."""
        return self._peek(False)

    def _peek(self, is_operand: bool) -> Token:
        """Return the next token as an operand or as an operator, without consuming it.

        The token is cached by position.
        """
        if self._lookahead is None or self._lookahead[:2] != (self.at, is_operand):
            scan = self.lexer.operand if is_operand else self.lexer.operator
            self._lookahead = (self.at, is_operand, scan(self.at, in_list=self.lists > 0))
        return self._lookahead[2]

    def take(self) -> Token:
        """Consume the token that was last peeked at, and return it; one must have been."""
        assert self._lookahead is not None
        token = self._lookahead[2]
        self.at, self.last = token.end, token
        return token

    def _take_operator(self) -> Token:
        """Return the next operator, consumed and counted.

        Raise E210 for more than MAX_OPERATORS.
        """
        token = self.take()
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            raise FormulaError("E210", (token.start, token.end), limit=MAX_OPERATORS)
        if token.kind is TokenKind.OPERATOR:
            self._levels[-1].append(token)
        self.is_share = self.is_share or token.is_share
        return token

    # --- expressions ----------------------------------------------------------------

    def formula(self, *, has_caption: bool = False) -> Tree:
        """Return an expression, or two with a comparison between them.

        Behind a caption and its ``=`` (``has_caption``) another ``=`` is no comparison:
        失業率=甲/乙=3.95%. Text behind the expression is left to the caller.
        """
        left = self.tree_read = self.expression_with_steps()
        self._skip_unit()
        if self.operator().kind is not TokenKind.RELATION or self.is_trailing_equals():
            return left
        if has_caption and self.operator().text == "=":
            return left
        relation = cast("Relation", self.take().text)
        right = self.expression_with_steps()
        return Comparison(relation, left, right, (left.span[0], right.span[1]))

    def _skip_unit(self) -> None:
        """Consume a unit in brackets before a comparison as a note: 甲/乙×100(%)≥80.

        Without a vocabulary, and before anything else than a comparison, nothing is consumed.
        """
        token = self.operator()
        close = self.brackets.partner.get(token.start, -1)
        if self.lexer.vocabulary is None or token.kind is not TokenKind.OPEN or close < token.start:
            return
        note = Note(self.lexer.text[token.end : close], (token.start, close + 1))
        is_unit = bare_unit(note) is not None or stated_unit(note) is not None
        if is_unit and self.lexer.operator(close + 1).kind is TokenKind.RELATION:
            self.notes.append(note)
            self.at = close + 1

    def expression_with_steps(self) -> Expression:
        """Return an expression with the steps that follow it: 甲除以乙，再乘以10萬.

        Raises FormulaError, besides the parser's other errors, for an ambiguous order (E231).
        """
        self._levels.append([])
        left = self.expression()
        while self.operator().kind is TokenKind.STEP:
            self._refuse_doubtful_order(self._levels.pop())
            step = self._take_operator()
            self._levels.append([])
            right = self.expression(_PRECEDENCE[step.text] + 1)
            left = _binary(step, left, right)
            while self.operator().kind is TokenKind.OPERATOR:
                token = self._take_operator()
                right = self.expression(_PRECEDENCE[token.text] + 1)
                left = _binary(token, left, right)
        self._refuse_doubtful_order(self._levels.pop())
        return left

    def expression(self, floor: int = 1) -> Expression:
        """Return terms and the operators between them of precedence ``floor`` or higher."""
        left = self.term()
        while (
            self.operator().kind is TokenKind.OPERATOR
            and _PRECEDENCE[self.operator().text] >= floor
        ):
            token = self._take_operator()
            right = self.expression(_PRECEDENCE[token.text] + 1)
            self._refuse_range(left, token, right)
            left = _binary(token, left, right)
        return left

    def _refuse_range(self, left: Expression, token: Token, right: Expression) -> None:
        """Raise FormulaError (E217) for 1-12月累計件數, of which only 12月累計件數 is known."""
        first_node = next(iter(walk(right)))
        if token.text != "-" or not isinstance(left, Number) or not isinstance(first_node, Name):
            return
        is_glued = left.span[1] == token.start and token.end == first_node.span[0]
        if self.lexer.vocabulary and is_glued and keywords.DATED.match(first_node.text):
            span = (left.span[0], first_node.span[1])
            text = strip_invisible(self.lexer.text[slice(*span)])
            raise FormulaError("E217", span, found=text)

    def _refuse_doubtful_order(self, tokens: list[Token]) -> None:
        """Raise FormulaError (E231) if the order of operations is ambiguous.

        That is 甲加乙除以丙 in words, 甲+乙 with ÷丙 on a line of its own, and 甲+乙÷2, perhaps
        a mean. ``tokens`` are the operators of one bracket.
        """
        products = [token for token in tokens if token.text in "×÷"]
        sums = [token for token in tokens if token.text in "+-"]
        divisors_below = [
            token
            for token in products
            if token.text == "÷" and self.lexer.stands_below_a_name(token.start)
            if any(addition.start < token.start for addition in sums)
        ]
        is_worded = any(token.is_word for token in tokens)
        is_doubtful = is_worded or divisors_below or self._may_be_mean(tokens)
        if self.lexer.vocabulary and products and sums and is_doubtful:
            doubtful = divisors_below[0] if divisors_below else products[0]
            raise FormulaError("E231", (doubtful.start, doubtful.end))

    def _may_be_mean(self, tokens: Sequence[Token]) -> bool:
        """Return whether terms are added and the last is divided by their number: 甲+乙+丙÷3."""
        signs = "".join(token.text for token in tokens)
        count = len(signs) - len(signs.lstrip("+"))
        if not count or signs[count : count + 1] != "÷" or signs[count + 1 :].strip("×"):
            return False
        divisor = self.lexer.operand(tokens[count].end)
        if divisor.kind is TokenKind.NUMBER:
            return number_value(divisor.text) == count + 1
        return isinstance(divisor.term, Number) and divisor.term.value == count + 1

    def is_trailing_equals(self) -> bool:
        """Return whether only a unit or notes follow the next ``=``: 甲/乙＝(單位：%)."""
        token = self.operator()
        if token.text != "=":
            return False
        after = self.lexer.operator(token.end)
        if after.kind is TokenKind.END:
            return not self._is_operand(after.start)
        return after.kind is TokenKind.PERCENT

    def _is_operand(self, opening: int) -> bool:
        """Return whether a bracket at the end of the text is calculated with: (甲) = (乙).

        Without a vocabulary each is but a unit, with one those of its items, their sums and
        products. Return False if no bracket opens there.
        """
        close = self.brackets.partner.get(opening, -1)
        note = Note(self.lexer.text[opening + 1 : close], (opening, close + 1))
        if close < opening or stated_unit(note) is not None or bare_unit(note) is not None:
            return False
        vocabulary = self.lexer.vocabulary
        operands = map(name_key, _OPERATOR.split(note.text))
        return vocabulary is None or all(operand in vocabulary.items for operand in operands)

    # --- terms ----------------------------------------------------------------------

    def term(self) -> Expression:
        """Consume and return a name, number, bracket, signed term or function.

        Raise FormulaError for any other token.
        """
        token = self.operand()
        if token.kind in {TokenKind.AVERAGE, TokenKind.TOTAL}:
            return self._function()
        if token.kind is TokenKind.OPEN or token.text in {"+", "-"}:
            return self._summed_over_components(self._with_noun_behind(self._bracket_or_sign()))
        if token.kind not in {TokenKind.TERM, TokenKind.NAME, TokenKind.NUMBER}:
            raise self.unexpected_for_term()
        self.take()
        if token.kind is TokenKind.TERM:
            return self._known_term(token)
        span = (token.start, token.end)
        if token.kind is TokenKind.NUMBER:
            return self._number_with_rate_sign(Number(number_value(token.text), token.text, span))
        text = strip_invisible(token.text)
        name = Name(text, name_key(text), span)
        return read_explanation(self, name) or read_qualifier(self, name)

    def _known_term(self, token: Token) -> Expression:
        """Return a known item or constant, with the list, sign or qualifier behind it."""
        assert token.term is not None
        if isinstance(token.term, Number):
            return self._number_with_rate_sign(token.term)
        if not isinstance(token.term, Name):
            return token.term
        listed = self._list_in_words(token.term)
        return listed or read_qualifier(self, token.term)

    def _number_with_rate_sign(self, number: Number) -> Expression:
        """Return the number; a % or ‰ behind it is consumed and makes it a percentage."""
        if self.operator().kind is not TokenKind.PERCENT:
            return number
        sign = self.take()
        return Percent(number, sign.text, (number.span[0], sign.end))

    def _bracket_or_sign(self) -> Expression:
        """Return a bracketed or signed operand; raises E211 beyond MAX_DEPTH."""
        token = self.take()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("E211", (token.start, token.end), limit=MAX_DEPTH)
        if token.kind is TokenKind.OPEN:
            inner = self._bracketed(token)
        else:
            operand = self.term()
            inner = Unary(cast("Sign", token.text), operand, (token.start, operand.span[1]))
        self.depth -= 1
        return inner

    def _bracketed(self, opening: Token) -> Expression:
        """Return the expression or label in a bracket whose ``opening`` is consumed.

        Raises FormulaError if it is never closed (E208), or if other text stands in it.
        """
        close = self.brackets.partner.get(opening.start)
        if close is None:
            raise FormulaError("E208", (opening.start, opening.end))
        if name := read_label(self, opening, close):
            return read_qualifier(self, name)
        lists, self.lists = self.lists, 0
        inner = self.expression_with_steps()
        self.lists = lists
        if self.operator().kind is not TokenKind.CLOSE:
            raise self.unexpected_after_term()
        self.take()
        return inner

    def bracket_content(self, bracket: Bracket) -> tuple[Parser, Expression] | None:
        """Return the expression in a bracket and its parser, or None if there is none.

        Each bracket is read once, however many brackets around it ask for it: without that,
        the time doubles with each level. Raises FormulaError if a limit is passed.
        """
        cache, span = self.lexer.cache, (bracket.start, bracket.close)
        if span not in cache:
            inner = Parser(self.lexer.within(bracket.close), bracket.start + 1)
            inner.depth, inner.operators = self.depth + 1, self.operators
            cache[span] = None
            try:
                if inner.depth > MAX_DEPTH:
                    raise FormulaError("E211", span, limit=MAX_DEPTH)
                cache[span] = (inner, inner.expression_with_steps())
            except FormulaError as fault:
                if fault.code in {"E210", "E211"}:
                    raise
        return cache[span]

    def is_known(self, name: str) -> bool:
        """Return whether a name is an item of the workbook."""
        vocabulary = self.lexer.vocabulary
        return vocabulary is not None and name_key(name) in vocabulary.items

    # --- functions ----------------------------------------------------------------------

    def _function(self) -> Expression:
        """Return a function call: 平均(甲、乙), Σ甲, 合計(甲、乙).

        Raises FormulaError: E208 for a bracket that is not closed, E211 beyond MAX_DEPTH, E224 if
        it is ambiguous what is summed.
        """
        token = self.take()
        members: list[Expression] = []
        opening = self.operand()
        if opening.kind is TokenKind.OPEN:
            close = self.brackets.partner.get(opening.start)
            if close is None:
                raise FormulaError("E208", (opening.start, opening.end))
            self.take()
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise FormulaError("E211", (opening.start, opening.end), limit=MAX_DEPTH)
            self.lists += 1
            self._levels.append([])
            members = [self.expression()]
            while self.operator().kind is TokenKind.SEPARATOR:
                self.take()
                members.append(self.expression())
            self._refuse_doubtful_order(self._levels.pop())
            self.lists -= 1
            self.depth -= 1
            if self.operator().kind is not TokenKind.CLOSE:
                raise self.unexpected_after_term()
            end = self.take().end
        else:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise FormulaError("E211", (token.start, token.end), limit=MAX_DEPTH)
            members = [self.term()]
            self.depth -= 1
            end = members[0].span[1]
            self._refuse_open_sum(token)
        return self._combine_members(token.kind, members, (token.start, end))

    def _refuse_open_sum(self, token: Token) -> None:
        """Raise FormulaError (E224) for Σ甲×乙 if 乙 has components: perhaps it is Σ(甲×乙)."""
        following = self.operator()
        if following.kind is not TokenKind.OPERATOR or following.text != "×":
            return
        after = self.lexer.operand(following.end)
        if isinstance(after.term, Name) and self.components(after.term):
            raise FormulaError("E224", (token.start, after.end))

    def _list_in_words(self, first: Name) -> Expression | None:
        """Return names in a list with its operation, 甲、乙及丙之平均, or None.

        The parser moves behind the list, and stays if there is none. Without a word for its
        operation only a list before 占 is added up.
        """
        start, members, position = self.at, [first], self.at
        lexer = self.lexer
        if lexer.vocabulary is None or self.lists:
            return None
        if compared := self._comparison_in_words(first):
            return compared
        while len(members) < MAX_LIST_MEMBERS and (separator := lexer.separator(position)):
            token = lexer.operand(separator, in_list=True)
            member = self._name_of(token)
            if member is None:
                break
            members.append(member)
            position = token.end
        if len(members) > 1 and lexer.is_share(position):  # 甲及乙占丙之比率
            self.at = position
            return self._combine_members(TokenKind.TOTAL, members, (first.span[0], position))
        suffix = keywords.LIST_SUFFIX.match(lexer.text, lexer.skip_quotes(position), lexer.end)
        is_single = len(members) == 1 and not (
            suffix and (suffix["total"] or (suffix["average"] and self.components(first)))
        )
        if suffix is None or is_single or (suffix["difference"] and len(members) != 2):
            self.at = start
            return None
        span = (first.span[0], suffix.end())
        self.at = suffix.end()
        if suffix["difference"]:
            return Binary("-", members[0], members[1], span)
        if len(members) == 1 and not self.components(first):
            self._refuse_open_total(span)
        kind = TokenKind.AVERAGE if suffix["average"] else TokenKind.TOTAL
        return self._combine_members(kind, members, span)

    def _refuse_open_total(self, span: Span) -> None:
        """Raise FormulaError (E224) for 甲+乙合計÷丙, for the sum is ambiguous."""
        adds = any(token.text in "+-" for token in self._levels[-1])
        if adds and self.lexer.operator(span[1]).kind in {TokenKind.OPERATOR, TokenKind.STEP}:
            raise FormulaError("E224", span)

    def _name_of(self, token: Token) -> Name | None:
        """Return the name that a token stands for, or None."""
        return token.term if isinstance(token.term, Name) else None

    def _comparison_in_words(self, first: Name) -> Expression | None:
        """Return 甲較乙增加之百分點 as a difference; 甲較乙增加率 is divided by the second.

        A decrease is the second less the first. The sign of the figure, %, is kept in :attr:`sign`.
        None for other text; the parser stays.
        """
        lexer = self.lexer
        index = lexer.skip_quotes(self.at)
        if lexer.text[index : index + 1] not in {"較", "比"} or index >= lexer.end:
            return None
        token = lexer.operand(index + 1)
        second_name, end = self._name_of(token), token.end
        word = next(
            (prefix for prefix in LAST_YEAR if lexer.text.startswith(prefix, index + 1)), ""
        )
        if second_name is None and word:  # 甲較上年度增加率: than 甲 of the year before
            end = index + 1 + len(word)
            text = f"{word}{first.text}"
            second_name = Name(text, name_key(text), (index + 1, end), first.source, -1)
        match = second_name and keywords.COMPARED.match(
            lexer.text, lexer.skip_quotes(end), lexer.end
        )
        if second_name is None or not match:
            return None
        span = (first.span[0], match.end())
        is_decrease = match["way"] in {"減少", "降低", "下降"}
        left, right = (second_name, first) if is_decrease else (first, second_name)
        change = Binary("-", left, right, span)
        self.at = match.end()
        if match["what"] == "百分點":
            self.sign = "%"
        if match["what"] not in {"率", "比率", "百分比", "幅度"}:
            return change
        self.sign = "%"
        return Binary("÷", change, second_name, span)

    def _with_noun_behind(self, inner: Expression) -> Expression:
        """Return (公立＋私立)名額 as a sum of items, and consume the noun; else ``inner``."""
        vocabulary = self.lexer.vocabulary
        if vocabulary is None or not isinstance(inner, Binary):
            return inner
        token = self.operator()
        if token.kind is not TokenKind.NAME:
            return inner
        shared = share_noun_behind(inner, token.text, vocabulary.items)
        if shared is None:
            return inner
        self.take()
        return shared

    def _summed_over_components(self, inner: Expression) -> Expression:
        """Return (甲×乙)加總: the sum over the components of the names in the bracket.

        Without a word such as 加總 behind it, ``inner`` is returned as it is.
        """
        lexer = self.lexer
        if lexer.vocabulary is None:
            return inner
        index = lexer.skip_quotes(self.at)
        suffix = keywords.LIST_SUFFIX.match(lexer.text, index, lexer.end)
        if suffix is None or not suffix["total"] or not names_in(inner):
            return inner
        self.at = suffix.end()
        return self._combine_members(TokenKind.TOTAL, [inner], (inner.span[0], suffix.end()))

    def _combine_members(
        self, kind: TokenKind, members: Sequence[Expression], span: Span
    ) -> Expression:
        """Return the sum of the members, or their mean (sum ÷ number) for a function that averages.

        A single member is expanded over its components.
        """
        if len(members) == 1:
            members = self._over_components(kind, members[0], span)
        total = members[0]
        for member in members[1:]:
            total = Binary("+", total, member, span)
        if kind is TokenKind.TOTAL:
            return total
        count = Fraction(len(members))
        return Binary("÷", total, Number(count, f"{len(members)}", span), span)

    def _over_components(self, kind: TokenKind, member: Expression, span: Span) -> list[Expression]:
        """Return the member once for each component of its names; itself if none has any.

        A sum of a single name is one name with all its components. Raises FormulaError (E224) if
        the names have different components, or a mean has none.
        """
        names = names_in(member)
        lists = [
            components_of_name for name in names if (components_of_name := self.components(name))
        ]
        if len(set(map(frozenset, lists))) > 1 or (not lists and kind is TokenKind.AVERAGE):
            raise FormulaError("E224", span)
        if not lists:
            return [member]
        components = lists[0]
        if isinstance(member, Name) and kind is TokenKind.TOTAL:
            return [Name(member.text, f"{member.key}Σ", member.span, member.source,
                         member.offset, components)]  # fmt: skip

        def of(component: str) -> Callable[[Name], Name]:
            """Return the function that replaces an item with components by one of them."""

            def change(name: Name) -> Name:
                """Return an item as its component; a name without components is unchanged."""
                if not self.components(name):
                    return name
                text, key = f"{name.text}（{component}）", f"{name.key}/{name_key(component)}"
                return Name(text, key, name.span, name.source, name.offset, (component,))

            return change

        return [map_names(member, of(component)) for component in components]

    def components(self, name: Name) -> tuple[str, ...]:
        """Return the components of a name's item, as written; empty if it has none.

        A name of which components are chosen, as within another sum, has none to be chosen from:
        in Σ(甲×Σ乙) each 甲 is multiplied by the sum of all 乙.
        """
        vocabulary = self.lexer.vocabulary
        return vocabulary.components.get(name.source, ()) if vocabulary and not name.parts else ()

    # --- errors ---------------------------------------------------------------------------

    def unexpected_for_term(self) -> FormulaError:
        """Return the fault at a position where a name, a number or a bracket should begin.

        E214 at the end of the text, E212, E215 and E216 for a sign out of place, else E213.
        """
        token, before = self.operand(), self.last
        span = (token.start, token.end)
        if token.kind is TokenKind.END:
            if before is None:
                return FormulaError("E213", span)
            return FormulaError("E214", (before.start, before.end))
        if token.kind is TokenKind.RELATION:
            return FormulaError("E212", span)
        if token.kind is TokenKind.PERCENT:
            return FormulaError("E215", span)
        if token.kind is TokenKind.MARK:
            return FormulaError("E216", span)
        return FormulaError("E213", span)

    def unexpected_after_term(self) -> FormulaError:
        """Return the fault at a position for an operator, a closing bracket or the end.

        E208 for an unpaired bracket, E212, E215 and E216 for a sign out of place, else E204.
        """
        token = self.operator()
        span = (token.start, token.end)
        if token.kind is TokenKind.OPEN and token.start in self.brackets.partner:
            return FormulaError("E204", span)
        code = {
            TokenKind.OPEN: "E208",
            TokenKind.CLOSE: "E208",
            TokenKind.RELATION: "E212",
            TokenKind.PERCENT: "E215",
            TokenKind.MARK: "E216",
        }.get(token.kind, "E204")
        return FormulaError(code, span)


def _binary(token: Token, left: Expression, right: Expression) -> Binary:
    """Return the operation of an operator's token on two operands."""
    return Binary(cast("Operator", token.text), left, right, (left.span[0], right.span[1]))
