"""Suspected slips: two spellings of the same thing in one edition.

All are printed as written. The less frequent spelling is listed, each cell once (N221, N222); of
two equally frequent ones, the later.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final

from reportgen.compute.formula_results import cell_location
from reportgen.model.scorecard import Text
from reportgen.problems import make_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.compute.result_types import Results
    from reportgen.formula import Formula
    from reportgen.model.scorecard import CellRef, Perspective
    from reportgen.problems import Problem

Spelling = tuple[str, "CellRef"]  # a spelling, and a cell that has it

_CHARACTER_VARIANTS: Final = (("臺", "台"), ("賸", "剩"))
_WORD_VARIANTS: Final = (("每年", "當年度"),)
_TIMES_SIGN: Final = re.compile("[×*＊]")
_DIVISION_SIGN: Final = re.compile("[÷/／]")
_COLON: Final = re.compile("單位[ \u3000]*([:：])")
_DISPLAYED_VARIANTS: Final = {
    ":": "單位:（半形）",
    "：": "單位：（全形）",
    "": "句尾無。",
    "。": "句尾有。",
}


def inconsistent_spellings(results: Results) -> Iterator[Problem]:
    """Yield N221 for each cell that is written unlike most others, N222 for a perspective's ending.

    Signs of calculation are compared only in formulas that are calculated.
    """
    texts = tuple(_texts_within(results.scorecard))
    for pair in _CHARACTER_VARIANTS:
        yield from _minority_variants(
            (variant, text.at) for text in texts for variant in pair if variant in text.text
        )
    formulas = [result.formula for result in results.kpis]
    cells = [result.kpi.formula for result in results.kpis]
    for words in _WORD_VARIANTS:
        yield from _minority_variants(
            (variant, cell.at) for cell in cells for variant in words if variant in cell.text
        )
    calculated = [
        formula if formula and not (formula.is_direct or formula.stages) else None
        for formula in formulas
    ]
    parsed = [
        (formula, cell.at) for formula, cell in zip(calculated, cells, strict=True) if formula
    ]
    for sign in (_TIMES_SIGN, _DIVISION_SIGN):
        yield from _minority_variants(
            (variant, cell_ref)
            for formula, cell_ref in parsed
            for variant in sign.findall(_text_before_notes(formula))
        )
    yield from _minority_variants((_full_stop(formula), cell_ref) for formula, cell_ref in parsed)
    yield from _minority_variants(
        (variant, cell.at) for cell in cells for variant in _COLON.findall(cell.text)
    )
    yield from _inconsistent_endings(results.scorecard.perspectives)


def _minority_variants(uses: Iterable[Spelling]) -> Iterator[Problem]:
    """Yield N221 for each cell that does not use the most frequent spelling.

    A cell counts once for each spelling; of equally frequent spellings the first one is kept.
    """
    occurrences = tuple(dict.fromkeys(uses))
    counts = Counter(variant for variant, _ in occurrences)
    if len(counts) < 2:
        return
    most_frequent = counts.most_common()[0][0]
    for variant, cell_ref in occurrences:
        if variant != most_frequent:
            words = {
                "found": _DISPLAYED_VARIANTS.get(variant, variant),
                "usual": _DISPLAYED_VARIANTS.get(most_frequent, most_frequent),
            }
            yield make_problem(
                "N221",
                cell_location(cell_ref),
                **words,
                count=counts[variant],
                others=counts[most_frequent],
            )


def _text_before_notes(formula: Formula) -> str:
    """Return the text of a formula before its first note, stripped."""
    end = formula.notes[0].span[0] if formula.notes else len(formula.text)
    return formula.text[:end].strip()


def _full_stop(formula: Formula) -> str:
    """Return the full stop that ends a formula, or an empty text."""
    return "。" if _text_before_notes(formula).endswith("。") else ""


def _inconsistent_endings(perspectives: tuple[Perspective, ...]) -> Iterator[Problem]:
    """Yield N222: exceptions among names of which more than half end in the same two characters."""
    names = [perspective.card_name for perspective in perspectives]
    if not names:
        return
    ending, count = Counter(name.text[-2:] for name in names).most_common()[0]
    if count * 2 > len(names):
        for name in names:
            if not name.text.endswith(ending):
                yield make_problem("N222", cell_location(name.at), found=name.text, usual=ending)


def _texts_within(part: object) -> Iterator[Text]:
    """Yield every Text within a part of the scorecard, however deep."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, tuple):
        for member in part:
            yield from _texts_within(member)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts_within(getattr(part, field.name))
