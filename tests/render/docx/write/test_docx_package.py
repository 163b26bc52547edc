"""The file as a whole: properties, page, header and footer, the same bytes every time."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.provenance import manifest
from reportgen.render.docx import convert
from reportgen.render.docx.write import docx_package
from tests.readers.word_xml import NOWHERE, PROPERTIES, Word, laid_out
from tests.validators.office import audit_findings

if TYPE_CHECKING:
    import pytest

FOOTER = '@page{@bottom-center{content:"第 " counter(page) " 頁，共 " counter(pages) " 頁"}}'
SEVERAL = "<p>a<p style='break-before:page'>b<p style='break-before:page'>c"
DOCUMENT = (
    "<h1>a</h1><ul><li>b</ul><table><tr><td rowspan=2>c<td>d<tr><td>e</table>"
    "<p><a href='https://x.test'>f</a><img alt=g src=\"data:image/svg+xml,"
    "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>\">"
)


def test_same_document_same_bytes() -> None:
    layout = laid_out(DOCUMENT, FOOTER)
    first, _ = convert(layout, PROPERTIES, NOWHERE)
    assert convert(layout, PROPERTIES, NOWHERE)[0] == first
    assert Word(DOCUMENT, FOOTER).bytes == first


def test_the_same_bytes_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.xml": b"<a/>", "b.png": b"1"}
    packed = docx_package.zip_files(files), manifest.zip_files(files)
    monkeypatch.setattr(sys, "platform", "win32")
    assert (docx_package.zip_files(files), manifest.zip_files(files)) == packed


def test_openxml_audit_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "all.docx"
    file.write_bytes(
        Word(DOCUMENT + SEVERAL, FOOTER + "@page:first{@bottom-center{content:none}}").bytes
    )
    assert audit_findings(file) == []


def test_properties() -> None:
    core = "docProps/core.xml"
    word = Word("<p>a")
    assert word.find("//*[local-name()='title']/text()", core) == ["平衡計分卡"]
    assert word.find("//*[local-name()='creator']/text()", core) == ["臺北市教師研習中心"]
    assert word.find("//*[local-name()='language']/text()", core) == ["zh-TW"]
    for name in ("created", "modified"):
        assert word.find(f"//*[local-name()='{name}']/text()", core) == ["2016-12-25T00:00:00Z"]


def test_a_long_title_is_cut() -> None:
    """python-docx refuses more than 255 characters."""
    properties = dataclasses.replace(PROPERTIES, title="策" * 300)
    made, problems = convert(laid_out("<p>a"), properties, NOWHERE)
    assert made
    assert problems == ()


def test_page() -> None:
    word = Word("<p>a", "@page{size:A4 landscape;margin:15mm 20mm 16mm 25mm}")
    page = {name: word.find(f"//w:pgSz/@w:{name}") for name in ("w", "h", "orient")}
    assert page == {"w": ["16838"], "h": ["11906"], "orient": ["landscape"]}
    margins = [word.find(f"//w:pgMar/@w:{side}")[0] for side in ("top", "right", "bottom", "left")]
    assert margins == ["850", "1134", "907", "1417"]


def test_page_numbers_are_fields_with_what_they_show() -> None:
    word = Word(SEVERAL, FOOTER)
    footer = "word/footer1.xml"
    assert [code.strip() for code in word.find("//w:instrText/text()", footer)] == [
        "PAGE",
        "NUMPAGES",
    ]
    assert word.find("//w:t/text()", footer) == ["第 ", "1", " 頁，共 ", "3", " 頁"]
    assert word.val("//w:jc", footer) == ["center"]
    assert word.find("//w:titlePg") == []


def test_a_first_page_without_number() -> None:
    word = Word(SEVERAL, FOOTER + "@page:first{@bottom-center{content:none}}")
    assert word.find("//w:titlePg") == ["titlePg"]
    assert sorted(word.find("//w:footerReference/@w:type")) == ["default", "first"]
    assert word.find("//w:t/text()", "word/footer2.xml") == []


def test_header_in_three_places() -> None:
    css = "@page{@top-left{content:'左'}@top-center{content:'中'}@top-right{content:'右'}}"
    word = Word("<p>a", css)
    assert word.find("//w:p/w:r/*[not(self::w:rPr)]", "word/header1.xml") == [
        "t",
        "tab",
        "t",
        "tab",
        "t",
    ]
    assert word.val("//w:tab[@w:val]", "word/header1.xml") == ["center", "right"]


def test_a_footer_at_the_left_may_be_longer_than_half_the_page() -> None:
    """With a stop in the middle the text at the right would go on a line of its own."""
    css = f"@page{{@bottom-left{{content:'{'左' * 30}'}}@bottom-right{{content:'右'}}}}"
    word = Word("<p>a", css)
    footer = "word/footer1.xml"
    assert word.find("//w:p/w:r/*[not(self::w:rPr)]", footer) == ["t", "tab", "t"]
    assert word.val("//w:tab[@w:val]", footer) == ["right"]


PAGE_PROBLEMS = {
    "@left-middle": "@page{@left-middle{content:'a'}}",
    "content": "@page{@top-left{content:string(title)}}",
    "@page :first": "@page:first{margin:50mm}",
}


def test_what_the_page_asks_for_in_vain() -> None:
    for found, css in PAGE_PROBLEMS.items():
        assert ("E404", found) in Word("<p>a", css).found


def test_settings() -> None:
    word = Word("<p>a")
    mode = "//w:compatSetting[@w:name='compatibilityMode']"
    assert word.val(mode, "word/settings.xml") == ["15"]
    assert word.find("//w:themeFontLang/@w:eastAsia", "word/settings.xml") == ["zh-TW"]
    language = "//w:docDefaults//w:lang"
    assert word.find(f"{language}/@w:eastAsia", "word/styles.xml") == ["zh-TW"]
    assert word.val("//w:docDefaults//w:autoSpaceDE", "word/styles.xml") == ["0"]
    assert not {"docProps/thumbnail.jpeg", "word/stylesWithEffects.xml"} & word.parts.keys()


def test_the_package_is_light() -> None:
    """Neither python-docx nor WeasyPrint is loaded before a document is converted."""
    code = (
        "import sys, reportgen.render.docx; print({'docx', 'weasyprint', 'lxml'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def code_lines(source: str) -> int:
    """The lines of a module without its docstrings."""
    docstrings = 0
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                docstrings += (node.end_lineno or node.lineno) - node.lineno + 1
    return len(source.splitlines()) - docstrings


def test_no_file_has_more_than_300_lines_of_code() -> None:
    folder = Path(__file__).parents[4] / "reportgen/render/docx"
    lengths = {file.name: code_lines(file.read_text("utf-8")) for file in folder.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > 300} == {}
