"""What docs/ says is so."""

from __future__ import annotations

import doctest
import re
import runpy

import pytest

from reportgen import __version__
from tests.conftest import ROOT
from tests.generated_docs import contents

GENERATED = contents()


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_parts_are_up_to_date(path) -> None:  # type: ignore[no-untyped-def]
    assert path.read_text("utf-8") == GENERATED[path], "run: python -m tests.generated_docs"


def test_the_example_of_the_formula_language_gives_what_it_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(
        r"```pycon\n(.*?)```", (ROOT / "docs/formula.md").read_text("utf-8"), re.S
    )
    test = doctest.DocTestParser().get_doctest(example, {}, "docs/formula.md", None, 0)
    output: list[str] = []
    doctest.DocTestRunner().run(test, out=output.append)
    assert "".join(output) == ""


def test_what_the_example_of_the_roll_up_imports_is_there() -> None:
    imports = re.findall(r"^from reportgen.*", (ROOT / "docs/rollup.md").read_text("utf-8"), re.M)
    assert len(imports) == 2
    for line in imports:
        exec(line, {})


@pytest.mark.parametrize("name", ["README.md", "docs/installation.md"])
def test_system_packages_to_install_are_those_of_the_set_up(name: str) -> None:
    needs = runpy.run_path(str(ROOT / ".ci/machine.py"))["NEEDS"]
    text = (ROOT / name).read_text("utf-8")
    (packages,) = re.findall(r"apt-get install ([^`\n]+)", text)
    assert packages.split() == [need.debian for need in needs if need.level == "report"]


@pytest.mark.parametrize("name", ["README.md", "docs/installation.md"])
def test_wheels_are_named_by_the_version(name: str) -> None:
    versions = re.findall(r"reportgen-([\d.]+)-py3", (ROOT / name).read_text("utf-8"))
    assert set(versions) == {__version__}
