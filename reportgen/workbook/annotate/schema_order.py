"""The order of elements by the schema, on which Excel insists.

Rules: ECMA-376 part 1, 18.3.1.99 (worksheet), 18.2.27 (workbook), 18.8.39 (styleSheet).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.workbook.annotate.opc_package import elements, namespace_of

if TYPE_CHECKING:
    from reportgen.workbook.annotate.opc_package import Element

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


def insert_in_schema_order(root: Element, child: Element) -> None:
    """Insert a child at its position in the schema, before others of the same name.

    Raises KeyError for a root, ValueError for a child, whose order is not listed here.
    """
    order = _ORDERS[etree.QName(root).localname]
    rank = order.index(etree.QName(child).localname)
    for position, other in enumerate(root):
        if isinstance(other.tag, str) and _rank(other, order) >= rank:
            root.insert(position, child)
            return
    root.append(child)


def find_or_insert(root: Element, name: str) -> Element:
    """Return the child of that name, inserted at its place in the schema if missing."""
    child = root.find(namespace_of(root) + name)
    if child is None:
        child = etree.SubElement(root, namespace_of(root) + name)
        root.remove(child)
        insert_in_schema_order(root, child)
    return child


def _rank(element: Element, order: tuple[str, ...]) -> int:
    """Return the position in the schema, or -1 for an unknown element.

    An ``AlternateContent`` counts as its content.
    """
    name = etree.QName(element).localname
    if name == "AlternateContent":
        alternatives = (child for choice in elements(element) for child in elements(choice))
        return max((_rank(child, order) for child in alternatives), default=-1)
    return order.index(name) if name in order else -1
