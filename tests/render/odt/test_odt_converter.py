"""ODT by LibreOffice: the same pages as Word's, the same bytes every time, and what goes wrong."""

from __future__ import annotations

import io
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

import pytest

from reportgen import pipeline
from reportgen.problems import ExitCode, StoppedError, make_problem
from reportgen.render.docx.write.docx_package import zip_files
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.odt import libreoffice, odt_converter
from reportgen.render.verify import output_text
from tests.conftest import ROOT
from tests.readers.libreoffice import to_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Edition


@pytest.fixture(scope="session")
def scorecard(teachers_center: Edition) -> bytes:
    """The edition 105-12-25 as ODT."""
    made, problems = odt_converter.convert_to_odt(
        {"scorecard.docx": teachers_center.docx.read_bytes()}
    )
    assert problems == ()
    return made["scorecard.docx"]


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.slow
def test_package_is_what_the_standard_asks(scorecard: bytes) -> None:
    with ZipFile(io.BytesIO(scorecard)) as opened:
        entries = opened.infolist()
    assert entries[0].filename == "mimetype"
    assert entries[0].compress_type == ZIP_STORED
    assert scorecard[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.textPK\x03\x04")
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    listed = parts(scorecard)["META-INF/manifest.xml"].decode()
    kept = [name for name in parts(scorecard) if name not in ("mimetype", "META-INF/manifest.xml")]
    assert listed.count("<manifest:file-entry ") == len(kept) + 1
    assert all(f'full-path="{name}"' in listed for name in ("/", *kept))


def test_says_the_edition_and_nothing_of_the_machine(scorecard: bytes) -> None:
    meta = parts(scorecard)["meta.xml"].decode()
    assert "臺北市教師研習中心 策略地圖與平衡計分卡（105-12-25 修表）" in meta
    assert meta.count("2016-12-25T00:00:00") == 2
    assert "editing-duration" not in meta
    settings = parts(scorecard)["settings.xml"].decode()
    assert not {"PrinterName", "PrinterSetup", "Rsid", "RsidRoot"} & set(settings.split('"'))
    assert not [name for name in parts(scorecard) if "thumbnail" in name]


@pytest.mark.slow
def test_pages_are_those_of_word(
    scorecard: bytes, teachers_center: Edition, tmp_path: Path
) -> None:
    document = tmp_path / "scorecard.odt"
    document.write_bytes(scorecard)
    pages = output_text.pdf_page_texts(to_pdf(document, tmp_path / "pdf").read_bytes())
    assert pages == output_text.pdf_page_texts(teachers_center.docx_as_pdf.read_bytes())


@pytest.mark.slow
def test_same_bytes_wherever_and_beside_each_other(
    scorecard: bytes, teachers_center: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = {"scorecard.docx": teachers_center.docx.read_bytes()}
    for name, value in {"TZ": "Asia/Taipei", "LC_ALL": "zh_TW.UTF-8", "LANGUAGE": "zh_TW"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    twice = {**word, "second.docx": word["scorecard.docx"]}
    with ThreadPoolExecutor(2) as both:
        made = [each for each, _ in both.map(odt_converter.convert_to_odt, (word, twice))]
    assert [content == scorecard for each in made for content in each.values()] == [True] * 3
    assert list(tmp_path.iterdir()) == []


def package(**files: str) -> bytes:
    return zip_files(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": _manifest("/", *(f"{name}.xml" for name in files)),
            **{f"{name}.xml": content.encode() for name, content in files.items()},
        }
    )


def _manifest(*names: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(f'<m:file-entry m:full-path="{name}"/>' for name in names)
    return f'<m:manifest xmlns:m="{space}">{entries}</m:manifest>'.encode()


SPACES = 'xmlns:ooo="http://openoffice.org/2009/office" ' + " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "config", "meta")
)


def body(content: str) -> str:
    inside = f"<office:body><office:text>{content}</office:text></office:body>"
    return f"<office:document-content {SPACES}>{inside}</office:document-content>"


def test_numbers_of_a_session_are_counted_anew() -> None:
    said = (
        '<text:changed-region xml:id="ct{0}" text:id="ct{0}"/><text:list xml:id="list{1}"/>'
        '<text:p ooo:rsid="00{0}">x<text:change-start text:change-id="ct{0}"/></text:p>'
        '<text:list text:continue-list="list{1}"/><text:p xml:id="mine">ct{0}</text:p>'
    )
    first, second = (
        odt_converter.normalize(package(content=body(said.format(*numbers))))
        for numbers in ((94584090722784, 3771882938), (94195049485536, 1234567890))
    )
    content = parts(first)["content.xml"].decode()
    assert 'xml:id="ct1"' in content
    assert 'text:change-id="ct1"' in content
    assert 'text:continue-list="list2"' in content
    assert 'xml:id="mine">ct94584090722784<' in content  # a text is no id
    assert "rsid" not in content
    assert content.replace("94584090722784", "") == parts(second)["content.xml"].decode().replace(
        "94195049485536", ""
    )


def test_what_the_moment_and_the_machine_leave_is_taken_out() -> None:
    settings = "".join(
        f'<config:config-item config:name="{name}">1</config:config-item>'
        for name in ("Rsid", "PrinterSetup", "PrinterName", "TabOverMargin")
    )
    meta = "<meta:editing-duration>PT1S</meta:editing-duration><meta:generator>x</meta:generator>"
    made = odt_converter.normalize(
        package(
            settings=f"<office:document-settings {SPACES}>{settings}</office:document-settings>",
            meta=f"<office:document-meta {SPACES}>{meta}</office:document-meta>",
        )
    )
    assert parts(made)["settings.xml"].decode().count("config:config-item ") == 1
    assert "TabOverMargin" in parts(made)["settings.xml"].decode()
    assert "PT1S" not in parts(made)["meta.xml"].decode()
    assert "generator" in parts(made)["meta.xml"].decode()


def test_text_is_that_which_is_not_struck() -> None:
    struck = "<text:tracked-changes><text:p>old</text:p></text:tracked-changes>"
    content = package(content=body(f"{struck}<text:p>新<text:span>文</text:span>字</text:p>"))
    assert odt_converter.odt_text(content) == "新文字"


WORD = zip_files(
    {
        "word/document.xml": (
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            "<w:body><w:p><w:r><w:t>新文字</w:t></w:r></w:p></w:body></w:document>"
        ).encode()
    }
)


@pytest.fixture
def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a program of a shell script stand in for LibreOffice."""

    def write(script: str) -> None:
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda name: str(program))

    return write


def saved(content: bytes, folder: Path) -> str:
    """A script that saves this, whatever it is given."""
    (folder / "made").write_bytes(content)
    return f'mkdir -p out; cp "{folder}/made" out/1.odt'


def test_odt_that_says_something_else_is_refused(
    tmp_path: Path, instead: Callable[[str], None]
) -> None:
    instead(saved(package(content=body("<text:p>新字</text:p>")), tmp_path))
    made, (problem,) = odt_converter.convert_to_odt({"x.docx": WORD})
    assert made == {}
    assert (problem.code, problem.where.file) == ("E413", "x.docx")
    instead(saved(package(content=body("<text:p>新文 字</text:p>")), tmp_path))
    assert odt_converter.convert_to_odt({"x.docx": WORD})[1] == ()


@pytest.mark.parametrize(
    ("script", "reason", "reason_en"),
    [
        ("echo 'no space' >&2; exit 77", "結束代碼 77 (no space)", "exit code 77 (no space)"),
        ("echo 'no java'; exit 0", "沒有產生檔案", "it made no file"),
        ("mkdir out; echo x > out/1.odt", "檔案不完整", "the file is broken"),
        ("kill -9 $$", "結束代碼 -9", "exit code -9"),
    ],
)
def test_libreoffice_that_fails(
    script: str, reason: str, reason_en: str, instead: Callable[[str], None]
) -> None:
    instead(script)
    problem = make_problem("E508", reason=reason, reason_en=reason_en)
    assert odt_converter.convert_to_odt({"x.docx": WORD}) == ({}, (problem,))


def test_libreoffice_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path))
    made, (problem,) = odt_converter.convert_to_odt({"x.docx": WORD})
    assert made == {}
    assert problem.code == "E508"
    assert "Permission denied" in problem.message("en")


def test_libreoffice_that_hangs_is_ended_with_its_children(
    tmp_path: Path, instead: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "START_TIMEOUT_S", 0.3)
    monkeypatch.setattr(libreoffice, "FILE_TIMEOUT_S", 0.0)
    instead(f'sleep 60 & echo $! > "{tmp_path}/child"; wait')
    begun = time.monotonic()
    made, (problem,) = odt_converter.convert_to_odt({"x.docx": WORD})
    assert (made, problem.code) == ({}, "E508")
    assert time.monotonic() - begun < 10
    child = int((tmp_path / "child").read_text())
    while time.monotonic() - begun < 10:
        if not runs(child):
            return
        time.sleep(0.02)
    pytest.fail("its child goes on")


def runs(process: int) -> bool:
    """Whether a process is there, and not only for its parent to ask how it ended."""
    try:
        os.kill(process, 0)
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


def settings(folder: Path, *formats: str) -> pipeline.Settings:
    return pipeline.Settings(
        output=folder, formats=formats, working_folder=ROOT, font_folders=font_folders()
    )


def test_without_libreoffice_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: "")
    with pytest.raises(StoppedError) as stop:
        pipeline.build(ROOT / "inputs/105-12-25.xlsx", settings(tmp_path, "pdf", "odt"))
    assert make_problem("E507") in stop.value.problems
    assert stop.value.exit_code is ExitCode.ENVIRONMENT
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("formats", "endings"), [(("odt",), {".odt"}), (("docx", "odt"), {".docx", ".odt"})]
)
def test_odt_alone_and_beside_word(
    formats: tuple[str, ...],
    endings: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def convert(files: dict[str, bytes]) -> tuple[dict[str, bytes], tuple[()]]:
        return dict.fromkeys(files, b"odt"), ()

    monkeypatch.setattr(odt_converter, "convert_to_odt", convert)
    monkeypatch.setattr(libreoffice, "find_program", lambda: "soffice")
    built = pipeline.build(ROOT / "inputs/105-12-25.xlsx", settings(tmp_path, *formats))
    assert {written.path.suffix for written in built.files} == endings
    assert len({written.path.stem for written in built.files}) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("formats", "endings"),
    [
        (("odt",), [".odt", ".odt"]),
        (("pdf", "odt"), [".odt", ".odt", ".pdf"]),
        (("html",), [".html"]),
    ],
)
def test_a_comparison_in_any_formats(
    formats: tuple[str, ...],
    endings: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        odt_converter, "convert_to_odt", lambda files: (dict.fromkeys(files, b"odt"), ())
    )
    monkeypatch.setattr(libreoffice, "find_program", lambda: "soffice")
    old, new = (ROOT / f"inputs/{edition}.xlsx" for edition in ("105-06-30", "105-12-25"))
    built = pipeline.compare_workbooks(old, new, settings(tmp_path, *formats))
    made = sorted(written.path.suffix for written in built.files)
    assert made == sorted([*endings, ".json"])
