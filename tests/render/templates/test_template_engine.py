"""Templates: escaped, strict, in a sandbox, and every failure at its file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reportgen.problems import Location, make_problem
from reportgen.render.templates import template_engine
from reportgen.render.templates.source_locations import MAIN_FILE
from reportgen.render.templates.template_engine import (
    CHECKOUT_TEMPLATES,
    Template,
    find_template,
    render_template,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "scorecard"
    place.mkdir()
    return place


def template(folder: Path, source: str, **others: str) -> Template:
    (folder / MAIN_FILE).write_text(source, "utf-8")
    for name, content in others.items():
        (folder / f"{name}.html").write_text(content, "utf-8")
    return Template(folder)


def rendered(folder: Path, source: str, **context: Any) -> str:
    text, problems = render_template(template(folder, source), context)
    assert problems == ()
    return text


def test_values_are_escaped(folder: Path) -> None:
    name = "<b>\"甲\" & '乙'</b>"
    assert rendered(folder, '<p title="{{ n }}">{{ n }}</p>', n=name) == (
        '<p title="&lt;b&gt;&#34;甲&#34; &amp; &#39;乙&#39;&lt;/b&gt;">'
        "&lt;b&gt;&#34;甲&#34; &amp; &#39;乙&#39;&lt;/b&gt;</p>"
    )


def test_included_files_are_escaped_too(folder: Path) -> None:
    made = template(folder, "{% include 'part.txt' %}")
    (folder / "part.txt").write_text("{{ n }}", "utf-8")
    assert render_template(made, {"n": "<"}) == ("&lt;", ())


def test_phrases_is_a_filter_that_escapes(folder: Path) -> None:
    assert rendered(folder, "{{ n | phrases }}", n="<甲>") == (
        '<span class="phrase">&lt;甲&gt;</span>'
    )


def test_blocks_leave_no_lines(folder: Path) -> None:
    source = "<ul>\n  {% for n in ns %}\n  <li>{{ n }}\n  {% endfor %}\n</ul>"
    assert rendered(folder, source, ns=[1, 2]) == "<ul>\n  <li>1\n  <li>2\n</ul>"


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("a\n{{ }}\n", 2, "Expected an expression, got 'end of print statement'"),
        ("\n\n{% for x in y %}\n", 3, "Unexpected end of template."),
        ("{{ a | nothing }}", 1, "No filter named 'nothing'."),
        ("a\n{% nothing %}", 2, "Encountered unknown tag 'nothing'."),
    ],
)
def test_syntax_error_has_its_line(folder: Path, source: str, line: int, found: str) -> None:
    text, (problem,) = render_template(template(folder, source), {})
    assert text == ""
    assert problem.code == "E401"
    assert problem.where == Location(file=str(folder / MAIN_FILE), line=line)
    assert dict(problem.fields)["found"].startswith(found)


def test_syntax_error_in_an_included_file_is_found_there(folder: Path) -> None:
    made = template(folder, "{% include 'part.html' %}", part="a\nb\n{{ ( }}")
    _, (problem,) = render_template(made, {})
    assert (problem.code, problem.where) == (
        "E401",
        Location(file=str(folder / "part.html"), line=3),
    )


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("\n{{ absent }}", 2, "'absent' is undefined"),
        ("{{ n.absent }}", 1, "'int object' has no attribute 'absent'"),
        ("{% if absent %}{% endif %}", 1, "'absent' is undefined"),
        ("\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("{{ n + 'a' }}", 1, "unsupported operand type(s) for +: 'int' and 'str'"),
        ("a\n{% include 'absent.html' %}", 2, "'absent.html' not found in search path"),
        ("{{ ns[5:].first().x }}", 1, "'list object' has no attribute 'first'"),
        ("{{ n.__class__ }}", 1, "access to attribute '__class__' of 'int' object is unsafe."),
        ("{{ ns.append(1) }}", 1, "access to attribute 'append' of 'list' object is unsafe."),
        ("{{ range(999999999) }}", 1, "Range too big."),
        ("\n{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", 2, "maximum recursion depth"),
    ],
)
def test_failure_has_its_line(folder: Path, source: str, line: int, found: str) -> None:
    text, (problem,) = render_template(template(folder, source), {"n": 1, "ns": [1, 2]})
    assert text == ""
    assert problem.code == "E402"
    assert problem.where == Location(file=str(folder / MAIN_FILE), line=line)
    assert dict(problem.fields)["found"].startswith(found)


def test_failure_in_an_included_file_is_found_there(folder: Path) -> None:
    made = template(folder, "\n{% include 'part.html' %}", part="a\n\n{{ absent }}")
    _, (problem,) = render_template(made, {})
    assert problem.where == Location(file=str(folder / "part.html"), line=3)


def test_file_that_is_no_utf_8_is_a_problem(folder: Path) -> None:
    (folder / MAIN_FILE).write_bytes("臺北".encode("cp950"))
    text, (problem,) = render_template(Template(folder), {})
    assert (text, problem.code) == ("", "E402")
    assert problem.where == Location(file=str(folder / MAIN_FILE))


@pytest.mark.parametrize("name", ["../secret.html", "/etc/passwd", "sub/../../secret.html"])
def test_nothing_outside_the_folder_is_included(folder: Path, name: str) -> None:
    (folder.parent / "secret.html").write_text("secret", "utf-8")
    text, (problem,) = render_template(template(folder, f"{{% include '{name}' %}}"), {})
    assert (text, problem.code) == ("", "E402")


def test_template_has_a_name_and_stylesheets(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "b.css").write_text("b {}", "utf-8")
    (folder / "sub/c.css").write_text("c {}", "utf-8")
    (folder / "a.css").write_text("a {}", "utf-8")
    made = template(folder, "")
    assert made.name == "scorecard"
    assert made.stylesheets() == "a {}\nb {}\nc {}"


def place(folder: Path) -> Path:
    """A templates folder with one document."""
    (folder / "scorecard").mkdir(parents=True)
    (folder / "scorecard" / MAIN_FILE).touch()
    return folder


def test_look_up_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explicit, packaged = place(tmp_path / "mine"), place(tmp_path / "packaged")
    here = tmp_path / "work"
    place(here / "templates")
    monkeypatch.setattr(template_engine, "PACKAGED_TEMPLATES", packaged)
    empty = tmp_path / "empty"
    for given, working, expected in [
        (explicit, here, explicit),
        (None, here, here / "templates"),
        (None, empty, packaged),
    ]:
        assert find_template("scorecard", given, working) == (Template(expected / "scorecard"), ())
    monkeypatch.setattr(template_engine, "PACKAGED_TEMPLATES", empty)
    assert find_template("scorecard", None, empty) == (
        Template(CHECKOUT_TEMPLATES / "scorecard"),
        (),
    )


def test_explicit_folder_is_the_only_one_looked_in(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    place(tmp_path / "templates")
    assert find_template("scorecard", mine, tmp_path) == (
        None,
        (make_problem("E405", found="scorecard", places=mine / "scorecard" / MAIN_FILE),),
    )


def test_every_place_is_named(tmp_path: Path) -> None:
    found, (problem,) = find_template("map", None, tmp_path)
    assert found is None
    assert len(problem.expected().split("、")) == 3
