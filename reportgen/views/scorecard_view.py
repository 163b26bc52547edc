"""View of a scorecard: the strings that templates print.

The arrangement is decided here: orders and labels per place, which objectives share a page, which
cells of the map are merged. Templates only lay it out.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.model.scorecard import Objective, Perspective, Picture, Scorecard

VALUES_PER_ROW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """The data of the edition that every page may print."""

    agency: str
    title: str
    edition: str  # 105-12-25
    cover_date: str  # 106年3月29日
    revised: str  # 105年12月25日
    revised_iso: str  # 2016-12-25
    status: str  # 範例, 草稿 or 定稿
    mission: str  # with its line breaks
    mission_in_one_line: str
    vision: str
    core_values: str
    signatories: tuple[str, ...] = ()  # 核章欄


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelView:
    """A name and its code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCell:
    """A cell of the map: ``span`` columns wide; ``shared`` by more than one theme."""

    span: int
    shared: bool
    objectives: tuple[LabelView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """A row of the map; ``perspective`` is None if it continues that of the row above."""

    perspective: LabelView | None
    span: int  # rows that the perspective's cell covers
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """The strategy map: themes across, perspectives down."""

    themes: tuple[LabelView, ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiView:
    """A row of the scorecard."""

    code: str
    name: str
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveView:
    """An objective and the KPIs that measure it: one at least."""

    code: str
    name: str
    kpis: tuple[KpiView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One page of the scorecard, before any overflow."""

    perspective: str
    bookmark: str
    objectives: tuple[ObjectiveView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """A picture as a data: URI, in millimetres."""

    source: str
    description: str
    width: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """A core value and its meaning."""

    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesView:
    """The page 經營核心價值: its pictures, and the values set large."""

    pictures: tuple[PictureView, ...]
    rows: tuple[tuple[ValueView, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardView:
    """The data of the scorecard's template."""

    document: DocumentView
    map: MapView
    pages: tuple[PageView, ...]
    values: ValuesView


def scorecard_view(scorecard: Scorecard) -> ScorecardView:
    """Return what the templates print of an edition: map, pages of the scorecard, core values.

    The arrangement is decided here; nothing is computed or checked.
    """
    return ScorecardView(
        document=document_view(scorecard),
        map=_map_view(scorecard),
        pages=tuple(_scorecard_pages(scorecard)),
        values=_values_view(scorecard),
    )


def document_view(scorecard: Scorecard) -> DocumentView:
    """Return the data of an edition that every document may print, as strings.

    Agency, title, edition, dates in words (one in ISO 8601 too), status, mission, vision, core
    values and the names of 核章欄. Nothing is computed or checked; what the workbook lacks is "".
    """
    mission = str(scorecard.mission)
    return DocumentView(
        agency=str(scorecard.agency),
        title=str(scorecard.title),
        edition=scorecard.edition,
        cover_date=scorecard.cover_date.printed,
        revised=scorecard.revised.printed,
        revised_iso=scorecard.revised.to_date().isoformat(),
        status=scorecard.status.value,
        mission=mission,
        mission_in_one_line=_one_line(mission),
        vision=str(scorecard.vision),
        core_values=str(scorecard.core_values),
        signatories=tuple(map(str, scorecard.signatories)),
    )


def _one_line(text: str) -> str:
    """Return the lines of a text joined into one.

    A wide space (U+3000) separates them, unless a line ends with a punctuation mark.
    """
    return re.sub(
        r"(?<=[，。、；：！？])\u3000", "", "\u3000".join(line.strip() for line in text.split("\n"))
    )


def _map_view(scorecard: Scorecard) -> MapView:
    """Return the strategy map: the themes in the workbook's order, and each perspective's rows.

    Perspectives are in the order of the map, which may differ from that of the scorecard.
    """
    perspectives = sorted(scorecard.perspectives, key=lambda perspective: perspective.map_order)
    return MapView(
        themes=tuple(
            LabelView(code=theme.code, name=str(theme.name)) for theme in scorecard.themes
        ),
        rows=tuple(
            row for perspective in perspectives for row in _map_rows(scorecard, perspective)
        ),
    )


def _map_rows(scorecard: Scorecard, perspective: Perspective) -> Iterator[MapRow]:
    """Yield the rows of a perspective, at least one, with its objectives below their themes.

    Objectives of the same themes share a cell. Those of one theme come first; each cell goes to the
    first row where its columns are free.
    """
    themes = [theme.code for theme in scorecard.themes]
    layers: list[list[_Slot | None]] = [[None] * len(themes)]
    for columns, labels in _objectives_by_columns(scorecard, perspective, themes).items():
        slot = _Slot(labels=labels, shared=len(columns) > 1)
        layer = next(
            (
                candidate
                for candidate in layers
                if all(candidate[column] is None for column in columns)
            ),
            None,
        )
        if layer is None:
            layer = [None] * len(themes)
            layers.append(layer)
        for column in columns:
            layer[column] = slot
    label = LabelView(code=perspective.code, name=str(perspective.map_name))
    for number, layer in enumerate(layers):
        yield MapRow(
            perspective=None if number else label,
            span=len(layers),
            cells=tuple(_map_cells(layer)),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Slot:
    """Objectives in the same columns."""

    labels: tuple[LabelView, ...]
    shared: bool


def _objectives_by_columns(
    scorecard: Scorecard, perspective: Perspective, themes: list[str]
) -> dict[tuple[int, ...], tuple[LabelView, ...]]:
    """Return columns → objectives in exactly these, cells of fewest columns first.

    Columns are indexes of themes. An objective without a theme is in all of them.
    """
    by_columns: dict[tuple[int, ...], tuple[LabelView, ...]] = {}
    for objective in scorecard.objectives:
        if objective.perspective == perspective.code:
            theme_codes = objective.themes or themes
            columns = tuple(number for number, code in enumerate(themes) if code in theme_codes)
            label = LabelView(code=objective.code, name=str(objective.name))
            by_columns[columns] = (*by_columns.get(columns, ()), label)
    return dict(sorted(by_columns.items(), key=lambda item: len(item[0])))


def _map_cells(layer: list[_Slot | None]) -> Iterator[MapCell]:
    """Yield the cells of a row of the map; together they span all columns.

    Neighbouring columns with the same objectives are merged. A free column is an empty cell.
    """
    column = 0
    while column < len(layer):
        slot, span = layer[column], 1
        while slot and column + span < len(layer) and layer[column + span] is slot:
            span += 1
        yield MapCell(
            span=span,
            shared=slot is not None and slot.shared,
            objectives=slot.labels if slot else (),
        )
        column += span


def _scorecard_pages(scorecard: Scorecard) -> Iterator[PageView]:
    """Yield the pages of the scorecard: a new one for each perspective, in the scorecard's order.

    Each has as many objectives as the workbook sets; objectives without KPIs are left out.
    """
    for perspective in sorted(
        scorecard.perspectives, key=lambda perspective: perspective.card_order
    ):
        objectives = [
            view
            for objective in scorecard.objectives
            if objective.perspective == perspective.code
            and (view := _objective_view(scorecard, objective)).kpis
        ]
        step = scorecard.objectives_per_page
        for start in range(0, len(objectives), step):
            page_objectives = tuple(objectives[start : start + step])
            codes = "、".join(objective.code for objective in page_objectives)
            yield PageView(
                perspective=str(perspective.card_name),
                bookmark=f"{perspective.card_name}（{codes}）",
                objectives=page_objectives,
            )


def _objective_view(scorecard: Scorecard, objective: Objective) -> ObjectiveView:
    """Return an objective with the name and formula of each of its KPIs."""
    return ObjectiveView(
        code=objective.code,
        name=str(objective.name),
        kpis=tuple(
            KpiView(code=kpi.code, name=str(kpi.name), formula=formula_lines(str(kpi.formula)))
            for kpi in scorecard.kpis
            if kpi.objective == objective.code
        ),
    )


def formula_lines(formula: str) -> str:
    """Return a formula with its notes and unit on lines of their own, no letter changed.

    A line begins before a bracket with 單位 or 以上; blank lines are dropped.
    """
    parts = re.split(r"\s*\n\s*|\s*(?=[(（]\s*(?:單位|以上))", formula.strip())
    return "\n".join(part for part in parts if part)


def _values_view(scorecard: Scorecard) -> ValuesView:
    """Return the core values in rows of similar length, and the pictures scaled to one page.

    The pictures share the height equally, less of it if there are values.
    """
    values = [ValueView(name=str(value.name), note=str(value.note)) for value in scorecard.values]
    rows = tuple(_balanced_rows(values))
    available_height = (PICTURES_ABOVE if values else PICTURES_HEIGHT) / max(
        1, len(scorecard.pictures)
    )
    pictures = tuple(_picture_view(picture, available_height) for picture in scorecard.pictures)
    return ValuesView(pictures=pictures, rows=rows)


def _balanced_rows(values: list[ValueView]) -> Iterator[tuple[ValueView, ...]]:
    """Yield rows of equal length, or nearly, of at most VALUES_PER_ROW: five as three and two."""
    if not values:
        return
    rows = -(-len(values) // VALUES_PER_ROW)
    length, longer = divmod(len(values), rows)
    start = 0
    for number in range(rows):
        stop = start + length + (number < longer)
        yield tuple(values[start:stop])
        start = stop


# Millimetres that the page has for its pictures: alone, and with the values below them.
PICTURES_WIDTH, PICTURES_HEIGHT, PICTURES_ABOVE = 220.0, 130.0, 60.0


def _picture_view(picture: Picture, height: float) -> PictureView:
    """Return a picture as a data URI, reduced to the page's width and ``height`` in millimetres.

    Proportions stay; it is never enlarged.
    """
    scale = min(1.0, PICTURES_WIDTH / picture.width, height / picture.height)
    content = base64.b64encode(picture.content).decode("ascii")
    return PictureView(
        source=f"data:{picture.media_type};base64,{content}",
        description=picture.description,
        width=f"{picture.width * scale:.2f}",
        height=f"{picture.height * scale:.2f}",
    )
