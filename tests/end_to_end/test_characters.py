"""Every kind of character that gets into a cell: printed as it is meant, taken out, or told."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from reportgen.model.scorecard import CellRef, Text
from reportgen.pipeline import Settings, build
from reportgen.problems import StoppedError
from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.fonts.glyph_coverage import glyph_clusters, glyph_problems
from tests.conftest import ROOT
from tests.factories.workbooks import read_problems, read_scorecard, with_cells
from tests.render.fonts.test_font_set import document, pdf

if TYPE_CHECKING:
    from pathlib import Path

AT = CellRef(sheet="構面", cell="B5")


@pytest.fixture(scope="module")
def machine() -> FontSet:
    return FontSet(find_fonts(font_folders())[0])


def codes_of(text: str, fonts: FontSet) -> list[tuple[str, object]]:
    """Code and code points of what is said of a text."""
    problems = glyph_problems([Text(text=text, at=AT)], fonts)
    assert {(each.where.sheet, each.where.cell) for each in problems} <= {("構面", "B5")}
    return [(each.code, dict(each.fields)["codepoint"]) for each in problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("臺北市教師研習中心 ABC 123 ，。「」（）％≥×", []),
        ("賸堃峯喆\u3000\n", []),
        ("甲\u00a0乙", []),  # TW-Kai's box with the name is left out: a blank
        ("甲\u2007乙", []),
        ("ｱｲｳ ＡＢＣ １２３ ①② ㈱ ℃", []),
        ("α β Ж é ñ ☎ ❤ ★", []),
        ("㐂㗎", []),  # Ext A
        ("𠮷野", [("N144", "U+20BB7")]),  # Ext B
        ("𪜶", [("N144", "U+2A736")]),  # Ext C
        ("\U0002b746", [("N144", "U+2B746")]),  # Ext D
        ("\U0002f800", [("N144", "U+2F800")]),  # compatibility ideograph
        ("\U0002ceb0", [("E119", "U+2CEB0")]),  # Ext F
        ("\U00030000", [("E119", "U+30000")]),  # Ext G
        ("\U00031350", [("E119", "U+31350")]),  # Ext H
        ("\uf92a", [("E119", "U+F92A")]),  # compatibility ideograph that TW-Kai lacks
        ("\ue000", [("E147", "U+E000")]),  # private: an agency's own character
        ("\uf001", [("E147", "U+F001")]),  # Liberation Serif would print "fi"
        ("\uf8f8", [("E147", "U+F8F8")]),
        ("\U000f0000", [("W144", "U+F0000")]),  # private, but assigned for Taiwan
        ("\U000f0002", [("E147", "U+F0002")]),
        ("\U00100000", [("E147", "U+100000")]),
        ("甲😀乙🦉😀", [("E119", "U+1F600"), ("E119", "U+1F989")]),
        ("👍🏽", [("E119", "U+1F44D"), ("E119", "U+1F3FD")]),
        ("葛\U000e0100城", [("W140", "U+845B U+E0100")]),
        ("\u4e00\ufe00", [("W140", "U+4E00 U+FE00")]),
        ("甲\u0301", []),  # both in TW-Kai
        ("か\u3099", []),
        ("e\u0301", [("E119", "U+0065 U+0301")]),  # in two faces: the accent would go astray
        ("1\u20e3", [("E119", "U+0031 U+20E3")]),
        ("", []),
    ],
)
def test_what_is_said_of_a_character(
    machine: FontSet, text: str, said: list[tuple[str, object]]
) -> None:
    assert codes_of(text, machine) == said


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("e\u0301", "可改用「é」（U+00E9）。"),
        ("\uf92a", "可改用「浪」（U+6D6A）。"),
        ("\U0002ceb0", ""),
    ],
)
def test_a_character_that_counts_as_the_same_is_proposed(
    machine: FontSet, text: str, hint: str
) -> None:
    (problem,) = glyph_problems([Text(text=text, at=AT)], machine)
    assert problem.fix().partition("（fonts-cns11643-kai）。")[2] == hint


def test_marks_and_selectors_belong_to_their_character() -> None:
    assert list(glyph_clusters("甲\u0301 葛\U000e0100\nA")) == ["甲\u0301", "葛\U000e0100", "A"]


TAKEN_OUT = {
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "byte order mark": "\ufeff",
    "interlinear annotation": "\ufff9",
    "object replacement": "\ufffc",
    "tag": "\U000e0041",
    "Hangul filler": "\u3164",
    "half-width filler": "\uffa0",
    "braille blank": "\u2800",
    "grapheme joiner": "\u034f",
    "Mongolian selector": "\u180b",
    "emoji selector": "\ufe0f",
    "text selector": "\ufe0e",
    "selector without a Han character": "A\U000e0100",
    "musical control": "\U0001d173",
    "C1 control": "\u0090",
    "delete": "\x7f",
    "no character": "\ufdd0",
}
ESCAPED = {"NUL": "0000", "VT": "000B", "escape": "001B", "U+FFFE": "FFFE", "U+FFFF": "FFFF",
           "lone surrogate": "D842", "lone low surrogate": "DFB7"}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [f"顧{each}客" for each in TAKEN_OUT.values()]
    + [f"顧_x{each}_客" for each in ESCAPED.values()],
    ids=[*TAKEN_OUT, *ESCAPED],
)
def test_what_cannot_be_seen_is_taken_out_with_a_notice(content: str) -> None:
    changed = with_cells(("構面", "B5", content))
    assert read_problems(changed) == [("N155", "構面", "B5")]
    text = read_scorecard(changed).perspectives[0].map_name.text
    assert text.replace("A", "") == "顧客"


def test_a_character_that_was_lost_is_told() -> None:
    assert read_problems(with_cells(("構面", "B5", "顧\ufffd"))) == [("E145", "構面", "B5")]


def test_a_pair_of_surrogates_is_one_character() -> None:
    card = read_scorecard(with_cells(("構面", "B5", "_xD842__xDFB7_野")))
    assert card.perspectives[0].map_name.text == "𠮷野"


@pytest.mark.parametrize(
    "code",
    ["ｃ", "Ｃ", "c", "C\u200b", "\u3000C"],
)
def test_only_keys_are_normalised(code: str) -> None:
    card = read_scorecard(with_cells(("構面", "A5", code)))
    assert card.perspectives[0].code == code.replace("\u200b", "").strip()
    assert card.objectives[0].perspective == card.perspectives[0].code


LET_THROUGH = "𠮷𪜶\U0002f800\U000f0000葛\U000e0100Ａｱ①か\u3099甲\u0301賸"


def settings(folder: Path) -> Settings:
    return Settings(output=folder, working_folder=ROOT, font_folders=font_folders())


@pytest.mark.slow
def test_what_is_let_through_stands_in_pdf_and_word(tmp_path: Path) -> None:
    workbook = tmp_path / "105-12-25.xlsx"
    workbook.write_bytes(with_cells(("策略目標", "D5", LET_THROUGH)))
    built = build(workbook, settings(tmp_path))
    files = {each.path.suffix: each.path for each in built.files}
    printed = "".join(page.extract_text() for page in PdfReader(files[".pdf"]).pages)
    plain = LET_THROUGH.replace("\U000e0100", "")  # a PDF names glyphs; its glyph has no variant
    assert plain in "".join(printed.split()).replace("\U000e0100", "")
    with ZipFile(files[".docx"]) as package:
        assert LET_THROUGH in package.read("word/document.xml").decode()
    said = {each.code for each in built.problems if each.where.cell == "D5"}
    assert said == {"N144", "W144", "W140"}


def test_nothing_is_written_with_a_private_character(tmp_path: Path) -> None:
    workbook = tmp_path / "105-12-25.xlsx"
    workbook.write_bytes(with_cells(("策略目標", "D5", "增進\ue123")))
    with pytest.raises(StoppedError) as stop:
        build(workbook, settings(tmp_path))
    assert [each.code for each in stop.value.problems if each.code[0] == "E"] == ["E147"]
    assert [path.name for path in tmp_path.iterdir()] == ["105-12-25.xlsx"]


def test_what_is_let_through_prints_no_empty_box(machine: FontSet) -> None:
    html = document(LET_THROUGH)
    page = PdfReader(io.BytesIO(pdf(html, machine, cut_to=html))).pages[0]
    content = page.get_contents()
    assert content is not None
    shown = re.findall(rb"<([0-9a-f]+)>", content.get_data())
    glyphs = [each[n : n + 4] for each in shown for n in range(0, len(each), 4)]
    assert len(glyphs) >= len(LET_THROUGH) - 3
    assert b"0000" not in glyphs
