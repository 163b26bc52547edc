"""The workbook part: its sheets, with the list of problems inserted first or removed.

The list is recognised by a defined name that points to it, whatever the user calls the sheet.
Sheet positions are stored in ``definedName/@localSheetId`` and ``workbookView/@activeTab``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from reportgen.workbook.annotate.opc_package import MissingPartError, namespace_of
from reportgen.workbook.annotate.schema_order import find_or_insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.workbook.annotate.opc_package import Element, OpcPackage

FINDINGS_SHEET: Final = "檢查結果"
FINDINGS_DEFINED_NAME: Final = "_reportgen_check"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SELECTED: Final = re.compile(rb"tabSelected\s*=")


class SheetEntry(NamedTuple):
    """A sheet and its part; ``kind`` is ``worksheet``, ``chartsheet`` or the like."""

    name: str
    part: str
    kind: str


class WorkbookPart:
    """The workbook part of a package."""

    def __init__(self, parts: OpcPackage) -> None:
        """Raise MissingPartError if the package has no workbook part."""
        self._parts = parts
        part = parts.related("", "officeDocument")
        if part is None:
            raise MissingPartError("officeDocument")
        self.part = part
        self._root = parts.tree(part)
        self._space = namespace_of(self._root)

    @property
    def window_count(self) -> int:
        """The number of windows that the workbook opens."""
        return max(1, len(list(self._view_elements())))

    @property
    def is_annotated(self) -> bool:
        """True if it is an annotated copy."""
        return any(name.get("name") == FINDINGS_DEFINED_NAME for name in self._name_elements())

    def sheets(self) -> list[SheetEntry]:
        """Return the sheets in their order, without those that have no part."""
        relations = {relation.id: relation for relation in self._parts.relations(self.part)}
        entries = []
        for sheet in self._sheet_elements():
            relation = relations.get(sheet.get(f"{{{self._parts.office}}}id", ""))
            if relation is not None and relation.target and self._parts.has(relation.target):
                name = sheet.get("name", "")
                entries.append(SheetEntry(name, relation.target, relation.kind))
        return entries

    def remove_findings_sheet(self) -> None:
        """Remove our list, and the names that belong to it; nothing if there is none."""
        marks = [
            name for name in self._name_elements() if name.get("name") == FINDINGS_DEFINED_NAME
        ]
        for name in marks:
            self._remove_sheet(_sheet_of(name.text or ""))
            self._drop_defined_name(name)

    def insert_findings_sheet(self, root: Element, area: str) -> None:
        """Insert our list as the first sheet and show it; its filter covers ``area``.

        It is called 檢查結果, or 檢查結果_2 and so on if a sheet has that name.
        """
        names_in_use = {listed.get("name", "").casefold() for listed in self._sheet_elements()}
        name, number = FINDINGS_SHEET, 2
        while name.casefold() in names_in_use:
            name, number = f"{FINDINGS_SHEET}_{number}", number + 1
        part = self._parts.free_name("xl/worksheets/reportgenCheck{}.xml")
        self._parts.add(part, root, _TYPE)
        identity = self._parts.add_relation(self.part, f"{self._parts.office}/worksheet", part)
        sheet = etree.Element(f"{self._space}sheet", nsmap={"r": self._parts.office})
        sheet.set("name", name)
        sheet_ids = [listed.get("sheetId", "") for listed in self._sheet_elements()]
        used_ids = [int(number) for number in sheet_ids if number.isdecimal()]
        sheet.set("sheetId", str(max(used_ids, default=0) + 1))
        sheet.set(f"{{{self._parts.office}}}id", identity)
        self._move_names(0, 1)
        find_or_insert(self._root, "sheets").insert(0, sheet)
        self._add_defined_name(
            "_xlnm._FilterDatabase", f"{name}!{area}", hidden="1", localSheetId="0"
        )
        heading = area.partition(":")[0].rpartition("$")[2]
        self._add_defined_name(
            "_xlnm.Print_Titles", f"{name}!${heading}:${heading}", localSheetId="0"
        )
        self._add_defined_name(FINDINGS_DEFINED_NAME, f"{name}!$A$1", hidden="1")
        self._show_first()
        self._parts.mark_changed(self.part)

    # --- sheets -----------------------------------------------------------------------

    def _sheet_elements(self) -> list[Element]:
        """Return the ``sheet`` elements of the workbook, in the order of the tabs."""
        return self._root.findall(f"{self._space}sheets/{self._space}sheet")

    def _view_elements(self) -> Iterator[Element]:
        """Yield the ``workbookView`` elements, one for each window."""
        return self._root.iterfind(f"{self._space}bookViews/{self._space}workbookView")

    def _remove_sheet(self, name: str) -> None:
        """Remove a sheet with its part, and shift all references to positions.

        The only sheet, and one of another name, is left.
        """
        names = [listed.get("name", "") for listed in self._sheet_elements()]
        if name not in names or len(names) == 1:
            return
        position = names.index(name)
        sheet = self._sheet_elements()[position]
        part = next((entry.part for entry in self.sheets() if entry.name == name), None)
        for defined_name in list(self._name_elements()):
            if defined_name.get("localSheetId") == str(position):
                self._drop_defined_name(defined_name)
        self._move_names(position + 1, -1)
        _remove_from_parent(sheet)
        for view in self._view_elements():
            for attribute in ("activeTab", "firstSheet"):
                if int(view.get(attribute, "0")) > position:
                    view.set(attribute, str(int(view.get(attribute, "0")) - 1))
                elif int(view.get(attribute, "0")) >= len(names) - 1:
                    view.set(attribute, str(len(names) - 2))
        if part is not None:
            self._parts.remove_relations(self.part, part)
            self._parts.drop(part)
        self._parts.mark_changed(self.part)

    def _show_first(self) -> None:
        """Select our list alone: with two sheets selected, Excel would edit both at once."""
        for view in self._view_elements():
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", "")
        for sheet in self.sheets()[1:]:
            if not _SELECTED.search(self._parts.content(sheet.part)):
                continue
            root = self._parts.tree(sheet.part)
            for view in root.iter("{*}sheetView"):
                if view.attrib.pop("tabSelected", ""):
                    self._parts.mark_changed(sheet.part)

    # --- defined names ----------------------------------------------------------------

    def _name_elements(self) -> Iterator[Element]:
        """Yield the ``definedName`` elements of the workbook."""
        return self._root.iterfind(f"{self._space}definedNames/{self._space}definedName")

    def _add_defined_name(self, name: str, refers_to: str, **attributes: str) -> None:
        """Add a defined name that refers to a range or formula, with attributes."""
        listed = find_or_insert(self._root, "definedNames")
        defined_name = etree.SubElement(listed, f"{self._space}definedName", name=name)
        for attribute, value in attributes.items():
            defined_name.set(attribute, value)
        defined_name.text = refers_to

    def _drop_defined_name(self, name: Element) -> None:
        """Remove a defined name, and the list of names if it is empty then."""
        listed = name.getparent()
        _remove_from_parent(name)
        if listed is not None and not len(listed):
            _remove_from_parent(listed)
        self._parts.mark_changed(self.part)

    def _move_names(self, start: int, by: int) -> None:
        """Shift the names that belong to sheets from position ``start`` on."""
        for name in self._name_elements():
            local = name.get("localSheetId", "")
            if local.isdecimal() and int(local) >= start:
                name.set("localSheetId", str(int(local) + by))


def _sheet_of(reference: str) -> str:
    """Return the sheet of a reference: 檢查結果 of ``'檢查結果'!$A$1``."""
    name = reference.rpartition("!")[0]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _remove_from_parent(element: Element) -> None:
    """Remove an element from its parent; one without a parent is left."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
