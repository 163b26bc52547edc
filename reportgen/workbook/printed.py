"""The texts of a scorecard that its documents print, each with its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.model import Kpi, Objective, Perspective, Scorecard, Theme


def printed_texts(scorecard: Scorecard, *, figures: bool = False) -> Iterator[Text]:
    """The texts whose characters need glyphs; none of them is empty.

    They are those of the scorecard document; with ``figures``, those that the yearly results
    print in addition: figures' names, components and units, targets, lights and rules.
    Remarks, sources and revisions are printed by neither.
    """
    yield from (text for text in _texts(scorecard) if text.text)
    if figures:
        yield from (text for text in _texts_of_results(scorecard) if text.text)


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
        yield from (_code(kpi), kpi.name, kpi.formula)
    for value in scorecard.values:
        yield from (value.name, value.note)
    for picture in scorecard.pictures:
        yield Text(text=picture.description, at=picture.at)


def _texts_of_results(scorecard: Scorecard) -> Iterator[Text]:
    for figure in scorecard.figures:
        yield from (figure.item, figure.component, figure.unit)
    for target in scorecard.targets:
        yield target.goal
    for light in scorecard.lights:
        yield light.name
    for check in scorecard.cross_checks:
        yield from (check.rule, check.note)


def _code(record: Perspective | Theme | Objective | Kpi) -> Text:
    return Text(text=record.code, at=record.at)
