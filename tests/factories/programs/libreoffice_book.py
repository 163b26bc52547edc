"""Save a book with LibreOffice: ``python libreoffice_book.py SOURCE FILE [OPTION…]``.

SOURCE is a book in JSON, which is handed over as flat ODS, or a spreadsheet of another program.
``filter=NAME`` an export filter, by its name; ``by=ENDING`` saved so before; ``locale=de-DE``
the locale of the user;
``odf=4`` version 1.2 of ODF, 3 the newest, as LibreOffice counts them;
``recalculated=0`` workbooks of Excel are calculated on loading, whatever their formulas' results.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

_SPACES: Final = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("number", "datastyle"),
        )
    )
    + ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
)
_STYLES: Final = """<office:automatic-styles>
<number:percentage-style style:name="N1"><number:number number:decimal-places="2"
 number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:number-style style:name="N2"><number:number number:decimal-places="0"
 number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:date-style style:name="N3"><number:year number:style="long"/><number:text>/</number:text>
<number:month/><number:text>/</number:text><number:day/></number:date-style>
<style:style style:name="percent" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="thousands" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="day" style:family="table-cell" style:data-style-name="N3"/>
</office:automatic-styles>"""
_PROFILE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>{locale}</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/ODF"><prop oor:name="DefaultVersion"
 oor:op="fuse"><value>{odf}</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>{recalculated}</value></prop></item>
</oor:items>"""


def main(source: str, target: str, *options: str) -> None:
    """Save one workbook."""
    wanted = dict(option.split("=", 1) for option in options)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        profile = folder / "profile" / "user" / "registrymodifications.xcu"
        profile.parent.mkdir(parents=True)
        locale, odf = wanted.get("locale", "zh-TW"), wanted.get("odf", "3")
        how = {"locale": locale, "odf": odf, "recalculated": wanted.get("recalculated", "1")}
        profile.write_text(_PROFILE.format(**how), "utf-8")
        document = Path(source)
        if document.suffix == ".json":
            document = folder / "book.fods"
            document.write_text(flat(json.loads(Path(source).read_text("utf-8"))), "utf-8")
        if "by" in wanted:
            document = _convert(document, folder, "before", wanted["by"])
        ending = Path(target).suffix[1:]
        kind = f"{ending}:{wanted['filter']}" if "filter" in wanted else ending
        shutil.copy(_convert(document, folder, "made", kind), target)


def _convert(document: Path, folder: Path, name: str, kind: str) -> Path:
    profile = (folder / "profile").as_uri()
    given = ["--headless", "--convert-to", kind, "--outdir", str(folder / name), str(document)]
    command = ["soffice", f"-env:UserInstallation={profile}", *given]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / name / f"{document.stem}.{kind.partition(':')[0]}"


def flat(book: dict[str, Any]) -> str:
    """Return the book as a flat OpenDocument spreadsheet."""
    tables = "".join(map(_table, book["sheets"]))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_SPACES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f"{_STYLES}<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document>"
    )


def _table(page: dict[str, Any]) -> str:
    rows = []
    for number, row in enumerate(page["rows"], start=1):
        hidden = ' table:visibility="collapse"' if number in page["hidden_rows"] else ""
        spans = len(page["rows"][page["heading"] - 1]) if page["merged"] and number == 1 else 1
        cells = [_cell(cell, spans) for cell in row] or ["<table:table-cell/>"]
        rows.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    body = "".join(rows) or "<table:table-row><table:table-cell/></table:table-row>"
    return f"<table:table table:name={quoteattr(page['name'])}>{body}</table:table>"


def _cell(cell: dict[str, Any] | None, spans: int) -> str:
    if cell is None:
        return "<table:table-cell/>"
    look = cell.get("format", "")
    given = {"table:number-columns-spanned": str(spans)} if spans > 1 else {}
    if "day" in cell:
        given |= {"office:value-type": "date", "office:date-value": cell["day"]}
        given |= {"table:style-name": "day"}
    elif "number" in cell:
        kind = "percentage" if "%" in look else "float"
        given |= {"office:value-type": kind, "office:value": cell["number"]}
        given |= {"table:style-name": "percent" if "%" in look else "thousands"} if look else {}
    else:
        given |= {"office:value-type": "string"}
    if "formula" in cell:
        open_formula = re.sub(r"'([^']+)'!(\w+):(\w+)", r"[$'\1'.\2:.\3]", cell["formula"])
        given |= {"table:formula": f"of:={open_formula}"}
    text = "".join(cell["runs"]) if "runs" in cell else cell.get("text", "")
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n") if text)
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in given.items())
    return f"<table:table-cell{attributes}>{lines}</table:table-cell>"


if __name__ == "__main__":
    main(*sys.argv[1:])
