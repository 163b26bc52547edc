"""Reasons why a content is no 目標值, with a remedy that is right when followed to the letter.

Staff who wrote 3件以下 must not be asked to enter a bare 3, which is *at least* 3 for most KPIs.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from reportgen.formula.milestones import stages_text
from reportgen.model.target_value import alternatives, read_goal
from reportgen.workbook.reading.number_parsing import MAX_ABS_NUMBER, parse_number
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.rejection import Rejection, reject
from reportgen.workbook.reading.text_cleaning import misleading_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.formula.milestones import Stage

_ANY_FORM: Final = (
    "請填數字（前面可加 ≥ 或 ≤）或由小到大的範圍",
    "Enter a number, with ≥ or ≤ if need be, or a range",
)
_USE_SIGNS: Final = (
    "下限請填 ≥、上限請填 ≤，後面只接數字與單位，例如 ≥80%、≤3件；範圍請由小到大，例如 80%~90%",
    "Write ≥80% for at least, ≤3件 for at most, 80%~90% for a range: signs, numbers, units alone",
)
_MADE_A_DATE: Final = (
    "Excel 把輸入的內容改成了日期；請先將這一格的格式改為「文字」，再重新填寫，例如 3~5",
    "Excel has made a date of it: set the cell's format to Text, then enter it again, such as 3~5",
)
_LIMIT_WORDS: Final = re.compile(
    "[0-9]|百分之|以上|以下|[以之]內|[超不]過|逾|[未不]滿|不足|未達|[高低多少大小]於|[至最][多少]"
)
_CODES_WITH_REMEDY: Final = frozenset({"E118", "E125", "E144"})  # right for a number without words


def reject_target(text: str, stages: Sequence[Stage] = ()) -> Rejection | None:
    """Return why a text is no target, or None if it is one.

    E161: misleading digits, E118: too large, E125 or E144: a number in another form, else E127
    with a remedy that fits the text. The remedy for a milestone lists its ``stages``, but whether
    the text names one is not checked here.
    """
    if false := misleading_digits(text):
        return reject("E161", found=text, character=false)
    goal = read_goal(text)
    if goal is not None:
        oversized = (bound for bound in goal.bounds if abs(bound.number) > MAX_ABS_NUMBER)
        allowed = f"±{MAX_ABS_NUMBER:,}"
        return next(
            (reject("E118", found=bound.text, allowed=allowed) for bound in oversized), None
        )
    number = parse_number(text)
    if isinstance(number, Rejection) and number.code in _CODES_WITH_REMEDY:
        return number
    if suggestions := alternatives(text):
        chinese = "或".join(f"「{alternative}」" for alternative in suggestions)
        english = " or ".join(f"“{alternative}”" for alternative in suggestions)
        return _reject_with_remedy(text, (f"請改填{chinese}", f"Enter {english}"))
    if stages:
        listed = stages_text(stages)
        chinese = f"請填其中一個階段的名稱：{listed}；也可以只填比率，例如 {stages[0].percentage}"
        return _reject_with_remedy(text, (chinese, f"Enter a stage or its share: {listed}"))
    states_limit = _LIMIT_WORDS.search(unicodedata.normalize("NFKC", text))
    return _reject_with_remedy(text, _USE_SIGNS if states_limit else _ANY_FORM)


def reject_stored_target(stored: StoredType, content: str) -> Rejection:
    """Return why a date or a truth value is no target: E127 with a remedy."""
    return _reject_with_remedy(content, _MADE_A_DATE if stored is StoredType.DATE else _ANY_FORM)


def _reject_with_remedy(content: str, remedy: tuple[str, str]) -> Rejection:
    """Return the rejection E127 with a remedy in Chinese and English."""
    return reject("E127", found=content, hint=remedy[0], hint_en=remedy[1])
