"""The cells of 試算 that read a milestone's stage, as :mod:`reportgen.formula.milestones` does.

A text is looked up in three hidden rows: the text as names are compared, which of the stages
it may name, and the one that it names.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.formula.milestones import BESIDE_A_STAGE, SHORTEST
from reportgen.formula.rounding import exact_text
from reportgen.names import name_key
from reportgen.workbook.rates import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.formula import Unit
    from reportgen.formula.milestones import Stage

_FOLDED: Final = (("（", "("), ("）", ")"), ("％", "%"), ("﹪", "%"), ("　", ""), (" ", ""))
_WILD: Final = (("?", "✗"), ("*", "✗"), ("~", "✗"))  # a lookup takes them for any letters
_ABOVE: Final = 1000  # more than there are stages: a sum above its double is of two
_CLOSE: Final = "10^-9"


def text_key(cell: str) -> str:
    """Return the text of a cell as names are compared; empty for a number."""
    text = f'SUBSTITUTE({cell},CHAR(10),"")'
    for written, plain in (*_FOLDED, *_WILD):
        text = f"SUBSTITUTE({text},{_text(written)},{_text(plain)})"
    return f'IF(ISTEXT({cell}),LOWER({text}),"")'


def candidates(key: str, stages: Sequence[Stage]) -> str:
    """Return 1000 and the number of each stage that a text may name, added up."""
    names = [name_key(stage.name) for stage in stages]
    terms = [
        f"IF({_may_name(key, stage, names)},{_ABOVE + number},0)"
        for number, stage in enumerate(stages, start=1)
    ]
    return f'IF({key}="",0,{"+".join(terms)})'


def _may_name(key: str, stage: Stage, names: Sequence[str]) -> str:
    """Return the condition that a text holds a stage's name, or is the end of it."""
    name = name_key(stage.name)
    longer = [f"ISNUMBER(FIND({_text(each)},{key}))" for each in names if name in each != name]
    rest = key
    for word in (name, f"({stage.percentage})", stage.percentage, *BESIDE_A_STAGE):
        rest = f'SUBSTITUTE({rest},{_text(word)},"")'
    inside = [f"ISNUMBER(FIND({_text(name)},{key}))", f'{rest}=""']
    inside += [f"NOT(OR({','.join(longer)}))"] if longer else []
    if len(name) <= SHORTEST:
        return f"AND({','.join(inside)})"
    bounds = f"LEN({key})>={SHORTEST},LEN({key})<{len(name)}"
    return f"OR(AND({','.join(inside)}),AND({bounds},RIGHT({_text(name)},LEN({key}))={key}))"


def stage_number(key: str, found: str, stages: Sequence[Stage]) -> str:
    """Return the number of the stage that a text names, 0 for none or several."""
    names = _row(name_key(stage.name) for stage in stages)
    only = f"IF(AND({found}>{_ABOVE},{found}<{2 * _ABOVE}),{found}-{_ABOVE},0)"
    return f"IFERROR(MATCH({key},{names},0),{only})"


def share_of_stage(number: str, stages: Sequence[Stage]) -> str:
    """Return the share in % of the stage with a number."""
    shares = ",".join(_digits(stage.share * PERCENT) for stage in stages)
    return f"CHOOSE({number},{shares})"


def share_of_number(cell: str, unit: Unit | None, stages: Sequence[Stage], fault: str) -> str:
    """Return the share in % that a number states: as typed in a row of %, else a stage's."""
    taken = cell
    if unit is None or unit.per != PERCENT:
        shares = {stage.share for stage in stages} | {Fraction(0)}
        meant: dict[Fraction, set[Fraction]] = {}
        for share in shares:
            for typed in (share, share * PERCENT):
                meant.setdefault(typed, set()).add(share)
        pairs = ";".join(
            f"{_digits(typed)},{_digits(found.pop() * PERCENT)}"
            for typed, found in sorted(meant.items())
            if len(found) == 1
        )
        taken = f"IFERROR(VLOOKUP(ROUND({cell},10),{{{pairs}}},2,FALSE),{_text(fault)})"
    ratio = f'LEFT(CELL("format",{cell}),1)="P"'
    return (
        f"IF({ratio},IF(AND({cell}>=0,{cell}<=1),ROUND({cell}*{PERCENT},10),{_text(fault)}),"
        f"IF(AND({cell}>=0,{cell}<={PERCENT}),{taken},{_text(fault)}))"
    )


def with_stage(figure: str, ratio: str, stages: Sequence[Stage]) -> str:
    """Return a figure behind the name of the stage whose share it is: 設計（60%）."""
    same = [f"ABS({ratio}-{_digits(stage.share)})<{_CLOSE}" for stage in stages]
    names = [
        f'IF({is_same},{_text(stage.name + "（")},"")'
        for is_same, stage in zip(same, stages, strict=True)
    ]
    text = f'{"&".join(names)}&{figure}&IF(OR({",".join(same)}),"）","")'
    return f"IF(ISNUMBER({ratio}),{text},{ratio})"


def places_of(ratio: str) -> str:
    """Return the decimal places that a ratio has in %."""
    shown = f"ROUND({ratio}*{PERCENT},10)"
    return f'IF(ISNUMBER({ratio}),MAX(0,LEN({shown}&"")-LEN(INT({shown})&"")-1),0)'


def _row(texts: Iterable[str]) -> str:
    return f"{{{','.join(map(_text, texts))}}}"


def _text(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _digits(number: Fraction) -> str:
    return exact_text(number).replace(",", "")
