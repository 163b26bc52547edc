"""The text of 計算公式及計量單位 → a formula and the problems met on the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from reportgen.formula.fault import MAX_LENGTH, FaultError
from reportgen.formula.notes import Note, demanded_components, read_notes, stated_unit
from reportgen.formula.parse import parse_tree
from reportgen.formula.point import problem_at
from reportgen.formula.scan import holds_arithmetic, pair_brackets
from reportgen.formula.tree import Binary, Comparison, Tree, walk
from reportgen.formula.units import Unit, parse_unit
from reportgen.names import visible
from reportgen.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

_NOWHERE = Location()


class FormulaKind(Enum):
    """The three kinds that the scorecard's heading names."""

    NUMBER = "數值"
    RATIO = "分子/分母"
    COMPARISON = "≥"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A formula as read: ``text`` is what is printed, ``tree`` what is evaluated."""

    text: str
    tree: Tree
    kind: FormulaKind
    notes: tuple[Note, ...] = ()
    components: tuple[str, ...] = ()  # demanded of every name, as written
    unit: Unit | None = None


def parse(text: str, where: Location = _NOWHERE) -> tuple[Formula | None, tuple[Problem, ...]]:
    """Read a formula; ``where`` is its cell. Never raises, whatever the text.

    Without a formula there is exactly one error, at the first place that cannot be
    read; with one, the problems are warnings.
    """
    if not visible(text):
        return None, (problem_at("E201", where, "", (0, 0)),)
    if len(text) > MAX_LENGTH:
        span = (MAX_LENGTH, MAX_LENGTH + 1)
        return None, (problem_at("E202", where, text, span, found=len(text), limit=MAX_LENGTH),)
    brackets = pair_brackets(text)
    try:
        tree, behind = parse_tree(text, brackets)
    except FaultError as fault:
        fields = {"found": visible(text[slice(*fault.span)]), **fault.fields}
        return None, (problem_at(fault.code, where, text, fault.span, **fields),)
    notes = read_notes(text, behind, brackets)
    units = [(note, stated) for note in notes if (stated := stated_unit(note)) is not None]
    demands = [demanded for note in notes if (demanded := demanded_components(note))]
    formula = Formula(
        text=text,
        tree=tree,
        kind=_kind(tree),
        notes=notes,
        components=tuple(dict.fromkeys(name for demanded in demands for name in demanded)),
        unit=parse_unit(units[-1][1]) if units else None,
    )

    def at(code: str, note: Note, **fields: object) -> Problem:
        return problem_at(code, where, text, note.span, **fields)

    return formula, (*_doubtful_units(units, at), *_doubtful_notes(notes, at))


def _kind(tree: Tree) -> FormulaKind:
    if isinstance(tree, Comparison):
        return FormulaKind.COMPARISON
    divided = any(isinstance(node, Binary) and node.operator == "÷" for node in walk(tree))
    return FormulaKind.RATIO if divided else FormulaKind.NUMBER


def _doubtful_units(units: list[tuple[Note, str]], at: Callable[..., Problem]) -> list[Problem]:
    if not units:
        return []
    note, stated = units[-1]
    found = [] if parse_unit(stated) else [at("W205", note)]
    others = {parse_unit(other) for _, other in units[:-1]} - {parse_unit(stated)}
    return found + ([at("W206", note, found=stated)] if others else [])


def _doubtful_notes(notes: tuple[Note, ...], at: Callable[..., Problem]) -> list[Problem]:
    return [
        at("W201", note, found=note.text)
        for note in notes
        if stated_unit(note) is None
        and not demanded_components(note)
        and holds_arithmetic(note.text)
    ]
