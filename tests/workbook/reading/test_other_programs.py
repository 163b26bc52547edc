"""What other programs write of the samples reads to the same figures: factories/programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.problems import Severity
from reportgen.workbook import read_bytes
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.programs.content import contents
from tests.factories.programs.make import FILES, HERE, manifest
from tests.factories.samples import SAMPLES
from tests.workbook.reading.test_excel_habits import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

ENTRIES = {entry["file"]: entry for entry in manifest()}
FORMULAS = 137  # of the first sample laid out with formulas


def those(*, reads: bool) -> list[Any]:
    """The files of a kind; what is known to go wrong must go wrong until the manifest says so."""
    return [
        pytest.param(
            name,
            marks=[pytest.mark.xfail(reason=entry["finding"], raises=AssertionError)]
            if "finding" in entry
            else [],
        )
        for name, entry in ENTRIES.items()
        if entry["reads"] is reads and not name.endswith(".fods")
    ]


@cache
def sample(name: str) -> tuple[Scorecard, Counter[str]]:
    """A sample without its pictures, and its own warnings."""
    module = SAMPLES[name.split(" ", maxsplit=1)[0]]
    target = BytesIO()
    write_rows(contents()[name], target, modified=module.REVISED, years=module.YEARS)
    card, problems = read_bytes(target.getvalue())
    assert card is not None
    return replace(card, pictures=()), told(problems)


def told(problems: Iterable[Problem]) -> Counter[str]:
    """The codes of all problems but notices."""
    return Counter(each.code for each in problems if each.severity is not Severity.NOTICE)


@pytest.mark.parametrize("name", those(reads=True))
def test_another_programs_workbook_reads_to_the_same_figures(name: str) -> None:
    expected, own = sample(ENTRIES[name]["sample"])
    card, problems = read_bytes((FILES / name).read_bytes(), file=name)
    assert card is not None, problems
    assert words(card) == words(expected)
    warned = told(problems)
    warned.pop("W163", None)  # a 0 that the program may not have calculated
    assert warned == own


@pytest.mark.parametrize("name", those(reads=False))
def test_what_a_file_does_not_say_is_reported(name: str) -> None:
    _, own = sample(ENTRIES[name]["sample"])
    _, problems = read_bytes((FILES / name).read_bytes(), file=name)
    found = told(problems) - own
    if ENTRIES[name]["told"] == "any":  # a warning or an error, as the reader sees fit
        assert found
    else:
        assert found == {ENTRIES[name]["told"]: FORMULAS}


def test_a_flat_open_document_is_named_with_its_remedy() -> None:
    name = "libreoffice-flat.fods"
    card, (problem,) = read_bytes((FILES / name).read_bytes(), file=name)
    assert card is None
    assert problem.code == ENTRIES[name]["told"] == "E130"
    assert "a flat OpenDocument spreadsheet (.fods)" in problem.message("en")
    assert "另存新檔" in problem.fix()


def test_the_manifest_tells_of_every_file_once() -> None:
    assert sorted(ENTRIES) == sorted(path.name for path in FILES.iterdir())
    assert len(ENTRIES) == len(manifest()) >= 60
    assert {entry["sample"] for entry in ENTRIES.values()} == set(contents())
    assert all((HERE / entry["script"]).is_file() for entry in ENTRIES.values())
    readme = (HERE / "README.md").read_text("utf-8")
    programs = {(entry["program"], entry["version"]) for entry in ENTRIES.values()}
    assert [each for each in sorted(programs) if f"{each[0]} {each[1]}" not in readme] == []


def test_the_corpus_stays_small() -> None:
    assert sum(path.stat().st_size for path in FILES.iterdir()) < 2_000_000
