"""Reading of the text of 計算公式及計量單位 into a formula and its problems."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from reportgen.formula import keywords
from reportgen.formula.ambiguity_warnings import (
    definition_warnings,
    factor_warnings,
    note_warnings,
    part_warnings,
    piece_warnings,
    scale_warnings,
)
from reportgen.formula.diagnostics import problem_at
from reportgen.formula.expression_finder import (
    DECISIVE_CODES,
    ExpressionFinder,
    FoundExpression,
    parse_expression,
)
from reportgen.formula.implicit_quotients import find_quotient
from reportgen.formula.legend import (
    Definition,
    calculates_with,
    find_definitions,
    find_labels,
    text_outside,
)
from reportgen.formula.milestones import Stage, is_share, read_stage_list, read_stages
from reportgen.formula.parse_errors import MAX_FORMULA_CHARS, FormulaError
from reportgen.formula.rate_signs import stated_sign
from reportgen.formula.rounding import exact_text
from reportgen.formula.syntax_tree import (
    Binary,
    Comparison,
    Expression,
    Name,
    Number,
    Percent,
    Tree,
    names_in,
    walk,
)
from reportgen.formula.tokens import (
    canonical_sign,
    holds_arithmetic,
    is_bracket,
    number_value,
    pair_brackets,
    refuse_unreadable,
)
from reportgen.formula.trailing_notes import (
    Note,
    bare_unit,
    demanded_components,
    read_notes,
    says_direct_entry,
    stated_places,
    stated_unit,
)
from reportgen.formula.units import RATE_SIGNS, Unit, parse_unit
from reportgen.formula.unparser import unparse
from reportgen.problems import Location, Problem
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.formula.syntax_tree import Relation, Span
    from reportgen.formula.tokens import Brackets
    from reportgen.formula.vocabulary import Vocabulary
    from reportgen.model.target_value import Goal

_NO_LOCATION = Location()
_VERDICT_UNITS: Final = frozenset(
    {"達成與否", "是否達成", "達成否", "是否", "是/否", "達成/未達成"}
)


_MEANINGFUL_CHAR: Final = re.compile(r"[^\s。，；;,.備註•・:：]")


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
    stated_unit: str = ""  # the unit that the text states, if ``unit`` is another
    caption: str = ""  # text before the expression, without effect
    places: int | None = None  # decimal places that a note demands
    stages: tuple[Stage, ...] = ()  # of a milestone: names and their shares
    is_direct: bool = False  # 直接填報: the figure is entered, not calculated
    # What the text defines twice: 接種人次(第一劑+第二劑). Both must give the same.
    definitions: tuple[tuple[Expression, Expression], ...] = ()
    unit_notes: tuple[tuple[Name, str], ...] = ()  # units in brackets behind names

    @property
    def canonical_text(self) -> str:
        """The formula as it is read; empty if its text shows the same calculation."""
        canonical = unparse(self.tree)
        end = self.notes[0].span[0] if self.notes else len(self.text)
        is_entered = self.is_direct or bool(self.stages)
        return (
            ""
            if is_entered or _canonical_text(canonical) == _canonical_text(self.text[:end])
            else canonical
        )

    @property
    def states_own_rate(self) -> bool:
        """True if the unit is % or ‰ because the formula multiplies by 100% or 1000‰."""
        return self.unit is not None and self.unit.sign != "" and self.stated_unit != self.unit.text

    @property
    def tells_verdict(self) -> bool:
        """True if the unit is 達成與否: the comparison's verdict is the KPI's result."""
        unit = self.unit.text if self.unit else ""
        return self.kind is FormulaKind.COMPARISON and name_key(unit) in _VERDICT_UNITS


def parse_formula(
    text: str,
    where: Location = _NO_LOCATION,
    vocabulary: Vocabulary | None = None,
    *,
    is_rule: bool = False,
    is_direct: bool = False,
) -> tuple[Formula | None, tuple[Problem, ...]]:
    """Read a formula; ``where`` is its cell. Never raises, whatever the text.

    With a ``vocabulary`` the names of the workbook are read first, the longest that fits;
    without one the grammar alone decides. ``is_rule``: ``甲 = 乙`` compares, as in 勾稽規則;
    in a KPI's formula 甲 is its caption. ``is_direct``: the figure is entered directly.

    Without a formula there is exactly one error, at the first place that cannot be
    read; with one, the problems are warnings.
    """
    if not strip_invisible(text):
        return None, (problem_at("E201", where, "", (0, 0)),)
    if len(text) > MAX_FORMULA_CHARS:
        span = (MAX_FORMULA_CHARS, MAX_FORMULA_CHARS + 1)
        return None, (
            problem_at("E202", where, text, span, found=len(text), limit=MAX_FORMULA_CHARS),
        )
    try:
        refuse_unreadable(text)
        return _Reader(text, where, vocabulary, is_rule=is_rule).read(is_direct=is_direct)
    except FormulaError as fault:
        fields = {"found": strip_invisible(text[slice(*fault.span)]), **fault.fields}
        return None, (problem_at(fault.code, where, text, fault.span, **fields),)


class _Reader:
    """Reading of one text; the problems met on the way are in :attr:`problems`."""

    def __init__(
        self, text: str, where: Location, vocabulary: Vocabulary | None, *, is_rule: bool
    ) -> None:
        self.text = text
        self.where = where
        self.vocabulary = vocabulary
        self.is_rule = is_rule
        self.brackets = pair_brackets(text)
        self.problems: list[Problem] = []

    def report(self, code: str, span: Span, **fields: object) -> None:
        """Add a problem at a place in the text."""
        self.problems.append(problem_at(code, self.where, self.text, span, **fields))

    def read(self, *, is_direct: bool) -> tuple[Formula | None, tuple[Problem, ...]]:
        """Return the formula with the problems recorded; raises FormulaError if none can be read.

        Tried in this order: direct entry and stages, a quotient in words, an expression.
        """
        trailing = read_notes(self.text, _tail_start(self.text, self.brackets), self.brackets)
        direct_formula = self._direct_entry(trailing, is_direct=is_direct)
        if direct_formula is not None:
            return direct_formula, tuple(self.problems)
        definitions = self._definitions()
        legend = dict(self._legend_entries(definitions))
        body = find_quotient(self.text, self.vocabulary, definitions, legend) or self._find_body(
            definitions, legend
        )
        body = self._without_ambiguity(body)
        return self._formula(body, definitions), tuple(self.problems)

    def _direct_entry(self, notes: tuple[Note, ...], *, is_direct: bool) -> Formula | None:
        """Return the formula whose figure is entered, directly or as a stage; None for others.

        Raises FormulaError (E226, E229) if no row of 年度資料 holds the figure.
        """
        is_direct = is_direct or any(says_direct_entry(note) for note in notes)
        unit_notes = tuple(note for note in notes if not is_share(note.text))
        text = self.text[: unit_notes[0].span[0] if unit_notes else len(self.text)].strip(" \n。.")
        may_list = self.vocabulary is not None and not self.is_rule
        listed = read_stage_list(text) if may_list else None
        stages = listed.stages if listed else ()
        if not is_direct and not stages:
            return None
        if is_direct and not stages:
            stages = next(
                (note_stages for note in notes if (note_stages := read_stages(note.text))), ()
            )
        effective = (note for note in unit_notes if name_key(note.text) not in self._items)
        unit = self._stated_unit(unit_notes, "")
        return Formula(
            text=self.text,
            tree=self._entered_item(text, "" if is_direct or not listed else listed.head, stages),
            kind=FormulaKind.NUMBER,
            notes=tuple(effective),
            unit=_unit_of_stages(unit) if stages else unit,
            stated_unit=unit.text if unit else "",
            places=_stated_places(unit_notes),
            stages=stages,
            is_direct=is_direct,
        )

    @property
    def _items(self) -> Mapping[str, str]:
        """Return the items of the workbook by key; empty without a vocabulary."""
        return self.vocabulary.items if self.vocabulary else {}

    def _entered_item(self, text: str, head: str, stages: tuple[Stage, ...]) -> Name:
        """Return the item of 年度資料 that holds the figure: called like the head, the KPI or text.

        Raises FormulaError if there is none: E229 for a milestone, else E226.
        """
        span = (0, max(1, len(text)))
        title, code = (self.vocabulary.title, self.vocabulary.code) if self.vocabulary else ("", "")
        for name in (head, title, code, text):
            if name and name_key(name) in self._items:
                return Name(strip_invisible(name), name_key(name), span)
        if stages:
            raise FormulaError("E229", span, found=title, title=title, stage=stages[0].name)
        raise FormulaError("E226", span, found=title or text, title=title or text)

    def _definitions(self) -> tuple[Definition, ...]:
        """Return the definitions of letters, and the labels.

        Return none without a vocabulary. Definitions that calculate with others are left out;
        raises E225 for a letter with two meanings.
        """
        if self.vocabulary is None:
            return ()
        definitions = find_definitions(self.text, self.brackets)
        labels = tuple(find_labels(self.text, self.vocabulary))
        labelled_keys = {label.key for label in labels}
        all_definitions = (
            *(definition for definition in definitions if definition.key not in labelled_keys),
            *labels,
        )
        keys = {definition.key for definition in all_definitions}
        for position, definition in enumerate(all_definitions):
            earlier = next(
                (
                    earlier_definition
                    for earlier_definition in all_definitions[:position]
                    if earlier_definition.key == definition.key
                ),
                None,
            )
            if earlier and not self._define_the_same(earlier, definition):
                raise FormulaError("E225", definition.region, found=definition.key.upper())
        return tuple(
            definition
            for definition in all_definitions
            if not calculates_with(self.text, definition, keys)
        )

    def _define_the_same(self, first_definition: Definition, second_definition: Definition) -> bool:
        """Return whether two definitions have the same text, compared as names are."""
        texts = (
            self.text[slice(*definition.value)]
            for definition in (first_definition, second_definition)
        )
        return len({name_key(text) for text in texts}) == 1

    def _legend_entries(
        self, definitions: tuple[Definition, ...]
    ) -> Iterator[tuple[str, Expression]]:
        """Yield each letter's key with what it stands for; a letter that is an item is left out.

        W207 is reported if such a letter is defined as a known calculation. A definition that is no
        known calculation is taken as a name, which evaluation will report.
        """
        vocabulary = self.vocabulary
        if vocabulary is None:
            return
        for definition in definitions:
            tree = parse_expression(self.text, definition.value, vocabulary)
            is_known = tree is not None and all(
                name.source in vocabulary.items for name in names_in(tree)
            )
            if definition.key in vocabulary.items:
                if is_known and tree is not None and names_in(tree):
                    self.report("W207", definition.region, found=definition.key.upper())
                continue
            if not is_known or tree is None:
                text_written = strip_invisible(self.text[slice(*definition.value)])
                tree = Name(text_written, name_key(text_written), definition.value)
            if isinstance(tree, Name):
                key = definition.key.upper()
                text = f"{key}（{strip_invisible(self.text[slice(*definition.value)])}）"
                tree = replace(tree, text=text, key=name_key(text), item=tree.source)
            yield definition.key, tree

    def _find_body(
        self, definitions: tuple[Definition, ...], legend: Mapping[str, Expression]
    ) -> FoundExpression:
        """Return the best expression of the text outside the definitions.

        Raise FormulaError: E228 for two formulas, or the last (most decisive) fault if none is
        found.
        """
        bodies, faults, unread = self._read_pieces(definitions, legend)
        if not bodies and not faults:
            raise self._no_formula()
        readable = [body for body in bodies if not body.unknown and names_in(body.tree)]
        if len(readable) > 1:  # two formulas in one cell: which is it?
            raise FormulaError("E228", self._span_of(readable[1]), found=self._text_of(readable[1]))
        unknown = [body for body in bodies if body.unknown]
        if readable and isinstance(readable[0].tree, Name) and (unknown or unread):
            if not unknown:
                raise unread[0]
            readable = unknown  # 甲, beside a calculation with unknown names
        readable = readable or [body for body in bodies if not body.unknown] or bodies
        if readable and not (readable[0].unknown and self._is_prose()):
            body = min(readable, key=lambda body: len(body.unknown))
            self._report_other_pieces(self._pieces(definitions), body)
            return body
        if self._is_prose():
            raise self._no_formula()
        decisive = [fault for fault in faults if fault.code in DECISIVE_CODES]
        raise max(decisive or faults, key=lambda fault: fault.span[0])

    def _read_pieces(
        self, definitions: tuple[Definition, ...], legend: Mapping[str, Expression]
    ) -> tuple[list[FoundExpression], list[FormulaError], list[FormulaError]]:
        """Return the expressions of the pieces outside the definitions, and the faults.

        The third list holds the last fault of each calculation that cannot be read.
        """
        bodies: list[FoundExpression] = []
        faults: list[FormulaError] = []
        unread: list[FormulaError] = []
        for piece in self._pieces(definitions):
            finder = ExpressionFinder(
                self.text, piece, self.vocabulary, legend, is_rule=self.is_rule
            )
            body = finder.find()
            faults += finder.faults
            if body is not None:
                bodies.append(body)
            elif finder.faults and holds_arithmetic(self.text[slice(*piece)]):
                unread.append(finder.faults[-1])
        return bodies, faults, unread

    def _report_other_pieces(self, pieces: list[Span], body: FoundExpression) -> None:
        """Report what :func:`piece_warnings` finds beside an expression of known names."""
        if self.vocabulary is not None and not body.unknown:
            for doubt in piece_warnings(self.text, pieces, body, self.vocabulary):
                self.report(doubt.code, doubt.span, **doubt.fields)

    def _pieces(self, definitions: tuple[Definition, ...]) -> list[Span]:
        """Return the pieces of the text outside the definitions on lines of their own."""
        in_lines = tuple(
            definition for definition in definitions if not self._in_bracket(definition)
        )
        if not in_lines:
            return [(0, len(self.text))]
        return [
            piece
            for piece in text_outside(self.text, in_lines)
            if _MEANINGFUL_CHAR.search(self.text, *piece)
        ]

    def _no_formula(self) -> FormulaError:
        """Return E227 for a text without a formula."""
        title = self.vocabulary.title if self.vocabulary else ""
        return FormulaError("E227", (0, len(self.text)), title=title or "KPI 名稱")

    def _span_of(self, body: FoundExpression) -> Span:
        """Return the span of an expression, at least one character long."""
        end = body.tree.span[1]
        return body.start, max(end, body.start + 1)

    def _text_of(self, body: FoundExpression) -> str:
        """Return the text of an expression without invisible characters."""
        return strip_invisible(self.text[slice(*self._span_of(body))])

    def _in_bracket(self, definition: Definition) -> bool:
        """Return whether a definition stands within a bracket."""
        start = definition.region[0]
        return any(
            opening < start < close
            for opening, close in self.brackets.partner.items()
            if opening < close
        )

    def _is_prose(self) -> bool:
        """Return whether the text names no item and has no sign of a calculation."""
        if self.vocabulary is None:
            return False
        key = name_key(self.text)
        if any(item in key for item in self.vocabulary.items):
            return False
        bare = re.sub(r"[(（][^)）]*[)）]", "", self.text)
        signs = re.search(r"[+＋×*＊÷/／=＝≥≧≤≦<>＜＞∕]|除以|乘以|占", bare)
        return not signs and len(strip_invisible(bare)) >= 10

    def _without_ambiguity(self, body: FoundExpression) -> FoundExpression:
        """Return the reading without vocabulary if all its names are known, else ``body``.

        W208 is reported if the two readings differ and the plain one is taken.
        """
        if not body.ambiguous or self.vocabulary is None:
            return body
        plain = ExpressionFinder(
            self.text, (0, len(self.text)), None, {}, is_rule=self.is_rule
        ).find()
        if plain is None or plain.tree == body.tree:
            return body
        names = names_in(plain.tree)
        if not names or not all(name.key in self.vocabulary.items for name in names):
            return body
        if any(self._is_range(name) for name in names):  # 1-12月累計件數
            return body
        span = body.ambiguous[0]
        self.report("W208", span, found=strip_invisible(self.text[slice(*span)]))
        return plain

    def _is_range(self, name: Name) -> bool:
        """Return whether a number and a dash stand right before a name that begins with a digit."""
        before = self.text[: name.span[0]]
        return name.text[:1].isdigit() and bool(re.search(r"[0-9０-９][-－~～]\Z", before))

    def _formula(self, body: FoundExpression, definitions: tuple[Definition, ...]) -> Formula:
        """Return the formula of an expression with unit, stages and components.

        Doubtful readings are reported. Raises FormulaError (E212) for two comparisons.
        """
        notes = tuple(body.tail.notes)
        body = self._with_factor(body)
        tree = self._with_threshold(body)
        stages = next(
            (note_stages for note in notes if (note_stages := read_stages(note.text))), ()
        )
        stages = stages if isinstance(tree, Name) else ()
        demands = [demanded for note in notes if (demanded := demanded_components(note))]
        kind = _kind_of(tree)
        unit_stated = self._stated_unit(notes, self.text[slice(*body.caption)])
        unit = self._unit(body, tree, kind, unit_stated)
        if stages:
            unit = _unit_of_stages(unit)
        self._report_doubts(body, tree, unit, definitions)
        return Formula(
            text=self.text,
            tree=tree,
            kind=kind,
            notes=notes,
            components=tuple(dict.fromkeys(name for demanded in demands for name in demanded)),
            unit=unit,
            stated_unit=unit_stated.text if unit_stated else "",
            caption=_caption(self.text[slice(*body.caption)]),
            places=_stated_places(notes),
            stages=stages,
            definitions=body.definitions,
            unit_notes=body.unit_notes,
        )

    def _report_doubts(
        self,
        body: FoundExpression,
        tree: Tree,
        unit: Unit | None,
        definitions: tuple[Definition, ...],
    ) -> None:
        """Report what :mod:`~reportgen.formula.ambiguity_warnings` finds in notes and factors."""
        doubts = [*note_warnings(body, definitions, self.vocabulary), *factor_warnings(tree)]
        if self.vocabulary is not None:
            caption = self.text[slice(*body.caption)]
            doubts += scale_warnings(caption, tree, unit, self.vocabulary)
            doubts += part_warnings(self.text, tree, definitions, self.vocabulary)
            doubts += definition_warnings(self.text, definitions, self.vocabulary)
        for doubt in doubts:
            self.report(doubt.code, doubt.span, **doubt.fields)

    def _with_factor(self, body: FoundExpression) -> FoundExpression:
        """Return the expression times the factor that a note states, as in 甲/乙(×100%).

        Itself without such a note, for a comparison, and without a vocabulary.
        """
        for note in body.tail.notes:
            match = keywords.TIMES_IN_NOTE.fullmatch(strip_invisible(note.text))
            if match is None or isinstance(body.tree, Comparison) or self.vocabulary is None:
                continue
            number = Number(number_value(match["number"]), match["number"], note.span)
            factor = Percent(number, name_key(match["sign"])) if match["sign"] else number
            tree = Binary("×", body.tree, factor, body.tree.span)
            return replace(body, tree=tree)
        return body

    def _with_threshold(self, body: FoundExpression) -> Tree:
        """Return the tree, compared with the threshold behind it.

        Raise E212 for a second comparison.
        """
        goal = body.tail.goal
        if goal is None:
            return body.tree
        if isinstance(body.tree, Comparison):
            raise FormulaError("E212", body.tail.goal_span)
        right = _goal_tree(goal, body.tail.goal_span)
        relation: Relation = goal.relation  # type: ignore[assignment]
        return Comparison(relation, body.tree, right, (body.tree.span[0], body.tail.goal_span[1]))

    def _unit(
        self, body: FoundExpression, tree: Tree, kind: FormulaKind, unit_stated: Unit | None
    ) -> Unit | None:
        """Return the figure's unit: the rate that the formula multiplies by, or the stated unit.

        W213 is reported if the two are different rates.
        """
        sign = stated_sign(tree) or body.tail.sign or self._sign_of_threshold(tree)
        if (
            sign
            and unit_stated is not None
            and unit_stated.is_rate
            and unit_stated.per != RATE_SIGNS[sign]
        ):
            self.report("W213", body.tree.span, found=sign, stated=unit_stated.text)
        if not sign and unit_stated is None and body.tail.is_share:
            sign = "%"
        if not sign or (unit_stated is not None and unit_stated.is_rate):
            return unit_stated
        if unit_stated is None:
            return parse_unit(sign)
        if name_key(unit_stated.text) in _VERDICT_UNITS or "/" in name_key(unit_stated.text):
            return unit_stated
        left = tree.left if isinstance(tree, Comparison) else tree
        divides = any(isinstance(node, Binary) and node.operator == "÷" for node in walk(left))
        return parse_unit(sign) if divides else unit_stated

    def _sign_of_threshold(self, tree: Tree) -> str:
        """Return the sign of a threshold without names, % in 甲/乙≥80%; empty without one."""
        if self.is_rule or not isinstance(tree, Comparison):
            return ""
        signs = {node.sign for node in walk(tree.right) if isinstance(node, Percent)}
        return signs.pop() if len(signs) == 1 and not names_in(tree.right) else ""

    def _stated_unit(self, notes: tuple[Note, ...], caption: str) -> Unit | None:
        """Return the unit that a note states, else the one in the bracket behind the caption.

        The last 單位： comes first, then a bare unit in a note, the caption, a rate in the KPI's
        name; None without any. W205 is reported for an empty 單位：, W206 for two that differ.
        """
        units = [(note, text) for note in notes if (text := stated_unit(note)) is not None]
        if units:
            note, unit_text = units[-1]
            unit = parse_unit(unit_text)
            if unit is None:
                self.report("W205", note.span)
            if {parse_unit(other_text) for _, other_text in units[:-1]} - {unit}:
                self.report("W206", note.span, found=unit_text)
            return unit
        if self.vocabulary is None:
            return None
        bare = [unit for note in notes if (unit := bare_unit(note)) is not None]
        if bare:
            return bare[-1]
        brackets = pair_brackets(caption)
        in_caption = read_notes(caption, 0, brackets)
        for note in in_caption:
            if (text := stated_unit(note)) is not None:
                return parse_unit(text)
        caption_units = [unit for note in in_caption if (unit := bare_unit(note)) is not None]
        return caption_units[-1] if caption_units else _unit_of_title(self.vocabulary.title)


def _unit_of_stages(stated: Unit | None) -> Unit | None:
    """Return the unit of a milestone: its share is a ratio, whatever else is stated."""
    return stated if stated is not None and stated.sign == "%" else parse_unit("%")


def _canonical_text(text: str) -> str:
    """Return a calculation without spaces and brackets, its signs in canonical form."""
    return "".join(
        canonical_sign(char)
        for char in strip_invisible(text)
        if not is_bracket(char) and char not in "。｡.．,，"
    )


def _unit_of_title(title: str) -> Unit | None:
    """Return the % or ‰ in the bracket behind a KPI's name: 學雜費占教學成本比率(%)."""
    notes = read_notes(title, 0, pair_brackets(title))
    units = [unit for note in notes if (unit := bare_unit(note)) is not None and unit.is_rate]
    return units[-1] if units else None


def _caption(text: str) -> str:
    """Return the text before the expression, without its sign and its brackets."""
    bare = re.sub(r"[(（][^()（）]*[)）]\s*\Z", "", text.rstrip(" \n=＝:：﹦∶"))
    return bare.strip()


def _tail_start(text: str, brackets: Brackets) -> int:
    """Return the offset of the brackets and stops that end the text, or its length without any."""
    return min(brackets.tail, default=len(text))


def _stated_places(notes: tuple[Note, ...]) -> int | None:
    """Return the decimal places that the first such note states; None without one."""
    return next((places for note in notes if (places := stated_places(note)) is not None), None)


def _goal_tree(goal: Goal, span: Span) -> Expression:
    """Return the first bound of a threshold as a number or percentage."""
    bound = goal.bounds[0]
    number = Number(bound.number, exact_text(bound.number), span, bound.unit)
    return Percent(number, bound.sign, span) if bound.sign else number


def _kind_of(tree: Tree) -> FormulaKind:
    """Return whether a tree is a comparison, a ratio (anything with a division) or a number."""
    if isinstance(tree, Comparison):
        return FormulaKind.COMPARISON
    divided = any(isinstance(node, Binary) and node.operator == "÷" for node in walk(tree))
    return FormulaKind.RATIO if divided else FormulaKind.NUMBER
