"""The pipeline: workbook → scorecard → document → HTML → PDF and Word.

Only composes the stages. Nothing is written before every stage has completed without an error.
"""

from reportgen.pipeline.build_edition import (
    Examined,
    Reading,
    build,
    examine_to_produce,
    produce,
    produce_examined,
)
from reportgen.pipeline.build_result import Built, Finished, Made, Source, write
from reportgen.pipeline.check_workbook import annotate, calculate, check, examine, examine_read
from reportgen.pipeline.compare_editions import compare, produce_comparison
from reportgen.pipeline.exit_codes import exit_code
from reportgen.pipeline.ods_conversion import as_ods
from reportgen.pipeline.settings import Settings

__all__ = [
    "Built",
    "Examined",
    "Finished",
    "Made",
    "Reading",
    "Settings",
    "Source",
    "annotate",
    "as_ods",
    "build",
    "calculate",
    "check",
    "compare",
    "examine",
    "examine_read",
    "examine_to_produce",
    "exit_code",
    "produce",
    "produce_comparison",
    "produce_examined",
    "write",
]
