"""What `make coverage` demands of the figures that coverage measures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.coverage_report import PARTS, ROOT, shortfalls

FORMULA, COMPARE = "reportgen/formula/parser.py", "reportgen/compare/matching.py"
OTHER, WEB = "reportgen/compute/targets.py", "reportgen/web/app.py"
ARCHIVE = "reportgen/archive/log.py"


def report(percent: float, **missing: Any) -> dict[str, Any]:
    """What ``coverage json`` writes of files that are covered but for ``missing``."""
    complete: dict[str, list[Any]] = {"missing_lines": [], "missing_branches": []}
    files = dict.fromkeys((FORMULA, COMPARE, OTHER, ARCHIVE), complete)
    files |= {WEB: {"missing_lines": [9], "missing_branches": []}}
    return {"totals": {"percent_covered": percent}, "files": files | missing.get("files", {})}


@pytest.mark.parametrize(
    ("percent", "parts", "lines"),
    [
        (95.0, (), []),
        (94.99, (), ["reportgen: 94.99 % of 95 %"]),
        (94.99, ("formula",), []),  # the rest of the package was not run
    ],
)
def test_the_whole_package(percent: float, parts: tuple[str, ...], lines: list[str]) -> None:
    assert list(shortfalls(report(percent), parts)) == lines


@pytest.mark.parametrize("parts", [(), ("formula",), ("compare", "formula")])
def test_each_line_and_branch_of_a_part(parts: tuple[str, ...]) -> None:
    gaps = {"missing_lines": [7], "missing_branches": [[3, 5], [8, -2]]}
    found = report(99, files={FORMULA: gaps})
    assert list(shortfalls(found, parts)) == [f"{FORMULA}: 7, 3->5, 8->exit"]
    assert list(shortfalls(found, ("compare",))) == []


def test_a_part_that_was_not_measured_falls_short() -> None:
    found = report(99)
    del found["files"][FORMULA]
    assert list(shortfalls(found)) == ["reportgen/formula/: not measured"]


def test_the_parts_are_there() -> None:
    for part in PARTS.values():
        assert (ROOT / part.modules).is_dir()
        assert all((ROOT / folder).is_dir() for folder in part.tests)
