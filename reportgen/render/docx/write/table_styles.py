"""Named table styles: what most cells of a table have; cells carry only the differences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.render.docx.ir import Table
from reportgen.render.docx.source.computed_style import BoxSides, Edge
from reportgen.render.docx.write import paragraph_properties
from reportgen.render.docx.write.wordml import add_child

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from reportgen.render.docx.ir import Block, Cell

TABLE_STYLE_NAME: Final = "報表表格"


class TableLook(NamedTuple):
    """What a style gives to the cells of a table; padding is twips."""

    outer: Edge | None
    inside: Edge | None
    padding: BoxSides[int]

    def edges(self, place: CellPlace) -> BoxSides[Edge | None]:
        """Return the borders that a cell has by the style, from its place in the table."""
        sides = (place.is_top, place.is_right, place.is_bottom, place.is_left)
        return BoxSides(*(self.outer if is_outer else self.inside for is_outer in sides))


class CellPlace(NamedTuple):
    """Which sides of a cell are sides of its table."""

    is_top: bool
    is_right: bool
    is_bottom: bool
    is_left: bool


def places(table: Table) -> Iterator[tuple[Cell, CellPlace]]:
    """Yield (cell, place) for the cells of a table, row by row and from left to right.

    The parts of a merged cell are cells of their own, each with the place of its row.
    """
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            end = column + cell.span
            is_last = number == len(table.rows) - 1
            yield cell, CellPlace(number == 0, end >= len(table.columns), is_last, column == 0)
            column = end


class TableStyles:
    """The table styles of one document; every table has one."""

    def __init__(self, blocks: list[Block]) -> None:
        """Choose the look of each table, and a name for each distinct look."""
        tables = list(_all_tables(blocks))
        self._looks = {id(table): _commonest_look(table) for table in tables}
        distinct = dict.fromkeys(self._looks.values())
        self._names = {
            look: f"{TABLE_STYLE_NAME} {number}" if number > 1 else TABLE_STYLE_NAME
            for number, look in enumerate(distinct, 1)
        }

    def look(self, table: Table) -> TableLook:
        """Return what its style gives to a table; KeyError for one of another document."""
        return self._looks[id(table)]

    def style_id(self, table: Table) -> str:
        """Return the id of a table's style."""
        return self._names[self.look(table)].replace(" ", "")

    def write(self, root: Element) -> None:
        """Append the table styles to ``w:styles``, based on Word's normal table."""
        for look, name in self._names.items():
            style = add_child(root, "style", type="table", styleId=name.replace(" ", ""))
            style.set(paragraph_properties.CUSTOM, "1")
            add_child(style, "name", val=name)
            add_child(style, "basedOn", val="TableNormal")
            add_child(style, "uiPriority", val=59)
            properties = add_child(style, "tblPr")
            if look.outer or look.inside:
                borders = add_child(properties, "tblBorders")
                for side in (*paragraph_properties.SIDE_ORDER, "insideH", "insideV"):
                    edge = look.inside if side.startswith("inside") else look.outer
                    paragraph_properties.write_edge(borders, side, edge)
            margins = add_child(properties, "tblCellMar")
            for side in paragraph_properties.SIDE_ORDER:
                add_child(margins, side, w=getattr(look.padding, side), type="dxa")


def _all_tables(blocks: Iterable[Block]) -> Iterator[Table]:
    """Yield every table in document order, those within cells after the one around them."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
            for row in block.rows:
                for cell in row.cells:
                    yield from _all_tables(cell.blocks)


def _commonest_look(table: Table) -> TableLook:
    """Return the commonest outer and inner border and paddings of a table's cells.

    Of equally common ones it is the first in the table. The style of a table whose cells stand
    apart has no borders.
    """
    outer: Counter[Edge | None] = Counter()
    inside: Counter[Edge | None] = Counter()
    paddings: BoxSides[Counter[int]] = BoxSides(Counter(), Counter(), Counter(), Counter())
    for cell, place in places(table):
        for edge, is_outer in zip(cell.borders, place, strict=True):
            (outer if is_outer else inside)[edge] += 1
        for counter, padding in zip(paddings, cell.padding, strict=True):
            counter[padding] += 1
    stands_apart = bool(table.spacing) or table.borders is not None
    return TableLook(
        None if stands_apart else _commonest(outer),
        None if stands_apart else _commonest(inside),
        BoxSides(*(counter.most_common(1)[0][0] if counter else 0 for counter in paddings)),
    )


def _commonest(edges: Counter[Edge | None]) -> Edge | None:
    """Return the commonest border, or None if there is none."""
    return edges.most_common(1)[0][0] if edges else None
