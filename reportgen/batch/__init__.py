"""Builds of many agencies' workbooks, incremental and in parallel.

A workbook that cannot be built fails alone; for an unchanged one only its digest is computed.
"""

from reportgen.batch.fingerprint import styled
from reportgen.batch.incremental_build import Collected, Progress, Row, Wishes, collect, workbooks
from reportgen.batch.tasks import Stage

__all__ = ["Collected", "Progress", "Row", "Stage", "Wishes", "collect", "styled", "workbooks"]
