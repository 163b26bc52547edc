"""Text → tokens: operators, brackets, numbers and names, in both widths.

What a token is depends on where it stands: a name, a number or a bracket where a term
begins, an operator, a note or the end behind one. So the parser asks for one token after
the other, by :meth:`Lexer.operand` and :meth:`Lexer.operator`.

Without a vocabulary a name is a run of characters that mean nothing else. With one, the
names of the workbook come first, the longest that fits; then words are operators between
them (``甲除以乙``), and numbers may have scales and units (``10萬``, ``365天``).
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.formula import keywords
from reportgen.formula.parse_errors import MAX_DIGITS, FormulaError
from reportgen.formula.rounding import exact_text
from reportgen.formula.syntax_tree import Name, Number, Percent
from reportgen.formula.tokens import (
    CLOSING,
    COMMAS,
    DIGITS,
    NOT_IN_NAMES,
    NUMBER,
    OPENING,
    OPERATORS,
    POINTS,
    QUOTES,
    RATE_SIGN_OF,
    RELATIONS,
    SINGLE_CHARACTER_TOKENS,
    SOFT_OPERATORS,
    TO_ASCII,
    Brackets,
    Token,
    TokenKind,
    holds_arithmetic,
    number_value,
)
from reportgen.formula.units import scale_of
from reportgen.formula.vocabulary import LAST_YEAR, THIS_YEAR, FoldedText, Vocabulary
from reportgen.text.name_matching import is_invisible, name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.formula.parser import Parser
    from reportgen.formula.syntax_tree import Expression

MAX_NAME_CHARS = 400  # characters of a name that is looked for among the workbook's
MAX_INDENT_CHARS = 100  # characters of white space before a line's first sign


class Lexer:
    """The tokens of a text up to ``end``.

    ``vocabulary`` None: names are found by the grammar alone. ``legend`` holds what the
    letters of a formula stand for, by their keys. Positions are offsets in the whole text.
    """

    def __init__(
        self,
        text: str,
        brackets: Brackets,
        vocabulary: Vocabulary | None = None,
        legend: Mapping[str, Expression] | None = None,
        end: int | None = None,
    ) -> None:
        self.text = text
        self.end = len(text) if end is None else end
        self.brackets = brackets
        self.vocabulary = vocabulary
        self.legend = legend or {}
        # The expressions in brackets, by their places: shared by the lexers of one text.
        self.cache: dict[tuple[int, int], tuple[Parser, Expression] | None] = {}
        # Whether a name of the workbook was preferred to signs between other names of it.
        self.ambiguous: list[tuple[int, int]] = []
        self._ascii = text.translate(TO_ASCII)
        self._folded = FoldedText(text) if vocabulary is not None else None

    def within(self, end: int) -> Lexer:
        """Return a lexer of the same text that ends at ``end``, with the same cache."""
        inner = Lexer(self.text, self.brackets, self.vocabulary, self.legend, end)
        inner.cache = self.cache
        return inner

    def separator(self, index: int) -> int | None:
        """Return the offset behind the 、 or 及 at ``index``; None if there is none."""
        match = keywords.SEPARATOR.match(self.text, self.skip_quotes(index), self.end)
        return match.end() if match else None

    def is_share(self, index: int) -> bool:
        """Return whether 占 and another term follow at ``index``."""
        token = self.operator(index)
        return token.kind is TokenKind.OPERATOR and token.is_share

    def stands_below_a_name(self, index: int) -> bool:
        """Return whether a line begins at ``index``, and no bracket ends the one before."""
        before = self.text[max(0, index - MAX_INDENT_CHARS) : index].rstrip()
        return self.begins_line(index) and before[-1:] not in CLOSING

    def begins_line(self, index: int) -> bool:
        """Return whether a line begins at ``index``."""
        before = self.text[max(0, index - MAX_INDENT_CHARS) : index]
        return before.rstrip(" \t\u3000")[-1:] == "\n"

    def operand(self, index: int, *, in_list: bool = False) -> Token:
        """Return the token at a place where a term should begin, END behind the last one.

        ``in_list``: the words 、 and 及 end a name. Raises FormulaError for a malformed number.
        """
        index = self._visible_from(index)
        while (
            self.vocabulary is not None
            and self._at(index) in QUOTES
            and next(self._names_at(index), None) is None
        ):
            index = self._visible_from(index + 1)
        if index >= self.end:
            return Token(TokenKind.END, "", index, index)
        if self.vocabulary is None:
            return self._token_by_grammar(index)
        known_token = self._known_name(index, in_list=in_list)
        if known_token is not None:
            return known_token
        return (
            self._name_with_year(index, in_list=in_list)
            or self._function_token(index)
            or self._constant(index)
            or self._token_by_grammar(index)
        )

    def _known_name(self, index: int, *, in_list: bool) -> Token | None:
        """Return the longest name of the workbook, or letter of the legend, at ``index``, or None.

        A name that was preferred to signs between other names is noted in :attr:`ambiguous`.
        """
        assert self.vocabulary is not None
        try:
            plain = self._token_by_grammar(index)
        except FormulaError:
            plain = Token(TokenKind.MARK, "", index, index)
        is_known = plain.kind is TokenKind.NAME and name_key(plain.text) in self.vocabulary.items
        for key, end in self._names_at(index):
            if end > self.end or not (end == plain.end or self._ends_name(end, in_list=in_list)):
                continue
            if key in keywords.FUNCTIONS and self._at(self._visible_from(end)) in OPENING:
                return None  # 平均(甲、乙), though there is an item 平均
            if is_known and end <= plain.end:
                break
            if plain.kind is TokenKind.NUMBER and end <= plain.end:
                break
            if is_known or plain.kind is not TokenKind.NAME:
                self.ambiguous.append((index, end))
            return self._item_token(index, end, key)
        if is_known:
            return self._item_token(index, plain.end, name_key(plain.text))
        return self._legend_token(index, in_list=in_list)

    def _names_at(self, index: int) -> Iterator[tuple[str, int]]:
        """Yield key and end of each name of the workbook that begins at ``index``."""
        assert self.vocabulary is not None
        assert self._folded is not None
        return self.vocabulary.matches(self._folded, index)

    def _legend_token(self, index: int, *, in_list: bool) -> Token | None:
        """Return the token of a letter or name of the legend, with its definition.

        Return None for any other text.
        """
        for key in sorted(self.legend, key=len, reverse=True):
            end = index
            for _ in key:
                end = self._visible_from(end) + 1
            if name_key(self.text[index:end]) == key and self._ends_name(end, in_list=in_list):
                return Token(
                    TokenKind.TERM, self.text[index:end], index, end, term=self.legend[key]
                )
        return None

    def _item_token(self, start: int, end: int, key: str, *, offset: int = 0) -> Token:
        """Return the token of the item ``key``.

        Its text is ``start:end``. ``offset`` is the number of years from the year computed.
        """
        text = strip_invisible(self.text[start:end])
        key_written = name_key(text)
        name = Name(
            text, key_written, (start, end), item="" if key_written == key else key, offset=offset
        )
        return Token(TokenKind.TERM, self.text[start:end], start, end, term=name)

    def _name_with_year(self, index: int, *, in_list: bool) -> Token | None:
        """Return X of the year before for 上年度X, and X itself for 本年度X; None for other text.

        An item that is called 上年度X itself has been tried before.
        """
        assert self.vocabulary is not None
        assert self._folded is not None
        for words_of_year, offset in ((LAST_YEAR, -1), (THIS_YEAR, 0)):
            word = next(
                (
                    candidate
                    for candidate in words_of_year
                    if self.text.startswith(candidate, index)
                ),
                "",
            )
            if not word:
                continue
            start = self._visible_from(index + len(word))
            if self.text[start : start + 1] in {"之", "的"}:
                start = self._visible_from(start + 1)
            for key, end in self._names_at(start):
                if end <= self.end and self._ends_name(end, in_list=in_list):
                    return self._item_token(index, end, key, offset=offset)
            for this_year in THIS_YEAR if offset else ():
                item_after = self._longest_after(this_year, start, in_list=in_list)
                if item_after is not None:
                    return self._item_token(index, item_after[1], item_after[0], offset=offset)
        return None

    def _longest_after(self, prefix: str, start: int, *, in_list: bool) -> tuple[str, int] | None:
        """Return the longest item that is ``prefix`` and the text at ``start``, with its end.

        Return None if no item is, as 本年度破獲數 is for 本年度 and 破獲數.
        """
        assert self.vocabulary is not None
        assert self._folded is not None
        folded = self._folded.index_of.get(start)
        if folded is None:
            return None
        following = self._folded.folded[folded:]
        candidates = [
            key
            for key in self.vocabulary.items
            if key.startswith(prefix)
            and len(key) > len(prefix)
            and following.startswith(key[len(prefix) :])
        ]
        for key in sorted(candidates, key=len, reverse=True):
            end = self._folded.end_of(folded + len(key) - len(prefix))
            if end is not None and end <= self.end and self._ends_name(end, in_list=in_list):
                return key, end
        return None

    def _function_token(self, index: int) -> Token | None:
        """Return the token of 平均, 合計 or the like before a bracket, or of Σ; None for others."""
        for pattern, kind in (
            (keywords.AVERAGE, TokenKind.AVERAGE),
            (keywords.TOTAL, TokenKind.TOTAL),
        ):
            match = pattern.match(self.text, index, self.end)
            if match is None:
                continue
            after = self._visible_from(match.end())
            opens = self.text[after : after + 1] in OPENING and after < self.end
            if opens or (match[0] in "Σ∑" and after < self.end):
                return Token(kind, match[0], index, match.end())
        return None

    def _constant(self, index: int) -> Token | None:
        """Return 10萬, 365天, 10^6, or 十萬 by itself, as a number; None for other text."""
        power = keywords.POWER.match(self._ascii, index, self.end)
        if power and self._ends_name(power.end(), in_list=True):
            raised = power["raised"] or unicodedata.normalize("NFKC", power["small"])
            if int(raised) <= keywords.MAX_EXPONENT:
                value = Fraction(int(power["base"])) ** int(raised)
                return self._number_token(index, power.end(), value)
        scaled = keywords.SCALED_NUMBER.match(self._ascii, index, self.end)
        if scaled:
            end = scaled.end()
            is_number = NUMBER.fullmatch(scaled["digits"]) and len(scaled["digits"]) <= MAX_DIGITS
            if is_number and self._ends_name(end, in_list=True):
                if not (scaled["scale"] or scaled["unit"]):
                    end = index + len(scaled["digits"])
                    return Token(TokenKind.NUMBER, scaled["digits"], index, end)
                value = number_value(scaled["digits"]) * scale_of(scaled["scale"] or "")
                return self._number_token(index, end, value, scaled["unit"] or "")
        chinese = keywords.CHINESE_NUMBER.match(self.text, index, self.end)
        if chinese and self._ends_name(chinese.end(), in_list=True):
            value = Fraction(keywords.chinese_number(chinese[0]))
            return self._number_token(index, chinese.end(), value)
        percent = keywords.PERCENT_WORD.match(self._ascii, index, self.end)
        if percent and self._ends_name(percent.end(), in_list=True):
            percent_digits = percent["digits"] or f"{keywords.chinese_number(percent['words'])}"
            token = self._number_token(index, percent.end(), Fraction(percent_digits))
            assert isinstance(token.term, Number)
            return replace(token, term=Percent(token.term, "%", (index, percent.end())))
        return None

    def _number_token(self, start: int, end: int, value: Fraction, unit: str = "") -> Token:
        """Return the token of a number with this value, written as in ``start:end``.

        Its kind is TERM: its expression, a Number with ``unit``, is ready.
        """
        text = exact_text(value)
        number = Number(value, text, (start, end), unit)
        return Token(TokenKind.TERM, self.text[start:end], start, end, term=number)

    def _ends_name(self, index: int, *, in_list: bool) -> bool:
        """Return whether a name may end before ``index``: a sign or word of the grammar follows.

        ``in_list``: 、 and 及 count as such words whatever follows them.
        """
        if index < self.end and (self.text[index].isspace() or self.text[index] in QUOTES):
            return True
        index = self._visible_from(index)
        if index >= self.end or not self._belongs_to_name(index) or self._soft_operator(index):
            return True
        word = keywords.OPERATOR_WORD.match(self.text, index, self.end)
        if word and self._begins_operand(word.end()):
            return True
        separator = keywords.SEPARATOR.match(self.text, index, self.end)
        if separator and self._begins_name(separator.end()):
            return True
        if self.text[index] in "較比" and self._begins_name(index + 1):
            return True
        patterns = (*keywords.FOLLOW_A_NAME, *((keywords.SEPARATOR,) if in_list else ()))
        return any(pattern.match(self.text, index, self.end) for pattern in patterns)

    def _begins_name(self, index: int) -> bool:
        """Return whether a known name, perhaps of another year, stands at ``index``."""
        index = self.skip_quotes(index)
        if index >= self.end or self.vocabulary is None:
            return False
        if any(self.text.startswith(word, index) for word in (*LAST_YEAR, *THIS_YEAR)):
            return True
        return next(self._names_at(index), None) is not None

    def _begins_operand(self, index: int) -> bool:
        """Return whether a number, a bracket or a known name stands at ``index``.

        There must be a vocabulary.
        """
        index = self.skip_quotes(index)
        if index >= self.end:
            return False
        char = self.text[index]
        if char in DIGITS or (char in OPENING and index in self.brackets.partner):
            return True
        if keywords.CHINESE_NUMBER.match(self.text, index, self.end):
            return True
        if any(self.text.startswith(word, index) for word in (*LAST_YEAR, *THIS_YEAR)):
            return True
        return next(self._names_at(index), None) is not None or any(
            name_key(self.text[index : index + len(key)]) == key for key in self.legend
        )

    def _soft_operator(self, index: int) -> str:
        """Return the operator that a letter x, a dot or a dash is here; empty within a name.

        It is one between two operands, or between spaces.
        """
        sign = SOFT_OPERATORS.get(self.text[index], "")
        if not sign:
            return ""
        before, after = self.text[index - 1 : index], self._visible_from(index + 1)
        is_spaced = before.isspace() and self.text[index + 1 : index + 2].isspace()
        if self.vocabulary is not None and self._begins_operand(index + 1):
            return sign
        if after >= self.end or (before.isascii() and before.isalpha() and not is_spaced):
            return ""
        follows = self.text[after]
        is_operand = follows in DIGITS or (follows in OPENING and after in self.brackets.partner)
        return sign if is_operand or (is_spaced and self._is_name_char(after)) else ""

    def skip_quotes(self, index: int) -> int:
        """Return the offset of the next character that is neither invisible nor a quote."""
        index = self._visible_from(index)
        while self.vocabulary is not None and self._at(index) in QUOTES:
            index = self._visible_from(index + 1)
        return index

    def operator(self, index: int, *, in_list: bool = False) -> Token:
        """Return the token behind a term: operator, relation, joining word, bracket, or END.

        Text that may not stand there is a token as well (NAME, MARK), for the parser to refuse.
        """
        index = self._behind_share(self._behind_mark(self.skip_quotes(index)))
        if index >= self.end or index in self.brackets.tail:
            return Token(TokenKind.END, "", index, index)
        char = self.text[index]
        if char in RELATIONS:
            return self._relation_token(index)
        if char in OPERATORS:
            return Token(TokenKind.OPERATOR, OPERATORS[char], index, index + 1)
        if self.vocabulary is not None and (word := self._joining_word(index, in_list=in_list)):
            return word
        if sign := self._soft_operator(index):
            return Token(TokenKind.OPERATOR, sign, index, index + 1)
        return self._single_char_token(index) or self._name_token(index)

    def _behind_mark(self, index: int) -> int:
        """Return the offset behind the mark of a footnote before an operator: 甲※1÷乙."""
        match = keywords.FOOTNOTE_MARK.match(self.text, index, self.end)
        is_before = match is not None and self._at(match.end()) in OPERATORS
        return match.end() if match and is_before and self.vocabulary is not None else index

    def _behind_share(self, index: int) -> int:
        """Return the offset behind 之比率, where a factor follows it: 甲占乙之比率×100%."""
        match = keywords.SHARE_SUFFIX.match(self.text, index, self.end)
        if self.vocabulary is None or match is None:
            return index
        after = self._visible_from(match.end())
        is_factor = after < self.end and OPERATORS.get(self.text[after]) == "×"
        return after if is_factor or (after < self.end and self._soft_operator(after)) else index

    def _joining_word(self, index: int, *, in_list: bool) -> Token | None:
        """Return the token of a word that joins two terms, such as 除以; None if there is none."""
        if step := keywords.NEXT_STEP.match(self.text, index, self.end):
            operator_word = step["operator"] or step["plain"]
            sign = keywords.OPERATOR_WORDS.get(operator_word) or OPERATORS.get(operator_word, "×")
            return Token(TokenKind.STEP, sign, index, step.end(), is_word=True)
        if in_list and (separator := keywords.SEPARATOR.match(self.text, index, self.end)):
            return Token(TokenKind.SEPARATOR, separator[0], index, separator.end())
        word = keywords.OPERATOR_WORD.match(self.text, index, self.end)
        if word and self._begins_operand(word.end()):
            sign, is_share = (
                keywords.OPERATOR_WORDS[word["word"]],
                word["word"] in keywords.SHARE_WORDS,
            )
            return Token(TokenKind.OPERATOR, sign, index, word.end(), True, is_share=is_share)
        if self.text[index] in "Σ∑":  # (1/4)Σ甲: what stands before multiplies the sum
            return Token(TokenKind.OPERATOR, "×", index, index)
        return None

    def _single_char_token(self, index: int) -> Token | None:
        """Return the token of a bracket, a % or a sign without meaning here; None for others."""
        char = self.text[index]
        for kind, table in SINGLE_CHARACTER_TOKENS.items():
            if char in table:
                return Token(kind, RATE_SIGN_OF.get(char, char), index, index + 1)
        return None

    def _token_by_grammar(self, index: int) -> Token:
        """Return the token at ``index`` by the grammar alone, without the vocabulary.

        Raises FormulaError for a malformed number.
        """
        char = self.text[index]
        if char in DIGITS or (char in POINTS and self._at(index + 1) in DIGITS):
            return self._number_or_name_token(index)
        if char in RELATIONS:
            return self._relation_token(index)
        if char in OPERATORS:
            return Token(TokenKind.OPERATOR, OPERATORS[char], index, index + 1)
        return self._single_char_token(index) or self._name_token(index)

    def _relation_token(self, index: int) -> Token:
        """Return the token of a relation; ``>=`` and ``<=`` become ``≥`` and ``≤``."""
        text, end = RELATIONS[self.text[index]], index + 1
        after = self._visible_from(end)
        if text in "<>" and RELATIONS.get(self._at(after)) == "=":
            text, end = {">": "≥", "<": "≤"}[text], after + 1
        return Token(TokenKind.RELATION, text, index, end)

    def _number_or_name_token(self, index: int) -> Token:
        """Return the token of a number, or of a name that begins with digits.

        Raises FormulaError: E218 for too many digits, E209 for commas or points out of place.
        """
        end = index
        while self._at(end) in DIGITS or (
            self._at(end) in POINTS | COMMAS and self._at(end + 1) in DIGITS
        ):
            end += 1
        digits = self._ascii[index:end]
        after = self._visible_from(end)
        if digits.isdigit() and self._is_name_char(after) and not self._soft_operator(after):
            return self._name_token(index)
        if not NUMBER.fullmatch(digits):
            end = self._before_comma(index, end)
            digits = self._ascii[index:end]
        if sum(char.isdigit() for char in digits) > MAX_DIGITS:
            raise FormulaError("E218", (index, end), limit=MAX_DIGITS)
        return Token(TokenKind.NUMBER, digits, index, end)

    def _before_comma(self, index: int, end: int) -> int:
        """Return the end of a number before a comma that begins another clause: ×100，80以下.

        Raises FormulaError (E209) if no such comma stands there.
        """
        match = NUMBER.match(self._ascii, index, end)
        if self.vocabulary is None or not match or self.text[match.end()] != "，":
            raise FormulaError("E209", (index, end))
        return match.end()

    def _name_token(self, index: int) -> Token:
        """Return the token of the longest text that can be one name, with brackets within it."""
        end = after = index
        # No item is that long; so the work on a long text stays in proportion to it.
        limit = self.end if self.vocabulary is None else min(self.end, index + MAX_NAME_CHARS)
        while after < limit:
            if is_invisible(self.text[after]):
                after += 1
            elif after > index and self._soft_operator(after):
                break
            elif self._belongs_to_name(after):
                end = after = after + 1
            elif (close := self._inner_group(after)) is not None:
                end = after = close + 1
            else:
                break
        return Token(TokenKind.NAME, self.text[index:end], index, end)

    def _belongs_to_name(self, index: int) -> bool:
        """Return whether a character continues a name, such as a point in a number within it."""
        if self._is_name_char(index) or self.text[index] in DIGITS:
            return True
        after = self._at(self._visible_from(index + 1))
        if self.text[index] in POINTS:
            return after in DIGITS or self._is_name_char(self._visible_from(index + 1))
        if self.text[index - 1] not in DIGITS:
            return False
        if self.text[index] in RATE_SIGN_OF:
            return self._is_name_char(self._visible_from(index + 1))
        return self.text[index] in COMMAS and self._at(index + 1) in DIGITS

    def _inner_group(self, index: int) -> int | None:
        """Return the end of a bracket within a name, 甲(乙)類數; None for other brackets."""
        close = self.brackets.partner.get(index)
        if close is None or close < index or close >= self.end or index in self.brackets.tail:
            return None
        return None if holds_arithmetic(self.text[index + 1 : close]) else close

    def _is_name_char(self, index: int) -> bool:
        """Return whether a character, neither digit nor sign, can be in a name.

        Return False behind the end.
        """
        char = self._at(index)
        if self.vocabulary is not None and char in QUOTES:
            return False
        return bool(char) and char not in NOT_IN_NAMES and char not in DIGITS

    def _at(self, index: int) -> str:
        """Return the character at ``index``; empty behind the end."""
        return self.text[index] if index < self.end else ""

    def _visible_from(self, index: int) -> int:
        """Return the offset of the first visible character from ``index`` on, or the end."""
        while index < self.end and is_invisible(self.text[index]):
            index += 1
        return index
