"""The pipeline: workbook → scorecard → document → HTML → PDF and Word.

It only composes the stages. Nothing is written before every stage has completed without an error.
"""

from reportgen.pipeline.build_edition import (
    CheckedWorkbook,
    WorkbookReading,
    build,
    build_checked,
    check_to_build,
    render_edition,
)
from reportgen.pipeline.build_result import (
    BuildOutput,
    BuildResult,
    BuildSource,
    WrittenBuild,
    write_build,
)
from reportgen.pipeline.compare_editions import compare_workbooks, render_comparison
from reportgen.pipeline.exit_codes import exit_code
from reportgen.pipeline.ods_conversion import convert_all_to_ods, convert_to_ods
from reportgen.pipeline.settings import Settings
from reportgen.pipeline.workbook_check import (
    annotate,
    calculate,
    check_scorecard,
    check_with_results,
    check_workbook,
)

__all__ = [
    "BuildOutput",
    "BuildResult",
    "BuildSource",
    "CheckedWorkbook",
    "Settings",
    "WorkbookReading",
    "WrittenBuild",
    "annotate",
    "build",
    "build_checked",
    "calculate",
    "check_scorecard",
    "check_to_build",
    "check_with_results",
    "check_workbook",
    "compare_workbooks",
    "convert_all_to_ods",
    "convert_to_ods",
    "exit_code",
    "render_comparison",
    "render_edition",
    "write_build",
]
