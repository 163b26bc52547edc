"""The marked copy: every problem in its place, everything else as it was."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reportgen.problems import Location, Severity, make_problem
from reportgen.processes import sandbox
from reportgen.workbook import read_bytes
from reportgen.workbook.annotate import annotate, annotate_in_process, without_annotations
from reportgen.workbook.annotate.cell_marks import MAX_COMMENT_LINES
from reportgen.workbook.annotate.comments import MAX_SHEET_COMMENTS
from tests.factories.annotated import (
    canonical,
    marks_in,
    our_lines,
    part_of,
    parts_of,
    rich,
    sheets_of,
    text_of,
)
from tests.factories.workbooks import part, sample_bytes, with_cells, with_parts
from tests.validators import OPEN_XML_SDK, needs
from tests.validators.office import audit_findings, sdk_findings

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.problems import Problem

BLANK = {"label": "資料"}
USERS_NOTE = "這個數字\n已向會計室確認。"


def problem(code: str, sheet: str, cell: str = "") -> Problem:
    fields = {"E101": BLANK, "W110": {"found": "AP1"}, "N152": {"found": "自用"}}[code]
    return make_problem(code, Location(sheet=sheet, cell=cell), **fields)


def marked(content: bytes, *problems: Problem, file: str = "105-12-25.xlsx") -> bytes:
    copy, complaints = annotate_in_process(content, problems, "zh-TW", file)
    assert copy is not None
    assert complaints == ()
    return copy


EVERYWHERE = (
    problem("E101", "構面", "B5"),
    problem("W110", "策略目標", "A7"),
    problem("N152", "年度資料", "J4"),
    problem("E101", "年度資料", "E6"),  # has a note by the user
    problem("W110", "年度資料", "E6"),
    problem("E101", "年度資料", "Q300"),  # neither row nor cell exist
    problem("W110", "我的工作表", "E2"),  # within D1:F2
    problem("E101", "我的工作表", "B3"),
    problem("E101", "沒有這張"),
    make_problem("W113", Location(file="105-12-25.xlsx"), revised="105-12-26"),
)


@pytest.fixture(scope="module")
def copy() -> bytes:
    return marked(rich(), *EVERYWHERE)


# --- the marks ----------------------------------------------------------------------


def test_every_cell_with_a_problem_is_coloured_by_its_worst(copy: bytes) -> None:
    assert marks_in(copy).colours == {
        ("構面", "B5"): "error",
        ("策略目標", "A7"): "warning",
        ("年度資料", "J4"): "notice",
        ("年度資料", "E6"): "error",
        ("年度資料", "Q300"): "error",
        ("我的工作表", "D1"): "warning",
        ("我的工作表", "B3"): "error",
    }


def test_every_such_cell_has_a_note_with_symbol_code_message_and_remedy(copy: bytes) -> None:
    notes = marks_in(copy).notes
    assert notes["構面", "B5"] == (
        "✖〔E101〕「資料」尚未填寫。請填寫這一格；整列不需要時請刪除整列。"
    )
    assert notes["策略目標", "A7"].startswith("▲〔W110〕策略地圖有 AP1")
    assert notes["年度資料", "J4"].startswith("●〔N152〕未讀取「自用」欄。")
    assert notes.keys() == marks_in(copy).colours.keys() | {("年度資料", "J5")}


def test_a_note_of_the_users_is_kept_and_ours_follows(copy: bytes) -> None:
    note = marks_in(copy).notes["年度資料", "E6"]
    assert note.startswith(f"{USERS_NOTE}\n✖〔E101〕")
    assert [line[:7] for line in our_lines(note)] == ["✖〔E101〕", "▲〔W110〕"]


def test_the_list_comes_first_with_every_problem_the_gravest_before(copy: bytes) -> None:
    assert sheets_of(copy)[0].name == "檢查結果"
    rows = marks_in(copy).list_rows
    assert [row[0] for row in rows] == ["✖ 錯誤"] * 5 + ["▲ 提醒"] * 4 + ["● 說明"]
    assert rows[0][1:] == (
        "E101",
        "構面",
        "B5",
        "「資料」尚未填寫。",
        "請填寫這一格；整列不需要時請刪除整列。",
    )
    assert ("E101", "沒有這張", None) in {row[1:4] for row in rows}
    assert ("W113", "（整個檔案）", None) in {row[1:4] for row in rows}


def test_each_cell_in_the_list_leads_to_its_place(copy: bytes) -> None:
    marks = marks_in(copy)
    links = [marks.links.get(f"D{number}") for number, _ in enumerate(marks.list_rows, 8)]
    wanted = [row[3] and f"'{row[2]}'!{row[3]}" for row in marks.list_rows]
    assert links == wanted


def test_only_the_list_is_selected(copy: bytes) -> None:
    """With two sheets selected, Excel would write into both at once."""
    selected = [
        entry.name for entry in sheets_of(copy) if b'tabSelected="1"' in part(entry.part, copy)
    ]
    assert selected == ["檢查結果"]
    assert b'activeTab="0"' in part("xl/workbook.xml", copy)


def test_names_that_belong_to_a_sheet_follow_it(copy: bytes) -> None:
    def titles(content: bytes) -> set[tuple[str, str]]:
        book = etree.fromstring(part("xl/workbook.xml", content))
        names = [entry.name for entry in sheets_of(content)]
        return {
            (names[int(each.get("localSheetId", ""))], each.text or "")
            for each in book.iter("{*}definedName")
            if each.get("name") == "_xlnm.Print_Titles"
        }

    assert titles(copy) - titles(rich()) == {("檢查結果", "檢查結果!$7:$7")}
    assert titles(rich()) <= titles(copy)


def test_our_rules_come_before_all_others(copy: bytes) -> None:
    root = etree.fromstring(part(part_of(copy, "年度資料"), copy))
    rules = sorted(root.iter("{*}cfRule"), key=lambda rule: int(rule.get("priority", "")))
    ours = ["reportgen-" in text_of(rule) for rule in rules]
    assert ours == sorted(ours, reverse=True)
    assert sum(ours) == 2  # errors, a notice
    priorities = [rule.get("priority") for rule in rules]
    assert len(set(priorities)) == len(priorities)


def test_english_is_spoken_too() -> None:
    content, _ = annotate_in_process(
        sample_bytes(), [problem("E101", "構面", "B5")], "en", "a.xlsx"
    )
    assert content is not None
    marks = marks_in(content)
    assert marks.notes["構面", "B5"] == ("✖ [E101] “資料” is blank. Fill it in, or delete the row.")
    assert marks.list_rows[0][:4] == ("✖ Error", "E101", "構面", "B5")
    assert parts_of(without_annotations(content)).keys() == parts_of(sample_bytes()).keys()


def test_what_was_quoted_cannot_break_the_copy() -> None:
    odd = "a\x00b\x0b\ud800\ufffe_x000D_\u202eabc\r\n第二行<&>\"'"
    found = make_problem("E111", Location(sheet="年度資料", cell="D5"), label="數", found=odd)
    note = marks_in(marked(sample_bytes(), found)).notes["年度資料", "D5"]
    assert "a\ufffdb \ufffd\ufffd_x005F_x000D_\ufffdabc 第二行<&>\"'" in note
    assert our_lines(note) == [note]


def test_no_problem_is_a_copy_that_says_so() -> None:
    marks = marks_in(marked(sample_bytes()))
    assert marks.list_rows[0][0] == "沒有發現問題。"
    assert marks.notes == {}


def test_a_cell_with_many_problems_has_a_note_that_ends() -> None:
    many = [
        make_problem("E111", Location(sheet="構面", cell="B5"), label="x", found=number)
        for number in range(MAX_COMMENT_LINES + 5)
    ]
    copy = marked(sample_bytes(), *many)
    lines = marks_in(copy).notes["構面", "B5"].split("\n")
    assert len(lines) == MAX_COMMENT_LINES + 1
    assert lines[-1] == "●〔…〕另有 5 項，請見「檢查結果」。"
    assert len(marks_in(copy).list_rows) == MAX_COMMENT_LINES + 5
    assert parts_of(without_annotations(copy)).keys() == parts_of(sample_bytes()).keys()


def test_a_sheet_with_very_many_has_notes_on_its_gravest_and_colours_on_all() -> None:
    many = [problem("N152", "構面", f"C{row}") for row in range(1, MAX_SHEET_COMMENTS + 100)]
    marks = marks_in(marked(sample_bytes(), *many, problem("E101", "構面", "Z2000")))
    assert len(marks.notes) == MAX_SHEET_COMMENTS
    assert ("構面", "Z2000") in marks.notes
    assert len(marks.colours) == MAX_SHEET_COMMENTS + 100


# --- what stays ---------------------------------------------------------------------

TOUCHED = {
    *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
}


def test_parts_without_a_mark_stay_byte_for_byte(copy: bytes) -> None:
    before, after = parts_of(rich()), parts_of(copy)
    sheets = {part_of(rich(), name) for name in ("構面", "策略目標", "年度資料", "我的工作表")}
    own = {"xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml"}
    lists = {f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels" for sheet in sheets}
    untouched = before.keys() - TOUCHED - sheets - own - lists
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
    kinds = {name.split("/")[1] for name in untouched if name.count("/") > 1}
    assert {"charts", "drawings", "media", "tables", "theme", "worksheets"} <= kinds
    assert {"customXml/item1.xml", "xl/sharedStrings.xml"} <= untouched


def test_cells_and_all_but_the_marks_stay_in_parts_with_one(copy: bytes) -> None:
    """Beside ours, nothing is there or missing: not a cell, a rule, a validation, an extension."""
    before, after = parts_of(rich()), parts_of(copy)
    for name in ("構面", "策略目標", "年度資料", "我的工作表"):
        sheet = part_of(rich(), name)
        root = etree.fromstring(after[sheet])
        ours = [
            each
            for each in root
            if each.tag.endswith("}conditionalFormatting") and b"reportgen-" in etree.tostring(each)
        ]
        assert ours
        if b"legacyDrawing" not in before[sheet]:
            ours += list(root.iterfind("{*}legacyDrawing"))
        for each in ours:
            root.remove(each)
        count = len({rule for each in ours for rule in each.iter("{*}cfRule")})
        for rule in root.iter("{*}cfRule"):
            rule.set("priority", str(int(rule.get("priority", "")) - count))
        assert canonical(etree.tostring(root)) == canonical(before[sheet])


def test_styles_only_gain(copy: bytes) -> None:
    before = etree.fromstring(parts_of(rich())["xl/styles.xml"])
    after = etree.fromstring(parts_of(copy)["xl/styles.xml"])
    assert [each.tag for each in before] == [each.tag for each in after]
    for old, new in zip(before, after, strict=True):
        texts = [etree.tostring(each, method="c14n") for each in new]
        assert texts[: len(old)] == [etree.tostring(each, method="c14n") for each in old]


def test_the_copy_is_sound(copy: bytes, tmp_path: Path) -> None:
    file = tmp_path / "copy.xlsx"
    file.write_bytes(copy)
    assert audit_findings(file) == []


@pytest.mark.validators
def test_open_xml_sdk_finds_nothing_in_the_copy(copy: bytes, tmp_path: Path) -> None:
    needs(OPEN_XML_SDK)
    file = tmp_path / "copy.xlsx"
    file.write_bytes(copy)
    assert sdk_findings(file) == []


# --- again and again ----------------------------------------------------------------


def same_but_for_writing(one: bytes, other: bytes) -> None:
    """Equal packages: styles may hold more, notes may be split into runs."""
    before, after = parts_of(one), parts_of(other)
    assert before.keys() == after.keys()
    for name, content in before.items():
        if name == "xl/styles.xml" or after[name] == content:
            continue
        if name.startswith("xl/comments"):
            assert notes_of(after[name]) == notes_of(content)
        elif name == "[Content_Types].xml":
            types = {etree.tostring(each) for each in etree.fromstring(content)}
            assert types <= {etree.tostring(each) for each in etree.fromstring(after[name])}
        else:
            assert canonical(after[name]) == canonical(content), name


def notes_of(content: bytes) -> list[tuple[str, str, str]]:
    root = etree.fromstring(content)
    authors = [each.text or "" for each in root.iter("{*}author")]
    return [
        (each.get("ref", ""), authors[int(each.get("authorId", ""))], text_of(each))
        for each in root.iter("{*}comment")
    ]


def test_marks_come_out_without_a_trace(copy: bytes) -> None:
    same_but_for_writing(rich(), without_annotations(copy))


@pytest.mark.parametrize("content", [sample_bytes(), rich(), b"PK", b""])
def test_what_is_no_marked_copy_stays_byte_for_byte(content: bytes) -> None:
    assert without_annotations(content) == content


def test_marking_a_marked_copy_changes_nothing(copy: bytes) -> None:
    assert marked(copy, *EVERYWHERE) == copy


def test_new_problems_take_the_place_of_old_ones(copy: bytes) -> None:
    marks = marks_in(marked(copy, problem("W110", "構面", "C5")))
    assert marks.colours == {("構面", "C5"): "warning"}
    assert marks.notes.keys() == {("構面", "C5"), ("年度資料", "E6"), ("年度資料", "J5")}
    assert marks.notes["年度資料", "E6"] == USERS_NOTE
    assert len(marks.list_rows) == 1


def test_what_the_user_adds_to_our_note_is_kept(copy: bytes) -> None:
    name = next(name for name, content in parts_of(copy).items() if notes_at(name, content, "B5"))
    root = etree.fromstring(part(name, copy))
    texts = [each for each in root.iter("{*}t") if "E101" in (each.text or "")]
    texts[0].text = f"{texts[0].text}\n已請會計室補。"
    answered = with_parts({name: etree.tostring(root)}, copy)
    again = marks_in(marked(answered, problem("W110", "構面", "B5"))).notes["構面", "B5"]
    assert again.split("\n") == ["已請會計室補。", *our_lines(again)]
    assert marks_in(marked(answered)).notes["構面", "B5"] == "已請會計室補。"


def notes_at(name: str, content: bytes, cell: str) -> bool:
    return "comments" in name and any(ref == cell for ref, _, _ in notes_of(content))


def test_a_sheet_of_that_name_by_the_user_stays() -> None:
    book = part("xl/workbook.xml").replace("填寫說明".encode(), "檢查結果".encode())
    copy = marked(with_parts({"xl/workbook.xml": book}), problem("E101", "構面", "B5"))
    names = [entry.name for entry in sheets_of(copy)]
    assert names[:2] == ["檢查結果_2", "檢查結果"]
    assert [entry.name for entry in sheets_of(without_annotations(copy))] == names[1:]
    assert read_bytes(copy)[1] == read_bytes(sample_bytes())[1]


def test_the_list_is_known_by_its_mark_whatever_it_is_called(copy: bytes) -> None:
    book = part("xl/workbook.xml", copy).decode()
    renamed = re.sub(r'name="檢查結果"', "name=\"我改的 '名'\"", book)
    renamed = renamed.replace("檢查結果!", "'我改的 ''名'''!")
    without = without_annotations(with_parts({"xl/workbook.xml": renamed.encode()}, copy))
    assert [e.name for e in sheets_of(without)] == [e.name for e in sheets_of(rich())]


def test_a_list_that_the_user_has_deleted_leaves_only_its_name(copy: bytes) -> None:
    book = part("xl/workbook.xml", copy).decode().replace("檢查結果!$A$1", "#REF!")
    kept = without_annotations(with_parts({"xl/workbook.xml": book.encode()}, copy))
    assert b"_reportgen_check" not in part("xl/workbook.xml", kept)
    assert len(sheets_of(kept)) == len(sheets_of(copy))


def test_the_mended_copy_is_read_like_a_mended_original() -> None:
    faulty = with_cells(("構面", "B5", ""), ("年度資料", "E6", "33 人"))
    _, problems = read_bytes(faulty)
    copy = marked(faulty, *problems)
    assert read_bytes(copy)[1] == problems
    parts = {
        part_of(copy, name): with_cell(part(part_of(copy, name), copy), cell, content)
        for name, cell, content in (("構面", "B5", "顧客"), ("年度資料", "E6", "33"))
    }
    scorecard, found = read_bytes(with_parts(parts, copy))
    expected, own = read_bytes(with_cells(("構面", "B5", "顧客"), ("年度資料", "E6", 33)))
    assert scorecard == expected
    assert found == own


def with_cell(sheet: bytes, cell: str, content: str) -> bytes:
    root = etree.fromstring(sheet)
    found = next(each for each in root.iter("{*}c") if each.get("r") == cell)
    for each in list(found):
        found.remove(each)
    space = etree.QName(found).namespace
    if content.isdecimal():
        found.set("t", "n")
        etree.SubElement(found, f"{{{space}}}v").text = content
    else:
        found.set("t", "inlineStr")
        inner = etree.SubElement(found, f"{{{space}}}is")
        etree.SubElement(inner, f"{{{space}}}t").text = content
    return etree.tostring(root)


# --- any cells ----------------------------------------------------------------------


class Spot(NamedTuple):
    code: str
    sheet: str
    cell: str


NAMES = [entry.name for entry in sheets_of(rich())]
SPOTS = st.builds(
    Spot,
    st.sampled_from(["E101", "W110", "N152"]),
    st.sampled_from([*NAMES, "沒有這張"]),
    st.builds(
        lambda column, row: f"{column}{row}",
        st.sampled_from(["A", "B", "C", "D", "E", "F", "J", "Z", "AB", "XFD"]),
        st.integers(1, 12) | st.sampled_from([300, 1_048_576]),
    )
    | st.sampled_from(["", "?", "A0"]),
)
LOOKS = {"E": "error", "W": "warning", "N": "notice"}


@pytest.mark.slow
@given(st.lists(SPOTS, max_size=12), st.lists(SPOTS, max_size=4))
@settings(max_examples=10, deadline=None)
def test_any_cells_can_be_marked_and_come_back(first: list[Spot], second: list[Spot]) -> None:
    problems = [problem(*spot) for spot in first]
    copy = marked(rich(), *problems)
    marks = marks_in(copy)
    expected: dict[tuple[str, str], str] = {}
    for spot in sorted(first, key=lambda spot: "EWN".index(spot.code[0])):
        if spot.sheet in NAMES and re.fullmatch(r"[A-Z]+[1-9]\d*", spot.cell):
            place = spot.cell
            if spot.sheet == "我的工作表" and place in {"D1", "E1", "F1", "D2", "E2", "F2"}:
                place = "D1"
            expected.setdefault((spot.sheet, place), LOOKS[spot.code[0]])
    assert marks.colours == expected
    users = {("年度資料", "E6"), ("年度資料", "J5")}
    assert marks.notes.keys() == expected.keys() | users
    assert all(our_lines(marks.notes[place]) for place in expected)
    assert len(marks.list_rows) == max(len(first), 1)
    same_but_for_writing(rich(), without_annotations(copy))
    others = [problem(*spot) for spot in second]
    assert marks_in(marked(copy, *others)) == marks_in(marked(rich(), *others))
    assert read_bytes(copy)[1] == read_bytes(rich())[1]


# --- files that are none ------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 and no more",
        sample_bytes()[:20_000],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        with_parts({"xl/workbook.xml": b"<workbook"}),
        with_parts({"xl/workbook.xml": None}),
        with_parts({"xl/styles.xml": b"<styleSheet"}),
        with_parts({"_rels/.rels": None}),
    ],
)
def test_what_cannot_be_read_has_no_copy(content: bytes) -> None:
    copy, complaints = annotate_in_process(content, (), "zh-TW", "a.xlsx")
    assert copy is None
    assert [(each.code, each.where.file) for each in complaints] == [("E155", "a.xlsx")]


def test_what_takes_too_long_has_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: sandbox.StartMethod.FORK)
    monkeypatch.setattr("reportgen.workbook.annotate.ANNOTATE_TIMEOUT_S", 0.05)
    monkeypatch.setattr(
        "reportgen.workbook.annotate.annotate_in_process", lambda *_: time.sleep(30)
    )
    copy, complaints = annotate(sample_bytes(), (), "zh-TW", "a.xlsx")
    assert copy is None
    assert [each.code for each in complaints] == ["E155"]


def test_a_broken_sheet_is_told_and_the_others_are_marked() -> None:
    broken = with_parts({part_of(sample_bytes(), "構面"): b"<worksheet"})
    problems = [problem("E101", "構面", "B5"), problem("E101", "策略目標", "B5")]
    copy, complaints = annotate_in_process(broken, problems, "zh-TW", "a.xlsx")
    assert copy is not None
    assert [(each.code, each.where.sheet) for each in complaints] == [("W155", "構面")]
    assert complaints[0].severity is Severity.WARNING
    sheet = part(part_of(copy, "策略目標"), copy)
    assert b"reportgen-error" in sheet
    listed = part(sheets_of(copy)[0].part, copy).decode()
    assert "W155" in listed
    assert "'構面'!B5" in listed
