"""The texts of a scorecard that its documents print, each with its cell.

:func:`printed_texts` lists those that are checked whatever a document makes of them;
:func:`texts_in_view` derives further printed texts from a document's view, so that a new column
is checked without being listed.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from reportgen.model.scorecard import CellRef, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reportgen.model.scorecard import Kpi, Objective, Perspective, Scorecard, Theme


def printed_texts(scorecard: Scorecard, *, figures: bool = False) -> Iterator[Text]:
    """Yield the texts whose characters need glyphs; none of them is empty.

    They are those of the scorecard document; with ``figures``, those that the yearly results
    print in addition: figures' names, components and units, targets, lights and rules.
    Remarks, sources and revisions are printed by neither.
    """
    yield from (text for text in _texts_of_scorecard(scorecard) if text.text)
    if figures:
        yield from (text for text in _texts_of_results(scorecard) if text.text)


def _texts_of_scorecard(scorecard: Scorecard) -> Iterator[Text]:
    """Yield the texts that the scorecard document prints, with their cells; some may be empty."""
    yield from (scorecard.agency, scorecard.title)
    yield from (scorecard.mission, scorecard.vision, scorecard.core_values)
    for perspective in scorecard.perspectives:
        yield from (_code_text(perspective), perspective.map_name, perspective.card_name)
    for theme in scorecard.themes:
        yield from (_code_text(theme), theme.name)
    for objective in scorecard.objectives:
        yield from (_code_text(objective), objective.name)
    for kpi in scorecard.kpis:
        yield from (_code_text(kpi), kpi.name, kpi.formula)
    for value in scorecard.values:
        yield from (value.name, value.note)
    for picture in scorecard.pictures:
        yield Text(text=picture.description, at=picture.at)


def _texts_of_results(scorecard: Scorecard) -> Iterator[Text]:
    """Yield the further texts that the results document prints, with their cells."""
    for figure in scorecard.figures:
        yield from (figure.item, figure.component, figure.unit)
    for target in scorecard.targets:
        yield target.goal
    for light in scorecard.lights:
        yield light.name
    for check in scorecard.cross_checks:
        yield from (check.rule, check.note)


def _code_text(record: Perspective | Theme | Objective | Kpi) -> Text:
    """Return the code of a record as a text with its cell."""
    return Text(text=record.code, at=record.at)


def texts_in_view(view: Any, scorecard: Scorecard, listed: Collection[Text]) -> Iterator[Text]:
    """Yield texts of a scorecard that a view prints and that have characters not in ``listed``.

    A text counts as printed if one of its lines is found in the view; white space is ignored. So a
    text may be yielded that is printed only by chance, but none is missed that is printed whole.
    """
    characters = {character for text in listed for character in text.text}
    unchecked = [
        text
        for text in texts_of(scorecard)
        if not characters.issuperset(_without_whitespace(text.text))
    ]
    printed = "\n".join(map(_without_whitespace, _strings_of(view))) if unchecked else ""
    for text in unchecked:
        lines = filter(None, map(_without_whitespace, text.text.splitlines()))
        if any(line in printed for line in lines):
            yield text


def texts_of(record: Any) -> Iterator[Text]:
    """Yield every text of a record of the model and of those within it, with its cell.

    A plain string of a record with a cell, such as a code, is a text of that cell; without a cell
    it is left out.
    """
    if isinstance(record, Text):
        yield record
    elif isinstance(record, tuple):
        for member in record:
            yield from texts_of(member)
    elif is_dataclass(record) and not isinstance(record, CellRef):
        cell_ref = getattr(record, "at", None)
        for name in record.__dataclass_fields__:
            value = getattr(record, name)
            if isinstance(value, str):
                if value and cell_ref is not None:
                    yield Text(text=value, at=cell_ref)
            else:
                yield from texts_of(value)


def _strings_of(view: Any) -> Iterator[str]:
    """Yield every string of a view, at any depth of tuples and dataclasses.

    Pictures, which are ``data:`` URIs, are left out.
    """
    if isinstance(view, str):
        if not view.startswith("data:"):
            yield view
    elif isinstance(view, tuple):
        for member in view:
            yield from _strings_of(member)
    elif is_dataclass(view):
        for name in view.__dataclass_fields__:
            yield from _strings_of(getattr(view, name))


def _without_whitespace(text: str) -> str:
    """Return a text without any white space."""
    return "".join(text.split())
