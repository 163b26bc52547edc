"""Brackets behind and before names: labels, units, years and definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import keywords
from reportgen.formula.parse_errors import FormulaError
from reportgen.formula.syntax_tree import Expression, Name, names_in
from reportgen.formula.tokens import TokenKind, holds_arithmetic, pair_brackets
from reportgen.formula.trailing_notes import Note, bare_unit, read_notes, stated_unit
from reportgen.formula.units import is_unit_text
from reportgen.formula.vocabulary import LAST_YEAR, THIS_YEAR, names_items
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from reportgen.formula.parser import Parser
    from reportgen.formula.syntax_tree import Span
    from reportgen.formula.tokens import Token

# What follows if an expression continues behind a bracket.
_CONTINUATION_KINDS: Final = frozenset(
    {TokenKind.OPERATOR, TokenKind.STEP, TokenKind.CLOSE, TokenKind.SEPARATOR, TokenKind.RELATION}
)
_CAPTION_VERBS: Final = ("係指", "是指", "為", "是", "指", "即")


class Bracket(NamedTuple):
    """A bracket: its two offsets, and its content without white space."""

    start: int
    close: int
    content: str

    @property
    def is_year(self) -> bool:
        """True if the bracket names a year."""
        return self.content in LAST_YEAR or self.content in THIS_YEAR


def bracket_at(parser: Parser, index: int) -> Bracket | None:
    """Return the bracket that opens at ``index``, or None if none does in the text that is read."""
    lexer = parser.lexer
    start = lexer.skip_quotes(index)
    close = lexer.brackets.partner.get(start, -1)
    if close < start or close >= lexer.end:
        return None
    return Bracket(start, close, strip_invisible(lexer.text[start + 1 : close]))


def read_qualifier(parser: Parser, name: Name) -> Expression:
    """Return the name with the information in the bracket behind it.

    完成件數(A) is labelled, 實支數(千元) has its unit, 破獲數(上年度) is of another year,
    and 接種人次(第一劑+第二劑) is explained: the parser moves behind such a bracket and keeps its
    label, unit or definition. Any other bracket ends the expression and is kept as a remark.
    Raises FormulaError (E225) if two brackets contradict each other.
    """
    bracket = bracket_at(parser, parser.at) if parser.lexer.vocabulary is not None else None
    if bracket is None:
        return name
    if bracket.is_year:
        return _name_of_year(parser, name, bracket, (name.span[0], bracket.close + 1))
    is_label = bool(keywords.LABEL.fullmatch(bracket.content)) and not parser.is_known(
        bracket.content
    )
    explains = is_label or is_unit_text(bracket.content, is_inside=True)
    if not explains:
        parser.remarks.append((name, bracket.content))
    if bracket.start in parser.brackets.tail and not is_label:
        return name
    if holds_arithmetic(bracket.content):
        return _read_definition(parser, name, bracket)
    if not explains and _is_remark(parser, bracket):
        note = Note(bracket.content, (bracket.start, bracket.close + 1))
        parser.notes.append(note)
        parser.ignored_notes.append(note)
        parser.at = bracket.close + 1
    if explains:
        _consume_label_or_unit(parser, name, bracket)
    return name


def _is_remark(parser: Parser, bracket: Bracket) -> bool:
    """Return whether a bracket only describes its item, before an operator: 死亡數(不含死產)÷."""
    vocabulary = parser.lexer.vocabulary
    if vocabulary is None or not keywords.DESCRIBES.fullmatch(bracket.content):
        return False
    goes_on = parser.lexer.operator(bracket.close + 1).kind is TokenKind.OPERATOR
    return goes_on and not names_items(bracket.content, vocabulary)


def _name_of_year(parser: Parser, name: Name, bracket: Bracket, span: Span) -> Name:
    """Consume a bracket such as (上年度); return the name as the figure of that year."""
    text = strip_invisible(parser.lexer.text[slice(*span)])
    parser.at = span[1]
    offset = -1 if bracket.content in LAST_YEAR else 0
    return Name(text, name_key(text), span, item=name.source, offset=offset)


def _consume_label_or_unit(parser: Parser, name: Name, bracket: Bracket) -> None:
    """Consume a label or unit behind a name.

    A unit of the whole formula is left: 甲/乙(%)至少3. Raise FormulaError (E225) if it contradicts
    the legend or an earlier label.
    """
    is_unit = is_unit_text(bracket.content, is_inside=True)
    if is_unit and parser.lexer.operator(bracket.close + 1).kind not in _CONTINUATION_KINDS:
        return
    legend_entry = parser.lexer.legend.get(name_key(bracket.content))
    contradicts = isinstance(legend_entry, Name) and legend_entry.source != name.source
    if contradicts or parser.labels.setdefault(name.source, bracket.content) != bracket.content:
        raise FormulaError("E225", (bracket.start, bracket.close + 1), found=name.text)
    if is_unit:
        parser.unit_notes.append((name, bracket.content))
    parser.at = bracket.close + 1


def _read_definition(parser: Parser, name: Name, bracket: Bracket) -> Name:
    """Return the name, and store the definition in the bracket for comparison.

    The parser stays before a bracket that is no calculation of known names.
    """
    inside = parser.bracket_content(bracket)
    if inside is None:
        return name
    inner, definition = inside
    names = names_in(definition)
    is_known = names and all(parser.is_known(inner_name.source) for inner_name in names)
    if inner.operator().kind is TokenKind.END and is_known:
        parser.at = bracket.close + 1
        parser.definitions.append((name, definition))
    return name


def read_explanation(parser: Parser, name: Name) -> Expression | None:
    """Return the calculation that a bracket gives for an unknown name: 獲利率(稅前盈餘/營業收入).

    The parser moves behind it. None, and the parser stays, for a known name, without a
    vocabulary, and for a bracket that is no calculation of known names.
    """
    if parser.lexer.vocabulary is None or parser.is_known(name.source):
        return None
    bracket = bracket_at(parser, parser.at)
    if bracket is None or name.text.endswith(_CAPTION_VERBS):
        return None
    inside = parser.bracket_content(bracket)
    if inside is None:
        return None
    inner, definition = inside
    names = names_in(definition)
    share_suffix = keywords.SHARE_SUFFIX.match(parser.lexer.text, inner.at, bracket.close)
    end = parser.lexer.skip_quotes(share_suffix.end() if share_suffix else inner.at)
    is_calculation = names and not isinstance(definition, Name) and end == bracket.close
    if not is_calculation or not all(parser.is_known(inner_name.source) for inner_name in names):
        return None
    parser.is_share = parser.is_share or inner.is_share
    parser.notes += _units_within(parser.lexer.text, name)
    parser.at = bracket.close + 1
    return definition


def _units_within(text: str, name: Name) -> list[Note]:
    """Return the units in the brackets of an unknown name, 獲利率(%), as notes of the formula."""
    written = text[slice(*name.span)]
    start = name.span[0]
    return [
        Note(note.text, (start + note.span[0], start + note.span[1]))
        for note in read_notes(written, 0, pair_brackets(written))
        if bare_unit(note) is not None or stated_unit(note) is not None
    ]


def read_label(parser: Parser, opening: Token, close: int) -> Name | None:
    """Return the name behind a bracket, with its year: (A)完成件數, (上年度)甲.

    Return None if the bracket at ``opening`` is none of these. The parser moves behind the name.
    """
    lexer = parser.lexer
    bracket = Bracket(opening.start, close, strip_invisible(lexer.text[opening.end : close]))
    if lexer.vocabulary is None or parser.is_known(bracket.content):
        return None
    token = lexer.operand(close + 1)
    if not isinstance(token.term, Name):
        return None
    if bracket.is_year and not token.term.offset:
        return _name_of_year(parser, token.term, bracket, (opening.start, token.end))
    is_label = keywords.LABEL.fullmatch(bracket.content) or keywords.SOURCE_NOTE.fullmatch(
        bracket.content
    )
    if not is_label or name_key(bracket.content) in lexer.legend:
        return None
    parser.at = token.end
    return token.term
