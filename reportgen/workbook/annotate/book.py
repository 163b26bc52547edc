"""The workbook part: its sheets, and the list put in as the first one or taken out again.

The list is known by a defined name that points to it, whatever the user calls the sheet. A
sheet's place counts in ``definedName/@localSheetId`` and ``workbookView/@activeTab``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from reportgen.workbook.annotate.order import having
from reportgen.workbook.annotate.parts import MissingPartError, space_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.workbook.annotate.parts import Element, Parts

NAME: Final = "檢查結果"
MARK: Final = "_reportgen_check"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SELECTED: Final = re.compile(rb"tabSelected\s*=")


class SheetEntry(NamedTuple):
    """A sheet and its part; ``kind`` is ``worksheet``, ``chartsheet`` …"""

    name: str
    part: str
    kind: str


class Book:
    """The workbook part of a package."""

    def __init__(self, parts: Parts) -> None:
        """Raises MissingPartError."""
        self._parts = parts
        part = parts.related("", "officeDocument")
        if part is None:
            raise MissingPartError("officeDocument")
        self.part = part
        self._root = parts.tree(part)
        self._space = space_of(self._root)

    @property
    def views(self) -> int:
        """How many windows the workbook opens."""
        return max(1, len(list(self._views())))

    @property
    def is_marked(self) -> bool:
        """Whether it is a marked copy."""
        return any(each.get("name") == MARK for each in self._names())

    def sheets(self) -> list[SheetEntry]:
        """Its sheets in their order; one without a part is left out."""
        found = {each.id: each for each in self._parts.relations(self.part)}
        entries = []
        for sheet in self._listed():
            relation = found.get(sheet.get(f"{{{self._parts.office}}}id", ""))
            if relation is not None and relation.target and self._parts.has(relation.target):
                name = sheet.get("name", "")
                entries.append(SheetEntry(name, relation.target, relation.kind))
        return entries

    def strip(self) -> None:
        """Take our list out, and the names that belong to it."""
        marked = [each for each in self._names() if each.get("name") == MARK]
        for mark in marked:
            self._remove_sheet(_sheet_of(mark.text or ""))
            self._drop_name(mark)

    def insert_list(self, root: Element, area: str) -> None:
        """Put our list first and show it; ``area`` is what its filter covers."""
        taken = {each.get("name", "").casefold() for each in self._listed()}
        name, number = NAME, 2
        while name.casefold() in taken:
            name, number = f"{NAME}_{number}", number + 1
        part = self._parts.free_name("xl/worksheets/reportgenCheck{}.xml")
        self._parts.add(part, root, _TYPE)
        identity = self._parts.relate(self.part, f"{self._parts.office}/worksheet", part)
        sheet = etree.Element(f"{self._space}sheet", nsmap={"r": self._parts.office})
        sheet.set("name", name)
        given = [each.get("sheetId", "") for each in self._listed()]
        used = [int(number) for number in given if number.isdecimal()]
        sheet.set("sheetId", str(max(used, default=0) + 1))
        sheet.set(f"{{{self._parts.office}}}id", identity)
        self._move_names(0, 1)
        having(self._root, "sheets").insert(0, sheet)
        self._add_name("_xlnm._FilterDatabase", f"{name}!{area}", hidden="1", localSheetId="0")
        heading = area.partition(":")[0].rpartition("$")[2]
        self._add_name("_xlnm.Print_Titles", f"{name}!${heading}:${heading}", localSheetId="0")
        self._add_name(MARK, f"{name}!$A$1", hidden="1")
        self._show_first()
        self._parts.touch(self.part)

    # --- sheets -----------------------------------------------------------------------

    def _listed(self) -> list[Element]:
        return self._root.findall(f"{self._space}sheets/{self._space}sheet")

    def _views(self) -> Iterator[Element]:
        return self._root.iterfind(f"{self._space}bookViews/{self._space}workbookView")

    def _remove_sheet(self, name: str) -> None:
        names = [each.get("name", "") for each in self._listed()]
        if name not in names or len(names) == 1:
            return
        place = names.index(name)
        sheet = self._listed()[place]
        part = next((each.part for each in self.sheets() if each.name == name), None)
        for each in list(self._names()):
            if each.get("localSheetId") == str(place):
                self._drop_name(each)
        self._move_names(place + 1, -1)
        _detach(sheet)
        for view in self._views():
            for attribute in ("activeTab", "firstSheet"):
                if int(view.get(attribute, "0")) > place:
                    view.set(attribute, str(int(view.get(attribute, "0")) - 1))
                elif int(view.get(attribute, "0")) >= len(names) - 1:
                    view.set(attribute, str(len(names) - 2))
        if part is not None:
            self._parts.unrelate(self.part, part)
            self._parts.drop(part)
        self._parts.touch(self.part)

    def _show_first(self) -> None:
        """Our list alone is selected: with two selected, Excel would edit both at once."""
        for view in self._views():
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", "")
        for sheet in self.sheets()[1:]:
            if not _SELECTED.search(self._parts.content(sheet.part)):
                continue
            root = self._parts.tree(sheet.part)
            for view in root.iter("{*}sheetView"):
                if view.attrib.pop("tabSelected", ""):
                    self._parts.touch(sheet.part)

    # --- defined names ----------------------------------------------------------------

    def _names(self) -> Iterator[Element]:
        return self._root.iterfind(f"{self._space}definedNames/{self._space}definedName")

    def _add_name(self, name: str, refers_to: str, **attributes: str) -> None:
        listed = having(self._root, "definedNames")
        made = etree.SubElement(listed, f"{self._space}definedName", name=name)
        for attribute, value in attributes.items():
            made.set(attribute, value)
        made.text = refers_to

    def _drop_name(self, name: Element) -> None:
        listed = name.getparent()
        _detach(name)
        if listed is not None and not len(listed):
            _detach(listed)
        self._parts.touch(self.part)

    def _move_names(self, start: int, by: int) -> None:
        """Let names that belong to a sheet follow it."""
        for each in self._names():
            local = each.get("localSheetId", "")
            if local.isdecimal() and int(local) >= start:
                each.set("localSheetId", str(int(local) + by))


def _sheet_of(reference: str) -> str:
    """``'檢查結果'!$A$1`` → 檢查結果."""
    name = reference.rpartition("!")[0]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _detach(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
