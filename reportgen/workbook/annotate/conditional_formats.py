"""Conditional formats of marked cells, always in force, one rule for each severity.

A rule's formula names us, ``"reportgen-error"<>""``; so it is recognised after Excel or
LibreOffice has saved the workbook. Ours stand first and have the first priorities: a format of
the workbook's own (blank and required, say) must not hide them. The priorities of the others
are raised, and lowered again when ours are removed.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.cell_marks import SEVERITIES
from reportgen.workbook.annotate.opc_package import namespace_of
from reportgen.workbook.annotate.schema_order import insert_in_schema_order
from reportgen.workbook.schema.cell_refs import cell_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.workbook.annotate.cell_marks import Annotation
    from reportgen.workbook.annotate.opc_package import Element, OpcPackage
    from reportgen.workbook.annotate.styles_part import CellStyles

FORMULA_PREFIX: Final = "reportgen-"
_FORMULA: Final = '"reportgen-{}"<>""'
_OUR_FORMULAS: Final = tuple(_FORMULA.format(severity.value) for severity in Severity)
_MAX_RANGES: Final = 200  # of one rule


def remove_conditional_formats(parts: OpcPackage, sheet: str) -> None:
    """Remove our rules from a sheet, and lower the priorities of the others by as many.

    Priorities that are not all above that number stay. A sheet without our rules is not parsed.
    """
    if FORMULA_PREFIX.encode() not in parts.content(sheet):
        return
    root = parts.tree(sheet)
    space = namespace_of(root)
    removed = 0
    for formats in root.findall(f"{space}conditionalFormatting"):
        for rule in formats.findall(f"{space}cfRule"):
            if (rule.findtext(f"{space}formula") or "").strip() in _OUR_FORMULAS:
                formats.remove(rule)
                removed += 1
        if formats.find(f"{space}cfRule") is None:
            root.remove(formats)
    if removed:
        parts.mark_changed(sheet)
        others = [int(rule.get("priority", "")) for rule in _rules_with_priority(root)]
        if others and min(others) > removed:
            _shift_priorities(root, -removed)


def add_conditional_formats(
    parts: OpcPackage, sheet: str, marks: Sequence[Annotation], styles: CellStyles
) -> None:
    """Add the rules for the cells of each severity, the worst first, before all other rules.

    The priorities of the others are raised by as many.
    """
    root = parts.tree(sheet)
    space = namespace_of(root)
    formats: list[Element] = []
    for severity in SEVERITIES:
        areas = _ranges([mark for mark in marks if mark.severity is severity])
        for start in range(0, len(areas), _MAX_RANGES):
            format_element = etree.Element(f"{space}conditionalFormatting")
            format_element.set("sqref", " ".join(areas[start : start + _MAX_RANGES]))
            rule = etree.SubElement(format_element, f"{space}cfRule", type="expression")
            rule.set("dxfId", str(styles.mark(severity)))
            rule.set("priority", str(len(formats) + 1))
            etree.SubElement(rule, f"{space}formula").text = _FORMULA.format(severity.value)
            formats.append(format_element)
    _shift_priorities(root, len(formats))
    for format_element in reversed(formats):
        insert_in_schema_order(root, format_element)
    parts.mark_changed(sheet)


def _ranges(marks: Sequence[Annotation]) -> list[str]:
    """Return the ranges of the cells; adjacent cells of a column are one range."""
    positions = sorted((mark.column, mark.row) for mark in marks)
    areas = []
    for _, run in groupby(
        enumerate(positions), key=lambda indexed: (indexed[1][0], indexed[1][1] - indexed[0])
    ):
        cells_of_run = [cell for _, cell in run]
        (column, first), (_, last) = cells_of_run[0], cells_of_run[-1]
        top, bottom = cell_name(first, column), cell_name(last, column)
        areas.append(top if first == last else f"{top}:{bottom}")
    return areas


def _rules_with_priority(root: Element) -> Iterator[Element]:
    """Yield all rules with a priority, those in extensions included."""
    return (
        rule
        for rule in root.iter("{*}cfRule")
        if (rule.get("priority") or "").removeprefix("-").isdecimal()
    )


def _shift_priorities(root: Element, by: int) -> None:
    """Increase the priority number of every rule by ``by``, so that new rules come first."""
    for rule in _rules_with_priority(root):
        rule.set("priority", str(int(rule.get("priority", "")) + by))
