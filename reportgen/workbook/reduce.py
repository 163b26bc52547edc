"""A workbook without what the program does not use, for openpyxl to read.

openpyxl builds an object from every element that it knows and stumbles over the first one that
is not as it should be: a colour, a link, a filter, the date of a document's properties. The
program needs none of them. So openpyxl is given a package that is written here: the sheets that
are read with their cells, merged areas, hidden rows and hidden columns, and of the styles the
number formats, struck text, superscripts and subscripts. All else can be broken, or missing.

Three things are put more simply, for speed. A short text stands in its cell instead of among
the shared strings. Runs of text that differ in nothing that counts are one text. Formulas are
handed on beside the package, so that openpyxl reads it once and not twice, for the results and
for the formulas.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from reportgen.workbook.places import MAX_COLUMN
from reportgen.workbook.relations import parse, relations_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import BinaryIO

    from lxml.etree import XPath
    from lxml.etree import _Element as Element

    from reportgen.workbook.package_check import Package

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_C, _F, _IS, _R, _RPR, _SI, _T, _V = (
    f"{{{_MAIN}}}{name}" for name in ("c", "f", "is", "r", "rPr", "si", "t", "v")
)
_DATA: Final = f"{{{_MAIN}}}sheetData"
_STRIKE, _RAISED = f"{{{_MAIN}}}strike", f"{{{_MAIN}}}vertAlign"
_OPEN: Final = f'<worksheet xmlns="{_MAIN}">'

# Left behind by years of copying, by the thousand: they need not even be XML.
_NAMES: Final = re.compile(rb"(?s)<((?:\w+:)?)definedNames\b[^>]*>.*?</\1definedNames\s*>")
_OTHER_SHEETS: Final = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
MAX_IN_CELL: Final = 200  # characters; a longer text stays shared by all cells that have it
_NO_FORMAT: Final = 100_000  # the number of a format that no workbook defines
_FIRST_OWN: Final = 164  # formats with lower numbers are built in

Place = tuple[int, int]  # row, column

_CELL: Final = "m:sheetData/m:row/m:c"
_NO_CELLS: Final = (  # whatever else stands where rows, cells and their contents should
    "m:sheetData/*[not(self::m:row)] | m:sheetData/m:row/*[not(self::m:c)]"
    f" | {_CELL}/*[not(self::m:v or self::m:f or self::m:is)]"
)
_NO_LOOK: Final = f"{_CELL}[@s and not(@s >= 0 and @s < $looks and floor(@s) = @s)]"
_WITH_FORMULA: Final = f"{_CELL}[m:f]"
_WITHOUT_NAME: Final = f"{_CELL}[not(string(@r))]"
_SHARED: Final = f"{_CELL}[@t='s' and m:v]"
_INLINE: Final = f"{_CELL}[@t='inlineStr' and m:is]"


class Book(NamedTuple):
    """What the workbook part tells: each sheet's name, in order, and its part.

    ``pages`` are the sheets that have cells; a chart may be a sheet, too.
    """

    sheets: dict[str, str]
    pages: frozenset[str]
    hidden: frozenset[str]
    is_1904: bool
    is_manual: bool  # formulas are calculated only when somebody asks for it
    strings: str
    styles: str


class Reduced(NamedTuple):
    """A package for openpyxl, and the formulas of each sheet."""

    package: BinaryIO
    formulas: dict[str, dict[Place, str]]


def read_book(package: Package) -> Book:
    """Return what the workbook part tells. Raises UnreadableError for what is no workbook."""
    if not package.has("_rels/.rels"):
        raise package.not_a_workbook()
    top = relations_of(package, "")
    main = next((each.target for each in top if each.kind == "officeDocument"), "")
    content = package.read_xml(main) or b""
    if b"spreadsheetml" not in content:
        raise package.not_a_workbook()
    root = parse(package, _NAMES.sub(b"", content), main)
    referred = relations_of(package, main)
    relations = {each.id: each for each in referred}
    sheets, pages, hidden = [], set(), set()
    for each in root.iterfind(f"{{{_MAIN}}}sheets/{{{_MAIN}}}sheet"):
        name, identity = each.get("name"), each.get(f"{{{_OFFICE}}}id")
        if not name or not identity:
            continue
        relation = relations.get(identity)
        sheets.append((name, relation.target if relation else ""))
        if relation is None or relation.kind not in _OTHER_SHEETS:
            pages.add(name)
        if each.get("state") in {"hidden", "veryHidden"}:
            hidden.add(name)
    if not sheets:
        raise package.not_a_workbook()
    parts = [part for _, part in sheets if part]
    if len(dict(sheets)) < len(sheets) or len(set(parts)) < len(parts):
        raise package.damaged("two sheets of one name, or one part")
    kinds = {each.kind: each.target for each in reversed(referred)}
    return Book(
        sheets=dict(sheets),
        pages=frozenset(pages),
        hidden=frozenset(hidden),
        is_1904=_is_true(_attribute(root, "workbookPr", "date1904")),
        is_manual=_attribute(root, "calcPr", "calcMode") == "manual",
        strings=kinds.get("sharedStrings", "xl/sharedStrings.xml"),
        styles=kinds.get("styles", "xl/styles.xml"),
    )


def reduce(package: Package, book: Book, pages: Mapping[str, bytes]) -> Reduced:
    """Return a package of these sheets, whose XML is given by their names.

    Raises UnreadableError, SyntaxError or ValueError where something that is needed is broken.
    """
    styles = _styles(package, book.styles)
    strings = _Strings(package, book.strings)
    formulas: dict[str, dict[Place, str]] = {}
    target = BytesIO()
    with ZipFile(target, "w") as zipped:
        for number, (name, content) in enumerate(pages.items(), 1):
            page = _Page(parse(package, content, book.sheets[name], encoding="utf-8"))
            page.reduce(package, styles, strings)
            formulas[name] = page.formulas
            zipped.writestr(f"xl/worksheets/sheet{number}.xml", page.content())
        zipped.writestr("[Content_Types].xml", _types(len(pages)))
        zipped.writestr("xl/workbook.xml", _workbook(book, pages))
        zipped.writestr("xl/_rels/workbook.xml.rels", _relations(len(pages)))
        zipped.writestr("xl/styles.xml", styles.content)
        zipped.writestr("xl/sharedStrings.xml", strings.content())
    return Reduced(target, formulas)


# --- the package --------------------------------------------------------------------


def _types(sheets: int) -> str:
    kinds = {"workbook": "sheet.main", "styles": "styles", "sharedStrings": "sharedStrings"}
    kinds |= {f"worksheets/sheet{n}": "worksheet" for n in range(1, sheets + 1)}
    parts = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_SHEET}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{parts}</Types>'


def _relations(sheets: int) -> str:
    each = "".join(
        f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _workbook(book: Book, names: Iterable[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="s{n}"'
        f' state="{"hidden" if name in book.hidden else "visible"}"/>'
        for n, name in enumerate(names, 1)
    )
    mode = "manual" if book.is_manual else "auto"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{book.is_1904:d}"/>'
        f'<sheets>{sheets}</sheets><calcPr calcMode="{mode}"/></workbook>'
    )


# --- styles -------------------------------------------------------------------------


class _Styles(NamedTuple):
    """The styles that are left, and how many looks of cells there are, or should be."""

    content: str
    looks: int
    declared: int


def _styles(package: Package, part: str) -> _Styles:
    """Return the number formats, and who of all cells has them; of its font what counts."""
    content = package.read_xml(part)
    if content is None:
        return _Styles(f'<styleSheet xmlns="{_MAIN}"/>', 0, 1)
    root = parse(package, content, part)
    codes = _codes(root)
    fonts = [_font(each) for each in root.iterfind(f"{{{_MAIN}}}fonts/{{{_MAIN}}}font")]
    kinds = {"": 0}  # the fonts that differ, each by its XML
    looks, used = [], set()
    for look in root.iterfind(f"{{{_MAIN}}}cellXfs/{{{_MAIN}}}xf"):
        number = _number(look.get("numFmtId", "0"))
        if number is None or (number >= _FIRST_OWN and number not in codes):
            number = _NO_FORMAT  # told where a number is in that format, and nowhere else
        used.add(number)
        place = _number(look.get("fontId", "0"))
        font = fonts[place] if place is not None and place < len(fonts) else ""
        looks.append(f'<xf numFmtId="{number}" fontId="{kinds.setdefault(font, len(kinds))}"/>')
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for number, code in codes.items()
        if number in used
    )
    declared = _number(_attribute(root, "cellXfs", "count") or "") or 0
    return _Styles(
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>'
        f"<fonts>{''.join(f'<font>{font}</font>' for font in kinds)}</fonts>"
        f"<cellXfs>{''.join(looks)}</cellXfs></styleSheet>",
        len(looks),
        max(declared, 1),
    )


def _codes(root: Element) -> dict[int, str]:
    """Return the workbook's own number formats by their numbers."""
    found = {}
    for each in root.iterfind(f"{{{_MAIN}}}numFmts/{{{_MAIN}}}numFmt"):
        number, code = _number(each.get("numFmtId", "")), each.get("formatCode")
        if number is not None and code is not None:
            found[number] = code
    return found


def _font(properties: Element) -> str:
    """Return what counts of a font or of a run's properties, as XML: most often nothing."""
    struck, raised = properties.find(_STRIKE), properties.find(_RAISED)
    content = ""
    if struck is not None and _is_true(struck.get("val", "1")):
        content = '<strike val="1"/>'
    if raised is not None and raised.get("val") in {"superscript", "subscript"}:
        content += f'<vertAlign val="{raised.get("val")}"/>'
    return content


# --- texts --------------------------------------------------------------------------


class _Strings:
    """The shared strings; those that cannot stand in a cell are numbered anew as they are met."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._kept: dict[int, int] = {}  # former number → new one

    @cached_property
    def _strings(self) -> list[str | tuple[str, str] | None]:
        """All of them; they are looked at when a cell has one."""
        content = self._package.read_xml(self._part)
        return [] if content is None else list(_each_string(content))

    def text(self, number: int) -> str | None:
        """Return a text for a cell; None for one that stays shared. Raises ValueError."""
        found = self._strings[number] if 0 <= number < len(self._strings) else None
        if found is None:
            raise ValueError(f"there is no shared string {number}")
        return found if isinstance(found, str) and len(found) <= MAX_IN_CELL else None

    def shared(self, number: int) -> int:
        """Return the new number of a text that stays shared."""
        return self._kept.setdefault(number, len(self._kept))

    def content(self) -> bytes:
        """Return the XML of those that stay shared."""
        kept = (self._strings[number] for number in self._kept)
        inner = "".join(
            f"<si>{found[1] if isinstance(found, tuple) else _plain(found or '')}</si>"
            for found in kept
        )
        inner = inner.replace("_x005F_", "_x005f_")  # openpyxl takes "x005F_" out of any text
        return f'<sst xmlns="{_MAIN}">{inner}</sst>'.encode()


def _each_string(content: bytes) -> Iterator[str | tuple[str, str] | None]:
    """Yield each text, or what :func:`_text` returns; None for one that is broken."""
    from lxml import etree

    found = etree.iterparse(
        BytesIO(content),
        tag=_SI,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, each in found:
        try:
            text, xml = _text(each)
        except ValueError:
            yield None
        else:
            yield (text, xml) if xml else text
        each.clear()
        parent = each.getparent()
        while parent is not None and each.getprevious() is not None:
            del parent[0]


def _text(element: Element) -> tuple[str, str]:
    """Return a text, and its runs as XML where one is struck, raised or lowered.

    Raises ValueError for an element within a text, and for two texts that are no runs.
    """
    pieces: list[str] = []
    runs: list[str] = []
    is_rich, has_text = False, False
    for each in element:
        if each.tag == _T:
            if has_text:
                raise ValueError("two texts in one")
            has_text = True
            pieces.insert(0, _only_text(each))
        elif each.tag == _R:
            text = "".join(_only_text(inner) for inner in each.iterchildren(_T))
            properties = each.find(_RPR)
            font = "" if properties is None else _font(properties)
            is_rich = is_rich or bool(font and text)
            pieces.append(text)
            runs.append(f"<r><rPr>{font}</rPr>{_plain(text)}</r>" if text else "")
    if not is_rich:
        return "".join(pieces), ""
    before = f"<r>{_plain(pieces[0])}</r>" if has_text and pieces[0] else ""
    return "".join(pieces), before + "".join(runs)


def _only_text(element: Element) -> str:
    if len(element):
        raise ValueError("an element within a text")
    return element.text or ""


def _plain(text: str) -> str:
    return f'<t xml:space="preserve">{escape(text, {chr(13): "&#13;"})}</t>'


# --- a sheet ------------------------------------------------------------------------


class _Page:
    """A sheet that is reduced to its cells, merged areas, hidden rows and hidden columns."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._added: list[str] = []
        self.formulas: dict[Place, str] = {}

    def reduce(self, package: Package, styles: _Styles, strings: _Strings) -> None:
        """Take away what is not used. Raises UnreadableError or ValueError."""
        self._keep_areas()
        self._keep_columns()
        for each in [*self._root.iterchildren(), *self._found(_NO_CELLS)]:
            parent = each.getparent()
            if parent is not None and (parent is not self._root or each.tag != _DATA):
                if any(len(cell) for cell in each.iter(_C)):
                    raise ValueError("a filled cell lies outside of every row")
                parent.remove(each)
        self._keep_rows()
        self._keep_looks(package, styles)
        self._take_formulas()
        self._put_texts(strings)

    def content(self) -> bytes:
        """Return the XML of what is left."""
        from lxml import etree

        data = [etree.tostring(each, encoding="UTF-8") for each in self._root.iterchildren(_DATA)]
        return b"".join((_OPEN.encode(), *data, "".join(self._added).encode(), b"</worksheet>"))

    def _found(self, path: str, **variables: int) -> list[Element]:
        found: Any = _compiled(path)(self._root, **variables)
        return list(found)

    def _keep_areas(self) -> None:
        places = [
            each.get("ref", "")
            for each in self._root.iterfind(f"{{{_MAIN}}}mergeCells/{{{_MAIN}}}mergeCell")
        ]
        if places:
            areas = "".join(f"<mergeCell ref={quoteattr(place)}/>" for place in places)
            self._added.append(f"<mergeCells>{areas}</mergeCells>")

    def _keep_columns(self) -> None:
        hidden = []
        for each in self._root.iterfind(f"{{{_MAIN}}}cols/{{{_MAIN}}}col"):
            if _is_hidden(each, "width"):
                first, last = _number(each.get("min", "")), _number(each.get("max", ""))
                if first and last and first <= last and first <= MAX_COLUMN:
                    hidden.append(f'<col min="{first}" max="{last}" hidden="1"/>')
        if hidden:
            self._added.append(f"<cols>{''.join(hidden)}</cols>")

    def _keep_rows(self) -> None:
        for data in self._root:
            for row in data:
                if len(row.attrib) <= ("r" in row.attrib):
                    continue
                place, hidden = row.get("r"), _is_hidden(row, "ht")
                row.attrib.clear()
                if place is not None:
                    row.set("r", place)
                if hidden:
                    row.set("hidden", "1")

    def _keep_looks(self, package: Package, styles: _Styles) -> None:
        """Let a cell whose look there is not have the first one."""
        last = max(styles.looks, 1)
        for cell in self._found(_NO_LOOK, looks=last):
            look = cell.get("s", "")
            del cell.attrib["s"]
            if last <= (_number(look) or 0) < styles.declared or not styles.looks:
                raise package.damaged(f"the style {look[:20]} of a cell is missing")

    def _take_formulas(self) -> None:
        """Keep the formulas beside; one that is shared has the text of the first that has it."""
        from openpyxl.utils.cell import coordinate_to_tuple

        cells = self._found(_WITH_FORMULA)
        if cells and self._found(_WITHOUT_NAME):
            self._name_cells()
        shared: dict[str | None, str] = {}
        for cell in cells:
            formula = cell.find(_F)
            assert formula is not None
            text = "".join(map(str, formula.itertext()))
            if formula.get("t") == "shared":
                text = shared.setdefault(formula.get("si"), text)
            place: Place = coordinate_to_tuple(cell.get("r", ""))
            self.formulas[place] = f"={text}"
            for each in cell.findall(_F):
                cell.remove(each)

    def _name_cells(self) -> None:
        """Give each cell without a name that of the place that it has, as openpyxl counts."""
        from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

        row_number = 0
        for data in self._root:
            for row in data:
                column = 0
                given = row.get("r")
                row_number = row_number + 1 if given is None else int(float(given))
                for cell in row:
                    name = cell.get("r")
                    if name:
                        column = coordinate_to_tuple(name)[1]
                    else:
                        column += 1
                        cell.set("r", f"{get_column_letter(column)}{row_number}")

    def _put_texts(self, strings: _Strings) -> None:
        for cell in self._found(_SHARED):
            value = cell.find(_V)
            if value is not None and value.text:
                number = int(value.text)
                text = strings.text(number)
                if text is not None:
                    cell.set("t", "str")
                value.text = str(strings.shared(number)) if text is None else text
        for cell in self._found(_INLINE):
            inner = cell.find(_IS)
            assert inner is not None
            text, xml = _text(inner)
            cell.set("t", "inlineStr" if xml else "str")
            _fill(cell, xml, text)


def _fill(cell: Element, xml: str, text: str) -> None:
    """Give a cell its text, by its runs or plainly."""
    from lxml import etree

    del cell[:]
    if xml:
        cell.append(etree.fromstring(f'<is xmlns="{_MAIN}">{xml}</is>'))
    else:
        etree.SubElement(cell, _V).text = text


@cache
def _compiled(path: str) -> XPath:
    from lxml import etree

    return etree.XPath(path, namespaces={"m": _MAIN})


# --- what an attribute says ---------------------------------------------------------


def _attribute(root: Element, name: str, attribute: str) -> str:
    """Return an attribute of a child; nothing where there is no such child, or attribute."""
    found = root.find(f"{{{_MAIN}}}{name}")
    return "" if found is None else found.get(attribute, "")


def _is_true(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "on", "t"}


def _number(text: str) -> int | None:
    """Return a whole number from 0 to a million; None for what is none."""
    try:
        number = int(text)
    except ValueError:
        return None
    return number if 0 <= number < 1_000_000 else None


def _is_hidden(element: Element, size: str) -> bool:
    """Return whether a row or a column is hidden, or has no height or width."""
    if _is_true(element.get("hidden", "")):
        return True
    try:
        return float(element.get(size) or 1) == 0
    except ValueError:
        return False
