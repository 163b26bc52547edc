"""Many agencies at once: every workbook of a folder, as fast as the machine allows.

A workbook that cannot be made costs its own row and nothing else; one that has not changed since
the last time costs its digest.
"""

from reportgen.batch.fingerprint import styled
from reportgen.batch.incremental_build import Collected, Progress, Row, Wishes, collect, workbooks
from reportgen.batch.tasks import Stage

__all__ = ["Collected", "Progress", "Row", "Stage", "Wishes", "collect", "styled", "workbooks"]
