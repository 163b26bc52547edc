"""Many agencies at once: every workbook of a folder, as fast as the machine allows.

A workbook that cannot be made costs its own row and nothing else; one that has not changed since
the last time costs its digest.
"""

from reportgen.collect.gather import Collected, Row, Wishes, collect
from reportgen.collect.orders import Stage

__all__ = ["Collected", "Row", "Stage", "Wishes", "collect"]
