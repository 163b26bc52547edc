"""Tracked changes: accepted they are the new document, rejected the old one."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from reportgen.render.docx.track_changes.tracker import track_changes
from reportgen.render.verify.output_text import word_text
from tests.conftest import ROOT
from tests.readers import squeeze
from tests.readers.docx_lint import lint
from tests.readers.word_xml import NAMESPACES, W, Word

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.pipeline import WrittenBuild
    from tests.conftest import Edition

AUTHOR, DAY = "臺北市教師研習中心", date(2016, 12, 25)


def tracked(old: bytes, new: bytes) -> bytes:
    return track_changes(old, new, author=AUTHOR, day=DAY)


def settled(content: bytes, *, accept: bool) -> Any:
    """The body after every change was accepted, or rejected, by the rules of ISO 29500."""
    with ZipFile(BytesIO(content)) as opened:
        root: Any = etree.fromstring(opened.read("word/document.xml"))
    kept, gone = ("ins", "del") if accept else ("del", "ins")
    for row in root.findall(f".//w:trPr/w:{gone}", NAMESPACES):
        found = row.getparent().getparent()
        found.getparent().remove(found)
    for mark in root.findall(f".//w:rPr/w:{gone}", NAMESPACES):
        paragraph = next(mark.iterancestors(f"{{{W}}}p"))
        if paragraph.getparent() is not None:
            paragraph.getparent().remove(paragraph)
    for mark in list(root.iter(f"{{{W}}}{gone}")):
        if mark.getparent() is not None:
            mark.getparent().remove(mark)
    for table in root.findall(".//w:tbl", NAMESPACES):
        if table.find("w:tr", NAMESPACES) is None:
            table.getparent().remove(table)
    etree.strip_tags(root, f"{{{W}}}{kept}")
    for text in root.iter(f"{{{W}}}delText"):
        text.tag = f"{{{W}}}t"
    return root


def said(root: Any) -> list[str]:
    """The text of every paragraph, and where tables, rows and cells begin."""
    marks = {f"{{{W}}}{name}": f"<{name}>" for name in ("tbl", "tr", "tc", "br")}
    lines: list[str] = [""]
    for element in root.iter():
        if element.tag == f"{{{W}}}p":
            lines.append("")
        elif element.tag == f"{{{W}}}t":
            lines[-1] += element.text or ""
        elif element.tag in marks:
            lines[-1] += marks[element.tag]
    return lines


def assert_tracks(old: Word, new: Word) -> bytes:
    made = tracked(old.bytes, new.bytes)
    for document, accept in ((new, True), (old, False)):
        plain = settled(document.bytes, accept=True)
        assert said(settled(made, accept=accept)) == said(plain)
    lint(made)
    return made


def marked(content: bytes) -> list[str]:
    """``+text`` and ``-text`` of each change, in order; a whole row or paragraph by its end."""
    with ZipFile(BytesIO(content)) as opened:
        root: Any = etree.fromstring(opened.read("word/document.xml"))
    found = []
    for mark in root.iter(f"{{{W}}}ins", f"{{{W}}}del"):
        sign = "+" if mark.tag.endswith("ins") else "-"
        words = "".join(mark.itertext())
        if words:
            found.append(sign + words)
        elif mark.getparent().tag == f"{{{W}}}trPr":
            found.append(f"{sign}row")
    return found


CASES = {
    "nothing": ("<p>願景</p>", "<p>願景</p>", []),
    "a word": ("<p>每年增加人次</p>", "<p>每年新增人次</p>", ["-增加", "+新增"]),
    "within bold": ("<p>目標<b>≥90%</b>。</p>", "<p>目標<b>≥95%</b>。</p>", ["-90%", "+95%"]),
    "a paragraph more": ("<p>甲</p><p>丙</p>", "<p>甲</p><p>乙乙</p><p>丙</p>", ["+乙乙"]),
    "a paragraph less": ("<p>甲</p><p>乙乙</p><p>丙</p>", "<p>甲</p><p>丙</p>", ["-乙乙"]),
    "a line break": ("<p>使命<br>甲乙</p>", "<p>使命<br>甲丙</p>", ["-乙", "+丙"]),
    "a cell": (
        "<table><tr><td>AC1<td>18</table>", "<table><tr><td>AC1<td>20</table>", ["-18", "+20"],
    ),
    "a row": (
        "<table><tr><td>甲<tr><td>乙</table>", "<table><tr><td>甲<tr><td>丙<tr><td>乙</table>",
        ["+row", "+丙"],
    ),
    "a merged cell that covers more": (
        "<table><tr><td rowspan=2>目標<td>指標一<tr><td>指標二<tr><td>末<td>末</table>",
        "<table><tr><td rowspan=3>目標<td>指標一<tr><td>指標二<tr><td>三<tr><td>末<td>末</table>",
        ["+row", "+三"],
    ),
    "a column more": (
        "<table><tr><td>甲<td>乙</table>", "<table><tr><td>甲<td>乙<td>丙</table>",
        ["-row", "-甲", "-乙", "+row", "+甲", "+乙", "+丙"],
    ),
    "a link": (
        "<p><a href='https://a.test'>甲</a></p>", "<p><a href='https://b.test'>乙</a></p>",
        ["-甲", "+乙"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "marks"), CASES.values(), ids=CASES)
def test_what_is_marked(old: str, new: str, marks: list[str]) -> None:
    assert marked(assert_tracks(Word(old), Word(new))) == marks


def test_pictures_of_both_sides_are_kept() -> None:
    svg = "<p>圖<img alt={0} src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' "
    svg += "width='{1}' height='4'/>\"></p>"
    made = assert_tracks(Word(svg.format("甲", 4)), Word(svg.format("乙", 8)))
    with ZipFile(BytesIO(made)) as opened:
        media = [name for name in opened.namelist() if name.startswith("word/media/")]
        targets = opened.read("word/_rels/document.xml.rels").decode()
    assert len(media) == 4
    assert all(name.removeprefix("word/") in targets for name in media)


def test_every_change_has_author_day_and_its_own_number() -> None:
    made = tracked(Word("<p>甲乙丙丁<p>子").bytes, Word("<p>甲乙戊丁<p>丑").bytes)
    with ZipFile(BytesIO(made)) as opened:
        root: Any = etree.fromstring(opened.read("word/document.xml"))
    marks = list(root.iter(f"{{{W}}}ins", f"{{{W}}}del"))
    assert {each.get(f"{{{W}}}author") for each in marks} == {AUTHOR}
    assert {each.get(f"{{{W}}}date") for each in marks} == {"2016-12-25T00:00:00Z"}
    numbers = [each.get(f"{{{W}}}id") for each in marks]
    assert len(set(numbers)) == len(numbers) >= 2


def test_same_files_give_the_same_bytes() -> None:
    old, new = Word("<p>甲"), Word("<p>乙")
    assert tracked(old.bytes, new.bytes) == tracked(old.bytes, new.bytes)


TEXT = st.text(st.sampled_from("甲乙丙丁AB12,.（）%"), min_size=1, max_size=8)
ROW = st.lists(TEXT, min_size=2, max_size=2).map(
    lambda cells: "<tr>" + "".join(f"<td>{each}" for each in cells)
)
GROUP = st.tuples(TEXT, st.lists(TEXT, min_size=1, max_size=3)).map(
    lambda group: "".join(
        f"<tr>{'' if number else f'<td rowspan={len(group[1])}>{group[0]}'}<td>{each}"
        for number, each in enumerate(group[1])
    )
)
BLOCK = st.one_of(
    TEXT.map(lambda text: f"<p>{text}</p>"),
    TEXT.map(lambda text: f"<p style='break-before:page'>{text}<br>{text}</p>"),
    st.lists(st.one_of(ROW, GROUP), min_size=1, max_size=4).map(
        lambda rows: f"<p>表</p><table>{''.join(rows)}</table>"
    ),
)
DOCUMENT = st.lists(BLOCK, min_size=1, max_size=5).map("".join)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENT, DOCUMENT)
def test_any_two_documents_are_there_on_either_side(old: str, new: str) -> None:
    assert_tracks(Word(old), Word(new))


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {0} PUBLIC "-//x" "x.dtd">\n'
_LIBRARY = 'xmlns:library="http://openoffice.org/2000/library"'
MACRO = {
    "Standard/Module1.xba": _HEAD.format("script:module")
    + """<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">Sub SettleBoth(source, accepted, rejected)
  Settle(source, accepted, ".uno:AcceptAllTrackedChanges")
  Settle(source, rejected, ".uno:RejectAllTrackedChanges")
End Sub
Sub Settle(source, target, command)
  Dim nothingMore()
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, nothingMore())
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  dispatcher.executeDispatch(doc.CurrentController.Frame, command, "", 0, nothingMore())
  Dim options(0) As New com.sun.star.beans.PropertyValue
  options(0).Name = "FilterName"
  options(0).Value = "MS Word 2007 XML"
  doc.storeToURL(target, options())
  doc.close(True)
End Sub
</script:module>""",
    "Standard/script.xlb": _HEAD.format("library:library")
    + f"""<library:library {_LIBRARY} library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>""",
    "script.xlc": _HEAD.format("library:libraries")
    + f"""<library:libraries {_LIBRARY} xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/"
 xlink:type="simple" library:link="false"/></library:libraries>""",
}


def by_libreoffice(document: Path) -> tuple[Path, Path]:
    """A document after LibreOffice has accepted all of its changes, and after it rejected them."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is not installed: `make test` installs it"
    profile = document.parent / "profile"
    office = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    # A profile's first start runs no macro.
    subprocess.run([*office, "--terminate_after_init"], check=True, capture_output=True)
    for name, content in MACRO.items():
        part = profile / "user/basic" / name
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(content, "utf-8")
    accepted, rejected = (document.with_name(f"{name}.docx") for name in ("accepted", "rejected"))
    given = ", ".join(f'"{path.as_uri()}"' for path in (document, accepted, rejected))
    run = [*office, f"macro:///Standard.Module1.SettleBoth({given})"]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    assert accepted.is_file()
    assert rejected.is_file()
    return accepted, rejected


def words(path: Path) -> str:
    """Everything, with what only the navigation pane shows: LibreOffice renames its style."""
    return squeeze(word_text(path.read_bytes(), navigation=True))


@pytest.mark.slow
def test_libreoffice_accepts_the_new_text_and_rejects_to_the_old(
    teachers_center: Edition, teachers_changes: WrittenBuild, tmp_path: Path
) -> None:
    from reportgen.pipeline import Settings, build
    from reportgen.render.fonts.font_set import font_folders

    given: dict[str, Any] = {"working_folder": ROOT, "font_folders": font_folders()}
    older = Settings(output=tmp_path / "old", formats=("docx",), **given)
    (old,) = build(ROOT / "inputs/105-06-30.xlsx", older).files
    (made,) = (each.path for each in teachers_changes.files if "追蹤修訂" in each.path.name)
    document = tmp_path / "tracked.docx"
    shutil.copy(made, document)
    accepted, rejected = by_libreoffice(document)
    assert words(accepted) == words(teachers_center.docx)
    assert words(rejected) == words(old.path)
    assert words(accepted) != words(rejected)
