"""Page content: pages of a table that lack its rows, or its title and column headings.

Both come from text that is too high for a page: rows that find no room below what is repeated on
every page, or content that nothing can distribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from weasyprint.formatting_structure import boxes

from reportgen.problems import Location, Problem, make_problem
from reportgen.render.docx.source.box_tree import all_text
from reportgen.render.layout.laid_out_document import walk
from reportgen.render.layout.pagination import is_page, tables_of
from reportgen.render.templates.source_locations import MAIN_FILE
from reportgen.render.verify.text_visibility import cell_of, shorten, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from reportgen.model.scorecard import Text
    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box


def examine_pages(layout: Layout, texts: Iterable[Text], folder: Path) -> tuple[Problem, ...]:
    """Return E421 for a section whose first page has no rows, W422 for each page without headings.

    Both are of sections of class ``page`` that were broken over pages: one that was distributed is
    a section on each page. E421 names the cell of the longest text that is repeated above the rows.
    ``texts`` are the workbook's, with their cells; ``folder`` is the template's.
    """
    sections: dict[Element, dict[int, Box]] = {}
    rows_by_page: dict[int, set[Element]] = {}
    for number, page in enumerate(layout.document.pages, 1):
        for box in walk(page._page_box):
            element = box.element
            if element is None:
                continue
            if isinstance(box, boxes.TableRowBox):
                rows_by_page.setdefault(number, set()).add(element)
            elif isinstance(box, boxes.BlockBox) and is_page(element):
                sections.setdefault(element, {}).setdefault(number, box)
    cells = [(strip_invisible(text.text), text) for text in texts]
    problems: list[Problem] = []
    for section, parts in sections.items():
        rows = _distributed_rows(section)
        if not rows or len(parts) == 1:
            continue
        first_page, *later_pages = parts
        if not rows & rows_by_page.get(first_page, set()):
            problems.append(_no_room_problem(section, first_page, cells, folder))
            continue
        where = Location(file=str(folder / MAIN_FILE))
        problems += (
            make_problem("W422", where, page=page, found=_box_excerpt(parts[page]))
            for page in later_pages
        )
    return tuple(problems)


def _distributed_rows(section: Element) -> set[Element]:
    """Return the body rows of a section's last table, empty if it has no table."""
    tables = list(tables_of(section))
    return {row for body in tables[-1].iterfind("tbody") for row in body} if tables else set()


def _no_room_problem(
    section: Element, page: int, cells: list[tuple[str, Text]], folder: Path
) -> Problem:
    """Return E421 for a page without rows, at the cell of the longest repeated text.

    It is at the main file of the template if no repeated text is from a cell.
    """
    repeated = sorted(_repeated_texts(section), key=len, reverse=True)
    for text in repeated:
        if (where := cell_of(text, cells)) is not None:
            break
    else:
        text, where = (repeated or [""])[0], Location(file=str(folder / MAIN_FILE))
    return make_problem("E421", where, page=page, found=shorten(text))


def _repeated_texts(section: Element) -> Iterator[str]:
    """Yield the texts of paragraphs and cells that every page of a section repeats.

    They are all but the rows of its last table, without white space, in document order.
    """
    last_table = list(tables_of(section))[-1]
    stack = [section]
    while stack:
        element = stack.pop()
        if element in set(last_table.iterfind("tbody")):
            continue
        if element.tag in ("p", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6", "caption"):
            if text := strip_invisible("".join(element.itertext())):
                yield text
        else:
            stack += reversed(element)


def _box_excerpt(part: Box) -> str:
    """Return the beginning of the text in a box, without white space."""
    return shorten(strip_invisible(all_text(part)))
