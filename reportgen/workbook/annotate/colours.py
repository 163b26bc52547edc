"""The colours of marked cells: conditional looks that always hold, one rule for each severity.

A rule's formula names us, ``"reportgen-error"<>""``; so it is known again after Excel or
LibreOffice has saved the workbook. Ours stand first and have the first priorities: a look of
the workbook's own (blank and required, say) must not hide them. Those of the others are
moved up, and back when ours are taken out.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.marks import SEVERITIES
from reportgen.workbook.annotate.order import insert
from reportgen.workbook.annotate.parts import space_of
from reportgen.workbook.places import cell_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.workbook.annotate.marks import Mark
    from reportgen.workbook.annotate.parts import Element, Parts
    from reportgen.workbook.annotate.styles import Looks

TOKEN: Final = "reportgen-"
_FORMULA: Final = '"reportgen-{}"<>""'
_OURS: Final = tuple(_FORMULA.format(severity.value) for severity in Severity)
_AREAS: Final = 200  # of one rule


def strip(parts: Parts, sheet: str) -> None:
    """Take our rules out of a sheet."""
    if TOKEN.encode() not in parts.content(sheet):
        return
    root = parts.tree(sheet)
    space = space_of(root)
    removed = 0
    for looks in root.findall(f"{space}conditionalFormatting"):
        for rule in looks.findall(f"{space}cfRule"):
            if (rule.findtext(f"{space}formula") or "").strip() in _OURS:
                looks.remove(rule)
                removed += 1
        if looks.find(f"{space}cfRule") is None:
            root.remove(looks)
    if removed:
        parts.touch(sheet)
        others = [int(rule.get("priority", "")) for rule in _ranked(root)]
        if others and min(others) > removed:
            _shift(root, -removed)


def write(parts: Parts, sheet: str, marks: Sequence[Mark], looks: Looks) -> None:
    """Rules for the cells of each severity, the gravest first."""
    root = parts.tree(sheet)
    space = space_of(root)
    made: list[Element] = []
    for severity in SEVERITIES:
        areas = _areas([mark for mark in marks if mark.severity is severity])
        for start in range(0, len(areas), _AREAS):
            part = etree.Element(f"{space}conditionalFormatting")
            part.set("sqref", " ".join(areas[start : start + _AREAS]))
            rule = etree.SubElement(part, f"{space}cfRule", type="expression")
            rule.set("dxfId", str(looks.mark(severity)))
            rule.set("priority", str(len(made) + 1))
            etree.SubElement(rule, f"{space}formula").text = _FORMULA.format(severity.value)
            made.append(part)
    _shift(root, len(made))
    for part in reversed(made):
        insert(root, part)
    parts.touch(sheet)


def _areas(marks: Sequence[Mark]) -> list[str]:
    """The cells, those below one another as one area."""
    cells = sorted((mark.column, mark.row) for mark in marks)
    areas = []
    for _, run in groupby(enumerate(cells), key=lambda each: (each[1][0], each[1][1] - each[0])):
        places = [place for _, place in run]
        (column, first), (_, last) = places[0], places[-1]
        top, bottom = cell_name(first, column), cell_name(last, column)
        areas.append(top if first == last else f"{top}:{bottom}")
    return areas


def _ranked(root: Element) -> Iterator[Element]:
    """Every rule with a priority, of the extensions too."""
    return (
        each
        for each in root.iter("{*}cfRule")
        if (each.get("priority") or "").removeprefix("-").isdecimal()
    )


def _shift(root: Element, by: int) -> None:
    for rule in _ranked(root):
        rule.set("priority", str(int(rule.get("priority", "")) + by))
