"""LibreOffice Calc as a colleague: it calculates workbooks, takes contents, and saves them.

What is filled in goes through Calc's own flat format, so that the workbook which comes out
has been written by another program altogether, shared texts, styles and values included.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from copy import deepcopy
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.workbook.schema.cell_refs import parse_cell_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Table = list[tuple[str, ...]]
Contents = dict[tuple[str, str], str | float]  # by sheet and cell

_EXCEL: Final = "xlsx:Calc MS Excel 2007 XML"
# Commas, quotes, UTF-8, from the first line on; contents, not their looks; each sheet a file.
_CSV: Final = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ROWS, _COLUMNS = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"


def calculated(workbooks: Sequence[Path], sheet: str, folder: Path) -> list[Table]:
    """A sheet of each workbook as Calc calculates it, in the same order."""
    made = _convert(workbooks, folder / "calculated", _CSV, f"-{sheet}")
    texts = (io.StringIO(file.read_bytes().decode(), newline="") for file in made)
    return [[tuple(row) for row in csv.reader(text)] for text in texts]


def filled(workbooks: Mapping[Path, Contents], folder: Path) -> list[Path]:
    """The workbooks after these contents have been put in by Calc, calculated and saved."""
    flat = _convert(list(workbooks), folder / "flat", "fods")
    for file, contents in zip(flat, workbooks.values(), strict=True):
        document = etree.parse(file)
        for (sheet, cell), content in contents.items():
            _put(_cell(document, sheet, cell), content)
        for formula in document.iterfind(f".//{_TABLE}table-cell[@{_TABLE}formula]"):
            _put(formula, None)
        document.write(file, xml_declaration=True, encoding="UTF-8")
    return _convert(flat, folder / "filled", _EXCEL)


def saved(workbooks: Sequence[Path], folder: Path, form: str) -> list[Path]:
    """The workbooks as Calc saves them in that form, in the same order."""
    return _convert(workbooks, folder / "saved", form)


def _convert(files: Sequence[Path], folder: Path, form: str, ending: str = "") -> list[Path]:
    program = shutil.which("soffice")
    assert program, "LibreOffice is not installed: `make test` installs it"
    profile = (folder.parent / "profile").as_uri()
    arguments = ["--headless", "--convert-to", form, "--outdir", str(folder), *map(str, files)]
    subprocess.run(
        [program, f"-env:UserInstallation={profile}", *arguments],
        check=True,
        capture_output=True,
        timeout=900,  # a hang, on a machine that has much else to do
    )
    made = [folder / f"{file.stem}{ending}.{form.partition(':')[0]}" for file in files]
    assert [file.name for file in made if not file.is_file()] == []
    return made


def _cell(document: etree._ElementTree, sheet: str, name: str) -> etree._Element:
    found = document.find(f".//{_TABLE}table[@{_TABLE}name='{sheet}']")
    assert found is not None, sheet
    row, column = parse_cell_name(name)
    place = _single(list(found.iter(f"{_TABLE}table-row")), row, _ROWS)
    cells = [each for each in place if each.tag.endswith("table-cell")]
    return _single(cells, column, _COLUMNS)


def _single(elements: list[etree._Element], number: int, repeated: str) -> etree._Element:
    """The element with that number, parted from those that it stands for besides."""
    first = 1
    for element in elements:
        count = int(element.get(repeated, "1"))
        if first <= number < first + count:
            for before in range(2):
                rest = number - first if not before else first + count - number - 1
                if rest:
                    copy = deepcopy(element)
                    copy.set(repeated, str(rest))
                    element.addnext(copy) if before else element.addprevious(copy)
            if repeated in element.attrib:
                del element.attrib[repeated]
            return element
        first += count
    raise AssertionError(f"no element {number}")


def _put(cell: etree._Element, content: str | float | None) -> None:
    """Set a content; None takes the result from a formula, so that it is calculated again."""
    kept = ("style-name", "content-validation-name", *(["formula"] if content is None else []))
    for name in list(cell.attrib):
        if not str(name).endswith((*kept, "repeated")):
            del cell.attrib[name]
    cell[:] = []
    if content is None:
        return
    if isinstance(content, str):
        cell.set(f"{_OFFICE}value-type", "string")
        for line in content.split("\n"):
            etree.SubElement(cell, f"{_TEXT}p").text = line
    else:
        cell.set(f"{_OFFICE}value-type", "float")
        cell.set(f"{_OFFICE}value", repr(content))
