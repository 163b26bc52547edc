"""A column that is added to a view cannot be printed without its glyph check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen import documents
from reportgen.model.scorecard import CellRef, Text
from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.fonts.glyph_coverage import glyph_problems
from reportgen.views.scorecard_view import KpiView, ScorecardView, scorecard_view
from tests.factories.workbooks import read_scorecard, sample_bytes

if TYPE_CHECKING:
    import pytest

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

OWNER = "企劃組\U00030000\n第二股"  # of a character that no font has
CELL = CellRef(sheet="關鍵績效指標", cell="J5")


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiWithOwner(KpiView):
    """A row of the scorecard with the new column."""

    owner: str


def with_owners(card: Scorecard) -> ScorecardView:
    """The scorecard's view with the new column, its lines put together."""
    owners = {kpi.code: " ".join(kpi.owner.text.split("\n")) for kpi in card.kpis}
    view = scorecard_view(card)
    pages = tuple(
        replace(
            page,
            objectives=tuple(
                replace(
                    objective,
                    kpis=tuple(
                        KpiWithOwner(
                            code=kpi.code,
                            name=kpi.name,
                            formula=kpi.formula,
                            owner=owners[kpi.code],
                        )
                        for kpi in objective.kpis
                    ),
                )
                for objective in page.objectives
            ),
        )
        for page in view.pages
    )
    return replace(view, pages=pages)


def problems_of(card: Scorecard) -> list[Problem]:
    made, _ = documents.edition_document(documents.SCORECARD, card)
    fonts = FontSet(find_fonts(font_folders())[0])
    problems = glyph_problems(made.texts, fonts)
    assert problems == glyph_problems(documents.scorecard_texts(card), fonts)  # as check does
    return list(problems)


def test_a_new_column_is_checked_with_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    card = read_scorecard(sample_bytes())
    owner = Text(text=OWNER, at=CELL)
    card = replace(card, kpis=(replace(card.kpis[0], owner=owner), *card.kpis[1:]))
    before = problems_of(card)
    assert not [problem for problem in before if problem.code == "E119"]  # not printed

    monkeypatch.setattr("reportgen.views.scorecard_view.scorecard_view", with_owners)
    [problem] = [problem for problem in problems_of(card) if problem not in before]
    assert (problem.code, problem.where.sheet, problem.where.cell) == ("E119", "關鍵績效指標", "J5")
