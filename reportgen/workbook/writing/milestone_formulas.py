"""Formulas of 試算 that read a milestone's stage, as :mod:`reportgen.formula.milestones` does.

A text is looked up in three hidden lines: the text as names are compared, the stages that
it may name, and the one that it names.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.formula.milestones import MIN_STAGE_CHARS, NEUTRAL_STAGE_WORDS
from reportgen.formula.rounding import exact_text
from reportgen.text.name_matching import name_key
from reportgen.workbook.schema.percent_units import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.formula import Unit
    from reportgen.formula.milestones import Stage

_FOLDED: Final = (("（", "("), ("）", ")"), ("％", "%"), ("﹪", "%"), ("　", ""), (" ", ""))
_WILDCARDS: Final = (("?", "✗"), ("*", "✗"), ("~", "✗"))  # of lookups, with a stand-in
_OFFSET: Final = 1000  # above any number of stages: a sum above twice that is of several
_TOLERANCE: Final = "10^-9"


def text_key_formula(cell: str) -> str:
    """Return the formula for the text of a cell as names are compared; empty for a number."""
    text = f'SUBSTITUTE({cell},CHAR(10),"")'
    for typed, plain in (*_FOLDED, *_WILDCARDS):
        text = f"SUBSTITUTE({text},{_quote(typed)},{_quote(plain)})"
    return f'IF(ISTEXT({cell}),LOWER({text}),"")'


def candidate_stages_formula(key: str, stages: Sequence[Stage]) -> str:
    """Return the sum of 1000 plus the number (from 1) for each stage that a text may name.

    Between 1000 and 2000 it is a single one. ``key`` is the cell of the text as names are
    compared.
    """
    names = [name_key(stage.name) for stage in stages]
    terms = [
        f"IF({_may_name(key, stage, names)},{_OFFSET + number},0)"
        for number, stage in enumerate(stages, start=1)
    ]
    return f'IF({key}="",0,{"+".join(terms)})'


def _may_name(key: str, stage: Stage, names: Sequence[str]) -> str:
    """Return the condition that a text contains a stage's name, or is the end of it."""
    name = name_key(stage.name)
    longer_names = [
        f"ISNUMBER(FIND({_quote(other)},{key}))" for other in names if name in other != name
    ]
    remainder = key
    for word in (name, f"({stage.percentage})", stage.percentage, *NEUTRAL_STAGE_WORDS):
        remainder = f'SUBSTITUTE({remainder},{_quote(word)},"")'
    conditions = [f"ISNUMBER(FIND({_quote(name)},{key}))", f'{remainder}=""']
    conditions += [f"NOT(OR({','.join(longer_names)}))"] if longer_names else []
    if len(name) <= MIN_STAGE_CHARS:
        return f"AND({','.join(conditions)})"
    bounds = f"LEN({key})>={MIN_STAGE_CHARS},LEN({key})<{len(name)}"
    return f"OR(AND({','.join(conditions)}),AND({bounds},RIGHT({_quote(name)},LEN({key}))={key}))"


def stage_number_formula(key: str, total: str, stages: Sequence[Stage]) -> str:
    """Return the formula for the number of the stage that a text names, 0 for none or several.

    ``key`` is the cell of the text, ``total`` that of :func:`candidate_stages_formula`. A text that
    is a stage's whole name is that stage.
    """
    names = _array_constant(name_key(stage.name) for stage in stages)
    single_candidate = f"IF(AND({total}>{_OFFSET},{total}<{2 * _OFFSET}),{total}-{_OFFSET},0)"
    return f"IFERROR(MATCH({key},{names},0),{single_candidate})"


def stage_share_formula(number: str, stages: Sequence[Stage]) -> str:
    """Return the formula for the share in % of the stage whose number, from 1, is in a cell."""
    shares = ",".join(_digits(stage.share * PERCENT) for stage in stages)
    return f"CHOOSE({number},{shares})"


def number_share_formula(cell: str, unit: Unit | None, stages: Sequence[Stage], fault: str) -> str:
    """Return the formula for the share in % that a number states, or ``fault``.

    As typed in a row of %; in any other it must be the share of a stage, as ratio or in %. A cell
    in a percentage format holds a ratio. Out of 0 to 100 % it is ``fault``.
    """
    share_formula = cell
    if unit is None or unit.per != PERCENT:
        shares = {stage.share for stage in stages} | {Fraction(0)}
        shares_by_number: dict[Fraction, set[Fraction]] = {}
        for share in shares:
            for typed in (share, share * PERCENT):
                shares_by_number.setdefault(typed, set()).add(share)
        pairs = ";".join(
            f"{_digits(typed)},{_digits(shares_typed.pop() * PERCENT)}"
            for typed, shares_typed in sorted(shares_by_number.items())
            if len(shares_typed) == 1
        )
        share_formula = f"IFERROR(VLOOKUP(ROUND({cell},10),{{{pairs}}},2,FALSE),{_quote(fault)})"
    is_ratio = f'LEFT(CELL("format",{cell}),1)="P"'
    return (
        f"IF({is_ratio},IF(AND({cell}>=0,{cell}<=1),ROUND({cell}*{PERCENT},10),{_quote(fault)}),"
        f"IF(AND({cell}>=0,{cell}<={PERCENT}),{share_formula},{_quote(fault)}))"
    )


def figure_with_stage_formula(figure: str, ratio: str, stages: Sequence[Stage]) -> str:
    """Return the formula for a figure after the name of the stage with its share: 設計（60%）.

    ``figure`` is the formula of the figure as printed, ``ratio`` the cell of its share. Without
    such a stage it is the figure alone, and for a missing share its symbol.
    """
    conditions = [f"ABS({ratio}-{_digits(stage.share)})<{_TOLERANCE}" for stage in stages]
    names = [
        f'IF({condition},{_quote(stage.name + "（")},"")'
        for condition, stage in zip(conditions, stages, strict=True)
    ]
    text = f'{"&".join(names)}&{figure}&IF(OR({",".join(conditions)}),"）","")'
    return f"IF(ISNUMBER({ratio}),{text},{ratio})"


def decimal_places_formula(ratio: str) -> str:
    """Return the formula for the decimal places of a ratio in %."""
    digits_shown = f"ROUND({ratio}*{PERCENT},10)"
    return f'IF(ISNUMBER({ratio}),MAX(0,LEN({digits_shown}&"")-LEN(INT({digits_shown})&"")-1),0)'


def _array_constant(texts: Iterable[str]) -> str:
    """Return texts as an array constant of one row."""
    return f"{{{','.join(map(_quote, texts))}}}"


def _quote(text: str) -> str:
    """Return a text constant within a formula."""
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def _digits(number: Fraction) -> str:
    """Return a number as a constant within a formula."""
    return exact_text(number).replace(",", "")
