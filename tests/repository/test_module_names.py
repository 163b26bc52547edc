"""Modules are found by their names: none twice, none hidden by a function, none in a circle."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

import reportgen

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(reportgen.__file__).parent
MODULES = {
    module.name: Path(module.module_finder.path) / module.name.rpartition(".")[2]  # type: ignore[union-attr]
    for module in pkgutil.walk_packages(reportgen.__path__, "reportgen.")
}


def source(name: str) -> ast.Module:
    path = MODULES[name]
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text("utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    """Names of modules that a module imports, at once or within a function; types excepted."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            submodules = [f"{child.module}.{alias.name}" for alias in child.names]
            known = [name for name in submodules if name in MODULES]
            yield from known
            if len(known) < len(submodules):
                yield child.module
        yield from imported(child)


def test_no_two_modules_have_the_same_name() -> None:
    files = [name.rpartition(".")[2] for name, path in MODULES.items() if not path.is_dir()]
    assert [name for name, count in Counter(files).items() if count > 1] == []


@pytest.mark.slow
def test_no_module_is_hidden_by_a_function_of_its_package() -> None:
    for name in MODULES:
        parent, _, own = name.rpartition(".")
        importlib.import_module(name)
        assert isinstance(getattr(importlib.import_module(parent), own), ModuleType), name


@pytest.mark.slow
def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        name: {other for other in imported(source(name)) if other in MODULES} - {name}
        for name in MODULES
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)
