"""Odd and broken templates: told once, with file and line, and never a traceback."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reportgen.render.document import RenderJob, render_job
from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.templates.source_locations import MAIN_FILE
from reportgen.render.templates.template_engine import Template

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.problems import Problem


@pytest.fixture(scope="module")
def machine() -> FontSet:
    return FontSet(find_fonts(font_folders())[0])


def problems(folder: Path, html: bytes, css: bytes, machine: FontSet) -> tuple[Problem, ...]:
    (folder / MAIN_FILE).write_bytes(html)
    (folder / "style.css").write_bytes(css)
    job = RenderJob(
        template=Template(folder),
        context={},
        formats=("pdf", "docx"),
        title="題",
        author="甲",
        day=date(2016, 12, 25),
        source_name="a.xlsx",
        source=b"PK",
    )
    made = render_job(job, machine)
    assert bool(made.files) == (not made.problems)
    return made.problems


LINK = '<link rel="stylesheet" href="style.css">\n'
ODD: dict[str, tuple[bytes, bytes, list[tuple[str, str, int | None, str]]]] = {
    "UTF-16": (LINK.encode("utf-16"), b"", [("E401", MAIN_FILE, None, "UTF-8")]),
    "a binary stylesheet": (b"<p>a", bytes(range(256)), [("E401", "style.css", None, "UTF-8")]),
    "nothing": (b"", b"", [("E407", "", None, "empty")]),
    "no text": (b"<!DOCTYPE html><body>\n<p></p>", b"", [("E407", "", None, "empty")]),
    "a vast span": (
        b"<table><tr>\n<td colspan='1000000000'>a",
        b"",
        [("E407", MAIN_FILE, 2, "colspan='1000000000")],
    ),
    "too deep": (b"<div>" * 3000 + b"a", b"", [("E402", MAIN_FILE, None, "RecursionError")]),
    "an absent stylesheet": (
        b"\n<link rel='stylesheet' href='styl.css'><p>a",
        b"",
        [("E406", MAIN_FILE, 2, "styl.css")],
    ),
    "the network, twice": (
        b'<img src="http://a.invalid/x.png" alt=""><p>a<img src="http://a.invalid/x.png" alt="">',
        b"",
        [("E406", MAIN_FILE, 1, "http://a.invalid/x.png")],
    ),
    "a broken picture": (
        b"<p>a<img alt='' src='data:image/png;base64," + b"QUJD" * 99 + b"'>",
        b"",
        [("E407", "", None, "data:image/png")],
    ),
    "another font": (
        LINK.encode() + b"<p>a",
        b'p {\n  font-family: "Comic Sans MS";\n}',
        [("E404", "style.css", 2, "Comic Sans MS")],
    ),
    "a font with one to fall back on": (
        LINK.encode() + b"<p>a",
        b'p { font-family: "Comic Sans MS", "tw-kai" } b { font: 9pt Arial; font-family: serif }',
        [("E404", "style.css", 1, "Comic Sans MS")],
    ),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(("html", "css", "told"), ODD.values(), ids=ODD.keys())
def test_it_is_told_once_where_it_is(
    html: bytes,
    css: bytes,
    told: list[tuple[str, str, int | None, str]],
    tmp_path: Path,
    machine: FontSet,
) -> None:
    found = problems(tmp_path, html, css, machine)
    assert len(found) == len(told)
    for problem, (code, file, line, words) in zip(found, told, strict=True):
        assert problem.code == code
        assert problem.where.file == str(tmp_path / file)
        assert problem.where.line == line or line is None
        assert words in problem.line()
        assert "template.invalid" not in problem.line()
        assert len(problem.message()) < 250


def test_one_form_of_path(tmp_path: Path, machine: FontSet) -> None:
    html = b"<link rel='stylesheet' href='style.css'>\n<blink>a</blink>"
    found = problems(tmp_path, html, b"p { order: 1 }", machine)
    assert {(each.code, each.where.file) for each in found} == {
        ("E403", str(tmp_path / MAIN_FILE)),
        ("E404", str(tmp_path / "style.css")),
    }
