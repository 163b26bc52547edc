"""Location of the expression in the text: behind a caption, between legend and notes.

``失業率(%)=失業者/勞動力*100%``, ``計算公式：甲÷乙``, ``粗出生率是甲除以乙``: what stands before
is a caption that is printed and has no effect. The places where an expression may begin are
tried in their order; the first from which all can be read and all names are known counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from reportgen.formula import keywords
from reportgen.formula.lexer import Lexer
from reportgen.formula.parse_errors import FormulaError
from reportgen.formula.parser import Parser
from reportgen.formula.shared_nouns import share_last_noun
from reportgen.formula.suffix_parser import FormulaSuffix, SuffixParser
from reportgen.formula.syntax_tree import (
    Binary,
    Comparison,
    Expression,
    Name,
    Tree,
    divides,
    names_in,
    walk,
)
from reportgen.formula.tokens import QUOTES, Brackets, pair_brackets
from reportgen.formula.trailing_notes import Note, demanded_components, stated_unit
from reportgen.formula.vocabulary import names_items
from reportgen.text.name_matching import is_invisible, name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.formula.syntax_tree import Span
    from reportgen.formula.vocabulary import Vocabulary

# Errors that do not depend on where the expression begins.
DECISIVE_CODES: Final = frozenset({"E210", "E211", "E224", "E225", "E231", "E232"})
MAX_CANDIDATES: Final = 12  # start positions that are tried
_EQUALS: Final = frozenset("=＝﹦")
_COLONS: Final = frozenset(":：﹕∶")
_CAPTION_SIGN: Final = re.compile(r"[=＝﹦:：﹕∶]")
_FULL_WIDTH_BULLET: Final = re.compile(r"[０-９]{1,2}．(?=[0-9])")
# Brackets that distinguish a name from another: (男), (經常門), (105年); no remark.
_DISTINGUISHES: Final = re.compile(r"[^含以為係依按已未不：:；;，,。]{1,6}")
_EQUALS_INSIDE: Final = re.compile(r"\s{0,9}[A-ZＡ-Ｚ]?\s{0,9}[=＝﹦]")
_CLAUSE: Final = re.compile(r"[\n，；。]")
_CALCULATES: Final = re.compile(r"[+＋×*＊÷=＝/／∕]")
# Without a = or colon behind it, such a text is half of a calculation: 總所得除以「人數」.
_CALCULATES_IN_WORDS: Final = re.compile(
    r"除以|乘以|乘上|加上|減去|減掉|(?:扣除|扣減|[乘占佔減]|(?<!增)加)\Z"
)
_BRACKET: Final = re.compile(r"[(（\[［【〔][^()（）]{0,60}[)）\]］】〕]")
_VERB: Final = re.compile(r"(?:係指|是指|則指|之?計算(?:公式|方式)為?|指|為|爲|是|即|係)\Z")
# What a caption ends with before a verb of one character, if no sign stands there: 破獲率為. Other
# words may only end so: 行為人數, 關係人數.
_CAPTION_END: Final = re.compile(
    r"(?:[率比值數量度額例式法果標算績分點次件者元長幅計準目項]|\W|_)\Z"
)
_SPACE_OR_QUOTES: Final = " \n\t\u3000" + "".join(QUOTES)
_SAYS_FORMULA: Final = re.compile(r"公式為?[\s,，]*\Z")
_EXPRESSION_START: Final = re.compile(
    r"(?P<equals>(?<![<>＜＞≤≥≦≧])[=＝﹦])"
    r"|(?P<colon>[:：﹕∶])"
    r"|(?P<word>(?:公式|計算式|算式|計算方法|計算方式|方程式)(?:為|是|如下|修正為)?\s*[,，:：]*"
    r"|所謂|將|係指|是指|係以|是以|修正為|則指|指|為|爲|是|即|係|以)"
    r"|(?P<line>\n)"
)
_LIST_BULLET: Final = re.compile(
    r"[\s。，；;,•●・○◎※◆■□▪]{0,40}(?:(?:[(（][0-9０-９一二三四五六七八九十]{1,2}[)）]"
    r"|[0-9０-９一二三四五六七八九十]{1,2}[.、．])\s{0,9})?"
)


@dataclass(frozen=True, slots=True)
class FoundExpression:
    """The expression of a formula, and the text around it."""

    tree: Tree
    start: int
    tail: FormulaSuffix
    caption: Span = (0, 0)
    by_equals: bool = False  # the caption is a name with its =
    definitions: tuple[tuple[Expression, Expression], ...] = ()
    unit_notes: tuple[tuple[Name, str], ...] = ()
    ambiguous: tuple[Span, ...] = ()
    unknown: tuple[Name, ...] = field(default=(), compare=False)


class ExpressionFinder:
    """Search for the expression in one piece of a formula's text.

    ``vocabulary`` None: the grammar alone decides. ``legend`` holds what letters stand for, by
    key. ``is_rule``: a ``=`` compares, and is no caption's.
    """

    def __init__(
        self,
        text: str,
        piece: Span,
        vocabulary: Vocabulary | None,
        legend: Mapping[str, Expression],
        *,
        is_rule: bool,
    ) -> None:
        self.text = text
        self.start, self.end = piece
        self.vocabulary = vocabulary
        self.legend = legend
        self.is_rule = is_rule
        self.brackets = pair_brackets(text[: self.end])
        self.faults: list[FormulaError] = []

    def find(self) -> FoundExpression | None:
        """Return the first expression whose names are all known, else the best of the others.

        The best has the fewest unknown names, of these the first place. A fault of DECISIVE_CODES
        ends the search; the best found before it is still returned. Return None if nothing can be
        read; :attr:`faults` gives the reasons, and is empty if nothing looked like a formula.
        """
        candidates: list[FoundExpression] = []
        for start, end, by_equals in self._candidate_positions():
            body = self._parse_expression(start, end, by_equals=by_equals)
            if body is None and any(fault.code in DECISIVE_CODES for fault in self.faults):
                break
            if body is None:
                continue
            if not body.unknown:
                return body
            candidates.append(body)
        if not candidates:
            return None
        return min(candidates, key=lambda body: (len(body.unknown), body.start))

    def _candidate_positions(self) -> Iterator[tuple[int, int, bool]]:
        """Yield the start and end of each possible expression, and whether a ``=`` precedes it.

        They come as they are tried: the piece's start, behind captions, in brackets.
        """
        first_visible = self._next_visible(self.start)
        if self.vocabulary is None:
            yield first_visible, self.end, False
            yield from self._plain_captions(first_visible)
            return
        bullet = _LIST_BULLET.match(self.text, self.start, self.end)
        after_bullet = self._next_visible(bullet.end()) if bullet else first_visible
        is_number = bullet and _FULL_WIDTH_BULLET.match(
            self.text, first_visible
        )  # １．1-甲 is not 1.1-甲
        starts = (
            (after_bullet,) if is_number else tuple(dict.fromkeys((first_visible, after_bullet)))
        )
        for start_at in starts:
            yield start_at, self.end, False
        tried, count, index = {first_visible, after_bullet}, 0, self.start
        while count < MAX_CANDIDATES and (
            match := _EXPRESSION_START.search(self.text, index, self.end)
        ):
            index = match.end()
            start = self._next_visible(match.end())
            if start in tried or start >= self.end or self._is_inside(match.start(), first_visible):
                continue
            if not self._may_be_verb(match):
                continue
            tried.add(start)
            count += 1
            yield start, self._end_of_bracket(match.start()), bool(match["equals"])
        for start_at in self._positions_after_captions():
            if start_at not in tried:
                yield start_at, self.end, False
        for opening, close in self.brackets.partner.items():  # 死亡率(=死亡數/人口數), (C=A/B)
            match = _EQUALS_INSIDE.match(self.text, opening + 1, self.end)
            if match and self.start <= opening < close < self.end:
                yield self._next_visible(match.end()), close, True

    def _is_inside(self, index: int, first: int) -> bool:
        """Return whether a place is within a bracket, other than one around the whole piece."""
        return any(
            opening < index < close and opening != first
            for opening, close in self.brackets.partner.items()
        )

    def _may_be_verb(self, match: re.Match[str]) -> bool:
        """Return whether a sign or word before an expression is more than the end of a longer word.

        A word of one character counts behind a caption, a sign or nothing.
        """
        before = self.text[self.start : match.start()]
        return (
            match["word"] is None
            or len(match["word"]) > 1
            or not before
            or _CAPTION_END.search(before) is not None
            or self._is_title_before(before)
        )

    def _positions_after_captions(self) -> Iterator[int]:
        """Yield the places right behind a caption or quote: 執行率100%*(B/A), 「甲÷乙」.

        Without a ``=`` or colon, a caption's end is known only of a formula with a legend: it is
        the first bracket or digit.
        """
        quotes = re.finditer(r"[「『“]", self.text[self.start : self.end])
        for match in islice(quotes, MAX_CANDIDATES):
            yield self._next_visible(self.start + match.end())
        if self.legend:
            for match in re.finditer(r"[(（0-9]", self.text[self.start : self.end]):
                yield self.start + match.start()
                return

    def _plain_captions(self, first: int) -> Iterator[tuple[int, int, bool]]:
        """Yield the place behind a name and its ``=``, or behind 計算公式：, by the grammar alone.

        Yield at most one, as :meth:`_candidate_positions`.
        """
        sign = _CAPTION_SIGN.search(self.text, first, self.end)
        if sign is None:
            return
        if sign[0] in _EQUALS:
            is_name = isinstance(parse_expression(self.text, (first, sign.start()), None), Name)
            if is_name and not self.is_rule:
                yield self._next_visible(sign.end()), self.end, True
        elif name_key(self.text[first : sign.start()]) in keywords.CAPTIONS:
            yield self._next_visible(sign.end()), self.end, False

    def _next_visible(self, index: int) -> int:
        """Return the offset of the first visible character from ``index`` on."""
        while index < self.end and is_invisible(self.text[index]):
            index += 1
        return index

    def _end_of_bracket(self, index: int) -> int:
        """Return the end of the bracket around ``index``, or of the piece if there is none."""
        return min(
            (
                close
                for opening, close in self.brackets.partner.items()
                if self.start <= opening < index < close < self.end
            ),
            default=self.end,
        )

    def _parse_expression(self, start: int, end: int, *, by_equals: bool) -> FoundExpression | None:
        """Return the formula in ``start:end`` with its suffix, or None if there is none.

        Why there is none is added to :attr:`faults`, unless a caption begins at ``start``.
        """
        brackets = self.brackets if end == self.end else pair_brackets(self.text[:end])
        lexer = Lexer(self.text, brackets, self.vocabulary, self.legend, end)
        parser = Parser(lexer, start)
        try:
            tree = self._expression_or_none(parser, start, by_equals=by_equals)
        except FormulaError as fault:
            self.faults.append(fault)
            return None
        if tree is None:
            return None
        if self.vocabulary is not None:
            tree = share_last_noun(tree, self.vocabulary.items)
        tail = SuffixParser(lexer, parser.at, divides=divides(tree)).read()
        if tail is None:
            self.faults.append(self._fault_behind(parser))
            return None
        tail.notes[:0] = parser.notes
        tail.remarks[:0] = parser.ignored_notes
        tail.is_share = parser.is_share and not tail.is_ratio
        tail.sign = tail.sign or parser.sign
        ambiguous = self._ambiguous_item(parser, tree)
        if ambiguous is not None:
            self.faults.append(ambiguous)
            return None
        body = FoundExpression(
            tree=tree,
            start=start,
            tail=tail,
            caption=(self.start, start),
            by_equals=by_equals,
            definitions=tuple(parser.definitions),
            unit_notes=tuple(parser.unit_notes),
            ambiguous=tuple(lexer.ambiguous),
            unknown=self._unknown_names(tree),
        )
        return body if self._is_formula(body) and self._may_precede(start) else None

    def _ambiguous_item(self, parser: Parser, tree: Tree) -> FormulaError | None:
        """Return E225 for 件數(男)/件數(女): one item twice, distinguished by brackets only."""
        for name, content in parser.remarks:
            note = Note(content, name.span)
            if stated_unit(note) is not None or demanded_components(note):
                continue
            if not _DISTINGUISHES.fullmatch(content):
                continue
            names = [node for node in walk(tree) if isinstance(node, Name)]
            if sum(node.source == name.source and not node.offset for node in names) > 1:
                return FormulaError("E225", name.span, found=name.text)
        return None

    def _fault_behind(self, parser: Parser) -> FormulaError:
        """Return the fault of the text behind an expression.

        That is E225 for a bracket taken for a remark, E228 for another formula, else the parser's
        own fault.
        """
        fault = parser.unexpected_after_term()
        following = self.text[fault.span[0] : self.end]
        for name, _ in parser.remarks:
            if fault.code == "E204" and name.text in following:
                return FormulaError("E225", name.span, found=name.text)  # 件數(男)÷件數(女)
        is_apart = following[:1] in {"；", ";"} or parser.lexer.begins_line(fault.span[0])
        calculates = _CALCULATES.search(_BRACKET.sub("", following))
        if self.vocabulary and is_apart and calculates and names_items(following, self.vocabulary):
            found = following.strip("；; \n")
            return FormulaError("E228", (fault.span[0], self.end), found=found)
        return fault

    def _expression_or_none(self, parser: Parser, start: int, *, by_equals: bool) -> Tree | None:
        """Return the expression from ``start`` on.

        Return None if a caption with ``=`` begins there. Of 甲/乙=9/10 or 甲+乙=丙 only the left
        side is returned.
        """
        tree = parser.formula(has_caption=by_equals and not self.is_rule)
        if self.is_rule:
            return tree
        if by_equals:
            self._read_chain(parser)
        if not isinstance(tree, Comparison) or tree.relation != "=":
            return tree
        left, right = tree.left, tree.right
        if self.vocabulary and isinstance(right, Binary) and not names_in(right):
            return left  # 甲/乙×100%=9/10: an example in numbers
        before = self.text[start : left.span[0]].strip(_SPACE_OR_QUOTES)
        is_name = isinstance(left, Name) and not before  # (甲) = 乙 compares
        if is_name or self._is_title(start, left.span[1]):
            return None  # the text behind the = is tried next
        items = self.vocabulary.items if self.vocabulary else {}
        title = name_key(self.vocabulary.title) if self.vocabulary else ""
        is_result = isinstance(right, Name) and (right.source not in items or right.source == title)
        if self.vocabulary and is_result and not self._unknown_names(left):
            return left  # 甲+乙=丙: the name stands behind
        return tree

    def _is_formula(self, body: FoundExpression) -> bool:
        """Return whether an expression is the formula, and no number or word of a sentence.

        Faults of a lone number, and E212 for 80%≦甲≦90%, are added to :attr:`faults`.
        """
        first_visible = self._next_visible(self.start)
        bullet = _LIST_BULLET.match(self.text, self.start, self.end)
        is_first = body.start in {
            first_visible,
            self._next_visible(bullet.end()) if bullet else first_visible,
        }
        if self.vocabulary is None or self.is_rule:
            return True
        if not names_in(body.tree):
            self.faults += self._faults_of_a_number(body)
            return False
        if isinstance(body.tree, Comparison) and not names_in(body.tree.left):
            self.faults.append(FormulaError("E212", body.tree.span))  # 80%≦甲≦90%
            return False
        before = self.text[: body.start].rstrip()[-1:]
        return not body.unknown or is_first or body.by_equals or before in _COLONS

    def _faults_of_a_number(self, body: FoundExpression) -> list[FormulaError]:
        """Return the faults of a lone number: E204 for an item behind it, E212 for one before."""
        behind = (body.tree.span[1], self.end)
        assert self.vocabulary is not None
        if names_items(self.text[slice(*behind)], self.vocabulary):
            return [FormulaError("E204", behind)]  # 2(甲+乙)
        if body.by_equals and names_items(self.text[: body.start], self.vocabulary):
            return [FormulaError("E212", (body.start, self.end))]  # 甲=4
        return []

    def _read_chain(self, parser: Parser) -> None:
        """Consume further ``=`` behind an expression: an equivalent expression, or an example.

        An equivalent one is added to the parser's definitions, for comparison.
        """
        first_tree = parser.tree_read
        while parser.operator().text == "=" and not parser.is_trailing_equals():
            parser.take()
            start = parser.at
            try:
                another = parser.expression_with_steps()
            except FormulaError:
                another = None
            if another is None or not names_in(another):
                parser.at = self._behind_example(start)
                return
            parser.definitions.append((first_tree, another))

    def _behind_example(self, index: int) -> int:
        """Return the end of the line if the rest of it is an example in numbers, else ``index``."""
        end = self.text.find("\n", index, self.end)
        end = self.end if end < 0 else end
        is_example = self.vocabulary and not names_items(self.text[index:end], self.vocabulary)
        return end if is_example else index

    def tail(self, start: int) -> FormulaSuffix | None:
        """Return the notes, unit or threshold from ``start`` on; None for any other text."""
        lexer = Lexer(self.text, self.brackets, self.vocabulary, self.legend, self.end)
        return SuffixParser(lexer, start).read()

    def _is_title(self, start: int, end: int) -> bool:
        """Return whether the caption is the KPI's own name, brackets left out.

        The caption is the text from ``start`` to the first ``=`` behind ``end``.
        """
        title = _BRACKET.sub("", self.vocabulary.title) if self.vocabulary else ""
        caption = _BRACKET.sub("", self._caption_from(start, end))
        return bool(title) and name_key(caption) == name_key(title)

    def _caption_from(self, start: int, end: int) -> str:
        """Return the text from ``start`` to the first ``=`` behind ``end``, or else to ``end``."""
        match = re.compile(r"[=＝﹦]").search(self.text, end, self.end)
        return self.text[start : match.start() if match else end]

    def _may_precede(self, start: int) -> bool:
        """Return whether the text before ``start`` can be a caption: it calculates nothing.

        E232 is added to :attr:`faults` for 甲：乙.
        """
        first_visible = self._next_visible(self.start)
        if self.vocabulary is None or start == first_visible:
            return True
        before = self.text[self.start : start].rstrip(_SPACE_OR_QUOTES)
        is_caption = before[-1:] in _COLONS | _EQUALS or _SAYS_FORMULA.search(before)
        if self._is_title_before(before):
            return True
        without_brackets = _BRACKET.sub("", before.rstrip("=＝﹦:：﹕∶ \u3000\n"))
        if _CALCULATES.search(without_brackets) or (
            not is_caption and _CALCULATES_IN_WORDS.search(without_brackets)
        ):
            return False
        has_clauses = _CLAUSE.search(without_brackets)
        if (has_clauses or not is_caption) and names_items(before, self.vocabulary):
            return False
        tree = parse_expression(self.text, (first_visible, start), self.vocabulary, is_whole=False)
        names = names_in(tree) if tree is not None else ()
        if tree is None or not names or self._unknown_names(tree):
            return True
        return isinstance(tree, Name) and not self._is_ratio(tree, before)

    def _is_title_before(self, before: str) -> bool:
        """Return whether a text is the KPI's own name, perhaps with 係指 or the like behind it."""
        title = name_key(self.vocabulary.title) if self.vocabulary else ""
        caption = _VERB.sub("", before.rstrip("=＝﹦:：﹕∶ \u3000\n"))
        is_title = bool(title) and name_key(_BRACKET.sub("", caption)) == _BRACKET.sub("", title)
        return is_title and before[-1:] not in _COLONS

    def _is_ratio(self, name: Name, before: str) -> bool:
        """Return whether 甲：乙 may be a ratio, and add E232, which refuses it; 甲＝乙 is none."""
        is_title = bool(self.vocabulary and name.source == name_key(self.vocabulary.title))
        if before[-1:] not in _COLONS or is_title:
            return False
        self.faults.append(FormulaError("E232", (self.start, self.end)))
        return True

    def _unknown_names(self, tree: Tree) -> tuple[Name, ...]:
        """Return the names of a tree that are no items of the workbook.

        It is empty without a vocabulary.
        """
        if self.vocabulary is None:
            return ()
        items = self.vocabulary.items
        return tuple(name for name in names_in(tree) if name.source not in items)


def parse_expression(
    text: str, span: Span, vocabulary: Vocabulary | None, *, is_whole: bool = True
) -> Expression | None:
    """Return the expression that ``text[slice(*span)]`` begins with; None if it cannot be read.

    ``text`` is the whole text that the spans of the expression refer to. ``is_whole``: up to the
    end of ``span`` only what may follow a formula stands behind it: notes, sign, goal and remarks.
    """
    brackets: Brackets = pair_brackets(text[: span[1]])
    lexer = Lexer(text, brackets, vocabulary, None, span[1])
    parser = Parser(lexer, span[0])
    try:
        tree = parser.expression_with_steps()
    except FormulaError:
        return None
    return tree if not is_whole or SuffixParser(lexer, parser.at).read() is not None else None
