"""Resolution of a formula's names to their figures, with the cells."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.formula.syntax_tree import Name, names_in, walk
from reportgen.model.scorecard import CellRef, Known, Missing, Value
from reportgen.text.name_matching import closest_name, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.formula.figures import Lookup
    from reportgen.formula.formula_reader import Formula
    from reportgen.formula.syntax_tree import Span
    from reportgen.model.missing_symbols import MissingReason

_QUALIFIER_CHARS = frozenset("未非不無前後去上下年月季日男女除乘加減占佔平均累計率比")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCell:
    """One cell that a name reads: a component of it, or (blank) the whole."""

    component: str
    value: Value
    unit: str
    at: CellRef
    factor: Fraction  # into the unit that its name is counted in; 1 unless units differ
    written: str  # of a milestone: the words in the cell that name the stage reached

    @property
    def amount(self) -> Fraction:
        """The figure in its name's unit; 0 if it is missing."""
        return self.value.value * self.factor if isinstance(self.value, Known) else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A name, the cells it reads, and their sum (missing if one of them is).

    ``offset`` is -1 for the cells of the year before: 上年度破獲數.
    """

    name: str
    key: str
    parts: tuple[EvidenceCell, ...]
    total: Value
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingInput:
    """A figure that is missing: why, and in which cell."""

    name: str
    component: str
    reason: MissingReason
    at: CellRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """A name without a figure: code, place and fields of the problem."""

    code: str
    span: Span
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ResolvedCell:
    """A name's cell before units are settled."""

    name: Name
    component: str
    value: Value
    unit: str
    at: CellRef
    written: str


def find_rows(
    formula: Formula, lookup: Lookup, names: Iterable[str]
) -> tuple[tuple[ResolvedCell, ...], tuple[Unresolved, ...]]:
    """Return every cell that the formula reads, and every name without a cell.

    A name reads a cell for each of its components, or those that the formula demands of all.
    ``names`` are the items as written.
    """
    names_by_key = {name_key(name): name for name in names}
    rows: list[ResolvedCell] = []
    unresolved: list[Unresolved] = []
    for name in names_in(formula.tree):
        if cut_short := _name_without_bracket_problem(name, formula, names_by_key):
            unresolved.append(cut_short)
            continue
        for component in name.parts or formula.components or ("",):
            figure = lookup(name.source, name_key(component) or None, name.offset)
            if figure is not None:
                cell = (figure.value, figure.unit, figure.at, figure.written)
                rows.append(ResolvedCell(name, component, *cell))
                continue
            exists = name.source in names_by_key or _has_row(name, formula, lookup)
            unresolved.append(_unresolved(name, component, names_by_key, exists=exists))
            if not exists:
                break
    return tuple(rows), tuple(unresolved)


def gaps_of(rows: Iterable[ResolvedCell]) -> tuple[MissingInput, ...]:
    """Return the cells without a figure, each with item, component and reason."""
    return tuple(
        MissingInput(
            name=row.name.text, component=row.component, reason=row.value.reason, at=row.at
        )
        for row in rows
        if isinstance(row.value, Missing)
    )


def _has_row(name: Name, formula: Formula, lookup: Lookup) -> bool:
    """Return whether an item has a row, as a total or with a component of the formula."""
    keys = (None, *(name_key(component) for component in formula.components))
    return any(lookup(name.source, key) is not None for key in keys)


def _unresolved(
    name: Name, component: str, names_by_key: dict[str, str], *, exists: bool
) -> Unresolved:
    """Return the problem of a name: E205 misspelt, E206 or E207 no such row, E217 unknown.

    Where the item ``exists``, its component has no row (E206), or its total has none (E207).
    """
    found_field = ("found", name.text)
    if exists and component:
        fields: tuple[tuple[str, str], ...] = (found_field, ("component", component))
        return Unresolved(code="E206", span=name.span, fields=fields)
    if exists:
        return Unresolved(code="E207", span=name.span, fields=(found_field,))
    suggestion = closest_name(name.source, names_by_key.values())
    if suggestion and not _is_qualified(name.source, name_key(suggestion)):
        return Unresolved(
            code="E205", span=name.span, fields=(found_field, ("nearest", suggestion))
        )
    return Unresolved(code="E217", span=name.span, fields=(found_field,))


def _is_qualified(name: str, base_name: str) -> bool:
    """Return whether ``name`` is ``base_name`` with a word that changes its meaning: 未完成件數."""
    if base_name not in name:
        return False
    qualifier = name.replace(base_name, "", 1)
    return any(char in _QUALIFIER_CHARS or char.isdigit() for char in qualifier)


def _name_without_bracket_problem(
    name: Name, formula: Formula, names_by_key: dict[str, str]
) -> Unresolved | None:
    """Return E220 if the last name with the bracket behind it is an item; None otherwise.

    The bracket has been read as a note, so the figure would be that of another item.
    """
    *_, last_node = walk(formula.tree)
    if not isinstance(last_node, Name) or last_node.key != name.key or not formula.notes:
        return None
    span = (last_node.span[0], formula.notes[0].span[1])
    full_name = name_key(formula.text[span[0] : span[1]])
    if full_name not in names_by_key:
        return None
    return Unresolved(code="E220", span=span, fields=(("found", names_by_key[full_name]),))
