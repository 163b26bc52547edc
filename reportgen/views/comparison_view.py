"""View of a comparison: the strings that the table of changes (修正對照表) prints.

Taiwan's form: 修正規定 (the new text), 現行規定 (the old), and 說明; a row for each change, the
changed words underlined on both sides. New text has nothing on the right; removed text
has 「（刪除）」 on the left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.compare import ChangeKind, Section
from reportgen.compare.changes import longest_increasing_positions
from reportgen.model.scorecard import Direction
from reportgen.text.diff import diff
from reportgen.views.figure_texts import SymbolNote, print_figure, symbol_notes
from reportgen.views.scorecard_view import DocumentView, document_view, formula_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.compare import Comparison, ScorecardChange, ScorecardItem
    from reportgen.compare.changes import LineChange
    from reportgen.compare.scorecard_items import ItemLine

REMOVED_TEXT = "（刪除）"
FORMULA_LABEL = "計算公式及計量單位"
_ORDINAL_DIGITS = "一二三四五六七八九十"
_TITLE_LABELS = frozenset({"名稱", "計分卡名稱", "規則"})  # lines that an item's title contains
_UNLABELLED = frozenset({"內容", FORMULA_LABEL})  # lines that are printed without their label
_YEARLY_CONTENTS = {Section.FIGURES: "數值", Section.COMMENTARIES: "說明"}
_KIND_NOTES = {
    ChangeKind.ADDED: "本項新增。",
    ChangeKind.REMOVED: "本項刪除。",
    ChangeKind.REORDERED: "調整排列順序。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """A part of a text; ``changed`` ones are underlined."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A row: each side in paragraphs, each paragraph in parts.

    A side's label is what it is of: a code or, without one, a name; "" if it is of several.
    """

    new: tuple[tuple[TextSpan, ...], ...]
    old: tuple[tuple[TextSpan, ...], ...]
    notes: tuple[str, ...]
    new_label: str
    old_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSection:
    """The changes of a part of the scorecard."""

    name: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """The data of the template of the table of changes."""

    document: DocumentView
    old: DocumentView
    banner: str
    sections: tuple[ChangeSection, ...]
    other_reasons: tuple[str, ...]
    symbols: tuple[SymbolNote, ...]


def comparison_view(comparison: Comparison, banner: str) -> ComparisonView:
    """Return the changes as printed: rows by section, the reasons without a change, symbols.

    ``banner`` is printed across the top, "" for none. The order of the changes stays; neighbours of
    one section share a heading.
    """
    grouped = groupby(_with_reasons_stated_once(comparison), key=lambda change: change.section)
    return ComparisonView(
        document=document_view(comparison.new),
        old=document_view(comparison.old),
        banner=banner,
        sections=tuple(
            ChangeSection(
                name=section.value,
                rows=tuple(_change_row(change, comparison) for change in changes),
            )
            for section, changes in grouped
        ),
        other_reasons=tuple(
            f"{revision.day.printed}　{revision.item}：{revision.note}"
            for revision in comparison.other_reasons
        ),
        symbols=symbol_notes(
            side.text
            for change in comparison.changes
            for line in change.lines
            for side in (line.old, line.new)
            if side and side.year and not side.is_words
        ),
    )


def _with_reasons_stated_once(comparison: Comparison) -> Iterator[ScorecardChange]:
    """Yield the changes in order, each reason only with one change of what it names.

    A reason for BP3.1 belongs to the KPI and to its targets; it is printed with the first of them,
    the KPI, unless the entry itself names the section of a later one, such as 目標值.
    """
    owners: dict[tuple[int, str], ScorecardChange] = {}
    for change in comparison.changes:
        for revision in change.reasons:
            key = id(revision), _item_key(change)
            if key not in owners or (
                change.section.value in revision.item.text
                and owners[key].section.value not in revision.item.text
            ):
                owners[key] = change
    for change in comparison.changes:
        told = (
            revision
            for revision in change.reasons
            if owners[id(revision), _item_key(change)] is change
        )
        yield replace(change, reasons=tuple(told))


def _item_key(change: ScorecardChange) -> str:
    """Return what a change is of: the item's code, else its name, else the section's name.

    Whole years have no item.
    """
    return _label(change.new or change.old) or change.section.value


def _label(item: ScorecardItem | None) -> str:
    """Return an item's code, else its name; "" for None."""
    return (item.code or item.name) if item else ""


def _change_row(change: ScorecardChange, comparison: Comparison) -> ChangeRow:
    """Return a change as a row: its old and new side, with the changed parts marked, and notes.

    A new order, new years, a whole item added or removed, and an item with changed lines are
    printed differently; the old side of new years is empty.
    """
    if change.old_order:
        old, new = _order_sides(change.old_order, change.new_order)
    elif change.years:
        old, new = (
            (),
            tuple(
                (_changed_part(_new_year_text(change.section, year, count)),)
                for year, count in change.years
            ),
        )
    elif change.old is None or change.new is None:
        old, new = _one_sided(change, comparison)
    else:
        old, new = _both_sides(change, change.old, change.new, comparison)
    return ChangeRow(
        new=new,
        old=old,
        notes=_number_notes(list(_change_notes(change, comparison))),
        new_label=_label(change.new),
        old_label=_label(change.old),
    )


_Side = tuple[tuple[TextSpan, ...], ...]


def _order_sides(old: Sequence[str], new: Sequence[str]) -> tuple[_Side, _Side]:
    """Return the old and the new order, a paragraph per title, with the moved ones marked.

    As few as possible count as moved: those outside the longest sequence that kept its order.
    """
    position_of = {title: number for number, title in enumerate(old)}
    # Titles may have changed, too: they are matched by their position in both lists.
    positions = [position_of.get(title, number) for number, title in enumerate(new)]
    unmoved = longest_increasing_positions(positions)
    moved = {title for number, title in enumerate(new) if number not in unmoved}
    return (
        tuple((TextSpan(text=title, changed=title in moved),) for title in old),
        tuple((TextSpan(text=title, changed=title in moved),) for title in new),
    )


def _new_year_text(section: Section, year: int, count: int) -> str:
    """Return the text of a new year of figures or words: how many there are."""
    return f"{year}年{_YEARLY_CONTENTS[section]} {count} 項"


def _one_sided(change: ScorecardChange, comparison: Comparison) -> tuple[_Side, _Side]:
    """Return the old and new side of an added or removed item; an initiative has its objective.

    All of its text is marked as changed. The other side is empty on the right, 「（刪除）」 on the
    left.
    """
    item = change.new or change.old
    assert item is not None
    lines = [_line_text(line) for line in change.lines if not _is_redundant(line)]
    if change.section is Section.INITIATIVES:
        names = _parent_names(change.section, comparison)
        lines.insert(0, f"策略目標：{names.get(item.parent, item.parent)}")
    paragraphs = [item.title, *lines]
    side = tuple(
        (_changed_part(paragraph),) for text in paragraphs for paragraph in text.split("\n")
    )
    return ((), side) if change.new else (side, ((TextSpan(text=REMOVED_TEXT, changed=False),),))


def _is_redundant(line: LineChange) -> bool:
    """Return whether a line of a whole item only repeats its title or the default direction."""
    side = line.new or line.old
    assert side is not None
    return side.label in _TITLE_LABELS or side.text == Direction.HIGHER.value


def _line_text(line: LineChange) -> str:
    """Return a line with its label, if that is printed; formulas are broken into lines."""
    side = line.new or line.old
    assert side is not None
    text = formula_lines(side.text) if line.label == FORMULA_LABEL else _side_text(side)
    return text if line.label in _UNLABELLED else f"{line.label}：{text}"


def _side_text(side: ItemLine) -> str:
    """Return the text of a line; numbers in figures and targets get a true minus sign."""
    return print_figure(side.text) if side.year and not side.is_words else side.text


def _both_sides(
    change: ScorecardChange, old: ScorecardItem, new: ScorecardItem, comparison: Comparison
) -> tuple[_Side, _Side]:
    """Return the old and new paragraphs of an item, title first, with differing words marked."""
    before: list[tuple[TextSpan, ...]] = []
    after: list[tuple[TextSpan, ...]] = []
    for old_text, new_text in [(old.title, new.title), *_line_pairs(change, old, new, comparison)]:
        parts = diff(old_text, new_text)
        _append_paragraphs(before, ((part.old, part.changed) for part in parts))
        _append_paragraphs(after, ((part.new, part.changed) for part in parts))
    return tuple(before), tuple(after)


def _line_pairs(
    change: ScorecardChange, old: ScorecardItem, new: ScorecardItem, comparison: Comparison
) -> Iterator[tuple[str, str]]:
    """Yield old and new text of each line below the title; "" where one side has none.

    The parent comes last, if it differs. Formulas are broken into lines; some lines have no label.
    """
    for line in change.lines:
        if line.label in _TITLE_LABELS:
            continue
        texts = [_side_text(side) if side else "" for side in (line.old, line.new)]
        if line.label == FORMULA_LABEL:
            yield formula_lines(texts[0]), formula_lines(texts[1])
        elif line.label in _UNLABELLED:
            yield texts[0], texts[1]
        else:
            yield tuple(f"{line.label}：{text}" if text else "" for text in texts)  # type: ignore[misc]
    if old.parent != new.parent:
        names = _parent_names(change.section, comparison)
        yield tuple(f"所屬：{names.get(item.parent, item.parent)}" for item in (old, new))  # type: ignore[misc]


def _append_paragraphs(
    paragraphs: list[tuple[TextSpan, ...]], parts: Iterator[tuple[str, bool]]
) -> None:
    """Append to ``paragraphs`` one for each line of text in the parts; empty lines are dropped.

    Each part is a text and whether it changed.
    """
    lines: list[list[TextSpan]] = [[]]
    for text, changed in parts:
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if piece:
                lines[-1].append(TextSpan(text=piece, changed=changed))
    paragraphs.extend(tuple(line) for line in lines if line)


def _changed_part(text: str) -> TextSpan:
    """Return a text that is marked as changed."""
    return TextSpan(text=text, changed=True)


def _change_notes(change: ScorecardChange, comparison: Comparison) -> Iterator[str]:
    """Yield the notes of a change: the reasons in the workbook, then what kinds of change it is.

    Without a reason, a corrected item has a note on which of its lines changed.
    """
    reasons = [_sentence(revision.note.text) for revision in change.reasons]
    yield from reasons
    for kind in change.kinds:
        if kind in _KIND_NOTES:
            yield _KIND_NOTES[kind]
    if change.years:
        yield f"新增年度{_YEARLY_CONTENTS[change.section]}。"
    if change.old is None or change.new is None:
        return
    if ChangeKind.RECODED in change.kinds:
        yield f"代碼由「{change.old.code}」調整為「{change.new.code}」。"
    if ChangeKind.MOVED in change.kinds:
        names = _parent_names(change.section, comparison)
        old_parent, new_parent = (
            names.get(item.parent, item.parent) for item in (change.old, change.new)
        )
        yield f"由「{old_parent}」移列「{new_parent}」。"
    if ChangeKind.CHANGED in change.kinds and not reasons:
        yield _correction_note(change)


def _parent_names(section: Section, comparison: Comparison) -> dict[str, str]:
    """Return code → printed name of the parents of a section's items, in either edition.

    KPIs and initiatives have objectives, with code and name; all others have perspectives, with
    their name.
    """
    cards = (comparison.old, comparison.new)
    if section in {Section.KPIS, Section.INITIATIVES}:
        return {
            objective.code: f"{objective.code} {objective.name}"
            for card in cards
            for objective in card.objectives
        }
    return {
        perspective.code: perspective.card_name.text
        for card in cards
        for perspective in card.perspectives
    }


def _correction_note(change: ScorecardChange) -> str:
    """Return a note on which lines of an item changed, such as 「修正名稱、計算公式及計量單位。」.

    Figures have 「更正104年數值。」, targets 「修正104年目標值。」, a text 「修正文字。」, and what
    one edition lacks 「增列權重。」 or 「刪除權重。」.
    """
    changed = [line for line in change.lines if line.changed]
    assert change.old is not None
    assert change.new is not None
    if [line.label for line in changed] == ["內容"]:
        return "修正文字。"
    is_yearly = change.section in {Section.FIGURES, Section.TARGETS}
    years = [line for line in changed if is_yearly and line.label.endswith("年")]
    others = _changes_by_verb([line for line in changed if line not in years], "修正")
    has_new_name = change.old.name != change.new.name and not change.new.code
    if has_new_name and all(line.label != "名稱" for line in changed):
        others = {"修正": ["名稱", *others.pop("修正", [])], **others}
    verb, noun = ("更正", "數值") if change.section is Section.FIGURES else ("修正", "目標值")
    phrases = [
        f"{verb}{'、'.join(labels)}{noun}" for verb, labels in _changes_by_verb(years, verb).items()
    ]
    other_phrases = [f"{verb}{'、'.join(labels)}" for verb, labels in others.items()]
    if phrases and other_phrases:
        other_phrases[0] = f"並{other_phrases[0]}"
    return f"{'，'.join(phrases + other_phrases) or '修正名稱'}。"


def _changes_by_verb(lines: list[LineChange], verb: str) -> dict[str, list[str]]:
    """Return verb → labels of changed lines: ``verb``, 增列 (only new), 刪除 (only old), in order.

    A label with lines of several kinds, such as a formula of two lines, has ``verb``.
    """
    kinds_of_label: dict[str, set[str]] = {}
    for line in lines:
        is_old, is_new = (bool(side and side.text) for side in (line.old, line.new))
        kind = verb if is_old and is_new else "增列" if is_new else "刪除"
        kinds_of_label.setdefault(line.label, set()).add(kind)
    labels_by_verb: dict[str, list[str]] = {verb: [], "增列": [], "刪除": []}
    for label, kinds in kinds_of_label.items():
        labels_by_verb[kinds.pop() if len(kinds) == 1 else verb].append(label)
    return {kind: labels for kind, labels in labels_by_verb.items() if labels}


def _sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends with a closing mark."""
    text = text.strip()
    return text if text.endswith(("。", "！", "？", "」", "）")) else f"{text}。"


def _number_notes(notes: list[str]) -> tuple[str, ...]:
    """Return the notes without repetitions, numbered 「一、…」 if there are several."""
    notes = list(dict.fromkeys(notes))
    if len(notes) < 2:
        return tuple(notes)
    return tuple(f"{_ordinal(number)}、{note}" for number, note in enumerate(notes))


def _ordinal(number: int) -> str:
    """Return the ordinal of a zero-based number: 一 for 0, up to 九十九."""
    tens, ones = divmod(number + 1, 10)
    if not tens:
        return _ORDINAL_DIGITS[ones - 1]
    lead = "十" if tens == 1 else f"{_ORDINAL_DIGITS[tens - 1]}十"
    return lead + (_ORDINAL_DIGITS[ones - 1] if ones else "")
