"""Where an element belongs among its brothers: the schema's order, which Excel insists upon.

Rules: ECMA-376 part 1, 18.3.1.99 (worksheet), 18.2.27 (workbook), 18.8.39 (styleSheet).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.workbook.annotate.parts import elements, space_of

if TYPE_CHECKING:
    from reportgen.workbook.annotate.parts import Element

_WORKSHEET: Final = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
    *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions"),
    *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing"),
    *("legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
    *("webPublishItems", "tableParts", "extLst"),
)
_WORKBOOK: Final = (
    *("fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr"),
    *("absPath", "workbookProtection", "bookViews", "sheets", "functionGroups"),
    *("externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews"),
    *("pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr"),
    *("webPublishObjects", "extLst"),
)
_STYLES: Final = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles"),
    *("dxfs", "tableStyles", "colors", "extLst"),
)
_ORDERS: Final = {"worksheet": _WORKSHEET, "workbook": _WORKBOOK, "styleSheet": _STYLES}


def insert(root: Element, child: Element) -> None:
    """Put a child where its kind belongs, before others of the same kind."""
    order = _ORDERS[etree.QName(root).localname]
    rank = order.index(etree.QName(child).localname)
    for place, other in enumerate(root):
        if isinstance(other.tag, str) and _rank(other, order) >= rank:
            root.insert(place, child)
            return
    root.append(child)


def having(root: Element, name: str) -> Element:
    """The child of that name, made where it is missing."""
    found = root.find(space_of(root) + name)
    if found is None:
        found = etree.SubElement(root, space_of(root) + name)
        root.remove(found)
        insert(root, found)
    return found


def _rank(element: Element, order: tuple[str, ...]) -> int:
    """Its place in the order; alternatives count as what they hold, the unknown as first."""
    name = etree.QName(element).localname
    if name == "AlternateContent":
        held = (each for choice in elements(element) for each in elements(choice))
        return max((_rank(each, order) for each in held), default=-1)
    return order.index(name) if name in order else -1
