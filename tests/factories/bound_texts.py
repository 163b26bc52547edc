"""Words with figures in them, and what they must print by the results' own JSON.

The JSON knows nothing of how words are bound: it says what the tables print.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.exports.results_json import results_object
from reportgen.model.scorecard import Known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from random import Random

    from reportgen.compute.result_types import Results
    from reportgen.exports.results_schema import KpiYearForm, ResultsForm

PHRASES = (
    "本年度辦理",
    "，較上年度",
    "。",
    "；其中",
    "（詳如附件）",
    "達成目標",
    "\n一、",
    "\n二、",
    "因經費不足，",
    "委外廠商",
    "共計",
    " ABC ",
    "「專案」",
)
BRACES = (("{{", "{"), ("}}", "}"))
POINTS = frozenset({"百分點", "千分點", "萬分點"})
MINUS = "\u2212"
Reference = tuple[str, str]  # as written, as printed


def references(results: Results) -> tuple[Reference, ...]:
    """Every reference to a figure of an edition, for words of the data year."""
    data_year = results.scorecard.data_year
    found = [
        *_kpi_references(results_object(results), data_year),
        *_item_references(results),
    ]
    return tuple(dict.fromkeys(found))


def _kpi_references(exported: ResultsForm, data_year: int) -> Iterator[Reference]:
    for kpi in exported["kpis"]:
        code = kpi["code"]
        for year in kpi["years"]:
            number = year["year"]
            figures = dict(_figures_of(year, is_data_year=number == data_year))
            for field, shown in figures.items():
                if number == data_year:
                    yield f"{{{code}{field}}}", shown
                yield f"{{{code}{field} {number}}}", shown
                yield f"｛{code}　{number}年{field}｝", shown


def _figures_of(year: KpiYearForm, *, is_data_year: bool) -> Iterator[tuple[str, str]]:
    """What the tables print of a KPI's year, by the words that ask for it."""
    is_verdict = year["printed"] in {"達成", "未達成"}
    if year["actual"]["exact"] is not None:
        staged = year["printed"].endswith(f"（{year['actual']['shown']}）")
        yield (
            "",
            _printed(year["actual"]["shown"] if staged and not is_data_year else year["printed"]),
        )
    if year["target"]:
        yield " 目標值", _printed(year["target"]["shown"])
    if year["rate"]:
        yield " 達成率", _printed(year["rate"]["shown"])
    if year["verdict"]:
        yield " 達成情形", year["verdict"]
    change = year["change"]
    if change and change["difference"]["exact"] is not None and not is_verdict:
        unit = change["unit"] if change["unit"] in POINTS else ""
        yield " 較上年增減", _printed(change["difference"]["shown"]) + unit


def _item_references(results: Results) -> Iterator[Reference]:
    codes = {result.kpi.code for result in results.kpis}
    card = results.scorecard
    counts: dict[str, int] = {}
    for figure in card.figures:
        counts[figure.item.text] = counts.get(figure.item.text, 0) + 1
    for figure in card.figures:
        name, component = figure.item.text, figure.component.text
        if name in codes or set("{}｛｝") & set(name + component) or name.split()[-1].isdecimal():
            continue
        for value in figure.values:
            if not isinstance(value.value, Known):
                continue
            shown = _exact(value.value.value)
            if component:
                yield f"{{{name}（{component}） {value.year}}}", shown
            elif counts[name] == 1:
                yield f"{{{name} {value.year}}}", shown
                if value.year == card.data_year:
                    yield f"{{ {name} }}", shown


def _exact(value: Fraction) -> str:
    """A figure with all its digits; the workbook's are finite decimals."""
    digits = Decimal(abs(value.numerator)) / Decimal(value.denominator)
    return f"{MINUS if value < 0 else ''}{digits:,f}"


def _printed(text: str) -> str:
    """A figure with a true minus sign, which may stand behind a relation: ``≤−1.2%``."""
    return re.sub(r"(?<![\w-])-(?=\d)", MINUS, text)


def random_text(chance: Random, known: tuple[Reference, ...], parts: int) -> Reference:
    """Words with figures, as written and as printed; never blank."""
    drawn: list[Reference] = []
    for _ in range(chance.randint(1, parts)):
        drawn.append((chance.choice(PHRASES),) * 2)
        if chance.random() < 0.1:
            drawn.append(chance.choice(BRACES))
            drawn.append(("或",) * 2)  # two braces in a row would be read as another pair
        drawn.append(chance.choice(known))
    drawn.append(("。", "。"))
    written, printed = ("".join(column) for column in zip(*drawn, strict=True))
    return written, printed
