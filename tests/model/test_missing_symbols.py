"""One place knows the symbols for missing figures: a fifth is added to a copy of the program."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from reportgen.model.missing_symbols import BY_RANK, SYMBOLS, MissingReason, find_reason
from tests.conftest import ROOT
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "reportgen/model/missing_symbols.py"
BEFORE = "    MEANINGLESS = Symbol("
FIFTH = """\
    CONFIDENTIAL = Symbol(
        text="◎",
        spellings=("◎", "（◎）"),
        rank=4,
        meaning="不予統計",
        meaning_en="confidential",
        finding="不公開",
    )
"""


def test_symbols_and_their_spellings_are_unambiguous() -> None:
    assert [reason.value.rank for reason in BY_RANK] == list(range(len(MissingReason)))
    for reason in SYMBOLS:
        assert reason.symbol in reason.value.spellings
        assert {find_reason(spelling) for spelling in reason.value.spellings} == {reason}


@pytest.mark.slow
def test_no_other_module_spells_a_symbol_in_a_text() -> None:
    symbols = "|".join(re.escape(reason.symbol) for reason in SYMBOLS)
    spelled = re.compile(rf"填 ?({symbols})[，。]|「({symbols})」|“({symbols})”|⋯|\.{{6}}")
    found = []
    for path in (ROOT / "reportgen").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        found += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and node not in docstrings
            and path != ROOT / MODULE
            and isinstance(node.value, str)
            and spelled.search(node.value)
        ]
    assert found == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with a fifth symbol."""
    folder = tmp_path_factory.mktemp("program")
    for name in ("reportgen", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    _put(folder, FIFTH)
    return folder


def _put(folder: Path, member: str) -> int:
    """Write the module with one more member; return the line of the member."""
    text = (ROOT / MODULE).read_text("utf-8")
    before, after = text.split(BEFORE)
    (folder / MODULE).write_text(f"{before}{member}{BEFORE}{after}", "utf-8")
    return before.count("\n") + 1


def _run(folder: Path, *command: str) -> str:
    """Return what a module of Python prints within the copy, whatever its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.slow
def test_types_find_a_forgotten_decision_where_the_symbol_is_defined(copy: Path) -> None:
    check = ("mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml"), "reportgen")
    if (known := ROOT / ".mypy_cache").is_dir():  # what `mypy` found of the same modules
        shutil.copytree(known, copy / known.name, dirs_exist_ok=True)
    assert "Success" in _run(copy, *check)  # all other modules derive what they need
    line = _put(copy, re.sub(r" +(rank|finding)=.*\n", "", FIFTH))
    errors = [each for each in _run(copy, *check).splitlines() if "error:" in each]
    _put(copy, FIFTH)
    assert [error.partition("  [")[0] for error in errors] == [
        f'{MODULE}:{line}: error: Missing named argument "{field}" for "Symbol"'
        for field in ("rank", "finding")
    ]


@pytest.mark.slow
def test_the_symbol_is_read_and_printed_in_every_place(copy: Path) -> None:
    book = copy / "book.xlsx"
    book.write_bytes(with_cells(("年度資料", "F5", "(◎)")))
    _run(copy, "reportgen", "build", book.name, "--document", "results", "--format", "html")
    made = {path.suffix: path for path in copy.glob("output/*/*")}
    results = made[".json"].read_text("utf-8")
    assert '"missing": "◎"' in results
    printed = re.sub(r"<[^>]*>", "", made[".html"].read_text("utf-8"))
    assert "（◎）" in printed  # among the figures of the formula
    assert "不公開：「年度資料」F5" in printed
    assert "◎" in _texts(made[".xlsx"], "數值來源")

    _run(copy, "reportgen", "compare", str(ROOT / "inputs/105-06-30.xlsx"), book.name)
    assert any("◎" in path.read_text("utf-8") for path in copy.glob("output/*/*對照表*.json"))

    _run(copy, "reportgen", "new", book.name, "--refresh")
    assert _texts(book, "年度資料").count("◎") == 1
    assert "不予統計填「◎」" in "".join(_texts(book, "年度資料"))
    assert {"◎", "（◎）"} <= set(_texts(book, "清單"))
    assert "不予統計" in _texts(book, "填寫說明")
    assert any('"◎"' in text for text in _texts(book, "試算"))
    rules = load_workbook(book)["年度資料"].data_validations.dataValidation
    assert any('="◎"' in (rule.formula1 or "") and "◎" in rule.error for rule in rules)


def _texts(book: Path, sheet: str) -> list[str]:
    return [
        cell
        for row in load_workbook(book)[sheet].iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, str)
    ]
