"""Many agencies' results → one roll-up: who stands where, who is missing, what serves what.

::

    rolled, problems = roll_up([Handed(workbook="甲/112-06-30.xlsx", results=results)], roster)
    rolled.tally.share, rolled.rankings[0].ranked[0].standing.agency.name

Every figure is that of the agency's own :class:`~reportgen.results.Results`, exact and as it is
shown there. Rules are stated where they are followed: :mod:`~reportgen.rollup.agencies` (which
workbook counts), :mod:`~reportgen.rollup.perspectives`, :mod:`~reportgen.rollup.ranking`,
:mod:`~reportgen.rollup.cascade`.
"""

from __future__ import annotations

from reportgen.rollup.agencies import Agency, State
from reportgen.rollup.handed import Expected, Handed
from reportgen.rollup.standing import Stand, Standing
from reportgen.rollup.whole import RollUp, roll_up

__all__ = ["Agency", "Expected", "Handed", "RollUp", "Stand", "Standing", "State", "roll_up"]
