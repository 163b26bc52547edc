"""Weights in words: ``書面審查占40%、實地查核占60%`` is the weighted sum of two items."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.formula import keywords
from reportgen.formula.syntax_tree import Binary, Expression, Name, Number, Percent
from reportgen.formula.tokens import QUOTES
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Span
    from reportgen.formula.vocabulary import Vocabulary

_SHARE: Final = re.compile(
    r"(?P<takes>[占佔](?:總成績|總分|總評分|總評|權重|比重)?)?\s*[(（]?"
    r"(?:(?P<digits>[0-9]{1,3}(?:\.[0-9]+)?)\s*[%％﹪]|百分之(?P<words>[一二兩三四五六七八九十百零〇]+))[)）]?"
)
_NUMBERING: Final = re.compile(r"^[(（]?[一二三四五六七八九十0-9]{1,2}[)）.、．]")
_SEPARATOR_CHARS: Final = "，,、;；。:：及與和 \n\u3000" + "".join(QUOTES)


def read_weights(text: str, vocabulary: Vocabulary) -> tuple[Expression, int] | None:
    """Return the weighted sum that a text states in words, and the offset behind it.

    None unless known items and their shares follow each other, the first with 占, and the
    shares come to 100 %.
    """
    total, tree, position = Fraction(0), None, 0
    for match in _SHARE.finditer(text):
        item = strip_invisible(text[position : match.start()]).strip(_SEPARATOR_CHARS)
        item = _NUMBERING.sub("", item).strip(_SEPARATOR_CHARS)
        if name_key(item) not in vocabulary.items or (tree is None and not match["takes"]):
            return None
        span: Span = (position, match.end())
        digits = match["digits"] or f"{keywords.chinese_number(match['words'])}"
        share = Percent(Number(Fraction(digits), digits), "%", span)
        term = Binary("×", Name(item, name_key(item), span), share, span)
        tree = term if tree is None else Binary("+", tree, term, (0, match.end()))
        total, position = total + Fraction(digits), match.end()
    return (tree, position) if tree is not None and total == 100 else None
