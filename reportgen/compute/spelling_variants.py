"""Suspected slips: two spellings of the same thing in one edition.

Printed as written. What stands less often is listed, each cell once (N221, N222); of two
that stand equally often, the one that comes later.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final

from reportgen.compute.formula_results import place
from reportgen.model.scorecard import Text
from reportgen.problems import make

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.compute.result_types import Results
    from reportgen.formula import Formula
    from reportgen.model.scorecard import CellRef, Perspective
    from reportgen.problems import Problem

Use = tuple[str, "CellRef"]  # a way of writing, and a cell that has it

_CHARACTERS: Final = (("臺", "台"), ("賸", "剩"))
_WORDS: Final = (("每年", "當年度"),)
_TIMES: Final = re.compile("[×*＊]")
_DIVIDED: Final = re.compile("[÷/／]")
_COLON: Final = re.compile("單位[ \u3000]*([:：])")
_SHOWN: Final = {":": "單位:（半形）", "：": "單位：（全形）", "": "句尾無。", "。": "句尾有。"}


def slips(results: Results) -> Iterator[Problem]:
    """Yield a notice for each cell that is written unlike the others."""
    texts = tuple(_texts(results.scorecard))
    for pair in _CHARACTERS:
        yield from _odd((way, text.at) for text in texts for way in pair if way in text.text)
    formulas = [each.formula for each in results.kpis]
    cells = [each.kpi.formula for each in results.kpis]
    for words in _WORDS:
        yield from _odd((way, cell.at) for cell in cells for way in words if way in cell.text)
    calculated = [
        each if each and not (each.is_direct or each.stages) else None for each in formulas
    ]
    read = [(each, cell.at) for each, cell in zip(calculated, cells, strict=True) if each]
    for sign in (_TIMES, _DIVIDED):
        yield from _odd((way, at) for each, at in read for way in sign.findall(_expression(each)))
    yield from _odd((_stop(each), at) for each, at in read)
    yield from _odd((way, cell.at) for cell in cells for way in _COLON.findall(cell.text))
    yield from _odd_endings(results.scorecard.perspectives)


def _odd(uses: Iterable[Use]) -> Iterator[Problem]:
    """Yield N221 for each cell that does not use the most frequent spelling."""
    found = tuple(dict.fromkeys(uses))
    counts = Counter(way for way, _ in found)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    for way, at in found:
        if way != usual:
            words = {"found": _SHOWN.get(way, way), "usual": _SHOWN.get(usual, usual)}
            yield make("N221", place(at), **words, count=counts[way], others=counts[usual])


def _expression(formula: Formula) -> str:
    """Return the text before the notes."""
    end = formula.notes[0].span[0] if formula.notes else len(formula.text)
    return formula.text[:end].strip()


def _stop(formula: Formula) -> str:
    return "。" if _expression(formula).endswith("。") else ""


def _odd_endings(perspectives: tuple[Perspective, ...]) -> Iterator[Problem]:
    """Yield N222: exceptions among names of which most end in the same two characters."""
    names = [each.card_name for each in perspectives]
    if not names:
        return
    ending, count = Counter(name.text[-2:] for name in names).most_common(1)[0]
    if count * 2 > len(names):
        for name in names:
            if not name.text.endswith(ending):
                yield make("N222", place(name.at), found=name.text, usual=ending)


def _texts(part: object) -> Iterator[Text]:
    """Yield every text of the edition with its cell."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from _texts(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))
