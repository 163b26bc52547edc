"""Every text of a scorecard that can be printed, with its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.model import Kpi, Objective, Perspective, Scorecard, Theme


def printed_texts(scorecard: Scorecard) -> Iterator[Text]:
    """The texts whose characters need glyphs, in the workbook's order; none of them empty."""
    return (text for text in _texts(scorecard) if text.text)


def _texts(scorecard: Scorecard) -> Iterator[Text]:
    yield from (scorecard.agency, scorecard.title)
    yield from (scorecard.mission, scorecard.vision, scorecard.core_values)
    for perspective in scorecard.perspectives:
        yield from (_code(perspective), perspective.map_name, perspective.card_name)
    for theme in scorecard.themes:
        yield from (_code(theme), theme.name)
    for objective in scorecard.objectives:
        yield from (_code(objective), objective.name)
    for kpi in scorecard.kpis:
        yield from (_code(kpi), kpi.name, kpi.formula, kpi.owner)
    yield from _rows_of_texts(scorecard)


def _rows_of_texts(scorecard: Scorecard) -> Iterator[Text]:
    for figure in scorecard.figures:
        yield from (figure.item, figure.component, figure.unit, figure.source, figure.note)
    for target in scorecard.targets:
        yield from (target.goal, target.basis)
    for light in scorecard.lights:
        yield light.name
    for check in scorecard.cross_checks:
        yield from (check.rule, check.note)
    for value in scorecard.values:
        yield from (value.name, value.note)
    for revision in scorecard.revisions:
        yield from (revision.item, revision.note)


def _code(record: Perspective | Theme | Objective | Kpi) -> Text:
    return Text(text=record.code, at=record.at)
