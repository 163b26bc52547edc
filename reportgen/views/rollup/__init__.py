"""RollUp → the strings and picture sizes that the 彙整 document prints.

The document is read by those who decide, so it stays some tens of pages however many agencies
there are: what is long is cut to what matters, and says how much more stands in 彙整.xlsx.
"""

from reportgen.views.rollup.rollup_document_view import RollUpView, rollup_view
from reportgen.views.rollup.wording import ROLLUP_SHEET_NAME

__all__ = ["ROLLUP_SHEET_NAME", "RollUpView", "rollup_view"]
