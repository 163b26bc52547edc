"""A kind of document is one entry of the registry and its own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.batch.tasks import BuildOptions
from reportgen.cli import main
from reportgen.cli.argument_parser import parse
from reportgen.documents import (
    COMPARISON,
    DOCUMENT_KINDS,
    Content,
    DocumentKind,
    document_content,
    document_kind,
    edition_documents,
)
from reportgen.web.upload_jobs import JobKind, PreviewedDocument, document_json
from tests.factories.workbooks import sample_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.compute.result_types import Results

TEMPLATE = """<!DOCTYPE html>
<html lang="zh-Hant">
<head><title>{{ heading }}</title><link rel="stylesheet" href="style.css"></head>
<body><section><h1>{{ heading }}</h1><p>{{ kpis }}</p></section></body>
</html>
"""
STYLE = "body { font-family: TW-Kai; font-size: 12pt }"


def invented_content(results: Results) -> Content:
    heading = f"{results.scorecard.agency}函"
    context = {"heading": heading, "kpis": f"共{len(results.kpis)}項指標"}
    return Content(title=heading, context=context, texts=())


INVENTED = DocumentKind(
    name="invented",
    file_name="試作",
    label={"zh-TW": "試作", "en": "Invented"},
    content=invented_content,
    is_default=True,
)


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a folder of templates that has one for the new kind alone."""
    monkeypatch.setitem(DOCUMENT_KINDS, INVENTED.name, INVENTED)
    folder = tmp_path / "templates/invented"
    folder.mkdir(parents=True)
    (folder / "document.html").write_text(TEMPLATE, "utf-8")
    (folder / "style.css").write_text(STYLE, "utf-8")
    return folder.parent


def test_a_new_kind_is_built_under_its_name(invented: Path, tmp_path: Path) -> None:
    workbook, output = tmp_path / "105-12-25.xlsx", tmp_path / "output"
    workbook.write_bytes(sample_bytes())
    options = ["--document", "invented", "--templates", str(invented), "--format", "html,docx"]
    assert main(["build", str(workbook), "-o", str(output), *options]) == 0
    files = {path.suffix: path for path in output.rglob("*_試作_*")}
    assert files.keys() == {".html", ".docx"}
    assert "<p>共9項指標</p>" in files[".html"].read_text("utf-8")


@pytest.mark.usefixtures("invented")
def test_a_new_kind_is_known_wherever_documents_are_listed() -> None:
    assert edition_documents() == ("scorecard", "results", "review", "invented")
    assert BuildOptions().documents == ()  # the defaults of each edition
    assert parse(["collect", "x"], "en").documents == ()
    assert parse(["archive", "add", "x"], "en").documents == ()
    shown = document_json(
        PreviewedDocument(name="invented", title="題", pages=()), JobKind.WORKBOOK
    )
    assert shown["label"] == {"zh-TW": "試作", "en": "Invented"}


def test_an_unregistered_folder_prints_the_scorecard_under_its_own_name() -> None:
    kind = document_kind("附件")
    assert (kind.file_name, kind.label["en"]) == ("附件", "附件")
    assert kind.content is DOCUMENT_KINDS["scorecard"].content


def test_a_comparison_is_not_made_of_one_edition() -> None:
    with pytest.raises(ValueError, match="not made of one edition"):
        document_content(COMPARISON, None)  # type: ignore[arg-type]


def test_each_kind_has_a_name_of_its_own_for_its_files() -> None:
    names = [kind.file_name for kind in DOCUMENT_KINDS.values()]
    assert len(set(names)) == len(names)
