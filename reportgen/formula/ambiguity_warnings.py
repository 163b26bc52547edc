"""Doubtful readings: valid but perhaps not intended; each a warning with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import keywords
from reportgen.formula.expression_finder import parse_expression
from reportgen.formula.milestones import read_stages
from reportgen.formula.syntax_tree import (
    Binary,
    Comparison,
    Number,
    Percent,
    divides,
    names_in,
    walk,
)
from reportgen.formula.tokens import holds_arithmetic, pair_brackets
from reportgen.formula.trailing_notes import (
    Note,
    bare_unit,
    demanded_components,
    read_notes,
    stated_places,
    stated_unit,
)
from reportgen.formula.units import RATE_SIGNS
from reportgen.formula.vocabulary import names_items
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.formula.expression_finder import FoundExpression
    from reportgen.formula.legend import Definition
    from reportgen.formula.syntax_tree import Span, Tree
    from reportgen.formula.units import Unit
    from reportgen.formula.vocabulary import Vocabulary

_POWERS_OF_TEN: Final = frozenset({100, 1000, 10000})


class AmbiguityWarning(NamedTuple):
    """A code of the catalogue, its place in the text, and its fields."""

    code: str
    span: Span
    fields: dict[str, object]


def factor_warnings(tree: Tree) -> Iterator[AmbiguityWarning]:
    """Yield W217 for a power of ten with a sign that makes it no unit: ×1000%, ×100‰.

    Of a comparison only the left side is checked.
    """
    for node in walk(tree.left if isinstance(tree, Comparison) else tree):
        if not isinstance(node, Percent):
            continue
        expected = RATE_SIGNS[node.sign]
        if node.number.value in _POWERS_OF_TEN - {expected}:
            factor = f"{node.number.text}{node.sign}"
            yield AmbiguityWarning(
                "W217", node.span, {"found": factor, "usual": f"{expected}{node.sign}"}
            )


def scale_warnings(
    caption: str, tree: Tree, unit: Unit | None, vocabulary: Vocabulary
) -> Iterator[AmbiguityWarning]:
    """Yield W214 for 每十萬人口死亡率=死亡人數/年中人口數, without a factor of 100,000.

    Checked for a quotient whose ``caption``, or KPI's name, says 每… of a number. An item called
    so, or a scaled unit, makes up for the factor.
    """
    match = keywords.PER_MANY.search(caption) or keywords.PER_MANY.search(vocabulary.title)
    if match is None or not divides(tree):
        return
    scale = keywords.chinese_number(match["scale"])
    numbers = {node.value for node in walk(tree) if isinstance(node, Number)}
    is_known = name_key(match[0]) in "".join(name.source for name in names_in(tree))
    if scale in numbers or is_known or (unit is not None and unit.measure.scale != 1):
        return
    fields = {"found": match[0], "factor": f"{scale:,}", "scale": match["scale"]}
    yield AmbiguityWarning("W214", tree.span, dict(fields))


def note_warnings(
    body: FoundExpression, definitions: tuple[Definition, ...], vocabulary: Vocabulary | None
) -> Iterator[AmbiguityWarning]:
    """Yield a warning for each note that seems to calculate, or makes unmet demands.

    W211: it demands another rounding or an absolute value. W212: it would change the figure if
    it were applied. W201: it holds a calculation, or says how to count, and is printed only.
    """
    regions = [definition.region for definition in definitions]
    for note in body.tail.notes:
        is_legend = any(note.span[0] <= start and end <= note.span[1] for start, end in regions)
        has_effect = is_legend or _has_effect(note, vocabulary)
        is_remark = note in body.tail.remarks
        says_how_counted = is_remark and note.text[:1] in keywords.SAYS_HOW  # 以撤回件數計列
        calculates = is_remark or (not has_effect and holds_arithmetic(note.text))
        if keywords.TRUNCATES.search(note.text):
            yield AmbiguityWarning("W211", note.span, {"found": note.text})
        elif not has_effect and (
            _may_change(note, vocabulary) or (vocabulary and _may_weight(note, body.tree))
        ):
            yield AmbiguityWarning("W212", note.span, {"found": note.text})
        elif says_how_counted or (calculates and not _is_common_remark(note)):
            yield AmbiguityWarning("W201", note.span, {"found": note.text})


def definition_warnings(
    text: str, definitions: tuple[Definition, ...], vocabulary: Vocabulary
) -> Iterator[AmbiguityWarning]:
    """Yield W212 for a bracket in a definition that may change it: 分母：乙（不含丙）."""
    for definition in definitions:
        start, end = definition.value
        if name_key(text[start:end]) in vocabulary.items:
            continue
        for note in read_notes(text[:end], start, pair_brackets(text[:end])):
            if _may_change(note, vocabulary) and not holds_arithmetic(note.text):
                yield AmbiguityWarning("W212", note.span, {"found": note.text})


def piece_warnings(
    text: str, pieces: Iterable[Span], body: FoundExpression, vocabulary: Vocabulary
) -> Iterator[AmbiguityWarning]:
    """Yield W212 for a line that names an item, beside the expression and its legend."""
    for start, end in pieces:
        is_of_body = start <= body.start < end
        if not is_of_body and names_items(text[start:end], vocabulary):
            found = text[start:end].strip()
            begin = text.index(found, start)
            yield AmbiguityWarning("W212", (begin, begin + len(found)), {"found": found})


def part_warnings(
    text: str, tree: Tree, definitions: tuple[Definition, ...], vocabulary: Vocabulary
) -> Iterator[AmbiguityWarning]:
    """Yield W212 for a note that names another 分子 or 分母 than the formula has.

    One that cannot be read counts as another.
    """
    sources = {name.source for name in names_in(tree)}
    for definition in definitions:
        if definition.key not in {"分子", "分母"}:
            continue
        part = parse_expression(text, definition.value, vocabulary)
        note_sources = {name.source for name in names_in(part)} if part is not None else {""}
        if not note_sources <= sources:
            yield AmbiguityWarning(
                "W212", definition.region, {"found": text[slice(*definition.region)]}
            )


def _has_effect(note: Note, vocabulary: Vocabulary | None) -> bool:
    """Return whether a note is applied.

    That is a note that states a unit, demands components or lists stages, and with a vocabulary one
    of a factor.
    """
    is_factor = keywords.TIMES_IN_NOTE.fullmatch(strip_invisible(note.text)) is not None
    return (
        (is_factor and vocabulary is not None)
        or stated_unit(note) is not None
        or bare_unit(note) is not None
        or bool(demanded_components(note))
        or bool(read_stages(note.text))
    )


def _is_common_remark(note: Note) -> bool:
    """Return whether a note begins as remarks do: 註：, 以…為準, 四捨五入."""
    return bool(keywords.REMARK.match(note.text) or keywords.ROUNDING.match(note.text))


def _may_weight(note: Note, tree: Tree) -> bool:
    """Return whether a note may be a factor of the last term: 甲×60%+乙(40%), 甲÷乙(100%)."""
    text = strip_invisible(note.text)
    if isinstance(tree, Binary) and tree.operator == "÷":
        return name_key(text) == "100%"
    is_sum = isinstance(tree, Binary) and tree.operator == "+"
    return is_sum and keywords.WEIGHT_IN_NOTE.fullmatch(text) is not None


def _may_change(note: Note, vocabulary: Vocabulary | None) -> bool:
    """Return whether a note would change the figure if it were applied.

    It is known only with a vocabulary; notes of decimal places are applied.
    """
    if vocabulary is None:
        return False
    if keywords.CHANGES.search(note.text) and not stated_places(note):
        return True
    return bool(keywords.CHANGES_BY_ITEM.search(note.text)) and names_items(note.text, vocabulary)
