"""The original document, an invented edition before it, and an invented agency.

``python -m tests.factories.samples`` writes their workbooks into ``inputs/``.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from reportgen.workbook import read_bytes
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import earlier_edition, second_agency, teachers_center

if TYPE_CHECKING:
    from types import ModuleType

    from reportgen.model.scorecard import Scorecard

SAMPLES: dict[str, ModuleType] = {
    sample.REVISED.edition: sample for sample in (earlier_edition, teachers_center, second_agency)
}


@cache
def workbook(sample: ModuleType) -> bytes:
    """The workbook of a sample."""
    target = BytesIO()
    write_rows(
        sample.rows(),
        target,
        modified=sample.REVISED,
        years=sample.YEARS,
        pictures=getattr(sample, "PICTURES", ()),
    )
    return target.getvalue()


@cache
def scorecard(sample: ModuleType) -> Scorecard:
    """The scorecard of a sample, with the cells that the writer chose."""
    found, problems = read_bytes(workbook(sample))
    if found is None:
        raise ValueError("\n".join(problem.line("en") for problem in problems))
    return found
