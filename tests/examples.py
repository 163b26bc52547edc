"""An example of every problem: one that a test of the program has really met.

``python -m tests.examples [pytest's arguments]`` runs the tests, listens to every problem that is
made, and keeps of each code the clearest in ``problem_examples.json``; codes that it does not meet
keep the example they have. ``docs/problems.md`` prints them, and a test demands one for each code.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import reportgen.problems
from reportgen.problems import CATALOGUE, Location, Problem

FILE = Path(__file__).with_name("problem_examples.json")
_OF_A_TEST = re.compile(r"/\S*pytest-of-[^/]+/pytest-\d+/[^/\s」]+/?")


def examples() -> dict[str, Problem]:
    """Code → a problem that was met."""
    kept = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return {
        code: Problem(code=code, where=Location(**where), fields=tuple(sorted(fields.items())))
        for code, (where, fields) in kept.items()
    }


def keep(problems: dict[str, Problem]) -> None:
    """Write the examples, those of codes that are no more left out."""
    kept = {
        code: (_place(problem.where), dict(problem.fields))
        for code, problem in sorted(problems.items())
        if code in CATALOGUE
    }
    FILE.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _place(where: Location) -> dict[str, Any]:
    names = ("file", "sheet", "cell", "line", "column")
    return {name: value for name in names if (value := getattr(where, name))}


def _plain(problem: Problem) -> Problem:
    """A problem without the folders that a test has made."""
    fields = tuple((name, _OF_A_TEST.sub("", value)) for name, value in problem.fields)
    where = problem.where
    place = Location(
        file=_OF_A_TEST.sub("", where.file),
        sheet=where.sheet,
        cell=where.cell,
        line=where.line,
        column=where.column,
    )
    return Problem(code=problem.code, where=place, fields=fields)


def _unclear(problem: Problem) -> tuple[bool, bool, bool, int]:
    """How ill a problem serves as an example: the least is the clearest."""
    texts = [value for _, value in problem.fields]
    place = problem.where
    return (
        any(not text.strip() for name, text in problem.fields if not name.startswith("hint")),
        problem.code[1] in "12" and not place.cell,
        not (place.file or place.sheet),
        abs(sum(map(len, texts)) - 40),
    )


class _Listener:
    """Stands in for ``make`` and keeps the clearest problem of each code."""

    def __init__(self) -> None:
        self.make = reportgen.problems.make_problem
        self.heard: dict[str, Problem] = {}

    def __call__(self, code: str, where: Location | None = None, /, **fields: object) -> Problem:
        problem = self.make(code, where, **fields)
        plain = _plain(problem)
        known = self.heard.get(code)
        if known is None or (_unclear(plain), repr(plain)) < (_unclear(known), repr(known)):
            self.heard[code] = plain
        return problem


def main() -> int:
    """Listen to the tests; the exit code is theirs."""
    import pytest

    listener = _Listener()
    reportgen.problems.make_problem = listener
    without = ["--deselect", "tests/problems/test_catalogue.py", "-p", "no:cacheprovider"]
    code = pytest.main([*without, *sys.argv[1:]])
    keep(examples() | listener.heard)
    lacking = sorted(set(CATALOGUE) - set(examples()))
    print("without an example:", ", ".join(lacking) or "none")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
