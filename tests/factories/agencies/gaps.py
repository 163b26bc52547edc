"""What is missing in life: a year not surveyed, a figure that comes later, a draft half filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.model.scorecard import DataStatus

if TYPE_CHECKING:
    from random import Random

    from reportgen.workbook.writing.scorecard_rows import Content

_DRAFTS = (8, 30, 60, 100)  # of 100 rows, how many have no figure of the last year yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """How complete an agency's figures are."""

    years: tuple[int, ...]  # the columns
    data_year: int
    status: DataStatus
    open_rows: int  # of 100, in a draft

    def row(self, values: dict[int, Content], chance: Random) -> tuple[dict[int, Content], str]:
        """The figures of a row, some of them missing, and a remark about it."""
        shown = {year: values[year] for year in self.years}
        if chance.randrange(100) < self.open_rows:
            shown[self.data_year] = None
        kind = chance.randrange(100)
        early = [year for year in self.years if year != self.data_year]
        if kind < 4 and early:
            first = chance.randrange(1, len(early) + 1)
            shown |= dict.fromkeys(early[:first], "…")
            return shown, f"{self.years[first]}年起統計"
        if kind < 6 and early:
            shown[chance.choice(early)] = chance.choice((None, "-", "…"))
        if kind == 6:
            shown[self.data_year] = "…"
            return shown, "主管機關尚未公布"
        if kind == 7:
            shown[self.data_year] = "-"
            return shown, "本年度未辦理"
        return shown, ""


def drawn(chance: Random, data_year: int) -> Gaps:
    """Any agency's: 3-6 years up to the data year, seldom without one of them."""
    count = chance.choices((3, 4, 5, 6), (45, 25, 20, 10))[0]
    years = list(range(data_year - count + 1, data_year + 1))
    if count > 3 and chance.random() < 0.06:
        del years[chance.randrange(1, count - 1)]
    status = chance.choices(tuple(DataStatus), (6, 22, 72))[0]
    is_draft = status is DataStatus.DRAFT
    return Gaps(
        years=tuple(years),
        data_year=data_year,
        status=status,
        open_rows=chance.choice(_DRAFTS) if is_draft else 0,
    )
