"""A template that would take all time or memory ends within bounds, as a problem at its line."""

from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.problems import Location, has_errors
from reportgen.processes import resource_limits, sandbox
from reportgen.processes.call_errors import CallFailedError, EndReason, TracebackLine
from reportgen.processes.sandbox import StartMethod
from reportgen.render import limits, sandboxed_renderer
from reportgen.render.templates.source_locations import MAIN_FILE
from reportgen.render.weasyprint_patches.startup import load_weasyprint
from tests.conftest import ROOT
from tests.factories.templates import LINK, job, machine
from tests.readers.leftover_processes import children

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.problems import Problem

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no child without fork"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Forks with short clocks, that keep temporary files in a folder of the test."""
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: StartMethod.FORK)
    monkeypatch.setattr(resource_limits, "GRACE_S", 0.5)
    monkeypatch.setattr(limits, "TEMPLATE_TIMEOUT_S", 2.0)
    load_weasyprint()  # as the pipeline does
    monkeypatch.setattr(limits, "LAYOUT_TIMEOUT_S", 3.0)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def made(folder: Path, html: str, css: str = "", **context: Any) -> tuple[Problem, ...]:
    """The problems of a template; no file, no process and no temporary file is left."""
    start = time.monotonic()
    files, problems = sandboxed_renderer.start_rendering(
        job(folder / "t", html, css, **context), machine()
    ).result()
    assert time.monotonic() - start < 10
    assert bool(files) != has_errors(problems)
    assert list((folder / "tmp").iterdir()) == []
    assert children() == []
    return problems


ENDLESS = {
    "loops in loops": (
        "\n{% for a in range(99999) %}{% for b in range(99999) %}\n{{ b }}{% endfor %}{% endfor %}",
        "E409",
        (2, 3),
    ),
    "loops without a word": (
        "甲\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "E409",
        (2,),
    ),
    "a text that doubles": (
        "{% set n=namespace(t='x') %}\n{% for i in range(99) %}\n{% set n.t=n.t~n.t %}{% endfor %}",
        "E409",
        (3,),
    ),
    "a text that is repeated": ("\n\n{{ 'x' * 3000000000 }}", "E402", (3,)),
    "a list that is repeated": ("{{ [1] * 3000000000 }}", "E402", (1,)),
    "a power": ("\n{{ 9 ** (9 ** 9) }}", "E402", (2,)),
    "a power of a power": ("{% set a = 2 ** 4999 %}\n{{ a ** 4999 }}", "E402", (2,)),
    "a range": ("{{ range(10**9) | list }}", "E402", (1,)),
    "room on both sides": ("\n{{ 'x' | center(3000000000) }}", "E409", (2,)),
    "a filter that searches": ("\n{{ ('a' * 200000 ~ '!') | wordwrap(1) | urlize }}", "", ()),
    "a call of C that does not return": (
        "{% set t = 'x' * 9000000 %}\n{{ (t | replace('x', 'y' * 100)) }}",
        "E409",
        (2,),
    ),
    "macros of themselves": ("\n{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "E402", (2,)),
    "includes of itself": ("\n{% include 'document.html' %}", "E402", (2,)),
    "an absurd format": ("\n{{ '%3000000000d' | format(1) }}", "E409", (2,)),
}


@pytest.mark.slow
@pytest.mark.parametrize(("html", "code", "lines"), ENDLESS.values(), ids=ENDLESS.keys())
def test_a_template_ends_at_its_line(
    tmp_path: Path, html: str, code: str, lines: tuple[int, ...]
) -> None:
    problems = made(tmp_path, f"{html}<p>甲", formats=("pdf",))
    errors = [each for each in problems if has_errors([each])]
    if not code:  # it does end
        assert {each.code for each in errors} <= {"E409"}
        return
    (problem,) = errors
    assert problem.code == code
    assert problem.where.file == str(tmp_path / "t" / MAIN_FILE)
    assert problem.where.line in lines


@pytest.mark.slow
def test_a_line_is_found_where_no_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second clock: a filter that never comes back from C."""
    from reportgen.render.templates import template_engine as stage

    monkeypatch.setattr(stage, "width_in_ems", lambda text: deque(repeat(None), maxlen=0))
    (problem,) = made(tmp_path, "<p>\n\n{{ 'x' | ems }}")
    assert problem.code == "E409"
    assert problem.where == Location(file=str(tmp_path / "t" / MAIN_FILE), line=3)


LARGE = {
    "a stylesheet of many rules": (LINK + "<p>甲", "p{color:red}" * 60_000),
    "a stylesheet of one selector": (LINK + "<p>甲", "p" + " p" * 200_000 + "{color:red}"),
    "a table of 100,000 cells": (
        "<table>" + ("<tr>" + "<td>1" * 100) * 1000 + "</table>",
        "",
    ),
    "many elements in each other": ("<div>" * 5000 + "甲", ""),
    "many phrases in each other": ("<b>" * 5000 + "甲", ""),
    "many tables in each other": ("<table><tr><td>" * 400 + "甲", ""),
    "a table of a thousand columns": (
        "<table><tr>" + "<td>1" * 1000 + "<tr><td colspan=1000 rowspan=1000>2</table>",
        "",
    ),
    "a long word": ("<p>" + "x" * 1_000_000, ""),
    "a vast page": ("<p>甲", "@page { size: 1000000mm }"),
    "a tiny page": ("<p>" + "甲乙" * 5000, "@page { size: 1mm; margin: 0 }"),
    "no page": ("<p>甲", "@page { size: 0 }"),
    "many counters": ("<p>甲", "p::before { content: counters(a, '.') } " + "p{}" * 1000),
    "a vast space": ("<p>甲<p>乙", "p { margin: 1e9mm }"),
    "a vast letter": ("<p>甲", "p { font-size: 1e9pt }"),
    "vast columns": ("<p>甲", "body { columns: 1000000 }"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("html", "css"), LARGE.values(), ids=LARGE.keys())
def test_a_layout_ends(tmp_path: Path, html: str, css: str) -> None:
    """As files or as an error; which of them depends on the machine."""
    problems = made(tmp_path, f"{LINK}<p>乙{html}", css, formats=("pdf",))
    errors = [each for each in problems if has_errors([each])]
    allowed = {"E402", "E407", "E409", "E410", "E411", "E412", "E413"}
    assert {each.code for each in errors} <= allowed
    assert all(each.where.file.startswith(str(tmp_path / "t")) for each in errors)


def test_a_layout_that_takes_too_long_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "LAYOUT_TIMEOUT_S", 0.2)
    (problem,) = made(tmp_path, "<table>" + "<tr><td>1<td>2" * 5000)
    assert (problem.code, dict(problem.fields)["found"]) == ("E409", "時間")
    assert problem.where == Location(file=str(tmp_path / "t" / MAIN_FILE))


@pytest.mark.parametrize("swallowed", [False, True])
def test_a_layout_that_takes_too_much_memory_is_told(
    tmp_path: Path, monkeypatch: Any, swallowed: bool
) -> None:
    from reportgen.render import document

    def hoard(*given: object) -> None:
        kept = []
        try:
            while True:
                kept.append(bytearray(1_000_000))
        except MemoryError:
            if swallowed:
                os._exit(1)
            raise

    monkeypatch.setattr(document, "_lay_out", hoard)
    monkeypatch.setattr(limits, "MEMORY_BYTES", 200_000_000)
    monkeypatch.setattr(limits, "LAYOUT_TIMEOUT_S", 30.0)  # another machine's memory may be slow
    (problem,) = made(tmp_path, "<p>甲")
    assert (problem.code, dict(problem.fields)["found"]) == ("E409", "記憶體")


def test_a_crash_counts_as_want_of_memory(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sandboxed_renderer, "render_job", lambda *given: os.abort())
    (problem,) = made(tmp_path, "<p>甲")
    assert (problem.code, dict(problem.fields)["found"]) == ("E409", "記憶體")


def test_a_fault_of_our_own_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    def stumble(*given: object) -> None:
        raise KeyError("width")

    monkeypatch.setattr(sandboxed_renderer, "render_job", stumble)
    (problem,) = made(tmp_path, "<p>甲")
    assert (problem.code, dict(problem.fields)["found"]) == ("E410", "KeyError: 'width'")


def test_a_fault_of_the_layout_engine_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    from reportgen.render import document

    def stumble(*given: object) -> None:
        raise AttributeError("no such box")

    monkeypatch.setattr(document, "_lay_out", stumble)
    (problem,) = made(tmp_path, "<p>甲")
    assert (problem.code, dict(problem.fields)["found"]) == ("E410", "AttributeError: no such box")


@pytest.mark.parametrize(
    ("reason", "detail", "code"),
    [
        (EndReason.TIMEOUT, 30.0, "E409"),
        (EndReason.MEMORY, 10**9, "E409"),
        (EndReason.SIGNAL, "SIGKILL", "E409"),  # so ends the kernel who takes too much memory
        (EndReason.SIGNAL, "SIGABRT", "E409"),  # and so GLib
        (EndReason.SIGNAL, "SIGSEGV", "E410"),
        (EndReason.SIGNAL, "SIGBUS", "E410"),
        (EndReason.EXCEPTION, "KeyError: 'width'", "E410"),
        (EndReason.START_FAILED, "OSError: no more processes", "E510"),
    ],
)
def test_each_reason_why_a_rendering_ended_has_its_code(
    tmp_path: Path, reason: EndReason, detail: float | str, code: str
) -> None:
    template = job(tmp_path / "t", "<p>甲").template
    problem = sandboxed_renderer.failure_problem(CallFailedError(reason, detail), template)
    assert problem.code == code


def test_a_template_that_does_not_even_compile_in_time_has_no_line(tmp_path: Path) -> None:
    end = CallFailedError(
        EndReason.TIMEOUT, 1, (TracebackLine(str(tmp_path / "t" / MAIN_FILE), 3),)
    )
    template = job(tmp_path / "t", "{{ 'x' | center(300000000) }}\n" * 200).template
    assert sandboxed_renderer.failure_problem(end, template).where.file == str(
        tmp_path / "t" / MAIN_FILE
    )


def test_bounds_grow_with_the_data_and_with_nothing_else() -> None:
    small = limits.document_limits({"a": "甲", "pages": [{"b": "乙"}] * 10})
    large = limits.document_limits({"a": "甲", "pages": [{"b": "乙" * 1000}] * 10})
    picture = limits.document_limits(
        {"a": "甲", "pages": [{"b": "乙"}] * 10, "c": "data:" + "x" * 10**6}
    )
    assert small == picture
    assert small.max_total_seconds is not None
    assert large.max_total_seconds is not None
    assert large.max_total_seconds - small.max_total_seconds == pytest.approx(
        9_990 * limits.LAYOUT_S_PER_CHAR
    )
    assert large.memory - small.memory == 9_990 * limits.MEMORY_BYTES_PER_CHAR


# With a font named: which font "serif" is, a process decides by its first configuration, which in
# this one was another test's.
COLORED = "html { font-family: 'Times New Roman', 標楷體 } p { color: red }"


@pytest.mark.slow
def test_a_template_is_compiled_here_once_a_child_has_rendered_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(
        sandboxed_renderer, "precompile", lambda template: compiled.append(template.name)
    )

    def render(html: str) -> list[str]:
        sandboxed_renderer.start_rendering(job(tmp_path / "t", html), machine()).result()
        return compiled

    assert render("<p>甲</p>") == []
    assert render("<p>甲</p>") == ["t"]
    assert render("<p>甲</p>") == ["t"]
    assert render("<p>乙</p>") == ["t"], "an edited template has yet to be rendered"
    assert render("<p>{{ 1 / 0 }}</p>") == ["t"]
    assert render("<p>{{ 1 / 0 }}</p>") == ["t"], "nor is one that fails"
    assert render("<p>乙</p>") == ["t", "t"], "this one has been"


@pytest.mark.slow
def test_a_compiled_template_makes_the_same_bytes(tmp_path: Path) -> None:
    html, css = f"{LINK}<p>甲 {{{{ 1 + 1 }}}}</p>", "p { color: #123456 } @page { margin: 2cm }"
    files = [
        sandboxed_renderer.start_rendering(
            replace(job(tmp_path / "t", html, css), formats=("pdf", "docx", "html")), machine()
        ).result()[0]
        for _ in range(3)
    ]
    assert set(files[0]) == {"pdf", "docx", "html"}
    assert files[0] == files[1] == files[2]


@pytest.mark.parametrize("parallel_docx", [False, True])
@pytest.mark.parametrize("way", [StartMethod.FORK, StartMethod.SPAWN])
def test_a_child_makes_the_very_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: StartMethod, parallel_docx: bool
) -> None:
    from reportgen.render.document import render_job

    monkeypatch.setattr(limits, "TEMPLATE_TIMEOUT_S", 20.0)  # a new interpreter loads it all
    given = job(tmp_path / "t", LINK + "<p>{{ a | phrases }}", COLORED, a="策略地圖")
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: way)
    files, problems = sandboxed_renderer.start_rendering(
        replace(given, parallel_docx=parallel_docx), machine()
    ).result()
    assert problems == ()
    assert dict(files) == dict(render_job(given, machine()).files)


def no_room(*given: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def asks_for_another_picture(layout: Any, *given: object) -> None:
    layout.document.url_fetcher.fetch("http://example.org/a.png")


def complains(*given: object) -> tuple[bytes, tuple[()]]:
    logging.getLogger("weasyprint").warning("No such thing as `this`")
    return b"", ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("convert", "code"),
    [
        (lambda *given: deque(repeat(None), maxlen=0), "E409"),
        (lambda *given: bytearray(1 << 40), "E409"),
        (lambda *given: os.kill(os.getpid(), signal.SIGKILL), "E409"),
        (lambda *given: 1 // 0, "E410"),
        (no_room, "E505"),
        (complains, "E407"),
        (asks_for_another_picture, "E406"),
        (lambda *given: deep(0), "E402"),
    ],
)
def test_word_that_cannot_be_made_is_told_the_same_beside_the_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, convert: Any, code: str
) -> None:
    monkeypatch.setattr(limits, "LAYOUT_TIMEOUT_S", 1.5)
    monkeypatch.setattr("reportgen.render.docx.convert", convert)
    given = job(tmp_path / "t", "<p>甲")
    told = []
    for parallel_docx in (False, True):
        files, problems = sandboxed_renderer.start_rendering(
            replace(given, parallel_docx=parallel_docx), machine()
        ).result()
        assert not files
        told.append(problems)
        assert children() == []
    assert [each.code for each in told[0]] == [code]
    assert told[0] == told[1]


def deep(number: int) -> int:
    return deep(number + 1)


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    given = job(
        tmp_path / "t",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    )
    with pytest.raises(KeyboardInterrupt), sandboxed_renderer.start_rendering(given, machine()):
        raise KeyboardInterrupt
    assert list((tmp_path / "tmp").iterdir()) == []
    assert children() == []


@pytest.mark.slow
def test_the_command_line_ends_such_a_build_with_nothing_written(tmp_path: Path) -> None:
    folder = tmp_path / "t/scorecard"
    job(folder, "<p>甲\n{{ 9 ** (9 ** 9) }}")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "reportgen", "build", str(ROOT / "inputs/105-12-25.xlsx")),
            *("--templates", str(tmp_path / "t"), "--output", str(tmp_path / "out")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert f"{folder / MAIN_FILE}:2" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
