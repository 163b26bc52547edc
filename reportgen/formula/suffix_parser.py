"""Parser of the text behind an expression: notes, the unit, a threshold, remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from reportgen.formula import keywords
from reportgen.formula.syntax_tree import Name
from reportgen.formula.tokens import QUOTES, RATE_SIGN_OF, RELATIONS, TokenKind
from reportgen.formula.trailing_notes import Note
from reportgen.formula.units import COMMON_BASES, parse_unit
from reportgen.formula.vocabulary import names_items
from reportgen.model.target_value import read_goal
from reportgen.text.name_matching import is_invisible, name_key, strip_invisible

if TYPE_CHECKING:
    from reportgen.formula.lexer import Lexer
    from reportgen.model.target_value import Goal

_FULL_STOPS: Final = frozenset("。｡.．")
_SEPARATORS: Final = frozenset("，,；;、")
_UNIT_END: Final = re.compile(r"[(（\[［【。，,；;\n」”\"]")
_THRESHOLD_END: Final = re.compile(
    r"[；;。\n」”\"]|[，,](?![0-9]{3})|[(（](?!含[)）])|\s{0,9}(?:計量|衡量)?單位\s{0,9}[:：]"
)
# In a bracket or behind a sign, where it ends a remark: （單位：%）, 四捨五入，單位：%.
_UNIT_BEHIND_REMARK: Final = re.compile(
    r"(?:[(（\[［【]|(?<=[，,、；;。\s]))\s{0,9}(?:計量|衡量)?單位\s{0,9}[:：∶]"
)
_CALCULATES: Final = re.compile(
    r"[+＋×✕*＊÷/／∕=＝^]|[-－−](?=[\s(（0-9])|(?:除以|乘以|乘上|加上|減去|扣除|再[加減乘除])|取絕對值"
)


@dataclass(slots=True)
class FormulaSuffix:
    """The parts found behind an expression."""

    notes: list[Note] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)  # of the notes: text that nothing reads
    goal: Goal | None = None
    goal_span: tuple[int, int] = (0, 0)
    is_share: bool = False  # 甲占乙之比率
    is_ratio: bool = False  # …之比值: a plain ratio
    sign: str = ""  # % or ‰ that is stated by a word or behind a trailing =

    def followed_by(self, other: FormulaSuffix) -> FormulaSuffix:
        """Return the parts of both; the last threshold and the first sign count."""
        last = other if other.goal is not None else self
        return FormulaSuffix(
            notes=self.notes + other.notes,
            remarks=self.remarks + other.remarks,
            goal=last.goal,
            goal_span=last.goal_span,
            is_share=self.is_share or other.is_share,
            is_ratio=self.is_ratio or other.is_ratio,
            sign=self.sign or other.sign,
        )


class SuffixParser:
    """Reader of the pieces behind an expression, up to the lexer's end.

    Each ``_take_…`` method moves :attr:`at` behind what it consumes, adds it to :attr:`tail`, and
    returns whether it has consumed anything.
    """

    def __init__(self, lexer: Lexer, start: int, *, divides: bool = False) -> None:
        self.divides = divides  # whether the expression is a quotient
        self.lexer = lexer
        self.text = lexer.text
        self.end = lexer.end
        self.at = start
        self.is_apart = False  # whether a sign or a space parts it from what stands before
        self.tail = FormulaSuffix()

    def read(self) -> FormulaSuffix | None:
        """Return notes, sign, goal and remarks behind a formula.

        Return None if some text is none of them; where it begins is then in :attr:`at`.
        """
        while True:
            self._skip_separators()
            if self.at >= self.end:
                return self.tail
            if not (
                self._take_example()
                or self._take_bracket()
                or self._take_equals()
                or self._take_sign()
                or self._take_unit()
                or self._take_share()
                or self._take_threshold()
                or self._take_rounding()
                or self._take_remark()
            ):
                return None

    def _skip_separators(self) -> None:
        """Advance to the next visible character.

        ``is_apart`` is set behind a space, stop or separator.
        """
        while self.at < self.end:
            char = self.text[self.at]
            if char in _FULL_STOPS or char in _SEPARATORS or char == "\n" or char.isspace():
                self.is_apart = True
            elif not (is_invisible(char) or char in QUOTES):
                return
            self.at += 1

    def _take_note(self, end: int) -> Note:
        """Add the text up to ``end`` to the notes, advance there, and return the note."""
        note = Note(self.text[self.at : end].strip(), (self.at, end))
        self.tail.notes.append(note)
        self.at = end
        return note

    def _take_note_before_unit(self, end: int) -> Note:
        """Add the text up to ``end``, or up to a unit that is stated before it, to the notes.

        A unit whose bracket is never closed is left to be refused.
        """
        unit = _UNIT_BEHIND_REMARK.search(self.text, self.at + 1, end)
        return self._take_note(unit.start() if unit else end)

    def _take_example(self) -> bool:
        """Consume a line of numbers in brackets behind the formula; return whether there was one.

        All that follows it is consumed as well, as one remark.
        """
        vocabulary = self.lexer.vocabulary
        is_line = self.text[: self.at].rstrip(" \u3000")[-1:] == "\n"
        following = self.text[self.at : self.end]
        if vocabulary is None or not is_line or following[0] not in "(（[［":
            return False
        outside = re.sub(r"[(（][^()（）]*[)）]", "", following)
        if not _CALCULATES.search(outside) or names_items(following, vocabulary):
            return False
        self.tail.remarks.append(self._take_note(self.end))
        return True

    def _take_bracket(self) -> bool:
        """Consume a bracket as a note; return whether there was one."""
        close = self.lexer.brackets.partner.get(self.at, -1)
        if close < self.at or close >= self.end:
            return False
        note = Note(self.text[self.at + 1 : close], (self.at, close + 1))
        self.tail.notes.append(note)
        self.at, self.is_apart = close + 1, True
        return True

    def _take_equals(self) -> bool:
        """Consume a ``=`` without a value behind it, 甲/乙＝(單位：%), 甲/乙＝＿＿%.

        Return whether there was one: only a blank to fill in, a % and then a bracket or the end may
        follow. The %, or its absence, becomes the tail's sign.
        """
        match = re.compile(r"[=＝﹦]\s*(?:[_＿○〇…]+\s*)?(?P<sign>[%％﹪‰])?").match(
            self.text, self.at, self.end
        )
        if match is None:
            return False
        after = match.end()
        while after < self.end and is_invisible(self.text[after]):
            after += 1
        if after < self.end and after not in self.lexer.brackets.partner:
            return False
        self.tail.sign = name_key(match["sign"] or "")
        self.at = match.end()
        return True

    def _take_sign(self) -> bool:
        """Consume a final % behind a quotient, which is kept, or a word such as 而得.

        Return whether there was one. Without a vocabulary there is none.
        """
        if self.lexer.vocabulary is None:
            return False
        sign = RATE_SIGN_OF.get(self.text[self.at])
        if (
            sign
            and self.divides
            and not strip_invisible(self.text[self.at + 1 : self.end]).strip("。.")
        ):
            self.tail.sign = sign
            self.at += 1
            return True
        if result := keywords.RESULT.match(self.text, self.at, self.end):
            self.at = result.end()
            return True
        return False

    def _take_unit(self) -> bool:
        """Consume a stated unit (「單位：件」) as a note; return whether there was one."""
        match = keywords.STATED_UNIT.match(self.text, self.at, self.end)
        if match is None:
            return False
        unit_end = _UNIT_END.search(self.text, match.end(), self.end)
        self._take_note(unit_end.start() if unit_end else self.end)
        return True

    def _take_share(self) -> bool:
        """Consume a word such as 比率 or 百分比 behind a quotient; return whether there was one.

        百分比 and the like state the tail's sign; 比值 and 比重 make it a plain ratio.
        """
        match = keywords.SHARE_SUFFIX.match(self.text, self.at, self.end)
        if match is None or not self.divides:
            return False
        self.tail.is_ratio = match["word"] in {"比值", "比重"}
        self.tail.sign = keywords.SHARE_SIGNS.get(match["word"], self.tail.sign)
        self.at = match.end()
        return True

    def _take_threshold(self) -> bool:
        """Consume a threshold in words, such as 達80%以上, into the tail's goal.

        Return whether there was one: a second one, a range, a bare number and one in no known unit
        are left. A sign such as ≥ is for the parser.
        """
        if self.tail.goal is not None or self.text[self.at] in RELATIONS:
            return False
        threshold_end = _THRESHOLD_END.search(self.text, self.at, self.end)
        stop = threshold_end.start() if threshold_end else self.end
        goal = read_goal(self.text[self.at : stop])
        if goal is None or goal.relation in {"", "~"} or not _is_unit(goal.bounds[0].unit):
            return False
        self.tail.goal, self.tail.goal_span = goal, (self.at, stop)
        self.at = stop
        return True

    def _take_rounding(self) -> bool:
        """Consume a rounding clause (四捨五入) as a note; return whether there was one.

        A space, stop or bracket must separate it from the expression.
        """
        match = keywords.ROUNDING.match(self.text, self.at, self.end)
        if match is None or not self.is_apart:
            return False
        self._take_note_before_unit(match.end())
        return True

    def _take_remark(self) -> bool:
        """Consume text that is printed but not calculated; return whether there was any.

        Text behind a word of remarks, 註：, is a note. Other text is a remark as well, unless it
        names an item or has a sign of calculation: then it is left.
        """
        mark = keywords.FOOTNOTE_MARK.match(self.text, self.at, self.end)
        is_apart = self.is_apart or mark is not None
        if not is_apart or self.lexer.vocabulary is None or (mark and self._goes_on(mark.end())):
            return False
        if remark := keywords.REMARK.match(self.text, self.at, self.end):
            line_end = re.compile(r"\n").search(self.text, remark.end(), self.end)
            note = self._take_note_before_unit(line_end.start() if line_end else self.end)
            if remark[0][0] in keywords.SAYS_HOW and names_items(remark[0], self.lexer.vocabulary):
                self.tail.remarks.append(note)  # 以撤回件數計列
            return True
        if keywords.STEP_IN_WORDS.match(self.text, self.at, self.end):
            return False
        line_end = re.compile(r"[\n。；;]").search(self.text, self.at, self.end)
        stop = line_end.start() if line_end else self.end
        text = self.text[self.at : stop]
        says_something = any("\u4e00" <= char <= "\u9fff" for char in text)
        if not says_something or _CALCULATES.search(text):
            return False
        if names_items(text, self.lexer.vocabulary):
            return False
        self.tail.remarks.append(self._take_note_before_unit(stop))
        return True

    def _goes_on(self, index: int) -> bool:
        """Return whether a calculation goes on behind a footnote's mark: ※1÷乙, ※年底÷乙.

        Behind an item of its own it is another one, and the note a remark: ※甲＝丙÷乙.
        """
        sign = _CALCULATES.search(self.text, index, self.end)
        before = self.text[index : sign.start() if sign else self.end]
        if sign is None or "\n" in before or not before:
            return sign is not None and not before
        operand = self.lexer.operand(sign.end())
        is_operand = isinstance(operand.term, Name) or (
            sign[0] in "×✕÷" and operand.kind in {TokenKind.NUMBER, TokenKind.TERM}
        )
        vocabulary = self.lexer.vocabulary
        return is_operand and not (vocabulary and names_items(before, vocabulary))


def _is_unit(text: str) -> bool:
    """Return whether a word behind a threshold is a unit: 3件, but not 未達3件者應說明."""
    unit = parse_unit(text)
    return unit is None or all(base in COMMON_BASES for base, _ in unit.measure.dims)
