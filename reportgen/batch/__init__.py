"""Builds of many agencies' workbooks, incremental and in parallel.

A workbook that cannot be built fails alone; for an unchanged one only its digest is computed.
"""

from reportgen.batch.fingerprint import read_build_options
from reportgen.batch.incremental_build import (
    BatchOptions,
    BatchResult,
    Progress,
    WorkbookRow,
    build_incrementally,
    find_workbooks,
)
from reportgen.batch.tasks import Status

__all__ = [
    "BatchOptions",
    "BatchResult",
    "Progress",
    "Status",
    "WorkbookRow",
    "build_incrementally",
    "find_workbooks",
    "read_build_options",
]
