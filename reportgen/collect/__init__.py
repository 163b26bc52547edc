"""Many agencies at once: every workbook of a folder, as fast as the machine allows.

A workbook that cannot be made costs its own row and nothing else; one that has not changed since
the last time costs its digest.
"""

from reportgen.collect.gather import Collected, Progress, Row, Wishes, collect, workbooks
from reportgen.collect.ground import styled
from reportgen.collect.orders import Stage

__all__ = ["Collected", "Progress", "Row", "Stage", "Wishes", "collect", "styled", "workbooks"]
