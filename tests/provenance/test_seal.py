"""The seal: a code that stands for all a document was made of, on the pages and in a QR code."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from reportgen.problems.catalogue.archive_problems import ENTRIES
from reportgen.provenance.seal import (
    ALPHABET,
    LONG_CODE_CHARS,
    NO_SEAL,
    PRINTED_CODE_CHARS,
    Seal,
    compute_seal,
    is_mistyped,
    manifest_record,
    normalize_code,
    print_code,
)
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Edition

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
PARTS: dict[str, Any] = {
    "workbooks": {"105-12-25.xlsx": b"workbook"},
    "document": "scorecard",
    "template": {"document.html": b"<p>", "style.css": b"p{}"},
    "versions": {"reportgen": "0.1.0"},
    "fonts": {"TW-Kai": "TW-Kai-98_1.ttf, 30 bytes"},
    "approvals": {},
}


def of(**changes: Any) -> Seal:
    return compute_seal("105-12-25", manifest_record(**{**PARTS, **changes}))


OTHERS = {
    "a byte of the workbook": {"workbooks": {"105-12-25.xlsx": b"workbooc"}},
    "the workbook's name": {"workbooks": {"a.xlsx": b"workbook"}},
    "the document": {"document": "results"},
    "a byte of a template": {"template": {"document.html": b"<p>", "style.css": b"p{} "}},
    "a template's file": {"template": {"document.html": b"<p>"}},
    "the program": {"versions": {"reportgen": "0.2.0"}},
    "an approval": {"approvals": {"approval-001.json": b"{}"}},
    "a font": {"fonts": {"TW-Kai": "TW-Kai-98_1.ttf, 31 bytes"}},
}


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS)
def test_whatever_is_other_gives_another_code(changes: dict[str, Any]) -> None:
    assert of(**changes).code != of().code


def test_a_record_without_approvals_is_as_it_was_before_there_were_any() -> None:
    assert "approvals" not in manifest_record(**PARTS)


def test_the_same_gives_the_same_code_in_any_order() -> None:
    turned = dict(reversed(PARTS["template"].items()))
    assert of(template=turned) == of()
    assert len(of().long) == LONG_CODE_CHARS
    assert re.fullmatch(rf"([{ALPHABET}]{{5}}-){{4}}[{ALPHABET}]{{5}}", of().code)


def test_nothing_is_printed_without_a_seal() -> None:
    assert (NO_SEAL.code, NO_SEAL.line, NO_SEAL.text, NO_SEAL.picture) == ("", "", "", "")


@given(
    st.text(st.sampled_from(ALPHABET), min_size=LONG_CODE_CHARS, max_size=LONG_CODE_CHARS),
    st.booleans(),
)
def test_a_code_is_known_however_it_is_typed(long: str, lower: bool) -> None:
    made = Seal("105-12-25", long)
    typed = [made.code, made.code.replace("-", " "), f" {made.code}\n", made.text, made.line, long]
    printed = made.code.replace("-", "")
    for text in typed:
        assert normalize_code(text.lower() if lower else text) in (long, printed)
    assert normalize_code(made.code.replace("0", "O").replace("1", "l")) == printed
    assert not is_mistyped(printed)


def test_the_printed_code_has_120_bits_of_the_digest() -> None:
    """A birthday search then takes about 2^60 tries."""
    assert of().code.replace("-", "")[:24] == of().long[:24]
    assert "".join(sorted(set(ALPHABET))) == ALPHABET
    assert len(ALPHABET) ** 24 == 2**120


LONG_CODES = st.text(st.sampled_from(ALPHABET), min_size=LONG_CODE_CHARS, max_size=LONG_CODE_CHARS)


@pytest.mark.slow
@given(LONG_CODES)
def test_every_wrong_character_is_found(long: str) -> None:
    code = print_code(long).replace("-", "")
    altered = [
        code[:place] + character + code[place + 1 :]
        for place in range(PRINTED_CODE_CHARS)
        for character in ALPHABET
        if character != code[place]
    ]
    assert len(altered) == 25 * 31
    assert all(map(is_mistyped, altered))


@given(LONG_CODES)
def test_every_pair_of_exchanged_characters_is_found(long: str) -> None:
    code = print_code(long).replace("-", "")
    for first in range(PRINTED_CODE_CHARS):
        for second in range(first + 1, PRINTED_CODE_CHARS):
            altered = list(code)
            altered[first], altered[second] = altered[second], altered[first]
            assert is_mistyped("".join(altered)) == (code[first] != code[second])


def test_the_example_of_the_problem_is_a_code() -> None:
    _, expected = ENTRIES["E633"].expected
    assert not is_mistyped(normalize_code(expected.rpartition(" ")[2]))


def attachments(path: Path) -> dict[str, bytes]:
    return {name: contents[0] for name, contents in PdfReader(path).attachments.items()}


@pytest.mark.slow
@pytest.mark.parametrize("which", ["teachers_center", "second_results"])
def test_the_qr_code_of_the_last_page_says_what_the_seal_is(
    which: str, request: pytest.FixtureRequest
) -> None:
    edition: Edition = request.getfixturevalue(which)
    made_of = json.loads(attachments(edition.pdf)["build.json"])
    document = pypdfium2.PdfDocument(edition.pdf)
    told = []
    for page in document:
        picture = page.render(scale=300 / 72, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(picture, formats=QR)
        told.append([each.text for each in found])
    document.close()
    assert told[-1] == [f"REPORTGEN {edition.built.edition} {made_of['seal']}"]
    assert not any(told[:-1])


@pytest.mark.slow
def test_the_code_stands_on_every_page_but_the_cover_in_pdf_and_word(
    second_results: Edition,
) -> None:
    code = Seal("", json.loads(attachments(second_results.pdf)["build.json"])["seal"]).code
    for path in (second_results.pdf, second_results.docx_as_pdf):
        document = pypdfium2.PdfDocument(path)
        found = [code in page.get_textpage().get_text_range() for page in document]
        document.close()
        assert found == [False] + [True] * (len(found) - 1)


def test_the_pdf_carries_all_it_was_made_of(teachers_center: Edition) -> None:
    within = attachments(teachers_center.pdf)
    assert sorted(within) == ["105-12-25.xlsx", "build.json", "results.json", "templates.zip"]
    assert within["105-12-25.xlsx"] == (ROOT / "inputs/105-12-25.xlsx").read_bytes()
    assert json.loads(within["results.json"])["schema"] == "reportgen.results/1"
    with ZipFile(io.BytesIO(within["templates.zip"])) as opened:
        for name in opened.namelist():
            assert opened.read(name) == (ROOT / "templates/scorecard" / name).read_bytes()
    made_of = json.loads(within["build.json"])
    assert (
        compute_seal("105-12-25", {k: v for k, v in made_of.items() if k != "seal"}).long
        == (made_of["seal"])
    )
    root: Any = PdfReader(teachers_center.pdf).trailer["/Root"]
    relations = {
        file.get_object()["/UF"]: file.get_object()["/AFRelationship"] for file in root["/AF"]
    }
    assert relations == {
        "105-12-25.xlsx": "/Source",
        "build.json": "/Data",
        "results.json": "/Data",
        "templates.zip": "/Supplement",
    }
