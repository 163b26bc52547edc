"""The formulas that others wrote, with the figure that an officer expects, and the traps.

``python -m tests.formula.test_collections`` counts them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from reportgen.formula import FigureCell, Vocabulary, YearFigures, evaluate, parse_formula
from reportgen.formula.rounding import figure_text
from reportgen.model.scorecard import CellRef, Known
from reportgen.text.name_matching import name_key

FOLDER: Final = Path(__file__).parents[1] / "factories/formulas"
YEAR: Final = 105
# How many of each collection must be right.
LEAST: Final = {
    "public": Fraction(66, 69),
    "collection": Fraction(95, 100),
    "adversarial": Fraction(95, 100),
    "blind": Fraction(93, 100),
    "published": Fraction(89, 100),
}
# The entries of adversarial.json that are not read as they should be, and why.
KNOWN: Final[dict[str, str]] = {
    "T077": "×100% with 單位：場 is warned of where the results are checked (W230)",
    "T173": "a note of another year is warned of where the data year is known (W231)",
    "U052": "refused: the row's own unit in a bracket, where it is no usual one: (kWh)",
}

Entry = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the program says to an entry: the figure as printed, or None, and its codes."""

    shown: str | None
    codes: tuple[str, ...]
    places: int | None

    @property
    def is_doubted(self) -> bool:
        """Whether an error or a warning was given."""
        return any(code[0] in "EW" for code in self.codes)


def entries(name: str) -> list[Entry]:
    """Return the entries of a collection."""
    read: list[Entry] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


def _rows(entry: Entry) -> list[tuple[str, str, str, Fraction]]:
    """Return 資料項, 組成, unit and value of each row of an entry."""
    rows = []
    for item, figure in entry.get("figures", {}).items():
        value = Fraction(figure["value"])
        if entry["id"][0] in "RP" and figure["unit"] == "%":  # written there as ratios
            value *= 100
        rows.append((item, "", figure["unit"], value))
    for item, parts in entry.get("components", {}).items():
        for component, part in parts.items():
            value = Fraction(part["value"] if isinstance(part, dict) else part)
            rows.append((item, component, "", value))
    return rows


def answer(entry: Entry) -> Answer:
    """Return what the program says to an entry."""
    rows = _rows(entry)
    now: dict[tuple[str, str], FigureCell] = {}
    before: dict[tuple[str, str], FigureCell] = {}
    last: dict[str, str] = entry.get("last_year", {})
    for line, (item, component, unit, value) in enumerate(rows, start=2):
        at = CellRef(sheet="年度資料", cell=f"E{line}")
        where = (name_key(item), name_key(component))
        now[where] = FigureCell(value=Known(value=value), unit=unit, at=at)
        if item in last and not component:
            before[where] = FigureCell(value=Known(value=Fraction(last[item])), unit=unit, at=at)
    names = tuple(dict.fromkeys(item for item, *_ in rows))
    vocabulary = Vocabulary.of((item, component) for item, component, *_ in rows)
    formula, problems = parse_formula(
        entry["formula"], vocabulary=vocabulary.for_kpi(entry.get("kpi", ""), "X1")
    )
    codes = tuple(problem.code for problem in problems)
    if formula is None:
        return Answer(None, codes, None)
    places = formula.places
    if formula.tells_verdict:  # the unit is 達成與否: what is compared with the target
        formula = replace(formula, unit=None)
    year_before = YearFigures(year=YEAR - 1, names=names, rows=before)
    figures = YearFigures(year=YEAR, names=names, rows=now, before=year_before)
    outcome = evaluate(formula, figures, names=names)
    codes += tuple(problem.code for problem in outcome.problems)
    if not isinstance(outcome.value, Known):
        return Answer(None, codes, places)
    per = outcome.unit.per if outcome.unit else 1
    return Answer(figure_text(outcome.value.value * per, 2, grouped=False), codes, places)


@cache
def answers(name: str) -> tuple[tuple[Entry, Answer], ...]:
    """Return the entries of a collection with the program's answers."""
    return tuple((entry, answer(entry)) for entry in entries(name))


def is_right(entry: Entry, given: Answer) -> bool:
    """Return whether an answer is what the entry asks for.

    A trap with ``must`` "refuse" gets no figure. One with "warn" gets the figure that is
    expected, where there is one, or an error or a warning.
    """
    must = entry.get("must")
    if must is None or "expected_shown" in entry:
        is_expected = given.shown == entry["expected_shown"]
        return is_expected or (must == "warn" and given.is_doubted)
    return given.shown is None or (must == "warn" and given.is_doubted)


def test_the_collections_have_ids_of_their_own() -> None:
    ids = [entry["id"] for name in LEAST for entry in entries(name)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", LEAST)
def test_nearly_all_formulas_give_the_figure_that_an_officer_expects(name: str) -> None:
    given = [(entry, found) for entry, found in answers(name) if "must" not in entry]
    wrong = [entry["id"] for entry, found in given if not is_right(entry, found)]
    assert Fraction(len(given) - len(wrong), len(given)) >= LEAST[name], wrong


@pytest.mark.parametrize("name", LEAST)
def test_no_figure_is_wrong_in_silence(name: str) -> None:
    silent = {
        entry["id"]: (entry["formula"], found.shown)
        for entry, found in answers(name)
        if not is_right(entry, found) and found.shown is not None and not found.is_doubted
    }
    assert not {each: why for each, why in silent.items() if each not in KNOWN}


def test_every_trap_is_refused_or_warned_of_and_every_formula_read() -> None:
    wrong = {
        entry["id"]: (entry["formula"], found.shown, found.codes)
        for entry, found in answers("adversarial")
        if not is_right(entry, found)
    }
    assert not {each: why for each, why in wrong.items() if each not in KNOWN}
    mended = sorted(KNOWN.keys() - wrong.keys())
    assert not mended, f"take these out of KNOWN: {mended}"


def test_decimal_places_in_words_are_read() -> None:
    stated = [(entry, found) for entry, found in answers("adversarial") if "places" in entry]
    assert stated
    assert not [entry["id"] for entry, found in stated if found.places != entry["places"]]


def main() -> None:
    """Print how many entries of each collection are answered rightly."""
    for name in LEAST:
        met = [entry["id"] for entry, found in answers(name) if is_right(entry, found)]
        silent = [
            entry["id"]
            for entry, found in answers(name)
            if not is_right(entry, found) and found.shown is not None and not found.is_doubted
        ]
        print(f"{name}: {len(met)} of {len(answers(name))}, wrong without a word: {silent}")


if __name__ == "__main__":
    main()
