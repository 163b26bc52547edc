"""Merging of returned parts: what comes into the edition, and what is in conflict with it.

Each open cell is compared in three states: as it was shared, as it came back, and as the edition
is now. Only a cell that its unit alone has changed is merged. Whatever else differs is a problem
that names the cells, and the edition keeps what it has. Parts are taken in an order of their own,
whatever the order in which they are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.compute import compute
from reportgen.model.scorecard import Text
from reportgen.problems import Location, Problem, Severity, has_errors, make_problem
from reportgen.sharing.ownership import assign_owners, assign_words
from reportgen.sharing.shared_edition import shared_cell
from reportgen.text.name_matching import closest_name, name_key
from reportgen.views.bound_figures import FigureLookup
from reportgen.workbook.parts.cell_keys import text_key
from reportgen.workbook.parts.owner_part import PartRow, PartWords
from reportgen.workbook.parts.part_reader import shown
from reportgen.workbook.reading.cell_reader import read_figure, read_remark, read_text
from reportgen.workbook.reading.raw_cells import StoredType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.sharing.shared_edition import SharedEdition
    from reportgen.workbook.parts.owner_part import RowKey
    from reportgen.workbook.parts.part_reader import ReturnedCell, ReturnedPart
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.raw_cells import RawCell
    from reportgen.workbook.reading.table_reader import Row

_WRONG_REFERENCES: Final = frozenset({"E261", "E263"})
_STORED_ORDER: Final = (StoredType.NUMBER, StoredType.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A cell of the edition that a part changes; ``was`` and ``content`` are comparable forms."""

    target: Cell  # of the edition, before the change
    returned: ReturnedCell
    part: ReturnedPart

    @property
    def was(self) -> str:
        """What the edition holds."""
        return shared_cell(self.target, is_figure=self.returned.is_figure).content

    @property
    def content(self) -> str:
        """What the part holds."""
        return self.returned.content

    @property
    def location(self) -> Location:
        """The cell of the part."""
        return location_of(self.returned, self.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What merging would do: the changes, the parts that count, and all problems."""

    changes: tuple[Change, ...]  # by cell of the edition
    parts: tuple[ReturnedPart, ...]  # those of this edition, each once
    problems: tuple[Problem, ...]


def merge_parts(edition: SharedEdition, returned: Iterable[ReturnedPart]) -> Merge:
    """Return the changes that parts make to an edition, and every conflict.

    An error at a cell keeps that cell from being merged; an error about a part, all of it.
    """
    ordered = sorted(returned, key=lambda part: (part.owner, part.digest, part.file))
    parts, problems = _accepted_parts(edition, ordered)
    lookup = FigureLookup(compute(edition.scorecard)[0]) if edition.word_headings else None
    proposals: dict[tuple[RowKey, str], list[Change]] = {}
    for part in parts:
        problems += _definition_problems(edition, part)
        for cell in part.cells:
            change = _proposal(edition, part, cell, problems)
            if change is not None and lookup is not None and isinstance(cell.row, PartWords):
                wrong_references = _reference_problems(change, lookup, edition.scorecard.data_year)
                problems += wrong_references
                change = None if wrong_references else change
            if change is not None:
                proposals.setdefault((cell.row.key, cell.heading), []).append(change)
    changes = [
        change
        for candidates in proposals.values()
        if (change := _agreed_change(candidates, problems)) is not None
    ]
    order = {key: number for number, key in enumerate((*edition.rows, *edition.word_rows))}
    headings = (*edition.open_headings, *edition.word_headings)
    changes.sort(
        key=lambda change: (
            order[change.returned.row.key],
            headings.index(change.returned.heading),
        )
    )
    return Merge(changes=tuple(changes), parts=parts, problems=tuple(dict.fromkeys(problems)))


def location_of(returned: ReturnedCell, part: ReturnedPart) -> Location:
    """Return the place of an open cell in its part."""
    cell_ref = returned.cell.at
    return Location(file=part.file, sheet=cell_ref.sheet, cell=cell_ref.cell)


# --- parts ----------------------------------------------------------------------------


def _accepted_parts(
    edition: SharedEdition, ordered: Sequence[ReturnedPart]
) -> tuple[tuple[ReturnedPart, ...], list[Problem]]:
    """Return the parts of this edition, each once, and the problems of the others.

    N712 one that was never touched, E710 another agency's, E711 of another edition or data year,
    N711 handed in twice, W711 two different ones of a unit, W712 a unit that the edition does not
    name any more.
    """
    card = edition.scorecard
    owned = assign_owners(card)[0]
    words = assign_words(card, owned)[0] if edition.word_headings else {}
    owners = {name_key(owner): owner for owner in (*(row.owner for row in owned), *words.values())}
    accepted: dict[str, ReturnedPart] = {}  # by what they hold
    problems: list[Problem] = []
    for part in ordered:
        location = Location(file=part.file)
        shared = part.part
        if part.is_untouched:
            problems.append(make_problem("N712", location, owner=part.owner))
            continue
        if name_key(shared.agency) != name_key(card.agency.text):
            fields = {"found": shared.agency, "agency": card.agency.text}
            problems.append(make_problem("E710", location, **fields))
            continue
        if (shared.edition, shared.data_year) != (card.edition, card.data_year):
            fields = {"found": f"{shared.edition}（{shared.data_year} 年度）"}
            fields |= {"edition": f"{card.edition}（{card.data_year} 年度）"}
            problems.append(make_problem("E711", location, **fields))
            continue
        first = accepted.setdefault(_content_key(part), part)
        if first is not part:
            problems.append(make_problem("N711", location, owner=part.owner, first=first.file))
            continue
        if name_key(part.owner) not in owners:
            hint = closest_name(part.owner, filter(None, owners.values()))
            fields = {"found": part.owner, "hint": f"是否已改名為「{hint}」？" if hint else ""}
            fields["hint_en"] = f"Is it now “{hint}”?" if hint else ""
            problems.append(make_problem("W712", location, **fields))
    parts = tuple(accepted.values())
    for number, part in enumerate(parts):
        earlier = [other.file for other in parts[:number] if other.owner == part.owner]
        if earlier:
            fields = {"owner": part.owner, "first": "、".join(earlier)}
            problems.append(make_problem("W711", Location(file=part.file), **fields))
    return parts, problems


def _content_key(part: ReturnedPart) -> str:
    """Return what a part holds, whichever program saved it."""
    cells = [(cell.row.key, cell.heading, cell.content) for cell in part.cells]
    return repr((part.part, part.signed_by, part.signed_on, cells))


def _definition_problems(edition: SharedEdition, part: ReturnedPart) -> Iterator[Problem]:
    """Yield W713 for each KPI whose definition has changed since it was shared, or is gone."""
    now = {name_key(kpi.code): kpi for kpi in edition.scorecard.kpis}
    for shared in part.part.kpis:
        kpi = now.get(name_key(shared.code))
        location = Location(file=part.file)
        if kpi is None:
            fields = {"kpi": shared.code, "before": shared.formula, "found": "（已刪除）"}
            yield make_problem("W713", location, **fields)
        elif kpi.formula.text != shared.formula:
            location = Location(sheet=kpi.formula.at.sheet, cell=kpi.formula.at.cell)
            fields = {"kpi": shared.code, "before": shared.formula, "found": kpi.formula.text}
            yield make_problem("W713", location, **fields)


# --- cells ----------------------------------------------------------------------------


def _proposal(
    edition: SharedEdition, part: ReturnedPart, returned: ReturnedCell, problems: list[Problem]
) -> Change | None:
    """Return what a part's cell changes in the edition, or None if nothing, or in conflict."""
    if returned.content == returned.shared_content:
        return None
    row, target = edition.row(returned.row.key), edition.cell(returned.row.key, returned.heading)
    if row is None or target is None:
        problems.append(_missing_target(edition, row, returned, location_of(returned, part)))
        return None
    current = shared_cell(target, is_figure=returned.is_figure).content
    if current == returned.content:
        return None
    change = Change(target=target, returned=returned, part=part)
    unit = text_key(row.cell("單位").raw) if returned.is_figure else ""
    problem = _conflict(change, unit)
    if problem is not None:
        problems.append(problem)
        return None
    new_problems = _content_problems(change)
    problems += new_problems
    return None if has_errors(new_problems) else change


def _missing_target(
    edition: SharedEdition, row: Row | None, returned: ReturnedCell, location: Location
) -> Problem:
    """Return why the edition has no cell for a returned one.

    E712 without its row, E713 without its column, E722 without the sheet of words.
    """
    fields = {"item": returned.row.label, "heading": returned.heading}
    if isinstance(returned.row, PartWords) and not edition.word_rows:
        return make_problem("E722", location, **fields)
    if row is not None:
        return make_problem("E713", location, **fields, sheet=row.table.raw.name)
    fields |= {"found": shown(returned.content), "before": shown(returned.shared_content)}
    return make_problem("E712", location, **fields)


def _conflict(change: Change, unit: str) -> Problem | None:
    """Return why a cell cannot be merged: ``unit`` is that of its row now.

    E714 changed on both sides, E715 another unit of measure, E716 a formula of the edition, E717
    a cell that a merged one covers, W714 a figure that the part has cleared.
    """
    returned, target = change.returned, change.target
    fields = {
        "item": returned.row.label,
        "cell": f"「{target.at.sheet}」{target.at.cell}",
        "found": shown(returned.content),
        "now": shown(change.was),
        "before": shown(returned.shared_content),
    }
    if target.covered_by:
        code, fields["first"] = "E717", target.covered_by
    elif target.raw is not None and target.raw.is_computed:
        code = "E716"
    elif change.was != returned.shared_content:
        code = "E714"
    elif isinstance(returned.row, PartRow) and (
        returned.is_figure and name_key(unit) != name_key(returned.row.unit)
    ):
        code = "E715"
        fields |= {"unit": shown(unit), "unit_before": shown(returned.row.unit)}
    elif not returned.content:
        code = "W714"
    else:
        return None
    return make_problem(code, change.location, **fields)


def _content_problems(change: Change) -> list[Problem]:
    """Return what the readers say of a returned cell, at its place in the part."""
    cell = change.returned.cell._replace(problems=[])
    if change.returned.is_figure:
        if cell.raw is not None and cell.raw.stored is not StoredType.TEXT:
            read_figure(cell)
    else:
        read_remark(cell)
    if cell.covered_by:
        read_text(cell)
    problems = [problem for problem in cell.problems if problem.severity is not Severity.NOTICE]
    if cell.raw is not None and cell.raw.is_computed and not has_errors(problems):
        cell.report("N714", found=shown(change.content))
        problems.append(cell.problems[-1])
    return [problem.in_file(change.part.file) for problem in problems]


def _reference_problems(change: Change, lookup: FigureLookup, data_year: int) -> list[Problem]:
    """Return E261 and E263 for references in words that no figure can ever answer.

    That a figure is still missing (E262) is no fault of the words: it may come with another part.
    """
    text = Text(text=change.content, at=change.returned.cell.at)
    label = change.returned.heading
    bound = lookup.bind(text, data_year, label=label, units=frozenset())
    return [
        problem.in_file(change.part.file)
        for problem in bound.problems
        if problem.code in _WRONG_REFERENCES
    ]


def _agreed_change(candidates: list[Change], problems: list[Problem]) -> Change | None:
    """Return the change that parts agree on; None, with E718 for each, if they do not."""
    contents = {change.content for change in candidates}
    if len(contents) == 1:
        return min(candidates, key=lambda change: _raw_order(change.returned.cell.raw))
    for change in candidates:
        others = (
            f"{other.part.file}「{other.returned.cell.at.sheet}」{other.returned.cell.at.cell}"
            f"（{other.part.owner}）{shown(other.content)}"
            for other in candidates
            if other.content != change.content
        )
        problems.append(
            make_problem(
                "E718",
                change.location,
                item=change.returned.row.label,
                found=shown(change.content),
                others="、".join(others),
                cell=f"「{change.target.at.sheet}」{change.target.at.cell}",
            )
        )
    return None


def _raw_order(raw: RawCell | None) -> tuple[int, str]:
    """Return a sort key by which a number comes before the text that states it."""
    if raw is None:
        return len(_STORED_ORDER), ""
    stored = raw.stored
    rank = _STORED_ORDER.index(stored) if stored in _STORED_ORDER else len(_STORED_ORDER)
    return rank, raw.content
