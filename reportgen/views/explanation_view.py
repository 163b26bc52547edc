"""Explanations of figures in words, from the printed formula down to the cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.formula import exact_text, exact_value_text
from reportgen.formula.units import RATE_SIGNS
from reportgen.model.scorecard import Known
from reportgen.views.review_view import printed_commentary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.compute.result_types import KpiResult, KpiYear, Results
    from reportgen.formula import Evidence, EvidenceCell
    from reportgen.model.scorecard import CellRef
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language

EXPLANATION_LABELS: Final = {
    "formula": ("公式", "formula"),
    "reading": ("讀作", "read as"),
    "with figures": ("代入", "figures"),
    "actual": ("實績值", "actual"),
    "threshold": ("門檻", "threshold"),
    "target": ("目標值", "target"),
    "rate": ("達成率", "achieved"),
    "verdict": ("判定", "verdict"),
    "change": ("較{year}年", "since {year}"),
    "inputs": ("數值來源", "inputs"),
    "missing": ("缺", "missing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationLine:
    """A line of an explanation, and the cell that it comes from."""

    label: str  # of level 0 a word such as 實績值, below it an item or a component
    text: str  # empty if the lines of the next level contain it
    cell: CellRef | None = None
    level: int = 0  # 1: a name of the formula; 2: its components


def explanation_lines(
    result: KpiResult, kpi_year: KpiYear | None, language: Language
) -> tuple[ExplanationLine, ...]:
    """Return the lines that explain a KPI's figure of a year, from its formula to the cells.

    Without a year (None) they are the formula and how it is read.
    """
    return tuple(_explanation_lines(result, kpi_year, language))


def commentary_lines(
    results: Results, kpi: str, year: int
) -> tuple[tuple[ExplanationLine, ...], tuple[Problem, ...]]:
    """Return the words on a KPI of a ROC year by column, as the review prints them.

    The problems are those of the figures bound in them.
    """
    for commentary in results.scorecard.commentaries:
        if (commentary.kpi, commentary.year) == (kpi, year):
            texts, problems = printed_commentary(results, commentary)
            lines = (
                ExplanationLine(label=label, text=_one_line(text), cell=commentary.at)
                for label, text in texts.items()
            )
            return tuple(lines), problems
    return (), ()


def _explanation_lines(
    result: KpiResult, kpi_year: KpiYear | None, language: Language
) -> Iterator[ExplanationLine]:
    """Yield formula, reading, calculation, actual result, assessment, inputs and gaps of a KPI.

    Without a year there are the first two alone; a formula that cannot be read has no reading.
    """
    formula = result.kpi.formula
    yield ExplanationLine(
        label=_translate("formula", language), text=_one_line(formula.text), cell=formula.at
    )
    if result.formula is not None and (reading := result.formula.canonical_text):
        yield ExplanationLine(label=_translate("reading", language), text=reading)
    if kpi_year is None:
        return
    yield ExplanationLine(label=_translate("with figures", language), text=kpi_year.substitution)
    yield ExplanationLine(
        label=_translate("actual", language), text=_actual_text(kpi_year, result.unit)
    )
    yield from _assessment_lines(result, kpi_year, language)
    yield ExplanationLine(label=_translate("inputs", language), text="")
    for evidence in kpi_year.evidence:
        yield from _input_lines(evidence, kpi_year.year, language)
    missing = _translate("missing", language)
    for gap in kpi_year.gaps:
        name = f"{gap.name}（{gap.component}）" if gap.component else gap.name
        yield ExplanationLine(label=missing, text=f"{name} {gap.reason.symbol}", cell=gap.at)
    if kpi_year.outcome.zero_divisor:
        yield ExplanationLine(label=missing, text=f"{kpi_year.outcome.zero_divisor} = 0")


def _actual_text(kpi_year: KpiYear, unit: str) -> str:
    """Return the actual result of a year; a figure alone has its unit."""
    says_more = kpi_year.is_verdict_only or bool(kpi_year.stage)
    shows_figure = isinstance(kpi_year.actual.value, Known) and not says_more
    return _with_unit(kpi_year.printed, unit if shows_figure else "")


def _assessment_lines(
    result: KpiResult, kpi_year: KpiYear, language: Language
) -> Iterator[ExplanationLine]:
    """Yield threshold, target, rate, verdict with light, and change, each only if there is one.

    The threshold is left out where the target is that of the formula itself.
    """
    is_own_threshold = (
        kpi_year.target is not None and kpi_year.target.declared_at.at == result.kpi.formula.at
    )
    if kpi_year.threshold and not is_own_threshold:
        yield ExplanationLine(label=_translate("threshold", language), text=kpi_year.threshold.text)
    if kpi_year.target:
        target = kpi_year.target
        basis = f"（{target.basis}）" if target.basis else ""
        text = f"{target.shown}{basis}"
        yield ExplanationLine(
            label=_translate("target", language), text=text, cell=target.declared_at.at
        )
    if kpi_year.rate:
        rule = f"（{kpi_year.rate_rule}）" if kpi_year.rate_rule else ""
        yield ExplanationLine(label=_translate("rate", language), text=kpi_year.rate.text + rule)
    if kpi_year.verdict:
        light = f"  {kpi_year.light.name}" if kpi_year.light else ""
        note = f"（{kpi_year.note}）" if kpi_year.note else ""
        yield ExplanationLine(
            label=_translate("verdict", language), text=kpi_year.verdict + light + note
        )
    if kpi_year.change:
        change = kpi_year.change
        text = change.difference.text
        if isinstance(change.difference.value, Known):
            text = f"{_with_unit(text, change.unit)}（{change.relative.text}）"
        yield ExplanationLine(
            label=_translate("change", language).format(year=change.since), text=text
        )


def _input_lines(evidence: Evidence, year: int, language: Language) -> Iterator[ExplanationLine]:
    """Yield the lines of an input: one for a single cell, else its sum, and one for each cell.

    An input of another year has that year behind its name.
    """
    name = evidence.name
    if evidence.offset:
        input_year = year + evidence.offset
        name += f"（{input_year}年）" if language == "zh-TW" else f" ({input_year})"
    if len(evidence.parts) == 1 and not evidence.parts[0].component:
        yield _part_line(name, evidence.parts[0], level=1)
        return
    yield ExplanationLine(label=name, text=exact_value_text(evidence.total), level=1)
    for part in evidence.parts:
        yield _part_line(part.component, part, level=2)


def _part_line(label: str, part: EvidenceCell, *, level: int) -> ExplanationLine:
    """Return the line of a cell: its figure with unit, conversion factor and what was typed."""
    factor = f" ×{exact_text(part.factor)}" if part.factor != 1 else ""
    as_typed = f"（{part.written}）" if part.written else ""
    text = f"{_with_unit(exact_value_text(part.value), part.unit)}{factor}{as_typed}"
    return ExplanationLine(label=label, text=text, cell=part.at, level=level)


def _with_unit(text: str, unit: str) -> str:
    """Return a figure with its unit, unless it ends with % or ‰."""
    return text if not unit or text[-1:] in RATE_SIGNS else f"{text} {unit}"


def _one_line(text: str) -> str:
    """Return a text with each run of white space as one blank."""
    return " ".join(text.split())


def _translate(key: str, language: Language) -> str:
    """Return a label of the explanation in a language."""
    return EXPLANATION_LABELS[key][0 if language == "zh-TW" else 1]
