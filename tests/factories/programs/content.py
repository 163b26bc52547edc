"""What the corpus is made of: the samples' rows, and the rows of one more with percentages."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tests.factories.samples import second_agency, teachers_center

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.workbook.writing.scorecard_rows import Row, Rows

RATES = "105-12-25 with rates"
_RATES: tuple[Row, ...] = (
    {
        "資料項": "學員滿意度",
        "單位": "%",
        103: Fraction(925, 10),
        104: Fraction(93),
        105: Fraction(9425, 100),
        "資料來源": "範例",
    },
    {
        "資料項": "逾期案件占比",
        "單位": "%",
        103: Fraction(125, 100),
        104: Fraction(0),
        105: Fraction(105),
        "資料來源": "範例",
    },
)


def contents() -> Mapping[str, Rows]:
    """Return the rows that every workbook of the corpus must read to, by the sample's name."""
    first = teachers_center.rows()
    return {
        "105-12-25": first,
        "112-06-30": second_agency.rows(),
        RATES: {**first, "年度資料": (*first["年度資料"], *_RATES)},
    }
