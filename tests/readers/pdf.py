"""A tagged PDF → its pages, in the order of the structure tree (what a screen reader reads)."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from tests.readers import Cell, PageContent, Table, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_pages(path: Path) -> tuple[PageContent, ...]:
    """Every page's tagged content; what is not in the structure (page numbers) is left out."""
    document = pypdfium2.PdfDocument(path)
    try:
        return tuple(_page(document[number]) for number in range(len(document)))
    finally:
        document.close()


def vertical_rules(path: Path) -> tuple[tuple[float, ...], ...]:
    """For each page the horizontal places of its vertical rules, in millimetres, each once."""
    document = pypdfium2.PdfDocument(path)
    try:
        return tuple(_rules(document[number]) for number in range(len(document)))
    finally:
        document.close()


def _page(page: Any) -> PageContent:
    texts = _marked_texts(page)
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    try:
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        roots = [pdfium.FPDF_StructTree_GetChildAtIndex(tree, number) for number in range(count)]
        text = "".join(_text(root, texts) for root in roots)
        tables = tuple(_table(each, texts) for root in roots for each in _all(root, "Table"))
        return PageContent(squeeze(text), tables)
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _marked_texts(page: Any) -> dict[int, str]:
    text_page = page.get_textpage()
    texts: dict[int, str] = defaultdict(str)
    for each in page.get_objects():
        if each.type == pdfium.FPDF_PAGEOBJ_TEXT:
            mark = pdfium.FPDFPageObj_GetMarkedContentID(each)
            length = pdfium.FPDFTextObj_GetText(each, text_page, None, 0)
            buffer = ctypes.create_string_buffer(length)
            pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
            pdfium.FPDFTextObj_GetText(each, text_page, pointer, length)
            texts[mark] += buffer.raw[: length - 2].decode("utf-16-le")
    return texts


def _children(element: Any) -> Iterator[tuple[Any, int]]:
    """Child elements, and for a place that holds content of the page its mark instead."""
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield child, -1
        else:
            yield None, pdfium.FPDF_StructElement_GetChildMarkedContentID(element, number)


def _text(element: Any, texts: dict[int, str]) -> str:
    return "".join(
        _text(child, texts) if child else texts.get(mark, "") for child, mark in _children(element)
    )


def _kind(element: Any) -> str:
    buffer = ctypes.create_string_buffer(128)
    length = pdfium.FPDF_StructElement_GetType(element, buffer, 128)
    return buffer.raw[: max(0, length - 2)].decode("utf-16-le")


def _all(element: Any, kind: str) -> Iterator[Any]:
    if _kind(element) == kind:
        yield element
        return
    for child, _ in _children(element):
        if child:
            yield from _all(child, kind)


def _table(element: Any, texts: dict[int, str]) -> Table:
    return tuple(
        tuple(
            Cell(
                squeeze(_text(cell, texts)),
                _number(cell, b"RowSpan"),
                _number(cell, b"ColSpan"),
            )
            for cell, _ in _children(row)
            if cell
        )
        for row in _all(element, "TR")
    )


def _number(cell: Any, name: bytes) -> int:
    for number in range(pdfium.FPDF_StructElement_GetAttributeCount(cell)):
        attributes = pdfium.FPDF_StructElement_GetAttributeAtIndex(cell, number)
        value = pdfium.FPDF_StructElement_Attr_GetValue(attributes, name)
        found = ctypes.c_float()
        if value and pdfium.FPDF_StructElement_Attr_GetNumberValue(value, found):
            return int(found.value)
    return 1


def _rules(page: Any) -> tuple[float, ...]:
    places: list[float] = []
    for each in page.get_objects():
        if each.type == pdfium.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = each.get_bounds()
            if right - left < 4 and top - bottom > 8:
                places.append((left + right) / 2 * 25.4 / 72)
    merged: list[float] = []
    for place in sorted(places):
        if not merged or place - merged[-1] > 1.2:
            merged.append(place)
    return tuple(merged)
