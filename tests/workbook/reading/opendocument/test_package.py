"""The hostile and broken files of ``tests.factories.bad.files`` as .ods.

Those without a form in OpenDocument, and why:

* a CSV, a web page, a PDF and whatever else is no zip: the same file, whatever it is called;
* Strict Open XML, a chart's own sheet, shared strings, styles by number, cells that name their
  place, two cells of one place, a dimension that lies: OpenDocument has none of these. A cell is
  where it stands, and its text stands in it;
* a part that nobody names (``no list of parts``, ``no relations``): parts have fixed names;
* links and defined names without end: neither is read, and neither makes a cell.
"""

from __future__ import annotations

import random
import sys
import time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from reportgen.workbook import read_bytes
from tests.factories.bad import files
from tests.factories.open_documents import (
    MIMETYPE,
    NAMES,
    content_xml,
    of_sheets,
    packed,
    sample_content,
    sample_ods,
)
from tests.factories.workbooks import places, sample_bytes
from tests.readers.resource_usage import reading_cost

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

END = "</office:spreadsheet>"
FULL = '<table:table-cell office:value-type="float" office:value="1"/>'


def noise(length: int) -> str:
    return f"<!--{random.Random(1).randbytes(length).hex()}-->"


def sheet(rows: str, before: str = "") -> bytes:
    """An .ods of which 構面 has other rows."""
    return of_sheets(f'<table:table table:name="構面">{before}{rows}</table:table>')


def row(cells: str = FULL, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def text_cell(inner: str) -> str:
    return f"<table:table-cell><text:p>{inner}</text:p></table:table-cell>"


def with_sheet(change: Callable[[str], str]) -> bytes:
    return packed({"content.xml": change(sample_content())})


def more(**parts: bytes) -> bytes:
    """The sample with further parts."""
    content: dict[str, bytes | str | None] = {"content.xml": sample_content()}
    return packed(content | {name.replace("__", "/"): each for name, each in parts.items()})


def encrypted() -> bytes:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        "</manifest:file-entry></manifest:manifest>"
    )
    return packed({"META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x01" * 500})


def encrypted_as_a_whole() -> bytes:
    """As LibreOffice 24.8 and later save with a password."""
    manifest = '<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry>'
    told = f"{manifest}</m:manifest>"
    return packed({"META-INF/manifest.xml": told, "encrypted-package": b"\x8f" * 99})


def locked_zip() -> bytes:
    content = bytearray(sample_ods())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(mark) + offset] |= 1
    return bytes(content)


def twice() -> bytes:
    target = BytesIO(sample_ods())
    with ZipFile(target, "a", ZIP_DEFLATED) as package:
        package.writestr("Content.xml", sample_content())
    return target.getvalue()


def both() -> bytes:
    target = BytesIO(sample_bytes())
    with ZipFile(target, "a", ZIP_DEFLATED) as package:
        package.writestr("mimetype", MIMETYPE)
        package.writestr("content.xml", sample_content())
    return target.getvalue()


def with_type(entities: str, encoding: str = "utf-8") -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{entities}{content_xml("")}'
    return packed({"content.xml": text.encode(encoding)})


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
MANY = 'table:number-rows-repeated="1048576"'
WIDE = 'table:number-columns-repeated="16384"'

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a password": (encrypted, "E131"),
    "a password on all": (encrypted_as_a_whole, "E131"),
    "a password on the zip": (locked_zip, "E131"),
    "cut at 10 %": (lambda: sample_ods()[: len(sample_ods()) // 10], "E132"),
    "cut at 90 %": (lambda: sample_ods()[: len(sample_ods()) * 9 // 10], "E132"),
    "a byte short": (lambda: sample_ods()[:-1], "E132"),
    "something before it": (lambda: b"\n" + sample_ods(), "E130"),
    "two parts of one name": (twice, "E132"),
    "a workbook of each kind": (both, "E132"),
    "a text that is called a spreadsheet": (
        lambda: packed({"mimetype": MIMETYPE.replace("spreadsheet", "text")}),
        "E130",
    ),
    "entities": (lambda: with_type(ENTITIES), "E133"),
    "external entities": (lambda: with_type(EXTERNAL), "E133"),
    "entities in UTF-16": (lambda: with_type(ENTITIES, "utf-16"), "E133"),
    "entities in UTF-32": (lambda: with_type(ENTITIES, "utf-32"), "E132"),
    "entities in UTF-7": (
        lambda: packed(
            {"content.xml": b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE x>'}
        ),
        "E132",
    ),
    "entities in the styles": (
        lambda: more(**{"styles.xml": f"{ENTITIES}<x>&b;</x>".encode()}),
        "E133",
    ),
    "an entity that nobody declared": (lambda: sheet(row(f"{FULL}&a;")), "E132"),
    "no content": (lambda: packed({}), "E132"),
    "an empty content": (lambda: packed({"content.xml": b""}), "E132"),
    "XML cut off": (lambda: packed({"content.xml": sample_content()[:9000]}), "E132"),
    "XML cut off in the styles": (lambda: more(**{"styles.xml": b"<x"}), "E132"),
    "no sheet": (lambda: of_sheets(""), "E130"),
    "a control character in XML": (lambda: sheet(row("<text:p>\x01</text:p>")), "E132"),
    "a surrogate in XML": (lambda: sheet(row("<text:p>&#xD842;</text:p>")), "E132"),
    "two sheets of one name": (
        lambda: of_sheets('<table:table table:name="構面"/>' * 2),
        "E132",
    ),
    "a number that is none": (
        lambda: sheet(row('<table:table-cell office:value-type="float" office:value="十"/>')),
        "E132",
    ),
    "no number as a number": (
        lambda: sheet(row('<table:table-cell office:value-type="float" office:value="NaN"/>')),
        "E132",
    ),
    "a date that is none": (
        lambda: sheet(row('<table:table-cell office:value-type="date" office:date-value="昨"/>')),
        "E132",
    ),
    "a time that is none": (
        lambda: sheet(row('<table:table-cell office:value-type="time" office:time-value="3"/>')),
        "E132",
    ),
    "a null date that is none": (
        lambda: of_sheets("", before='<table:null-date table:date-value="x"/>'),
        "E132",
    ),
    "a cell outside of every sheet": (
        lambda: sheet(row(f"<table:table-cell {WIDE}/>{FULL}")),
        "E132",
    ),
    "a row outside of every sheet": (
        lambda: sheet(row("<table:table-cell/>", MANY) + row()),
        "E132",
    ),
    "a count that is none": (
        lambda: sheet(row(attributes='table:number-rows-repeated="x"')),
        "E133",
    ),
    "a count below zero": (
        lambda: sheet(row(attributes='table:number-rows-repeated="-1"')),
        "E133",
    ),
    "a count without end": (
        lambda: sheet(row(attributes=f'table:number-rows-repeated="1{"0" * 5000}"')),
        "E133",
    ),
    "a row repeated a million times": (lambda: sheet(row(attributes=MANY)), "E133"),
    "a cell repeated over rows and columns": (
        lambda: sheet(
            row(FULL.replace("/>", f" {WIDE}/>"), 'table:number-rows-repeated="1000"')
        ),
        "E133",
    ),
    "rows repeated again and again": (
        lambda: sheet(row(attributes='table:number-rows-repeated="9999"') * 11),
        "E133",
    ),
    "a merged area without end": (
        lambda: sheet(
            row(
                '<table:table-cell table:number-columns-spanned="16384" '
                'table:number-rows-spanned="1048576"/>'
            )
        ),
        "E133",
    ),
    "a whole column merged": (
        lambda: sheet(row('<table:table-cell table:number-rows-spanned="1048576"/>')),
        "E133",
    ),
    "a thousand merged areas": (
        lambda: sheet(
            row(
                '<table:table-cell table:number-columns-spanned="2"/>',
                'table:number-rows-repeated="1001"',
            )
        ),
        "E133",
    ),
    "spaces without end": (
        lambda: sheet(row(text_cell('<text:s text:c="999999999"/>'))),
        "E133",
    ),
    "too many cells": (
        lambda: sheet(row("<table:table-cell/>" * 500) * 401, noise(100_000)),
        "E133",
    ),
    "rows without end": (lambda: sheet(row("") * 100_001, noise(50_000)), "E133"),
    "elements without end in each other": (
        lambda: sheet(row("<text:span>" * 300 + "</text:span>" * 300)),
        "E132",
    ),
    "unpacks to 120 MB": (lambda: more(**{"Pictures__1.png": bytes(120_000_000)}), "E133"),
    "packs too well": (lambda: more(**{"Pictures__1.png": bytes(2_000_000)}), "E133"),
    "6,000 parts": (lambda: more(**{f"Pictures__{n}.png": b"" for n in range(6_000)}), "E133"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_broken_or_hostile_is_refused(name: str) -> None:
    make, code = REFUSED[name]
    content = make()
    start = time.process_time()
    scorecard, problems = read_bytes(content, file="105-12-25.ods")
    assert time.process_time() - start < 5
    assert scorecard is None
    assert [each.code for each in problems] == [code]
    for language in ("zh-TW", "en"):
        assert "\n" not in problems[0].line(language)


ACCEPTED: dict[str, tuple[Callable[[], bytes], list[tuple[str, str, str]]]] = {
    "no manifest": (
        lambda: packed({"META-INF/manifest.xml": None, "content.xml": sample_content()}),
        [],
    ),
    "no mimetype": (lambda: packed({"mimetype": None, "content.xml": sample_content()}), []),
    "a mimetype with a line's end": (
        lambda: packed({"mimetype": f"{MIMETYPE}\n", "content.xml": sample_content()}),
        [],
    ),
    "something behind it": (lambda: sample_ods() + b"\n", []),
    "an unread sheet of anything": (
        lambda: with_sheet(
            lambda text: text.replace(
                END,
                f'<table:table table:name="紀錄">{row(attributes=MANY)}</table:table>{END}',
            )
        ),
        [("N151", "紀錄", "")],
    ),
    "macros": (lambda: more(Basic__Standard__Module1_xml=b"x"), [("N156", "", "")]),
    "a folder for macros": (lambda: more(**{"Basic/": b""}), []),
    "a part that leads out": (lambda: more(**{"../../evil.txt": b"x"}), [("N142", "", "")]),
    "a part on another drive": (lambda: more(**{"C:\\evil.txt": b"x"}), [("N142", "", "")]),
    "blank rows to the end": (
        lambda: with_sheet(
            lambda text: text.replace(
                "</table:table>",
                row(f"<table:table-cell {WIDE}/>", MANY) + "</table:table>",
            )
        ),
        [],
    ),
    "64,000 styles": (
        lambda: with_sheet(
            lambda text: text.replace(
                "</office:automatic-styles>",
                "".join(
                    f'<style:style style:name="s{n}" style:family="table-cell" '
                    f'style:parent-style-name="s{n - 1}"/>'
                    for n in range(64_000)
                )
                + "</office:automatic-styles>",
            )
        ),
        [],
    ),
    "5,000 looks of columns": (
        lambda: with_sheet(
            lambda text: text.replace(
                '<table:table table:name="構面">',
                '<table:table table:name="構面">'
                + f"<table:table-column {WIDE}/>" * 5_000,
            )
        ),
        [],
    ),
    "settings of another kind": (
        lambda: more(**{"settings.xml": f"<office:document-settings {NAMES}/>".encode()}),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_does_not_matter_is_borne(name: str) -> None:
    make, told = ACCEPTED[name]
    content = make()
    start = time.process_time()
    scorecard, problems = read_bytes(content, file="105-12-25.ods")
    assert time.process_time() - start < 5
    assert scorecard == read_bytes(sample_ods())[0]
    assert places(problems) == told


ANYTHING = "no package: what a file is that is no zip does not depend on its name"
OF_OPEN_XML = "a part that OpenDocument does not have"
FLIPPED = "any byte is flipped by test_no_flipped_byte_raises"
# The cases of tests.factories.bad.files that have no form of that name here, and why.
OTHERWISE = {
    **dict.fromkeys(
        (
            *("nothing", "zeros", "noise", "a CSV in UTF-8", "a CSV in Big5", "a CSV in UTF-16"),
            *("a web page", "an XML spreadsheet of 2003", "a PDF", "an old .xls"),
            *("a Word file", "a presentation", "a binary .xlsb", "a zip of workbooks"),
            "a lock file of Excel",
        ),
        ANYTHING,
    ),
    **dict.fromkeys(
        (
            *("no list of parts", "no relations", "no relations of the workbook", "no theme"),
            *("no shared strings", "a string beyond the last", "Strict Open XML"),
            *("no dimension", "a dimension that lies"),
        ),
        OF_OPEN_XML,
    ),
    "a bit flipped in a sheet": FLIPPED,
    "a bit flipped that nobody reads": FLIPPED,
    "a part's name damaged": FLIPPED,
    "an OpenDocument": "a text that is called a spreadsheet",
    "no workbook": "no content",
    "no styles": "no styles.xml is none of the parts that must be there",
    "an unread sheet missing": "all sheets are in one part: an unread sheet of anything",
    "a sheet that is empty": "an empty content",
    "two cells of one place": "cells do not tell their places",
    "a row that is no number": "a count that is none",
    "an element within a value": "values are attributes",
    "two values in a cell": "values are attributes",
    "macros, under .xlsx": "macros",
    "a chart on its own sheet": "charts stand in sheets alone",
    "a million rows": "a row repeated a million times",
    "a link without end": "links are in the text of one cell",
    "65,000 names": "names are not read",
    "30,000 named styles": "64,000 styles",
    "a cell in the last corner": "a cell outside of every sheet",
    "a part that is stored": "the parts' packing is the matter of Package alone",
    "a part that is packed": "the parts' packing is the matter of Package alone",
}


def test_every_bad_package_has_its_form_here_or_a_reason() -> None:
    names = {each.name for each in files.CASES}
    here = REFUSED.keys() | ACCEPTED.keys()
    assert sorted(names - here - OTHERWISE.keys()) == []
    assert sorted(OTHERWISE.keys() - names) == []
    assert sorted(OTHERWISE.keys() & here) == []


def test_no_flipped_byte_raises() -> None:
    source, chance = sample_ods(), random.Random(105)
    for _ in range(60):
        content = bytearray(source)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        read_bytes(bytes(content))


def test_no_change_of_the_xml_raises() -> None:
    source, chance = sample_content(), random.Random(106)
    for _ in range(60):
        at, length = chance.randrange(len(source)), chance.randrange(1, 40)
        other = chance.choice(
            ("", source[at : at + length] * 2, "9" * length, '"', "<x>", "table:")
        )
        read_bytes(packed({"content.xml": source[:at] + other + source[at + length :]}))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_a_heavy_one_stays_within_its_limits(tmp_path: Path) -> None:
    """Half a million blank cells in sheets that nobody reads, in 29 MB of XML."""
    cells = row('<table:table-cell table:style-name="ce1"/>' * 600) * 1_100
    text = sample_content().replace(
        END,
        f'<table:table table:name="紀錄">{noise(200_000)}{cells}</table:table>{END}',
    )
    path = tmp_path / "105-12-25.ods"
    path.write_bytes(packed({"content.xml": text}))
    cost = reading_cost(path)
    assert cost.has_results
    assert ("N151", "紀錄", "") in cost.places
    assert cost.child_cpu_s < 20
    assert cost.child_peak_kb < 1_000_000
