"""The commands of docs/dev/evidence.md exist: modules, targets of make, tests, variables."""

from __future__ import annotations

import importlib.util
import re

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs/dev/evidence.md").read_text("utf-8")
CODE = re.findall(r"`([^`]+)`", TEXT)
MODULES = sorted({name for code in CODE for name in re.findall(r"python -m ([\w.]+)", code)})
FILES = sorted(
    {path for code in CODE for path in re.findall(r"(?:tests|benchmarks)/[\w./]+", code)}
)
TARGETS = sorted({name for code in CODE for name in re.findall(r"make ([a-z-]+)", code)})
VARIABLES = sorted({name for code in CODE for name in re.findall(r"REPORTGEN_\w+", code)})


@pytest.mark.parametrize("name", MODULES)
def test_module_is_there(name: str) -> None:
    assert importlib.util.find_spec(name) is not None


@pytest.mark.parametrize("path", FILES)
def test_file_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", TARGETS)
def test_make_has_the_target(name: str) -> None:
    assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", VARIABLES)
def test_a_test_reads_the_variable(name: str) -> None:
    assert any(name in path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
