"""Write the sample workbooks into ``inputs/``."""

from __future__ import annotations

from pathlib import Path

from tests.factories.samples import SAMPLES, workbook, yearly_review
from tests.factories.samples.shared_parts import shared_sample

INPUTS = Path(__file__).parents[3] / "inputs"

if __name__ == "__main__":
    INPUTS.mkdir(exist_ok=True)
    for edition, sample in SAMPLES.items():
        (INPUTS / f"{edition}.xlsx").write_bytes(workbook(sample))
    review = INPUTS / f"review/{yearly_review.REVISED.edition}.xlsx"
    review.parent.mkdir(exist_ok=True)
    review.write_bytes(workbook(yearly_review))
    for path, content in shared_sample().files(INPUTS).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
