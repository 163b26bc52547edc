"""A page of a table has rows of it and its headings, or a problem says where it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reportgen.render.document import render_job
from tests.factories.templates import LINK, job, machine

if TYPE_CHECKING:
    from pathlib import Path

CSS = """@page { size: A5 landscape; margin: 10mm } * { margin: 0 } p, td, th { font-size: 12pt }
.page { break-before: page } tr { break-inside: avoid } table { table-layout: fixed }"""
LONG = "長期之使命與願景說明" * 150
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def told(folder: Path, body: str, **names: Any) -> list[tuple[str, str, str]]:
    cells = {"B2": names.get("a", ""), "B3": names.get("b", "")}
    made = render_job(job(folder, LINK + body, CSS, cells=cells, **names), machine())
    return [
        (problem.code, problem.where.cell, dict(problem.fields)["page"])
        for problem in made.problems
    ]


def table(*rows: str, head: str = "欄") -> str:
    return (
        f"<table><thead><tr><th>{head}</th></tr></thead><tbody>"
        f"{''.join(f'<tr><td>{row}</td></tr>' for row in rows)}</tbody></table>"
    )


def test_rows_below_the_headings_are_no_problem(tmp_path: Path) -> None:
    body = f"<section class='page'><h1>標題</h1>{table('{{ a }}', '乙')}</section>"
    assert told(tmp_path, body, a="甲" * 900) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [f"<p>{{{{ a }}}}</p>{table('{{ b }}')}", table("{{ b }}", head="{{ a }}")],
    ids=["statement", "column heading"],
)
def test_headings_that_leave_no_room_are_told_by_their_cell(tmp_path: Path, body: str) -> None:
    found = told(tmp_path, f"<section class='page'><h1>標題</h1>{body}</section>", a=LONG, b="列")
    assert ("E421", "B2", "1") in found


def test_pages_without_headings_are_told(tmp_path: Path) -> None:
    """What is long stands in a table that is not the last: nothing distributes it."""
    rows = ["{{ a }}", *("列",) * 40]
    body = f"<section class='page'><h1>標題</h1>{table(*rows)}{table('末')}</section>"
    assert [code for code, *_ in told(tmp_path, body, a="甲")] != []
