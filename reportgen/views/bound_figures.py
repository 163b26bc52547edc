"""Figures bound in words: ``{F1.1}`` in a text is printed as the figure that is computed.

``{F1.1}`` is the actual figure of the year that the text is of, ``{F1.1 目標值}`` another of its
figures, ``{F1.1 104}`` that of another ROC year, ``{資本門實支數}`` a 資料項 and
``{資本門實支數（併決算）}`` one component of it. Each is printed to the letter as the tables print
it, without a unit but for %, ‰ and 百分點. ``{{`` and ``}}`` are plain braces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import exact_value_text
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing, Value
from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import closest_name, name_key
from reportgen.views.figure_texts import MINUS, print_figure
from reportgen.views.kpi_figures import actual_text, change_texts, target_text, trend_value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.compute.result_types import KpiResult, Results
    from reportgen.formula import Evidence
    from reportgen.model.scorecard import Figure, Text
    from reportgen.problems import Problem

ACTUAL, TARGET, RATE, CHANGE, VERDICT, UNIT = (
    "實績值",
    "目標值",
    "達成率",
    "較上年增減",
    "達成情形",
    "單位",
)
FIELDS: Final = (ACTUAL, TARGET, RATE, CHANGE, VERDICT, UNIT)
_FIELD_BY_KEY: Final = {
    **{name_key(field): field for field in FIELDS},
    "實績": ACTUAL,
    "目標": TARGET,
    "增減": CHANGE,
}
_TOKEN: Final = re.compile(r"\{\{|\}\}|｛｛|｝｝|[{｛]([^{}｛｝]*)[}｝]|[{｛}｝]")
_PLAIN_BRACES: Final = frozenset({"{{", "}}", "｛｛", "｝｝"})
_YEAR: Final = re.compile(r"0*([1-9]\d{0,2})(?:年度?)?")
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9.,])[-\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_BLANK: Final = Missing(reason=MissingReason.BLANK)
_MAX_QUOTED_CHARS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundText:
    """A text as printed, and its figures.

    ``typed`` are its parts that were written by hand, ``figures`` the bound figures between
    them: one fewer, each as printed. With a problem the text is printed as written.
    """

    text: str
    typed: tuple[str, ...]
    figures: tuple[str, ...]
    problems: tuple[Problem, ...]


class _Failure(NamedTuple):
    """The code and fields of the problem of a reference."""

    code: str
    fields: tuple[tuple[str, object], ...] = ()


class FigureLookup:
    """The figures of an edition that words can refer to."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._kpis = {name_key(result.kpi.code): result for result in results.kpis}
        self._items: dict[str, list[Figure]] = {}
        for figure in results.scorecard.figures:
            self._items.setdefault(name_key(figure.item.text), []).append(figure)
            if figure.component:
                label = f"{figure.item}（{figure.component}）"
                self._items.setdefault(name_key(label), []).append(figure)
        self._evidence = {
            (evidence.key, kpi_year.year + evidence.offset): evidence
            for result in results.kpis
            for kpi_year in result.years
            for evidence in kpi_year.evidence
        }
        self._printed_numbers = frozenset(self._numbers())

    def bind(self, text: Text, year: int, *, label: str, units: frozenset[str]) -> BoundText:
        """Return a text with its figures, which are of the ROC ``year`` unless they say another.

        ``label`` names its column for problems: E261 for a name that nothing has, E262 for a
        figure that there is not, E263 for a brace that is not closed. N261 is a number with one of
        ``units`` or a % that was typed by hand and equals no figure of the edition.
        """
        location = Location(sheet=text.at.sheet, cell=text.at.cell)
        problems: list[Problem] = []
        typed, figures = [""], []
        end = 0
        for match in _TOKEN.finditer(text.text):
            typed[-1] += text.text[end : match.start()]
            end = match.end()
            if match[0] in _PLAIN_BRACES:
                typed[-1] += match[0][0]
                continue
            found = match[0] if match[1] is not None else text.text[match.start() :]
            figure = _Failure("E263") if match[1] is None else self._figure(match[1].strip(), year)
            if isinstance(figure, _Failure):
                fields = {"label": label, "found": _shortened(found), **dict(figure.fields)}
                problems.append(make_problem(figure.code, location, **fields))
                figure = match[0]
            figures.append(figure)
            typed.append("")
        typed[-1] += text.text[end:]
        by_hand = [number for part in typed for number in self._doubtful_numbers(part, units)]
        if by_hand:
            fields = {"label": label, "found": "、".join(dict.fromkeys(by_hand))}
            problems.append(make_problem("N261", location, **fields))
        printed = typed[0] + "".join(
            figure + part for figure, part in zip(figures, typed[1:], strict=True)
        )
        return BoundText(
            text=printed, typed=tuple(typed), figures=tuple(figures), problems=tuple(problems)
        )

    def _figure(self, reference: str, year: int) -> str | _Failure:
        """Return the figure that a reference means, as printed, or why there is none.

        A name may have spaces, so the longest name that exists counts; year and figure follow it,
        each at most once: of two years one would be left out in silence.
        """
        words = reference.split()
        field, has_year = "", False
        for _ in range(3):
            key = name_key("".join(words))
            if key in self._kpis:
                return self._kpi_figure(self._kpis[key], field or ACTUAL, year)
            if key in self._items:
                return self._item_figure(self._items[key], field, year)
            last_key = name_key(words[-1]) if len(words) > 1 else ""
            if (year_match := _YEAR.fullmatch(last_key)) and not has_year:
                year, has_year = int(year_match[1]), True
            elif last_key in _FIELD_BY_KEY and not field:
                field = _FIELD_BY_KEY[last_key]
            else:
                break
            words.pop()
        return self._unknown(" ".join(words))

    def _unknown(self, name: str) -> _Failure:
        """Return E261 for a name that nothing has, with the most similar one."""
        names = [result.kpi.code for result in self._results.kpis]
        names += [figure.item.text for figure in self._results.scorecard.figures]
        nearest = closest_name(name, names) if name else ""
        hint = (
            ("hint", f"是否為「{nearest}」？" if nearest else ""),
            ("hint_en", f"Is it “{nearest}”?" if nearest else ""),
        )
        return _Failure("E261", (("name", name), *hint))

    def _kpi_figure(self, result: KpiResult, field: str, year: int) -> str | _Failure:
        """Return a figure of a KPI as the tables print it; E262 if it is blank or has no year."""
        kpi_year = result.of(year)
        card = self._results.scorecard
        missing = _Failure("E262", (("name", f"{result.kpi.code} {field}"), ("year", year)))
        if kpi_year is None:
            return missing
        if field == ACTUAL and year == card.data_year:
            figure = print_figure(actual_text(kpi_year, card.status))
        elif field == ACTUAL:
            figure = print_figure(trend_value_text(kpi_year))
        elif field == TARGET:
            figure = print_figure(target_text(kpi_year))
        elif field == RATE:
            figure = print_figure(kpi_year.rate.text) if kpi_year.rate else ""
        elif field == CHANGE:
            figure = "".join(change_texts(kpi_year))
        else:
            figure = kpi_year.verdict if field == VERDICT else result.unit
        return figure or missing

    def _item_figure(self, rows: list[Figure], field: str, year: int) -> str | _Failure:
        """Return the figure of a 資料項, or the sum of its components, with all its digits."""
        name = str(rows[0].item)
        missing = _Failure("E262", (("name", f"{name} {field}".strip()), ("year", year)))
        if field == UNIT:
            units = {row.unit.text for row in rows}
            return units.pop() or missing if len(units) == 1 else missing
        if field not in {"", ACTUAL}:
            return missing
        whole = [row for row in rows if not row.component]
        if len(rows) > 1 and not whole:
            evidence = self._evidence.get((name_key(name), year))
            total = _sum_of_rows(rows, year, evidence)
        else:
            total = _value_of(whole[0] if whole else rows[0], year)
        if total == _BLANK and year != self._results.scorecard.data_year:
            total = Missing(reason=MissingReason.NOT_YET)  # as formulas of other years read it
        return missing if total is None else print_figure(exact_value_text(total))

    def _numbers(self) -> Iterator[Fraction]:
        """Yield every number that the edition's tables print, without signs and units."""
        for result in self._results.kpis:
            for kpi_year in result.years:
                shown = [kpi_year.actual, kpi_year.rate, kpi_year.threshold]
                texts = [figure.text for figure in shown if figure]
                texts += [target_text(kpi_year), change_texts(kpi_year)[0].lstrip(f"+{MINUS}")]
                for text in texts:
                    yield from (abs(_number(match[0])) for match in _NUMBER.finditer(text))
        for figure in self._results.scorecard.figures:
            for value in figure.values:
                if isinstance(value.value, Known):
                    yield abs(value.value.value)
        for evidence in self._evidence.values():
            if isinstance(evidence.total, Known):
                yield abs(evidence.total.value)

    def _doubtful_numbers(self, typed: str, units: frozenset[str]) -> Iterator[str]:
        """Yield the numbers typed with a % or one of ``units`` that equal no figure."""
        for match in _NUMBER.finditer(typed):
            rest = typed[match.end() :].lstrip()
            unit = next(
                (unit for unit in ("%", "％", *units) if unit and rest.startswith(unit)), ""
            )
            if unit and abs(_number(match[0])) not in self._printed_numbers:
                yield f"{match[0]}{unit}"


def _sum_of_rows(rows: list[Figure], year: int, evidence: Evidence | None) -> Value | None:
    """Return the sum of an item's components: as a formula counts it, or of rows in one unit.

    None if a year has no column, or if no formula says how rows of several units are added.
    """
    if evidence is not None and len(evidence.parts) == len(rows):
        return evidence.total
    values = [_value_of(row, year) for row in rows]
    if len({row.unit.text for row in rows}) > 1 or any(value is None for value in values):
        return None
    missing = next((value for value in values if value and not isinstance(value, Known)), None)
    return missing or Known(
        value=sum((value.value for value in values if isinstance(value, Known)), Fraction(0))
    )


def _value_of(figure: Figure, year: int) -> Value | None:
    """Return the value of a row in a year; None without a column of that year."""
    return next((value.value for value in figure.values if value.year == year), None)


def _number(text: str) -> Fraction:
    """Return the number that a text writes."""
    return Fraction(text.replace(",", "").replace(MINUS, "-"))


def _shortened(text: str) -> str:
    """Return a text as problems quote it."""
    return text if len(text) <= _MAX_QUOTED_CHARS else f"{text[:_MAX_QUOTED_CHARS]}…"
