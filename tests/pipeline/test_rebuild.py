"""A PDF alone is enough to make it again; and what is said when it comes out otherwise."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader, PdfWriter

from reportgen.pipeline import Settings
from reportgen.pipeline.rebuild import rebuild_file
from reportgen.problems import StoppedError
from reportgen.provenance import manifest
from reportgen.provenance.manifest import attachments
from reportgen.render.fonts.font_set import font_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from reportgen.pipeline import WrittenBuild
    from tests.conftest import Edition

GIVEN: dict[str, Any] = {"font_folders": font_folders()}


@pytest.fixture
def made(
    teachers_center: Edition, teachers_results: Edition, teachers_changes: WrittenBuild
) -> dict[str, Path]:
    """The PDFs of an edition, by document."""
    (changes,) = (each.path for each in teachers_changes.files if each.path.suffix == ".pdf")
    files = (teachers_center.pdf, teachers_results.pdf, changes)
    return {
        json.loads(attachments(path.read_bytes())["build.json"])["document"]: path for path in files
    }


def again(file: Path, folder: Path) -> Any:
    return rebuild_file(file, Settings(output=folder, working_folder=folder, **GIVEN))


@pytest.mark.slow
@pytest.mark.parametrize("document", ["scorecard", "results", "comparison"])
def test_the_same_bytes_come_out(document: str, made: dict[str, Path], tmp_path: Path) -> None:
    found = again(made[document], tmp_path)
    assert (found.identical, found.changed) == (True, ())
    assert (found.document, found.edition) == (document, "105-12-25")
    for path, content in found.contents.items():
        assert (made[document].parent / path.name).read_bytes() == content
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_what_has_changed_is_named(
    made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {**manifest.library_versions_used(), "Pango": "9.9"}
    monkeypatch.setattr(manifest, "library_versions_used", lambda: told)
    found = again(made["scorecard"], tmp_path)
    assert not found.identical
    assert [(name, now) for name, _, now in found.changed] == [("Pango", "9.9")]


def test_a_file_that_was_altered_is_no_change_of_the_machine(
    made: dict[str, Path], tmp_path: Path
) -> None:
    content = made["scorecard"].read_bytes() + b"% signed by nobody"
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(content)
    found = again(altered, tmp_path)
    assert (found.identical, found.changed) == (False, ())


def rewritten(content: bytes, change: Callable[[dict[str, bytes]], Mapping[str, bytes]]) -> bytes:
    """A PDF with other attachments."""
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(content)))
    for name, data in change(attachments(content)).items():
        writer.add_attachment(name, data)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


def damaged_zip(*, name: bytes = b"a.css", content: bytes = b"x" * 100) -> bytes:
    """A zip whose entry's name or compressed data is replaced, which its index does not show."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("甲.css", "y" * 100)
    stored = buffer.getvalue().replace("甲.css".encode(), name + b"." * (7 - len(name)))
    start = 30 + 7  # of the data, after the header and the name
    return stored[:start] + content[:5] + stored[start + 5 :]


def renamed(carried: Mapping[str, bytes]) -> dict[str, bytes]:
    record = json.loads(carried["build.json"])
    record["workbooks"] = {"../a.xlsx": ""}
    told = json.dumps(record).encode()
    return {**carried, "build.json": told, "../a.xlsx": carried["105-12-25.xlsx"]}


def told(**record: object) -> Callable[[dict[str, bytes]], Mapping[str, bytes]]:
    """A record that says something else, and a workbook for each that it names."""

    def change(carried: dict[str, bytes]) -> Mapping[str, bytes]:
        new = {**json.loads(carried["build.json"]), **record}
        workbook = carried["105-12-25.xlsx"]
        workbooks = dict.fromkeys(filter(None, map(str, new["workbooks"])), workbook)
        return {**carried, **workbooks, "build.json": json.dumps(new).encode()}

    return change


FAULTS: dict[str, tuple[Callable[[dict[str, bytes]], Mapping[str, bytes]], str]] = {
    "nothing inside": (lambda carried: {}, "E640"),
    "no record": (lambda carried: {k: v for k, v in carried.items() if k != "build.json"}, "E640"),
    "no workbook": (lambda carried: {k: v for k, v in carried.items() if "xlsx" not in k}, "E640"),
    "a record that is none": (lambda carried: {**carried, "build.json": b"[1]"}, "E640"),
    "a path for a workbook": (renamed, "E641"),
    "no workbooks": (told(workbooks={}), "E641"),
    "workbooks without digests": (told(workbooks=["105-12-25.xlsx"]), "E641"),
    "a workbook too many": (told(workbooks={"105-12-25.xlsx": "", "b.xlsx": ""}), "E641"),
    "one workbook for a comparison": (told(document="comparison"), "E641"),
    "a folder for a workbook": (told(workbooks={"..": ""}), "E641"),
    "a long name for a workbook": (told(workbooks={"a" * 256: ""}), "E641"),
    "a name that cannot be": (told(workbooks={"a\nb": ""}), "E641"),
    "no document": (told(document=None), "E641"),
    "a folder for a document": (told(document="."), "E641"),
    "a template that is no zip": (lambda carried: {**carried, "templates.zip": b"PK"}, "E641"),
    "a way out": (lambda carried: {**carried, "templates.zip": zipped("../../x")}, "E641"),
    "a root": (lambda carried: {**carried, "templates.zip": zipped("/etc/x")}, "E641"),
    "damaged data": (lambda carried: {**carried, "templates.zip": damaged_zip()}, "E641"),
    "no UTF-8": (lambda carried: {**carried, "templates.zip": damaged_zip(name=b"\xff")}, "E641"),
    "a deep record": (lambda carried: {**carried, "build.json": b"[" * 99_999}, "E640"),
    "versions as a list": (told(versions=["9.9"]), "E641"),
    "fonts as a text": (told(fonts="TW-Kai"), "E641"),
    "a template of numbers": (told(template={"a.css": 1}), "E641"),
}


@pytest.mark.parametrize(("change", "code"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_made_again_is_told(
    change: Callable[[dict[str, bytes]], Mapping[str, bytes]],
    code: str,
    made: dict[str, Path],
    tmp_path: Path,
) -> None:
    file = tmp_path / "other.pdf"
    file.write_bytes(rewritten(made["scorecard"].read_bytes(), change))
    with pytest.raises(StoppedError) as stop:
        again(file, tmp_path)
    assert [each.code for each in stop.value.problems] == [code]
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("content", "code"), [(b"", "E640"), (b"no PDF", "E640")])
def test_what_is_no_pdf_is_told(content: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "no.pdf"
    file.write_bytes(content)
    with pytest.raises(StoppedError) as stop:
        again(file, tmp_path)
    assert [each.code for each in stop.value.problems] == [code]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoppedError) as stop:
        again(tmp_path / "a.pdf", tmp_path)
    assert [each.code for each in stop.value.problems] == ["E303"]
