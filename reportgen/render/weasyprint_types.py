"""Protocols for the parts of WeasyPrint 70.0 that rendering touches; WeasyPrint ships no types.

For annotations only: import them under ``TYPE_CHECKING``. Lengths are CSS pixels; those of a box
are used values, which it has only after layout. WeasyPrint's box classes differ in their
attributes, and so do tinycss2's nodes; one protocol holds those of all, with comments on whose
they are, since neither ``isinstance`` with an untyped class nor ``type`` can narrow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

CssValue: TypeAlias = Any  # a keyword, a number, a length, a colour, a tuple of these …
Specificity: TypeAlias = "tuple[int, int, int]"
Declarations: TypeAlias = "Iterable[tuple[str, CssValue, bool]]"  # name, value, importance
# Cascaded values by name, each with its weight: precedence, layer, specificity.
Cascaded: TypeAlias = "dict[str, tuple[CssValue, tuple[object, ...]]]"
# The sheets of a document, each with its origin and the specificity of all its rules, if fixed.
Sheets: TypeAlias = "Sequence[tuple[CSS, str, Specificity | None]]"
# A rule that matches an element: origin, specificity, pseudo-element, declarations, layer.
MatchedRule: TypeAlias = "tuple[str, Specificity, str | None, Declarations, float]"
# A segment of collapsed borders: its weight in conflicts, and style, width and colour.
BorderSegment: TypeAlias = "tuple[tuple[int, float, int], tuple[str, float, Color]]"
# The vertical segments by row and column line, and the horizontal ones by row line and column.
CollapsedBorders: TypeAlias = "tuple[list[list[BorderSegment]], list[list[BorderSegment]]]"
SkipStack: TypeAlias = "Mapping[int, SkipStack | None]"  # where layout continues in a tree of boxes


class LayoutOptions(TypedDict):
    """The arguments of a layout other than its HTML."""

    base_url: str
    fetcher: URLFetcher
    fonts: FontConfiguration


class Style(Protocol):
    """A computed style: property name with underscores → computed value."""

    font_config: FontConfiguration

    def __getitem__(self, name: str, /) -> CssValue:
        """Return a computed value."""

    def copy(self) -> dict[str, CssValue]:
        """Return a copy, whose values may be changed."""


class StyleFor(Protocol):
    """The computed styles of a document (``weasyprint.css.StyleFor``)."""

    _cascaded_styles: dict[tuple[Element, str | None], Cascaded]
    _computed_styles: dict[tuple[Element, str | None], Style]
    _sheets: Sheets

    def __call__(self, element: Element, pseudo_type: str | None = None) -> Style | None:
        """Return the style of an element or pseudo-element, or None if it has none."""

    def set_computed_styles(self, element: Element, **options: object) -> None:
        """Compute the style of an element or pseudo-element."""


# By element and pseudo-element.
ComputedStyles: TypeAlias = "Mapping[tuple[Element, str | None], Style]"


class Color(Protocol):
    """A colour of tinycss2."""

    space: str
    coordinates: tuple[float | None, float | None, float | None]
    alpha: float

    def to(self, space: str) -> Color:
        """Return the colour in another space; raises NotImplementedError for some."""


class CssNode(Protocol):
    """A rule, declaration or token of tinycss2; which attributes it has depends on ``type``."""

    type: str
    source_line: int
    prelude: Sequence[CssNode]  # of rules
    content: Sequence[CssNode]  # of rules and blocks; None for an at-rule without a block
    lower_at_keyword: str  # of at-rules
    value: Any  # of declarations and tokens
    name: str  # of declarations, as written
    lower_name: str  # of declarations and functions
    arguments: Sequence[CssNode]  # of functions
    lower_value: str  # of identifiers
    lower_unit: str  # of dimensions

    def __eq__(self, other: object, /) -> bool:
        """Return whether it is the same node or, of a literal, the same text."""

    def __hash__(self) -> int:
        """Return a hash value."""


class Box(Protocol):
    """A box of the formatting structure, before or after layout."""

    element: Any  # an Element; None for the boxes of margins
    element_tag: str  # with ``::before`` and the like
    style: Style
    children: Sequence[Box]  # only of boxes that have any
    is_table_wrapper: bool
    is_outside_marker: bool
    footnote: Box | None
    note: object
    link: tuple[str, tuple[str, str]] | None
    first_letter_style: Style | None
    first_line_style: Style | None
    bookmark_label: str | None
    remove_decoration_sides: set[str]
    background: object

    text: str  # of text boxes
    colspan: int
    rowspan: int
    grid_x: int  # of cells and columns: the first column
    content_height: float  # of cells
    mark: Any  # of cells in a tagged PDF: their structure element
    is_header: bool  # of row groups
    is_footer: bool
    span: int  # of column groups
    get_cells: Callable[[], Sequence[Box]]  # of columns
    column_groups: Sequence[Box]  # of tables
    collapsed_border_grid: CollapsedBorders  # of tables

    position_x: float
    position_y: float
    width: float
    height: float
    margin_left: float
    margin_right: float
    margin_top: float
    padding_left: float
    padding_right: float
    padding_top: float
    padding_bottom: float
    border_left_width: float
    border_right_width: float
    border_top_width: float
    border_bottom_width: float

    def all_children(self) -> Sequence[Box]:
        """Return the children and, of a table, its column groups."""

    def descendants(self, placeholders: bool = False) -> Iterator[Box]:
        """Yield the box and all that is in it."""

    def translate(self, dx: float = 0, dy: float = 0) -> None:
        """Move the box and all that is in it."""

    def copy(self) -> Self:
        """Return a shallow copy."""

    def copy_with_children(self, new_children: Sequence[Box]) -> Self:
        """Return a shallow copy with other children."""

    def content_box_x(self) -> float:
        """Return the left edge of the content."""

    def content_box_y(self) -> float:
        """Return the top edge of the content."""

    def padding_box_x(self) -> float:
        """Return the left edge within the border."""

    def padding_box_y(self) -> float:
        """Return the top edge within the border."""

    def padding_width(self) -> float:
        """Return the width within the border."""

    def padding_height(self) -> float:
        """Return the height within the border."""

    def border_box_y(self) -> float:
        """Return the top edge of the border."""

    def border_height(self) -> float:
        """Return the height with the border."""

    def margin_width(self) -> float:
        """Return the width with the margins."""

    def margin_height(self) -> float:
        """Return the height with the margins."""

    def hit_area(self) -> tuple[float, float, float, float]:
        """Return left, top, width and height with the border."""


class PageBox(Box, Protocol):
    """A page: its first child is the root element's box, the others are margin boxes."""

    page_type: PageType
    children: tuple[Box, ...]


class PageType(Protocol):
    """The properties of a page that page selectors match on."""

    blank: bool
    name: str
    index: int


class LayoutContext(Protocol):
    """The state of one layout (``weasyprint.layout.LayoutContext``)."""

    current_page: int
    excluded_shapes: Sequence[object]
    get_image_from_uri: Callable[..., object]


# State of the page counters after a page: quote depth, values, scopes, footnotes.
PageState: TypeAlias = "tuple[list[int], dict[str, list[int]], list[set[str]], list[object]]"
